// Scheduled reports (定期报告): when one is due, what days it tells of, and what may become of a delivery. Pure; days are the region's, which has no summer time.
import { addDays, dayAt, dayStartMs } from './days.ts'

export const rhythms = ['day', 'week', 'month'] as const
/** `onDay`: of a week 1 (Monday) to 7, of a month 1 to 31 – where it has fewer days, its last – of a day 0. */
export type Rhythm = { every: (typeof rhythms)[number]; onDay: number; atMinute: number }
export const reportChannels = ['app', 'mail'] as const
export type ReportChannel = (typeof reportChannels)[number]
export const deliveryStates = ['owed', 'sent', 'refused', 'failed'] as const

/**
 * Why something was not sent: rights lost, account closed, unsubscribed, ended, no address on file, no mail server set, the unit dissolved, too large, a filter that the list takes no more,
 * a letter that was not made; what the mail server said for good; nobody took it in time.
 */
export const refusedReasons = [
  'rights',
  'account',
  'left',
  'ended',
  'noAddress',
  'noMail',
  'unitClosed',
  'tooLarge',
  'asked',
  'noLetter',
  'mailRefused',
  'gaveUp',
] as const
export type RefusedReason = (typeof refusedReasons)[number]

const MINUTE_MS = 60_000

/** Does it fall on this day? */
function isOn({ every, onDay }: Rhythm, day: string): boolean {
  if (every === 'day') return true
  if (every === 'week') return (new Date(`${day}T00:00:00Z`).getUTCDay() || 7) === onDay
  const number = Number(day.slice(8))
  return number === onDay || (number < onDay && addDays(day, 1).slice(8) === '01')
}

const instantOf = (rhythm: Rhythm, day: string): number => dayStartMs(day) + rhythm.atMinute * MINUTE_MS

/** The first time after the instant. */
export function nextTime(rhythm: Rhythm, afterMs: number): number {
  for (let day = dayAt(afterMs); ; day = addDays(day, 1)) {
    const atMs = instantOf(rhythm, day)
    if (atMs > afterMs && isOn(rhythm, day)) return atMs
  }
}

/** The last time until the instant, itself included: after a time when nothing ran it is made up once, however many there were. */
export function lastTime(rhythm: Rhythm, untilMs: number): number {
  for (let day = dayAt(untilMs); ; day = addDays(day, -1)) {
    const atMs = instantOf(rhythm, day)
    if (atMs <= untilMs && isOn(rhythm, day)) return atMs
  }
}

/** The days that one tells of, both included: the day before, the seven days before, the month before. */
export function spanOf({ every }: Rhythm, plannedMs: number): { from: string; until: string } {
  const day = dayAt(plannedMs)
  if (every === 'day') return { from: addDays(day, -1), until: addDays(day, -1) }
  if (every === 'week') return { from: addDays(day, -7), until: addDays(day, -1) }
  const until = addDays(`${day.slice(0, 7)}-01`, -1)
  return { from: `${until.slice(0, 7)}-01`, until }
}

/** How a list is told the time, where it is: by days, by a period (as long as the one that was chosen: a day, a month, a year), by a year, by a month. */
export type TimedBy = 'days' | 'period' | 'year' | 'month'
/** The filter of a list for the days that a report tells of. */
export function filterFor(
  timedBy: TimedBy | undefined,
  filter: Record<string, string>,
  { from, until }: { from: string; until: string },
): Record<string, string> {
  if (timedBy === 'days') return { ...filter, from, until }
  if (timedBy === 'period') return { ...filter, period: until.slice(0, filter.period?.length ?? 7) }
  if (timedBy === 'year') return { ...filter, year: until.slice(0, 4) }
  return timedBy === 'month' ? { ...filter, month: until.slice(0, 7) } : filter
}
