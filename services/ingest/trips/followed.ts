// Vehicles as far as they were followed when they were last looked at, under way or at rest: what comes next goes on from there, and nothing
// is read twice.
// It only saves work. Whoever writes counts what lies between under a lock, and one that does not hold is forgotten.
import type { Derived, Segmenter } from './segment.ts'

/** `found`: for good, since `afterMs`; `read`: how many positions from there to `lastMs`; `held`: how many of them are remembered. */
export type Following = { segmenter: Segmenter; found: Derived; afterMs: number; read: number; lastMs: number; held: number }

/** About 50 MB: a region at rest and a tenth of it under way. */
const MOST_POSITIONS = 600_000

export class Followed {
  readonly #vehicles = new Map<number, Following>()
  #positions = 0

  /** Takes out what is known of a vehicle whose tail begins at `tailMs`; undefined when it was followed further than that. */
  take(vehicleId: number, tailMs: number | null): Following | undefined {
    const following = this.#vehicles.get(vehicleId)
    if (!following) return undefined
    this.#vehicles.delete(vehicleId)
    this.#positions -= following.held
    return tailMs !== null && following.lastMs < tailMs ? following : undefined
  }

  /** Those that were looked at longest ago give way. */
  keep(vehicleId: number, following: Following): void {
    this.take(vehicleId, null)
    this.#vehicles.set(vehicleId, following)
    this.#positions += following.held
    for (const [oldest, { held }] of this.#vehicles) {
      if (this.#positions <= MOST_POSITIONS) break
      this.#vehicles.delete(oldest)
      this.#positions -= held
    }
  }
}
