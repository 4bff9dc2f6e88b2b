// Sessions of an account: since when, from where, and, for one's own, the way to end one.
import type { AccountDetail } from '../../../services/contracts/api/identity.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useText } from './texts.ts'

export function SessionList({ rows, onEnd }: { rows: AccountDetail['sessions']; onEnd?: (sessionId: number) => void }) {
  const { t } = useText()
  if (rows.length === 0) return <p className="quiet">{t('session.none')}</p>
  const time = (instant: string) => formatInstant(Date.parse(instant)).slice(0, 16)
  return (
    <ul className="identity-list">
      {rows.map((row) => (
        <li key={row.sessionId}>
          <span>
            {row.address ?? '—'} <span className="quiet">{browserOf(row.agent)}</span>
            <br />
            <span className="quiet figure">
              {t('session.begun', { time: time(row.createdAt) })} · {t('session.seen', { time: time(row.lastSeenAt) })}
            </span>
          </span>
          {row.own && <span className="account-badge account-active">{t('session.own')}</span>}
          {!row.open && <span className="account-badge">{t('session.pending')}</span>}
          {onEnd && !row.own && (
            <button type="button" className="plain-button" onClick={() => onEnd(row.sessionId)}>
              {t('session.end')}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

/** The one word of a user agent that people know. */
const browserOf = (agent: string | null): string => /(Edg|Firefox|Chrome|Safari)\/\d+/.exec(agent ?? '')?.[0]?.replace('/', ' ') ?? ''
