// How much of vehicles' past one person may look at, and what in a week of looking is unusual: dated, as every law. Pure.
import { DAY_MS } from './days.ts'

export type LookLaw = {
  /** The day, in the region, from which it holds. */
  from: string
  /** Looks of one account within a minute, refused ones included. */
  looksPerMin: number
  /** Vehicles times days of what was looked at within an hour: a month of twenty vehicles is 620, as a track and as trips. */
  vehicleDaysPerHour: number
  /** In a week: so many vehicles are many, so many looks outside working hours are odd, so many refusals are. */
  manyVehicles: number
  oddLooks: number
  manyRefused: number
  /** A case that is open so long while somebody looks within it. */
  caseOpenDays: number
}

const rows: readonly LookLaw[] = [
  {
    from: '2000-01-01',
    looksPerMin: 300,
    vehicleDaysPerHour: 4_000,
    manyVehicles: 50,
    oddLooks: 1,
    manyRefused: 10,
    caseOpenDays: 90,
  },
]

/** The row in force on a day of the region. */
export const lookLawOn = (day: string): LookLaw => rows.findLast((row) => row.from <= day) ?? rows[0]!

/** A look that is on record: when, and over how many days of a vehicle. */
export type PastLooked = { atMs: number; days: number }
/** `most` were looked at already; `againMs`: when that is over. */
export type PaceProblem = { reason: 'look.perMinute' | 'look.perHour'; most: number; againMs: number }

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
export const daysOf = (fromMs: number, untilMs: number): number => Math.max(0, untilMs - fromMs) / DAY_MS

/**
 * Why one more look of so many vehicle-days is too much now. What adds none, such as one instant, waits for the minute alone; what is more than an hour has by itself
 * is let through when nothing else was looked at in it.
 * @param earlier the account's looks of the hour before, in the order of their times
 */
export function findPaceProblem(earlier: readonly PastLooked[], days: number, nowMs: number, law: LookLaw): PaceProblem | undefined {
  const minute = earlier.filter(({ atMs }) => atMs > nowMs - MINUTE_MS)
  if (minute.length >= law.looksPerMin)
    return { reason: 'look.perMinute', most: law.looksPerMin, againMs: minute[minute.length - law.looksPerMin]!.atMs + MINUTE_MS }
  const hour = earlier.filter(({ atMs }) => atMs > nowMs - HOUR_MS)
  let left = hour.reduce((sum, look) => sum + look.days, 0) + Math.min(days, law.vehicleDaysPerHour)
  if (days === 0 || left <= law.vehicleDaysPerHour) return undefined
  // The earliest of them leave the hour first.
  for (const look of hour) {
    left -= look.days
    if (left <= law.vehicleDaysPerHour) return { reason: 'look.perHour', most: law.vehicleDaysPerHour, againMs: look.atMs + HOUR_MS }
  }
  return { reason: 'look.perHour', most: law.vehicleDaysPerHour, againMs: nowMs + HOUR_MS }
}

export const unusuals = ['vehicles', 'odd', 'refused', 'oldCase'] as const
export type Unusual = (typeof unusuals)[number]
/** `oddLooks`: outside working hours; `oldestCase`: of those that are open still. */
export type LookedInWeek = { vehicles: number; oddLooks: number; refused: number; oldestCase: { days: number } | null }

/** What of a person's week is unusual: told, and nothing more is said of it. */
export const unusualIn = ({ vehicles, oddLooks, refused, oldestCase }: LookedInWeek, law: LookLaw): Unusual[] => {
  const found: Record<Unusual, boolean> = {
    vehicles: vehicles >= law.manyVehicles,
    odd: oddLooks >= law.oddLooks,
    refused: refused >= law.manyRefused,
    oldCase: oldestCase !== null && oldestCase.days >= law.caseOpenDays,
  }
  return unusuals.filter((one) => found[one])
}
