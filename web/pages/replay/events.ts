// What happened, in the order of time: it set off, came to rest, stood, was not heard of; an order began; somebody noted something of it.
import type { AnswerOf } from '../../../services/contracts/api.ts'
import { findNext, findPrevious, type ReplayLine } from '../../../services/domain/replay.ts'

export type ReplayEvent = {
  kind: 'start' | 'stop' | 'gap' | 'order' | 'finding'
  vehicleId: number
  atMs: number
  /** How long it lasted: the trip, the stay, the silence; null = not over. */
  untilMs: number | null
  /** Driven, or as the crow flies over a gap; null at a stay. */
  metres: number | null
  /** Of a trip: how much of its way is the line across its gaps, which nobody saw. */
  unseenM?: number
  /** The number of an order, the words of a finding. */
  text?: string
  /** Of an order. */
  orderId?: number
}
/** What was noted of a moment or a stretch of a vehicle, within the case. */
export type ReplayFinding = { vehicleId: number; fromMs: number; untilMs: number; text: string }

/** So far from each other two fixes of one that stands may lie; no more than 0.0 km is told of it. */
const SAME_PLACE_M = 50
export const isSamePlace = (metres: number): boolean => metres < SAME_PLACE_M

type Trips = AnswerOf<'listTrips'>['rows']
type Orders = AnswerOf<'listOrders'>['rows']
type Of = { vehicleId: number; line: ReplayLine; trips: Trips; orders: Orders; findings: readonly ReplayFinding[] }

export function eventsOf({ vehicleId, line, trips, orders, findings }: Of): ReplayEvent[] {
  const events: ReplayEvent[] = line.gaps.map((gap) => ({
    kind: 'gap',
    vehicleId,
    atMs: gap.fromMs,
    untilMs: gap.untilMs,
    metres: gap.metres,
  }))
  const inOrder = [...trips].sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt))
  for (const [n, trip] of inOrder.entries()) {
    const endMs = Date.parse(trip.endedAt)
    const atMs = Date.parse(trip.startedAt)
    const unseenM = line.gaps.reduce((sum, gap) => (gap.fromMs >= atMs && gap.untilMs <= endMs ? sum + gap.metres : sum), 0)
    events.push({ kind: 'start', vehicleId, atMs, untilMs: trip.ended ? endMs : null, metres: trip.distanceM, unseenM })
    const next = inOrder[n + 1]
    if (trip.ended) events.push({ kind: 'stop', vehicleId, atMs: endMs, untilMs: next ? Date.parse(next.startedAt) : null, metres: null })
  }
  for (const { orderId, number, startsAt, endsAt } of orders)
    events.push({ kind: 'order', vehicleId, atMs: Date.parse(startsAt), untilMs: Date.parse(endsAt), metres: null, text: number, orderId })
  for (const { fromMs, untilMs, text } of findings) events.push({ kind: 'finding', vehicleId, atMs: fromMs, untilMs, metres: null, text })
  return events.sort((a, b) => a.atMs - b.atMs)
}

/** Where to jump from `ms`: to the next of a kind (null: of any), or the one before it. */
export function jumpTo(events: readonly ReplayEvent[], kind: ReplayEvent['kind'] | null, ms: number, back: boolean): number | undefined {
  const starts = events.filter((event) => kind === null || event.kind === kind).map(({ atMs }) => atMs)
  return back ? findPrevious(starts, ms) : findNext(starts, ms)
}
