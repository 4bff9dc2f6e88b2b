// Unmaskings: asked for, decided by another person, limited, ended early or by time (domain/lifecycle.ts has the table).
// Whoever asks learns nothing by asking: what was asked is only text until another person has found out what it means.
import type { OwnUnmasking } from '../../contracts/api/secrecy.ts'
import type { AnswerOf, BodyOf } from '../../contracts/api.ts'
import type { AuditAction } from '../../contracts/auditActions.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { type Side, type Standing, unmaskingLifecycle } from '../../domain/lifecycle.ts'
import { unmaskingStateAt } from '../../domain/secrecy.ts'
import type { Queryable } from '../../platform/db.ts'
import { wrote } from '../../platform/wrote.ts'
import { type Act, act } from '../kernel/act.ts'
import { may, type Who } from '../kernel/caller.ts'
import { type Refusals, requireStep, takenBy } from '../kernel/procedure.ts'
import { type AuditSubject, recordAuditMany, system } from '../kernel/record.ts'
import type { SecrecyDeps } from './deps.ts'
import { ruleFor } from './policy.ts'
import { type Decidable, decidableOf, findUnmasking, ownOf, type Stored, unmaskingSql } from './unmaskingRows.ts'

const HOUR_MS = 3_600_000

/** @throws Refusal for too many hours by the policy of the caller's own organisation, or the same text asked twice: neither depends on any vehicle */
export async function requestUnmasking(
  { db, clock }: SecrecyDeps,
  who: Who,
  { vehicle: asked, purpose, hours }: { vehicle: string; purpose: string; hours: number },
): Promise<OwnUnmasking> {
  return act({ db, clock }, who, async (step) => {
    const { client, caller, scope, nowMs } = step
    const { maxHours } = await ruleFor(client, scope, dayAt(nowMs))
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
    const own = ownOf((await findUnmasking(client, unmaskingId))!, nowMs)
    step.record('unmask.request', subjectOf(unmaskingId), { after: { asked, hours }, reason: purpose })
    return own
  })
}

export async function listOwnUnmaskings(
  { db, clock }: SecrecyDeps,
  who: Who,
  { limit, offset }: { limit: number; offset: number },
): Promise<AnswerOf<'listOwnUnmaskings'>> {
  const nowMs = clock.nowMs()
  const total = await countUnmaskings(db, 'r.account_id = $1', [who.caller.accountId])
  const { rows } = await db.query<Stored>(
    `SELECT r.* FROM (${unmaskingSql}) r WHERE r.account_id = $1 ORDER BY r.unmasking_id DESC LIMIT $2 OFFSET $3`,
    [who.caller.accountId, limit, offset],
  )
  const { maxHours } = await ruleFor(db, who.reach, dayAt(nowMs))
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
  { db, clock }: SecrecyDeps,
  who: Who,
  { only, limit, offset }: { only?: keyof typeof onlyTests | undefined; limit: number; offset: number },
): Promise<AnswerOf<'listUnmaskings'>> {
  const nowMs = clock.nowMs()
  const test = `r.home_lft BETWEEN $1 AND $2 AND $3::timestamptz IS NOT NULL AND ${only ? onlyTests[only] : 'true'}`
  const values = [who.reach.lft, who.reach.rgt, new Date(nowMs)]
  const total = await countUnmaskings(db, test, values)
  const { rows } = await db.query<Stored>(
    `SELECT r.* FROM (${unmaskingSql}) r WHERE ${test} ORDER BY (r.state = 'pending') DESC, r.unmasking_id DESC LIMIT $4 OFFSET $5`,
    [...values, limit, offset],
  )
  const found: Decidable[] = []
  for (const row of rows) found.push(await decidableOf(db, who, row, nowMs))
  return { total, rows: found }
}

/** The request, locked, of an account of the caller’s scope. @throws Refusal NOT_FOUND */
async function lockUnmasking({ client, scope }: Act, unmaskingId: number): Promise<Stored> {
  await client.query('SELECT FROM unmaskings WHERE unmasking_id = $1 FOR UPDATE', [unmaskingId])
  const found = await findUnmasking(client, unmaskingId)
  if (!found || found.home_lft < scope.lft || found.home_lft > scope.rgt) throw new Refusal('NOT_FOUND')
  return found
}

const refusals: Refusals = {
  notNow: { path: 'params.unmaskingId', reason: 'unmask.state' },
  samePerson: { code: 'FORBIDDEN', path: 'params.unmaskingId', reason: 'unmask.self' },
}

/** How it stands for the caller, who has it in his scope or asked for it himself. */
async function requireUnmaskingStep({ client, caller, nowMs }: Act, row: Stored, action: keyof typeof unmaskingLifecycle): Promise<void> {
  const [taken] = await takenBy(client, caller, [[{ action: 'start', accountId: row.account_id }]])
  const state = unmaskingStateAt(row.state, row.until?.getTime() ?? null, nowMs)
  const reaches = (side: Side | undefined): boolean => side !== 'asker' || row.account_id === caller.accountId
  const standing: Standing = { state, may: (capability) => may(caller, capability), reaches, taken: taken! }
  requireStep(unmaskingLifecycle, action, standing, refusals)
}

/** What is written of the step, and its record. */
type Written = { set: string; values: unknown[]; record: AuditAction; before: object; after: object; reason: string }

/** One step: the row locked, the step judged, written, recorded, and told to the sockets. */
async function takeStep(
  { db, clock, onSightChanged }: SecrecyDeps,
  who: Who,
  lock: (step: Act) => Promise<Stored>,
  actionOf: (row: Stored) => keyof typeof unmaskingLifecycle,
  write: (step: Act, row: Stored) => Promise<Written>,
): Promise<{ row: Stored; nowMs: number; decided: Decidable | undefined }> {
  return act({ db, clock, onDone: onSightChanged }, who, async (step) => {
    const { client, caller, scope, nowMs } = step
    const row = await lock(step)
    const action = actionOf(row)
    await requireUnmaskingStep(step, row, action)
    const { set, values, record, before, after, reason } = await write(step, row)
    await setState(client, row, `state = $2, ${set}`, [unmaskingLifecycle[action].to, ...values])
    const next = (await findUnmasking(client, row.unmasking_id))!
    const decided = row.account_id === caller.accountId ? undefined : await decidableOf(client, { caller, reach: scope }, next, nowMs)
    step.record(record, subjectOf(row.unmasking_id), { before, after, reason })
    return { row: next, nowMs, decided }
  })
}

/** A decision, by whoever has the asking account in his scope. */
async function decide(
  deps: SecrecyDeps,
  who: Who,
  unmaskingId: number,
  action: 'approve' | 'refuse' | 'end',
  write: (step: Act, row: Stored) => Promise<Written>,
): Promise<Decidable> {
  const { row, nowMs, decided } = await takeStep(
    deps,
    who,
    (step) => lockUnmasking(step, unmaskingId),
    () => action,
    write,
  )
  return decided ?? decidableOf(deps.db, who, row, nowMs)
}

/** @throws Refusal NOT_FOUND, FORBIDDEN for a request of one’s own, CONFLICT when it is decided, or for what cannot be unmasked */
export const approveUnmasking = (
  deps: SecrecyDeps,
  who: Who,
  unmaskingId: number,
  { hours, reason }: BodyOf<'approveUnmasking'>,
): Promise<Decidable> =>
  decide(deps, who, unmaskingId, 'approve', async ({ client, caller, scope, nowMs }, row) => {
    const found = await decidableOf(client, { caller, reach: scope }, row, nowMs)
    if (found.finding === null) throw new Error('only a request of one’s own has no finding')
    if (found.finding !== 'secret') throw refusal('CONFLICT', 'params.unmaskingId', refusedFor[found.finding])
    const granted = Math.min(hours ?? row.hours, row.hours)
    if (granted > found.maxHours) throw refusal('VALIDATION_FAILED', 'body.hours', 'unmask.hours', { max: found.maxHours })
    const until = new Date(nowMs + granted * HOUR_MS)
    return {
      set: 'secret_no = $3, decided_at = $4, decided_by = $5, decided_reason = $6, until = $7',
      values: [found.secretNo, new Date(nowMs), caller.accountId, reason, until],
      record: 'unmask.approve',
      before: { state: 'pending', hours: row.hours },
      after: { state: 'approved', hours: granted, until: until.toISOString(), registerNo: found.secretNo, for: row.username },
      reason,
    }
  })

const refusedFor = { open: 'unmask.notSecret', none: 'unmask.none', outOfReach: 'unmask.outOfReach' } as const

export const refuseUnmasking = (deps: SecrecyDeps, who: Who, unmaskingId: number, reason: string): Promise<Decidable> =>
  decide(deps, who, unmaskingId, 'refuse', async ({ caller, nowMs }, row) => ({
    set: 'decided_at = $3, decided_by = $4, decided_reason = $5',
    values: [new Date(nowMs), caller.accountId, reason],
    record: 'unmask.refuse',
    before: { state: 'pending' },
    after: { state: 'refused', for: row.username },
    reason,
  }))

const ended = async ({ caller, nowMs }: Act, row: Stored, reason: string): Promise<Written> => ({
  set: 'ended_at = $3, ended_by = $4, ended_reason = $5',
  values: [new Date(nowMs), caller.accountId, reason],
  ...(row.state === 'pending'
    ? { record: 'unmask.withdraw', before: { state: 'pending' }, after: { state: 'withdrawn' } }
    : {
        record: 'unmask.end',
        before: { state: 'approved', until: row.until?.toISOString() },
        after: { state: 'ended', for: row.username },
      }),
  reason,
})

export const endUnmasking = (deps: SecrecyDeps, who: Who, unmaskingId: number, reason: string): Promise<Decidable> =>
  decide(deps, who, unmaskingId, 'end', (step, row) => ended(step, row, reason))

/** Whoever asked takes it back: withdrawn before it is decided, ended while it runs. @throws Refusal NOT_FOUND for anybody else's */
export async function returnUnmasking(deps: SecrecyDeps, who: Who, unmaskingId: number, reason: string): Promise<OwnUnmasking> {
  const { row, nowMs } = await takeStep(
    deps,
    who,
    (step) => lockOwn(step, unmaskingId),
    ({ state }) => (state === 'pending' ? 'withdraw' : 'giveBack'),
    (step, stored) => ended(step, stored, reason),
  )
  return ownOf(row, nowMs)
}

async function lockOwn({ client, caller }: Act, unmaskingId: number): Promise<Stored> {
  await client.query('SELECT FROM unmaskings WHERE unmasking_id = $1 FOR UPDATE', [unmaskingId])
  const row = await findUnmasking(client, unmaskingId)
  if (row?.account_id !== caller.accountId) throw new Refusal('NOT_FOUND')
  return row
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
    await recordAuditMany(
      client,
      rows.map(({ id, until, username }) => ({
        atMs: nowMs,
        actor: system,
        action: 'unmask.expire',
        subject: { type: 'unmasking', id },
        before: { state: 'approved' },
        after: { state: 'expired', until: until.toISOString(), for: username },
      })),
    )
    return rows.length
  })
}

/** `set` has its values from $2 on. */
async function setState(client: Queryable, row: Stored, set: string, values: unknown[]): Promise<void> {
  const result = await client.query(`UPDATE unmaskings SET ${set} WHERE unmasking_id = $1`, [row.unmasking_id, ...values])
  wrote(result, 1, 'the state of an unmasking')
}

const subjectOf = (unmaskingId: number): AuditSubject => ({ type: 'unmasking', id: unmaskingId })
