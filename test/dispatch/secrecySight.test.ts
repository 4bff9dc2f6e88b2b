// A sensitive vehicle against the whole API table: nobody who is not named, and looks under no unmasking, finds a trace of it anywhere.

import t from 'tap'
import type { Endpoint } from '../../services/contracts/api/endpoint.ts'
import { api, type EndpointName } from '../../services/contracts/api.ts'
import { exchangeSubjects } from '../../services/contracts/exchange.ts'
import { type Capability, grantOf, type Role, roles } from '../../services/domain/permissions.ts'
import { csv, VEHICLE_HEADINGS, vehicleRow } from '../exchange/files.ts'
import { runs, someOf } from '../harness/long.ts'
import { newVehicle } from './ledgerPeople.ts'
import { makeToken } from './people.ts'
import { NOW_MS } from './region.ts'
import { markSecret, reason, SECRET, secretFacts, seedSecret, seedTrip, trace, tripTrace, unmask } from './secrecyPeople.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
const seeded = await seedSecret(db)
const { fileId, flowId, fuelCardId, quarantineId, secretNo } = seeded
const trip = await seedTrip(db)
await db.query(`INSERT INTO terminals (terminal_id, organisation_id) VALUES ('TFREE001', 20)`)
// What is asked of the terminal that is in it, and of one that is not there.
const terminalBodies = (terminalId: string): Partial<Record<EndpointName, object>> => ({
  changeTerminal: { version: 1, note: '改', reason },
  fitTerminal: { version: 1, vehicleId: null, reason },
  issueCredentials: { terminalIds: [terminalId], reason },
  revokeTerminals: { terminalIds: [terminalId], reason },
})
// Nobody is kept from a plate by a quota here.
await db.query(
  `INSERT INTO ledger_policies (organisation_id, effective_from, over_quota, over_standard) VALUES (1, '2020-01-01', 'flag', 'flag')`,
)
const world = await startWorld(t, db)
const window = { from: new Date(NOW_MS - 3_600_000).toISOString(), to: new Date(NOW_MS).toISOString() }
const purpose = '核查举报线索'
const ABSENT = 999_999

const endpoints = Object.entries(api) as [EndpointName, Endpoint][]
/** The audit log is read by those who answer for it; what they read there is their work. */
const auditRoles: readonly Role[] = ['audit_admin']

/** Everything that a reader could put into a query to find it. */
const searches: Record<string, unknown>[] = [
  {},
  { q: 'AA0202' },
  { q: secretFacts.vin },
  { q: '示例司机一' },
  { q: '甲单位' },
  { vehicleId: SECRET },
  { organisationId: 20 },
  { class: 'law_enforcement' },
  { category: 'LAW_ENFORCEMENT' },
  { terminalId: 'T20200' },
  { state: 'active', fitted: 'yes' },
  { silentHours: 1 },
  { subjectType: 'vehicle', subjectId: String(SECRET) },
  { only: 'running' },
  { q: '会议' },
  { unnamed: 'true' },
  { by: 'unit' },
]
/** Ranges without which some answer nothing. */
const ranges: Partial<Record<EndpointName, object>> = {
  getBoard: { from: window.to, until: new Date(NOW_MS + 72 * 3_600_000).toISOString() },
  listCostSums: { from: '2026-01-01', until: '2026-12-31' },
  listCostEntries: { from: '2026-01-01', until: '2026-12-31' },
}

const paramsOf = (vehicleId: number) => ({
  vehicleId,
  fileId,
  flowId,
  quarantineId,
  fuelCardId,
  driverId: 1,
  organisationId: 20,
  subject: 'vehicles',
  secretNo,
  terminalId: vehicleId === SECRET ? 'T20200' : 'TABSENT1',
  ...trip,
})

/** Whole bodies of what changes a vehicle or names one. */
const bodies = (vehicleId: number): Partial<Record<EndpointName, { params?: object; body?: unknown; query?: object }>> => ({
  changeVehicle: { body: { version: 1, set: { note: '改' }, reason } },
  actOnVehicle: { body: { version: 1, action: 'seal', reason } },
  bindTerminal: { body: { version: 1, terminalId: null, reason } },
  registerTerminals: { body: { reason, organisationId: 20, terminals: [{ terminalId: 'TNEW0001', vehicleId }] } },
  fitTerminal: { params: { terminalId: 'TFREE001' }, body: { version: 1, vehicleId, reason } },
  removeVehicleFile: { query: { reason } },
  previewBulk: { body: { vehicleIds: [vehicleId], set: { note: '改' } } },
  applyBulk: { body: { vehicleIds: [vehicleId], set: { note: '改' }, token: 'x'.repeat(43), reason } },
  startFlow: { body: { kind: 'transfer', vehicleId, toUnitId: 21, reason } },
  createDriver: { body: { name: '示例', phone: '13800000009', organisationId: 20, vehicleId } },
  createFuelCard: { body: { cardNo: '9000000000009999', supplierId: seeded.supplierId, organisationId: 20, vehicleId } },
  decideDriver: { params: { driverId: 1 }, query: { vehicleId, from: window.to, until: new Date(NOW_MS + 3_600_000).toISOString() } },
  openCase: { body: { purpose: reason, basis: reason, from: window.from, until: window.to, vehicleIds: [vehicleId] } },
  getTrack: { query: { ...window, purpose } },
  getTrackBytes: { query: { ...window, purpose } },
  listTrips: { query: { ...window, purpose } },
  getInstant: { query: { at: window.to, purpose } },
  findWhoWasHere: { query: { ...window, purpose, area: '111.65,40.75;111.75,40.75;111.7,40.85' } },
  findMeetings: { query: { ...window, purpose } },
  findNightPlaces: { query: { ...window, purpose } },
})

const unnamed: Record<string, Signed> = {}
for (const role of roles) unnamed[role] = await world.signIn(role)
unnamed.bureau = await world.signIn('bureau')
await ask(world, 'statePurpose', unnamed.inspector, { body: { purpose } })
const roleOf = (username: string): Role => (username === 'bureau' ? 'bureau_admin' : (username as Role))
const may = (username: string, { access }: Endpoint): boolean =>
  access === 'public' || access === 'signed-in' || access === 'step' || grantOf(roleOf(username), access as Capability).reach !== 'none'
const withoutId = (body: string) => body.replace(/"requestId":"[^"]+"/, '')

t.test('no list, search, roster, export or detail shows a trace of it to any role that is not named', async (t) => {
  let looked = 0
  let turn = 0
  for (const [name, endpoint] of endpoints.filter(([each, { method }]) => method === 'GET' && !/Audit/.test(each))) {
    turn++
    for (const [username, signed] of Object.entries(unnamed)) {
      if (!may(username, endpoint)) continue
      // What an endpoint does not know it refuses or passes over, whichever it is: one of those.
      const known = searches.filter((search) => Object.keys(search).every((key) => key in (endpoint.query?.shape ?? {})))
      for (const search of someOf([...known, searches.find((search) => !known.includes(search)) ?? {}], 2, turn++)) {
        const query = {
          ...search,
          ...ranges[name],
          ...bodies(SECRET)[name]?.query,
          ...(name === 'exportList' ? { format: 'csv', locale: 'zh-CN' } : {}),
        }
        // Which requests, whose own text would come back, have been made: none here asked for it by its plate.
        const answer = await ask(world, name, signed, { params: paramsOf(SECRET), query })
        for (const found of [trace, tripTrace])
          if (found.test(answer.body)) t.fail(`${username} ${name} ${JSON.stringify(search)}: ${found} in ${answer.body.slice(0, 300)}`)
        looked++
      }
    }
  }
  t.ok(looked > runs(600, 1_000), `${looked} answers were searched`)
  for (const subject of exchangeSubjects)
    for (const username of ['bureau', 'bureau_admin', 'fleet_manager', 'dispatcher', 'finance'])
      for (const query of [
        {},
        ...(subject === 'vehicles' ? [{ list: 'fleet' }, { list: 'ledger' }] : []),
        ...(subject === 'drivers' ? [{ list: 'drivers' }] : []),
      ]) {
        const answer = await ask(world, 'exportList', unnamed[username], {
          params: { subject },
          query: { format: 'csv', locale: 'zh-CN', ...query },
        })
        t.notMatch(answer.body, trace, `${username} ${subject} ${JSON.stringify(query)}`)
        t.notMatch(answer.body, tripTrace, `${username} ${subject} ${JSON.stringify(query)}`)
      }
})

t.test('the audit log shows it to nobody but those who answer for the log', async (t) => {
  await ask(world, 'getTrack', await world.signIn('bureau.two'), { params: { vehicleId: 211 }, query: window })
  // Of a vehicle that nothing else here is about: the live picture may look while it is open.
  const vehicleId = 201
  const inspector = await world.signIn('inspector')
  const opened = { purpose, basis: '来信举报', from: window.from, until: window.to, vehicleIds: [vehicleId] }
  const { caseId } = (await ask(world, 'openCase', inspector, { body: opened })).json()
  await ask(world, 'getTrack', inspector, { params: { vehicleId }, query: { ...window, caseId } })
  const seen = await ask(world, 'listAudit', inspector, { query: { subjectType: 'vehicle', subjectId: String(vehicleId) } })
  t.equal(seen.json().rows.length, 1, 'before it was marked')
  const { seq } = seen.json().rows[0]!
  await markSecret(db, vehicleId)
  t.same((await ask(world, 'listAudit', inspector, { query: { subjectType: 'vehicle', subjectId: String(vehicleId) } })).json().rows, [])
  t.equal((await ask(world, 'getAuditRecord', inspector, { params: { seq } })).code, 'NOT_FOUND')
  const admin = await world.signIn('audit_admin')
  t.equal((await ask(world, 'listAudit', admin, { query: { subjectType: 'vehicle', subjectId: String(vehicleId) } })).json().rows.length, 1)
  t.same(auditRoles, ['audit_admin'])
  await db.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = $1', [vehicleId])
})

t.test('every endpoint that takes a vehicle answers as if there were none', async (t) => {
  // What is asked of a place or an instant names no vehicle; what it answers is looked through above.
  const ofAll: EndpointName[] = ['getInstant', 'findWhoWasHere']
  const taking = endpoints.filter(
    ([name, { params, upload }]) => !upload && (params?.shape.vehicleId || (bodies(1)[name] && !ofAll.includes(name))),
  )
  t.ok(taking.length >= 16, taking.map(([name]) => name).join())
  for (const [name, endpoint] of taking) {
    const changes = endpoint.method !== 'GET' && !endpoint.path.includes('files')
    if (changes) t.ok(bodies(1)[name]?.body, `${name} takes a vehicle and needs a whole body in this test`)
    for (const [username, signed] of Object.entries(unnamed)) {
      if (!may(username, endpoint)) continue
      const to = (vehicleId: number) =>
        ask(world, name, signed, {
          ...bodies(vehicleId)[name],
          params: { ...paramsOf(vehicleId), ...bodies(vehicleId)[name]?.params },
        } as never)
      const [hidden, absent] = [await to(SECRET), await to(ABSENT)]
      t.ok(hidden.status >= 400 && hidden.status < 500, `${username} ${name} ${hidden.status} ${hidden.body}`)
      t.equal(withoutId(hidden.body), withoutId(absent.body), `${username} ${name}`)
    }
  }
  for (const name of ['getTerminal', 'getTerminalHistory', 'changeTerminal', 'fitTerminal', 'issueCredentials', 'revokeTerminals'] as const)
    for (const [username, signed] of Object.entries(unnamed)) {
      if (!may(username, api[name])) continue
      const to = (terminalId: string) => ask(world, name, signed, { params: { terminalId }, body: terminalBodies(terminalId)[name] })
      const [hidden, absent] = [await to('T20200'), await to('TABSENT1')]
      t.same([hidden.code, withoutId(hidden.body)], ['NOT_FOUND', withoutId(absent.body)], `${username} ${name}`)
    }
  for (const name of ['getFlow', 'editFuelCard', 'actOnFlow', 'replayQuarantine'] as const) {
    const body = {
      getFlow: undefined,
      replayQuarantine: undefined,
      editFuelCard: { version: 1, state: 'active', vehicleId: null, dayLimitFen: null, monthLimitFen: null, validUntil: null },
      actOnFlow: { version: 1, action: 'withdraw', reason },
    }[name]
    for (const username of ['bureau', 'system_admin'].filter((each) => may(each, api[name])))
      t.equal((await ask(world, name, unnamed[username], { params: paramsOf(SECRET), body })).code, 'NOT_FOUND', `${username} ${name}`)
  }
})

t.test(
  'a trip with it is not there either, whatever is asked of it, but for whoever asked for it; amounts stay in the sums of its unit',
  async (t) => {
    const body: Partial<Record<EndpointName, object>> = {
      actOnOrder: { action: 'confirm', version: 1 },
      moveOrder: { vehicleId: 201, driverId: 1, version: 1 },
      addOrderCost: { kind: 'toll', fen: 100, at: window.to, version: 1 },
      decideOrderCost: { stands: true, version: 1, reason },
      correctOdometer: { which: 'out', odometerKm: 1, version: 1, reason },
      reportIncident: { kind: 'breakdown', text: reason },
      actOnIncident: { action: 'see', version: 1 },
      actOnVehicleLoan: { action: 'end', version: 1, reason },
    }
    const about = endpoints.filter(([name, { params, upload }]) => !upload && (params?.shape.orderId || name === 'actOnVehicleLoan'))
    for (const [name, endpoint] of about)
      for (const [username, signed] of Object.entries(unnamed)) {
        if (!may(username, endpoint)) continue
        const to = (of: object) => ask(world, name, signed, { params: { ...paramsOf(SECRET), ...of }, body: body[name] })
        const [hidden, absent] = [await to({}), await to({ orderId: ABSENT, loanId: ABSENT })]
        t.equal(withoutId(hidden.body), withoutId(absent.body), `${username} ${name}`)
        // A step that is not his role's is refused before anything is looked for, and so is a past without a case.
        if (body[name] || endpoint.method === 'GET') t.match(hidden.code, /^(NOT_FOUND|FORBIDDEN|CASE_REQUIRED)$/, `${username} ${name}`)
      }
    t.ok(about.length >= 10, about.map(([name]) => name).join())
    const asker = await world.signIn('bureau.two')
    t.match((await ask(world, 'getOrder', asker, { params: trip })).json(), { orderId: trip.orderId, vehicle: null, track: null })
    t.equal((await ask(world, 'getRequest', asker, { params: trip })).json().order?.orderId, trip.orderId)
    t.equal((await ask(world, 'getRequest', unnamed.dispatcher, { params: trip })).json().order, null)
    const range = { from: '2026-03-01', until: '2026-03-01' }
    t.match((await ask(world, 'listCostSums', unnamed.finance, { query: { ...range, by: 'unit' } })).json(), {
      totalFen: 3500,
      rows: [{ distanceM: 0 }],
    })
    t.match((await ask(world, 'listCostEntries', unnamed.finance, { query: range })).json().rows, [
      { fen: 3500, order: null, note: null, vehicle: null },
    ])
    const board = await ask(world, 'getBoard', unnamed.dispatcher, { query: ranges.getBoard as never })
    t.match(board.json().drivers.find(({ driverId }) => driverId === 6)?.bars, [{ reason: 'trip', order: null }], 'he is taken')
  },
)

t.test('a plate, VIN or sticker that clashes with it is refused as any other, and no file may bring it in or name it', async (t) => {
  const { bureau } = unnamed
  const clash = async (more: object) =>
    withoutId((await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(77), reason, ...more } })).body)
  t.equal(await clash({ plate: secretFacts.plate }), (await clash({ plate: '蒙AA0100' })).replaceAll('蒙AA0100', secretFacts.plate))
  t.match(await clash({ vin: secretFacts.vin }), /vin\.taken/)
  t.notMatch(await clash({ vin: secretFacts.vin }), /"vehicleId"|0202/)
  const upload = async (subject: string, ...rows: unknown[][]) => {
    const answer = await world.app.inject({
      method: 'POST',
      url: '/api/v1/imports',
      query: { subject },
      headers: { ...bureau!.headers, 'content-type': 'application/octet-stream' },
      payload: csv(...rows),
    })
    return answer.body
  }
  const found = await upload('vehicles', VEHICLE_HEADINGS, vehicleRow('蒙AA0202'))
  t.match(found, /不在您可见的范围内/)
  t.notMatch(found.replaceAll('蒙AA0202', ''), trace)
  t.match(await upload('terminals', ['终端编号', '号牌号码'], ['T30200', '蒙AA0202']), /未找到车辆/)
  t.match(await upload('terminals', ['终端编号', '号牌号码'], ['T20200', '']), /已被使用/)
})

t.test('a file of somebody else shows its counts and no cell of it', async (t) => {
  const two = await world.signIn('bureau.two')
  const { rows } = (await ask(world, 'listImports', unnamed.bureau)).json()
  const importId = rows.find(({ subject }) => subject === 'vehicles')!.importId
  t.ok((await ask(world, 'getImport', unnamed.bureau, { params: { importId } })).json().problems.length > 0)
  t.match((await ask(world, 'getImport', two, { params: { importId } })).json(), { problemCount: 1, problems: [], samples: [] })
  t.equal(
    (await ask(world, 'getAnnotatedImport', two, { params: { importId }, query: { format: 'csv', locale: 'zh-CN' } })).code,
    'NOT_FOUND',
  )
})

const shows: EndpointName[] = [
  'getVehicle',
  'getVehicleFile',
  'listVehicles',
  'listLedger',
  'getRoster',
  'listFlows',
  'getDriver',
  'listFuelCards',
  'getTerminal',
  'listTerminals',
]
type Check = { equal(found: unknown, wanted: unknown, ...says: [string]): unknown }
const showsIt = async (t: Check, signed: Signed, names: readonly EndpointName[], says: string, expected: boolean) => {
  for (const name of names) {
    const answer = await ask(world, name, signed, { params: paramsOf(SECRET), query: name.startsWith('list') ? { limit: 200 } : {} })
    t.equal(trace.test(answer.body), expected, `${says} ${name} ${answer.status}`)
  }
  for (const name of ['getTrack', 'getTrackBytes', 'listTrips'] as const)
    t.equal(
      (await ask(world, name, signed, { params: { vehicleId: SECRET }, query: { ...window, purpose } })).status,
      expected ? 200 : 404,
      name,
    )
}

t.test('who is named sees it as any vehicle, until the day that was set, or the naming is ended', async (t) => {
  let bureau = unnamed.bureau!
  const until = new Date(NOW_MS + 3_600_000).toISOString()
  const name = (username: string, by: Signed = bureau) =>
    ask(world, 'nameForSecret', by, { params: { secretNo }, body: { username, until, reason } })
  t.equal((await name('bureau')).json() && (await name('bureau')).code, 'FORBIDDEN', 'nobody names himself')
  t.equal((await name('fleet_manager@30')).code, 'VALIDATION_FAILED', 'who does not reach it')
  t.equal((await name('system_admin')).code, 'VALIDATION_FAILED', 'who sees no vehicles')
  t.equal((await name('nobody')).code, 'VALIDATION_FAILED')
  t.equal((await name('dispatcher', await world.signIn('bureau_admin@30'))).code, 'NOT_FOUND', 'a register out of scope')
  const two = await name('bureau.two')
  t.match(two.json(), { running: true, until, namedBy: { username: 'bureau' }, account: { username: 'bureau.two' } })
  t.equal((await name('bureau.two')).code, 'CONFLICT')
  await showsIt(t, await world.signIn('bureau.two'), shows, 'named', true)
  await showsIt(t, await world.signIn('bureau.three'), shows, 'not named', false)
  const register = await ask(world, 'listSecretVehicles', bureau)
  t.match(register.json(), { total: 1, rows: [{ secretNo, unit: { organisationId: 20 }, sight: 'hidden', maxHours: 72, vehicle: null }] })
  t.match((await ask(world, 'listSecretVehicles', await world.signIn('bureau.two'))).json().rows[0]!.vehicle, { plate: secretFacts.plate })
  t.match(
    (await ask(world, 'listNameable', bureau, { params: { secretNo } }))
      .json()
      .rows.map(({ username }) => username)
      .sort(),
    [
      'applicant',
      'bureau',
      'bureau.three',
      'bureau.two',
      'bureau_admin',
      'dispatcher',
      'driver',
      'finance',
      'fleet_manager',
      'inspector',
      'manager.2',
      'unit_approver',
    ],
  )
  world.clock.atMs = NOW_MS + 3_600_000
  const later = await world.signIn('bureau.two')
  await showsIt(t, later, shows, 'over', false)
  world.clock.atMs = NOW_MS
  // The sessions of an hour ago are over by now.
  bureau = unnamed.bureau = await world.signIn('bureau')
  const { namingId } = two.json()
  t.equal((await ask(world, 'endNaming', bureau, { params: { namingId }, body: { reason } })).json().running, false)
  await showsIt(t, await world.signIn('bureau.two'), shows, 'ended', false)
  t.equal((await ask(world, 'endNaming', bureau, { params: { namingId }, body: { reason } })).code, 'CONFLICT')
  const { rows } = await db.query(`SELECT action FROM audit_log WHERE subject_type = 'secret-vehicle' ORDER BY seq`)
  t.same(
    rows.map(({ action }) => action),
    ['secrecy.name', 'secrecy.naming-end'],
  )
})

t.test('an unmasking opens it for its time and no longer, and each look is recorded with its number', async (t) => {
  const dispatcher = await world.signIn('dispatcher')
  const unmaskingId = await unmask(world, dispatcher, await world.signIn('bureau.two'))
  await showsIt(t, dispatcher, ['getVehicle', 'getVehicleFile', 'listVehicles', 'listLedger', 'getRoster'], 'unmasked', true)
  t.equal((await ask(world, 'getVehicleHistory', dispatcher, { params: { vehicleId: SECRET } })).status, 200)
  const row = (await ask(world, 'getVehicle', dispatcher, { params: { vehicleId: SECRET } })).json()
  t.match(row, { secret: true, unmaskedUntil: new Date(NOW_MS + 3_600_000).toISOString() })
  t.match(
    (await ask(world, 'exportList', dispatcher, { params: { subject: 'vehicles' }, query: { format: 'csv', locale: 'en' } })).body,
    trace,
  )
  const { rows } = await db.query<{ body: string }>(
    `SELECT body FROM audit_log WHERE subject_type = 'unmasking' AND subject_id = $1 AND action = 'unmask.use' ORDER BY seq`,
    [String(unmaskingId)],
  )
  const parts = rows.map(({ body }) => (JSON.parse(body) as { detail: { part: string; registerNo: number } }).detail)
  t.ok(parts.every((detail) => detail.registerNo >= 1_600_000_000))
  t.same([...new Set(parts.map(({ part }) => part))].sort(), ['export', 'file', 'history', 'live', 'track', 'trips'])
  world.clock.atMs = NOW_MS + 3_600_000
  await showsIt(t, await world.signIn('dispatcher'), shows, 'expired', false)
  world.clock.atMs = NOW_MS
  for (const username of ['bureau', 'dispatcher', 'security_admin', 'fleet_manager']) unnamed[username] = await world.signIn(username)
})

t.test('a machine is nobody who was named: its token sees no sensitive vehicle', async (t) => {
  const account = (await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'dispatcher'`)).rows[0]!.id
  await unmask(world, unnamed.dispatcher!, await world.signIn('bureau.two'))
  const made = await makeToken(world, unnamed.security_admin!, unnamed.dispatcher!, {
    accountId: account,
    name: 'reports',
    capabilities: ['live.view', 'track.view', 'ledger.view', 'ledger.export'],
    organisationId: 4,
    expiresAt: new Date(NOW_MS + 86_400_000).toISOString(),
    reason,
  })
  const machine = { headers: { authorization: `Bearer ${made.token}` } } as never
  await showsIt(
    t,
    machine,
    ['getVehicle', 'getVehicleFile', 'listVehicles', 'listLedger', 'getRoster', 'listFlows', 'listFuelCards'],
    'token',
    false,
  )
})

t.test('whoever marks a vehicle is answered once more, and then it is gone for him too; marked again, nobody is named', async (t) => {
  const two = await world.signIn('bureau.two')
  const file = (await ask(world, 'getVehicleFile', two, { params: { vehicleId: 211 } })).json()
  const marked = await ask(world, 'changeVehicle', two, {
    params: { vehicleId: 211 },
    body: { version: file.version, set: { secrecy: true }, reason },
  })
  t.equal(marked.json().secrecy, true, marked.body)
  t.equal((await ask(world, 'getVehicleFile', two, { params: { vehicleId: 211 } })).code, 'NOT_FOUND')
  const register = (await ask(world, 'listSecretVehicles', two)).json().rows
  const entry = register.find(({ unit }) => unit.organisationId === 21)!
  await ask(world, 'nameForSecret', two, { params: { secretNo: entry.secretNo }, body: { username: 'bureau.three', until: null, reason } })
  const three = await world.signIn('bureau.three')
  const set = async (secrecy: boolean) => {
    const { version } = (await ask(world, 'getVehicleFile', three, { params: { vehicleId: 211 } })).json()
    return ask(world, 'changeVehicle', three, { params: { vehicleId: 211 }, body: { version, set: { secrecy }, reason } })
  }
  t.equal((await set(false)).status, 200)
  t.equal((await ask(world, 'getVehicleFile', two, { params: { vehicleId: 211 } })).status, 200)
  t.equal((await set(true)).status, 200)
  t.equal(
    (await ask(world, 'getVehicleFile', three, { params: { vehicleId: 211 } })).code,
    'NOT_FOUND',
    'the old naming was of the old marking',
  )
  const { rows } = await db.query(`SELECT count(*) AS n FROM secret_vehicles WHERE vehicle_id = 211`)
  t.equal(rows[0]!.n, 2)
  await db.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 211')
})

t.test(
  'a driver whose usual vehicle is out of sight keeps it when someone edits the driver, and the history does not name it',
  async (t) => {
    const manager = unnamed.fleet_manager!
    const driver = (await ask(world, 'getDriver', manager, { params: { driverId: 1 } })).json()
    t.equal(driver.vehicle, null)
    const edited = await ask(world, 'editDriver', manager, {
      params: { driverId: 1 },
      body: {
        version: driver.version,
        name: '示例司机一',
        phone: '13800000001',
        vehicleId: null,
        licenceNo: null,
        licenceClass: null,
        licenceIssuedOn: null,
        licenceExpiresOn: null,
      },
    })
    t.equal(edited.status, 200, edited.body)
    t.equal((await db.query('SELECT vehicle_id FROM drivers WHERE driver_id = 1')).rows[0]!.vehicle_id, SECRET)
    const moved = await ask(world, 'moveDriver', unnamed.bureau!, {
      params: { driverId: 1 },
      body: { version: edited.json().version, organisationId: 21, reason },
    })
    t.equal(moved.status, 200, moved.body)
    t.notMatch((await ask(world, 'listDriverHistory', unnamed.bureau, { params: { driverId: 1 } })).body, trace)
  },
)
