// One vehicle of the scope, found by a part of its plate.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { plateAsPrinted } from '../../../services/domain/vehicle.ts'
import { call } from '../../kit/api/session.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { useText } from '../texts.ts'

type Chosen = { vehicleId: number; plate: string }

export function VehicleChoice({
  label,
  value,
  onChange,
}: {
  label: string
  value: Chosen | null
  onChange: (chosen: Chosen | null) => void
}) {
  const { t } = useText()
  const [typed, setTyped] = useState('')
  const q = useSettled(typed.trim().replaceAll('·', ''), 250)
  const { data, isFetching } = useQuery({
    queryKey: ['vehicles', 'choice', q],
    enabled: q.length >= 2,
    queryFn: ({ signal }) => call('listVehicles', { query: { q, limit: 20 }, signal }),
  })
  const found: Chosen[] = q.length >= 2 ? (data?.rows ?? []).filter((row) => row.seen === 'whole') : []
  const options = [...(value && !found.some((row) => row.vehicleId === value.vehicleId) ? [value] : []), ...found]
  return (
    <Select
      aria-label={label}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      placeholder={t('driver.vehicleSearch')}
      notFoundContent={null}
      value={value?.vehicleId}
      options={options.map((row) => ({ value: row.vehicleId, label: plateAsPrinted(row.plate) }))}
      onChange={(id: number | undefined) => {
        const row = options.find((each) => each.vehicleId === id)
        onChange(row ? { vehicleId: row.vehicleId, plate: row.plate } : null)
      }}
    />
  )
}
