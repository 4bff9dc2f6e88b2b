// When each recorded row is due, and by how much device times are shifted.

/** Multiple of recorded time; max is as fast as the broker acknowledges. */
export type ReplaySpeed = number | 'max'

/**
 * Milliseconds to add to device times so that the recording happens now. No time may lie ahead of the clock when it is sent, so a faster
 * replay begins in the past: its last position is then sent at its own time. At max that is: the last position is now.
 */
export function shiftToNow(firstMs: number, lastMs: number, nowMs: number, speed: ReplaySpeed): number {
  const lengthMs = lastMs - firstMs
  const playedMs = speed === 'max' ? 0 : lengthMs / speed
  return nowMs - firstMs - Math.max(0, lengthMs - playedMs)
}

/**
 * For each row of one device how long after the start it is due, in ms. Rows keep the order of the file: a row that lies back in time is
 * due with the row before it.
 */
export function dueAfterMs(timesMs: readonly number[], firstMs: number, speed: ReplaySpeed): Float64Array {
  const due = new Float64Array(timesMs.length)
  if (speed === 'max') return due
  let latest = 0
  timesMs.forEach((time, n) => {
    latest = Math.max(latest, (time - firstMs) / speed)
    due[n] = latest
  })
  return due
}
