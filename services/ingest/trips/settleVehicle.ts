// Derives the trips of one vehicle again from where they are unsettled (last_states.derive_from) to its last position.
// Law: reading takes no lock and may take several short statements; writing locks the vehicle's last-state row and goes ahead only if
// nothing has slipped in between what was read. So two workers agree, and any order of arrival ends in the same trips.
import type { Database, Queryable } from '../../platform/db.ts'
import { createSegmenter, type Point, REST_MS, type Trip } from './segment.ts'

const PAGE_ROWS = 5_000

type Derivation = { trips: Trip[]; read: number; lastMs: number }

/** @returns whether the vehicle is settled up to the last position read; false = something slipped in: call again later. */
export async function settleVehicle(db: Database, vehicleId: number, nowMs: number): Promise<boolean> {
  const fromMs = await findDeriveFrom(db, vehicleId, '')
  if (fromMs === undefined) return true
  const anchorMs = await findAnchor(db, vehicleId, fromMs)
  const derived = await derive(db, vehicleId, anchorMs, nowMs)
  return db.transaction(async (client) => {
    const nowFromMs = await findDeriveFrom(client, vehicleId, 'FOR UPDATE')
    if (nowFromMs === undefined) return true
    if (nowFromMs < fromMs || (await countPoints(client, vehicleId, anchorMs, derived.lastMs)) !== derived.read) return false
    await replaceTrips(client, vehicleId, anchorMs, derived.trips)
    // What comes after the last position read is still to be derived, and so is a trip under way.
    const open = derived.trips.some(({ ended }) => !ended)
    await client.query(
      `UPDATE last_states SET derive_from = CASE WHEN $3 OR ts > to_timestamp($2::float8 / 1000) THEN to_timestamp(($2::float8 + 1) / 1000) END
        WHERE vehicle_id = $1`,
      [vehicleId, derived.lastMs, open],
    )
    return true
  })
}

async function findDeriveFrom(client: Queryable, vehicleId: number, lock: '' | 'FOR UPDATE'): Promise<number | undefined> {
  const { rows } = await client.query<{ ms: number | null }>(
    `SELECT (extract(epoch FROM derive_from) * 1000)::float8 AS ms FROM last_states WHERE vehicle_id = $1 ${lock}`,
    [vehicleId],
  )
  return rows[0]?.ms ?? undefined
}

/** The latest position before which nothing can change: the start of the trip that may go on, or the last position at rest. */
async function findAnchor(db: Queryable, vehicleId: number, fromMs: number): Promise<number> {
  const { rows: before } = await db.query<{ ms: number }>(
    `SELECT (extract(epoch FROM ts) * 1000)::float8 AS ms FROM positions
      WHERE vehicle_id = $1 AND ts < to_timestamp($2::float8 / 1000) ORDER BY ts DESC LIMIT 1`,
    [vehicleId, fromMs],
  )
  const { rows: trips } = await db.query<{ startMs: number; endMs: number; ended: boolean }>(
    `SELECT (extract(epoch FROM started_at) * 1000)::float8 AS "startMs", (extract(epoch FROM ended_at) * 1000)::float8 AS "endMs", ended
       FROM trips WHERE vehicle_id = $1 AND started_at < to_timestamp($2::float8 / 1000) ORDER BY started_at DESC LIMIT 1`,
    [vehicleId, fromMs],
  )
  const [trip] = trips
  const lastBefore = before[0]?.ms
  if (trip && (!trip.ended || lastBefore === undefined || lastBefore - trip.endMs < REST_MS)) return trip.startMs
  return lastBefore ?? fromMs
}

async function derive(db: Queryable, vehicleId: number, anchorMs: number, nowMs: number): Promise<Derivation> {
  const segmenter = createSegmenter()
  const trips: Trip[] = []
  let read = 0
  let lastMs = anchorMs
  for (let page = PAGE_ROWS; page === PAGE_ROWS; ) {
    const points = await readPoints(db, vehicleId, lastMs, read === 0)
    for (const point of points) {
      const trip = segmenter.add(point)
      if (trip) trips.push(trip)
    }
    page = points.length
    read += page
    lastMs = points.at(-1)?.tsMs ?? lastMs
  }
  const open = segmenter.openTrip(nowMs)
  return { trips: open ? [...trips, open] : trips, read, lastMs }
}

async function readPoints(db: Queryable, vehicleId: number, fromMs: number, inclusive: boolean): Promise<Point[]> {
  const { rows } = await db.query<Omit<Point, 'ignition'> & { flags: number }>(
    `SELECT (extract(epoch FROM ts) * 1000)::float8 AS "tsMs", lon_e7 AS "lonE7", lat_e7 AS "latE7", speed_dkph AS "speedDkph",
            odometer_m AS "odometerM", flags
       FROM positions WHERE vehicle_id = $1 AND ts ${inclusive ? '>=' : '>'} to_timestamp($2::float8 / 1000) ORDER BY ts LIMIT ${PAGE_ROWS}`,
    [vehicleId, fromMs],
  )
  return rows.map(({ flags, ...point }) => ({ ...point, ignition: (flags & 1) === 1 }))
}

async function countPoints(client: Queryable, vehicleId: number, fromMs: number, toMs: number): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*) FROM positions
      WHERE vehicle_id = $1 AND ts BETWEEN to_timestamp($2::float8 / 1000) AND to_timestamp($3::float8 / 1000)`,
    [vehicleId, fromMs, toMs],
  )
  return rows[0]!.count
}

async function replaceTrips(client: Queryable, vehicleId: number, anchorMs: number, trips: Trip[]): Promise<void> {
  await client.query('DELETE FROM trips WHERE vehicle_id = $1 AND started_at >= to_timestamp($2::float8 / 1000)', [vehicleId, anchorMs])
  if (trips.length === 0) return
  const iso = (point: Point): string => new Date(point.tsMs).toISOString()
  await client.query(
    `INSERT INTO trips (vehicle_id, started_at, ended_at, ended, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m, max_speed_dkph, positions)
     SELECT $1, * FROM unnest($2::timestamptz[], $3::timestamptz[], $4::boolean[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[], $10::smallint[], $11::int[])`,
    [
      vehicleId,
      trips.map(({ start }) => iso(start)),
      trips.map(({ end }) => iso(end)),
      trips.map(({ ended }) => ended),
      trips.map(({ start }) => start.lonE7),
      trips.map(({ start }) => start.latE7),
      trips.map(({ end }) => end.lonE7),
      trips.map(({ end }) => end.latE7),
      trips.map(({ distanceM }) => distanceM),
      trips.map(({ maxSpeedDkph }) => maxSpeedDkph),
      trips.map(({ positions }) => positions),
    ],
  )
}
