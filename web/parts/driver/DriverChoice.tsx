// One driver of the scope, found by a part of the name.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { useText } from './texts.ts'

type Chosen = { driverId: number; name: string }

export function DriverChoice({
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
  const q = useSettled(typed.trim(), 250)
  const { data, isFetching } = useQuery({
    queryKey: ['drivers', 'choice', q],
    queryFn: ({ signal }) => call('listDrivers', { query: { ...(q === '' ? {} : { q }), limit: 20 }, signal }),
  })
  const found: Chosen[] = data?.rows ?? []
  const options = [...(value && !found.some((row) => row.driverId === value.driverId) ? [value] : []), ...found]
  return (
    <Select
      aria-label={label}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      placeholder={t('driver.choose')}
      notFoundContent={null}
      value={value?.driverId}
      options={options.map((row) => ({ value: row.driverId, label: row.name }))}
      onChange={(driverId) => onChange(options.find((row) => row.driverId === driverId) ?? null)}
    />
  )
}
