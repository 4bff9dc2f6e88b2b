// The requests that wait for a vehicle, emergencies first, then by departure. J and K move through them, Enter opens.
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { formatDuration } from '../../kit/format/time.ts'
import { EmptyState, ErrorState } from '../../kit/State.tsx'
import { useNow } from '../../kit/useNow.ts'
import { KindMark } from '../../parts/trip/marks.tsx'
import { spanText } from '../../parts/trip/when.ts'
import { useText } from './texts.ts'

const SOON_MS = 2 * 3_600_000

type Props = {
  rows: readonly RequestRow[] | undefined
  total: number | undefined
  error: unknown
  retry: () => void
  chosen: number | null
  onChoose: (row: RequestRow) => void
  /** Taken up to be put on a row of the board. */
  onGrab: (row: RequestRow, event: React.PointerEvent) => void
}

export function Queue({ rows, total, error, retry, chosen, onChoose, onGrab }: Props) {
  const { t, locale } = useText()
  const nowMs = useNow(30_000)
  const urgent = rows?.filter(({ kind }) => kind === 'emergency').length ?? 0
  return (
    <section className="queue" aria-label={t('queue.title')}>
      <header className="queue-head">
        <h1>{t('page.dispatch')}</h1>
        <span className="quiet figure" aria-live="polite">
          {total === undefined ? '' : t('queue.count', { n: total })}
        </span>
        {urgent > 0 && <span className="bad-text figure">{t('queue.urgent', { n: urgent })}</span>}
      </header>
      <div className="queue-scroll">
        {error && !rows ? <ErrorState error={error} retry={retry} /> : null}
        {rows?.length === 0 && <EmptyState title={t('queue.emptyTitle')} text={t('queue.emptyText')} />}
        <ul>
          {rows?.map((row) => {
            const leavesInMs = Date.parse(row.startsAt) - nowMs
            return (
              <li key={row.requestId}>
                <button
                  type="button"
                  className={row.requestId === chosen ? 'bare queue-row queue-chosen' : 'bare queue-row'}
                  aria-current={row.requestId === chosen ? 'true' : undefined}
                  onClick={() => onChoose(row)}
                  onPointerDown={(event) => onGrab(row, event)}
                >
                  <span className="queue-to">
                    <strong>{row.to.name}</strong>
                    <KindMark kind={row.kind} />
                  </span>
                  <span className="figure">
                    {spanText(row.startsAt, row.endsAt)}{' '}
                    {leavesInMs < SOON_MS && (
                      <span className={leavesInMs < 0 ? 'bad-text' : 'warn-text'}>
                        {leavesInMs < 0 ? t('queue.late') : t('queue.soon', { time: formatDuration(leavesInMs, locale) })}
                      </span>
                    )}
                  </span>
                  <span className="quiet queue-unit">
                    {row.unit.name} {t('queue.people', { n: row.passengers })}
                    {!row.withDriver && ` ${t('trip.selfDrive')}`}
                  </span>
                </button>
              </li>
            )
          })}
        </ul>
      </div>
      <p className="queue-keys quiet">{t('queue.keys')}</p>
    </section>
  )
}
