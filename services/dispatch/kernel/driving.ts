// What orders take of drivers' time, whoever gave them and whatever unit they are for: as they were driven, or as they are planned.
import { addDays, DAY_MS, dayAt, dayStartMs } from '../../domain/days.ts'
import { mondayOf, type Span } from '../../domain/driverFitness.ts'
import type { Queryable } from '../../platform/db.ts'

/** No trip is longer. */
const LONGEST_MS = 62 * DAY_MS

/**
 * The orders of drivers in the weeks that a window touches, and the day before, by driver. `orderId`: an order that is left out but for its
 * parts that are over: its time is given up for another.
 */
export async function listDriving(
  db: Queryable,
  driverIds: readonly number[],
  { fromMs, untilMs }: Span,
  orderId: number | null,
): Promise<Map<number, Span[]>> {
  const since = dayStartMs(addDays(mondayOf(dayAt(fromMs)), -1))
  const until = dayStartMs(addDays(mondayOf(dayAt(untilMs - 1)), 7))
  const { rows } = await db.query<{ id: number; fromMs: number; untilMs: number }>(
    `SELECT driver_id AS id, (extract(epoch FROM from_at) * 1000)::float8 AS "fromMs", (extract(epoch FROM until_at) * 1000)::float8 AS "untilMs"
     FROM (SELECT driver_id, coalesce(leg_since, departed_at, starts_at) AS from_at, coalesce(returned_at, greatest(ends_at, departed_at)) AS until_at
       FROM dispatch_orders WHERE driver_id = ANY($1::int[]) AND starts_at > $4 AND starts_at < $3 AND order_id IS DISTINCT FROM $5
         AND (state NOT IN ('DECLINED', 'VOIDED', 'RELEASED', 'EXPIRED') OR departed_at IS NOT NULL)
       UNION ALL SELECT driver_id, from_at, until_at FROM order_legs WHERE driver_id = ANY($1::int[]) AND from_at > $4 AND from_at < $3) d
     WHERE until_at > $2 AND from_at < $3 AND until_at > from_at`,
    [`{${driverIds.join()}}`, new Date(since), new Date(until), new Date(since - LONGEST_MS), orderId],
  )
  const driving = new Map<number, Span[]>()
  for (const { id, ...span } of rows) driving.set(id, [...(driving.get(id) ?? []), span])
  return driving
}
