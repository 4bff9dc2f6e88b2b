// A recorded track cut where nothing was reported: a gap is shown as a gap, never as a drive along a straight line.
import { type FlagReason, placeCounts } from '../../services/domain/tracks.ts'
import { lawAt, reachM, type TripLaw } from '../../services/domain/tripLaw.ts'

export type Track = {
  timeMs: number[]
  lon: number[]
  lat: number[]
  speedKph: (number | null)[]
  /** Positions that are not believed, by index. */
  flagged?: { index: number; reason: FlagReason }[]
}
/** Index ranges, both ends included. A gap joins the last point before it with the first after it. */
type TrackParts = { runs: [number, number][]; gaps: [number, number][] }

const GAP_MS = 10 * 60_000
const JUMP_MS = 2 * 60_000
const JUMP_M = 2_000
const METRES_PER_DEGREE = 111_320
const WILD_AT_ONCE = 4

/** The positions whose places count, as a track of its own, and the others, which are drawn apart and joined to nothing. */
export function believedTrack(track: Track): { believed: Track; apart: [lon: number, lat: number][] } {
  const out = new Set((track.flagged ?? []).filter(({ reason }) => !placeCounts(reason)).map(({ index }) => index))
  withholdUnjudged(track, out)
  if (out.size === 0) return { believed: track, apart: [] }
  const keep = <T>(values: T[]): T[] => values.filter((_, i) => !out.has(i))
  return {
    believed: { timeMs: keep(track.timeMs), lon: keep(track.lon), lat: keep(track.lat), speedKph: keep(track.speedKph) },
    apart: [...out].map((i) => [track.lon[i]!, track.lat[i]!]),
  }
}

/**
 * Flags are derived some minutes after a position came. Until then what no vehicle can reach is withheld here, unless it is still there
 * four reports later (docs/trips.md, "Evidence").
 */
function withholdUnjudged(track: Track, out: Set<number>): void {
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

function isReachable(law: TripLaw, track: Track, from: number, to: number): boolean {
  return metresBetween(track, from, to) <= reachM(law, track.timeMs[to]! - track.timeMs[from]!)
}

function metresBetween({ lon, lat }: Track, from: number, to: number): number {
  const east = (lon[to]! - lon[from]!) * Math.cos((lat[to]! * Math.PI) / 180)
  return Math.hypot(east, lat[to]! - lat[from]!) * METRES_PER_DEGREE
}

/** Splits by device time: silent for more than 10 minutes, or more than 2 km on after more than 2 minutes, or farther on than any vehicle gets. */
export function splitTrack(track: Track): TrackParts {
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

/** [west, south, east, north] of a track, or null when it has no points. */
export function trackBounds({ lon, lat }: Track): [number, number, number, number] | null {
  if (lon.length === 0) return null
  const box: [number, number, number, number] = [lon[0]!, lat[0]!, lon[0]!, lat[0]!]
  for (let i = 1; i < lon.length; i++) {
    box[0] = Math.min(box[0], lon[i]!)
    box[1] = Math.min(box[1], lat[i]!)
    box[2] = Math.max(box[2], lon[i]!)
    box[3] = Math.max(box[3], lat[i]!)
  }
  return box
}

function isGap(track: Track, i: number): boolean {
  const silentMs = track.timeMs[i]! - track.timeMs[i - 1]!
  if (silentMs > GAP_MS) return true
  if (silentMs <= JUMP_MS) return !isReachable(lawAt(track.timeMs[i]!), track, i - 1, i)
  return metresBetween(track, i - 1, i) > JUMP_M
}
