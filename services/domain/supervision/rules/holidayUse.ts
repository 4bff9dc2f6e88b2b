// R03: a sealed vehicle moved; or a vehicle drove on a free day without an order that was planned for it. A Sunday that is worked (调休) is a working day.
import { z } from 'zod'
import { addDays, dayAt, dayStartMs } from '../../days.ts'
import { defineRule, pointsOf, type Verdict } from '../rule.ts'
import { dutiesOf, metresWithin, momentsOf, ordersIn, overlaps, planOf, type Span, without } from '../spans.ts'

export const holidayUse = defineRule({
  code: 'R03',
  severity: 'alarm',
  unit: 'm',
  kind: 'event',
  params: z.object({
    moreThanM: z.number().min(50).max(100_000).default(200),
    graceMin: z.number().min(0).max(240).default(30),
    /** Free days are judged though the vehicle was not sealed. */
    holidays: z.boolean().default(true),
    /** Law enforcement is on duty on free days. */
    lawEnforcement: z.boolean().default(false),
  }),
  judge(facts, { moreThanM, graceMin, holidays, lawEnforcement }): Verdict {
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    const seals = facts.seals.map(({ fromMs, untilMs }) => ({ fromMs, untilMs: untilMs ?? facts.nowMs }))
    const plans = [...facts.orders.map((order) => planOf(order, graceMin)), ...dutiesOf(facts)]
    const judgesDays = holidays && (lawEnforcement || facts.vehicle.class !== 'law_enforcement')
    for (const trip of facts.trips) {
      const free: Span[] = []
      for (let day = dayAt(trip.fromMs); judgesDays && day <= dayAt(trip.untilMs); day = addDays(day, 1)) {
        const within = {
          fromMs: Math.max(dayStartMs(day), trip.fromMs),
          untilMs: Math.min(dayStartMs(addDays(day, 1)), trip.untilMs),
        }
        const [kind, before] = [facts.calendar.dayKind(day), facts.calendar.dayKind(addDays(day, -1))]
        if (kind === 'unknown') verdict.unjudged.push({ why: 'calendar', ...within })
        // The hours after midnight of a working day belong to its evening (R02).
        const opensMs = before === 'workday' ? dayStartMs(day) + (facts.calendar.hoursOn(day)?.startMinute ?? 0) * 60_000 : 0
        if (kind === 'holiday') free.push({ fromMs: Math.max(within.fromMs, opensMs), untilMs: within.untilMs })
      }
      const parts = [...seals.filter((seal) => overlaps(seal, trip)), ...free.flatMap((span) => without(span, [...seals, ...plans]))]
      for (const { fromMs, untilMs } of parts) {
        const part = { fromMs: Math.max(fromMs, trip.fromMs), untilMs: Math.min(untilMs, trip.untilMs) }
        const metres = part.untilMs > part.fromMs ? metresWithin(trip, part) : 0
        if (metres <= moreThanM) continue
        const points = momentsOf(facts, trip).filter(({ atMs }) => atMs >= part.fromMs && atMs <= part.untilMs)
        verdict.suspicions.push({
          ...{ ...part, figure: metres, threshold: moreThanM },
          ...{ points: pointsOf(points), orderIds: ordersIn(facts, part) },
        })
      }
    }
    return verdict
  },
})
