// R12: the terminal said for some minutes that its power was cut. A lone bit is noise.
import { z } from 'zod'
import { defineRule, pointsOf, suspect } from '../rule.ts'
import { MIN_MS, ordersIn, runsOf } from '../spans.ts'

/** JT/T 808 table 24, bit 8: the terminal's main power is off. */
const POWER_OFF = 1 << 8

export const powerCut = defineRule({
  code: 'R12',
  severity: 'alarm',
  unit: 'min',
  kind: 'event',
  fixes: true,
  params: z.object({ forMin: z.number().min(1).max(240).default(5) }),
  judge(facts, { forMin }) {
    const runs = runsOf(
      facts.fixes,
      ({ alarms }) => (alarms & POWER_OFF) !== 0,
      ({ alarms }) => (alarms & POWER_OFF) === 0,
    )
    return suspect(
      runs.flatMap((run) => {
        const period = { fromMs: run[0]!.atMs, untilMs: run.at(-1)!.atMs }
        const figure = Math.round((period.untilMs - period.fromMs) / MIN_MS)
        if (figure < forMin) return []
        return [{ ...period, figure, threshold: forMin, points: pointsOf(run), orderIds: ordersIn(facts, period) }]
      }),
    )
  },
})
