// 我的档案: what the ledger holds about the driver who is signed in, unmasked, for himself to see.
import { useQuery } from '@tanstack/react-query'
import { call } from '../api/session.ts'
import { EmptyState, ErrorState } from '../frame/State.tsx'
import { useText } from '../i18n/i18n.ts'
import '../vehicle/vehicle.css'
import { FilePart } from './DriverPanel.tsx'
import './drivers.css'
import { LoansPart } from './LoansPart.tsx'
import { StatusTag } from './marks.tsx'
import { minuteText, weekdaysText } from './minutes.ts'

export function OwnDriverPage() {
  const { t } = useText()
  const { data, error, refetch } = useQuery({ queryKey: ['driver', 'own'], queryFn: ({ signal }) => call('getOwnDriver', { signal }) })
  if (error) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <div className="bone" />
  const { driver } = data
  if (!driver) return <EmptyState title={t('own.title')} text={t('own.none')} />
  return (
    <div className="own-driver">
      <header className="vehicle-part">
        <h1 className="own-title">{driver.name}</h1>
        <p>
          <StatusTag status={driver.status} />
        </p>
        <p className="quiet">{t('own.text')}</p>
      </header>
      <FilePart driver={driver} />
      <section className="vehicle-part">
        <h3>{t('duty.shifts')}</h3>
        {driver.shifts.length === 0 && <p className="quiet">{t('duty.byOffice')}</p>}
        {driver.shifts.map((shift) => (
          <p key={`${shift.weekdays} ${shift.startMinute}`} className="figure">
            {weekdaysText(shift.weekdays, t)} {minuteText(shift.startMinute)}–{minuteText(shift.endMinute)}
          </p>
        ))}
        <h3>{t('duty.leaves')}</h3>
        {driver.leaves.length === 0 && <p className="quiet">{t('desk.none')}</p>}
        {driver.leaves.map((leave) => (
          <p key={leave.leaveId} className="figure">
            {t(`leave.${leave.kind}`)} {leave.fromDay} – {leave.untilDay}
          </p>
        ))}
      </section>
      <LoansPart driver={driver} manages={false} />
    </div>
  )
}
