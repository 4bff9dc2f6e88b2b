// The one session that all connections share: whose it is at the moment, and what the last connection may have left in it.
// Before another connection enters, its user is set by name (RESET SESSION AUTHORIZATION does nothing in this build) and leftovers are cleared.
import type { Backend } from './backend.ts'
import type { Verdict } from './door.ts'

/** What every connection finds. PGlite starts PostgreSQL with seqscan off and debug messages on; the rest is ours. */
const baseline = `SET SESSION AUTHORIZATION morin; RESET ALL;
  SET enable_seqscan = on; SET client_min_messages = notice; SET log_min_messages = fatal;
  SET TimeZone = 'UTC'; SET search_path = public; SET work_mem = '16MB'`

const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

export class Session {
  #user = ''
  #lastOwner: object | undefined
  #settings = false
  #temporary = false
  /** The connection whose unnamed statement the backend holds at the moment. */
  unnamedStatementOf: object | undefined

  constructor(readonly backend: Backend) {}

  /** Makes the session that of `user`, clean of what another connection left. Only between transactions. */
  enter(owner: object, user: string): void {
    const another = owner !== this.#lastOwner
    if (another && this.#temporary) {
      this.backend.run('DISCARD TEMP')
      this.#temporary = false
    }
    if (user !== this.#user || (another && this.#settings)) {
      this.#user = ''
      this.backend.run(baseline)
      if (user !== 'morin') this.backend.run(`SET SESSION AUTHORIZATION ${quoteName(user)}`)
      this.#user = user
      this.#settings = false
    }
    this.#lastOwner = owner
  }

  note(verdict: Verdict): void {
    this.#settings ||= verdict.settings
    this.#temporary ||= verdict.temporary
  }

  forget(owner: object): void {
    if (this.#lastOwner === owner) this.#lastOwner = undefined
    if (this.unnamedStatementOf === owner) this.unnamedStatementOf = undefined
  }
}
