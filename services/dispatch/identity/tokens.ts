// Integration tokens: a machine that acts for an account, with some of that account's capabilities, in a subtree of its scope, until a
// day. Shown once, kept as a hash. A token never does more than its account may at that moment, and never touches identity.
import type { AnswerOf } from '../../contracts/api.ts'
import { invalidInput, Refusal } from '../../contracts/errors.ts'
import { grantOf, type Role, type TokenCapability, tokenCapabilities } from '../../contracts/permissions.ts'
import type { Clock } from '../../platform/clock.ts'
import { newSecret, sha256 } from '../../platform/crypto.ts'
import type { Database, Queryable, Row } from '../../platform/db.ts'
import { RateWindow } from '../../platform/rateWindow.ts'
import { actorOf, type Caller, type Scope } from '../audit/caller.ts'
import { recordAudit } from '../audit/record.ts'
import type { Call } from '../routes.ts'
import { findPerson, isSamePerson } from './persons.ts'
import type { SecurityPolicies } from './policy.ts'
import { personOf } from './sessions.ts'

type TokenRow = AnswerOf<'revokeToken'>

const PREFIX = 'mrn_'
const TOUCH_MS = 60_000
const DAY_MS = 86_400_000

/** The token of an Authorization header; undefined when there is none of ours. */
export const bearerOf = (header: string | undefined): string | undefined => /^Bearer (mrn_[\w-]{32})$/i.exec(header ?? '')?.[1]

export class ApiTokens {
  readonly #db: Database
  readonly #clock: Clock
  readonly #policies: SecurityPolicies
  /** Refused tokens, and the addresses that showed them. */
  readonly #refusals: RateWindow
  readonly #refusers: RateWindow

  constructor(db: Database, clock: Clock, policies: SecurityPolicies) {
    this.#db = db
    this.#clock = clock
    this.#policies = policies
    this.#refusals = new RateWindow(1, 60_000, clock)
    this.#refusers = new RateWindow(10, 60_000, clock)
  }

  /** Who calls with this token: its account, cut to the token's subtree and capabilities. */
  async find(token: string): Promise<Caller | undefined> {
    const nowMs = this.#clock.nowMs()
    const tokenHash = sha256(token)
    const { rows } = await this.#db.query(
      `SELECT t.token_id, t.name AS token_name, t.capabilities, t.last_used_at, a.account_id, a.username, a.display_name, a.role,
              o.organisation_id, o.name, o.adcode, o.kind, o.lft, o.rgt, d.vehicle_id AS own_vehicle_id
       FROM api_tokens t
       JOIN accounts a USING (account_id)
       JOIN organisations home ON home.organisation_id = a.organisation_id
       JOIN organisations o ON o.organisation_id = t.organisation_id AND o.lft BETWEEN home.lft AND home.rgt
       LEFT JOIN drivers d ON d.driver_id = a.driver_id
       WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2
         AND a.status = 'active' AND (a.role_expires_at IS NULL OR a.role_expires_at > $2)`,
      [tokenHash, new Date(nowMs)],
    )
    const row = rows[0]
    if (!row) return undefined
    const usedAtMs = (row.last_used_at as Date | null)?.getTime() ?? 0
    if (nowMs - usedAtMs >= TOUCH_MS)
      await this.#db.query('UPDATE api_tokens SET last_used_at = $2 WHERE token_id = $1', [row.token_id, new Date(nowMs)])
    // A machine is nobody who was named: what is cleared for its account stays with the person.
    const person = personOf(row)
    return {
      ...person,
      // No user name has a slash: the log tells the machine from the person.
      username: `${person.username}/${row.token_name as string}`,
      session: { sessionId: 0, step: 'open', tokenHash, csrfToken: '', livePurpose: null },
      apiToken: { tokenId: row.token_id as number, capabilities: row.capabilities as TokenCapability[] },
    }
  }

  /**
   * Puts on record that a token opened nothing: at most once a minute for each token and ten times for each address, or a machine
   * with an old token would fill the log.
   */
  async recordRefusal(token: string, address: string): Promise<void> {
    const tokenHash = sha256(token)
    if (!this.#refusals.take(tokenHash.toString('hex')) || !this.#refusers.take(address)) return
    const nowMs = this.#clock.nowMs()
    const { rows } = await this.#db.query<{ token_id: number; name: string; username: string; because: string; account_id: number }>(
      `SELECT t.token_id, t.name, a.username, a.account_id,
              CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked' WHEN t.expires_at <= $2 THEN 'expired' ELSE 'account' END AS because
       FROM api_tokens t JOIN accounts a USING (account_id) WHERE t.token_hash = $1`,
      [tokenHash, new Date(nowMs)],
    )
    const known = rows[0]
    await recordAudit(this.#db, {
      atMs: nowMs,
      actor: { accountId: known?.account_id ?? null, username: known ? `${known.username}/${known.name}` : '', role: null },
      action: 'token.refused',
      ...(known ? { subject: { type: 'token', id: known.token_id } } : {}),
      detail: { because: known?.because ?? 'unknown', address },
    })
  }

  async list(scope: Scope, { limit, offset }: { limit: number; offset: number }): Promise<AnswerOf<'listTokens'>> {
    const values = [scope.lft, scope.rgt]
    const [{ rows: counted }, { rows }] = await Promise.all([
      this.#db.query<{ n: number }>(`SELECT count(*) AS n ${tokensSql}`, values),
      this.#db.query(`SELECT ${tokenColumns} ${tokensSql} ORDER BY t.token_id DESC LIMIT $3 OFFSET $4`, [...values, limit, offset]),
    ])
    return { total: counted[0]!.n, rows: rows.map(tokenOf) }
  }

  /** @throws Refusal NOT_FOUND for what is out of scope, TWO_PERSON_RULE for the own account, VALIDATION_FAILED */
  async create(caller: Caller, body: Call<'createToken'>['body']): Promise<AnswerOf<'createToken'>> {
    const nowMs = this.#clock.nowMs()
    const limits = await this.#policies.limits()
    const untilMs = Date.parse(body.expiresAt)
    if (untilMs <= nowMs) throw invalidInput('body.expiresAt', 'lies in the past')
    if (untilMs > nowMs + limits.tokenMaxDays * DAY_MS) throw invalidInput('body.expiresAt', `at most ${limits.tokenMaxDays} days ahead`)
    const capabilities = tokenCapabilities.filter((capability) => body.capabilities.includes(capability))
    const token = PREFIX + newSecret()
    const row = await this.#db.transaction(async (client) => {
      const { rows: accounts } = await client.query<{ role: Role; lft: number; rgt: number }>(
        `SELECT a.role, o.lft, o.rgt FROM accounts a JOIN organisations o USING (organisation_id)
         WHERE a.account_id = $1 AND a.status = 'active' AND o.lft BETWEEN $2 AND $3`,
        [body.accountId, caller.scope.lft, caller.scope.rgt],
      )
      const account = accounts[0]
      if (!account) throw new Refusal('NOT_FOUND')
      if (isSamePerson(await findPerson(client, caller.accountId), await findPerson(client, body.accountId)))
        throw new Refusal('TWO_PERSON_RULE')
      for (const capability of capabilities)
        if (grantOf(account.role, capability).reach === 'none')
          throw invalidInput('body.capabilities', `the role ${account.role} has no ${capability}`)
      const { rows: units } = await client.query('SELECT 1 FROM organisations WHERE organisation_id = $1 AND lft BETWEEN $2 AND $3', [
        body.organisationId,
        account.lft,
        account.rgt,
      ])
      if (units.length === 0) throw new Refusal('NOT_FOUND')
      const { rows } = await client.query<{ token_id: number }>(
        `INSERT INTO api_tokens (token_hash, account_id, name, capabilities, organisation_id, expires_at, reason, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING token_id`,
        [
          sha256(token),
          body.accountId,
          body.name,
          capabilities,
          body.organisationId,
          new Date(untilMs),
          body.reason,
          new Date(nowMs),
          caller.accountId,
        ],
      )
      const made = await readToken(client, rows[0]!.token_id)
      await recordAudit(client, {
        atMs: nowMs,
        actor: actorOf(caller),
        action: 'token.create',
        subject: { type: 'token', id: made.tokenId },
        after: { name: made.name, username: made.username, capabilities, organisationId: body.organisationId, expiresAt: made.expiresAt },
        purpose: body.reason,
      })
      return made
    })
    return { token, row }
  }

  async revoke(caller: Caller, tokenId: number, reason: string): Promise<TokenRow> {
    const nowMs = this.#clock.nowMs()
    return this.#db.transaction(async (client) => {
      const { rows } = await client.query<{ revoked_at: Date | null }>(
        `SELECT t.revoked_at FROM api_tokens t JOIN accounts a USING (account_id) JOIN organisations o ON o.organisation_id = a.organisation_id
         WHERE t.token_id = $1 AND o.lft BETWEEN $2 AND $3 FOR UPDATE OF t`,
        [tokenId, caller.scope.lft, caller.scope.rgt],
      )
      if (!rows[0]) throw new Refusal('NOT_FOUND')
      if (rows[0].revoked_at) throw new Refusal('CONFLICT')
      await client.query('UPDATE api_tokens SET revoked_at = $2, revoked_by = $3 WHERE token_id = $1', [
        tokenId,
        new Date(nowMs),
        caller.accountId,
      ])
      const row = await readToken(client, tokenId)
      const subject = { type: 'token', id: tokenId }
      await recordAudit(client, {
        atMs: nowMs,
        actor: actorOf(caller),
        action: 'token.revoke',
        subject,
        before: { name: row.name, username: row.username, revokedAt: null },
        after: { revokedAt: row.revokedAt },
        purpose: reason,
      })
      return row
    })
  }
}

const tokenColumns = `t.*, a.username, u.organisation_id AS unit_id, u.name AS unit_name, m.username AS made_by`
const tokenJoins = `FROM api_tokens t JOIN accounts a USING (account_id) JOIN organisations o ON o.organisation_id = a.organisation_id
  JOIN organisations u ON u.organisation_id = t.organisation_id JOIN accounts m ON m.account_id = t.created_by`
const tokensSql = `${tokenJoins} WHERE o.lft BETWEEN $1 AND $2`

async function readToken(client: Queryable, tokenId: number): Promise<TokenRow> {
  const { rows } = await client.query(`SELECT ${tokenColumns} ${tokenJoins} WHERE t.token_id = $1`, [tokenId])
  return tokenOf(rows[0]!)
}

const iso = (value: unknown): string | null => (value as Date | null)?.toISOString() ?? null

const tokenOf = (row: Row): TokenRow => ({
  tokenId: row.token_id as number,
  name: row.name as string,
  username: row.username as string,
  capabilities: row.capabilities as string[],
  organisation: { organisationId: row.unit_id as number, name: row.unit_name as string },
  createdAt: iso(row.created_at)!,
  createdBy: row.made_by as string,
  expiresAt: iso(row.expires_at)!,
  lastUsedAt: iso(row.last_used_at),
  revokedAt: iso(row.revoked_at),
  reason: row.reason as string,
})
