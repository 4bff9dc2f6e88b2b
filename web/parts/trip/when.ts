// The times of a trip as they are said.
import { formatClock, formatInstant } from '../../kit/format/time.ts'

/** 2026-11-30 09:00 */
export const minuteOf = (instant: string): string => formatInstant(Date.parse(instant)).slice(0, 16)

/** 11-30 09:00–12:00, and with its day where it ends on another. */
export function spanText(startsAt: string, endsAt: string): string {
  const [from, until] = [minuteOf(startsAt), minuteOf(endsAt)]
  const sameDay = from.slice(0, 10) === until.slice(0, 10)
  return `${from.slice(5)}–${sameDay ? formatClock(Date.parse(endsAt)) : until.slice(5)}`
}
