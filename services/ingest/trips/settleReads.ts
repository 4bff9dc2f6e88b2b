// What deriving reads. Times travel as ms since 1970; −Infinity is before all positions.
import { FLAG_IGNITION, FLAG_IGNITION_UNKNOWN } from '../../domain/status.ts'
import { lawAt } from '../../domain/tripLaw.ts'
import { prepared, type Queryable } from '../../platform/db.ts'
import type { Place } from './plane.ts'
import type { Point } from './point.ts'
import type { Beginning } from './segment.ts'

/** A trip or displacement that was derived before. `confirmed`: its rest was seen. `jump`: and for a while it might have been undone. */
export type End = { startMs: number; endMs: number; confirmed: boolean; jump: boolean; rest: Place }

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`

/** Ends of one vehicle as rows of (started_at, ended_at, confirmed_at, lon, lat, end_lon_e7, end_lat_e7, jump): both kinds of them. */
const ENDS = `(
  SELECT started_at, ended_at, confirmed_at, rest_lon_e7 AS lon, rest_lat_e7 AS lat, end_lon_e7, end_lat_e7, false AS jump FROM trips WHERE vehicle_id = $1
  UNION ALL
  SELECT started_at, ended_at, confirmed_at, end_lon_e7, end_lat_e7, end_lon_e7, end_lat_e7, kind = 'jump' FROM displacements WHERE vehicle_id = $1
) e`

/** What counts of a vehicle: what its terminal said, and where that was silent its driver's phone (domain/phoneFixes.ts). */
const counting = (columns: string, where: string, order = ''): string => `(
    (SELECT ${columns} FROM positions p WHERE ${where} ${order}) UNION ALL
    (SELECT ${columns} FROM phone_positions p WHERE counts AND ${where} ${order})) p`
const plain = 'ts, lon_e7, lat_e7, speed_dkph, odometer_m, flags'

const pointColumns = `${ms('ts')} AS "tsMs", lon_e7 AS "lonE7", lat_e7 AS "latE7", speed_dkph AS "speedDkph", odometer_m AS "odometerM", flags`
type PointRow = Omit<Point, 'ignition'> & { flags: number }
const pointOf = ({ flags, ...point }: PointRow): Point => ({
  ...point,
  ignition: (flags & FLAG_IGNITION_UNKNOWN) !== 0 ? null : (flags & FLAG_IGNITION) !== 0,
})

/**
 * Where to go on from (nothing = from the first position), and since when that is its place; null = not known. `first`: the rest before the first
 * trip, where it is that.
 */
export type Found = { beginning?: Beginning; eventMs: number | null; first?: End }
type EndRow = { endMs: number; lon: number; lat: number }

/**
 * The last rest that nothing at or after `fromMs` can change, to go on from.
 * `eventMs`: the end of the trip or displacement that it began with, or the first position of all. In a long rest the position is a later one, still
 * at the place.
 */
export async function findBeginning(db: Queryable, vehicleId: number, fromMs: number, memoryMs: number): Promise<Found> {
  const { rows } = await db.query<EndRow>(
    `SELECT ${ms('ended_at')} AS "endMs", lon, lat FROM ${ENDS}
      WHERE confirmed_at < to_timestamp($2::float8 / 1000) AND lon IS NOT NULL ORDER BY ended_at DESC LIMIT 1`,
    [vehicleId, fromMs],
  )
  const end = rows[0] ?? (await findFirst(db, vehicleId, fromMs))
  if (!end) return { eventMs: null }
  const place = { lonE7: end.lon, latE7: end.lat }
  const known = {
    eventMs: end.endMs,
    ...(rows[0] ? {} : { first: { startMs: end.endMs, endMs: end.endMs, confirmed: true, jump: false, rest: place } }),
  }
  // The rest may have lasted for months: a moment of it at the place is as good a beginning as its first. Not one at which a trip that is not
  // settled came by. The box is as wide as the place of a rest, in 1e-7 degrees of these latitudes.
  const { stayM } = lawAt(end.endMs)
  const { rows: near } = await db.query<PointRow>(
    `SELECT ${pointColumns} FROM ${counting(
      plain,
      `vehicle_id = $1 AND ts > to_timestamp($2::float8 / 1000) AND ts < to_timestamp(($3::float8 - $4::float8) / 1000)
        AND ts < coalesce((SELECT min(started_at) FROM ${ENDS} WHERE ended_at > to_timestamp($2::float8 / 1000)), 'infinity')
        AND abs(lon_e7::float8 - $5) < $7::int AND abs(lat_e7::float8 - $6) < $8::int`,
      'ORDER BY ts DESC LIMIT 1',
    )} ORDER BY ts DESC LIMIT 1`,
    [vehicleId, end.endMs, fromMs, memoryMs, end.lon, end.lat, stayM * 90, stayM * 70],
  )
  const [later] = near
  if (later) return { beginning: { place, since: pointOf(later) }, ...known }
  if (!rows[0]) return known
  const { rows: first } = await db.query<PointRow>(
    `SELECT ${pointColumns} FROM ${counting(plain, 'vehicle_id = $1 AND ts = to_timestamp($2::float8 / 1000)')}`,
    [vehicleId, end.endMs],
  )
  const since = first[0] ? pointOf(first[0]) : { ...place, tsMs: end.endMs, speedDkph: null, odometerM: null, ignition: null }
  return { beginning: { place, since }, ...known }
}

/** The first position that counts, before `fromMs`: where the vehicle rested until its first trip. */
async function findFirst(db: Queryable, vehicleId: number, fromMs: number): Promise<EndRow | undefined> {
  const { rows } = await db.query<EndRow>(
    `SELECT ${ms('ts')} AS "endMs", lon_e7 AS lon, lat_e7 AS lat FROM ${counting(
      plain,
      `vehicle_id = $1 AND ts < to_timestamp($2::float8 / 1000) AND lon_e7 <> 0 AND lat_e7 <> 0
        AND NOT EXISTS (SELECT FROM position_flags f
                         WHERE f.vehicle_id = $1 AND f.reason = 'unreachable' AND p.ts BETWEEN f.started_at AND f.ended_at)`,
      'ORDER BY ts LIMIT 1',
    )} ORDER BY ts LIMIT 1`,
    [vehicleId, fromMs],
  )
  return rows[0]
}

/**
 * The end of the last trip or displacement after `fromMs` (null = of all) whose positions are no longer kept: retention has dropped its first
 * or its last. It cannot be derived again, and nothing before it can. Positions that are sent anew do not bring such a time back.
 */
export async function findSealed(db: Queryable, vehicleId: number, fromMs: number | null): Promise<Found | undefined> {
  const kept = (at: string): string => `EXISTS (SELECT FROM ${counting('1', `vehicle_id = $1 AND ts = e.${at}`)})`
  const { rows } = await db.query<EndRow>(
    `SELECT ${ms('ended_at')} AS "endMs", coalesce(lon, end_lon_e7) AS lon, coalesce(lat, end_lat_e7) AS lat FROM ${ENDS}
      WHERE ($2::float8 IS NULL OR ended_at > to_timestamp($2::float8 / 1000)) AND NOT (${kept('started_at')} AND ${kept('ended_at')})
      ORDER BY ended_at DESC LIMIT 1`,
    [vehicleId, fromMs],
  )
  const [end] = rows
  if (!end) return undefined
  const place = { lonE7: end.lon, latE7: end.lat }
  const since = { ...place, tsMs: end.endMs, speedDkph: null, odometerM: null, ignition: null }
  return { beginning: { place, since }, eventMs: end.endMs }
}

/** What was derived before and ends at `fromMs` or later, by end; null = everything. */
export async function listEnds(db: Queryable, vehicleId: number, fromMs: number | null): Promise<End[]> {
  const { rows } = await db.query<{
    startMs: number
    endMs: number
    confirmed: boolean
    jump: boolean
    lon: number | null
    lat: number | null
  }>(
    `SELECT ${ms('started_at')} AS "startMs", ${ms('ended_at')} AS "endMs", confirmed_at IS NOT NULL AS confirmed, jump, lon, lat FROM ${ENDS}
      WHERE $2::float8 IS NULL OR ended_at >= to_timestamp($2::float8 / 1000) ORDER BY ended_at`,
    [vehicleId, fromMs],
  )
  return rows.map(({ lon, lat, confirmed, ...end }) => ({
    ...end,
    confirmed: confirmed && lon !== null,
    rest: { lonE7: lon ?? 0, latE7: lat ?? 0 },
  }))
}

/** Of each position: time (int8), longitude, latitude (int4), speed (int2), odometer (int4), flags (int2); −1 = not reported. */
const POINT_BYTES = 24
const packed = `int8send((date_part('epoch', ts) * 1000)::int8) || int4send(lon_e7) || int4send(lat_e7) || int2send(coalesce(speed_dkph, -1::int2))
  || int4send(coalesce(odometer_m, -1)) || int2send(flags)`
/** The next positions of `$1` after `$2`, at most `$3`. */
const POINTS = `SELECT string_agg(${packed}, ''::bytea) AS bytes FROM (
    SELECT * FROM ${counting(plain, 'vehicle_id = $1 AND ts > to_timestamp($2::float8 / 1000)', 'ORDER BY ts LIMIT $3::int')} ORDER BY ts LIMIT $3::int) p`
const NEXT = prepared(POINTS)

/**
 * The next positions after an instant, by device time. They come as one value: as rows of numbers in words reading them costs twice as much
 * on the database's side and seven times as much on ours (`npm run bench:trips`).
 */
export async function readPoints(db: Queryable, vehicleId: number, afterMs: number, limit: number): Promise<Point[]> {
  const { rows } = await db.query<{ bytes: Buffer | null }>(NEXT, [vehicleId, afterMs, limit])
  return pointsOf(rows[0]!.bytes)
}

function pointsOf(bytes: Buffer | null): Point[] {
  if (!bytes) return []
  const points: Point[] = []
  for (let at = 0; at < bytes.length; at += POINT_BYTES) {
    const speed = bytes.readInt16BE(at + 16)
    const odometer = bytes.readInt32BE(at + 18)
    const flags = bytes.readInt16BE(at + 22)
    points.push({
      tsMs: bytes.readInt32BE(at) * 4_294_967_296 + bytes.readUInt32BE(at + 4),
      lonE7: bytes.readInt32BE(at + 8),
      latE7: bytes.readInt32BE(at + 12),
      speedDkph: speed < 0 ? null : speed,
      odometerM: odometer < 0 ? null : odometer,
      ignition: (flags & FLAG_IGNITION_UNKNOWN) !== 0 ? null : (flags & FLAG_IGNITION) !== 0,
    })
  }
  return points
}

const COUNT = prepared(
  `SELECT count(*) FROM ${counting('1', 'vehicle_id = $1 AND ts > to_timestamp($2::float8 / 1000) AND ts <= to_timestamp($3::float8 / 1000)')}`,
)
/** How many positions lie after one instant and not after another. */
export async function countPoints(db: Queryable, vehicleId: number, afterMs: number, toMs: number): Promise<number> {
  if (toMs === Number.NEGATIVE_INFINITY) return 0
  const { rows } = await db.query<{ count: number }>(COUNT, [vehicleId, afterMs, toMs])
  return rows[0]!.count
}

/** Times in ms. */
type Unsettled = {
  fromMs: number
  tailMs: number | null
  late: { id: number; fromMs: number; toMs: number }[]
  /** How many positions were ever stored of the vehicle. */
  stored: number
  /** The first positions after the instant that was asked about, seen with all this at one moment. */
  next: Point[]
}
const unsettled = (next: string): string =>
  prepared(
    `SELECT ${ms('derive_from')} AS from, ${ms('tail_from')} AS tail, stored + phoned AS stored, (${next}) AS bytes,
            (SELECT json_agg(json_build_array(range_id, ${ms('from_at')}, ${ms('to_at')}) ORDER BY from_at, range_id)
               FROM late_ranges r WHERE r.vehicle_id = l.vehicle_id) AS late
       FROM last_states l WHERE vehicle_id = $1`,
  )
const UNSETTLED = unsettled('NULL::bytea')
const UNSETTLED_AND_NEXT = unsettled(POINTS)

/** What is unsettled of a vehicle: late ranges, and where the tail begins; undefined = nothing. `afterMs`: of which the next positions are asked, at most `limit`. */
export async function findUnsettled(
  db: Queryable,
  vehicleId: number,
  afterMs: number | undefined,
  limit: number,
): Promise<Unsettled | undefined> {
  const { rows } = await db.query<{
    from: number | null
    tail: number | null
    stored: number
    bytes: Buffer | null
    late: [id: number, from: number, to: number][] | null
  }>(afterMs === undefined ? UNSETTLED : UNSETTLED_AND_NEXT, afterMs === undefined ? [vehicleId] : [vehicleId, afterMs, limit])
  const state = rows[0]
  if (!state || state.from === null) return undefined
  const { from, tail, stored, late, bytes } = state
  return {
    fromMs: from,
    tailMs: tail,
    stored,
    next: pointsOf(bytes),
    late: (late ?? []).map(([id, fromMs, toMs]) => ({ id, fromMs, toMs })),
  }
}
