// Shared rides: proposed by who dispatches, or wished with a request; consented to by the applicants of all who travel together; joined when the last of
// them has. States and who may take which step: domain/sharing.ts.
import type { z } from 'zod'
import type { Ride } from '../../../contracts/api/sharing.ts'
import type { AnswerOf, Api } from '../../../contracts/api.ts'
import { Refusal } from '../../../contracts/errors.ts'
import { refusal } from '../../../contracts/refusals.ts'
import { permits, stateAt } from '../../../domain/lifecycle.ts'
import { type OrderState, orderLifecycle, orderNumber } from '../../../domain/orders.ts'
import { type RideAction, type RideState, rideActions, rideLifecycle } from '../../../domain/sharing.ts'
import type { Queryable } from '../../../platform/db.ts'
import type { Act, ActDeps } from '../../kernel/act.ts'
import { announce } from '../../kernel/announce.ts'
import type { Caller, Sight, Who } from '../../kernel/caller.ts'
import { changeRow } from '../../kernel/changeRow.ts'
import { keepStep, listPermitted, type Procedure, type Stepped, takersSql } from '../../kernel/procedure.ts'
import { release } from '../../kernel/reservations.ts'
import { requireRight, takeFollowingStep, takeStep, writeDownDue } from '../../kernel/takeStep.ts'
import type { ListDrivers } from '../drivers.ts'
import { promise, requireGivable } from '../giving.ts'
import { ownerFor, type Sent } from '../own.ts'
import { equipmentOf } from '../requestRows.ts'
import { followOrder, requestProcedure } from '../requests.ts'
import { fitOn, planOf, readTrip, refusalFor, requireJoinable, type Trip, type TripOrder } from './fit.ts'
import { consentsOf, keepPlan, listAsked, type Plan, partiesOf, type Ways } from './rows.ts'
import { answerBy, endAsked, RIDES, takeOut } from './trip.ts'

type Party = { requestId: number; unitId: number; unitName: string; lft: number; applicantId: number; applicant: string }
type Loaded = Stepped & {
  state: RideState
  rideId: number
  firstId: number
  requestId: number
  parties: Party[]
  /** Requests whose applicants have consented. */
  consents: number[]
  plan: Plan
  order: { orderId: number; number: string; state: OrderState } | null
  askedAt: string
  answerBy: string
  steps: Ride['steps']
}

/** `$1`…`$3`: the scope, and whose own one of them must be (null: anybody's). */
const inReach = `EXISTS (SELECT FROM trip_requests q JOIN organisations o ON o.organisation_id = q.unit_id
  WHERE q.request_id = ANY(${partiesOf}) AND o.lft BETWEEN $1 AND $2 AND ($3::int IS NULL OR q.applicant_id = $3))`
const columns = `s.ride_id AS "rideId", s.ride_id AS id, s.first_id AS "firstId", s.request_id AS "requestId", s.state, s.asked_at, s.answer_by, s.since, s.plan, s.version,
  ${consentsOf} AS consents, ${takersSql(RIDES, 's')} AS takers,
  (SELECT json_agg(json_build_object('requestId', q.request_id, 'unitId', o.organisation_id, 'unitName', o.name, 'lft', o.lft, 'applicantId', q.applicant_id,
     'applicant', a.display_name) ORDER BY array_position(${partiesOf}, q.request_id))
   FROM trip_requests q JOIN organisations o ON o.organisation_id = q.unit_id JOIN accounts a ON a.account_id = q.applicant_id
   WHERE q.request_id = ANY(${partiesOf})) AS parties,
  (SELECT json_build_object('orderId', d.order_id, 'year', d.year, 'number', d.number, 'state', d.state) FROM dispatch_orders d
   WHERE d.request_id = s.first_id AND d.state NOT IN ('DECLINED', 'VOIDED')) AS "order",
  (SELECT coalesce(json_agg(json_build_object('action', t.action, 'state', t.state, 'at', t.at, 'by', t.username, 'reason', t.reason) ORDER BY t.step), '[]')
   FROM trip_ride_steps t WHERE t.ride_id = s.ride_id) AS steps`

type Row = Omit<Loaded, 'askedAt' | 'answerBy' | 'times' | 'order'> & {
  asked_at: Date
  answer_by: Date
  since: Date
  order: { orderId: number; year: number; number: number; state: OrderState } | null
}
const loadedOf = ({ asked_at, answer_by, since, order, steps, ...row }: Row): Loaded => ({
  ...row,
  askedAt: asked_at.toISOString(),
  answerBy: answer_by.toISOString(),
  times: { sinceMs: since.getTime(), untilMs: answer_by.getTime() },
  order: order && { orderId: order.orderId, number: orderNumber(order.year, order.number), state: order.state },
  steps: steps.map((step) => ({ ...step, at: new Date(step.at).toISOString() })),
})

async function loadRide(
  db: Queryable,
  scope: Pick<Sight, 'lft' | 'rgt'>,
  owner: number | null,
  rideId: number,
  lock = '',
): Promise<Loaded> {
  const { rows } = await db.query<Row>(`SELECT ${columns} FROM trip_rides s WHERE ${inReach} AND s.ride_id = $4 ${lock}`, [
    scope.lft,
    scope.rgt,
    owner,
    rideId,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return loadedOf(rows[0])
}

/** Whoever joins holds the trip that he joins: its order and its first request, in this order as everybody does. */
async function lockTrip(client: Queryable, firstId: number): Promise<void> {
  await client.query(`SELECT FROM dispatch_orders WHERE request_id = $1 AND state NOT IN ('DECLINED', 'VOIDED') FOR UPDATE`, [firstId])
  await client.query('SELECT FROM trip_requests WHERE request_id = $1 FOR UPDATE', [firstId])
}

const mineOf = ({ accountId }: Caller, { parties }: Loaded): number[] =>
  parties.filter(({ applicantId }) => applicantId === accountId).map(({ requestId }) => requestId)
const openOf = ({ parties, consents }: Loaded): number[] =>
  parties.map(({ requestId }) => requestId).filter((requestId) => !consents.includes(requestId))
const isBegun = ({ order }: Pick<Loaded, 'order'>): boolean => order !== null && !permits(orderLifecycle, 'void', order.state)

/** What a join is judged by: ways that were found before the transaction, of the stops of these requests. */
export type Known = { ways: Ways; asked: ReadonlySet<number>; listDrivers: ListDrivers }

/** Without `known` nothing can be joined by it: it lists and lapses. */
function procedureWith(known?: Known): Procedure<Loaded> {
  let fit: { trip: Trip; plan: Plan } | undefined
  const requireFit = async (act: Act, ride: Loaded) => {
    const trip = await readTrip(act.client, ride.firstId, 'params.rideId')
    const judged = fitOn(trip, await requireJoinable(act.client, ride.requestId), known!.ways, known!.asked)
    if ('problem' in judged) throw await refusalFor(act, ownerFor(act.caller, 'request.view') !== null, judged.problem)
    fit = { trip, plan: planOf(judged.plan) }
    return { set: { plan: JSON.stringify(fit.plan) }, kept: { consents: mineOf(act.caller, ride) } }
  }
  const leave = async (act: Act, ride: Loaded, requestId: number) => {
    const { rows } = await act.client.query<{ state: string }>('SELECT state FROM trip_requests WHERE request_id = $1', [requestId])
    await takeOut(act, requestId, ride)
    if (rows[0]!.state === 'DISPATCHED') await followOrder(act, requestId, 'reopen')
  }
  return {
    ...RIDES,
    lifecycle: rideLifecycle,
    async lock({ client, scope, caller }, rideId) {
      const owner = ownerFor(caller, 'request.view')
      const { firstId } = await loadRide(client, scope, owner, rideId)
      await lockTrip(client, firstId)
      return loadRide(client, scope, owner, rideId, 'FOR UPDATE OF s')
    },
    listDue: async (db, nowMs) =>
      (
        await db.query<{ id: number }>(`SELECT ride_id AS id FROM trip_rides WHERE state = 'ASKED' AND answer_by <= $1 LIMIT 500`, [
          new Date(nowMs),
        ])
      ).rows.map(({ id }) => id),
    lockDue: ({ client }, rideId) => loadRide(client, { lft: 0, rgt: 2_147_483_647 }, null, rideId, 'FOR UPDATE OF s'),
    // A consent is one's own: nobody gives it for another, whatever his scope.
    reaches: ({ caller }, ride, side) =>
      side !== 'asker' || mineOf(caller, ride).some((requestId) => ride.state === 'JOINED' || openOf(ride).includes(requestId)),
    refusals: {
      notNow: { path: 'body.action', reason: 'share.not' },
      samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
    },
    effects: {
      agree: { before: requireFit },
      join: { before: requireFit, after: (act, ride) => join(act, ride, fit!, known!) },
      leave: {
        before: requireNotBegun,
        // Whoever leaves is out himself: where he was the first, the order goes on with the others.
        after: (act, ride) =>
          leave(
            act,
            ride,
            mineOf(act.caller, ride).includes(ride.requestId) ? ride.requestId : (mineOf(act.caller, ride)[0] ?? ride.requestId),
          ),
      },
      separate: { before: requireNotBegun, after: (act, ride) => leave(act, ride, ride.requestId) },
    },
    set: (_ride, _step, _kept, { nowMs }) => ({ since: new Date(nowMs) }),
    record: ({ requestId, firstId }, { action }) => ({
      action: 'ride.step',
      subject: { type: 'request', id: requestId },
      detail: { action, firstId },
    }),
    stateField: 'rideState',
  }
}
const plain = procedureWith()

async function requireNotBegun(_act: Act, ride: Loaded): Promise<undefined> {
  if (isBegun(ride)) throw refusal('CONFLICT', 'body.action', 'share.not')
  return undefined
}

const everywhere = { lft: 0, rgt: 2_147_483_647, cleared: [], unmasked: [] }

/** All have consented: it travels with them from now on. */
async function join(act: Act, ride: Loaded, { trip, plan }: { trip: Trip; plan: Plan }, { ways, listDrivers }: Known): Promise<void> {
  await endAsked(act, ride.requestId)
  await keepPlan(act.client, ride.firstId, plan, ways)
  if (!trip.order) return
  await holdFor(act, trip, trip.order, plan, listDrivers)
  await followOrder(act, ride.requestId, 'dispatch')
  await announce(act, 'ride.stops', { requestId: ride.firstId, orderId: trip.order.orderId, reason: '' })
}

/** The vehicle and its driver for as long as they are needed now. @throws Refusal CONFLICT with who has them then */
async function holdFor(act: Act, trip: Trip, order: TripOrder, plan: Plan, listDrivers: ListDrivers): Promise<void> {
  const { client } = act
  const given = { vehicleId: order.vehicleId, driverId: order.driverId, startsAtMs: plan.startsMs, endsAtMs: plan.endsMs }
  await requireGivable({ ...act, scope: everywhere }, listDrivers, given, {
    orderId: order.orderId,
    unitId: trip.unitId,
    passengers: plan.most,
    withDriver: true,
    urgent: false,
    equipment: await equipmentOf(
      client,
      plan.riders.map(({ requestId }) => requestId),
    ),
  })
  await release(client, `order:${order.orderId}`)
  await promise(client, given, order.orderId)
  await changeRow(
    client,
    { table: 'dispatch_orders', key: 'order_id', id: order.orderId },
    { starts_at: new Date(plan.startsMs), ends_at: new Date(plan.endsMs) },
  )
  await keepStep(act, { steps: 'dispatch_order_steps', key: 'order_id' }, order.orderId, { action: 'share', to: order.state, reason: '' })
  act.notes.add({ type: 'order', id: order.orderId }, { riders: trip.riders.length }, { riders: plan.riders.length })
}

type New = { firstId: number; requestId: number; plan: Plan; state: 'ASKED' | 'WISHED'; consents: number[] }
/** Writes down who is asked to travel with whom. @returns its number */
export async function insertRide(act: Act, { firstId, requestId, plan, state, consents }: New): Promise<number> {
  const { client, nowMs } = act
  const { rows: asked } = await client.query(
    `SELECT FROM trip_rides WHERE first_id = ANY($1) AND request_id = ANY($1) AND state IN ('WISHED', 'ASKED', 'JOINED')`,
    [[firstId, requestId]],
  )
  if (asked.length > 0) throw refusal('CONFLICT', 'body.requestId', 'share.asked')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO trip_rides (first_id, request_id, state, asked_at, answer_by, plan, since) VALUES ($1, $2, $3, $4, $5, $6, $4) RETURNING ride_id AS id`,
    [firstId, requestId, state, new Date(nowMs), answerBy(plan, nowMs), JSON.stringify(plan)],
  )
  const rideId = rows[0]!.id
  await keepStep(act, plain, rideId, { action: state === 'ASKED' ? 'ask' : 'wish', to: state, reason: '' }, { consents })
  const { savedKm } = plan
  act.record('ride.ask', { type: 'request', id: requestId }, { after: { firstId, rideState: state, savedKm } })
  return rideId
}

export async function proposeRide(act: Act, { firstId, requestId }: Sent<'proposeRide'>, known: Known): Promise<Ride> {
  const { client } = act
  // Out of reach is as good as absent.
  await lockTrip(client, firstId)
  for (const id of [firstId, requestId]) await requestProcedure.lock(act, id)
  if (firstId === requestId) throw refusal('VALIDATION_FAILED', 'body.requestId', 'share.self')
  const trip = await readTrip(client, firstId)
  const judged = fitOn(trip, await requireJoinable(client, requestId), known.ways, known.asked)
  if ('problem' in judged) throw await refusalFor(act, false, judged.problem)
  const rideId = await insertRide(act, { firstId, requestId, plan: planOf(judged.plan), state: 'ASKED', consents: [] })
  return answer(act, rideId)
}

export async function actOnRide(act: Act, rideId: number, body: Sent<'actOnRide'>, known: Known): Promise<Ride> {
  requireRight(rideLifecycle, body.action, act.caller)
  const action =
    body.action === 'agree'
      ? (ride: Loaded) => (openOf(ride).every((id) => mineOf(act.caller, ride).includes(id)) ? 'join' : 'agree')
      : body.action
  await takeStep(act, procedureWith(known), rideId, { ...body, action })
  return answer(act, rideId)
}

/** Was a consent refused because the trip has no room for it any more? */
export const hasNoRoom = (error: unknown): boolean =>
  error instanceof Refusal && error.code === 'CONFLICT' && ['share.seat', 'share.seats'].includes(error.issues?.[0]?.reason ?? '')

/** Ends what was asked, after a consent that found no room; it has changed nothing itself. */
export async function endRideWithoutRoom(act: Act, rideId: number): Promise<void> {
  const ride = await plain.lock(act, rideId)
  if (ride.state === 'ASKED') await takeFollowingStep(act, plain, ride, 'end')
}

/** Those who did not answer in time. */
export const settleDueRides = (deps: ActDeps): Promise<number> => writeDownDue(deps, plain)

/** The requests whose stops are on the trip of a ride: of these the ways are found. */
export async function idsOfRide(db: Queryable, rideId: number): Promise<number[]> {
  const { rows } = await db.query<{ ids: number[] }>(`SELECT ${partiesOf} AS ids FROM trip_rides s WHERE s.ride_id = $1`, [rideId])
  return rows[0]?.ids ?? []
}

const answer = async (act: Act, rideId: number): Promise<Ride> => {
  const { caller, scope, client, nowMs } = act
  const ride = await loadRide(client, scope, ownerFor(caller, 'request.view'), rideId)
  return (await tell(client, { caller, reach: scope }, [ride], nowMs))[0]!
}

/** What is told of a plan: whose requests the others are, to whoever has them in his scope. */
export async function tellPlan(
  db: Queryable,
  plan: Plan,
  { owner, reach, accountId }: { owner: number | null; reach: Pick<Sight, 'lft' | 'rgt'>; accountId: number },
  consents: readonly number[] = [],
): Promise<Pick<Ride, 'parties' | 'stops' | 'km' | 'savedKm' | 'savedFen'>> {
  const ids = plan.riders.map(({ requestId }) => requestId)
  const { rows } = await db.query<Omit<Party, 'lft'> & { lft: number }>(
    `SELECT q.request_id AS "requestId", o.organisation_id AS "unitId", o.name AS "unitName", o.lft, q.applicant_id AS "applicantId", a.display_name AS applicant
     FROM trip_requests q JOIN organisations o ON o.organisation_id = q.unit_id JOIN accounts a ON a.account_id = q.applicant_id WHERE q.request_id = ANY($1::int[])`,
    [ids],
  )
  const parties = new Map(rows.map((row) => [row.requestId, row]))
  const places = new Map((await listAsked(db, ids)).map((asked) => [asked.requestId, asked.places]))
  const passengers = new Map(plan.riders.map((rider) => [rider.requestId, rider.passengers]))
  const isMine = (requestId: number) => parties.get(requestId)?.applicantId === accountId
  return {
    parties: plan.riders.map((rider) => {
      const { unitId, unitName, lft, applicant } = parties.get(rider.requestId)!
      const mine = isMine(rider.requestId)
      const known = mine || (owner === null && lft >= reach.lft && lft <= reach.rgt)
      return {
        requestId: rider.requestId,
        mine,
        consented: consents.includes(rider.requestId),
        unit: known ? { organisationId: unitId, name: unitName } : null,
        applicant: known ? applicant : null,
        passengers: rider.passengers,
        directMin: rider.directMin,
        sharedMin: rider.sharedMin,
        directKm: rider.directKm,
        wantsAt: new Date(rider.wantsMs).toISOString(),
        pickUpAt: new Date(rider.pickUpMs).toISOString(),
        dropOffAt: new Date(rider.dropOffMs).toISOString(),
      }
    }),
    stops: plan.stops.map(({ requestId, n, kind, atMs, load }) => ({
      requestId,
      n,
      kind,
      place: places.get(requestId)![n]!,
      at: new Date(atMs).toISOString(),
      people: passengers.get(requestId)!,
      load,
      mine: isMine(requestId),
    })),
    km: plan.km,
    savedKm: plan.savedKm,
    savedFen: plan.savedFen,
  }
}

async function tell(db: Queryable, who: Who, rides: Loaded[], nowMs: number): Promise<Ride[]> {
  const owner = ownerFor(who.caller, 'request.view')
  const actions = await listPermitted(db, plain, who, rides, nowMs)
  return Promise.all(
    rides.map(async (ride, n): Promise<Ride> => {
      const { rideId, firstId, requestId, askedAt, answerBy: by, version, order, consents, plan } = ride
      const told = await tellPlan(db, plan, { owner, reach: who.reach, accountId: who.caller.accountId }, consents)
      const begun = isBegun(ride)
      return {
        ...told,
        rideId,
        firstId,
        requestId,
        state: stateAt(rideLifecycle, ride.state, ride.times!, nowMs),
        askedAt,
        answerBy: by,
        order: owner === null || ride.state === 'JOINED' ? order : null,
        mayAct: rideActions.filter(
          (action) => (actions[n] as RideAction[]).includes(action) && !(begun && (action === 'leave' || action === 'separate')),
        ),
        steps: owner === null ? ride.steps : [],
        version,
      }
    }),
  )
}

export async function listRides(
  db: Queryable,
  who: Who,
  query: z.output<Api['listRides']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listRides'>> {
  const { caller, reach } = who
  const values: unknown[] = [reach.lft, reach.rgt, ownerFor(caller, 'request.view')]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = [inReach]
  if (query.requestId) tests.push(`${$(query.requestId)}::int = ANY(${partiesOf})`)
  if (query.waiting === 'own')
    tests.push(`s.state = 'ASKED' AND s.answer_by > ${$(new Date(nowMs))} AND EXISTS (SELECT FROM trip_requests q WHERE q.request_id = ANY(${partiesOf})
      AND q.applicant_id = ${$(caller.accountId)} AND q.request_id <> ALL(${consentsOf}))`)
  const where = tests.join(' AND ')
  const { rows } = await db.query<Row & { total: number }>(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM trip_rides s WHERE ${where}) n LEFT JOIN
       (SELECT ${columns} FROM trip_rides s WHERE ${where} ORDER BY s.ride_id DESC LIMIT ${$(query.limit)} OFFSET ${$(query.offset)}) page ON true
     ORDER BY page."rideId" DESC`,
    values,
  )
  const found = rows.filter(({ rideId }) => rideId !== null).map(({ total: _total, ...row }) => loadedOf(row as Row))
  return { total: rows[0]!.total, rows: await tell(db, who, found, nowMs) }
}
