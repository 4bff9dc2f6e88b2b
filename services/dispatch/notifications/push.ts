// Web Push: what one was told, on the screen of one's telephone. Where a browser is reached it says itself, at each start of the app; whoever has the address could send
// there, so it is sealed. An endpoint dies without anybody's doing: the push service says so (404, 410), and then that endpoint alone is forgotten.
import webPush from 'web-push'
import { z } from 'zod'
import type { Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { sayNotification } from '../../domain/notificationWords.ts'
import type { Clock } from '../../platform/clock.ts'
import { pushPublicKey, seal, sha256, unseal } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { findTargetFault, post } from '../../platform/outbound.ts'
import type { JobKind } from '../kernel/jobRunner.ts'
import { listClearances, sightOf } from '../kernel/sight.ts'
import { findNotification } from './own.ts'

/** How long the push service keeps a message for a telephone that is off, s. */
const TTL_S = 12 * 3_600
/** Of one account; beyond it the one that was heard of longest ago is forgotten. */
const MOST = 10
/** The pauses grow from two seconds to an hour: in all about three hours. */
const ATTEMPTS = 8

export type PushDeps = {
  db: Database
  clock: Clock
  /** Seals addresses. */
  key: Buffer | undefined
  /** The private key by which push services know this installation (VAPID), base64url; without it nothing is pushed. */
  pushKey: string | undefined
  /** Whom a push service may ask when something is wrong: mailto: or https:. */
  contact: string
  allowedOrigins: readonly string[]
}

type Subscription = z.output<Api['registerPush']['body']>
const contextOf = (digest: Buffer): string => `push:${digest.toString('hex')}`

export const pushKeyOf = ({ key, pushKey }: PushDeps): string | null => (key && pushKey ? pushPublicKey(pushKey) : null)

/** Again and again, as often as the app starts: the same endpoint is one row, of whoever is signed in there now. */
export async function registerPush(deps: PushDeps, accountId: number, { endpoint, keys, locale }: Subscription): Promise<void> {
  if (!deps.key || !deps.pushKey) throw new Refusal('UNAVAILABLE')
  const fault = findTargetFault(endpoint, deps.allowedOrigins)
  if (fault) throw refusal('VALIDATION_FAILED', 'body.endpoint', `outbound.${fault}`)
  const digest = sha256(endpoint)
  const now = new Date(deps.clock.nowMs())
  await deps.db.transaction(async (client) => {
    await client.query(
      `INSERT INTO push_endpoints (account_id, digest, sealed, locale, registered_at, seen_at) VALUES ($1, $2, $3, $4, $5, $5)
       ON CONFLICT (digest) DO UPDATE SET account_id = $1, sealed = $3, locale = $4, seen_at = $5`,
      [accountId, digest, seal(deps.key!, JSON.stringify({ endpoint, keys }), contextOf(digest)), locale, now],
    )
    await client.query(
      `DELETE FROM push_endpoints WHERE account_id = $1 AND endpoint_id NOT IN (
         SELECT endpoint_id FROM push_endpoints WHERE account_id = $1 ORDER BY seen_at DESC, endpoint_id DESC LIMIT ${MOST})`,
      [accountId],
    )
  })
}

export async function removePush(db: Queryable, accountId: number, endpoint: string): Promise<void> {
  await db.query('DELETE FROM push_endpoints WHERE account_id = $1 AND digest = $2', [accountId, sha256(endpoint)])
}

const payload = z.object({ endpointId: z.int(), notificationId: z.int() })

/** Sends one notification to one endpoint. What is shown replaces what was shown of the same trip. */
export const pushJob = (deps: PushDeps): JobKind<z.output<typeof payload>> => ({
  payload,
  maxAttempts: ATTEMPTS,
  async run({ payload: { endpointId, notificationId }, signal }) {
    const { db, clock, key, pushKey, contact, allowedOrigins } = deps
    const { rows } = await db.query<{ accountId: number; digest: Buffer; sealed: Buffer; locale: 'zh-CN' | 'en' }>(
      'SELECT account_id AS "accountId", digest, sealed, locale FROM push_endpoints WHERE endpoint_id = $1',
      [endpointId],
    )
    const endpoint = rows[0]
    if (!endpoint || !key || !pushKey) return
    const clearances = (await listClearances(db, [endpoint.accountId], clock.nowMs())).get(endpoint.accountId) ?? []
    // What somebody else is signed in for by now, or what was read meanwhile, is not sent.
    const told = await findNotification(db, endpoint.accountId, sightOf(clearances), notificationId)
    if (!told || told.read) return
    const subscription = JSON.parse(unseal(key, endpoint.sealed, contextOf(endpoint.digest)).toString()) as Pick<
      Subscription,
      'endpoint' | 'keys'
    >
    const { title, text } = sayNotification(told, endpoint.locale)
    const tag = told.orderId === null ? (told.requestId === null ? told.kind : `request-${told.requestId}`) : `order-${told.orderId}`
    const hash = told.orderId === null ? '#me/told' : `#trips/${told.orderId}`
    const details = webPush.generateRequestDetails(subscription, JSON.stringify({ title, text, tag, hash }), {
      vapidDetails: { subject: contact, publicKey: pushPublicKey(pushKey), privateKey: pushKey },
      TTL: TTL_S,
      urgency: 'high',
    })
    const { status } = await post(details.endpoint, {
      headers: details.headers as Record<string, string>,
      body: details.body,
      allowedOrigins,
      signal,
    })
    if (status === 404 || status === 410) await db.query('DELETE FROM push_endpoints WHERE endpoint_id = $1', [endpointId])
    // Neither the address nor the keys are in what a job keeps of its failure.
    else if (status < 200 || status > 299) throw new Error(`the push service answered ${status}`)
  },
})
