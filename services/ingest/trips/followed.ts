// Vehicles as far as they were followed when they were last looked at, under way or at rest: what comes next goes on from there, and nothing
// is read twice.
// It only saves work. How many positions were ever stored of the vehicle says whether anything slipped in between; then it is forgotten.
import type { Derived, Segmenter } from './segment.ts'

/**
 * `found`: for good, since `afterMs`; `read`: how many positions from there to `lastMs`; `stored`: how many were stored of the vehicle when
 * `lastMs` was its last; `held`: how many are remembered.
 */
export type Following = {
  segmenter: Segmenter
  found: Derived
  afterMs: number
  read: number
  lastMs: number
  stored: number
  held: number
}

/** About 50 MB: a region at rest and a tenth of it under way. */
const MOST_POSITIONS = 600_000

export class Followed {
  readonly #vehicles = new Map<number, Following>()
  #positions = 0

  /** Takes out what is known of a vehicle. */
  take(vehicleId: number): Following | undefined {
    const following = this.#vehicles.get(vehicleId)
    if (!following) return undefined
    this.#vehicles.delete(vehicleId)
    this.#positions -= following.held
    return following
  }

  /** Those that were looked at longest ago give way. */
  keep(vehicleId: number, following: Following): void {
    this.take(vehicleId)
    this.#vehicles.set(vehicleId, following)
    this.#positions += following.held
    for (const [oldest, { held }] of this.#vehicles) {
      if (this.#positions <= MOST_POSITIONS) break
      this.#vehicles.delete(oldest)
      this.#positions -= held
    }
  }
}
