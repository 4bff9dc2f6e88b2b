// Drivers on the server: who may see and change them, versions, masks, duty, loans, fitness.
import t from 'tap'
import { licenceCheckDigit } from '../../services/domain/licence.ts'
import { NOW_MS } from './region.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
const world = await startWorld(t, db)

const licenceNo = (serial: number) => {
  const seventeen = `990000199001${String(10_000 + serial).slice(0, 5)}`
  return seventeen + licenceCheckDigit(seventeen)
}
let serial = 0
const sound = (more: object = {}) => ({
  name: '示例驾驶员',
  phone: '10012345678',
  licenceNo: licenceNo(++serial),
  licenceClass: 'B1',
  licenceIssuedOn: '2015-05-01',
  licenceExpiresOn: '2030-05-01',
  vehicleId: null,
  organisationId: 20,
  ...more,
})
const reason = '岗位调整需要'

async function enter(signed: Signed, more: object = {}) {
  const answer = await ask(world, 'createDriver', signed, { body: sound(more) })
  if (answer.status !== 200) throw new Error(answer.body)
  return answer.json()
}
const get = async (signed: Signed, driverId: number) => (await ask(world, 'getDriver', signed, { params: { driverId } })).json()

t.test('a driver is entered, changed under the version seen, and the change is in the history with who and what', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const { driverId } = await enter(manager, { name: '巴特尔', vehicleId: 201 })
  const { organisationId: _unit, ...fields } = sound({ name: '巴特尔', licenceClass: 'A1', vehicleId: 201 })
  const edited = await ask(world, 'editDriver', manager, { params: { driverId }, body: { ...fields, licenceNo: undefined, version: 1 } })
  t.same(edited.json(), { version: 2 })
  t.match(await get(manager, driverId), {
    version: 2,
    name: '巴特尔',
    licenceClass: 'A1',
    vehicle: { plate: '蒙AD12345' },
    status: 'on_duty',
  })
  const stale = await ask(world, 'editDriver', manager, { params: { driverId }, body: { ...fields, version: 1 } })
  t.equal(stale.code, 'CHANGED_MEANWHILE')
  const { rows } = (await ask(world, 'listDriverHistory', manager, { params: { driverId } })).json()
  t.match(rows, [
    { action: 'driver.edit', username: 'fleet_manager', before: { licenceClass: 'B1' }, after: { licenceClass: 'A1' } },
    { action: 'driver.create' },
  ])
  t.notMatch(JSON.stringify(rows), '10012345678', 'a telephone is masked in the log')
  const found = await ask(world, 'listDrivers', manager, { query: { q: 'bate' } })
  t.same(
    found.json().rows.map((row) => row.driverId),
    [driverId],
    'found by pinyin',
  )
})

t.test('a driver of another unit, of the parent, or of nobody is the same 404 to read and to change', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const manager = await world.signIn('fleet_manager')
  const { driverId: sibling } = await enter(bureau, { organisationId: 21 })
  const foreign = await enter(await world.signIn('fleet_manager@30'), { organisationId: 30 })
  const bodies = new Set<string>()
  const { organisationId: _unit, ...fields } = sound()
  for (const driverId of [sibling, foreign.driverId, 2_000_000_000]) {
    for (const [name, parts] of [
      ['getDriver', {}],
      ['listDriverHistory', {}],
      ['listDriverDays', { query: { from: '2026-03-01', until: '2026-03-31' } }],
      ['decideDriver', { query: { vehicleId: 201, from: '2026-03-02T02:00:00Z', until: '2026-03-02T03:00:00Z' } }],
      ['editDriver', { body: { ...fields, version: 1 } }],
      ['setDriverState', { body: { state: 'suspended', reason, version: 1 } }],
      ['setDriverShifts', { body: { shifts: [], version: 1 } }],
    ] as const) {
      const answer = await ask(world, name, manager, { params: { driverId }, ...parts })
      t.equal(answer.status, 404, `${name} ${driverId}`)
      bodies.add(answer.body.replace(/"requestId":"[^"]+"/, ''))
    }
  }
  t.equal(bodies.size, 1, 'nothing tells them apart')
  const listed = (await ask(world, 'listDrivers', manager, { query: { limit: 200 } })).json().rows
  t.ok(listed.every((row) => row.organisation.organisationId === 20))
})

t.test('ids in a body are held against the scope: a unit, a vehicle or a pool out of sight is refused', async (t) => {
  const manager = await world.signIn('fleet_manager')
  t.equal((await ask(world, 'createDriver', manager, { body: sound({ organisationId: 21 }) })).code, 'VALIDATION_FAILED')
  t.equal((await ask(world, 'createDriver', manager, { body: sound({ vehicleId: 211 }) })).code, 'VALIDATION_FAILED')
  const { driverId } = await enter(manager)
  const move = await ask(world, 'moveDriver', manager, { params: { driverId }, body: { organisationId: 21, reason, version: 1 } })
  t.equal(move.code, 'VALIDATION_FAILED')
  const lend = (body: object) =>
    ask(world, 'lendDriver', manager, { params: { driverId }, body: { fromDay: '2026-03-02', version: 1, ...body } })
  t.equal((await lend({ organisationId: 30 })).code, 'VALIDATION_FAILED')
  t.equal((await lend({ poolId: 1 })).code, 'VALIDATION_FAILED')
  t.equal((await lend({})).code, 'VALIDATION_FAILED')
  t.equal((await get(manager, driverId)).version, 1, 'nothing was half-done')
})

t.test('no two drivers share a licence number or a usual vehicle; its parts come together and check themselves', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const taken = sound()
  t.equal((await ask(world, 'createDriver', manager, { body: taken })).status, 200)
  const refused = async (more: object) => (await ask(world, 'createDriver', manager, { body: sound(more) })).code
  t.equal(await refused({ licenceNo: taken.licenceNo }), 'CONFLICT')
  t.equal(await refused({ vehicleId: 202 }), 'CONFLICT', 'the vehicle of the seeded driver')
  t.equal(await refused({ licenceClass: null }), 'VALIDATION_FAILED')
  t.equal(await refused({ licenceNo: `${licenceNo(901).slice(0, 17)}${licenceNo(901).endsWith('5') ? '6' : '5'}` }), 'VALIDATION_FAILED')
  t.equal(await refused({ licenceClass: 'Z9' }), 'VALIDATION_FAILED')
  t.equal(await refused({ licenceExpiresOn: '2010-01-01' }), 'VALIDATION_FAILED')
})

t.test('telephone and licence number are clear or masked by role, and the driver himself sees his own', async (t) => {
  await db.query(`UPDATE drivers SET licence_no = $1, licence_class = 'C1', licence_expires_on = '2030-01-01' WHERE driver_id = 1`, [
    licenceNo(900),
  ])
  const seen = async (role: string) => {
    const driver = await get(await world.signIn(role), 1)
    return [driver.phone, driver.licenceNo]
  }
  t.same(await seen('fleet_manager'), ['13800000001', licenceNo(900)])
  t.same(await seen('dispatcher'), ['13800000001', `9900********${licenceNo(900).slice(-4)}`])
  t.same(await seen('inspector'), ['138****0001', `9900********${licenceNo(900).slice(-4)}`])
  const own = (await ask(world, 'getOwnDriver', await world.signIn('driver'))).json().driver
  t.match(own, { driverId: 1, phone: '13800000001', licenceNo: licenceNo(900) })
  t.same((await ask(world, 'getOwnDriver', await world.signIn('finance'))).json(), { driver: null })
})

t.test('a driver lent to another unit is read there while the loan lasts, and managed only at home', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const { driverId } = await enter(bureau, { organisationId: 21 })
  const manager = await world.signIn('fleet_manager')
  const reads = async () => (await ask(world, 'getDriver', manager, { params: { driverId } })).status
  t.equal(await reads(), 404)
  const lend = (body: object) =>
    ask(world, 'lendDriver', bureau, {
      params: { driverId },
      body: { organisationId: 20, fromDay: '2026-03-01', untilDay: '2026-03-10', ...body },
    })
  const { loanId } = (await lend({ version: 1 })).json()
  t.equal((await lend({ version: 2, fromDay: '2026-03-10', untilDay: null })).code, 'CONFLICT', 'loans do not overlap')
  t.equal(await reads(), 200)
  t.match(await get(manager, driverId), { lentTo: { organisationId: 20 }, organisation: { organisationId: 21 } })
  const state = await ask(world, 'setDriverState', manager, { params: { driverId }, body: { state: 'suspended', reason, version: 2 } })
  t.equal(state.code, 'NOT_FOUND')
  const end = await ask(world, 'endDriverLoan', bureau, { params: { driverId, loanId }, body: { untilDay: '2026-03-01', version: 2 } })
  t.equal(end.status, 200)
  t.equal(await reads(), 404)
})

t.test('suspend, reinstate, retire: by the table of states, with the reason on record; who has left drives nothing', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const { driverId } = await enter(manager)
  const to = (state: string, version: number) =>
    ask(world, 'setDriverState', manager, { params: { driverId }, body: { state, reason, version } })
  t.equal((await to('suspended', 1)).status, 200)
  t.match(await get(manager, driverId), { state: 'suspended', status: 'suspended', stateReason: reason })
  t.equal((await to('suspended', 2)).code, 'CONFLICT')
  t.equal((await to('active', 2)).status, 200)
  t.equal((await to('retired', 3)).status, 200)
  t.match(await get(manager, driverId), { state: 'retired', vehicle: null })
  const listed = async (query: object) =>
    (await ask(world, 'listDrivers', manager, { query: { limit: 200, ...query } })).json().rows.map((row) => row.driverId)
  t.notOk((await listed({})).includes(driverId))
  t.ok((await listed({ state: 'retired' })).includes(driverId))
  const { rows } = (await ask(world, 'listDriverHistory', manager, { params: { driverId } })).json()
  t.match(rows[0], { action: 'driver.state', purpose: reason, before: { state: 'active' }, after: { state: 'retired' } })
})

t.test('shifts, single days and leave make the duty calendar; an unknown year says so', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const { driverId } = await enter(manager)
  const days = async (from: string, until: string) =>
    (await ask(world, 'listDriverDays', manager, { params: { driverId }, query: { from, until } })).json().rows
  t.match(await days('2026-02-13', '2026-02-17'), [
    { day: '2026-02-13', status: 'duty', spans: [{ startMinute: 510, endMinute: 1050 }] },
    { day: '2026-02-14', status: 'duty', dayName: '春节调休上班' },
    { day: '2026-02-15', status: 'off', dayName: '春节' },
    { status: 'off' },
    { status: 'off' },
  ])
  t.match(await days('2027-03-01', '2027-03-01'), [{ status: 'unknown' }])
  const night = { weekdays: 1, startMinute: 1200, endMinute: 1800, followsCalendar: false, fromDay: '2026-03-01', untilDay: null }
  t.equal((await ask(world, 'setDriverShifts', manager, { params: { driverId }, body: { shifts: [night], version: 1 } })).status, 200)
  const duty = { startMinute: 600, endMinute: 720 }
  t.equal(
    (await ask(world, 'setDriverDutyDay', manager, { params: { driverId, day: '2026-03-04' }, body: { duty, version: 2 } })).status,
    200,
  )
  const leave = { kind: 'annual', fromDay: '2026-03-05', untilDay: '2026-03-06' }
  const { leaveId } = (await ask(world, 'addDriverLeave', manager, { params: { driverId }, body: { ...leave, version: 3 } })).json()
  const twice = await ask(world, 'addDriverLeave', manager, { params: { driverId }, body: { ...leave, version: 4 } })
  t.equal(twice.code, 'CONFLICT', 'leave does not overlap')
  const year = { ...leave, fromDay: '2027-01-01', untilDay: '2028-01-02', version: 4 }
  const tooLong = await ask(world, 'addDriverLeave', manager, { params: { driverId }, body: year })
  t.match(JSON.parse(tooLong.body), { error: { issues: [{ reason: 'driver.leaveLong', values: { max: 366 } }] } }, '367 days')
  t.same(
    (await days('2026-03-02', '2026-03-06')).map((row) => [row.status, row.spans.length, row.single]),
    [
      ['duty', 1, false],
      ['off', 0, false],
      ['duty', 1, true],
      ['leave', 0, false],
      ['leave', 0, false],
    ],
  )
  const cancel = await ask(world, 'cancelDriverLeave', manager, { params: { driverId, leaveId }, body: { version: 4 } })
  t.same(cancel.json(), { version: 5 })
  t.equal((await days('2026-03-05', '2026-03-05'))[0]!.status, 'off')
  const long = await ask(world, 'listDriverDays', manager, { params: { driverId }, query: { from: '2026-01-01', until: '2026-12-31' } })
  t.equal(long.code, 'VALIDATION_FAILED')
})

t.test('is this driver fit for this vehicle now: the reasons, all of them', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const bureau = await world.signIn('bureau_admin')
  const { driverId } = await enter(manager, { licenceClass: 'C2', licenceExpiresOn: '2026-03-03' })
  const fitness = async (query: object) =>
    (await ask(world, 'decideDriver', manager, { params: { driverId }, query: { vehicleId: 201, ...query } })).json()
  const today = { from: new Date(NOW_MS).toISOString(), until: new Date(NOW_MS + 3_600_000).toISOString() }
  t.same(await fitness(today), { fit: true, reasons: [] }, 'an automatic licence for an electric car')
  t.match(await fitness({ ...today, vehicleId: 202 }), { fit: false, reasons: [{ code: 'GEARBOX_UNKNOWN' }] })
  const sunday = { from: '2026-03-08T02:00:00Z', until: '2026-03-08T03:00:00Z' }
  t.same(
    (await fitness(sunday)).reasons.map((each) => each.code),
    ['LICENCE_EXPIRED', 'OFF_DUTY'],
  )
  const next = await fitness({ from: '2027-03-01T02:00:00Z', until: '2027-03-01T03:00:00Z' })
  t.ok(next.reasons.some((each) => each.code === 'DUTY_UNKNOWN'))
  t.match(await fitness({ ...today, until: '2026-03-02T09:00:00Z', drivingMin: 280 }), { fit: true })
  const limits = { organisationId: 20, effectiveFrom: '2026-01-01', dayMin: 300, continuousMin: 240, restMin: 20, version: null }
  t.equal((await ask(world, 'setDrivingLimits', bureau, { body: limits })).status, 200)
  t.equal((await ask(world, 'setDrivingLimits', bureau, { body: limits })).code, 'CHANGED_MEANWHILE', 'a row is not made twice')
  t.match(await fitness({ ...today, until: '2026-03-02T09:00:00Z', drivingMin: 301 }), {
    reasons: [{ code: 'DAY_HOURS', detail: { limit: 300 } }],
  })
  t.equal(
    (await ask(world, 'decideDriver', manager, { params: { driverId }, query: { vehicleId: 201, from: today.until, until: today.from } }))
      .code,
    'VALIDATION_FAILED',
  )
  t.equal((await ask(world, 'decideDriver', manager, { params: { driverId }, query: { vehicleId: 301, ...today } })).code, 'NOT_FOUND')
})

t.test('of forty changes at once that saw the same version one is made, and the others are told', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const { driverId } = await enter(manager)
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      ask(world, 'setDriverState', manager, { params: { driverId }, body: { state: n % 2 ? 'suspended' : 'retired', reason, version: 1 } }),
    ),
  )
  t.equal(answers.filter((answer) => answer.status === 200).length, 1)
  t.equal(answers.filter((answer) => answer.code === 'CHANGED_MEANWHILE').length, 39)
  t.equal((await get(manager, driverId)).version, 2)
})

t.test('days and instants at the ends of time are refused, not walked to', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const params = { driverId: 1 }
  for (const [from, until] of [
    ['9999-12-30', '9999-12-31'],
    ['0000-01-01', '0000-01-02'],
  ])
    t.equal((await ask(world, 'listDriverDays', manager, { params, query: { from, until } })).code, 'VALIDATION_FAILED')
  for (const [from, until] of [
    ['9999-12-31T23:00:00Z', '9999-12-31T23:30:00Z'],
    ['0000-01-01T00:00:00Z', '0000-01-01T01:00:00Z'],
  ])
    t.equal((await ask(world, 'decideDriver', manager, { params, query: { vehicleId: 201, from, until } })).code, 'VALIDATION_FAILED')
})

t.test('a strange string in a sound body is a refusal or a name, never more', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const strange = ["' OR 1=1 --", '%', '\\', '"; DROP TABLE drivers; --', '\0', '<script>', '\uD800', '😀'.repeat(12), '1e999']
  for (const text of strange) {
    for (const key of ['name', 'phone', 'licenceNo', 'licenceClass', 'licenceExpiresOn', 'organisationId']) {
      const answer = await ask(world, 'createDriver', manager, { body: sound({ [key]: text }) })
      t.ok(answer.status < 500, `${key} = ${JSON.stringify(text)}: ${answer.status}`)
    }
    const found = await ask(world, 'listDrivers', manager, { query: { q: text } })
    t.ok(found.status < 500, `q = ${JSON.stringify(text)}`)
  }
  t.equal((await ask(world, 'listDrivers', manager, { query: { q: '_' } })).json().total, 0, 'a wildcard is itself')
})
