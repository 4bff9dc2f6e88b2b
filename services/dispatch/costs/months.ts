// 结账: a unit closes its months in their order. What is closed takes no entry, and what it said then is kept with its hash.
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { CostMonth } from '../../contracts/api/costBook.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { changedMeanwhile, refusal } from '../../contracts/refusals.ts'
import { findClosingProblem, findDayProblem, lastDayOf, openBillStates } from '../../domain/costBook.ts'
import { addDays, FIRST_DAY } from '../../domain/days.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Scope } from '../kernel/caller.ts'
import { closedUntil } from '../kernel/costBook.ts'
import { requireOrganisation, unitTestsOf } from '../kernel/within.ts'

const open = openBillStates.map((state) => `'${state}'`).join(', ')

/**
 * Whoever books on the day does so before its month is closed, or not at all.
 * @throws Refusal VALIDATION_FAILED for a day that has not come, or of which no table tells; CONFLICT in a closed month, saying the nearest open day
 */
export async function requireOpenDay({ client, today }: Act, unitId: number, day: string, path: string): Promise<void> {
  const problem = findDayProblem(day, today, await closedUntil(client, unitId, 'SHARE'))
  if (problem?.reason === 'bill.closed') throw refusal('CONFLICT', path, problem.reason, { day, nearest: problem.nearest })
  if (problem) throw refusal('VALIDATION_FAILED', path, problem.reason, { today, day: FIRST_DAY })
}

type Found = { total: number; unitId: number | null; unitName: string; month: string; entries: number; fen: number; waiting: number } & {
  closedAt: Date | null
  closedBy: string
  sha256: string
  first: CostMonth['first']
}

export async function listMonths(
  db: Queryable,
  scope: Scope,
  { organisationId, only, limit, offset }: z.output<Api['listCostMonths']['query']>,
): Promise<AnswerOf<'listCostMonths'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = unitTestsOf($, scope, organisationId, 'u')
  const isClosed = 'c.closing_id IS NOT NULL'
  if (only) tests.push(only === 'closed' ? isClosed : `NOT (${isClosed})`)
  const { rows } = await db.query<Found>(
    `WITH told AS (
       SELECT unit_id, to_char(day, 'YYYY-MM') AS month, count(*) AS entries, sum(fen) AS fen, 0 AS waiting FROM cost_entries GROUP BY 1, 2
       UNION ALL SELECT unit_id, to_char(day, 'YYYY-MM'), 0, 0, count(*) FROM cost_bills WHERE state IN (${open}) GROUP BY 1, 2
       UNION ALL SELECT unit_id, to_char(until_day, 'YYYY-MM'), 0, 0, 0 FROM cost_closings),
     months AS (SELECT unit_id, month, sum(entries)::int AS entries, sum(fen)::bigint AS fen, sum(waiting)::int AS waiting FROM told GROUP BY 1, 2),
     found AS MATERIALIZED (
       SELECT m.*, u.name, u.lft, c.closed_at, c.closed_by, c.sha256 FROM months m JOIN organisations u ON u.organisation_id = m.unit_id
       LEFT JOIN LATERAL (SELECT * FROM cost_closings c WHERE c.unit_id = m.unit_id AND c.until_day >= (m.month || '-01')::date
         ORDER BY c.until_day LIMIT 1) c ON true WHERE ${tests.join(' AND ')}),
     firsts AS (
       SELECT DISTINCT ON (unit_id) * FROM found WHERE closed_at IS NULL AND (entries > 0 OR waiting > 0) ORDER BY unit_id, month)
     SELECT n.total, f.unit_id AS "unitId", f.name AS "unitName", f.month, f.entries, f.fen, f.waiting, f.closed_at AS "closedAt", f.sha256,
       a.display_name AS "closedBy",
       CASE WHEN e.unit_id IS NOT NULL THEN json_build_object('month', e.month, 'entries', e.entries, 'fen', e.fen, 'waiting', e.waiting) END AS first
     FROM (SELECT count(*) AS total FROM found) n
     LEFT JOIN (SELECT * FROM found ORDER BY month DESC, lft LIMIT ${$(limit)} OFFSET ${$(offset)}) f ON true
     LEFT JOIN firsts e ON e.unit_id = f.unit_id AND e.month < f.month AND f.closed_at IS NULL
     LEFT JOIN accounts a ON a.account_id = f.closed_by ORDER BY f.month DESC, f.lft`,
    values,
  )
  return {
    total: rows[0]!.total,
    rows: rows
      .filter(({ unitId }) => unitId !== null)
      .map(
        ({ unitId, unitName, month, entries, fen, waiting, first, closedAt, closedBy, sha256 }): CostMonth => ({
          ...{ month, entries, fen, waiting, first },
          unit: { organisationId: unitId!, name: unitName },
          closed: closedAt === null ? null : { at: closedAt.toISOString(), by: closedBy, sha256 },
        }),
      ),
  }
}

type Sent = z.output<Api['closeCostMonth']['body']>
type Entry = { id: number; orderId: number | null; billId: number | null; vehicleId: number | null; kind: string; fen: number; day: string }

/**
 * @throws Refusal CONFLICT for a month that is not over, is closed, has one before it that is open or bills that wait; CHANGED_MEANWHILE when it
 * is no longer what was seen
 */
export async function closeMonth(act: Act, { organisationId, month, entries, fen, reason }: Sent): Promise<{ sha256: string }> {
  const { client, scope, caller, nowMs, today } = act
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const before = await closedUntil(client, organisationId, 'NO KEY UPDATE')
  const problem = findClosingProblem(month, today, before)
  if (problem) throw refusal('CONFLICT', 'body.month', problem, { month, nearest: nearestOf(problem, before, today) })
  const untilDay = lastDayOf(month)
  const { rows: waiting } = await client.query<{ bills: number; earlier: string | null }>(
    `SELECT (SELECT count(*) FROM cost_bills WHERE unit_id = $1 AND day <= $2::date AND state IN (${open})) AS bills,
       (SELECT to_char(min(day), 'YYYY-MM') FROM cost_entries WHERE unit_id = $1 AND day <= $2::date AND ($3::date IS NULL OR day > $3)) AS earlier`,
    [organisationId, untilDay, before],
  )
  const { bills, earlier } = waiting[0]!
  if (earlier !== null && earlier < month) throw refusal('CONFLICT', 'body.month', 'month.earlier', { nearest: earlier })
  if (bills > 0) throw refusal('CONFLICT', 'body.month', 'month.waiting', { n: bills })
  const { rows: booked } = await client.query<Entry>(
    `SELECT entry_id AS id, order_id AS "orderId", bill_id AS "billId", vehicle_id AS "vehicleId", kind, fen, day::text
     FROM cost_entries WHERE unit_id = $1 AND day <= $2::date AND ($3::date IS NULL OR day > $3) ORDER BY entry_id`,
    [organisationId, untilDay, before],
  )
  const sum = booked.reduce((total, entry) => total + entry.fen, 0)
  if (booked.length !== entries || sum !== fen) throw changedMeanwhile('body.entries')
  const sha256 = createHash('sha256').update(booked.map(lineOf).join('')).digest('hex')
  await client.query(
    `INSERT INTO cost_closings (unit_id, until_day, entries, fen, sha256, closed_at, closed_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [organisationId, untilDay, entries, fen, sha256, new Date(nowMs), caller.accountId],
  )
  act.record(
    'month.close',
    { type: 'organisation', id: organisationId },
    { after: { closedUntil: untilDay }, detail: { entries, fen, sha256 }, reason },
  )
  return { sha256 }
}

/** An entry as its hash has it. */
const lineOf = ({ id, orderId, billId, vehicleId, kind, fen, day }: Entry): string =>
  `${JSON.stringify([id, orderId, billId, vehicleId, kind, fen, day])}\n`

/** The last month that could be closed, or the first that is still open. */
const nearestOf = (problem: 'month.running' | 'month.closed', closed: string | null, today: string): string =>
  (problem === 'month.closed' && closed !== null ? addDays(closed, 1) : addDays(`${today.slice(0, 7)}-01`, -1)).slice(0, 7)
