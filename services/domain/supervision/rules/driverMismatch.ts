// R15: somebody else said to the terminal that he drives than the order names.
import { z } from 'zod'
import { calm, cannot, defineRule, type Verdict } from '../rule.ts'
import { coverOf, MIN_MS } from '../spans.ts'

export const driverMismatch = defineRule({
  code: 'R15',
  severity: 'alarm',
  unit: 'count',
  kind: 'event',
  params: z.object({ graceMin: z.number().min(0).max(120).default(15) }),
  judge(facts, { graceMin }): Verdict {
    if (facts.orders.length === 0) return calm()
    if (facts.logins === null) return cannot('login', facts)
    const suspicions = facts.orders.flatMap((order) => {
      if (order.departedMs === null || order.driverId === null) return []
      const { fromMs, untilMs } = coverOf(order, facts.nowMs, graceMin)
      const others = facts.logins!.filter(({ atMs, driverId }) => atMs >= fromMs && atMs < untilMs && driverId !== order.driverId)
      const [first] = others
      if (!first) return []
      return [
        {
          ...{ fromMs: first.atMs, untilMs: others.at(-1)!.atMs + MIN_MS },
          ...{ figure: others.length, threshold: 1, points: [], orderIds: [order.orderId] },
        },
      ]
    })
    return { suspicions, unjudged: [] }
  },
})
