// What happened to one vehicle, in the order of time: it set off, came to rest, stood, was not heard of.
import type { AnswerOf } from '../../../services/contracts/api.ts'
import type { ReplayLine } from '../../../services/domain/replay.ts'

export type ReplayEvent = {
  kind: 'start' | 'stop' | 'gap'
  vehicleId: number
  atMs: number
  /** How long it lasted: the trip, the stay, the silence; null = not over. */
  untilMs: number | null
  /** Driven, or as the crow flies over a gap; null at a stay. */
  metres: number | null
}

type Trips = AnswerOf<'listTrips'>['rows']

export function eventsOf(vehicleId: number, line: ReplayLine, trips: Trips): ReplayEvent[] {
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
    events.push({ kind: 'start', vehicleId, atMs: Date.parse(trip.startedAt), untilMs: trip.ended ? endMs : null, metres: trip.distanceM })
    const next = inOrder[n + 1]
    if (trip.ended) events.push({ kind: 'stop', vehicleId, atMs: endMs, untilMs: next ? Date.parse(next.startedAt) : null, metres: null })
  }
  return events.sort((a, b) => a.atMs - b.atMs)
}
