// A vehicle and a driver are promised to one trip at a time, and to none across upkeep, sealing and leave: whoever writes, and however many at once.
import t from 'tap'
import type { Promised } from '../../services/dispatch/kernel/availability.ts'
import { recordAudit, system } from '../../services/dispatch/kernel/record.ts'
import { depart, giveBack, release, reserve } from '../../services/dispatch/kernel/reservations.ts'
import type { Database } from '../../services/platform/db.ts'
import { reason } from './ledgerPeople.ts'
import { NOW_MS } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

const HOUR_MS = 3_600_000
const db = await openRegion(t)
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau_admin')
const manager = await world.signIn('fleet_manager')

const fileOf = async (vehicleId: number) => (await ask(world, 'getVehicleFile', bureau, { params: { vehicleId } })).json()
const act = async (vehicleId: number, action: string, by = manager) =>
  ask(world, 'actOnVehicle', by, { params: { vehicleId }, body: { version: (await fileOf(vehicleId)).version, action, reason } })
const hours = (from: number, until: number) => ({ fromMs: NOW_MS + from * HOUR_MS, untilMs: NOW_MS + until * HOUR_MS })

/** As dispatch will: in a transaction of its own, with its record. */
const order = <T>(work: (client: Parameters<Parameters<Database['transaction']>[0]>[0]) => Promise<T>): Promise<T> =>
  db.transaction(async (client) => {
    const done = await work(client)
    await recordAudit(client, { atMs: NOW_MS, actor: system, action: 'ledger.follow', subject: { type: 'order', id: 1 } })
    return done
  })
const promise = (promised: Promised, span: ReturnType<typeof hours>, holder: `order:${number}`) =>
  order((client) => reserve(client, promised, span, holder))
const refusedBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'kept',
    (error: { constraint?: string; issues?: { reason: string }[] }) => error.constraint ?? error.issues?.[0]?.reason,
  )
const issuesOf = (answer: { body: string }) => (JSON.parse(answer.body) as { error: { issues: unknown[] } }).error.issues
const clear = () => db.query(`DELETE FROM reservations WHERE reason = 'trip'`)

t.test('what is promised for an hour is not promised again for any part of it, and is for the next one', async (t) => {
  for (const promised of [{ vehicleId: 201 }, { driverId: 1 }] as Promised[]) {
    const law = 'vehicleId' in promised ? 'reservations_of_vehicle' : 'reservations_of_driver'
    await promise(promised, hours(1, 3), 'order:1')
    t.equal(await refusedBy(promise(promised, hours(2, 4), 'order:2')), law)
    t.equal(await refusedBy(promise(promised, hours(0, 9), 'order:2')), law)
    t.equal(await refusedBy(promise(promised, hours(3, 4), 'order:2')), 'kept', 'the end is the next one’s beginning')
    await clear()
  }
})

t.test('of twenty who want one hour at once one has it', async (t) => {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => refusedBy(promise({ vehicleId: 202 }, hours(1, 2), `order:${n}`))))
  t.equal(answers.filter((answer) => answer === 'kept').length, 1)
  t.equal(answers.filter((answer) => answer === 'reservations_of_vehicle').length, 19)
  await clear()
})

t.test('a vehicle is said to be promised and out, its file stays as it is, and so does its version', async (t) => {
  const { version } = await fileOf(201)
  const said = async () => (await fileOf(201)).state
  const listed = async (state: string) =>
    (await ask(world, 'listLedger', bureau, { query: { state } })).json().rows.map((row: { vehicleId: number }) => row.vehicleId)
  await promise({ vehicleId: 201 }, hours(1, 3), 'order:1')
  await promise({ vehicleId: 201 }, hours(5, 6), 'order:2')
  t.equal(await said(), 'RESERVED')
  t.same(await listed('RESERVED'), [201])
  t.notOk((await listed('AVAILABLE')).includes(201))
  t.equal((await act(201, 'suspend')).code, 'CONFLICT', 'what is promised is not suspended')
  await order((client) => depart(client, 'order:1', NOW_MS))
  t.equal(await said(), 'IN_USE')
  t.same([await listed('IN_USE'), await listed('RESERVED')], [[201], []])
  await order((client) => giveBack(client, 'order:1', NOW_MS + HOUR_MS))
  t.equal(await said(), 'RESERVED', 'the other trip is still to come')
  t.equal(await order((client) => release(client, 'order:2')), 1)
  t.equal(await said(), 'AVAILABLE')
  t.ok((await listed('AVAILABLE')).includes(201))
  t.equal((await fileOf(201)).version, version)
  await clear()
})

t.test('a trip that ends early leaves its hours to others, and one that begins early takes none that are promised', async (t) => {
  await promise({ vehicleId: 201 }, hours(0, 1), 'order:1')
  await promise({ vehicleId: 201 }, hours(2, 6), 'order:2')
  t.equal(await refusedBy(order((client) => depart(client, 'order:2', NOW_MS + HOUR_MS / 2))), 'reservations_of_vehicle')
  await order((client) => depart(client, 'order:2', NOW_MS + HOUR_MS))
  await order((client) => giveBack(client, 'order:2', NOW_MS + 3 * HOUR_MS))
  t.equal(await refusedBy(promise({ vehicleId: 201 }, hours(3, 6), 'order:3')), 'kept')
  t.equal(await order((client) => depart(client, 'order:2', NOW_MS)), 0, 'what is over begins no more')
  await clear()
})

t.test('upkeep and sealing hold a vehicle until they end, whoever wrote the state', async (t) => {
  const later = { fromMs: Date.now() + 40 * HOUR_MS, untilMs: Date.now() + 41 * HOUR_MS }
  await promise({ vehicleId: 202 }, later, 'order:1')
  const file = await fileOf(202)
  t.equal(file.state, 'AVAILABLE', 'what is promised for another day is told of that day')
  t.equal((await act(202, 'sendToMaintenance')).code, 'CONFLICT')
  t.equal(await refusedBy(db.query(`UPDATE vehicles SET state = 'SEALED' WHERE vehicle_id = 202`)), 'reservations_of_vehicle')
  await clear()
  t.equal((await act(202, 'sendToMaintenance')).status, 200)
  t.equal(await refusedBy(promise({ vehicleId: 202 }, later, 'order:1')), 'state.not')
  const held = async () =>
    (await db.query('SELECT reason, upper_inf(during) AS open FROM reservations WHERE vehicle_id = 202 ORDER BY reservation_id')).rows
  t.same(await held(), [{ reason: 'maintenance', open: true }])
  t.equal((await act(202, 'endMaintenance')).status, 200)
  t.same(await held(), [{ reason: 'maintenance', open: false }], 'how long it was away stays on record')
  t.equal(await refusedBy(promise({ vehicleId: 202 }, later, 'order:1')), 'kept')
  await clear()
})

t.test('leave and trips keep off each other, by the days of the region', async (t) => {
  const driver = async () => (await ask(world, 'getDriver', manager, { params: { driverId: 1 } })).json()
  const leave = async (fromDay: string, untilDay: string) =>
    ask(world, 'addDriverLeave', manager, {
      params: { driverId: 1 },
      body: { kind: 'annual', fromDay, untilDay, note: null, version: (await driver()).version },
    })
  // 2026-03-04 in the region begins at 16:00 UTC of the day before.
  const span = { fromMs: Date.UTC(2026, 2, 3, 15), untilMs: Date.UTC(2026, 2, 3, 16) }
  await promise({ driverId: 1 }, span, 'order:1')
  const crossed = await leave('2026-03-03', '2026-03-04')
  t.equal(crossed.code, 'CONFLICT')
  t.match(crossed.body, 'driver.promised')
  const taken = await leave('2026-03-04', '2026-03-05')
  t.equal(taken.status, 200)
  const inside = { fromMs: Date.UTC(2026, 2, 5, 15), untilMs: Date.UTC(2026, 2, 5, 16) }
  t.equal(await refusedBy(promise({ driverId: 1 }, inside, 'order:2')), 'reservations_of_driver')
  const { leaveId } = taken.json()
  await ask(world, 'cancelDriverLeave', manager, { params: { driverId: 1, leaveId }, body: { version: (await driver()).version } })
  t.equal(await refusedBy(promise({ driverId: 1 }, inside, 'order:2')), 'kept')
  const fitness = await ask(world, 'decideDriver', manager, {
    params: { driverId: 1 },
    query: { vehicleId: 202, from: new Date(inside.fromMs).toISOString(), until: new Date(inside.untilMs).toISOString() },
  })
  t.ok(
    fitness.json().reasons.some(({ code }: { code: string }) => code === 'BUSY'),
    'who is promised is busy',
  )
  await clear()
})

t.test('a vehicle that is promised for another day is available today, and is not taken away from its trip', async (t) => {
  const nextWeek = hours(7 * 24, 7 * 24 + 2)
  await promise({ vehicleId: 201 }, nextWeek, 'order:7')
  t.equal((await fileOf(201)).state, 'AVAILABLE')
  const listed = (await ask(world, 'listLedger', bureau, { query: { state: 'RESERVED' } })).json().rows
  t.same(listed, [])
  const said = { reason: 'vehicle.promisedTo', values: { holder: 'order:7', bookedFrom: new Date(nextWeek.fromMs).toISOString() } }
  for (const action of ['suspend', 'sendToMaintenance', 'seal']) t.match(issuesOf(await act(201, action)), [said], action)
  const { version } = await fileOf(201)
  const moved = await ask(world, 'changeVehicle', bureau, {
    params: { vehicleId: 201 },
    body: { version, set: { userUnitId: 21 }, reason },
  })
  t.match(issuesOf(moved), [said], 'to another unit')
  t.match(moved.body, '2026-03-09 12:00:00', 'by the clock on the wall')
  const noted = await ask(world, 'changeVehicle', bureau, { params: { vehicleId: 201 }, body: { version, set: { note: '备注' }, reason } })
  t.equal(noted.status, 200, 'its note is another thing')
  for (const set of [{ state: 'SUSPENDED' }, { userUnitId: 21 }]) {
    const { refusals } = (await ask(world, 'previewBulk', bureau, { body: { vehicleIds: [201], set } })).json()
    t.match(refusals, [{ vehicleId: 201, ...said }])
  }
  const disposal = await ask(world, 'startFlow', manager, { body: { kind: 'disposal', vehicleId: 201, reason } })
  t.match(issuesOf(disposal), [said])
  await order((client) => depart(client, 'order:7', NOW_MS))
  t.equal((await fileOf(201)).state, 'IN_USE', 'out is out, whatever day it was promised for')
  t.match(issuesOf(await act(201, 'suspend')), [{ reason: 'vehicle.promisedTo' }])
  await clear()
  t.equal((await act(201, 'suspend')).status, 200)
  t.equal((await act(201, 'resume')).status, 200)
})

t.test('a driver who is promised is not suspended, moved or lent away, and is told of with the trip', async (t) => {
  const version = async () => (await ask(world, 'getDriver', bureau, { params: { driverId: 1 } })).json().version
  const params = { driverId: 1 }
  const tries = {
    suspend: async () => ask(world, 'setDriverState', bureau, { params, body: { state: 'suspended', reason, version: await version() } }),
    retire: async () => ask(world, 'setDriverState', bureau, { params, body: { state: 'retired', reason, version: await version() } }),
    move: async () => ask(world, 'moveDriver', bureau, { params, body: { organisationId: 21, reason, version: await version() } }),
    lend: async (fromDay = '2026-03-08') =>
      ask(world, 'lendDriver', bureau, {
        params,
        body: { organisationId: 21, fromDay, untilDay: null, note: null, version: await version() },
      }),
  }
  const nextWeek = hours(7 * 24, 7 * 24 + 2)
  await promise({ driverId: 1 }, nextWeek, 'order:8')
  const until = new Date(nextWeek.untilMs).toISOString()
  for (const [what, attempt] of Object.entries(tries)) {
    const answer = await attempt()
    t.equal(answer.code, 'CONFLICT', what)
    t.match(issuesOf(answer), [{ reason: 'driver.promisedTo', values: { holder: 'order:8', bookedUntil: until } }], what)
  }
  const lent = await tries.lend('2026-03-10')
  t.equal(lent.status, 200, 'after the trip he may be lent')
  await clear()
  t.equal((await tries.suspend()).status, 200)
  t.equal(await refusedBy(promise({ driverId: 1 }, nextWeek, 'order:8')), 'driver.state')
  const back = await ask(world, 'setDriverState', bureau, { params, body: { state: 'active', reason, version: await version() } })
  t.equal(back.status, 200)
})

t.test('what expires before the trip ends is not promised to it', async (t) => {
  await db.query(`UPDATE vehicles SET inspection_until = '2026-03-02' WHERE vehicle_id = 201`)
  await db.query(`UPDATE drivers SET licence_no = 'L1', licence_class = 'C1', licence_expires_on = '2026-03-03' WHERE driver_id = 1`)
  t.equal(await refusedBy(promise({ vehicleId: 201 }, hours(1, 3), 'order:9')), 'kept', 'through its last day')
  await clear()
  t.equal(await refusedBy(promise({ vehicleId: 201 }, hours(1, 24), 'order:9')), 'trip.expires')
  t.equal(await refusedBy(promise({ driverId: 1 }, hours(24, 48), 'order:9')), 'trip.expires')
  await db.query('UPDATE vehicles SET inspection_until = NULL WHERE vehicle_id = 201')
})
