// What the system administrator does to accounts. It never gives a role: that is another person's work (grants.ts).
import type { AnswerOf } from '../../contracts/api.ts'
import type { AuditAction } from '../../contracts/auditActions.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { type Act, type ActDeps, act, difference, requireVersion } from '../kernel/act.ts'
import type { Scope, Who } from '../kernel/caller.ts'
import { isSamePerson, ofAccount } from '../kernel/persons.ts'
import type { Call } from '../routes.ts'
import { type EntryCode, endCode, issueCode } from './entry.ts'
import { forgetFailures } from './failures.ts'
import { hashPassword, newOneTimePassword, rememberPassword } from './passwords.ts'
import type { Sessions } from './sessions.ts'

type Changed = AnswerOf<'disableAccount'>
/** What of a change goes on record. */
export type Change = { before?: object; after?: object; detail?: object }

/**
 * The account, locked until the transaction's end; foreign and absent are the same.
 * @throws Refusal NOT_FOUND, CHANGED_MEANWHILE when `version` is not what it is now
 */
async function lockAccount(client: Queryable, scope: Scope, accountId: number, version?: number): Promise<Row> {
  const { rows } = await client.query(
    `SELECT a.* FROM accounts a JOIN organisations o USING (organisation_id)
     WHERE a.account_id = $1 AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF a`,
    [accountId, scope.lft, scope.rgt],
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  if (version !== undefined) requireVersion({ version: row.version as number }, version)
  return row
}

/** @throws Refusal NOT_FOUND unless the organisation is inside `scope`, VALIDATION_FAILED for one that is closed: nothing new hangs there */
export async function requireUnit(client: Queryable, scope: Scope, organisationId: number): Promise<void> {
  const { rows } = await client.query<{ name: string; closed: boolean }>(
    'SELECT name, closed_at IS NOT NULL AS closed FROM organisations WHERE organisation_id = $1 AND lft BETWEEN $2 AND $3',
    [organisationId, scope.lft, scope.rgt],
  )
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  if (rows[0].closed) throw refusal('VALIDATION_FAILED', 'body.organisationId', 'unit.closed', { name: rows[0].name })
}

async function requireDriver(client: Queryable, scope: Scope, driverId: number): Promise<void> {
  const { rows } = await client.query(
    'SELECT 1 FROM drivers d JOIN organisations o USING (organisation_id) WHERE d.driver_id = $1 AND o.lft BETWEEN $2 AND $3',
    [driverId, scope.lft, scope.rgt],
  )
  if (rows.length === 0) throw new Refusal('NOT_FOUND')
}

export class Accounts {
  readonly #deps: ActDeps
  readonly #sessions: Sessions

  constructor(deps: ActDeps, sessions: Sessions) {
    this.#deps = deps
    this.#sessions = sessions
  }

  async create(who: Who, body: Call<'createAccount'>['body']): Promise<AnswerOf<'createAccount'>> {
    const oneTimePassword = newOneTimePassword()
    const passwordHash = await hashPassword(oneTimePassword)
    const { username, displayName, personNo, phone = null, organisationId, driverId = null, requestedRole, reason } = body
    const accountId = await act(this.#deps, who, async ({ client, caller, scope, nowMs, record }) => {
      await requireUnit(client, scope, organisationId)
      if (driverId !== null) await requireDriver(client, scope, driverId)
      const { rows } = await client.query<{ account_id: number }>(
        `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, driver_id, status, person_no, phone, created_at,
           created_by, password_by, password_set_at, must_change_password)
         VALUES ($1, $2, $3, NULL, $4, $5, 'pending', $6, $7, $8, $9, $9, $8, true)
         ON CONFLICT DO NOTHING RETURNING account_id`,
        [username, displayName, passwordHash, organisationId, driverId, personNo, phone, new Date(nowMs), caller.accountId],
      )
      if (!rows[0]) throw refusal('CONFLICT', 'body.username', 'account.nameTaken', { username })
      const id = rows[0].account_id
      await rememberPassword(client, id, passwordHash, nowMs)
      await client.query(
        `INSERT INTO role_grants (account_id, role, organisation_id, requested_at, requested_by, request_reason) VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, requestedRole, organisationId, new Date(nowMs), caller.accountId, reason],
      )
      record('account.create', ofAccount(id), {
        after: { username, displayName, personNo, phone, organisationId, driverId, requestedRole },
        reason,
      })
      return id
    })
    return { accountId, version: 1, oneTimePassword }
  }

  change(who: Who, accountId: number, { version, reason, ...fields }: Call<'changeAccount'>['body']): Promise<Changed> {
    return this.act(who, accountId, { action: 'account.change', version, reason, others: true }, async (step, row) => {
      const next = {
        displayName: fields.displayName ?? (row.display_name as string),
        phone: fields.phone === undefined ? (row.phone as string | null) : fields.phone,
        driverId: fields.driverId === undefined ? (row.driver_id as number | null) : fields.driverId,
      }
      if (next.driverId !== null && next.driverId !== row.driver_id) await requireDriver(step.client, step.scope, next.driverId as number)
      await step.client.query('UPDATE accounts SET display_name = $2, phone = $3, driver_id = $4 WHERE account_id = $1', [
        accountId,
        next.displayName,
        next.phone,
        next.driverId,
      ])
      const old = { displayName: row.display_name as string, phone: row.phone as string | null, driverId: row.driver_id as number | null }
      const changed = difference(old, next)
      if ('driverId' in changed.after) await this.#askAgain(step, row, reason)
      return changed
    })
  }

  /** Whose vehicle and whose duty an account sees is part of who it is: its role waits for the security administrator again. */
  async #askAgain(step: Act, row: Row, reason: string): Promise<void> {
    if (row.role === null) return
    const { client, caller, nowMs } = step
    const now = new Date(nowMs)
    await client.query(`UPDATE role_grants SET ended_at = $2, ended_by = $3, end_reason = $4 WHERE account_id = $1 AND ended_at IS NULL`, [
      row.account_id,
      now,
      caller.accountId,
      reason,
    ])
    await client.query(
      `INSERT INTO role_grants (account_id, role, organisation_id, requested_at, requested_by, request_reason) VALUES ($1, $2, $3, $4, $5, $6)`,
      [row.account_id, row.role, row.organisation_id, now, caller.accountId, reason],
    )
    await client.query(
      `UPDATE accounts SET role = NULL, role_expires_at = NULL, status = CASE status WHEN 'active' THEN 'pending' ELSE status END
       WHERE account_id = $1`,
      [row.account_id],
    )
    await this.#sessions.endOf(step, row.account_id as number)
  }

  /** @throws Refusal TWO_PERSON_RULE for one's own account */
  disable(who: Who, accountId: number, { version, reason }: Call<'disableAccount'>['body']): Promise<Changed> {
    return this.act(who, accountId, { action: 'account.disable', version, reason, others: true }, async (step, row) => {
      if (row.status === 'disabled') throw refusal('CONFLICT', 'params.accountId', 'account.disabled')
      await step.client.query(`UPDATE accounts SET status = 'disabled' WHERE account_id = $1`, [accountId])
      await this.#sessions.endOf(step, accountId)
      return { before: { status: row.status }, after: { status: 'disabled' } }
    })
  }

  enable(who: Who, accountId: number, { version, reason }: Call<'enableAccount'>['body']): Promise<Changed> {
    return this.act(who, accountId, { action: 'account.enable', version, reason, others: true }, async ({ client }, row) => {
      if (row.status !== 'disabled') throw refusal('CONFLICT', 'params.accountId', 'account.notDisabled')
      const status = row.role === null ? 'pending' : 'active'
      await client.query('UPDATE accounts SET status = $2 WHERE account_id = $1', [accountId, status])
      return { before: { status: 'disabled' }, after: { status } }
    })
  }

  /** Half of a reset: the password given here opens nothing without the code of another person, or the owner's second factor. */
  async resetPassword(who: Who, accountId: number, { version, reason }: Call<'resetPassword'>['body']): Promise<AnswerOf<'resetPassword'>> {
    const oneTimePassword = newOneTimePassword()
    const passwordHash = await hashPassword(oneTimePassword)
    const changed = await this.act(who, accountId, { action: 'password.reset', version, reason, others: true }, async (step) => {
      const { client, caller, nowMs } = step
      await client.query(
        'UPDATE accounts SET password_hash = $2, password_set_at = $3, password_by = $4, must_change_password = true WHERE account_id = $1',
        [accountId, passwordHash, new Date(nowMs), caller.accountId],
      )
      await rememberPassword(client, accountId, passwordHash, nowMs)
      await endCode(client, accountId)
      await forgetFailures(client, accountId, nowMs)
      await this.#sessions.endOf(step, accountId)
      return {}
    })
    return { ...changed, oneTimePassword }
  }

  /** The other half of a reset, of a grant, or of a lost second factor. @throws Refusal TWO_PERSON_RULE */
  async issueEntryCode(
    who: Who,
    accountId: number,
    { version, reason }: Call<'issueEntryCode'>['body'],
  ): Promise<AnswerOf<'issueEntryCode'>> {
    let entryCode: EntryCode | undefined
    const changed = await this.act(who, accountId, { action: 'entry.issue', version, reason }, async ({ client, caller, nowMs }, row) => {
      if (row.status !== 'active') throw refusal('CONFLICT', 'params.accountId', 'account.noRole')
      entryCode = await issueCode(client, caller.accountId, accountId, nowMs)
      return { detail: { expiresAt: entryCode.expiresAt } }
    })
    return { ...changed, entryCode: entryCode! }
  }

  async unlock(who: Who, accountId: number, reason: string): Promise<void> {
    await this.act(who, accountId, { action: 'account.unlock', reason }, async ({ client, nowMs }) => ({
      detail: { wasLocked: await forgetFailures(client, accountId, nowMs) },
    }))
  }

  async endSessions(who: Who, accountId: number, reason: string): Promise<{ ended: number }> {
    let count = 0
    await this.act(who, accountId, { action: 'session.end-all', reason }, async (step) => {
      count = await this.#sessions.endOf(step, accountId)
      return { detail: { sessions: count } }
    })
    return { ended: count }
  }

  /** Locks, checks the version, does `work`, counts the version up, records. */
  async act(
    who: Who,
    accountId: number,
    { action, version, reason, others }: { action: AuditAction; version?: number; reason: string; others?: true },
    work: (step: Act, row: Row) => Promise<Change>,
  ): Promise<Changed> {
    return act(this.#deps, who, async (step) => {
      const { client, caller, scope } = step
      const row = await lockAccount(client, scope, accountId, version)
      if (others && (await isSamePerson(client, caller.accountId, accountId))) throw new Refusal('TWO_PERSON_RULE')
      const what = await work(step, row)
      // What concerns the sign-in alone leaves the row, and so its version, as it was.
      const next = version === undefined ? (row.version as number) : (row.version as number) + 1
      if (version !== undefined) await client.query('UPDATE accounts SET version = $2 WHERE account_id = $1', [accountId, next])
      step.record(action, ofAccount(accountId), { ...what, reason })
      return { accountId, version: next }
    })
  }
}
