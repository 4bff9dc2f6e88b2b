// Granting and ending roles: the security administrator's work, and never by who made the account, nor to oneself.
// A grant is a dated row; the account's role is what its current grant says, written in the same transaction.
import type { AnswerOf } from '../../contracts/api.ts'
import { invalidInput, Refusal } from '../../contracts/errors.ts'
import { type Role, separatedRoles } from '../../contracts/permissions.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Caller } from '../audit/caller.ts'
import type { Call } from '../routes.ts'
import { isOwnWork } from './accountList.ts'
import { type Accounts, requireUnit } from './accounts.ts'
import { findPerson } from './persons.ts'
import type { SecondFactors } from './secondFactor.ts'
import type { Sessions } from './sessions.ts'

/** Grants of separated roles wait for each other: two accounts of one person may be granted at once. */
const SEPARATION_LOCK = 6_075_990_502

export class Grants {
  readonly #clock: Clock
  readonly #accounts: Accounts
  readonly #sessions: Sessions
  readonly #factors: SecondFactors

  constructor(deps: { clock: Clock; accounts: Accounts; sessions: Sessions; factors: SecondFactors }) {
    this.#clock = deps.clock
    this.#accounts = deps.accounts
    this.#sessions = deps.sessions
    this.#factors = deps.factors
  }

  /** @throws Refusal TWO_PERSON_RULE, SEPARATED_ROLES, CONFLICT, NOT_FOUND for what is out of scope */
  grant(caller: Caller, accountId: number, body: Call<'grantRole'>['body']): Promise<AnswerOf<'grantRole'>> {
    const { version, role, organisationId, reason } = body
    const now = new Date(this.#clock.nowMs())
    const expiresAt = body.expiresAt ? new Date(body.expiresAt) : null
    if (expiresAt && expiresAt <= now) throw invalidInput('body.expiresAt', 'lies in the past')
    return this.#accounts.act(caller, accountId, { action: 'role.grant', version, reason }, async (client, row) => {
      await requireAnotherPerson(client, caller, row)
      await requireUnit(client, caller.scope, organisationId)
      if (row.status === 'disabled') throw new Refusal('CONFLICT')
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
      return {
        before: { role: row.role, organisationId: row.organisation_id },
        after: { role, organisationId, ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}) },
        ended: await this.#sessions.endOf(client, accountId),
      }
    })
  }

  /** Ends the role, or refuses the one that was asked for. */
  end(caller: Caller, accountId: number, { version, reason }: Call<'endRole'>['body']): Promise<AnswerOf<'endRole'>> {
    const now = new Date(this.#clock.nowMs())
    return this.#accounts.act(caller, accountId, { action: 'role.end', version, reason, others: true }, async (client, row) => {
      const { rowCount } = await client.query(
        'UPDATE role_grants SET ended_at = $2, ended_by = $3, end_reason = $4 WHERE account_id = $1 AND ended_at IS NULL',
        [accountId, now, caller.accountId, reason],
      )
      if (rowCount === 0 && row.role === null) throw new Refusal('CONFLICT')
      await client.query(
        `UPDATE accounts SET status = CASE status WHEN 'disabled' THEN 'disabled' ELSE 'pending' END, role = NULL, role_expires_at = NULL
         WHERE account_id = $1`,
        [accountId],
      )
      return { before: { role: row.role }, after: { role: null }, ended: await this.#sessions.endOf(client, accountId) }
    })
  }

  /** For a lost telephone. Whoever resets passwords cannot do this, so neither alone can enter as somebody else. */
  resetSecondFactor(caller: Caller, accountId: number, { version, reason }: Call<'resetSecondFactor'>['body']) {
    return this.#accounts.act(caller, accountId, { action: 'second-factor.reset', version, reason, others: true }, async (client) => {
      await this.#factors.forget(client, accountId)
      return { ended: await this.#sessions.endOf(client, accountId) }
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
  await client.query('SELECT pg_advisory_xact_lock($1)', [SEPARATION_LOCK])
  const { personNo, phone, driverId } = await findPerson(client, row.account_id as number)
  const { rows } = await client.query(
    `SELECT 1 FROM accounts WHERE account_id <> $1 AND role = ANY($2::text[]) AND (person_no = $3 OR phone = $4 OR driver_id = $5)`,
    [row.account_id, separatedRoles, personNo, phone, driverId],
  )
  if (rows.length > 0) throw new Refusal('SEPARATED_ROLES')
}
