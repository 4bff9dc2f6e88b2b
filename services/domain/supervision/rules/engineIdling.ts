// R21: the engine ran for long while it stood.
import { z } from 'zod'
import { defineRule, pointsOf, suspect } from '../rule.ts'
import { MIN_MS, ordersIn, runsOf } from '../spans.ts'

/** Slower than this is standing, as in docs/trips.md. */
const STANDING_KPH = 3

export const engineIdling = defineRule({
  code: 'R21',
  severity: 'remind',
  unit: 'min',
  kind: 'event',
  fixes: true,
  params: z.object({ forMin: z.number().min(5).max(240).default(20) }),
  judge(facts, { forMin }) {
    const idles = ({ ignition, fastestKph }: (typeof facts.fixes)[number]) =>
      ignition === true && fastestKph !== null && fastestKph < STANDING_KPH
    return suspect(
      runsOf(facts.fixes, idles, (fix) => !idles(fix)).flatMap((run) => {
        const period = { fromMs: run[0]!.atMs, untilMs: run.at(-1)!.atMs }
        const figure = Math.round((period.untilMs - period.fromMs) / MIN_MS)
        if (figure < forMin) return []
        return [{ ...period, figure, threshold: forMin, points: pointsOf(run.slice(0, 1)), orderIds: ordersIn(facts, period) }]
      }),
    )
  },
})
