// Unmaskings: asked for, decided by another person, limited, ended early or by time (domain/lifecycle.ts has the table).
// Whoever asks learns nothing by asking: what was asked is only text until another person has found out what it means.
import type { OwnUnmasking } from '../../contracts/api/secrecy.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import type { AuditAction } from '../../contracts/auditActions.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { dayAt } from '../../domain/days.ts'
import { unmaskingLifecycle } from '../../domain/lifecycle.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Act, type ActDeps, act, type Deed } from '../kernel/act.ts'
import type { Who } from '../kernel/caller.ts'
import type { Change, Procedure, Step, Stepped } from '../kernel/procedure.ts'
import type { AuditSubject } from '../kernel/record.ts'
import { takeStep, writeDownDue } from '../kernel/takeStep.ts'
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

type Unmasking = Stepped & { stored: Stored }

const steppedOf = (stored: Stored): Unmasking => ({
  id: stored.unmasking_id,
  state: stored.state,
  version: stored.version,
  takers: [{ action: 'start', accountId: stored.account_id }],
  times: { sinceMs: (stored.decided_at ?? stored.asked_at).getTime(), untilMs: stored.until?.getTime() ?? null },
  stored,
})

async function lock({ client }: Deed, unmaskingId: number): Promise<Stored | undefined> {
  await client.query('SELECT FROM unmaskings WHERE unmasking_id = $1 FOR UPDATE', [unmaskingId])
  return findUnmasking(client, unmaskingId)
}

/** A decision is theirs who have the asking account in their scope. */
const procedure: Procedure<Unmasking> = {
  lifecycle: unmaskingLifecycle,
  table: 'unmaskings',
  key: 'unmasking_id',
  async lock(act, unmaskingId) {
    const found = await lock(act, unmaskingId)
    if (!found || found.home_lft < act.scope.lft || found.home_lft > act.scope.rgt) throw new Refusal('NOT_FOUND')
    return steppedOf(found)
  },
  async listDue(db, nowMs) {
    const { rows } = await db.query<{ id: number }>(
      `SELECT unmasking_id AS id FROM unmaskings WHERE state = 'approved' AND until <= $1 ORDER BY unmasking_id`,
      [new Date(nowMs)],
    )
    return rows.map(({ id }) => id)
  },
  async lockDue(deed, id) {
    const found = await lock(deed, id)
    return found && steppedOf(found)
  },
  reaches: ({ caller }, { stored }, side) => side !== 'asker' || stored.account_id === caller.accountId,
  refusals: {
    notNow: { path: 'params.unmaskingId', reason: 'unmask.state' },
    samePerson: { code: 'FORBIDDEN', path: 'params.unmaskingId', reason: 'unmask.self' },
  },
  effects: {
    approve: { before: grant },
    refuse: {
      before: async (act, { stored }, { reason }) => ({ set: decision(act, reason), after: { for: stored.username } }),
    },
    end: { before: ending },
    withdraw: { before: async (act, _row, { reason }) => ({ set: end(act, reason) }) },
    giveBack: { before: ending },
  },
  effectsOfClock: {
    expire: {
      before: async (_deed, { stored: { until, username } }) => ({
        set: { ended_at: until },
        after: { until: until!.toISOString(), for: username },
      }),
    },
  },
  record: ({ id }, { action }) => ({ action: recordAs[action as keyof typeof recordAs], subject: subjectOf(id) }),
}
const recordAs = {
  approve: 'unmask.approve',
  refuse: 'unmask.refuse',
  end: 'unmask.end',
  giveBack: 'unmask.end',
  withdraw: 'unmask.withdraw',
  expire: 'unmask.expire',
} as const satisfies Record<keyof typeof unmaskingLifecycle, AuditAction>

/** Taking it back is theirs alone who asked: nobody else learns of it here. */
const ownProcedure: Procedure<Unmasking> = {
  ...procedure,
  async lock(act, unmaskingId) {
    const found = await lock(act, unmaskingId)
    if (found?.account_id !== act.caller.accountId) throw new Refusal('NOT_FOUND')
    return steppedOf(found)
  },
}

const decision = ({ caller, nowMs }: Act, reason: string) => ({
  decided_at: new Date(nowMs),
  decided_by: caller.accountId,
  decided_reason: reason,
})
const end = ({ caller, nowMs }: Act, reason: string) => ({ ended_at: new Date(nowMs), ended_by: caller.accountId, ended_reason: reason })

async function grant(act: Act, { stored }: Unmasking, { reason, data }: Step): Promise<Change> {
  const { client, caller, scope, nowMs } = act
  const found = await decidableOf(client, { caller, reach: scope }, stored, nowMs)
  if (found.finding === null) throw new Error('only a request of one’s own has no finding')
  if (found.finding !== 'secret') throw refusal('CONFLICT', 'params.unmaskingId', refusedFor[found.finding])
  const hours = Math.min((data.hours as number | undefined) ?? stored.hours, stored.hours)
  if (hours > found.maxHours) throw refusal('VALIDATION_FAILED', 'body.hours', 'unmask.hours', { max: found.maxHours })
  const until = new Date(nowMs + hours * HOUR_MS)
  return {
    set: { secret_no: found.secretNo, ...decision(act, reason), until },
    before: { hours: stored.hours },
    after: { hours, until: until.toISOString(), registerNo: found.secretNo, for: stored.username },
  }
}
const refusedFor = { open: 'unmask.notSecret', none: 'unmask.none', outOfReach: 'unmask.outOfReach' } as const

async function ending(act: Act, { stored }: Unmasking, { reason }: Step): Promise<Change> {
  return { set: end(act, reason), before: { until: stored.until?.toISOString() }, after: { for: stored.username } }
}

/** @throws Refusal NOT_FOUND, FORBIDDEN for a request of one’s own, CONFLICT when it is decided, or for what cannot be unmasked */
export const decideUnmasking = (
  { db, clock, onSightChanged }: SecrecyDeps,
  who: Who,
  unmaskingId: number,
  asked: { action: 'approve' | 'refuse' | 'end'; reason: string; data?: { hours?: number | undefined } },
): Promise<Decidable> =>
  act({ db, clock, onDone: onSightChanged }, who, async (running) => {
    const { client, caller, scope, nowMs } = running
    await takeStep(running, procedure, unmaskingId, asked)
    return decidableOf(client, { caller, reach: scope }, (await findUnmasking(client, unmaskingId))!, nowMs)
  })

/** Whoever asked takes it back: withdrawn before it is decided, ended while it runs. @throws Refusal NOT_FOUND for anybody else's */
export const returnUnmasking = (
  { db, clock, onSightChanged }: SecrecyDeps,
  who: Who,
  unmaskingId: number,
  reason: string,
): Promise<OwnUnmasking> =>
  act({ db, clock, onDone: onSightChanged }, who, async (running) => {
    const action = ({ state }: Unmasking) => (state === 'pending' ? 'withdraw' : 'giveBack')
    await takeStep(running, ownProcedure, unmaskingId, { action, reason })
    return ownOf((await findUnmasking(running.client, unmaskingId))!, running.nowMs)
  })

/** Writes down the ends that time has brought. They were in force without it. Returns how many there were. */
export const recordExpired = ({ db, clock }: ActDeps): Promise<number> => writeDownDue({ db, clock }, procedure)

const subjectOf = (unmaskingId: number): AuditSubject => ({ type: 'unmasking', id: unmaskingId })
