// R13: odometer and track of a day say different things, the odometer went back, or it drove further than anybody does in a day. Where the track has holes
// the two cannot be held against each other.
import { z } from 'zod'
import { defineRule, type Verdict } from '../rule.ts'
import { endsOf, ordersIn } from '../spans.ts'

export const mileageAnomaly = defineRule({
  code: 'R13',
  severity: 'remind',
  unit: 'percent',
  kind: 'event',
  params: z.object({
    moreThanPercent: z.number().min(1).max(100).default(10),
    /** Less says nothing by its share. */
    leastM: z.number().min(1_000).max(1_000_000).default(20_000),
    mostDayM: z.number().min(100_000).max(3_000_000).default(1_000_000),
  }),
  judge(facts, { moreThanPercent, leastM, mostDayM }): Verdict {
    const trips = facts.trips.filter(({ fromMs }) => fromMs >= facts.fromMs && fromMs < facts.untilMs)
    const [first, last] = [trips[0], trips.at(-1)]
    if (!first || !last) return { suspicions: [], unjudged: [] }
    const period = { fromMs: first.fromMs, untilMs: last.untilMs }
    const evidence = { points: trips.flatMap(endsOf).slice(0, 100), orderIds: ordersIn(facts, period) }
    const drivenM = trips.reduce((sum, { distanceM }) => sum + distanceM, 0)
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    if (drivenM > mostDayM)
      verdict.suspicions.push({ ...period, figure: Math.round((100 * drivenM) / mostDayM), threshold: 100, ...evidence, note: 'day' })
    const both = trips.filter(({ trackM, odometerM }) => trackM !== null && odometerM !== null)
    if (both.length < trips.length) verdict.unjudged.push({ why: 'odometer', ...period })
    const [trackM, odometerM] = [both.reduce((sum, trip) => sum + trip.trackM!, 0), both.reduce((sum, trip) => sum + trip.odometerM!, 0)]
    const longer = Math.max(trackM, odometerM)
    if (longer < leastM) return verdict
    const figure = Math.round((100 * Math.abs(odometerM - trackM)) / longer)
    if (figure > moreThanPercent) verdict.suspicions.push({ ...period, figure, threshold: moreThanPercent, ...evidence })
    return verdict
  },
})
