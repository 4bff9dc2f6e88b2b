// Which order a suspicion is about, and so who drove: the one that it names, or the one under way then.
import type { Facts } from './facts.ts'
import type { Suspicion } from './rule.ts'
import { coverOf } from './spans.ts'

export function orderIdOf({ orders, nowMs }: Pick<Facts, 'orders' | 'nowMs'>, { orderIds, fromMs }: Suspicion): number | null {
  const named = orderIds[0]
  if (named !== undefined) return named
  const under = orders.find((order) => {
    const cover = coverOf(order, nowMs, 0)
    return fromMs >= cover.fromMs && fromMs < cover.untilMs
  })
  return under?.orderId ?? null
}
