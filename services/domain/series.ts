// Requests that recur (周期用车): which days a rule means, in the region's time, and what a series must not be. Pure. What is meant is RFC 5545's
// RRULE, as far as it goes: the end is an instant and counts itself, a month without the day is left out, weeks begin on Monday.
import { z } from 'zod'
import { addDays, dayAt, dayStartMs } from './days.ts'
import { findRequestProblem, type RequestProblem, type RequestTimes } from './requests.ts'
import { weekdayOf } from './workCalendar.ts'

export const recurrenceUnits = ['day', 'week', 'month'] as const
/** So many times at most: each is a request of its own, which somebody approves. */
export const MOST_OCCURRENCES = 100

export const recurrenceSchema = z
  .object({
    every: z.enum(recurrenceUnits),
    /** Every how many days, weeks or months. */
    interval: z.int().min(1).max(52).default(1),
    /** Of a week: bits from Monday on; the first day's own where they are left out. */
    weekdays: z.int().min(1).max(127).optional(),
    /** So often, or until this instant; one of the two. */
    times: z.int().min(1).max(MOST_OCCURRENCES).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ times, until }) => (times === undefined) !== (until === undefined), {
    path: ['until'],
    message: '次数与截止时间须填且只填一项 / say how often or until when, one of the two',
  })
  .refine(({ every, weekdays }) => every === 'week' || weekdays === undefined, {
    path: ['weekdays'],
    message: '仅按周重复时可选星期 / weekdays belong to weeks',
  })
export type Recurrence = z.output<typeof recurrenceSchema>

/** The days that a rule means from `first` on, without end. */
function* daysOf({ every, interval, weekdays }: Recurrence, first: string): Generator<string> {
  if (every === 'day') for (let day = first; ; day = addDays(day, interval)) yield day
  if (every === 'week') {
    const bits = weekdays ?? 1 << weekdayOf(first)
    for (let monday = addDays(first, -weekdayOf(first)); ; monday = addDays(monday, 7 * interval))
      for (let n = 0; n < 7; n++) {
        const day = addDays(monday, n)
        if (bits & (1 << n) && day >= first) yield day
      }
  }
  const [year, month, date] = first.split('-').map(Number) as [number, number, number]
  for (let n = 0; ; n += interval) {
    const day = new Date(Date.UTC(year, month - 1 + n, date))
    if (day.getUTCDate() === date) yield day.toISOString().slice(0, 10)
  }
}

/** The trips of a series, each as long as the first and at the same time of its day; one more than there may be where there are too many. */
export function occurrencesOf({ startsAtMs, endsAtMs }: RequestTimes, recurrence: Recurrence): RequestTimes[] {
  const first = dayAt(startsAtMs)
  const sinceMidnightMs = startsAtMs - dayStartMs(first)
  const most = Math.min(recurrence.times ?? MOST_OCCURRENCES + 1, MOST_OCCURRENCES + 1)
  const untilMs = recurrence.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(recurrence.until)
  const found: RequestTimes[] = []
  for (const day of daysOf(recurrence, first)) {
    const atMs = dayStartMs(day) + sinceMidnightMs
    if (found.length === most || atMs > untilMs) return found
    found.push({ startsAtMs: atMs, endsAtMs: atMs + endsAtMs - startsAtMs })
  }
  return found
}

export type SeriesProblem =
  | RequestProblem
  | {
      field: 'recurrence' | 'endsAt'
      reason: 'series.none' | 'series.many' | 'series.overlap'
      values: Record<string, string | number>
    }

/** Which trip begins before the one before it ends; null: none. @param trips in the order of their beginnings */
export function findOverlap(trips: readonly RequestTimes[]): SeriesProblem | null {
  const n = trips.findIndex(({ startsAtMs }, k) => k > 0 && startsAtMs < trips[k - 1]!.endsAtMs)
  if (n < 0) return null
  const minutes = Math.ceil((trips[n - 1]!.endsAtMs - trips[n]!.startsAtMs) / 60_000)
  const overlap = minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`
  return { field: 'endsAt', reason: 'series.overlap', values: { first: n, second: n + 1, overlap } }
}

/** What is wrong with a series that is asked for at `nowMs`: of the whole, or of its first trip that cannot be; null when nothing is. */
export function findSeriesProblem(trips: readonly RequestTimes[], nowMs: number): SeriesProblem | null {
  if (trips.length === 0) return { field: 'recurrence', reason: 'series.none', values: {} }
  if (trips.length > MOST_OCCURRENCES) return { field: 'recurrence', reason: 'series.many', values: { most: MOST_OCCURRENCES } }
  const overlap = findOverlap(trips)
  if (overlap) return overlap
  for (const trip of trips) {
    const problem = findRequestProblem(trip, nowMs)
    if (problem) return problem
  }
  return null
}
