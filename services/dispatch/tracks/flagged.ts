// Which positions of a track are stored and not believed.
import type { TrackFlag } from '../../contracts/trackBytes.ts'
import type { FlagReason } from '../../domain/tracks.ts'
import type { Queryable } from '../../platform/db.ts'

/** Which of the positions are not believed; speed gives way where a place is meant as well. */
export async function listFlagged(db: Queryable, vehicleId: number, timeMs: ArrayLike<number>): Promise<TrackFlag[]> {
  if (timeMs.length === 0) return []
  const { rows } = await db.query<{ from: number; to: number; reason: FlagReason }>(
    `SELECT (extract(epoch FROM started_at) * 1000)::float8 AS from, (extract(epoch FROM ended_at) * 1000)::float8 AS to, reason
     FROM position_flags WHERE vehicle_id = $1 AND started_at <= to_timestamp($3::float8 / 1000) AND ended_at >= to_timestamp($2::float8 / 1000)
     ORDER BY reason = 'speed', started_at`,
    [vehicleId, timeMs[0], timeMs[timeMs.length - 1]],
  )
  const reasons = new Map<number, FlagReason>()
  for (const { from, to, reason } of rows)
    for (let i = firstAt(timeMs, from); i < timeMs.length && timeMs[i]! <= to; i++) if (!reasons.has(i)) reasons.set(i, reason)
  return [...reasons].sort(([a], [b]) => a - b).map(([index, reason]) => ({ index, reason }))
}

/** The first position at or after an instant. */
function firstAt(timeMs: ArrayLike<number>, ms: number): number {
  let [low, high] = [0, timeMs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (timeMs[middle]! < ms) low = middle + 1
    else high = middle
  }
  return low
}
