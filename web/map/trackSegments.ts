// A recorded track as the map draws it: what is believed as a line, what is not apart from it (services/domain/trackGaps.ts says which).
import { findUnbelieved } from '../../services/domain/trackGaps.ts'
import type { FlagReason } from '../../services/domain/tracks.ts'

export type Track = {
  timeMs: number[]
  lon: number[]
  lat: number[]
  speedKph: (number | null)[]
  /** Positions that are not believed, by index. */
  flagged?: { index: number; reason: FlagReason }[]
}

/** The positions whose places count, as a track of its own, and the others, which are drawn apart and joined to nothing. */
export function believedTrack(track: Track): { believed: Track; apart: [lon: number, lat: number][] } {
  const out = findUnbelieved(track)
  if (out.size === 0) return { believed: track, apart: [] }
  const keep = <T>(values: T[]): T[] => values.filter((_, i) => !out.has(i))
  return {
    believed: { timeMs: keep(track.timeMs), lon: keep(track.lon), lat: keep(track.lat), speedKph: keep(track.speedKph) },
    apart: [...out].map((i) => [track.lon[i]!, track.lat[i]!]),
  }
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
