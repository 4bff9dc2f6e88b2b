// A week of looking at vehicles' past, person by person: how much, and what of it is unusual (domain/lookLaw.ts). Counts alone; what was seen stands nowhere here,
// and each line leads to the records.
import type { LookWeek } from '../../contracts/api/audit.ts'
import { pastLooks } from '../../contracts/auditActions.ts'
import { caseNumber } from '../../domain/cases.ts'
import { addDays, DAY_MS, dayAt, dayStartMs } from '../../domain/days.ts'
import { mondayOf } from '../../domain/driverFitness.ts'
import { lookLawOn, unusualIn } from '../../domain/lookLaw.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Queryable } from '../../platform/db.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import { holdsRegion, type Who } from '../kernel/caller.ts'

type PersonRow = {
  username: string
  name: string | null
  role: Role | null
  organisation: string | null
  lft: number | null
  looks: number
  refused: number
  exports: number
  prints: number
  vehicles: number
  vehicleDays: number
  firstAt: Date
  lastAt: Date
  /** The quarters of an hour in which somebody looked, and how often. */
  quarters: { at: number; looks: number }[]
  cases: number
  oldest: { year: number; number: number; openedAt: string } | null
}

const QUARTER_S = 900
/** SQL: of a record's detail. */
const detail = (name: string): string => `(body::json->'detail'->>'${name}')`

/** The week of the region that holds `day`, Monday to Sunday; who looked most unusually first. `limit`: people. */
export async function readLookWeek(
  db: Queryable,
  { caller, reach }: Who,
  { day, limit, offset }: { day: string; limit: number; offset: number },
  nowMs: number,
): Promise<LookWeek> {
  const from = mondayOf(day)
  const until = addDays(from, 7)
  const [fromMs, untilMs] = [dayStartMs(from), dayStartMs(until)]
  const law = lookLawOn(from)
  const { rows } = await db.query<PersonRow>(
    `WITH looks AS MATERIALIZED (
       SELECT l.username, l.account_id, l.role, l.organisation_id, l.action, l.at, CASE WHEN l.subject_type = 'vehicle' THEN l.subject_id END AS subject_id, ${detail('caseId')}::int AS case_id,
         CASE WHEN l.action IN ('track.view', 'order.compare', 'evidence.look') THEN extract(epoch FROM ${detail('to')}::timestamptz - ${detail('from')}::timestamptz) / 86400 END AS days
       FROM public.audit_log l WHERE l.at >= $1 AND l.at < $2 AND l.action = ANY($3::text[])
         AND ($4::boolean OR l.organisation_id IN (SELECT o.organisation_id FROM organisations o WHERE o.lft BETWEEN $5 AND $6)))
     SELECT l.username, max(a.display_name) AS name, max(l.role) AS role, max(o.name) AS organisation, max(o.lft) AS lft,
       count(*) FILTER (WHERE l.action NOT IN ('case.refused', 'track.export', 'track.export-broken', 'evidence.download'))::int AS looks,
       count(*) FILTER (WHERE l.action = 'case.refused')::int AS refused, count(*) FILTER (WHERE l.action IN ('track.export', 'evidence.download'))::int AS exports,
       count(*) FILTER (WHERE l.action = 'track.print')::int AS prints,
       count(DISTINCT l.subject_id) FILTER (WHERE l.action <> 'case.refused')::int AS vehicles, coalesce(sum(l.days), 0)::float8 AS "vehicleDays",
       min(l.at) AS "firstAt", max(l.at) AS "lastAt", count(DISTINCT l.case_id) FILTER (WHERE l.action <> 'case.refused')::int AS cases,
       (SELECT json_agg(json_build_object('at', q.at, 'looks', q.n)) FROM (SELECT floor(extract(epoch FROM k.at) / ${QUARTER_S}) * ${QUARTER_S} AS at, count(*) AS n
          FROM looks k WHERE k.username = l.username GROUP BY 1) q) AS quarters,
       (SELECT json_build_object('year', c.year, 'number', c.number, 'openedAt', c.opened_at) FROM cases c
        WHERE c.state = 'OPEN' AND c.case_id IN (SELECT k.case_id FROM looks k WHERE k.username = l.username AND k.action <> 'case.refused')
        ORDER BY c.opened_at LIMIT 1) AS oldest
     FROM looks l LEFT JOIN accounts a ON a.account_id = l.account_id LEFT JOIN organisations o ON o.organisation_id = l.organisation_id
     GROUP BY l.username`,
    [new Date(fromMs), new Date(untilMs), pastLooks, holdsRegion(caller), reach.lft, reach.rgt],
  )
  const book = await readCalendarBook(db, from, until)
  const people = rows.map(({ lft, quarters, oldest, firstAt, lastAt, vehicleDays, ...row }) => {
    const calendar = book.of(lft ?? 0)
    const at = (test: false | 'unknown') =>
      quarters.reduce((sum, quarter) => sum + (calendar.isWorkTime(quarter.at * 1000) === test ? quarter.looks : 0), 0)
    const oldestCase = oldest && {
      number: caseNumber(oldest.year, oldest.number),
      days: Math.max(0, Math.floor((Math.min(nowMs, untilMs) - Date.parse(oldest.openedAt)) / DAY_MS)),
    }
    const person = { ...row, vehicleDays: Math.round(vehicleDays * 10) / 10, oddLooks: at(false), unjudgedLooks: at('unknown'), oldestCase }
    return { ...person, firstAt: firstAt.toISOString(), lastAt: lastAt.toISOString(), unusual: unusualIn(person, law) }
  })
  people.sort((a, b) => b.unusual.length - a.unusual.length || b.looks - a.looks || (a.username < b.username ? -1 : 1))
  const { looksPerMin, vehicleDaysPerHour, manyVehicles, oddLooks, manyRefused, caseOpenDays } = law
  return {
    from,
    until: dayAt(untilMs - 1),
    law: { looksPerMin, vehicleDaysPerHour, manyVehicles, oddLooks, manyRefused, caseOpenDays },
    total: people.length,
    rows: people.slice(offset, offset + limit),
  }
}
