// The live map beside the board: where cars are near the pick-up, the way of what is chosen, and the trips of the day. It can be folded away.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Board } from '../../../services/contracts/api/dispatching.ts'
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { RequestDetail } from '../../../services/contracts/api/requests.ts'
import { queryClient, sessionQuery, useAccount } from '../../kit/api/session.ts'
import { ErrorState } from '../../kit/State.tsx'
import { useTheme } from '../../kit/theme/preference.ts'
import { placeOf } from '../../map/areaPlaces.ts'
import { useMapSources } from '../../map/useMapSources.ts'
import { rosterQuery } from '../../parts/live/roster.ts'
import type { DeskMap } from './deskMap.ts'
import { chosenOf, ofOrder, tripsOnMap } from './mapTrips.ts'
import { useText } from './texts.ts'

type Props = {
  board: Board | undefined
  /** Whose trips are drawn. */
  day: string
  /** What is chosen. */
  trip: RequestDetail | OrderDetail | undefined
  /** The vehicle that stands out. */
  vehicleId: number | null
  /** A mark was pressed. */
  onVehicle: (vehicleId: number) => void
}

export function DeskMapPart({ board, day, trip, vehicleId, onVehicle }: Props) {
  const { t, locale } = useText()
  const theme = useTheme()
  const account = useAccount()
  const container = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<DeskMap | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [refused, setRefused] = useState(false)
  const roster = useQuery(rosterQuery)
  const sources = useMapSources()
  const latest = useRef({ theme, locale, t, account, onVehicle })
  latest.current = { theme, locale, t, account, onVehicle }
  const rosterData = roster.data
  useEffect(() => {
    if (!rosterData || !sources) return
    let made: DeskMap | null = null
    let gone = false
    import('./deskMap.ts')
      .then((engine) => {
        if (gone || !container.current) return
        const now = latest.current
        made = new engine.DeskMap({
          container: container.current,
          theme: now.theme,
          locale: now.locale,
          sources,
          at: placeOf(now.account.organisation.adcode),
          roster: rosterData,
          secretName: now.t('secret.vehicle'),
          onVehicle: (id) => id !== null && latest.current.onVehicle(id),
          onRefused: () => setRefused(true),
          onSight: () => void queryClient.invalidateQueries({ queryKey: rosterQuery.queryKey }),
          onEnded: () => void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey }),
        })
        setMap(made)
      })
      .catch((error: unknown) => !gone && setFailure(error))
    return () => {
      gone = true
      made?.destroy()
      setMap(null)
    }
  }, [rosterData, sources])
  useEffect(() => map?.setTheme(theme), [map, theme])
  useEffect(() => map?.setLocale(locale), [map, locale])
  const chosen = useMemo(
    () => (trip ? chosenOf('orderId' in trip ? ofOrder(trip.orderId) : `request:${trip.requestId}`, trip) : null),
    [trip],
  )
  const trips = useMemo(() => (board ? tripsOnMap(board, day, chosen) : []), [board, day, chosen])
  useEffect(() => map?.show(trips), [map, trips])
  useEffect(() => map?.point(vehicleId), [map, vehicleId])

  const error = failure ?? roster.error
  return (
    <section className="desk-map" aria-label={t('deskMap.title')}>
      <div ref={container} className="desk-map-canvas" />
      {error !== null && error !== undefined && !map && <ErrorState error={error} />}
      <p className="desk-map-said quiet" role="status">
        {refused ? t('deskMap.refused') : chosen?.unplaced ? t('deskMap.unplaced') : t('deskMap.drawn', { n: trips.length })}
      </p>
    </section>
  )
}
