// Positions of several vehicles, as they were stored: read in slices, as columns.
import type { WayLine } from '../../domain/visits.ts'
import type { Queryable } from '../../platform/db.ts'
import { numbersOf } from '../kernel/binaryArray.ts'

/** Rows of one statement at most, roughly: one of the embedded database holds up all others. */
const VEHICLES_AT_ONCE = 64

export type Points = { vehicleId: Float64Array; timeMs: Float64Array; lonE7: Float64Array; latE7: Float64Array; speedDkph: Float64Array }
const columns: Record<keyof Points, string> = {
  vehicleId: 'vehicle_id',
  timeMs: '(extract(epoch FROM ts) * 1000)::bigint',
  lonE7: 'lon_e7',
  latE7: 'lat_e7',
  speedDkph: 'speed_dkph',
}
const names = Object.keys(columns) as (keyof Points)[]

/** SQL: the columns of `Points` of a source in the order of vehicle and time. */
const packed = (source: string): string =>
  `SELECT ${names.map((name) => `array_send(array_agg(${columns[name]})) AS "${name}"`).join(', ')} FROM (${source} ORDER BY vehicle_id, ts) p`
const of = (where: string): string => `
  SELECT vehicle_id, ts, lon_e7, lat_e7, speed_dkph FROM positions WHERE ${where} AND ts >= $2 AND ts < $3
  UNION ALL SELECT vehicle_id, ts, lon_e7, lat_e7, speed_dkph FROM phone_positions WHERE counts AND ${where} AND ts >= $2 AND ts < $3`
const OF_VEHICLES = packed(of('vehicle_id = ANY($1::int[])'))
const OF_RANGE = packed(
  'SELECT vehicle_id, ts, lon_e7, lat_e7, speed_dkph FROM positions WHERE vehicle_id >= $1 AND vehicle_id < $4 AND ts >= $2 AND ts < $3',
)

type Answer = Record<keyof Points, Buffer | null>
const pointsOf = (row: Answer): Points => Object.fromEntries(names.map((name) => [name, numbersOf(row[name])])) as Points

/** What was said of these vehicles in [from, to): by terminals, and by phones where that counts; by vehicle and time, in slices. */
export async function* readVehicles(db: Queryable, vehicleIds: readonly number[], fromMs: number, toMs: number): AsyncIterable<Points> {
  for (let at = 0; at < vehicleIds.length; at += VEHICLES_AT_ONCE) {
    const { rows } = await db.query<Answer>(OF_VEHICLES, [vehicleIds.slice(at, at + VEHICLES_AT_ONCE), new Date(fromMs), new Date(toMs)])
    yield pointsOf(rows[0]!)
  }
}

/** What terminals said of the vehicles [first, last) in [from, to). */
export async function readRange(db: Queryable, first: number, last: number, fromMs: number, toMs: number): Promise<Points> {
  const { rows } = await db.query<Answer>(OF_RANGE, [first, new Date(fromMs), new Date(toMs), last])
  return pointsOf(rows[0]!)
}

/** Index ranges [from, to) of one vehicle each. */
export function* byVehicle({ vehicleId }: Points): Iterable<[vehicleId: number, from: number, to: number]> {
  for (let from = 0; from < vehicleId.length; ) {
    let to = from + 1
    while (to < vehicleId.length && vehicleId[to] === vehicleId[from]) to++
    yield [vehicleId[from]!, from, to]
    from = to
  }
}

export type Unbelieved = { fromMs: number; untilMs: number }

/** Where positions of vehicles are stored and their places not believed, in a window. */
export async function readUnbelieved(db: Queryable, fromMs: number, toMs: number): Promise<Map<number, Unbelieved[]>> {
  const { rows } = await db.query<Unbelieved & { vehicleId: number }>(
    `SELECT vehicle_id AS "vehicleId", (extract(epoch FROM started_at) * 1000)::float8 AS "fromMs", (extract(epoch FROM ended_at) * 1000)::float8 AS "untilMs"
     FROM position_flags WHERE reason <> 'speed' AND ended_at >= $1 AND started_at < $2 ORDER BY vehicle_id, started_at`,
    [new Date(fromMs), new Date(toMs)],
  )
  const found = new Map<number, Unbelieved[]>()
  for (const { vehicleId, ...span } of rows) found.set(vehicleId, [...(found.get(vehicleId) ?? []), span])
  return found
}

/** Gathers believed positions of one vehicle, piece by piece in the order of time. */
export class LineBuilder {
  readonly #timeMs: number[] = []
  readonly #lon: number[] = []
  readonly #lat: number[] = []
  readonly #speedKph: number[] = []

  add(points: Points, from: number, to: number, unbelieved: readonly Unbelieved[] = []): void {
    for (let i = from; i < to; i++) {
      const ms = points.timeMs[i]!
      if (ms <= (this.#timeMs.at(-1) ?? Number.NEGATIVE_INFINITY)) continue
      if (unbelieved.some(({ fromMs, untilMs }) => ms >= fromMs && ms <= untilMs)) continue
      this.#timeMs.push(ms)
      this.#lon.push(points.lonE7[i]! / 1e7)
      this.#lat.push(points.latE7[i]! / 1e7)
      this.#speedKph.push(points.speedDkph[i]! / 10)
    }
  }

  line(): WayLine {
    return {
      timeMs: Float64Array.from(this.#timeMs),
      lon: Float64Array.from(this.#lon),
      lat: Float64Array.from(this.#lat),
      speedKph: Float64Array.from(this.#speedKph),
    }
  }
}
