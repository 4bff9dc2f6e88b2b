// The procedure of a work order (domain/workOrders.ts has the table): what each step does with the vehicle's calendar, its odometer, the plan and the book of costs.
import type { BodyOf } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { findDayProblem } from '../../domain/costBook.ts'
import { dayAt, FIRST_DAY } from '../../domain/days.ts'
import { yuanText } from '../../domain/money.ts'
import { findReadingProblem } from '../../domain/orders.ts'
import { costKindOfWork, explainedWork, findInvoiceProblem, type PartLine, workOrderLifecycle } from '../../domain/workOrders.ts'
import type { Act } from '../kernel/act.ts'
import { bookBillOf } from '../kernel/costBook.ts'
import type { Change, Effect, Procedure, Step } from '../kernel/procedure.ts'
import { hold, letGo, requireNotOut } from './holds.ts'
import { readOdometers } from './odometer.ts'
import { requireVehicle } from './vehicle.ts'
import { loadWork, type StoredWork, WORK_ORDERS } from './workOrderRows.ts'

type Data = BodyOf<'actOnWorkOrder'>['data'] & object

export const workProcedure: Procedure<StoredWork> = {
  ...WORK_ORDERS,
  lifecycle: workOrderLifecycle,
  lock: (act, id) => loadWork(act.client, act.scope, id, 'FOR UPDATE OF w'),
  refusals: {
    notNow: { path: 'body.action', reason: 'work.not', values: ({ state }) => ({ workOrderState: state }) },
    samePerson: { code: 'TWO_PERSON_RULE', path: 'body.action', reason: 'work.samePerson' },
  },
  effects: explained({
    estimate: { before: async (_act, _row, { data }) => ({ set: { estimate_fen: data.estimateFen } }) },
    approve: { before: approve },
    postpone: { before: move },
    send: { before: send },
    prolong: { before: move },
    askMore: {
      before: async (_act, { told }, { data }) => {
        const [asked, approved] = [(data as Data).estimateFen!, told.approvedFen!]
        if (asked <= approved) throw refusal('VALIDATION_FAILED', 'body.data.estimateFen', 'work.more', { approved: yuanText(approved) })
        return { set: { estimate_fen: asked } }
      },
    },
    approveMore: {
      before: async (_act, { told }) => ({ set: { approved_fen: told.estimateFen }, kept: { estimateFen: told.estimateFen } }),
    },
    declineMore: { before: async (_act, { told }) => ({ set: { estimate_fen: told.approvedFen } }) },
    complete: { before: complete, after: keepParts },
    redo: { before: redo },
    accept: { before: accept },
    cancel: { before: async (act, { id }) => letGo(act, id).then(() => undefined) },
  }),
  record: ({ told }, { action }) => ({
    action: 'work.step',
    subject: { type: 'vehicle', id: told.vehicle.vehicleId },
    detail: { action, workOrderId: told.workOrderId },
  }),
  stateField: 'workOrderState',
}

/** Steps that say why are not taken without. */
function explained(effects: Record<string, Effect<StoredWork>>): Record<string, Effect<StoredWork>> {
  const all = { decline: {}, ...effects }
  for (const action of explainedWork) {
    const effect: Effect<StoredWork> = all[action as keyof typeof all] ?? {}
    all[action as keyof typeof all] = {
      ...effect,
      before: async (act: Act, row: StoredWork, step: Step) => {
        if (step.reason.length < 2) throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
        return effect.before?.(act, row, step)
      },
    }
  }
  return all
}

const spanOf = (from: string, until: string) => ({ fromMs: Date.parse(from), untilMs: Date.parse(until) })

/** From here on the vehicle is promised to nobody for that time. */
async function approve(act: Act, { id, told }: StoredWork): Promise<Change> {
  const { client, nowMs } = act
  await requireVehicle(act, told.vehicle.vehicleId)
  if (Date.parse(told.until) <= nowMs) throw refusal('CONFLICT', 'body.action', 'work.past')
  await hold(client, told.vehicle.vehicleId, spanOf(told.from, told.until), id, 'body.action')
  return { set: { approved_fen: told.estimateFen }, kept: { estimateFen: told.estimateFen } }
}

/** Another time, before it is there or while it is. */
async function move({ client, nowMs }: Act, { id, told }: StoredWork, { from: state, data }: Step): Promise<Change> {
  const { from = told.from, until } = data as Data
  const span = spanOf(state === 'AT_WORKSHOP' ? told.from : from, until!)
  if (span.untilMs <= Math.max(span.fromMs, nowMs)) throw refusal('VALIDATION_FAILED', 'body.data.until', 'work.until')
  await hold(client, told.vehicle.vehicleId, span, id, 'body.data.until')
  const after = { from: new Date(span.fromMs).toISOString(), until: new Date(span.untilMs).toISOString() }
  return { set: { from_at: after.from, until_at: after.until }, before: { from: told.from, until: told.until }, after }
}

/** It is brought there: from now on it is away, also where that is earlier than was planned. */
async function send(act: Act, row: StoredWork, { data }: Step): Promise<Change> {
  const { client, nowMs } = act
  const { id, told } = row
  const { vehicleId } = told.vehicle
  await requireVehicle(act, vehicleId)
  await requireNotOut(client, vehicleId, 'body.action')
  const read = await reading(act, row, data as Data)
  // Brought after its time it needs another end.
  if (Date.parse(told.until) <= nowMs) throw refusal('CONFLICT', 'body.action', 'work.past')
  await hold(client, vehicleId, { fromMs: nowMs, untilMs: Date.parse(told.until) }, id, 'body.action')
  return { set: { from_at: new Date(nowMs), ...read }, after: { odometerKm: (data as Data).odometerKm } }
}

/**
 * What was read, with what the terminal says at the same time: what is driven from now on is counted by the one that both ends have.
 * @throws Refusal VALIDATION_FAILED for less than was read before, or for more than anybody drives unless it is `sure`
 */
async function reading({ client, nowMs }: Act, { told }: StoredWork, { odometerKm, sure }: Data) {
  const { read, trackM } = await readOdometers(client, told.vehicle.vehicleId)
  const problem = read && findReadingProblem(read, { km: odometerKm!, atMs: nowMs })
  if (problem && !(problem.reason === 'odometer.far' && sure))
    throw refusal('VALIDATION_FAILED', 'body.data.odometerKm', problem.reason, problem.values)
  return { odometer_m: Math.round(odometerKm! * 1000), track_m: trackM, read_at: new Date(nowMs) }
}

/** The vehicle is back, with the invoice: it may be promised again. */
async function complete(act: Act, row: StoredWork, { data }: Step): Promise<Change> {
  const { nowMs, today } = act
  const { invoiceFen, invoiceNo, invoiceDay = today, parts = [] } = data as Data
  if (parts.length === 0) throw refusal('VALIDATION_FAILED', 'body.data.parts', 'flow.data', { field: 'parts' })
  const problem = findInvoiceProblem(row.told.approvedFen!, invoiceFen!, parts as PartLine[])
  if (problem) throw refusal('CONFLICT', 'body.data.invoiceFen', problem.reason, problem.values)
  const dated = findDayProblem(invoiceDay, today, null)
  if (dated) throw refusal('VALIDATION_FAILED', 'body.data.invoiceDay', dated.reason, { today, day: FIRST_DAY })
  const read = await reading(act, row, data as Data)
  await letGo(act, row.id)
  const set = { invoice_fen: invoiceFen, invoice_no: invoiceNo, invoice_day: invoiceDay, back_at: new Date(nowMs), ...read }
  return { set, kept: { invoiceDay }, after: { odometerKm: (data as Data).odometerKm } }
}

async function keepParts({ client }: Act, { id, told }: StoredWork, { data }: Step): Promise<void> {
  const parts = (data as Data).parts!
  const of = <K extends keyof PartLine>(key: K) => parts.map((part) => part[key])
  await client.query(
    `INSERT INTO work_order_parts (work_order_id, round, line, kind, name, quantity, fen)
     SELECT $1, $2, p.line, p.kind, p.name, p.quantity, p.fen FROM unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[])
       WITH ORDINALITY AS p (kind, name, quantity, fen, line)`,
    [id, told.redone, of('kind'), of('name'), of('quantity'), of('fen')],
  )
}

/** It goes back to the workshop; the invoice of before stays among the steps, and does not count. */
async function redo(act: Act, { id, told }: StoredWork, { data }: Step): Promise<Change> {
  const { client, nowMs } = act
  const untilMs = Date.parse((data as Data).until!)
  if (untilMs <= nowMs) throw refusal('VALIDATION_FAILED', 'body.data.until', 'work.until')
  await requireNotOut(client, told.vehicle.vehicleId, 'body.action')
  await hold(client, told.vehicle.vehicleId, { fromMs: nowMs, untilMs }, id, 'body.data.until')
  const cleared = { invoice_fen: null, invoice_no: null, invoice_day: null, back_at: null }
  return { set: { ...cleared, redone: told.redone + 1, from_at: new Date(nowMs), until_at: new Date(untilMs) } }
}

/** Accepted it is booked, in the name of who took the vehicle back, and the plan counts from the day on which that was. */
async function accept(act: Act, row: StoredWork): Promise<Change> {
  const { client, caller, nowMs } = act
  const { id, told, trackM } = row
  const { vehicleId } = told.vehicle
  const { rows } = await client.query<{ accountId: number; name: string; at: Date }>(
    `SELECT account_id AS "accountId", username AS name, at FROM work_order_steps WHERE work_order_id = $1 AND action = 'complete' ORDER BY step DESC LIMIT 1`,
    [id],
  )
  const billId = await bookBillOf(
    act,
    {
      ...{
        source: `work-order:${id}`,
        unitId: told.unit.organisationId,
        vehicleId,
        kind: costKindOfWork(told.kind),
        fen: told.invoiceFen!,
      },
      ...{ day: told.invoiceDay!, supplierId: told.supplier.supplierId, documentNo: told.invoiceNo, note: told.work.slice(0, 100) },
    },
    rows[0]!,
  )
  if (told.item !== null)
    await client.query(
      `INSERT INTO maintenance_marks (vehicle_id, item, day, odometer_m, track_m, work_order_id, marked_at, marked_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        ...[vehicleId, told.item, dayAt(Date.parse(told.backAt!)), Math.round(told.odometerKm! * 1000), trackM, id],
        ...[new Date(nowMs), caller.accountId],
      ],
    )
  return { kept: { billId, invoiceFen: told.invoiceFen } }
}
