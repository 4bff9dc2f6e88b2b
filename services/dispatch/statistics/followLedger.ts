// What vehicles' files said before: records of the audit log become rows, so that a day of the past is told without reading the whole log. What has not become one yet is
// read from the log itself (vehicle_field_values, migration 0114): how often this runs changes no figure.
import type { Database } from '../../platform/db.ts'

/** Several at once write the same rows once. */
export async function followLedger(db: Database): Promise<void> {
  const { rows } = await db.query<{ seq: number; last: number }>(
    'SELECT r.seq, (SELECT coalesce(max(l.seq), 0) FROM audit_log l) AS last FROM vehicle_field_past_read r',
  )
  const { seq, last } = rows[0]!
  if (last <= seq) return
  await db.transaction(async (client) => {
    await client.query(
      `INSERT INTO vehicle_field_past (vehicle_id, field, seq, until, value)
       SELECT vehicle_id, field, seq, until, value FROM vehicle_field_news WHERE seq <= $1 ON CONFLICT DO NOTHING`,
      [last],
    )
    await client.query('UPDATE vehicle_field_past_read SET seq = greatest(seq, $1)', [last])
  })
}
