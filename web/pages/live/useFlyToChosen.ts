// Moves the map where a choice leads: to a vehicle that came by a link or the search, to a league or unit chosen as filter.
import { type RefObject, useEffect, useRef } from 'react'
import { REGION_BBOX } from '../../../services/domain/region/region.ts'
import { queryClient } from '../../kit/api/session.ts'
import { placeOf, placeOfCounted } from '../../map/areaPlaces.ts'
import { useOrganisations } from '../../parts/organisation/organisations.ts'
import type { LiveUrl } from '../../parts/vehicle/liveUrl.ts'
import { vehicleQuery } from '../../parts/vehicle/queries.ts'
import type { LiveMap } from './liveMap.ts'

export const CLOSE_ZOOM = 14

/** @param chosenHere the vehicle that was chosen on this page: its mark is in sight already. */
export function useFlyToVehicle(map: LiveMap | null, state: LiveUrl, chosenHere: RefObject<number | null>): void {
  const { vehicleId } = state
  const hasPlace = useRef(false)
  // A trail of a chosen range moves the map to itself.
  hasPlace.current = state.at !== null || (state.range !== null && state.trail)
  useEffect(() => {
    if (!map || vehicleId === null || vehicleId === chosenHere.current || hasPlace.current) return
    let gone = false
    queryClient
      .ensureQueryData(vehicleQuery(vehicleId))
      .then(({ last }) => {
        if (last && !gone) map.flyTo({ center: [last.lon, last.lat], zoom: CLOSE_ZOOM })
      })
      // The drawer shows the same refusal with its sentence.
      .catch(() => undefined)
    return () => {
      gone = true
    }
  }, [map, vehicleId, chosenHere])
}

/** Follows a change of league or unit, not the filter the page was opened with. */
export function useFlyToArea(map: LiveMap | null, { filter }: LiveUrl): void {
  const tree = useOrganisations()
  const { league, organisationId } = filter
  const unitAdcode = organisationId === undefined ? undefined : tree?.byId.get(organisationId)?.adcode
  const known = tree !== undefined
  const last = useRef<string | null>(null)
  useEffect(() => {
    if (!map || !known) return
    const place = league === undefined ? placeOf(unitAdcode) : placeOfCounted(league)
    const wanted = league ?? unitAdcode ?? ''
    if (last.current !== null && last.current !== wanted) map.flyTo(place ?? { bbox: [...REGION_BBOX] })
    last.current = wanted
  }, [map, known, league, unitAdcode])
}
