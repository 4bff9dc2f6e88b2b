// R02: it drove outside office hours on a working day, for which no order was planned. A night belongs to the evening on which it began; a year whose
// calendar nobody announced is not judged.
import { z } from 'zod'
import { addDays, dayAt, dayStartMs } from '../../days.ts'
import type { Facts } from '../facts.ts'
import { defineRule, pointsOf, type Suspicion, type Verdict } from '../rule.ts'
import { dutiesOf, lengthMs, MIN_MS, metresWithin, momentsOf, ordersIn, overlaps, planOf, type Span, windowsIn, without } from '../spans.ts'

/** The hours off duty of working days that touch a span: from the end of office hours to their next beginning, as far as the calendar knows. */
function nightsIn(facts: Facts, span: Span): { nights: Span[]; unknown: Span[] } {
  const nights: Span[] = []
  const unknown: Span[] = []
  for (let day = addDays(dayAt(span.fromMs), -1); day <= dayAt(span.untilMs); day = addDays(day, 1)) {
    const whole = { fromMs: dayStartMs(day), untilMs: dayStartMs(addDays(day, 1)) }
    const [kind, hours] = [facts.calendar.dayKind(day), facts.calendar.hoursOn(day)]
    if (kind === 'unknown' || !hours) {
      if (overlaps(whole, span)) unknown.push(whole)
      continue
    }
    if (kind === 'holiday') continue
    const next = addDays(day, 1)
    const opens = facts.calendar.hoursOn(next)?.startMinute ?? hours.startMinute
    // A free day after it has a rule of its own, from midnight on; the early hours belong to this evening all the same.
    nights.push({ fromMs: whole.fromMs + hours.endMinute * MIN_MS, untilMs: whole.untilMs + opens * MIN_MS })
    // The morning of a working day after a free one has no evening that it belongs to.
    if (facts.calendar.dayKind(addDays(day, -1)) !== 'workday')
      nights.push({ fromMs: whole.fromMs, untilMs: whole.fromMs + hours.startMinute * MIN_MS })
  }
  return { nights: nights.filter((night) => overlaps(night, span)), unknown }
}

export const offHoursUse = defineRule({
  code: 'R02',
  severity: 'alarm',
  unit: 'm',
  kind: 'event',
  params: z.object({
    moreThanM: z.number().min(100).max(100_000).default(500),
    graceMin: z.number().min(0).max(240).default(30),
    /** A window of its own in place of the hours of the calendar: minutes from midnight, and its days (bit 0 is Monday). */
    window: z
      .object({
        startMinute: z.int().min(0).max(1439),
        endMinute: z.int().min(0).max(1440),
        weekdays: z.int().min(1).max(127),
      })
      .nullable()
      .default(null),
  }),
  judge(facts, { moreThanM, graceMin, window }): Verdict {
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    const plans = [...facts.orders.map((order) => planOf(order, graceMin)), ...dutiesOf(facts)]
    for (const trip of facts.trips) {
      const { nights, unknown } = window ? { nights: windowsIn(trip, window), unknown: [] } : nightsIn(facts, trip)
      for (const { fromMs, untilMs } of unknown)
        verdict.unjudged.push({ why: 'calendar', fromMs: Math.max(fromMs, trip.fromMs), untilMs: Math.min(untilMs, trip.untilMs) })
      for (const night of nights) {
        const within = { fromMs: Math.max(night.fromMs, trip.fromMs), untilMs: Math.min(night.untilMs, trip.untilMs) }
        for (const part of without(within, plans)) {
          const metres = metresWithin(trip, part)
          if (lengthMs(part) === 0 || metres <= moreThanM) continue
          const points = momentsOf(facts, trip).filter(({ atMs }) => atMs >= part.fromMs && atMs <= part.untilMs)
          const found: Suspicion = {
            ...{ ...part, figure: metres, threshold: moreThanM },
            ...{ points: pointsOf(points), orderIds: ordersIn(facts, part) },
          }
          verdict.suspicions.push(found)
        }
      }
    }
    return verdict
  },
})
