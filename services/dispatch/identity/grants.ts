// Granting and ending roles: the security administrator's work, and never by who made the account, nor to oneself.
// A grant is a dated row; the account's role is what its current grant says, written in the same transaction.
import type { AnswerOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { type Role, separatedRoles } from '../../domain/permissions.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { SEPARATION_LOCK, takeLock } from '../../platform/locks.ts'
import type { Caller, Who } from '../kernel/caller.ts'
import { areTwoPeople } from '../kernel/persons.ts'
import type { Call } from '../routes.ts'
import { isOwnWork } from './accountList.ts'
import { type Accounts, requireUnit } from './accounts.ts'
import { type EntryCode, endCode, issueCode, mayVouch, needsCodeSql } from './entry.ts'
import type { SecurityPolicies } from './policy.ts'
import type { SecondFactors } from './secondFactor.ts'
import type { Sessions } from './sessions.ts'
import { needsSecondFactor } from './steps.ts'

export class Grants {
  readonly #accounts: Accounts
  readonly #sessions: Sessions
  readonly #factors: SecondFactors
  readonly #policies: SecurityPolicies
  readonly #demoTotp: boolean

  constructor(deps: {
    accounts: Accounts
    sessions: Sessions
    factors: SecondFactors
    policies: SecurityPolicies
    demoTotp: boolean
  }) {
    this.#accounts = deps.accounts
    this.#sessions = deps.sessions
    this.#factors = deps.factors
    this.#policies = deps.policies
    this.#demoTotp = deps.demoTotp
  }

  /**
   * Grants a role, and issues the entry code of an account that waits for one, where this person may.
   * @throws Refusal TWO_PERSON_RULE, SEPARATED_ROLES, CONFLICT, NOT_FOUND for what is out of scope
   */
  async grant(who: Who, accountId: number, body: Call<'grantRole'>['body']): Promise<AnswerOf<'grantRole'>> {
    const { version, role, organisationId, reason } = body
    const expiresAt = body.expiresAt ? new Date(body.expiresAt) : null
    const limits = await this.#policies.limits()
    let entryCode: EntryCode | null = null
    const changed = await this.#accounts.act(who, accountId, { action: 'role.grant', version, reason }, async (step, row) => {
      const { client, caller, scope } = step
      const now = new Date(step.nowMs)
      if (expiresAt && expiresAt <= now) throw refusal('VALIDATION_FAILED', 'body.expiresAt', 'time.past')
      await requireAnotherPerson(client, caller, row)
      await requireUnit(client, scope, organisationId)
      if (row.status === 'disabled') throw refusal('CONFLICT', 'params.accountId', 'account.disabled')
      await requireSeparation(client, row, role)
      await client.query(
        `UPDATE role_grants SET ended_at = $2, ended_by = $3, end_reason = $4
         WHERE account_id = $1 AND ended_at IS NULL AND (granted_at IS NOT NULL OR role <> $5 OR organisation_id <> $6)`,
        [accountId, now, caller.accountId, reason, role, organisationId],
      )
      const values = [accountId, role, organisationId, now, caller.accountId, reason, expiresAt]
      const { rowCount } = await client.query(
        `UPDATE role_grants SET granted_at = $4, granted_by = $5, reason = $6, expires_at = $7
         WHERE account_id = $1 AND role = $2 AND organisation_id = $3 AND granted_at IS NULL AND ended_at IS NULL`,
        values,
      )
      if (rowCount === 0)
        await client.query(
          `INSERT INTO role_grants (account_id, role, organisation_id, granted_at, granted_by, reason, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)`,
          values,
        )
      await client.query(
        `UPDATE accounts SET role = $2, organisation_id = $3, role_expires_at = $4, status = 'active' WHERE account_id = $1`,
        [accountId, role, organisationId, expiresAt],
      )
      await endCode(client, accountId)
      const needsFactor = needsSecondFactor({ role, demo: row.demo as boolean }, limits, this.#demoTotp)
      entryCode = await this.#vouch(client, caller, accountId, needsFactor, now)
      await this.#sessions.endOf(step, accountId)
      return {
        before: { role: row.role, organisationId: row.organisation_id },
        after: { role, organisationId, ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}) },
        detail: { entryCode: entryCode !== null },
      }
    })
    return { ...changed, entryCode }
  }

  /**
   * The granter's code for an account that somebody else gave its password. An account that enters by a password of its own and gets a role
   * with a second factor waits for the code of another person than who granted it: the granter may know that password.
   */
  async #vouch(client: Queryable, caller: Caller, accountId: number, needsFactor: boolean, now: Date): Promise<EntryCode | null> {
    if (needsFactor)
      await client.query(
        `UPDATE accounts a SET unproven_by = $2 WHERE a.account_id = $1 AND a.password_by IS NULL
           AND NOT EXISTS (SELECT FROM second_factors f WHERE f.account_id = a.account_id)`,
        [accountId, caller.accountId],
      )
    const { rows } = await client.query(
      `SELECT a.account_id, a.password_by, a.unproven_by FROM accounts a WHERE a.account_id = $1 AND ${needsCodeSql}`,
      [accountId],
    )
    if (!rows[0] || !(await mayVouch(client, caller.accountId, rows[0]))) return null
    return issueCode(client, caller.accountId, accountId, now.getTime())
  }

  /** Ends the role, or refuses the one that was asked for. */
  end(who: Who, accountId: number, { version, reason }: Call<'endRole'>['body']): Promise<AnswerOf<'endRole'>> {
    return this.#accounts.act(who, accountId, { action: 'role.end', version, reason, others: true }, async (step, row) => {
      const { client, caller, nowMs } = step
      const { rowCount } = await client.query(
        'UPDATE role_grants SET ended_at = $2, ended_by = $3, end_reason = $4 WHERE account_id = $1 AND ended_at IS NULL',
        [accountId, new Date(nowMs), caller.accountId, reason],
      )
      if (rowCount === 0 && row.role === null) throw refusal('CONFLICT', 'params.accountId', 'account.noRole')
      await client.query(
        `UPDATE accounts SET status = CASE status WHEN 'disabled' THEN 'disabled' ELSE 'pending' END, role = NULL, role_expires_at = NULL
         WHERE account_id = $1`,
        [accountId],
      )
      await this.#sessions.endOf(step, accountId)
      return { before: { role: row.role }, after: { role: null } }
    })
  }

  /** For a lost telephone. The next entrance takes the code of another person than who did this. */
  resetSecondFactor(who: Who, accountId: number, { version, reason }: Call<'resetSecondFactor'>['body']) {
    return this.#accounts.act(who, accountId, { action: 'second-factor.reset', version, reason, others: true }, async (step) => {
      const { client, caller } = step
      await this.#factors.forget(client, accountId)
      await endCode(client, accountId)
      await client.query('UPDATE accounts SET unproven_by = $2 WHERE account_id = $1', [accountId, caller.accountId])
      await this.#sessions.endOf(step, accountId)
      return {}
    })
  }
}

async function requireAnotherPerson(client: Queryable, caller: Caller, row: Row): Promise<void> {
  if (await isOwnWork(client, caller.accountId, row.account_id as number, row.created_by as number | null))
    throw new Refusal('TWO_PERSON_RULE')
}

/** One person, one of the three administrators, whatever accounts the person has. The unique index says it again for staff numbers. */
async function requireSeparation(client: Queryable, row: Row, role: Role): Promise<void> {
  if (!separatedRoles.includes(role)) return
  if (row.role !== null && row.role !== role && separatedRoles.includes(row.role as Role)) throw new Refusal('SEPARATED_ROLES')
  await takeLock(client, SEPARATION_LOCK)
  const { rows } = await client.query(
    `SELECT 1 FROM accounts a JOIN accounts b ON b.account_id <> a.account_id AND b.role = ANY($2::text[]) AND NOT ${areTwoPeople('a', 'b')}
     WHERE a.account_id = $1 LIMIT 1`,
    [row.account_id, separatedRoles],
  )
  if (rows.length > 0) throw new Refusal('SEPARATED_ROLES')
}
