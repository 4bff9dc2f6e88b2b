// R17: morning and evening it stood at the same place, on several days of a fortnight, though no order led there: somebody may be driven to work.
import { z } from 'zod'
import { DAY_MS, dayAt, dayStartMs } from '../../days.ts'
import { distanceM, metresOutside } from '../../geofence.ts'
import type { StayFact } from '../facts.ts'
import { defineRule, suspect } from '../rule.ts'
import { MIN_MS, ordersIn } from '../spans.ts'

const minute = z.int().min(0).max(1440)
const hours = z.object({ startMinute: minute, endMinute: minute })

export const commutePattern = defineRule({
  code: 'R17',
  severity: 'remind',
  unit: 'day',
  kind: 'event',
  params: z.object({
    morning: hours.default({ startMinute: 420, endMinute: 540 }),
    evening: hours.default({ startMinute: 1_020, endMinute: 1_140 }),
    withinM: z.number().min(50).max(2_000).default(200),
    days: z.int().min(2).max(14).default(3),
    ofDays: z.int().min(2).max(30).default(14),
  }),
  judge(facts, { morning, evening, withinM, days, ofDays }) {
    const lots = facts.places.filter(({ kind }) => kind === 'lot')
    const isIn = ({ fromMs }: StayFact, { startMinute, endMinute }: { startMinute: number; endMinute: number }) => {
      const minute = (fromMs - dayStartMs(dayAt(fromMs))) / MIN_MS
      return minute >= startMinute && minute < endMinute
    }
    const since = facts.untilMs - ofDays * DAY_MS
    const stays = facts.stays.filter(
      (stay) =>
        stay.fromMs >= since &&
        stay.fromMs < facts.untilMs &&
        (isIn(stay, morning) || isIn(stay, evening)) &&
        !lots.some(({ shape }) => metresOutside(shape, stay.at) <= withinM) &&
        !facts.orders.some(({ stops }) => stops.some((stop) => distanceM(stop, stay.at) <= withinM)),
    )
    // The latest of the day speaks for the place; the finding is of the day on which it became a pattern.
    const last = stays.findLast(({ fromMs }) => fromMs >= facts.fromMs)
    if (!last) return suspect([])
    const same = stays.filter(({ at }) => distanceM(at, last.at) <= withinM)
    const met = new Set(same.map(({ fromMs }) => dayAt(fromMs)))
    if (met.size < days) return suspect([])
    return suspect([
      {
        ...{ fromMs: last.fromMs, untilMs: last.untilMs, figure: met.size, threshold: days },
        ...{ points: same.map(({ fromMs, at }) => ({ atMs: fromMs, at })).slice(-100), orderIds: ordersIn(facts, last) },
      },
    ])
  },
})
