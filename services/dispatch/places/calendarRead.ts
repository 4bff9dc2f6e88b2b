// The working calendar to read: a year as an organisation has it, and one day.
import type { YearCalendar } from '../../contracts/api/places.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { CalendarDayKind, DayKind } from '../../domain/workCalendar.ts'
import type { Queryable } from '../../platform/db.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import { holdsRegion, type Who } from '../kernel/caller.ts'

/**
 * The organisation whose calendar is asked for: the caller's own, or one of the subtree below it.
 * @throws Refusal NOT_FOUND
 */
async function chosen(db: Queryable, { caller, reach }: Who, organisationId = caller.organisation.organisationId): Promise<number> {
  const { rows } = await db.query<{ lft: number }>('SELECT lft FROM organisations WHERE organisation_id = $1 AND lft BETWEEN $2 AND $3', [
    organisationId,
    reach.lft,
    reach.rgt,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return rows[0].lft
}

export async function readYear(db: Queryable, who: Who, year: number, organisationId?: number): Promise<YearCalendar> {
  const lft = await chosen(db, who, organisationId)
  const years = await db.query<{ year: number; source: string }>('SELECT year, source FROM calendar_years ORDER BY year')
  const days = await db.query<{
    day: string
    kind: CalendarDayKind
    name: string
    version: number
    organisation_id: number | null
    unit_name: string | null
    lft: number | null
  }>(
    `SELECT d.day::text AS day, d.kind, d.name, d.version, d.organisation_id, o.name AS unit_name, o.lft
     FROM calendar_days d LEFT JOIN organisations o USING (organisation_id)
     WHERE d.day BETWEEN make_date($1, 1, 1) AND make_date($1, 12, 31) AND (d.organisation_id IS NULL OR $2 BETWEEN o.lft AND o.rgt)
     ORDER BY d.day, o.lft NULLS FIRST`,
    [year, lft],
  )
  const hours = await db.query<{
    effectiveFrom: string
    startMinute: number
    endMinute: number
    version: number
    organisation_id: number | null
    unit_name: string | null
    lft: number | null
  }>(
    `SELECT h.effective_from::text AS "effectiveFrom", h.start_minute AS "startMinute", h.end_minute AS "endMinute", h.version,
            h.organisation_id, o.name AS unit_name, o.lft
     FROM working_hours h LEFT JOIN organisations o USING (organisation_id)
     WHERE h.organisation_id IS NULL OR $1 BETWEEN o.lft AND o.rgt ORDER BY o.lft NULLS FIRST, h.effective_from`,
    [lft],
  )
  const owned = <R extends { organisation_id: number | null; unit_name: string | null; lft: number | null }>({
    organisation_id,
    unit_name,
    lft: at,
    ...row
  }: R) => ({
    ...row,
    organisation: organisation_id === null ? null : { organisationId: organisation_id, name: unit_name! },
    own: at === null ? holdsRegion(who.caller) : at >= who.reach.lft && at <= who.reach.rgt,
  })
  const known = years.rows.find((row) => row.year === year)
  return {
    year,
    known: known !== undefined,
    source: known?.source ?? null,
    days: days.rows.map(owned),
    hours: hours.rows.map(owned),
    knownYears: years.rows.map((row) => row.year),
  }
}

export async function readDay(
  db: Queryable,
  who: Who,
  day: string,
  organisationId?: number,
): Promise<{ kind: DayKind; name: string | null }> {
  const lft = await chosen(db, who, organisationId)
  const calendar = (await readCalendarBook(db, day, day)).of(lft)
  return { kind: calendar.dayKind(day), name: calendar.findRow(day)?.name ?? null }
}
