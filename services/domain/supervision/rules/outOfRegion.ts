// R04: it left its region without an order. By hysteresis: out is beyond the buffer for some reports, back is inside the border again, so that a
// receiver that scatters at the border raises nothing.
import { z } from 'zod'
import { metresOutside } from '../../geofence.ts'
import { calm, cannot, defineRule, pointsOf, suspect } from '../rule.ts'
import { coverOf, runsOf } from '../spans.ts'

export const outOfRegion = defineRule({
  code: 'R04',
  severity: 'alarm',
  unit: 'm',
  kind: 'event',
  fixes: true,
  params: z.object({
    bufferM: z.number().min(50).max(50_000).default(1_000),
    reports: z.int().min(1).max(60).default(3),
  }),
  judge(facts, { bufferM, reports }) {
    if (facts.trips.length === 0 && facts.fixes.length === 0) return calm()
    const borders = facts.places.filter(({ kind }) => kind === 'border')
    if (borders.length === 0) return cannot('border', facts)
    const covers = facts.orders.map((order) => coverOf(order, facts.nowMs, 0))
    const outside = facts.fixes
      .filter(({ atMs }) => !covers.some(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs))
      .map(({ atMs, at }) => ({ atMs, at, farM: Math.min(...borders.map(({ shape }) => metresOutside(shape, at))) }))
    const runs = runsOf(
      outside,
      ({ farM }) => farM > bufferM,
      ({ farM }) => farM === 0,
    )
    return suspect(
      runs
        .filter((run) => run.filter(({ farM }) => farM > bufferM).length >= reports)
        .map((run) => ({
          fromMs: run[0]!.atMs,
          untilMs: run.at(-1)!.atMs,
          figure: Math.round(Math.max(...run.map(({ farM }) => farM))),
          threshold: bufferM,
          points: pointsOf(run),
          orderIds: [],
        })),
    )
  },
})
