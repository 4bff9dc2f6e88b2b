// Finds records of the audit log. Every statement reads a bounded number of rows, however large the log is: indexes on (what is asked
// for, at, seq) give them in the order of the answer, and what no index knows (words, the scope of the actor) is asked of those alone.

import { auditRowColumns } from '../../audit/rows.ts'
import type { AuditFilter, AuditListRow, AuditRecord } from '../../contracts/api/audit.ts'
import type { AuditAction } from '../../contracts/auditActions.ts'
import type { AuditBody, AuditRow } from '../../contracts/auditRecord.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Queryable } from '../../platform/db.ts'
import { grantFor, holdsRegion, type Reachable, type Who } from '../kernel/caller.ts'
import { listNames } from '../kernel/names.ts'
import { contains } from '../kernel/searchText.ts'
import { hiddenVehicles } from '../kernel/sight.ts'

/** Rows that one statement looks at when what is asked for has no index. */
const SCAN_ROWS = 20_000
const EXPORT_ROWS = 2_000

/** Whose reach is `self` sees one’s own accesses; of which vehicle, is not asked here. */
type Asker = Who<Omit<Reachable, 'vehicleId'>>
type Found = { seq: number; ms: number; organisation: string | null; body: string }
export type Page = { rows: AuditListRow[]; next: string | null; searchedTo: string | null }

/** Conditions on indexed columns, and on the rest; `$n` stand for `values`. */
function conditionsOf({ caller, reach }: Asker, filter: AuditFilter): { indexed: string[]; rest: string[]; values: unknown[] } {
  const values: unknown[] = []
  const value = (given: unknown): string => `$${values.push(given)}`
  const indexed: string[] = []
  const rest: string[] = []
  if (filter.from) indexed.push(`at >= ${value(new Date(filter.from))}`)
  if (filter.to) indexed.push(`at < ${value(new Date(filter.to))}`)
  if (filter.actor) indexed.push(`username = ${value(filter.actor)}`)
  if (filter.action) indexed.push(`action = ${value(filter.action)}`)
  if (filter.subjectType) indexed.push(`subject_type = ${value(filter.subjectType)}`)
  if (filter.subjectId) indexed.push(`subject_id = ${value(filter.subjectId)}`)
  // A body is JSON text, so what stands escaped in it is looked for escaped; then % and _ mean themselves.
  if (filter.text) {
    const escaped = JSON.stringify(filter.text).slice(1, -1)
    rest.push(`body ILIKE ${value(contains(escaped))}`)
  }
  if (grantFor(caller, 'audit.view').reach === 'self') {
    indexed.push(`username = ${value(caller.username)}`)
    rest.push(`account_id = ${value(caller.accountId)}`)
    // Own accesses too stay with what one may still see: an old record would say that there is such a vehicle.
    const hidden = `SELECT h.vehicle_id::text FROM ${hiddenVehicles(value(reach.cleared))} h`
    rest.push(`(subject_type IS DISTINCT FROM 'vehicle' OR subject_id NOT IN (${hidden}))`)
  } else if (!holdsRegion(caller)) {
    // What nobody's account did, and what was done from an office that is gone, belongs to the whole region.
    rest.push(
      `organisation_id IN (SELECT o.organisation_id FROM organisations o WHERE o.lft BETWEEN ${value(reach.lft)} AND ${value(reach.rgt)})`,
    )
  }
  return { indexed, rest, values }
}

const where = (conditions: readonly string[]): string => (conditions.length ? `WHERE ${conditions.join(' AND ')}` : '')

/** One page, newest first. With words it may be empty and still go on: then `searchedTo` says how far back it looked. */
export async function listAudit(
  client: Queryable,
  who: Asker,
  { limit, cursor, ...filter }: AuditFilter & { limit: number; cursor?: string | undefined },
): Promise<Page> {
  const { indexed, rest, values } = conditionsOf(who, filter)
  if (cursor) {
    const [ms, seq] = cursor.split('.')
    indexed.push(`(at, seq) < ($${values.push(new Date(Number(ms)))}::timestamptz, $${values.push(seq)}::bigint)`)
  }
  const looked = rest.length ? SCAN_ROWS : limit + 1
  const { rows } = await client.query<Found & { looked: number; end_ms: number | null; end_seq: number | null }>(
    `WITH looked AS MATERIALIZED (
       SELECT seq, at, account_id, organisation_id, subject_type, subject_id, body FROM public.audit_log ${where(indexed)} ORDER BY at DESC, seq DESC LIMIT ${looked}
     ), found AS (
       SELECT seq, at, organisation_id, body FROM looked ${where(rest)} ORDER BY at DESC, seq DESC LIMIT ${limit + 1}
     ), edge AS (SELECT count(*) AS looked, min(at) AS at FROM looked)
     SELECT f.seq, (extract(epoch FROM f.at) * 1000)::float8 AS ms, o.name AS organisation, f.body, edge.looked,
       (extract(epoch FROM edge.at) * 1000)::float8 AS end_ms, (SELECT min(l.seq) FROM looked l WHERE l.at = edge.at) AS end_seq
     FROM edge LEFT JOIN found f ON true LEFT JOIN organisations o ON o.organisation_id = f.organisation_id
     ORDER BY f.at DESC, f.seq DESC`,
    values,
  )
  const found = rows.filter((row) => row.seq !== null)
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const { looked: seen, end_ms: endMs, end_seq: endSeq } = rows[0]!
  if (found.length > limit) return { rows: await rowsOf(client, who, page), next: `${last!.ms}.${last!.seq}`, searchedTo: null }
  if (seen < looked || endMs === null) return { rows: await rowsOf(client, who, page), next: null, searchedTo: null }
  return { rows: await rowsOf(client, who, page), next: `${endMs}.${endSeq}`, searchedTo: new Date(endMs).toISOString() }
}

/** The rows of a page, with the names of their subjects. */
async function rowsOf(client: Queryable, who: Asker, page: readonly Found[]): Promise<AuditListRow[]> {
  const rows = page.map(listRowOf)
  const names = await listNames(client, who, rows)
  return rows.map((row, k) => ({ ...row, names: names[k]! }))
}

function listRowOf({ seq, organisation, body }: Found): Omit<AuditListRow, 'names'> {
  const { at, actor, action, subject, purpose } = JSON.parse(body) as AuditBody
  return {
    seq,
    at,
    username: actor.username,
    role: actor.role as Role | null,
    organisation,
    action: action as AuditAction,
    subject: subject ?? null,
    purpose: purpose ?? null,
  }
}

/** @throws Refusal NOT_FOUND for a record that does not exist or that the caller may not see */
export async function getAuditRecord(client: Queryable, who: Asker, seq: number): Promise<Omit<AuditRecord, 'signedAt'>> {
  const { indexed, rest, values } = conditionsOf(who, {})
  const { rows } = await client.query<AuditRow & { organisation: string | null }>(
    `SELECT ${auditRowColumns}, (SELECT o.name FROM organisations o WHERE o.organisation_id = l.organisation_id) AS organisation
     FROM public.audit_log l ${where([...indexed, ...rest, `seq = $${values.push(seq)}`])}`,
    values,
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  const { before, after, detail } = JSON.parse(row.body) as AuditBody
  const listed = listRowOf({ ...row, ms: 0 })
  const [names] = await listNames(client, who, [{ ...listed, before, after, detail }])
  return {
    ...listed,
    names: names!,
    before: before ?? null,
    after: after ?? null,
    detail: detail ?? null,
    algorithm: row.algorithm,
    prevHash: row.prevHash,
    hash: row.hash,
  }
}

/** The records of a filter up to number `to`, oldest first, one JSON object a line. Reads windows of numbers, so no statement is long. */
export async function* exportLines(client: Queryable, who: Asker, filter: AuditFilter, to: number): AsyncGenerator<string> {
  const { indexed, rest, values } = conditionsOf(who, filter)
  const from = await firstOf(client, filter)
  const window = values.length
  for (let after = from - 1; after < to; after += EXPORT_ROWS) {
    const { rows } = await client.query<AuditRow>(
      `SELECT ${auditRowColumns} FROM public.audit_log
       ${where([`seq > $${window + 1} AND seq <= $${window + 2}`, ...indexed, ...rest])} ORDER BY seq`,
      [...values, after, Math.min(after + EXPORT_ROWS, to)],
    )
    if (rows.length) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  }
}

/** The least number within the filter's time: numbers and times rise together, but for clocks that differ, so it is asked for. */
async function firstOf(client: Queryable, { from, to }: AuditFilter): Promise<number> {
  if (!from) return 1
  const { rows } = await client.query<{ seq: number | null }>(
    'SELECT min(seq) AS seq FROM public.audit_log WHERE at >= $1 AND ($2::timestamptz IS NULL OR at < $2)',
    [new Date(from), to ? new Date(to) : null],
  )
  return rows[0]!.seq ?? Number.MAX_SAFE_INTEGER
}
