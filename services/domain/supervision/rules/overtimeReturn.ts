// R06: the order is over and its vehicle is not back.
import { z } from 'zod'
import type { Facts, OrderFact } from '../facts.ts'
import { defineRule, suspect } from '../rule.ts'
import { MIN_MS } from '../spans.ts'

const dueMs = ({ endsMs }: OrderFact, graceMin: number): number => endsMs + graceMin * MIN_MS
const isOut = ({ departedMs, returnedMs }: OrderFact): boolean => departedMs !== null && returnedMs === null

export const overtimeReturn = defineRule({
  code: 'R06',
  severity: 'remind',
  unit: 'min',
  kind: 'event',
  params: z.object({ graceMin: z.number().min(1).max(1_440).default(30) }),
  judge: (facts: Facts, { graceMin }) =>
    suspect(
      facts.orders.flatMap((order) => {
        const { departedMs, returnedMs, orderId } = order
        const fromMs = dueMs(order, graceMin)
        if (departedMs === null || fromMs >= (returnedMs ?? facts.nowMs)) return []
        const late = returnedMs === null ? graceMin : Math.round((returnedMs - order.endsMs) / MIN_MS)
        return [{ fromMs, untilMs: returnedMs, figure: late, threshold: graceMin, points: [], orderIds: [orderId] }]
      }),
    ),
  again: (facts, { graceMin }) => {
    const due = facts.orders.filter(isOut).map((order) => dueMs(order, graceMin))
    const ahead = due.filter((atMs) => atMs >= facts.nowMs)
    return ahead.length === 0 ? null : Math.min(...ahead) + MIN_MS
  },
})
