// What one was told, the newest first; each leads to the request or order that it is about. Without the desk's library, for the phone as well.
import type { Notification } from '../../../services/contracts/api/notifications.ts'
import { sayNotification } from '../../../services/domain/notificationWords.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useRead } from './queries.ts'
import { useText } from './texts.ts'
import './notifications.css'

type Props = {
  rows: readonly Notification[]
  unread: number
  hrefOf: (told: Notification) => string | undefined
  onFollow?: (told: Notification) => void
}

export function NotificationList({ rows, unread, hrefOf, onFollow }: Props) {
  const { t, locale } = useText()
  const read = useRead()
  const follow = (told: Notification) => {
    if (!told.read) read.mutate({ ids: [told.notificationId] })
    onFollow?.(told)
  }
  if (rows.length === 0) return <p className="quiet">{t('told.none')}</p>
  return (
    <>
      {unread > 0 && (
        <p className="told-all">
          <button
            type="button"
            className="plain-button"
            disabled={read.isPending}
            onClick={() => read.mutate({ upTo: rows[0]!.notificationId })}
          >
            {t('told.readAll')}
          </button>
        </p>
      )}
      <ul className="told">
        {rows.map((row) => {
          const { title, text } = sayNotification(row, locale)
          const href = hrefOf(row)
          const said = (
            <>
              <strong>
                {!row.read && <span className="told-new" role="img" aria-label={t('told.new')} />}
                {title}
              </strong>
              {text && <span>{text}</span>}
              <span className="quiet figure">{formatInstant(Date.parse(row.at)).slice(5, 16)}</span>
            </>
          )
          return (
            <li key={row.notificationId}>
              {href === undefined ? (
                <button type="button" className="plain-button" onClick={() => follow(row)}>
                  {said}
                </button>
              ) : (
                <a
                  href={href}
                  onClick={(event) => {
                    // Whoever knows a shorter way than the address takes it; a new tab is opened by the browser.
                    if (onFollow && !event.ctrlKey && !event.metaKey) event.preventDefault()
                    follow(row)
                  }}
                >
                  {said}
                </a>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
