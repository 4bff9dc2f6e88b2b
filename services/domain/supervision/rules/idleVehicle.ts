// R18: nobody has driven it for weeks: it may be needed elsewhere.
import { z } from 'zod'
import { DAY_MS } from '../../days.ts'
import { calm, defineRule, suspect } from '../rule.ts'

export const idleVehicle = defineRule({
  code: 'R18',
  severity: 'remind',
  unit: 'day',
  kind: 'state',
  params: z.object({ days: z.int().min(1).max(365).default(30) }),
  judge(facts, { days }) {
    const { vehicle, nowMs, heardMs } = facts
    // A terminal that is silent proves no rest.
    if (vehicle.state !== 'AVAILABLE' || heardMs === null || nowMs - heardMs > 2 * DAY_MS) return calm()
    const last = facts.trips.at(-1)
    const sinceMs = Math.max(last?.untilMs ?? 0, vehicle.inServiceMs)
    if (nowMs - sinceMs <= days * DAY_MS) return calm()
    const points = last ? [{ atMs: last.untilMs, at: last.restAt }] : []
    return suspect([{ fromMs: sinceMs, untilMs: null, figure: days, threshold: days, points, orderIds: [] }])
  },
})
