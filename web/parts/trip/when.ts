// The times of a trip: how they are said, and what is offered by a touch.
import { DAY_MS } from '../../../services/domain/days.ts'
import { formatClock, formatDay, formatInstant, type Locale, startOfDay } from '../../kit/format/time.ts'

/** 2026-11-30 09:00 */
export const minuteOf = (instant: string): string => formatInstant(Date.parse(instant)).slice(0, 16)

/** 11-30 09:00–12:00, and with its day where it ends on another. */
export function spanText(startsAt: string, endsAt: string): string {
  const [from, until] = [minuteOf(startsAt), minuteOf(endsAt)]
  const sameDay = from.slice(0, 10) === until.slice(0, 10)
  return `${from.slice(5)}–${sameDay ? formatClock(Date.parse(endsAt)) : until.slice(5)}`
}

const [MINUTE_MS, HOUR_MS] = [60_000, 3_600_000]
export type WhenName = 'now' | 'todayAfternoon' | 'tomorrowMorning' | 'tomorrowAfternoon' | 'pick'
export type Span = { startsAtMs: number; endsAtMs: number }
type When = Span & { name: Exclude<WhenName, 'pick'> }

/** What is offered at `nowMs`: the afternoon that can still be driven into. */
export function whenChoices(nowMs: number): When[] {
  const now = Math.ceil(nowMs / (5 * MINUTE_MS)) * 5 * MINUTE_MS
  const today = startOfDay(nowMs)
  const at = (days: number, hours: number) => today + days * DAY_MS + hours * HOUR_MS
  const afternoon: When =
    now < at(0, 16.5)
      ? { name: 'todayAfternoon', startsAtMs: Math.max(at(0, 14), Math.ceil(now / (30 * MINUTE_MS)) * 30 * MINUTE_MS), endsAtMs: at(0, 18) }
      : { name: 'tomorrowAfternoon', startsAtMs: at(1, 14), endsAtMs: at(1, 18) }
  const morning: When = { name: 'tomorrowMorning', startsAtMs: at(1, 8.5), endsAtMs: at(1, 12) }
  const first: When = { name: 'now', startsAtMs: now, endsAtMs: now + 3 * HOUR_MS }
  return afternoon.name === 'todayAfternoon' ? [first, afternoon, morning] : [first, morning, afternoon]
}

/** 11月30日 周一 08:30 */
export const instantInWords = (instant: string, locale: Locale): string =>
  `${formatDay(Date.parse(instant), locale)} ${formatClock(Date.parse(instant))}`

/** 11月30日 周一 08:30–12:00; over midnight with both days. */
export function spanInWords(startsAt: string, endsAt: string, locale: Locale): string {
  const [from, until] = [Date.parse(startsAt), Date.parse(endsAt)]
  const days = startOfDay(from) === startOfDay(until) ? '' : `${formatDay(until, locale)} `
  return `${formatDay(from, locale)} ${formatClock(from)}${days ? ' – ' : '–'}${days}${formatClock(until)}`
}
