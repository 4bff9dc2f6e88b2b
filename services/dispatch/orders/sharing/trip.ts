// A shared trip as it changes: somebody is out of it, and the others go on. Whoever is out has no vehicle any more; whose request waits again says who calls.
import { dayAt } from '../../../domain/days.ts'
import { dispatchLawOn } from '../../../domain/dispatchLaw.ts'
import { judgeTrip, leaveTrip, type RideState, rideLifecycle } from '../../../domain/sharing.ts'
import type { Queryable } from '../../../platform/db.ts'
import type { Deed } from '../../kernel/act.ts'
import { announce } from '../../kernel/announce.ts'
import { changeRow } from '../../kernel/changeRow.ts'
import { keepStep, type Step } from '../../kernel/procedure.ts'
import { consentsOf, keepPlan, type Plan, partiesOf, readPlan, type Ways, wayIn } from './rows.ts'

/** Each of those concerned is told of his own request, so that nobody learns of the others by it. */
async function tellOfRide(deed: Deed, rideId: number, { action, reason }: Pick<Step, 'action' | 'reason'>): Promise<void> {
  const { rows } = await deed.client.query<{ firstId: number; requestId: number; parties: number[]; consents: number[] }>(
    `SELECT s.first_id AS "firstId", s.request_id AS "requestId", ${partiesOf} AS parties, ${consentsOf} AS consents FROM trip_rides s WHERE s.ride_id = $1`,
    [rideId],
  )
  const { firstId, requestId, parties, consents } = rows[0]!
  const each = async (kind: 'ride.ask' | 'ride.join' | 'ride.leave', ids: number[]) => {
    for (const id of ids) await announce(deed, kind, { requestId: id, reason })
  }
  const unasked = parties.filter((id) => !consents.includes(id))
  if (action === 'ask' || action === 'open') await each('ride.ask', unasked)
  if (action === 'join') await each('ride.join', parties)
  if (action === 'leave' || action === 'separate') await each('ride.leave', [...new Set([...parties, firstId, requestId])])
  if (action === 'refuse' || action === 'lapse') await announce(deed, `ride.${action}`, { requestId, reason })
}

export const RIDES = { table: 'trip_rides', key: 'ride_id', steps: 'trip_ride_steps', announce: tellOfRide } as const
const ORDERS = { table: 'dispatch_orders', key: 'order_id', steps: 'dispatch_order_steps' } as const
/** In these nobody has driven off. */
const NOT_BEGUN = `('DISPATCHED', 'ACCEPTED', 'RELEASED')`

type Row = { id: number; firstId: number; requestId: number; state: RideState }

async function lockRides(client: Queryable, requestId: number): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `SELECT ride_id AS id, first_id AS "firstId", request_id AS "requestId", state FROM trip_rides
     WHERE (first_id = $1 OR request_id = $1) AND state IN ('WISHED', 'ASKED', 'JOINED') ORDER BY since, ride_id FOR UPDATE`,
    [requestId],
  )
  return rows
}

async function endRide(deed: Deed, { id, state, requestId }: Row): Promise<void> {
  const { to } = rideLifecycle.end
  await changeRow(deed.client, { ...RIDES, id }, { state: to, since: new Date(deed.nowMs) })
  await keepStep(deed, RIDES, id, { action: 'end', to, reason: '' })
  deed.notes.add({ type: 'request', id: requestId }, { rideState: state }, { rideState: to })
}

/** What was asked of those on a trip that has begun, or is to be otherwise, is asked no more. */
export async function endAsked(deed: Deed, requestId: number): Promise<void> {
  for (const ride of await lockRides(deed.client, requestId)) if (ride.state !== 'JOINED') await endRide(deed, ride)
}

/**
 * Takes a request out of whatever it shares or is asked to share. The order, where there is one, goes on with the others: where it was the first one's,
 * it is the next one's from now on. `ended`: the ride that a step has ended already.
 * @returns whether it travelled with anybody
 */
export async function takeOut(deed: Deed, requestId: number, ended?: Pick<Row, 'id' | 'firstId' | 'requestId'>): Promise<boolean> {
  const rides = await lockRides(deed.client, requestId)
  const joined = [...(ended ? [{ ...ended, state: 'ENDED' as const }] : []), ...rides.filter(({ state }) => state === 'JOINED')]
  await endAsked(deed, requestId)
  if (joined.length === 0) return false
  const goesAlong = joined.find((ride) => ride.requestId === requestId)
  const firstId = goesAlong ? goesAlong.firstId : requestId
  const heir = goesAlong ?? joined[0]!
  if (heir.state === 'JOINED') await endRide(deed, heir as Row)
  if (!goesAlong) await makeFirst(deed, firstId, heir.requestId)
  await withoutOne(deed, goesAlong ? firstId : heir.requestId, requestId)
  return true
}

/** The order, the plan and those who go along are another request's from now on. */
export async function makeFirst(deed: Deed, firstId: number, nextId: number): Promise<void> {
  const { client } = deed
  await client.query(
    `UPDATE trip_rides SET first_id = $2, version = version + 1 WHERE first_id = $1 AND state = 'JOINED' AND request_id <> $2`,
    [firstId, nextId],
  )
  await client.query('DELETE FROM trip_plans WHERE first_id = $1', [nextId])
  await client.query('UPDATE trip_plans SET first_id = $2, version = version + 1 WHERE first_id = $1', [firstId, nextId])
  const { rows } = await client.query<{ id: number; state: string }>(
    `SELECT order_id AS id, state FROM dispatch_orders WHERE request_id = $1 AND state IN ${NOT_BEGUN} FOR UPDATE`,
    [firstId],
  )
  const order = rows[0]
  if (!order) return
  await changeRow(client, { ...ORDERS, id: order.id }, { request_id: nextId })
  await keepStep(deed, ORDERS, order.id, { action: 'handOn', to: order.state, reason: '' })
  deed.notes.add({ type: 'order', id: order.id }, { requestId: firstId }, { requestId: nextId })
}

/** The stops of the others, and when each of them is picked up now; the order is held for no longer than they need it. */
async function withoutOne(deed: Deed, firstId: number, requestId: number): Promise<void> {
  const { client } = deed
  const kept = await readPlan(client, firstId)
  if (!kept) return
  const riders = kept.plan.riders.filter((rider) => rider.requestId !== requestId)
  const stops = leaveTrip(kept.plan.stops, requestId)
  const judged = judgeTrip(riders, stops, wayIn(kept.ways), Number.POSITIVE_INFINITY)
  // Where nobody could have been picked up so alone, they are as they were told.
  const plan: Plan = {
    ...kept.plan,
    riders,
    stops: kept.plan.stops.filter((stop) => stop.requestId !== requestId),
    ...('plan' in judged ? judged.plan : {}),
  }
  if (riders.length > 1) await keepPlan(client, firstId, plan, waysOf(kept.ways, requestId))
  else await client.query('DELETE FROM trip_plans WHERE first_id = $1', [firstId])
  const { rows } = await client.query<{ id: number; state: string; from: Date; until: Date }>(
    `SELECT order_id AS id, state, starts_at AS "from", ends_at AS until FROM dispatch_orders WHERE request_id = $1 AND state IN ${NOT_BEGUN} FOR UPDATE`,
    [firstId],
  )
  const order = rows[0]
  if (!order) return
  const [from, until] = [Math.max(order.from.getTime(), plan.startsMs), Math.min(order.until.getTime(), plan.endsMs)].map(
    (ms) => new Date(ms),
  )
  if (from! < until!) {
    await changeRow(client, { ...ORDERS, id: order.id }, { starts_at: from, ends_at: until })
    await client.query(
      `UPDATE reservations SET during = tstzrange(lower(during) + $2::interval, upper(during) - $3::interval) WHERE holder = $1 AND begun_at IS NULL`,
      [`order:${order.id}`, `${from!.getTime() - order.from.getTime()} ms`, `${order.until.getTime() - until!.getTime()} ms`],
    )
  }
  await keepStep(deed, ORDERS, order.id, { action: 'unshare', to: order.state, reason: '' }, { requestId })
  deed.notes.add({ type: 'order', id: order.id }, { riders: riders.length + 1 }, { riders: riders.length })
  await announce(deed, 'ride.stops', { requestId: firstId, orderId: order.id, reason: '' })
}

const waysOf = (ways: Ways, requestId: number): Ways =>
  Object.fromEntries(Object.entries(ways).filter(([key]) => !key.split('>').some((stop) => stop.startsWith(`${requestId}.`))))

/** By when they answer: within the time of the law, and before the departure. */
export const answerBy = (plan: Plan, nowMs: number): Date =>
  new Date(Math.max(nowMs, Math.min(nowMs + dispatchLawOn(dayAt(nowMs)).shareAnswerMin * 60_000, plan.startsMs)))

/** The request that wishes it is approved: all who would travel together are asked. */
export async function openWish(deed: Deed, requestId: number): Promise<void> {
  const { client, nowMs } = deed
  for (const { id, state } of await lockRides(client, requestId)) {
    if (state !== 'WISHED') continue
    const { rows } = await client.query<{ plan: Plan }>('SELECT plan FROM trip_rides WHERE ride_id = $1', [id])
    const { to } = rideLifecycle.open
    await changeRow(client, { ...RIDES, id }, { state: to, since: new Date(nowMs), answer_by: answerBy(rows[0]!.plan, nowMs) })
    await keepStep(deed, RIDES, id, { action: 'open', to, reason: '' })
    deed.notes.add({ type: 'request', id: requestId }, { rideState: state }, { rideState: to })
  }
}
