// 我的档案: what the ledger holds about the driver who is signed in, unmasked, for himself to see.
import { useQuery } from '@tanstack/react-query'
import { call } from '../../kit/api/session.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useText } from './texts.ts'
import '../../kit/panel/panel.css'
import { FilePart } from './FilePart.tsx'
import './driver.css'
import { minuteText, weekdaysText } from '../../kit/format/minutes.ts'
import { LoanList } from './LoanList.tsx'
import { StatusTag } from './marks.tsx'

export function OwnDriver() {
  const { t } = useText()
  const { data, error, refetch } = useQuery({ queryKey: ['driver', 'own'], queryFn: ({ signal }) => call('getOwnDriver', { signal }) })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <div className="bone" />
  const { driver } = data
  if (!driver) return <EmptyState title={t('own.title')} text={t('own.none')} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard, and there is nothing to press here
    <div className="own-driver" tabIndex={0}>
      <header className="panel-part">
        <h1 className="own-title">{driver.name}</h1>
        <p>
          <StatusTag status={driver.status} />
        </p>
        <p className="quiet">{t('own.text')}</p>
      </header>
      <FilePart driver={driver} />
      <section className="panel-part">
        <h3>{t('duty.shifts')}</h3>
        {driver.shifts.length === 0 && <p className="quiet">{t('duty.byOffice')}</p>}
        {driver.shifts.map((shift) => (
          <p key={`${shift.weekdays} ${shift.startMinute}`} className="figure">
            {weekdaysText(shift.weekdays, t)} {minuteText(shift.startMinute)}–{minuteText(shift.endMinute)}
          </p>
        ))}
        <h3>{t('duty.leaves')}</h3>
        {driver.leaves.length === 0 && <p className="quiet">{t('kit.none')}</p>}
        {driver.leaves.map((leave) => (
          <p key={leave.leaveId} className="figure">
            {t(`leave.${leave.kind}`)} {leave.fromDay} – {leave.untilDay}
          </p>
        ))}
      </section>
      <LoanList driver={driver} />
    </div>
  )
}
