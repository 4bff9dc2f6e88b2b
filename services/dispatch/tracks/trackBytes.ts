// A track as bytes (contracts/trackBytes.ts), read in slices and sent while it is read. The database answers each column of a slice as one
// binary array.
import {
  encodeTrackBlock,
  encodeTrackEnd,
  encodeTrackSketch,
  TRACK_COLUMNS,
  type TrackArrays,
  type TrackColumn,
  trackHead,
} from '../../contracts/trackBytes.ts'
import { FLAG_PHONE } from '../../domain/status.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { numbersOf } from '../kernel/binaryArray.ts'
import { listFlagged } from './flagged.ts'
import { recordRead, type TrackRead } from './read.ts'
import { type ReadMinutes, readSketch, SKETCHED_FROM_MS } from './sketch.ts'
import { inSlices } from './slices.ts'

/** Of one answer: a month at a position every two seconds. */
export const BYTES_ROW_BUDGET = 1_500_000
/** One statement of the embedded database holds up all others: some 30 ms. A day at a position every ten seconds is one. */
const SLICE = 9_000

// Times leave the database as it keeps them, microseconds since 2000: to have it compute milliseconds took as long as all the rest of a slice.
const EPOCH_MS = Date.UTC(2000, 0, 1)
const columns: Record<TrackColumn, string> = {
  timeMs: 'ts',
  lonE7: 'lon_e7',
  latE7: 'lat_e7',
  speedDkph: 'speed_dkph',
  headingDeg: 'heading_deg',
  altitudeM: 'altitude_m',
  odometerM: 'odometer_m',
  fuelPermille: 'fuel_permille',
  socPermille: 'soc_permille',
  satellites: 'satellites',
  flags: 'flags',
  alarms: 'alarms',
  lagMs: 'received_at',
}
/** Its terminal's, and its driver's phone's where that was silent (kernel/countingPositions.ts); each cut by itself. */
const sourceOf = (table: string, more: string, also = ''): string => `
  (SELECT ts, received_at, lon_e7, lat_e7, speed_dkph, heading_deg, altitude_m, odometer_m, ${more} FROM ${table}
   WHERE ${also}vehicle_id = $1 AND ts >= $2 AND ts < $3 ORDER BY ts LIMIT $4)`
const SQL = `SELECT ${TRACK_COLUMNS.map((column) => `array_send(array_agg(${columns[column]})) AS "${column}"`).join(', ')}
  FROM (SELECT * FROM (${sourceOf('positions', 'fuel_permille, soc_permille, satellites, flags, alarms')} UNION ALL
      ${sourceOf('phone_positions', `NULL::smallint, NULL::smallint, NULL::smallint, flags | ${FLAG_PHONE}::smallint, 0::bigint`, 'counts AND ')}) u ORDER BY ts LIMIT $4) p`

/**
 * Resolves when the look is on record; what is read afterwards comes piece by piece.
 * @param readMinutes what is prepared of a long time, where its sketch is to come before it
 * @throws Refusal NOT_FOUND, CASE_REQUIRED
 */
export async function readTrackBytes(
  db: Database,
  read: TrackRead,
  { budget = BYTES_ROW_BUDGET, readMinutes }: { budget?: number; readMinutes?: ReadMinutes | undefined } = {},
): Promise<AsyncIterable<Uint8Array>> {
  await recordRead(db, 'track', read)
  return trackPieces(db, read, budget, read.to.getTime() - read.from.getTime() >= SKETCHED_FROM_MS ? readMinutes : undefined)
}

/** The same for what is on record already: whoever calls has recorded the look. */
export async function* trackPieces(
  db: Queryable,
  { vehicleId, from, to }: Pick<TrackRead, 'vehicleId' | 'from' | 'to'>,
  budget: number,
  readMinutes?: ReadMinutes,
): AsyncIterable<Uint8Array> {
  yield trackHead()
  const sketch = readMinutes && (await readSketch(db, readMinutes, { vehicleId, from, to }))
  if (sketch) yield encodeTrackSketch(sketch)
  const times: Float64Array[] = []
  let left = budget
  let nextMs: number | null = null
  const read = async (at: Date, until: Date, limit: number) => {
    const { rows } = await db.query<Record<TrackColumn, Buffer | null>>(SQL, [vehicleId, at, until, limit])
    const arrays = Object.fromEntries(TRACK_COLUMNS.map((column) => [column, numbersOf(rows[0]![column])])) as TrackArrays
    const { timeMs, lagMs } = arrays
    for (let row = 0; row < timeMs.length; row++) {
      lagMs[row] = Math.round((lagMs[row]! - timeMs[row]!) / 1000)
      timeMs[row] = timeMs[row]! / 1000 + EPOCH_MS
    }
    return { arrays, count: timeMs.length, lastMs: timeMs.at(-1) ?? 0 }
  }
  for await (const { arrays, count: n } of inSlices({ from, to }, () => SLICE, read)) {
    const count = Math.min(n, left)
    if (count > 0) yield encodeTrackBlock(arrays, count)
    times.push(arrays.timeMs.subarray(0, count))
    left -= count
    if (count < n) nextMs = arrays.timeMs[count]!
    if (nextMs !== null) break
  }
  const whole = new Float64Array(budget - left)
  let filled = 0
  for (const part of times) {
    whole.set(part, filled)
    filled += part.length
  }
  yield encodeTrackEnd(await listFlagged(db, vehicleId, whole), nextMs)
}
