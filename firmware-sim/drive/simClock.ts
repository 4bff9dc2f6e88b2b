// Simulated time: runs `scale` times as fast as real time but never past it, because a platform quarantines reports from the future.
// A faster clock therefore starts in the past; once it has caught up with now it goes on at the pace of real time.

/** How far back a faster clock begins when neither a start nor a duration says so. */
const LEAD_MS = 24 * 3_600_000

/** Where the clock begins: `startMs` if given, else so that a run of `durationS` ends now, else a day ago (now at real pace). */
export function clockStart(nowMs: number, scale: number, durationS: number, startMs?: number): number {
  if (startMs !== undefined) return Math.min(startMs, nowMs)
  if (scale <= 1) return nowMs
  return nowMs - (durationS > 0 ? durationS * 1000 * (scale - 1) : LEAD_MS)
}

export class SimClock {
  private readonly scale: number
  private simMs: number
  private realMs: number

  constructor(startMs: number, scale: number, realMs: number) {
    this.scale = scale
    this.simMs = startMs
    this.realMs = realMs
  }

  /** Simulated time at real time `realMs`; `held` stops it meanwhile, as when the broker cannot keep up with a faster clock. */
  advance(realMs: number, held: boolean): number {
    const passedMs = Math.max(0, realMs - this.realMs)
    this.realMs = realMs
    if (!held) this.simMs = Math.min(realMs, this.simMs + passedMs * this.scale)
    return this.simMs
  }
}
