// R07: every report of some seconds was faster than what its class may. Which road it was on is not known, so the limit is the motorway's unless the unit
// sets its own; a receiver that says one wild speed raises nothing.
import { z } from 'zod'
import { defineRule, pointsOf, suspect } from '../rule.ts'
import { ordersIn, runsOf } from '../spans.ts'

export const overspeed = defineRule({
  code: 'R07',
  severity: 'alarm',
  unit: 'kph',
  kind: 'event',
  fixes: true,
  params: z.object({
    limitKph: z.number().min(20).max(200).default(120),
    /** A meter may be off by so much. */
    toleranceKph: z.number().min(0).max(30).default(5),
    forS: z.number().min(1).max(600).default(10),
  }),
  judge(facts, { limitKph, toleranceKph, forS }) {
    const mostKph = limitKph + toleranceKph
    const runs = runsOf(
      facts.fixes.filter(({ slowestKph }) => slowestKph !== null),
      ({ slowestKph }) => slowestKph! > mostKph,
      ({ slowestKph }) => slowestKph! <= mostKph,
    )
    return suspect(
      runs
        .filter((run) => run.length > 1 && run.at(-1)!.atMs - run[0]!.atMs >= forS * 1000)
        .map((run) => {
          const period = { fromMs: run[0]!.atMs, untilMs: run.at(-1)!.atMs }
          const figure = Math.round(Math.max(...run.map(({ slowestKph }) => slowestKph!)))
          return { ...period, figure, threshold: limitKph, points: pointsOf(run), orderIds: ordersIn(facts, period) }
        }),
    )
  },
})
