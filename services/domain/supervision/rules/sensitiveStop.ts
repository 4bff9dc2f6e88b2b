// R09: it stood for long at a place of a kind that is looked at, and no order leads there.
import { z } from 'zod'
import { distanceM, metresOutside } from '../../geofence.ts'
import { sensitiveKinds } from '../../places.ts'
import { defineRule, type Verdict } from '../rule.ts'
import { lengthMs, MIN_MS, ordersIn } from '../spans.ts'

export const sensitiveStop = defineRule({
  code: 'R09',
  severity: 'alarm',
  unit: 'min',
  kind: 'event',
  params: z.object({
    withinM: z.number().min(0).max(2_000).default(100),
    forMin: z.number().min(5).max(1_440).default(15),
    kinds: z.array(z.enum(sensitiveKinds)).min(1).default(['hotel', 'entertainment', 'scenic']),
    /** An order that leads so near has its reason there. */
    destinationM: z.number().min(0).max(20_000).default(1_000),
  }),
  judge(facts, { withinM, forMin, kinds, destinationM }): Verdict {
    const verdict: Verdict = { suspicions: [], unjudged: [] }
    const places = facts.places.filter(({ kind, sensitiveKind }) => kind === 'sensitive' && kinds.includes(sensitiveKind!))
    for (const stay of facts.stays) {
      if (lengthMs(stay) < forMin * MIN_MS) continue
      const place = places.find(({ shape }) => metresOutside(shape, stay.at) <= withinM)
      if (!place) continue
      if (!stay.sure) {
        verdict.unjudged.push({ why: 'moved', fromMs: stay.fromMs, untilMs: stay.untilMs })
        continue
      }
      const orderIds = ordersIn(facts, stay)
      const isMeant = facts.orders.some(
        ({ orderId, stops }) => orderIds.includes(orderId) && stops.some((stop) => distanceM(stop, stay.at) <= destinationM),
      )
      if (isMeant) continue
      verdict.suspicions.push({
        ...{ fromMs: stay.fromMs, untilMs: stay.untilMs, figure: Math.round(lengthMs(stay) / MIN_MS), threshold: forMin },
        ...{ points: [{ atMs: stay.fromMs, at: stay.at }], orderIds, note: place.name },
      })
    }
    return verdict
  },
})
