// Which vehicles may have been in an area, and in which hours: whatever is left out was not there. Where an hour is prepared by its cells and boxes, where it
// is not by its positions themselves, within a box so wide that no way through the area has both its ends outside.
import type { Queryable } from '../../platform/db.ts'
import { findUnprepared, HOUR_MS, hourOf } from './units.ts'

/** Of an area, 1e-7 degree. */
export type BoxE7 = { west: number; south: number; east: number; north: number }
export type Sought = { cells: readonly string[]; box: BoxE7 }
/** Vehicles by hour. */
export type Candidates = Map<number, Set<number>>

/** With more cells than this an area is larger than what a vehicle passes in an hour, and the boxes tell as much. */
const CELLS_TOLD = 64
/** Half of what two reports that are one line lie apart at most (trackGaps.ts), m. */
const HALF_WAY_M = 4_000
/** One statement over positions themselves is about so much of them. */
const SLICE_MS = 10 * 60_000
const LEAD_IN_MS = 10 * 60_000

export function widened({ west, south, east, north }: BoxE7, metres: number): BoxE7 {
  const lat = (metres / 111_000) * 1e7
  const lon = lat / Math.cos((Math.min(80, Math.max(Math.abs(south), Math.abs(north)) / 1e7) * Math.PI) / 180)
  const within = (value: number, most: number): number => Math.round(Math.min(most, Math.max(-most, value)))
  return {
    west: within(west - lon, 1_800_000_000),
    south: within(south - lat, 900_000_000),
    east: within(east + lon, 1_800_000_000),
    north: within(north + lat, 900_000_000),
  }
}

/**
 * Of the hours `fromHour`–`toHour` (both included) of one day, UTC.
 * @param oddly vehicles of which some positions are not believed: what was prepared of their ways says nothing, their boxes do
 */
export async function findCandidates(
  db: Queryable,
  { cells, box }: Sought,
  fromHour: number,
  toHour: number,
  oddly: ReadonlySet<number>,
): Promise<Candidates> {
  const found: Candidates = new Map()
  const add = (hour: number, vehicleId: number): void => {
    if (hour < fromHour || hour > toHour) return
    const vehicles = found.get(hour)
    if (vehicles) vehicles.add(vehicleId)
    else found.set(hour, new Set([vehicleId]))
  }
  const wide = widened(box, HALF_WAY_M)
  const phoned = await findPhoned(db, wide, fromHour, toHour, add)
  const odd = [...new Set([...oddly, ...phoned])]
  for (const { hour, vehicleId } of await findPrepared(db, cells, box, fromHour, toHour)) add(hour, vehicleId)
  for (const { hour, vehicleId } of await findByBox(db, odd, wide, fromHour - 1, toHour)) {
    add(hour, vehicleId)
    // A way belongs to the hour in which it ends.
    add(hour + 1, vehicleId)
  }
  await findRaw(db, wide, fromHour, toHour, add)
  return found
}

type Hour = { hour: number; vehicleId: number }
const BOX = 'west <= $5 AND east >= $4 AND south <= $7 AND north >= $6'
const boxValues = ({ west, south, east, north }: BoxE7): number[] => [west, east, south, north]

async function findPrepared(db: Queryable, cells: readonly string[], box: BoxE7, fromHour: number, toHour: number): Promise<Hour[]> {
  const { rows: there } = await db.query<{ ids: number[] | null }>(
    'SELECT array_agg(DISTINCT vehicle_id) AS ids FROM cell_days WHERE cell = ANY($1::bigint[]) AND day BETWEEN $2 AND $3',
    [cells, Math.floor(fromHour / 24), Math.floor(toHour / 24)],
  )
  const ids = there[0]!.ids
  if (!ids) return []
  const told = cells.length <= CELLS_TOLD
  const { rows } = await db.query<Hour>(
    `SELECT hour, vehicle_id AS "vehicleId" FROM vehicle_hours
     WHERE vehicle_id = ANY($1::int[]) AND hour BETWEEN $2 AND $3 AND ${BOX}${told ? ' AND cells && $8::bigint[]' : ''}`,
    [ids, fromHour, toHour, ...boxValues(box), ...(told ? [cells] : [])],
  )
  return rows
}

async function findByBox(db: Queryable, ids: readonly number[], box: BoxE7, fromHour: number, toHour: number): Promise<Hour[]> {
  if (ids.length === 0) return []
  const { rows } = await db.query<Hour>(
    `SELECT hour, vehicle_id AS "vehicleId" FROM vehicle_hours WHERE vehicle_id = ANY($1::int[]) AND hour BETWEEN $2 AND $3 AND ${BOX}`,
    [ids, fromHour, toHour, ...boxValues(box)],
  )
  return rows
}

/** Vehicles whose drivers' phones spoke for them; those fixes themselves are candidates. */
async function findPhoned(
  db: Queryable,
  { west, south, east, north }: BoxE7,
  fromHour: number,
  toHour: number,
  add: (hour: number, id: number) => void,
): Promise<number[]> {
  const { rows } = await db.query<{ vehicleId: number; ms: number | null }>(
    `SELECT DISTINCT vehicle_id AS "vehicleId", CASE WHEN lon_e7 BETWEEN $3 AND $4 AND lat_e7 BETWEEN $5 AND $6
       THEN (extract(epoch FROM date_trunc('minute', ts)) * 1000)::float8 END AS ms FROM phone_positions WHERE counts AND ts >= $1 AND ts < $2`,
    [new Date(fromHour * HOUR_MS - LEAD_IN_MS), new Date((toHour + 1) * HOUR_MS), west, east, south, north],
  )
  for (const { vehicleId, ms } of rows)
    if (ms !== null) {
      add(hourOf(ms), vehicleId)
      add(hourOf(ms + LEAD_IN_MS), vehicleId)
    }
  return [...new Set(rows.map(({ vehicleId }) => vehicleId))]
}

/** In hours that are not prepared as they stand. */
async function findRaw(
  db: Queryable,
  box: BoxE7,
  fromHour: number,
  toHour: number,
  add: (hour: number, id: number) => void,
): Promise<void> {
  const parts = new Map<number, number[]>()
  for (const { hour, part } of await findUnprepared(db, fromHour, toHour)) parts.set(hour, [...(parts.get(hour) ?? []), part])
  for (const [hour, which] of parts)
    for (let ms = hour * HOUR_MS - LEAD_IN_MS; ms < (hour + 1) * HOUR_MS; ms += SLICE_MS) {
      const { rows } = await db.query<{ vehicleId: number }>(
        `SELECT DISTINCT vehicle_id AS "vehicleId" FROM positions WHERE ts >= $1 AND ts < $2 AND lon_e7 BETWEEN $3 AND $4 AND lat_e7 BETWEEN $5 AND $6
           AND vehicle_id / 128 = ANY($7::int[])`,
        [new Date(ms), new Date(ms + SLICE_MS), ...boxValues(box), which],
      )
      for (const { vehicleId } of rows) add(hour, vehicleId)
    }
}
