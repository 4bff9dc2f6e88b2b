// R16: it is back, and nowhere near the destination was it seen: neither at rest nor passing. Where the track has a hole nothing is said.
import { z } from 'zod'
import { distanceM } from '../../geofence.ts'
import { defineRule, pointsOf, type Verdict } from '../rule.ts'
import { endsOf, MIN_MS, overlapMs } from '../spans.ts'

/** A longer silence on the way may hide that it was there. */
const HOLE_MS = 30 * MIN_MS
/** Moments are known for so long after the day. */
const REACH_MS = 12 * 60 * MIN_MS

export const destinationMismatch = defineRule({
  code: 'R16',
  severity: 'alarm',
  unit: 'm',
  kind: 'event',
  fixes: true,
  params: z.object({ withinM: z.number().min(100).max(50_000).default(2_000) }),
  judge(facts, { withinM }): Verdict {
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    for (const { orderId, departedMs, returnedMs, destination } of facts.orders) {
      if (departedMs === null || returnedMs === null || returnedMs <= departedMs) continue
      const span = { fromMs: departedMs, untilMs: returnedMs }
      if (destination === null) {
        verdict.unjudged.push({ why: 'destination', ...span })
        continue
      }
      const trips = facts.trips.filter((trip) => overlapMs(trip, span) > 0)
      const moments = facts.fixes.filter(({ atMs }) => atMs >= departedMs && atMs <= returnedMs)
      const seen = moments.length > 0 ? moments : trips.flatMap(endsOf)
      const hidden = trips.some(({ fromMs, untilMs }) => {
        const times = [fromMs, ...moments.filter(({ atMs }) => atMs > fromMs && atMs < untilMs).map(({ atMs }) => atMs), untilMs]
        return times.some((atMs, n) => n > 0 && atMs - times[n - 1]! > HOLE_MS)
      })
      // Of a long trip only its first day is known here, and of a late one perhaps not the end.
      const isWhole = returnedMs <= Math.min(facts.knownMs, facts.untilMs + REACH_MS)
      const nearestM = Math.round(Math.min(...seen.map(({ at }) => distanceM(at, destination))))
      if (nearestM <= withinM) continue
      if (seen.length === 0 || hidden || !isWhole) {
        verdict.unjudged.push({ why: 'track', ...span })
        continue
      }
      verdict.suspicions.push({ ...span, figure: nearestM, threshold: withinM, points: pointsOf(seen), orderIds: [orderId] })
    }
    return verdict
  },
  // Trips are derived some minutes after they end.
  again: ({ orders, knownMs, nowMs }) =>
    orders.some(({ returnedMs }) => returnedMs !== null && returnedMs > knownMs && returnedMs <= nowMs) ? nowMs + 10 * MIN_MS : null,
})
