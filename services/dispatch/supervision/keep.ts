// Keeps what a vehicle's day was judged to be: what is new is raised, what is known is changed with a version or left as it is, what is gone is withdrawn.

import type { RuleCode } from '../../domain/supervision/codes.ts'
import { orderIdOf } from '../../domain/supervision/concerned.ts'
import { type Judged, type Move, type Occurrence, reconcile } from '../../domain/supervision/reconcile.ts'
import type { Suspicion } from '../../domain/supervision/rule.ts'
import { ruleList, rules } from '../../domain/supervision/rules.ts'
import type { Queryable } from '../../platform/db.ts'
import { type ActDeps, actAs, type Deed, difference } from '../kernel/act.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { keepStep } from '../kernel/procedure.ts'
import { system } from '../kernel/record.ts'
import type { VehicleFacts } from './readFacts.ts'
import { TABLE } from './table.ts'

const STATES = ruleList.filter(({ kind }) => kind === 'state').map(({ code }) => code)

type StoredRow = {
  findingId: number
  code: RuleCode
  state: string
  paramsId: number | null
  suspicion: Suspicion
}

/** What is stored of vehicles that a day's judgement can meet: begun on it or beside it, or a state. One statement, however many they are. */
async function loadOccurrences(db: Queryable, vehicleIds: readonly number[], day: string, lock = ''): Promise<Map<number, Occurrence[]>> {
  const { rows } = await db.query<StoredRow & { vehicleId: number }>(
    `SELECT vehicle_id AS "vehicleId", finding_id AS "findingId", code, state, params_id AS "paramsId", suspicion FROM supervision_findings
     WHERE vehicle_id = ANY($1::int[]) AND (day BETWEEN $2::date - 2 AND $2::date + 1 OR code = ANY($3)) ORDER BY finding_id ${lock}`,
    [vehicleIds, day, STATES],
  )
  const found = new Map(vehicleIds.map((vehicleId): [number, Occurrence[]] => [vehicleId, []]))
  for (const { vehicleId, state, suspicion, ...row } of rows)
    found.get(vehicleId)!.push({
      ...{ ...row, suspicion, fromMs: suspicion.fromMs, untilMs: suspicion.untilMs },
      stands: state !== 'WITHDRAWN',
      closed: state === 'CLOSED',
    })
  return found
}

export type VehicleJudged = { of: VehicleFacts; judged: readonly Judged[] }

/**
 * Keeps what vehicles were judged to be on the same day: only those of which something differs are written, each in an act of its own.
 * @returns how many findings it changed
 */
export async function keepJudgements(deps: ActDeps, day: string, all: readonly VehicleJudged[]): Promise<number> {
  const stored = await loadOccurrences(
    deps.db,
    all.map(({ of }) => of.vehicleId),
    day,
  )
  let changed = 0
  for (const { of, judged } of all)
    if (reconcile(stored.get(of.vehicleId)!, judged, of.facts).length > 0) changed += await keepJudgement(deps, of, judged)
  return changed
}

async function keepJudgement(deps: ActDeps, of: VehicleFacts, judged: readonly Judged[]): Promise<number> {
  const { vehicleId, facts } = of
  return actAs(deps, system, async (deed) => {
    // Two that judge the same vehicle at once: the second sees what the first has written.
    await deed.client.query('SELECT FROM supervision_due WHERE vehicle_id = $1 AND day = $2 FOR UPDATE', [vehicleId, facts.day])
    const stored = await loadOccurrences(deed.client, [vehicleId], facts.day, 'FOR UPDATE')
    const moves = reconcile(stored.get(vehicleId)!, judged, facts)
    for (const move of moves) await make(deed, of, move)
    return moves.length
  })
}

function make(deed: Deed, of: VehicleFacts, move: Move): Promise<void> {
  if (move.move === 'raise') return raise(deed, of, move)
  return move.move === 'change' ? change(deed, of, move) : withdraw(deed, move)
}

const dateOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms))
/** What is on record of a suspicion: where it was seen stays in its row. */
const told = ({ fromMs, untilMs, figure, threshold }: Suspicion) => ({
  figure,
  threshold,
  from: new Date(fromMs).toISOString(),
  until: untilMs === null ? null : new Date(untilMs).toISOString(),
})

function columnsOf({ unitId, facts }: VehicleFacts, suspicion: Suspicion, paramsId: number | null) {
  const orderId = orderIdOf(facts, suspicion)
  return {
    unit_id: unitId,
    order_id: orderId,
    driver_id:
      facts.orders.find((order) => order.orderId === orderId)?.driverId ??
      facts.shifts.find(({ fromMs, untilMs }) => fromMs <= suspicion.fromMs && suspicion.fromMs < (untilMs ?? facts.nowMs))?.driverId ??
      null,
    day: facts.day,
    from_at: new Date(suspicion.fromMs),
    until_at: dateOf(suspicion.untilMs),
    suspicion: JSON.stringify(suspicion),
    params_id: paramsId,
  }
}

async function raise(deed: Deed, of: VehicleFacts, { code, paramsId, suspicion }: Extract<Move, { move: 'raise' }>): Promise<void> {
  const { client, nowMs } = deed
  const now = new Date(nowMs)
  const set = { code, severity: rules[code].severity, vehicle_id: of.vehicleId, state: 'OPEN', since: now, raised_at: now }
  const columns = { ...set, ...columnsOf(of, suspicion, paramsId) }
  const names = Object.keys(columns)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO supervision_findings (${names.join(', ')}) VALUES (${names.map((_, n) => `$${n + 1}`).join(', ')}) RETURNING finding_id AS id`,
    Object.values(columns),
  )
  const { id } = rows[0]!
  await keepStep(deed, TABLE, id, { action: 'raise', to: 'OPEN', reason: '' })
  deed.record(
    'supervision.raise',
    { type: 'supervision-finding', id },
    { after: { rule: code, vehicleId: of.vehicleId, ...told(suspicion) } },
  )
}

async function change(
  deed: Deed,
  of: VehicleFacts,
  { findingId, again, paramsId, suspicion }: Extract<Move, { move: 'change' }>,
): Promise<void> {
  const { rows } = await deed.client.query<{ state: string; suspicion: Suspicion }>(
    'SELECT state, suspicion FROM supervision_findings WHERE finding_id = $1',
    [findingId],
  )
  const { state, suspicion: before } = rows[0]!
  const risen = again ? { state: 'OPEN', since: new Date(deed.nowMs), escalated_at: null } : {}
  await changeRow(deed.client, { table: TABLE.table, key: TABLE.key, id: findingId }, { ...columnsOf(of, suspicion, paramsId), ...risen })
  const action = again ? 'raiseAgain' : 'change'
  await keepStep(deed, TABLE, findingId, { action, to: again ? 'OPEN' : state, reason: '' })
  deed.record(
    'supervision.change',
    { type: 'supervision-finding', id: findingId },
    { ...difference(told(before), told(suspicion)), detail: { action } },
  )
}

async function withdraw(deed: Deed, { findingId, why }: Extract<Move, { move: 'withdraw' }>): Promise<void> {
  const { rows } = await deed.client.query<{ state: string }>('SELECT state FROM supervision_findings WHERE finding_id = $1', [findingId])
  await changeRow(
    deed.client,
    { table: TABLE.table, key: TABLE.key, id: findingId },
    { state: 'WITHDRAWN', since: new Date(deed.nowMs), escalated_at: null },
  )
  await keepStep(deed, TABLE, findingId, { action: 'withdraw', to: 'WITHDRAWN', reason: '' }, { why })
  deed.record(
    'supervision.withdraw',
    { type: 'supervision-finding', id: findingId },
    { before: { supervisionState: rows[0]!.state }, after: { supervisionState: 'WITHDRAWN' }, detail: { why } },
  )
}
