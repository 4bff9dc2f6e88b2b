// Recorded tracks played again: where a vehicle was at an instant as far as anybody knows, and what happened when. One clock for all, whatever the density of
// their reports; a gap is a gap, and nothing moves in it. Pure.
import { type FlaggedLine, findUnbelieved, splitTrack } from './trackGaps.ts'

/** A track prepared for replay: the believed positions in the order of their times, and where of the whole track each of them is. */
export type ReplayLine = {
  timeMs: Float64Array
  lon: Float64Array
  lat: Float64Array
  /** Index of each position in the track it was made of. */
  of: Uint32Array
  gaps: readonly ReplayGap[]
  /** Positions that are stored and not believed, by index in that track. */
  apart: readonly number[]
}
/** Nothing is known between the two positions. `metres` as the crow flies: not seen, not driven. */
export type ReplayGap = { fromMs: number; untilMs: number; index: number; metres: number }

export function prepareReplay(track: FlaggedLine): ReplayLine {
  const out = findUnbelieved(track)
  const count = track.timeMs.length - out.size
  const line = { timeMs: new Float64Array(count), lon: new Float64Array(count), lat: new Float64Array(count), of: new Uint32Array(count) }
  let n = 0
  for (let i = 0; i < track.timeMs.length; i++) {
    if (out.has(i)) continue
    line.timeMs[n] = track.timeMs[i]!
    line.lon[n] = track.lon[i]!
    line.lat[n] = track.lat[i]!
    line.of[n] = i
    n++
  }
  const gaps = splitTrack(line).gaps.map(([index, next]) => ({
    fromMs: line.timeMs[index]!,
    untilMs: line.timeMs[next]!,
    index,
    metres: metresBetween(line, index, next),
  }))
  return { ...line, gaps, apart: [...out].sort((a, b) => a - b) }
}

/** A column of the whole track, by position of the line. By a loop: `from` with a function takes five times as long, and a day at a position a second has 86,400. */
export function ofLine({ of }: Pick<ReplayLine, 'of'>, column: ArrayLike<number>, scale = 1): Float64Array {
  const values = new Float64Array(of.length)
  for (let n = 0; n < of.length; n++) values[n] = column[of[n]!]! / scale
  return values
}

export type ReplayState =
  /** Before its first report, or without one. */
  | { seen: 'not-yet' }
  | {
      /** `moving`: between two reports that are one line; `gap`: nothing is known since `sinceMs`; `last`: after its last report. */
      seen: 'moving' | 'gap' | 'last'
      lon: number
      lat: number
      /** Of the report before the instant, in the line. */
      index: number
      /** The time of that report. */
      sinceMs: number
      /** Where it goes, degrees from north; null while it does not move. */
      headingDeg: number | null
    }

/** Where the vehicle was at `ms`: between two reports in proportion to time, and nowhere but at its last report where the next is beyond a gap. */
export function stateAtReplay(line: ReplayLine, ms: number): ReplayState {
  const index = lastAt(line.timeMs, ms)
  if (index < 0) return { seen: 'not-yet' }
  const [lon, lat, sinceMs] = [line.lon[index]!, line.lat[index]!, line.timeMs[index]!]
  const here = { lon, lat, index, sinceMs, headingDeg: null }
  if (index === line.timeMs.length - 1) return { seen: 'last', ...here }
  if (sinceMs === ms) return { seen: 'moving', ...here, headingDeg: headingOf(line, index) }
  const gap = line.gaps[lastGap(line.gaps, ms)]
  if (gap && gap.index === index) return { seen: 'gap', ...here }
  const part = (ms - sinceMs) / (line.timeMs[index + 1]! - sinceMs)
  return {
    seen: 'moving',
    index,
    sinceMs,
    lon: lon + part * (line.lon[index + 1]! - lon),
    lat: lat + part * (line.lat[index + 1]! - lat),
    headingDeg: headingOf(line, index),
  }
}

export type ReplaySpan = { fromMs: number; untilMs: number }

/**
 * The spans in which `holds` is true of the reports, each from the first that says so until the next that does not; a gap ends one. `holds` is asked by index in
 * the track that the line was made of.
 */
export function spansWhere(line: ReplayLine, holds: (index: number) => boolean): ReplaySpan[] {
  const spans: ReplaySpan[] = []
  let [open, gap] = [-1, 0]
  for (let n = 0; n < line.timeMs.length; n++) {
    while (gap < line.gaps.length && line.gaps[gap]!.index < n - 1) gap++
    const afterGap = n > 0 && line.gaps[gap]?.index === n - 1
    if (open >= 0 && afterGap) {
      spans.push({ fromMs: line.timeMs[open]!, untilMs: line.timeMs[n - 1]! })
      open = -1
    }
    const now = holds(line.of[n]!)
    if (now && open < 0) open = n
    if (!now && open >= 0) {
      spans.push({ fromMs: line.timeMs[open]!, untilMs: line.timeMs[n]! })
      open = -1
    }
  }
  if (open >= 0) spans.push({ fromMs: line.timeMs[open]!, untilMs: line.timeMs.at(-1)! })
  return spans
}

/** The instant after `ms` at which one of `starts` (ascending) begins, or the last before it. */
export const findNext = (starts: readonly number[], ms: number): number | undefined => starts.find((start) => start > ms)
export const findPrevious = (starts: readonly number[], ms: number): number | undefined => starts.findLast((start) => start < ms)

/** Index of the last time at or before `ms`; −1 before the first. */
export function lastAt(timeMs: ArrayLike<number>, ms: number): number {
  let [low, high] = [0, timeMs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeMs[middle]! <= ms) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Index of the report whose figures hold at `ms`; −1 where nothing is known: before the first, in a gap, after the last. */
export function knownAt({ timeMs, gaps }: { timeMs: ArrayLike<number>; gaps: readonly { index: number }[] }, ms: number): number {
  const at = lastAt(timeMs, ms)
  if (at < 0 || timeMs[at] === ms) return at
  return at === timeMs.length - 1 || gaps.some(({ index }) => index === at) ? -1 : at
}

function lastGap(gaps: readonly ReplayGap[], ms: number): number {
  let [low, high] = [0, gaps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (gaps[middle]!.fromMs <= ms) low = middle + 1
    else high = middle
  }
  return low - 1
}

const METRES_PER_DEGREE = 111_320
const eastM = ({ lon, lat }: Pick<ReplayLine, 'lon' | 'lat'>, from: number, to: number): number =>
  (lon[to]! - lon[from]!) * Math.cos((lat[to]! * Math.PI) / 180) * METRES_PER_DEGREE
const northM = ({ lat }: Pick<ReplayLine, 'lat'>, from: number, to: number): number => (lat[to]! - lat[from]!) * METRES_PER_DEGREE
const metresBetween = (line: Pick<ReplayLine, 'lon' | 'lat'>, from: number, to: number): number =>
  Math.round(Math.hypot(eastM(line, from, to), northM(line, from, to)))

/** Less than this between two reports is no direction. */
const STILL_M = 3
function headingOf(line: ReplayLine, index: number): number | null {
  if (index + 1 >= line.timeMs.length) return null
  const [east, north] = [eastM(line, index, index + 1), northM(line, index, index + 1)]
  if (Math.hypot(east, north) < STILL_M) return null
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360
}
