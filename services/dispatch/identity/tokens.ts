// Integration tokens: a machine that acts for an account, with some of that account's capabilities, in a subtree of its scope, until a
// day. Kept as a hash. A token never does more than its account may at that moment, and never touches identity.
// Who is let in by one is said here; who permits one in tokenPermits.ts, and who is given its secret in ownTokens.ts.
import type { TokenCapability } from '../../domain/permissions.ts'
import type { Clock } from '../../platform/clock.ts'
import { sha256 } from '../../platform/crypto.ts'
import { type Database, prepared } from '../../platform/db.ts'
import { networkOf } from '../../platform/network.ts'
import { RateWindow } from '../../platform/rateWindow.ts'
import type { Arrival } from '../kernel/caller.ts'
import { recordAudit } from '../kernel/record.ts'
import { personOf } from './sessions.ts'

const TOUCH_MS = 60_000

const callerSql =
  prepared(`SELECT t.token_id, t.name AS token_name, t.capabilities, t.last_used_at, a.account_id, a.username, a.display_name, a.role,
          o.organisation_id, o.name, o.adcode, o.kind, o.lft, o.rgt, d.vehicle_id AS own_vehicle_id
   FROM api_tokens t
   JOIN accounts a USING (account_id)
   JOIN organisations home ON home.organisation_id = a.organisation_id
   JOIN organisations o ON o.organisation_id = t.organisation_id AND o.lft BETWEEN home.lft AND home.rgt
   LEFT JOIN drivers d ON d.driver_id = a.driver_id
   WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2
     AND a.status = 'active' AND (a.role_expires_at IS NULL OR a.role_expires_at > $2)`)

/** The token of an Authorization header; undefined when there is none of ours. */
export const bearerOf = (header: string | undefined): string | undefined => /^Bearer (mrn_[\w-]{32})$/i.exec(header ?? '')?.[1]

export class ApiTokens {
  readonly #db: Database
  readonly #clock: Clock
  /** Refused tokens, and the addresses that showed them. */
  readonly #refusals: RateWindow
  readonly #refusers: RateWindow

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
    this.#refusals = new RateWindow(1, 60_000, clock)
    this.#refusers = new RateWindow(10, 60_000, clock)
  }

  /** Who calls with this token: its account, cut to the token's subtree and capabilities. */
  async find(token: string): Promise<Arrival | undefined> {
    const nowMs = this.#clock.nowMs()
    const tokenHash = sha256(token)
    const { rows } = await this.#db.query(callerSql, [tokenHash, new Date(nowMs)])
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
    if (!this.#refusals.take(tokenHash.toString('hex')) || !this.#refusers.take(networkOf(address))) return
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
}
