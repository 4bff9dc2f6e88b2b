// R22: a vehicle beyond its unit's quota, or beyond its standard.
import { z } from 'zod'
import { defineRule, suspect } from '../rule.ts'

export const beyondLimits = defineRule({
  code: 'R22',
  severity: 'remind',
  unit: 'percent',
  kind: 'state',
  params: z.object({
    quota: z.boolean().default(true),
    standard: z.boolean().default(true),
    /** Beyond the standard by more than this. */
    morePercent: z.number().min(0).max(100).default(0),
  }),
  judge({ vehicle }, { quota, standard, morePercent }) {
    if (vehicle.state === 'DISPOSED') return suspect([])
    const beyond = vehicle.overStandard === null ? 0 : Math.ceil(vehicle.overStandard * 100)
    const isOver = standard && vehicle.overStandard !== null && beyond > morePercent
    if (!isOver && !(quota && vehicle.overQuota)) return suspect([])
    const note = isOver ? 'standard' : 'quota'
    return suspect([
      { fromMs: vehicle.inServiceMs, untilMs: null, figure: isOver ? beyond : 0, threshold: morePercent, points: [], orderIds: [], note },
    ])
  },
})
