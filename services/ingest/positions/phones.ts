// What drivers' phones said, in the transaction of a commit: kept as it came, and where it counts (domain/phoneFixes.ts) on its way like any position.
import type { PhoneFix } from '../../contracts/phoneFix.ts'
import type { Position } from '../../contracts/position.ts'
import { EXACT_ENOUGH_M, speaksForS } from '../../domain/phoneFixes.ts'
import { ignitionFlags, MOVING_STALE_S, STANDING_BELOW_DKPH, STANDING_STALE_S } from '../../domain/status.ts'
import type { Queryable } from '../../platform/db.ts'
import { wrote } from '../../platform/wrote.ts'
import type { Stored } from '../kinds/kind.ts'
import type { Reading } from '../message.ts'
import type { PositionReading, RowEncoder } from './rows.ts'
import { type LateRange, recordLate, storePositions } from './store.ts'

type FixReading = Reading<PhoneFix>

/** `speaksForS` of a row, and whether the terminal's report `t` speaks for the vehicle at the instant of the phone's fix `p`. */
const speaks = (t: string, p: string): string =>
  `${t}.ts <= ${p}.ts AND ${p}.ts <= ${t}.ts + CASE WHEN ${t}.speed_dkph >= ${STANDING_BELOW_DKPH}
     THEN interval '${MOVING_STALE_S} s' ELSE interval '${STANDING_STALE_S} s' END`

/** Whoever stores positions of these vehicles now has done so before we look, or waits for us. */
const HOLD = 'SELECT vehicle_id FROM last_states WHERE vehicle_id = ANY($1::int[]) ORDER BY vehicle_id FOR UPDATE'

type Columns = Record<string, [type: string, value: (reading: FixReading) => string | number | null]>
const columns: Columns = {
  vehicle_id: ['int', (r) => r.vehicleId],
  ts: ['timestamptz', (r) => new Date(r.value.tsMs).toISOString()],
  received_at: ['timestamptz', (r) => new Date(r.message.receivedMs).toISOString()],
  lon_e7: ['int', (r) => r.value.lonE7],
  lat_e7: ['int', (r) => r.value.latE7],
  speed_dkph: ['smallint', (r) => r.value.speedDkph],
  heading_deg: ['smallint', (r) => r.value.headingDeg],
  altitude_m: ['smallint', (r) => r.value.altitudeM],
  flags: ['smallint', (r) => ignitionFlags(r.value)],
  order_id: ['int', (r) => r.value.orderId],
  device_at: ['timestamptz', (r) => new Date(r.value.deviceMs).toISOString()],
  accuracy_m: ['int', (r) => r.value.accuracyM],
}
const names = Object.keys(columns).join(', ')
const arrays = Object.values(columns).map(([type], i) => `$${i + 1}::${type}[]`)
const [FROM, TO] = [arrays.length + 1, arrays.length + 2]

// The bounds of time stand as parameters, so that only their chunks are opened.
const INSERT = `
INSERT INTO phone_positions (${names}, counts)
SELECT i.*, i.accuracy_m <= ${EXACT_ENOUGH_M} AND NOT EXISTS (
    SELECT FROM positions t WHERE t.vehicle_id = i.vehicle_id AND t.ts >= $${FROM} AND t.ts <= $${TO} AND ${speaks('t', 'i')})
  FROM unnest(${arrays}) AS i(${names})
ON CONFLICT DO NOTHING RETURNING vehicle_id, (extract(epoch FROM ts) * 1000)::float8 AS ms, counts`

/** Stores what phones said; what counts moves live states and is to be derived. */
export async function storePhoneFixes(client: Queryable, encode: RowEncoder, given: readonly FixReading[]): Promise<Stored<PhoneFix>> {
  const readings = [...given].sort((a, b) => a.vehicleId - b.vehicleId || a.value.tsMs - b.value.tsMs)
  await client.query(HOLD, [[...new Set(readings.map(({ vehicleId }) => vehicleId))]])
  const times = readings.map(({ value }) => value.tsMs)
  const { rows } = await client.query<{ vehicle_id: number; ms: number; counts: boolean }>(INSERT, [
    ...Object.values(columns).map(([, value]) => readings.map(value)),
    new Date(Math.min(...times) - speaksForS(null) * 1000),
    new Date(Math.max(...times)),
  ])
  const found = new Map(rows.map((row) => [`${row.vehicle_id} ${row.ms}`, row.counts]))
  const duplicates: FixReading[] = []
  const counting: (PositionReading & FixReading)[] = []
  for (const reading of readings) {
    const key = `${reading.vehicleId} ${reading.value.tsMs}`
    const counts = found.get(key)
    if (counts === undefined) duplicates.push(reading)
    else if (counts) counting.push(reading)
    // Of equal ones the first is the one that was stored.
    found.delete(key)
  }
  if (counting.length === 0) return { duplicates, news: [] }
  const { news } = await storePositions(client, encode, '', counting, 'phoned')
  return { duplicates, news: news as Reading<PhoneFix & Position>[] }
}

const COUNTING = 'SELECT EXISTS (SELECT FROM phone_positions WHERE counts AND ts >= $1) AS any'
const SILENCE = `
WITH silenced AS (
  UPDATE phone_positions p SET counts = false FROM unnest($1::int[], $2::timestamptz[], $3::smallint[]) AS t(vehicle_id, ts, speed_dkph)
   WHERE p.counts AND p.ts >= $4 AND p.vehicle_id = t.vehicle_id AND ${speaks('t', 'p')} RETURNING p.vehicle_id, p.ts
)
SELECT vehicle_id, (extract(epoch FROM min(ts)) * 1000)::float8 AS first, (extract(epoch FROM max(ts)) * 1000)::float8 AS last
  FROM silenced GROUP BY vehicle_id`

/** Where terminals spoke after all, phones count no longer; in the transaction that stored what the terminals said. */
export async function silencePhones(client: Queryable, readings: readonly PositionReading[]): Promise<void> {
  const from = new Date(readings.reduce((least, { value }) => Math.min(least, value.tsMs), Number.POSITIVE_INFINITY))
  const { rows } = wrote(await client.query<{ any: boolean }>(COUNTING, [from]), 1, 'whether phones count')
  if (!rows[0]!.any) return
  const { rows: silenced } = await client.query<{ vehicle_id: number; first: number; last: number }>(SILENCE, [
    readings.map(({ vehicleId }) => vehicleId),
    readings.map(({ value }) => new Date(value.tsMs).toISOString()),
    readings.map(({ value }) => value.speedDkph),
    from,
  ])
  if (silenced.length === 0) return
  const ranges = silenced.map(({ vehicle_id, first, last }): LateRange => [vehicle_id, first, last])
  await recordLate(client, [], ranges, 'phoned')
}
