// Where a vehicle stands at night, by the rests between its trips, and before the first of them.
import { nightPlacesOf, nightsWithin, type Rest } from '../../domain/nights.ts'
import type { Queryable } from '../../platform/db.ts'
import { readUnbelieved } from './points.ts'
import { HOUR_MS, hourOf } from './units.ts'
import { readVehicleMinutes } from './vehicleMinutes.ts'

type Row = { endMs: number; nextMs: number | null; lon: number; lat: number }

/** Rests that reach into [from, until): from the end of a trip until the next begins, or until the last report. */
async function readRests(db: Queryable, vehicleId: number, fromMs: number, untilMs: number): Promise<Rest[]> {
  const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`
  const { rows } = await db.query<Row>(
    `SELECT ${ms('ended_at')} AS "endMs", ${ms('next_at')} AS "nextMs", lon, lat FROM (
       SELECT ended_at, lead(started_at) OVER (ORDER BY started_at) AS next_at, coalesce(rest_lon_e7, end_lon_e7) AS lon, coalesce(rest_lat_e7, end_lat_e7) AS lat
       FROM trips WHERE vehicle_id = $1 AND ended AND started_at < $3
         AND started_at >= coalesce((SELECT max(started_at) FROM trips WHERE vehicle_id = $1 AND started_at < $2), '-infinity')) t
     WHERE next_at IS NULL OR next_at > $2 ORDER BY ended_at`,
    [vehicleId, new Date(fromMs), new Date(untilMs)],
  )
  const { rows: last } = await db.query<{ ms: number }>(
    `SELECT ${ms('least(ts, received_at)')} AS ms FROM last_states WHERE vehicle_id = $1`,
    [vehicleId],
  )
  const lastMs = last[0]?.ms ?? 0
  const before = await readRestBeforeTrips(db, vehicleId, fromMs, untilMs, lastMs)
  const between = rows.map(({ endMs, nextMs, lon, lat }) => ({
    fromMs: endMs,
    untilMs: nextMs ?? Math.min(untilMs, lastMs),
    lon: lon / 1e7,
    lat: lat / 1e7,
  }))
  return before ? [before, ...between] : between
}

/** Of a vehicle that had not driven yet when the period began, or never did: where it was first heard in it, until it drove or was last heard. */
async function readRestBeforeTrips(
  db: Queryable,
  vehicleId: number,
  fromMs: number,
  untilMs: number,
  lastMs: number,
): Promise<Rest | undefined> {
  const { rows } = await db.query<{ drivenMs: number | null; hour: number | null }>(
    `SELECT (extract(epoch FROM (SELECT min(started_at) FROM trips WHERE vehicle_id = $1 AND started_at < $3)) * 1000)::float8 AS "drivenMs",
       (SELECT min(hour) FROM vehicle_hours WHERE vehicle_id = $1 AND hour BETWEEN $2 AND $4) AS hour`,
    [vehicleId, hourOf(fromMs), new Date(untilMs), hourOf(untilMs - 1)],
  )
  const { drivenMs, hour } = rows[0]!
  if (hour === null || (drivenMs !== null && drivenMs <= fromMs)) return undefined
  const [begins, ends] = [Math.max(fromMs, hour * HOUR_MS), Math.min(untilMs, (hour + 1) * HOUR_MS)]
  const minutes = await readVehicleMinutes(db, vehicleId, new Date(begins), new Date(ends))
  const unbelieved = (await readUnbelieved(db, begins, ends)).get(vehicleId) ?? []
  const at = minutes.timeMs.findIndex((ms) => !unbelieved.some((span) => ms >= span.fromMs && ms <= span.untilMs))
  if (at < 0) return undefined
  return {
    ...{ fromMs: minutes.timeMs[at]!, untilMs: drivenMs ?? Math.min(untilMs, lastMs) },
    ...{ lon: minutes.lonE7[at]! / 1e7, lat: minutes.latE7[at]! / 1e7 },
  }
}

export async function findNightPlaces(db: Queryable, vehicleId: number, fromMs: number, untilMs: number) {
  const nights = nightsWithin(fromMs, untilMs)
  const rests = await readRests(db, vehicleId, fromMs, untilMs)
  const { places, unknown } = nightPlacesOf(rests, nights)
  return {
    nights: nights.length,
    unknown,
    places: places.map(({ lon, lat, hours, days }) => ({
      ...{ lon, lat, days, nights: days.length, hours: Math.round(hours * 10) / 10, first: days[0]!, last: days.at(-1)! },
    })),
  }
}
