// The clock of a replay: one instant for all vehicles, moved by wall time and speed, never by how often anybody reported.
import { Store } from '../../kit/store.ts'

export const SPEEDS = [1, 5, 10, 30, 60, 120, 300, 600] as const

export class ReplayClock {
  /** The instant, ms since 1970; set up to sixty times a second. */
  readonly ms: Store<number>
  /** The same, some times a second: for texts. */
  readonly slow: Store<number>
  readonly playing = new Store(false)
  speed = 60
  #fromMs: number
  #untilMs: number
  #frame = 0
  #toldAt = 0

  constructor(fromMs: number, untilMs: number, atMs: number) {
    this.#fromMs = fromMs
    this.#untilMs = untilMs
    this.ms = new Store(this.#inside(atMs))
    this.slow = new Store(this.ms.get())
  }

  toggle(): void {
    if (this.playing.get()) {
      this.pause()
      return
    }
    // From its end it begins again.
    if (this.ms.get() >= this.#untilMs) this.set(this.#fromMs)
    this.playing.set(true)
    let before = performance.now()
    const tick = (now: number) => {
      if (!this.playing.get()) return
      // A frame is told when it began, which may be before it was asked for: time stands then, and never runs back.
      const next = this.ms.get() + Math.max(0, now - before) * this.speed
      before = Math.max(before, now)
      if (next >= this.#untilMs) {
        this.set(this.#untilMs)
        this.pause()
        return
      }
      this.#tell(next, now)
      this.#frame = requestAnimationFrame(tick)
    }
    this.#frame = requestAnimationFrame(tick)
  }

  pause(): void {
    cancelAnimationFrame(this.#frame)
    this.playing.set(false)
    this.slow.set(this.ms.get())
  }

  set(ms: number): void {
    const inside = this.#inside(ms)
    this.ms.set(inside)
    this.slow.set(inside)
  }

  #tell(ms: number, now: number): void {
    this.ms.set(ms)
    if (now - this.#toldAt < 150) return
    this.#toldAt = now
    this.slow.set(ms)
  }

  #inside = (ms: number): number => Math.min(this.#untilMs, Math.max(this.#fromMs, ms))
}
