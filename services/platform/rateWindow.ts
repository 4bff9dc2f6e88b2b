// Counts events per key in fixed windows of time. Bounded: when too many keys are alive the window starts anew.
import type { Clock } from './clock.ts'

const MAX_KEYS = 50_000

export class RateWindow {
  readonly #counts = new Map<string, number>()
  readonly #limit: number
  readonly #windowMs: number
  readonly #clock: Clock
  #startedAtMs = 0

  /** Allows `limit` events per key in each window of `windowMs` milliseconds. */
  constructor(limit: number, windowMs: number, clock: Clock) {
    this.#limit = limit
    this.#windowMs = windowMs
    this.#clock = clock
  }

  /** Has `key` used up its events? Counts nothing. */
  isSpent(key: string): boolean {
    this.#turn()
    return (this.#counts.get(key) ?? 0) >= this.#limit
  }

  /** Counts one event of `key`; false when it was one too many. */
  take(key: string): boolean {
    if (this.isSpent(key)) return false
    if (this.#counts.size >= MAX_KEYS && !this.#counts.has(key)) this.#counts.clear()
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
    return true
  }

  forget(key: string): void {
    this.#counts.delete(key)
  }

  #turn(): void {
    const nowMs = this.#clock.nowMs()
    if (nowMs - this.#startedAtMs < this.#windowMs) return
    this.#startedAtMs = nowMs
    this.#counts.clear()
  }
}
