// The trips of the range, newest first, with their sum as the server adds it; and apart from them the moves that nobody saw.
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { DAY_MS } from '../../../services/domain/days.ts'
import { formatKm, formatSpeed } from '../../kit/format/number.ts'
import { formatClock, formatDay, formatDuration, formatInstant } from '../../kit/format/time.ts'
import { useText } from '../texts.ts'
import type { Range } from './liveUrl.ts'

type Trips = AnswerOf<'listTrips'>
type Trip = Trips['rows'][number]

export function TripList({ trips, range }: { trips: Trips; range: Range }) {
  const { t, locale } = useText()
  const { rows, total, more, displacements } = trips
  const severalDays = range.toMs - range.fromMs > DAY_MS
  const at = (instant: string) => `${severalDays ? `${formatDay(Date.parse(instant), locale)} ` : ''}${formatClock(Date.parse(instant))}`
  return (
    <>
      {rows.length === 0 ? (
        <p className="quiet">{t('trips.empty')}</p>
      ) : (
        <>
          <p className="trips-sum">
            {t('trips.sum', { n: total.trips, km: formatKm(total.distanceM), time: formatDuration(total.durationMs, locale) })}
          </p>
          <ol className="trips">
            {[...rows]
              .sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
              .map((trip) => (
                <li key={trip.startedAt}>
                  <span className="figure">
                    {at(trip.startedAt)}–{trip.ended ? formatClock(Date.parse(trip.endedAt)) : t('trips.going')}
                  </span>
                  <span className="figure">{formatKm(trip.distanceM)}</span>
                  <span className="quiet figure">{formatDuration(Date.parse(trip.endedAt) - Date.parse(trip.startedAt), locale)}</span>
                  <span className="quiet figure">{t('trips.max', { speed: formatSpeed(trip.maxSpeedKph) })}</span>
                  <TripNotes trip={trip} />
                </li>
              ))}
          </ol>
          {more && <p className="quiet">{t('trips.more', { n: rows.length })}</p>}
        </>
      )}
      {displacements.length > 0 && (
        <>
          <p className="trips-sum">{t('moves.title')}</p>
          <ol className="trips trips-moves">
            {displacements.map((move) => (
              <li key={move.endedAt}>
                <span className="figure">
                  {at(move.startedAt)}–{formatClock(Date.parse(move.endedAt))}
                </span>
                <span className="figure">{formatKm(move.distanceM)}</span>
                <span className="quiet trip-note">{t(`moves.${move.kind}`)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  )
}

/** What a trip says of itself: cut by the window, ignition off, and by what it was measured; in figures where the two sources differ. */
function TripNotes({ trip }: { trip: Trip }) {
  const { t } = useText()
  const notes: string[] = []
  if (trip.whole)
    notes.push(
      t('trips.part', {
        from: formatInstant(Date.parse(trip.whole.startedAt)),
        to: formatInstant(Date.parse(trip.whole.endedAt)),
        km: formatKm(trip.whole.distanceM),
      }),
    )
  if (trip.whole && trip.maxSpeedKph !== null) notes.push(t('trips.maxOfWhole'))
  if (trip.ignitionOff) notes.push(t('trips.ignitionOff'))
  const { trackM, odometerM } = trip
  if (trackM !== null && odometerM !== null && Math.abs(trackM - odometerM) > Math.max(200, trackM * 0.02))
    notes.push(t(`trips.by.${trip.distanceBy}`, { odometer: formatKm(odometerM), track: formatKm(trackM) }))
  else notes.push(t(`trips.used.${trip.distanceBy}`))
  return <span className="quiet trip-note">{notes.join(' · ')}</span>
}
