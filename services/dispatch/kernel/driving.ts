// What orders take of drivers' time, whoever gave them and whatever unit they are for: as they were driven, or as they are planned.
import { addDays, DAY_MS, dayAt, dayStartMs } from '../../domain/days.ts'
import { mondayOf, type Span } from '../../domain/driverFitness.ts'
import type { Queryable } from '../../platform/db.ts'
import { among, listOf } from './among.ts'
import { NEAR_DAYS } from './availability.ts'

/** No trip is longer. */
const LONGEST_MS = 62 * DAY_MS

/** `ordersNear`: how many orders he has in the week before and after. */
export type Driving = { spans: Span[]; ordersNear: number }

/**
 * The orders of drivers in the weeks that a window touches, and the day before, by driver; who has none is not among them. `orderId`: an order that takes no time but for
 * its parts that are over: its time is given up for another.
 */
export async function listDriving(
  db: Queryable,
  driverIds: readonly number[],
  { fromMs, untilMs }: Span,
  orderId: number | null,
): Promise<Map<number, Driving>> {
  const since = dayStartMs(addDays(mondayOf(dayAt(fromMs)), -1))
  const until = dayStartMs(addDays(mondayOf(dayAt(untilMs - 1)), 7))
  const near = NEAR_DAYS * DAY_MS
  // Driver by driver, by their index: what is read grows with them, not with all that was ever ordered.
  const { rows } = await db.query<{ id: number; fromMs: number; untilMs: number; takes: boolean; near: boolean }>(
    `SELECT id, (extract(epoch FROM from_at) * 1000)::float8 AS "fromMs", (extract(epoch FROM until_at) * 1000)::float8 AS "untilMs", takes, near
     FROM (SELECT k.id, d.from_at, d.until_at, d.near, d.counts AND d.until_at > $2 AND d.from_at < $3 AND d.until_at > d.from_at AS takes
       FROM unnest($1::int[]) AS k (id) CROSS JOIN LATERAL (
         SELECT coalesce(leg_since, departed_at, starts_at) AS from_at, coalesce(returned_at, greatest(ends_at, departed_at)) AS until_at,
           state NOT IN ('DECLINED', 'VOIDED', 'EXPIRED') AND starts_at BETWEEN $6 AND $7 AS near,
           order_id IS DISTINCT FROM $5 AND starts_at < $3 AND (state NOT IN ('DECLINED', 'VOIDED', 'RELEASED', 'EXPIRED') OR departed_at IS NOT NULL) AS counts
         FROM dispatch_orders WHERE driver_id = k.id AND starts_at > $4 AND starts_at <= greatest($3, $7) OFFSET 0) d
       UNION ALL SELECT driver_id, from_at, until_at, false, true FROM order_legs
         WHERE ${among('driver_id', '$1')} AND from_at > $4 AND from_at < $3 AND until_at > $2 AND until_at > from_at) d
     WHERE takes OR near`,
    [
      listOf(driverIds),
      new Date(since),
      new Date(until),
      new Date(Math.min(since - LONGEST_MS, fromMs - near)),
      orderId,
      new Date(fromMs - near),
      new Date(fromMs + near),
    ],
  )
  const driving = new Map<number, Driving>()
  for (const row of rows) {
    const of = driving.get(row.id) ?? { spans: [], ordersNear: 0 }
    driving.set(row.id, of)
    if (row.takes) of.spans.push({ fromMs: row.fromMs, untilMs: row.untilMs })
    if (row.near) of.ordersNear++
  }
  return driving
}
