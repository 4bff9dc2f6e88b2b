// What is made public of trips: by a rule in force, drafted by one person and approved by another, open to everybody as a page and as data; and nothing of what may never be.
import t from 'tap'
import { furnishOrders } from './ordersWorld.ts'
import { ask, openRegion, startWorld } from './world.ts'

const MONTH = '2026-02'
const db = await openRegion(t)
await furnishOrders(db)
await db.owner.query(
  `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
   SELECT 'bureau.two', 'bureau.two', password_hash, role, organisation_id, true FROM accounts WHERE username = 'bureau_admin'`,
)
await db.owner.query(
  `INSERT INTO places (organisation_id, kind, sensitive_kind, name, lon, lat, radius_m, west, south, east, north, valid_from)
   SELECT 20, k, s, n, 111.7, 40.8, 100, 111.69, 40.79, 111.71, 40.81, '2020-01-01'
   FROM (VALUES ('compound', NULL, '新城区政府'), ('sensitive', 'residential', '示例小区3号楼')) v(k, s, n)`,
)
let number = 0
/** A trip that has returned, with its odometers. */
async function trip(
  vehicleId: number,
  purpose: string,
  to: string,
  more: { kind?: string; day?: string; state?: string } = {},
): Promise<void> {
  const { kind = 'pool', day = `${MONTH}-0${(number % 9) + 1}`, state = 'CLOSED' } = more
  const from = `${day}T01:00:00Z`
  const { rows } = await db.owner.query<{ id: number }>(
    `INSERT INTO trip_requests (unit_id, applicant_id, key, digest, kind, state, purpose_kind, purpose, from_stop, to_stop, starts_at, ends_at, passengers,
       with_driver, contact_name, contact_phone, asked_at, ratify_by)
     SELECT 20, account_id, gen_random_uuid(), 'x', $1, 'COMPLETED', $2, '张示例 赴京', '{"name":"甲","lon":null,"lat":null}', jsonb_build_object('name', $3::text), $4::timestamptz,
       $4::timestamptz + interval '2 hours', 2, true, '李示例', '13800000000', $4::timestamptz, NULL FROM accounts WHERE username = 'applicant' RETURNING request_id AS id`,
    [kind, purpose, to, from],
  )
  await db.owner.query(
    `INSERT INTO dispatch_orders (request_id, issuer_id, year, number, state, since, vehicle_id, driver_id, starts_at, ends_at, departed_at, returned_at, odometer_out_m, odometer_back_m)
     VALUES ($1, 20, 2026, $2, $3, $4, $5, 1, $4, $4::timestamptz + interval '2 hours', $4, $4::timestamptz + interval '2 hours', 1000, 31000)`,
    [rows[0]!.id, ++number, state, from, vehicleId],
  )
}
await trip(201, 'meeting', '新城区政府')
await trip(201, 'fieldwork', '示例小区3号楼')
await trip(201, 'documents', '新城区政府')
await trip(201, 'response', '新城区政府')
await trip(202, 'meeting', '新城区政府')
await trip(201, 'meeting', '新城区政府', { state: 'VOIDED' })
await trip(201, 'meeting', '新城区政府', { day: '2026-01-05' })

const world = await startWorld(t, db)
const [bureau, other, manager, finance] = await Promise.all(
  ['bureau_admin', 'bureau.two', 'fleet_manager', 'finance'].map((name) => world.signIn(name)),
)
const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues?: { reason: string }[] } }).error.issues?.map(({ reason }) => reason)
const draft = (month = MONTH) => ask(world, 'draftPublication', manager, { body: { organisationId: 20, month } })
const act = (by: typeof bureau, publicationId: number, action: string, version: number, reason = '') =>
  ask(world, 'actOnPublication', by, { params: { publicationId }, body: { action, version, reason } })
const open = (path: string) => world.app.inject({ method: 'GET', url: `/public/trips${path}` })
let id = 0

t.test('nothing is drafted without a rule, nor of a month that is not over', async (t) => {
  t.same(reasonsOf(await draft()), ['publication.noRule'])
  const rule = {
    organisationId: 2,
    effectiveFrom: '2026-03-02',
    items: ['tripDay', 'tripReason', 'tripPlace', 'tripKm'],
    classes: ['official'],
    reason: '按规定公示',
  }
  const purposes = ['meeting', 'fieldwork']
  t.equal((await ask(world, 'setPublicationRule', manager, { body: { ...rule, purposes } })).status, 403)
  t.equal((await ask(world, 'setPublicationRule', bureau, { body: { ...rule, purposes: ['documents'] } })).status, 400, 'never of these')
  t.equal((await ask(world, 'setPublicationRule', bureau, { body: { ...rule, purposes } })).status, 200)
  t.same(reasonsOf(await ask(world, 'setPublicationRule', bureau, { body: { ...rule, purposes } })), ['publication.ruleStands'])
  t.same(reasonsOf(await draft('2026-03')), ['publication.notOver'])
  t.same(reasonsOf(await draft('2026')), ['publication.month'])
  t.equal((await ask(world, 'listPublicationRules', manager)).json().rows.length, 1, 'a rule from above')
})

t.test('drafted are the trips that may be public, by their kind and place alone; a second person publishes', async (t) => {
  const drafted = (await draft()).json()
  id = drafted.publicationId
  t.match(drafted, {
    state: 'DRAFTED',
    mayAct: [],
    units: [{ unit: '甲单位', trips: 2, km: 60 }],
    rows: [
      { day: '2026-02-01', purpose: 'meeting', place: '新城区政府', km: 30 },
      { day: '2026-02-02', purpose: 'fieldwork', place: null },
    ],
  })
  t.same(reasonsOf(await draft()), ['publication.stands'])
  t.equal((await open(`/${id}`)).statusCode, 404, 'a draft is nobody else’s')
  t.equal((await ask(world, 'readPublication', finance, { params: { publicationId: id } })).status, 200)
  const own = (await ask(world, 'draftPublication', bureau, { body: { organisationId: 21, month: MONTH } })).json()
  t.same(reasonsOf(await act(bureau, own.publicationId, 'publish', own.version)), ['publication.samePerson'])
  t.match((await act(bureau, id, 'publish', drafted.version)).json(), {
    state: 'PUBLISHED',
    steps: [{ action: 'draft' }, { action: 'publish' }],
  })
})

t.test('everybody reads it without an account, as a page and as data; no person and no home is in it', async (t) => {
  t.match((await open('')).body, `href="/public/trips/${id}"`)
  const [page, csv, json] = await Promise.all(['', '.csv', '.json'].map((form) => open(`/${id}${form}`)))
  t.match(page!.headers['content-type'], 'text/html')
  t.match(csv!.body, '甲单位,2026-02-01,会议活动,新城区政府,30.0')
  t.match(json!.json(), { month: MONTH, units: [{ trips: 2 }], trips: [{ place: '新城区政府' }, { place: null }] })
  for (const { body } of [page!, csv!, json!])
    for (const word of ['示例小区', '张示例', '李示例', '13800000000', 'vehicleId', 'orderId', '蒙', '机要', '应急']) t.notMatch(body, word)
  for (const path of ['/999', '/x', '/1.xlsx', '/0']) t.equal((await open(path)).statusCode, 404, path)
})

t.test('with every vehicle made sensitive nothing is left, in rows or in sums', async (t) => {
  await db.owner.query('UPDATE vehicles SET secrecy = true')
  t.match((await open(`/${id}.json`)).json(), { units: [], trips: [] })
  t.notMatch((await open(`/${id}`)).body, '甲单位</td>')
  t.equal((await open(`/${id}.csv`)).body.trim().split('\r\n').length, 1, 'the heading')
  t.match((await ask(world, 'readPublication', bureau, { params: { publicationId: id } })).json(), { units: [], rows: [] })
  t.match((await ask(world, 'draftPublication', bureau, { body: { organisationId: 4, month: MONTH } })).json(), { units: [], rows: [] })
  await db.owner.query('UPDATE vehicles SET secrecy = false')
})

t.test('withdrawn it says so, with its reason on record, and may be drafted again', async (t) => {
  const { version } = (await ask(world, 'readPublication', other, { params: { publicationId: id } })).json()
  t.same(reasonsOf(await act(other, id, 'withdraw', version)), ['flow.data'])
  t.match((await act(other, id, 'withdraw', version, '里程有误')).json(), { state: 'WITHDRAWN' })
  const page = await open(`/${id}`)
  t.match(page.body, '撤回')
  t.notMatch(page.body, '新城区政府')
  t.equal((await open(`/${id}.json`)).statusCode, 410)
  t.match((await open('')).body, '已撤回')
  t.equal((await draft()).status, 200)
})
