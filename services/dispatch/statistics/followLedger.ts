// What vehicles' files said before: the records of the audit log since it was last read become rows that a day of the past is told from (vehicles_on, migration 0114).
// Asked before statistics are read, so that they are never behind the log.
import type { Database } from '../../platform/db.ts'

/** The fields that statistics count by, as the records name them. */
const FIELDS = [
  ...['userUnitId', 'class', 'category', 'bodyType', 'energy', 'origin', 'displacementMl', 'priceFen', 'inServiceOn', 'registeredOn'],
  'state',
]

/** Several at once write the same rows once. */
export async function followLedger(db: Database): Promise<void> {
  const { rows } = await db.query<{ seq: number; last: number }>(
    'SELECT r.seq, (SELECT coalesce(max(l.seq), 0) FROM audit_log l) AS last FROM vehicle_field_past_read r',
  )
  const { seq, last } = rows[0]!
  if (last <= seq) return
  await db.query(
    `INSERT INTO vehicle_field_past (vehicle_id, field, seq, until, value)
     SELECT l.subject_id::int, e.key, l.seq, l.at, e.value
     FROM audit_log l CROSS JOIN LATERAL jsonb_each(l.body::jsonb -> 'before') e
     WHERE l.seq > $1 AND l.seq <= $2 AND l.subject_type = 'vehicle' AND l.body LIKE '%"before":{%' AND e.key = ANY($3)
     ON CONFLICT DO NOTHING`,
    [seq, last, FIELDS],
  )
  await db.query('UPDATE vehicle_field_past_read SET seq = greatest(seq, $1)', [last])
}
