// What was done to one subject, newest first: who, when, what, why. Pages ask their own endpoint for it, under their own permission.
import { sayReason } from '../../../services/domain/ownReasons.ts'
import { formatInstant } from '../../kit/format/time.ts'
import { useText } from './texts.ts'
import '../../kit/panel/cards.css'
import './history.css'
import { type About, actionText, changesOf, fieldText, type Names, valueText } from './words.ts'

export type HistoryItem = {
  seq?: number
  at: string
  username: string
  action: string
  before?: unknown
  after?: unknown
  names: Names
  purpose?: string | null
  reason?: string | null
}

const objectOf = (value: unknown): object | null => (value && typeof value === 'object' ? value : null)

type Props = {
  /** Undefined while they are on their way. */
  entries: readonly HistoryItem[] | undefined
  /** The kind of thing whose history it is, as records name it. */
  of: string
  /** Shows a button for earlier ones. */
  onMore?: () => void
}

export function History({ entries, of, onMore }: Props) {
  const { t } = useText()
  if (!entries) return <div className="bone bone-card" aria-hidden="true" />
  if (entries.length === 0) return <p className="quiet">{t('audit.history.empty')}</p>
  return (
    <>
      <ol className="history">
        {entries.map((entry, index) => (
          <Entry key={entry.seq ?? `${entry.at} ${index}`} entry={entry} of={of} />
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

function Entry({ entry: { at, username, action, before, after, purpose, reason, names }, of }: { entry: HistoryItem; of: string }) {
  const { t, locale } = useText()
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
      {why && <p className="quiet">{t('audit.history.reason', { text: sayReason(why, locale) })}</p>}
      <Changes before={objectOf(before)} after={objectOf(after)} about={{ action, names, subjectType: of }} />
    </li>
  )
}

/** A change field by field, in words. */
export function Changes({ before, after, about }: { before?: object | null | undefined; after?: object | null | undefined; about: About }) {
  const { t } = useText()
  const changes = changesOf(before, after)
  if (changes.length === 0) return null
  return (
    <dl className="changes">
      {changes.map(({ name, before: was, after: is }) => (
        <div key={name}>
          <dt>{fieldText(t, name, about.subjectType)}</dt>
          <dd>
            {was === undefined ? (
              valueText(t, is, name, about)
            ) : is === undefined ? (
              <del>{valueText(t, was, name, about)}</del>
            ) : (
              <>
                <del>{valueText(t, was, name, about)}</del> <span aria-hidden="true">→</span> <ins>{valueText(t, is, name, about)}</ins>
              </>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
