// Other systems that are told what happens: which, of what, and with which secret. What is sent to them: deliver.ts.
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Delivery, Webhook } from '../../contracts/api/webhooks.ts'
import type { AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { newSecret, seal } from '../../platform/crypto.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { findTargetFault } from '../../platform/outbound.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import { DELIVER } from '../kernel/announce.ts'
import type { Scope } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { putJobs } from '../kernel/jobQueue.ts'
import { requireOrganisation } from '../kernel/within.ts'
import { secretContext } from './deliver.ts'

export type WebhookDeps = { key: Buffer | undefined; allowedOrigins: readonly string[] }
type Body<N extends 'makeWebhook' | 'changeWebhook'> = z.output<Api[N]['body']>

/** Whoever asks for a test sees it owed before he sees what was answered. */
const TEST_AFTER_MS = 500

const TABLE = { table: 'webhooks', key: 'webhook_id' } as const
const subjectOf = (webhookId: number) => ({ type: 'webhook', id: webhookId })
const unique = (kinds: Webhook['kinds']): Webhook['kinds'] => kinds && [...new Set(kinds)]
/** Everything, what comes later as well, is `every`. */
const onRecord = (kinds: Webhook['kinds']) => kinds ?? ['every']
/** An address may hold a secret of the other side's: what is on record is where it leads. */
const hostOf = (url: string): string => new URL(url).host

const columns = `w.webhook_id AS "webhookId", w.name, w.url, w.kinds, w.state, w.failing_since, w.version, o.organisation_id, o.name AS organisation`
const within = 'webhooks w JOIN organisations o USING (organisation_id) WHERE o.lft BETWEEN $1 AND $2'

const rowOf = ({ failing_since, organisation_id, organisation, ...row }: Row): Webhook => ({
  ...(row as Omit<Webhook, 'organisation' | 'failingSince'>),
  organisation: { organisationId: organisation_id as number, name: organisation as string },
  failingSince: (failing_since as Date | null)?.toISOString() ?? null,
})

export async function listWebhooks(db: Queryable, { lft, rgt }: Scope): Promise<{ rows: Webhook[] }> {
  const { rows } = await db.query(`SELECT ${columns} FROM ${within} ORDER BY w.webhook_id`, [lft, rgt])
  return { rows: rows.map(rowOf) }
}

/** @throws Refusal NOT_FOUND */
async function findWebhook(db: Queryable, { lft, rgt }: Scope, webhookId: number, lock = ''): Promise<Webhook> {
  const { rows } = await db.query(`SELECT ${columns} FROM ${within} AND w.webhook_id = $3 ${lock}`, [lft, rgt, webhookId])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return rowOf(rows[0])
}

function requireSound(url: string, { allowedOrigins }: WebhookDeps): void {
  const fault = findTargetFault(url, allowedOrigins)
  if (fault) throw refusal('VALIDATION_FAILED', 'body.url', `outbound.${fault}`)
}

export async function makeWebhook(act: Act, deps: WebhookDeps, { organisationId, name, url, kinds }: Body<'makeWebhook'>) {
  const { client, scope, nowMs } = act
  const unit = await requireOrganisation(client, scope, organisationId, 'body.organisationId')
  requireSound(url, deps)
  if (!deps.key) throw new Refusal('UNAVAILABLE')
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO webhooks (organisation_id, name, url, secret, kinds, made_at) VALUES ($1, $2, $3, '', $4, $5) RETURNING webhook_id AS id`,
    [unit.organisationId, name, url, unique(kinds), new Date(nowMs)],
  )
  const webhookId = rows[0]!.id
  const secret = newSecret()
  await client.query('UPDATE webhooks SET secret = $2 WHERE webhook_id = $1', [webhookId, seal(deps.key, secret, secretContext(webhookId))])
  act.record('webhook.make', subjectOf(webhookId), {
    after: { organisationId: unit.organisationId, name, host: hostOf(url), webhookKinds: onRecord(kinds) },
  })
  return { webhookId, secret }
}

export async function changeWebhook(act: Act, deps: WebhookDeps, webhookId: number, { version, on, ...fields }: Body<'changeWebhook'>) {
  const { client, scope } = act
  const old = await findWebhook(client, scope, webhookId, 'FOR UPDATE OF w')
  requireVersion(old, version)
  requireSound(fields.url, deps)
  const kinds = unique(fields.kinds)
  const state = on ? (old.state === 'off' ? 'active' : old.state) : 'off'
  const changed = difference<Record<string, unknown>>(
    { name: old.name, host: hostOf(old.url), webhookKinds: onRecord(old.kinds), webhookState: old.state },
    { name: fields.name, host: hostOf(fields.url), webhookKinds: onRecord(kinds), webhookState: state },
  )
  const row = await changeRow(
    client,
    { ...TABLE, id: webhookId },
    { name: fields.name, url: fields.url, kinds, state, ...(state === old.state ? {} : { failing_since: null }) },
  )
  act.record('webhook.change', subjectOf(webhookId), changed)
  return { version: row.version }
}

export async function renewSecret(act: Act, { key }: WebhookDeps, webhookId: number, version: number) {
  const old = await findWebhook(act.client, act.scope, webhookId, 'FOR UPDATE OF w')
  requireVersion(old, version)
  if (!key) throw new Refusal('UNAVAILABLE')
  const secret = newSecret()
  await changeRow(act.client, { ...TABLE, id: webhookId }, { secret: seal(key, secret, secretContext(webhookId)) })
  act.record('webhook.renew', subjectOf(webhookId))
  return { webhookId, secret }
}

/** Sent whether it is on or off. */
export async function testWebhook(act: Act, webhookId: number): Promise<{ deliveryId: number }> {
  const { client, scope, nowMs } = act
  await findWebhook(client, scope, webhookId)
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO webhook_deliveries (webhook_id, key, kind, owed_at) VALUES ($1, $2, 'test', $3) RETURNING delivery_id AS id`,
    [webhookId, randomUUID(), new Date(nowMs)],
  )
  const deliveryId = rows[0]!.id
  await putJobs(client, nowMs, [{ kind: DELIVER, key: String(deliveryId), payload: { deliveryId }, runAtMs: nowMs + TEST_AFTER_MS }])
  act.record('webhook.test', subjectOf(webhookId))
  return { deliveryId }
}

export async function listDeliveries(
  db: Queryable,
  scope: Scope,
  webhookId: number,
  { limit, offset }: z.output<Api['listDeliveries']['query']>,
): Promise<AnswerOf<'listDeliveries'>> {
  await findWebhook(db, scope, webhookId)
  const { rows } = await db.query(
    `SELECT n.total, page.* FROM (SELECT count(*) AS total FROM webhook_deliveries WHERE webhook_id = $1) n
     LEFT JOIN (SELECT delivery_id AS "deliveryId", key::text, kind, owed_at, attempts, tried_at, status, answer, done_at, given_up_at
        FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY delivery_id DESC LIMIT $2 OFFSET $3) page ON true ORDER BY page."deliveryId" DESC`,
    [webhookId, limit, offset],
  )
  return {
    total: rows[0]!.total as number,
    rows: rows
      .filter(({ deliveryId }) => deliveryId !== null)
      .map(({ total: _total, owed_at, tried_at, done_at, given_up_at, ...row }) => ({
        ...(row as Pick<Delivery, 'deliveryId' | 'key' | 'kind' | 'attempts' | 'status' | 'answer'>),
        owedAt: (owed_at as Date).toISOString(),
        triedAt: (tried_at as Date | null)?.toISOString() ?? null,
        outcome: done_at !== null ? 'taken' : given_up_at !== null ? 'given-up' : 'owed',
      })),
  }
}
