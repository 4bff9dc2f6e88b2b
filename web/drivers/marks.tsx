// A driver's status and the end of a licence: a word and a shape, never a colour alone.
import { Tag } from 'antd'
import { addDays } from '../../services/contracts/days.ts'
import type { DutyStatus } from '../../services/contracts/duty.ts'
import { MISSING } from '../format/number.ts'
import { useText } from '../i18n/i18n.ts'

const colours: Record<DutyStatus, string | undefined> = {
  on_duty: 'green',
  off_duty: undefined,
  leave: 'gold',
  suspended: 'red',
  retired: undefined,
  unknown: 'gold',
}

export function StatusTag({ status }: { status: DutyStatus }) {
  const { t } = useText()
  return (
    <Tag color={colours[status]} variant="outlined">
      {t(`driverStatus.${status}`)}
    </Tag>
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
