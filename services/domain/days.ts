// Calendar days of Asia/Shanghai: UTC+8 all year, no daylight saving (since 1992), so a day is an offset and a division.
import { z } from 'zod'

export const DAY_MS = 86_400_000
export const ZONE_OFFSET_MS = 8 * 3_600_000

// A ranking asks for the same few days thousands of times: what was read or written once is kept, up to some years of them.
const MOST_KEPT = 4_000
const names = new Map<number, string>()
const numbers = new Map<string, number>()
function keep<K, V>(kept: Map<K, V>, key: K, value: V): V {
  if (kept.size >= MOST_KEPT) kept.clear()
  kept.set(key, value)
  return value
}
/** Days since 1970. @throws RangeError for what is no number of a day */
const nameOf = (number: number): string => names.get(number) ?? keep(names, number, new Date(number * DAY_MS).toISOString().slice(0, 10))
/** NaN for what is no day. */
const numberOf = (day: string): number => numbers.get(day) ?? keep(numbers, day, Date.parse(`${day}T00:00:00Z`) / DAY_MS)

/** The day, YYYY-MM-DD, of an instant. */
export const dayAt = (atMs: number): string => nameOf(Math.floor((atMs + ZONE_OFFSET_MS) / DAY_MS))
/** The instant at which a day begins. */
export const dayStartMs = (day: string): number => numberOf(day) * DAY_MS - ZONE_OFFSET_MS
export const addDays = (day: string, days: number): string => nameOf(numberOf(day) + days)
/** The days from `from` to `until`, both included. */
export function daysBetween(from: string, until: string): string[] {
  const days: string[] = []
  for (let day = from; day <= until; day = addDays(day, 1)) days.push(day)
  return days
}

/** A day of a request. Bounded, because every walk over days must end and every day must fit the database. */
/** The first day that any figure is told of: nothing is booked or dated before it. */
export const FIRST_DAY = '2000-01-01'

export const daySchema = z.iso.date().refine((day) => day >= '1900-01-01' && day <= '2199-12-31', '日期超出范围 / the date is out of range')
