// Colleagues who travel and have an account: looked for by name; they follow the vehicle on their own phones.
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { call } from '../../kit/api/session.ts'
import { useSettled } from '../../kit/useSettled.ts'
import { useText } from '../texts.ts'

type Person = { accountId: number; name: string }
export function Companions({ value, onChange }: { value: readonly Person[]; onChange: (value: Person[]) => void }) {
  const { t } = useText()
  const id = useId()
  const [q, setQ] = useState('')
  const asked = useSettled(q.trim(), 250)
  const found = useQuery({
    queryKey: ['phone', 'colleagues', asked],
    enabled: asked !== '',
    queryFn: () => call('listColleagues', { query: { q: asked, most: 6 } }),
  }).data
  const offered = (q.trim() === '' ? [] : (found?.rows ?? [])).filter(({ accountId }) => !value.some((one) => one.accountId === accountId))
  return (
    <div className="phone-field">
      <label htmlFor={id}>{t('book.companions')}</label>
      {value.length > 0 && (
        <div className="phone-chips">
          {value.map((person) => (
            <button
              key={person.accountId}
              type="button"
              className="phone-chip"
              aria-label={t('book.companionRemove', { name: person.name })}
              onClick={() => onChange(value.filter(({ accountId }) => accountId !== person.accountId))}
            >
              {person.name} ×
            </button>
          ))}
        </div>
      )}
      <input
        id={id}
        maxLength={40}
        autoComplete="off"
        placeholder={t('book.companionSearch')}
        value={q}
        onChange={(event) => setQ(event.target.value)}
      />
      {offered.length > 0 && (
        <div className="phone-chips">
          {offered.map((person) => (
            <button
              key={person.accountId}
              type="button"
              className="phone-chip"
              onClick={() => {
                onChange([...value, person])
                setQ('')
              }}
            >
              {person.name}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}
