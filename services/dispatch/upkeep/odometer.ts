// How far a vehicle has been driven in all, as it was last read: its terminal's odometer where it has one, else what an order or a workshop read.
import type { Queryable } from '../../platform/db.ts'

/** SQL: of the vehicle `v`, as a lateral row: `m`, `at`, `source`, and `track_m`, which is its terminal's. */
export const odometerOf = (v: string): string => `
  LATERAL (SELECT s.odometer_m AS track_m, coalesce(s.odometer_m, r.m) AS m, CASE WHEN s.odometer_m IS NULL THEN r.at ELSE s.ts END AS at,
      CASE WHEN s.odometer_m IS NULL THEN r.source ELSE 'track' END AS source
    FROM (SELECT 1) one LEFT JOIN last_states s ON s.vehicle_id = ${v}.vehicle_id
    LEFT JOIN LATERAL (${readings(v)} ORDER BY at DESC, m DESC LIMIT 1) r ON s.odometer_m IS NULL)`

/** SQL: what people read of the vehicle `v`: on orders, and in workshops. */
const readings = (v: string): string => `
  SELECT x.* FROM (
    (SELECT p.odometer_back_m AS m, p.until_at AS at, 'order' AS source FROM order_parts p WHERE p.vehicle_id = ${v}.vehicle_id AND p.odometer_back_m IS NOT NULL
      ORDER BY p.until_at DESC, p.odometer_back_m DESC LIMIT 1)
    UNION ALL (SELECT w.odometer_m, w.read_at, 'workshop' FROM work_orders w WHERE w.vehicle_id = ${v}.vehicle_id AND w.odometer_m IS NOT NULL
      ORDER BY w.read_at DESC, w.odometer_m DESC LIMIT 1)) x`

/** What people last read, and what its terminal says now. */
export async function readOdometers(
  client: Queryable,
  vehicleId: number,
): Promise<{ read: { km: number; atMs: number } | null; trackM: number | null }> {
  const { rows } = await client.query<{ m: number | null; at: Date | null; trackM: number | null }>(
    `SELECT r.m, r.at, s.odometer_m AS "trackM" FROM (SELECT $1::int AS vehicle_id) v LEFT JOIN last_states s ON s.vehicle_id = v.vehicle_id
     LEFT JOIN LATERAL (${readings('v')} ORDER BY at DESC, m DESC LIMIT 1) r ON true`,
    [vehicleId],
  )
  const { m, at, trackM } = rows[0]!
  return { read: m === null ? null : { km: m / 1000, atMs: at!.getTime() }, trackM }
}
