// Bills of matched lines: whoever imports or assigns has entered them. In a month that is closed they are dated to the first open day, with the day of the purchase in their note.
import type { Act } from '../kernel/act.ts'

type Of = { statementId: number } | { lineId: number }

/** Makes a bill of each matched line that has none. */
export async function makeBills({ client, caller, actorName, nowMs }: Act, of: Of): Promise<void> {
  const [column, id] = 'lineId' in of ? ['line_id', of.lineId] : ['statement_id', of.statementId]
  await client.query(
    `WITH made AS (
       INSERT INTO cost_bills (unit_id, vehicle_id, kind, fen, day, quantity, supplier_id, note, state, entered_at, entered_by, key, line_id)
       SELECT l.unit_id, l.vehicle_id, l.kind, l.fen, greatest(d.day, z.until_day + 1), nullif(l.quantity, 0), l.supplier_id,
         nullif(concat_ws(' ', nullif(l.station, ''), CASE WHEN z.until_day >= d.day THEN d.day::text END), ''), 'SUBMITTED', $2, $3, gen_random_uuid(), l.line_id
       FROM fuel_lines l CROSS JOIN LATERAL (SELECT (l.at AT TIME ZONE 'Asia/Shanghai')::date AS day) d
       LEFT JOIN LATERAL (SELECT max(until_day) AS until_day FROM cost_closings c WHERE c.unit_id = l.unit_id) z ON true
       WHERE l.${column} = $1 AND l.state = 'MATCHED' AND NOT EXISTS (SELECT FROM cost_bills b WHERE b.line_id = l.line_id)
       RETURNING bill_id)
     INSERT INTO cost_bill_steps (bill_id, step, action, state, at, account_id, username, reason)
     SELECT bill_id, 1, 'enter', 'SUBMITTED', $2, $3, $4, '' FROM made`,
    [id, new Date(nowMs), caller.accountId, actorName],
  )
}
