// Statements of suppliers: tried, imported once, and their bills approved by another person.
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { StatementRead } from '../../contracts/api/fuelStatements.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { Words } from '../../contracts/exchange.ts'
import { changedMeanwhile, refusal } from '../../contracts/refusals.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Sight } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { isHeldFor, requireOrganisation, unitTestsOf } from '../kernel/within.ts'
import { approveBills } from './bills.ts'
import { makeBills } from './lineBills.ts'
import { type Match, matchLines } from './matchLines.ts'
import { findLayout, type LineProblem, readLines, type StatementLine, type StatementRow, statementFields } from './statementLayout.ts'

/** Rows of a file, or why it cannot be read. */
export type ReadRows = (bytes: Buffer) => Promise<{ rows: StatementRow[] } | { words: Words }>
const MAX_LINES = 5_000
const MAX_TOLD = 200

const problemWords: Record<LineProblem, Words> = {
  card: { zh: '卡号不是 6–24 位数字', en: 'The card number is not 6 to 24 digits' },
  cardRounded: {
    zh: '卡号已被表格截断，请将该列设为文本后重新导出',
    en: 'The spreadsheet has cut the card number; export the column as text',
  },
  day: { zh: '时间晚于当前时间，或早于 2000 年', en: 'The time has not come yet, or is before 2000' },
  time: { zh: '时间无法识别，如 2026-03-01 08:30', en: 'The time cannot be read; write 2026-03-01 08:30' },
  amount: { zh: '金额无法识别或不大于零', en: 'The amount cannot be read, or is not above zero' },
  quantity: { zh: '数量无法识别', en: 'The quantity cannot be read' },
}

type Query = z.output<Api['importFuelStatement']['query']>
type Sent = { query: Query; file: Buffer; rows: StatementRow[] }

/** @throws Refusal VALIDATION_FAILED for a file that cannot be read */
export async function readStatement(readRows: ReadRows, query: Query, file: Buffer): Promise<Sent> {
  const read = await readRows(file)
  if ('words' in read)
    throw new Refusal('VALIDATION_FAILED', read.words.en, [{ path: 'body', message: `${read.words.zh} / ${read.words.en}` }])
  return { query, file, rows: read.rows }
}

/** What the file holds, and what it would become. @throws Refusal VALIDATION_FAILED for a unit or supplier out of reach, or a layout that is not known */
export async function tryStatement(db: Queryable, scope: Sight, { query, rows }: Sent, nowMs: number) {
  const { organisationId: unitId, supplierId } = query
  await requireOrganisation(db, scope, unitId, 'query.organisationId')
  await requireSupplier(db, scope, supplierId)
  const said = Object.fromEntries(statementFields.flatMap((field) => (query[field] === undefined ? [] : [[field, query[field]]])))
  const layout = findLayout(rows, said)
  if (!layout) throw refusal('VALIDATION_FAILED', 'body', 'statement.layout')
  const { lines, problems, skipped } = readLines(rows, layout, nowMs)
  if (lines.length > MAX_LINES) throw refusal('VALIDATION_FAILED', 'body', 'statement.long', { most: MAX_LINES })
  const matches = lines.length === 0 ? [] : await matchLines(db, scope, { supplierId, unitId }, lines)
  const fresh = lines.flatMap((line, n) => (matches[n]!.known ? [] : [{ line, match: matches[n]! }]))
  const verdicts: Record<string, number> = {}
  for (const { match } of fresh) verdicts[match.verdict] = (verdicts[match.verdict] ?? 0) + 1
  const waiting = fresh.filter(({ match }) => match.why !== null).length
  const told: StatementRead = {
    statementId: null,
    headings: layout.headings,
    columns: layout.columns as Record<string, number>,
    ...{ lines: lines.length, known: lines.length - fresh.length, matched: fresh.length - waiting, waiting, skipped, verdicts },
    problemCount: problems.length,
    problems: problems
      .slice(0, MAX_TOLD)
      .map(({ row, problem, value }) => ({ row, value: value.slice(0, 60), message: problemWords[problem] })),
  }
  return { fresh, told }
}

/** Keeps the lines that are new, and makes bills of those that wait for nobody. What cannot be read is told, and is not kept. */
export async function importStatement(act: Act, sent: Sent): Promise<StatementRead> {
  const { client, scope, caller, nowMs } = act
  const { organisationId, supplierId, fileName } = sent.query
  const { fresh, told } = await tryStatement(client, scope, sent, nowMs)
  if (fresh.length === 0) return told
  const sha256 = createHash('sha256').update(sent.file).digest('hex')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO fuel_statements (unit_id, supplier_id, file_name, sha256, imported_at, imported_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING statement_id AS id`,
    [organisationId, supplierId, fileName, sha256, new Date(nowMs), caller.accountId],
  )
  const statementId = rows[0]!.id
  await insertLines(client, statementId, supplierId, fresh)
  await makeBills(act, { statementId })
  const { lines, known, matched, waiting, problemCount } = told
  act.record(
    'statement.import',
    { type: 'statement', id: statementId },
    {
      after: { supplierId, organisationId },
      detail: { fileName, fileSha256: sha256, rows: lines, unchanged: known, matched, waiting, problems: problemCount },
    },
  )
  return { ...told, statementId }
}

async function insertLines(
  client: Queryable,
  statementId: number,
  supplierId: number,
  fresh: readonly { line: StatementLine; match: Match }[],
): Promise<void> {
  const of = <T>(value: (each: { line: StatementLine; match: Match }) => T): T[] => fresh.map(value)
  await client.query(
    `INSERT INTO fuel_lines (statement_id, supplier_id, row, card_no, at, clocked, kind, fen, quantity, station, ordinal, unit_id, fuel_card_id, vehicle_id, place_id,
       verdict, why, state)
     SELECT $1, $2, l.*, CASE WHEN l.why IS NULL THEN 'MATCHED' ELSE 'WAITING' END
     FROM unnest($3::int[], $4::text[], $5::timestamptz[], $6::boolean[], $7::text[], $8::bigint[], $9::bigint[], $10::text[], $11::int[], $12::int[], $13::int[],
       $14::int[], $15::int[], $16::text[], $17::text[])
       AS l (row, card_no, at, clocked, kind, fen, quantity, station, ordinal, unit_id, fuel_card_id, vehicle_id, place_id, verdict, why)`,
    [
      ...[statementId, supplierId],
      of(({ line }) => line.row),
      of(({ line }) => line.cardNo),
      of(({ line }) => new Date(line.atMs)),
      of(({ line }) => line.clocked),
      of(({ line }) => line.kind),
      of(({ line }) => line.fen),
      of(({ line }) => line.quantity),
      of(({ line }) => line.station),
      of(({ line }) => line.ordinal),
      of(({ match }) => match.unitId),
      of(({ match }) => match.cardId),
      of(({ match }) => match.vehicleId),
      of(({ match }) => match.placeId),
      of(({ match }) => match.verdict),
      of(({ match }) => match.why),
    ],
  )
}

async function requireSupplier(client: Queryable, { lft, rgt }: Sight, supplierId: number): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM suppliers s JOIN organisations o USING (organisation_id) WHERE s.supplier_id = $1 AND ${isHeldFor('o', '$2', '$3')}
       AND s.kinds && ARRAY['fuel', 'charging']`,
    [supplierId, lft, rgt],
  )
  if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'query.supplierId', 'supplier.noFuel')
}

type Found = AnswerOf<'listFuelStatements'>['rows'][number] & {
  total: number
  unitId: number | null
  unitName: string
  supplierId: number
  supplierName: string
}

export async function listStatements(
  db: Queryable,
  scope: Sight,
  { organisationId, limit, offset }: z.output<Api['listFuelStatements']['query']>,
): Promise<AnswerOf<'listFuelStatements'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = unitTestsOf($, scope, organisationId, 'u')
  const seen = `(l.vehicle_id IS NULL OR EXISTS (SELECT FROM ${openVehicles($(scope.cleared))} v WHERE v.vehicle_id = l.vehicle_id))`
  const reach = `EXISTS (SELECT FROM organisations o WHERE o.organisation_id = l.unit_id AND o.lft BETWEEN ${$(scope.lft)} AND ${$(scope.rgt)})`
  const { rows } = await db.query<Omit<Found, 'importedAt'> & { importedAt: Date }>(
    `WITH found AS MATERIALIZED (SELECT f.*, u.name AS unit_name FROM fuel_statements f JOIN organisations u ON u.organisation_id = f.unit_id
       WHERE ${tests.join(' AND ')}),
     page AS (SELECT * FROM found ORDER BY statement_id DESC LIMIT ${$(limit)} OFFSET ${$(offset)})
     SELECT n.total, p.statement_id AS "statementId", p.unit_id AS "unitId", p.unit_name AS "unitName", p.supplier_id AS "supplierId", s.name AS "supplierName",
       p.file_name AS "fileName", p.imported_at AS "importedAt", a.display_name AS by, c.*
     FROM (SELECT count(*) AS total FROM found) n LEFT JOIN page p ON true LEFT JOIN suppliers s ON s.supplier_id = p.supplier_id
     LEFT JOIN accounts a ON a.account_id = p.imported_by
     LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE l.state = 'MATCHED')::int AS matched, count(*) FILTER (WHERE l.state = 'WAITING')::int AS waiting,
         count(*) FILTER (WHERE l.state = 'DISMISSED')::int AS dismissed, count(*) FILTER (WHERE b.state = 'SUBMITTED')::int AS "toApprove",
         coalesce(sum(l.fen), 0)::bigint AS fen
       FROM fuel_lines l LEFT JOIN cost_bills b USING (line_id) WHERE l.statement_id = p.statement_id AND ${reach} AND ${seen}) c ON true
     ORDER BY p.statement_id DESC`,
    values,
  )
  return {
    total: rows[0]!.total,
    rows: rows
      .filter(({ unitId }) => unitId !== null)
      .map(({ total: _total, unitId, unitName, supplierId, supplierName, importedAt, ...row }) => ({
        ...row,
        importedAt: importedAt.toISOString(),
        unit: { organisationId: unitId!, name: unitName },
        supplier: { supplierId, name: supplierName },
      })),
  }
}

/**
 * The bills of a statement that wait, each step taken as if one by one.
 * @throws Refusal NOT_FOUND; CHANGED_MEANWHILE when others wait than were seen; as a bill's approval
 */
export async function approveStatement(
  act: Act,
  statementId: number,
  { bills, reason }: z.output<Api['approveFuelStatement']['body']>,
): Promise<{ approved: number }> {
  const { client, scope } = act
  const { rows: known } = await client.query(
    `SELECT FROM fuel_statements f JOIN organisations u ON u.organisation_id = f.unit_id WHERE f.statement_id = $1 AND u.lft BETWEEN $2 AND $3`,
    [statementId, scope.lft, scope.rgt],
  )
  if (known.length === 0) throw new Refusal('NOT_FOUND')
  const { rows } = await client.query<{ id: number }>(
    `SELECT b.bill_id AS id FROM cost_bills b JOIN fuel_lines l USING (line_id) JOIN organisations u ON u.organisation_id = b.unit_id
     WHERE l.statement_id = $1 AND b.state = 'SUBMITTED' AND u.lft BETWEEN $2 AND $3
       AND EXISTS (SELECT FROM ${openVehicles('$4')} v WHERE v.vehicle_id = b.vehicle_id) ORDER BY b.bill_id`,
    [statementId, scope.lft, scope.rgt, scope.cleared],
  )
  if (rows.length !== bills) throw changedMeanwhile('body.bills')
  await approveBills(
    act,
    rows.map(({ id }) => id),
    reason,
  )
  act.record('statement.approve', { type: 'statement', id: statementId }, { detail: { bills: rows.length }, reason })
  return { approved: rows.length }
}
