// 维修单: asked for, listed, and taken a step on.
import type { z } from 'zod'
import type { WorkOrder } from '../../contracts/api/upkeep.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { openWorkStates, type WorkOrderAction } from '../../domain/workOrders.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import { keepStep, listPermitted } from '../kernel/procedure.ts'
import { platePattern } from '../kernel/searchText.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { unitTestsOf } from '../kernel/within.ts'
import { requireFree } from './holds.ts'
import { requireSupplier } from './suppliers.ts'
import { requireVehicle } from './vehicle.ts'
import { columns, FROM, loadWork, type StoredWork, WORK_ORDERS, workOf } from './workOrderRows.ts'
import { workProcedure } from './workProcedure.ts'

async function tell(db: Queryable, who: Who, rows: StoredWork[], nowMs: number): Promise<WorkOrder[]> {
  const actions = await listPermitted(db, workProcedure, who, rows, nowMs)
  return rows.map(({ told }, n) => ({
    ...told,
    late: (told.state === 'AT_WORKSHOP' || told.state === 'MORE_ASKED') && Date.parse(told.until) < nowMs,
    mayAct: actions[n] as WorkOrderAction[],
  }))
}

const answer = async ({ client, caller, scope, nowMs }: Act, id: number): Promise<WorkOrder> =>
  (await tell(client, { caller, reach: scope }, [await loadWork(client, scope, id)], nowMs))[0]!

/** Those that wait first, the oldest of them before the others; then the latest. */
export async function listWorkOrders(
  db: Queryable,
  who: Who,
  { organisationId, vehicleId, kind, state, q, limit, offset }: z.output<Api['listWorkOrders']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listWorkOrders'>> {
  const values: unknown[] = [who.reach.cleared]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = unitTestsOf($, who.reach, organisationId, 'u')
  if (vehicleId !== undefined) tests.push(`w.vehicle_id = ${$(vehicleId)}`)
  if (kind) tests.push(`w.kind = ${$(kind)}`)
  if (state) tests.push(`w.state = ${$(state)}`)
  if (q) tests.push(`v.plate LIKE ${$(platePattern(q))}`)
  const waits = openWorkStates.map((each) => `'${each}'`).join(', ')
  const order = (of: string) =>
    `ORDER BY ${of}state IN (${waits}) DESC, CASE WHEN ${of}state IN (${waits}) THEN ${of}asked_at END, ${of}asked_at DESC, ${of}work_order_id DESC`
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${FROM} WHERE ${tests.join(' AND ')}) n LEFT JOIN
       (SELECT ${columns} FROM ${FROM} WHERE ${tests.join(' AND ')} ${order('w.')} LIMIT ${$(limit)} OFFSET ${$(offset)}) page ON true ${order('page.')}`,
    values,
  )
  const found = rows.filter((row) => row.work_order_id !== null).map(workOf)
  return { total: rows[0]!.total as number, rows: await tell(db, who, found, nowMs) }
}

/**
 * @throws Refusal VALIDATION_FAILED for a vehicle or a supplier out of reach, an item of no plan, and a time that is over; CONFLICT for a vehicle that is promised or
 * sealed then, or on its way out of the fleet
 */
export async function askWorkOrder(act: Act, sent: z.output<Api['askWorkOrder']['body']>): Promise<WorkOrder> {
  const { client, caller, nowMs } = act
  const { key, vehicleId, supplierId, kind, item, work, mishapId, from, until, estimateFen } = sent
  const known = await client.query<{ id: number; same: boolean }>(
    `SELECT work_order_id AS id, (vehicle_id, supplier_id, kind, work) = ($3::int, $4::int, $5, $6) AS same FROM work_orders WHERE asked_by = $1 AND key = $2`,
    [caller.accountId, key, vehicleId, supplierId, kind, work],
  )
  if (known.rows[0]) {
    if (!known.rows[0].same) throw refusal('CONFLICT', 'body.key', 'deed.key')
    return answer(act, known.rows[0].id)
  }
  const vehicle = await requireVehicle(act, vehicleId)
  if (vehicle.state === 'DISPOSAL_PENDING') throw refusal('CONFLICT', 'body.vehicleId', 'state.not', { state: vehicle.state })
  await requireSupplier(act, supplierId, 'repair', vehicle)
  if (mishapId !== null) await requireAccident(act, mishapId, vehicleId, kind)
  const span = { fromMs: Date.parse(from), untilMs: Date.parse(until) }
  if (span.untilMs <= Math.max(span.fromMs, nowMs)) throw refusal('VALIDATION_FAILED', 'body.until', 'work.until')
  await requireFree(client, vehicleId, span, null, 'body.from')
  const state = estimateFen === null ? 'ASKED' : 'ESTIMATED'
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO work_orders (vehicle_id, unit_id, supplier_id, kind, item, work, from_at, until_at, estimate_fen, state, asked_at, asked_by, key, mishap_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING work_order_id AS id`,
    [
      vehicleId,
      vehicle.unitId,
      supplierId,
      kind,
      item,
      work,
      from,
      until,
      estimateFen,
      state,
      new Date(nowMs),
      caller.accountId,
      key,
      mishapId,
    ],
  )
  const id = rows[0]!.id
  await keepStep(act, WORK_ORDERS, id, { action: 'ask', to: state, reason: '' }, estimateFen === null ? {} : { estimateFen })
  const after = {
    workOrderId: id,
    workOrderState: state,
    supplierId,
    workKind: kind,
    plannedItem: item,
    work,
    mishapId,
    from,
    until,
    estimateFen,
  }
  act.record('work.ask', { type: 'vehicle', id: vehicleId }, { after })
  return answer(act, id)
}

/** @throws Refusal VALIDATION_FAILED for an accident of no such vehicle, or for work that repairs none */
async function requireAccident({ client, scope }: Act, mishapId: number, vehicleId: number, kind: string): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM vehicle_mishaps m JOIN organisations u ON u.organisation_id = m.unit_id
     WHERE m.mishap_id = $1 AND m.vehicle_id = $2 AND m.kind = 'accident' AND m.state IN ('SUSPECTED', 'VERIFIED') AND u.lft BETWEEN $3 AND $4`,
    [mishapId, vehicleId, scope.lft, scope.rgt],
  )
  if (rowCount === 0 || kind !== 'accident') throw refusal('VALIDATION_FAILED', 'body.mishapId', 'work.mishap')
}

export async function actOnWorkOrder(act: Act, id: number, asked: z.output<Api['actOnWorkOrder']['body']>): Promise<WorkOrder> {
  await takeStep(act, workProcedure, id, asked)
  return answer(act, id)
}
