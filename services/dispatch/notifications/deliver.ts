// Sends an event to another system: signed, again and again until it is taken, for about nine hours; what was answered is kept. One that takes nothing for three
// days is switched off, and those who keep it are told. Docs: docs/operations.md.
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { DAY_MS } from '../../domain/days.ts'
import { type EventKind, isTold, tellingOf } from '../../domain/notifications.ts'
import { sayNotification } from '../../domain/notificationWords.ts'
import { orderNumber } from '../../domain/orders.ts'
import type { Clock } from '../../platform/clock.ts'
import { unseal } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { post } from '../../platform/outbound.ts'
import { actAs } from '../kernel/act.ts'
import { announceWebhookOff } from '../kernel/announce.ts'
import { changeRow } from '../kernel/changeRow.ts'
import type { JobKind } from '../kernel/jobRunner.ts'
import { system } from '../kernel/record.ts'
import { hiddenVehicles, openVehicles } from '../kernel/sight.ts'
import type { EventData } from './own.ts'

const ATTEMPTS = 14
const OFF_AFTER_MS = 3 * DAY_MS
const ANSWER_LETTERS = 500

export const secretContext = (webhookId: number): string => `webhook:${webhookId}`

/** As the receiver works it out anew: HMAC-SHA256 over the time, a full stop and the body as it came, in hexadecimal. */
export const signatureOf = (secret: string, timeS: number, body: string): string =>
  `t=${timeS},v1=${createHmac('sha256', secret).update(`${timeS}.${body}`).digest('hex')}`

export type DeliverDeps = { db: Database; clock: Clock; key: Buffer | undefined; allowedOrigins: readonly string[]; onDone(): void }

const payload = z.object({ deliveryId: z.int() })
type Owed = {
  webhookId: number
  url: string
  secret: Buffer
  state: 'active' | 'failing' | 'off'
  failingSince: Date | null
  eventId: number | null
  key: string
  kind: string
  owedAt: Date
}

export const deliverJob = (deps: DeliverDeps): JobKind<z.output<typeof payload>> => ({
  payload,
  maxAttempts: ATTEMPTS,
  async run({ payload: { deliveryId }, attempt, signal }) {
    const { db, clock, key, allowedOrigins } = deps
    const { rows } = await db.query<Owed>(
      `SELECT w.webhook_id AS "webhookId", w.url, w.secret, w.state, w.failing_since AS "failingSince", d.event_id AS "eventId", d.key::text AS key, d.kind,
         d.owed_at AS "owedAt"
       FROM webhook_deliveries d JOIN webhooks w USING (webhook_id) WHERE d.delivery_id = $1 AND d.done_at IS NULL`,
      [deliveryId],
    )
    const owed = rows[0]
    if (!owed || !key) return
    const note = (set: string, values: unknown[] = []) =>
      db.query(`UPDATE webhook_deliveries SET ${set} WHERE delivery_id = $1`, [deliveryId, new Date(clock.nowMs()), ...values])
    if (owed.state === 'off' && owed.eventId !== null) {
      await note('given_up_at = $2')
      return
    }
    const body = JSON.stringify(await bodyOf(db, owed))
    const secret = unseal(key, owed.secret, secretContext(owed.webhookId)).toString()
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Morin',
      'morin-event': owed.kind,
      'morin-delivery': owed.key,
      'morin-signature': signatureOf(secret, Math.floor(clock.nowMs() / 1000), body),
    }
    const outcome = await post(owed.url, { headers, body, allowedOrigins, signal }).catch((error: Error) => error)
    const [status, answer] = outcome instanceof Error ? [null, outcome.message] : [outcome.status, outcome.answer]
    // The database keeps no NUL, whatever the other side says.
    const said = answer.replaceAll('\0', '').slice(0, ANSWER_LETTERS)
    const taken = status !== null && status >= 200 && status < 300
    const end = taken ? ', done_at = $2' : attempt >= ATTEMPTS ? ', given_up_at = $2' : ''
    await note(`attempts = attempts + 1, tried_at = $2, status = $3, answer = $4${end}`, [status, said])
    if (owed.state !== 'off') await judge(deps, owed, taken)
    if (!taken) throw new Error(status === null ? 'the other system was not reached' : `the other system answered ${status}`)
  },
})

/** What takes again is well again; what has taken nothing for too long is switched off, on record, and told. */
async function judge(deps: DeliverDeps, { webhookId, state, failingSince }: Owed, taken: boolean): Promise<void> {
  const { db, clock } = deps
  if (taken) {
    if (state === 'failing')
      await db.query(`UPDATE webhooks SET state = 'active', failing_since = NULL WHERE webhook_id = $1 AND state = 'failing'`, [webhookId])
    return
  }
  const nowMs = clock.nowMs()
  if (failingSince === null || nowMs - failingSince.getTime() < OFF_AFTER_MS) {
    await db.query(
      `UPDATE webhooks SET state = 'failing', failing_since = coalesce(failing_since, $2) WHERE webhook_id = $1 AND state <> 'off'`,
      [webhookId, new Date(nowMs)],
    )
    return
  }
  await actAs(deps, system, async (deed) => {
    const { rows } = await deed.client.query<{ state: string }>('SELECT state FROM webhooks WHERE webhook_id = $1 FOR UPDATE', [webhookId])
    if (rows[0]!.state === 'off') return
    await changeRow(deed.client, { table: 'webhooks', key: 'webhook_id', id: webhookId }, { state: 'off' })
    await announceWebhookOff(deed, webhookId)
    deed.record(
      'webhook.off',
      { type: 'webhook', id: webhookId },
      { before: { webhookState: rows[0]!.state }, after: { webhookState: 'off' } },
    )
  })
}

type Person = { name: string; phone: string }

/** What the other system is told. Of a trip with a sensitive vehicle, that its order has changed and nothing else: it leaves the house. */
async function bodyOf(db: Queryable, { eventId, key, kind, owedAt }: Owed): Promise<object> {
  if (eventId === null || !isTold(kind)) return { id: key, kind: 'test', at: owedAt.toISOString() }
  if (/^(supervision|filing|publication)\./.test(kind)) return bodyOfMatter(db, eventId, kind, key)
  const { rows } = await db.query<{
    at: Date
    requestId: number
    orderId: number | null
    version: number
    state: string
    data: EventData
    plate: string | null
    secret: boolean
    contact: Person
    told: Person[]
  }>(
    `SELECT e.at, e.request_id AS "requestId", e.order_id AS "orderId", e.version, e.state, e.data, v.plate,
       EXISTS (SELECT FROM ${hiddenVehicles(`'{}'`)} h WHERE h.vehicle_id = d.vehicle_id) AS secret,
       json_build_object('name', r.contact_name, 'phone', r.contact_phone) AS contact,
       (SELECT coalesce(json_agg(json_build_object('name', a.display_name, 'phone', coalesce(p.phone, a.phone)) ORDER BY a.account_id), '[]')
        FROM notifications n JOIN accounts a USING (account_id) LEFT JOIN drivers p ON p.driver_id = a.driver_id
        WHERE n.event_id = e.event_id AND coalesce(p.phone, a.phone) IS NOT NULL) AS told
     FROM events e JOIN trip_requests r USING (request_id) LEFT JOIN dispatch_orders d ON d.order_id = e.order_id
       LEFT JOIN ${openVehicles(`'{}'`)} v ON v.vehicle_id = d.vehicle_id WHERE e.event_id = $1`,
    [eventId],
  )
  const { at, requestId, orderId, version, state, data, plate, secret, contact, told } = rows[0]!
  const { unit, to, startsAt, endsAt = null, year, number: counted, reason } = data
  const number = year === null || counted === null ? null : orderNumber(year, counted)
  const says = (locale: 'zh-CN' | 'en') =>
    sayNotification({ kind, number, unit, to, startsAt, endsAt: endsAt ?? startsAt, reason, plate }, locale)
  const toContact = (tellingOf(kind as EventKind).to as readonly string[]).includes('contact')
  const what = {
    id: key,
    kind,
    at: at.toISOString(),
    // Of the order, or of the request where there is none yet: what has a lower version than is known already is older, whenever it comes.
    subject: { type: orderId === null ? 'request' : 'order', id: orderId ?? requestId, version, state },
    // Of several that tell of one version (a change is asked for on the road, an incident is reported): written under the lock of what they tell of.
    sequence: eventId,
  }
  if (secret) return what
  return {
    ...what,
    request: { id: requestId, unit, to, startsAt, endsAt },
    order: orderId === null ? null : { id: orderId, number, plate },
    reason,
    recipients: toContact ? [...told, contact] : told,
    text: { 'zh-CN': says('zh-CN'), en: says('en') },
  }
}

/** What is no trip: a finding, a filing, what was made public. Nobody's name, nor his words; of a sensitive vehicle that its finding has changed and nothing else. */
async function bodyOfMatter(db: Queryable, eventId: number, kind: EventKind, key: string): Promise<object> {
  const { rows } = await db.query<{
    at: Date
    version: number
    state: string
    unitId: number
    data: EventData & { findingId?: number; filingId?: number; publicationId?: number }
    plate: string | null
    secret: boolean
    finding: object | null
  }>(
    `SELECT e.at, e.version, e.state, e.unit_id AS "unitId", e.data, v.plate,
       EXISTS (SELECT FROM ${hiddenVehicles(`'{}'`)} h WHERE h.vehicle_id = (e.data->>'vehicleId')::int) AS secret,
       (SELECT json_build_object('rule', f.code, 'severity', f.severity, 'day', f.day::text, 'figure', f.suspicion->'figure', 'threshold', f.suspicion->'threshold')
        FROM supervision_findings f WHERE f.finding_id = (e.data->>'findingId')::int) AS finding
     FROM events e LEFT JOIN ${openVehicles(`'{}'`)} v ON v.vehicle_id = (e.data->>'vehicleId')::int WHERE e.event_id = $1`,
    [eventId],
  )
  const { at, version, state, unitId, data, plate, secret, finding } = rows[0]!
  const { unit, to, startsAt, endsAt, findingId, filingId, publicationId } = data
  const subject =
    findingId !== undefined
      ? { type: 'finding', id: findingId }
      : filingId !== undefined
        ? { type: 'filing', id: filingId }
        : { type: 'publication', id: publicationId! }
  const what = { id: key, kind, at: at.toISOString(), subject: { ...subject, version, state }, sequence: eventId }
  if (secret) return what
  const says = (locale: 'zh-CN' | 'en') =>
    sayNotification({ kind, number: null, unit, to, startsAt, endsAt: endsAt ?? startsAt, reason: '', plate }, locale)
  return {
    ...what,
    organisation: { id: unitId, name: unit },
    ...(finding ? { finding: { ...finding, from: startsAt, until: endsAt ?? null, plate } } : {}),
    ...(filingId === undefined ? {} : { filing: { period: to } }),
    ...(publicationId === undefined ? {} : { publication: { month: to, page: `/public/trips/${publicationId}` } }),
    text: { 'zh-CN': says('zh-CN'), en: says('en') },
  }
}
