// What is prepared of positions, in units of an hour and 128 vehicles (migration 0092). A unit holds while as many positions were counted of its hour,
// and of the one before, as when it was made; whatever came since, however late, shows by that count.
import type { Database, Queryable } from '../../platform/db.ts'

export const HOUR_MS = 3_600_000
export const PART = 128
export type Unit = { hour: number; part: number }

export const hourOf = (ms: number): number => Math.floor(ms / HOUR_MS)
export const dayOfHour = (hour: number): number => Math.floor(hour / 24)

/** SQL: of the hours `$1`–`$2` (both included), and of part `$4` where that is given, what is counted of each unit and of the hour before it. */
const COUNTED = `
  SELECT hour, part, sum(stored)::bigint AS stored FROM (
    SELECT hour, part, stored FROM position_hours WHERE hour BETWEEN $1 AND $2
    UNION ALL SELECT hour + 1, part, stored FROM position_hours WHERE hour BETWEEN $1 - 1 AND $2 - 1) n
  WHERE $4::int IS NULL OR part = $4 GROUP BY hour, part`

/** The units of these hours (of one part of the vehicles, or of all) that are not prepared as they stand, by time; `limit` of them. Days at a time: it is read whole. */
export async function findUnprepared(
  db: Queryable,
  fromHour: number,
  toHour: number,
  limit = 1_000_000,
  part: number | null = null,
): Promise<(Unit & { stored: number })[]> {
  const { rows } = await db.query<Unit & { stored: number }>(
    `SELECT c.hour, c.part, c.stored FROM (${COUNTED}) c LEFT JOIN prepared_hours p USING (hour, part)
     WHERE p.stored IS DISTINCT FROM c.stored ORDER BY c.hour, c.part LIMIT $3`,
    [fromHour, toHour, limit, part],
  )
  return rows
}

/** Takes what was prepared of hours whose positions are kept no longer. @returns how many hours */
export async function forgetHours(db: Database): Promise<number> {
  const { rows } = await db.query<{ hour: number }>(
    `SELECT DISTINCT hour FROM position_hours h WHERE NOT EXISTS (
       SELECT FROM timescaledb_information.chunks c WHERE c.hypertable_schema = 'public' AND c.hypertable_name = 'positions'
         AND c.range_start < to_timestamp((h.hour + 1) * 3600.0) AND c.range_end > to_timestamp(h.hour * 3600.0))`,
  )
  for (const { hour } of rows)
    await db.transaction(async (client) => {
      for (const table of ['vehicle_hours', 'prepared_hours', 'position_hours'])
        await client.query(`DELETE FROM ${table} WHERE hour = $1`, [hour])
      await client.query(
        'DELETE FROM cell_days WHERE day = $1 AND NOT EXISTS (SELECT FROM position_hours WHERE hour BETWEEN $1 * 24 AND $1 * 24 + 23)',
        [dayOfHour(hour)],
      )
    })
  return rows.length
}
