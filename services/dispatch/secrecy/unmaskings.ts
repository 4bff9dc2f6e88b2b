// Unmaskings: asked for, decided by another person, limited, ended early or by time. State machine:
//
//   pending ──approve──▶ approved ──end / return──▶ ended
//      │ ├──refuse──▶ refused      └──time──▶ expired (true by the clock; written down when someone comes by)
//      │ └──return──▶ withdrawn
//
// Whoever asks learns nothing by asking: what was asked is only text until another person has found out what it means.
import type { OwnUnmasking } from '../../contracts/api/secrecy.ts'
import type { AnswerOf, BodyOf } from '../../contracts/api.ts'
import type { AuditAction } from '../../contracts/auditActions.ts'
import { dayAt } from '../../contracts/days.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type UnmaskingState, unmaskingStateAt } from '../../contracts/secrecy.ts'
import type { Queryable } from '../../platform/db.ts'
import { actorOf, type Caller } from '../audit/caller.ts'
import { recordAudit, system } from '../audit/record.ts'
import type { SecrecyDeps } from './handlers.ts'
import { ruleFor } from './policy.ts'
import { type Decidable, decidableOf, findUnmasking, ownOf, type Stored, unmaskingSql } from './unmaskingRows.ts'

const HOUR_MS = 3_600_000

/** @throws Refusal for too many hours by the policy of the caller's own organisation, or the same text asked twice: neither depends on any vehicle */
export async function requestUnmasking(
  { db, clock }: SecrecyDeps,
  caller: Caller,
  { vehicle: asked, purpose, hours }: { vehicle: string; purpose: string; hours: number },
): Promise<OwnUnmasking> {
  const nowMs = clock.nowMs()
  return db.transaction(async (client) => {
    const { maxHours } = await ruleFor(client, caller.scope, dayAt(nowMs))
    if (hours > maxHours) throw refusal('VALIDATION_FAILED', 'body.hours', 'unmask.hours', { max: maxHours })
    await client.query('SELECT FROM accounts WHERE account_id = $1 FOR UPDATE', [caller.accountId])
    const { rowCount } = await client.query(`SELECT FROM unmaskings WHERE account_id = $1 AND asked = $2 AND state = 'pending'`, [
      caller.accountId,
      asked,
    ])
    if (rowCount > 0) throw refusal('CONFLICT', 'body.vehicle', 'unmask.pending')
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO unmaskings (account_id, organisation_id, asked, purpose, hours, asked_at, state)
       VALUES ($1, $2, $3, $4, $5, $6, 'pending') RETURNING unmasking_id AS id`,
      [caller.accountId, caller.organisation.organisationId, asked, purpose, hours, new Date(nowMs)],
    )
    const unmaskingId = rows[0]!.id
    await record(client, caller, nowMs, 'unmask.request', unmaskingId, { after: { asked, hours }, purpose })
    return ownOf((await findUnmasking(client, unmaskingId))!, nowMs)
  })
}

export async function listOwnUnmaskings(
  { db, clock }: SecrecyDeps,
  caller: Caller,
  { limit, offset }: { limit: number; offset: number },
): Promise<AnswerOf<'listOwnUnmaskings'>> {
  const nowMs = clock.nowMs()
  const total = await countUnmaskings(db, 'r.account_id = $1', [caller.accountId])
  const { rows } = await db.query<Stored>(
    `SELECT r.* FROM (${unmaskingSql}) r WHERE r.account_id = $1 ORDER BY r.unmasking_id DESC LIMIT $2 OFFSET $3`,
    [caller.accountId, limit, offset],
  )
  const { maxHours } = await ruleFor(db, caller.scope, dayAt(nowMs))
  return { total, rows: rows.map((row) => ownOf(row, nowMs)), maxHours }
}

/** Told beyond the last page too. */
async function countUnmaskings(db: Queryable, test: string, values: unknown[]): Promise<number> {
  const { rows } = await db.query<{ total: number }>(`SELECT count(*) AS total FROM (${unmaskingSql}) r WHERE ${test}`, values)
  return rows[0]!.total
}

const onlyTests = {
  pending: `r.state = 'pending'`,
  running: `r.state = 'approved' AND r.until > $3`,
  over: `(r.state IN ('refused', 'withdrawn', 'ended', 'expired') OR r.until <= $3)`,
} as const

/** Those of accounts of the scope: whoever decides stands at or above where it was asked. */
export async function listUnmaskings(
  { db, clock, isSamePerson }: SecrecyDeps,
  caller: Caller,
  { only, limit, offset }: { only?: keyof typeof onlyTests | undefined; limit: number; offset: number },
): Promise<AnswerOf<'listUnmaskings'>> {
  const nowMs = clock.nowMs()
  const test = `r.home_lft BETWEEN $1 AND $2 AND $3::timestamptz IS NOT NULL AND ${only ? onlyTests[only] : 'true'}`
  const values = [caller.scope.lft, caller.scope.rgt, new Date(nowMs)]
  const total = await countUnmaskings(db, test, values)
  const { rows } = await db.query<Stored>(
    `SELECT r.* FROM (${unmaskingSql}) r WHERE ${test} ORDER BY (r.state = 'pending') DESC, r.unmasking_id DESC LIMIT $4 OFFSET $5`,
    [...values, limit, offset],
  )
  const found: Decidable[] = []
  for (const row of rows) found.push(await decidableOf(db, caller, row, nowMs, isSamePerson))
  return { total, rows: found }
}

/** The request, locked, of an account of the caller's scope. @throws Refusal NOT_FOUND */
async function lockUnmasking(client: Queryable, caller: Caller, unmaskingId: number): Promise<Stored> {
  await client.query('SELECT FROM unmaskings WHERE unmasking_id = $1 FOR UPDATE', [unmaskingId])
  const found = await findUnmasking(client, unmaskingId)
  if (!found || found.home_lft < caller.scope.lft || found.home_lft > caller.scope.rgt) throw new Refusal('NOT_FOUND')
  return found
}

const requireState = (row: Stored, nowMs: number, wanted: UnmaskingState): void => {
  if (unmaskingStateAt(row.state, row.until?.getTime() ?? null, nowMs) !== wanted)
    throw refusal('CONFLICT', 'params.unmaskingId', 'unmask.state')
}

type Decide = (client: Queryable, row: Stored, nowMs: number) => Promise<void>

/** One decision: locked, by another person than who asked, recorded, told to the sockets. */
async function decide({ db, clock, isSamePerson, onSightChanged }: SecrecyDeps, caller: Caller, unmaskingId: number, work: Decide) {
  const nowMs = clock.nowMs()
  const answer = await db.transaction(async (client) => {
    const row = await lockUnmasking(client, caller, unmaskingId)
    await work(client, row, nowMs)
    return decidableOf(client, caller, (await findUnmasking(client, unmaskingId))!, nowMs, isSamePerson)
  })
  onSightChanged()
  return answer
}

/** @throws Refusal NOT_FOUND, FORBIDDEN for the own request, CONFLICT when it is decided, or for what cannot be unmasked */
export const approveUnmasking = (
  deps: SecrecyDeps,
  caller: Caller,
  unmaskingId: number,
  { hours, reason }: BodyOf<'approveUnmasking'>,
): Promise<Decidable> =>
  decide(deps, caller, unmaskingId, async (client, row, nowMs) => {
    if (await deps.isSamePerson(client, caller.accountId, row.account_id)) throw refusal('FORBIDDEN', 'params.unmaskingId', 'unmask.self')
    requireState(row, nowMs, 'pending')
    const found = await decidableOf(client, caller, row, nowMs, deps.isSamePerson)
    if (found.finding === null) throw new Error('only the own request has no finding')
    if (found.finding !== 'secret') throw refusal('CONFLICT', 'params.unmaskingId', refusedFor[found.finding])
    const granted = Math.min(hours ?? row.hours, row.hours)
    if (granted > found.maxHours) throw refusal('VALIDATION_FAILED', 'body.hours', 'unmask.hours', { max: found.maxHours })
    const until = new Date(nowMs + granted * HOUR_MS)
    await client.query(
      `UPDATE unmaskings SET state = 'approved', secret_no = $2, decided_at = $3, decided_by = $4, decided_reason = $5, until = $6
       WHERE unmasking_id = $1`,
      [unmaskingId, found.secretNo, new Date(nowMs), caller.accountId, reason, until],
    )
    await record(client, caller, nowMs, 'unmask.approve', unmaskingId, {
      before: { state: 'pending', hours: row.hours },
      after: { state: 'approved', hours: granted, until: until.toISOString(), registerNo: found.secretNo, for: row.username },
      purpose: reason,
    })
  })

const refusedFor = { open: 'unmask.notSecret', none: 'unmask.none', outOfReach: 'unmask.outOfReach' } as const

export const refuseUnmasking = (deps: SecrecyDeps, caller: Caller, unmaskingId: number, reason: string): Promise<Decidable> =>
  decide(deps, caller, unmaskingId, async (client, row, nowMs) => {
    if (await deps.isSamePerson(client, caller.accountId, row.account_id)) throw refusal('FORBIDDEN', 'params.unmaskingId', 'unmask.self')
    requireState(row, nowMs, 'pending')
    await client.query(
      `UPDATE unmaskings SET state = 'refused', decided_at = $2, decided_by = $3, decided_reason = $4 WHERE unmasking_id = $1`,
      [unmaskingId, new Date(nowMs), caller.accountId, reason],
    )
    await record(client, caller, nowMs, 'unmask.refuse', unmaskingId, {
      before: { state: 'pending' },
      after: { state: 'refused', for: row.username },
      purpose: reason,
    })
  })

const end = async (client: Queryable, caller: Caller, row: Stored, nowMs: number, reason: string) => {
  requireState(row, nowMs, 'approved')
  await client.query(`UPDATE unmaskings SET state = 'ended', ended_at = $2, ended_by = $3, ended_reason = $4 WHERE unmasking_id = $1`, [
    row.unmasking_id,
    new Date(nowMs),
    caller.accountId,
    reason,
  ])
  await record(client, caller, nowMs, 'unmask.end', row.unmasking_id, {
    before: { state: 'approved', until: row.until?.toISOString() },
    after: { state: 'ended', for: row.username },
    purpose: reason,
  })
}

export const endUnmasking = (deps: SecrecyDeps, caller: Caller, unmaskingId: number, reason: string): Promise<Decidable> =>
  decide(deps, caller, unmaskingId, (client, row, nowMs) => end(client, caller, row, nowMs, reason))

/** Whoever asked takes it back: withdrawn before it is decided, ended while it runs. @throws Refusal NOT_FOUND for anybody else's */
export async function returnUnmasking(
  { db, clock, onSightChanged }: SecrecyDeps,
  caller: Caller,
  unmaskingId: number,
  reason: string,
): Promise<OwnUnmasking> {
  const nowMs = clock.nowMs()
  const answer = await db.transaction(async (client) => {
    await client.query('SELECT FROM unmaskings WHERE unmasking_id = $1 FOR UPDATE', [unmaskingId])
    const row = await findUnmasking(client, unmaskingId)
    if (row?.account_id !== caller.accountId) throw new Refusal('NOT_FOUND')
    if (row.state === 'pending') {
      await client.query(
        `UPDATE unmaskings SET state = 'withdrawn', ended_at = $2, ended_by = $3, ended_reason = $4 WHERE unmasking_id = $1`,
        [unmaskingId, new Date(nowMs), caller.accountId, reason],
      )
      await record(client, caller, nowMs, 'unmask.withdraw', unmaskingId, {
        before: { state: 'pending' },
        after: { state: 'withdrawn' },
        purpose: reason,
      })
    } else await end(client, caller, row, nowMs, reason)
    return ownOf((await findUnmasking(client, unmaskingId))!, nowMs)
  })
  onSightChanged()
  return answer
}

/** Writes down the ends that time has brought. They were in force without it. Returns how many there were. */
export async function recordExpired({ db }: Pick<SecrecyDeps, 'db'>, nowMs: number): Promise<number> {
  const { rowCount: due } = await db.query(`SELECT FROM unmaskings WHERE state = 'approved' AND until <= $1 LIMIT 1`, [new Date(nowMs)])
  if (due === 0) return 0
  return db.transaction(async (client) => {
    const { rows } = await client.query<{ id: number; until: Date; username: string }>(
      `UPDATE unmaskings u SET state = 'expired', ended_at = u.until FROM accounts a
       WHERE a.account_id = u.account_id AND u.state = 'approved' AND u.until <= $1
       RETURNING u.unmasking_id AS id, u.until, a.username`,
      [new Date(nowMs)],
    )
    for (const { id, until, username } of rows)
      await recordAudit(client, {
        atMs: nowMs,
        actor: system,
        action: 'unmask.expire',
        subject: { type: 'unmasking', id },
        before: { state: 'approved' },
        after: { state: 'expired', until: until.toISOString(), for: username },
      })
    return rows.length
  })
}

async function record(
  client: Queryable,
  caller: Caller,
  atMs: number,
  action: AuditAction,
  unmaskingId: number,
  what: { before?: object; after?: object; purpose: string },
): Promise<void> {
  await recordAudit(client, { atMs, actor: actorOf(caller), action, subject: { type: 'unmasking', id: unmaskingId }, ...what })
}
