// The round trip law: what was exported and comes back changes nothing; a whole ledger that is exported, imported into an empty one and
// exported again is the same, row by row.
import t from 'tap'
import { exchangeSubjects } from '../../services/contracts/exchange.ts'
import { renumber } from '../../services/dispatch/registry/tree.ts'
import { searchTextOf } from '../../services/dispatch/registry/vehicleFields.ts'
import { boxOf } from '../../services/domain/geofence.ts'
import { licenceCheckDigit } from '../../services/domain/licence.ts'
import { ringOf } from '../../services/domain/places.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { pinyinOf } from '../../services/platform/pinyin.ts'
import { openRegion, startWorld } from '../dispatch/world.ts'
import { startTestDatabase } from '../harness/database.ts'
import { exportFile, importFile, upload } from './files.ts'
import { ledgerTables, readLedgerTable, secrecyTables } from './ledgerDigest.ts'

const full = await openRegion(t)
await fill(full)
const world = await startWorld(t, full)
const admin = await world.signIn('bureau_admin')
const root = await world.signIn('root')

t.test('a file that was exported changes nothing when it comes back, in either format and language, whoever’s scope it is', async (t) => {
  for (const signed of [root, admin]) {
    for (const subject of exchangeSubjects) {
      for (const query of [{ format: 'xlsx' }, { format: 'csv', locale: 'en' }] as Record<string, string>[]) {
        const file = await exportFile(world, signed, subject, query)
        const answer = await upload(world, signed, subject, file)
        if (answer.json().rows === 0) t.match(answer.json().problems, [{ message: { en: /no rows below/ } }], subject)
        else
          t.match(answer.json(), { state: 'checked', created: 0, changed: 0, problemCount: 0, noteCount: 0 }, `${subject} ${query.format}`)
      }
    }
  }
})

t.test('the whole ledger into an empty one gives the same files again', async (t) => {
  const empty = await openEmpty(full)
  const other = await startWorld(t, empty)
  const there = await other.signIn('root')
  for (const subject of exchangeSubjects) {
    const file = await exportFile(world, root, subject, { format: 'xlsx' })
    const before = (await exportFile(world, root, subject, { format: 'csv' })).toString()
    const answer = await importFile(other, there, subject, file)
    t.equal(answer.state, 'applied', subject)
    const after = (await exportFile(other, there, subject, { format: 'csv' })).toString()
    t.same(after.split('\r\n').sort(), before.split('\r\n').sort(), subject)
    const again = await upload(other, there, subject, file)
    t.match(again.json(), { created: 0, changed: 0, problemCount: 0 }, `${subject}: the second time nothing changes`)
  }
  for (const table of ledgerTables) {
    const rows = await readLedgerTable(full, table)
    t.ok(rows.length > 0, `${table} has rows to compare`)
    t.same(await readLedgerTable(empty, table), rows, table)
  }
})

/** What is no entry of the ledger: procedures, requests, orders, their costs and trips, attachments (bytes), people's accounts, positions, records; and reservations
 *  for upkeep, sealing and leave, which follow from the entries. */
const elsewhere =
  /^(accounts|account_watches|access_log|api_tokens|approval_.*|audit_chain_lock|broker_sessions|budgets|case_.*|cases|supervision_.*|seal_plans|maintenance_.*|work_order.*|vehicle_seal.*|vehicle_renewal.*|vehicle_mishap.*|cost_.*|calendar_feeds|audit_log|gateways|dispatch_.*|driver_sign_ons|displacements|events|evidence_.*|filing.*|publication.*|favourites|mail_addresses|report_.*|letters.*|board_.*|fuel_lines|fuel_statements|imports|jobs|ingest.*|late_ranges|position_flags|last_states|leave_request.*|loan_agreements|ledger_flows|ledger_flow_steps|ledger_revision|migrations|notices|notice_acknowledgements|notifications|order_.*|password_history|phone_positions|push_endpoints|positions.*|position_tally|quarantine.*|quota_steps|request_series|reservations|entry_codes|recovery_codes|role_grants|second_factors|security_policies|sessions|sign_in.*|tariffs|oidc.*|terminal_.*|tracking_consents|trips.*|trip_.*|vehicle_handover.*|vehicle_files|vehicle_field_past.*|vehicle_loan.*|webhooks|webhook_deliveries|whereabouts_asks|cell_days|position_hours|prepared_hours|vehicle_hours|pgmigrations|.*counter.*|.*backlog.*)$/

t.test('a table that is neither in files nor known to lie elsewhere is noticed', async (t) => {
  const { rows } = await full.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  )
  t.same(
    rows.map(({ name }) => name).filter((name) => !ledgerTables.includes(name) && !(name in secrecyTables) && !elsewhere.test(name)),
    [],
  )
})

async function fill(db: Database): Promise<void> {
  await addRoot(db)
  await db.query(`UPDATE every_vehicle SET plate_colour = 'green', displacement_ml = NULL WHERE plate = '蒙AD12345'`)
  await db.query(
    `UPDATE vehicles SET price_fen = 11980000, vin = 'LFV2A21J773400017', note = '=1+1,"引号"', sticker_no = '000123' WHERE vehicle_id = 201`,
  )
  await db.query(`UPDATE vehicles SET owner_unit_id = 10, equipment = '{lift,satellite_phone}' WHERE vehicle_id = 202`)
  await db.query(
    `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason)
     SELECT DISTINCT user_unit_id, category, 2, '2024-01-01'::date, 'APPROVED', '核定' FROM every_vehicle WHERE class <> 'leased'`,
  )
  await db.query(`UPDATE every_vehicle SET quota_seat = 1 WHERE class <> 'leased'`)
  await db.query(`UPDATE drivers SET licence_no = ($1::text[])[driver_id], licence_class = 'C1', licence_expires_on = '2030-01-01'`, [
    ['00000019900101001', '00000019850505002'].map((digits) => digits + licenceCheckDigit(digits)),
  ])
  await db.query(
    `INSERT INTO suppliers (organisation_id, name, kinds, valid_from, phone) VALUES (1, '示例加油站', '{fuel,charging}', '2024-01-01', '+86 471 0000000')`,
  )
  await db.query(`UPDATE vehicles SET fuel_supplier_id = (SELECT supplier_id FROM suppliers) WHERE vehicle_id = 301`)
  await db.query(
    `INSERT INTO fuel_cards (card_no, supplier_id, organisation_id, vehicle_id, day_limit_fen) SELECT '0012345678901234', supplier_id, 20, 202, 50000 FROM suppliers`,
  )
  const [square, round] = ['{111.6,40.7,111.8,40.7,111.8,40.9,111.6,40.9,111.6,40.7}', null]
  await db.query(
    `INSERT INTO places (organisation_id, kind, sensitive_kind, name, lon, lat, radius_m, ring, west, south, east, north, valid_from, name_pinyin)
     VALUES (4, 'compound', NULL, '一号院', 111.7, 40.8, NULL, $1::double precision[], 111.6, 40.7, 111.8, 40.9, '2024-01-01', ''),
            (4, 'designated_lot', NULL, '一号院', 111.70123, 40.80456, 120.5, $2, 111.69980423, 40.80347, 111.70265577, 40.80565, '2024-01-01', ''),
            (1, 'sensitive', 'school', '示例学校', 111.7, 40.8, 100, NULL, 111.6988, 40.7991, 111.7012, 40.8009, '2024-01-01', '')`,
    [square, round],
  )
  // Boxes and spellings as the product itself makes them.
  const made = await db.query<{ place_id: number; lon: number; lat: number; radius_m: number | null; ring: number[] | null; name: string }>(
    'SELECT * FROM places',
  )
  for (const { place_id, lon, lat, radius_m, ring, name } of made.rows)
    await db.query('UPDATE places SET (west, south, east, north, name_pinyin) = ($2, $3, $4, $5, $6) WHERE place_id = $1', [
      place_id,
      ...boxOf(ring ? { type: 'polygon', ring: ringOf(ring) } : { type: 'circle', centre: [lon, lat], radiusM: radius_m! }),
      pinyinOf(name),
    ])
  await db.query(`INSERT INTO compounds (organisation_id, name, place_id) SELECT 4, '一号院', place_id FROM places WHERE kind = 'compound'`)
  await db.query(`INSERT INTO compounds (organisation_id, name) VALUES (3, '无单位的院')`)
  await db.query(
    `INSERT INTO motor_pools (organisation_id, name, compound_id) SELECT 4, '一号院车队', compound_id FROM compounds WHERE organisation_id = 4`,
  )
  await db.query(`UPDATE organisations SET pool_id = (SELECT pool_id FROM motor_pools), cost_centre = 'CC-1',
    compound_id = (SELECT compound_id FROM compounds WHERE organisation_id = 4) WHERE organisation_id = 20`)
  await db.query(
    `UPDATE vehicles SET parking_place_id = (SELECT place_id FROM places WHERE kind = 'designated_lot') WHERE vehicle_id = 201`,
  )
  await db.query(`UPDATE suppliers SET place_id = (SELECT place_id FROM places WHERE kind = 'sensitive')`)
  // A closed unit with a vehicle that was disposed of, and the past of names and plates.
  await db.query(`INSERT INTO organisations (organisation_id, parent_id, kind, adcode, name, lft, rgt, opened_at, closed_at, merged_into_id)
    VALUES (22, 4, 'unit', '150102', '已撤单位', 90001, 90002, '2020-01-01 00:00:00.123456+00', '2025-06-30T16:00:00Z', 21)`)
  await renumber(db)
  await db.query(`UPDATE organisations SET name_pinyin = ''`)
  for (const { id, name } of (await db.query<{ id: number; name: string }>('SELECT organisation_id AS id, name FROM organisations')).rows)
    await db.query('UPDATE organisations SET name_pinyin = $2 WHERE organisation_id = $1', [id, pinyinOf(name)])
  await db.query(`INSERT INTO vehicles (vehicle_id, plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id, state)
    VALUES (220, '蒙AA0220', 'blue', 'official', 'OTHER_APPROVED', 'petrol', '红旗', 'H5', 5, '2012-05-01', 22, 22, 'DISPOSED')`)
  await db.query(`UPDATE vehicles SET displacement_ml = 1498 WHERE vehicle_id = 220`)
  const { rows: cars } = await db.query<Record<string, string> & { id: number }>(
    'SELECT vehicle_id AS id, plate, make, model, vin, engine_no AS "engineNo", sticker_no AS "stickerNo" FROM every_vehicle',
  )
  for (const car of cars) await db.query('UPDATE vehicles SET search = $2 WHERE vehicle_id = $1', [car.id, searchTextOf(car as never)])
  await db.query(
    `INSERT INTO organisation_past (organisation_id, until, name, parent_id, adcode) VALUES (20, '2025-03-01 01:02:03.456+00', '甲单位旧称', 4, '150102')`,
  )
  await db.query(
    `INSERT INTO vehicle_past_plates (vehicle_id, until, plate, plate_colour) VALUES (202, '2025-03-01T01:02:03Z', '蒙AA9999', 'blue')`,
  )
  await db.query(`INSERT INTO standard_limits (organisation_id, category, body_type, new_energy, max_price_fen, max_displacement_ml, effective_from, note)
    VALUES (1, 'EMERGENCY_SUPPORT', NULL, NULL, 18000000, 1800, '2018-01-01', '办法'), (1, 'EMERGENCY_SUPPORT', 'sedan', true, 18000000, NULL, '2018-01-01', '办法')`)
  await db.query(
    `INSERT INTO ledger_policies (organisation_id, effective_from, over_quota, over_standard) VALUES (1, '2000-01-01', 'flag', 'flag'), (3, '2026-01-01', 'refuse', 'flag')`,
  )
  await db.query(`UPDATE drivers SET name_pinyin = ''`)
  for (const { id, name } of (await db.query<{ id: number; name: string }>('SELECT driver_id AS id, name FROM drivers')).rows)
    await db.query('UPDATE drivers SET name_pinyin = $2 WHERE driver_id = $1', [id, pinyinOf(name)])
  await db.query(`UPDATE drivers SET state = 'suspended', state_reason = '驾驶证扣分' WHERE driver_id = 2`)
  await db.query(`INSERT INTO driver_loans (driver_id, organisation_id, pool_id, from_day, until_day, note)
    SELECT 1, 4, pool_id, '2026-01-01'::date, NULL::date, '集中调派' FROM motor_pools UNION ALL SELECT 2, 21, NULL, '2025-01-01'::date, '2025-02-01'::date, NULL`)
  await db.query(`INSERT INTO driver_shifts (driver_id, weekdays, start_minute, end_minute, follows_calendar, from_day, until_day)
    VALUES (1, 31, 510, 1050, true, '2026-01-01', NULL), (1, 96, 1200, 1800, false, '2026-01-01', '2026-12-31')`)
  await db.query(
    `INSERT INTO driver_duty_days (driver_id, day, start_minute, end_minute, note) VALUES (1, '2026-03-07', 480, 720, '值班'), (1, '2026-03-09', NULL, NULL, NULL)`,
  )
  await db.query(
    `INSERT INTO driver_leaves (driver_id, kind, from_day, until_day, note) VALUES (1, 'annual', '2026-05-04', '2026-05-08', '年假')`,
  )
  await db.query(
    `INSERT INTO driving_limits (organisation_id, effective_from, day_min, continuous_min, rest_min) VALUES (4, '2026-01-01', 420, 180, 30)`,
  )
  await db.query(`INSERT INTO calendar_years (year, source) VALUES (2029, '示例通知') ON CONFLICT DO NOTHING`)
  await db.query(
    `INSERT INTO calendar_days (organisation_id, day, kind, name) VALUES (NULL, '2029-10-01', 'holiday', '国庆节'), (4, '2026-08-15', 'holiday', '示例旗庆')`,
  )
  await db.query(
    `INSERT INTO working_hours (organisation_id, effective_from, start_minute, end_minute) VALUES (4, '2026-05-01', 540, 1080)`,
  )
  await db.query(`UPDATE suppliers SET name_pinyin = $1`, [pinyinOf('示例加油站')])
}

/** An administrator of the whole region, by the name of root; everybody else's account is left alone. */
async function addRoot(db: Database): Promise<void> {
  await db.query(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
     SELECT 'root', '自治区管理员', password_hash, 'bureau_admin', 1, true FROM accounts WHERE username = 'bureau_admin'`,
  )
}

/** A ledger as the command that makes the first administrator leaves it: the top of the tree, and one account. */
async function openEmpty(full: Database): Promise<Database> {
  const { appUrl: url } = await startTestDatabase(t)
  const db = openDatabase({ url, applicationName: 'test', maxConnections: 4 })
  t.teardown(() => db.close())
  const { rows } = await full.query<{ password_hash: string; code: string }>(
    `SELECT password_hash, code FROM accounts JOIN organisations USING (organisation_id) WHERE username = 'root'`,
  )
  await db.query(
    `INSERT INTO organisations (organisation_id, kind, adcode, name, name_pinyin, lft, rgt, code) VALUES (1, 'region', '150000', '自治区', $2, 1, 2, $1)`,
    [rows[0]!.code, pinyinOf('自治区')],
  )
  await db.query(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo) VALUES ('root', '管理员', $1, 'bureau_admin', 1, true)`,
    [rows[0]!.password_hash],
  )
  return db
}
