// One of the designated suppliers of a kind.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import type { SupplierKind } from '../../../services/domain/places.ts'
import { call } from '../../kit/api/session.ts'

export function SupplierChoice({
  kind,
  label,
  value,
  onChange,
}: {
  kind: SupplierKind
  label: string
  value: number | undefined
  onChange: (supplierId: number | undefined) => void
}) {
  const { data } = useQuery({
    queryKey: ['suppliers', kind],
    queryFn: ({ signal }) => call('listSuppliers', { query: { kind, limit: 200 }, signal }),
  })
  return (
    <Select
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={label}
      value={value}
      options={(data?.rows ?? []).map((row) => ({ value: row.supplierId, label: row.name }))}
      onChange={onChange}
    />
  )
}
