// Bounds for what a misbehaving sender can cause: a token bucket per name, and a log line that is written at most every so often.
import type { Logger } from '../log.ts'

/** A bucket per name: `take` is false once the name has used `capacity` and not waited for `perSecond` to refill it. */
export function createBudget(capacity: number, perSecond: number, maxNames = 10_000): { take(name: string, nowMs: number): boolean } {
  const buckets = new Map<string, { left: number; atMs: number }>()
  return {
    take(name, nowMs) {
      let bucket = buckets.get(name)
      if (!bucket) {
        // Names come from authenticated senders, so this is reached by a fleet's worth of faults at once, not by an attacker.
        if (buckets.size >= maxNames) buckets.clear()
        bucket = { left: capacity, atMs: nowMs }
        buckets.set(name, bucket)
      }
      bucket.left = Math.min(capacity, bucket.left + ((nowMs - bucket.atMs) / 1000) * perSecond)
      bucket.atMs = nowMs
      if (bucket.left < 1) return false
      bucket.left--
      return true
    },
  }
}

/** How fast each name may go on: `waitMs` takes `weight` off what it has and says 0; where it has not enough it takes nothing and says when to ask again. */
export function createPace(
  burst: number,
  perSecond: number,
  maxNames = 100_000,
): { waitMs(name: string, weight: number, nowMs: number): number } {
  const names = new Map<string, { left: number; atMs: number }>()
  return {
    waitMs(name, weight, nowMs) {
      let one = names.get(name)
      if (!one) {
        if (names.size >= maxNames) names.clear()
        one = { left: burst, atMs: nowMs }
        names.set(name, one)
      }
      // A clock that is set back gives nothing and takes nothing.
      one.left = Math.min(burst, one.left + (Math.max(0, nowMs - one.atMs) / 1000) * perSecond)
      one.atMs = nowMs
      const wanted = Math.min(weight, burst)
      if (one.left < wanted) return Math.ceil(((wanted - one.left) / perSecond) * 1000)
      one.left -= wanted
      return 0
    },
  }
}

/** A warning that is logged at once and then at most every `everyMs`, with the number left out in between. */
export function createQuietWarning(log: Logger, everyMs = 10_000): (fields: object, message: string) => void {
  const last = new Map<string, { atMs: number; leftOut: number }>()
  return (fields, message) => {
    const nowMs = Date.now()
    const seen = last.get(message)
    if (seen && nowMs - seen.atMs < everyMs) {
      seen.leftOut++
      return
    }
    log.warn({ ...fields, ...(seen?.leftOut ? { leftOut: seen.leftOut } : {}) }, message)
    last.set(message, { atMs: nowMs, leftOut: 0 })
  }
}
