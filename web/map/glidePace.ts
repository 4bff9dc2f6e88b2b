// How soon the next frame of a glide is asked for. A frame that is cheap is followed at once; where drawing is slow
// (software rendering, an old phone) each frame is followed by a rest of its own length, so that input is answered between.

/** About 30 frames a second: what is drawn at least this fast needs no rest. */
const CHEAP_FRAME_MS = 34
const LONGEST_REST_MS = 250
/** A longer interval means that nothing was gliding, not that drawing was slow. */
const STALE_MS = 1_000
const SMOOTHING = 0.3

export class GlidePace {
  private lastFrameMs = Number.NEGATIVE_INFINITY
  private restMs = 0
  private costMs = 0

  /** Notes a frame drawn at `nowMs` and returns how many milliseconds to rest before the next; 0 = draw on. */
  restAfter(nowMs: number): number {
    const cost = nowMs - this.lastFrameMs - this.restMs
    this.lastFrameMs = nowMs
    if (cost >= 0 && cost < STALE_MS) this.costMs += (cost - this.costMs) * SMOOTHING
    this.restMs = this.costMs > CHEAP_FRAME_MS ? Math.min(LONGEST_REST_MS, this.costMs) : 0
    return this.restMs
  }
}
