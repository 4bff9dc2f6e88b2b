// Upkeep of the demo's vehicles: plans with what was last done, work orders in several states, renewals, and accidents and violations. Amounts and readings are of the
// order of what such things are, and are nobody's. After accounts, suppliers, vehicles and bills.
import type { Queryable } from '../../platform/db.ts'

const VEHICLES = 18

/** `$1` the day, `$2` how many vehicles: those of units that have somebody who keeps vehicles, with a designated workshop, numbered from 0. */
const chosen = `(SELECT v.vehicle_id, v.user_unit_id, v.insurance_until, v.inspection_until, a.account_id, a.display_name, s.supplier_id,
    (row_number() OVER (ORDER BY v.vehicle_id) - 1)::int AS n
  FROM vehicles v JOIN accounts a ON a.organisation_id = v.user_unit_id AND a.username = 'fleet' JOIN organisations u ON u.organisation_id = v.user_unit_id
  CROSS JOIN LATERAL (SELECT s.supplier_id FROM suppliers s JOIN organisations o USING (organisation_id)
    WHERE 'repair' = ANY(s.kinds) AND o.lft <= u.lft AND o.rgt >= u.rgt ORDER BY o.lft DESC, s.supplier_id LIMIT 1) s
  WHERE NOT v.secrecy AND v.state = 'AVAILABLE' ORDER BY v.vehicle_id LIMIT $2)`

export async function writeUpkeep(
  client: Queryable,
  day: string,
  fleet: readonly { vehicleId: number; odometerM: number }[],
): Promise<void> {
  const values = [day, VEHICLES]
  await client.query(
    `INSERT INTO maintenance_plans (organisation_id, class, item, every_km, every_months)
     SELECT o.organisation_id, p.class, '常规保养', p.km, p.months FROM organisations o
     CROSS JOIN (VALUES ('official', 10000, 12), ('law_enforcement', 7500, 6)) p (class, km, months) WHERE o.kind = 'region'`,
  )
  // Some were done long ago, some lately, and of some nobody knows.
  await client.query(
    `INSERT INTO maintenance_marks (vehicle_id, item, day, odometer_m, marked_at, marked_by)
     SELECT c.vehicle_id, '常规保养', $1::date - (30 + c.n * 23), greatest(0, f.m - (1500 + c.n * 617) * 1000), now(), c.account_id
     FROM ${chosen} c JOIN unnest($3::int[], $4::int[]) AS f (id, m) ON f.id = c.vehicle_id WHERE c.n % 5 <> 4`,
    [...values, fleet.map(({ vehicleId }) => vehicleId), fleet.map(({ odometerM }) => odometerM)],
  )
  const { rows } = await client.query<{ id: number; state: string }>(
    `INSERT INTO work_orders (vehicle_id, unit_id, supplier_id, kind, item, work, from_at, until_at, estimate_fen, approved_fen, state, asked_at, asked_by, key)
     SELECT c.vehicle_id, c.user_unit_id, c.supplier_id, w.kind, w.item, w.work, ($1::date + w.days + interval '9 hours') AT TIME ZONE 'Asia/Shanghai', ($1::date + w.days + interval '17 hours') AT TIME ZONE 'Asia/Shanghai',
       w.fen, CASE WHEN w.state = 'APPROVED' THEN w.fen END, w.state, ($1::date - interval '14 hours') AT TIME ZONE 'Asia/Shanghai', c.account_id, gen_random_uuid()
     FROM ${chosen} c JOIN (VALUES (4, 'maintenance', '常规保养', '更换机油和三滤', 40, 68000, 'ESTIMATED'), (9, 'repair', NULL, '更换前刹车片', 41, 96000, 'ESTIMATED'),
       (12, 'tyres', NULL, '更换后轮两条', 43, NULL, 'ASKED'), (14, 'maintenance', '常规保养', '更换机油和三滤，检查底盘', 45, 72000, 'APPROVED'))
       AS w (n, kind, item, work, days, fen, state) ON w.n = c.n RETURNING work_order_id AS id, state`,
    values,
  )
  await client.query(
    `INSERT INTO work_order_steps (work_order_id, step, action, state, at, account_id, username, reason, data)
     SELECT w.work_order_id, s.step, s.action, coalesce(s.state, CASE w.state WHEN 'ASKED' THEN 'ASKED' ELSE 'ESTIMATED' END), w.asked_at + (s.step - 1) * interval '1 hour',
       a.account_id, a.display_name, '', CASE WHEN w.estimate_fen IS NULL THEN '{}' ELSE jsonb_build_object('estimateFen', w.estimate_fen) END
     FROM work_orders w JOIN (VALUES (1, 'ask', NULL, 'fleet'), (2, 'approve', 'APPROVED', 'finance')) s (step, action, state, username) ON s.step = 1 OR w.state = 'APPROVED'
     JOIN accounts a USING (username)`,
  )
  await client.query(
    `INSERT INTO reservations (vehicle_id, during, reason, work_order_id) SELECT vehicle_id, tstzrange(from_at, until_at), 'maintenance', work_order_id
     FROM work_orders WHERE state = 'APPROVED' AND work_order_id = ANY($1::int[])`,
    [rows.map(({ id }) => id)],
  )
  await client.query(
    `INSERT INTO vehicle_renewals (vehicle_id, unit_id, kind, from_day, until_day, before_day, gap_days, station, document_no, fen, paid_day, state, recorded_at, recorded_by, key)
     SELECT c.vehicle_id, c.user_unit_id, 'inspection', c.inspection_until - 364, c.inspection_until, c.inspection_until - 365 - c.n % 2 * 3, c.n % 2 * 3, '示例机动车检测站',
       'JY-' || lpad((1000 + c.n)::text, 6, '0'), 30000, least($1::date, c.inspection_until - 364), 'RECORDED', ($1::date - interval '7 hours') AT TIME ZONE 'Asia/Shanghai', c.account_id, gen_random_uuid()
     FROM ${chosen} c WHERE c.inspection_until IS NOT NULL AND c.inspection_until - 364 <= $1::date AND c.n % 3 = 0`,
    values,
  )
  await client.query(
    `INSERT INTO vehicle_renewal_steps (renewal_id, step, action, state, at, account_id, username, reason)
     SELECT r.renewal_id, 1, 'record', 'RECORDED', r.recorded_at, a.account_id, a.display_name, '' FROM vehicle_renewals r JOIN accounts a ON a.account_id = r.recorded_by`,
  )
  await client.query(
    `INSERT INTO vehicle_mishaps (kind, vehicle_id, unit_id, at, place, text, notice_no, liability, fine_fen, points, state, entered_at, entered_by, key)
     SELECT m.kind, c.vehicle_id, c.user_unit_id, ($1::date - m.ago + interval '10 hours 20 minutes') AT TIME ZONE 'Asia/Shanghai', m.place, m.text, m.notice, m.liability, m.fen, m.points, m.state,
       ($1::date - m.ago + interval '30 hours') AT TIME ZONE 'Asia/Shanghai', c.account_id, gen_random_uuid()
     FROM ${chosen} c JOIN (VALUES (1, 'violation', 6, '示例路与示例街路口', '违反禁止标线指示', '示例-150100-0001', NULL, 10000, 1, 'SUSPECTED'),
       (6, 'violation', 15, '示例快速路', '超过规定时速百分之十以上未达百分之二十', '示例-150100-0002', NULL, 5000, 0, 'VERIFIED'),
       (11, 'accident', 9, '示例停车场', '倒车时与立柱刮擦，后保险杠受损', NULL, 'full', 0, 0, 'VERIFIED'))
       AS m (n, kind, ago, place, text, notice, liability, fen, points, state) ON m.n = c.n`,
    values,
  )
  await client.query(
    `INSERT INTO vehicle_mishap_steps (mishap_id, step, action, state, at, account_id, username, reason)
     SELECT m.mishap_id, s.step, s.action, s.state, m.entered_at + (s.step - 1) * interval '1 hour', a.account_id, a.display_name, ''
     FROM vehicle_mishaps m JOIN (VALUES (1, 'enter', 'SUSPECTED', 'fleet'), (2, 'verify', 'VERIFIED', 'approver')) s (step, action, state, username)
       ON s.step = 1 OR m.state = 'VERIFIED' JOIN accounts a USING (username)`,
  )
}
