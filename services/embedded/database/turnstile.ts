// Who owns the one backend. First come, first served; an owner keeps it until it gives it back.
// A waiter waits in one place at a time, so the queue is as long as the number of connections, which the server bounds.

/** Whoever can own the backend. `describe` names it in the log of long waits. */
export type Owner = { describe(): string }

type Waiter = { owner: Owner; since: number; admit: (admitted: boolean) => void }
export type LongWait = { waiter: string; waitedMs: number; owner: string; ownedMs: number; waiting: number }

export class Turnstile {
  #owner: Owner | undefined
  #ownedSince = 0
  #queue: Waiter[] = []
  #idleSince = performance.now()
  readonly #onIdle = new Set<() => void>()
  readonly #patrol: NodeJS.Timeout

  /** `onLongWait` hears, at most once per `longWaitMs`, of the oldest waiter and the owner it waits for. */
  constructor(longWaitMs: number, onLongWait: (wait: LongWait) => void) {
    this.#patrol = setInterval(() => {
      const oldest = this.#queue[0]
      const now = performance.now()
      if (!oldest || !this.#owner || now - oldest.since < longWaitMs) return
      onLongWait({
        waiter: oldest.owner.describe(),
        waitedMs: Math.round(now - oldest.since),
        owner: this.#owner.describe(),
        ownedMs: Math.round(now - this.#ownedSince),
        waiting: this.#queue.length,
      })
    }, longWaitMs)
    this.#patrol.unref()
  }

  get owner(): Owner | undefined {
    return this.#owner
  }
  get waiting(): number {
    return this.#queue.length
  }

  /** Takes the backend if it is free and nobody waits. */
  tryEnter(owner: Owner): boolean {
    if (this.#owner || this.#queue.length) return false
    this.#admit(owner)
    return true
  }

  /** Waits in line; false when `leaveQueue` took the waiter out. */
  enter(owner: Owner): Promise<boolean> {
    if (this.tryEnter(owner)) return Promise.resolve(true)
    return new Promise((admit) => this.#queue.push({ owner, since: performance.now(), admit }))
  }

  leaveQueue(owner: Owner): void {
    const index = this.#queue.findIndex((waiter) => waiter.owner === owner)
    if (index >= 0) this.#queue.splice(index, 1)[0]!.admit(false)
  }

  leave(owner: Owner): void {
    if (this.#owner !== owner) throw new Error(`${owner.describe()} gave back what it does not own`)
    this.#owner = undefined
    const next = this.#queue.shift()
    if (next) {
      this.#admit(next.owner)
      next.admit(true)
    } else {
      this.#idleSince = performance.now()
      for (const heard of this.#onIdle) heard()
    }
  }

  /** Resolves at a quiet moment (nobody has owned it for `quietMs`), but after `atMostMs` in any case. */
  async quiet(quietMs: number, atMostMs: number, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + atMostMs
    while (!signal.aborted) {
      const now = performance.now()
      const quietAt = this.#owner ? Number.POSITIVE_INFINITY : this.#idleSince + quietMs
      if (now >= quietAt || now >= deadline) return
      await this.#idleOrTime(Math.min(quietAt, deadline) - now, signal)
    }
  }

  stop(): void {
    clearInterval(this.#patrol)
  }

  #admit(owner: Owner): void {
    this.#owner = owner
    this.#ownedSince = performance.now()
  }

  #idleOrTime(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        this.#onIdle.delete(done)
        resolve()
      }
      const timer = setTimeout(done, Math.ceil(milliseconds))
      signal.addEventListener('abort', done)
      this.#onIdle.add(done)
    })
  }
}
