// Lines of statements, and what becomes of those that wait for a person: a vehicle's after all, or no matter of ours.
import type { z } from 'zod'
import type { FuelLine } from '../../contracts/api/fuelStatements.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type FuelLineState, fuelLineLifecycle } from '../../domain/fuelStatement.ts'
import { permits } from '../../domain/lifecycle.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { type Act, requireVersion } from '../kernel/act.ts'
import type { Sight } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { openVehicles } from '../kernel/sight.ts'
import { unitTestsOf } from '../kernel/within.ts'
import { makeBills } from './lineBills.ts'

type Query = z.output<Api['listFuelLines']['query']>

/** Numbers of cards are told by their last four digits, as everywhere. */
const lastFour = (of: string): string => `right(${of}, 4)`

/** Those that wait first; then the latest purchases. `lineId`: that one alone. */
export async function listLines(
  db: Queryable,
  scope: Sight,
  { organisationId, statementId, state, why, verdict, limit, offset }: Query,
  lineId?: number,
): Promise<AnswerOf<'listFuelLines'>> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const open = openVehicles($(scope.cleared))
  const [lft, rgt] = [$(scope.lft), $(scope.rgt)]
  const tests = ['(l.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL)', ...unitTestsOf($, scope, organisationId, 'u')]
  if (lineId !== undefined) tests.push(`l.line_id = ${$(lineId)}`)
  if (statementId !== undefined) tests.push(`l.statement_id = ${$(statementId)}`)
  if (state) tests.push(`l.state = ${$(state)}`)
  if (why) tests.push(`l.why = ${$(why)}`)
  if (verdict) tests.push(`l.verdict = ${$(verdict)}`)
  const order = (of: string) => `ORDER BY ${of}state = 'WAITING' DESC, ${of}at DESC, ${of}line_id DESC`
  const { rows } = await db.query(
    `WITH found AS MATERIALIZED (
       SELECT l.*, u.name AS unit, v.plate FROM fuel_lines l JOIN organisations u ON u.organisation_id = l.unit_id LEFT JOIN ${open} v ON v.vehicle_id = l.vehicle_id
       WHERE ${tests.join(' AND ')}),
     page AS (SELECT * FROM found ${order('')} LIMIT ${$(limit)} OFFSET ${$(offset)})
     SELECT n.total, p.*, ${lastFour('p.card_no')} AS card, s.name AS place, b.bill_id, coalesce(c.candidates, '[]') AS candidates
     FROM (SELECT count(*) AS total FROM found) n LEFT JOIN page p ON true LEFT JOIN places s ON s.place_id = p.place_id
     LEFT JOIN cost_bills b ON b.line_id = p.line_id
     LEFT JOIN LATERAL (SELECT json_agg(json_build_object('vehicleId', w.vehicle_id, 'plate', w.plate, 'card', w.card)) AS candidates
       FROM (SELECT v.vehicle_id, v.plate, ${lastFour('f.card_no')} AS card FROM fuel_cards f JOIN ${open} v ON v.vehicle_id = f.vehicle_id
         JOIN organisations o ON o.organisation_id = v.user_unit_id
         WHERE p.state = 'WAITING' AND ${lastFour('f.card_no')} = ${lastFour('p.card_no')} AND o.lft BETWEEN ${lft} AND ${rgt} ORDER BY f.card_no = p.card_no DESC, v.plate LIMIT 3) w) c ON true
     ${order('p.')}`,
    values,
  )
  return { total: rows[0]!.total as number, rows: rows.filter((row) => row.line_id !== null).map(lineOf) }
}

const lineOf = (row: Row): FuelLine => ({
  lineId: row.line_id as number,
  statementId: row.statement_id as number,
  row: row.row as number,
  unit: { organisationId: row.unit_id as number, name: row.unit as string },
  card: row.card as string,
  at: (row.at as Date).toISOString(),
  clocked: row.clocked as boolean,
  kind: row.kind as FuelLine['kind'],
  fen: row.fen as number,
  quantity: row.quantity as number,
  station: row.station as string,
  vehicle: row.vehicle_id === null ? null : { vehicleId: row.vehicle_id as number, plate: row.plate as string },
  place: row.place as string | null,
  verdict: row.verdict as FuelLine['verdict'],
  why: row.why as FuelLine['why'],
  state: row.state as FuelLineState,
  billId: row.bill_id as number | null,
  candidates: row.candidates as FuelLine['candidates'],
  version: row.version as number,
})

/**
 * Assigned, a line becomes the vehicle's, and a bill of the unit that has it; what it was matched to before stays as its reason to wait.
 * @throws Refusal NOT_FOUND; CHANGED_MEANWHILE; CONFLICT for one that waits no more; VALIDATION_FAILED without a vehicle of the scope
 */
export async function actOnLine(
  act: Act,
  lineId: number,
  { action, version, vehicleId, reason }: z.output<Api['actOnFuelLine']['body']>,
): Promise<FuelLine> {
  const { client, scope } = act
  const { rows } = await client.query<{ state: FuelLineState; version: number; vehicleId: number | null; unitId: number }>(
    `SELECT l.state, l.version, l.vehicle_id AS "vehicleId", l.unit_id AS "unitId" FROM fuel_lines l JOIN organisations u ON u.organisation_id = l.unit_id
     LEFT JOIN ${openVehicles('$4')} v ON v.vehicle_id = l.vehicle_id
     WHERE l.line_id = $1 AND u.lft BETWEEN $2 AND $3 AND (l.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL) FOR UPDATE OF l`,
    [lineId, scope.lft, scope.rgt, scope.cleared],
  )
  const line = rows[0]
  if (!line) throw new Refusal('NOT_FOUND')
  requireVersion(line, version)
  if (!permits(fuelLineLifecycle, action, line.state)) throw refusal('CONFLICT', 'body.action', 'line.done')
  const to = fuelLineLifecycle[action].to
  const chosen = action === 'assign' ? (vehicleId ?? line.vehicleId) : line.vehicleId
  const unitId = action === 'assign' ? await unitOf(client, scope, chosen) : line.unitId
  await changeRow(client, { table: 'fuel_lines', key: 'line_id', id: lineId }, { state: to, vehicle_id: chosen, unit_id: unitId })
  if (action === 'assign') await makeBills(act, { lineId })
  act.record(
    'statement.line',
    { type: 'statement-line', id: lineId },
    {
      before: { lineState: line.state, vehicleId: line.vehicleId },
      after: { lineState: to, vehicleId: chosen },
      reason,
    },
  )
  return (await listLines(client, scope, { limit: 1, offset: 0 }, lineId)).rows[0]!
}

/** @throws Refusal VALIDATION_FAILED */
async function unitOf(client: Queryable, { lft, rgt, cleared }: Sight, vehicleId: number | null): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    `SELECT v.user_unit_id AS id FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3`,
    [vehicleId, lft, rgt, cleared],
  )
  if (!rows[0]) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
  return rows[0].id
}
