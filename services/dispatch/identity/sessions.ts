// Sessions: a random token in a cookie, its SHA-256 in the table; idle and absolute ends by policy, a new token at each sign-in and
// when the last step of a sign-in is done. A session whose step is not 'open' can do its step and nothing else: access.ts sees to it.
import type { SignInStep } from '../../contracts/api/identity.ts'
import type { Role } from '../../domain/permissions.ts'
import type { SecurityLimits } from '../../domain/securityPolicy.ts'
import type { Clock } from '../../platform/clock.ts'
import { newSecret, sha256 } from '../../platform/crypto.ts'
import { type Database, prepared, type Queryable, type Row } from '../../platform/db.ts'
import type { Deed } from '../kernel/act.ts'
import type { Arrival } from '../kernel/caller.ts'
import { type Clearance, clearancesOf, sightOf } from '../kernel/sight.ts'
import type { SecurityPolicies } from './policy.ts'

export const SESSION_COOKIE = 'morin_session'
/** A sign-in that stops half-way is over after this. */
const PENDING_MS = 15 * 60_000
/** A session in use writes its row this often at most: requests come in bursts, and one write says as much as fifty. */
const TOUCH_MS = 30_000

const idleMs = (limits: SecurityLimits): number => limits.idleMinutes * 60_000
export const absoluteMs = (limits: SecurityLimits): number => limits.absoluteHours * 3_600_000

/** What an act gives to whoever ends a session in it. */
type Ending = Pick<Deed, 'client' | 'afterCommit'>

/** Where a session was begun. */
export type Origin = { address: string; agent: string | undefined }
/** `oidcSubject`: to be bound to the account once the session has proven itself. */
export type NewSession = { step: SignInStep; method: 'password' | 'oidc'; origin: Origin; oidcSubject: string | null }

/** What makes a session die beside its own times: the account was disabled, or its role ended. */
const living = `s.expires_at > $2 AND s.last_seen_at > $3 AND a.status = 'active' AND (a.role_expires_at IS NULL OR a.role_expires_at > $2)`

const callerSql = prepared(`
  SELECT s.token_hash, s.csrf_token, s.live_purpose, s.address, s.last_seen_at, s.session_id, s.step, a.account_id, a.username, a.display_name, a.role,
         o.organisation_id, o.name, o.adcode, o.kind, o.lft, o.rgt, d.vehicle_id AS own_vehicle_id,
         ${clearancesOf('a.account_id', '$2')} AS clearances
  FROM sessions s
  JOIN accounts a USING (account_id)
  JOIN organisations o USING (organisation_id)
  LEFT JOIN drivers d ON d.driver_id = a.driver_id
  WHERE s.token_hash = $1 AND ${living}`)

export class Sessions {
  readonly #db: Database
  readonly #clock: Clock
  readonly #policies: SecurityPolicies
  readonly #endListeners: ((tokenHash: Buffer) => void)[] = []

  constructor(db: Database, clock: Clock, policies: SecurityPolicies) {
    this.#db = db
    this.#clock = clock
    this.#policies = policies
  }

  /** Called with the hash of every session that is ended here; sessions that merely expire, or end elsewhere, are not told. */
  onEnded(listener: (tokenHash: Buffer) => void): void {
    this.#endListeners.push(listener)
  }

  /** The caller whose living session this token opens, whatever its step; being asked counts as activity. */
  async find(token: string): Promise<Arrival | undefined> {
    return this.findByHash(sha256(token), true)
  }

  async findByHash(tokenHash: Buffer, active: boolean): Promise<Arrival | undefined> {
    const nowMs = this.#clock.nowMs()
    const { rows } = await this.#db.query(callerSql, [tokenHash, ...(await this.#ends(nowMs))])
    const row = rows[0]
    if (!row) return undefined
    if (active && nowMs - (row.last_seen_at as Date).getTime() >= TOUCH_MS)
      await this.#db.query('UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1', [tokenHash, new Date(nowMs)])
    return callerOf(row)
  }

  /** Those of `tokenHashes` whose sessions still live, and what they reach now: a driver may have been given another vehicle. */
  async listLiving(tokenHashes: Buffer[]): Promise<{ tokenHash: Buffer; organisationId: number; ownVehicleId: number | null }[]> {
    const { rows } = await this.#db.query<{ tokenHash: Buffer; organisationId: number; ownVehicleId: number | null }>(
      `SELECT s.token_hash AS "tokenHash", a.organisation_id AS "organisationId", d.vehicle_id AS "ownVehicleId"
       FROM sessions s JOIN accounts a USING (account_id) LEFT JOIN drivers d ON d.driver_id = a.driver_id
       WHERE s.token_hash = ANY($1::bytea[]) AND ${living}`,
      [tokenHashes, ...(await this.#ends(this.#clock.nowMs()))],
    )
    return rows
  }

  /** The living sessions of an account, the newest first. */
  async listOf(accountId: number): Promise<Row[]> {
    const { rows } = await this.#db.query(
      `SELECT s.* FROM sessions s JOIN accounts a USING (account_id) WHERE s.account_id = $1 AND ${living} ORDER BY s.created_at DESC LIMIT 100`,
      [accountId, ...(await this.#ends(this.#clock.nowMs()))],
    )
    return rows
  }

  /** Opens a session inside the transaction of a sign-in and clears away dead ones. Returns the token for the cookie. */
  async open(client: Queryable, accountId: number, limits: SecurityLimits, session: NewSession): Promise<string> {
    const nowMs = this.#clock.nowMs()
    const token = newSecret()
    await client.query('DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2', [
      new Date(nowMs),
      new Date(nowMs - idleMs(limits)),
    ])
    await client.query(
      `INSERT INTO sessions (token_hash, account_id, csrf_token, created_at, last_seen_at, expires_at, step, method, address, agent, oidc_subject)
       VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10)`,
      [
        sha256(token),
        accountId,
        newSecret(),
        new Date(nowMs),
        new Date(nowMs + (session.step === 'open' ? absoluteMs(limits) : PENDING_MS)),
        session.step,
        session.method,
        session.origin.address,
        session.origin.agent?.slice(0, 300) ?? null,
        session.oidcSubject,
      ],
    )
    return token
  }

  /** Moves a session to its next step. With 'open' it gets a new token, which is returned, and its full time. */
  async advance(client: Queryable, tokenHash: Buffer, step: SignInStep, limits: SecurityLimits): Promise<string | undefined> {
    if (step !== 'open') {
      await client.query('UPDATE sessions SET step = $2 WHERE token_hash = $1', [tokenHash, step])
      return undefined
    }
    const token = newSecret()
    const nowMs = this.#clock.nowMs()
    await client.query(
      `UPDATE sessions SET step = 'open', token_hash = $2, csrf_token = $3, last_seen_at = $4, expires_at = $5, new_secret = NULL
       WHERE token_hash = $1`,
      [tokenHash, sha256(token), newSecret(), new Date(nowMs), new Date(nowMs + absoluteMs(limits))],
    )
    return token
  }

  /** Ends a session in an act; its sockets are told once that is committed. */
  async end({ client, afterCommit }: Ending, tokenHash: Buffer): Promise<void> {
    await client.query('DELETE FROM sessions WHERE token_hash = $1', [tokenHash])
    afterCommit(() => this.#announceEnd(tokenHash))
  }

  /** Ends the sessions of an account (but `except`, or `only` that one) in an act; their sockets are told once that is committed. Returns how many. */
  async endOf({ client, afterCommit }: Ending, accountId: number, which: { except?: Buffer; only?: number } = {}): Promise<number> {
    const { rows } = await client.query<{ token_hash: Buffer }>(
      `DELETE FROM sessions WHERE account_id = $1 AND ($2::bytea IS NULL OR token_hash <> $2) AND ($3::int IS NULL OR session_id = $3)
       RETURNING token_hash`,
      [accountId, which.except ?? null, which.only ?? null],
    )
    afterCommit(() => {
      for (const row of rows) this.#announceEnd(row.token_hash)
    })
    return rows.length
  }

  #announceEnd(tokenHash: Buffer): void {
    for (const listener of this.#endListeners) listener(tokenHash)
  }

  async setLivePurpose(client: Queryable, tokenHash: Buffer, purpose: string): Promise<void> {
    await client.query('UPDATE sessions SET live_purpose = $2 WHERE token_hash = $1', [tokenHash, purpose])
  }

  /** The instants after which expiry and last sight must lie. */
  async #ends(nowMs: number): Promise<[Date, Date]> {
    return [new Date(nowMs), new Date(nowMs - idleMs(await this.#policies.limits()))]
  }
}

/** Who and where, without how they came in. */
export function personOf(row: Row): Omit<Arrival, 'session' | 'apiToken'> {
  return {
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
    home: { lft: row.lft as number, rgt: row.rgt as number, ...sightOf((row.clearances as Clearance[] | undefined) ?? []) },
    ownVehicleId: row.own_vehicle_id as number | null,
  }
}

/**
 * Whose account is at work, with the rights that it has at this moment, where nobody is signed in: for what is sent to him. What is cleared for him stays with the person at the screen.
 */
export async function findPerson(db: Queryable, accountId: number, nowMs: number): Promise<Arrival | undefined> {
  const { rows } = await db.query(
    `SELECT a.account_id, a.username, a.display_name, a.role, o.organisation_id, o.name, o.adcode, o.kind, o.lft, o.rgt, d.vehicle_id AS own_vehicle_id
     FROM accounts a JOIN organisations o USING (organisation_id) LEFT JOIN drivers d ON d.driver_id = a.driver_id
     WHERE a.account_id = $1 AND a.status = 'active' AND a.role IS NOT NULL AND (a.role_expires_at IS NULL OR a.role_expires_at > $2)`,
    [accountId, new Date(nowMs)],
  )
  const session = { sessionId: 0, step: 'open', tokenHash: Buffer.alloc(0), csrfToken: '', livePurpose: null } as const
  return rows[0] && { ...personOf(rows[0]), session }
}

const callerOf = (row: Row): Arrival => ({
  ...personOf(row),
  session: {
    sessionId: row.session_id as number,
    step: row.step as SignInStep,
    tokenHash: row.token_hash as Buffer,
    csrfToken: row.csrf_token as string,
    livePurpose: row.live_purpose as string | null,
    address: (row.address as string | null) ?? undefined,
  },
})
