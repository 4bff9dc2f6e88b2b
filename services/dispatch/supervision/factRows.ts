// What facts are made of, read for vehicles and a span of time: one statement a table for all of them.
import { addDays, dayStartMs } from '../../domain/days.ts'
import type { LonLat } from '../../domain/geofence.ts'
import type { FillFact, FixFact, LoginFact, OrderFact, Period, ShiftFact, TripFact } from '../../domain/supervision/facts.ts'
import type { Span } from '../../domain/supervision/spans.ts'
import { addMonths } from '../../domain/upkeep.ts'
import type { Queryable } from '../../platform/db.ts'
import { plansOf } from '../kernel/maintenance.ts'

/** Moments are of so many seconds, and so many of a vehicle and a day are read. */
const FIX_S = 30
const MOST_FIXES = 8_000
/** Trips of one vehicle in a span; of two months nobody has as many. */
const MOST_TRIPS = 6_000

export const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`

/**
 * When the first item of each vehicle's plans is due: by months since it was last done, or the end of the trip with which the kilometres since then were full. Trips
 * say so the same way whenever they are read; an odometer says it only from then on.
 */
export async function readUpkeepDue(db: Queryable, ids: readonly number[]): Promise<Map<number, number>> {
  const { rows } = await db.query<{ vehicleId: number; day: string; everyMonths: number | null; fullMs: number | null }>(
    `SELECT v.vehicle_id AS "vehicleId", d.day::text, p.every_months AS "everyMonths",
       (SELECT ${ms('min(s.ended_at)')} FROM (SELECT t.ended_at, sum(coalesce(t.odometer_m, t.distance_m)) OVER (ORDER BY t.started_at) AS m FROM trips t
          WHERE p.every_km IS NOT NULL AND t.vehicle_id = v.vehicle_id AND t.confirmed_at IS NOT NULL
            AND t.started_at >= (d.day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') s WHERE s.m >= p.every_km * 1000::bigint) AS "fullMs"
     FROM (SELECT v.vehicle_id, v.class, o.lft AS unit_lft, o.rgt AS unit_rgt FROM every_vehicle v JOIN organisations o ON o.organisation_id = v.user_unit_id
       WHERE v.vehicle_id = ANY($1::int[])) v
     CROSS JOIN ${plansOf('v')} p
     CROSS JOIN LATERAL (SELECT d.day FROM maintenance_marks d WHERE d.vehicle_id = v.vehicle_id AND d.item = p.item ORDER BY d.day DESC, d.mark_id DESC LIMIT 1) d`,
    [ids],
  )
  const first = new Map<number, number>()
  for (const { vehicleId, day, everyMonths, fullMs } of rows) {
    const byTime = everyMonths === null ? Number.POSITIVE_INFINITY : dayStartMs(addDays(addMonths(day, everyMonths), 1))
    const dueMs = Math.min(first.get(vehicleId) ?? Number.POSITIVE_INFINITY, byTime, fullMs ?? Number.POSITIVE_INFINITY)
    if (Number.isFinite(dueMs)) first.set(vehicleId, dueMs)
  }
  return first
}

/** Rows of `vehicleId` and the rest, by vehicle, in their order. */
function byVehicle<F>(rows: readonly (F & { vehicleId: number })[]): Map<number, F[]> {
  const found = new Map<number, F[]>()
  for (const { vehicleId, ...fact } of rows) {
    const list = found.get(vehicleId)
    if (list) list.push(fact as F)
    else found.set(vehicleId, [fact as F])
  }
  return found
}

/** Trips that nothing later can change; those that end between the two, and the last before, however long ago. */
export async function readTrips(db: Queryable, ids: readonly number[], fromMs: number, untilMs: number): Promise<Map<number, TripFact[]>> {
  type Ends = { slon: number; slat: number; rlon: number; rlat: number }
  const columns = `vehicle_id AS "vehicleId", ${ms('started_at')} AS "fromMs", ${ms('ended_at')} AS "untilMs", start_lon_e7 AS slon, start_lat_e7 AS slat,
    coalesce(rest_lon_e7, end_lon_e7) AS rlon, coalesce(rest_lat_e7, end_lat_e7) AS rlat, distance_m AS "distanceM", track_m AS "trackM",
    odometer_m AS "odometerM", max_speed_dkph / 10.0::float8 AS "maxSpeedKph"`
  const { rows } = await db.query<Omit<TripFact, 'start' | 'restAt'> & Ends & { vehicleId: number }>(
    `SELECT t.* FROM unnest($1::int[]) AS i (id) CROSS JOIN LATERAL (
       (SELECT ${columns} FROM trips WHERE vehicle_id = i.id AND confirmed_at IS NOT NULL AND started_at >= to_timestamp($2::float8 / 1000)
          AND started_at < to_timestamp($3::float8 / 1000) ORDER BY started_at LIMIT ${MOST_TRIPS})
       UNION ALL
       (SELECT ${columns} FROM trips WHERE vehicle_id = i.id AND confirmed_at IS NOT NULL AND started_at < to_timestamp($2::float8 / 1000)
        ORDER BY started_at DESC LIMIT 1)) t ORDER BY "vehicleId", "fromMs"`,
    [ids, fromMs, untilMs],
  )
  return byVehicle(
    rows.map(({ slon, slat, rlon, rlat, ...trip }) => ({
      ...trip,
      start: [slon / 1e7, slat / 1e7] as LonLat,
      restAt: [rlon / 1e7, rlat / 1e7] as LonLat,
    })),
  )
}

/** Orders by which the vehicle may be driven, and their parts before a swap. */
export async function readOrders(
  db: Queryable,
  ids: readonly number[],
  fromMs: number,
  untilMs: number,
): Promise<Map<number, OrderFact[]>> {
  type Stop = { lon: number | null; lat: number | null }
  type Stored = Omit<OrderFact, 'stops' | 'destination' | 'emergency'> & {
    vehicleId: number
    from: Stop
    via: Stop[]
    to: Stop
    ratifyByMs: number | null
    ratifiedMs: number | null
  }
  const { rows } = await db.query<Stored>(
    `SELECT p.vehicle_id AS "vehicleId", p.order_id AS "orderId", p.driver_id AS "driverId", ${ms('p.starts_at')} AS "startsMs", ${ms('p.ends_at')} AS "endsMs",
       ${ms('p.departed_at')} AS "departedMs", ${ms('p.returned_at')} AS "returnedMs", r.from_stop AS "from", r.via, r.to_stop AS "to",
       ${ms('r.ratify_by')} AS "ratifyByMs", ${ms('r.ratified_at')} AS "ratifiedMs"
     FROM (
       SELECT order_id, request_id, vehicle_id, driver_id, coalesce(leg_since, starts_at) AS starts_at, greatest(ends_at, leg_since) AS ends_at,
         coalesce(leg_since, departed_at) AS departed_at, returned_at
       FROM dispatch_orders WHERE vehicle_id = ANY($1::int[]) AND state NOT IN ('DECLINED', 'VOIDED', 'RELEASED')
       UNION ALL
       SELECT l.order_id, d.request_id, l.vehicle_id, l.driver_id, l.from_at, l.until_at, l.from_at, l.until_at
       FROM order_legs l JOIN dispatch_orders d USING (order_id) WHERE l.vehicle_id = ANY($1::int[])) p JOIN trip_requests r USING (request_id)
     WHERE least(p.starts_at, p.departed_at) < to_timestamp($3::float8 / 1000)
       AND greatest(p.ends_at, p.returned_at, r.ratify_by, CASE WHEN p.departed_at IS NOT NULL AND p.returned_at IS NULL THEN 'infinity'::timestamptz END)
         > to_timestamp($2::float8 / 1000) ORDER BY "startsMs", "orderId"`,
    [ids, fromMs, untilMs],
  )
  const pointsOf = (stops: readonly Stop[]): LonLat[] =>
    stops.flatMap(({ lon, lat }): LonLat[] => (lon == null || lat == null ? [] : [[lon, lat]]))
  return byVehicle(
    rows.map(({ from, via, to, ratifyByMs, ratifiedMs, ...order }) => ({
      ...order,
      stops: pointsOf([from, ...via, to]),
      destination: pointsOf([to])[0] ?? null,
      emergency: ratifyByMs === null ? null : { ratifyByMs, ratifiedMs },
    })),
  )
}

/** When orders, and their parts before a swap, had it away: no more than that, because habits are asked of a month. Who is not back is away until now. */
export async function readCovers(
  db: Queryable,
  ids: readonly number[],
  fromMs: number,
  untilMs: number,
  nowMs: number,
): Promise<Map<number, Span[]>> {
  const { rows } = await db.query<Span & { vehicleId: number }>(
    `SELECT vehicle_id AS "vehicleId", ${ms('from_at')} AS "fromMs", ${ms('until_at')} AS "untilMs" FROM (
       SELECT vehicle_id, least(starts_at, departed_at, leg_since) AS from_at,
         greatest(ends_at, leg_since, coalesce(returned_at, CASE WHEN departed_at IS NOT NULL THEN to_timestamp($4::float8 / 1000) END)) AS until_at
       FROM dispatch_orders WHERE vehicle_id = ANY($1::int[]) AND state NOT IN ('DECLINED', 'VOIDED', 'RELEASED')
       UNION ALL
       SELECT vehicle_id, from_at, until_at FROM order_legs WHERE vehicle_id = ANY($1::int[])) c
     WHERE from_at < to_timestamp($3::float8 / 1000) AND until_at > to_timestamp($2::float8 / 1000) ORDER BY "vehicleId", "fromMs"`,
    [ids, fromMs, untilMs, nowMs],
  )
  return byVehicle(rows)
}

export async function readSeals(db: Queryable, ids: readonly number[], fromMs: number, untilMs: number): Promise<Map<number, Period[]>> {
  const { rows } = await db.query<Period & { vehicleId: number }>(
    `SELECT vehicle_id AS "vehicleId", ${ms('lower(during)')} AS "fromMs", CASE WHEN NOT upper_inf(during) THEN ${ms('upper(during)')} END AS "untilMs"
     FROM reservations WHERE vehicle_id = ANY($1::int[]) AND reason = 'seal'
       AND during && tstzrange(to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000)) ORDER BY lower(during)`,
    [ids, fromMs, untilMs],
  )
  return byVehicle(rows)
}

/**
 * Fuel that was booked on orders, of which neither how much nor where is on file there; and what suppliers' statements tell of, with both. What a statement has twice,
 * or an order too, is one fill. A day without a time is no moment, and is left out.
 */
export async function readFills(db: Queryable, ids: readonly number[], fromMs: number, untilMs: number): Promise<Map<number, FillFact[]>> {
  type Stored = { vehicleId: number; atMs: number; orderId: number | null; litres: number | null; lon: number | null; lat: number | null }
  const { rows } = await db.query<Stored>(
    `SELECT d.vehicle_id AS "vehicleId", ${ms('c.at')} AS "atMs", c.order_id AS "orderId", NULL::float8 AS litres, NULL::float8 AS lon, NULL::float8 AS lat
     FROM order_costs c JOIN dispatch_orders d USING (order_id)
     WHERE d.vehicle_id = ANY($1::int[]) AND c.kind = 'fuel' AND c.fen > 0 AND c.corrects IS NULL
       AND NOT EXISTS (SELECT FROM order_costs b WHERE b.corrects = c.cost_id)
       AND c.at >= to_timestamp($2::float8 / 1000) AND c.at < to_timestamp($3::float8 / 1000)
     UNION ALL
     SELECT l.vehicle_id, ${ms('l.at')}, NULL, nullif(l.quantity, 0) / 1000.0::float8, p.lon, p.lat FROM fuel_lines l LEFT JOIN places p USING (place_id)
     WHERE l.vehicle_id = ANY($1::int[]) AND l.kind = 'fuel' AND l.clocked AND l.state <> 'DISMISSED'
       AND NOT (l.state = 'WAITING' AND l.why IN ('order', 'double'))
       AND l.at >= to_timestamp($2::float8 / 1000) AND l.at < to_timestamp($3::float8 / 1000) ORDER BY "atMs", "orderId"`,
    [ids, fromMs, untilMs],
  )
  return byVehicle(rows.map(({ lon, lat, ...fill }) => ({ ...fill, at: lon === null || lat === null ? null : ([lon, lat] as LonLat) })))
}

/** From each handover that was taken to the next; where the unit took it back there is none. */
export async function readShifts(
  db: Queryable,
  ids: readonly number[],
  fromMs: number,
  untilMs: number,
): Promise<Map<number, ShiftFact[]>> {
  const { rows } = await db.query<Omit<ShiftFact, 'driverId'> & { vehicleId: number; driverId: number | null }>(
    `SELECT h.vehicle_id AS "vehicleId", ${ms('h.taken_at')} AS "fromMs",
       (SELECT ${ms('min(n.taken_at)')} FROM vehicle_handovers n WHERE n.vehicle_id = h.vehicle_id AND n.state = 'TAKEN' AND n.taken_at > h.taken_at) AS "untilMs",
       h.to_driver_id AS "driverId"
     FROM vehicle_handovers h WHERE h.vehicle_id = ANY($1::int[]) AND h.state = 'TAKEN' AND h.taken_at >= to_timestamp($2::float8 / 1000)
       AND h.taken_at < to_timestamp($3::float8 / 1000) ORDER BY h.vehicle_id, h.taken_at`,
    [ids, fromMs, untilMs],
  )
  return byVehicle(rows.filter((row): row is typeof row & { driverId: number } => row.driverId !== null))
}

/** Of vehicles whose terminal has said who drives in the weeks that are kept; of others there is no list. */
export async function readLogins(
  db: Queryable,
  ids: readonly number[],
  fromMs: number,
  untilMs: number,
): Promise<Map<number, LoginFact[]>> {
  const { rows: known } = await db.query<{ vehicleId: number }>(
    'SELECT i.id AS "vehicleId" FROM unnest($1::int[]) AS i (id) WHERE EXISTS (SELECT FROM driver_sign_ons s WHERE s.vehicle_id = i.id)',
    [ids],
  )
  const { rows } = await db.query<LoginFact & { vehicleId: number }>(
    `SELECT vehicle_id AS "vehicleId", ${ms('ts')} AS "atMs", driver_id AS "driverId", signed_on AS "on" FROM driver_sign_ons
     WHERE vehicle_id = ANY($1::int[]) AND ts >= to_timestamp($2::float8 / 1000) AND ts < to_timestamp($3::float8 / 1000) ORDER BY vehicle_id, ts`,
    [known.map(({ vehicleId }) => vehicleId), fromMs, untilMs],
  )
  const found = byVehicle(rows)
  return new Map(known.map(({ vehicleId }) => [vehicleId, found.get(vehicleId) ?? []]))
}

/** Moments of the track without those whose place is not believed: each half minute's first place, its least and greatest reading. */
export async function readFixes(
  db: Queryable,
  ids: readonly number[],
  { fromMs, untilMs }: { fromMs: number; untilMs: number },
): Promise<Map<number, FixFact[]>> {
  if (ids.length === 0) return new Map()
  type Stored = Omit<FixFact, 'at'> & { vehicleId: number; lon: number; lat: number }
  const { rows } = await db.query<Stored>(
    `SELECT i.id AS "vehicleId", f.* FROM unnest($1::int[]) AS i (id) CROSS JOIN LATERAL (
       SELECT ${ms('min(p.ts)')} AS "atMs", (array_agg(p.lon_e7 ORDER BY p.ts))[1] / 1e7::float8 AS lon, (array_agg(p.lat_e7 ORDER BY p.ts))[1] / 1e7::float8 AS lat,
         min(p.speed_dkph) / 10.0::float8 AS "slowestKph", max(p.speed_dkph) / 10.0::float8 AS "fastestKph",
         CASE WHEN bool_and(p.flags & 2 = 0) THEN bool_and(p.flags & 1 = 1) END AS ignition, max(p.odometer_m) AS "odometerM",
         (array_agg(p.fuel_permille ORDER BY p.ts))[1] AS "fuelPermille", bit_or(p.alarms)::float8 AS alarms
       FROM positions p WHERE p.vehicle_id = i.id AND p.ts >= to_timestamp($2::float8 / 1000) AND p.ts < to_timestamp($3::float8 / 1000)
         AND p.lon_e7 <> 0 AND p.lat_e7 <> 0
         AND NOT EXISTS (SELECT FROM position_flags g WHERE g.vehicle_id = i.id AND g.reason <> 'speed' AND p.ts BETWEEN g.started_at AND g.ended_at)
       GROUP BY floor(extract(epoch FROM p.ts) / ${FIX_S}) ORDER BY 1 LIMIT ${MOST_FIXES}) f`,
    [ids, fromMs, untilMs],
  )
  return byVehicle(rows.map(({ lon, lat, ...fix }) => ({ ...fix, at: [lon, lat] as LonLat })))
}
