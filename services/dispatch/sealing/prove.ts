// After a holiday: what positions prove of each vehicle that was to stand still. Looked at again each day for some days, because terminals send late.
import { DAY_MS } from '../../domain/days.ts'
import type { LonLat } from '../../domain/geofence.ts'
import { proveStay, type Seen } from '../../domain/sealing.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'

/** So many in a round, each over some days of positions. */
const A_ROUND = 20
/** What comes later than this changes no proof. */
const LATE_DAYS = 10
/** One report of so many minutes says where it stood; the last before the holiday is looked for so far back. */
const EVERY_S = 600
const BEFORE_MS = DAY_MS

type Due = { sealId: number; vehicleId: number; fromAt: Date; untilAt: Date }

/** @returns how many were looked at */
export async function proveDue({ db, clock }: { db: Database; clock: Clock }): Promise<number> {
  const nowMs = clock.nowMs()
  const { rows: due } = await db.query<Due>(
    `SELECT seal_id AS "sealId", vehicle_id AS "vehicleId", from_at AS "fromAt", until_at AS "untilAt" FROM vehicle_seals
     WHERE state <> 'EXEMPT' AND until_at <= $1 AND until_at > $2 AND from_at < until_at AND (proved_at IS NULL OR proved_at <= $3)
     ORDER BY until_at LIMIT ${A_ROUND}`,
    [new Date(nowMs), new Date(nowMs - LATE_DAYS * DAY_MS), new Date(nowMs - DAY_MS)],
  )
  for (const { sealId, vehicleId, fromAt, untilAt } of due) {
    const span = { fromMs: fromAt.getTime(), untilMs: untilAt.getTime() }
    const { proof, fromMs, untilMs, farM } = proveStay(await readSeen(db, vehicleId, span), span)
    const date = (ms: number | null) => (ms === null ? null : new Date(ms))
    await db.query(
      `UPDATE vehicle_seals SET proof = $2, proof_from = $3, proof_until = $4, proof_far_m = $5, proved_at = $6 WHERE seal_id = $1`,
      [sealId, proof, date(fromMs), date(untilMs), farM, new Date(nowMs)],
    )
  }
  return due.length
}

/** Without those whose place is not believed. */
async function readSeen(db: Queryable, vehicleId: number, { fromMs, untilMs }: { fromMs: number; untilMs: number }): Promise<Seen[]> {
  const { rows } = await db.query<{ at: Date; lon: number; lat: number; odometerM: number | null }>(
    `SELECT min(p.ts) AS at, (array_agg(p.lon_e7 ORDER BY p.ts))[1] / 1e7::float8 AS lon, (array_agg(p.lat_e7 ORDER BY p.ts))[1] / 1e7::float8 AS lat,
       max(p.odometer_m)::float8 AS "odometerM"
     FROM positions p WHERE p.vehicle_id = $1 AND p.ts >= $2 AND p.ts < $3 AND p.lon_e7 <> 0 AND p.lat_e7 <> 0
       AND NOT EXISTS (SELECT FROM position_flags g WHERE g.vehicle_id = $1 AND g.reason <> 'speed' AND p.ts BETWEEN g.started_at AND g.ended_at)
     GROUP BY floor(extract(epoch FROM p.ts) / ${EVERY_S}) ORDER BY 1`,
    [vehicleId, new Date(fromMs - BEFORE_MS), new Date(untilMs)],
  )
  return rows.map(({ at, lon, lat, odometerM }) => ({ atMs: at.getTime(), at: [lon, lat] as LonLat, odometerM }))
}
