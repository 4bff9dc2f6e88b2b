// The working calendar: is this day a working day here? It never guesses: a year whose notice (国务院办公厅关于部分节假日安排的通知) is not
// known is unknown, weekends included, because 调休 makes working days of weekends.
import { DAY_MS, dayAt, ZONE_OFFSET_MS } from './days.ts'

export const calendarDayKinds = ['workday', 'holiday', 'makeup'] as const
/** What a row says: an ordinary working day against its weekday, a holiday, or a weekend that is worked in exchange (调休). */
export type CalendarDayKind = (typeof calendarDayKinds)[number]
export type DayKind = 'workday' | 'holiday' | 'unknown'

export type CalendarRow = {
  day: string
  kind: CalendarDayKind
  name: string /** 0 = the whole region, larger = nearer to the unit. */
  depth: number
}
export type HoursRow = { effectiveFrom: string; startMinute: number; endMinute: number; depth: number }
export type Hours = { startMinute: number; endMinute: number }

/** Monday is 0. */
export const weekdayOf = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7

/** The row in force on a day: the nearest organisation's, and of its rows the latest that has begun. */
function inForce<R extends { effectiveFrom: string; depth: number }>(rows: readonly R[], day: string): R | undefined {
  let found: R | undefined
  for (const row of rows) {
    if (row.effectiveFrom > day) continue
    if (!found || row.depth > found.depth || (row.depth === found.depth && row.effectiveFrom > found.effectiveFrom)) found = row
  }
  return found
}

export class WorkCalendar {
  readonly #years: ReadonlySet<number>
  readonly #days = new Map<string, CalendarRow>()
  readonly #hours: readonly HoursRow[]

  /** @param rows of one organisation: its own, and those of everything above it */
  constructor(years: readonly number[], rows: readonly CalendarRow[], hours: readonly HoursRow[]) {
    this.#years = new Set(years)
    this.#hours = hours
    for (const row of rows) if (row.depth >= (this.#days.get(row.day)?.depth ?? -1)) this.#days.set(row.day, row)
  }

  knows(year: number): boolean {
    return this.#years.has(year)
  }

  /** @param day YYYY-MM-DD */
  dayKind(day: string): DayKind {
    const row = this.#days.get(day)
    if (row) return row.kind === 'holiday' ? 'holiday' : 'workday'
    if (!this.knows(Number(day.slice(0, 4)))) return 'unknown'
    return weekdayOf(day) < 5 ? 'workday' : 'holiday'
  }

  /** The row that says otherwise than the weekday, with its name. */
  findRow(day: string): CalendarRow | undefined {
    return this.#days.get(day)
  }

  /** Office hours of a day; undefined where nothing was ever set. */
  hoursOn(day: string): Hours | undefined {
    return inForce(this.#hours, day)
  }

  /** Is this instant inside office hours? */
  isWorkTime(atMs: number): boolean | 'unknown' {
    const day = dayAt(atMs)
    const kind = this.dayKind(day)
    if (kind === 'unknown') return 'unknown'
    const hours = this.hoursOn(day)
    if (kind === 'holiday' || !hours) return false
    const minute = ((atMs + ZONE_OFFSET_MS) % DAY_MS) / 60_000
    return minute >= hours.startMinute && minute < hours.endMinute
  }
}
