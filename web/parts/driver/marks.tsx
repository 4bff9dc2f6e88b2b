// A driver's status and the end of a licence: a word and a shape, never a colour alone.
import { addDays } from '../../../services/domain/days.ts'
import type { DutyStatus } from '../../../services/domain/duty.ts'
import { MISSING } from '../../kit/format/number.ts'
import { useText } from './texts.ts'
import './driver.css'

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
    <span className={gone ? 'bad-text figure' : soon ? 'warn-text figure' : 'figure'}>
      {day}
      {gone && ` ${t('driver.licenceExpired')}`}
      {soon && ` ${t('driver.licenceSoon')}`}
    </span>
  )
}
