// The trips of one vehicle that overlap a window, oldest first.
import type { AnswerOf } from '../../contracts/api.ts'
import type { Database } from '../../platform/db.ts'
import { recordRead, type TrackRead } from './reach.ts'

/** More trips than any vehicle makes in 31 days; a bound on the answer all the same. */
const MAX_TRIPS = 5_000

type TripRow = {
  started_at: Date
  ended_at: Date
  ended: boolean
  start_lon_e7: number
  start_lat_e7: number
  end_lon_e7: number
  end_lat_e7: number
  distance_m: number
  max_speed_dkph: number
}

/** @throws Refusal NOT_FOUND */
export async function listTrips(db: Database, read: TrackRead): Promise<AnswerOf<'listTrips'>> {
  const rows = await db.transaction(async (client) => {
    await recordRead(client, 'trips.view', read)
    const trips = await client.query<TripRow>(
      `SELECT started_at, ended_at, ended, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m, max_speed_dkph
       FROM trips WHERE vehicle_id = $1 AND started_at < $3 AND ended_at >= $2 ORDER BY started_at LIMIT $4`,
      [read.vehicleId, read.from, read.to, MAX_TRIPS],
    )
    return trips.rows
  })
  return {
    rows: rows.map((row) => ({
      startedAt: row.started_at.toISOString(),
      endedAt: row.ended_at.toISOString(),
      ended: row.ended,
      start: [row.start_lon_e7 / 1e7, row.start_lat_e7 / 1e7],
      end: [row.end_lon_e7 / 1e7, row.end_lat_e7 / 1e7],
      distanceM: row.distance_m,
      maxSpeedKph: row.max_speed_dkph / 10,
    })),
  }
}
