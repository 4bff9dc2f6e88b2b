// Whether a request recurs, and how: every so many days, weeks or months, so often or until a day.
import { Checkbox, Input, InputNumber, Select } from 'antd'
import { addDays, dayAt, dayStartMs } from '../../../services/domain/days.ts'
import { MOST_OCCURRENCES, type Recurrence, recurrenceUnits } from '../../../services/domain/series.ts'
import { weekdayOf } from '../../../services/domain/workCalendar.ts'
import { Field } from '../../kit/form/FormDialog.tsx'
import { weekdayBits } from '../../kit/format/minutes.ts'
import { useText } from './texts.ts'

type Props = { value: Recurrence | null; startsAtMs: number | undefined; onChange: (value: Recurrence | null) => void }

/** A last day as the instant until which it lasts. */
const endOf = (day: string): string => new Date(dayStartMs(addDays(day, 1)) - 1).toISOString()

export function RecurrenceFields({ value, startsAtMs, onChange }: Props) {
  const { t } = useText()
  const first = dayAt(startsAtMs ?? Date.now())
  const begin = (every: Recurrence['every']): Recurrence => ({
    every,
    interval: 1,
    times: value?.times ?? (value?.until ? undefined : 4),
    ...(value?.until ? { until: value.until } : {}),
    ...(every === 'week' ? { weekdays: 1 << weekdayOf(first) } : {}),
  })
  return (
    <>
      <Field name="recurrence" label={t('series.repeats')}>
        <Select<Recurrence['every'] | 'none'>
          aria-label={t('series.repeats')}
          value={value?.every ?? 'none'}
          options={[
            { value: 'none', label: t('series.once') },
            ...recurrenceUnits.map((every) => ({ value: every, label: t(`recurrence.${every}`) })),
          ]}
          onChange={(every) => onChange(every === 'none' ? null : begin(every))}
        />
      </Field>
      {value && (
        <Field label={t('series.interval')}>
          <InputNumber
            min={1}
            max={52}
            precision={0}
            value={value.interval}
            onChange={(interval) => onChange({ ...value, interval: interval ?? 1 })}
          />
        </Field>
      )}
      {value?.every === 'week' && (
        <div className="form-whole form-field">
          <span>{t('field.weekdays')}</span>
          <Checkbox.Group
            aria-label={t('field.weekdays')}
            value={weekdayBits.filter((bit) => (value.weekdays ?? 0) & (1 << bit))}
            options={weekdayBits.map((bit) => ({ value: bit, label: t(`weekday.${bit}`) }))}
            onChange={(bits: number[]) =>
              onChange({ ...value, weekdays: bits.reduce((all, bit) => all | (1 << bit), 0) || 1 << weekdayOf(first) })
            }
          />
        </div>
      )}
      {value && (
        <Field label={t('series.times')}>
          <InputNumber
            min={1}
            max={MOST_OCCURRENCES}
            precision={0}
            value={value.times}
            placeholder={t('series.untilDay')}
            onChange={(times) => times !== null && onChange({ ...value, times, until: undefined })}
          />
        </Field>
      )}
      {value && (
        <Field label={t('series.until')}>
          <Input
            type="date"
            min={first}
            value={value.until ? dayAt(Date.parse(value.until)) : ''}
            onChange={({ target }) => target.value !== '' && onChange({ ...value, until: endOf(target.value), times: undefined })}
          />
        </Field>
      )}
    </>
  )
}
