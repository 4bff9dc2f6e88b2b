// Trips cut into calendar days of the region: a trip over midnight is drawn on both days.
import { DAY_MS } from '../../../services/domain/days.ts'
import { startOfDay } from '../../kit/format/time.ts'
import type { Range } from './liveUrl.ts'

/** A bar from `start` to `end`, as parts of the day (0–1). */
type StripBar = { start: number; end: number; ended: boolean; trip: number }
export type StripDay = { dayMs: number; bars: StripBar[] }
type Trip = { startedAt: string; endedAt: string; ended: boolean }

export function stripDays({ fromMs, toMs }: Range, trips: Trip[], limit: number): StripDay[] {
  const days: StripDay[] = []
  for (let dayMs = startOfDay(fromMs); dayMs < toMs && days.length < limit; dayMs += DAY_MS) {
    const bars: StripBar[] = []
    trips.forEach((trip, index) => {
      const start = (Date.parse(trip.startedAt) - dayMs) / DAY_MS
      const end = (Date.parse(trip.endedAt) - dayMs) / DAY_MS
      if (end > 0 && start < 1) bars.push({ start: Math.max(0, start), end: Math.min(1, end), ended: trip.ended, trip: index })
    })
    days.push({ dayMs, bars })
  }
  return days
}
