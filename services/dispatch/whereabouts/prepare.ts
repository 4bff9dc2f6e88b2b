// Prepares units (units.ts): reads the positions of 128 vehicles and an hour once, and keeps of each vehicle its minutes, the box and the cells of its way.
// All positions, also those that will not be believed: what is prepared only narrows, and is asked more widely where some are not (candidates.ts).
import type { LonLat } from '../../domain/geofence.ts'
import { LEAD_IN_MS } from '../../domain/visits.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { WayCells } from './cells.ts'
import { type MinuteFix, packMinutes } from './minutes.ts'
import { byVehicle, type Points, readRange } from './points.ts'
import { dayOfHour, findUnprepared, forgetHours, HOUR_MS, hourOf, PART, type Unit } from './units.ts'

const MINUTE_S = 60
/** An hour is prepared when it has been over for so long: what is sent at its end has come. */
const SETTLED_MS = 5 * 60_000
/** Of one run: it comes again soon, and leaves the database to others between. */
const UNITS_A_RUN = 400

export type Prepared = { vehicleId: number; minutes: Buffer; west: number; south: number; east: number; north: number; cells: string[] }

/** What is kept of the vehicles in the points of an hour and of ten minutes before it. */
export function summarise(points: Points, hour: number): Prepared[] {
  const found: Prepared[] = []
  const startMs = hour * HOUR_MS
  for (const [vehicleId, from, to] of byVehicle(points)) {
    const one = summariseVehicle(points, from, to, startMs)
    if (one) found.push({ vehicleId, ...one })
  }
  return found
}

function summariseVehicle(points: Points, from: number, to: number, startMs: number): Omit<Prepared, 'vehicleId'> | undefined {
  if (points.timeMs[to - 1]! < startMs) return undefined
  const cells = new WayCells()
  const minutes: MinuteFix[] = []
  // Of what was before, too: its last report may turn out not to be believed.
  const box = { west: 2 ** 31 - 1, south: 2 ** 31 - 1, east: -(2 ** 31), north: -(2 ** 31) }
  let before: LonLat | undefined
  for (let i = from; i < to; i++) {
    const [lonE7, latE7, ms] = [points.lonE7[i]!, points.latE7[i]!, points.timeMs[i]!]
    box.west = Math.min(box.west, lonE7)
    box.south = Math.min(box.south, latE7)
    box.east = Math.max(box.east, lonE7)
    box.north = Math.max(box.north, latE7)
    const here: LonLat = [lonE7 / 1e7, latE7 / 1e7]
    if (ms >= startMs) {
      // A leap from where no vehicle gets in its time is no way, and has no cells between.
      cells.add(here, before && isWay(before, here) ? before : undefined)
      const second = Math.ceil((ms - startMs) / 1000)
      const speed = points.speedDkph[i]!
      const fix = { second, lonE7, latE7, speedKph: Number.isNaN(speed) ? null : Math.max(0, Math.round(speed / 10)) }
      if (minutes.length > 0 && Math.ceil(minutes.at(-1)!.second / MINUTE_S) === Math.ceil(second / MINUTE_S)) minutes.pop()
      minutes.push(fix)
    }
    before = here
  }
  return { minutes: packMinutes(minutes), ...box, cells: cells.list() }
}

/** No two reports that are one line lie further apart (trackGaps.ts): ten degrees would cost thousands of samples. */
const isWay = (a: LonLat, b: LonLat): boolean => Math.abs(a[0] - b[0]) < 0.25 && Math.abs(a[1] - b[1]) < 0.25

/** Prepares one unit of which so many positions were counted before it was read. */
export async function prepareUnit(db: Database, { hour, part, stored }: Unit & { stored: number }): Promise<void> {
  const first = part * PART
  const points = await readRange(db, first, first + PART, hour * HOUR_MS - LEAD_IN_MS, (hour + 1) * HOUR_MS)
  const rows = summarise(points, hour)
  await db.transaction((client) => keepUnit(client, { hour, part, stored }, rows))
}

async function keepUnit(client: Queryable, { hour, part, stored }: Unit & { stored: number }, rows: readonly Prepared[]): Promise<void> {
  await client.query(
    `INSERT INTO prepared_hours (hour, part, stored) VALUES ($1, $2, $3) ON CONFLICT (hour, part) DO UPDATE SET stored = excluded.stored`,
    [hour, part, stored],
  )
  await client.query('DELETE FROM vehicle_hours WHERE hour = $1 AND vehicle_id >= $2 AND vehicle_id < $3', [
    hour,
    part * PART,
    (part + 1) * PART,
  ])
  if (rows.length === 0) return
  await client.query(
    `INSERT INTO vehicle_hours (hour, vehicle_id, minutes, west, south, east, north, cells)
     SELECT $1, vehicle_id, minutes, west, south, east, north, cells::bigint[]
     FROM unnest($2::int[], $3::bytea[], $4::int[], $5::int[], $6::int[], $7::int[], $8::text[]) AS r (vehicle_id, minutes, west, south, east, north, cells)`,
    [
      hour,
      rows.map(({ vehicleId }) => vehicleId),
      rows.map(({ minutes }) => minutes),
      rows.map(({ west }) => west),
      rows.map(({ south }) => south),
      rows.map(({ east }) => east),
      rows.map(({ north }) => north),
      rows.map(({ cells }) => `{${cells.join(',')}}`),
    ],
  )
  await client.query(
    `INSERT INTO cell_days (cell, day, vehicle_id) SELECT DISTINCT cell, $1::int, vehicle_id FROM vehicle_hours, unnest(cells) cell
     WHERE hour = $2 AND vehicle_id >= $3 AND vehicle_id < $4 ON CONFLICT DO NOTHING`,
    [dayOfHour(hour), hour, part * PART, (part + 1) * PART],
  )
}

/**
 * Prepares what is due: the last hours first, then, one day at each run, what came late. @returns how many units
 * @param turn of the run: which day is looked at
 */
export async function prepareDue({ db, clock }: { db: Database; clock: Clock }, turn: number): Promise<number> {
  const last = hourOf(clock.nowMs() - SETTLED_MS) - 1
  const units = await findUnprepared(db, last - 24, last, UNITS_A_RUN)
  if (units.length === 0) {
    const { rows: days } = await db.query<{ day: number }>(
      'SELECT DISTINCT hour / 24 AS day FROM position_hours WHERE hour <= $1 ORDER BY day DESC',
      [last],
    )
    if (turn % (days.length + 1) === days.length) await forgetHours(db)
    else {
      const { day } = days[turn % (days.length + 1)]!
      units.push(...(await findUnprepared(db, day * 24, Math.min(last, day * 24 + 24), UNITS_A_RUN)))
    }
  }
  for (const unit of units) await prepareUnit(db, unit)
  return units.length
}
