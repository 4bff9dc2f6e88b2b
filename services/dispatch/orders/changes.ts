// Changes on the road (途中变更): asked for while the vehicle is out, agreed to as a request is, and made by whoever dispatches, in one act with what is held
// until then. The plan before and after stays with each (domain/roadChanges.ts).
import type { OrderDetail } from '../../contracts/api/orders.ts'
import type { RoadChangeRow } from '../../contracts/api/travel.ts'
import { canonicalJson } from '../../contracts/canonicalJson.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { nextPlace } from '../../domain/approvals.ts'
import { drivenStates, orderNot, sheetVersionOf } from '../../domain/orders.ts'
import {
  type ChangeAction,
  type ChangeState,
  changeLifecycle,
  findChangeProblem,
  openChangeStates,
  type Plan,
  sameWay,
} from '../../domain/roadChanges.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act, Deed } from '../kernel/act.ts'
import { announce } from '../kernel/announce.ts'
import { type Caller, may, type Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { listSamePerson } from '../kernel/persons.ts'
import { keepStep, type Procedure, type Step } from '../kernel/procedure.ts'
import { takeFollowingStep, takeStep } from '../kernel/takeStep.ts'
import { beginColumns, chainFor, isLast, placeColumns } from './chains.ts'
import { type Change, clockReader, listChangesOf, loadChange, readerOf, tellChanges } from './changeRows.ts'
import { decidersNear, decidersOf } from './deciding.ts'
import type { ListDrivers } from './drivers.ts'
import { extendTrip } from './giving.ts'
import { once } from './onPhone.ts'
import { loadOrder, lockOrder, type Order } from './orderRows.ts'
import { asksFor, type Sent } from './own.ts'
import { tellOfOrder } from './tell.ts'

const TABLE = { table: 'order_changes', key: 'change_id', steps: 'order_change_steps' } as const
const subjectOf = (orderId: number) => ({ type: 'order', id: orderId })
const everywhere = { lft: 0, rgt: 2_147_483_647, cleared: [], unmasked: [] }
const planOf = ({ endsAt, to, via }: Pick<Order, 'endsAt' | 'to' | 'via'>): Plan => ({ endsAt, to, via })
/** Of a plan, what a record says: only what becomes another. */
const saidOf = (plan: Plan, other: Plan): object => ({
  ...(plan.endsAt === other.endsAt ? {} : { endsAt: plan.endsAt }),
  ...(sameWay(plan, other) ? {} : { to: plan.to, via: plan.via }),
})

const placeOf = ({ chainAt, level, turn }: Change) => ({ at: chainAt, level: turn?.level ?? level })
const events = {
  ask: 'order.changeAsk',
  agree: 'order.changeAgree',
  agreeByPhone: 'order.changeAgree',
  approve: 'order.changeApprove',
  approveByPhone: 'order.changeApprove',
  reject: 'order.changeRefuse',
  decline: 'order.changeRefuse',
  remind: 'order.changeRemind',
  escalate: 'order.changeEscalate',
} as const

/** Tells of a step of a change: whoever decides is looked for at the level where it stands now. */
async function tellOfChange(deed: Deed, changeId: number, { action, reason }: Pick<Step, 'action' | 'reason'>): Promise<void> {
  if (!Object.hasOwn(events, action)) return
  const { requestId, orderId, level, reason: why } = await loadChange(deed.client, clockReader(deed.nowMs), changeId)
  const deciders = (now: string) => decidersNear(`'${level}'`, now)
  await announce(deed, events[action as keyof typeof events], { requestId, orderId, reason: reason || why, deciders })
}
export const keptChange = { ...TABLE, announce: tellOfChange }

function needsReason({ reason }: Step): undefined {
  if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
  return undefined
}

/**
 * Who was rung up and said yes: somebody who decides at this level, and is neither who travels nor who asked nor who writes it down.
 * @throws Refusal VALIDATION_FAILED
 */
async function rungUp({ client, caller, nowMs }: Act, change: Change, { data }: Step): Promise<object> {
  const { approverId } = data
  if (approverId === undefined) throw refusal('VALIDATION_FAILED', 'body.data.approverId', 'flow.data', { field: 'approver' })
  const { rows } = await client.query<{ deciders: { accountId: number }[] }>(
    `SELECT ${decidersOf('$1', 10_000)} AS deciders FROM (SELECT $2::text AS level, $3::int AS applicant_id) r, organisations u WHERE u.organisation_id = $4`,
    [new Date(nowMs), change.level, change.applicant.accountId, change.unit.organisationId],
  )
  const decides = rows[0]!.deciders.some(({ accountId }) => accountId === approverId)
  const own = await listSamePerson(client, approverId as number, [caller.accountId, ...change.takers.map(({ accountId }) => accountId)])
  if (!decides || own.size > 0) throw refusal('VALIDATION_FAILED', 'body.data.approverId', 'change.approver')
  return { level: change.level, onBehalfOf: approverId }
}

const decisionOf = ({ caller }: Act, { turn }: Change): object => ({
  level: turn!.level,
  ...(turn!.accountId === caller.accountId ? {} : { onBehalfOf: turn!.accountId }),
})
const nextOf = (change: Change, nowMs: number) => placeColumns(change.chain!, nextPlace(change.chain!, placeOf(change))!, nowMs)

/** `listDrivers`: whether the driver may still drive then. Without it nothing is made: it is only asked what may be done. */
export const changeProcedure = (listDrivers?: ListDrivers): Procedure<Change> => ({
  ...keptChange,
  lifecycle: changeLifecycle,
  async lock({ client, caller, scope, nowMs }, changeId) {
    const reader = readerOf({ caller, reach: scope }, nowMs)
    const { orderId } = await loadChange(client, reader, changeId)
    // The order first, as everybody who takes a step of it.
    await client.query('SELECT FROM dispatch_orders WHERE order_id = $1 FOR UPDATE', [orderId])
    return loadChange(client, reader, changeId, 'FOR UPDATE OF c')
  },
  reaches: ({ caller }, change, side) =>
    side === 'decider'
      ? change.state !== 'ASKED' || change.turn !== null
      : side !== 'asker' || change.askedBy === caller.accountId || asksFor(caller, change),
  refusals: {
    notNow: { path: 'body.action', reason: 'change.not', values: ({ state }) => ({ changeState: state }) },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    agree: { before: async (act, change) => ({ set: nextOf(change, act.nowMs), kept: decisionOf(act, change) }) },
    approve: { before: async (act, change) => ({ kept: decisionOf(act, change) }) },
    agreeByPhone: { before: async (act, change, step) => ({ set: nextOf(change, act.nowMs), kept: await rungUp(act, change, step) }) },
    approveByPhone: { before: async (act, change, step) => ({ kept: await rungUp(act, change, step) }) },
    reject: { before: async (act, change, step) => ({ kept: needsReason(step) ?? decisionOf(act, change) }) },
    decline: { before: async (_act, _change, step) => needsReason(step) },
    make: {
      async before(act, change) {
        const order = await loadOrder(act.client, everywhere, null, change.orderId, act.nowMs, 'FOR UPDATE OF d')
        if (!drivenStates.includes(order.state)) throw refusal('CONFLICT', 'body.action', 'order.not', orderNot(order.state))
        const [before, { after }] = [planOf(order), change]
        if (Date.parse(after.endsAt) > Date.parse(before.endsAt)) await extendTrip(act, listDrivers!, order, Date.parse(after.endsAt))
        const madeVersion = sheetVersionOf([...order.steps.map(({ action }) => action), 'roadChange'])
        await replan(act, order, change, after)
        return {
          set: { before: JSON.stringify(before), made_version: madeVersion },
          before: saidOf(before, after),
          after: saidOf(after, before),
        }
      },
    },
  },
  record: ({ orderId, changeId }, { action }) => ({
    action: 'order.change-step',
    subject: subjectOf(orderId),
    detail: { action, changeId },
  }),
  stateField: 'changeState',
})

/** The order, and the request that it follows, are for this plan from now on. */
async function replan(act: Act, { orderId, requestId, state, ...order }: Order, { changeId, reason }: Change, after: Plan): Promise<void> {
  const { client, notes } = act
  await changeRow(client, { table: 'dispatch_orders', key: 'order_id', id: orderId }, { ends_at: new Date(after.endsAt) })
  await changeRow(
    client,
    { table: 'trip_requests', key: 'request_id', id: requestId },
    { ends_at: new Date(after.endsAt), to_stop: JSON.stringify(after.to), via: JSON.stringify(after.via) },
  )
  const before = planOf(order)
  notes.add(
    { type: 'request', id: requestId },
    saidOf(before, after) as Record<string, unknown>,
    saidOf(after, before) as Record<string, unknown>,
  )
  const kept = { table: 'dispatch_orders', key: 'order_id', steps: 'dispatch_order_steps', announce: tellOfOrder } as const
  await keepStep(act, kept, orderId, { action: 'roadChange', to: state, reason }, { changeId })
}

/** May he ask for one: who asked for the trip or asks for all of his scope, or who drives it. */
const mayAsk = (caller: Caller, order: Order): boolean => asksFor(caller, order) || may(caller, 'order.drive')
export const mayAskChange = (caller: Caller, order: Order, changes: readonly { state: ChangeState }[]): boolean =>
  drivenStates.includes(order.state) && mayAsk(caller, order) && !changes.some(({ state }) => openChangeStates.includes(state))

/**
 * Asks for another plan of an order that is under way.
 * @throws Refusal FORBIDDEN for who has nothing to do with the trip; CONFLICT before it has left, after it is back, or while another is open; VALIDATION_FAILED
 * for a plan that is none
 */
export async function askOrderChange(act: Act, orderId: number, { done, reason, ...sent }: Sent<'askOrderChange'>): Promise<void> {
  const { client, caller, nowMs } = act
  const order = await lockOrder(act, orderId)
  if (!mayAsk(caller, order)) throw new Refusal('FORBIDDEN')
  await once(act, order, 'change', { done, content: canonicalJson({ reason, ...sent }) }, async () => {
    if (!drivenStates.includes(order.state)) throw refusal('CONFLICT', 'params.orderId', 'change.notOut', { orderState: order.state })
    const open = (await listChangesOf(client, clockReader(nowMs), orderId)).find(({ state }) => openChangeStates.includes(state))
    if (open) throw refusal('CONFLICT', 'params.orderId', 'change.open', { by: open.by, changeState: open.state })
    const before = planOf(order)
    const after: Plan = {
      endsAt: sent.endsAt === undefined ? before.endsAt : new Date(sent.endsAt).toISOString(),
      to: sent.to ?? before.to,
      via: sent.via ?? before.via,
    }
    const problem = findChangeProblem(before, after, Date.parse(order.startsAt), nowMs)
    if (problem) throw refusal('VALIDATION_FAILED', `body.${problem.field}`, problem.reason, problem.values)
    // What is approved afterwards as a whole waits for nobody's approval now.
    const trip = {
      ...after,
      via: [...after.via],
      from: order.from,
      startsAt: order.startsAt,
      passengers: order.passengers,
      withDriver: order.withDriver,
    }
    const chain = order.unratified ? null : await chainFor(client, order.unit.organisationId, trip, nowMs)
    const set = {
      order_id: orderId,
      state: chain ? 'ASKED' : 'AGREED',
      before: JSON.stringify(before),
      after: JSON.stringify(after),
      reason,
      asked_by: caller.accountId,
      asked_at: new Date(nowMs),
      ...(chain && beginColumns(chain, nowMs)),
    }
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO order_changes (${Object.keys(set).join(', ')}) VALUES (${Object.keys(set)
        .map((_, n) => `$${n + 1}`)
        .join(', ')}) RETURNING change_id AS id`,
      Object.values(set),
    )
    const changeId = rows[0]!.id
    await keepStep(act, keptChange, changeId, { action: 'ask', to: set.state, reason })
    act.record('order.change-ask', subjectOf(orderId), {
      before: saidOf(before, after),
      after: saidOf(after, before),
      detail: { changeId, changeState: set.state },
      reason,
    })
    return changeId
  })
}

/** @throws Refusal as `takeStep` says; with `make` as `extendTrip` says */
export async function actOnOrderChange(
  act: Act,
  listDrivers: ListDrivers,
  changeId: number,
  { action, version, reason, data }: Sent<'actOnOrderChange'>,
): Promise<RoadChangeRow> {
  // Whoever has no business here learns nothing.
  if (!may(act.caller, changeLifecycle[action].by)) throw new Refusal('FORBIDDEN')
  const procedure = changeProcedure(listDrivers)
  const last = (change: Change) => change.chain === null || isLast(change.chain, placeOf(change))
  const meant: Partial<Record<ChangeAction, (change: Change) => ChangeAction>> = {
    approve: (change) => (last(change) ? 'approve' : 'agree'),
    approveByPhone: (change) => (last(change) ? 'approveByPhone' : 'agreeByPhone'),
  }
  await takeStep(act, procedure, changeId, { action: meant[action] ?? action, version, reason, data })
  const who = { caller: act.caller, reach: act.scope }
  const [told] = await tellChanges(
    act.client,
    procedure,
    who,
    [await loadChange(act.client, readerOf(who, act.nowMs), changeId)],
    act.nowMs,
  )
  return told!
}

/** The vehicle is back: what was asked for and not made is of no use any more. */
export async function lapseChanges(act: Act, orderId: number): Promise<void> {
  for (const change of await listChangesOf(act.client, clockReader(act.nowMs), orderId))
    if (openChangeStates.includes(change.state)) await takeFollowingStep(act, changeProcedure(), change, 'lapse')
}

/** The changes of an order, as they are told to who reads it. */
export async function readChanges(db: Queryable, who: Who, orderId: number, nowMs: number): Promise<OrderDetail['changes']> {
  const changes = await tellChanges(db, changeProcedure(), who, await listChangesOf(db, clockReader(nowMs), orderId), nowMs)
  return changes.map(
    ({
      orderId: _order,
      number: _number,
      orderState: _state,
      unit: _unit,
      applicant: _by,
      from: _from,
      startsAt: _at,
      passengers: _n,
      ...change
    }) => change,
  )
}
