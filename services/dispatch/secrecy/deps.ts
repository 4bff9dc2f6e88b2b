// What the slice of sensitive vehicles is made with.
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'

export type SecrecyDeps = {
  db: Database
  clock: Clock
  /** Told after what someone may see has changed; open sockets look again. */
  onSightChanged(): void
  /** Told after a policy was set; the live picture looks whether it must load anew. */
  onPolicyChanged(): void
}
