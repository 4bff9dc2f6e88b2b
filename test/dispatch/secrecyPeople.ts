// A sensitive vehicle with everything that could give it away, and the people around it.
import type { Database } from '../../services/platform/db.ts'
import { addLedgerPeople } from './ledgerPeople.ts'
import { NOW_MS, putState } from './region.ts'
import { ask, type Signed, type World } from './world.ts'

/** Vehicle 202 of 甲单位(20): plate 蒙AA0202, terminal T20200, driver 示例司机一. */
export const SECRET = 202
export const secretFacts = {
  plate: '蒙AA0202',
  vin: 'LSVAM4187C2184847',
  engineNo: 'ENGINE202',
  stickerNo: 'STICKER202',
  note: '专用于机要',
}
/** Whatever of it stands in an answer. Its number is looked for where numbers of vehicles stand. */
export const trace =
  /AA?·?0202|LSVAM4187C2184847|ENGINE202|STICKER202|专用于机要|T20200|机密附件|"vehicleId":202\b|"vehicleId":\[[^\]]*\b202\b/i

export const reason = '按规定办理'

export async function markSecret(db: Database, vehicleId = SECRET): Promise<number> {
  await db.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = $1', [vehicleId])
  const { rows } = await db.query<{ no: number }>('SELECT secret_no AS no FROM secret_vehicles WHERE vehicle_id = $1 AND NOT lifted', [
    vehicleId,
  ])
  return rows[0]!.no
}

/** Fills the file of the vehicle, its card, flow, history, attachment, past plate, positions, trips and quarantine. Returns their numbers. */
export async function seedSecret(db: Database) {
  await addLedgerPeople(db)
  await db.query('UPDATE vehicles SET vin = $2, engine_no = $3, sticker_no = $4, note = $5, search = $6 WHERE vehicle_id = $1', [
    SECRET,
    secretFacts.vin,
    secretFacts.engineNo,
    secretFacts.stickerNo,
    secretFacts.note,
    `蒙aa0202 ${Object.values(secretFacts).join(' ').toLowerCase()}`,
  ])
  await putState(db, { vehicleId: SECRET, lon: 111.7031, lat: 40.8187 })
  await putState(db, { vehicleId: 201 })
  await db.query(
    `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms) VALUES ($1, $2, $2, 1117000000, 408000000, 0, 0)`,
    [SECRET, new Date(NOW_MS - 600_000)],
  )
  await db.query(`INSERT INTO trips VALUES ($1, $2, $3, true, 1117000000, 408000000, 1118000000, 408000000, 9000, 600, 20)`, [
    SECRET,
    new Date(NOW_MS - 1_200_000),
    new Date(NOW_MS - 600_000),
  ])
  await db.query(`INSERT INTO vehicle_past_plates VALUES ($1, $2, '蒙AA0202', 'blue')`, [SECRET, new Date(NOW_MS - 86_400_000)])
  const numberOf = async (sql: string, values: unknown[]) => (await db.query<{ id: number }>(sql, values)).rows[0]!.id
  const fileId = await numberOf(
    `INSERT INTO vehicle_files (vehicle_id, kind, name, content_type, bytes, content, added_at, added_by)
     VALUES ($1, 'document', '机密附件.pdf', 'application/pdf', 5, '%PDF-', $2, '示例') RETURNING file_id AS id`,
    [SECRET, new Date(NOW_MS)],
  )
  const supplierId = await numberOf(
    `INSERT INTO suppliers (organisation_id, name, kinds, valid_from) VALUES (1, '示例加油站', '{fuel}', '2020-01-01') RETURNING supplier_id AS id`,
    [],
  )
  const fuelCardId = await numberOf(
    `INSERT INTO fuel_cards (card_no, supplier_id, organisation_id, vehicle_id) VALUES ('9000000000000202', $2, 20, $1) RETURNING fuel_card_id AS id`,
    [SECRET, supplierId],
  )
  const flowId = await numberOf(
    `INSERT INTO ledger_flows (kind, state, unit_id, to_unit_id, vehicle_id, data, started_at)
     VALUES ('transfer', 'PROPOSED', 20, 21, $1, '{}', $2) RETURNING flow_id AS id`,
    [SECRET, new Date(NOW_MS)],
  )
  const quarantineId = await numberOf(
    `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at)
     VALUES ('d1', 'vmp/v1/150102/T20200/up/location', 'T20200', 'schema', 'x', 1, 'not json', now(), now()) RETURNING quarantine_id AS id`,
    [],
  )
  return { fileId, fuelCardId, flowId, quarantineId, supplierId, secretNo: await markSecret(db) }
}

/** Asks, approves, and answers the unmasking of 202 for an account. */
export async function unmask(world: World, asker: Signed, approver: Signed, hours = 1, vehicle = secretFacts.plate): Promise<number> {
  const asked = await ask(world, 'requestUnmasking', asker, { body: { vehicle, purpose: '核查举报线索', hours } })
  if (asked.status !== 200) throw new Error(asked.body)
  const { unmaskingId } = asked.json()
  const approved = await ask(world, 'approveUnmasking', approver, { params: { unmaskingId }, body: { reason } })
  if (approved.status !== 200) throw new Error(approved.body)
  return unmaskingId
}

/** What of a trip with it must not be read by whoever does not see it. */
export const tripTrace = /〔2026〕0777|〔2026〕7770|涉密行程|77123\.4|77123400|涉密故障|涉密费用|涉密检查|涉密借用|9876543/

/**
 * A trip with it, asked for by `bureau.two` and driven by a driver of its own: booked, inspected, photographed, with an incident, costs, entries and a loan. Another
 * is promised ahead.
 */
export async function seedTrip(db: Database) {
  const one = async (sql: string, ...values: unknown[]) => (await db.query<{ id: number }>(sql, values)).rows[0]!.id
  const at = (hours: number) => new Date(NOW_MS + hours * 3_600_000)
  await db.query(`INSERT INTO drivers VALUES (5, '示例司机五', '13800000505', 30, NULL), (6, '示例司机六', '13800000606', 20, NULL)`)
  const asker = await one(`SELECT account_id AS id FROM accounts WHERE username = 'bureau.two'`)
  const trip = async (number: number, state: string, hours: number, driver: number | null) => {
    const requestId = await one(
      `INSERT INTO trip_requests (unit_id, applicant_id, key, digest, kind, state, purpose_kind, purpose, from_stop, to_stop, starts_at, ends_at, passengers,
         with_driver, contact_name, contact_phone, asked_at)
       VALUES (20, $1, gen_random_uuid(), 'x', 'pool', 'DISPATCHED', 'meeting', '参加会议', '{"name":"甲","lon":null,"lat":null}',
         '{"name":"乙","lon":null,"lat":null}', $2, $3, 2, true, '示例', '13800000000', $4) RETURNING request_id AS id`,
      asker,
      at(hours),
      at(hours + 1),
      at(-60),
    )
    const orderId = await one(
      `INSERT INTO dispatch_orders (request_id, issuer_id, year, number, state, since, vehicle_id, driver_id, starts_at, ends_at, note, departed_at, odometer_out_m,
         total_fen, keeper_id)
       VALUES ($1, 30, 2026, $2, $3, $4, $5, $6, $7, $8, '涉密行程', $7, 77123400, 9876543, 20) RETURNING order_id AS id`,
      requestId,
      number,
      state,
      at(-60),
      SECRET,
      driver,
      at(hours),
      at(hours + 1),
    )
    return { requestId, orderId }
  }
  const { requestId, orderId } = await trip(777, 'CONFIRMED', -50, 5)
  await db.query('UPDATE dispatch_orders SET returned_at = ends_at, odometer_back_m = odometer_out_m + 1000 WHERE order_id = $1', [orderId])
  // The driver's row on the board is everybody's to see, and what he is promised to is not.
  const ahead = await trip(7_770, 'ACCEPTED', 30, 6)
  await db.query('UPDATE dispatch_orders SET departed_at = NULL, odometer_out_m = NULL WHERE order_id = $1', [ahead.orderId])
  await db.query(
    `INSERT INTO reservations (vehicle_id, driver_id, during, reason, holder)
     SELECT v, d, tstzrange($1, $2), 'trip', $3 FROM (VALUES (${SECRET}, NULL::int), (NULL, 6)) AS held (v, d)`,
    [at(30), at(31), `order:${ahead.orderId}`],
  )
  await db.query(
    `INSERT INTO dispatch_order_steps (order_id, step, action, state, at, account_id, username, reason, data)
     VALUES ($1, 1, 'depart', 'DEPARTED', $2, NULL, '示例司机五', '', '{"inspection":[{"item":"tyres","ok":false,"remark":"涉密检查"}],"unsafe":1}')`,
    [orderId, at(-50)],
  )
  const photoId = await one(
    `INSERT INTO order_photos (order_id, shows, width, height, bytes, sha256, content, taken_at, added_at, added_by)
     VALUES ($1, 'departure', 1, 1, 1, 'x', 'x', $2, $2, $3) RETURNING photo_id AS id`,
    orderId,
    at(-50),
    asker,
  )
  const incidentId = await one(
    `INSERT INTO order_incidents (order_id, kind, state, text, at, reported_by, reported_at) VALUES ($1, 'breakdown', 'OPEN', '涉密故障', $2, $3, $2)
     RETURNING incident_id AS id`,
    orderId,
    at(-50),
    asker,
  )
  const costId = await one(
    `INSERT INTO order_costs (order_id, kind, fen, at, note, entered_by, entered_at, question) VALUES ($1, 'toll', 3500, $2, '涉密费用', $3, $2, 'dispute')
     RETURNING cost_id AS id`,
    orderId,
    at(-50),
    asker,
  )
  await db.query(
    `INSERT INTO cost_entries (order_id, cost_id, unit_id, vehicle_id, kind, fen, day) VALUES ($1, $2, 20, ${SECRET}, 'toll', 3500, '2026-03-01')`,
    [orderId, costId],
  )
  const loanId = await one(
    `INSERT INTO vehicle_loans (vehicle_id, lender_id, borrower_id, during, state, asked_at)
     VALUES (${SECRET}, 20, 21, tstzrange($1, $2), 'CONSENTED', $3) RETURNING loan_id AS id`,
    at(900),
    at(910),
    at(-51),
  )
  await db.query(
    `INSERT INTO vehicle_loan_steps (loan_id, step, action, state, at, username, reason) VALUES ($1, 1, 'ask', 'ASKED', $2, '示例', '涉密借用')`,
    [loanId, at(-51)],
  )
  return { requestId, orderId, photoId, incidentId, costId, loanId }
}
