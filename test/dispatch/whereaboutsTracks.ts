// Tracks that are laid into a database, and what a scan of all their positions says: what prepared answers are held against.
import fc from 'fast-check'
import type { WayLine } from '../../services/domain/visits.ts'
import type { Database } from '../../services/platform/db.ts'

export type Fix = { vehicleId: number; ms: number; lonE7: number; latE7: number; speedDkph: number | null }

/** Stores positions as ingest does: with what is counted of each hour. */
export async function layPositions(db: Database, fixes: readonly Fix[]): Promise<void> {
  if (fixes.length === 0) return
  await db.query(
    `WITH inserted AS (
       INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms)
       SELECT v, to_timestamp(ms / 1000), to_timestamp(ms / 1000), lon, lat, speed, 0, 0
       FROM unnest($1::int[], $2::float8[], $3::int[], $4::int[], $5::smallint[]) AS p (v, ms, lon, lat, speed) ON CONFLICT DO NOTHING RETURNING vehicle_id, ts)
     INSERT INTO position_hours AS t (hour, part, worker, stored)
     SELECT floor(extract(epoch FROM ts) / 3600)::int, vehicle_id / 128, 'test', count(*) FROM inserted GROUP BY 1, 2
     ON CONFLICT (hour, part, worker) DO UPDATE SET stored = t.stored + excluded.stored`,
    [
      fixes.map(({ vehicleId }) => vehicleId),
      fixes.map(({ ms }) => ms),
      fixes.map(({ lonE7 }) => lonE7),
      fixes.map(({ latE7 }) => latE7),
      fixes.map(({ speedDkph }) => speedDkph),
    ],
  )
}

export async function clearPositions(db: Database): Promise<void> {
  await db.query(`SELECT drop_chunks('positions', older_than => 'infinity'::timestamptz)`)
  for (const table of ['position_hours', 'prepared_hours', 'vehicle_hours', 'cell_days', 'position_flags'])
    await db.query(`DELETE FROM ${table}`)
}

/** All positions of a vehicle in [from, to), as a line. */
export function lineOf(fixes: readonly Fix[], vehicleId: number, fromMs: number, toMs: number): WayLine {
  const own = new Map(fixes.filter((fix) => fix.vehicleId === vehicleId && fix.ms >= fromMs && fix.ms < toMs).map((fix) => [fix.ms, fix]))
  const sorted = [...own.values()].sort((a, b) => a.ms - b.ms)
  return {
    timeMs: Float64Array.from(sorted, ({ ms }) => ms),
    lon: Float64Array.from(sorted, ({ lonE7 }) => lonE7 / 1e7),
    lat: Float64Array.from(sorted, ({ latE7 }) => latE7 / 1e7),
    speedKph: Float64Array.from(sorted, ({ speedDkph }) => (speedDkph === null ? Number.NaN : speedDkph / 10)),
  }
}

const step = fc.record({
  seconds: fc.oneof(
    { arbitrary: fc.integer({ min: 5, max: 30 }), weight: 6 },
    { arbitrary: fc.integer({ min: 30, max: 580 }), weight: 8 },
    { arbitrary: fc.integer({ min: 590, max: 4_000 }), weight: 1 },
  ),
  /** Of the way that is possible in the time. */
  part: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 100 }).map((percent) => percent / 100),
  ),
  heading: fc.integer({ min: 0, max: 359 }).map((degrees) => (degrees * Math.PI) / 180),
})

/** A drive of one vehicle from somewhere within some kilometres of a point. */
const drive = (vehicleId: number, fromMs: number, [lon, lat]: readonly [number, number], spreadM: number) =>
  fc
    .record({
      start: fc.integer({ min: 0, max: 5_400 }),
      east: fc.integer({ min: -spreadM, max: spreadM }),
      north: fc.integer({ min: -spreadM, max: spreadM }),
      steps: fc.array(step, { minLength: 25, maxLength: 60 }),
    })
    .map(({ start, east, north, steps }) => {
      const fixes: Fix[] = []
      let [ms, x, y] = [fromMs + start * 1000, east, north]
      const put = (speed: number): void => {
        fixes.push({
          vehicleId,
          ms,
          lonE7: Math.round((lon + x / 84_000) * 1e7),
          latE7: Math.round((lat + y / 111_000) * 1e7),
          speedDkph: Math.round(speed * 36),
        })
      }
      put(0)
      for (const { seconds, part, heading } of steps) {
        const metres = part * Math.min(spreadM / 2, seconds * 25)
        // Every other one drives towards the middle, so that there is something to be found there.
        const angle = fixes.length % 2 === 0 ? Math.atan2(-y, -x) : heading
        x += Math.cos(angle) * metres
        y += Math.sin(angle) * metres
        ms += seconds * 1000
        put(metres / seconds)
      }
      return fixes
    })

export const drives = (vehicleIds: readonly number[], fromMs: number, at: readonly [number, number], spreadM = 3_000) =>
  fc.tuple(...vehicleIds.map((id) => drive(id, fromMs, at, spreadM))).map((all) => all.flat())
