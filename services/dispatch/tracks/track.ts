// A track: positions of one vehicle by device time, a row budget an answer, read in slices.
// One embedded backend serves everybody, so no single statement may take long; the record of the read commits with the first slice.
import type { Track } from '../../contracts/api.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { recordRead, type TrackRead } from './reach.ts'

export const ROW_BUDGET = 20_000
const SLICE = 5_000

type PositionRow = { ts: number; lon_e7: number; lat_e7: number; speed_dkph: number | null; heading_deg: number | null }

/** @throws Refusal NOT_FOUND */
export async function readTrack(db: Database, read: TrackRead, budget: number = ROW_BUDGET): Promise<Track> {
  const limit = () => Math.min(SLICE, budget + 1 - rows.length)
  const rows: PositionRow[] = []
  const append = async (client: Queryable, from: Date) => {
    const asked = limit()
    const slice = await readSlice(client, read.vehicleId, from, read.to, asked)
    for (const row of slice) rows.push(row)
    return slice.length === asked
  }
  let more = await db.transaction(async (client) => {
    await recordRead(client, 'track.view', read)
    return append(client, read.from)
  })
  while (more && rows.length <= budget) more = await append(db, new Date(rows.at(-1)!.ts + 1))
  const next = rows.length > budget ? new Date(rows[budget]!.ts).toISOString() : null
  rows.length = Math.min(rows.length, budget)
  return {
    vehicleId: read.vehicleId,
    from: read.from.toISOString(),
    to: read.to.toISOString(),
    timeMs: rows.map((row) => row.ts),
    lon: rows.map((row) => row.lon_e7 / 1e7),
    lat: rows.map((row) => row.lat_e7 / 1e7),
    speedKph: rows.map((row) => (row.speed_dkph === null ? null : row.speed_dkph / 10)),
    headingDeg: rows.map((row) => row.heading_deg),
    next,
  }
}

/** Device times are whole milliseconds, so the next slice begins one millisecond after the last row. */
async function readSlice(client: Queryable, vehicleId: number, from: Date, to: Date, limit: number): Promise<PositionRow[]> {
  const { rows } = await client.query<PositionRow>(
    `SELECT (extract(epoch FROM ts) * 1000)::float8 AS ts, lon_e7, lat_e7, speed_dkph, heading_deg FROM positions
     WHERE vehicle_id = $1 AND ts >= $2 AND ts < $3 ORDER BY ts LIMIT $4`,
    [vehicleId, from, to, limit],
  )
  return rows
}
