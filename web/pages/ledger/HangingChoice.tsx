// What a vehicle's file hangs on: its parking place and designated suppliers, found by name or pinyin among those that hold here.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import type { SupplierKind } from '../../../services/domain/places.ts'
import { call } from '../../kit/api/session.ts'
import { useSettled } from '../../kit/useSettled.ts'

/** Which services a supplier of this field must offer; the parking place is none. */
const offers = {
  parkingPlaceId: null,
  fuelSupplierId: ['fuel', 'charging'],
  repairSupplierId: ['repair'],
  insuranceSupplierId: ['insurance'],
} as const satisfies Record<string, readonly SupplierKind[] | null>
export type HangingField = keyof typeof offers
export const hangingFields = Object.keys(offers) as HangingField[]

type Option = { value: number; label: string }

async function listOptions(field: HangingField, q: string, signal: AbortSignal): Promise<Option[]> {
  const query = { q: q || undefined, limit: 50 }
  const kinds: readonly SupplierKind[] | null = offers[field]
  if (kinds === null) {
    const { rows } = await call('listPlaces', { query, signal })
    return rows.map(({ placeId, name }) => ({ value: placeId, label: name }))
  }
  const { rows } = await call('listSuppliers', { query, signal })
  return rows
    .filter((row) => kinds.some((kind) => row.kinds.includes(kind)))
    .map(({ supplierId, name }) => ({ value: supplierId, label: name }))
}

export function HangingChoice({
  field,
  label,
  value,
  known,
  onChange,
}: {
  field: HangingField
  label: string
  value: number | null
  /** What stands in the file: its name is known before anything is searched. */
  known: Option | undefined
  onChange: (next: number | null) => void
}) {
  const [typed, setTyped] = useState('')
  const q = useSettled(typed.trim(), 250)
  const { data, isFetching } = useQuery({
    queryKey: ['hanging', field, q],
    queryFn: ({ signal }) => listOptions(field, q, signal),
  })
  const found = data ?? []
  const options = known && !found.some((option) => option.value === known.value) ? [known, ...found] : found
  return (
    <Select
      aria-label={label}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      notFoundContent={null}
      value={value ?? undefined}
      options={options}
      onChange={(next: number | undefined) => onChange(next ?? null)}
    />
  )
}
