// A report from where the vehicle cannot have got to is stored and does not move its live state. When such reports agree with each other
// as long as the law asks (docs/trips.md), the vehicle is there; and of a first report from nowhere the second one is believed.

import { lawAt, reachM } from '../../domain/tripLaw.ts'
import type { Queryable } from '../../platform/db.ts'
import { type Place, squareBetween } from '../trips/plane.ts'
import { saneTime } from './liveEvidence.ts'
import { type Counter, type PositionReading, positionColumns, type RowEncoder } from './rows.ts'

type State = Place & {
  vehicleId: number
  atMs: number
  reports: number
  doubt: (Place & { sinceMs: number; atMs: number; reports: number }) | null
}
type Row = {
  vehicleId: number
  lonE7: number
  latE7: number
  atMs: number
  stored: number
  doubtLon: number | null
  doubtLat: number | null
  sinceMs: number
  doubtAtMs: number
  reports: number
}

const forward = positionColumns.filter((name) => name !== 'vehicle_id').map((name) => `${name} = r.${name}`)
const BELIEVE = `
UPDATE last_states l SET ${forward.join(', ')}, from_phone = $2, still_lon_e7 = r.lon_e7, still_lat_e7 = r.lat_e7, still_since = ${saneTime('r')}, doubt_reports = 0
  FROM unnest($1::positions[]) r WHERE l.vehicle_id = r.vehicle_id`

/**
 * Judges the newest readings of vehicles whose live state was not moved; in the transaction of the commit, which holds their rows.
 * Marks the details of those that are believed after all as moved.
 */
export async function believeElsewhere(
  client: Queryable,
  encode: RowEncoder,
  newest: readonly PositionReading[],
  details: [vehicleId: number, stored: number, oldestMs: number, newestMs: number, moved: boolean][],
  counter: Counter,
): Promise<void> {
  const candidates = newest.filter(({ value }) => value.lonE7 !== 0 && value.latE7 !== 0)
  if (candidates.length === 0) return
  const states = await readStates(client, candidates)
  for (const reading of candidates) {
    const state = states.get(reading.vehicleId)
    const stored = details.find(([vehicleId]) => vehicleId === reading.vehicleId)
    if (!state || !stored) continue
    const atMs = saneMs(reading)
    // Older than what is known: late, and not in doubt.
    if (atMs <= state.atMs) continue
    const believed = judge(state, reading, stored[1])
    if (believed) {
      await client.query(BELIEVE, [encode([reading]), counter === 'phoned'])
      stored[4] = true
    } else await recordDoubt(client, state, reading)
  }
}

const saneMs = ({ value, message }: PositionReading): number => Math.min(value.tsMs, message.receivedMs)

/** @param stored how many positions of this batch were stored: a state is a first one when there are no others */
function judge(state: State, reading: PositionReading, stored: number): boolean {
  if (state.reports - stored <= 1) return true
  const { doubt } = state
  if (!doubt || !reaches(doubt, doubt.atMs, reading)) return false
  const law = lawAt(reading.value.tsMs)
  return doubt.reports + 1 >= law.believedReports && saneMs(reading) - doubt.sinceMs >= law.believedS * 1000
}

function reaches(from: Place, fromMs: number, reading: PositionReading): boolean {
  const law = lawAt(reading.value.tsMs)
  const metres = reachM(law, Math.max(0, saneMs(reading) - fromMs))
  return squareBetween(from, reading.value) <= metres * metres
}

async function recordDoubt(client: Queryable, { doubt, vehicleId }: State, reading: PositionReading): Promise<void> {
  const goesOn = doubt !== null && reaches(doubt, doubt.atMs, reading)
  const { lonE7, latE7 } = reading.value
  await client.query(
    `UPDATE last_states SET doubt_lon_e7 = $2, doubt_lat_e7 = $3, doubt_at = to_timestamp($4::float8 / 1000),
            doubt_since = CASE WHEN $5 THEN doubt_since ELSE to_timestamp($4::float8 / 1000) END,
            doubt_reports = CASE WHEN $5 THEN doubt_reports + 1 ELSE 1 END
      WHERE vehicle_id = $1`,
    [vehicleId, lonE7, latE7, saneMs(reading), goesOn],
  )
}

async function readStates(client: Queryable, readings: readonly PositionReading[]): Promise<Map<number, State>> {
  const { rows } = await client.query<Row>(
    `SELECT vehicle_id AS "vehicleId", lon_e7 AS "lonE7", lat_e7 AS "latE7", (extract(epoch FROM ${saneTime('l')}) * 1000)::float8 AS "atMs", stored + phoned AS stored,
            doubt_lon_e7 AS "doubtLon", doubt_lat_e7 AS "doubtLat", (extract(epoch FROM doubt_since) * 1000)::float8 AS "sinceMs",
            (extract(epoch FROM doubt_at) * 1000)::float8 AS "doubtAtMs", doubt_reports AS reports
       FROM last_states l WHERE vehicle_id = ANY($1::int[])`,
    [readings.map(({ vehicleId }) => vehicleId)],
  )
  return new Map(
    rows.map((row) => [
      row.vehicleId,
      {
        vehicleId: row.vehicleId,
        lonE7: row.lonE7,
        latE7: row.latE7,
        atMs: row.atMs,
        reports: row.stored,
        doubt:
          row.reports === 0
            ? null
            : { lonE7: row.doubtLon!, latE7: row.doubtLat!, sinceMs: row.sinceMs, atMs: row.doubtAtMs, reports: row.reports },
      },
    ]),
  )
}
