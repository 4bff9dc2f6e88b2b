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
