// R19: it stood where it never stands (a point of noise among its places, by the law of DBSCAN), and no order leads there.
import { z } from 'zod'
import { distanceM, metresOutside } from '../../geofence.ts'
import { calm, defineRule, suspect } from '../rule.ts'
import { lengthMs, MIN_MS, ordersIn } from '../spans.ts'

export const trackOutlier = defineRule({
  code: 'R19',
  severity: 'remind',
  unit: 'm',
  kind: 'event',
  params: z.object({
    withinM: z.number().min(50).max(20_000).default(500),
    neighbours: z.int().min(2).max(50).default(5),
    /** With fewer rests there is nothing to be unlike. */
    leastStays: z.int().min(10).max(500).default(40),
    forMin: z.number().min(5).max(720).default(30),
  }),
  judge(facts, { withinM, neighbours, leastStays, forMin }) {
    const stays = facts.stays.filter(({ fromMs }) => fromMs < facts.untilMs)
    if (stays.length < leastStays) return calm()
    const near = (n: number) => stays.filter(({ at }) => distanceM(at, stays[n]!.at) <= withinM)
    return suspect(
      stays.flatMap((stay, n) => {
        if (stay.fromMs < facts.fromMs || !stay.sure || lengthMs(stay) < forMin * MIN_MS) return []
        const around = near(n)
        // A core, or beside one: no noise.
        if (around.length >= neighbours || around.some((other) => near(stays.indexOf(other)).length >= neighbours)) return []
        if (ordersIn(facts, stay).length > 0) return []
        if (facts.places.some(({ kind, shape }) => kind === 'lot' && metresOutside(shape, stay.at) <= withinM)) return []
        const nearest = Math.round(Math.min(...stays.filter((other) => other !== stay).map(({ at }) => distanceM(at, stay.at))))
        const points = [{ atMs: stay.fromMs, at: stay.at }]
        return [{ fromMs: stay.fromMs, untilMs: stay.untilMs, figure: nearest, threshold: withinM, points, orderIds: [] }]
      }),
    )
  },
})
