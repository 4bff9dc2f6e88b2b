// The working calendar as the database holds it, for every service that must know what a day is: rows of the region and of organisations,
// from which the calendar of any one organisation follows.
import { type CalendarRow, type HoursRow, WorkCalendar } from '../domain/workCalendar.ts'
import type { Queryable } from './db.ts'

/** Whose row it is, as the nested-set interval for which it holds; the region's own rows hold for everybody. */
type Holds = { lft: number | null; rgt: number | null }

export class CalendarBook {
  readonly #calendars = new Map<number, WorkCalendar>()
  readonly #byRows = new Map<string, WorkCalendar>()
  constructor(
    private readonly years: readonly number[],
    private readonly days: readonly (CalendarRow & Holds)[],
    private readonly hours: readonly (HoursRow & Holds)[],
  ) {}

  /** The calendar of the organisation with this lft: going down a tree lft only grows, so it serves as the depth of a row. */
  of(lft: number): WorkCalendar {
    const known = this.#calendars.get(lft)
    if (known) return known
    const holds = (row: Holds) => row.lft === null || (row.lft <= lft && lft <= row.rgt!)
    const [days, hours] = [this.days.filter(holds), this.hours.filter(holds)]
    // Few organisations have rows of their own: those for which the same rows hold have one calendar.
    const key = [...days, ...hours].map(({ lft }) => lft).join()
    const calendar = this.#byRows.get(key) ?? new WorkCalendar(this.years, days, hours)
    this.#byRows.set(key, calendar)
    this.#calendars.set(lft, calendar)
    return calendar
  }
}

/** Everything set for the days from `from` to `until` (YYYY-MM-DD), both included. */
export async function readCalendarBook(db: Queryable, from: string, until: string): Promise<CalendarBook> {
  const years = await db.query<{ year: number }>('SELECT year FROM calendar_years')
  const days = await db.query<CalendarRow & Holds>(
    `SELECT d.day::text AS day, d.kind, d.name, coalesce(o.lft, 0) AS depth, o.lft, o.rgt
     FROM calendar_days d LEFT JOIN organisations o USING (organisation_id) WHERE d.day BETWEEN $1 AND $2`,
    [from, until],
  )
  const hours = await db.query<HoursRow & Holds>(
    `SELECT h.effective_from::text AS "effectiveFrom", h.start_minute AS "startMinute", h.end_minute AS "endMinute",
            coalesce(o.lft, 0) AS depth, o.lft, o.rgt
     FROM working_hours h LEFT JOIN organisations o USING (organisation_id) WHERE h.effective_from <= $1`,
    [until],
  )
  return new CalendarBook(
    years.rows.map((row) => row.year),
    days.rows,
    hours.rows,
  )
}
