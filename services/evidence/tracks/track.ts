// One vehicle's positions of one month as the four files of a package write them: everything in the table, and as a line what counts, cut where nothing is known.
import type { TrackArrays, TrackFlag } from '../../contracts/trackBytes.ts'
import { ZONE_OFFSET_MS } from '../../domain/days.ts'
import { findUnbelieved, splitTrack } from '../../domain/trackGaps.ts'

export type EvidenceTrack = {
  /** As it is said in the files: the plate, and whose it is. */
  name: string
  arrays: TrackArrays
  flagged: readonly TrackFlag[]
}

/** Indices of positions that are one line; a gap stands between two of them. */
export type TrackRun = Uint32Array

/** Lines of at least one position, without what is not believed. */
export function runsOf({ arrays, flagged }: EvidenceTrack): TrackRun[] {
  const { timeMs, lonE7, latE7 } = arrays
  const [lon, lat] = [lonE7.map((e7) => e7 / 1e7), latE7.map((e7) => e7 / 1e7)]
  const out = findUnbelieved({ timeMs, lon, lat, flagged })
  const kept = new Uint32Array(timeMs.length - out.size)
  let n = 0
  for (let i = 0; i < timeMs.length; i++) if (!out.has(i)) kept[n++] = i
  const pick = (column: ArrayLike<number>) => {
    const picked = new Float64Array(n)
    for (let k = 0; k < n; k++) picked[k] = column[kept[k]!]!
    return picked
  }
  return splitTrack({ timeMs: pick(timeMs), lon: pick(lon), lat: pick(lat) }).runs.map(([from, until]) => kept.subarray(from, until + 1))
}

/** 2026-03-07T23:30:00Z, with milliseconds where there are any. */
export function utcOf(ms: number): string {
  const text = new Date(ms).toISOString()
  return ms % 1000 === 0 ? `${text.slice(0, 19)}Z` : text
}

/** 2026-03-08 07:30:00, of the region's clock. */
export const regionalOf = (ms: number): string => new Date(ms + ZONE_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ')

/** Degrees with the seven places that are stored. */
export const degreesOf = (e7: number): string => (e7 / 1e7).toFixed(7)

export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Lines joined to pieces of some hundred kilobytes: whoever takes them lets others have their turn in between. */
export function* inPieces(lines: Iterable<string>, atOnce = 4_096): Generator<string> {
  let piece: string[] = []
  for (const line of lines) {
    piece.push(line)
    if (piece.length < atOnce) continue
    yield piece.join('')
    piece = []
  }
  if (piece.length > 0) yield piece.join('')
}
