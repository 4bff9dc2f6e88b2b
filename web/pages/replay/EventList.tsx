// What happened in the time that is played, of all vehicles; a click goes there.
import { Link } from '@tanstack/react-router'
import { formatKm } from '../../kit/format/number.ts'
import { formatDuration, formatInstant } from '../../kit/format/time.ts'
import type { ReplayClock } from './clock.ts'
import { isSamePlace, type ReplayEvent } from './events.ts'
import { useText } from './texts.ts'
import type { ReplayedVehicle } from './useReplay.ts'

type Props = { events: readonly ReplayEvent[]; vehicles: readonly ReplayedVehicle[]; clock: ReplayClock; caseId: number | undefined }

export function EventList({ events, vehicles, clock, caseId }: Props) {
  const { t, locale } = useText()
  const of = new Map(vehicles.map((each) => [each.vehicleId, each]))
  const says = ({ kind, atMs, untilMs, metres, unseenM, text }: ReplayEvent): string => {
    const time = untilMs === null ? '' : formatDuration(untilMs - atMs, locale)
    if (kind === 'start')
      return (
        t('replay.event.start', { km: formatKm(metres) }) +
        (unseenM && !isSamePlace(unseenM) ? t('replay.event.unseen', { km: formatKm(unseenM) }) : '')
      )
    if (kind === 'gap')
      return isSamePlace(metres ?? 0) ? t('replay.event.gapStill', { time }) : t('replay.event.gap', { time, km: formatKm(metres) })
    if (kind === 'order') return t('replay.event.order', { number: text ?? '' })
    if (kind === 'finding') return t('replay.event.finding', { text: text ?? '' })
    return untilMs === null ? t('replay.event.stopOpen') : t('replay.event.stop', { time })
  }
  return (
    <aside className="replay-events" aria-label={t('replay.events')}>
      <h2>{t('replay.events')}</h2>
      {events.length === 0 && <p className="quiet">{t('replay.noEvents')}</p>}
      <ol>
        {events.map((event) => (
          <li key={`${event.vehicleId} ${event.kind} ${event.atMs} ${event.text ?? ''}`}>
            <button type="button" className="bare" onClick={() => clock.set(event.atMs)}>
              <i style={{ background: of.get(event.vehicleId)?.colour }} />
              <span className="figure">{formatInstant(event.atMs).slice(5, 16)}</span>
              <span className={event.kind === 'gap' ? 'stale' : undefined}>
                {vehicles.length > 1 && <span className="visually-hidden">{of.get(event.vehicleId)?.label} </span>}
                {says(event)}
              </span>
            </button>
            {event.orderId !== undefined && (
              <Link
                className="replay-compare"
                to="/compare"
                search={{ order: String(event.orderId), ...(caseId === undefined ? {} : { case: String(caseId) }) } as never}
              >
                {t('replay.compare')}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </aside>
  )
}
