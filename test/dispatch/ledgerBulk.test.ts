// Bulk changes of everything that a filter finds: looked at first, all or nothing or all but the refused, on record vehicle by vehicle.
import t from 'tap'
import { MAX_BULK, MAX_BULK_FOUND } from '../../services/contracts/api/ledger.ts'
import { addLedgerPeople, reason } from './ledgerPeople.ts'
import { ask, openRegion, startWorld } from './world.ts'

const FOUND = 1_340
const db = await openRegion(t)
await addLedgerPeople(db)
const fill = (from: number, many: number) =>
  db.query(
    `INSERT INTO vehicles (plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id, search)
     SELECT '蒙AB' || lpad(n::text, 4, '0'), 'blue', 'official', 'SPECIAL_TECHNICAL', 'petrol', '北汽', 'BJ40', 5, '2020-01-01', 21, 21, 'beiqi bj40'
     FROM generate_series($1::int, $1::int + $2::int - 1) AS n`,
    [from, many],
  )
await fill(0, FOUND)
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau')
const filter = { q: 'beiqi' }
const issue = (answer: { body: string }) =>
  (JSON.parse(answer.body) as { error: { issues?: { reason?: string; values?: object }[] } }).error.issues?.[0]
const look = (set: object, target: object = { filter }) => ask(world, 'previewBulk', bureau, { body: { ...target, set } })
const apply = (set: object, token: string, more: object = {}) =>
  ask(world, 'applyBulk', bureau, { body: { filter, set, token, reason, ...more } })

t.test('all that a filter finds are previewed and changed in one act, each with its record', async (t) => {
  const set = { insuranceUntil: '2027-06-30' }
  const looked = (await look(set)).json()
  t.match(looked, { changes: FOUND, unchanged: 0, refused: 0 })
  t.same(
    (await db.query(`SELECT count(*) AS n FROM every_vehicle WHERE insurance_until IS NOT NULL`)).rows,
    [{ n: 0 }],
    'a preview changes nothing',
  )
  t.same((await apply(set, looked.token)).json(), { changes: FOUND })
  const records = await db.query(`SELECT count(*) AS n FROM audit_log WHERE action = 'vehicle.bulk' AND subject_type = 'vehicle'`)
  t.same(records.rows, [{ n: FOUND }])
  t.match((await look(set)).json(), { changes: 0, unchanged: FOUND })
  t.equal((await apply(set, looked.token)).code, 'CHANGED_MEANWHILE', 'what was looked at is no longer what is')
})

t.test('a vehicle that cannot be changed holds up all of them, or is left out when that is asked for', async (t) => {
  await db.query(`UPDATE every_vehicle SET state = 'DISPOSED' WHERE plate IN ('蒙AB0001', '蒙AB0002')`)
  await db.query(`UPDATE every_vehicle SET state = 'SUSPENDED' WHERE plate = '蒙AB0003'`)
  const set = { state: 'SUSPENDED' }
  const looked = (await look(set)).json()
  t.match(looked, {
    changes: FOUND - 3,
    unchanged: 1,
    refused: 2,
    refusals: [{ plate: '蒙AB0001', reason: 'state.disposed' }, { plate: '蒙AB0002' }],
  })
  t.match(issue(await apply(set, looked.token)), { reason: 'bulk.refused', values: { n: 2 } })
  t.same((await db.query(`SELECT count(*) AS n FROM every_vehicle WHERE state = 'SUSPENDED'`)).rows, [{ n: 1 }], 'nothing half-done')
  t.same((await apply(set, looked.token, { skipRefused: true })).json(), { changes: FOUND - 3 })
})

t.test('more than may be changed at once is refused with both figures; a move to another unit sooner than a date', async (t) => {
  t.match(issue(await look({ userUnitId: 20 })), { reason: 'bulk.many', values: { max: MAX_BULK, n: FOUND } })
  await fill(5_000, MAX_BULK_FOUND - FOUND + 1)
  t.match(issue(await look({ inspectionUntil: '2027-01-01' })), {
    reason: 'bulk.many',
    values: { max: MAX_BULK_FOUND, n: MAX_BULK_FOUND + 1 },
  })
})

t.test('a filter stays inside the caller’s scope, and a target is one of the two', async (t) => {
  const elsewhere = await world.signIn('fleet_manager@30')
  const looked = await ask(world, 'previewBulk', elsewhere, { body: { filter: {}, set: { insuranceUntil: '2027-01-01' } } })
  t.match(looked.json(), { changes: 2 })
  t.equal((await look({ insuranceUntil: '2027-01-01' }, {})).code, 'VALIDATION_FAILED')
  t.equal((await look({ insuranceUntil: '2027-01-01' }, { filter, vehicleIds: [201] })).code, 'VALIDATION_FAILED')
  t.equal((await look({ insuranceUntil: '2027-01-01' }, { filter: { colour: 'red' } })).code, 'VALIDATION_FAILED')
  t.equal((await look({ parkingPlaceId: 99 }, { vehicleIds: [201] })).json().refusals[0]?.reason, 'place.unknown')
})
