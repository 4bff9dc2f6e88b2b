// What vehicles did while they were somewhere: were they on a trip, and under which orders.
import { orderNumber } from '../../domain/orders.ts'
import type { Queryable } from '../../platform/db.ts'

export type Stay = { vehicleId: number; fromMs: number; untilMs: number }
export type Doing = { trip: boolean; orders: { orderId: number; number: string }[] }

const AT_ONCE = 1_000

/** Of each stay, in their order. */
export async function readDoings(db: Queryable, stays: readonly Stay[]): Promise<Doing[]> {
  const found: Doing[] = []
  for (let at = 0; at < stays.length; at += AT_ONCE) {
    const some = stays.slice(at, at + AT_ONCE)
    const { rows } = await db.query<{ trip: boolean; orders: { id: number; year: number; number: number }[] | null }>(
      `SELECT EXISTS (SELECT FROM trips t WHERE t.vehicle_id = s.vehicle_id AND t.started_at <= s.until AND t.ended_at >= s.from) AS trip,
         (SELECT json_agg(json_build_object('id', d.order_id, 'year', d.year, 'number', d.number) ORDER BY d.order_id) FROM dispatch_orders d
          WHERE d.number IS NOT NULL AND d.state NOT IN ('DECLINED', 'VOIDED') AND EXISTS (SELECT FROM order_parts p
            WHERE p.order_id = d.order_id AND p.vehicle_id = s.vehicle_id AND p.from_at <= s.until AND (p.until_at IS NULL OR p.until_at >= s.from))
          AND (d.vehicle_id = s.vehicle_id OR EXISTS (SELECT FROM order_legs l WHERE l.order_id = d.order_id AND l.vehicle_id = s.vehicle_id))) AS orders
       FROM unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS s (vehicle_id, "from", until, n) ORDER BY n`,
      [some.map(({ vehicleId }) => vehicleId), some.map(({ fromMs }) => new Date(fromMs)), some.map(({ untilMs }) => new Date(untilMs))],
    )
    for (const { trip, orders } of rows)
      found.push({ trip, orders: (orders ?? []).map(({ id, year, number }) => ({ orderId: id, number: orderNumber(year, number) })) })
  }
  return found
}
