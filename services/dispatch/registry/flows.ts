// Acquisition, transfer and disposal: procedures whose tables of states are in domain/lifecycle.ts; flowSteps.ts says what a step does to the
// ledger.
import type { z } from 'zod'
import type { Flow, FlowDetail } from '../../contracts/api/ledger.ts'
import type { AnswerOf, Api, BodyOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type FlowKind, flowLifecycles, flowStart, isFinal } from '../../domain/lifecycle.ts'
import { isWithin } from '../../domain/organisations.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { keepStep, listPermitted, type Procedure, type Stepped } from '../kernel/procedure.ts'
import { isNamed, latinPattern } from '../kernel/searchText.ts'
import { openVehicles } from '../kernel/sight.ts'
import { takeStep } from '../kernel/takeStep.ts'
import { type FlowRow, flowEffects, requireAdmissible } from './flowSteps.ts'
import { getUnit, getVehicleUnit } from './units.ts'
import { lockVehicle, turnVehicle } from './vehicleChange.ts'

const flowColumns = `f.flow_id, f.kind, f.state, f.open, f.unit_id, f.to_unit_id, f.vehicle_id, f.data, f.started_at, f.version,
  u.name AS unit_name, u.lft AS unit_lft, r.name AS to_name, r.lft AS to_lft, v.plate, v.plate_colour`
const flowJoins = `ledger_flows f JOIN organisations u ON u.organisation_id = f.unit_id
  LEFT JOIN organisations r ON r.organisation_id = f.to_unit_id LEFT JOIN ${openVehicles('$3')} v ON v.vehicle_id = f.vehicle_id`
/** Both sides of a transfer see it; that of a sensitive vehicle those alone who may see the vehicle. */
const inScope = `(u.lft BETWEEN $1 AND $2 OR r.lft BETWEEN $1 AND $2) AND (f.vehicle_id IS NULL OR v.vehicle_id IS NOT NULL)`

const flowOf = (row: Row): Flow => ({
  flowId: row.flow_id as number,
  kind: row.kind as Flow['kind'],
  state: row.state as string,
  open: row.open as boolean,
  unit: { organisationId: row.unit_id as number, name: row.unit_name as string },
  toUnit: row.to_unit_id === null ? null : { organisationId: row.to_unit_id as number, name: row.to_name as string },
  vehicle:
    row.vehicle_id === null
      ? null
      : { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' },
  data: row.data as Record<string, unknown>,
  startedAt: (row.started_at as Date).toISOString(),
  version: row.version as number,
})

export async function listFlows(db: Queryable, scope: Sight, query: z.output<Api['listFlows']['query']>): Promise<AnswerOf<'listFlows'>> {
  const values: unknown[] = [scope.lft, scope.rgt, scope.cleared]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = [inScope]
  if (query.q) {
    const { q } = query
    tests.push(`(v.search LIKE ${$(latinPattern(q))} OR ${isNamed($, 'u', q)} OR ${isNamed($, 'r', q)})`)
  }
  if (query.kind) tests.push(`f.kind = ${$(query.kind)}`)
  if (query.state) tests.push(`f.state = ${$(query.state)}`)
  if (query.open) tests.push(`f.open = ${$(query.open === 'true')}`)
  if (query.vehicleId) tests.push(`f.vehicle_id = ${$(query.vehicleId)}`)
  const where = tests.join(' AND ')
  // Counted apart from the page, for beyond its end the total is still told.
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM ${flowJoins} WHERE ${where}) n LEFT JOIN
       (SELECT ${flowColumns} FROM ${flowJoins} WHERE ${where} ORDER BY f.flow_id DESC LIMIT ${$(query.limit)} OFFSET ${$(query.offset)}) page ON true
     ORDER BY page.flow_id DESC`,
    values,
  )
  return { total: rows[0]!.total as number, rows: rows.filter((row) => row.flow_id !== null).map(flowOf) }
}

type Loaded = FlowRow & Stepped & { flow: Flow; steps: FlowDetail['steps']; unitLft: number; toLft: number | null }

async function load(db: Queryable, scope: Sight, flowId: number, lock = ''): Promise<Loaded> {
  const { rows } = await db.query(`SELECT ${flowColumns} FROM ${flowJoins} WHERE ${inScope} AND f.flow_id = $4 ${lock}`, [
    scope.lft,
    scope.rgt,
    scope.cleared,
    flowId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  const { rows: steps } = await db.query<FlowDetail['steps'][number] & { at: Date; account_id: number } & Row>(
    'SELECT action, state, at, account_id, username, reason, data FROM ledger_flow_steps WHERE flow_id = $1 ORDER BY step',
    [flowId],
  )
  const flow = flowOf(row)
  return {
    id: flowId,
    flowId,
    kind: flow.kind,
    state: flow.state,
    unitId: flow.unit.organisationId,
    toUnitId: flow.toUnit?.organisationId ?? null,
    vehicleId: flow.vehicle?.vehicleId ?? null,
    data: flow.data,
    version: flow.version,
    takers: steps.map(({ action, account_id }) => ({ action, accountId: account_id })),
    flow,
    unitLft: row.unit_lft as number,
    toLft: row.to_lft as number | null,
    steps: steps.map(({ action, state, at, username, reason, data }) => ({ action, state, at: at.toISOString(), username, reason, data })),
  }
}

const kept = { steps: 'ledger_flow_steps', key: 'flow_id' } as const

const procedureOf = (kind: FlowKind): Procedure<Loaded> => ({
  ...kept,
  lifecycle: flowLifecycles[kind],
  table: 'ledger_flows',
  lock: ({ client, scope }, flowId) => load(client, scope, flowId, 'FOR UPDATE OF f'),
  reaches({ reach }, { unitLft, toLft }, side) {
    const unit = isWithin(reach, { lft: unitLft })
    const receiver = toLft === null || isWithin(reach, { lft: toLft })
    return side === 'unit' ? unit : side === 'receiver' ? receiver : unit && receiver
  },
  refusals: {
    notNow: { path: 'body.action', reason: 'flow.not' },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: flowEffects[kind],
  set: ({ data }, { to }, brought) => ({ open: !isFinal(kind, to), data: JSON.stringify({ ...data, ...brought }) }),
  // Not `state`: on a vehicle's history that is the vehicle's.
  stateField: 'flowState',
  record({ flowId, vehicleId }, { action }, set) {
    const id = (set.vehicle_id as number | undefined) ?? vehicleId
    const subject = id === null ? { type: 'flow', id: flowId } : { type: 'vehicle', id }
    return { action: 'flow.step', subject, detail: { flowId, kind, action } }
  },
})
const procedures: Record<FlowKind, Procedure<Loaded>> = {
  acquisition: procedureOf('acquisition'),
  transfer: procedureOf('transfer'),
  disposal: procedureOf('disposal'),
}

export async function readFlow(db: Queryable, who: Who, flowId: number, nowMs: number): Promise<FlowDetail> {
  const { flow, steps, ...loaded } = await load(db, who.reach, flowId)
  const [mayAct] = await listPermitted(db, procedures[flow.kind], who, [{ ...loaded, flow, steps }], nowMs)
  return { ...flow, mayAct: mayAct!, steps }
}

export async function startFlow(change: Act, body: BodyOf<'startFlow'>): Promise<FlowDetail> {
  const { client, scope, caller, nowMs } = change
  const flow = await openFlow(change, body)
  const state = flowStart[body.kind]
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO ledger_flows (kind, state, unit_id, to_unit_id, vehicle_id, data, started_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
     RETURNING flow_id AS id`,
    [body.kind, state, flow.unitId, flow.toUnitId, flow.vehicleId, JSON.stringify(flow.data), new Date(nowMs)],
  )
  const flowId = rows[0]!.id
  await keepStep(change, kept, flowId, { action: 'start', to: state, reason: body.reason })
  change.record('flow.start', { type: 'flow', id: flowId }, { after: { kind: body.kind, ...flow }, reason: body.reason })
  return readFlow(client, { caller, reach: scope }, flowId, nowMs)
}

async function openFlow(change: Act, body: BodyOf<'startFlow'>) {
  const { client, scope } = change
  const need = <K extends 'unitId' | 'plan' | 'vehicleId' | 'toUnitId'>(field: K): NonNullable<(typeof body)[K]> => {
    const value = body[field]
    if (value === undefined) throw refusal('VALIDATION_FAILED', `body.${field}`, 'flow.data', { field })
    return value as NonNullable<(typeof body)[K]>
  }
  if (body.kind === 'acquisition') {
    const unitId = need('unitId')
    const plan = need('plan')
    await requireAdmissible(change, unitId, plan)
    return { unitId, toUnitId: null, vehicleId: null, data: plan as Record<string, unknown> }
  }
  const file = await lockVehicle(change, need('vehicleId'))
  if (file.state === 'DISPOSED') throw refusal('CONFLICT', 'body.vehicleId', 'state.disposed')
  const started = { unitId: file.userUnitId, vehicleId: file.vehicleId, data: {} }
  if (body.kind === 'disposal') {
    if (file.openFlow) throw refusal('CONFLICT', 'body.vehicleId', 'flow.open')
    await turnVehicle(change, file, 'proposeDisposal')
    return { ...started, toUnitId: null }
  }
  // The receiving unit lies outside the proposing unit's scope as a rule: it is named, and answers for itself.
  const toUnit = await getVehicleUnit(client, { lft: 0, rgt: 2_147_483_647 }, need('toUnitId'), 'body.toUnitId')
  if (toUnit.organisationId === file.userUnitId) throw refusal('VALIDATION_FAILED', 'body.toUnitId', 'flow.sameUnit')
  await getUnit(client, scope, file.userUnitId)
  return { ...started, toUnitId: toUnit.organisationId }
}

export async function actOnFlow(act: Act, flowId: number, body: BodyOf<'actOnFlow'>): Promise<FlowDetail> {
  const { client, scope, caller, nowMs } = act
  const { kind } = await load(client, scope, flowId)
  const { set } = await takeStep(act, procedures[kind], flowId, body)
  // Whoever has just registered a sensitive vehicle knows it.
  const cleared = set.vehicle_id ? [...scope.cleared, set.vehicle_id as number] : scope.cleared
  return readFlow(client, { caller, reach: { ...scope, cleared } }, flowId, nowMs)
}
