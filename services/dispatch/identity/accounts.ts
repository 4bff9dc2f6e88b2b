// What the system administrator does to accounts. It never gives a role: that is another person's work (grants.ts).
import type { AnswerOf } from '../../contracts/api.ts'
import type { AuditAction } from '../../contracts/auditActions.ts'
import { invalidInput, Refusal } from '../../contracts/errors.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable, Row } from '../../platform/db.ts'
import { actorOf, type Caller, type Scope } from '../audit/caller.ts'
import { recordAudit } from '../audit/record.ts'
import type { Call } from '../routes.ts'
import { forgetFailures } from './failures.ts'
import { hashPassword, newOneTimePassword, rememberPassword } from './passwords.ts'
import { findPerson, isSamePerson, ofAccount } from './persons.ts'
import type { Sessions } from './sessions.ts'

type Changed = AnswerOf<'disableAccount'>
/** What a change did: what of it goes on record, and whose sessions ended. */
export type Change = { before?: object; after?: object; detail?: object; ended?: Buffer[] }

/**
 * The account, locked until the transaction's end; foreign and absent are the same.
 * @throws Refusal NOT_FOUND, CONFLICT when `version` is not what it is now
 */
async function lockAccount(client: Queryable, scope: Scope, accountId: number, version?: number): Promise<Row> {
  const { rows } = await client.query(
    `SELECT a.* FROM accounts a JOIN organisations o USING (organisation_id)
     WHERE a.account_id = $1 AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF a`,
    [accountId, scope.lft, scope.rgt],
  )
  const row = rows[0]
  if (!row) throw new Refusal('NOT_FOUND')
  if (version !== undefined && row.version !== version) throw new Refusal('CONFLICT')
  return row
}

/** @throws Refusal NOT_FOUND unless the organisation is inside `scope` */
export async function requireUnit(client: Queryable, scope: Scope, organisationId: number): Promise<void> {
  const { rows } = await client.query('SELECT 1 FROM organisations WHERE organisation_id = $1 AND lft BETWEEN $2 AND $3', [
    organisationId,
    scope.lft,
    scope.rgt,
  ])
  if (rows.length === 0) throw new Refusal('NOT_FOUND')
}

async function requireDriver(client: Queryable, scope: Scope, driverId: number): Promise<void> {
  const { rows } = await client.query(
    'SELECT 1 FROM drivers d JOIN organisations o USING (organisation_id) WHERE d.driver_id = $1 AND o.lft BETWEEN $2 AND $3',
    [driverId, scope.lft, scope.rgt],
  )
  if (rows.length === 0) throw new Refusal('NOT_FOUND')
}

export class Accounts {
  readonly #db: Database
  readonly #clock: Clock
  readonly #sessions: Sessions

  constructor(db: Database, clock: Clock, sessions: Sessions) {
    this.#db = db
    this.#clock = clock
    this.#sessions = sessions
  }

  async create(caller: Caller, body: Call<'createAccount'>['body']): Promise<AnswerOf<'createAccount'>> {
    const oneTimePassword = newOneTimePassword()
    const passwordHash = await hashPassword(oneTimePassword)
    const nowMs = this.#clock.nowMs()
    const { username, displayName, personNo, phone = null, organisationId, driverId = null, requestedRole, reason } = body
    const accountId = await this.#db.transaction(async (client) => {
      await requireUnit(client, caller.scope, organisationId)
      if (driverId !== null) await requireDriver(client, caller.scope, driverId)
      const { rows } = await client.query<{ account_id: number }>(
        `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, driver_id, status, person_no, phone, created_at,
           created_by, password_set_at, must_change_password)
         VALUES ($1, $2, $3, NULL, $4, $5, 'pending', $6, $7, $8, $9, $8, true)
         ON CONFLICT (username) DO NOTHING RETURNING account_id`,
        [username, displayName, passwordHash, organisationId, driverId, personNo, phone, new Date(nowMs), caller.accountId],
      )
      if (!rows[0]) throw invalidInput('body.username', 'taken')
      const id = rows[0].account_id
      await rememberPassword(client, id, passwordHash, nowMs)
      await client.query(
        `INSERT INTO role_grants (account_id, role, organisation_id, requested_at, requested_by, request_reason) VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, requestedRole, organisationId, new Date(nowMs), caller.accountId, reason],
      )
      await recordAudit(client, {
        atMs: nowMs,
        actor: actorOf(caller),
        action: 'account.create',
        subject: ofAccount(id),
        after: { username, displayName, personNo, phone, organisationId, driverId, requestedRole },
        purpose: reason,
      })
      return id
    })
    return { accountId, version: 1, oneTimePassword }
  }

  change(caller: Caller, accountId: number, { version, reason, ...fields }: Call<'changeAccount'>['body']): Promise<Changed> {
    return this.act(caller, accountId, { action: 'account.change', version, reason }, async (client, row) => {
      const next = {
        displayName: fields.displayName ?? (row.display_name as string),
        phone: fields.phone === undefined ? (row.phone as string | null) : fields.phone,
        driverId: fields.driverId === undefined ? (row.driver_id as number | null) : fields.driverId,
      }
      if (next.driverId !== null && next.driverId !== row.driver_id) await requireDriver(client, caller.scope, next.driverId as number)
      await client.query('UPDATE accounts SET display_name = $2, phone = $3, driver_id = $4 WHERE account_id = $1', [
        accountId,
        next.displayName,
        next.phone,
        next.driverId,
      ])
      const old = { displayName: row.display_name, phone: row.phone, driverId: row.driver_id }
      const keys = (Object.keys(next) as (keyof typeof next)[]).filter((key) => next[key] !== old[key])
      const pick = (from: object) => Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key as keyof typeof next)))
      return { before: pick(old), after: pick(next) }
    })
  }

  /** @throws Refusal TWO_PERSON_RULE for one's own account */
  disable(caller: Caller, accountId: number, { version, reason }: Call<'disableAccount'>['body']): Promise<Changed> {
    return this.act(caller, accountId, { action: 'account.disable', version, reason, others: true }, async (client, row) => {
      if (row.status === 'disabled') throw new Refusal('CONFLICT')
      await client.query(`UPDATE accounts SET status = 'disabled' WHERE account_id = $1`, [accountId])
      const ended = await this.#sessions.endOf(client, accountId)
      return { before: { status: row.status }, after: { status: 'disabled' }, ended }
    })
  }

  enable(caller: Caller, accountId: number, { version, reason }: Call<'enableAccount'>['body']): Promise<Changed> {
    return this.act(caller, accountId, { action: 'account.enable', version, reason, others: true }, async (client, row) => {
      if (row.status !== 'disabled') throw new Refusal('CONFLICT')
      const status = row.role === null ? 'pending' : 'active'
      await client.query('UPDATE accounts SET status = $2 WHERE account_id = $1', [accountId, status])
      return { before: { status: 'disabled' }, after: { status } }
    })
  }

  async resetPassword(
    caller: Caller,
    accountId: number,
    { version, reason }: Call<'resetPassword'>['body'],
  ): Promise<AnswerOf<'resetPassword'>> {
    const oneTimePassword = newOneTimePassword()
    const passwordHash = await hashPassword(oneTimePassword)
    const nowMs = this.#clock.nowMs()
    const changed = await this.act(caller, accountId, { action: 'password.reset', version, reason, others: true }, async (client, row) => {
      await client.query(
        'UPDATE accounts SET password_hash = $2, password_set_at = $3, must_change_password = true WHERE account_id = $1',
        [accountId, passwordHash, new Date(nowMs)],
      )
      await rememberPassword(client, accountId, passwordHash, nowMs)
      await forgetFailures(client, row.username as string, nowMs)
      return { ended: await this.#sessions.endOf(client, accountId) }
    })
    return { ...changed, oneTimePassword }
  }

  async unlock(caller: Caller, accountId: number, reason: string): Promise<void> {
    await this.act(caller, accountId, { action: 'account.unlock', reason }, async (client, row) => ({
      detail: { wasLocked: await forgetFailures(client, row.username as string, this.#clock.nowMs()) },
    }))
  }

  async endSessions(caller: Caller, accountId: number, reason: string): Promise<{ ended: number }> {
    let count = 0
    await this.act(caller, accountId, { action: 'session.end-all', reason }, async (client) => {
      const ended = await this.#sessions.endOf(client, accountId)
      count = ended.length
      return { ended, detail: { sessions: count } }
    })
    return { ended: count }
  }

  /** Locks, checks the version, does `work`, counts the version up, records; the sessions that ended are told after the commit. */
  async act(
    caller: Caller,
    accountId: number,
    { action, version, reason, others }: { action: AuditAction; version?: number; reason: string; others?: true },
    work: (client: Queryable, row: Row) => Promise<Change>,
  ): Promise<Changed> {
    const { changed, ended } = await this.#db.transaction(async (client) => {
      const row = await lockAccount(client, caller.scope, accountId, version)
      if (others && isSamePerson(await findPerson(client, caller.accountId), await findPerson(client, accountId)))
        throw new Refusal('TWO_PERSON_RULE')
      const { before, after, detail, ended = [] } = await work(client, row)
      // What concerns the sign-in alone leaves the row, and so its version, as it was.
      const next = version === undefined ? (row.version as number) : (row.version as number) + 1
      if (version !== undefined) await client.query('UPDATE accounts SET version = $2 WHERE account_id = $1', [accountId, next])
      await recordAudit(client, {
        atMs: this.#clock.nowMs(),
        actor: actorOf(caller),
        action,
        subject: ofAccount(accountId),
        before,
        after,
        detail,
        purpose: reason,
      })
      return { changed: { accountId, version: next }, ended }
    })
    this.#sessions.announceEnd(...ended)
    return changed
  }
}
