// 日历: the working calendar of a year as an organisation has it. A year whose notice is not known says so on every day.
import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import type { YearCalendar } from '../../../services/contracts/api/places.ts'
import { dayAt, daysBetween } from '../../../services/domain/days.ts'
import { WorkCalendar, weekdayOf } from '../../../services/domain/workCalendar.ts'
import { call, may, useAccount } from '../../kit/api/session.ts'
import { weekdayBits } from '../../kit/format/minutes.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useUrl, withEntries } from '../../kit/useUrl.ts'
import { useOrganisations } from '../../parts/organisation/organisations.ts'
import { UnitChoice } from '../../parts/organisation/UnitChoice.tsx'
import { AnnounceDialog, DayDialog, HoursDialog } from './CalendarDialogs.tsx'
import { HoursPart, LocalPart } from './CalendarParts.tsx'
import { useText } from './texts.ts'
import './places.css'

type Open = { day: string } | 'announce' | 'hours' | null

export function CalendarPage() {
  const { t } = useText()
  const account = useAccount()
  const tree = useOrganisations()
  const { url, change } = useUrl()
  const [open, setOpen] = useState<Open>(null)
  const today = dayAt(Date.now())
  const year = /^20\d\d$/.test(url.year ?? '') ? Number(url.year) : Number(today.slice(0, 4))
  const organisationId = /^[1-9]\d{0,9}$/.test(url.org ?? '') ? Number(url.org) : account.organisation.organisationId
  const { data, error, refetch } = useQuery({
    queryKey: ['calendar', year, organisationId],
    queryFn: ({ signal }) => call('getCalendar', { params: { year }, query: { organisationId }, signal }),
  })
  const manages = may(account, 'calendar.manage')
  // The top of the tree that the account sees is the region itself only for who manages the region.
  const wholeRegion = tree?.root?.kind === 'region'
  const go = (next: number) => change((old) => withEntries(old, { year: String(next) }))
  const close = () => setOpen(null)
  return (
    <div className="calendar">
      <header className="calendar-head">
        <Button icon={<LeftOutlined />} aria-label={t('calendar.previous')} disabled={year <= 2000} onClick={() => go(year - 1)} />
        <h1 aria-live="polite">{t('calendar.title', { year })}</h1>
        <Button icon={<RightOutlined />} aria-label={t('calendar.next')} disabled={year >= 2099} onClick={() => go(year + 1)} />
        {account && (
          <UnitChoice
            label={t('calendar.setFor')}
            value={organisationId}
            onChange={(org) => change((old) => withEntries(old, { org: org === undefined ? undefined : String(org) }))}
          />
        )}
        {data?.source && <span className="quiet">{t('calendar.sourceIs', { source: data.source })}</span>}
      </header>
      {data && !data.known && (
        <div className="warn-box" role="status">
          <strong>{t('calendar.unknownTitle', { year })}</strong>
          <p>{t('calendar.unknownText', { year })}</p>
          {manages && wholeRegion && <Button onClick={() => setOpen('announce')}>{t('calendar.announce')}</Button>}
        </div>
      )}
      <ul className="calendar-legend" aria-label={t('calendar.legend')}>
        <li>
          <span className="calendar-day calendar-holiday">1</span>
          {t('calendar.holiday')}
        </li>
        <li>
          <span className="calendar-day calendar-makeup">1</span>
          {t('calendar.makeup')}
        </li>
        <li>
          <span className="calendar-day calendar-unknown">1</span>
          {t('calendar.unknown')}
        </li>
        <li>
          <span className="calendar-day calendar-workday calendar-local">1</span>
          {t('calendar.local')}
        </li>
      </ul>
      {error && !data ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data ? (
        <>
          <Year calendar={data} today={today} onDay={manages ? (day) => setOpen({ day }) : undefined} />
          <div className="calendar-parts">
            <LocalPart calendar={data} onDay={manages ? (day) => setOpen({ day }) : undefined} />
            <HoursPart calendar={data} onSet={manages ? () => setOpen('hours') : undefined} />
          </div>
          {open === 'announce' && <AnnounceDialog year={year} onClose={close} />}
          {open === 'hours' && <HoursDialog calendar={data} organisationId={organisationId} onClose={close} />}
          {open !== null && typeof open === 'object' && (
            <DayDialog
              key={open.day}
              calendar={data}
              day={open.day}
              organisationId={organisationId}
              wholeRegion={wholeRegion}
              onClose={close}
            />
          )}
        </>
      ) : (
        <div className="bone" />
      )}
    </div>
  )
}

type YearProps = { calendar: YearCalendar; today: string; onDay: ((day: string) => void) | undefined }

/** Rows come region first and nearer organisations later: the later one has the last word. */
export const calendarOf = (data: YearCalendar): WorkCalendar =>
  new WorkCalendar(
    data.knownYears,
    data.days.map((row, depth) => ({ ...row, depth })),
    [],
  )

function Year({ calendar, today, onDay }: YearProps) {
  const { t } = useText()
  const work = useMemo(() => calendarOf(calendar), [calendar])
  const local = useMemo(() => new Set(calendar.days.filter((row) => row.organisation).map((row) => row.day)), [calendar])
  const months = Array.from({ length: 12 }, (_, n) => {
    const days = daysBetween(`${calendar.year}-01-01`, `${calendar.year}-12-31`).filter((day) => Number(day.slice(5, 7)) === n + 1)
    return { n: n + 1, days }
  })
  return (
    <div className="calendar-year">
      {months.map(({ n, days }) => (
        <section key={n} className="calendar-month" aria-label={t('calendar.month', { n })}>
          <h2>{t('calendar.month', { n })}</h2>
          <div className="calendar-grid">
            {weekdayBits.map((bit) => (
              <span key={bit} className="calendar-weekday">
                {t(`weekday.${bit}`)}
              </span>
            ))}
            {days.map((day) => {
              const row = work.findRow(day)
              const kind = work.dayKind(day)
              const look = row?.kind ?? (kind === 'holiday' ? 'off' : kind)
              const word = row ? t(`calendar.${row.kind}`) : t(`calendar.${kind}`)
              const name = [day, word, row?.name].filter(Boolean).join(' ')
              const className = `calendar-day calendar-${look}${local.has(day) ? ' calendar-local' : ''}${day === today ? ' calendar-today' : ''}`
              const style = day.endsWith('-01') ? { gridColumnStart: weekdayOf(day) + 1 } : undefined
              const number = Number(day.slice(8))
              return onDay ? (
                <button key={day} type="button" className={className} style={style} title={name} onClick={() => onDay(day)}>
                  {number}
                  <span className="visually-hidden">{name}</span>
                </button>
              ) : (
                <span key={day} className={className} style={style} title={name}>
                  {number}
                </span>
              )
            })}
          </div>
        </section>
      ))}
    </div>
  )
}
