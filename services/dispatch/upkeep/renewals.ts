// Insurance and inspections as they are renewed: recorded in the act that moves the date of the vehicle's file and enters the bill, and taken back the same way.
import type { z } from 'zod'
import type { Renewal } from '../../contracts/api/renewals.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { findDayProblem } from '../../domain/costBook.ts'
import { FIRST_DAY } from '../../domain/days.ts'
import { dateFieldOf, findRenewalProblem, gapOf, type RenewalKind, type RenewalState, renewalLifecycle } from '../../domain/renewals.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { BILLS, billSubject, enterBillOf } from '../kernel/costBook.ts'
import { type Change, keepStep, listPermitted, type Procedure, type Step, type Stepped, takersSql } from '../kernel/procedure.ts'
import { platePattern } from '../kernel/searchText.ts'
import { openVehicles } from '../kernel/sight.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { unitTestsOf } from '../kernel/within.ts'
import { requireSupplier } from './suppliers.ts'
import { requireVehicle } from './vehicle.ts'

const TABLE = { table: 'vehicle_renewals', key: 'renewal_id', steps: 'vehicle_renewal_steps' } as const
const columnOf = { insurance: 'insurance_until', inspection: 'inspection_until' } as const
type Stored = Stepped & { told: Omit<Renewal, 'mayWithdraw'> }

const renewalProcedure: Procedure<Stored> = {
  ...TABLE,
  lifecycle: renewalLifecycle,
  lock: (act, id) => loadRenewal(act.client, act.scope, id, 'FOR UPDATE OF r'),
  refusals: {
    notNow: { path: 'body', reason: 'renewal.not' },
    samePerson: { code: 'CONFLICT', path: 'body', reason: 'flow.samePerson' },
  },
  effects: { withdraw: { before: withdraw } },
  record: ({ told }, { action }) => ({
    action: 'renewal.step',
    subject: { type: 'vehicle', id: told.vehicle.vehicleId },
    detail: { action, renewalId: told.renewalId },
  }),
  stateField: 'renewalState',
}

/** The file says what it said before, if it still says what this renewal set. */
async function withdraw(act: Act, { told }: Stored, { reason }: Step): Promise<Change | undefined> {
  const { client } = act
  const { kind, untilDay, beforeDay, vehicle } = told
  const file = await requireVehicle(act, vehicle.vehicleId, { lock: 'UPDATE', disposed: true })
  const now = file[dateFieldOf[kind]]
  if (now !== untilDay) throw refusal('CONFLICT', 'body', 'renewal.followed', { now: now ?? '' })
  const { rows } = await client.query<{ id: number; state: string }>(
    `SELECT bill_id AS id, state FROM cost_bills WHERE source = 'renewal:' || $1 AND state IN ('SUBMITTED', 'BOOKED', 'REVERSAL_ASKED') FOR UPDATE`,
    [told.renewalId],
  )
  for (const { id, state } of rows) {
    if (state !== 'SUBMITTED') throw refusal('CONFLICT', 'body', 'renewal.booked', { n: id })
    await changeRow(client, { table: 'cost_bills', key: 'bill_id', id }, { state: 'WITHDRAWN' })
    await keepStep(act, BILLS, id, { action: 'withdraw', to: 'WITHDRAWN', reason })
    act.record('bill.step', billSubject(id), {
      before: { state: 'SUBMITTED' },
      after: { state: 'WITHDRAWN' },
      detail: { action: 'withdraw' },
      reason,
    })
  }
  await moveDate(act, vehicle.vehicleId, kind, untilDay, beforeDay)
  return undefined
}

async function moveDate(act: Act, vehicleId: number, kind: RenewalKind, before: string | null, after: string | null): Promise<void> {
  await changeRow(act.client, { table: 'vehicles', key: 'vehicle_id', id: vehicleId }, { [columnOf[kind]]: after })
  const field = dateFieldOf[kind]
  act.notes.add({ type: 'vehicle', id: vehicleId }, { [field]: before }, { [field]: after })
}

/** `$1` what is cleared for the reader. */
const FROM = `vehicle_renewals r JOIN organisations u ON u.organisation_id = r.unit_id JOIN ${openVehicles('$1')} v ON v.vehicle_id = r.vehicle_id
  LEFT JOIN suppliers s USING (supplier_id) JOIN accounts a ON a.account_id = r.recorded_by`
const columns = `r.*, r.from_day::text AS "from", r.until_day::text AS until, r.before_day::text AS before, r.paid_day::text AS paid, u.name AS unit, v.plate, v.plate_colour,
  coalesce(s.name, r.station) AS insurer, a.display_name AS recorder, ${takersSql(TABLE, 'r')} AS takers,
  (SELECT max(b.bill_id) FROM cost_bills b WHERE b.source = 'renewal:' || r.renewal_id) AS bill_id,
  (SELECT t.reason FROM vehicle_renewal_steps t WHERE t.renewal_id = r.renewal_id AND t.action = 'withdraw' LIMIT 1) AS reason`

function renewalOf(row: Row): Stored {
  const id = row.renewal_id as number
  return {
    id,
    state: row.state as RenewalState,
    version: row.version as number,
    takers: row.takers as Stepped['takers'],
    told: {
      renewalId: id,
      vehicle: { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' },
      unit: { organisationId: row.unit_id as number, name: row.unit as string },
      kind: row.kind as RenewalKind,
      fromDay: row.from as string,
      untilDay: row.until as string,
      beforeDay: row.before as string | null,
      gapDays: row.gap_days as number,
      by: row.insurer as string,
      documentNo: row.document_no as string,
      fen: row.fen as number,
      paidDay: row.paid as string,
      note: row.note as string | null,
      billId: row.bill_id as number | null,
      state: row.state as RenewalState,
      recordedAt: (row.recorded_at as Date).toISOString(),
      recordedBy: row.recorder as string,
      reason: (row.reason as string | null) ?? '',
      version: row.version as number,
    },
  }
}

async function loadRenewal(db: Queryable, { lft, rgt, cleared }: Sight, id: number, lock = ''): Promise<Stored> {
  const { rows } = await db.query(`SELECT ${columns} FROM ${FROM} WHERE r.renewal_id = $2 AND u.lft BETWEEN $3 AND $4 ${lock}`, [
    ...[cleared, id, lft, rgt],
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return renewalOf(rows[0])
}

async function tell(db: Queryable, who: Who, rows: Stored[], nowMs: number): Promise<Renewal[]> {
  const actions = await listPermitted(db, renewalProcedure, who, rows, nowMs)
  return rows.map(({ told }, n) => ({ ...told, mayWithdraw: actions[n]!.includes('withdraw') }))
}

const answer = async ({ client, caller, scope, nowMs }: Act, id: number): Promise<Renewal> =>
  (await tell(client, { caller, reach: scope }, [await loadRenewal(client, scope, id)], nowMs))[0]!

export async function listRenewals(
  db: Queryable,
  who: Who,
  { organisationId, vehicleId, kind, state, q, limit, offset }: z.output<Api['listRenewals']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listRenewals'>> {
  const values: unknown[] = [who.reach.cleared]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = unitTestsOf($, who.reach, organisationId, 'u')
  if (vehicleId !== undefined) tests.push(`r.vehicle_id = ${$(vehicleId)}`)
  if (kind) tests.push(`r.kind = ${$(kind)}`)
  if (state) tests.push(`r.state = ${$(state)}`)
  if (q) tests.push(`v.plate LIKE ${$(platePattern(q))}`)
  const where = tests.join(' AND ')
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${FROM} WHERE ${where}) n LEFT JOIN
       (SELECT ${columns} FROM ${FROM} WHERE ${where} ORDER BY r.recorded_at DESC, r.renewal_id DESC LIMIT ${$(limit)} OFFSET ${$(offset)}) page ON true
     ORDER BY page.recorded_at DESC, page.renewal_id DESC`,
    values,
  )
  const found = rows.filter((row) => row.renewal_id !== null).map(renewalOf)
  return { total: rows[0]!.total as number, rows: await tell(db, who, found, nowMs) }
}

/**
 * @throws Refusal VALIDATION_FAILED for a vehicle or an insurer out of reach, a term that does not go on from the last, and, unless `sure`, a gap or an overlap
 */
export async function recordRenewal(act: Act, sent: z.output<Api['recordRenewal']['body']>): Promise<Renewal> {
  const { client, caller, nowMs, today } = act
  const { key, vehicleId, kind, fromDay, untilDay, documentNo, fen, paidDay, note, sure } = sent
  const known = await client.query<{ id: number; same: boolean }>(
    `SELECT renewal_id AS id, (vehicle_id, kind, from_day, until_day, fen) = ($3::int, $4, $5::date, $6::date, $7::bigint) AS same
     FROM vehicle_renewals WHERE recorded_by = $1 AND key = $2`,
    [caller.accountId, key, vehicleId, kind, fromDay, untilDay, fen],
  )
  if (known.rows[0]) {
    if (!known.rows[0].same) throw refusal('CONFLICT', 'body.key', 'deed.key')
    return answer(act, known.rows[0].id)
  }
  const vehicle = await requireVehicle(act, vehicleId, { lock: 'UPDATE' })
  const insurance = kind === 'insurance'
  if (insurance && sent.supplierId === null) throw refusal('VALIDATION_FAILED', 'body.supplierId', 'flow.data', { field: 'insurer' })
  if (insurance) await requireSupplier(act, sent.supplierId!, 'insurance', vehicle)
  if (!insurance && !sent.station) throw refusal('VALIDATION_FAILED', 'body.station', 'flow.data', { field: 'station' })
  if (fromDay < vehicle.sinceDay) throw refusal('VALIDATION_FAILED', 'body.fromDay', 'vehicle.before', { sinceDay: vehicle.sinceDay })
  const dated = findDayProblem(paidDay, today, null)
  if (dated) throw refusal('VALIDATION_FAILED', 'body.paidDay', dated.reason, { today, day: FIRST_DAY })
  const before = vehicle[dateFieldOf[kind]]
  const problem = findRenewalProblem(sent, before, today, sure)
  if (problem) {
    const path = problem.reason === 'renewal.order' || problem.reason === 'renewal.shorter' ? 'body.untilDay' : 'body.fromDay'
    throw refusal('VALIDATION_FAILED', path, problem.reason, problem.values)
  }
  const [supplierId, station] = insurance ? [sent.supplierId, null] : [null, sent.station]
  const gap = gapOf(kind, before, fromDay)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO vehicle_renewals (vehicle_id, unit_id, kind, from_day, until_day, before_day, gap_days, supplier_id, station, document_no, fen, paid_day, note, state,
       recorded_at, recorded_by, key)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'RECORDED', $14, $15, $16) RETURNING renewal_id AS id`,
    [
      ...[vehicleId, vehicle.unitId, kind, fromDay, untilDay, before, gap, supplierId, station, documentNo, fen, paidDay, note || null],
      ...[new Date(nowMs), caller.accountId, key],
    ],
  )
  const id = rows[0]!.id
  await keepStep(act, TABLE, id, { action: 'record', to: 'RECORDED', reason: '' })
  await moveDate(act, vehicleId, kind, before, untilDay)
  if (fen > 0)
    await enterBillOf(act, {
      ...{ source: `renewal:${id}`, unitId: vehicle.unitId, vehicleId, kind, fen, day: paidDay, supplierId, documentNo },
      note: `${fromDay} – ${untilDay}`,
    })
  const after = { renewalId: id, renewalState: 'RECORDED', renewalKind: kind, fromDay, untilDay, supplierId, station, documentNo, fen }
  act.record('renewal.record', { type: 'vehicle', id: vehicleId }, { after, detail: { gapDays: gap } })
  return answer(act, id)
}

export async function withdrawRenewal(
  act: Act,
  id: number,
  { version, reason }: z.output<Api['withdrawRenewal']['body']>,
): Promise<Renewal> {
  await takeStep(act, renewalProcedure, id, { action: 'withdraw', version, reason })
  return answer(act, id)
}
