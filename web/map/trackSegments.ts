// A recorded track cut where nothing was reported: a gap is shown as a gap, never as a drive along a straight line.

export type Track = { timeMs: number[]; lon: number[]; lat: number[]; speedKph: (number | null)[] }
/** Index ranges, both ends included. A gap joins the last point before it with the first after it. */
type TrackParts = { runs: [number, number][]; gaps: [number, number][] }

const GAP_MS = 10 * 60_000
const JUMP_MS = 2 * 60_000
const JUMP_M = 2_000
const METRES_PER_DEGREE = 111_320

/** Splits by device time: silent for more than 10 minutes, or more than 2 km on after more than 2 minutes. */
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

function isGap({ timeMs, lon, lat }: Track, i: number): boolean {
  const silentMs = timeMs[i]! - timeMs[i - 1]!
  if (silentMs > GAP_MS) return true
  if (silentMs <= JUMP_MS) return false
  const east = (lon[i]! - lon[i - 1]!) * Math.cos((lat[i]! * Math.PI) / 180)
  return Math.hypot(east, lat[i]! - lat[i - 1]!) * METRES_PER_DEGREE > JUMP_M
}
