// A history to ask about: the fleet of the demo, most of it parked and some on the road, so many hours a day over so many days, and what is prepared of it.
import { prepareUnit } from '../../services/dispatch/whereabouts/prepare.ts'
import { findUnprepared, HOUR_MS } from '../../services/dispatch/whereabouts/units.ts'
import type { Database } from '../../services/platform/db.ts'

export type History = {
  vehicles: number
  positions: number
  days: number
  hours: number
  /** The last day of it begins here and ends `hours` later. */
  lastMs: number
  insertS: number
  prepareS: number
  /** Of what is prepared, with its indexes, and of the positions, MB. */
  preparedMb: number
  positionsMb: number
}

/** Of a hundred vehicles so many are on the road. */
const ON_THE_ROAD = 15
const PARKED_EVERY_S = 300
const FIRST_MS = Date.UTC(2026, 8, 1)

/** @param before what is there already: it grows to `days` @param everySec of a vehicle on the road, s */
export async function buildHistory(
  db: Database,
  { vehicles, days, hours, every: everySec }: { vehicles: number; days: number; hours: number; every: number },
  before: History | undefined,
): Promise<History> {
  const begun = performance.now()
  let positions = before?.positions ?? 0
  for (let day = before?.days ?? 0; day < days; day++)
    for (let hour = 0; hour < hours; hour++) {
      const fromMs = FIRST_MS + (day * 24 + hour) * HOUR_MS
      for (const [moving, every] of [
        [true, everySec],
        [false, PARKED_EVERY_S],
      ] as const) {
        const { rows } = await db.query<{ n: number }>(INSERT, [vehicles, fromMs, every, moving, ON_THE_ROAD])
        positions += rows[0]!.n
      }
    }
  const inserted = performance.now()
  await db.query(
    `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms, stored)
     SELECT vehicle_id, $2, $2, 1117000000, 408000000, 0, 0, 0, 1 FROM every_vehicle ORDER BY vehicle_id LIMIT $1 ON CONFLICT (vehicle_id) DO UPDATE SET ts = excluded.ts, received_at = excluded.received_at`,
    [vehicles, new Date(FIRST_MS + days * 24 * HOUR_MS)],
  )
  for (const unit of await findUnprepared(db, FIRST_MS / HOUR_MS - 1, FIRST_MS / HOUR_MS + days * 24)) await prepareUnit(db, unit)
  const prepared = performance.now()
  await db.query('ANALYZE')
  const { rows: sizes } = await db.query<{ prepared: number; positions: number }>(
    `SELECT (pg_total_relation_size('vehicle_hours') + pg_total_relation_size('cell_days') + pg_total_relation_size('prepared_hours') + pg_total_relation_size('position_hours')) AS prepared,
       hypertable_size('positions') AS positions`,
  )
  const mb = (bytes: number) => Math.round(bytes / 1e6)
  const s = (ms: number) => Math.round(ms / 100) / 10
  return {
    ...{ vehicles, positions, days, hours, lastMs: FIRST_MS + (days - 1) * 24 * HOUR_MS },
    ...{ insertS: s(inserted - begun), prepareS: s(prepared - inserted) },
    ...{ preparedMb: mb(sizes[0]!.prepared), positionsMb: mb(sizes[0]!.positions) },
  }
}

/** Each vehicle around a seat of its own in one of nine towns: parked with some metres of noise, or driving to and fro at 60 km/h along its road. */
const INSERT = `
WITH fleet AS (SELECT vehicle_id, row_number() OVER (ORDER BY vehicle_id)::int AS n FROM (SELECT vehicle_id FROM every_vehicle ORDER BY vehicle_id LIMIT $1) v),
fix AS (
  SELECT vehicle_id, n, $2::float8 + (s + n % $3::int) * 1000.0 AS ms, s FROM fleet, generate_series(0, 3599 - $3::int, $3::int) s WHERE (n % 100 < $5::int) = $4::boolean),
inserted AS (
  INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms)
  SELECT vehicle_id, to_timestamp(ms / 1000), to_timestamp(ms / 1000),
    ((109.0 + (n % 9) * 1.1 + (n / 9 % 60) * 0.002 + CASE WHEN $4 THEN abs(1800 - (s + n) % 3600) * 0.0002 ELSE (s % 7) * 0.00002 END) * 1e7)::int,
    ((40.2 + (n % 9) * 0.1 + (n / 540 % 43) * 0.0015 + (s % 5) * 0.00002) * 1e7)::int, CASE WHEN $4 THEN 600 ELSE 0 END, 0, 0
  FROM fix ON CONFLICT DO NOTHING RETURNING vehicle_id, ts),
counted AS (
  INSERT INTO position_hours AS t (hour, part, worker, stored)
  SELECT floor(extract(epoch FROM ts) / 3600)::int, vehicle_id / 128, 'bench', count(*) FROM inserted GROUP BY 1, 2
  ON CONFLICT (hour, part, worker) DO UPDATE SET stored = t.stored + excluded.stored)
SELECT count(*) AS n FROM inserted`
