// Sessions: a random token in a cookie, its SHA-256 in the table. 30 minutes idle, 12 hours at most, a new token at each sign-in.
import type { Role } from '../../contracts/permissions.ts'
import type { Clock } from '../../platform/clock.ts'
import { newSecret, sha256 } from '../../platform/crypto.ts'
import type { Database, Queryable, Row } from '../../platform/db.ts'
import type { Caller } from '../audit/caller.ts'

export const SESSION_COOKIE = 'morin_session'
export const IDLE_MS = 30 * 60_000
export const ABSOLUTE_MS = 12 * 3_600_000
/** A session in use writes its row this often at most: requests come in bursts, and one write says as much as fifty. */
const TOUCH_MS = 30_000

const callerSql = `
  SELECT s.token_hash, s.csrf_token, s.live_purpose, s.last_seen_at, a.account_id, a.username, a.display_name, a.role,
         o.organisation_id, o.name, o.adcode, o.kind, o.lft, o.rgt, d.vehicle_id AS own_vehicle_id
  FROM sessions s
  JOIN accounts a USING (account_id)
  JOIN organisations o USING (organisation_id)
  LEFT JOIN drivers d ON d.driver_id = a.driver_id
  WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $3`

export class Sessions {
  readonly #db: Database
  readonly #clock: Clock
  readonly #endListeners: ((tokenHash: Buffer) => void)[] = []

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  /** Called with the hash of every session that is ended here; sessions that merely expire, or end elsewhere, are not told. */
  onEnded(listener: (tokenHash: Buffer) => void): void {
    this.#endListeners.push(listener)
  }

  /** The caller whose living session this token opens; being asked counts as activity. */
  async find(token: string): Promise<Caller | undefined> {
    return this.findByHash(sha256(token), true)
  }

  async findByHash(tokenHash: Buffer, active: boolean): Promise<Caller | undefined> {
    const nowMs = this.#clock.nowMs()
    const { rows } = await this.#db.query(callerSql, [tokenHash, new Date(nowMs), new Date(nowMs - IDLE_MS)])
    const row = rows[0]
    if (!row) return undefined
    if (active && nowMs - (row.last_seen_at as Date).getTime() >= TOUCH_MS)
      await this.#db.query('UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1', [tokenHash, new Date(nowMs)])
    return callerOf(row)
  }

  /** Those of `tokenHashes` whose sessions still live. */
  async listLiving(tokenHashes: Buffer[]): Promise<Buffer[]> {
    const nowMs = this.#clock.nowMs()
    const { rows } = await this.#db.query<{ token_hash: Buffer }>(
      'SELECT token_hash FROM sessions WHERE token_hash = ANY($1::bytea[]) AND expires_at > $2 AND last_seen_at > $3',
      [tokenHashes, new Date(nowMs), new Date(nowMs - IDLE_MS)],
    )
    return rows.map((row) => row.token_hash)
  }

  /** Opens a session inside the transaction of a sign-in and clears away dead ones. Returns the token for the cookie. */
  async open(client: Queryable, accountId: number): Promise<string> {
    const nowMs = this.#clock.nowMs()
    const token = newSecret()
    await client.query('DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2', [new Date(nowMs), new Date(nowMs - IDLE_MS)])
    await client.query(
      `INSERT INTO sessions (token_hash, account_id, csrf_token, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)`,
      [sha256(token), accountId, newSecret(), new Date(nowMs), new Date(nowMs + ABSOLUTE_MS)],
    )
    return token
  }

  /** Ends a session inside a transaction. Call `announceEnd` once that has committed. */
  async end(client: Queryable, tokenHash: Buffer): Promise<void> {
    await client.query('DELETE FROM sessions WHERE token_hash = $1', [tokenHash])
  }

  announceEnd(tokenHash: Buffer): void {
    for (const listener of this.#endListeners) listener(tokenHash)
  }

  async setLivePurpose(client: Queryable, tokenHash: Buffer, purpose: string): Promise<void> {
    await client.query('UPDATE sessions SET live_purpose = $2 WHERE token_hash = $1', [tokenHash, purpose])
  }
}

const callerOf = (row: Row): Caller => ({
  accountId: row.account_id as number,
  username: row.username as string,
  displayName: row.display_name as string,
  role: row.role as Role,
  organisation: {
    organisationId: row.organisation_id as number,
    name: row.name as string,
    adcode: row.adcode as string,
    kind: row.kind as string,
  },
  scope: { lft: row.lft as number, rgt: row.rgt as number },
  ownVehicleId: row.own_vehicle_id as number | null,
  session: {
    tokenHash: row.token_hash as Buffer,
    csrfToken: row.csrf_token as string,
    livePurpose: row.live_purpose as string | null,
  },
})
