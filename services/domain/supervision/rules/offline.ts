// R11: nothing was heard of its terminal. A thing to look after, and no reproach: out there are places without coverage.
import { z } from 'zod'
import { calm, defineRule, suspect } from '../rule.ts'
import { HOUR_MS } from '../spans.ts'

export const offline = defineRule({
  code: 'R11',
  severity: 'remind',
  unit: 'h',
  kind: 'state',
  params: z.object({ moreThanH: z.number().min(1).max(2_160).default(24) }),
  judge(facts, { moreThanH }) {
    const { heardMs, nowMs, vehicle } = facts
    if (heardMs === null || vehicle.state !== 'AVAILABLE') return calm()
    if (nowMs - heardMs <= moreThanH * HOUR_MS) return calm()
    const last = facts.trips.at(-1)
    const points = last ? [{ atMs: last.untilMs, at: last.restAt }] : []
    return suspect([{ fromMs: heardMs, untilMs: null, figure: moreThanH, threshold: moreThanH, points, orderIds: [] }])
  },
})
