// R05: on an order it was far from the way there for long. The way is the line through the stops of the order, widened by a share of its length, because
// roads are not straight.
import { z } from 'zod'
import { distanceM, type LonLat } from '../../geofence.ts'
import { defineRule, pointsOf, type Verdict } from '../rule.ts'
import { coverOf, lengthMs, MIN_MS, runsOf } from '../spans.ts'

/** Metres from a point to a line of places, on a plane around the point. */
export function metresFromLine(line: readonly LonLat[], point: LonLat): number {
  const perLon = distanceM(point, [point[0] + 0.01, point[1]]) * 100
  const perLat = distanceM(point, [point[0], point[1] + 0.01]) * 100
  const off = ([lon, lat]: LonLat): [number, number] => [(lon - point[0]) * perLon, (lat - point[1]) * perLat]
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [off(line[i - 1]!), off(line[i]!)]
    const [x, y] = [b[0] - a[0], b[1] - a[1]]
    const square = x * x + y * y
    const part = square === 0 ? 0 : Math.min(1, Math.max(0, -(a[0] * x + a[1] * y) / square))
    least = Math.min(least, Math.hypot(a[0] + part * x, a[1] + part * y))
  }
  return least
}

export const routeDeviation = defineRule({
  code: 'R05',
  severity: 'remind',
  unit: 'm',
  kind: 'event',
  fixes: true,
  params: z.object({
    corridorM: z.number().min(500).max(100_000).default(10_000),
    /** So much of the length of the way beside it, at least. */
    sharePercent: z.number().min(0).max(100).default(25),
    forMin: z.number().min(1).max(240).default(10),
  }),
  judge(facts, { corridorM, sharePercent, forMin }): Verdict {
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    for (const order of facts.orders) {
      if (order.departedMs === null) continue
      const { stops, orderId } = order
      const span = { fromMs: order.departedMs, untilMs: order.returnedMs ?? coverOf(order, facts.nowMs, 0).untilMs }
      if (stops.length < 2) {
        verdict.unjudged.push({ why: 'destination', ...span })
        continue
      }
      const lengthM = stops.slice(1).reduce((sum, stop, n) => sum + distanceM(stops[n]!, stop), 0)
      const widthM = Math.max(corridorM, (lengthM * sharePercent) / 100)
      const seen = facts.fixes
        .filter(({ atMs }) => atMs >= span.fromMs && atMs < span.untilMs)
        .map(({ atMs, at }) => ({ atMs, at, farM: metresFromLine(stops, at) }))
      const runs = runsOf(
        seen,
        ({ farM }) => farM > widthM,
        ({ farM }) => farM <= widthM,
      )
      for (const run of runs) {
        const period = { fromMs: run[0]!.atMs, untilMs: run.at(-1)!.atMs }
        if (lengthMs(period) < forMin * MIN_MS) continue
        const figure = Math.round(Math.max(...run.map(({ farM }) => farM)))
        verdict.suspicions.push({ ...period, figure, threshold: Math.round(widthM), points: pointsOf(run), orderIds: [orderId] })
      }
    }
    return verdict
  },
})
