// A driver's status and the end of a licence: a word and a shape, never a colour alone.
import { addDays } from '../../services/contracts/days.ts'
import type { DutyStatus } from '../../services/contracts/duty.ts'
import { MISSING } from '../format/number.ts'
import { useText } from '../i18n/i18n.ts'
import './drivers.css'

export function StatusTag({ status }: { status: DutyStatus }) {
  const { t } = useText()
  return (
    <span className={`driver-status driver-${status}`}>
      <span className="driver-dot" aria-hidden="true" />
      {t(`driverStatus.${status}`)}
    </span>
  )
}

const SOON_DAYS = 90

export function Expiry({ day, today }: { day: string | null; today: string }) {
  const { t } = useText()
  if (day === null) return MISSING
  const gone = day < today
  const soon = !gone && day <= addDays(today, SOON_DAYS)
  return (
    <span className={gone ? 'desk-bad figure' : soon ? 'desk-warn figure' : 'figure'}>
      {day}
      {gone && ` ${t('driver.licenceExpired')}`}
      {soon && ` ${t('driver.licenceSoon')}`}
    </span>
  )
}
