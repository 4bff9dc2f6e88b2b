// One vehicle's last report of each minute over a long time, as prepared: hours that are not prepared as they stand are left out.
import type { Queryable } from '../../platform/db.ts'
import { walkMinutes } from './minutes.ts'
import { findUnprepared, HOUR_MS, hourOf, PART } from './units.ts'

type Row = { hours: number[] | null; lengths: number[] | null; bytes: Buffer | null }

export async function readVehicleMinutes(
  db: Queryable,
  vehicleId: number,
  from: Date,
  to: Date,
): Promise<{ timeMs: Float64Array; lonE7: Float64Array; latE7: Float64Array }> {
  const [first, last] = [hourOf(from.getTime()), hourOf(to.getTime() - 1)]
  const part = Math.floor(vehicleId / PART)
  const stale = new Set<number>()
  for (const unit of await findUnprepared(db, first, last, 1_000_000, part)) stale.add(unit.hour)
  const { rows } = await db.query<Row>(
    `SELECT array_agg(hour ORDER BY hour) AS hours, array_agg(length(minutes) ORDER BY hour) AS lengths, string_agg(minutes, ''::bytea ORDER BY hour) AS bytes
     FROM vehicle_hours WHERE vehicle_id = $1 AND hour BETWEEN $2 AND $3`,
    [vehicleId, first, last],
  )
  const { hours, lengths, bytes } = rows[0]!
  const found = { timeMs: [] as number[], lonE7: [] as number[], latE7: [] as number[] }
  let at = 0
  for (const [n, hour] of (hours ?? []).entries()) {
    const until = at + lengths![n]!
    if (!stale.has(hour))
      walkMinutes(bytes!, at, until, (second, lonE7, latE7) => {
        const ms = hour * HOUR_MS + second * 1000
        if (ms >= to.getTime()) return false
        if (ms < from.getTime()) return true
        found.timeMs.push(ms)
        found.lonE7.push(lonE7)
        found.latE7.push(latE7)
        return true
      })
    at = until
  }
  return { timeMs: Float64Array.from(found.timeMs), lonE7: Float64Array.from(found.lonE7), latE7: Float64Array.from(found.latE7) }
}
