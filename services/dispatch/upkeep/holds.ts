// A vehicle at the workshop is promised to nobody: a row of its calendar (reservations), from when until when the work order says.
import { refusal } from '../../contracts/refusals.ts'
import type { Span } from '../../domain/driverFitness.ts'
import { orderNumber } from '../../domain/orders.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Deed } from '../kernel/act.ts'

type Held = {
  reason: string
  from: Date
  until: Date | null
  workOrderId: number | null
  begun: boolean
  year: number | null
  number: number | null
}

/** What holds it in the span but the work order itself. Upkeep that follows from the state of its file is no other: that is lifted by whoever set it. */
async function findHold(
  client: Queryable,
  vehicleId: number,
  { fromMs, untilMs }: Span,
  workOrderId: number | null,
): Promise<Held | undefined> {
  const { rows } = await client.query<Held>(
    `SELECT r.reason, lower(r.during) AS "from", upper(r.during) AS until, r.work_order_id AS "workOrderId", r.begun_at IS NOT NULL AS begun, d.year, d.number
     FROM reservations r LEFT JOIN dispatch_orders d ON r.holder = 'order:' || d.order_id
     WHERE r.vehicle_id = $1 AND r.during && tstzrange($2, $3) AND ($4::int IS NULL OR r.work_order_id IS DISTINCT FROM $4)
       AND NOT (r.reason = 'maintenance' AND r.work_order_id IS NULL) ORDER BY lower(r.during) LIMIT 1`,
    [vehicleId, new Date(fromMs), new Date(untilMs), workOrderId],
  )
  return rows[0]
}

/** @throws Refusal CONFLICT saying which order, work order or seal holds it, and when */
export async function requireFree(
  client: Queryable,
  vehicleId: number,
  span: Span,
  workOrderId: number | null,
  path: string,
): Promise<void> {
  const held = await findHold(client, vehicleId, span, workOrderId)
  if (!held) return
  const values = { heldFrom: held.from.toISOString(), heldUntil: held.until?.toISOString() ?? '' }
  if (held.workOrderId !== null) throw refusal('CONFLICT', path, 'work.twice', { ...values, n: held.workOrderId })
  if (held.reason === 'seal') throw refusal('CONFLICT', path, held.until === null ? 'work.sealed' : 'work.sealedUntil', values)
  if (held.year === null) throw refusal('CONFLICT', path, 'vehicle.promised')
  throw refusal('CONFLICT', path, 'work.order', { ...values, order: orderNumber(held.year, held.number!) })
}

/** @throws Refusal CONFLICT for one that is out on an order */
export async function requireNotOut(client: Queryable, vehicleId: number, path: string): Promise<void> {
  const { rows } = await client.query<{ year: number | null; number: number | null }>(
    `SELECT d.year, d.number FROM reservations r LEFT JOIN dispatch_orders d ON r.holder = 'order:' || d.order_id
     WHERE r.vehicle_id = $1 AND r.begun_at IS NOT NULL AND r.ended_at IS NULL LIMIT 1`,
    [vehicleId],
  )
  if (rows[0])
    throw refusal('CONFLICT', path, 'work.onRoad', { order: rows[0].year === null ? '' : orderNumber(rows[0].year, rows[0].number!) })
}

/** Holds it for the span, and for none that was said before. @throws Refusal CONFLICT as `requireFree` */
export async function hold(client: Queryable, vehicleId: number, span: Span, workOrderId: number, path: string): Promise<void> {
  await requireFree(client, vehicleId, span, workOrderId, path)
  // Held without an end by the state of its file it is held already.
  await client.query(
    `INSERT INTO reservations (vehicle_id, during, reason, work_order_id) SELECT $1, tstzrange($2, $3), 'maintenance', $4
     WHERE NOT EXISTS (SELECT FROM reservations r WHERE r.vehicle_id = $1 AND r.reason = 'maintenance' AND r.work_order_id IS NULL AND r.during && tstzrange($2, $3))
     ON CONFLICT (work_order_id) DO UPDATE SET during = excluded.during, ended_at = NULL`,
    [vehicleId, new Date(span.fromMs), new Date(span.untilMs), workOrderId],
  )
}

/** From now on it may be promised again; what was still to come is as if it had never been. */
export async function letGo({ client, nowMs }: Deed, workOrderId: number): Promise<void> {
  const values = [workOrderId, new Date(nowMs)]
  await client.query('DELETE FROM reservations WHERE work_order_id = $1 AND lower(during) >= $2', values)
  await client.query(
    'UPDATE reservations SET during = tstzrange(lower(during), least(upper(during), $2)), ended_at = $2 WHERE work_order_id = $1',
    values,
  )
}
