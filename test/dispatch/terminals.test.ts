// Terminals as their keepers know them: registered, given a secret, fitted and swapped, watched, taken out of service.
import { pbkdf2Sync } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import type { ErrorAnswer } from '../../services/contracts/errorAnswer.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { sha256 } from '../../services/platform/crypto.ts'
import { addLedgerPeople, newVehicle, reason } from './ledgerPeople.ts'
import { markSecret } from './secrecyPeople.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
// Bindings are dated by the database's clock.
const world = await startWorld(t, db, { 'terminal-broker': 'mqtts://broker.example' }, { clock: systemClock })
const bureau = await world.signIn('bureau')
const league = await world.signIn('bureau_admin')
const manager = await world.signIn('fleet_manager')

type Item = { terminalId: string; vehicleId?: number | null; note?: string | null }
const register = (by: Signed, terminals: Item[], more: object = {}) =>
  ask(world, 'registerTerminals', by, { body: { reason, organisationId: 20, terminals, ...more } })
const read = async (terminalId: string, by = bureau) => (await ask(world, 'getTerminal', by, { params: { terminalId } })).json()
/** As somebody does who sees what the vehicle has. */
const fit = async (by: Signed, terminalId: string, vehicleId: number | null, more: object = {}) => {
  const { version } = await read(terminalId, by)
  const file = vehicleId === null ? undefined : (await ask(world, 'getVehicleFile', by, { params: { vehicleId } })).json()
  const body = { version, vehicleId, replaces: file?.terminalId ?? null, reason, ...more }
  return ask(world, 'fitTerminal', by, { params: { terminalId }, body })
}
const fileOf = async (vehicleId: number) => (await ask(world, 'getVehicleFile', bureau, { params: { vehicleId } })).json()
/** A vehicle that never had a terminal. */
const enterVehicle = async (n: number) =>
  (
    await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(n, { class: 'leased', category: 'LEASED_SERVICE' }), reason } })
  ).json().vehicleId
const issuesOf = ({ body }: { body: string }) =>
  (JSON.parse(body) as ErrorAnswer).error.issues!.map(({ path, reason: why }) => `${path} ${why}`)
const valuesOf = ({ body }: { body: string }) => (JSON.parse(body) as ErrorAnswer).error.issues![0]!.values!
const list = async (query: object, by = bureau) =>
  (await ask(world, 'listTerminals', by, { query: { limit: 200, ...query } })).json().rows.map(({ terminalId }) => terminalId)

t.test('registering answers each secret once, and keeps what two kinds of broker compare it with', async (t) => {
  const answer = await register(league, [{ terminalId: 'BD-0001' }, { terminalId: 'BD-0002', note: '备用' }], { model: 'BD-2000' })
  t.equal(answer.status, 200, answer.body)
  const { credentials, connection } = answer.json()
  t.same(connection, { host: 'broker.example', port: 8883, topic: 'vmp/v1/{adcode}/{terminalId}/up/location' })
  t.equal(credentials[0]!.topic, 'vmp/v1/150102/BD-0001/up/location')
  t.match(credentials[0]!.secret, /^[2-9A-HJ-NP-Za-km-z]{32}$/)
  for (const { terminalId, secret } of credentials) {
    const { rows } = await db.query<{ hash: Buffer; verifier: string }>(
      'SELECT credential_hash AS hash, broker_verifier AS verifier FROM terminals WHERE terminal_id = $1',
      [terminalId],
    )
    t.same(rows[0]!.hash, sha256(secret))
    const [, , iterations, salt, hash] = rows[0]!.verifier.split('$')
    t.equal(pbkdf2Sync(secret, Buffer.from(salt!, 'base64'), Number(iterations), 64, 'sha512').toString('base64'), hash)
  }
  t.match(await read('BD-0002'), {
    state: 'active',
    model: 'BD-2000',
    note: '备用',
    vehicle: null,
    organisation: { organisationId: 20 },
    boundSince: null,
  })
  const { rows } = await db.query<{ body: string }>(`SELECT body FROM audit_log WHERE subject_type = 'terminal'`)
  t.equal(rows.length, 2)
  t.notMatch(rows.map(({ body }) => body).join(), new RegExp(credentials.map(({ secret }) => secret).join('|')))
})

t.test('a list is registered whole or not at all, and each line is told what stands in its way', async (t) => {
  await db.owner.query(`INSERT INTO gateways VALUES ('GW-0001', 'x')`)
  await db.query(`UPDATE vehicles SET state = 'DISPOSED' WHERE vehicle_id = 211`)
  await markSecret(db, 202)
  t.teardown(() => db.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 202'))
  t.teardown(() => db.query(`UPDATE vehicles SET state = 'AVAILABLE' WHERE vehicle_id = 211`))
  const before = (await db.query('SELECT count(*) AS n FROM terminals')).rows
  const refused = await register(league, [
    { terminalId: 'BD-0010' },
    { terminalId: 'BD-0010' },
    { terminalId: 'BD-0001' },
    { terminalId: 'T30100' },
    { terminalId: 'GW-0001' },
    { terminalId: 'morin-service' },
    { terminalId: 'BD-0011', vehicleId: 301 },
    { terminalId: 'BD-0012', vehicleId: 202 },
    { terminalId: 'BD-0013', vehicleId: 999_999 },
    { terminalId: 'BD-0014', vehicleId: 211 },
    { terminalId: 'BD-0015', vehicleId: 201 },
    { terminalId: 'BD-0016', vehicleId: 201 },
    { terminalId: 'bd-0001' },
    { terminalId: 'bd-0016' },
  ])
  t.equal(refused.code, 'VALIDATION_FAILED')
  t.same(issuesOf(refused), [
    'body.terminals.1.terminalId terminal.twice',
    'body.terminals.2.terminalId terminal.taken',
    'body.terminals.3.terminalId terminal.taken',
    'body.terminals.4.terminalId terminal.taken',
    'body.terminals.5.terminalId terminal.taken',
    'body.terminals.6.vehicleId terminal.vehicleUnknown',
    'body.terminals.7.vehicleId terminal.vehicleUnknown',
    'body.terminals.8.vehicleId terminal.vehicleUnknown',
    'body.terminals.9.vehicleId state.disposed',
    'body.terminals.10.vehicleId terminal.vehicleHas',
    'body.terminals.11.vehicleId terminal.vehicleTwice',
    'body.terminals.11.vehicleId terminal.vehicleHas',
    'body.terminals.12.terminalId terminal.twice',
    'body.terminals.12.terminalId terminal.taken',
    'body.terminals.13.terminalId terminal.twice',
  ])
  t.same(issuesOf(await register(league, [{ terminalId: 'BD-0017' }], { organisationId: 30 })), ['body.organisationId driver.unitUnknown'])
  t.same((await db.query('SELECT count(*) AS n FROM terminals')).rows, before)
})

t.test('fitting: swapped at one moment, and both histories say so', async (t) => {
  const asOf = new Date().toISOString()
  t.equal((await fit(manager, 'BD-0001', 201)).status, 200)
  const [inside, out] = [await read('BD-0001'), await read('T20100')]
  t.match(inside, { vehicle: { vehicleId: 201, plate: '蒙AD12345' }, pastBindings: [] })
  t.match(out, { vehicle: null, organisation: { organisationId: 20 }, pastBindings: [{ vehicle: { vehicleId: 201 }, from: null }] })
  t.equal(inside.boundSince, out.boundSince)
  const moments = await db.query(`SELECT DISTINCT bound_since FROM terminals WHERE terminal_id IN ('BD-0001', 'T20100')`)
  t.equal(moments.rows.length, 1, 'to the microsecond')
  const file = (await ask(world, 'getVehicleFile', manager, { params: { vehicleId: 201 } })).json()
  t.match(file, { terminalId: 'BD-0001', terminalSince: inside.boundSince })
  const history = async (name: 'getTerminalHistory' | 'getVehicleHistory', params: object) =>
    (await ask(world, name, manager, { params: params as Record<string, unknown> })).json().rows[0]!
  t.match(await history('getTerminalHistory', { terminalId: 'BD-0001' }), {
    action: 'terminal.fit',
    before: { vehicleId: null, boundSince: null },
    after: { vehicleId: 201 },
    names: { 'vehicle:201': '蒙AD12345' },
    reason,
  })
  t.match(await history('getTerminalHistory', { terminalId: 'T20100' }), { action: 'ledger.follow', after: { vehicleId: null } })
  t.match(await history('getVehicleHistory', { vehicleId: 201 }), { before: { terminalId: 'T20100' }, after: { terminalId: 'BD-0001' } })
  const then = (await ask(world, 'getVehicleFile', manager, { params: { vehicleId: 201 }, query: { asOf } })).json()
  t.match(then, { terminalId: 'T20100', terminalSince: null })
})

const agoS = (seconds: number) => new Date(Math.floor(Date.now() / 1000 - seconds) * 1000).toISOString()
const second = (instant: string) => new Date(Date.parse(instant) + 1000).toISOString()
/** As ingest does: two of one instant are one. */
const report = (vehicleId: number, at: string) =>
  db.query(
    `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms)
     VALUES ($1, $2, now(), 1117000000, 408000000, 1, 0) ON CONFLICT DO NOTHING`,
    [vehicleId, at],
  )

t.test(
  'a change is dated back to where nothing is stored and nothing was bound otherwise, and a refusal names the earliest moment',
  async (t) => {
    await register(bureau, [{ terminalId: 'BD-0100' }, { terminalId: 'BD-0101' }])
    const [since, from, last] = [agoS(3600), agoS(1800), agoS(600)]
    t.equal((await fit(manager, 'T20200', null, { since })).json().boundSince, since)
    t.equal((await fit(manager, 'BD-0100', 202, { since: from })).json().boundSince, from)
    await report(202, last)
    const stored = await fit(manager, 'BD-0101', 202, { since: agoS(900) })
    t.same([issuesOf(stored), valuesOf(stored)], [['body.since terminal.sinceStored'], { earliest: second(last) }])
    t.equal((await fit(manager, 'BD-0101', 202, { since: second(last) })).json().boundSince, second(last))
    t.match(await read('BD-0100'), { pastBindings: [{ vehicle: { vehicleId: 202 }, from, until: second(last) }] })
    const changed = await fit(bureau, 'BD-0100', 302, { since: agoS(1700) })
    t.same([issuesOf(changed), valuesOf(changed)], [['body.since terminal.sinceChanged'], { earliest: second(second(last)) }])
    t.same(issuesOf(await fit(manager, 'BD-0101', null, { since: from })), ['body.since terminal.sinceChanged'])
    t.same(issuesOf(await fit(manager, 'BD-0101', null, { since: agoS(-60) })), ['body.since terminal.sinceFuture'])
    const { version } = (await ask(world, 'getVehicleFile', manager, { params: { vehicleId: 202 } })).json()
    const bound = await ask(world, 'bindTerminal', manager, {
      params: { vehicleId: 202 },
      body: { version, terminalId: 'T20200', since: agoS(60), reason },
    })
    t.match(bound.json(), { terminalId: 'T20200' }, bound.body)
    t.equal((await read('T20200')).boundSince, bound.json().terminalSince)
  },
)

t.test('secrets are replaced, taken away and given again; what a file brought in has none until then', async (t) => {
  const one = (await register(bureau, [{ terminalId: 'BD-0200' }])).json().credentials[0]!.secret
  const issue = (body: object, by = league) => ask(world, 'issueCredentials', by, { body: { reason, ...body } })
  const two = (await issue({ terminalIds: ['BD-0200', 'BD-0200'] })).json().credentials
  t.equal(two.length, 1)
  t.not(two[0]!.secret, one)
  const revoke = (terminalIds: string[], by = league) => ask(world, 'revokeTerminals', by, { body: { reason, terminalIds } })
  t.same((await revoke(['BD-0200'])).json(), { revoked: 1 })
  t.same((await revoke(['BD-0200'])).json(), { revoked: 0 })
  t.match(await read('BD-0200'), { state: 'revoked' })
  t.same(issuesOf(await fit(manager, 'BD-0200', 201)), ['params.terminalId terminal.revoked'])
  const foreign = await issue({ terminalIds: ['BD-0200', 'T30200', 'TNOBODY1'] })
  t.same([foreign.code, ...issuesOf(foreign)], ['NOT_FOUND', 'body.terminalIds.1 terminal.unknown', 'body.terminalIds.2 terminal.unknown'])
  t.match(await read('BD-0200'), { state: 'revoked' }, 'all or none')
  await db.query(`INSERT INTO terminals (terminal_id, organisation_id) SELECT 'BD-03' || n, 20 FROM generate_series(10, 12) n`)
  await db.query(`INSERT INTO terminals (terminal_id, organisation_id) VALUES ('BD-0399', 30)`)
  t.same(await list({ state: 'unissued' }, league), ['BD-0310', 'BD-0311', 'BD-0312'])
  const many = (await issue({ filter: { state: 'unissued' } })).json().credentials
  t.same(
    many.map(({ terminalId }) => terminalId),
    ['BD-0310', 'BD-0311', 'BD-0312'],
  )
  t.match(await read('BD-0310'), { state: 'active', credentialAt: /Z$/ })
  t.equal((await issue({ filter: { state: 'unissued' } })).code, 'CONFLICT')
  t.equal((await issue({ filter: {} })).code, 'VALIDATION_FAILED', 'never all of them by an empty filter')
  t.match((await issue({ terminalIds: ['BD-0200'] })).status, 200)
  t.match(await read('BD-0200'), { state: 'active', revokedAt: null })
  const { rows } = await db.query<{ hash: Buffer | null }>(`SELECT credential_hash AS hash FROM terminals WHERE terminal_id = 'BD-0399'`)
  t.equal(rows[0]!.hash, null)
})

t.test('the list: by number, model and plate in any writing, by state, in a vehicle or not, silent or heard of', async (t) => {
  await register(bureau, [{ terminalId: 'LIST-001' }, { terminalId: 'LIST-002', vehicleId: null }], { model: '天枢 T9' })
  t.same(await list({ q: 'list-00' }), ['LIST-001', 'LIST-002'])
  t.same(await list({ q: '天枢' }), ['LIST-001', 'LIST-002'])
  t.same(await list({ q: '天枢', fitted: 'yes' }), [])
  t.same(await list({ q: '蒙B·B0301' }), ['T30100'])
  t.same(await list({ q: '蒙B·B0301' }, league), [])
  t.same(await list({ q: '%' }), [])
  t.ok((await list({ fitted: 'yes' })).includes('T30200'))
  // Heard of is who spoke: neither what is stored of its vehicle nor what is put aside is told by it.
  const heard = new Date()
  await db.query(
    `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms) VALUES (301, $1, $1, 1117000000, 408000000, 1, 0)`,
    [heard],
  )
  await db.query(`INSERT INTO terminal_contacts VALUES ('LIST-001', $1), ('LIST-002', $1), ('T30200', $1::timestamptz - interval '2 h')`, [
    heard,
  ])
  await db.query(
    `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at)
     VALUES ('q1', 'vmp/v1/150102/LIST-002/up/location', 'LIST-002', 'terminal-not-bound', '', 3, 'x', $1, $1)`,
    [heard],
  )
  const silent = await list({ silentHours: 1 })
  for (const id of ['LIST-001', 'LIST-002']) t.notOk(silent.includes(id), id)
  for (const id of ['T30100', 'T30200']) t.ok(silent.includes(id), id)
  const rows = (await ask(world, 'listTerminals', bureau, { query: { q: 'LIST' } })).json().rows
  t.match(rows[0], { lastContactAt: heard.toISOString(), refusedAt: null })
  t.match(rows[1], { lastContactAt: heard.toISOString(), refusedAt: heard.toISOString() })
  await db.query(`UPDATE quarantine SET replayed_at = last_at + interval '1 s' WHERE digest = 'q1'`)
  t.match(await read('LIST-002'), { refusedAt: null, refused: [] }, 'put through again, and it did not come back')
  // A terminal that comes into the vehicle later did not say what was said before.
  await register(bureau, [{ terminalId: 'LIST-003' }], { organisationId: 30 })
  await fit(bureau, 'LIST-003', 301)
  t.match(await read('LIST-003'), { lastContactAt: null, lastPosition: null })
  const page = (await ask(world, 'listTerminals', bureau, { query: { limit: 2, offset: 3 } })).json()
  t.same(
    page.rows.map(({ terminalId }) => terminalId),
    (await list({})).slice(3, 5),
  )
  t.equal(page.total, (await list({})).length)
  // The first pages and a search are found in two ways.
  await markSecret(db, 302)
  t.teardown(() => db.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 302'))
  for (const by of [bureau, league, manager]) {
    const everything = await list({}, by)
    t.notOk(everything.includes('T30200'), 'out of sight with its vehicle')
    t.same([...(await list({ fitted: 'yes' }, by)), ...(await list({ fitted: 'no' }, by))].sort(), everything)
  }
})

t.test('one terminal: what it sent last and why it was refused; its place is for those alone who may look at live positions', async (t) => {
  await db.query(
    `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at, times)
     SELECT d::bytea, 'vmp/v1/150200/T30200/up/location', 'T30200', r, d, 2, 'x', now(), now() + n * interval '1 s', n
     FROM (VALUES ('older', 'schema', 1), ('newer', 'schema', 3), ('ahead', 'time-in-future', 2)) AS v (d, r, n)`,
  )
  await db.query(
    `INSERT INTO terminal_knocks VALUES ('T30200', 'secret', now(), now(), 4, '192.0.2.7'), ('TSTRANGE', 'unknown', now(), now(), 1, '192.0.2.8')`,
  )
  await db.query(
    `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms) VALUES (302, now(), now(), 1117000000, 408000000, 615, 1, 0)`,
  )
  const detail = async (username: string) => read('T30200', await world.signIn(username))
  const seen = await detail('dispatcher@30')
  t.match(seen, {
    refused: [
      { reason: 'schema', detail: 'newer', times: 4, positions: 4 },
      { reason: 'time-in-future', detail: 'ahead', times: 2, positions: 2 },
    ],
    knocks: [{ why: 'secret', times: 4, cameBy: '192.0.2.7' }],
    lastPosition: { lon: 111.7, lat: 40.8, speedKph: 61.5, ignition: true },
  })
  t.equal((await detail('finance@30')).lastPosition, null, 'finance sees no map')
  const inspector = await world.signIn('inspector@30')
  t.equal((await read('T30200', inspector)).lastPosition, null, 'no purpose stated')
  await ask(world, 'statePurpose', inspector, { body: { purpose: '核查举报线索' } })
  t.match((await read('T30200', inspector)).lastPosition, { lon: 111.7 })
  const looks = await db.query<{ username: string; action: string }>(
    `SELECT username, action FROM audit_log WHERE subject_type = 'vehicle' AND subject_id = '302' AND action IN ('vehicle.view', 'live.look') ORDER BY seq`,
  )
  t.same(looks.rows, [
    { username: 'dispatcher@30', action: 'live.look' },
    { username: 'inspector@30', action: 'vehicle.view' },
  ])
  const knocks = async (by: Signed) => (await ask(world, 'listTerminalKnocks', by)).json().rows.map(({ name }) => name)
  t.same((await knocks(bureau)).sort(), ['T30200', 'TSTRANGE'])
  t.same(await knocks(league), ['TSTRANGE'], 'a number that is nobody’s is for whoever may register it')
  await register(league, [{ terminalId: 'TSTRANGE' }])
  t.same(await knocks(league), [], 'admitted')
})

t.test('what a terminal said in another’s name is its own, and is never put through as the other’s', async (t) => {
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at)
     VALUES ('foreign', 'vmp/v1/150200/T30100/up/location', 'T30200', 'bad-topic', '', 1, 'x', now(), now()) RETURNING quarantine_id AS id`,
  )
  const said = async (terminalId: string) => (await read(terminalId)).refused.some((each) => each.reason === 'bad-topic')
  t.same([await said('T30200'), await said('T30100')], [true, false])
  const replayed = await ask(world, 'replayQuarantine', await world.signIn('system_admin'), { params: { quarantineId: rows[0]!.id } })
  t.same(issuesOf(replayed), ['params.quarantineId quarantine.foreign'])
})

t.test('vehicles that a reader may not see have no name among those that a terminal was in', async (t) => {
  await register(bureau, [{ terminalId: 'BD-0400' }], { organisationId: 30 })
  await fit(bureau, 'BD-0400', 302)
  await fit(bureau, 'BD-0400', 202)
  await fit(manager, 'BD-0400', null)
  const past = async (by: Signed) => (await read('BD-0400', by)).pastBindings.map(({ vehicle }) => vehicle?.vehicleId ?? null)
  t.same(await past(bureau), [202, 302])
  t.same(await past(manager), [202, null])
  await markSecret(db, 202)
  t.teardown(() => db.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 202'))
  t.same(await past(manager), [null, null])
  const history = (await ask(world, 'getTerminalHistory', manager, { params: { terminalId: 'BD-0400' } })).body
  t.notMatch(history, /"vehicleId":202/)
})

t.test('what another unit did with a terminal is told without what and why; its own unit reads all of it', async (t) => {
  await register(bureau, [{ terminalId: 'BD-0420', note: '丙单位备用' }], { organisationId: 30, reason: '丙单位采购' })
  await fit(bureau, 'BD-0420', 302, { reason: '装到丙单位车辆' })
  await fit(bureau, 'BD-0420', 202, { reason: '调剂给甲单位' })
  await fit(manager, 'BD-0420', null)
  const history = async (by: Signed, query = {}) =>
    (await ask(world, 'getTerminalHistory', by, { params: { terminalId: 'BD-0420' }, query })).json().rows
  const seen = await history(manager)
  t.same(
    seen.map(({ action }) => action),
    ['terminal.fit', 'terminal.fit', 'terminal.fit', 'terminal.register'],
  )
  t.match(seen[1], { before: null, after: { vehicleId: 202, organisationId: 20 }, reason: '调剂给甲单位', names: {} })
  for (const entry of seen.slice(2)) t.match(entry, { before: null, after: null, reason: null, username: 'bureau' })
  t.notMatch(JSON.stringify(seen), /302|丙单位/)
  t.same(await history(manager, { beforeSeq: seen[1]!.seq }), seen.slice(2), 'a further page knows whose it was')
  t.match(JSON.stringify(await history(bureau)), /302.*丙单位采购/)
})

t.test(
  'what is stored of a terminal is counted in each vehicle that it was in, of the time when it was; last contact goes with it',
  async (t) => {
    await register(bureau, [{ terminalId: 'BD-0430' }, { terminalId: 'BD-0431' }])
    const [first, second] = [await enterVehicle(3), await enterVehicle(4)]
    const stored = async (terminalId: string, window: object = {}) =>
      (await ask(world, 'getConservation', bureau, { query: { terminalId, ...window } })).json().stored
    await fit(bureau, 'BD-0430', first, { since: agoS(100) })
    for (const ago of [90, 80, 70]) await report(first, agoS(ago))
    await db.query(`INSERT INTO terminal_contacts VALUES ('BD-0430', $1)`, [agoS(70)])
    await fit(bureau, 'BD-0431', first, { since: agoS(60) })
    await report(first, agoS(50))
    await fit(bureau, 'BD-0430', second, { since: agoS(40) })
    await report(second, agoS(30))
    t.same([await stored('BD-0430'), await stored('BD-0431')], [4, 1])
    t.equal(await stored('BD-0430', { from: agoS(-60), to: agoS(-120) }), 0)
    t.equal((await read('BD-0430')).lastContactAt !== null, true, 'taken off and fitted elsewhere, it was heard all the same')
  },
)

t.test('whose a terminal becomes by being fitted, or stays when it is taken off, is in its history', async (t) => {
  await register(bureau, [{ terminalId: 'BD-0410' }], { organisationId: 20 })
  const last = async () => (await ask(world, 'getTerminalHistory', bureau, { params: { terminalId: 'BD-0410' } })).json().rows[0]
  await fit(bureau, 'BD-0410', 302)
  t.match(await last(), { action: 'terminal.fit', before: { organisationId: 20 }, after: { organisationId: 30 } })
  await fit(bureau, 'BD-0410', null)
  t.notOk('organisationId' in (await last())!.after!, 'it stays with the unit')
})

t.test('two people fit one terminal, or two into one vehicle: one of them does, and the other is told', async (t) => {
  await register(bureau, [{ terminalId: 'RACE-001' }, { terminalId: 'RACE-002' }])
  const { version } = await read('RACE-001')
  const has = { 201: (await fileOf(201)).terminalId, 211: (await fileOf(211)).terminalId }
  const into = (terminalId: string, vehicleId: 201 | 211, by: Signed) =>
    ask(world, 'fitTerminal', by, { params: { terminalId }, body: { version, vehicleId, replaces: has[vehicleId], reason } })
  const answers = await Promise.all([into('RACE-001', 201, bureau), into('RACE-001', 211, await world.signIn('bureau.two'))])
  t.same(answers.map(({ code }) => code ?? 'OK').sort(), ['CHANGED_MEANWHILE', 'OK'])
  const file = (await ask(world, 'getVehicleFile', bureau, { params: { vehicleId: 302 } })).json()
  const bind = (terminalId: string) =>
    ask(world, 'bindTerminal', bureau, { params: { vehicleId: 302 }, body: { version: file.version, terminalId, reason } })
  await register(bureau, [{ terminalId: 'RACE-003' }, { terminalId: 'RACE-004' }], { organisationId: 30 })
  const bound = await Promise.all([bind('RACE-003'), bind('RACE-004')])
  t.same(bound.map(({ code }) => code ?? 'OK').sort(), ['CHANGED_MEANWHILE', 'OK'])
})

t.test('two fit different terminals into one vehicle: the second is told what is there now, by whichever way either came', async (t) => {
  await register(
    bureau,
    ['RACE-020', 'RACE-021', 'RACE-022', 'RACE-023'].map((terminalId) => ({ terminalId })),
  )
  const vehicleId = await enterVehicle(1)
  const seen = await fileOf(vehicleId)
  const into = (terminalId: string, replaces: string | null = null) =>
    ask(world, 'fitTerminal', bureau, { params: { terminalId }, body: { version: 1, vehicleId, replaces, reason } })
  const bind = (terminalId: string) =>
    ask(world, 'bindTerminal', bureau, { params: { vehicleId }, body: { version: seen.version, terminalId, reason } })
  const both = await Promise.all([into('RACE-020'), into('RACE-021')])
  t.same(both.map(({ code }) => code ?? 'OK').sort(), ['CHANGED_MEANWHILE', 'OK'])
  t.equal((await bind('RACE-022')).code, 'CHANGED_MEANWHILE')
  const { terminalId } = await fileOf(vehicleId)
  t.equal((await into('RACE-022', terminalId)).status, 200, 'who has seen it swaps it')
  t.equal((await into('RACE-023', terminalId)).code, 'CHANGED_MEANWHILE')
})

t.test('since when a terminal is in its vehicle is put right, either way, where nothing that is stored speaks against it', async (t) => {
  await register(bureau, [{ terminalId: 'BD-0600' }, { terminalId: 'BD-0601' }])
  const vehicleId = await enterVehicle(2)
  await fit(manager, 'BD-0601', vehicleId, { since: agoS(120) })
  await fit(manager, 'BD-0600', vehicleId, { since: agoS(60) })
  const [earlier, first, later] = [agoS(50), agoS(40), agoS(30)]
  t.equal((await fit(manager, 'BD-0600', vehicleId, { since: earlier })).json().boundSince, earlier)
  await report(vehicleId, first)
  const held = await fit(manager, 'BD-0600', vehicleId, { since: later })
  t.same([issuesOf(held), valuesOf(held)], [['body.since terminal.sinceHolds'], { latest: first }])
  t.equal(
    (await fit(manager, 'BD-0600', vehicleId, { since: first })).json().boundSince,
    first,
    'a position of that moment is still its own',
  )
  const past = (await ask(world, 'getVehicleFile', manager, { params: { vehicleId } })).json()
  t.same(issuesOf(await fit(manager, 'BD-0600', vehicleId, { since: agoS(130) })), ['body.since terminal.sinceChanged'])
  t.same(issuesOf(await fit(manager, 'BD-0600', vehicleId, { since: agoS(-60) })), ['body.since terminal.sinceFuture'])
  const body = { version: past.version, terminalId: 'BD-0600', since: earlier, reason }
  const bound = await ask(world, 'bindTerminal', manager, { params: { vehicleId }, body })
  t.equal(bound.json().terminalSince, earlier, bound.body)
  for (const [name, params] of [
    ['getTerminalHistory', { terminalId: 'BD-0600' }],
    ['getVehicleHistory', { vehicleId }],
  ] as const) {
    const { rows } = (await ask(world, name, manager, { params })).json()
    t.match(rows[0], { before: { boundSince: first }, after: { boundSince: earlier } })
  }
  const { version } = await read('BD-0600')
  t.equal((await fit(manager, 'BD-0600', vehicleId, { since: earlier })).json().version, version, 'what is so already is no change')
  const { boundSince } = (await fit(manager, 'BD-0600', null)).json()
  t.same(issuesOf(await fit(manager, 'BD-0600', null, { since: agoS(5) })), ['body.since terminal.inNone'])
  // The very moment at which it came out is named: it is not mistaken for no moment.
  const same = await fit(manager, 'BD-0600', vehicleId, { since: boundSince })
  t.same([issuesOf(same), valuesOf(same)], [['body.since terminal.sinceChanged'], { earliest: second(`${boundSince!.slice(0, 19)}.000Z`) }])
})

t.test('a swap entered too late is put right as one moment, so that nobody else had the vehicle in between', async (t) => {
  await register(bureau, [{ terminalId: 'SWAP-001' }, { terminalId: 'SWAP-002' }])
  const vehicleId = await enterVehicle(51)
  const [fitted, before, done, entered, later] = [agoS(900), agoS(600), agoS(500), agoS(300), agoS(200)]
  await fit(manager, 'SWAP-001', vehicleId, { since: fitted })
  await fit(manager, 'SWAP-002', vehicleId, { since: entered })
  await report(vehicleId, before)
  const tooEarly = await fit(manager, 'SWAP-002', vehicleId, { since: agoS(700) })
  t.same([issuesOf(tooEarly), valuesOf(tooEarly)], [['body.since terminal.sinceStored'], { earliest: second(before) }])
  const past = async () =>
    (
      await db.query<{ terminalId: string; since: Date; until: Date }>(
        `SELECT terminal_id AS "terminalId", lower(during) AS since, upper(during) AS until FROM terminal_past_bindings WHERE vehicle_id = $1`,
        [vehicleId],
      )
    ).rows.map(({ terminalId, since, until }) => [terminalId, since.toISOString(), until.toISOString()])
  for (const moment of [done, later]) {
    t.equal((await fit(manager, 'SWAP-002', vehicleId, { since: moment })).json().boundSince, moment)
    t.same(await past(), [['SWAP-001', fitted, moment]])
    t.equal((await read('SWAP-001')).boundSince, moment, 'and out it is since then')
    const { rows } = (await ask(world, 'getTerminalHistory', manager, { params: { terminalId: 'SWAP-001' } })).json()
    t.match(rows[0], { after: { boundSince: moment } })
  }
  // What is in another vehicle by then was not in this one.
  const other = await enterVehicle(52)
  await fit(manager, 'SWAP-001', other, { since: agoS(150) })
  t.equal((await fit(manager, 'SWAP-002', vehicleId, { since: agoS(100) })).status, 200)
  t.same(await past(), [['SWAP-001', fitted, later]])
})

t.test('a terminal from stock is in a vehicle since it was fitted, and what it sent from the shelf is no vehicle’s', async (t) => {
  await register(bureau, [{ terminalId: 'SHELF-01' }])
  const vehicleId = await enterVehicle(53)
  const began = Date.now()
  const { boundSince } = (await fit(manager, 'SHELF-01', vehicleId)).json()
  t.ok(boundSince !== null && Date.parse(boundSince) >= began - 1000, String(boundSince))
})

t.test('whose terminal was taken out of his reach meanwhile is told that it is not there, and not where it is', async (t) => {
  await register(bureau, [{ terminalId: 'RACE-010' }])
  const { version } = await read('RACE-010', manager)
  t.equal((await fit(bureau, 'RACE-010', 301)).status, 200)
  const late = await ask(world, 'fitTerminal', manager, { params: { terminalId: 'RACE-010' }, body: { version, vehicleId: 201, reason } })
  t.equal(late.code, 'NOT_FOUND')
  t.notMatch(late.body, /301/)
})

t.test('a vehicle that is disposed of lets its terminal go, and the terminal’s history says so', async (t) => {
  await register(bureau, [{ terminalId: 'BD-0500', vehicleId: 100 }]).then((refused) => t.equal(refused.code, 'CONFLICT', 'it has one'))
  const start = { kind: 'disposal', vehicleId: 100, reason }
  let flow = (await ask(world, 'startFlow', bureau, { body: start })).json()
  const two = await world.signIn('bureau.two')
  for (const [by, action, data] of [
    [bureau, 'appraise', { appraisedFen: 100 }],
    [two, 'approve', { financeDocumentNo: '财资 1 号' }],
    [bureau, 'execute', { method: 'scrap', incomeFen: 100, remittanceNo: 'R1' }],
  ] as const) {
    const answer = await ask(world, 'actOnFlow', by, {
      params: { flowId: flow.flowId },
      body: { version: flow.version, action, data, reason },
    })
    t.equal(answer.status, 200, answer.body)
    flow = answer.json()
  }
  t.match(await read('T10000'), { vehicle: null, organisation: { organisationId: 10 }, pastBindings: [{ vehicle: { vehicleId: 100 } }] })
  const last = async (terminalId: string) => (await ask(world, 'getTerminalHistory', bureau, { params: { terminalId } })).json().rows[0]
  t.match(await last('T10000'), { action: 'ledger.follow', before: { vehicleId: 100 }, after: { vehicleId: null } })
})

t.test('whatever is done in whatever order, a vehicle has one terminal at any instant and a terminal one vehicle', async (t) => {
  const terminals = ['LAW-0001', 'LAW-0002', 'LAW-0003']
  const vehicles = [201, 211, 301]
  await register(
    bureau,
    terminals.map((terminalId) => ({ terminalId })),
  )
  const done: Record<string, number> = {}
  const act = fc.record({
    terminal: fc.constantFrom(...terminals),
    vehicle: fc.option(fc.constantFrom(...vehicles), { freq: 3 }),
    since: fc.option(fc.integer({ min: -5_000, max: 200 }), { freq: 2 }),
    by: fc.constantFrom('fit', 'bind', 'report' as const),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 10 }), async (acts) => {
      for (const { terminal, vehicle, since, by } of acts) {
        const when = since === null ? {} : { since: new Date(Date.now() + since).toISOString() }
        if (by === 'report') await report(vehicle ?? 201, new Date().toISOString())
        else if (by === 'fit') count(await fit(bureau, terminal, vehicle, when))
        else {
          const params = { vehicleId: vehicle ?? 201 }
          const { version } = (await ask(world, 'getVehicleFile', bureau, { params })).json()
          const body = { version, terminalId: vehicle === null ? null : terminal, reason, ...when }
          count(await ask(world, 'bindTerminal', bureau, { params, body }))
        }
      }
      t.same(await overlaps(), [])
    }),
    { numRuns: 12 },
  )
  t.ok(done.OK! > 10 && done.CONFLICT! > 0, JSON.stringify(done))

  function count({ code = 'OK' }: { code: string | undefined }) {
    done[code] = (done[code] ?? 0) + 1
    if (!['OK', 'CONFLICT', 'VALIDATION_FAILED'].includes(code)) t.fail(code)
  }
})

t.test('five thousand at once: each has its secret and its record, and all are replaced and taken away at once', async (t) => {
  const terminals = Array.from({ length: 5_000 }, (_, n) => ({ terminalId: `MANY-${n}`, note: '本批次随车安装的终端' }))
  const { credentials } = (await register(league, terminals)).json()
  t.equal(new Set(credentials.map(({ secret }) => secret)).size, 5_000)
  const records = async (action: string) =>
    (
      await db.query<{ n: number }>('SELECT count(DISTINCT subject_id) AS n FROM audit_log WHERE action = $1 AND subject_id LIKE $2', [
        action,
        'MANY-%',
      ])
    ).rows[0]!.n
  t.equal(await records('terminal.register'), 5_000)
  const terminalIds = terminals.map(({ terminalId }) => terminalId)
  const issued = (await ask(world, 'issueCredentials', league, { body: { terminalIds, reason } })).json().credentials
  t.same(
    issued.map(({ terminalId }) => terminalId),
    terminalIds,
    'in the order of the list',
  )
  t.equal(await records('terminal.issue'), 5_000)
  t.same((await ask(world, 'revokeTerminals', league, { body: { terminalIds, reason } })).json(), { revoked: 5_000 })
  const one = (await register(league, [...terminals.slice(0, 3), { terminalId: 'MANY-NEW', note: '' }])).code
  t.equal(one, 'VALIDATION_FAILED')
})

/** Of all times and terminals, past and present: two of a terminal, or of a vehicle, that share an instant. */
const overlaps = async () =>
  (
    await db.query(
      `WITH b AS (
         SELECT terminal_id, vehicle_id, during FROM terminal_past_bindings
         UNION ALL SELECT terminal_id, vehicle_id, tstzrange(bound_since, NULL) FROM terminals WHERE vehicle_id IS NOT NULL)
       SELECT x.*, y.terminal_id AS other FROM b x JOIN b y ON x.during && y.during AND (x.terminal_id = y.terminal_id OR x.vehicle_id = y.vehicle_id)
         AND (x.terminal_id, x.vehicle_id, x.during) < (y.terminal_id, y.vehicle_id, y.during)`,
    )
  ).rows
