// Photos of an order, in the database beside what they belong to: backed up with it, and gone with nothing else.
import type { OrderDetail } from '../../contracts/api/orders.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { sha256 } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Download } from '../../platform/download.ts'
import type { Picture } from '../../platform/pictures.ts'
import type { Act } from '../kernel/act.ts'
import { actorOf, type Who } from '../kernel/caller.ts'
import { requirePhoto } from '../kernel/photo.ts'
import { recordAudit } from '../kernel/record.ts'
import type { Call } from '../routes.ts'
import { once } from './onPhone.ts'
import { loadOrder, lockOrder, type Order, requireToldOf } from './orderRows.ts'
import { ownerFor, ownFor } from './own.ts'

type Sent = Call<'addOrderPhoto'>['query'] & { picture: Picture; digest: Buffer }

const MOST_PHOTOS = 60

/**
 * What is sent as a photo, as it will be kept: made before anything is locked.
 * @throws Refusal NOT_FOUND for an order out of reach; VALIDATION_FAILED for what is no photo, with what would be one
 */
export async function makePicture(db: Queryable, { caller, reach }: Who, orderId: number, bytes: Buffer, nowMs: number): Promise<Picture> {
  await loadOrder(db, reach, ownFor(caller, 'order.drive'), orderId, nowMs)
  return requirePhoto(bytes, nowMs)
}

export async function addPhoto(act: Act, orderId: number, sent: Sent): Promise<void> {
  const { client, caller, nowMs } = act
  const { key, atDevice, sentAtDevice, shows, of, picture, digest } = sent
  const order = await lockOrder(act, orderId)
  await once(act, order, 'photo', { done: { key, atDevice, sentAtDevice }, content: digest }, async (atMs = nowMs) => {
    requireToldOf(order)
    const { rows: there } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM order_photos WHERE order_id = $1', [orderId])
    if (there[0]!.n >= MOST_PHOTOS) throw refusal('CONFLICT', 'body', 'photo.many', { most: MOST_PHOTOS })
    const hash = sha256(picture.content)
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO order_photos (order_id, shows, of_key, width, height, bytes, sha256, content, taken_at, added_at, added_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING photo_id AS id`,
      [
        ...[orderId, shows, of ?? null, picture.width, picture.height, picture.content.byteLength, hash, picture.content],
        ...[new Date(atMs), new Date(nowMs), caller.accountId],
      ],
    )
    const photoId = rows[0]!.id
    act.record(
      'order.photo',
      { type: 'order', id: orderId },
      { after: { photoId, shows, bytes: picture.content.byteLength, sha256: hash.toString('hex') } },
    )
    return photoId
  })
}

/** What a photo shows may be the vehicle itself: who does not see it sees his own photos alone. */
const mayBeSeen = ({ vehicle }: Order, caller: Who['caller']): number | null => (vehicle === null ? caller.accountId : null)

export async function listPhotos(db: Queryable, caller: Who['caller'], order: Order): Promise<OrderDetail['photos']> {
  const { rows } = await db.query<
    { id: number; shows: string; what: string | null; what_id: number; taken_at: Date; name: string } & Sizes
  >(
    `SELECT p.photo_id AS id, p.shows, d.what, d.what_id, p.width, p.height, p.bytes, p.taken_at, a.display_name AS name
     FROM order_photos p JOIN accounts a ON a.account_id = p.added_by
     LEFT JOIN order_deeds d ON d.account_id = p.added_by AND d.key = p.of_key AND d.order_id = p.order_id AND d.what <> 'photo'
     WHERE p.order_id = $1 AND ($2::int IS NULL OR p.added_by = $2) ORDER BY p.photo_id`,
    [order.orderId, mayBeSeen(order, caller)],
  )
  return rows.map(({ id, shows, what, what_id, width, height, bytes, taken_at, name }) => ({
    photoId: id,
    shows: shows as OrderDetail['photos'][number]['shows'],
    of: what === null ? null : { what: what as 'step', id: what_id },
    width,
    height,
    bytes,
    takenAt: taken_at.toISOString(),
    by: name,
  }))
}
type Sizes = { width: number; height: number; bytes: number }

/** @throws Refusal NOT_FOUND for whoever does not see the order, or not its vehicle */
export async function readPhoto(db: Database, { caller, reach }: Who, orderId: number, photoId: number, nowMs: number): Promise<Download> {
  const order = await loadOrder(db, reach, ownFor(caller, 'order.view'), orderId, nowMs)
  const values = [orderId, photoId, mayBeSeen(order, caller)]
  const which = 'FROM order_photos WHERE order_id = $1 AND photo_id = $2 AND ($3::int IS NULL OR added_by = $3)'
  const { rows: named } = await db.query<{ bytes: number; shows: string }>(`SELECT bytes, shows ${which}`, values)
  if (!named[0]) throw new Refusal('NOT_FOUND')
  // The bytes leave the house, so it is on record before they are read. Of his own trip nobody leaves one.
  if (ownerFor(caller, 'order.view') === null)
    await recordAudit(db, {
      atMs: nowMs,
      actor: actorOf(caller),
      action: 'order.photo-read',
      subject: { type: 'order', id: orderId },
      detail: { photoId, ...named[0] },
    })
  const { rows } = await db.query<{ content: Buffer }>(`SELECT content ${which}`, values)
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return { fileName: `${orderId}-${photoId}.jpg`, mediaType: 'image/jpeg', content: rows[0].content }
}
