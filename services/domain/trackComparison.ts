// Two tracks held against each other: a vehicle's, and one that somebody else recorded. How far apart they were at each time that both know, and how much of it
// within a width. Nothing is said of times that one of them does not know. Pure.
import { distanceM } from './geofence.ts'
import { type ReplayLine, stateAtReplay } from './replay.ts'

export type ComparedAt = {
  /** Of the vehicle's clock, ascending, ms since 1970. */
  timeMs: Float64Array
  /** Metres between the two; NaN where one of them is not known. */
  metres: Float64Array
}
export type Comparison = ComparedAt & {
  /** Time that both know, ms. */
  knownMs: number
  /** Part of that time in which they were within the width, 0–1; NaN where none is known. */
  shareWithin: number
  meanM: number
  mostM: number
}

/**
 * At each report of `other`, which is read as if its clock were `offsetMs` ahead of what it says, where the vehicle was then: between two of its reports in
 * proportion to time, nowhere in a gap. The time to the next report counts as the report says, unless a gap begins there.
 * @param widthM they count as together up to so many metres
 */
export function compareTracks(
  vehicle: ReplayLine,
  other: ReplayLine,
  { widthM, offsetMs }: { widthM: number; offsetMs: number },
): Comparison {
  const count = other.timeMs.length
  const timeMs = Float64Array.from(other.timeMs, (ms) => ms + offsetMs)
  const metres = Float64Array.from(timeMs, (ms, i) => distanceAt(vehicle, ms, other.lon[i]!, other.lat[i]!))
  const gaps = new Set(other.gaps.map(({ index }) => index))
  let [knownMs, withinMs, sum, mostM] = [0, 0, 0, 0]
  for (let i = 0; i + 1 < count; i++) {
    const far = metres[i]!
    if (gaps.has(i) || Number.isNaN(far) || Number.isNaN(metres[i + 1]!)) continue
    const lasts = timeMs[i + 1]! - timeMs[i]!
    knownMs += lasts
    sum += far * lasts
    if (far <= widthM) withinMs += lasts
    mostM = Math.max(mostM, far)
  }
  return { timeMs, metres, knownMs, shareWithin: withinMs / knownMs, meanM: sum / knownMs, mostM: knownMs === 0 ? Number.NaN : mostM }
}

function distanceAt(vehicle: ReplayLine, ms: number, lon: number, lat: number): number {
  const state = stateAtReplay(vehicle, ms)
  if (state.seen !== 'moving' && !(state.seen === 'last' && state.sinceMs === ms)) return Number.NaN
  return distanceM([state.lon, state.lat], [lon, lat])
}

const HOUR_MS = 3_600_000
/** Of so many reports of the other track; enough to tell one clock from another. */
const SAMPLES = 300

/**
 * How far the clock of the other track seems to be off: whole hours first (a zone that was not told), then by the 5 seconds within ten minutes. Of those that know at
 * least half as much as any does, the one with the least mean distance; undefined where the two never know the same time.
 */
export function findOffset(vehicle: ReplayLine, other: ReplayLine): number | undefined {
  const step = Math.max(1, Math.ceil(other.timeMs.length / SAMPLES))
  const kept = Array.from({ length: Math.ceil(other.timeMs.length / step) }, (_, n) => n * step)
  const meanAt = (offsetMs: number): { offsetMs: number; known: number; mean: number } => {
    let [known, sum] = [0, 0]
    for (const i of kept) {
      const far = distanceAt(vehicle, other.timeMs[i]! + offsetMs, other.lon[i]!, other.lat[i]!)
      if (Number.isNaN(far)) continue
      known++
      sum += far
    }
    return { offsetMs, known, mean: sum / known }
  }
  const bestOf = (offsets: readonly number[]) => {
    const tried = offsets.map(meanAt)
    const most = Math.max(...tried.map(({ known }) => known))
    if (most === 0) return undefined
    return tried
      .filter(({ known }) => known * 2 >= most)
      .reduce((a, b) => (b.mean < a.mean || (b.mean === a.mean && Math.abs(b.offsetMs) < Math.abs(a.offsetMs)) ? b : a))
  }
  const hours = bestOf(Array.from({ length: 25 }, (_, n) => (n - 12) * HOUR_MS))
  if (!hours) return undefined
  return bestOf(Array.from({ length: 241 }, (_, n) => hours.offsetMs + (n - 120) * 5_000))?.offsetMs
}
