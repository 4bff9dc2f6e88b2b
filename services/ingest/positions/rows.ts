// Readings → one binary parameter of type positions[], for `unnest($1::positions[])`.
// Measured on the embedded database, 5,000 rows a statement into `positions` alone: fourteen text arrays 70,000 rows/s (half of it
// reading the text), fourteen binary arrays 85,000–100,000, one binary array of the table's own row type 109,000–116,000.
import type { Position } from '../../contracts/position.ts'
import { ignitionFlags } from '../../domain/status.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Reading } from '../message.ts'

/** A position that is to be stored; `flags` are those of the last state it became, where they say more than the position itself. */
export type PositionReading = Reading<Position> & { flags?: number }

/** Which of its two counters a last state counts in: of what terminals said, or of what phones said and counts. */
export type Counter = 'stored' | 'phoned'

/** The columns of `positions` that ingest fills, and their values. Any other column of the table gets NULL. */
const values = {
  vehicle_id: (r) => r.vehicleId,
  ts: (r) => r.value.tsMs,
  received_at: (r) => r.message.receivedMs,
  lon_e7: (r) => r.value.lonE7,
  lat_e7: (r) => r.value.latE7,
  speed_dkph: (r) => r.value.speedDkph,
  heading_deg: (r) => r.value.headingDeg,
  altitude_m: (r) => r.value.altitudeM,
  odometer_m: (r) => r.value.odometerM,
  fuel_permille: (r) => r.value.fuelPermille,
  soc_permille: (r) => r.value.socPermille,
  satellites: (r) => r.value.satellites,
  flags: (r) => ignitionFlags(r.value),
  alarms: (r) => r.value.alarms,
} satisfies Record<string, (reading: PositionReading) => number | null>

export const positionColumns = Object.keys(values)

const INT2 = 21
const INT4 = 23
const INT8 = 20
const TIMESTAMPTZ = 1184
const widths: Record<number, number> = { [INT2]: 2, [INT4]: 4, [INT8]: 8, [TIMESTAMPTZ]: 8 }
/** Postgres counts microseconds from here. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1)
const ARRAY_HEADER_BYTES = 20

type Column = { oid: number; width: number; value: ((reading: PositionReading) => number | null) | undefined }
export type RowEncoder = (readings: readonly PositionReading[]) => Buffer

/** Reads the table's row type, once, and returns the encoder for it. Throws when a column has a type that is not foreseen. */
export async function createRowEncoder(db: Queryable): Promise<RowEncoder> {
  const { rows } = await db.query<{ name: string; oid: number; row: number }>(
    `SELECT a.attname AS name, a.atttypid::int AS oid, c.reltype::int AS row
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.oid = 'positions'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  )
  const columns = rows.map(({ name, oid }): Column => {
    const width = widths[oid]
    const value = (values as Record<string, (reading: PositionReading) => number | null>)[name]
    if (value && !width) throw new Error(`positions.${name} has a type (oid ${oid}) that ingest cannot write`)
    return { oid, width: width ?? 0, value }
  })
  const rowType = rows[0]!.row
  const maxRowBytes = 8 + columns.reduce((sum, { width }) => sum + 8 + width, 0)
  return (readings) => {
    const bytes = Buffer.allocUnsafe(ARRAY_HEADER_BYTES + readings.length * maxRowBytes)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = writeArrayHeader(bytes, rowType, readings.length)
    for (const reading of readings) {
      const start = at
      view.setInt32(start + 4, columns.length)
      at = start + 8
      for (const column of columns) at = writeColumn(view, at, column, reading)
      view.setInt32(start, at - start - 4)
    }
    return bytes.subarray(0, at)
  }
}

/** A smallint[] in binary. */
export function encodeSmallints(numbers: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(ARRAY_HEADER_BYTES + numbers.length * 6)
  let at = writeArrayHeader(bytes, INT2, numbers.length)
  for (const number of numbers) {
    at = bytes.writeInt32BE(2, at)
    at = bytes.writeInt16BE(number, at)
  }
  return bytes
}

/** One dimension, no mention of nulls (each element says so itself), lower bound 1. */
function writeArrayHeader(bytes: Buffer, elementType: number, length: number): number {
  bytes.writeInt32BE(length > 0 ? 1 : 0, 0)
  bytes.writeInt32BE(0, 4)
  bytes.writeInt32BE(elementType, 8)
  bytes.writeInt32BE(length, 12)
  return bytes.writeInt32BE(1, 16)
}

function writeColumn(view: DataView, start: number, { oid, width, value: of }: Column, reading: PositionReading): number {
  const value = of ? of(reading) : null
  view.setInt32(start, oid)
  view.setInt32(start + 4, value === null ? -1 : width)
  const at = start + 8
  if (value === null) return at
  // A view would cut off what is too large, and so store another figure.
  if (oid === INT4) view.setInt32(at, value === (value | 0) ? value : tooLarge(value))
  else if (oid === INT2) view.setInt16(at, value === (value << 16) >> 16 ? value : tooLarge(value))
  else {
    const long = oid === TIMESTAMPTZ ? (value - POSTGRES_EPOCH_MS) * 1000 : value
    const high = Math.floor(long / 4_294_967_296)
    view.setInt32(at, high)
    view.setUint32(at + 4, long - high * 4_294_967_296)
  }
  return at + width
}

function tooLarge(value: number): never {
  throw new RangeError(`${value} does not fit its column`)
}
