// Signing in and out, and what the web is told about itself.

import type { Account } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { permissionsOf, type Role } from '../../contracts/permissions.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { actorOf, type Caller } from '../audit/caller.ts'
import { recordAudit } from '../audit/record.ts'
import { isPassword } from './passwords.ts'
import type { Sessions } from './sessions.ts'

/** Counts wrong passwords for each user name; when one is spent, the name must rest. */
export type FailureCount = { isSpent(username: string): boolean; take(username: string): boolean; forget(username: string): void }

export const accountOf = (caller: Caller): Account => ({
  username: caller.username,
  displayName: caller.displayName,
  role: caller.role,
  organisation: {
    organisationId: caller.organisation.organisationId,
    name: caller.organisation.name,
    adcode: caller.organisation.adcode,
  },
  permissions: permissionsOf(caller.role),
  livePurpose: caller.session.livePurpose,
  csrfToken: caller.session.csrfToken,
})

export class SignIn {
  readonly #db: Database
  readonly #clock: Clock
  readonly #sessions: Sessions
  readonly #failures: FailureCount

  constructor(db: Database, clock: Clock, sessions: Sessions, failures: FailureCount) {
    this.#db = db
    this.#clock = clock
    this.#sessions = sessions
    this.#failures = failures
  }

  /**
   * Opens a new session and ends the one the browser had.
   * @throws Refusal BAD_CREDENTIALS or, after too many of those for one name, RATE_LIMITED
   */
  async signIn(username: string, password: string, previous: Caller | undefined): Promise<{ token: string; caller: Caller }> {
    const key = username.toLowerCase()
    if (this.#failures.isSpent(key)) throw new Refusal('RATE_LIMITED')
    const { rows } = await this.#db.query<{ account_id: number; role: Role; password_hash: string }>(
      'SELECT account_id, role, password_hash FROM accounts WHERE username = $1',
      [username],
    )
    const account = rows[0]
    if (!(await isPassword(password, account?.password_hash))) {
      this.#failures.take(key)
      const actor = { accountId: account?.account_id ?? null, username, role: account?.role ?? null }
      await recordAudit(this.#db, { atMs: this.#clock.nowMs(), actor, action: 'session.refused' })
      throw new Refusal('BAD_CREDENTIALS')
    }
    this.#failures.forget(key)
    const token = await this.#db.transaction(async (client) => {
      if (previous) await this.#sessions.end(client, previous.session.tokenHash)
      const opened = await this.#sessions.open(client, account!.account_id)
      const actor = { accountId: account!.account_id, username, role: account!.role }
      await recordAudit(client, { atMs: this.#clock.nowMs(), actor, action: 'session.sign-in' })
      return opened
    })
    if (previous) this.#sessions.announceEnd(previous.session.tokenHash)
    return { token, caller: (await this.#sessions.find(token))! }
  }

  async signOut(caller: Caller): Promise<void> {
    await this.#db.transaction(async (client) => {
      await this.#sessions.end(client, caller.session.tokenHash)
      await recordAudit(client, { atMs: this.#clock.nowMs(), actor: actorOf(caller), action: 'session.sign-out' })
    })
    this.#sessions.announceEnd(caller.session.tokenHash)
  }

  /** Puts on record why this session looks at live positions. */
  async statePurpose(caller: Caller, purpose: string): Promise<Account> {
    await this.#db.transaction(async (client) => {
      await this.#sessions.setLivePurpose(client, caller.session.tokenHash, purpose)
      await recordAudit(client, { atMs: this.#clock.nowMs(), actor: actorOf(caller), action: 'live.purpose', purpose })
    })
    return accountOf({ ...caller, session: { ...caller.session, livePurpose: purpose } })
  }
}
