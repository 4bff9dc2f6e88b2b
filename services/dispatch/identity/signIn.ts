// Signing in and out, and what the web is told about itself.

import type { Account } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { permissionsOf } from '../../contracts/permissions.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { recordAccess } from '../audit/accessLog.ts'
import type { Caller } from '../audit/caller.ts'
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
    const { rows } = await this.#db.query<{ account_id: number; password_hash: string }>(
      'SELECT account_id, password_hash FROM accounts WHERE username = $1',
      [username],
    )
    const account = rows[0]
    if (!(await isPassword(password, account?.password_hash))) {
      this.#failures.take(key)
      await recordAccess(this.#db, { ...this.#entry(account?.account_id ?? null, username), action: 'session.refused' })
      throw new Refusal('BAD_CREDENTIALS')
    }
    this.#failures.forget(key)
    const token = await this.#db.transaction(async (client) => {
      if (previous) await this.#sessions.end(client, previous.session.tokenHash)
      await recordAccess(client, { ...this.#entry(account!.account_id, username), action: 'session.sign-in' })
      return this.#sessions.open(client, account!.account_id)
    })
    if (previous) this.#sessions.announceEnd(previous.session.tokenHash)
    return { token, caller: (await this.#sessions.find(token))! }
  }

  async signOut(caller: Caller): Promise<void> {
    await this.#db.transaction(async (client) => {
      await this.#sessions.end(client, caller.session.tokenHash)
      await recordAccess(client, { ...this.#entry(caller.accountId, caller.username), action: 'session.sign-out' })
    })
    this.#sessions.announceEnd(caller.session.tokenHash)
  }

  /** Puts on record why this session looks at live positions. */
  async statePurpose(caller: Caller, purpose: string): Promise<Account> {
    await this.#db.transaction(async (client) => {
      await this.#sessions.setLivePurpose(client, caller.session.tokenHash, purpose)
      await recordAccess(client, { ...this.#entry(caller.accountId, caller.username), action: 'live.purpose', purpose })
    })
    return accountOf({ ...caller, session: { ...caller.session, livePurpose: purpose } })
  }

  #entry(accountId: number | null, username: string) {
    return { atMs: this.#clock.nowMs(), accountId, username }
  }
}
