// Acquisition, transfer and disposal as one machine: the lifecycle table says which step follows, who may take it and who may not have
// taken an earlier one; flowSteps.ts says what a step does to the ledger. One step, one transaction, one audit record.
import type { z } from 'zod'
import type { Flow, FlowData, FlowDetail } from '../../contracts/api/ledger.ts'
import type { AnswerOf, Api, BodyOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { flowLifecycles, flowNeeds, flowStart, isFinal, permittedActions, type Side, type Standing } from '../../domain/lifecycle.ts'
import { isWithin } from '../../domain/organisations.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import { type Caller, may, type Sight } from '../kernel/caller.ts'
import { type Refusals, requireStep, takenBy } from '../kernel/procedure.ts'
import { contains, latinPattern } from '../kernel/searchText.ts'
import { openVehicles } from '../kernel/sight.ts'
import { type FlowRow, requireAdmissible, stepWorks } from './flowSteps.ts'
import { getUnit, getVehicleUnit } from './units.ts'
import { lockVehicle, nextState, setState } from './vehicleChange.ts'

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
    const name = $(contains(query.q))
    const latin = $(latinPattern(query.q))
    tests.push(`(v.search LIKE ${latin} OR u.name LIKE ${name} OR u.name_pinyin LIKE ${latin} OR r.name LIKE ${name})`)
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

type Loaded = {
  flow: Flow
  steps: FlowDetail['steps']
  standing: Standing
}

async function load(db: Queryable, scope: Sight, caller: Caller, flowId: number): Promise<Loaded> {
  const { rows } = await db.query(`SELECT ${flowColumns} FROM ${flowJoins} WHERE ${inScope} AND f.flow_id = $4`, [
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
  const [taken] = await takenBy(db, caller, [steps.map(({ action, account_id }) => ({ action, accountId: account_id }))])
  const unit = isWithin(scope, { lft: row.unit_lft as number })
  const receiver = row.to_lft === null || isWithin(scope, { lft: row.to_lft as number })
  const flow = flowOf(row)
  return {
    flow,
    standing: {
      state: flow.state,
      may: (capability) => may(caller, capability),
      reaches: (side: Side | undefined) => (side === 'unit' ? unit : side === 'receiver' ? receiver : unit && receiver),
      taken: taken!,
    },
    steps: steps.map(({ action, state, at, username, reason, data }) => ({ action, state, at: at.toISOString(), username, reason, data })),
  }
}

const refusals: Refusals = {
  notNow: { path: 'body.action', reason: 'flow.not' },
  samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
}

export async function readFlow(db: Queryable, scope: Sight, caller: Caller, flowId: number): Promise<FlowDetail> {
  const loaded = await load(db, scope, caller, flowId)
  const mayAct = permittedActions(flowLifecycles[loaded.flow.kind], loaded.standing)
  return { ...loaded.flow, mayAct, steps: loaded.steps }
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
  await keepStep(change, flowId, 'start', state, body.reason, {})
  change.record('flow.start', { type: 'flow', id: flowId }, { after: { kind: body.kind, ...flow }, reason: body.reason })
  return readFlow(client, scope, caller, flowId)
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
    await setState(change, file.vehicleId, nextState(file.state, 'proposeDisposal'))
    return { ...started, toUnitId: null }
  }
  // The receiving unit lies outside the proposing unit's scope as a rule: it is named, and answers for itself.
  const toUnit = await getVehicleUnit(client, { lft: 0, rgt: 2_147_483_647 }, need('toUnitId'), 'body.toUnitId')
  if (toUnit.organisationId === file.userUnitId) throw refusal('VALIDATION_FAILED', 'body.toUnitId', 'flow.sameUnit')
  await getUnit(client, scope, file.userUnitId)
  return { ...started, toUnitId: toUnit.organisationId }
}

export async function actOnFlow(change: Act, flowId: number, body: BodyOf<'actOnFlow'>): Promise<FlowDetail> {
  const { client, scope, caller } = change
  const loaded = await load(client, scope, caller, flowId)
  const { flow } = loaded
  const step = requireStep(flowLifecycles[flow.kind], body.action, loaded.standing, refusals, { row: flow, seen: body.version })
  const data: FlowData = body.data ?? {}
  const needs = flowNeeds[flow.kind][body.action] ?? []
  const { work } = stepWorks[flow.kind][body.action] ?? {}
  const absent = needs.find((field) => data[field] === undefined)
  if (absent) throw refusal('VALIDATION_FAILED', `body.data.${absent}`, 'flow.data', { field: absent })
  const brought = Object.fromEntries(needs.filter((field) => field !== 'vehicle').map((field) => [field, data[field]]))
  const row: FlowRow = {
    flowId,
    kind: flow.kind,
    state: flow.state,
    unitId: flow.unit.organisationId,
    toUnitId: flow.toUnit?.organisationId ?? null,
    vehicleId: flow.vehicle?.vehicleId ?? null,
    data: flow.data,
    version: flow.version,
  }
  const changed = await work?.(change, row, data)
  await client.query(
    'UPDATE ledger_flows SET state = $2, open = $3, vehicle_id = $4, data = $5, version = version + 1 WHERE flow_id = $1',
    [flowId, step.to, !isFinal(flow.kind, step.to), changed?.vehicleId ?? row.vehicleId, JSON.stringify({ ...flow.data, ...brought })],
  )
  await keepStep(change, flowId, body.action, step.to, body.reason, brought)
  // Whoever has just registered a sensitive vehicle knows it.
  const cleared = changed?.vehicleId ? [...scope.cleared, changed.vehicleId] : scope.cleared
  const done = await readFlow(client, { ...scope, cleared }, caller, flowId)
  change.record('flow.step', done.vehicle ? { type: 'vehicle', id: done.vehicle.vehicleId } : { type: 'flow', id: flowId }, {
    // Not `state`: on a vehicle's history that is the vehicle's.
    before: { flowState: flow.state },
    after: { flowState: step.to },
    detail: { flowId, kind: flow.kind, action: body.action, ...brought },
    reason: body.reason,
  })
  return done
}

async function keepStep(
  { client, caller, nowMs }: Act,
  flowId: number,
  action: string,
  state: string,
  reason: string,
  data: object,
): Promise<void> {
  await client.query(
    `INSERT INTO ledger_flow_steps (flow_id, step, action, state, at, account_id, username, reason, data)
     SELECT $1, count(*) + 1, $2, $3, $4, $5, $6, $7, $8 FROM ledger_flow_steps WHERE flow_id = $1`,
    [flowId, action, state, new Date(nowMs), caller.accountId, caller.displayName, reason, JSON.stringify(data)],
  )
}
