// What is seldom needed, folded; open where something in it is missing.
import { useEffect, useId, useState } from 'react'
import { MOST_OCCURRENCES, recurrenceUnits } from '../../../services/domain/series.ts'
import { useText } from '../texts.ts'
import { Chips } from '../ui/Chips.tsx'
import type { BookForm } from './bookForm.ts'

type Props = {
  form: BookForm
  set: (changes: Partial<BookForm>) => void
  ratifyWithinH: number
  contactMissing: string | null
  /** An emergency stays one, and nothing becomes one. */
  kindIsFixed: boolean
  mayRepeat: boolean
}

const fields = [
  { name: 'contactName', most: 40, type: 'text' },
  { name: 'contactPhone', most: 20, type: 'tel' },
  { name: 'via', most: 400, type: 'text' },
  { name: 'travellers', most: 200, type: 'text' },
  { name: 'note', most: 200, type: 'text' },
] as const

export function MoreFields({ form, set, ratifyWithinH, contactMissing, kindIsFixed, mayRepeat }: Props) {
  const { t } = useText()
  const id = useId()
  // Who has never asked has yet to say how to reach him.
  const [open, setOpen] = useState(form.contactPhone === '')
  useEffect(() => {
    if (contactMissing) setOpen(true)
  }, [contactMissing])
  return (
    <details className="phone-more" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <span>{t('book.more')}</span>
        {!open && (
          <span className="quiet">
            {form.contactName} {form.contactPhone}
          </span>
        )}
      </summary>
      {fields.map(({ name, most, type }) => (
        <div key={name} className="phone-field">
          <label htmlFor={`${id}-${name}`}>{t(`book.${name}`)}</label>
          <input
            id={`${id}-${name}`}
            type={type}
            maxLength={most}
            autoComplete="off"
            value={form[name]}
            onChange={(event) => set({ [name]: event.target.value })}
          />
        </div>
      ))}
      {contactMissing && <p className="error-text">{contactMissing}</p>}
      {mayRepeat && !form.emergency && (
        <>
          <Chips
            legend={t('book.repeats')}
            options={[
              { value: 'none' as const, text: t('book.once') },
              ...recurrenceUnits.map((every) => ({ value: every, text: t(`recurrence.${every}`) })),
            ]}
            value={form.repeats ?? 'none'}
            onChange={(every) => set({ repeats: every === 'none' ? null : every })}
          />
          {form.repeats && (
            <div className="phone-field">
              <label htmlFor={`${id}-times`}>{t('book.times')}</label>
              <input
                id={`${id}-times`}
                type="number"
                inputMode="numeric"
                min={1}
                max={MOST_OCCURRENCES}
                value={form.times}
                onChange={(event) => set({ times: Math.min(MOST_OCCURRENCES, Math.max(1, Math.round(Number(event.target.value)) || 1)) })}
              />
            </div>
          )}
        </>
      )}
      <label className="phone-tick">
        <input type="checkbox" checked={form.withoutDriver} onChange={(event) => set({ withoutDriver: event.target.checked })} />
        <span>{t('book.withoutDriver')}</span>
      </label>
      <label className="phone-tick">
        <input
          type="checkbox"
          checked={form.emergency}
          disabled={kindIsFixed}
          onChange={(event) => set({ emergency: event.target.checked })}
        />
        <span>{t('requestKind.emergency')}</span>
      </label>
      <p className={form.emergency ? 'warn-box' : 'quiet'}>{t('book.emergencyText', { hours: ratifyWithinH })}</p>
    </details>
  )
}
