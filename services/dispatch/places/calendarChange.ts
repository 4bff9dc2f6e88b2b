// Changing the working calendar: a day for an organisation and everything below it, a year's notice, office hours.
import { changedMeanwhile, refusal } from '../../contracts/refusals.ts'
import { type CalendarDayKind, weekdayOf } from '../../domain/workCalendar.ts'
import { type Act, requireSeen, requireVersion } from '../kernel/act.ts'
import { holdsRegion } from '../kernel/caller.ts'
import { requireOrganisation } from '../kernel/within.ts'

async function requireTarget({ client, caller, scope }: Act, organisationId: number | null): Promise<void> {
  if (organisationId !== null) await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  else if (!holdsRegion(caller)) throw refusal('FORBIDDEN', 'body.organisationId', 'calendar.regionOnly')
}

type DayBody = { organisationId: number | null; kind: CalendarDayKind | null; name: string; version: number | null }

/** Changes one row; two people who both saw none are told apart by the version that comes back. */
export async function setCalendarDay(act: Act, day: string, body: DayBody): Promise<{ version: number | null }> {
  const { client } = act
  const { organisationId, kind, name } = body
  await requireTarget(act, organisationId)
  if (kind === 'makeup' && weekdayOf(day) < 5) throw refusal('VALIDATION_FAILED', 'body.kind', 'calendar.makeupWeekday')
  if (kind !== null && name === '') throw refusal('VALIDATION_FAILED', 'body.name', 'calendar.name')
  const { rows } = await client.query<{ calendar_day_id: number; kind: string; name: string; version: number }>(
    'SELECT calendar_day_id, kind, name, version FROM calendar_days WHERE day = $1 AND organisation_id IS NOT DISTINCT FROM $2 FOR UPDATE',
    [day, organisationId],
  )
  const now = rows[0]
  requireSeen(now, body.version)
  const version = await store()
  act.record(
    'calendar.day',
    { type: 'calendar-day', id: day },
    {
      before: now ? { organisationId, kind: now.kind, name: now.name } : null,
      after: kind === null ? null : { organisationId, kind, name },
    },
  )
  return { version }

  async function store(): Promise<number | null> {
    if (kind === null) {
      await client.query('DELETE FROM calendar_days WHERE calendar_day_id = $1', [now?.calendar_day_id ?? 0])
      return null
    }
    const sql = now
      ? 'UPDATE calendar_days SET kind = $3, name = $4, version = version + 1 WHERE day = $1 AND organisation_id IS NOT DISTINCT FROM $2 RETURNING version'
      : 'INSERT INTO calendar_days (day, organisation_id, kind, name) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING version'
    const answer = await client.query<{ version: number }>(sql, [day, organisationId, kind, name])
    if (!answer.rows[0]) throw changedMeanwhile()
    return answer.rows[0].version
  }
}

export async function announceYear(act: Act, { year, source }: { year: number; source: string }): Promise<Record<string, never>> {
  await requireTarget(act, null)
  const { rowCount } = await act.client.query('INSERT INTO calendar_years (year, source) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
    year,
    source,
  ])
  if (rowCount === 0) throw refusal('CONFLICT', 'body.year', 'calendar.known')
  act.record('calendar.year', { type: 'calendar-year', id: year }, { after: { year, source } })
  return {}
}

type HoursBody = { organisationId: number; effectiveFrom: string; startMinute: number; endMinute: number; version: number | null }

export async function setWorkingHours({ client, scope, record }: Act, body: HoursBody): Promise<{ version: number }> {
  const { organisationId, effectiveFrom, startMinute, endMinute } = body
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  if (endMinute <= startMinute) throw refusal('VALIDATION_FAILED', 'body.endMinute', 'window.order', { days: 1 })
  const { rows: before } = await client.query<{ startMinute: number; endMinute: number; version: number }>(
    `SELECT start_minute AS "startMinute", end_minute AS "endMinute", version FROM working_hours
     WHERE organisation_id = $1 AND effective_from = $2 FOR UPDATE`,
    [organisationId, effectiveFrom],
  )
  requireSeen(before[0], body.version)
  const { rows } = await client.query<{ version: number }>(
    `INSERT INTO working_hours (organisation_id, effective_from, start_minute, end_minute) VALUES ($1, $2, $3, $4)
     ON CONFLICT (organisation_id, effective_from) DO UPDATE SET start_minute = $3, end_minute = $4, version = working_hours.version + 1
     RETURNING version`,
    [organisationId, effectiveFrom, startMinute, endMinute],
  )
  const { version } = rows[0]!
  // Two that both saw no row: the second met the first one's.
  requireVersion({ version }, (body.version ?? 0) + 1)
  record(
    'calendar.hours',
    { type: 'organisation', id: organisationId },
    {
      before: before[0],
      after: { effectiveFrom, startMinute, endMinute },
    },
  )
  return { version }
}
