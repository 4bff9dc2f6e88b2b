// An order of which vehicle or driver were swapped on the way: its parts, each with who drove what from when to when and readings of its own. Those
// that are over are rows; the one that goes on is the order itself.
import type { OrderDetail } from '../../contracts/api/orders.ts'
import { refusal } from '../../contracts/refusals.ts'
import { findReadingProblem, type Reading } from '../../domain/orders.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Order } from './orderRows.ts'

type Leg = OrderDetail['legs'][number]

/** All parts, the one that goes on last; none of an order that was driven as it was given. */
export async function tellLegs(db: Queryable, order: Order): Promise<Leg[]> {
  const { formerLegs, vehicle, driver, legSince, returnedAt, odometerOutKm, odometerBackKm } = order
  if (formerLegs.length === 0) return []
  const { rows } = await db.query<{ metres: number | null }>(
    `SELECT distance_m - (SELECT coalesce(sum(track_m), 0) FROM order_legs g WHERE g.order_id = t.order_id)::int AS metres
     FROM order_tracks t WHERE order_id = $1`,
    [order.orderId],
  )
  const metres = rows[0]?.metres ?? null
  return [
    ...formerLegs.map(({ leg, vehicle, driver, from, until, odometerOutKm, odometerBackKm, trackKm }) => ({
      leg,
      vehicle,
      driver,
      from,
      until,
      odometerOutKm,
      odometerBackKm,
      trackKm,
    })),
    {
      leg: formerLegs.length + 1,
      vehicle,
      driver,
      from: legSince!,
      until: returnedAt,
      odometerOutKm,
      odometerBackKm,
      trackKm: vehicle === null || metres === null ? null : Math.round(metres / 100) / 10,
    },
  ]
}

/** A reading in metres, when it can be true after an earlier one. @throws Refusal VALIDATION_FAILED */
export function readingAfter(earlier: Reading | null, { km, atMs, sure, path }: Reading & { sure: boolean; path: string }): number {
  const problem = earlier && findReadingProblem(earlier, { km, atMs })
  if (problem && !(problem.reason === 'odometer.far' && sure)) throw refusal('VALIDATION_FAILED', path, problem.reason, problem.values)
  return Math.round(km * 1000)
}

/** What was driven until a swap becomes a part that is over. @throws Refusal VALIDATION_FAILED without a reading that can be true */
export async function endLeg(
  { client }: Act,
  order: Order,
  { atMs, since, km, sure }: { atMs: number; since: string; km: number | undefined; sure: boolean },
): Promise<void> {
  if (km === undefined) throw refusal('VALIDATION_FAILED', 'body.odometerKm', 'flow.data', { field: 'odometerKm' })
  const outKm = order.odometerOutKm!
  const back = readingAfter({ km: outKm, atMs: Date.parse(since) }, { km, atMs, sure, path: 'body.odometerKm' })
  await client.query(
    `INSERT INTO order_legs (order_id, leg, vehicle_id, driver_id, keeper_id, body_type, from_at, until_at, odometer_out_m, odometer_back_m)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      order.orderId,
      order.formerLegs.length + 1,
      order.heldVehicleId,
      order.driverId,
      order.keeperId,
      order.bodyType,
      since,
      new Date(atMs),
      Math.round(outKm * 1000),
      back,
    ],
  )
}

/** What it was driven by the odometers of all its vehicles, in metres; null while the last is not back. */
export const drivenByOdometer = ({ formerLegs, odometerOutKm, odometerBackKm }: Order): number | null =>
  odometerOutKm === null || odometerBackKm === null
    ? null
    : formerLegs.reduce((sum, leg) => sum + Math.round((leg.odometerBackKm - leg.odometerOutKm) * 1000), 0) +
      Math.round((odometerBackKm - odometerOutKm) * 1000)
