// When each recorded row is due, and by how much device times are shifted. A time at which nobody recorded anything for more than a day is
// not waited for: between two recordings of a file, or after the one row of a clock that was years off, nothing happens.
import { DAY_MS } from '../../services/domain/days.ts'

const LONGEST_SILENCE_MS = DAY_MS

/** A stretch of recorded time without a long silence; `playedMs` is how much of the recording lies before it. */
export type Stretch = { firstMs: number; lastMs: number; playedMs: number }

/** The stretches of a recording, in order. @param timesMs device times in any order, at least one */
export function stretchesOf(timesMs: Iterable<number>): Stretch[] {
  const sorted = Float64Array.from(timesMs).sort()
  const stretches: Stretch[] = []
  for (const time of sorted) {
    const last = stretches.at(-1)
    if (last && time - last.lastMs <= LONGEST_SILENCE_MS) last.lastMs = time
    else stretches.push({ firstMs: time, lastMs: time, playedMs: last ? last.playedMs + last.lastMs - last.firstMs : 0 })
  }
  return stretches
}

/** How much of the recording lies before a time that is in it, in ms, long silences left out. */
export function playedAt(stretches: readonly Stretch[], timeMs: number): number {
  const { firstMs, playedMs } = stretches.find(({ lastMs }) => timeMs <= lastMs) ?? stretches.at(-1)!
  return playedMs + timeMs - firstMs
}

/**
 * The times by which the rows of one device are paced, in the order of the file: a row more than a day ahead of what comes after it must not
 * keep the rest waiting, and goes with the row before it.
 */
export function pacedTimes(timesMs: readonly number[]): number[] {
  const inOrder = longestInOrder(timesMs)
  const paced = [...timesMs]
  let next = Number.POSITIVE_INFINITY
  let first = timesMs[0]!
  const isStray = timesMs.map(() => false)
  for (let n = timesMs.length - 1; n >= 0; n--) {
    if (inOrder.has(n)) first = next = timesMs[n]!
    else isStray[n] = timesMs[n]! - next > LONGEST_SILENCE_MS
  }
  for (const [n, stray] of isStray.entries()) if (stray) paced[n] = n > 0 ? paced[n - 1]! : first
  return paced
}

/** Places of the longest run of rows whose times never go back; what is not among them came late or is of a clock gone wrong. */
function longestInOrder(timesMs: readonly number[]): Set<number> {
  /** Where the run of each length ends, with the least last time. */
  const ends: number[] = []
  const before: number[] = []
  for (const [n, time] of timesMs.entries()) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (timesMs[ends[middle]!]! <= time) low = middle + 1
      else high = middle
    }
    before[n] = low > 0 ? ends[low - 1]! : -1
    ends[low] = n
  }
  const found = new Set<number>()
  for (let n = ends.at(-1) ?? -1; n >= 0; n = before[n]!) found.add(n)
  return found
}

/** As `shiftToNow` for a recording with long silences: no time lies ahead of the clock when it is sent. */
export const shiftAllToNow = (stretches: readonly Stretch[], nowMs: number, speed: ReplaySpeed): number =>
  Math.min(
    ...stretches.map(({ firstMs, lastMs, playedMs }) =>
      shiftToNow(firstMs, lastMs, nowMs + (speed === 'max' ? 0 : playedMs / speed), speed),
    ),
  )

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
