// From a request to a closed order, as each role takes its part, and what each is refused on the way.
import t from 'tap'
import { findUnrecordedActs } from '../../services/audit/acts.ts'
import type { OrderDetail, RequestDetail } from '../../services/contracts/api/orders.ts'
import { settleDueOrders } from '../../services/dispatch/orders/orders.ts'
import { approved, at, furnishOrders, HOUR_MS, wanted } from './ordersWorld.ts'
import { NOW_MS } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
const world = await startWorld(t, db)
const applicant = await world.signIn('applicant')
const approver = await world.signIn('unit_approver')
const dispatcher = await world.signIn('dispatcher')
const driver = await world.signIn('driver')
const finance = await world.signIn('finance')
const stranger = await world.signIn('applicant@30')

const request = async (requestId: number, by = dispatcher) =>
  (await ask(world, 'getRequest', by, { params: { requestId } })).json() as RequestDetail
const order = async (orderId: number, by = dispatcher) => (await ask(world, 'getOrder', by, { params: { orderId } })).json() as OrderDetail
const step = async (orderId: number, by: typeof driver, action: string, more: object = {}) => {
  const { version } = await order(orderId)
  return ask(world, 'actOnOrder', by, { params: { orderId }, body: { action, version, ...more } })
}
const give = async (wantedRequest: RequestDetail, vehicleId: number, driverId: number | null, more: object = {}) =>
  ask(world, 'dispatchRequest', dispatcher, {
    params: { requestId: wantedRequest.requestId },
    body: { vehicleId, driverId, version: wantedRequest.version, ...more },
  })
const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues: { path: string; reason: string; values: object }[] } }).error.issues

t.test('a request goes from the applicant to a closed order, and each role takes its own steps', async (t) => {
  const asked = (await ask(world, 'createRequest', applicant, { body: wanted() })).json()
  t.match(asked, { state: 'SUBMITTED', unit: { organisationId: 20 }, mayAct: ['cancel'], mayChange: true, steps: [{ action: 'submit' }] })
  const waiting = await ask(world, 'listRequests', approver, { query: { waiting: 'approval' } })
  t.match(waiting.json(), { total: 1, rows: [{ requestId: asked.requestId }] })
  t.same((await request(asked.requestId, approver)).mayAct, ['approve', 'giveBack', 'reject'])
  const agreed = await ask(world, 'actOnRequest', approver, {
    params: { requestId: asked.requestId },
    body: { action: 'approve', version: asked.version },
  })
  t.equal(agreed.json().state, 'APPROVED')
  const foundAnswer = await ask(world, 'listCandidates', dispatcher, { params: { requestId: asked.requestId } })
  t.equal(foundAnswer.status, 200, foundAnswer.body)
  const found = foundAnswer.json()
  t.match(found.pairs[0], { vehicle: { unit: { organisationId: 20 }, tier: 'own' }, driver: { driverId: Number } })
  t.ok(found.able >= 3)
  const given = await give(agreed.json(), 202, 1)
  t.equal(given.status, 200, given.body)
  const { orderId } = given.json()
  t.match(given.json(), {
    state: 'DISPATCHED',
    number: '〔2026〕0001',
    vehicle: { plate: '蒙AA0202' },
    driver: { driverId: 1 },
    issuer: { organisationId: 4 },
  })
  t.match(await request(asked.requestId, applicant), { state: 'DISPATCHED', order: { orderId, number: '〔2026〕0001' } })
  t.same((await order(orderId, driver)).mayAct, ['accept', 'decline'])

  t.equal((await step(orderId, driver, 'accept')).json().state, 'ACCEPTED')
  t.match(reasonsOf(await step(orderId, driver, 'depart')), [{ path: 'body.data.odometerKm', reason: 'flow.data' }])
  const departed = (await step(orderId, driver, 'depart', { data: { odometerKm: 45_210 } })).json()
  t.match(departed, { state: 'DEPARTED', odometerOutKm: 45_210 })
  t.equal((await step(orderId, driver, 'board')).json().state, 'ON_BOARD')
  const version = (await order(orderId)).version
  const cost = (fen: number, more: object = {}) =>
    ask(world, 'addOrderCost', driver, { params: { orderId }, body: { kind: 'toll', fen, at: at(0), version, ...more } })
  t.match(reasonsOf(await cost(3_500, { at: at(-48) })), [{ reason: 'cost.early' }])
  t.match(reasonsOf(await cost(-100)), [{ reason: 'cost.below' }])
  t.match((await cost(3_500)).json(), { totalFen: 3_500, costs: [{ kind: 'toll', fen: 3_500 }] })
  t.match(reasonsOf(await step(orderId, driver, 'comeBack', { data: { odometerKm: 45_100 } })), [
    { reason: 'odometer.back', values: { least: 45_210 } },
  ])
  t.match(reasonsOf(await step(orderId, driver, 'comeBack', { data: { odometerKm: 452_650 } })), [{ reason: 'odometer.far' }])
  t.match((await step(orderId, driver, 'comeBack', { data: { odometerKm: 45_210.5 } })).json(), {
    state: 'RETURNED',
    odometerBackKm: 45_210.5,
  })
  t.equal((await request(asked.requestId)).state, 'COMPLETED')
  t.equal((await step(orderId, applicant, 'confirm')).json().state, 'CONFIRMED')
  t.equal((await step(orderId, dispatcher, 'settle')).json().state, 'SETTLED')
  t.same((await order(orderId, finance)).mayAct, ['close', 'giveBack'])
  t.match((await step(orderId, finance, 'close')).json(), { state: 'CLOSED', totalFen: 3_500, mayAct: [] })
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 1 } })).code, 'CONFLICT')
})

t.test('an applicant sees what he asked for, a driver what he drives, and neither anything else', async (t) => {
  const one = await approved(world, applicant, approver, { startsAt: at(100), endsAt: at(102) })
  const { orderId } = (await give(one, 203, 3)).json()
  t.equal((await ask(world, 'getOrder', driver, { params: { orderId } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'getOrder', applicant, { params: { orderId } })).status, 200)
  t.equal((await ask(world, 'getRequest', stranger, { params: { requestId: one.requestId } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'listRequests', stranger)).json().total, 0)
  const own = (await ask(world, 'listOrders', driver)).json().rows
  t.ok(own.length > 0 && own.every((row) => row.driver?.driverId === 1))
  t.equal((await ask(world, 'listRequests', driver)).code, 'FORBIDDEN')
})

t.test(
  'what is held is held with its preparation and its cleaning, for the vehicle and for the driver; what touches it is free',
  async (t) => {
    // 09:00–10:00 of a day: held from 08:45 to 10:15.
    const first = await approved(world, applicant, approver, { startsAt: at(45), endsAt: at(46) })
    const held = (await give(first, 202, 1)).json()
    const asks = async (from: number, until: number, vehicleId: number, driverId: number) =>
      give(await approved(world, applicant, approver, { startsAt: at(from), endsAt: at(until) }), vehicleId, driverId)
    const quarter = 0.25
    t.match(reasonsOf(await asks(46 + quarter, 47, 202, 3)), [
      {
        path: 'body.vehicleId',
        reason: 'vehicle.busy',
        values: { held: held.number, from: at(45 - quarter), until: at(46 + quarter), free: at(46.5) },
      },
    ])
    t.match(reasonsOf(await asks(46 + quarter, 47, 203, 1)), [{ path: 'body.driverId', reason: 'driver.busy', values: { free: at(46.5) } }])
    t.equal((await asks(46.5, 47, 202, 1)).status, 200, 'after the turnaround')
    t.equal((await step(held.orderId, dispatcher, 'void', { reason: '会议取消' })).json().state, 'VOIDED')
    t.equal((await request(first.requestId)).state, 'APPROVED', 'and the request waits again')
    t.equal((await asks(45, 46, 202, 1)).status, 200, 'what was given up is free again')
  },
)

t.test('two requests for one vehicle at one time: one wins, the other is told who and stays as it was', async (t) => {
  const times = { startsAt: at(60), endsAt: at(61) }
  const both = [await approved(world, applicant, approver, times), await approved(world, applicant, approver, times)]
  const answers = await Promise.all([give(both[0]!, 202, 1), give(both[1]!, 202, 3)])
  t.same(answers.map(({ status }) => status).sort(), [200, 409])
  const loser = answers.find(({ status }) => status === 409)!
  const winner = answers.find(({ status }) => status === 200)!.json()
  t.match(reasonsOf(loser), [{ reason: 'vehicle.busy', values: { held: winner.number } }])
  const states = await Promise.all(both.map(async ({ requestId }) => (await request(requestId)).state))
  t.same(states.sort(), ['APPROVED', 'DISPATCHED'])
})

t.test('orders are numbered without a hole: what is refused takes no number, what is voided keeps its own', async (t) => {
  const numbers = async () =>
    (await db.query<{ number: number }>('SELECT number FROM dispatch_orders WHERE issuer_id = 4 AND year = 2026 ORDER BY number')).rows.map(
      ({ number }) => number,
    )
  const requests = []
  for (let n = 0; n < 8; n++)
    requests.push(await approved(world, applicant, approver, { startsAt: at(200 + n * 10), endsAt: at(201 + n * 10) }))
  await Promise.all(requests.map((each, n) => give(each, n % 2 === 0 ? 202 : 999, n % 2 === 0 ? 1 : 3)))
  const given = await numbers()
  t.same(
    given,
    given.map((_, n) => n + 1),
  )
  t.ok(given.length >= 8)
})

t.test('sent twice with one key it is one request; another with that key is refused', async (t) => {
  const body = wanted({ startsAt: at(70), endsAt: at(71) })
  const [one, two] = await Promise.all([ask(world, 'createRequest', applicant, { body }), ask(world, 'createRequest', applicant, { body })])
  t.equal(one.json().requestId, two.json().requestId)
  t.match(reasonsOf(await ask(world, 'createRequest', applicant, { body: { ...body, passengers: 3 } })), [{ reason: 'request.key' }])
  t.equal((await ask(world, 'createRequest', approver, { body: { ...body, key: '00000000-0000-4000-9000-000000000001' } })).status, 200)
})

t.test('a request that cannot be is refused with what would be accepted', async (t) => {
  const told = async (changes: object) => reasonsOf(await ask(world, 'createRequest', applicant, { body: wanted(changes) }))
  t.match(await told({ startsAt: at(3), endsAt: at(3) }), [{ path: 'body.endsAt', reason: 'request.order' }])
  t.match(await told({ startsAt: at(-2), endsAt: at(3) }), [{ path: 'body.startsAt', reason: 'request.past', values: { earliest: at(0) } }])
  t.match(await told({ startsAt: at(24 * 200), endsAt: at(24 * 200 + 1) }), [
    { path: 'body.startsAt', reason: 'request.far', values: { days: 180 } },
  ])
  t.match(await told({ startsAt: at(24), endsAt: at(24 * 40) }), [{ path: 'body.endsAt', reason: 'request.long' }])
  t.match(await told({ organisationId: 30 }), [{ path: 'body.organisationId' }], 'for a unit of others')
  const crowd = await approved(world, applicant, approver, { passengers: 40, startsAt: at(80), endsAt: at(81) })
  t.match(reasonsOf(await give(crowd, 202, 1)), [{ reason: 'vehicle.seats', values: { places: 4, passengers: 40 } }])
  const candidates = (await ask(world, 'listCandidates', dispatcher, { params: { requestId: crowd.requestId } })).json()
  t.equal(candidates.able, 0)
  t.ok(candidates.excluded.every(({ reasons }) => reasons.some(({ code }) => code === 'SEATS')))
})

t.test('whoever asked does not approve, and neither does another account of the same person', async (t) => {
  await db.owner.query(`UPDATE accounts SET person_no = 'P-1' WHERE username IN ('applicant', 'unit_approver')`)
  t.teardown(() => db.owner.query(`UPDATE accounts SET person_no = NULL WHERE username IN ('applicant', 'unit_approver')`))
  const { requestId, version } = (
    await ask(world, 'createRequest', applicant, { body: wanted({ startsAt: at(90), endsAt: at(91) }) })
  ).json()
  const refused = await ask(world, 'actOnRequest', approver, { params: { requestId }, body: { action: 'approve', version } })
  t.match(reasonsOf(refused), [{ reason: 'flow.samePerson' }])
  t.equal((await ask(world, 'actOnRequest', applicant, { params: { requestId }, body: { action: 'approve', version } })).code, 'FORBIDDEN')
})

t.test('an approved request that becomes another matter is approved anew; a new telephone number is not', async (t) => {
  const one = await approved(world, applicant, approver, { startsAt: at(110), endsAt: at(112) })
  const { key: _key, ...fields } = wanted({ startsAt: at(110), endsAt: at(112) })
  const change = async (version: number, changes: object) =>
    (
      await ask(world, 'changeRequest', applicant, { params: { requestId: one.requestId }, body: { ...fields, ...changes, version } })
    ).json()
  const phoned = await change(one.version, { contactPhone: '13800002222' })
  t.equal(phoned.state, 'APPROVED')
  const moved = await change(phoned.version, { contactPhone: '13800002222', to: { name: '锡林浩特市' }, endsAt: at(136) })
  t.equal(moved.state, 'SUBMITTED')
  t.match(moved.steps.at(-1), { action: 'submit' })
})

t.test('an emergency is dispatched at once and approved afterwards', async (t) => {
  const asked = (
    await ask(world, 'createRequest', applicant, { body: wanted({ kind: 'emergency', startsAt: at(0), endsAt: at(2) }) })
  ).json()
  t.match(asked, { state: 'APPROVED', ratifyBy: at(24), ratifiedAt: null, mayRatify: false })
  t.match((await ask(world, 'listRequests', dispatcher, { query: { waiting: 'dispatch' } })).json().rows[0], {
    requestId: asked.requestId,
    kind: 'emergency',
  })
  const given = await give(asked, 201, 3)
  t.equal(given.status, 200, given.body)
  const seen = await request(asked.requestId, approver)
  t.equal(seen.mayRatify, true)
  const ratify = (by: typeof approver) =>
    ask(world, 'ratifyRequest', by, { params: { requestId: asked.requestId }, body: { version: seen.version, reason: '情况属实' } })
  t.equal((await ratify(applicant)).code, 'FORBIDDEN')
  t.match((await ratify(approver)).json(), { state: 'DISPATCHED', ratifiedAt: at(0), mayRatify: false })
})

t.test('an order that nobody accepts in time is nobody’s, and the request waits again', async (t) => {
  const one = await approved(world, applicant, approver, { startsAt: at(150), endsAt: at(151) })
  const { orderId } = (await give(one, 203, 3)).json()
  await db.query(`UPDATE dispatch_orders SET since = since - interval '31 minutes' WHERE order_id = $1`, [orderId])
  t.equal((await step(orderId, dispatcher, 'accept')).code, 'CONFLICT', 'its time is over, whoever has written it down')
  await settleDueOrders({ db, clock: { nowMs: () => NOW_MS } })
  t.match(await order(orderId), { state: 'DECLINED', steps: [{ action: 'dispatch' }, { action: 'lapse', by: 'system' }] })
  t.equal((await request(one.requestId)).state, 'APPROVED')
  t.equal((await give(await request(one.requestId), 203, 3)).status, 200, 'and both are free')
})

t.test('an order is moved to another vehicle, driver and time, unless somebody else has moved it', async (t) => {
  const one = await approved(world, applicant, approver, { startsAt: at(160), endsAt: at(161) })
  const given = (await give(one, 203, 3)).json()
  const move = (version: number, body: object) =>
    ask(world, 'moveOrder', dispatcher, { params: { orderId: given.orderId }, body: { version, reason: '', ...body } })
  const later = await move(given.version, { vehicleId: 203, driverId: 3, startsAt: at(160.5), endsAt: at(161.5) })
  t.match(later.json(), { vehicle: { vehicleId: 203 }, startsAt: at(160.5) }, 'onto what it holds itself')
  t.equal((await move(given.version, { vehicleId: 202, driverId: 1 })).code, 'CHANGED_MEANWHILE')
  const other = await move(later.json().version, { vehicleId: 202, driverId: 1 })
  t.match(other.json(), { vehicle: { vehicleId: 202 }, driver: { driverId: 1 }, state: 'DISPATCHED', startsAt: at(160.5) })
  const board = (await ask(world, 'getBoard', dispatcher, { query: { from: at(150), until: at(170) } })).json()
  const bars = (vehicleId: number) => board.vehicles.find((row) => row.vehicleId === vehicleId)!.bars.map(({ order }) => order?.orderId)
  t.ok(bars(202).includes(given.orderId) && !bars(203).includes(given.orderId))
  t.ok(board.drivers.find((row) => row.driverId === 1)!.bars.some(({ order }) => order?.orderId === given.orderId))
})

t.test('a driver without a licence, on leave or of another scope is refused with the reason', async (t) => {
  const one = await approved(world, applicant, approver, { startsAt: at(170), endsAt: at(171) })
  await db.owner.query(`UPDATE drivers SET licence_expires_on = '2026-03-05' WHERE driver_id = 3`)
  t.match(reasonsOf(await give(one, 202, 3)), [{ reason: 'driver.unfit', values: { fitness: 'LICENCE_EXPIRED' } }])
  await db.owner.query(`UPDATE drivers SET licence_expires_on = '2030-01-01' WHERE driver_id = 3`)
  t.match(reasonsOf(await give(one, 202, 2)), [{ path: 'body.driverId', reason: 'order.driverUnknown' }])
  t.match(reasonsOf(await give(one, 302, 1)), [{ path: 'body.vehicleId' }])
  t.match(reasonsOf(await give(one, 202, null)), [{ reason: 'order.driverMissing' }])
  await db.owner.query(`UPDATE vehicles SET inspection_until = '2026-03-05' WHERE vehicle_id = 202`)
  t.match(reasonsOf(await give(one, 202, 1)), [{ reason: 'trip.expires', values: { field: 'inspectionUntil', day: '2026-03-05' } }])
  await db.owner.query(`UPDATE vehicles SET inspection_until = NULL WHERE vehicle_id = 202`)
})

t.test('requests and orders are found by purpose, destination, unit, person and plate, and of a part of the tree', async (t) => {
  const requests = async (query: object) =>
    (await ask(world, 'listRequests', dispatcher, { query: query as Record<string, unknown> })).json().total
  const orders = async (query: object) =>
    (await ask(world, 'listOrders', dispatcher, { query: query as Record<string, unknown> })).json().total
  const all = await requests({})
  for (const q of ['全区工作会议', '武川', '甲单位', '示例 applicant']) t.ok((await requests({ q })) > 0, q)
  t.equal(await requests({ q: '没有这样的' }), 0)
  t.equal(await requests({ organisationId: 20 }), all)
  t.equal(await requests({ organisationId: 21 }), 0)
  for (const q of ['武川', '蒙A·A0202', '示例司机三']) t.ok((await orders({ q })) > 0, q)
  t.ok((await orders({ open: 'true' })) < (await orders({})))
  t.equal(await orders({ organisationId: 21 }), 0)
})

t.test('every row of it carries the number of an act on record', async (t) => {
  const { says } = await findUnrecordedActs(db)
  t.same(
    says.filter((line) => /request|order/.test(line)),
    [],
  )
  t.ok(NOW_MS > HOUR_MS)
})
