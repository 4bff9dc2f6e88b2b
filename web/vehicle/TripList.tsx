// The trips of the range, newest first, with their sum.
import type { AnswerOf } from '../../services/contracts/api.ts'
import { formatKm, formatSpeed } from '../format/number.ts'
import { DAY_MS, formatClock, formatDay, formatDuration } from '../format/time.ts'
import { useText } from '../i18n/i18n.ts'
import type { Range } from '../live/liveUrl.ts'

export function TripList({ trips, range }: { trips: AnswerOf<'listTrips'>['rows']; range: Range }) {
  const { t, locale } = useText()
  if (trips.length === 0) return <p className="quiet">{t('trips.empty')}</p>
  const severalDays = range.toMs - range.fromMs > DAY_MS
  const lasted = (trip: (typeof trips)[number]) => Date.parse(trip.endedAt) - Date.parse(trip.startedAt)
  const distanceM = trips.reduce((sum, trip) => sum + trip.distanceM, 0)
  const durationMs = trips.reduce((sum, trip) => sum + lasted(trip), 0)
  return (
    <>
      <p className="trips-sum">{t('trips.sum', { n: trips.length, km: formatKm(distanceM), time: formatDuration(durationMs, locale) })}</p>
      <ol className="trips">
        {[...trips]
          .sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
          .map((trip) => (
            <li key={trip.startedAt}>
              <span className="figure">
                {severalDays && `${formatDay(Date.parse(trip.startedAt), locale)} `}
                {formatClock(Date.parse(trip.startedAt))}–{trip.ended ? formatClock(Date.parse(trip.endedAt)) : t('trips.going')}
              </span>
              <span className="figure">{formatKm(trip.distanceM)}</span>
              <span className="quiet figure">{formatDuration(lasted(trip), locale)}</span>
              <span className="quiet figure">{t('trips.max', { speed: formatSpeed(trip.maxSpeedKph) })}</span>
            </li>
          ))}
      </ol>
    </>
  )
}
