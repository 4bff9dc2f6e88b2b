// Calendar days of Asia/Shanghai: UTC+8 all year, no daylight saving (since 1992), so a day is an offset and a division.
import { z } from 'zod'

export const DAY_MS = 86_400_000
export const ZONE_OFFSET_MS = 8 * 3_600_000

/** The day, YYYY-MM-DD, of an instant. */
export const dayAt = (atMs: number): string => new Date(atMs + ZONE_OFFSET_MS).toISOString().slice(0, 10)
/** The instant at which a day begins. */
export const dayStartMs = (day: string): number => Date.parse(`${day}T00:00:00Z`) - ZONE_OFFSET_MS
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
/** The days from `from` to `until`, both included. */
export function daysBetween(from: string, until: string): string[] {
  const days: string[] = []
  for (let day = from; day <= until; day = addDays(day, 1)) days.push(day)
  return days
}

/** A day of a request. Bounded, because every walk over days must end and every day must fit the database. */
export const daySchema = z.iso.date().refine((day) => day >= '1900-01-01' && day <= '2199-12-31', '日期超出范围 / the date is out of range')
