// R25: two vehicles of different units stood beside each other again and again, outside their lots and on no order. Which the other one is, is not said here: whoever
// must know asks within a case who was there.
import { z } from 'zod'
import { addDays, dayAt } from '../../days.ts'
import { distanceM } from '../../geofence.ts'
import type { MeetingFact } from '../facts.ts'
import { defineRule, type Suspicion, suspect } from '../rule.ts'
import { lengthMs, MIN_MS } from '../spans.ts'

export const meetingsAgain = defineRule({
  code: 'R25',
  severity: 'remind',
  unit: 'day',
  kind: 'event',
  meetings: true,
  params: z.object({
    /** Looked for in cells of some four hundred metres and those around. */
    withinM: z.number().min(20).max(300).default(100),
    forMin: z.number().min(10).max(720).default(15),
    days: z.int().min(2).max(14).default(3),
    ofDays: z.int().min(2).max(30).default(14),
  }),
  judge(facts, { withinM, forMin, days, ofDays }) {
    const first = addDays(facts.day, 1 - ofDays)
    const close = facts.meetings
      .filter(
        (meeting) => lengthMs(meeting) >= forMin * MIN_MS && distanceM(meeting.at, meeting.otherAt) <= withinM && dayOf(meeting) >= first,
      )
      .sort((a, b) => a.fromMs - b.fromMs || a.otherId - b.otherId)
    const suspicions = close
      .filter((meeting) => dayOf(meeting) === facts.day)
      .flatMap((meeting): Suspicion[] => {
        const same = close.filter(({ otherId, untilMs }) => otherId === meeting.otherId && untilMs <= meeting.untilMs)
        const met = new Set(same.map(dayOf))
        if (met.size < days) return []
        const points = same.map(({ fromMs, at }) => ({ atMs: fromMs, at })).slice(-100)
        // Two that stood together since yesterday are found on the day on which one of them left.
        const span = { fromMs: Math.max(meeting.fromMs, facts.fromMs), untilMs: meeting.untilMs }
        return [{ ...span, figure: met.size, threshold: days, points, orderIds: [] }]
      })
    return suspect(oneOfEach(suspicions))
  },
})

/** The day on which one of the two left: then it is known for how long they were together. */
const dayOf = ({ untilMs }: MeetingFact): string => dayAt(untilMs - 1)

/** Several that stood there together at one time are one occasion: that with the most days is told. */
function oneOfEach(suspicions: readonly Suspicion[]): Suspicion[] {
  const kept: Suspicion[] = []
  for (const each of [...suspicions].sort((a, b) => b.figure - a.figure || a.fromMs - b.fromMs || b.untilMs! - a.untilMs!))
    if (!kept.some(({ fromMs, untilMs }) => each.fromMs <= untilMs! && fromMs <= each.untilMs!)) kept.push(each)
  return kept
}
