// 通知: what one was told.
import { useQuery } from '@tanstack/react-query'
import type { Notification } from '../../services/contracts/api/notifications.ts'
import type { Account } from '../../services/contracts/api.ts'
import { may } from '../kit/api/session.ts'
import { NotificationList } from '../parts/notifications/NotificationList.tsx'
import { notificationsQuery } from '../parts/notifications/queries.ts'
import { PushSwitch } from './push/PushSwitch.tsx'

const EVERY_MS = 15_000

export const useUnread = (): number => useQuery(notificationsQuery(EVERY_MS)).data?.unread ?? 0

/** More than anybody counts. */
export const atMost99 = (n: number): number | string => (n > 99 ? '99+' : n)

export function ToldScreen({ account }: { account: Account }) {
  const { data } = useQuery(notificationsQuery(EVERY_MS))
  const hrefOf = ({ orderId, kind }: Notification): string | undefined => {
    // Pages of the desk, which a phone shows as well.
    if (kind === 'finding.ask') return '/explanations'
    if (kind.startsWith('seal.')) return may(account, 'ledger.draft') ? '#me/sealing' : '/sealing'
    if (kind.startsWith('handover.')) return '#me/shifts'
    if (kind.startsWith('supervision.')) return may(account, 'finding.explain') ? '#me/findings' : '/findings'
    if (kind === 'leave.ask' && may(account, 'leave.decide')) return '#tasks'
    if (kind.startsWith('leave.') && account.role === 'driver') return '#me/leave'
    if (orderId !== null && may(account, 'order.drive')) return `#trips/${orderId}`
    if (kind === 'request.submit' && may(account, 'request.approve')) return '#tasks'
    return may(account, 'request.create') ? '#book' : undefined
  }
  return (
    <div className="phone-page">
      <PushSwitch />
      <NotificationList rows={data?.rows ?? []} unread={data?.unread ?? 0} hrefOf={hrefOf} />
    </div>
  )
}
