// Calendars: made, given another address, taken back, by whoever made them; and what stands in one. A calendar leaves the house and is read by programs that
// nobody signs in to, so it says of a sensitive vehicle nothing at all, to nobody, and of any other only what whoever made it still reaches.
import type { Feed } from '../../../contracts/api/feeds.ts'
import { Refusal } from '../../../contracts/errors.ts'
import { refusal } from '../../../contracts/refusals.ts'
import { DAY_MS } from '../../../domain/days.ts'
import { calendarOf } from '../../../domain/icalendar.ts'
import { stateAt } from '../../../domain/lifecycle.ts'
import { type OrderState, orderLifecycle, orderNumber, sheetVersionOf } from '../../../domain/orders.ts'
import { grantOf, type Role } from '../../../domain/permissions.ts'
import { plateAsPrinted } from '../../../domain/vehicle.ts'
import { newSecret, sha256 } from '../../../platform/crypto.ts'
import type { Queryable } from '../../../platform/db.ts'
import type { Act } from '../../kernel/act.ts'
import type { Sight, Who } from '../../kernel/caller.ts'
import { changeRow } from '../../kernel/changeRow.ts'
import { openVehicles } from '../../kernel/sight.ts'
import { ownerFor, type Sent } from '../own.ts'

const subjectOf = (feedId: number) => ({ type: 'calendar-feed', id: feedId })
/** What lies further back than this is in no calendar, nor what is further ahead than anybody may ask for. */
const BACK_MS = 60 * DAY_MS

export async function listFeeds(db: Queryable, { caller, reach }: Who): Promise<{ rows: Feed[] }> {
  const { rows } = await db.query<{
    feedId: number
    driver: string | null
    plate: string | null
    madeAt: Date
    readAt: Date | null
    version: number
  }>(
    `SELECT f.feed_id AS "feedId", d.name AS driver, v.plate, f.made_at AS "madeAt", f.read_at AS "readAt", f.version
     FROM calendar_feeds f LEFT JOIN drivers d USING (driver_id) LEFT JOIN ${openVehicles('$2')} v ON v.vehicle_id = f.vehicle_id
     WHERE f.account_id = $1 AND f.revoked_at IS NULL ORDER BY f.feed_id`,
    [caller.accountId, reach.cleared],
  )
  return { rows: rows.map((row) => ({ ...row, madeAt: row.madeAt.toISOString(), readAt: row.readAt?.toISOString() ?? null })) }
}

const addressOf = (site: string, token: string): string => `${site}/calendar/${token}.ics`

/** @throws Refusal VALIDATION_FAILED for a vehicle out of reach or sensitive, CONFLICT for whoever drives nothing himself */
export async function makeFeed(act: Act, { vehicleId }: Sent<'makeFeed'>, site: string): Promise<{ feedId: number; url: string }> {
  const { client, caller, nowMs, scope } = act
  let driverId: number | null = null
  if (vehicleId === undefined) {
    const { rows } = await client.query<{ driverId: number | null }>('SELECT driver_id AS "driverId" FROM accounts WHERE account_id = $1', [
      caller.accountId,
    ])
    driverId = rows[0]!.driverId
    if (driverId === null) throw refusal('CONFLICT', 'body.vehicleId', 'feed.noDriver')
  } else if (ownerFor(caller, 'order.view') !== null || !(await reachesVehicle(client, scope, vehicleId)))
    throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
  const token = newSecret()
  const { rows } = await client.query<{ feedId: number }>(
    `INSERT INTO calendar_feeds (account_id, driver_id, vehicle_id, token_hash, made_at) VALUES ($1, $2, $3, $4, $5) RETURNING feed_id AS "feedId"`,
    [caller.accountId, driverId, vehicleId ?? null, sha256(token), new Date(nowMs)],
  )
  const { feedId } = rows[0]!
  act.record('feed.make', subjectOf(feedId), { after: vehicleId === undefined ? { driverId } : { vehicleId } })
  return { feedId, url: addressOf(site, token) }
}

/** Of a vehicle that is open to everybody: a sensitive one has no calendar, whoever is named for it. */
async function reachesVehicle(client: Queryable, { lft, rgt }: Pick<Sight, 'lft' | 'rgt'>, vehicleId: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM ${openVehicles(`'{}'`)} v JOIN organisations o ON o.organisation_id = v.user_unit_id WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3`,
    [vehicleId, lft, rgt],
  )
  return rowCount > 0
}

async function lockOwn({ client, caller }: Act, feedId: number): Promise<void> {
  const { rowCount } = await client.query(
    'SELECT FROM calendar_feeds WHERE feed_id = $1 AND account_id = $2 AND revoked_at IS NULL FOR UPDATE',
    [feedId, caller.accountId],
  )
  if (rowCount === 0) throw new Refusal('NOT_FOUND')
}

export async function renewFeed(act: Act, feedId: number, site: string): Promise<{ feedId: number; url: string }> {
  await lockOwn(act, feedId)
  const token = newSecret()
  await changeRow(act.client, { table: 'calendar_feeds', key: 'feed_id', id: feedId }, { token_hash: sha256(token) })
  act.record('feed.renew', subjectOf(feedId))
  return { feedId, url: addressOf(site, token) }
}

export async function revokeFeed(act: Act, feedId: number): Promise<void> {
  await lockOwn(act, feedId)
  await changeRow(act.client, { table: 'calendar_feeds', key: 'feed_id', id: feedId }, { revoked_at: new Date(act.nowMs) })
  act.record('feed.revoke', subjectOf(feedId))
}

type OrderRow = {
  id: number
  year: number
  number: number
  state: OrderState
  since: Date
  changedAt: Date | null
  startsAt: Date
  endsAt: Date
  plate: string | null
  /** Of ours, whether or not it is shown. */
  given: boolean
  unit: string
  from: string
  to: string
  driver: string | null
  actions: string[]
  requestId: number
  seriesId: number | null
  occurrenceAt: Date | null
  /** The orders that its request had before: each was voided or declined. */
  earlier: string[][]
}

/** The calendar behind a token; undefined where it opens nothing (any more). */
export async function readCalendar(db: Queryable, token: string, nowMs: number): Promise<string | undefined> {
  const { rows } = await db.query<{
    feedId: number
    driverId: number | null
    vehicleId: number | null
    ownDriverId: number | null
    role: Role
    lft: number
    rgt: number
    name: string | null
  }>(
    `SELECT f.feed_id AS "feedId", f.driver_id AS "driverId", f.vehicle_id AS "vehicleId", a.driver_id AS "ownDriverId", a.role, h.lft, h.rgt, d.name
     FROM calendar_feeds f JOIN accounts a USING (account_id) JOIN organisations h USING (organisation_id) LEFT JOIN drivers d ON d.driver_id = f.driver_id
     WHERE f.token_hash = $1 AND f.revoked_at IS NULL AND a.status = 'active' AND (a.role_expires_at IS NULL OR a.role_expires_at > $2)`,
    [sha256(token), new Date(nowMs)],
  )
  const feed = rows[0]
  if (!feed || grantOf(feed.role, 'order.view').reach === 'none') return undefined
  // Whoever drives for another, or was moved to another scope, has lost his calendars with it.
  if (feed.driverId !== null && feed.driverId !== feed.ownDriverId) return undefined
  if (feed.vehicleId !== null && (grantOf(feed.role, 'order.view').reach !== 'scope' || !(await reachesVehicle(db, feed, feed.vehicleId))))
    return undefined
  await db.query('UPDATE calendar_feeds SET read_at = $2 WHERE feed_id = $1', [feed.feedId, new Date(nowMs)])
  const orders = lastOfEach(await listOrders(db, feed, nowMs))
  const events = orders.map((order) => {
    const state = stateAt(orderLifecycle, order.state, { sinceMs: order.since.getTime(), untilMs: order.startsAt.getTime() }, nowMs)
    const cancelled = state === 'VOIDED' || state === 'DECLINED' || state === 'EXPIRED'
    // A leased vehicle has no plate of ours, and nothing to hide.
    const open = order.plate !== null || !order.given
    const vehicle = order.plate === null ? '' : `${plateAsPrinted(order.plate)} `
    return {
      // Each trip of a series has a vehicle and a driver of its own, and only those that were given are somebody's: there is no rule to be told, one UID, and
      // for when each was asked.
      uid: order.seriesId === null ? `order-${order.id}@morin` : `series-${order.seriesId}@morin`,
      recurrenceMs: order.seriesId === null ? null : order.occurrenceAt!.getTime(),
      sequence: sequenceOf(order, cancelled),
      changedAtMs: (order.changedAt ?? order.since).getTime(),
      fromMs: order.startsAt.getTime(),
      untilMs: order.endsAt.getTime(),
      summary: open ? `${vehicle}${order.unit}：${order.to}` : '公务用车',
      location: open ? order.from : null,
      description: open
        ? `派车单${orderNumber(order.year, order.number)}\n${order.from} → ${order.to}${order.driver ? `\n${order.driver}` : ''}`
        : null,
      cancelled,
    }
  })
  const name = feed.driverId !== null ? `派车单 ${feed.name}` : `派车单 ${orders.find(({ plate }) => plate !== null)?.plate ?? ''}`.trim()
  return calendarOf(name, events)
}

/** Each change of what was ordered, and its end for nothing, and that it was driven all the same; of a trip of a series those of the orders that it had before as well. */
const sequenceOf = ({ actions, seriesId, earlier }: OrderRow, cancelled: boolean): number =>
  (seriesId === null ? 0 : earlier.reduce((sum, each) => sum + sheetVersionOf(each) + 1, 0)) +
  sheetVersionOf(actions) -
  1 +
  (cancelled ? 1 : actions.includes('expire') ? 2 : 0)

/** A trip of a series stands once, as its last order says. */
function lastOfEach(orders: readonly OrderRow[]): OrderRow[] {
  const last = new Map<number, number>()
  for (const { requestId, id } of orders) last.set(requestId, Math.max(id, last.get(requestId) ?? 0))
  return orders.filter(({ seriesId, requestId, id }) => seriesId === null || last.get(requestId) === id)
}

async function listOrders(
  db: Queryable,
  { driverId, vehicleId }: { driverId: number | null; vehicleId: number | null },
  nowMs: number,
): Promise<OrderRow[]> {
  const { rows } = await db.query<OrderRow>(
    `SELECT d.order_id AS id, d.year, d.number, d.state, d.since, d.starts_at AS "startsAt", d.ends_at AS "endsAt", v.plate, d.vehicle_id IS NOT NULL AS given, u.name AS unit,
       r.from_stop->>'name' AS "from", r.to_stop->>'name' AS "to", p.name AS driver,
       (SELECT max(s.at) FROM dispatch_order_steps s WHERE s.order_id = d.order_id) AS "changedAt",
       ARRAY(SELECT s.action FROM dispatch_order_steps s WHERE s.order_id = d.order_id ORDER BY s.step) AS actions,
       d.request_id AS "requestId", r.series_id AS "seriesId", r.occurrence_at AS "occurrenceAt",
       (SELECT coalesce(json_agg(ARRAY(SELECT s.action FROM dispatch_order_steps s WHERE s.order_id = e.order_id ORDER BY s.step)), '[]')
        FROM dispatch_orders e WHERE e.request_id = d.request_id AND e.order_id < d.order_id) AS earlier
     FROM dispatch_orders d JOIN trip_requests r USING (request_id) JOIN organisations u ON u.organisation_id = r.unit_id
       LEFT JOIN drivers p ON p.driver_id = d.driver_id LEFT JOIN ${openVehicles(`'{}'`)} v ON v.vehicle_id = d.vehicle_id
     WHERE (d.driver_id = $1 OR d.vehicle_id = $2) AND d.ends_at > $3 AND d.number IS NOT NULL ORDER BY d.starts_at, d.order_id LIMIT 2000`,
    [driverId, vehicleId, new Date(nowMs - BACK_MS)],
  )
  return rows
}
