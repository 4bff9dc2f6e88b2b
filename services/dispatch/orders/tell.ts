// Which steps of requests and orders are told, and of whom each speaks. Who hears of it: domain/notifications.ts.
import { isTold, tellingOf } from '../../domain/notifications.ts'
import type { Deed } from '../kernel/act.ts'
import { announce } from '../kernel/announce.ts'
import type { Step } from '../kernel/procedure.ts'
import { nearestDeciders } from './deciding.ts'

type Kept = Pick<Step, 'action' | 'to' | 'reason'>

/** What is dispatched before it is approved is another matter than what waits for approval. */
export async function tellOfRequest(deed: Deed, requestId: number, { action, to, reason }: Kept): Promise<void> {
  const kind = `request.${action === 'submit' && to === 'APPROVED' ? 'emergency' : action}`
  if (isTold(kind)) await announce(deed, kind, { requestId, reason, deciders: nearestDeciders })
}

/** `formerDriverId` in what is kept: who drove until now. */
export async function tellOfOrder(
  deed: Deed,
  orderId: number,
  { action, reason }: Kept,
  kept: { formerDriverId?: number | null },
): Promise<void> {
  const kind = `order.${action}`
  if (!isTold(kind)) return
  const { rows } = await deed.client.query<{ requestId: number; along: number[] }>(
    `SELECT d.request_id AS "requestId", ARRAY(SELECT s.request_id FROM trip_rides s WHERE s.first_id = d.request_id AND s.state = 'JOINED' ORDER BY s.ride_id) AS along
     FROM dispatch_orders d WHERE d.order_id = $1`,
    [orderId],
  )
  const { requestId, along } = rows[0]!
  await announce(deed, kind, { requestId, orderId, reason })
  // Who goes along is told of it as of his own trip.
  if (tellingOf(kind).to.some((relation) => relation === 'applicant'))
    for (const id of along) await announce(deed, kind, { requestId: id, orderId, reason, only: 'applicant' })
  if (kept.formerDriverId) await announce(deed, 'order.handOver', { requestId, orderId, reason, formerDriverId: kept.formerDriverId })
}
