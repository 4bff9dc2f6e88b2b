// Where a recorded track is one line and where nothing is known of it: a gap is a gap, never a drive along a straight line; and what is stored and not
// believed is no part of the line.
import { type FlagReason, placeCounts } from './tracks.ts'
import { lawAt, reachM, type TripLaw } from './tripLaw.ts'

/** Positions in the order of their device times: ms since 1970, degrees. */
export type TrackLine = { timeMs: ArrayLike<number>; lon: ArrayLike<number>; lat: ArrayLike<number> }
/** `flagged`: positions that are not believed, by index. */
export type FlaggedLine = TrackLine & { flagged?: readonly { index: number; reason: FlagReason }[] | undefined }
/** Index ranges, both ends included. A gap joins the last point before it with the first after it. */
type TrackParts = { runs: [number, number][]; gaps: [number, number][] }

const GAP_MS = 10 * 60_000
const JUMP_MS = 2 * 60_000
const JUMP_M = 2_000
export const METRES_PER_DEGREE = 111_320
const WILD_AT_ONCE = 4

/** The positions whose places do not count, by index: those that are flagged so, and those that nobody has judged yet and no vehicle can reach. */
export function findUnbelieved(track: FlaggedLine): Set<number> {
  const out = new Set((track.flagged ?? []).filter(({ reason }) => !placeCounts(reason)).map(({ index }) => index))
  withholdUnjudged(track, out)
  return out
}

/**
 * Flags are derived some minutes after a position came. Until then what no vehicle can reach is withheld here, unless it is still there
 * four reports later (docs/trips.md, "Evidence").
 */
function withholdUnjudged(track: TrackLine, out: Set<number>): void {
  const law = lawAt(track.timeMs[0] ?? 0)
  let last = -1
  for (let i = 0; i < track.timeMs.length; i++) {
    if (out.has(i)) continue
    if (last < 0 || isReachable(law, track, last, i)) {
      last = i
      continue
    }
    let back = i + 1
    while (back < track.timeMs.length && back <= i + WILD_AT_ONCE && (out.has(back) || !isReachable(law, track, last, back))) back++
    if (back < track.timeMs.length && back > i + WILD_AT_ONCE) last = i
    else for (let wild = i; wild < back; wild++) out.add(wild)
  }
}

function isReachable(law: TripLaw, track: TrackLine, from: number, to: number): boolean {
  return metresBetween(track, from, to) <= reachM(law, track.timeMs[to]! - track.timeMs[from]!)
}

function metresBetween({ lon, lat }: TrackLine, from: number, to: number): number {
  const east = (lon[to]! - lon[from]!) * Math.cos((lat[to]! * Math.PI) / 180)
  const north = lat[to]! - lat[from]!
  // Of every position of months: Math.hypot takes many times as long.
  return Math.sqrt(east * east + north * north) * METRES_PER_DEGREE
}

/** Splits by device time: silent for more than 10 minutes, or more than 2 km on after more than 2 minutes, or farther on than any vehicle gets. */
export function splitTrack(track: TrackLine): TrackParts {
  const parts: TrackParts = { runs: [], gaps: [] }
  let start = 0
  for (let i = 1; i < track.timeMs.length; i++) {
    if (!isGap(track, i)) continue
    parts.runs.push([start, i - 1])
    parts.gaps.push([i - 1, i])
    start = i
  }
  if (track.timeMs.length > 0) parts.runs.push([start, track.timeMs.length - 1])
  return parts
}

function isGap(track: TrackLine, i: number): boolean {
  const silentMs = track.timeMs[i]! - track.timeMs[i - 1]!
  if (silentMs > GAP_MS) return true
  if (silentMs <= JUMP_MS) return !isReachable(lawAt(track.timeMs[i]!), track, i - 1, i)
  return metresBetween(track, i - 1, i) > JUMP_M
}
