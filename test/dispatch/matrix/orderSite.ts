// What a place holds of requests and orders: one that waits for approval, two that wait for a vehicle, an emergency, orders in four states, and what was
// booked, priced and planned there.
import type { Database } from '../../../services/platform/db.ts'
import { NOW_MS } from '../region.ts'

export const orderKeys = [
  'request',
  'waitingRequest',
  'drivenRequest',
  'emergency',
  'order',
  'plainOrder',
  'runningOrder',
  'series',
  'seriesRequest',
  'photo',
  'incident',
  'longOrder',
  'roadChange',
  'closedOrder',
  'openCost',
  'vehicleLoan',
  'leaveRequest',
  'sharedRequest',
  'ride',
  'bill',
  'statement',
  'statementLine',
] as const
/** plainOrder: nobody drives for the passengers. runningOrder, longOrder: under way. roadChange: asked for of the running order. openCost: a correction of the closed order that nobody has decided yet. bill: waits for approval. statement: of two lines, one of which waits. */
export type OrderSite = Record<(typeof orderKeys)[number], number>

export async function furnishOrders(
  db: Database,
  { unit, asker, vehicle, driver }: { unit: number; asker: number; vehicle: number; driver: number },
): Promise<OrderSite> {
  const at = (hours: number) => new Date(NOW_MS + hours * 3_600_000)
  const request = async (state: string, { withDriver = true, kind = 'pool', hours = 48 } = {}) =>
    (
      await db.query<{ id: number }>(
        `INSERT INTO trip_requests (unit_id, applicant_id, key, digest, kind, state, purpose_kind, purpose, from_stop, to_stop, starts_at, ends_at, passengers,
           with_driver, contact_name, contact_phone, asked_at, ratify_by)
         VALUES ($1, $2, gen_random_uuid(), 'x', $3, $4, 'meeting', $5, '{"name":"甲","lon":null,"lat":null}', '{"name":"乙","lon":null,"lat":null}', $6, $7, 2,
           $8, '示例', '13800000000', $9, $10) RETURNING request_id AS id`,
        [unit, asker, kind, state, `会议${unit}`, at(hours), at(hours + 1), withDriver, at(-1), kind === 'emergency' ? at(23) : null],
      )
    ).rows[0]!.id
  let number = 0
  const order = async (state: string, driverId: number | null, hours: number) =>
    (
      await db.query<{ id: number }>(
        `INSERT INTO dispatch_orders (request_id, issuer_id, year, number, state, since, vehicle_id, driver_id, starts_at, ends_at, departed_at, odometer_out_m)
         VALUES ($1, $2, 2026, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING order_id AS id`,
        [
          await request('DISPATCHED', { withDriver: driverId !== null, hours }),
          unit,
          ++number,
          state,
          at(0),
          vehicle,
          driverId,
          at(hours),
          at(hours + 1),
          ...(state === 'DEPARTED' ? [at(-1), 1000] : [null, null]),
        ],
      )
    ).rows[0]!.id
  const made = {
    request: await request('SUBMITTED'),
    waitingRequest: await request('APPROVED', { withDriver: false }),
    drivenRequest: await request('APPROVED'),
    emergency: await request('APPROVED', { kind: 'emergency' }),
    series: 0,
    seriesRequest: await request('SUBMITTED', { hours: 90 }),
    order: await order('DISPATCHED', driver, 72),
    plainOrder: await order('ACCEPTED', null, 76),
    runningOrder: await order('DEPARTED', driver, 0),
  }
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO request_series (unit_id, applicant_id, key, digest, recurrence, asked_at)
     VALUES ($1, $2, gen_random_uuid(), 'x', '{"every":"week","interval":1,"times":1}', $3) RETURNING series_id AS id`,
    [unit, asker, at(-1)],
  )
  made.series = rows[0]!.id
  await db.query('UPDATE trip_requests SET series_id = $1 WHERE request_id = $2', [made.series, made.seriesRequest])
  const at51 = at(-51)
  const closedOrder = await order('CLOSED', null, -50)
  await db.query('UPDATE dispatch_orders SET departed_at = starts_at, returned_at = ends_at WHERE order_id = $1', [closedOrder])
  const cost = async (question: string | null) =>
    (
      await db.query<{ id: number }>(
        `INSERT INTO order_costs (order_id, kind, fen, at, entered_by, entered_at, question) VALUES ($1, 'toll', 3500, $2, $3, $2, $4) RETURNING cost_id AS id`,
        [closedOrder, at51, asker, question],
      )
    ).rows[0]!.id
  await db.query(
    `INSERT INTO cost_entries (order_id, cost_id, unit_id, vehicle_id, kind, fen, day) VALUES ($1, $2, $3, $4, 'toll', 3500, '2026-03-01')`,
    [closedOrder, await cost(null), unit, vehicle],
  )
  await db.query(
    `INSERT INTO tariffs (organisation_id, kind, effective_from, base_fen, included_m, included_min, km_fen, hour_fen, driver_fen, night_fen, away_fen, note)
     VALUES ($1, 'own', '2026-01-01', 0, 0, 0, 120, 0, 0, 0, 0, $2)`,
    [unit, `价目${unit}`],
  )
  await db.query(
    `INSERT INTO budgets (unit_id, year, revision, fen, set_at, set_by, reason) VALUES ($1, 2026, 1, 9000000, $2, $3, '年初核定')`,
    [unit, at51, asker],
  )
  const ofOrder = async (statement: string) => (await db.query<{ id: number }>(statement, [made.runningOrder, asker, at(0)])).rows[0]!.id
  const more = {
    photo: await ofOrder(
      `INSERT INTO order_photos (order_id, shows, width, height, bytes, sha256, content, taken_at, added_at, added_by)
       VALUES ($1, 'departure', 1, 1, 1, 'x', 'x', $3, $3, $2) RETURNING photo_id AS id`,
    ),
    incident: await ofOrder(
      `INSERT INTO order_incidents (order_id, kind, state, text, at, reported_by, reported_at)
       VALUES ($1, 'breakdown', 'OPEN', '示例', $3, $2, $3) RETURNING incident_id AS id`,
    ),
    roadChange: await ofOrder(
      `INSERT INTO order_changes (order_id, state, before, after, reason, asked_by, asked_at, chain)
       SELECT $1, 'ASKED', p.plan, p.plan || '{"to": {"name": "丙", "lon": null, "lat": null}}', '示例', $2, $3, '{"steps": [{"level": "unit", "because": ["always"]}]}'
       FROM (SELECT jsonb_build_object('endsAt', '2026-03-02T05:00:00.000Z', 'to', '{"name": "乙", "lon": null, "lat": null}'::jsonb, 'via', '[]'::jsonb) AS plan) p
       RETURNING change_id AS id`,
    ),
    longOrder: await order('DEPARTED', driver, 3),
  }
  await db.query(
    `WITH told AS (INSERT INTO events (kind, at, request_id, version, state, unit_id, data)
       VALUES ('request.submit', $1, $2, 1, 'SUBMITTED', $3, '{"unit":"甲","to":"乙","startsAt":"2026-03-04T04:00:00Z","year":null,"number":null,"reason":""}')
       RETURNING event_id)
     INSERT INTO notifications (account_id, event_id) SELECT account_id, event_id FROM accounts, told`,
    [at(0), made.request, unit],
  )
  const lent = await db.query<{ id: number }>(
    `INSERT INTO vehicle_loans (vehicle_id, lender_id, borrower_id, during, state, asked_at)
     SELECT $1, $2, parent_id, tstzrange($3, $4), 'CONSENTED', $5 FROM organisations WHERE organisation_id = $2 RETURNING loan_id AS id`,
    [vehicle, unit, at(900), at(910), at51],
  )
  await db.query(
    `INSERT INTO loan_agreements (lender_id, borrower_id, from_day, until_day, note)
     SELECT $1, parent_id, '2026-01-01', '2026-02-01', '协议' FROM organisations WHERE organisation_id = $1`,
    [unit],
  )
  const leave = await db.query<{ id: number }>(
    `INSERT INTO leave_requests (driver_id, asked_by, key, kind, from_day, until_day, reason, state, asked_at)
     VALUES ($1, $2, gen_random_uuid(), 'annual', '2026-07-06', '2026-07-08', '探亲', 'ASKED', $3) RETURNING leave_request_id AS id`,
    [driver, asker, at51],
  )
  const bill = await db.query<{ id: number }>(
    `INSERT INTO cost_bills (unit_id, vehicle_id, kind, fen, day, state, entered_at, entered_by, key)
     VALUES ($1, $2, 'insurance', 320000, '2026-03-01', 'SUBMITTED', $3, $4, gen_random_uuid()) RETURNING bill_id AS id`,
    [unit, vehicle, at51, asker],
  )
  await db.query(
    `INSERT INTO suppliers (organisation_id, name, kinds, valid_from) SELECT $1, '示例油站', '{fuel}', '2020-01-01' WHERE NOT EXISTS (SELECT FROM suppliers)`,
    [unit],
  )
  const statement = await db.query<{ id: number }>(
    `INSERT INTO fuel_statements (unit_id, supplier_id, file_name, sha256, imported_at, imported_by)
     SELECT $1, min(supplier_id), 'x.csv', 'x', $2, $3 FROM suppliers RETURNING statement_id AS id`,
    [unit, at51, asker],
  )
  const lines = await db.query<{ id: number }>(
    `INSERT INTO fuel_lines (statement_id, supplier_id, row, card_no, at, clocked, kind, fen, quantity, station, ordinal, unit_id, vehicle_id, verdict, why, state)
     SELECT statement_id, supplier_id, n, $2, $3, true, 'fuel', 30000, 40000, '示例站', n, unit_id, CASE n WHEN 2 THEN $4::int END, 'no_vehicle',
       CASE n WHEN 1 THEN 'card' END, CASE n WHEN 1 THEN 'WAITING' ELSE 'MATCHED' END
     FROM fuel_statements, generate_series(1, 2) n WHERE statement_id = $1 ORDER BY n RETURNING line_id AS id`,
    [statement.rows[0]!.id, `90000${unit}${statement.rows[0]!.id}`, at51, vehicle],
  )
  await db.query(
    `INSERT INTO cost_bills (unit_id, vehicle_id, kind, fen, day, state, entered_at, entered_by, key, line_id)
     VALUES ($1, $2, 'fuel', 30000, '2026-03-01', 'SUBMITTED', $3, $4, gen_random_uuid(), $5)`,
    [unit, vehicle, at51, asker, lines.rows[1]!.id],
  )
  const sharedRequest = await request('APPROVED')
  const shared = await db.query<{ id: number }>(
    `INSERT INTO trip_rides (first_id, request_id, state, asked_at, answer_by, plan, since)
     VALUES ($1, $2, 'ASKED', $3, $4, '{"stops":[],"riders":[],"km":0,"savedKm":0,"savedFen":0}', $3) RETURNING ride_id AS id`,
    [await request('APPROVED'), sharedRequest, at(0), at(40)],
  )
  await db.query('INSERT INTO order_numbers VALUES ($1, 2026, $2)', [unit, number])
  return {
    ...made,
    ...more,
    closedOrder,
    openCost: await cost('correction'),
    vehicleLoan: lent.rows[0]!.id,
    leaveRequest: leave.rows[0]!.id,
    sharedRequest,
    ride: shared.rows[0]!.id,
    bill: bill.rows[0]!.id,
    statement: statement.rows[0]!.id,
    statementLine: lines.rows[0]!.id,
  }
}
