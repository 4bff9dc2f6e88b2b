// Bills of the demo's unit over the last months: some booked, some that wait for approval. Amounts are of the order of what such things cost, and are nobody's.
import type { Queryable } from '../../platform/db.ts'

const VEHICLES = 12
/** Kind, yuan, days ago, litres; waiting ones are the newest. */
const bills = [
  ['insurance', 2_150, 78, null, 'BOOKED'],
  ['inspection', 300, 62, null, 'BOOKED'],
  ['maintenance', 680, 44, null, 'BOOKED'],
  ['fuel', 318, 36, 41.5, 'BOOKED'],
  ['fuel', 296, 12, 38.2, 'BOOKED'],
  ['maintenance', 1_240, 1, null, 'SUBMITTED'],
] as const

/** After accounts and vehicles. */
export async function writeCosts(client: Queryable, day: string): Promise<void> {
  await client.query(
    `INSERT INTO cost_bills (unit_id, vehicle_id, kind, fen, day, quantity, note, state, entered_at, entered_by, key)
     SELECT v.user_unit_id, v.vehicle_id, b.kind, b.yuan * 100 + v.vehicle_id % 37 * 500, b.day, b.quantity, '示例', b.state,
       b.day::timestamp AT TIME ZONE 'Asia/Shanghai' + interval '17 hours', v.account_id, gen_random_uuid()
     FROM (SELECT v.*, a.account_id FROM vehicles v JOIN accounts a ON a.organisation_id = v.user_unit_id AND a.username = 'fleet'
       WHERE NOT v.secrecy ORDER BY v.vehicle_id LIMIT ${VEHICLES}) v
     CROSS JOIN (SELECT kind, yuan, $1::date - ago AS day, quantity, state
       FROM unnest($2::text[], $3::int[], $4::int[], $5::bigint[], $6::text[]) AS b (kind, yuan, ago, quantity, state)) b
     WHERE (b.kind <> 'fuel' OR v.energy <> 'electric') AND (b.state = 'BOOKED' OR v.vehicle_id % 3 = 0)`,
    [
      day,
      bills.map(([kind]) => kind),
      bills.map(([, yuan]) => yuan),
      bills.map(([, , ago]) => ago),
      bills.map(([, , , litres]) => (litres === null ? null : Math.round(litres * 1000))),
      bills.map(([, , , , state]) => state),
    ],
  )
  await client.query(
    `INSERT INTO cost_bill_steps (bill_id, step, action, state, at, account_id, username, reason)
     SELECT b.bill_id, s.step, s.action, s.state, b.entered_at + (s.step - 1) * interval '1 hour', a.account_id, a.display_name, ''
     FROM cost_bills b JOIN (VALUES (1, 'enter', 'SUBMITTED', 'fleet'), (2, 'approve', 'BOOKED', 'finance')) s (step, action, state, username)
       ON s.step = 1 OR b.state = 'BOOKED' JOIN accounts a USING (username)`,
  )
  await client.query(
    `INSERT INTO cost_entries (bill_id, unit_id, cost_centre, vehicle_id, kind, fen, quantity, day)
     SELECT b.bill_id, b.unit_id, o.cost_centre, b.vehicle_id, b.kind, b.fen, b.quantity, b.day FROM cost_bills b JOIN organisations o ON o.organisation_id = b.unit_id
     WHERE b.state = 'BOOKED'`,
  )
}
