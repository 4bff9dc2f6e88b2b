// Tracks of single vehicles, for what is read of one: it drives to and fro with some noise, as receivers have it, and is heard without a gap.
import { prepareUnit } from '../../services/dispatch/whereabouts/prepare.ts'
import { findUnprepared, HOUR_MS } from '../../services/dispatch/whereabouts/units.ts'
import type { Database } from '../../services/platform/db.ts'

/** Rows of one statement. */
const SLICE = 50_000

/** @param everySec whole seconds between two positions */
export async function layTrack(db: Database, vehicleId: number, fromMs: number, untilMs: number, everySec: number): Promise<number> {
  const count = Math.floor((untilMs - fromMs) / 1000 / everySec)
  await db.query('DELETE FROM positions WHERE vehicle_id = $1 AND ts >= $2 AND ts < $3', [vehicleId, new Date(fromMs), new Date(untilMs)])
  for (let row = 0; row < count; row += SLICE)
    await db.query(
      `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, heading_deg, altitude_m, odometer_m, fuel_permille, satellites, flags, alarms)
       SELECT $1, at, at + interval '2 s', 1117000000 + $1::int * 1000 + (2000000 * sin(n * $5::int / 9000.0))::int + (random() * 40)::int,
         408000000 + (1500000 * cos(n * $5::int / 7000.0))::int + (random() * 40)::int, abs(600 * sin(n * $5::int / 900.0))::int, (n * $5::int / 60) % 360,
         1040 + n % 20, 1000000 + n * $5::int, 900 - n * $5::int % 86400 / 200, 9 + n % 4, 1, 0
       FROM generate_series($3::int, $4::int) n CROSS JOIN LATERAL (SELECT to_timestamp($2::float8 / 1000) + make_interval(secs => n * $5::int)) t (at)`,
      [vehicleId, fromMs, row, Math.min(row + SLICE, count) - 1, everySec],
    )
  return count
}

/** Counts what was laid as ingest counts it, and prepares its hours as the service does an hour later. */
export async function prepareTracks(db: Database, vehicleIds: readonly number[], fromMs: number, untilMs: number): Promise<void> {
  await db.query(
    `INSERT INTO position_hours AS t (hour, part, worker, stored)
     SELECT floor(extract(epoch FROM ts) / 3600)::int, vehicle_id / 128, 'laid', count(*) FROM positions
     WHERE vehicle_id = ANY($1::int[]) AND ts >= $2 AND ts < $3 GROUP BY 1, 2 ON CONFLICT (hour, part, worker) DO UPDATE SET stored = excluded.stored`,
    [vehicleIds, new Date(fromMs), new Date(untilMs)],
  )
  for (const unit of await findUnprepared(db, fromMs / HOUR_MS, untilMs / HOUR_MS - 1)) await prepareUnit(db, unit)
}
