// What the database can do without us: plain batches of 5,000 rows of the same width into the same table, one connection, no broker.

import { createRowEncoder, type PositionReading, positionColumns } from '../../services/ingest/positions/rows.ts'
import type { Queryable } from '../../services/platform/db.ts'

const ROWS = 5_000
const BATCHES = 20
const types = [
  'int',
  'timestamptz',
  'timestamptz',
  'int',
  'int',
  ...new Array(3).fill('smallint'),
  'int',
  ...new Array(4).fill('smallint'),
  'bigint',
]

/** Rows a second: as unnest over one text array a column, and as one binary array of rows (what ingest sends). */
export async function rawInsertRates(db: Queryable, vehicles: number): Promise<{ text: number; binary: number }> {
  const columns = positionColumns.join(', ')
  const unnest = types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')
  const encode = await createRowEncoder(db)
  const batches = Array.from({ length: BATCHES }, (_, batch) => readingsOf(batch, vehicles))
  const later = Array.from({ length: BATCHES }, (_, batch) => readingsOf(batch + BATCHES, vehicles))
  const text = await rowsPerSecond(batches.map(asArrays), (arrays) =>
    db.query(`INSERT INTO positions (${columns}) SELECT * FROM unnest(${unnest}) ON CONFLICT DO NOTHING`, arrays),
  )
  const binary = await rowsPerSecond(later.map(encode), (rows) =>
    db.query(`INSERT INTO positions (${columns}) SELECT * FROM unnest($1::positions[]) ON CONFLICT DO NOTHING`, [rows]),
  )
  return { text, binary }
}

async function rowsPerSecond<T>(batches: T[], insert: (batch: T) => Promise<{ rowCount: number }>): Promise<number> {
  const started = performance.now()
  let rows = 0
  for (const batch of batches) rows += (await insert(batch)).rowCount
  if (rows !== ROWS * BATCHES) throw new Error(`${rows} rows inserted instead of ${ROWS * BATCHES}`)
  return Math.round(rows / ((performance.now() - started) / 1000))
}

/** Each row a different vehicle while there are enough of them, an hour before the load, so that it collides with nothing. */
function readingsOf(batch: number, vehicles: number): PositionReading[] {
  const startMs = Date.now() - 3_600_000
  return Array.from({ length: ROWS }, (_, i) => {
    const n = batch * ROWS + i
    const value = {
      tsMs: startMs + Math.floor(n / vehicles) * 1000,
      lonE7: 1_110_000_000 + ((n * 7919) % 10_000_000),
      latE7: 410_000_000 + ((n * 104_729) % 10_000_000),
      speedDkph: 365,
      headingDeg: 271,
      altitudeM: 1042,
      odometerM: 48_211_345 + n,
      fuelPermille: 615,
      socPermille: null,
      ignition: true,
      satellites: 14,
      alarms: 0,
    }
    const message = { topic: '', payload: new Uint8Array(), receivedMs: startMs, ack: () => undefined }
    return { vehicleId: (n % vehicles) + 1, terminalId: '', value, message }
  })
}

function asArrays(readings: readonly PositionReading[]): unknown[][] {
  return [
    readings.map((r) => r.vehicleId),
    readings.map((r) => new Date(r.value.tsMs).toISOString()),
    readings.map((r) => new Date(r.message.receivedMs).toISOString()),
    readings.map((r) => r.value.lonE7),
    readings.map((r) => r.value.latE7),
    readings.map((r) => r.value.speedDkph),
    readings.map((r) => r.value.headingDeg),
    readings.map((r) => r.value.altitudeM),
    readings.map((r) => r.value.odometerM),
    readings.map((r) => r.value.fuelPermille),
    readings.map((r) => r.value.socPermille),
    readings.map((r) => r.value.satellites),
    readings.map((r) => (r.value.ignition ? 1 : 0)),
    readings.map((r) => r.value.alarms),
  ]
}
