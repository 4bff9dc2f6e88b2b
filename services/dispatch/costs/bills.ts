// 费用单: what is spent outside trips. Entered by whoever keeps the vehicles, approved by another person, which books it; what was booked wrongly is taken back by
// another entry. States and who may take which step: domain/costBook.ts.
import type { z } from 'zod'
import type { CostBill } from '../../contracts/api/costBook.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type BillAction, type BillKind, type BillState, billActions, billLifecycle, openBillStates } from '../../domain/costBook.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { BILLS, billSubject, bookEntry } from '../kernel/costBook.ts'
import { keepStep, listPermitted, type Procedure, type Step, type Stepped, type Taken } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { isHeldFor, requireOrganisation, unitTestsOf } from '../kernel/within.ts'
import { requireOpenDay } from './months.ts'

type Bill = Omit<CostBill, 'mayAct'> & Stepped & { state: BillState }

const billProcedure: Procedure<Bill> = {
  ...BILLS,
  lifecycle: billLifecycle,
  lock: (act, id) => loadBill(act.client, act.scope, id, 'FOR UPDATE OF b'),
  refusals: {
    notNow: { path: 'body.action', reason: 'bill.not', values: ({ state }) => ({ billState: state }) },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    approve: { before: approve },
    reverse: { before: reverse },
    refuse: { before: requireReason },
    askReversal: { before: requireReason },
  },
  record: ({ id }, { action }) => ({ action: 'bill.step', subject: billSubject(id), detail: { action } }),
}

async function approve(act: Act, bill: Bill) {
  await requireOpenDay(act, bill.unit.organisationId, bill.day, 'body.action')
  await bookEntry(act, entryOf(bill))
  return undefined
}

/** It stands on the day of today, which no closed month has. */
async function reverse(act: Act, bill: Bill) {
  await bookEntry(act, { ...entryOf(bill), day: act.today }, -1)
  return undefined
}

async function requireReason(_act: Act, _bill: Bill, { reason }: Step) {
  if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
  return undefined
}

/** The bill as it is written into the book. */
const entryOf = ({ billId, unit, vehicle, kind, fen, quantity, day }: Bill) => ({
  ...{ billId, kind, fen, quantity, day },
  unitId: unit.organisationId,
  vehicleId: vehicle?.vehicleId ?? null,
})

/** `$1` what is cleared for the reader. */
const columns = `b.bill_id, b.unit_id, u.name AS unit, v.vehicle_id, v.plate, v.plate_colour, b.kind, b.fen, b.day::text AS day, b.quantity, b.supplier_id,
  s.name AS supplier, b.document_no, b.note, b.source, b.state, b.entered_at, a.display_name AS by, b.version,
  (SELECT coalesce(json_agg(json_build_object('action', p.action, 'state', p.state, 'at', p.at, 'by', p.username, 'reason', p.reason, 'accountId', p.account_id)
      ORDER BY p.step), '[]') FROM cost_bill_steps p WHERE p.bill_id = b.bill_id) AS steps`
const joins = `cost_bills b JOIN organisations u ON u.organisation_id = b.unit_id JOIN accounts a ON a.account_id = b.entered_by
  LEFT JOIN suppliers s USING (supplier_id) LEFT JOIN ${openVehicles('$1')} v ON v.vehicle_id = b.vehicle_id`
/** What is for a sensitive vehicle is out of sight with it. */
const isSeen = '(b.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL)'

type KeptStep = CostBill['steps'][number] & { accountId: number | null }
function billOf(row: Row): Bill {
  const steps = row.steps as KeptStep[]
  return {
    id: row.bill_id as number,
    billId: row.bill_id as number,
    unit: { organisationId: row.unit_id as number, name: row.unit as string },
    vehicle:
      row.vehicle_id === null
        ? null
        : { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' },
    kind: row.kind as BillKind,
    fen: row.fen as number,
    day: row.day as string,
    quantity: row.quantity as number | null,
    supplier: row.supplier_id === null ? null : { supplierId: row.supplier_id as number, name: row.supplier as string },
    documentNo: row.document_no as string | null,
    note: row.note as string | null,
    source: row.source as string | null,
    state: row.state as BillState,
    enteredAt: (row.entered_at as Date).toISOString(),
    by: row.by as string,
    steps: steps.map(({ accountId: _account, at, ...step }) => ({ ...step, at: new Date(at).toISOString() })),
    takers: steps.flatMap(({ action, accountId }): Taken[] => (accountId === null ? [] : [{ action, accountId }])),
    version: row.version as number,
  }
}

/** One in reach, `lock` as SQL. @throws Refusal NOT_FOUND */
async function loadBill(db: Queryable, { lft, rgt, cleared }: Sight, id: number, lock = ''): Promise<Bill> {
  const { rows } = await db.query(
    `SELECT ${columns} FROM ${joins} WHERE b.bill_id = $2 AND u.lft BETWEEN $3 AND $4 AND ${isSeen} ${lock}`,
    [cleared, id, lft, rgt],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return billOf(rows[0])
}

async function tell(db: Queryable, who: Who, bills: Bill[], nowMs: number): Promise<CostBill[]> {
  const actions = await listPermitted(db, billProcedure, who, bills, nowMs)
  return bills.map(({ id: _id, takers: _takers, ...bill }, n) => ({
    ...bill,
    mayAct: billActions.filter((action) => (actions[n] as BillAction[]).includes(action)),
  }))
}

const answer = async ({ client, caller, scope, nowMs }: Act, id: number): Promise<CostBill> =>
  (await tell(client, { caller, reach: scope }, [await loadBill(client, scope, id)], nowMs))[0]!

/** Those that wait first, the oldest of them before the others; then the latest. */
export async function listBills(
  db: Queryable,
  who: Who,
  { organisationId, vehicleId, kind, state, limit, offset }: z.output<Api['listCostBills']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listCostBills'>> {
  const values: unknown[] = [who.reach.cleared]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = [isSeen, ...unitTestsOf($, who.reach, organisationId, 'u')]
  if (vehicleId !== undefined) tests.push(`v.vehicle_id = ${$(vehicleId)}`)
  if (kind) tests.push(`b.kind = ${$(kind)}`)
  if (state) tests.push(`b.state = ${$(state)}`)
  const waits = openBillStates.map((each) => `'${each}'`).join(', ')
  const order = (of: string) =>
    `ORDER BY ${of}state IN (${waits}) DESC, CASE WHEN ${of}state IN (${waits}) THEN ${of}entered_at END, ${of}entered_at DESC, ${of}bill_id DESC`
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${joins} WHERE ${tests.join(' AND ')}) n LEFT JOIN
       (SELECT ${columns} FROM ${joins} WHERE ${tests.join(' AND ')} ${order('b.')} LIMIT ${$(limit)} OFFSET ${$(offset)}) page ON true ${order('page.')}`,
    values,
  )
  const bills = rows.filter((row) => row.bill_id !== null).map(billOf)
  return { total: rows[0]!.total as number, rows: await tell(db, who, bills, nowMs) }
}

type Sent = z.output<Api['enterCostBill']['body']>

/** @throws Refusal VALIDATION_FAILED for a unit, vehicle or supplier out of reach and a day that has not come; CONFLICT for a day of a closed month */
export async function enterBill(act: Act, { key, ...bill }: Sent): Promise<CostBill> {
  const { client, scope, caller, nowMs } = act
  const { organisationId, vehicleId, kind, fen, day, quantity, supplierId, documentNo, note } = bill
  await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  const sent = await client.query<{ id: number; same: boolean }>(
    `SELECT bill_id AS id, (unit_id, kind, fen, day) = ($3::int, $4, $5::bigint, $6::date) AND vehicle_id IS NOT DISTINCT FROM $7::int AS same
     FROM cost_bills WHERE entered_by = $1 AND key = $2`,
    [caller.accountId, key, organisationId, kind, fen, day, vehicleId],
  )
  if (sent.rows[0]) {
    if (!sent.rows[0].same) throw refusal('CONFLICT', 'body.key', 'deed.key')
    return answer(act, sent.rows[0].id)
  }
  if (vehicleId !== null) await requireVehicle(client, scope, vehicleId)
  if (supplierId !== null) await requireSupplier(client, scope, supplierId)
  await requireOpenDay(act, organisationId, day, 'body.day')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO cost_bills (unit_id, vehicle_id, kind, fen, day, quantity, supplier_id, document_no, note, state, entered_at, entered_by, key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'SUBMITTED', $10, $11, $12) RETURNING bill_id AS id`,
    [
      organisationId,
      vehicleId,
      kind,
      fen,
      day,
      quantity,
      supplierId,
      documentNo || null,
      note || null,
      new Date(nowMs),
      caller.accountId,
      key,
    ],
  )
  const id = rows[0]!.id
  await keepStep(act, BILLS, id, { action: 'enter', to: 'SUBMITTED', reason: '' })
  act.record('bill.enter', billSubject(id), { after: { state: 'SUBMITTED', ...bill } })
  return answer(act, id)
}

/** A vehicle that was disposed of may still have bills. */
async function requireVehicle(client: Queryable, { lft, rgt, cleared }: Sight, vehicleId: number): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3`,
    [vehicleId, lft, rgt, cleared],
  )
  if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
}

async function requireSupplier(client: Queryable, { lft, rgt }: Sight, supplierId: number): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM suppliers s JOIN organisations o USING (organisation_id) WHERE s.supplier_id = $1 AND ${isHeldFor('o', '$2', '$3')}`,
    [supplierId, lft, rgt],
  )
  if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.supplierId', 'bill.supplier')
}

export async function actOnBill(act: Act, id: number, asked: z.output<Api['actOnCostBill']['body']>): Promise<CostBill> {
  await takeStep(act, billProcedure, id, asked)
  return answer(act, id)
}

/** Approves each, as one step after another: who has entered any of them approves none. */
export async function approveBills(act: Act, ids: readonly number[], reason: string): Promise<void> {
  for (const id of ids) await takeStep(act, billProcedure, id, { action: 'approve', reason })
}
