// R23: dispatched in an emergency and not approved afterwards in time. Approved late it stays, with how late.
import { z } from 'zod'
import { defineRule, suspect } from '../rule.ts'
import { HOUR_MS, MIN_MS } from '../spans.ts'

export const emergencyNotRatified = defineRule({
  code: 'R23',
  severity: 'alarm',
  unit: 'h',
  kind: 'event',
  params: z.object({ graceH: z.number().min(0).max(240).default(0) }),
  judge: (facts, { graceH }) =>
    suspect(
      facts.orders.flatMap(({ orderId, emergency }) => {
        if (!emergency) return []
        const fromMs = emergency.ratifyByMs + graceH * HOUR_MS
        if (fromMs >= (emergency.ratifiedMs ?? facts.nowMs)) return []
        const late = emergency.ratifiedMs === null ? graceH : Math.ceil((emergency.ratifiedMs - emergency.ratifyByMs) / HOUR_MS)
        return [{ fromMs, untilMs: emergency.ratifiedMs, figure: late, threshold: graceH, points: [], orderIds: [orderId] }]
      }),
    ),
  again: (facts, { graceH }) => {
    const due = facts.orders.flatMap(({ emergency }) =>
      emergency && emergency.ratifiedMs === null ? [emergency.ratifyByMs + graceH * HOUR_MS] : [],
    )
    const ahead = due.filter((atMs) => atMs >= facts.nowMs)
    return ahead.length === 0 ? null : Math.min(...ahead) + MIN_MS
  },
})
