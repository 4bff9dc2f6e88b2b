// What is seldom needed, folded; open where something in it is missing.
import { useEffect, useId, useState } from 'react'
import { useText } from '../texts.ts'
import type { BookForm } from './bookForm.ts'

type Props = {
  form: BookForm
  set: (changes: Partial<BookForm>) => void
  ratifyWithinH: number
  contactMissing: string | null
  /** An emergency stays one, and nothing becomes one. */
  kindIsFixed: boolean
}

const fields = [
  { name: 'contactName', most: 40, type: 'text' },
  { name: 'contactPhone', most: 20, type: 'tel' },
  { name: 'via', most: 400, type: 'text' },
  { name: 'travellers', most: 200, type: 'text' },
  { name: 'note', most: 200, type: 'text' },
] as const

export function MoreFields({ form, set, ratifyWithinH, contactMissing, kindIsFixed }: Props) {
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
