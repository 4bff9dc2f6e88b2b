// The national notices of holidays and exchanged working days, from chinese-days, into the calendar's tables. A year that is there
// already, whoever entered it, stays as it is; a year that the package does not know stays unknown.
import chineseDays from 'chinese-days'
import { daysBetween } from '../domain/days.ts'
import { weekdayOf } from '../domain/workCalendar.ts'
import type { Queryable } from './db.ts'

const FIRST_YEAR = 2020

type NamedDay = { day: string; kind: 'holiday' | 'makeup'; name: string }

/** Days of a year that are not what their weekday says or have a holiday's name; empty when its notice is not known. */
export function listNationalDays(year: number): NamedDay[] {
  const rows: NamedDay[] = []
  for (const day of daysBetween(`${year}-01-01`, `${year}-12-31`)) {
    // "National Day,国庆节,3" on holidays and on the days worked for them; otherwise the English weekday.
    const { work, name } = chineseDays.getDayDetail(day)
    const holiday = name.split(',')[1]
    if (!holiday) continue
    if (!work) rows.push({ day, kind: 'holiday', name: holiday })
    else if (weekdayOf(day) >= 5) rows.push({ day, kind: 'makeup', name: `${holiday}调休上班` })
  }
  return rows
}

/** Enters every year that the package knows and the table does not, each in one statement; returns those years. */
export async function enterNationalCalendar(db: Pick<Queryable, 'query'>): Promise<number[]> {
  const { rows } = await db.query<{ year: number }>('SELECT year FROM calendar_years')
  const entered: number[] = []
  for (let year = FIRST_YEAR; ; year++) {
    const days = listNationalDays(year)
    // A notice names about thirty days off; fewer is a year that only its neighbour's notice touches.
    if (days.length < 20) return entered
    if (rows.some((row) => row.year === year)) continue
    await db.query(
      `WITH announced AS (INSERT INTO calendar_years (year, source) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING year)
       INSERT INTO calendar_days (day, kind, name)
       SELECT * FROM unnest($3::date[], $4::text[], $5::text[]) WHERE EXISTS (SELECT FROM announced) ON CONFLICT DO NOTHING`,
      [
        year,
        `国务院办公厅关于${year}年部分节假日安排的通知`,
        days.map((row) => row.day),
        days.map((row) => row.kind),
        days.map((row) => row.name),
      ],
    )
    entered.push(year)
  }
}
