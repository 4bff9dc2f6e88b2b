// What whoever asked for a trip thought of it (评价): his own word, once, seen by those who give vehicles; of who drove only the sum is told (domain/ratings.ts).
import type { OrderDetail } from '../../contracts/api/orders.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { dispatchLawOn } from '../../domain/dispatchLaw.ts'
import { ratedStates, rateUntilMs, rerateUntilMs } from '../../domain/ratings.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, difference, requireSeen } from '../kernel/act.ts'
import { announce } from '../kernel/announce.ts'
import { type Caller, may } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { lockOrder, type Order } from './orderRows.ts'
import type { Sent } from './own.ts'

type Row = { stars: number; text: string | null; rated_at: Date; changed_at: Date | null; version: number }
const iso = (ms: number): string => new Date(ms).toISOString()

async function findRating(db: Queryable, orderId: number): Promise<Row | undefined> {
  const { rows } = await db.query<Row>('SELECT stars, text, rated_at, changed_at, version FROM order_ratings WHERE order_id = $1', [
    orderId,
  ])
  return rows[0]
}

const isOwn = ({ applicant }: Order, caller: Caller): boolean => applicant.accountId === caller.accountId
/** Until when it may be said, or changed; null: it was not driven, or is not over. */
function untilMs({ state, returnedAt }: Order, rating: Row | undefined): number | null {
  if (!ratedStates.includes(state) || returnedAt === null) return null
  return rating ? rerateUntilMs(rating.rated_at.getTime()) : rateUntilMs(Date.parse(returnedAt))
}

/** As the reader of an order is told: the rating to whoever gave it and to those who give vehicles; until when to who may give or change it. */
export async function readRating(
  db: Queryable,
  caller: Caller,
  order: Order,
  nowMs: number,
): Promise<Pick<OrderDetail, 'rating' | 'mayRateUntil'>> {
  const own = isOwn(order, caller)
  if (!own && !may(caller, 'rating.view')) return { rating: null, mayRateUntil: null }
  const rating = order.has.has('rating') ? await findRating(db, order.orderId) : undefined
  const until = untilMs(order, rating)
  return {
    rating: rating
      ? {
          stars: rating.stars,
          text: rating.text,
          at: rating.rated_at.toISOString(),
          changedAt: rating.changed_at?.toISOString() ?? null,
          version: rating.version,
        }
      : null,
    mayRateUntil: own && until !== null && nowMs < until ? iso(until) : null,
  }
}

/** @throws Refusal FORBIDDEN for everybody else; CONFLICT before it is over, and when it is too late; CHANGED_MEANWHILE */
export async function rateOrder(act: Act, orderId: number, { version, stars, text }: Sent<'rateOrder'>): Promise<void> {
  const { client, caller, nowMs } = act
  const order = await lockOrder(act, orderId)
  if (!isOwn(order, caller)) throw new Refusal('FORBIDDEN')
  const old = await findRating(client, orderId)
  const until = untilMs(order, old)
  const { rateWithinD } = dispatchLawOn(dayAt(nowMs))
  if (until === null || (!old && nowMs >= until)) throw refusal('CONFLICT', 'params.orderId', 'rating.not', { days: rateWithinD })
  requireSeen(old, version)
  if (nowMs >= until) throw refusal('CONFLICT', 'params.orderId', 'rating.late', { ended: iso(until) })
  const said = { stars, text: text === '' ? null : text }
  if (old) await changeRow(client, { table: 'order_ratings', key: 'order_id', id: orderId }, { ...said, changed_at: new Date(nowMs) })
  else
    await client.query('INSERT INTO order_ratings (order_id, account_id, stars, text, rated_at) VALUES ($1, $2, $3, $4, $5)', [
      orderId,
      caller.accountId,
      stars,
      said.text,
      new Date(nowMs),
    ])
  if (!old) await announce(act, 'order.rate', { requestId: order.requestId, orderId, reason: '' })
  act.record('order.rate', { type: 'order', id: orderId }, old ? difference({ stars: old.stars, text: old.text }, said) : { after: said })
}
