// What access means beside the matrix (matrix.test.ts): purposes on record, lists and replays cut to the scope, CSRF, search, masking.
import t from 'tap'
import type { Endpoint } from '../../services/contracts/api/endpoint.ts'
import { api, type EndpointName } from '../../services/contracts/api.ts'
import { errorSchema } from '../../services/contracts/errorAnswer.ts'
import { errorCatalogue } from '../../services/contracts/errors.ts'
import { grantOf, type Role, roles } from '../../services/domain/permissions.ts'
import { NOW_MS, putState } from './region.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await putState(db, { vehicleId: 202 })
const stored = await db.query<{ quarantine_id: number }>(
  `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at)
   VALUES ('d1', 'vmp/v1/150102/T20200/up/location', 'T20200', 'schema', 'x', 1, 'not json', now(), now()),
          ('d2', 'vmp/v1/150200/T30200/up/location', 'T30200', 'schema', 'x', 1, '\\xff00', now(), now()),
          ('d3', 'vmp/v1/150200/nobody/up/location', 'nobody', 'unknown-terminal', 'x', 1, '{}', now(), now()),
          ('d4', 'elsewhere', NULL, 'bad-topic', 'x', 1, '{}', now(), now()) RETURNING quarantine_id`,
)
const [ofA, ofC, ofNobody, ofBadTopic] = stored.rows.map((row) => row.quarantine_id) as [number, number, number, number]
const world = await startWorld(t, db)
const window = { from: new Date(NOW_MS - 3_600_000).toISOString(), to: new Date(NOW_MS).toISOString() }
const purpose = '核查举报线索'
const endpoints = Object.entries(api) as [EndpointName, Endpoint][]

/** A well-formed request to each endpoint. */
const request = (name: EndpointName) => ({
  params: { vehicleId: 202, quarantineId: ofA },
  query: name === 'getTrack' || name === 'getTrackBytes' || name === 'listTrips' ? { ...window, purpose } : {},
  body: name === 'signIn' ? { username: 'nobody', password: 'x' } : name === 'statePurpose' ? { purpose } : undefined,
})

/** A role that may ask this endpoint, without stating a purpose where there is such a role. */
function roleFor({ access }: Endpoint): Role {
  if (access === 'public' || access === 'signed-in' || access === 'step') return 'bureau_admin'
  const may = roles.filter((role) => role !== 'driver' && role !== 'applicant' && grantOf(role, access).reach !== 'none')
  return (
    may.find((role) => role === 'bureau_admin') ??
    may.find((role) => !grantOf(role, access).purposeRequired && !grantOf(role, access).caseRequired) ??
    may[0]!
  )
}

const isRefusal = (answer: { status: number; code: string | undefined; body: string }) =>
  answer.code !== undefined &&
  errorSchema.safeParse(JSON.parse(answer.body)).success &&
  errorCatalogue[answer.code as keyof typeof errorCatalogue].status === answer.status

t.test('a role that must state a purpose is asked for it, and what it looks at with it is on record', async (t) => {
  const inspector = await world.signIn('inspector')
  t.equal((await ask(world, 'getVehicle', inspector, { params: { vehicleId: 202 } })).code, 'PURPOSE_REQUIRED')
  await ask(world, 'statePurpose', inspector, { body: { purpose } })
  t.equal((await ask(world, 'getVehicle', inspector, { params: { vehicleId: 202 } })).status, 200)
  const { rows } = await db.query(
    `SELECT action, subject_id, body FROM audit_log WHERE username = 'inspector' AND subject_type = 'vehicle' ORDER BY seq DESC LIMIT 1`,
  )
  t.match(rows, [{ action: 'vehicle.view', subject_id: '202' }])
  t.match(
    rows.map((row) => JSON.parse(row.body as string)),
    [{ purpose }],
  )
})

t.test('a vehicle of a sibling, of the parent, or of nobody is the same 404, and leaves no record', async (t) => {
  const before = await db.query(`SELECT count(*) AS n FROM audit_log WHERE subject_type = 'vehicle'`)
  const manager = await world.signIn('fleet_manager')
  const bodies = new Set<string>()
  for (const name of ['getVehicle', 'getTrack', 'listTrips'] as const) {
    for (const vehicleId of [211, 301, 100, 1, 2_147_483_647]) {
      const answer = await ask(world, name, manager, { params: { vehicleId }, query: name === 'getVehicle' ? {} : window })
      t.equal(answer.status, 404, `${name} ${vehicleId}`)
      bodies.add(answer.body.replace(/"requestId":"[^"]+"/, ''))
    }
  }
  t.equal(bodies.size, 1, 'nothing tells them apart')
  t.same((await db.query(`SELECT count(*) AS n FROM audit_log WHERE subject_type = 'vehicle'`)).rows, before.rows)
})

t.test('a driver reaches his vehicle alone', async (t) => {
  const driver = await world.signIn('driver')
  t.same(
    (await ask(world, 'listVehicles', driver)).json().rows.map((row) => row.vehicleId),
    [202],
  )
  t.same((await ask(world, 'getRoster', driver)).json().vehicleId, [202])
  t.equal((await ask(world, 'getTrack', driver, { params: { vehicleId: 202 }, query: window })).status, 200)
  t.equal((await ask(world, 'getTrack', driver, { params: { vehicleId: 201 }, query: window })).status, 404)
})

t.test('lists hold the scope and nothing else', async (t) => {
  const of = async (username: string, query: object = {}) =>
    (await ask(world, 'listVehicles', await world.signIn(username), { query: { ...query } }))
      .json()
      .rows.map((row) => row.vehicleId)
      .sort()
  t.same(await of('bureau_admin'), [201, 202, 211])
  t.same(await of('dispatcher'), [201, 202, 211])
  t.same(await of('fleet_manager@30'), [301, 302])
  t.same(await of('fleet_manager@30', { organisationId: 1 }), [301, 302])
  t.same(await of('fleet_manager@30', { organisationId: 20 }), [])
  t.same(await of('applicant'), [])
  const tree = await ask(world, 'listOrganisations', await world.signIn('bureau_admin'))
  t.same(
    tree.json().rows.map((row) => [row.organisationId, row.parentId, row.vehicles]),
    [
      [2, null, 3],
      [4, 2, 3],
      [20, 4, 2],
      [21, 4, 1],
    ],
  )
})

t.test('quarantine and conservation are cut to the scope; unplaced terminals belong to the whole region', async (t) => {
  const ids = async (username: string) =>
    (await ask(world, 'listQuarantine', await world.signIn(username)))
      .json()
      .rows.map((row) => row.quarantineId)
      .sort()
  t.same(await ids('system_admin'), [ofA, ofC, ofNobody, ofBadTopic].sort())
  t.same(await ids('bureau_admin'), [ofA])
  const bureau = await world.signIn('bureau_admin')
  t.equal((await ask(world, 'getConservation', bureau, { query: { terminalId: 'T20200' } })).json().stored, 1)
  t.equal((await ask(world, 'getConservation', bureau, { query: { terminalId: 'T30200' } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'getConservation', bureau, { query: { terminalId: 'absent' } })).code, 'NOT_FOUND')
})

t.test('a replay publishes the stored bytes on their topic and is marked and recorded', async (t) => {
  const admin = await world.signIn('system_admin')
  world.broker.published = []
  t.equal((await ask(world, 'replayQuarantine', admin, { params: { quarantineId: ofC } })).status, 200)
  t.same(world.broker.published, [{ topic: 'vmp/v1/150200/T30200/up/location', payload: Buffer.from([0xff, 0]) }])
  const rows = (await ask(world, 'listQuarantine', admin, { query: { terminalId: 'T30200' } })).json().rows
  t.match(rows, [{ replayedAt: new Date(NOW_MS).toISOString(), bytesLength: 2 }])
  t.equal((await ask(world, 'replayQuarantine', admin, { params: { quarantineId: ofBadTopic } })).code, 'VALIDATION_FAILED')
  t.equal((await ask(world, 'replayQuarantine', admin, { params: { quarantineId: 999 } })).code, 'NOT_FOUND')
  t.equal(
    (await ask(world, 'replayQuarantine', await world.signIn('system_admin@30'), { params: { quarantineId: ofA } })).code,
    'NOT_FOUND',
  )
})

t.test('the quarantine lists no bytes; they are read by stating a purpose, inside the scope', async (t) => {
  const admin = await world.signIn('system_admin')
  const list = await ask(world, 'listQuarantine', admin)
  t.notMatch(list.body, /base64|"text"|not json|\/wA=/)
  const look = (signed: Signed, quarantineId: number, query: object = { purpose: '排查终端故障' }) =>
    ask(world, 'readQuarantined', signed, { params: { quarantineId }, query: { ...query } })
  t.match((await look(admin, ofC)).json(), { quarantineId: ofC, text: null, base64: '/wA=' })
  t.equal((await look(admin, ofC, {})).code, 'PURPOSE_REQUIRED')
  t.equal((await look(admin, ofC, { purpose: ' ' })).code, 'VALIDATION_FAILED')
  t.equal((await look(admin, 999)).code, 'NOT_FOUND')
  t.equal((await look(await world.signIn('bureau_admin'), ofC)).code, 'NOT_FOUND')
  t.equal((await look(await world.signIn('bureau_admin'), ofNobody)).code, 'NOT_FOUND')
  t.equal((await look(await world.signIn('dispatcher'), ofA)).code, 'FORBIDDEN')
})

t.test('everything that changes something wants the session’s own CSRF token', async (t) => {
  const other = await world.signIn('bureau_admin')
  for (const [name, endpoint] of endpoints.filter(([, { method, access }]) => method !== 'GET' && access !== 'public')) {
    const { headers } = await world.signIn(roleFor(endpoint))
    for (const token of ['', 'x', other.csrfToken]) {
      const answer = await ask(world, name, { headers: { ...headers, 'x-csrf-token': token } }, request(name))
      t.ok(answer.code === 'CSRF_FAILED' && isRefusal(answer), `${name} with "${token}"`)
    }
  }
  const foreign = { origin: 'https://elsewhere.example' }
  const body = { username: 'driver', password: 'x' }
  t.equal((await ask(world, 'signIn', undefined, { body, headers: foreign })).code, 'CSRF_FAILED')
  t.equal((await ask(world, 'signIn', undefined, { body, headers: { 'sec-fetch-site': 'cross-site' } })).code, 'CSRF_FAILED')
  t.equal((await ask(world, 'signIn', undefined, { body, headers: { origin: 'null' } })).code, 'CSRF_FAILED')
})

t.test('search finds by plate in any writing, unit and driver, and takes wildcards as themselves', async (t) => {
  const signed = await world.signIn('bureau_admin')
  const find = async (q: string) => (await ask(world, 'listVehicles', signed, { query: { q } })).json().rows.map((row) => row.vehicleId)
  t.same(await find('蒙A·D123'), [201])
  t.same(await find('a·d12'), [201])
  t.same(await find('0211'), [211])
  t.same(await find('乙单位'), [211])
  t.same(await find('司机一'), [202])
  t.same(await find('司机二'), [], 'a driver of another league')
  for (const wildcard of ['%', '_', '\\', '·']) t.same(await find(wildcard), [], wildcard)
})

t.test('a driver’s telephone number is whole for those who must ring, and masked for everyone else', async (t) => {
  const phone = async (username: string) =>
    (await ask(world, 'getVehicle', await world.signIn(username), { params: { vehicleId: 202 } })).json().driver!.phone
  // A unit’s 车管员 rings the drivers of that unit: nobody else tells them where to go.
  for (const role of ['bureau_admin', 'dispatcher', 'fleet_manager']) t.equal(await phone(role), '13800000001', role)
  for (const role of ['unit_approver', 'driver']) t.equal(await phone(role), '138****0001', role)
})
