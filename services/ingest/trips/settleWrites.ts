// Puts what was derived of a stretch of time in place of what was there.
import { prepared, type Queryable } from '../../platform/db.ts'
import type { Place } from './plane.ts'
import type { Derived } from './segment.ts'

const iso = (ms: number): string => new Date(ms).toISOString()
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))

const EARLIEST_LATE = '(SELECT min(from_at) FROM late_ranges r WHERE r.vehicle_id = l.vehicle_id AND range_id <> ALL($4))'
/** What comes after the last position read is still to be derived, and so is a trip under way. */
const TAIL = `CASE WHEN $6 OR ts > to_timestamp($5::float8 / 1000) THEN to_timestamp(($5::float8 + 1) / 1000) END`
const rest = (of: 'lon' | 'lat', value: string): string =>
  `rest_${of}_e7 = CASE WHEN $5::float8 IS NULL THEN rest_${of}_e7 ELSE ${value}::int END`
/** A trip may begin with the position that all begins with, and the next with the one that it ends with; flags are of positions between. */
const clear = (state: string): string =>
  prepared(`
WITH gone AS (DELETE FROM trips WHERE vehicle_id = $1 AND started_at >= $2::timestamptz AND started_at < $3::timestamptz),
     moves AS (DELETE FROM displacements WHERE vehicle_id = $1 AND started_at >= $2::timestamptz AND started_at < $3::timestamptz),
     flags AS (DELETE FROM position_flags WHERE vehicle_id = $1 AND started_at > $2::timestamptz AND started_at <= $3::timestamptz),
     late AS (DELETE FROM late_ranges WHERE range_id = ANY($4::bigint[]))
UPDATE last_states l SET ${state} WHERE vehicle_id = $1`)
const CLEAR_RANGE = clear(`derive_from = least(tail_from, ${EARLIEST_LATE})`)
const CLEAR_TO_THE_END = clear(
  `tail_from = ${TAIL}, derive_from = least(${TAIL}, ${EARLIEST_LATE}), ${rest('lon', '$7')}, ${rest('lat', '$8')}`,
)

/** `afterMs`–`untilMs`: everything that begins between the two. */
export type Settled = {
  afterMs: number
  untilMs: number
  lateIds: readonly number[]
  /** Where all positions were read, up to the last: its time (null = there were none), whether a trip may go on, and where it rests. */
  tail: { lastMs: number | null; open: boolean; rest: Place | null } | null
  derived: Derived
}

/** What was derived of positions that are no longer kept lies before (`findSealed`). The caller holds the vehicle's last state. */
export async function replaceDerived(
  client: Queryable,
  vehicleId: number,
  { afterMs, untilMs, lateIds, tail, derived }: Settled,
): Promise<void> {
  const range = [
    vehicleId,
    Number.isFinite(afterMs) ? iso(afterMs) : '-infinity',
    Number.isFinite(untilMs) ? iso(untilMs) : 'infinity',
    lateIds,
  ]
  if (tail) await client.query(CLEAR_TO_THE_END, [...range, tail.lastMs, tail.open, tail.rest?.lonE7 ?? null, tail.rest?.latE7 ?? null])
  else await client.query(CLEAR_RANGE, range)
  await insertTrips(client, vehicleId, derived)
  await insertDisplacements(client, vehicleId, derived)
  if (derived.flags.length > 0)
    await client.query(
      `INSERT INTO position_flags (vehicle_id, started_at, ended_at, reason, positions)
       SELECT $1, * FROM unnest($2::timestamptz[], $3::timestamptz[], $4::text[], $5::int[]) ON CONFLICT DO NOTHING`,
      [
        vehicleId,
        derived.flags.map(({ fromMs }) => iso(fromMs)),
        derived.flags.map(({ toMs }) => iso(toMs)),
        derived.flags.map(({ reason }) => reason),
        derived.flags.map(({ positions }) => positions),
      ],
    )
}

const INSERT_TRIPS = prepared(
  `INSERT INTO trips (vehicle_id, started_at, ended_at, ended, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m,
                      max_speed_dkph, positions, confirmed_at, rest_lon_e7, rest_lat_e7, distance_by, track_m, odometer_m, ignition_off,
                      quarters_m)
   SELECT $1, started_at, ended_at, ended, slon, slat, elon, elat, distance, max, positions, confirmed, rlon, rlat, by, track, odometer, off,
          quarters::int[]
     FROM unnest($2::timestamptz[], $3::timestamptz[], $4::boolean[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[], $10::smallint[],
                 $11::int[], $12::timestamptz[], $13::int[], $14::int[], $15::text[], $16::int[], $17::int[], $18::boolean[], $19::text[])
       AS t(started_at, ended_at, ended, slon, slat, elon, elat, distance, max, positions, confirmed, rlon, rlat, by, track, odometer, off, quarters)`,
)
async function insertTrips(client: Queryable, vehicleId: number, { trips }: Derived): Promise<void> {
  if (trips.length === 0) return
  await client.query(INSERT_TRIPS, [
    vehicleId,
    trips.map(({ start }) => iso(start.tsMs)),
    trips.map(({ end }) => iso(end.tsMs)),
    trips.map(({ ended }) => ended),
    trips.map(({ start }) => start.lonE7),
    trips.map(({ start }) => start.latE7),
    trips.map(({ end }) => end.lonE7),
    trips.map(({ end }) => end.latE7),
    trips.map(({ distanceM }) => distanceM),
    trips.map(({ maxSpeedDkph }) => maxSpeedDkph),
    trips.map(({ positions }) => positions),
    trips.map(({ confirmedMs }) => isoOrNull(confirmedMs)),
    trips.map(({ rest }) => rest.lonE7),
    trips.map(({ rest }) => rest.latE7),
    trips.map(({ distanceBy }) => distanceBy),
    trips.map(({ trackM }) => trackM),
    trips.map(({ odometerM }) => odometerM),
    trips.map(({ ignitionOff }) => ignitionOff),
    trips.map(({ quartersM }) => `{${quartersM.join(',')}}`),
  ])
}

async function insertDisplacements(client: Queryable, vehicleId: number, { displacements }: Derived): Promise<void> {
  if (displacements.length === 0) return
  await client.query(
    `INSERT INTO displacements (vehicle_id, kind, started_at, ended_at, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m, confirmed_at)
     SELECT $1, * FROM unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[], $10::timestamptz[])`,
    [
      vehicleId,
      displacements.map(({ kind }) => kind),
      displacements.map(({ start }) => iso(start.tsMs)),
      displacements.map(({ end }) => iso(end.tsMs)),
      displacements.map(({ start }) => start.lonE7),
      displacements.map(({ start }) => start.latE7),
      displacements.map(({ end }) => end.lonE7),
      displacements.map(({ end }) => end.latE7),
      displacements.map(({ distanceM }) => distanceM),
      displacements.map(({ confirmedMs }) => isoOrNull(confirmedMs)),
    ],
  )
}
