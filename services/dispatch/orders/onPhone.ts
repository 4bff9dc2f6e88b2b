// What was done on a phone comes with a key and with the phone's own times: it is one deed however often it is sent, and it is dated to when it
// was done, whatever the phone's clock says (domain/deviceClock.ts).
import type { OrderDetail } from '../../contracts/api/orders.ts'
import type { DoneOnPhone } from '../../contracts/api/tripFields.ts'
import { refusal } from '../../contracts/refusals.ts'
import { timeOfDeed } from '../../domain/deviceClock.ts'
import { orderLifecycle } from '../../domain/orders.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Order } from './orderRows.ts'

type DeedKind = OrderDetail['deeds'][number]['what']

/**
 * Does a deed of an order that the caller of the act holds locked, once for its key. `work` is told when it was done, undefined where no phone
 * said so, and answers with the number of what it wrote.
 * @param content what tells this deed from another with its key
 * @throws Refusal CONFLICT when the key was another deed's
 */
export async function once(
  { client, caller, nowMs }: Act,
  order: Order,
  what: DeedKind,
  { done, content }: { done: DoneOnPhone | undefined; content: string | Buffer },
  work: (atMs: number | undefined) => Promise<number>,
): Promise<void> {
  if (!done) {
    await work(undefined)
    return
  }
  const digest = sha256(content)
  const { rows } = await client.query<{ order_id: number; digest: Buffer }>(
    'SELECT order_id, digest FROM order_deeds WHERE account_id = $1 AND key = $2',
    [caller.accountId, done.key],
  )
  if (rows[0]) {
    if (rows[0].order_id !== order.orderId || !rows[0].digest.equals(digest)) throw refusal('CONFLICT', 'body.done.key', 'deed.key')
    return
  }
  const [doneMs, sentMs] = [Date.parse(done.atDevice), Date.parse(done.sentAtDevice)]
  const { atMs } = timeOfDeed({ doneMs, sentMs }, nowMs, lastTakenMs(order))
  const id = await work(atMs)
  await client.query(
    `INSERT INTO order_deeds (account_id, key, order_id, what, what_id, digest, device_at, sent_at, received_at, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [caller.accountId, done.key, order.orderId, what, id, digest, ...[doneMs, sentMs, nowMs, atMs].map((ms) => new Date(ms))],
  )
}

/** When somebody last took a step of it: nothing was done before that. What the clock did meanwhile does not count. */
function lastTakenMs({ steps }: Order): number {
  const isClocks = (action: string) => (orderLifecycle as Record<string, { by: string }>)[action]?.by === 'system'
  const last = steps.findLast(({ action }) => !isClocks(action))
  return last ? Date.parse(last.at) : 0
}

export async function listDeeds(db: Queryable, orderId: number): Promise<OrderDetail['deeds']> {
  const { rows } = await db.query<{ what: DeedKind; what_id: number; device_at: Date; sent_at: Date; received_at: Date; at: Date }>(
    'SELECT what, what_id, device_at, sent_at, received_at, at FROM order_deeds WHERE order_id = $1 ORDER BY received_at, what, what_id',
    [orderId],
  )
  return rows.map((row) => {
    const [doneMs, sentMs, receivedMs] = [row.device_at, row.sent_at, row.received_at].map((at) => at.getTime()) as [number, number, number]
    const { offsetMs, off } = timeOfDeed({ doneMs, sentMs }, receivedMs, 0)
    return {
      what: row.what,
      id: row.what_id,
      at: row.at.toISOString(),
      atDevice: row.device_at.toISOString(),
      receivedAt: row.received_at.toISOString(),
      offsetMs,
      clockOff: off,
    }
  })
}
