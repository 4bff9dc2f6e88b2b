// A track: positions of one vehicle by device time, a row budget an answer, read in slices.
// One embedded backend serves everybody, so no single statement may take long. The record of the read, with the window that was asked
// for, is committed before the first slice.
import type { Track } from '../../contracts/api.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { countingPositions } from '../kernel/countingPositions.ts'
import { listFlagged } from './flagged.ts'
import { recordRead, type TrackRead } from './read.ts'
import { inSlices } from './slices.ts'

export const ROW_BUDGET = 20_000
const SLICE = 5_000

type PositionRow = { ms: number; lon_e7: number; lat_e7: number; speed_dkph: number | null; heading_deg: number | null }

/** @throws Refusal NOT_FOUND */
export async function readTrack(db: Database, read: TrackRead, budget: number = ROW_BUDGET): Promise<Track> {
  const rows: PositionRow[] = []
  await recordRead(db, 'track', read)
  const slices = inSlices(
    read,
    () => Math.min(SLICE, budget + 1 - rows.length),
    async (from, until, limit) => {
      const found = await readSlice(db, read.vehicleId, from, until, limit)
      return { found, count: found.length, lastMs: found.at(-1)?.ms ?? 0 }
    },
  )
  for await (const { found } of slices) {
    for (const row of found) rows.push(row)
    if (rows.length > budget) break
  }
  const next = rows.length > budget ? new Date(rows[budget]!.ms).toISOString() : null
  rows.length = Math.min(rows.length, budget)
  return {
    vehicleId: read.vehicleId,
    from: read.from.toISOString(),
    to: read.to.toISOString(),
    timeMs: rows.map((row) => row.ms),
    lon: rows.map((row) => row.lon_e7 / 1e7),
    lat: rows.map((row) => row.lat_e7 / 1e7),
    speedKph: rows.map((row) => (row.speed_dkph === null ? null : row.speed_dkph / 10)),
    headingDeg: rows.map((row) => row.heading_deg),
    flagged: await listFlagged(
      db,
      read.vehicleId,
      rows.map(({ ms }) => ms),
    ),
    next,
  }
}

/**
 * The time is answered as `ms`:
 * under the column's own name ORDER BY would mean the answer's expression, and every slice would sort all that is left of the track.
 */
async function readSlice(client: Queryable, vehicleId: number, from: Date, to: Date, limit: number): Promise<PositionRow[]> {
  const { rows } = await client.query<PositionRow>(
    `SELECT (extract(epoch FROM ts) * 1000)::float8 AS ms, lon_e7, lat_e7, speed_dkph, heading_deg
       FROM ${countingPositions('vehicle_id = $1 AND ts >= $2 AND ts < $3', 'ORDER BY ts LIMIT $4')} ORDER BY p.ts LIMIT $4`,
    [vehicleId, from, to, limit],
  )
  return rows
}
