// Beside the year: days that an organisation set for itself, and office hours with the day from which they hold.
import { Button } from 'antd'
import type { YearCalendar } from '../../../services/contracts/api/places.ts'
import { minuteText } from '../../kit/format/minutes.ts'
import { useText } from './texts.ts'

export function LocalPart({ calendar, onDay }: { calendar: YearCalendar; onDay: ((day: string) => void) | undefined }) {
  const { t } = useText()
  const rows = calendar.days.filter((row) => row.organisation)
  return (
    <section>
      <h2>{t('calendar.local')}</h2>
      {rows.length === 0 && <p className="quiet">{t('calendar.localNone')}</p>}
      <ul className="rows">
        {rows.map((row) => (
          <li key={`${row.day} ${row.organisation!.organisationId}`}>
            <span>
              <span className="figure">{row.day}</span> {row.name} · {t(`calendar.${row.kind}`)}
              <span className="quiet"> {row.organisation!.name}</span>
            </span>
            {onDay && row.own && (
              <Button size="small" onClick={() => onDay(row.day)}>
                {t('kit.edit')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

export function HoursPart({ calendar, onSet }: { calendar: YearCalendar; onSet: (() => void) | undefined }) {
  const { t } = useText()
  return (
    <section>
      <h2>{t('calendar.hours')}</h2>
      <ul className="rows">
        {calendar.hours.map((row) => (
          <li key={`${row.organisation?.organisationId ?? 0} ${row.effectiveFrom}`}>
            <span>
              <span className="figure">
                {minuteText(row.startMinute)}–{minuteText(row.endMinute)}
              </span>{' '}
              <span className="quiet">{row.organisation?.name ?? t('calendar.wholeRegion')}</span>
            </span>
            <span className="quiet figure">{t('calendar.hoursFrom', { day: row.effectiveFrom })}</span>
          </li>
        ))}
      </ul>
      {onSet && <Button onClick={onSet}>{t('calendar.hoursAdd')}</Button>}
    </section>
  )
}
