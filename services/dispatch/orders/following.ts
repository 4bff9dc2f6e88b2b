// Following the vehicle of one's own trip (跟车): whoever asked for it or is named as travelling sees this vehicle and no other, while the trip is at hand and
// nothing of before (domain/following.ts). That somebody begins to look is on record before anything is read.
import type { z } from 'zod'
import type { FollowedVehicle } from '../../contracts/api/travel.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { dispatchLawOn } from '../../domain/dispatchLaw.ts'
import { followedFrom } from '../../domain/following.ts'
import { stateAt } from '../../domain/lifecycle.ts'
import { orderLifecycle } from '../../domain/orders.ts'
import { statusOf } from '../../domain/status.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { TravelTimes } from '../../platform/routing/port.ts'
import { actorOf, type Caller, type Who } from '../kernel/caller.ts'
import { recordAudit } from '../kernel/record.ts'
import type { OrdersDeps } from './drivers.ts'
import { columns, joins, loadOrder, type Order, rowOf } from './orderRows.ts'

/** Whoever has not asked for so long begins anew. */
const PAUSE_MS = 2 * 60_000
const MOST_KEPT = 20_000

/** Who is looking now: by session and order, when he asked last. Forgotten, he is recorded again, which does no harm. */
export class Followings {
  readonly #last = new Map<string, number>()

  /** Resolves when this look is on record, if it begins. */
  async begin({ session }: Caller, orderId: number, nowMs: number, record: () => Promise<unknown>): Promise<void> {
    const key = `${session.sessionId} ${orderId}`
    const last = this.#last.get(key)
    if (last === undefined || nowMs - last > PAUSE_MS || nowMs < last) await record()
    if (this.#last.size >= MOST_KEPT) this.#last.clear()
    this.#last.set(key, nowMs)
  }
}

export const travelsWith = (caller: Caller, { applicant, travellerIds }: Pick<Order, 'applicant' | 'travellerIds'>): boolean =>
  applicant.accountId === caller.accountId || travellerIds.includes(caller.accountId)

type Driven = Pick<Order, 'state' | 'times' | 'startsAt' | 'departedAt' | 'legSince' | 'steps'>
/** From when on the vehicle of an order may be followed; null: it may not. */
function sinceOf({ state: stored, times, startsAt, departedAt, legSince, steps }: Driven, nowMs: number): number | null {
  // What let go of its vehicle by the clock has none, whether or not that is written down.
  const state = stateAt(orderLifecycle, stored, times!, nowMs)
  const accepted = steps.findLast(
    ({ action, state: led }) => led === 'ACCEPTED' && (action === 'accept' || action === 'dispatch' || action === 'move'),
  )
  return followedFrom({
    state,
    startsAtMs: Date.parse(startsAt),
    acceptedAtMs: accepted ? Date.parse(accepted.at) : null,
    departedAtMs: departedAt === null ? null : Date.parse(departedAt),
    swappedAtMs: legSince === null ? null : Date.parse(legSince),
  })
}
export const isAtHand = (order: Driven, nowMs: number): boolean => {
  const since = sinceOf(order, nowMs)
  return since !== null && since <= nowMs
}

const everywhere = { lft: 0, rgt: 2_147_483_647 }
/** Whoever is named travels with an order that is not of his reach. A sensitive vehicle he sees as anywhere: named for it, or not at all. */
const loadTravelled = async (db: Queryable, { caller, reach }: Who, orderId: number, nowMs: number): Promise<Order> => {
  const order = await loadOrder(db, { ...reach, ...everywhere }, null, orderId, nowMs)
  if (!travelsWith(caller, order)) throw new Refusal('NOT_FOUND')
  return order
}

/**
 * Where the vehicle of one's own trip is now.
 * @throws Refusal NOT_FOUND for an order that one does not travel with, or whose vehicle one may not see; CONFLICT before and after the trip
 */
export async function followVehicle(
  { db, clock, travelTimes }: OrdersDeps,
  followings: Followings,
  who: Who,
  orderId: number,
): Promise<FollowedVehicle> {
  const nowMs = clock.nowMs()
  const order = await loadTravelled(db, who, orderId, nowMs)
  if (!order.vehicle) throw new Refusal('NOT_FOUND')
  const since = sinceOf(order, nowMs)
  if (since === null || since > nowMs) {
    const { followBeforeMin } = dispatchLawOn(dayAt(nowMs))
    throw refusal('CONFLICT', 'params.orderId', 'follow.not', { orderState: order.state, minutes: followBeforeMin })
  }
  const { vehicleId } = order.vehicle
  await followings.begin(who.caller, orderId, nowMs, () =>
    recordAudit(db, {
      atMs: nowMs,
      actor: actorOf(who.caller),
      action: 'order.follow',
      subject: { type: 'order', id: orderId },
      detail: { number: order.number, vehicleId },
    }),
  )
  const position = await lastSince(db, vehicleId, since, nowMs)
  return {
    orderId,
    number: order.number,
    state: order.state,
    vehicle: order.vehicle,
    driver: order.driver?.name ?? null,
    from: order.from,
    to: order.to,
    via: order.via,
    startsAt: order.startsAt,
    endsAt: order.endsAt,
    position,
    since: new Date(since).toISOString(),
    eta: position && (await etaOf(travelTimes, order, position, nowMs)),
  }
}

async function lastSince(db: Database, vehicleId: number, sinceMs: number, nowMs: number): Promise<FollowedVehicle['position']> {
  const { rows } = await db.query<{ ts: Date; lon: number; lat: number; speed: number | null; heading: number | null; flags: number }>(
    `SELECT ts, lon_e7 / 1e7::float8 AS lon, lat_e7 / 1e7::float8 AS lat, speed_dkph AS speed, heading_deg AS heading, flags
     FROM last_states WHERE vehicle_id = $1 AND ts >= $2`,
    [vehicleId, new Date(sinceMs)],
  )
  const row = rows[0]
  if (!row) return null
  return {
    lon: row.lon,
    lat: row.lat,
    at: row.ts.toISOString(),
    speedKph: row.speed === null ? null : row.speed / 10,
    headingDeg: row.heading,
    status: statusOf(row.flags, row.speed, Math.max(0, nowMs - row.ts.getTime()) / 1000),
  }
}

/** To whoever is fetched until he is on board, then to the destination; when it has been there, nowhere. */
async function etaOf(
  travelTimes: TravelTimes,
  order: Order,
  position: { lon: number; lat: number },
  nowMs: number,
): Promise<FollowedVehicle['eta']> {
  const reached = new Set(order.steps.map(({ action }) => action))
  const stop = order.state === 'ON_BOARD' ? 'to' : 'from'
  const { lon, lat } = order[stop]
  if (lon === null || lat === null || reached.has(stop === 'to' ? 'arrive' : 'reach')) return null
  // Who was on board when it was swapped stands somewhere on the way.
  if (stop === 'from' && reached.has('board')) return null
  const { leg, by } = await travelTimes.route(
    [
      [position.lon, position.lat],
      [lon, lat],
    ],
    nowMs,
  )
  if ('none' in leg) return null
  return { stop, at: new Date(nowMs + leg.minutes * 60_000).toISOString(), minutes: Math.round(leg.minutes), km: leg.km, by }
}

/** What one travels with and is not over, the next departure first. */
export async function listFollowed(
  db: Queryable,
  { caller, reach }: Who,
  { most }: z.output<Api['listFollowed']['query']>,
  nowMs: number,
): Promise<AnswerOf<'listFollowed'>> {
  const { rows } = await db.query(
    `SELECT ${columns} FROM ${joins} WHERE (r.applicant_id = $1 OR r.traveller_ids @> ARRAY[$1::int]) AND d.ends_at > $2::timestamptz - interval '1 day'
       AND $3::int IS NOT NULL AND d.state IN ('DISPATCHED', 'ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'HANDED_OVER') ORDER BY d.starts_at, d.order_id LIMIT $5`,
    [caller.accountId, new Date(nowMs), 0, reach.cleared, most],
  )
  const orders: Order[] = []
  for (const { order_id } of rows) orders.push(await loadOrder(db, { ...reach, ...everywhere }, null, order_id as number, nowMs))
  return {
    rows: rows.map((row, n) => {
      const { orderId, number, state, unit, applicant, vehicle, driver, from, to, startsAt, endsAt } = rowOf(row, nowMs)
      const since = vehicle && sinceOf(orders[n]!, nowMs)
      return {
        orderId,
        number,
        state,
        unit,
        applicant,
        own: applicant.accountId === caller.accountId,
        vehicle,
        driver: driver?.name ?? null,
        from,
        to,
        startsAt,
        endsAt,
        mayFollow: since !== null && since <= nowMs,
        followFrom: since === null ? null : new Date(since).toISOString(),
      }
    }),
  }
}
