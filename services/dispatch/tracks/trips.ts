// The trips of one vehicle in a window, oldest first, cut at its borders; like a track, on record before they are read.
// The one adder of trips: what a page or an export says of several trips is a total of this. Half-open, and cut by one cumulative figure a trip: what two neighbouring windows say adds up to what both together say.
import type { AnswerOf } from '../../contracts/api.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { recordRead, type TrackRead } from './read.ts'

/** More trips than any vehicle makes in 31 days; a bound on the answer all the same. */
const MAX_TRIPS = 5_000
const QUARTER_MS = 900_000

type TripRow = {
  started_at: Date
  ended_at: Date
  ended: boolean
  start_lon_e7: number
  start_lat_e7: number
  end_lon_e7: number
  end_lat_e7: number
  distance_m: number
  max_speed_dkph: number | null
  distance_by: 'odometer' | 'track' | 'both'
  track_m: number | null
  odometer_m: number | null
  ignition_off: boolean
  quarters_m: number[]
}
type DisplacementRow = Pick<
  TripRow,
  'started_at' | 'ended_at' | 'start_lon_e7' | 'start_lat_e7' | 'end_lon_e7' | 'end_lat_e7' | 'distance_m'
> & {
  kind: 'unseen' | 'jump' | 'drift'
}

const TRIPS = `SELECT started_at, ended_at, ended, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m, max_speed_dkph, distance_by, track_m,
    odometer_m, ignition_off, quarters_m
  FROM trips WHERE vehicle_id = $1 AND started_at < $3 AND ended_at > $2 ORDER BY started_at LIMIT $4`

/** Metres that a vehicle drove within a window, for the law of orders: nobody looks at anything. */
export async function drivenM(db: Queryable, vehicleId: number, fromMs: number, untilMs: number): Promise<number> {
  const { rows } = await db.query<TripRow>(TRIPS, [vehicleId, new Date(fromMs), new Date(untilMs), MAX_TRIPS])
  return rows.reduce((sum, row) => sum + cut(row, fromMs, untilMs).distanceM, 0)
}

/** @throws Refusal NOT_FOUND */
export async function listTrips(db: Database, read: TrackRead): Promise<AnswerOf<'listTrips'>> {
  await recordRead(db, 'trips', read)
  const { rows } = await db.query<TripRow>(TRIPS, [read.vehicleId, read.from, read.to, MAX_TRIPS + 1])
  const more = rows.length > MAX_TRIPS
  if (more) rows.pop()
  const trips = rows.map((row) => cut(row, read.from.getTime(), read.to.getTime()))
  return {
    rows: trips,
    total: {
      trips: rows.filter(({ started_at }) => started_at >= read.from).length,
      distanceM: trips.reduce((sum, { distanceM }) => sum + distanceM, 0),
      durationMs: trips.reduce((sum, { startedAt, endedAt }) => sum + Date.parse(endedAt) - Date.parse(startedAt), 0),
    },
    more,
    displacements: await listDisplacements(db, read),
  }
}

function cut(row: TripRow, fromMs: number, toMs: number): AnswerOf<'listTrips'>['rows'][number] {
  const [startMs, endMs] = [row.started_at.getTime(), row.ended_at.getTime()]
  const [beginMs, closeMs] = [Math.max(startMs, fromMs), Math.min(endMs, toMs)]
  const whole = beginMs === startMs && closeMs === endMs
  return {
    startedAt: new Date(beginMs).toISOString(),
    endedAt: new Date(closeMs).toISOString(),
    ended: row.ended || closeMs < endMs,
    start: [row.start_lon_e7 / 1e7, row.start_lat_e7 / 1e7],
    end: [row.end_lon_e7 / 1e7, row.end_lat_e7 / 1e7],
    distanceM: metresUntil(row, closeMs) - metresUntil(row, beginMs),
    maxSpeedKph: row.max_speed_dkph === null ? null : row.max_speed_dkph / 10,
    distanceBy: row.distance_by,
    trackM: row.track_m,
    odometerM: row.odometer_m,
    ignitionOff: row.ignition_off,
    whole: whole ? null : { startedAt: row.started_at.toISOString(), endedAt: row.ended_at.toISOString(), distanceM: row.distance_m },
  }
}

/** Whole metres from the start of a trip to an instant in it: known at each full quarter of an hour, evenly spread between. */
function metresUntil({ started_at, ended_at, distance_m, quarters_m }: TripRow, atMs: number): number {
  const [startMs, endMs] = [started_at.getTime(), ended_at.getTime()]
  const firstQuarterMs = (Math.floor(startMs / QUARTER_MS) + 1) * QUARTER_MS
  const corners = [
    { ms: startMs, metres: 0 },
    ...quarters_m.map((metres, i) => ({ ms: firstQuarterMs + i * QUARTER_MS, metres })),
    { ms: endMs, metres: distance_m },
  ]
  const after = Math.max(
    1,
    corners.findIndex(({ ms }) => ms >= atMs),
  )
  const [before, next] = [corners[after - 1]!, corners[after]!]
  const part = next.ms > before.ms ? (atMs - before.ms) / (next.ms - before.ms) : 1
  return Math.round(before.metres + part * (next.metres - before.metres))
}

async function listDisplacements(db: Queryable, read: TrackRead): Promise<AnswerOf<'listTrips'>['displacements']> {
  const { rows } = await db.query<DisplacementRow>(
    `SELECT kind, started_at, ended_at, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m
     FROM displacements WHERE vehicle_id = $1 AND ended_at >= $2 AND ended_at < $3 ORDER BY ended_at LIMIT $4`,
    [read.vehicleId, read.from, read.to, MAX_TRIPS],
  )
  return rows.map((row) => ({
    kind: row.kind,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at.toISOString(),
    start: [row.start_lon_e7 / 1e7, row.start_lat_e7 / 1e7],
    end: [row.end_lon_e7 / 1e7, row.end_lat_e7 / 1e7],
    distanceM: row.distance_m,
  }))
}
