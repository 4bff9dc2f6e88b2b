// What one was told, in the top bar: how much is unread, and the list.
import { BellOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Badge, Button, Popover } from 'antd'
import { useState } from 'react'
import type { Notification } from '../../services/contracts/api/notifications.ts'
import { may, useAccount } from '../kit/api/session.ts'
import { NotificationList } from '../parts/notifications/NotificationList.tsx'
import { notificationsQuery } from '../parts/notifications/queries.ts'
import { useText } from '../parts/notifications/texts.ts'
import { useNotified } from './useNotified.ts'

/** Without the socket, as behind a proxy that lets none through. */
const EVERY_MS = 60_000

export function Bell() {
  const { t } = useText()
  const account = useAccount()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const { data } = useQuery(notificationsQuery(EVERY_MS))
  useNotified()
  const unread = data?.unread ?? 0
  const hrefOf = ({ kind, orderId, requestId }: Notification): string | undefined =>
    kind.startsWith('leave.') && may(account, 'leave.decide')
      ? '/leaves'
      : kind === 'finding.ask'
        ? '/explanations'
        : kind === 'finding.answer'
          ? '/cases'
          : kind === 'report.ready'
            ? '/reports'
            : kind.startsWith('filing.')
              ? '/filings'
              : kind.startsWith('handover.')
                ? '/handovers'
                : kind.startsWith('seal.')
                  ? '/sealing'
                  : kind.startsWith('supervision.')
                    ? '/findings'
                    : orderId !== null && may(account, 'order.view')
                      ? `/orders?id=${orderId}`
                      : requestId !== null && may(account, 'request.view')
                        ? `/requests?id=${requestId}`
                        : undefined
  const follow = (told: Notification) => {
    setOpen(false)
    const href = hrefOf(told)
    if (!href) return
    const { pathname, searchParams } = new URL(href, window.location.origin)
    void navigate({ to: pathname, search: Object.fromEntries(searchParams) } as never)
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      title={t('told.title')}
      content={
        <div className="bell-list">
          <NotificationList rows={data?.rows ?? []} unread={unread} hrefOf={hrefOf} onFollow={follow} />
        </div>
      }
    >
      <Button
        type="text"
        aria-label={unread > 0 ? t('told.unread', { n: unread }) : t('told.title')}
        icon={
          <Badge count={unread} size="small" overflowCount={99} offset={[6, -4]}>
            <BellOutlined />
          </Badge>
        }
      />
    </Popover>
  )
}
