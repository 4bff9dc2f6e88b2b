// What was done to one subject, newest first: who, when, what, why. Pages ask their own endpoint for it, under their own permission.
import { formatInstant } from '../format/time.ts'
import { useText } from '../i18n/i18n.ts'
import './audit.css'
import { actionText, changesOf, fieldText, valueText } from './words.ts'

export type HistoryItem = {
  seq?: number
  at: string
  username: string
  action: string
  before?: object | null
  after?: unknown
  purpose?: string | null
  reason?: string | null
}

/** `entries` undefined while they are on their way. `onMore` shows a button for earlier ones. */
export function History({ entries, onMore }: { entries: readonly HistoryItem[] | undefined; onMore?: () => void }) {
  const { t } = useText()
  if (!entries) return <div className="bone bone-card" aria-hidden="true" />
  if (entries.length === 0) return <p className="quiet">{t('audit.history.empty')}</p>
  return (
    <>
      <ol className="history">
        {entries.map((entry, index) => (
          <Entry key={entry.seq ?? `${entry.at} ${index}`} entry={entry} />
        ))}
      </ol>
      {onMore && (
        <button type="button" className="plain-button" onClick={onMore}>
          {t('audit.history.more')}
        </button>
      )}
    </>
  )
}

function Entry({ entry: { at, username, action, before, after, purpose, reason } }: { entry: HistoryItem }) {
  const { t } = useText()
  const why = purpose ?? reason
  return (
    <li>
      <div className="history-head">
        <strong>{actionText(t, action)}</strong>
        <span>{username}</span>
        <time className="quiet figure" dateTime={at}>
          {formatInstant(Date.parse(at))}
        </time>
      </div>
      {why && <p className="quiet">{t('audit.history.reason', { text: why })}</p>}
      <Changes before={before} after={after && typeof after === 'object' ? after : null} />
    </li>
  )
}

/** A change field by field, in words. */
export function Changes({ before, after }: { before?: object | null | undefined; after?: object | null | undefined }) {
  const { t } = useText()
  const changes = changesOf(before, after)
  if (changes.length === 0) return null
  return (
    <dl className="changes">
      {changes.map(({ name, before: was, after: is }) => (
        <div key={name}>
          <dt>{fieldText(t, name)}</dt>
          <dd>
            {was === undefined ? (
              valueText(t, is, name)
            ) : is === undefined ? (
              <del>{valueText(t, was, name)}</del>
            ) : (
              <>
                <del>{valueText(t, was, name)}</del> <span aria-hidden="true">→</span> <ins>{valueText(t, is, name)}</ins>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
