// Does one more fit on a trip? As it stands in the database, which whoever writes holds locked: seats, everybody's ride, and the vehicle's time.
import { type RefusalReason, refusal } from '../../../contracts/refusals.ts'
import { fenOfKm } from '../../../domain/greenTravel.ts'
import { permits } from '../../../domain/lifecycle.ts'
import { type OrderState, orderLifecycle } from '../../../domain/orders.ts'
import {
  type Judged,
  joinTrip,
  type Rider,
  type SharedPlan,
  type SharingProblem,
  type Stop,
  savedKmOf,
  stopsOf,
} from '../../../domain/sharing.ts'
import type { Queryable } from '../../../platform/db.ts'
import type { Act } from '../../kernel/act.ts'
import { openVehicles } from '../../kernel/sight.ts'
import { isNeighbour, tierSql } from '../tiers.ts'
import { type Asked, listAsked, type Plan, readPlan, riderOf, type Ways, wayIn } from './rows.ts'

/** The ways that are known are of another trip than it has become: whoever asks finds them anew. */
export class StaleWays extends Error {}

export type TripOrder = { orderId: number; state: OrderState; vehicleId: number; driverId: number; startsAtMs: number; endsAtMs: number }
/** `seats`: for passengers. `order`: null while it waits for a vehicle. */
/** `savedKm`: what those who are on it save already. */
export type Trip = {
  firstId: number
  unitId: number
  riders: Rider[]
  stops: Stop[]
  seats: number
  savedKm: number
  order: TripOrder | null
}

type Standing = { id: number; unitId: number; shareable: boolean; along: boolean; leads: boolean }
/** Of these requests: are they of the kind that is shared and wait, go along with another, or lead others? */
async function standingOf(db: Queryable, ids: readonly number[]): Promise<Map<number, Standing & { state: string }>> {
  const { rows } = await db.query<Standing & { state: string }>(
    `SELECT r.request_id AS id, r.unit_id AS "unitId", r.state, r.kind = 'pool' AND r.with_driver AS shareable,
       EXISTS (SELECT FROM trip_rides s WHERE s.request_id = r.request_id AND s.state = 'JOINED') AS along,
       EXISTS (SELECT FROM trip_rides s WHERE s.first_id = r.request_id AND s.state = 'JOINED') AS leads
     FROM trip_requests r WHERE r.request_id = ANY($1::int[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Nobody's vehicle has more. */
const MOST_SEATS = 60
/** Of those that the unit could be given, the largest: until one is given. */
async function mostSeats(db: Queryable, unitId: number): Promise<number> {
  const { rows } = await db.query<{ seats: number | null }>(
    `SELECT max(v.seats) AS seats FROM ${openVehicles('$2')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
       JOIN organisations q ON q.organisation_id = $1 WHERE v.state = 'AVAILABLE' AND (${tierSql('o', 'q')}) < 3`,
    [unitId, []],
  )
  return (rows[0]!.seats ?? MOST_SEATS) - 1
}

/**
 * The trip of a request as others may join it. A sensitive vehicle is none, whoever asks.
 * @throws Refusal CONFLICT where nobody can
 */
export async function readTrip(db: Queryable, firstId: number, path = 'body.firstId'): Promise<Trip> {
  const refuse = (reason: RefusalReason) => refusal('CONFLICT', path, reason)
  const first = (await standingOf(db, [firstId])).get(firstId)
  if (!first?.shareable) throw refuse('share.first')
  if (first.along) throw refuse('share.taken')
  const { rows } = await db.query<{
    orderId: number
    state: OrderState
    vehicleId: number | null
    driverId: number | null
    from: Date
    until: Date
    seats: number | null
  }>(
    `SELECT d.order_id AS "orderId", d.state, v.vehicle_id AS "vehicleId", d.driver_id AS "driverId", d.starts_at AS "from", d.ends_at AS until, v.seats
     FROM dispatch_orders d LEFT JOIN ${openVehicles('$2')} v ON v.vehicle_id = d.vehicle_id AND NOT v.secrecy
     WHERE d.request_id = $1 AND d.state NOT IN ('DECLINED', 'VOIDED')`,
    [firstId, []],
  )
  const given = rows[0]
  if (given ? !permits(orderLifecycle, 'void', given.state) || given.state === 'RELEASED' : first.state !== 'APPROVED')
    throw refuse('share.first')
  if (given && (given.vehicleId === null || given.driverId === null)) throw refuse('share.first')
  const kept = await readPlan(db, firstId)
  const order = given && {
    orderId: given.orderId,
    state: given.state,
    vehicleId: given.vehicleId!,
    driverId: given.driverId!,
    startsAtMs: given.from.getTime(),
    endsAtMs: given.until.getTime(),
  }
  const [asked] = await listAsked(db, [firstId])
  const alone = { ...riderOf(asked!), ...(order ? { wantsMs: order.startsAtMs, endsMs: order.endsAtMs } : {}) }
  return {
    firstId,
    unitId: first.unitId,
    riders: kept ? kept.plan.riders : [alone],
    stops: kept ? kept.plan.stops : stopsOf(alone),
    seats: given?.seats ? given.seats - 1 : await mostSeats(db, first.unitId),
    savedKm: kept?.plan.savedKm ?? 0,
    order: order ?? null,
  }
}

/** @throws Refusal CONFLICT for a request that cannot go along with any */
export async function requireJoinable(db: Queryable, requestId: number, states: readonly string[] = ['APPROVED']): Promise<Rider> {
  const joining = (await standingOf(db, [requestId])).get(requestId)
  if (joining?.along || joining?.leads) throw refusal('CONFLICT', 'body.requestId', 'share.taken')
  if (!joining?.shareable || !states.includes(joining.state)) throw refusal('CONFLICT', 'body.requestId', 'share.waiting')
  return riderOf((await listAsked(db, [requestId]))[0]!)
}

/** How the trip would be with one more. @throws StaleWays where stops are on it of which no ways were asked for */
export function fitOn(trip: Trip, rider: Rider, ways: Ways, asked: ReadonlySet<number>): Judged {
  if ([...trip.riders, rider].some(({ requestId }) => !asked.has(requestId))) throw new StaleWays()
  return joinTrip(trip.riders, trip.stops, rider, wayIn(ways), trip.seats)
}

export function planOf(plan: SharedPlan): Plan {
  const savedKm = savedKmOf(plan)
  return { ...plan, savedKm, savedFen: fenOfKm(savedKm, plan.startsMs) }
}

/** Whose limit breaks is named to whoever may know him. */
export async function refusalFor(
  { client, caller, scope }: Pick<Act, 'client' | 'caller' | 'scope'>,
  self: boolean,
  problem: SharingProblem,
) {
  if (problem.reason === 'share.way' || problem.reason === 'share.detour')
    return refusal('CONFLICT', 'body.requestId', problem.reason, problem.values)
  if (problem.reason === 'share.seats')
    return refusal('CONFLICT', 'body.requestId', problem.values.left === 1 ? 'share.seat' : 'share.seats', problem.values)
  const { rows } = await client.query<{ name: string; applicantId: number; lft: number }>(
    `SELECT a.display_name AS name, r.applicant_id AS "applicantId", o.lft FROM trip_requests r JOIN accounts a ON a.account_id = r.applicant_id
       JOIN organisations o ON o.organisation_id = r.unit_id WHERE r.request_id = $1`,
    [problem.requestId],
  )
  const { name, applicantId, lft } = rows[0]!
  const known = applicantId === caller.accountId || (!self && lft >= scope.lft && lft <= scope.rgt)
  return refusal('CONFLICT', 'body.requestId', problem.reason, {
    ...problem.values,
    rider: known ? name : '',
    requestId: problem.requestId,
  })
}

/** Requests whose departure is so far from another's are not looked at. */
const NEAR_MS = 90 * 60_000
const LOOKED_AT = 60

type Near = Asked & { state: string; to: string; unit: { organisationId: number; name: string }; orderId: number | null; leads: boolean }
/** SQL over the unit `o`: within a scope (`$1`…`$2`); or the unit `$1` itself and its neighbours. */
export const inScope = 'o.lft BETWEEN $1 AND $2'
export const besides = `EXISTS (SELECT FROM organisations b LEFT JOIN organisations g ON g.kind = 'league' AND b.lft BETWEEN g.lft AND g.rgt
  WHERE b.organisation_id = $1 AND $2::int IS NULL AND (b.organisation_id = o.organisation_id OR ${isNeighbour('o', 'b', 'g')}))`

/** Requests that may travel together with one that leaves at this time, waiting or on an order that has not begun. A sensitive vehicle's are none. */
export async function listNear(
  db: Queryable,
  within: { sql: string; values: readonly [number, number | null] },
  { startsAtMs, not, orders }: { startsAtMs: number; not: number; orders: 'only' | 'any' | 'none' },
): Promise<Near[]> {
  type Row = { id: number; state: string; to: string; unitId: number; unitName: string; orderId: number | null; leads: boolean }
  const { rows } = await db.query<Row>(
    `SELECT r.request_id AS id, r.state, r.to_stop->>'name' AS "to", o.organisation_id AS "unitId", o.name AS "unitName", d.order_id AS "orderId",
       EXISTS (SELECT FROM trip_rides s WHERE s.first_id = r.request_id AND s.state = 'JOINED') AS leads
     FROM trip_requests r JOIN organisations o ON o.organisation_id = r.unit_id
       LEFT JOIN dispatch_orders d ON d.request_id = r.request_id AND d.state IN ('DISPATCHED', 'ACCEPTED') AND d.driver_id IS NOT NULL
         AND EXISTS (SELECT FROM ${openVehicles('$8')} v WHERE v.vehicle_id = d.vehicle_id AND NOT v.secrecy)
     WHERE ${within.sql} AND r.starts_at BETWEEN $3 AND $4 AND r.request_id <> $5 AND r.kind = 'pool' AND r.with_driver
       AND r.state = ANY($6) AND (r.state = 'APPROVED' OR d.order_id IS NOT NULL)
       AND r.from_stop->>'lon' IS NOT NULL AND r.to_stop->>'lon' IS NOT NULL
       AND NOT EXISTS (SELECT FROM trip_rides s WHERE s.request_id = r.request_id AND s.state = 'JOINED')
     ORDER BY abs(extract(epoch FROM r.starts_at - $7::timestamptz)), r.request_id LIMIT ${LOOKED_AT}`,
    [
      ...within.values,
      new Date(startsAtMs - NEAR_MS),
      new Date(startsAtMs + NEAR_MS),
      not,
      { any: ['APPROVED', 'DISPATCHED'], only: ['DISPATCHED'], none: ['APPROVED'] }[orders],
      new Date(startsAtMs),
      [],
    ],
  )
  const asked = await listAsked(
    db,
    rows.map(({ id }) => id),
  )
  return asked.map((each, n) => {
    const { state, to, unitId, unitName, orderId, leads } = rows[n]!
    return { ...each, state, to, unit: { organisationId: unitId, name: unitName }, orderId, leads }
  })
}
