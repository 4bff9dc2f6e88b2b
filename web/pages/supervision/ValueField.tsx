// One value of a rule, in the field that fits it: a number, a time of the day, kinds of places, or a window of its own.
import { Checkbox, Input, InputNumber, Select } from 'antd'
import { sensitiveKinds } from '../../../services/domain/places.ts'
import { wordOf } from '../../../services/domain/words.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { minuteOf, minuteText, weekdayBits } from '../../kit/format/minutes.ts'
import { nameOf } from './say.ts'
import { useText } from './texts.ts'

type Window = { startMinute: number; endMinute: number; weekdays?: number }
/** What a window begins with where there was none: the nights of working days. */
const NIGHTS: Window = { startMinute: 1140, endMinute: 420, weekdays: 31 }

export function ValueField({ name, value, onChange }: { name: string; value: unknown; onChange: (value: unknown) => void }) {
  const { t, locale } = useText()
  const label = nameOf(name, t)
  if (typeof value === 'number')
    return name.endsWith('Minute') ? (
      <TimeField label={label} value={value} onChange={onChange} />
    ) : (
      <Field label={label}>
        <InputNumber value={value} onChange={(next) => next !== null && onChange(next)} />
      </Field>
    )
  if (typeof value === 'boolean')
    return (
      <Field label={label}>
        <Checkbox checked={value} onChange={({ target }) => onChange(target.checked)} />
      </Field>
    )
  if (Array.isArray(value))
    return (
      <Field label={label} whole>
        <Select
          mode="multiple"
          aria-label={label}
          value={value as string[]}
          options={sensitiveKinds.map((kind) => ({ value: kind, label: wordOf('sensitiveKind', kind, locale) }))}
          // With none of them it would find nothing.
          onChange={(next) => next.length > 0 && onChange(next)}
        />
      </Field>
    )
  return <WindowField label={label} value={value as Window | null} mayBeNone={name === 'window'} onChange={onChange} />
}

function TimeField({ label, value, onChange }: { label: string; value: number; onChange: (minute: number) => void }) {
  return (
    <Field label={label}>
      <Input
        type="time"
        value={minuteText(value)}
        onChange={({ target }) => {
          const minute = minuteOf(target.value)
          if (minute !== undefined) onChange(minute)
        }}
      />
    </Field>
  )
}

type WindowProps = { label: string; value: Window | null; mayBeNone: boolean; onChange: (value: Window | null) => void }
function WindowField({ label, value, mayBeNone, onChange }: WindowProps) {
  const { t } = useText()
  return (
    <fieldset className="form-whole rule-window" aria-label={label}>
      {mayBeNone ? (
        <Checkbox checked={value !== null} onChange={({ target }) => onChange(target.checked ? NIGHTS : null)}>
          {label}
        </Checkbox>
      ) : (
        <span>{label}</span>
      )}
      {value && (
        <>
          {(['startMinute', 'endMinute'] as const).map((side) => (
            <TimeField
              key={side}
              label={nameOf(side, t)}
              value={value[side]}
              onChange={(minute) => onChange({ ...value, [side]: minute })}
            />
          ))}
          {value.weekdays !== undefined && (
            <div className="rule-weekdays">
              {weekdayBits.map((bit) => (
                <Checkbox
                  key={bit}
                  checked={(value.weekdays! & (1 << bit)) !== 0}
                  disabled={value.weekdays === 1 << bit}
                  onChange={() => onChange({ ...value, weekdays: value.weekdays! ^ (1 << bit) })}
                >
                  {t(`weekday.${bit}`)}
                </Checkbox>
              ))}
            </div>
          )}
        </>
      )}
    </fieldset>
  )
}
