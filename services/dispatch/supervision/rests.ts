// Where vehicles rested outside their lots and on no order, kept day by day: what two of them have in common is found in one table, and not by reading everybody's trips. A rest
// follows from one vehicle's facts alone, so that it is the same whoever is judged first; whoever rested near one that has come or gone is judged again.
import { DAY_MS } from '../../domain/days.ts'
import { type LonLat, metresOutside } from '../../domain/geofence.ts'
import type { Facts, MeetingFact, StayFact } from '../../domain/supervision/facts.ts'
import { coverOf, dutiesOf, lengthMs, MIN_MS, overlaps } from '../../domain/supervision/spans.ts'
import type { Queryable } from '../../platform/db.ts'
import type { VehicleFacts } from './readFacts.ts'

/** The least that any rule of meetings may ask for. */
const LEAST_MIN = 10
/** A lot is left behind by so much: reports of one that stands scatter. */
const LOT_M = 100
const MEETING_DAYS = 30

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`

/** Rests that ended on the day with a trip: how long one stands that has not left yet, nobody knows. */
function restsOf(facts: Facts): StayFact[] {
  const lots = facts.places.filter(({ kind }) => kind === 'lot')
  const covers = [...facts.orders.map((order) => coverOf(order, facts.nowMs, 0)), ...dutiesOf(facts)]
  const leaves = new Set(facts.trips.map(({ fromMs }) => fromMs))
  return facts.stays.filter(
    (stay) =>
      stay.untilMs > facts.fromMs &&
      stay.untilMs <= facts.untilMs &&
      leaves.has(stay.untilMs) &&
      stay.sure &&
      lengthMs(stay) >= LEAST_MIN * MIN_MS &&
      !covers.some((cover) => overlaps(cover, stay)) &&
      !lots.some(({ shape }) => metresOutside(shape, stay.at) <= LOT_M),
  )
}

/** Two rests near each other at one time, of vehicles of different units. */
const MEET = `o.x BETWEEN r.x - 1 AND r.x + 1 AND o.y BETWEEN r.y - 1 AND r.y + 1 AND o.until_at > r.from_at AND o.from_at < r.until_at
  AND o.vehicle_id <> r.vehicle_id AND o.unit_id <> r.unit_id`

const COLUMNS = 'vehicle_id, from_at, until_at, x, y, unit_id'
/** Both of whoever met one of `changed` are to be judged again, of that day and of those after it that are over. */
const judgeAgain = (changed: string): string => `WITH changed AS (${changed}),
  met AS (
    SELECT DISTINCT w.vehicle_id, least(r.until_at, o.until_at) AS at FROM changed r JOIN supervision_rests o ON ${MEET}
    CROSS JOIN LATERAL (VALUES (o.vehicle_id), (r.vehicle_id)) w (vehicle_id))
  SELECT count(mark_supervision(vehicle_id, at, at)) FROM met`

/** Keeps the rests of a day as the facts say them. Where one differs from what was kept, all that it meets, or met, is to be judged again. */
export async function keepRests(db: Queryable, day: string, vehicles: readonly VehicleFacts[]): Promise<void> {
  const rests = vehicles.flatMap(({ vehicleId, unitId, facts }) => restsOf(facts).map((rest) => ({ vehicleId, unitId, ...rest })))
  const given = [
    ...[rests.map(({ vehicleId }) => vehicleId), rests.map(({ fromMs }) => fromMs), rests.map(({ untilMs }) => untilMs)],
    ...[rests.map(({ at }) => at[0]), rests.map(({ at }) => at[1]), rests.map(({ unitId }) => unitId)],
  ]
  const isGiven = `EXISTS (SELECT FROM given g WHERE (g.vehicle_id, g.from_at, g.until_at, g.lon, g.lat, g.unit_id)
    = (r.vehicle_id, r.from_at, r.until_at, r.lon, r.lat, r.unit_id))`
  const readGiven = `WITH given AS (SELECT vehicle_id, to_timestamp(from_ms / 1000) AS from_at, to_timestamp(until_ms / 1000) AS until_at, lon, lat, unit_id
    FROM unnest($2::int[], $3::float8[], $4::float8[], $5::float8[], $6::float8[], $7::int[]) g (vehicle_id, from_ms, until_ms, lon, lat, unit_id))`
  await db.query(
    judgeAgain(
      `${readGiven} DELETE FROM supervision_rests r WHERE r.day = $1 AND r.vehicle_id = ANY($8::int[]) AND NOT ${isGiven} RETURNING ${COLUMNS}`,
    ),
    [day, ...given, vehicles.map(({ vehicleId }) => vehicleId)],
  )
  if (rests.length === 0) return
  // One that is kept under another day, because it ended otherwise until now, is put right.
  const { rows: come } = await db.query<{ vehicleId: number }>(
    `${readGiven} INSERT INTO supervision_rests AS r (vehicle_id, day, from_at, until_at, lon, lat, unit_id)
     SELECT g.vehicle_id, $1, g.from_at, g.until_at, g.lon, g.lat, g.unit_id FROM given g
     WHERE NOT EXISTS (SELECT FROM supervision_rests r WHERE r.vehicle_id = g.vehicle_id AND r.from_at = g.from_at AND r.day = $1)
     ON CONFLICT (vehicle_id, from_at) DO UPDATE SET day = $1, until_at = excluded.until_at, lon = excluded.lon, lat = excluded.lat, unit_id = excluded.unit_id
     RETURNING vehicle_id AS "vehicleId"`,
    [day, ...given],
  )
  if (come.length === 0) return
  // Asked when all of them are there: two that came together see each other.
  await db.query(judgeAgain(`SELECT ${COLUMNS} FROM supervision_rests WHERE day = $1 AND vehicle_id = ANY($2::int[])`), [
    day,
    come.map(({ vehicleId }) => vehicleId),
  ])
}

/** The vehicles with their meetings, as far as the rests of others are kept. */
export async function withMeetings(db: Queryable, vehicles: readonly VehicleFacts[]): Promise<VehicleFacts[]> {
  const first = vehicles[0]
  if (!first) return []
  const { fromMs, untilMs } = first.facts
  type Row = Omit<MeetingFact, 'at' | 'otherAt'> & { vehicleId: number; lon: number; lat: number; otherLon: number; otherLat: number }
  // Of whom it met on this day alone is asked how often before.
  const { rows } = await db.query<Row>(
    `WITH met AS (
       SELECT DISTINCT r.vehicle_id, o.vehicle_id AS other_id FROM supervision_rests r JOIN supervision_rests o ON ${MEET}
       WHERE r.vehicle_id = ANY($1::int[]) AND r.until_at > to_timestamp($2::float8 / 1000) AND r.from_at < to_timestamp($3::float8 / 1000)
         AND least(r.until_at, o.until_at) > to_timestamp($2::float8 / 1000) AND least(r.until_at, o.until_at) <= to_timestamp($3::float8 / 1000))
     SELECT r.vehicle_id AS "vehicleId", o.vehicle_id AS "otherId", ${ms('greatest(r.from_at, o.from_at)')} AS "fromMs", ${ms('least(r.until_at, o.until_at)')} AS "untilMs",
       r.lon, r.lat, o.lon AS "otherLon", o.lat AS "otherLat"
     FROM met JOIN supervision_rests r ON r.vehicle_id = met.vehicle_id JOIN supervision_rests o ON o.vehicle_id = met.other_id AND ${MEET}
     WHERE r.until_at > to_timestamp(($3::float8 - ${MEETING_DAYS * DAY_MS}) / 1000) AND least(r.until_at, o.until_at) <= to_timestamp($3::float8 / 1000)
     ORDER BY 1, 4, 2, 3`,
    [vehicles.map(({ vehicleId }) => vehicleId), fromMs, untilMs],
  )
  const found = new Map<number, MeetingFact[]>()
  for (const { vehicleId, lon, lat, otherLon, otherLat, ...meeting } of rows) {
    const list = found.get(vehicleId) ?? []
    list.push({ ...meeting, at: [lon, lat] as LonLat, otherAt: [otherLon, otherLat] as LonLat })
    found.set(vehicleId, list)
  }
  return vehicles.map((each) => ({ ...each, facts: { ...each.facts, meetings: found.get(each.vehicleId) ?? [] } }))
}
