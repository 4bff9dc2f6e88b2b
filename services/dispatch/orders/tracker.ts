// The phone as the tracker: a driver's consent, and what his phone says of where the vehicle is while his order runs. It goes the way of every position, through
// the broker and ingest (ingest/kinds/phone.ts); what is refused here goes nowhere.
import { randomUUID } from 'node:crypto'
import type { AnswerOf } from '../../contracts/api.ts'
import type { PhoneFixMessage } from '../../contracts/phoneFix.ts'
import { refusal } from '../../contracts/refusals.ts'
import { phoneTopic } from '../../contracts/topics.ts'
import { timeOfDeed } from '../../domain/deviceClock.ts'
import { CONSENT_TEXT, fixRefusal } from '../../domain/phoneFixes.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Act } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import { loadOrder } from './orderRows.ts'
import { ownFor, type Sent } from './own.ts'

/** Puts a message on the way into ingest and waits for its receipt. @throws Refusal UNAVAILABLE when none comes in time */
export type BringIn = (topic: string, receiptId: string, payload: Uint8Array) => Promise<{ fixes: number; quarantined: number }>

/** The region's own code: a phone is of no district. */
const ADCODE = '150000'

type Consent = { given_at: Date; text_version: number; withdrawn_at: Date | null }
const asOf = async (db: Queryable, accountId: number): Promise<Consent | undefined> =>
  (
    await db.query<Consent>(
      'SELECT given_at, text_version, withdrawn_at FROM tracking_consents WHERE account_id = $1 ORDER BY given_at DESC LIMIT 1',
      [accountId],
    )
  ).rows[0]
const inForce = (consent: Consent | undefined): Consent | undefined =>
  consent && consent.withdrawn_at === null && consent.text_version === CONSENT_TEXT ? consent : undefined

/** One's own consent: whether it stands, to which text and since when. */
export async function readConsent(db: Queryable, accountId: number): Promise<AnswerOf<'getTrackingConsent'>> {
  const consent = await asOf(db, accountId)
  return {
    textVersion: CONSENT_TEXT,
    given: inForce(consent) !== undefined,
    consent: consent
      ? {
          textVersion: consent.text_version,
          givenAt: consent.given_at.toISOString(),
          withdrawnAt: consent.withdrawn_at?.toISOString() ?? null,
        }
      : null,
  }
}

const shown = (consent: Consent | undefined) => ({ tracking: inForce(consent) !== undefined, textVersion: consent?.text_version ?? null })

/** Consents, or takes it back, at once. @throws Refusal CONFLICT for another text than the one that is asked about now */
export async function setConsent(act: Act, { given, textVersion }: Sent<'setTrackingConsent'>): Promise<AnswerOf<'getTrackingConsent'>> {
  const { client, caller, nowMs } = act
  const { accountId } = caller
  if (given && textVersion !== CONSENT_TEXT) throw refusal('CONFLICT', 'body.textVersion', 'tracking.text')
  const { rows } = await client.query<{ driver_id: number | null }>('SELECT driver_id FROM accounts WHERE account_id = $1 FOR UPDATE', [
    accountId,
  ])
  if (given && rows[0]!.driver_id === null) throw refusal('CONFLICT', 'body.given', 'tracking.driver')
  const before = await asOf(client, accountId)
  if ((inForce(before) !== undefined) !== given || (before?.withdrawn_at === null && !given)) {
    await client.query('UPDATE tracking_consents SET withdrawn_at = $2 WHERE account_id = $1 AND withdrawn_at IS NULL', [
      accountId,
      new Date(nowMs),
    ])
    if (given)
      await client.query('INSERT INTO tracking_consents (account_id, given_at, text_version) VALUES ($1, $2, $3)', [
        accountId,
        new Date(nowMs),
        textVersion,
      ])
    act.record(
      given ? 'tracking.consent' : 'tracking.withdraw',
      { type: 'account', id: accountId },
      { before: shown(before), after: { tracking: given, textVersion: given ? textVersion : (before?.text_version ?? null) } },
    )
  }
  return readConsent(client, accountId)
}

type Deps = { db: Database; clock: Clock; bringIn: BringIn }
/** A part of the order that the caller drove, or drives. */
type Part = { vehicleId: number; from: Date; until: Date | null }

/**
 * Takes what a driver's phone said of its places during his order. Of a batch those are refused, each with its reason, that are from before the departure,
 * after the return, or not covered by his consent.
 * @throws Refusal CONFLICT when it is another's order, no part of which he drove, without his consent or when none of them can be taken, UNAVAILABLE when
 * nobody says that they are kept: they may be sent again, and are the same then
 */
export async function sendFixes(
  { db, clock, bringIn }: Deps,
  { caller, reach }: Who,
  orderId: number,
  { sentAtDevice, fixes }: Sent<'sendOrderFixes'>,
): Promise<AnswerOf<'sendOrderFixes'>> {
  const nowMs = clock.nowMs()
  await loadOrder(db, reach, ownFor(caller, 'order.drive'), orderId, nowMs)
  const { rows: parts } = await db.query<Part>(
    `SELECT p.vehicle_id AS "vehicleId", p.from_at AS "from", p.until_at AS until FROM order_parts p JOIN accounts a USING (driver_id)
     WHERE p.order_id = $1 AND a.account_id = $2 AND p.vehicle_id IS NOT NULL ORDER BY p.leg`,
    [orderId, caller.accountId],
  )
  const { rows } = await db.query(
    `SELECT FROM dispatch_orders d JOIN accounts a USING (driver_id) WHERE d.order_id = $1 AND a.account_id = $2 AND d.vehicle_id IS NOT NULL`,
    [orderId, caller.accountId],
  )
  if (parts.length + rows.length === 0) throw refusal('CONFLICT', 'body.fixes', 'tracking.other')
  const consent = inForce(await asOf(db, caller.accountId))
  if (!consent) throw refusal('CONFLICT', 'body.fixes', 'tracking.consent')
  // A fix that comes late is of whoever drove then, and of his vehicle then.
  const trackedAt = (time: number) => {
    const part = parts.findLast(({ from }) => from.getTime() <= time) ?? parts[0]
    const tracked = {
      departedMs: part?.from.getTime() ?? null,
      returnedMs: part?.until?.getTime() ?? null,
      consentedMs: consent.given_at.getTime(),
    }
    return { vehicleId: part?.vehicleId, why: fixRefusal(time, tracked) }
  }
  const sentMs = Date.parse(sentAtDevice)
  const taken: PhoneFixMessage[] = []
  const refused: AnswerOf<'sendOrderFixes'>['refused'] = []
  for (const [index, { atDevice, ...place }] of fixes.entries()) {
    const deviceTime = Date.parse(atDevice)
    const { atMs: time } = timeOfDeed({ doneMs: deviceTime, sentMs }, nowMs, 0)
    const { vehicleId, why } = trackedAt(time)
    if (why) refused.push({ index, reason: why })
    else taken.push({ ...place, time, deviceTime, vehicleId: vehicleId!, orderId })
  }
  if (taken.length === 0) throw refusal('CONFLICT', 'body.fixes', `tracking.${refused[0]!.reason}`)
  const receiptId = randomUUID().replaceAll('-', '')
  const receipt = await bringIn(phoneTopic(ADCODE, receiptId), receiptId, Buffer.from(JSON.stringify(taken)))
  return { taken: receipt.fixes - receipt.quarantined, refused }
}
