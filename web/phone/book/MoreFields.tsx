// What is seldom needed, folded; open where something in it is missing.
import { useEffect, useId, useState } from 'react'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import { equipments } from '../../../services/domain/equipment.ts'
import { MOST_OCCURRENCES, recurrenceUnits } from '../../../services/domain/series.ts'
import { useText } from '../texts.ts'
import { Chips } from '../ui/Chips.tsx'
import { type BookForm, knowing, VIA, viaNames } from './bookForm.ts'
import { Companions } from './Companions.tsx'
import { StopInput } from './StopInput.tsx'

type Props = {
  form: BookForm
  set: (changes: Partial<BookForm>) => void
  places: readonly Stop[]
  ratifyWithinH: number
  contactMissing: string | null
  /** An emergency stays one, and nothing becomes one. */
  kindIsFixed: boolean
  mayRepeat: boolean
}

const fields = [
  { name: 'contactName', most: 40, type: 'text' },
  { name: 'contactPhone', most: 20, type: 'tel' },
  { name: 'travellers', most: 200, type: 'text' },
  { name: 'note', most: 200, type: 'text' },
] as const

export function MoreFields({ form, set, places, ratifyWithinH, contactMissing, kindIsFixed, mayRepeat }: Props) {
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
      <ViaFields form={form} set={set} places={places} />
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
      <Companions value={form.companions} onChange={(companions) => set({ companions })} />
      {contactMissing && <p className="error-text">{contactMissing}</p>}
      {mayRepeat && !form.emergency && !form.lease && (
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
      <fieldset className="phone-field">
        <legend>{t('field.equipment')}</legend>
        <div className="phone-chips">
          {equipments.map((one) => (
            <label key={one} className="phone-chip">
              <input
                type="checkbox"
                checked={form.equipment.includes(one)}
                onChange={({ target }) =>
                  set({ equipment: target.checked ? [...form.equipment, one] : form.equipment.filter((each) => each !== one) })
                }
              />
              <span>{t(`equipment.${one}`)}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <label className="phone-tick">
        <input
          type="checkbox"
          checked={form.lease}
          disabled={kindIsFixed || form.emergency}
          onChange={(event) => set({ lease: event.target.checked })}
        />
        <span>{t('book.lease')}</span>
      </label>
      <label className="phone-tick">
        <input
          type="checkbox"
          checked={form.emergency}
          disabled={kindIsFixed}
          onChange={(event) => set({ emergency: event.target.checked, ...(event.target.checked ? { lease: false } : {}) })}
        />
        <span>{t('requestKind.emergency')}</span>
      </label>
      <p className={form.emergency ? 'warn-box' : 'quiet'}>{t('book.emergencyText', { hours: ratifyWithinH })}</p>
    </details>
  )
}

const MOST_VIA = 8

/** Places on the way, one field each; an empty one is none. */
function ViaFields({ form, set, places }: Pick<Props, 'form' | 'set' | 'places'>) {
  const { t } = useText()
  const [adding, setAdding] = useState(false)
  const names = viaNames(form.via)
  // One that is being typed may still be empty.
  const shown = adding || names.length === 0 ? [...names, ''] : names
  const put = (n: number, name: string): string => {
    if (name === '') setAdding(true)
    return shown.map((each, at) => (at === n ? name.replaceAll(VIA, ' ') : each)).join(VIA)
  }
  return (
    <>
      {shown.map((name, n) => (
        <StopInput
          // biome-ignore lint/suspicious/noArrayIndexKey: a place on the way is the first, the second, whatever it is called.
          key={n}
          label={shown.length === 1 ? t('book.via') : t('book.viaNth', { n: n + 1 })}
          name={name}
          known={places}
          invalid={false}
          hint={null}
          onName={(typed) => set({ via: put(n, typed) })}
          onStop={(stop) => set({ via: put(n, stop.name), ...knowing(form, { ...stop, name: stop.name.replaceAll(VIA, ' ') }) })}
        />
      ))}
      {names.length > 0 && names.length < MOST_VIA && !adding && (
        <button type="button" className="phone-button" onClick={() => setAdding(true)}>
          {t('book.viaAdd')}
        </button>
      )}
    </>
  )
}
