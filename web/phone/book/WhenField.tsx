// When: by a touch, with the hours that it means; or to the minute.
import { useId, useState } from 'react'
import { formatClock, fromWallClock, toWallClock } from '../../kit/format/time.ts'
import { spanInWords, whenChoices } from '../../parts/trip/when.ts'
import { useText } from '../texts.ts'
import { Chips } from '../ui/Chips.tsx'
import type { BookForm } from './bookForm.ts'

const HOUR_MS = 3_600_000
const iso = (ms: number) => new Date(ms).toISOString()

export function WhenField({ form, set }: { form: BookForm; set: (changes: Partial<BookForm>) => void }) {
  const { t, locale } = useText()
  const id = useId()
  const [nowMs] = useState(() => Date.now())
  const choices = whenChoices(nowMs)
  const choose = (when: NonNullable<BookForm['when']>) => {
    const choice = whenChoices(Date.now()).find(({ name }) => name === when)
    if (choice) set({ when, startsAt: iso(choice.startsAtMs), endsAt: iso(choice.endsAtMs) })
    else {
      const start = form.startsAt ? Date.parse(form.startsAt) : whenChoices(Date.now())[0]!.startsAtMs + HOUR_MS
      set({ when: 'pick', startsAt: iso(start), endsAt: form.endsAt || iso(start + 3 * HOUR_MS) })
    }
  }
  const read = (name: 'startsAt' | 'endsAt', text: string) => {
    const ms = fromWallClock(text)
    if (ms === undefined) return
    // Whoever puts off the departure puts off the return.
    const length = Date.parse(form.endsAt) - Date.parse(form.startsAt)
    set(name === 'startsAt' ? { startsAt: iso(ms), endsAt: iso(ms + Math.max(HOUR_MS, length)) } : { endsAt: iso(ms) })
  }
  return (
    <div className="phone-field phone-when">
      <Chips
        legend={t('book.when')}
        options={[
          ...choices.map(({ name, startsAtMs, endsAtMs }) => ({
            value: name,
            text: t(`when.${name}`),
            more: `${formatClock(startsAtMs)}–${formatClock(endsAtMs)}`,
          })),
          { value: 'pick' as const, text: t('when.pick'), more: t('when.pickMore') },
        ]}
        value={form.when}
        onChange={choose}
      />
      {form.when === 'pick' ? (
        <div className="phone-times">
          {(['startsAt', 'endsAt'] as const).map((name) => (
            <div key={name} className="phone-field">
              <label htmlFor={`${id}-${name}`}>{t(`book.${name}`)}</label>
              <input
                id={`${id}-${name}`}
                type="datetime-local"
                value={form[name] && toWallClock(Date.parse(form[name])).slice(0, 16)}
                onChange={(event) => read(name, event.target.value)}
              />
            </div>
          ))}
        </div>
      ) : (
        form.startsAt && <p className="quiet">{spanInWords(form.startsAt, form.endsAt, locale)}</p>
      )}
    </div>
  )
}
