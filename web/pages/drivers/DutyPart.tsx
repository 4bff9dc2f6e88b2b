// When a driver is on duty: a month as a grid, the week's shifts, and leave. A day of an unknown year says so.
import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import type { DriverDay, DriverDetail } from '../../../services/contracts/api/drivers.ts'
import { addDays, dayAt } from '../../../services/domain/days.ts'
import { weekdayOf } from '../../../services/domain/workCalendar.ts'
import { errorText } from '../../kit/api/errorText.ts'
import { call } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { DutyDayDialog, LeaveDialog, ShiftsDialog } from './DutyDialogs.tsx'
import { useText } from './texts.ts'
import './drivers.css'
import { minuteText, weekdaysText } from '../../kit/format/minutes.ts'
import { driverChanged, driverDaysQuery } from './queries.ts'

const monthStart = (day: string) => `${day.slice(0, 7)}-01`
const nextMonth = (first: string) => monthStart(addDays(first, 31))

export function DutyPart({ driver, manages }: { driver: DriverDetail; manages: boolean }) {
  const { t, locale } = useText()
  const today = dayAt(Date.now())
  const [first, setFirst] = useState(() => monthStart(today))
  const [open, setOpen] = useState<'shifts' | 'leave' | DriverDay | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const last = addDays(nextMonth(first), -1)
  const { data, error, refetch } = useQuery(driverDaysQuery(driver.driverId, first, last))
  const [year, month] = [first.slice(0, 4), String(Number(first.slice(5, 7)))]
  async function cancel(leaveId: number) {
    setFailure(null)
    try {
      await call('cancelDriverLeave', { params: { driverId: driver.driverId, leaveId }, body: { version: driver.version } })
    } catch (error) {
      setFailure(error)
    }
    await driverChanged(driver.driverId)
  }
  return (
    <>
      <section className="panel-part">
        <header className="duty-head">
          <Button
            size="small"
            icon={<LeftOutlined />}
            aria-label={t('duty.previous')}
            onClick={() => setFirst(monthStart(addDays(first, -1)))}
          />
          <h3 aria-live="polite">{t('duty.month', { year, month })}</h3>
          <Button size="small" icon={<RightOutlined />} aria-label={t('duty.next')} onClick={() => setFirst(nextMonth(first))} />
        </header>
        {error && !data ? (
          <ErrorState error={error} retry={() => void refetch()} />
        ) : (
          <Month first={first} days={data?.rows} today={today} onDay={manages ? setOpen : undefined} />
        )}
        {data?.rows.some((row) => row.status === 'unknown') && <p className="warn-box">{t('duty.unknownText', { year })}</p>}
      </section>
      <section className="panel-part">
        <header className="duty-head">
          <h3>{t('duty.shifts')}</h3>
          {manages && (
            <Button size="small" onClick={() => setOpen('shifts')}>
              {t('duty.editShifts')}
            </Button>
          )}
        </header>
        {driver.shifts.length === 0 && <p className="quiet">{t('duty.byOffice')}</p>}
        <ul className="rows">
          {driver.shifts.map((shift) => (
            <li key={`${shift.weekdays} ${shift.startMinute} ${shift.fromDay}`}>
              <span>{weekdaysText(shift.weekdays, t)}</span>
              <span className="figure">
                {minuteText(shift.startMinute)}–{shift.endMinute > 1440 ? `${t('duty.nextDay')} ` : ''}
                {minuteText(shift.endMinute)}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className="panel-part">
        <header className="duty-head">
          <h3>{t('duty.leaves')}</h3>
          {manages && (
            <Button size="small" onClick={() => setOpen('leave')}>
              {t('duty.addLeave')}
            </Button>
          )}
        </header>
        {driver.leaves.length === 0 && <p className="quiet">{t('kit.none')}</p>}
        <ul className="rows">
          {driver.leaves.map((leave) => (
            <li key={leave.leaveId}>
              <span>
                {t(`leave.${leave.kind}`)}{' '}
                <span className="quiet figure">
                  {leave.fromDay} – {leave.untilDay}
                </span>
              </span>
              {manages && leave.untilDay >= today && (
                <Button size="small" onClick={() => void cancel(leave.leaveId)}>
                  {t('duty.cancelLeave')}
                </Button>
              )}
            </li>
          ))}
        </ul>
        <div role="alert">{failure !== null && <p className="error-text">{errorText(failure, t, locale)}</p>}</div>
      </section>
      {open === 'shifts' && <ShiftsDialog driver={driver} onClose={() => setOpen(null)} />}
      {open === 'leave' && <LeaveDialog driver={driver} onClose={() => setOpen(null)} />}
      {open !== null && typeof open === 'object' && <DutyDayDialog driver={driver} plan={open} onClose={() => setOpen(null)} />}
    </>
  )
}

type MonthProps = { first: string; days: DriverDay[] | undefined; today: string; onDay: ((day: DriverDay) => void) | undefined }

function Month({ first, days, today, onDay }: MonthProps) {
  const { t } = useText()
  if (!days) return <div className="bone" />
  const blanks = Array.from({ length: weekdayOf(first) }, (_, n) => n)
  return (
    <div className="duty-month">
      {[0, 1, 2, 3, 4, 5, 6].map((n) => (
        <span key={n} className="duty-weekday">
          {t(`weekday.${n as 0}`)}
        </span>
      ))}
      {blanks.map((n) => (
        <span key={n} />
      ))}
      {days.map((plan) => {
        const word = plan.leave ? t(`leave.${plan.leave}`) : t(`duty.${plan.status}`)
        const span = plan.spans[0]
        const inside = (
          <>
            <span className="duty-number">{Number(plan.day.slice(8))}</span>
            <small>{span ? `${minuteText(span.startMinute)}` : word}</small>
          </>
        )
        const name = [plan.day, word, plan.dayName, plan.single ? t('duty.single') : null].filter(Boolean).join(' ')
        const className = `duty-day duty-${plan.status}${plan.day === today ? ' duty-today' : ''}${plan.single ? ' duty-single' : ''}`
        return onDay ? (
          <button key={plan.day} type="button" className={className} aria-label={name} title={name} onClick={() => onDay(plan)}>
            {inside}
          </button>
        ) : (
          <span key={plan.day} className={className} title={name}>
            {inside}
          </span>
        )
      })}
    </div>
  )
}
