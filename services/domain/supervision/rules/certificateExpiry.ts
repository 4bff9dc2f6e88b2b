// R20: inspection or insurance ends soon, or has ended; or maintenance is due.
import { z } from 'zod'
import { DAY_MS } from '../../days.ts'
import { defineRule, suspect } from '../rule.ts'

export const certificateExpiry = defineRule({
  code: 'R20',
  severity: 'remind',
  unit: 'day',
  kind: 'state',
  params: z.object({ days: z.int().min(1).max(180).default(30) }),
  judge({ vehicle, nowMs }, { days }) {
    const ends = [
      { note: 'inspection', endMs: vehicle.inspectionUntilMs },
      { note: 'insurance', endMs: vehicle.insuranceUntilMs },
      { note: 'upkeep', endMs: vehicle.upkeepDueMs },
    ].filter((each): each is { note: string; endMs: number } => each.endMs !== null)
    const soon = vehicle.state === 'DISPOSED' ? [] : ends.filter(({ endMs }) => nowMs >= endMs - days * DAY_MS)
    // One finding for whatever ends first: whoever renews looks at both.
    const first = soon.sort((a, b) => a.endMs - b.endMs)[0]
    if (!first) return suspect([])
    const fromMs = first.endMs - days * DAY_MS
    return suspect([{ fromMs, untilMs: null, figure: days, threshold: days, points: [], orderIds: [], note: first.note }])
  },
})
