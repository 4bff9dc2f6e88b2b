// Which steps of requests and orders are told, and of whom each speaks. Who hears of it: domain/notifications.ts.
import { isTold } from '../../domain/notifications.ts'
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
  const { rows } = await deed.client.query<{ requestId: number }>(
    'SELECT request_id AS "requestId" FROM dispatch_orders WHERE order_id = $1',
    [orderId],
  )
  const { requestId } = rows[0]!
  await announce(deed, kind, { requestId, orderId, reason })
  if (kept.formerDriverId) await announce(deed, 'order.handOver', { requestId, orderId, reason, formerDriverId: kept.formerDriverId })
}
