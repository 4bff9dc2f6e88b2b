// Those who travel: a trip that is changed on the road, followed, called off and rated; and what each is refused on the way.
import t from 'tap'
import { findUnrecordedActs } from '../../services/audit/acts.ts'
import type { OrderDetail } from '../../services/contracts/api/orders.ts'
import type { RoadChangeRow } from '../../services/contracts/api/travel.ts'
import { keepApprovalLimits } from '../../services/dispatch/orders/approvalLimits.ts'
import { findSeat } from '../../services/dispatch/orders/stops.ts'
import { approved, at, furnishOrders, wanted } from './ordersWorld.ts'
import { NOW_MS, putState } from './region.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
const world = await startWorld(t, db)
const [applicant, approver, dispatcher, driver, stranger, bureau] = (await Promise.all(
  ['applicant', 'unit_approver', 'dispatcher', 'driver', 'applicant@30', 'bureau_admin'].map((name) => world.signIn(name)),
)) as [Signed, Signed, Signed, Signed, Signed, Signed]
const accountOf = async (username: string) =>
  (await db.query<{ id: number }>('SELECT account_id AS id FROM accounts WHERE username = $1', [username])).rows[0]!.id

const order = async (orderId: number, by = dispatcher) => (await ask(world, 'getOrder', by, { params: { orderId } })).json() as OrderDetail
const step = async (orderId: number, by: Signed, action: string, more: object = {}) => {
  const { version } = await order(orderId)
  return ask(world, 'actOnOrder', by, { params: { orderId }, body: { action, version, ...more } })
}
const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues: { path: string; reason: string; values: object }[] } }).error.issues
const give = async (changes: object, vehicleId = 202, driverId = 1) => {
  const request = await approved(world, applicant, approver, changes)
  const given = await ask(world, 'dispatchRequest', dispatcher, {
    params: { requestId: request.requestId },
    body: { vehicleId, driverId, version: request.version },
  })
  if (given.status !== 200) throw new Error(given.body)
  return given.json() as OrderDetail
}
const asks = (orderId: number, by: Signed, body: object) =>
  ask(world, 'askOrderChange', by, { params: { orderId }, body: { reason: '会议延长', ...body } })
const acts = async (orderId: number, by: Signed, action: string, more: object = {}) => {
  const { changeId, version } = (await order(orderId)).changes.at(-1)!
  return ask(world, 'actOnOrderChange', by, { params: { changeId }, body: { action, version, ...more } })
}
/** Driven off a little early; each a minute after the last, who was out for a moment only. */
const leave = async (orderId: number, km = 10_000) => {
  world.clock.atMs += 60_000
  await step(orderId, driver, 'accept')
  const left = await step(orderId, driver, 'depart', { data: { odometerKm: km, sure: true } })
  if (left.status !== 200) throw new Error(left.body)
}

t.test('each list of what waits answers: of one’s own, to be decided, to be given', async (t) => {
  const asked = await ask(world, 'createRequest', applicant, { body: wanted() })
  const list = async (waiting: 'own' | 'approval' | 'dispatch', by: Signed) => {
    const answer = await ask(world, 'listRequests', by, { query: { waiting } })
    t.equal(answer.status, 200, answer.body)
    return answer.json().rows.map(({ requestId }: { requestId: number }) => requestId)
  }
  t.same(await list('own', applicant), [asked.json().requestId])
  t.same(await list('approval', approver), [asked.json().requestId])
  t.same(await list('dispatch', dispatcher), [])
  const { requestId, version } = asked.json()
  await ask(world, 'actOnRequest', applicant, { params: { requestId }, body: { action: 'cancel', version } })
})

t.test('an applicant finds towns, public places and the compounds of his own; never which places are watched', async (t) => {
  const ring = ', NULL, 50, 110.9, 39.9, 112.1, 41.1'
  const place = (unit: number, kind: string, name: string, until: string | null = null) =>
    db.owner.query(
      `INSERT INTO places (organisation_id, kind, sensitive_kind, name, name_pinyin, lon, lat, ring, radius_m, west, south, east, north, valid_from, valid_until)
       VALUES ($1, $2, $3, $4, 'suoyuan sy', 111, 40${ring}, '2020-01-01', $5)`,
      [unit, kind, kind === 'sensitive' ? 'hotel' : null, name, until],
    )
  await place(20, 'compound', '寻所自己院')
  await place(30, 'compound', '寻所别家院')
  await place(30, 'fuel_station', '寻所加油站')
  await place(20, 'sensitive', '寻所宾馆')
  await place(20, 'designated_lot', '寻所旧停车场', '2024-01-01')
  const find = async (q: string, by = applicant) => (await ask(world, 'findStops', by, { query: { q } })).json().rows
  t.same(
    (await find('寻所')).map(({ name }: { name: string }) => name),
    ['寻所自己院', '寻所加油站'],
  )
  t.same(
    (await find('SuoYuan')).map(({ name }: { name: string }) => name),
    ['寻所自己院', '寻所加油站'],
  )
  t.same(
    (await find('寻所', stranger)).map(({ name }: { name: string }) => name),
    ['寻所别家院', '寻所加油站'],
  )
  t.match(await find('武川'), [{ name: '武川县', of: '呼和浩特市', lon: Number, lat: Number }])
  t.match(await find('wuchuan'), [{ name: '武川县' }])
  t.equal((await find('县')).length, 5)
  t.equal((await ask(world, 'findStops', applicant, { query: { q: ' ' } })).code, 'VALIDATION_FAILED')
  t.equal((await ask(world, 'findStops', driver, { query: { q: '寻' } })).code, 'FORBIDDEN')
})

t.test('a request that says no more than its unit sets out from where that sits, and the way there is told', async (t) => {
  const day = '2026-03-03'
  t.same(await findSeat(db, 20, day), { lon: 111, lat: 40 }, 'its compound, and no lot that it gave up')
  const banner = await findSeat(db, 21, day)
  t.ok(banner && Math.abs(banner.lon - 111.66) < 0.2 && Math.abs(banner.lat - 40.86) < 0.2, 'without one the seat of its banner')
  t.equal(await findSeat(db, 999, day), null)
  await putState(db, { vehicleId: 202, lon: 111.02, lat: 40 })
  const pickUp = async (name: string) => {
    const { requestId } = await approved(world, applicant, approver, { from: { name }, startsAt: at(60), endsAt: at(61) })
    const { pairs } = (await ask(world, 'listCandidates', dispatcher, { params: { requestId }, query: { vehicleId: 202 } })).json()
    return pairs[0]?.why.find(({ code }: { code: string }) => code === 'PICK_UP')
  }
  t.match(await pickUp('甲单位'), { detail: { km: Number, by: 'estimate' } })
  t.equal(await pickUp('乙单位东门'), undefined, 'a name of which nobody knows where it is has no minutes')
})

t.test('a trip under way is extended: asked for, approved, and held until the new end in the same act', async (t) => {
  const { orderId, requestId } = await give({ startsAt: at(0.5), endsAt: at(2) })
  t.match(reasonsOf(await asks(orderId, applicant, { endsAt: at(3) })), [{ reason: 'change.notOut', values: { orderState: 'DISPATCHED' } }])
  const next = await give({ startsAt: at(5), endsAt: at(6) })
  await leave(orderId)
  t.equal((await asks(orderId, stranger, { endsAt: at(3) })).code, 'NOT_FOUND')
  t.equal((await asks(orderId, approver, { endsAt: at(3) })).code, 'FORBIDDEN')
  t.match(reasonsOf(await asks(orderId, applicant, { endsAt: at(1) })), [{ reason: 'change.earlier', values: { earliest: at(2) } }])
  t.match(reasonsOf(await asks(orderId, applicant, {})), [{ reason: 'change.nothing' }])
  const asked = (await asks(orderId, applicant, { endsAt: at(5) })).json()
  t.match(asked.changes, [
    {
      state: 'ASKED',
      before: { endsAt: at(2) },
      after: { endsAt: at(5), to: { name: '武川县政府' } },
      approval: { at: 1, of: 1, level: 'unit', mine: false },
      clash: { of: 'vehicle', held: null, latest: at(4.5) },
      mayAct: ['withdraw'],
    },
  ])
  t.equal(asked.mayAskChange, false)
  t.match(reasonsOf(await asks(orderId, driver, { endsAt: at(3) })), [{ reason: 'change.open' }], 'one at a time')
  t.match((await order(orderId)).changes, [{ clash: { held: next.number } }], 'whoever gives vehicles is told which order it is')
  t.match((await ask(world, 'listOrderChanges', approver, { query: { waiting: 'mine' } })).json(), {
    total: 1,
    rows: [{ orderId, applicant: { name: String }, approval: { mine: true } }],
  })
  t.equal((await acts(orderId, applicant, 'approve')).code, 'FORBIDDEN', 'not his own')
  t.equal((await acts(orderId, dispatcher, 'make')).code, 'CONFLICT', 'not before somebody has agreed')
  t.match((await acts(orderId, approver, 'approve')).json(), { state: 'AGREED', approval: null })
  const refused = await acts(orderId, dispatcher, 'make')
  t.equal(refused.status, 409)
  t.match(reasonsOf(refused), [{ reason: 'change.clash', values: { of: 'vehicle', held: next.number, latest: at(4.5) } }])
  t.match(reasonsOf(await acts(orderId, dispatcher, 'decline')), [{ path: 'body.reason' }])
  t.equal((await acts(orderId, dispatcher, 'decline', { reason: '后面有任务' })).json().state, 'REFUSED')
  t.equal((await order(orderId)).endsAt, at(2))

  t.equal((await asks(orderId, driver, { endsAt: at(4.5), to: { name: '四子王旗' }, via: [{ name: '武川县政府' }] })).status, 200)
  t.equal((await acts(orderId, approver, 'approve')).status, 200)
  const made = await acts(orderId, dispatcher, 'make')
  t.match(made.json(), { state: 'MADE', madeVersion: 2, before: { endsAt: at(2) } }, made.body)
  const seen = await order(orderId, driver)
  t.match(seen, { endsAt: at(4.5), to: { name: '四子王旗' }, via: [{ name: '武川县政府' }], state: 'DEPARTED' })
  t.match(seen.steps.at(-1), { action: 'roadChange', reason: '会议延长' })
  const { rows: held } = await db.query<{ until: Date }>('SELECT upper(during) AS until FROM reservations WHERE holder = $1', [
    `order:${orderId}`,
  ])
  t.same(
    held.map(({ until }) => until.toISOString()),
    [at(4.75), at(4.75)],
  )
  const { rows: told } = await db.query<{ username: string }>(
    `SELECT a.username FROM notifications n JOIN events e USING (event_id) JOIN accounts a USING (account_id)
     WHERE e.kind = 'order.roadChange' AND e.order_id = $1 ORDER BY 1`,
    [orderId],
  )
  t.same(
    told.map(({ username }) => username),
    ['applicant', 'driver'],
  )
  t.match((await ask(world, 'getRequest', applicant, { params: { requestId } })).json(), { to: { name: '四子王旗' }, endsAt: at(4.5) })
  t.equal((await asks(orderId, applicant, { to: { name: '达茂旗' } })).status, 200)
  const { body } = await ask(world, 'getOrderSheet', dispatcher, { params: { orderId } })
  t.ok(body.startsWith('%PDF'))
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 10_010, sure: true } })).status, 200)
  t.equal((await order(orderId)).changes.at(-1)!.state, 'LAPSED', 'what is open when it is back is over')
  t.equal((await step(next.orderId, dispatcher, 'void', { reason: '会议取消' })).status, 200)
})

t.test('whoever approves is rung up, and the dispatcher writes down who said yes', async (t) => {
  const { orderId } = await give({ startsAt: at(0.5), endsAt: at(2) })
  await leave(orderId, 10_020)
  await asks(orderId, dispatcher, { endsAt: at(3) })
  const approverId = await accountOf('unit_approver')
  const byPhone = (id?: number) => acts(orderId, dispatcher, 'approveByPhone', { reason: '电话同意', data: { approverId: id } })
  t.match((await order(orderId)).changes.at(-1)!.deciders, [{ accountId: approverId }])
  t.match(reasonsOf(await byPhone()), [{ path: 'body.data.approverId', reason: 'flow.data' }])
  t.match(reasonsOf(await byPhone(await accountOf('applicant'))), [{ reason: 'change.approver' }])
  t.match(reasonsOf(await byPhone(await accountOf('bureau_admin'))), [{ reason: 'change.approver' }], 'not his level')
  t.equal((await acts(orderId, applicant, 'approveByPhone', { data: { approverId } })).code, 'FORBIDDEN')
  const told = (await byPhone(approverId)).json() as RoadChangeRow
  t.match(told, {
    state: 'AGREED',
    steps: [{ action: 'ask' }, { action: 'approveByPhone', byPhone: true, level: 'unit', onBehalfOf: String }],
  })
  t.equal((await acts(orderId, dispatcher, 'make')).json().state, 'MADE')
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 10_021, sure: true } })).status, 200)
})

t.test('a change that leads further is agreed to by those above, and waits no longer than a request', async (t) => {
  const rules = { rules: [{ when: 'leavesRegion', level: 'league' }], remindAfterH: 1, escalateAfterH: 2, bothForH: 1 }
  const set = await ask(world, 'setApprovalRules', bureau, {
    body: { organisationId: 20, effectiveFrom: '2026-03-02', rules, reason: '途中变更测试' },
  })
  t.equal(set.status, 200, set.body)
  const { orderId } = await give({ startsAt: at(0.5), endsAt: at(2) })
  await leave(orderId, 10_030)
  const asked = (await asks(orderId, applicant, { to: { name: '北京市' } })).json()
  t.match(asked.changes.at(-1), { approval: { at: 1, of: 2, level: 'unit' } })
  t.match((await acts(orderId, approver, 'approve')).json(), { state: 'ASKED', approval: { at: 2, of: 2, level: 'league' } })
  await keepApprovalLimits({ db, clock: { nowMs: () => world.clock.atMs + 2 * 3_600_000 } })
  t.match((await order(orderId)).changes.at(-1), { approval: { level: 'region' } }, 'it goes up when nobody decides')
  const region = await world.signIn('bureau.region')
  t.equal((await acts(orderId, approver, 'approve')).code, 'FORBIDDEN')
  t.match(reasonsOf(await acts(orderId, region, 'reject')), [{ path: 'body.reason' }])
  t.match((await acts(orderId, region, 'reject', { reason: '请按原计划' })).json(), { state: 'REFUSED' })
  t.equal((await asks(orderId, applicant, { to: { name: '武川县医院' } })).status, 200)
  t.equal((await acts(orderId, applicant, 'withdraw')).json().state, 'WITHDRAWN')
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 10_031, sure: true } })).status, 200)
  t.same(
    (await order(orderId)).changes.map(({ state }) => state),
    ['REFUSED', 'WITHDRAWN'],
  )
})

t.test('a trip is moved within its day and by some hours; another day is another matter', async (t) => {
  const { orderId, version } = await give({ startsAt: at(45), endsAt: at(46) }, 203, 3)
  const move = (from: number, until: number, seen = version) =>
    ask(world, 'moveOrder', dispatcher, {
      params: { orderId },
      body: { vehicleId: 203, driverId: 3, startsAt: at(from), endsAt: at(until), version: seen, reason: '' },
    })
  t.match(reasonsOf(await move(69, 70)), [{ path: 'body.startsAt', reason: 'move.day', values: { earliest: at(41), latest: at(49) } }])
  t.match(reasonsOf(await move(50, 51)), [{ reason: 'move.far', values: { hours: 4 } }])
  const moved = await move(48, 49)
  t.equal(moved.status, 200, moved.body)
  t.match(moved.json(), { startsAt: at(48), asked: { startsAt: at(45) } })
  t.match(reasonsOf(await move(51, 52, moved.json().version)), [{ reason: 'move.far' }], 'counted from what was asked for')
  t.equal((await move(48, 49.5, moved.json().version)).status, 200)
})

t.test('whoever asked calls his trip off until it leaves: the vehicle is free, and the driver is told', async (t) => {
  const { orderId, requestId } = await give({ startsAt: at(80), endsAt: at(81) })
  const seen = (await ask(world, 'getRequest', applicant, { params: { requestId } })).json()
  t.ok(seen.mayAct.includes('cancel'))
  const off = await ask(world, 'actOnRequest', applicant, {
    params: { requestId },
    body: { action: 'cancel', version: seen.version, reason: '会议取消' },
  })
  t.equal(off.json().state, 'CANCELLED', off.body)
  t.equal((await order(orderId)).state, 'VOIDED')
  t.equal((await db.query('SELECT FROM reservations WHERE holder = $1', [`order:${orderId}`])).rowCount, 0)
})

t.test('those who travel follow their vehicle, no other, and at no other time; that they begin is on record', async (t) => {
  const companion = await accountOf('finance')
  await db.owner.query(`UPDATE accounts SET organisation_id = 20 WHERE account_id = $1`, [companion])
  const colleagues = (await ask(world, 'listColleagues', applicant, { query: { q: '' } })).json().rows
  t.ok(colleagues.some(({ accountId }) => accountId === companion))
  const foreign = await ask(world, 'createRequest', applicant, { body: wanted({ travellerIds: [await accountOf('applicant@30')] }) })
  t.match(reasonsOf(foreign), [{ path: 'body.travellerIds.0', reason: 'traveller.unknown' }])
  const { orderId } = await give({
    startsAt: at(0.5),
    endsAt: at(2),
    to: { name: '武川县政府', lon: 111.45, lat: 41.1 },
    travellerIds: [companion],
  })
  const far = await give({ startsAt: at(90), endsAt: at(91) }, 203, 3)
  const finance = await world.signIn('finance')
  const follow = (by: Signed, id = orderId) => ask(world, 'followOrder', by, { params: { orderId: id } })
  t.equal((await follow(applicant)).code, 'CONFLICT', 'nobody has accepted it')
  await putState(db, { vehicleId: 202, ageS: 3_600, lon: 111.6, lat: 40.8 })
  await step(orderId, driver, 'accept')
  t.match((await follow(applicant)).json(), { position: null, eta: null }, 'where it was before is not told')
  await leave(orderId, 10_040)
  await step(orderId, driver, 'board')
  await putState(db, { vehicleId: 202, ageS: (NOW_MS - world.clock.atMs) / 1000, lon: 111.6, lat: 40.8, speedDkph: 600, flags: 1 })
  const looks = async () => (await db.query(`SELECT FROM audit_log WHERE action = 'order.follow'`)).rowCount
  const before = await looks()
  const seen = (await follow(finance)).json()
  t.match(seen, {
    orderId,
    vehicle: { vehicleId: 202 },
    position: { lon: 111.6, lat: 40.8, status: 'moving', speedKph: 60 },
    eta: { stop: 'to', by: 'estimate', km: Number },
  })
  await follow(finance)
  t.equal(await looks(), before + 1, 'once for each beginning')
  for (const by of [stranger, driver, approver, dispatcher]) t.equal((await follow(by)).code, 'NOT_FOUND')
  t.equal((await follow(applicant, far.orderId)).code, 'CONFLICT', 'its trip is not at hand')
  t.equal((await follow(applicant, 2_000_000_000)).code, 'NOT_FOUND')
  t.match((await ask(world, 'listFollowed', finance)).json().rows, [{ orderId, mayFollow: true }])
  t.same(
    (await ask(world, 'listFollowed', stranger)).json().rows.map(({ orderId }) => orderId),
    [],
  )
  await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 202')
  t.equal((await follow(applicant)).code, 'NOT_FOUND', 'who is not named for it does not see it')
  await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 202')
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 10_041, sure: true } })).status, 200)
  t.match(reasonsOf(await follow(applicant)), [{ reason: 'follow.not', values: { orderState: 'RETURNED' } }])
})

t.test('whoever asked rates a trip once; who drove is told of no rating, and of the sum in groups', async (t) => {
  const { rows: over } = await db.query<{ id: number }>(
    `SELECT order_id AS id FROM dispatch_orders WHERE state = 'RETURNED' AND driver_id = 1 ORDER BY 1`,
  )
  const rate = (orderId: number, by: Signed, stars: number, version: number | null = null) =>
    ask(world, 'rateOrder', by, { params: { orderId }, body: { stars, text: '准时，服务周到', version } })
  const [first] = over
  t.ok((await order(first!.id, applicant)).mayRateUntil)
  for (const by of [driver, dispatcher, approver]) t.equal((await rate(first!.id, by, 1)).code, 'FORBIDDEN')
  t.match((await rate(first!.id, applicant, 4)).json(), { rating: { stars: 4, text: '准时，服务周到', version: 1 } })
  t.equal((await rate(first!.id, applicant, 5)).code, 'CHANGED_MEANWHILE', 'there is one already')
  t.match((await rate(first!.id, applicant, 5, 1)).json(), { rating: { stars: 5, changedAt: String } })
  t.match((await order(first!.id, dispatcher)).rating, { stars: 5 })
  for (const by of [driver, approver]) t.equal((await order(first!.id, by)).rating, null)
  for (const { id } of over.slice(1, 3)) t.equal((await rate(id, applicant, 3)).status, 200)
  const sum = async () => (await ask(world, 'getOwnDriver', driver)).json().driver!.rating
  t.same(await sum(), { count: 0, average: null }, 'they can still be changed')
  await db.owner.query(`UPDATE order_ratings SET rated_at = rated_at - interval '4 days'`)
  t.same(await sum(), { count: 3, average: 3.7 })
  t.match(reasonsOf(await rate(first!.id, applicant, 1, 2)), [{ reason: 'rating.late' }])
  const young = await give({ startsAt: at(100), endsAt: at(101) })
  t.match(reasonsOf(await rate(young.orderId, applicant, 5)), [{ reason: 'rating.not', values: { days: 30 } }])
})

t.test('favourites are one’s own, and one of a name is replaced', async (t) => {
  const { startsAt: _from, endsAt: _until, key: _key, ...trip } = wanted()
  const add = (favourite: object, by = applicant) => ask(world, 'addFavourite', by, { body: { favourite } })
  await add({ kind: 'place', name: '机关大院', place: { name: '新城区集中办公区', lon: 111.69, lat: 40.82 } })
  const { rows } = (await add({ kind: 'trip', name: '每周例会', trip })).json()
  t.match(rows, [
    { kind: 'place', name: '机关大院', place: { lon: 111.69 }, trip: null },
    { kind: 'trip', name: '每周例会', trip: { to: { name: '武川县政府' }, passengers: 2 } },
  ])
  t.match((await add({ kind: 'trip', name: '每周例会', trip: { ...trip, passengers: 3 } })).json().rows, [
    {},
    { trip: { passengers: 3 }, version: 2 },
  ])
  const { favouriteId, version } = rows[0]!
  const rename = (by: Signed, name: string) => ask(world, 'renameFavourite', by, { params: { favouriteId }, body: { name, version } })
  t.equal((await rename(approver, '我的')).code, 'NOT_FOUND')
  t.match((await rename(applicant, '大院')).json().rows, [{ name: '大院' }, {}])
  t.equal((await ask(world, 'removeFavourite', approver, { params: { favouriteId } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'removeFavourite', applicant, { params: { favouriteId } })).json().rows.length, 1)
  t.same((await ask(world, 'listFavourites', approver)).json().rows, [])
})

t.test('whatever was written here has its record', async (t) => {
  const ours = /^(order_|dispatch_|trip_|favourites|reservations)/
  t.same(
    (await findUnrecordedActs(db)).says.filter((said) => ours.test(said)),
    [],
  )
})
