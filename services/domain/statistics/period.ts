// Periods of statistics: a day, a month or a year of the region, the one before it, and the same a year before.
import { addDays, FIRST_DAY } from '../days.ts'

/** Days, both included. */
export type Period = { from: string; until: string }

const FORM = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/
const FIRST_YEAR = Number(FIRST_DAY.slice(0, 4))
const LAST_YEAR = 2199

const monthEnd = (year: number, month: number): string => new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
const two = (number: number): string => String(number).padStart(2, '0')

/** `2026`, `2026-11` or `2026-11-30`; null for anything else, a month or a day that there is not, and years out of 2000–2199. */
export function readPeriod(text: string): Period | null {
  const year = Number(text.slice(0, 4))
  return year >= FIRST_YEAR && year <= LAST_YEAR ? daysOfPeriod(text) : null
}

/** The same of any year: what stands beside the first year is the one before it. */
export function daysOfPeriod(text: string): Period | null {
  const found = FORM.exec(text)
  if (!found) return null
  const [year, month, day] = found.slice(1).map((part) => (part === undefined ? undefined : Number(part)))
  if (month !== undefined && (month < 1 || month > 12)) return null
  if (month === undefined) return { from: `${year}-01-01`, until: `${year}-12-31` }
  const last = monthEnd(year!, month)
  if (day === undefined) return { from: `${year}-${two(month)}-01`, until: last }
  return day >= 1 && text <= last ? { from: text, until: text } : null
}

/** The period of the same kind that ends where this one begins. */
export function periodBefore(text: string): string {
  const { from } = readPeriod(text)!
  return addDays(from, -1).slice(0, text.length)
}

/** The period of the same kind that begins where this one ends. */
export function periodAfter(text: string): string {
  const { until } = readPeriod(text)!
  return addDays(until, 1).slice(0, text.length)
}

/** The same a year before; the 29th of February has the 28th. */
export function yearBefore(text: string): string {
  const year = Number(text.slice(0, 4)) - 1
  if (text.length === 4) return String(year)
  const month = Number(text.slice(5, 7))
  const same = `${year}${text.slice(4)}`
  return text.length === 10 && same > monthEnd(year, month) ? monthEnd(year, month) : same
}
