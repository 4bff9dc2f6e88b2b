// What of the board stands on the map. Pure.
import type { Board } from '../../../services/contracts/api/dispatching.ts'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import type { MapTrip } from '../../map/tripOverlay.ts'

/** What is chosen: its places that are points. `unplaced`: some of it is known by name alone. */
export type Chosen = { id: string; places: [number, number][]; unplaced: boolean }

type Stops = Pick<RequestRow, 'from' | 'via' | 'to'>
export function chosenOf(id: string, { from, via, to }: Stops): Chosen {
  const stops = [from, ...via, to]
  const places = stops.flatMap(({ lon, lat }): [number, number][] => (lon === null || lat === null ? [] : [[lon, lat]]))
  return { id, places, unplaced: places.length < stops.length }
}

export const ofOrder = (orderId: number): string => `order:${orderId}`

/** Each trip once, the chosen one last and marked. */
export function tripsOnMap(routes: Board['routes'], chosen: Chosen | null): MapTrip[] {
  const others = routes.filter(({ orderId }) => ofOrder(orderId) !== chosen?.id)
  return [
    ...others.map(({ orderId, places }): MapTrip => ({ id: ofOrder(orderId), places, chosen: false })),
    ...(chosen && chosen.places.length > 0 ? [{ id: chosen.id, places: chosen.places, chosen: true }] : []),
  ]
}
