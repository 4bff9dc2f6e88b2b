// Sensitive vehicles on the live line: hidden or coarse for those not named, arriving and leaving with an unmasking on an open socket.
import t from 'tap'
import { HEADING_UNKNOWN } from '../../services/contracts/liveFrame.ts'
import { NOW_MS, putState } from './region.ts'
import { markSecret, reason, SECRET, seedSecret, unmask } from './secrecyPeople.ts'
import { LiveClient } from './sockets.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
const { secretNo } = await seedSecret(db)
await putState(db, { vehicleId: 211, lon: 111.75 })
const world = await startWorld(t, db, {}, { pace: { tickMs: 5, summaryMs: 5, sightMs: 10, agingMs: 1e6, resyncPauseMs: 5 } })
const bureau = await world.signIn('bureau')
const nowS = NOW_MS / 1000

const open = (signed: Signed) => {
  const client = new LiveClient(t, world.origin, { cookie: signed.cookie })
  client.view()
  return client
}
const until = async (client: LiveClient, event: 'snapshot' | 'delta', test: () => boolean) => {
  while (!test()) await client.next(event)
}

t.test('who is not named is sent nothing of it: no mark, no count, no delta, no cell', async (t) => {
  const signed = await world.signIn('dispatcher')
  const client = open(signed)
  t.equal(await client.answer(), '201,211')
  t.equal((await client.next('counts')).counts.all.total, 2)
  world.broker.send([
    { vehicleId: SECRET, timeS: nowS + 10, lon: 111.71 },
    { vehicleId: 201, timeS: nowS + 10, lon: 111.72 },
  ])
  await until(client, 'delta', () => client.shown.get(201)!.lon === 111.72)
  t.same([...client.named].sort(), [201, 211])
  client.view({ detail: 'cells', zoom: 12 })
  const { cells } = await client.next('cells')
  t.equal(
    cells.reduce((sum, { total }) => sum + total, 0),
    2,
  )
  const roster = await ask(world, 'getRoster', signed)
  t.same(roster.json().vehicleId, [201, 211])
  client.socket.disconnect()
})

t.test(
  'an unmasking brings it onto an open socket, and takes it away when its time is over, without a job or another sign-in',
  async (t) => {
    const signed = await world.signIn('dispatcher')
    const client = open(signed)
    t.equal(await client.answer(), '201,211')
    const told: unknown[] = []
    client.socket.on('sight', (unmasked: unknown) => told.push(unmasked))
    await unmask(world, signed, bureau)
    await until(client, 'snapshot', () => client.shown.has(SECRET))
    t.same(told, [[{ vehicleId: SECRET, until: new Date(NOW_MS + 3_600_000).toISOString() }]])
    t.match((await ask(world, 'getRoster', signed)).json(), { vehicleId: [201, 202, 211], unmasked: [{ vehicleId: SECRET }] })
    world.broker.send([{ vehicleId: SECRET, timeS: nowS + 60, lon: 111.73, speedDkph: 300, flags: 1 }])
    await until(client, 'delta', () => client.shown.get(SECRET)!.lon === 111.73)
    world.clock.atMs = NOW_MS + 3_600_000
    await until(client, 'snapshot', () => !client.shown.has(SECRET))
    t.same(told.at(-1), [])
    client.named.clear()
    world.broker.send([
      { vehicleId: SECRET, timeS: nowS + 3_600, lon: 111.74 },
      { vehicleId: 201, timeS: nowS + 3_600, lon: 111.74 },
    ])
    await until(client, 'delta', () => client.shown.get(201)!.lon === 111.74)
    t.notOk(client.named.has(SECRET))
    await db.query(`UPDATE unmaskings SET state = 'expired' WHERE state = 'approved'`)
    world.clock.atMs = NOW_MS
    client.socket.disconnect()
  },
)

t.test('an unmasking that is ended, and a naming, take effect on open sockets at once', async (t) => {
  const [signed, admin] = [await world.signIn('dispatcher'), await world.signIn('bureau')]
  const client = open(signed)
  t.equal(await client.answer(), '201,211')
  const unmaskingId = await unmask(world, signed, admin)
  await until(client, 'snapshot', () => client.shown.has(SECRET))
  await ask(world, 'endUnmasking', admin, { params: { unmaskingId }, body: { reason } })
  await until(client, 'snapshot', () => !client.shown.has(SECRET))
  const named = await ask(world, 'nameForSecret', admin, { params: { secretNo }, body: { username: 'dispatcher', until: null, reason } })
  await until(client, 'snapshot', () => client.shown.has(SECRET))
  await ask(world, 'endNaming', admin, { params: { namingId: named.json().namingId }, body: { reason } })
  await until(client, 'snapshot', () => !client.shown.has(SECRET))
  client.socket.disconnect()
})

t.test('where the policy says coarse, it is a nameless cell of its banner, and totals add up', async (t) => {
  const admin = await world.signIn('bureau')
  const today = '2026-03-02'
  const set = await ask(world, 'setSecrecyPolicy', admin, {
    body: { organisationId: 1, effectiveFrom: today, sight: 'coarse', maxHours: 24, reason },
  })
  t.equal(set.status, 200, set.body)
  const dispatcher = await world.signIn('dispatcher')
  const client = open(dispatcher)
  await until(client, 'snapshot', () => client.shown.has(secretNo))
  const last = client.arrivals.filter((each) => each.event === 'snapshot').at(-1) as Extract<
    (typeof client.arrivals)[number],
    { event: 'snapshot' }
  >
  const k = last.frame.vehicleId.indexOf(secretNo)
  t.equal(last.frame.lonE7[k], 1117_500_000, 'the centre of a tenth of a degree')
  t.equal(last.frame.latE7[k], 408_500_000)
  t.equal(last.frame.timeS[k]! % 600, 0)
  t.equal(last.frame.speedDkph[k], 0)
  t.equal(last.frame.headingDeg[k], HEADING_UNKNOWN)
  t.notOk(client.named.has(SECRET))
  t.equal((await client.next('counts', ({ counts }) => counts.all.total === 3)).counts.byClass.law_enforcement.total, 1)
  client.named.clear()
  // It moves within its cell and its ten minutes: not even the beat of its reports is told.
  const aligned = Math.ceil((nowS + 4_000) / 600) * 600
  world.broker.send([{ vehicleId: SECRET, timeS: aligned, lon: 111.71 }])
  await until(client, 'delta', () => client.named.has(secretNo))
  client.named.clear()
  world.broker.send([{ vehicleId: SECRET, timeS: aligned + 30, lon: 111.75 }])
  world.broker.send([{ vehicleId: 201, timeS: aligned + 60, lon: 111.76 }])
  await until(client, 'delta', () => client.shown.get(201)!.lon === 111.76)
  t.same([...client.named], [201])
  world.broker.send([{ vehicleId: SECRET, timeS: aligned + 60, lon: 111.85 }])
  await until(client, 'delta', () => client.shown.get(secretNo)!.lon === 111.85)

  const roster = (await ask(world, 'getRoster', dispatcher)).json()
  const at = roster.vehicleId.indexOf(secretNo)
  t.match([roster.plate[at], roster.userUnitId[at]], ['', 4], 'no plate, and the banner instead of the unit')
  const list = await ask(world, 'listVehicles', dispatcher)
  t.equal(list.json().total, 3)
  const coarse = list.json().rows.at(-1)!
  t.same(Object.keys(coarse).sort(), ['class', 'last', 'seen', 'status', 'userUnit', 'vehicleId'])
  t.match(coarse, { seen: 'coarse', vehicleId: secretNo, userUnit: { organisationId: 4 } })
  t.notMatch(list.body, /0202|T20200|示例司机一/)
  for (const query of [{ q: '0202' }, { q: '新城' }, { category: 'LAW_ENFORCEMENT' }, { energy: 'petrol' }, { organisationId: 20 }])
    t.notMatch((await ask(world, 'listVehicles', dispatcher, { query: { ...query } })).body, String(secretNo), JSON.stringify(query))
  t.match((await ask(world, 'listVehicles', dispatcher, { query: { organisationId: 4, class: 'law_enforcement' } })).json(), { total: 1 })
  const tree = (await ask(world, 'listOrganisations', dispatcher)).json().rows
  t.same(
    tree.map(({ organisationId, vehicles }) => [organisationId, vehicles]),
    [
      [4, 3],
      [20, 1],
      [21, 1],
    ],
    'it counts for the banner, not for its unit',
  )
  t.equal((await ask(world, 'getVehicle', dispatcher, { params: { vehicleId: SECRET } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'getVehicle', dispatcher, { params: { vehicleId: secretNo } })).code, 'NOT_FOUND')
  const manager = await world.signIn('fleet_manager')
  t.equal((await ask(world, 'listVehicles', manager)).json().total, 1, 'who sees one unit would know the unit: it stays hidden')
  client.socket.disconnect()
})

t.test('a policy of a place below begins at its midnight, and marking and lifting reach open sockets', async (t) => {
  const admin = await world.signIn('bureau')
  const client = open(await world.signIn('dispatcher'))
  await until(client, 'snapshot', () => client.shown.has(secretNo))
  await ask(world, 'setSecrecyPolicy', admin, {
    body: { organisationId: 2, effectiveFrom: '2026-03-03', sight: 'hidden', maxHours: 24, reason },
  })
  t.match((await ask(world, 'listVehicles', await world.signIn('dispatcher'))).json(), { total: 3 }, 'not yet')
  world.clock.atMs = Date.parse('2026-03-02T16:00:00Z')
  world.feed.checkLedger()
  await until(client, 'snapshot', () => !client.shown.has(secretNo))
  t.match((await ask(world, 'listVehicles', await world.signIn('dispatcher'))).json(), { total: 2 })
  await db.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 202')
  world.feed.checkLedger()
  await until(client, 'snapshot', () => client.shown.has(SECRET))
  await markSecret(db)
  world.feed.checkLedger()
  await until(client, 'snapshot', () => !client.shown.has(SECRET))
  client.socket.disconnect()
})

t.test('what is marked sensitive leaves open maps at once, however lately the picture was read', async (t) => {
  const hour = 3_600_000
  const slow = await startWorld(t, db, {}, { pace: { tickMs: 5, summaryMs: 5, sightMs: 10, agingMs: 1e6, resyncPauseMs: hour } })
  const client = new LiveClient(t, slow.origin, { cookie: (await slow.signIn('dispatcher')).cookie })
  client.view()
  await until(client, 'snapshot', () => client.shown.has(201) && client.shown.has(211))
  // The first of them makes the picture be read; the second comes into the pause after that.
  for (const vehicleId of [201, 211]) {
    const { rows } = await db.query<{ version: number }>('SELECT version FROM vehicles WHERE vehicle_id = $1', [vehicleId])
    const body = { version: rows[0]!.version, reason, set: { secrecy: true } }
    t.equal((await ask(slow, 'changeVehicle', await slow.signIn('bureau'), { params: { vehicleId }, body })).status, 200)
    await until(client, 'snapshot', () => !client.shown.has(vehicleId))
  }
  client.socket.disconnect()
})
