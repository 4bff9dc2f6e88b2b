// R10: it stood the night elsewhere than in its lots, and no order had it away. The night belongs to the evening on which it began.
import { z } from 'zod'
import { metresOutside } from '../../geofence.ts'
import { calm, cannot, defineRule, type Verdict } from '../rule.ts'
import { afterNight, coverOf, dutiesOf, lengthMs, MIN_MS, overlapMs, overlaps, windowsIn } from '../spans.ts'

export const notParkedHome = defineRule({
  code: 'R10',
  severity: 'remind',
  unit: 'm',
  kind: 'event',
  params: z.object({
    startMinute: z.int().min(0).max(1439).default(1_200),
    endMinute: z.int().min(0).max(1439).default(360),
    withinM: z.number().min(50).max(10_000).default(300),
    forMin: z.number().min(10).max(720).default(60),
  }),
  judge(facts, { startMinute, endMinute, withinM, forMin }): Verdict {
    const lots = facts.places.filter(({ kind }) => kind === 'lot')
    const stays = facts.stays.filter((stay) => overlaps(stay, { fromMs: facts.fromMs, untilMs: facts.untilMs + 12 * 60 * MIN_MS }))
    if (stays.length === 0) return calm()
    if (lots.length === 0) return cannot('lots', facts)
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    const covers = [...facts.orders.map((order) => coverOf(order, facts.nowMs, 0)), ...dutiesOf(facts)]
    for (const window of windowsIn(facts, { startMinute, endMinute, weekdays: 127 }))
      for (const stay of stays) {
        const span = { fromMs: Math.max(stay.fromMs, window.fromMs), untilMs: Math.min(stay.untilMs, window.untilMs) }
        if (lengthMs(span) < forMin * MIN_MS) continue
        const farM = Math.min(...lots.map(({ shape }) => metresOutside(shape, stay.at)))
        if (farM <= withinM) continue
        if (covers.some((cover) => overlapMs(cover, span) > 0)) continue
        if (!stay.sure) {
          verdict.unjudged.push({ why: 'moved', ...span })
          continue
        }
        const points = [{ atMs: span.fromMs, at: stay.at }]
        verdict.suspicions.push({ ...span, figure: Math.round(farM), threshold: withinM, points, orderIds: [] })
      }
    return verdict
  },
  again: (facts, { startMinute, endMinute, withinM }) => afterNight(facts, { startMinute, endMinute }, withinM),
})
