// Rows of changes on the road: how they are read, whose turn it is, and how they become answers.
import type { z } from 'zod'
import type { RoadChange } from '../../contracts/api/orders.ts'
import type { RoadChangeRow } from '../../contracts/api/travel.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { ApprovalLevel } from '../../domain/approvals.ts'
import { type ChangeAction, type ChangeState, changeActions, openChangeStates } from '../../domain/roadChanges.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { type Caller, may, type Sight, type Who } from '../kernel/caller.ts'
import { listPermitted, type Procedure, type Stepped, type Taken } from '../kernel/procedure.ts'
import type { AppliedChain } from './chains.ts'
import { actsOver, decidersOf, turnOf } from './deciding.ts'
import { findClash } from './giving.ts'
import { columns, inReach, joins, rowOf } from './orderRows.ts'
import { ownFor } from './own.ts'
import { listSteps, type Turn } from './requestRows.ts'

/** As stored, with the order as far as a change concerns it. */
export type Change = Stepped &
  Pick<RoadChangeRow, 'changeId' | 'before' | 'after' | 'reason' | 'by' | 'at' | 'madeVersion' | 'orderId' | 'number' | 'orderState'> &
  Pick<RoadChangeRow, 'unit' | 'applicant' | 'from' | 'startsAt' | 'passengers'> & {
    state: ChangeState
    requestId: number
    askedBy: number
    chain: AppliedChain | null
    chainAt: number
    level: ApprovalLevel
    turn: Turn | null
    remindAt: Date | null
    escalateAt: Date | null
    heldVehicleId: number | null
    driverId: number | null
    endsAt: string
    deciders: RoadChange['deciders']
  }

/** A change waits for its deciders as a request that was sent: in the words that deciding.ts reads, over the row `q` of the request. */
const asRequest = `(SELECT q.*, CASE c.state WHEN 'ASKED' THEN 'SUBMITTED' ELSE 'DRAFT' END AS state, NULL::timestamptz AS ratify_by,
  NULL::timestamptz AS ratified_at, c.level, c.lower_level, c.lower_until FROM (SELECT q.request_id, q.unit_id, q.applicant_id, q.purpose_kind, q.purpose,
  q.from_stop, q.to_stop, q.passengers FROM trip_requests q WHERE q.request_id = d.request_id) q)`
/** The joins of orders, with the change and the request that it is read as. */
const from = `order_changes c JOIN ${joins.replace('JOIN trip_requests r USING (request_id)', `ON d.order_id = c.order_id CROSS JOIN LATERAL ${asRequest} r`)}
  JOIN accounts w ON w.account_id = c.asked_by`

export type ChangeReader = { caller: Caller | null; scope: Sight; nowMs: number }
const everywhere: Sight = { lft: 0, rgt: 2_147_483_647, cleared: [], unmasked: [] }
/** The clock, which reaches everything and has no turn. */
export const clockReader = (nowMs: number): ChangeReader => ({ caller: null, scope: everywhere, nowMs })
export const readerOf = ({ caller, reach }: Who, nowMs: number): ChangeReader => ({ caller, scope: reach, nowMs })

async function select(
  db: Queryable,
  { caller, scope, nowMs }: ChangeReader,
  which: (values: unknown[]) => string,
  rest = '',
): Promise<Change[]> {
  const own = caller && ownFor(caller, 'order.view')
  const values: unknown[] = [scope.lft, scope.rgt, own?.accountId ?? null, scope.cleared]
  const now = `$${values.push(new Date(nowMs))}`
  const account = `$${values.push(caller?.accountId ?? 0)}`
  const decides = caller !== null && may(caller, 'request.approve')
  const turn = decides ? turnOf(account, now) : `NULL::json`
  const reach = decides ? `(${inReach(own)} OR ${actsOver(account, now)})` : `(${inReach(own)} AND ${account}::int IS NOT NULL)`
  const { rows } = await db.query(
    `SELECT ${columns}, d.vehicle_id AS held_vehicle_id, ${turn} AS turn, c.state = 'ASKED' AS waits, ${decidersOf(now, 5)} AS deciders,
       c.change_id, c.state AS change_state, c.before, c.after, c.reason, c.asked_by, w.display_name AS asked_name, c.asked_at, c.chain, c.chain_at, c.level AS change_level,
       c.remind_at, c.escalate_at, c.made_version, c.version AS change_version
     FROM ${from} WHERE ${reach} AND ${which(values)} ${rest}`,
    values,
  )
  const changes: Change[] = []
  // One after the other: in a transaction there is one client.
  for (const row of rows) {
    const { takers } = await listSteps(db, 'order_change_steps', 'change_id', row.change_id as number)
    changes.push(changeOf(row, takers, nowMs))
  }
  return changes
}

function changeOf(row: Row, takers: Taken[], nowMs: number): Change {
  const order = rowOf(row, nowMs)
  return {
    id: row.change_id as number,
    changeId: row.change_id as number,
    state: row.change_state as ChangeState,
    version: row.change_version as number,
    before: row.before as Change['before'],
    after: row.after as Change['after'],
    reason: row.reason as string,
    by: row.asked_name as string,
    at: (row.asked_at as Date).toISOString(),
    askedBy: row.asked_by as number,
    madeVersion: row.made_version as number | null,
    chain: row.chain as AppliedChain | null,
    chainAt: row.chain_at as number,
    level: row.change_level as ApprovalLevel,
    turn: row.turn as Turn | null,
    remindAt: row.remind_at as Date | null,
    escalateAt: row.escalate_at as Date | null,
    deciders: row.deciders as Change['deciders'],
    heldVehicleId: row.held_vehicle_id as number | null,
    driverId: order.driver?.driverId ?? null,
    orderId: order.orderId,
    number: order.number,
    orderState: order.state,
    requestId: order.requestId,
    unit: order.unit,
    applicant: order.applicant,
    from: order.from,
    startsAt: order.startsAt,
    endsAt: order.endsAt,
    passengers: order.passengers,
    // Whose trip it is decides nothing of it, whoever asked in his name.
    takers: [...takers, { action: 'travel', accountId: order.applicant.accountId }],
  }
}

/** One in reach; its row locked with `lock`. @throws Refusal NOT_FOUND */
export async function loadChange(db: Queryable, reader: ChangeReader, changeId: number, lock = ''): Promise<Change> {
  const [change] = await select(db, reader, (values) => `c.change_id = $${values.push(changeId)}`, lock)
  if (!change) throw new Refusal('NOT_FOUND')
  return change
}

/** Those of an order, in the order in which they were asked for. */
export const listChangesOf = (db: Queryable, reader: ChangeReader, orderId: number): Promise<Change[]> =>
  select(db, reader, (values) => `c.order_id = $${values.push(orderId)}`, 'ORDER BY c.change_id')

/** As they are told to who reads them. */
export async function tellChanges(
  db: Queryable,
  procedure: Procedure<Change>,
  who: Who,
  changes: readonly Change[],
  nowMs: number,
): Promise<RoadChangeRow[]> {
  const permitted = await listPermitted(db, procedure, who, changes, nowMs)
  const told: RoadChangeRow[] = []
  for (const [n, change] of changes.entries()) told.push(await tellChange(db, who, change, permitted[n] as ChangeAction[]))
  return told
}

async function tellChange(db: Queryable, { caller, reach }: Who, change: Change, permitted: ChangeAction[]): Promise<RoadChangeRow> {
  const { chain, chainAt, level, turn, state, after, endsAt } = change
  const gives = may(caller, 'order.dispatch')
  const later = openChangeStates.includes(state) && Date.parse(after.endsAt) > Date.parse(endsAt)
  const clash = later ? await findClash({ client: db, scope: reach }, change, Date.parse(after.endsAt)) : null
  const { steps } = await listSteps(db, 'order_change_steps', 'change_id', change.changeId)
  return {
    changeId: change.changeId,
    state,
    before: change.before,
    after,
    reason: change.reason,
    by: change.by,
    at: change.at,
    approval:
      state === 'ASKED' && chain
        ? { at: chainAt + 1, of: chain.steps.length, level, because: chain.steps[chainAt]!.because, mine: turn !== null }
        : null,
    deciders: gives && state === 'ASKED' ? change.deciders : [],
    clash: clash && {
      of: clash.of,
      held: gives ? clash.held : null,
      from: new Date(clash.fromMs).toISOString(),
      latest: new Date(clash.latestMs).toISOString(),
    },
    madeVersion: change.madeVersion,
    version: change.version,
    mayAct: changeActions.filter((action) => permitted.includes(action)),
    steps: steps.map(({ action, state: led, at, by, reason, level: at_, onBehalfOf }) => ({
      action,
      state: led,
      at,
      by,
      reason,
      level: at_,
      onBehalfOf,
      byPhone: action === 'agreeByPhone' || action === 'approveByPhone',
    })),
    orderId: change.orderId,
    number: change.number,
    orderState: change.orderState,
    unit: change.unit,
    applicant: change.applicant,
    from: change.from,
    startsAt: change.startsAt,
    passengers: change.passengers,
  }
}

/** Those that are open, the oldest first; `mine`: of which some step is the caller's. */
export async function listOpenChanges(
  db: Queryable,
  procedure: Procedure<Change>,
  who: Who,
  { waiting, limit, offset }: z.output<Api['listOrderChanges']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listOrderChanges'>> {
  // Open ones are few: a unit has as many as it has vehicles out.
  const open = await select(
    db,
    readerOf(who, nowMs),
    () => `c.state = ANY('{${openChangeStates.join()}}')`,
    'ORDER BY c.asked_at LIMIT 500',
  )
  const permitted = await listPermitted(db, procedure, who, open, nowMs)
  const waits = (n: number) => permitted[n]!.some((action) => action === 'approve' || action === 'make' || action === 'approveByPhone')
  const found = waiting === 'mine' ? open.filter((_, n) => waits(n)) : open
  return { total: found.length, rows: await tellChanges(db, procedure, who, found.slice(offset, offset + limit), nowMs) }
}
