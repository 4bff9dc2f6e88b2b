// What of the board stands on the map. Pure.
import type { Board } from '../../../services/contracts/api/dispatching.ts'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { dayAt } from '../../../services/domain/days.ts'
import type { MapTrip, TripMark } from '../../map/tripOverlay.ts'
import { ordersOn, type Range } from './boardGeometry.ts'

/** What is chosen: its places that are points. `unplaced`: some of it is known by name alone. */
type Chosen = { id: string; places: [number, number][]; marks: TripMark[]; unplaced: boolean }

/** The day whose trips are drawn: the one that is shown; of a week today, where it is in it. */
export function dayOnMap(day: string, { fromMs, untilMs }: Range, nowMs = Date.now()): string {
  return nowMs >= fromMs && nowMs < untilMs ? dayAt(nowMs) : day
}

type Stops = Pick<RequestRow, 'from' | 'via' | 'to'>
export function chosenOf(id: string, { from, via, to }: Stops): Chosen {
  const stops = [from, ...via, to]
  const placed = stops.flatMap(({ lon, lat }, n) => {
    const mark: TripMark = n === 0 ? 'start' : n === stops.length - 1 ? 'end' : n
    return lon === null || lat === null ? [] : [{ place: [lon, lat] as [number, number], mark }]
  })
  return {
    id,
    places: placed.map(({ place }) => place),
    marks: placed.map(({ mark }) => mark),
    unplaced: placed.length < stops.length,
  }
}

export const ofOrder = (orderId: number): string => `order:${orderId}`

/** The trips of a day, each once, the chosen one last and marked. */
export function tripsOnMap(board: Board, day: string, chosen: Chosen | null): MapTrip[] {
  const ofDay = ordersOn(board, day)
  const others = board.routes.filter(({ orderId }) => ofDay.has(orderId) && ofOrder(orderId) !== chosen?.id)
  return [
    ...others.map(({ orderId, places }): MapTrip => ({ id: ofOrder(orderId), places, chosen: false })),
    ...(chosen && chosen.places.length > 0 ? [{ id: chosen.id, places: chosen.places, chosen: true, marks: chosen.marks }] : []),
  ]
}
