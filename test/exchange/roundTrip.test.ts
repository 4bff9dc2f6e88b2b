// The round trip law: what was exported and comes back changes nothing; a whole ledger that is exported, imported into an empty one and
// exported again is the same, row by row.
import t from 'tap'
import { exchangeSubjects } from '../../services/contracts/exchange.ts'
import { licenceCheckDigit } from '../../services/contracts/licence.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { openRegion, startWorld } from '../dispatch/world.ts'
import { startTestDatabase } from '../harness/database.ts'
import { exportFile, importFile, upload } from './files.ts'

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
  const tree = `SELECT code, lft, rgt FROM organisations ORDER BY lft`
  t.same((await empty.query(tree)).rows, (await full.query(tree)).rows, 'the tree is numbered alike')
})

async function fill(db: Database): Promise<void> {
  await addRoot(db)
  await db.query(`UPDATE vehicles SET plate_colour = 'green', displacement_ml = NULL WHERE plate = '蒙AD12345'`)
  await db.query(
    `UPDATE vehicles SET price_fen = 11980000, vin = 'LFV2A21J773400017', note = '=1+1,"引号"', sticker_no = '000123' WHERE vehicle_id = 201`,
  )
  await db.query(`UPDATE vehicles SET owner_unit_id = 10 WHERE vehicle_id = 202`)
  await db.query(
    `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason)
     SELECT DISTINCT user_unit_id, category, 2, '2024-01-01'::date, 'APPROVED', '核定' FROM vehicles WHERE class <> 'leased'`,
  )
  await db.query(`UPDATE vehicles SET quota_seat = 1 WHERE class <> 'leased'`)
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
  await db.query(`INSERT INTO compounds (organisation_id, name) VALUES (4, '一号院')`)
  await db.query(
    `UPDATE organisations SET compound_id = (SELECT compound_id FROM compounds), cost_centre = 'CC-1' WHERE organisation_id = 20`,
  )
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
    `INSERT INTO organisations (organisation_id, kind, adcode, name, lft, rgt, code) VALUES (1, 'region', '150000', '自治区', 1, 2, $1)`,
    [rows[0]!.code],
  )
  await db.query(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo) VALUES ('root', '管理员', $1, 'bureau_admin', 1, true)`,
    [rows[0]!.password_hash],
  )
  return db
}
