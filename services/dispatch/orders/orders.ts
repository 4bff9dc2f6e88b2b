// Orders: given, moved, driven, paid for. States and who may take which step: domain/orders.ts.
import type { z } from 'zod'
import type { OrderDetail } from '../../contracts/api/orders.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { canonicalJson } from '../../contracts/canonicalJson.ts'
import { changedMeanwhile, refusal } from '../../contracts/refusals.ts'
import { findInspectionProblem, listUnsafe } from '../../domain/inspection.ts'
import { permits, stateAt } from '../../domain/lifecycle.ts'
import { shownTo } from '../../domain/masking.ts'
import { costStates, isOutThoughVoided, type OrderAction, orderActions, orderLifecycle, orderNot, stepMeant } from '../../domain/orders.ts'
import type { Capability } from '../../domain/permissions.ts'
import { findMoveProblem, findRequestProblem } from '../../domain/requests.ts'
import { isUndecided, type Share } from '../../domain/settlement.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act, ActDeps, Deed } from '../kernel/act.ts'
import { type Caller, may, type Scope, type Who } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { needsCase } from '../kernel/pastLook.ts'
import { type Change, keepStep, listPermitted, type Procedure, type Step } from '../kernel/procedure.ts'
import { depart, giveBack, release } from '../kernel/reservations.ts'
import { requireRight, takeFollowingStep, takeStep, writeDownDue } from '../kernel/takeStep.ts'
import { requireOrganisation } from '../kernel/within.ts'
import { lapseChanges, mayAskChange, readChanges } from './changes.ts'
import { tellCosts } from './costRows.ts'
import type { ListDrivers } from './drivers.ts'
import { isAtHand, travelsWith } from './following.ts'
import { holdIfFree, keptOf, promise, promiseAgain, promiseOnTheWay, requireFreeUntilDue, requireGivable } from './giving.ts'
import { listIncidents } from './incidents.ts'
import { requireLeasable } from './leases.ts'
import { endLeg, readingAfter, tellLegs } from './legs.ts'
import { listDeeds, once } from './onPhone.ts'
import { listInspections, listOrdersDue, loadOrder, lockOrder, type Order } from './orderRows.ts'
import { asksFor, ownFor, type Sent } from './own.ts'
import { listPhotos } from './photos.ts'
import { readRating } from './ratings.ts'
import { equipmentOf, namesOfTravellers } from './requestRows.ts'
import { type Follow, followOrder, lockForOrder } from './requests.ts'
import { book, bringUpToDate, previewShares, readSettlement } from './settlement.ts'
import { confirmedOwn, listUnconfirmed, markedAbsent, markedStop, neededBy, readSharing, withoutOthers } from './sharing/onOrder.ts'
import { firstOf, listAlong, readPlan } from './sharing/rows.ts'
import { endAsked, makeFirst } from './sharing/trip.ts'
import { tellOfOrder } from './tell.ts'
import { readTrackOf } from './track.ts'

export const subjectOf = (orderId: number) => ({ type: 'order', id: orderId })
const holderOf = (orderId: number) => `order:${orderId}` as const
export const TABLE = { table: 'dispatch_orders', key: 'order_id' } as const
const everywhere = { lft: 0, rgt: 2_147_483_647, cleared: [], unmasked: [] }

/** What follows for all who travel by an order. */
async function followTrip(deed: Deed, firstId: number, action: Follow): Promise<void> {
  for (const requestId of [firstId, ...(await listAlong(deed.client, firstId))]) await followOrder(deed, requestId, action)
}

/** Whoever was given it is free again, and the request waits anew; with it those who travel with it, as they agreed. */
const letGo = {
  async after({ client, ...deed }: Deed, { orderId, firstId }: Order): Promise<void> {
    await release(client, holderOf(orderId))
    await followTrip({ client, ...deed }, firstId, 'reopen')
  },
}

export const orderProcedure: Procedure<Order> = {
  ...TABLE,
  lifecycle: orderLifecycle,
  steps: 'dispatch_order_steps',
  announce: tellOfOrder,
  lock: lockOrder,
  listDue: listOrdersDue,
  lockDue: ({ client, nowMs }, orderId) => loadOrder(client, everywhere, null, orderId, nowMs, 'FOR UPDATE OF d'),
  reaches: ({ caller }, order, side) => (side === 'asker' ? asksFor(caller, order) : !order.isFormer),
  refusals: {
    notNow: { path: 'body.action', reason: 'order.not', values: ({ state }) => orderNot(state) },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    decline: { before: needsReason, ...letGo },
    void: { before: needsReason, ...letGo },
    withdraw: letGo,
    reclaim: letGo,
    excuse: letGo,
    giveBack: { before: needsReason },
    depart: {
      async before(act, order, step) {
        if (['RELEASED', 'EXPIRED'].includes(order.state)) await holdAgain(act, order)
        else await requireFreeUntilDue(act, order)
        return { set: { departed_at: new Date(act.nowMs), odometer_out_m: await readingOf(act, order, step) }, kept: foundOf(act, step) }
      },
      async after(act, { orderId, firstId, state }) {
        await depart(act.client, holderOf(orderId), act.nowMs)
        await endAsked(act, firstId)
        if (state === 'EXPIRED') await followTrip(act, firstId, 'resume')
      },
    },
    pickUp: { before: markedStop },
    dropOff: { before: markedStop },
    noShow: { before: markedAbsent },
    noShowAboard: { before: markedAbsent },
    confirmOwn: { before: confirmedOwn },
    takeOver: {
      before: async (act, order, step) => ({ set: { odometer_out_m: await readingOf(act, order, step) }, kept: foundOf(act, step) }),
    },
    comeBack: {
      before: async (act, order, step) => ({
        set: { returned_at: new Date(act.nowMs), odometer_back_m: await readingOf(act, order, step) },
        kept: foundOf(act, step),
      }),
      async after(act, { orderId, firstId }) {
        await giveBack(act.client, holderOf(orderId), act.nowMs)
        await lapseChanges(act, orderId)
        await followTrip(act, firstId, 'complete')
      },
    },
    leaveVoided: {
      async before(act, order, step) {
        if (act.nowMs > Date.parse(order.endsAt)) throw refusal('CONFLICT', 'body.action', 'order.not', { orderState: order.state })
        return { set: { departed_at: new Date(act.nowMs), odometer_out_m: await readingOf(act, order, step) } }
      },
      async after({ client, nowMs }, order) {
        await holdIfFree(client, order, nowMs)
        await depart(client, holderOf(order.orderId), nowMs)
      },
    },
    returnVoided: {
      before: async (act, order, step) => ({
        set: { returned_at: new Date(act.nowMs), odometer_back_m: await readingOf(act, order, step) },
      }),
      after: async ({ client, nowMs }, { orderId }) => void (await giveBack(client, holderOf(orderId), nowMs)),
    },
    settle: {
      async before(act, order, { data }): Promise<Change> {
        const given = await sharesGiven(act, data.shares)
        const shares = given.length > 0 ? given : order.shares
        const totalFen = order.totalFen + (await bringUpToDate(act, { ...order, shares }))
        return { set: { total_fen: totalFen, shares: JSON.stringify(shares) }, after: { totalFen } }
      },
    },
    close: {
      async before(_act, { costs }) {
        if (costs.some(isUndecided)) throw refusal('CONFLICT', 'body.action', 'cost.disputed')
        return undefined
      },
      after: book,
    },
  },
  effectsOfClock: {
    lapse: letGo,
    release: { after: async ({ client }, { orderId }) => void (await release(client, holderOf(orderId))) },
    expire: { after: (deed, { firstId }) => followTrip(deed, firstId, 'miss') },
  },
  set: (_order, _step, _kept, { nowMs }) => ({ since: new Date(nowMs) }),
  record: ({ orderId, number }, { action }) => ({ action: 'order.step', subject: subjectOf(orderId), detail: { action, number } }),
}

/** Who bears the costs: units of the scope, each once. */
async function sharesGiven(
  { client, scope }: { client: Queryable; scope: Scope },
  given: unknown,
  at = 'body.data.shares',
): Promise<Share[]> {
  const shares = (given ?? []) as { organisationId: number; weight: number }[]
  for (const [n, { organisationId }] of shares.entries()) {
    await requireOrganisation(client, scope, organisationId, `${at}.${n}.organisationId`)
    if (shares.findIndex((each) => each.organisationId === organisationId) !== n)
      throw refusal('VALIDATION_FAILED', `${at}.${n}.organisationId`, 'cost.unitTwice')
  }
  return shares.map(({ organisationId, weight }) => ({ unitId: organisationId, weight }))
}

/** @throws Refusal CONFLICT while the trip is not over */
export async function previewOrderShares(
  db: Queryable,
  { caller, reach }: Who,
  orderId: number,
  given: Sent<'previewShares'>,
  nowMs: number,
): Promise<AnswerOf<'previewShares'>> {
  const order = await loadOrder(db, reach, ownFor(caller, 'order.view'), orderId, nowMs)
  const preview = await previewShares(db, order, await sharesGiven({ client: db, scope: reach }, given.shares, 'body.shares'))
  if (!preview) throw refusal('CONFLICT', 'params.orderId', 'order.not', orderNot(order.state))
  return preview
}

async function needsReason(_act: Act, _order: Order, { reason }: Step): Promise<undefined> {
  if (reason === '') throw refusal('VALIDATION_FAILED', 'body.reason', 'flow.data', { field: 'reason' })
  return undefined
}

/** What the driver found, when it is whole: kept with the step. A fault of safety counts until the trip is over. */
function foundOf({ today }: Act, { action, data }: Step): object {
  const departs = action === 'depart' || action === 'takeOver'
  const { inspection, energyPct, unsafeSure } = data as z.output<Api['actOnOrder']['body']>['data']
  if (inspection) {
    const problem = findInspectionProblem(inspection, today, unsafeSure === true || !departs)
    if (problem) throw refusal('VALIDATION_FAILED', 'body.data.inspection', problem.reason, problem.values)
  }
  const unsafe = inspection && departs ? listUnsafe(inspection, today).length : 0
  return { ...(energyPct === undefined ? {} : { energyPct }), ...(inspection ? { inspection } : {}), ...(unsafe > 0 ? { unsafe } : {}) }
}

/**
 * What a late departure let go of it takes again, from now until the planned end, if nobody else has it by then.
 * @throws Refusal CONFLICT with who has it, or when the planned end is over
 */
async function holdAgain(act: Act, order: Order): Promise<void> {
  const { heldVehicleId: vehicleId } = order
  if (vehicleId === null) return
  const given = { vehicleId, driverId: order.driverId, startsAtMs: act.nowMs, endsAtMs: Date.parse(order.endsAt) }
  if (given.endsAtMs <= act.nowMs) throw refusal('CONFLICT', 'body.action', 'order.over', { ended: order.endsAt })
  await promiseAgain(act, given, order.orderId, order.startsAt)
}

/** The odometer's reading in metres, when it can be true: not less than the last one of the vehicle, nor further than anybody drives. */
async function readingOf({ client, nowMs }: Act, order: Order, { action, data }: Step): Promise<number> {
  const km = data.odometerKm as number
  return readingAfter(await lastReading(client, order, action), { km, atMs: nowMs, sure: data.sure === true, path: 'body.data.odometerKm' })
}

async function lastReading(client: Queryable, order: Order, action: string): Promise<{ km: number; atMs: number } | null> {
  if (action === 'comeBack' || action === 'returnVoided')
    return { km: order.odometerOutKm!, atMs: Date.parse(order.legSince ?? order.departedAt!) }
  const { rows } = await client.query<{ m: number; at: Date }>(
    `SELECT odometer_back_m AS m, until_at AS at FROM order_parts WHERE vehicle_id = $1 AND odometer_back_m IS NOT NULL
     ORDER BY until_at DESC LIMIT 1`,
    [order.heldVehicleId],
  )
  return rows[0] ? { km: Number(rows[0].m) / 1000, atMs: rows[0].at.getTime() } : null
}

/** An order for whoever has no reach at all; of a sensitive vehicle without the vehicle. @throws Refusal NOT_FOUND */
export const findWhole = (db: Queryable, orderId: number, nowMs: number): Promise<Order> => loadOrder(db, everywhere, null, orderId, nowMs)

export async function readOrder(db: Queryable, who: Who, orderId: number, nowMs: number): Promise<OrderDetail> {
  const { caller, reach } = who
  const order = await loadOrder(db, reach, ownFor(caller, 'order.view'), orderId, nowMs)
  const [actions] = await listPermitted(db, orderProcedure, who, [order], nowMs)
  const {
    id: _id,
    takers: _takers,
    times: _times,
    heldVehicleId: _vehicle,
    driverId: _driver,
    unitLft: _lft,
    firstId: _first,
    has,
    ...rest
  } = order
  const {
    keeperId: _keeper,
    supplierId: _supplier,
    bodyType: _body,
    shares: _shares,
    withDriver: _with,
    urgent: _urgent,
    unratified: _unratified,
    travellerIds,
    legSince: _since,
    formerLegs: _legs,
    isFormer: _former,
    costs,
    ...shown
  } = rest
  const concerned = isConcerned(caller, order)
  const changes = has.has('changes') ? await readChanges(db, who, orderId, nowMs) : []
  const sharing = await readSharing(db, who, order)
  const own = sharing?.riders.filter(({ mine }) => mine) ?? []
  const { steps, alone } = await withoutOthers(db, who, order, sharing)
  return {
    ...shown,
    // With what the clock has done, whether or not it is written down.
    state: stateAt(orderLifecycle, order.state, order.times!, nowMs),
    companions: await namesOfTravellers(db, travellerIds),
    changes,
    mayAskChange: mayAskChange(caller, order, changes),
    ...(await readRating(db, caller, order, nowMs)),
    mayFollow: order.vehicle !== null && travelsWith(caller, order) && isAtHand(order, nowMs),
    steps,
    ...(alone
      ? { costs: [], totalFen: 0, settlement: null }
      : { costs: await tellCosts(db, caller, costs), settlement: await readSettlement(db, order) }),
    legs: await tellLegs(db, order),
    contactPhone: shownTo(caller.role, 'phone', order.contactPhone, concerned),
    driverPhone: order.driverPhone && shownTo(caller.role, 'phone', order.driverPhone, concerned),
    sharing,
    // Where a vehicle was that he does not see is not told either; nor, outside a case, to whoever needs one (compareOrder).
    track: order.vehicle && !needsCase(who) ? await readTrackOf(db, order) : null,
    inspections: await listInspections(db, orderId),
    photos: has.has('photos') ? await listPhotos(db, caller, order) : [],
    incidents: has.has('incidents') ? await listIncidents(db, who, order, nowMs) : [],
    deeds: has.has('deeds') ? await listDeeds(db, orderId) : [],
    mayAct: orderActions.filter(
      (action) =>
        (actions as OrderAction[]).includes(meantBy(action, order)) &&
        // A shared trip has stops in the place of one pick-up and one arrival; who has confirmed for himself has.
        !(sharing ? ['board', 'arrive', 'reach'] : ['pickUp', 'dropOff']).includes(action) &&
        !(action === 'noShow' && !sharing && order.steps.some((step) => step.action === 'noShow')) &&
        // That is a phone's to tell, of before.
        !(action === 'depart' && order.state === 'EXPIRED') &&
        !(action === 'confirm' && own.length > 0 && own.every(({ confirmedAt }) => confirmedAt !== null)),
    ),
    mayEnterCosts: holds(caller, 'cost.enter') && costStates.includes(order.state),
    mayCorrectCosts: holds(caller, 'cost.enter') && order.state === 'CLOSED',
    mayCorrectOdometer: holds(caller, 'order.dispatch') && (order.odometerOutKm !== null || order.formerLegs.length > 0),
    mayMove: holds(caller, 'order.dispatch') && permits(orderLifecycle, 'void', order.state) && order.lease === null,
    maySwap: holds(caller, 'order.dispatch') && permits(orderLifecycle, 'swap', order.state) && order.lease === null,
  }
}
/** The step that is taken by what is offered under one name. */
const meantBy = (action: OrderAction, order: Order): OrderAction => {
  if (action === 'comeBack' && isOutThoughVoided(order)) return 'returnVoided'
  return action === 'noShow' && order.riders > 0 ? stepMeant(action, order) : action
}
const holds = (caller: Caller, capability: Capability): boolean => may(caller, capability)
/** Whoever travels or drives rings the other. */
const isConcerned = (caller: Caller, { applicant }: Order): boolean => applicant.accountId === caller.accountId || caller.role === 'driver'

export const answer = ({ client, caller, scope, nowMs }: Act, orderId: number): Promise<OrderDetail> =>
  readOrder(client, { caller, reach: scope }, orderId, nowMs)

/** @throws Refusal as `lockForOrder` and `requireGivable` say */
export async function dispatchRequest(
  act: Act,
  listDrivers: ListDrivers,
  requestId: number,
  body: Sent<'dispatchRequest'>,
): Promise<OrderDetail> {
  const { client, caller, nowMs, today } = act
  const request = await lockForOrder(act, requestId, body.version)
  // Whoever of those that travel together is given a vehicle is the first of them.
  const first = await firstOf(client, requestId)
  if (first !== requestId) await passOn(act, first, requestId)
  const shared = (await readPlan(client, requestId))?.plan
  const { lease, vehicleId } = body
  if (shared) requireAgreedTimes(body, shared)
  const given = shared
    ? { vehicleId, driverId: body.driverId, startsAtMs: shared.startsMs, endsAtMs: shared.endsMs }
    : givenOf(body, request, nowMs)
  const passengers = shared?.most ?? request.passengers
  if (lease) await requireLeasable(act, { ...request, passengers }, lease, vehicleId, given.startsAtMs)
  else if (vehicleId === null) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'lease.missing')
  if (lease && body.driverId !== null) throw refusal('VALIDATION_FAILED', 'body.driverId', 'lease.driver')
  const trip = {
    orderId: 0,
    unitId: request.unit.organisationId,
    passengers,
    urgent: request.kind === 'emergency',
    equipment: shared
      ? await equipmentOf(
          client,
          shared.riders.map((rider) => rider.requestId),
        )
      : request.equipment,
  }
  const vehicle =
    vehicleId === null
      ? null
      : await requireGivable(
          act,
          listDrivers,
          { ...given, vehicleId },
          // The supplier's driver comes with it, and the vehicle is rented for whoever travels.
          { ...trip, withDriver: request.withDriver && !lease, urgent: trip.urgent || lease !== undefined },
        )
  const year = Number(today.slice(0, 4))
  const issuer = caller.organisation.organisationId
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO dispatch_orders (request_id, issuer_id, year, number, state, since, vehicle_id, driver_id, starts_at, ends_at, note, keeper_id, body_type,
       supplier_id, agreed_fen)
     VALUES ($1, $2, $3, NULL, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING order_id AS id`,
    [
      requestId,
      issuer,
      year,
      // Nobody has to accept what nobody drives for the passengers.
      body.driverId === null ? 'ACCEPTED' : 'DISPATCHED',
      new Date(nowMs),
      given.vehicleId,
      given.driverId,
      new Date(given.startsAtMs),
      new Date(given.endsAtMs),
      body.note,
      vehicle?.keeperId ?? null,
      vehicle?.bodyType ?? lease?.bodyType ?? null,
      lease?.supplierId ?? null,
      lease?.agreedFen ?? null,
    ],
  )
  const orderId = rows[0]!.id
  if (vehicleId !== null) await promise(client, { ...given, vehicleId }, orderId)
  await followTrip(act, requestId, 'dispatch')
  // Last: from here on nobody else of this unit gives an order until this one is in, or was not given.
  const { rows: counted } = await client.query<{ last: number }>(
    `INSERT INTO order_numbers (issuer_id, year, last) VALUES ($1, $2, 1) ON CONFLICT (issuer_id, year) DO UPDATE SET last = order_numbers.last + 1
     RETURNING last`,
    [issuer, year],
  )
  await client.query('UPDATE dispatch_orders SET number = $2 WHERE order_id = $1', [orderId, counted[0]!.last])
  const to = body.driverId === null ? 'ACCEPTED' : 'DISPATCHED'
  await keepStep(act, orderProcedure, orderId, { action: 'dispatch', to, reason: '' }, keptOf(vehicle))
  act.record('order.dispatch', subjectOf(orderId), {
    after: {
      requestId,
      vehicleId: given.vehicleId,
      driverId: given.driverId,
      startsAt: iso(given.startsAtMs),
      endsAt: iso(given.endsAtMs),
      ...(lease ? { supplierId: lease.supplierId, agreedFen: lease.agreedFen } : {}),
    },
    detail: keptOf(vehicle),
  })
  return answer(act, orderId)
}
const iso = (ms: number): string => new Date(ms).toISOString()

type Spoken = { startsAt: string; endsAt: string }
const timesOf = ({ startsAt, endsAt }: Spoken) => ({ startsAtMs: Date.parse(startsAt), endsAtMs: Date.parse(endsAt) })

/**
 * What is given, and when: at another time than was asked for as a request for that time would be judged now, and no further from it than may be without a new
 * approval. `stands`: when it is given for already.
 * @throws Refusal VALIDATION_FAILED for a time that nobody could ask for, or that was not approved; CONFLICT for a trip that is over
 */
function givenOf<V extends number | null>(
  body: { vehicleId: V; driverId: number | null; startsAt?: string | undefined; endsAt?: string | undefined },
  asked: Spoken,
  nowMs: number,
  stands?: Spoken,
) {
  const { startsAt, endsAt } = stands ?? asked
  const [startsAtMs, endsAtMs] = [Date.parse(body.startsAt ?? startsAt), Date.parse(body.endsAt ?? endsAt)]
  const problem = findRequestProblem({ startsAtMs, endsAtMs }, nowMs, Date.parse(startsAt))
  if (problem) throw refusal('VALIDATION_FAILED', `body.${problem.field}`, problem.reason, problem.values)
  if (endsAtMs <= nowMs) throw refusal('CONFLICT', 'body.endsAt', 'order.over', { ended: iso(endsAtMs) })
  const far = findMoveProblem({ startsAtMs, endsAtMs }, timesOf(asked), stands && timesOf(stands))
  if (far) throw refusal('VALIDATION_FAILED', `body.${far.field}`, far.reason, far.values)
  return { vehicleId: body.vehicleId, driverId: body.driverId, startsAtMs, endsAtMs }
}

/** What all have consented to is not moved over their heads. @throws Refusal CONFLICT */
function requireAgreedTimes(
  { startsAt, endsAt }: { startsAt?: string | undefined; endsAt?: string | undefined },
  plan: { startsMs: number; endsMs: number },
) {
  const same = (said: string | undefined, ms: number) => said === undefined || Date.parse(said) === ms
  if (!same(startsAt, plan.startsMs) || !same(endsAt, plan.endsMs)) throw refusal('CONFLICT', 'body.startsAt', 'share.times')
}

/** The vehicle is given to one of those who go along: he is the first of them from now on, and the first goes along. */
async function passOn(act: Act, firstId: number, requestId: number): Promise<void> {
  await makeFirst(act, firstId, requestId)
  await act.client.query(
    `UPDATE trip_rides SET first_id = $2, request_id = $1, version = version + 1 WHERE request_id = $2 AND state = 'JOINED'`,
    [firstId, requestId],
  )
}

/** @throws Refusal CHANGED_MEANWHILE with who changed it last, and what it is now */
function requireUnmoved(order: Order, seen: number): void {
  if (order.version === seen) return
  const { steps, state, number, vehicle, driver, startsAt, endsAt } = order
  const last = steps.at(-1)!
  throw changedMeanwhile('body.version', 'order.changed', {
    by: last.by,
    at: last.at,
    orderState: state,
    // A leased one has neither, and of a sensitive one the plate is not told.
    given: [vehicle?.plate, driver?.name].filter(Boolean).join(' ') || number,
    from: startsAt,
    until: endsAt,
  })
}

const isSame = (given: { vehicleId: number; driverId: number | null } & Parameters<typeof findMoveProblem>[0], order: Order): boolean =>
  given.vehicleId === order.heldVehicleId &&
  given.driverId === order.driverId &&
  given.startsAtMs === Date.parse(order.startsAt) &&
  given.endsAtMs === Date.parse(order.endsAt)

/** Another vehicle, driver or time, before it begins; where it is none, nothing happens, unless it was let go of. A driver who is new to it accepts it anew. */
export async function moveOrder(act: Act, listDrivers: ListDrivers, orderId: number, body: Sent<'moveOrder'>): Promise<OrderDetail> {
  const { client, nowMs } = act
  const order = await orderProcedure.lock(act, orderId)
  requireUnmoved(order, body.version)
  // With what the clock has done, whether or not it is written down.
  const stands = stateAt(orderLifecycle, order.state, order.times!, nowMs)
  if (!permits(orderLifecycle, 'void', stands)) throw refusal('CONFLICT', 'params.orderId', 'order.not', orderNot(stands))
  if (order.lease) throw refusal('CONFLICT', 'params.orderId', 'lease.move')
  const shared = (await readPlan(client, order.firstId))?.plan
  if (shared) requireAgreedTimes(body, shared)
  const given = givenOf(body, order.asked, nowMs, order)
  if (stands !== 'RELEASED' && isSame(given, order)) return answer(act, orderId)
  const vehicle = await requireGivable(act, listDrivers, given, {
    orderId,
    unitId: order.unit.organisationId,
    ...(await neededBy(client, order)),
    withDriver: order.driverId !== null,
    urgent: order.urgent,
  })
  await release(client, holderOf(orderId))
  await promise(client, given, orderId)
  // Who has let go of it holds it again, as he accepted it, and has as long to drive off as anybody.
  const held = stands === 'RELEASED' ? 'ACCEPTED' : stands
  const state = given.driverId === order.driverId ? held : 'DISPATCHED'
  await changeRow(
    client,
    { ...TABLE, id: orderId },
    {
      vehicle_id: given.vehicleId,
      keeper_id: vehicle.keeperId,
      body_type: vehicle.bodyType,
      driver_id: given.driverId,
      starts_at: new Date(given.startsAtMs),
      ends_at: new Date(given.endsAtMs),
      state,
      // Whoever is new to it has as long to accept it as anybody.
      ...(state === stands && given.driverId === order.driverId ? {} : { since: new Date(nowMs) }),
    },
  )
  const former = given.driverId === order.driverId ? {} : { formerDriverId: order.driverId }
  await keepStep(act, orderProcedure, orderId, { action: 'move', to: state, reason: body.reason }, { ...former, ...keptOf(vehicle) })
  act.record('order.move', subjectOf(orderId), {
    before: { vehicleId: order.heldVehicleId, driverId: order.driverId, startsAt: order.startsAt, endsAt: order.endsAt },
    after: { vehicleId: given.vehicleId, driverId: given.driverId, startsAt: iso(given.startsAtMs), endsAt: iso(given.endsAtMs) },
    detail: keptOf(vehicle),
    reason: body.reason,
  })
  return answer(act, orderId)
}

/** Another vehicle or driver for an order that is under way. What was driven until then is a part of its own; whoever drives now takes it over. */
export async function swapOrder(act: Act, listDrivers: ListDrivers, orderId: number, body: Sent<'swapOrder'>): Promise<OrderDetail> {
  const { client, nowMs } = act
  const { vehicleId, driverId, reason } = body
  const order = await orderProcedure.lock(act, orderId)
  requireUnmoved(order, body.version)
  if (!permits(orderLifecycle, 'swap', order.state)) throw refusal('CONFLICT', 'params.orderId', 'order.not', orderNot(order.state))
  if (order.lease) throw refusal('CONFLICT', 'params.orderId', 'lease.move')
  if (vehicleId === order.heldVehicleId && driverId === order.driverId) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'swap.same')
  const since = order.legSince ?? order.departedAt!
  const atMs = body.at === undefined ? nowMs : Date.parse(body.at)
  if (atMs <= Date.parse(since) || atMs > nowMs)
    throw refusal('VALIDATION_FAILED', 'body.at', 'swap.at', { earliest: since, latest: iso(nowMs) })
  const given = { vehicleId, driverId, startsAtMs: atMs, endsAtMs: Date.parse(body.endsAt ?? order.endsAt) }
  if (given.endsAtMs <= nowMs) throw refusal('CONFLICT', 'body.endsAt', 'order.over', { ended: iso(given.endsAtMs) })
  const vehicle = await requireGivable(act, listDrivers, given, {
    orderId,
    unitId: order.unit.organisationId,
    ...(await neededBy(client, order)),
    withDriver: order.driverId !== null,
    urgent: order.urgent,
    underWay: true,
    driverStays: driverId === order.driverId,
  })
  if (order.odometerOutKm !== null) await endLeg(act, order, { atMs, since, km: body.odometerKm, sure: body.sure })
  await promiseOnTheWay(client, given, orderId)
  await changeRow(
    client,
    { ...TABLE, id: orderId },
    {
      vehicle_id: vehicleId,
      keeper_id: vehicle.keeperId,
      body_type: vehicle.bodyType,
      driver_id: driverId,
      ends_at: new Date(given.endsAtMs),
      state: orderLifecycle.swap.to,
      since: new Date(nowMs),
      leg_since: new Date(atMs),
      odometer_out_m: null,
    },
  )
  const former = driverId === order.driverId ? {} : { formerDriverId: order.driverId }
  const { odometerKm } = body
  await keepStep(
    act,
    orderProcedure,
    orderId,
    { action: 'swap', to: orderLifecycle.swap.to, reason },
    { ...former, ...keptOf(vehicle), at: iso(atMs), odometerKm },
  )
  act.record('order.swap', subjectOf(orderId), {
    before: { state: order.state, vehicleId: order.heldVehicleId, driverId: order.driverId, endsAt: order.endsAt },
    after: { state: orderLifecycle.swap.to, vehicleId, driverId, endsAt: iso(given.endsAtMs) },
    detail: { at: iso(atMs), odometerKm, ...keptOf(vehicle) },
    reason,
  })
  return answer(act, orderId)
}

/** Whoever asked has made another matter of it: vehicle and driver are free, and the request waits. It was reached, so the order is. */
export async function withdrawOrder(act: Act, orderId: number): Promise<void> {
  const order = await loadOrder(act.client, everywhere, null, orderId, act.nowMs, 'FOR UPDATE OF d')
  await takeFollowingStep(act, orderProcedure, order, 'withdraw')
}

/** Takes an order back whose driver is on leave: its request waits again. */
export async function excuseFrom(act: Act, orderId: number): Promise<void> {
  const order = await loadOrder(act.client, everywhere, null, orderId, act.nowMs, 'FOR UPDATE OF d')
  await takeFollowingStep(act, orderProcedure, order, 'excuse')
}

export async function actOnOrder(act: Act, orderId: number, { done, version, ...asked }: Sent<'actOnOrder'>): Promise<OrderDetail> {
  requireRight(orderLifecycle, asked.action, act.caller)
  const order = await lockOrder(act, orderId)
  await once(act, order, 'step', { done, content: canonicalJson(asked) }, async (atMs) => {
    const meant = stepMeant(asked.action, order)
    const action = meant === 'confirm' && (await listUnconfirmed(act, order)).length > 0 ? 'confirmOwn' : meant
    // Who has not heard of it has seen an order of before.
    await takeStep(act, orderProcedure, orderId, { ...asked, action, ...(meant === asked.action ? { version } : {}), atMs })
    const { rows } = await act.client.query<{ step: number }>('SELECT max(step) AS step FROM dispatch_order_steps WHERE order_id = $1', [
      orderId,
    ])
    return rows[0]!.step
  })
  return answer(act, orderId)
}

/** Writes down what the clock has done: orders that nobody accepted, trips that nobody confirmed. */
export const settleDueOrders = (deps: ActDeps): Promise<number> => writeDownDue(deps, orderProcedure)
