// The sketch of a long time: what a track looks like from afar, made of what is prepared of its minutes, so that a month is on the screen before it is read.
import type { TrackSketch } from '../../contracts/trackBytes.ts'
import { simplify } from '../../domain/simplify.ts'
import { findUnbelieved, splitTrack } from '../../domain/trackGaps.ts'
import type { Queryable } from '../../platform/db.ts'
import { listFlagged } from './flagged.ts'

/** Shorter than this the track itself is there as soon. */
export const SKETCHED_FROM_MS = 36 * 3_600_000
/** A map is some thousand dots wide: of a track that fills it, half a dot. */
const PARTS = 2_400

/** A vehicle's last report of each minute, as far as it is prepared; in the order of time. 1e-7 degrees. */
export type Minutes = { timeMs: Float64Array; lonE7: Float64Array; latE7: Float64Array }
export type ReadMinutes = (db: Queryable, vehicleId: number, from: Date, to: Date) => Promise<Minutes>

/** undefined: nothing is prepared of that time. */
export async function readSketch(
  db: Queryable,
  readMinutes: ReadMinutes,
  { vehicleId, from, to }: { vehicleId: number; from: Date; to: Date },
): Promise<TrackSketch | undefined> {
  const minutes = await readMinutes(db, vehicleId, from, to)
  if (minutes.timeMs.length === 0) return undefined
  return sketchOf(minutes, await listFlagged(db, vehicleId, minutes.timeMs))
}

/** Positions that are not believed are left out, and gaps are gaps. */
export function sketchOf(
  { timeMs, lonE7, latE7 }: Minutes,
  flagged: Parameters<typeof findUnbelieved>[0]['flagged'],
): TrackSketch | undefined {
  const degrees = (values: Float64Array) => values.map((value) => value / 1e7)
  const all = { timeMs, lon: degrees(lonE7), lat: degrees(latE7) }
  const out = findUnbelieved({ ...all, flagged })
  const kept = Uint32Array.from(timeMs.keys()).filter((i) => !out.has(i))
  if (kept.length === 0) return undefined
  const of = (values: Float64Array) => Float64Array.from(kept, (i) => values[i]!)
  const line = { timeMs: of(timeMs), lon: of(all.lon), lat: of(all.lat) }
  const narrow = Math.cos((line.lat[0]! * Math.PI) / 180)
  const places = { x: line.lon.map((lon) => lon * narrow), y: line.lat }
  const tolerance = Math.max(spanOf(places.x), spanOf(places.y)) / PARTS
  const runs = splitTrack(line).runs.map(([first, last]) => simplify(places, first, last, tolerance))
  const drawn = runs.flat()
  return {
    runs: runs.map(({ length }) => length),
    madeOf: kept.length,
    lonE7: Float64Array.from(drawn, (i) => lonE7[kept[i]!]!),
    latE7: Float64Array.from(drawn, (i) => latE7[kept[i]!]!),
  }
}

function spanOf(values: Float64Array): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return most - least
}
