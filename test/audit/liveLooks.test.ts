// Looking at live positions, which is a track to whoever goes on looking: on record once an hour, before anything is shown.
import t from 'tap'
import type { AuditBody } from '../../services/contracts/auditRecord.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { putState, seedRegion } from '../dispatch/region.ts'
import { LiveClient } from '../dispatch/sockets.ts'
import { ask, startWorld } from '../dispatch/world.ts'
import { startTestDatabase } from '../harness/database.ts'
import { watchDatabase } from '../harness/watchedDatabase.ts'

const TWENTY_MINUTES = 1_200_000
const database = await startTestDatabase(t)
const db = watchDatabase(openDatabase({ url: database.appUrl, applicationName: 'test', maxConnections: 4 }))
t.teardown(() => db.close())
await seedRegion(db)
await putState(db, { vehicleId: 202 })
const world = await startWorld(t, db)
const dispatcher = await world.signIn('dispatcher')

/** In steps that keep the session. */
const anHourPasses = async () => {
  for (let n = 0; n < 3; n++) {
    world.clock.atMs += TWENTY_MINUTES
    await ask(world, 'getSession', dispatcher)
  }
}
const looks = async (username = 'dispatcher') =>
  (
    await db.query<{ body: string }>(`SELECT body FROM audit_log WHERE action = 'live.look' AND username = $1 ORDER BY seq`, [username])
  ).rows.map(({ body }) => JSON.parse(body) as AuditBody)
const list = (query: object = {}) => ask(world, 'listVehicles', dispatcher, { query: { ...query } })
const vehicle = (vehicleId: number) => ask(world, 'getVehicle', dispatcher, { params: { vehicleId } })

t.test('a list and a vehicle that are asked for again and again are on record once an hour', async (t) => {
  for (let n = 0; n < 5; n++) t.equal((await list({ offset: n })).status, 200)
  for (let n = 0; n < 5; n++) t.equal((await vehicle(202)).status, 200)
  await list({ q: '蒙AA0202' })
  t.match(await looks(), [
    { subject: { type: 'organisation', id: '4' }, detail: { door: 'list', filter: {} } },
    { subject: { type: 'vehicle', id: '202' }, detail: { door: 'vehicle' } },
    { detail: { door: 'list', filter: { q: '蒙AA0202' } } },
  ])
  await anHourPasses()
  await Promise.all([list(), list(), vehicle(202)])
  t.equal((await looks()).length, 5)
})

t.test('what cannot be recorded is not shown, and is recorded when it can be', async (t) => {
  await anHourPasses()
  const before = (await looks()).length
  const shown: string[] = []
  db.beforeStatement = async (sql) => {
    if (/last_states/.test(sql) && !/max\(received_at\)/.test(sql)) shown.push(sql)
  }
  db.fault = 'record'
  t.equal((await list()).status, 500)
  t.equal((await vehicle(202)).status, 500)
  db.fault = 'none'
  t.same(shown, [])
  db.beforeStatement = async () => undefined
  t.equal((await list()).status, 200)
  t.equal((await looks()).length, before + 1)
})

t.test('however many filters are tried, the records of an hour are bounded', async (t) => {
  await anHourPasses()
  const before = (await looks()).length
  for (let n = 0; n < 100; n++) await list({ q: `${n}` })
  const added = (await looks()).slice(before)
  t.equal(added.length, 61)
  t.match(added.at(-1), { detail: { filter: { others: true } } })
})

t.test('an open map is on record with its filter, however it is moved', async (t) => {
  const before = (await looks()).length
  const client = new LiveClient(t, world.origin, { cookie: dispatcher.cookie })
  for (let n = 0; n < 3; n++) {
    client.view({ bbox: [100 + n, 39, 113 + n, 42] })
    await client.next('snapshot')
  }
  client.view({ filter: { class: 'official' } })
  await client.next('snapshot')
  t.match((await looks()).slice(before), [
    { detail: { door: 'map', filter: {} } },
    { detail: { door: 'map', filter: { class: 'official' } } },
  ])
})

t.test('who sees only what is his own, and whoever leaves a record each time, leaves none of these', async (t) => {
  const driver = await world.signIn('driver')
  await ask(world, 'listVehicles', driver)
  await ask(world, 'getVehicle', driver, { params: { vehicleId: 202 } })
  t.same(await looks('driver'), [])
  const inspector = await world.signIn('inspector')
  await ask(world, 'statePurpose', inspector, { body: { purpose: '核查举报线索' } })
  for (let n = 0; n < 2; n++) await ask(world, 'getVehicle', inspector, { params: { vehicleId: 202 } })
  t.same(await looks('inspector'), [])
  const { rows } = await db.query(`SELECT FROM audit_log WHERE action = 'vehicle.view' AND username = 'inspector'`)
  t.equal(rows.length, 2)
})

t.test('a map whose look cannot be recorded is refused and shows nothing', async (t) => {
  const signed = await world.signIn('unit_approver')
  const client = new LiveClient(t, world.origin, { cookie: signed.cookie })
  db.fault = 'record'
  client.view()
  t.equal(await client.answer(), 'UNAVAILABLE')
  db.fault = 'none'
  t.equal(client.named.size, 0)
  client.view()
  await client.next('snapshot')
  t.match(await looks('unit_approver'), [{ detail: { door: 'map' } }])
})
