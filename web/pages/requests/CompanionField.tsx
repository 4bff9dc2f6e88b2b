// Colleagues of the unit that travels who have an account: they follow the vehicle.
import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { useText } from './texts.ts'

type Person = { accountId: number; name: string }
type Props = { value: Person[]; organisationId: number | undefined; onChange: (value: Person[]) => void }

export function CompanionField({ value, organisationId, onChange }: Props) {
  const { t } = useText()
  const [q, setQ] = useState('')
  const asked = useSettled(q.trim(), 250)
  const found = useQuery({
    queryKey: ['colleagues', organisationId, asked],
    queryFn: ({ signal }) => call('listColleagues', { query: { q: asked || undefined, organisationId, most: 20 }, signal }),
  }).data
  const known = new Map([...value, ...(found?.rows ?? [])].map((person) => [person.accountId, person]))
  return (
    <Select
      mode="multiple"
      value={value.map(({ accountId }) => accountId)}
      filterOption={false}
      onSearch={setQ}
      onChange={(ids: number[]) => onChange(ids.map((accountId) => known.get(accountId)!))}
      options={[...known.values()].map(({ accountId, name }) => ({ value: accountId, label: name }))}
      placeholder={t('requests.companionsHint')}
    />
  )
}
