// What one was told, and that one has read it.
import type { z } from 'zod'
import type { Notification } from '../../contracts/api/notifications.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { DAY_MS } from '../../domain/days.ts'
import type { EventKind } from '../../domain/notifications.ts'
import { orderNumber } from '../../domain/orders.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Sight, Who } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'

const KEPT_DAYS = 366

/** SQL: `$1` the account, `$2` what is cleared for it. */
const from = `notifications n JOIN events e USING (event_id) LEFT JOIN dispatch_orders d ON d.order_id = e.order_id
  LEFT JOIN ${openVehicles('$2')} v ON v.vehicle_id = d.vehicle_id`

export type EventData = {
  unit: string
  to: string
  startsAt: string
  endsAt?: string | null
  year: number | null
  number: number | null
  reason: string
}

const rowOf = (row: Row): Notification => {
  const { unit, to, startsAt, endsAt, year, number, reason } = row.data as EventData
  return {
    notificationId: row.notification_id as number,
    kind: row.kind as EventKind,
    at: (row.at as Date).toISOString(),
    read: row.read_at !== null,
    requestId: row.request_id as number | null,
    orderId: row.order_id as number | null,
    number: year === null || number === null ? null : orderNumber(year, number),
    unit,
    to,
    startsAt,
    // Of what has no end it is said when it is.
    endsAt: endsAt ?? startsAt,
    reason,
    plate: row.plate as string | null,
  }
}
const columns = 'n.notification_id, e.kind, e.at, n.read_at, e.request_id, e.order_id, e.data, v.plate'

export async function listNotifications(
  db: Queryable,
  { caller, reach }: Who,
  query: z.output<Api['listNotifications']['query']>,
): Promise<AnswerOf<'listNotifications'>> {
  const values: unknown[] = [caller.accountId, reach.cleared]
  const $ = (value: unknown) => `$${values.push(value)}`
  const tests = ['n.account_id = $1']
  if (query.unread) tests.push('n.read_at IS NULL')
  if (query.since !== undefined) {
    const since = $(query.since)
    tests.push(`(n.notification_id > ${since} OR (n.notification_id <> ${since} AND e.written_at > (
      SELECT s.written_at - interval '1 minute' FROM notifications m JOIN events s USING (event_id) WHERE m.notification_id = ${since} AND m.account_id = $1)))`)
  }
  const where = tests.join(' AND ')
  const { rows } = await db.query(
    `SELECT c.total, c.unread, page.* FROM
       (SELECT (SELECT count(*) FROM notifications n JOIN events e USING (event_id) WHERE ${where}) AS total,
          (SELECT count(*) FROM notifications WHERE account_id = $1 AND read_at IS NULL) AS unread) c
     LEFT JOIN (SELECT ${columns} FROM ${from} WHERE ${where} ORDER BY n.notification_id DESC
        LIMIT ${$(query.limit)} OFFSET ${$(query.offset)}) page ON true ORDER BY page.notification_id DESC`,
    values,
  )
  const { total, unread } = rows[0] as { total: number; unread: number }
  return { total, unread, rows: rows.filter(({ notification_id }) => notification_id !== null).map(rowOf) }
}

/** One of an account's, as it reads it now; undefined when it is no more. */
export async function findNotification(
  db: Queryable,
  accountId: number,
  { cleared }: Pick<Sight, 'cleared'>,
  notificationId: number,
): Promise<Notification | undefined> {
  const { rows } = await db.query(`SELECT ${columns} FROM ${from} WHERE n.account_id = $1 AND n.notification_id = $3`, [
    accountId,
    cleared,
    notificationId,
  ])
  return rows[0] && rowOf(rows[0])
}

export async function readNotifications(
  db: Queryable,
  accountId: number,
  { ids, upTo }: z.output<Api['readNotifications']['body']>,
  nowMs: number,
): Promise<AnswerOf<'readNotifications'>> {
  await db.query(
    `UPDATE notifications SET read_at = $2 WHERE account_id = $1 AND read_at IS NULL AND (notification_id = ANY($3::bigint[]) OR notification_id <= $4)`,
    [accountId, new Date(nowMs), ids, upTo ?? 0],
  )
  return { unread: (await countUnread(db, [accountId])).get(accountId)?.unread ?? 0 }
}

/** How much each of these accounts has not read, and the last of it; those who have read all are left out. */
export async function countUnread(db: Queryable, accountIds: readonly number[]): Promise<Map<number, { unread: number; last: number }>> {
  const { rows } = await db.query<{ id: number; unread: number; last: number }>(
    `SELECT account_id AS id, count(*) AS unread, max(notification_id) AS last FROM notifications
     WHERE account_id = ANY($1::int[]) AND read_at IS NULL GROUP BY account_id`,
    [accountIds],
  )
  return new Map(rows.map(({ id, ...told }) => [id, told]))
}

/** What is told goes with its event. @returns how many events are no longer kept */
export async function forgetEvents(db: Queryable, nowMs: number): Promise<number> {
  const { rowCount } = await db.query('DELETE FROM events WHERE at < $1', [new Date(nowMs - KEPT_DAYS * DAY_MS)])
  return rowCount
}
