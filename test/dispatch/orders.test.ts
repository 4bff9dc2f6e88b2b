// From a request to a closed order, as each role takes its part, and what each is refused on the way.
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import t from 'tap'
import { findUnrecordedActs } from '../../services/audit/acts.ts'
import type { OrderDetail } from '../../services/contracts/api/orders.ts'
import type { RequestDetail } from '../../services/contracts/api/requests.ts'
import { budgetLeft } from '../../services/dispatch/kernel/budget.ts'
import { keepApprovalLimits } from '../../services/dispatch/orders/approvalLimits.ts'
import { settleDueOrders } from '../../services/dispatch/orders/orders.ts'
import { noteUnratified, settleDueRequests } from '../../services/dispatch/orders/requests.ts'
import { sheetToken } from '../../services/dispatch/orders/sheet/token.ts'
import { followTracks } from '../../services/dispatch/orders/track.ts'
import { drivenM } from '../../services/dispatch/tracks/trips.ts'
import { inspectionItems } from '../../services/domain/inspection.ts'
import { commit } from '../../services/ingest/commit.ts'
import type { PositionReading } from '../../services/ingest/positions/rows.ts'
import type { Point } from '../../services/ingest/trips/segment.ts'
import { settleVehicle } from '../../services/ingest/trips/settleVehicle.ts'
import { openLocation, positionWork } from '../ingest/positionWork.ts'
import { approved, at, furnishOrders, HOUR_MS, wanted } from './ordersWorld.ts'
import { NOW_MS } from './region.ts'
import { LiveClient } from './sockets.ts'
import { ask, IDENTITY_KEY, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
const world = await startWorld(t, db)
let applicant = await world.signIn('applicant')
let approver = await world.signIn('unit_approver')
let dispatcher = await world.signIn('dispatcher')
let driver = await world.signIn('driver')
let finance = await world.signIn('finance')
/** Everybody again: sessions end while days go by. */
const signIn = async () => {
  applicant = await world.signIn('applicant')
  approver = await world.signIn('unit_approver')
  dispatcher = await world.signIn('dispatcher')
  driver = await world.signIn('driver')
  finance = await world.signIn('finance')
}
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
/** What of costs waits for whoever approves them. */
const toApprove = async () => (await ask(world, 'listOrders', finance, { query: { waiting: 'costs' } })).json().rows as OrderDetail[]
const readingOf = (vehicleId: number, point: object): PositionReading => {
  const absent = { headingDeg: null, altitudeM: null, fuelPermille: null, socPermille: null, satellites: null, alarms: 0, ignition: null }
  const message = { topic: '', payload: new Uint8Array(), receivedMs: NOW_MS, ack: () => undefined }
  return { vehicleId, terminalId: 'T', message, value: { ...absent, ...point } as PositionReading['value'] }
}
const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues: { path: string; reason: string; values: object }[] } }).error.issues

/** A PNG whose head says so, and nothing else. */
function pictureThatSays(width: number, height: number): Buffer {
  const head = Buffer.from('IHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0', 'latin1')
  head.writeUInt32BE(width, 4)
  head.writeUInt32BE(height, 8)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(head))
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\x0d', 'latin1'), head, sum, Buffer.from('\0\0\0\0IDAT', 'latin1')])
}

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
  t.match(reasonsOf(await cost(3_500, { at: at(-0.1) })), [{ reason: 'cost.early', values: { earliest: at(0) } }], 'on the same day too')
  const early = await step(orderId, driver, 'accept')
  t.match(reasonsOf(early), [{ reason: 'order.not', values: { orderState: 'ON_BOARD', orderSteps: 'arrive comeBack' } }])
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
  t.match(await toApprove(), [{ orderId, toApprove: ['settlement'] }], 'it waits for whoever approves costs')
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
  // One after the other it is the same, whoever drives.
  const later = { startsAt: at(63), endsAt: at(65) }
  const [first, second] = [await approved(world, applicant, approver, later), await approved(world, applicant, approver, later)]
  const { orderId, number } = (await give(first, 202, 1)).json()
  for (const driverId of [1, 3]) {
    const refused = await give(second, 202, driverId)
    t.equal(refused.status, 409)
    t.match(reasonsOf(refused), [{ reason: 'vehicle.busy', values: { held: number, free: at(65.5) } }])
  }
  t.match(await request(second.requestId), { state: 'APPROVED', order: null })
  t.match(await order(orderId), { state: 'DISPATCHED', vehicle: { vehicleId: 202 } }, 'who was first keeps it')
  t.equal((await give(second, 203, 3)).status, 200, 'and the other is given another vehicle')
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

t.test('a draft has no number, nobody’s sheet takes one, and ten at once are ten that follow one another', async (t) => {
  const drafted = async (hour: number) =>
    (await ask(world, 'createRequest', applicant, { body: wanted({ draft: true, startsAt: at(hour), endsAt: at(hour + 1) }) })).json()
  const act = async (requestId: number, by: typeof driver, action: string) =>
    (
      await ask(world, 'actOnRequest', by, { params: { requestId }, body: { action, version: (await request(requestId, by)).version } })
    ).json()
  const last = async () =>
    (await db.query<{ n: number }>('SELECT max(number) AS n FROM dispatch_orders WHERE issuer_id = 4 AND year = 2026')).rows[0]!.n
  const numberOf = ({ json }: { json(): unknown }) => Number((json() as { number: string }).number.slice(-4))
  const before = await last()
  const [d1, d2, d3, d4] = [await drafted(2_000), await drafted(2_010), await drafted(2_020), await drafted(2_030)]
  t.match(
    [d1, d2],
    [
      { state: 'DRAFT', order: null },
      { state: 'DRAFT', order: null },
    ],
  )
  const sent = async ({ requestId }: { requestId: number }) => {
    await act(requestId, applicant, 'submit')
    return act(requestId, approver, 'approve')
  }
  const given = [await give(await sent(d2), 202, 1)]
  t.equal((await act(d1.requestId, applicant, 'cancel')).state, 'CANCELLED')
  given.push(await give(await sent(d3), 202, 1))
  // The sheet is made when it is asked for: whoever cannot have it leaves the number where it is.
  given.push(await give(await sent(d4), 202, 1))
  const sheet = await ask(world, 'getOrderSheet', stranger, { params: { orderId: given[2]!.json().orderId } })
  t.equal(sheet.status, 404)
  // No code holds an address of that length: the PDF cannot be made, and is refused.
  const { orderId: third } = given[2]!.json()
  for (const host of [`${'a'.repeat(4_000)}.example`, 'x y', '[']) {
    const answer = await ask(world, 'getOrderSheet', dispatcher, { params: { orderId: third }, headers: { host } })
    t.match([answer.status, reasonsOf(answer)], [400, [{ path: 'headers.host', reason: 'host.none' }]], host.slice(0, 5))
  }
  t.match(await order(given[2]!.json().orderId), { number: given[2]!.json().number, state: 'DISPATCHED' })
  t.same(given.map(numberOf), [before + 1, before + 2, before + 3])
  const ten = []
  for (let n = 0; n < 10; n++)
    ten.push(await approved(world, applicant, approver, { startsAt: at(2_040 + n * 10), endsAt: at(2_041 + n * 10) }))
  const tenGiven = await Promise.all(ten.map((each) => give(each, 202, 1)))
  t.same(
    tenGiven.map(numberOf).sort((a, b) => a - b),
    ten.map((_, n) => before + 4 + n),
  )
  const { orderId, number } = tenGiven[4]!.json()
  await step(orderId, dispatcher, 'void', { reason: '取消' })
  t.match(await order(orderId), { number, state: 'VOIDED' })
  t.equal(await last(), before + 13)
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
  t.match(await told({ startsAt: at(24), endsAt: at(24 * 40) }), [
    { path: 'body.endsAt', reason: 'request.long', values: { latest: at(24 * 32) } },
  ])
  t.match(
    await told({ kind: 'emergency', draft: true }),
    [{ path: 'body.draft', reason: 'request.emergencyDraft' }],
    'what can wait is none',
  )
  t.match(await told({ endsAt: '9999-12-31T23:00:00Z' }), [{ path: 'body.endsAt' }])
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
  const again = await change(phoned.version, { contactPhone: '13800002222' })
  t.same([again.version, again.steps.length], [phoned.version, phoned.steps.length], 'saved as it was, nothing has happened')
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
  // In the night nobody is at work: for an emergency whoever has had his rest is on call, for another trip nobody is.
  await db.owner.query(`UPDATE driver_shifts SET start_minute = 480, end_minute = 1080`)
  const night = { startsAt: at(13), endsAt: at(14) }
  const urgent = (await ask(world, 'createRequest', applicant, { body: wanted({ kind: 'emergency', ...night }) })).json()
  const calm = await approved(world, applicant, approver, night)
  const listed = async (requestId: number) => (await ask(world, 'listCandidates', dispatcher, { params: { requestId } })).json()
  t.match(await listed(calm.requestId), { able: 0, drivers: { awayBy: [{ code: 'OFF_DUTY' }] } })
  t.equal((await give(calm, 201, 3)).body.includes('OFF_DUTY'), true)
  const onCall = await listed(urgent.requestId)
  t.ok(onCall.able > 0 && onCall.pairs.every(({ why }) => why.some(({ code }) => code === 'ON_CALL')))
  const called = await give(urgent, 201, 3)
  t.equal(called.status, 200, called.body)
  t.match((await listed(calm.requestId)).unserved, { code: 'DRIVERS' })
  await step(called.json().orderId, dispatcher, 'void', { reason: '险情解除' })
  await db.owner.query(`UPDATE driver_shifts SET start_minute = 0, end_minute = 1440`)

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
  await db.query(`UPDATE dispatch_orders SET since = since - interval '29 minutes' WHERE order_id = $1`, [given.orderId])
  const other = await move(later.json().version, { vehicleId: 202, driverId: 1 })
  t.match(other.json(), { vehicle: { vehicleId: 202 }, driver: { driverId: 1 }, state: 'DISPATCHED', startsAt: at(160.5) })
  const since = await db.query('SELECT since FROM dispatch_orders WHERE order_id = $1', [given.orderId])
  t.same(since.rows, [{ since: new Date(NOW_MS) }], 'who is new to it has half an hour of his own')
  const board = (await ask(world, 'getBoard', dispatcher, { query: { from: at(150), until: at(170) } })).json()
  const bars = (vehicleId: number) => board.vehicles.find((row) => row.vehicleId === vehicleId)!.bars.map(({ order }) => order?.orderId)
  t.ok(bars(202).includes(given.orderId) && !bars(203).includes(given.orderId))
  t.ok(board.drivers.find((row) => row.driverId === 1)!.bars.some(({ order }) => order?.orderId === given.orderId))
})

t.test('whoever sees a request or an order is told that it has changed, nobody else, and who missed it knows by the number', async (t) => {
  const listen = async (by: typeof driver) => {
    const live = new LiveClient(t, world.origin, { cookie: by.cookie })
    return { live, from: (await live.next('trips')).through }
  }
  const [board, own, other] = [await listen(dispatcher), await listen(applicant), await listen(stranger)]
  const one = await approved(world, applicant, approver, { startsAt: at(140), endsAt: at(142) })
  const first = await board.live.next('trips')
  t.ok(first.through > board.from)
  await own.live.next('trips')
  t.equal((await give(one, 203, 3)).status, 200)
  await board.live.next('trips', ({ through }) => through > first.through)
  t.equal(other.live.arrivals.filter(({ event }) => event === 'trips').length, 1, 'only from where on, at first')
  const late = await listen(dispatcher)
  t.ok(late.from > first.through, 'a line that begins anew is told how far things are')
})

t.test('a dispatcher whose board is older is told who moved the trip and where it is now, and his other moves stand', async (t) => {
  const trips = [
    await approved(world, applicant, approver, { startsAt: at(300), endsAt: at(302) }),
    await approved(world, applicant, approver, { startsAt: at(310), endsAt: at(312) }),
  ]
  const [first, second] = [(await give(trips[0]!, 202, 1)).json() as OrderDetail, (await give(trips[1]!, 202, 1)).json() as OrderDetail]
  const move = (one: OrderDetail, vehicleId: number, by: typeof driver) =>
    ask(world, 'moveOrder', by, { params: { orderId: one.orderId }, body: { vehicleId, driverId: 1, version: one.version } })
  const fleet = await world.signIn('fleet_manager')
  const moved = await move(first, 203, fleet)
  t.equal(moved.status, 200, moved.body)
  t.equal((await move(second, 203, dispatcher)).status, 200)
  const late = await move(first, 201, dispatcher)
  t.equal(late.status, 409)
  t.match(reasonsOf(late), [
    { reason: 'order.changed', values: { by: 'fleet_manager', given: /^蒙AA0203 \S+$/, orderState: 'DISPATCHED' } },
  ])
  t.equal((await order(first.orderId)).vehicle?.vehicleId, 203)
  t.equal((await order(second.orderId)).vehicle?.vehicleId, 203)
  const seen = await order(second.orderId)
  const still = await move(seen, 203, dispatcher)
  t.same([still.json().version, still.json().steps.length], [seen.version, seen.steps.length], 'put where it is, nothing has happened')
})

t.test('a trip past midnight is on the board of both days, once, and in the way on both', async (t) => {
  const night = await approved(world, applicant, approver, { startsAt: at(34.5), endsAt: at(37.25) })
  const given = (await give(night, 203, 1)).json() as OrderDetail
  const barsOn = async (from: number) => {
    const board = (await ask(world, 'getBoard', dispatcher, { query: { from: at(from), until: at(from + 24) } })).json()
    return board.vehicles.flatMap(({ bars }) => bars).filter(({ order }) => order?.orderId === given.orderId)
  }
  for (const midnight of [12, 36]) t.match(await barsOn(midnight), [{ order: { startsAt: at(34.5), endsAt: at(37.25) } }])
  const small = await approved(world, applicant, approver, { startsAt: at(37), endsAt: at(38) })
  t.match(reasonsOf(await give(small, 203, 3)), [{ reason: 'vehicle.busy', values: { free: at(37.75) } }])
  // Half an hour lies between two trips: what is told is accepted, and nothing before it.
  const [soon, next] = [37.5, 37.75].map((from) => approved(world, applicant, approver, { startsAt: at(from), endsAt: at(from + 1) }))
  t.match(reasonsOf(await give(await soon!, 203, 3)), [{ reason: 'vehicle.busy', values: { free: at(37.75) } }])
  t.equal((await give(await next!, 203, 3)).status, 200)
})

t.test('every vehicle and driver that is left out is reached with its reasons, page by page', async (t) => {
  const crowd = await approved(world, applicant, approver, { passengers: 40, startsAt: at(320), endsAt: at(321) })
  const page = async (query: object) =>
    (await ask(world, 'listExcluded', dispatcher, { params: { requestId: crowd.requestId }, query } as never)).json()
  const all = await page({})
  const one = await page({ limit: 1, offset: 1 })
  t.equal(one.total, all.rows.length)
  t.same(one.rows[0], all.rows[1])
  t.equal((await page({ code: 'SEATS' })).total, all.total)
  t.equal((await page({ code: 'CHARGE' })).total, 0)
  const found = (await ask(world, 'listCandidates', dispatcher, { params: { requestId: crowd.requestId } })).json()
  t.match(found.unserved, { code: 'SEATS', detail: { passengers: 40 } })
  t.match(found.way, null, 'a destination that is a name alone has no way')
  t.equal((await page({ of: 'driver' })).total, found.drivers.awayTotal)
})

t.test('a driver without a licence, on leave or of another scope is refused with the reason', async (t) => {
  const one = await approved(world, applicant, approver, { startsAt: at(320), endsAt: at(321) })
  await db.owner.query(`UPDATE drivers SET licence_expires_on = '2026-03-05' WHERE driver_id = 3`)
  t.match(reasonsOf(await give(one, 202, 3)), [
    { reason: 'driver.unfit', values: { fitness: 'LICENCE_EXPIRED', fit: '示例司机一、示例司机四' } },
  ])
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

t.test('an order is printed with a link that says of the sheet whether it is the last, and nothing of persons', async (t) => {
  const one = await approved(world, applicant, approver, { startsAt: at(180), endsAt: at(181) })
  const { orderId, version, number } = (await give(one, 203, 3)).json()
  const params = { orderId }
  const printed = await ask(world, 'getOrderSheet', driver, { params })
  t.equal(printed.code, 'NOT_FOUND', 'not another’s')
  const sheet = await ask(world, 'getOrderSheet', dispatcher, { params })
  t.equal(sheet.status, 200, sheet.body)
  t.match(sheet.headers, { 'content-type': 'application/pdf', 'content-disposition': /0001|%E3%80%94/ })
  t.match(sheet.body, /^%PDF-/)
  const key = Buffer.from(IDENTITY_KEY, 'base64url')
  const page = async (sheetVersion: number) =>
    (await world.app.inject({ url: `/verify/${sheetToken(key, { orderId, version: sheetVersion })}` })).body
  const first = await page(1)
  for (const said of [number, '蒙A·A0203', '甲单位', '最新版本', '待接单']) t.match(first, said)
  for (const kept of ['示例司机三', '13800001111', '示例联系人', '参加全区工作会议']) t.notMatch(first, kept)
  const moved = await ask(world, 'moveOrder', dispatcher, {
    params,
    body: { vehicleId: 203, driverId: 3, endsAt: at(181.5), version, reason: '' },
  })
  t.equal(moved.status, 200, moved.body)
  t.match(await page(1), '不是最新版本')
  t.match(await page(2), '真实有效')
  await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 203')
  t.notMatch(await page(2), 'A0203', 'a sensitive vehicle is named to nobody')
  await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 203')
  await step(orderId, dispatcher, 'void', { reason: '取消' })
  t.match(await page(2), '已作废')
  const forged = await world.app.inject({ url: `/verify/1-1-${'A'.repeat(22)}` })
  t.equal(forged.statusCode, 404)
  t.match(forged.body, '伪造')
})

t.test('each step is told to whom it concerns, in the transaction that takes it, and not to whoever took it', async (t) => {
  const told = async (by: typeof driver, query: object = {}) =>
    (await ask(world, 'listNotifications', by, { query: { limit: 200, ...query } })).json()
  const kindsSince = async (by: typeof driver, since: number) =>
    (await told(by, { since })).rows.filter(({ notificationId }) => notificationId > since).map(({ kind }) => kind)
  const lastOf = async (by: typeof driver) => (await told(by)).rows[0]?.notificationId ?? 0
  const people = [applicant, approver, dispatcher, driver, finance] as const
  const heard = async (work: () => Promise<unknown>) => {
    const before = await Promise.all(people.map(lastOf))
    await work()
    return Promise.all(people.map((by, n) => kindsSince(by, before[n]!)))
  }
  let made!: RequestDetail
  t.same(
    await heard(async () => {
      made = (await ask(world, 'createRequest', applicant, { body: wanted({ startsAt: at(1), endsAt: at(2) }) })).json()
    }),
    [[], ['request.submit'], [], [], []],
  )
  const params = { requestId: made.requestId }
  t.same(
    await heard(async () => {
      made = (await ask(world, 'actOnRequest', approver, { params, body: { action: 'approve', version: made.version } })).json()
    }),
    [['request.approve'], [], ['request.approve'], [], []],
  )
  let given!: OrderDetail
  t.same(
    await heard(async () => {
      given = (await give(made, 203, 1)).json()
    }),
    [['order.dispatch'], [], [], ['order.dispatch'], []],
  )
  const orderId = given.orderId
  t.match((await told(driver)).rows[0], { orderId, plate: '蒙AA0203', number: given.number, unit: '甲单位', to: '武川县政府', read: false })
  t.same(await heard(() => step(orderId, driver, 'decline', { reason: '车辆故障' })), [[], [], ['order.decline'], [], []])
  given = (await give(await request(made.requestId), 203, 1)).json()
  t.same(await heard(() => step(given.orderId, driver, 'accept')), [['order.accept'], [], [], [], []])
  const changes = (body: object) =>
    ask(world, 'moveOrder', dispatcher, { params: { orderId: given.orderId }, body: { vehicleId: 203, driverId: 1, reason: '', ...body } })
  t.same(
    await heard(async () => {
      given = (await changes({ version: (await order(given.orderId)).version, endsAt: at(2.5) })).json()
    }),
    [['order.move'], [], [], ['order.move'], []],
  )
  t.same(
    await heard(async () => {
      given = (await changes({ version: given.version, driverId: 4 })).json()
    }),
    [['order.move'], [], [], ['order.handOver'], []],
    'who drove until now hears that he does not',
  )
  t.same(await heard(() => step(given.orderId, dispatcher, 'void', { reason: '会议取消' })), [['order.void'], [], [], [], []])
  given = (await give(await request(made.requestId), 203, 1)).json()
  await step(given.orderId, driver, 'accept')
  const odometerKm = 60_000
  // The driver was out for a moment at the tests' instant.
  world.clock.atMs += 60_000
  t.teardown(() => {
    world.clock.atMs -= 60_000
  })
  t.same(await heard(() => step(given.orderId, driver, 'depart', { data: { odometerKm, sure: true } })), [['order.depart'], [], [], [], []])
  t.same(await heard(() => step(given.orderId, driver, 'comeBack', { data: { odometerKm } })), [
    ['order.comeBack'],
    [],
    ['order.comeBack'],
    [],
    [],
  ])
  t.same(await heard(() => step(given.orderId, applicant, 'confirm')), [[], [], ['order.confirm'], [], []])
  t.same(await heard(() => step(given.orderId, dispatcher, 'settle')), [[], [], [], [], ['order.settle']])
  t.same(await heard(() => step(given.orderId, finance, 'giveBack', { reason: '缺票据' })), [[], [], ['order.giveBack'], [], []])
})

t.test(
  'what one was told is read by oneself alone, counted until it is, and says nothing of a vehicle that one does not see',
  async (t) => {
    // What has no end is told all the same.
    const endless = await db.owner.query<{ id: number }>(
      `UPDATE events e SET data = data - 'endsAt' FROM notifications n JOIN accounts a USING (account_id)
       WHERE n.event_id = e.event_id AND a.username = 'driver' RETURNING n.notification_id AS id`,
    )
    t.ok(endless.rowCount > 0)
    const { rows, unread } = (await ask(world, 'listNotifications', driver, { query: { limit: 200 } })).json()
    t.equal(rows[0]!.endsAt, rows[0]!.startsAt)
    t.ok(unread > 2 && unread === rows.filter(({ read }) => !read).length)
    const one = (await ask(world, 'readNotifications', driver, { body: { ids: [rows[0]!.notificationId] } })).json()
    t.equal(one.unread, unread - 1)
    const others = (await ask(world, 'listNotifications', applicant, { query: { limit: 1, unread: 'true' } })).json()
    await ask(world, 'readNotifications', driver, { body: { ids: [others.rows[0]!.notificationId], upTo: rows[0]!.notificationId } })
    t.equal((await ask(world, 'listNotifications', driver, {})).json().unread, 0)
    t.equal(
      (await ask(world, 'listNotifications', applicant, { query: { limit: 1 } })).json().unread,
      others.unread,
      'nobody reads for another',
    )
    const shown = rows.find(({ plate }) => plate === '蒙AA0203')!
    await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 203')
    t.teardown(() => db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 203'))
    const hidden = (await ask(world, 'listNotifications', driver, { query: { limit: 200 } })).json()
    t.equal(hidden.rows.find(({ notificationId }) => notificationId === shown.notificationId)!.plate, null)
    t.notMatch(JSON.stringify(hidden), 'A0203')
  },
)

t.test('an emergency that nobody approved in time is told once, and stays as a step', async (t) => {
  const asked = (
    await ask(world, 'createRequest', applicant, { body: wanted({ kind: 'emergency', startsAt: at(0), endsAt: at(1) }) })
  ).json()
  const late = { db, clock: { nowMs: () => NOW_MS + 25 * HOUR_MS } }
  t.ok((await noteUnratified(late)) >= 1)
  t.equal(await noteUnratified(late), 0)
  t.match((await request(asked.requestId)).steps.at(-1), { action: 'unratified', by: 'system' })
  for (const by of [applicant, approver, dispatcher])
    t.equal(
      (await ask(world, 'listNotifications', by, { query: { limit: 200 } }))
        .json()
        .rows.filter(({ kind, requestId }) => kind === 'request.unratified' && requestId === asked.requestId).length,
      1,
    )
})

t.test('a page learns within a second that one was told something, and after a break how much is unread', async (t) => {
  const unreadOf = (socket: LiveClient['socket']) =>
    new Promise<number>((resolve) => socket.once('notified', ({ unread }: { unread: number }) => resolve(unread)))
  const line = new LiveClient(t, world.origin, { cookie: approver.cookie })
  const before = await unreadOf(line.socket)
  const soon = unreadOf(line.socket)
  const beganMs = performance.now()
  await ask(world, 'createRequest', applicant, { body: wanted({ startsAt: at(195), endsAt: at(196) }) })
  t.equal(await soon, before + 1)
  t.ok(performance.now() - beganMs < 1_000)
  const again = new LiveClient(t, world.origin, { cookie: approver.cookie })
  t.equal(await unreadOf(again.socket), before + 1)
})

const bureau = await world.signIn('bureau_admin')
const regionBureau = await world.signIn('bureau.region')
const neighbour = await world.signIn('approver.21')
const far = { to: { name: '锡林浩特市政府' }, startsAt: at(190), endsAt: at(196) }
const asked = async (changes: object = {}, by = applicant) => {
  const answer = await ask(world, 'createRequest', by, { body: wanted({ startsAt: at(190), endsAt: at(191), ...changes }) })
  if (answer.status !== 200) throw new Error(answer.body)
  return answer.json()
}
const decide = async (requestId: number, by: typeof approver, action = 'approve', reason = '') => {
  const { version } = await request(requestId)
  return ask(world, 'actOnRequest', by, { params: { requestId }, body: { action: action as 'approve', version, reason } })
}
const inbox = async (by: typeof approver) =>
  (await ask(world, 'listRequests', by, { query: { waiting: 'approval', limit: 200 } })).json().rows.map(({ requestId }) => requestId)
const limits = { remindAfterH: 2, escalateAfterH: 8, bothForH: 4 }
const setRules = (by: typeof bureau, organisationId: number, rules: object[], effectiveFrom = '2026-03-02') =>
  ask(world, 'setApprovalRules', by, { body: { organisationId, effectiveFrom, rules: { rules, ...limits }, reason: '按规定调整审批' } })

t.test('rules of a league ask its bureau beside the unit, one after the other, each another person', async (t) => {
  t.equal((await setRules(bureau, 30, [])).code, 'VALIDATION_FAILED', 'of another league')
  t.match(reasonsOf(await setRules(bureau, 2, [], '2026-03-01')), [{ reason: 'approval.dayPast', values: { firstDay: '2026-03-02' } }])
  t.equal((await setRules(approver, 20, [])).code, 'FORBIDDEN')
  const set = await setRules(bureau, 2, [
    { when: 'leavesLeague', level: 'league' },
    { when: 'distance', km: 400, level: 'region' },
  ])
  t.equal(set.status, 200, set.body)
  t.equal((await ask(world, 'listApprovalRules', applicant)).json().rows.length, 2, 'the region’s and the league’s')

  const { key: _key, kind: _kind, ...trip } = { kind: '', ...wanted(far) }
  const { chain } = (await ask(world, 'previewRequest', applicant, { body: trip })).json()
  t.match(chain.steps, [
    { level: 'unit', because: ['always'], who: ['示例 unit_approver'] },
    { level: 'league', because: ['leavesLeague'], who: ['示例 bureau_admin'] },
    { level: 'region', because: ['distance'], who: ['示例 bureau.region'] },
  ])
  const { requestId, chain: kept, approval } = await asked(far)
  t.same(kept, chain, 'what was shown is what applies')
  t.match(kept.rule, { organisationId: 2, from: '2026-03-02', version: 1 })
  t.match(approval, { at: 1, of: 3, level: 'unit', mine: false })

  t.equal((await decide(requestId, bureau)).code, 'FORBIDDEN', 'it is the unit’s turn')
  const agreed = await decide(requestId, approver)
  t.match(agreed.json(), { state: 'SUBMITTED', approval: { at: 2, level: 'league', mine: false }, mayAct: [] })
  t.equal((await decide(requestId, approver)).code, 'FORBIDDEN', 'his turn is over')
  t.notOk((await inbox(approver)).includes(requestId))
  t.ok((await inbox(bureau)).includes(requestId))
  await db.owner.query(`UPDATE accounts SET person_no = 'P-2' WHERE username IN ('bureau_admin', 'unit_approver')`)
  t.match(reasonsOf(await decide(requestId, bureau)), [{ reason: 'flow.samePerson' }])
  await db.owner.query(`UPDATE accounts SET person_no = NULL WHERE username IN ('bureau_admin', 'unit_approver')`)
  t.match((await decide(requestId, bureau)).json(), { state: 'SUBMITTED', approval: { at: 3, level: 'region' } })
  const last = (await decide(requestId, regionBureau)).json()
  t.match(last, { state: 'APPROVED', approval: null })
  t.match(last.steps, [
    { action: 'submit' },
    { action: 'agree', level: 'unit' },
    { action: 'agree', level: 'league' },
    { action: 'approve', level: 'region' },
  ])

  // What was sent keeps its chain when the rules change.
  const waiting = await asked(far)
  await setRules(bureau, 2, [])
  t.equal((await request(waiting.requestId)).chain.steps.length, 3)
  t.equal((await asked(far)).chain.steps.length, 1)
  await setRules(bureau, 2, [{ when: 'leavesLeague', level: 'league' }])
})

t.test(
  'what was approved at both levels keeps it with a new telephone, and begins anew as another matter, with what changed',
  async (t) => {
    const { requestId } = await asked({ ...far, to: { name: '包头市政府' } })
    await decide(requestId, approver)
    const { version } = (await decide(requestId, bureau)).json()
    const { key: _key, ...fields } = wanted({ ...far, to: { name: '包头市政府' } })
    const change = async (seen: number, changes: object) =>
      (await ask(world, 'changeRequest', applicant, { params: { requestId }, body: { ...fields, ...changes, version: seen } })).json()
    const phoned = await change(version, { contactPhone: '13800009999' })
    t.match(phoned, { state: 'APPROVED', steps: { length: 4 } })
    const moved = await change(phoned.version, { contactPhone: '13800009999', to: { name: '锡林浩特市' }, endsAt: at(215) })
    t.match(moved, { state: 'SUBMITTED', approval: { at: 1, of: 2, level: 'unit' } })
    t.same(moved.steps.at(-1)!.changed.sort(), ['endsAt', 'to'], 'approvers see what became another')
    t.equal((await decide(requestId, bureau)).code, 'FORBIDDEN', 'from the first step')
    t.equal((await decide(requestId, approver)).json().approval?.level, 'league', 'who agreed before may agree to this')
    t.match(reasonsOf(await decide(requestId, bureau, 'giveBack')), [{ path: 'body.reason' }])
    t.match((await decide(requestId, bureau, 'giveBack', '请核实日期')).json(), { state: 'RETURNED', steps: { length: 7 } })
    // A vehicle and a driver that it has are free again with another matter, and stay with another telephone.
    const given = await approved(world, applicant, approver, { startsAt: at(705), endsAt: at(706) })
    const { orderId } = (await give(given, 202, 1)).json()
    const put = async (changes: object) =>
      ask(world, 'changeRequest', applicant, {
        params: { requestId: given.requestId },
        body: {
          ...fields,
          to: given.to,
          startsAt: at(705),
          endsAt: at(706),
          ...changes,
          version: (await request(given.requestId)).version,
        },
      })
    t.match((await put({ contactPhone: '13800003333' })).json(), { state: 'DISPATCHED', order: { orderId } })
    t.match((await put({ endsAt: at(730) })).json(), { state: 'SUBMITTED', order: null, mayChange: true })
    t.match(await order(orderId), { state: 'VOIDED', steps: [{}, { action: 'withdraw' }] })
    const next = await approved(world, applicant, approver, { startsAt: at(705), endsAt: at(706) })
    t.equal((await give(next, 202, 1)).status, 200, 'free for others')
    // Half way a change that shortens the chain begins it anew as well.
    const half = await asked({ ...far, to: { name: '包头市政府' } })
    const at1 = (await decide(half.requestId, approver)).json()
    const nearer = (
      await ask(world, 'changeRequest', applicant, {
        params: { requestId: half.requestId },
        body: { ...fields, to: { name: '武川县' }, version: at1.version },
      })
    ).json()
    t.match(nearer, { state: 'SUBMITTED', approval: { at: 1, of: 1, level: 'unit' } })
  },
)

t.test('after a change of head a request is the new head’s alone, and what the former decided stays under him', async (t) => {
  const decided = await asked()
  await decide(decided.requestId, approver)
  const waiting = await asked()
  const roles = (role: string, username: string) => db.owner.query('UPDATE accounts SET role = $1 WHERE username = $2', [role, username])
  await db.owner.query(`UPDATE accounts SET organisation_id = 20 WHERE username = 'approver.21'`)
  await roles('applicant', 'unit_approver')
  t.equal((await decide(waiting.requestId, approver)).code, 'FORBIDDEN')
  t.notOk((await inbox(approver)).includes(waiting.requestId))
  const head = await world.signIn('approver.21')
  t.ok((await inbox(head)).includes(waiting.requestId))
  t.equal((await decide(waiting.requestId, head)).json().state, 'APPROVED')
  t.match((await request(decided.requestId)).steps.at(-1), { action: 'approve', by: '示例 unit_approver' })
  await roles('unit_approver', 'unit_approver')
  await db.owner.query(`UPDATE accounts SET organisation_id = 21 WHERE username = 'approver.21'`)
})

t.test('a vehicle is given and moved for times that could be asked for, and for no trip that is over', async (t) => {
  const one = await approved(world, applicant, approver, { startsAt: at(1290), endsAt: at(1292) })
  const told = async (startsAt: string, endsAt: string) => reasonsOf(await give(one, 203, 3, { startsAt, endsAt }))
  t.match(await told(at(-50), at(1292)), [{ path: 'body.startsAt', reason: 'request.past', values: { earliest: at(0) } }])
  t.match(await told(at(1290), at(1290 + 24 * 365)), [
    { path: 'body.endsAt', reason: 'request.long', values: { latest: at(1290 + 24 * 31) } },
  ])
  t.match(await told(at(24 * 200), at(24 * 200 + 1)), [{ path: 'body.startsAt', reason: 'request.far' }])
  const given = (await give(one, 203, 3)).json()
  const moved = await ask(world, 'moveOrder', dispatcher, {
    params: { orderId: given.orderId },
    body: { vehicleId: 203, driverId: 3, startsAt: at(-9), endsAt: at(-8), version: given.version },
  })
  t.match(reasonsOf(moved), [{ path: 'body.startsAt', reason: 'request.past' }])
  t.equal((await step(given.orderId, dispatcher, 'void', { reason: '行程取消' })).status, 200)
})

t.test('who decides second is told that it is decided, and what can be done now', async (t) => {
  const one = await asked()
  const twice = await Promise.all([decide(one.requestId, approver), decide(one.requestId, approver)])
  t.same(twice.map(({ status }) => status).sort(), [200, 409])
  const again = await ask(world, 'actOnRequest', approver, {
    params: { requestId: one.requestId },
    body: { action: 'approve', version: (await request(one.requestId)).version },
  })
  t.match(reasonsOf(again), [{ reason: 'request.not', values: { requestState: 'APPROVED', requestSteps: 'decline cancel' } }])
})

t.test('a deputy decides in the name of who is away, from the day on and until it is ended', async (t) => {
  const name = (by: typeof approver, deputyId: number, fromDay: string, untilDay: string) =>
    ask(world, 'nameDeputy', by, { body: { deputyId, fromDay, untilDay } })
  const idOf = async (username: string) =>
    (await db.query<{ id: number }>('SELECT account_id AS id FROM accounts WHERE username = $1', [username])).rows[0]!.id
  const [fit, unfit, ofOthers] = await Promise.all(['approver.21', 'fleet_manager', 'unit_approver@30'].map(idOf))
  t.same(
    (await ask(world, 'listFitDeputies', approver)).json().rows.map(({ accountId }) => accountId),
    [fit],
  )
  for (const one of [unfit!, ofOthers!, await idOf('unit_approver')])
    t.match(reasonsOf(await name(approver, one, '2026-03-02', '2026-03-04')), [{ reason: 'deputy.unfit' }])
  t.match(reasonsOf(await name(approver, fit!, '2026-03-01', '2026-03-04')), [{ reason: 'approval.dayPast' }])
  t.match(reasonsOf(await name(approver, fit!, '2026-03-02', '2026-09-04')), [{ reason: 'deputy.days' }])

  const { requestId } = await asked()
  t.equal((await ask(world, 'getRequest', neighbour, { params: { requestId } })).code, 'NOT_FOUND', 'of another unit')
  const later = (await name(approver, fit!, '2026-03-09', '2026-03-10')).json()
  t.notOk((await inbox(neighbour)).includes(requestId), 'not before its day')
  const named = (await name(approver, fit!, '2026-03-02', '2026-03-04')).json()
  t.match(reasonsOf(await name(approver, fit!, '2026-03-04', '2026-03-05')), [
    { reason: 'deputy.named', values: { lastDay: '2026-03-04' } },
  ])
  t.ok((await inbox(neighbour)).includes(requestId), 'at once')
  const done = await decide(requestId, neighbour)
  t.match(done.json(), { state: 'APPROVED' }, done.body)
  t.match(done.json().steps.at(-1), { action: 'approve', by: '示例 approver.21', onBehalfOf: '示例 unit_approver' })
  const own = await asked({}, neighbour)
  t.match(reasonsOf(await decide(own.requestId, neighbour)), [{ reason: 'flow.samePerson' }], 'and never his own')
  const ofAbsent = await asked({}, approver)
  t.equal((await decide(ofAbsent.requestId, neighbour)).code, 'FORBIDDEN', 'nor in the name of whoever asked')
  t.notOk((await inbox(neighbour)).includes(ofAbsent.requestId))

  const another = await asked()
  t.equal(
    (await ask(world, 'endDeputy', neighbour, { params: named, body: { version: named.version } })).code,
    'NOT_FOUND',
    'not his to end',
  )
  t.equal((await ask(world, 'endDeputy', approver, { params: named, body: { version: named.version } })).status, 200)
  t.equal((await decide(another.requestId, neighbour)).code, 'NOT_FOUND', 'over at once')
  t.match(reasonsOf(await ask(world, 'endDeputy', approver, { params: named, body: { version: named.version + 1 } })), [
    { reason: 'deputy.over' },
  ])
  t.same(
    (await ask(world, 'listDeputies', neighbour)).json().rows.map(({ deputyshipId, own }) => [deputyshipId, own]),
    [
      [later.deputyshipId, false],
      [named.deputyshipId, false],
    ],
  )
})

t.test('a step that nobody decides is reminded of, goes up one level, and is for a while both levels’', async (t) => {
  /** So many hours go by for a request: its limits come nearer, and what is over is written down. */
  const pass = async (requestId: number, hours: number) => {
    await db.owner.query(
      `UPDATE trip_requests SET remind_at = remind_at - make_interval(mins => $2), escalate_at = escalate_at - make_interval(mins => $2),
         lower_until = lower_until - make_interval(mins => $2) WHERE request_id = $1`,
      [requestId, hours * 60],
    )
    await keepApprovalLimits({ db, clock: { nowMs: () => NOW_MS } })
  }
  const { requestId } = await asked({ to: { name: '包头市政府' } })
  await pass(requestId, 1.9)
  t.equal((await request(requestId)).steps.length, 1)
  await pass(requestId, 0.1)
  await pass(requestId, 1)
  t.match((await request(requestId)).steps, [{}, { action: 'remind', by: 'system', level: 'unit' }], 'once')
  await pass(requestId, 5)
  t.match(await request(requestId), { approval: { at: 1, of: 2, level: 'league' }, steps: [{}, {}, { action: 'escalate', by: 'system' }] })
  t.ok((await inbox(approver)).includes(requestId) && (await inbox(bureau)).includes(requestId), 'both')
  await pass(requestId, 4)
  t.notOk((await inbox(approver)).includes(requestId))
  t.equal((await decide(requestId, approver)).code, 'FORBIDDEN')
  t.match((await decide(requestId, bureau)).json(), { state: 'APPROVED' }, 'who decided for the level below has decided his own step')
  const late = await asked({ to: { name: '包头市政府' } })
  await pass(late.requestId, 8)
  t.match((await decide(late.requestId, approver)).json(), { approval: { at: 2, level: 'league' } }, 'the lower one decides his own step')
  const up = await asked()
  for (let n = 0; n < 4; n++) await pass(up.requestId, 8)
  t.match(await request(up.requestId), { approval: { level: 'region' } }, 'and no further')
  t.equal((await request(up.requestId)).steps.filter(({ action }) => action === 'escalate').length, 2)
})

t.test('several are decided at once, each with its answer', async (t) => {
  const [one, two, three] = [await asked(), await asked(), await asked()]
  const { outcomes } = (
    await ask(world, 'decideRequests', approver, {
      body: {
        action: 'approve',
        requests: [
          { requestId: one.requestId, version: one.version },
          { requestId: two.requestId, version: two.version + 1 },
          { requestId: 2_000_000_000, version: 1 },
          { requestId: three.requestId, version: three.version },
        ],
      },
    })
  ).json()
  t.same(
    outcomes.map(({ error }) => error?.code ?? null),
    [null, 'CHANGED_MEANWHILE', 'NOT_FOUND', null],
  )
  const states = await Promise.all([one, two, three].map(async ({ requestId }) => (await request(requestId)).state))
  t.same(states, ['APPROVED', 'SUBMITTED', 'APPROVED'])
})

t.test('what recurs is asked for at once, and from one trip on all later ones are changed or taken back', async (t) => {
  const { key, ...trip } = wanted({ startsAt: at(45), endsAt: at(47) })
  const recurring = (changes: object = {}) =>
    ask(world, 'createSeries', applicant, { body: { ...trip, key, recurrence: { every: 'week', times: 5 }, ...changes } })
  const before = (await ask(world, 'listRequests', applicant)).json().total
  t.match(reasonsOf(await recurring({ startsAt: at(45), endsAt: at(45 + 172) })), [
    { path: 'body.endsAt', reason: 'series.overlap', values: { first: 1, second: 2, overlap: '4 h' } },
  ])
  t.equal((await ask(world, 'listRequests', applicant)).json().total, before, 'nothing half-created')
  const [one, two] = await Promise.all([recurring(), recurring()])
  t.equal(one.json().seriesId, two.json().seriesId, 'sent twice it is one series')
  const { seriesId, requests } = one.json()
  t.same(
    requests.map(({ startsAt, state }) => [startsAt, state]),
    [0, 1, 2, 3, 4].map((n) => [at(45 + 168 * n), 'SUBMITTED']),
  )
  const [first, second, third] = requests
  const stays = {
    params: { requestId: first!.requestId },
    body: { action: 'cancel' as const, version: first!.version, reason: '会议取消' },
  }
  t.equal((await ask(world, 'actOnRequest', applicant, stays)).json().state, 'CANCELLED')
  const later = { ...trip, startsAt: at(46 + 168), endsAt: at(48 + 168), requestId: second!.requestId, version: second!.version }
  const changed = await ask(world, 'changeSeries', applicant, { params: { seriesId }, body: later })
  t.equal(changed.status, 200, changed.body)
  t.same(
    changed.json().requests.map(({ startsAt, state }) => [startsAt, state]),
    [[at(45), 'CANCELLED'], ...[1, 2, 3, 4].map((n) => [at(46 + 168 * n), 'SUBMITTED'])],
    'the first that was taken back stays where it was',
  )
  const { version } = changed.json().requests[2]!
  const onto = { ...later, startsAt: at(47 + 168), endsAt: at(49 + 168), requestId: third!.requestId, version }
  t.match(
    reasonsOf(await ask(world, 'changeSeries', applicant, { params: { seriesId }, body: onto })),
    [{ path: 'body.endsAt', reason: 'series.overlap', values: { overlap: '1 h' } }],
    'nor do they come to overlap one before them',
  )
  t.equal((await ask(world, 'changeSeries', applicant, { params: { seriesId }, body: later })).code, 'CHANGED_MEANWHILE')
  t.equal((await ask(world, 'changeSeries', stranger, { params: { seriesId }, body: later })).code, 'NOT_FOUND')
  const now = changed.json().requests
  const agreed = (await decide(third!.requestId, approver)).json()
  const given = (await give(agreed, 203, 3)).json()
  t.match(
    reasonsOf(
      await ask(world, 'cancelSeries', applicant, {
        params: { seriesId },
        body: { requestId: second!.requestId, version: now[1]!.version, reason: '任务结束' },
      }),
    ),
    [{ reason: 'series.given', values: { day: '2026-03-18' } }],
  )
  const over = await ask(world, 'cancelSeries', applicant, {
    params: { seriesId },
    body: { requestId: now[3]!.requestId, version: now[3]!.version, reason: '任务结束' },
  })
  t.same(
    over.json().requests.map(({ state }) => state),
    ['CANCELLED', 'SUBMITTED', 'DISPATCHED', 'CANCELLED', 'CANCELLED'],
  )
  t.equal((await ask(world, 'listRequests', applicant, { query: { seriesId } })).json().total, 5)
  t.equal((await step(given.orderId, dispatcher, 'void', { reason: '行程取消' })).json().state, 'VOIDED')
})

t.test(
  'the track says when a vehicle left and was back, beside what its driver said; late positions change it, whatever came first',
  async (t) => {
    const minute = 60_000
    const yard = [111.69, 40.82] as const
    const drivesTo = 12_000
    /** Parked at the yard, out at 08:17 of an order of 08:00, there for an hour, and back; a report each 20 s, at rest each minute. */
    const [leaves, there, goes, back] = [-163, -143, -83, -63].map((m) => NOW_MS + m * minute) as [number, number, number, number]
    const metresAt = (ms: number) =>
      ms < leaves
        ? 0
        : ms < there
          ? (drivesTo * (ms - leaves)) / (there - leaves)
          : ms < goes
            ? drivesTo
            : ms < back
              ? (drivesTo * (back - ms)) / (back - goes)
              : 0
    const points: Omit<Point, 'ignition'>[] = []
    for (let ms = NOW_MS - 9 * HOUR_MS; ms < NOW_MS - 10 * minute; ms += metresAt(ms) === metresAt(ms + 20_000) ? minute : 20_000)
      points.push({
        tsMs: ms,
        lonE7: Math.round((yard[0] + metresAt(ms) / 84_300) * 1e7),
        latE7: Math.round(yard[1] * 1e7),
        speedDkph: metresAt(ms) === metresAt(ms + 20_000) ? 0 : 360,
        odometerM: null,
      })
    const location = await openLocation(db)
    const send = async (from: number, until: number) => {
      const some = points.filter(({ tsMs }) => tsMs >= from && tsMs < until)
      await commit(
        db,
        'test',
        positionWork(
          location,
          some.map((point) => readingOf(203, point)),
        ),
        NOW_MS,
      )
      t.ok(await settleVehicle(db, 203, NOW_MS))
      await followTracks({ db, clock: world.clock, drivenM })
    }
    const one = await approved(world, applicant, approver, {
      startsAt: at(400),
      endsAt: at(402),
      to: { name: '目的地', lon: yard[0] + drivesTo / 84_300, lat: yard[1] },
    })
    const { orderId } = (await give(one, 203, 3)).json()
    t.equal((await order(orderId)).track, null, 'nothing to see of what is to come')
    // As if it had been this morning.
    await db.query(
      `UPDATE dispatch_orders SET state = 'RETURNED', since = $2, starts_at = $2, ends_at = $3, departed_at = $4, returned_at = $3, odometer_out_m = 45000000,
       odometer_back_m = 45061000 WHERE order_id = $1`,
      [orderId, new Date(NOW_MS - 180 * minute), new Date(back + 2 * minute), new Date(NOW_MS - 175 * minute)],
    )
    await send(0, leaves)
    t.match((await order(orderId)).track, { departedAt: null, returnedAt: null, differences: [] }, 'not known yet, so no difference')
    await send(goes, NOW_MS)
    await send(leaves, goes)
    const { track, departedAt } = await order(orderId)
    const near = (instant: string | null, ms: number) => t.ok(Math.abs(Date.parse(instant!) - ms) <= 40_000, `${instant}`)
    near(track!.departedAt, leaves)
    near(track!.arrivedAt, there)
    near(track!.returnedAt, back)
    t.equal(track!.pickedUpAt, null, 'it stands where they get in')
    t.ok(Math.abs(track!.km! - 24) < 0.5, `${track!.km} km`)
    t.match(track!.differences, [
      { of: 'depart', said: departedAt, seen: track!.departedAt },
      { of: 'km', said: 61, seen: track!.km },
    ])
    t.equal(Date.parse(departedAt!), NOW_MS - 175 * minute, 'what the driver said stays')
    t.equal((await order(orderId, driver)) && (await ask(world, 'getOrder', stranger, { params: { orderId } })).code, 'NOT_FOUND')

    await db.query('UPDATE order_tracks SET due_at = $2 WHERE order_id = $1', [orderId, new Date(NOW_MS)])
    await followTracks({ db, clock: world.clock, drivenM })
    t.same((await order(orderId)).track, track, 'looked at again it is the same')
  },
)

/** As a phone sends it: done and sent by its own clock. */
const onPhone = (key: number, doneMs: number, sentMs: number) => ({
  key: `00000000-0000-4000-8000-${String(0xd000 + key).padStart(12, '0')}`,
  atDevice: new Date(doneMs).toISOString(),
  sentAtDevice: new Date(sentMs).toISOString(),
})
/** So many minutes later. What follows happens one after the other: a vehicle that was out is out for a moment at least. */
const now = () => world.clock.atMs
const later = (minutes: number): number => {
  world.clock.atMs += minutes * 60_000
  return world.clock.atMs
}
/** The same, with nobody idle for so long that he is signed out. */
async function pass(minutes: number): Promise<void> {
  for (let left = minutes; left > 0; left -= 20) {
    later(Math.min(left, 20))
    await Promise.all([applicant, approver, dispatcher, driver].map((by) => ask(world, 'getSession', by)))
  }
}
const fromNow = (minutes: number): string => new Date(world.clock.atMs + minutes * 60_000).toISOString()
/** An order of driver 1 with vehicle 202, a minute later, for an hour from `minutes` on, accepted. */
async function acceptedIn(minutes: number, lasts = 60): Promise<OrderDetail> {
  later(1)
  const asked = await approved(world, applicant, approver, { startsAt: fromNow(minutes), endsAt: fromNow(minutes + lasts) })
  const given = await give(asked, 202, 1)
  if (given.status !== 200) throw new Error(given.body)
  return (await step(given.json().orderId, driver, 'accept')).json()
}

t.test('what a phone sends twice, or twice at once, is one deed; another with its key is refused', async (t) => {
  // Whoever was out before is back for a while.
  await pass(20)
  const { orderId, version } = await acceptedIn(30)
  const done = onPhone(1, now(), now())
  const depart = { action: 'depart', version, data: { odometerKm: 646_000, sure: true, energyPct: 80 }, done }
  const act = (body: object) => ask(world, 'actOnOrder', driver, { params: { orderId }, body })
  const both = await Promise.all([act(depart), act(depart)])
  t.same(
    both.map(({ status }) => status),
    [200, 200],
    both[0]!.body,
  )
  const again = await act(depart)
  t.equal(again.status, 200, 'its answer was lost')
  t.same(
    again.json().steps.map(({ action }) => action),
    ['dispatch', 'accept', 'depart'],
  )
  t.match(again.json(), { inspections: [{ action: 'depart', energyPct: 80 }], deeds: [{ what: 'step', id: 3, clockOff: false }] })
  t.match(reasonsOf(await act({ ...depart, data: { odometerKm: 646_001, sure: true } })), [{ reason: 'deed.key' }])

  const photo = (content: Buffer, key: number) =>
    world.app.inject({
      method: 'POST',
      url: `/api/v1/orders/${orderId}/photos`,
      query: { ...onPhone(key, now(), now()), shows: 'departure', of: done.key },
      headers: { ...driver.headers, 'content-type': 'application/octet-stream' },
      payload: content,
    })
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#446688' } })
    .jpeg()
    .toBuffer()
  const sent = await Promise.all([photo(picture, 2), photo(picture, 2)])
  t.same(
    sent.map(({ statusCode }) => statusCode),
    [200, 200],
  )
  t.match((await order(orderId)).photos, [{ shows: 'departure', of: { what: 'step', id: 3 }, width: 40, height: 30 }])
  t.equal((await order(orderId)).photos.length, 1)
  const cost = { kind: 'toll', fen: 800, at: fromNow(0), version: again.json().version, done: onPhone(3, now(), now()) }
  for (let n = 0; n < 2; n++) t.equal((await ask(world, 'addOrderCost', driver, { params: { orderId }, body: cost })).status, 200)
  t.equal((await order(orderId)).totalFen, 800)

  // Whoever sees the order sees the photo; nobody else does.
  const { photoId } = (await order(orderId)).photos[0]!
  const read = (by: typeof driver) => ask(world, 'readOrderPhoto', by, { params: { orderId, photoId } })
  for (const by of [driver, applicant, dispatcher, finance]) t.equal((await read(by)).status, 200)
  t.equal((await read(await world.signIn('applicant@30'))).code, 'NOT_FOUND')

  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(64)])
  for (const [content, reason] of [
    [heic, 'photo.heic'],
    [Buffer.from('%PDF-1.7 not a photo'), 'photo.none'],
    [picture.subarray(0, picture.length >> 1), 'photo.broken'],
    // A picture of the size that it says of itself in a few bytes would fill the memory.
    [pictureThatSays(16_000, 16_000), 'photo.pixels'],
  ] as const)
    t.match(reasonsOf(await photo(content, 4)), [{ path: 'body', reason }])
  const large = await photo(Buffer.alloc(40 * 1_048_576), 4)
  t.equal(large.statusCode, 413)
  t.match(reasonsOf(large), [{ reason: 'body.large', values: { most: 32 } }])

  const turned = await sharp({ create: { width: 4032, height: 3024, channels: 3, background: '#888888' } })
    .withExif({ IFD0: { Make: 'Example' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '40/1 49/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer()
  t.equal((await sharp(turned).metadata()).orientation, 6)
  // Cameras append what they like after the picture: 24 MB in all.
  t.equal((await photo(Buffer.concat([turned, Buffer.alloc(24_000_000 - turned.length)]), 5)).statusCode, 200)
  const last = (await order(orderId)).photos.at(-1)!
  t.match(last, { width: 1536, height: 2048 })
  const kept = await world.app.inject({ url: `/api/v1/orders/${orderId}/photos/${last.photoId}`, headers: driver.headers })
  const { exif, orientation, width } = await sharp(kept.rawPayload).metadata()
  t.same({ exif, orientation, width }, { exif: undefined, orientation: undefined, width: 1536 }, 'upright once, and nothing of the camera')
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 646_000, sure: true } })).status, 200)
})

t.test('a phone whose clock is three hours ahead: the return is dated to when it was, kept with its clock, and told', async (t) => {
  const { orderId } = await acceptedIn(30)
  await step(orderId, driver, 'depart', { data: { odometerKm: 646_100, sure: true } })
  const tapped = later(5)
  const [received, ahead] = [later(20), 3 * HOUR_MS]
  {
    const { version } = await order(orderId)
    const body = {
      action: 'comeBack',
      version,
      data: { odometerKm: 646_150, sure: true },
      done: onPhone(10, tapped + ahead, received + ahead),
    }
    const answer = await ask(world, 'actOnOrder', driver, { params: { orderId }, body })
    t.equal(answer.status, 200, answer.body)
    t.match(answer.json(), {
      returnedAt: new Date(tapped).toISOString(),
      deeds: [
        {
          at: new Date(tapped).toISOString(),
          atDevice: new Date(tapped + ahead).toISOString(),
          receivedAt: new Date(received).toISOString(),
          offsetMs: ahead,
          clockOff: true,
        },
      ],
    })
    const late = { kind: 'toll', fen: 500, at: new Date(tapped + ahead).toISOString(), version: version + 1 }
    const paid = await ask(world, 'addOrderCost', driver, {
      params: { orderId },
      body: { ...late, done: onPhone(11, tapped + ahead, received + ahead) },
    })
    t.equal(paid.json().costs[0]?.at, new Date(tapped).toISOString(), 'nor does a cost lie in the future')
  }
})

t.test('an inspection is whole, says what is wrong, and a fault of safety is driven off with knowingly or not at all', async (t) => {
  const { orderId } = await acceptedIn(30)
  const all = inspectionItems.map((item) => ({ item, ok: true }))
  const depart = (inspection: object[], more: object = {}) =>
    step(orderId, driver, 'depart', { data: { odometerKm: 646_200, sure: true, inspection, ...more } })
  t.match(reasonsOf(await depart(all.slice(1))), [{ reason: 'inspection.missing', values: { inspectionItem: 'tyres' } }])
  t.match(reasonsOf(await depart([...all, all[0]!])), [{ reason: 'inspection.unknown' }])
  const faulty = (remark: string) => all.map((one) => (one.item === 'brakes' ? { ...one, ok: false, remark } : one))
  t.match(reasonsOf(await depart(faulty(' '))), [{ reason: 'inspection.remark' }])
  t.match(reasonsOf(await depart(faulty('偏软'))), [{ reason: 'inspection.unsafe', values: { inspectionItem: 'brakes' } }])
  const gone = (await depart(faulty('偏软'), { unsafeSure: true })).json()
  t.match(gone, { state: 'DEPARTED', alerts: 1, inspections: [{ results: { length: all.length } }] })
  const board = (await ask(world, 'getBoard', dispatcher, { query: { from: fromNow(0), until: fromNow(600) } })).json()
  const bar = board.vehicles.flatMap(({ bars }) => bars).find((one) => one.order?.orderId === orderId)
  t.equal(bar?.order?.alerts, 1, 'the dispatcher sees it on the board')
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 646_200, sure: true } })).status, 200)
})

t.test('an incident is seen at once; the vehicle is kept back until it is closed', async (t) => {
  const { orderId } = await acceptedIn(30)
  await step(orderId, driver, 'depart', { data: { odometerKm: 646_300, sure: true } })
  const place = { name: '京藏高速 412 公里', lon: 111.2, lat: 40.7 }
  const told = await ask(world, 'reportIncident', driver, {
    params: { orderId },
    body: { kind: 'accident', text: '追尾，无人受伤', place, done: onPhone(20, now() - 60_000, now()) },
  })
  t.match(told.json(), { alerts: 1, incidents: [{ kind: 'accident', state: 'OPEN', place, mayAct: [] }] })
  const { incidentId, version } = told.json().incidents[0]!
  const heldUntil = fromNow(600)
  const act = (body: object) => ask(world, 'actOnIncident', dispatcher, { params: { orderId, incidentId }, body })
  t.match((await order(orderId)).incidents[0]?.mayAct, ['see', 'hold', 'close'])
  t.match(reasonsOf(await act({ action: 'hold', version, data: { until: fromNow(10) } })), [{ reason: 'incident.until' }])
  const held = await act({ action: 'hold', version, data: { until: heldUntil } })
  t.match(held.json(), { incidents: [{ state: 'SEEN', heldUntil }] })
  const other = await approved(world, applicant, approver, { startsAt: fromNow(300), endsAt: fromNow(360) })
  t.match(reasonsOf(await give(other, 202, 1)), [{ path: 'body.vehicleId', reason: 'vehicle.busy' }])
  t.match(reasonsOf(await act({ action: 'close', version: version + 1 })), [{ reason: 'flow.data' }])
  t.match((await act({ action: 'close', version: version + 1, reason: '已修复' })).json(), { alerts: 0, incidents: [{ state: 'CLOSED' }] })
  t.equal((await give(other, 202, 1)).status, 200)
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 646_300, sure: true } })).status, 200)
})

t.test(
  'who does not drive off in a quarter of an hour holds it no longer, whether or not the job came by; late, he goes if nobody else does',
  async (t) => {
    const first = await acceptedIn(20)
    const [due, half] = [fromNow(20), fromNow(50)]
    const second = await approved(world, applicant, approver, { startsAt: half, endsAt: first.endsAt })
    await pass(34)
    t.match(reasonsOf(await give(second, 202, 1)), [{ reason: 'vehicle.busy' }])
    await pass(2)
    const rival = await give(second, 202, 1)
    t.equal(rival.status, 200, rival.body)
    await pass(4)
    t.equal((await order(first.orderId)).state, 'RELEASED')
    const depart = (orderId: number) => step(orderId, driver, 'depart', { data: { odometerKm: 647_000, sure: true } })
    t.match(reasonsOf(await depart(first.orderId)), [{ reason: 'order.released', values: { due, held: rival.json().number } }])
    await step(rival.json().orderId, dispatcher, 'void', { reason: '取消' })
    t.equal((await depart(first.orderId)).json().state, 'DEPARTED')
    t.equal((await step(first.orderId, driver, 'comeBack', { data: { odometerKm: 647_000 } })).status, 200)
    const late = await acceptedIn(20)
    await pass(36)
    await settleDueOrders({ db, clock: { nowMs: now } })
    const { state, version } = await order(late.orderId)
    t.equal(state, 'RELEASED')
    const place = { vehicleId: 202, driverId: 1, startsAt: fromNow(30), endsAt: fromNow(60), version }
    const moved = await ask(world, 'moveOrder', dispatcher, { params: { orderId: late.orderId }, body: place })
    t.equal(moved.json().state, 'ACCEPTED', 'moved to a time to come, it is held again')
    t.equal((await depart(late.orderId)).json().state, 'DEPARTED')
    t.equal((await step(late.orderId, driver, 'comeBack', { data: { odometerKm: 647_000 } })).status, 200)
    const { url } = (await ask(world, 'makeFeed', driver, { body: {} })).json()
    const inCalendar = async () => {
      const { body } = await world.app.inject({ url: new URL(url).pathname })
      const event = body.split('BEGIN:VEVENT').find((part) => part.includes(`order-${missed.orderId}@`))!
      return [Number(/SEQUENCE:(\d+)/.exec(event)![1]), /STATUS:(\w+)/.exec(event)![1]]
    }
    const missed = await acceptedIn(20, 10)
    await pass(25)
    const leftAt = now()
    await pass(11)
    t.match(reasonsOf(await depart(missed.orderId)), [{ reason: 'order.over' }])
    await settleDueOrders({ db, clock: { nowMs: now } })
    t.match(await order(missed.orderId), {
      state: 'EXPIRED',
      mayAct: [],
      steps: [{}, {}, { action: 'release' }, { action: 'expire', by: 'system' }],
    })
    t.match(await request(missed.requestId), { state: 'EXPIRED', mayAct: [], mayChange: false, steps: { length: 4 } })
    const told = (await ask(world, 'listNotifications', applicant, { query: { limit: 20 } })).json().rows
    t.ok(
      told.some(({ kind, orderId }) => kind === 'order.expire' && orderId === missed.orderId),
      'and whoever asked is told',
    )
    t.same(await inCalendar(), [1, 'CANCELLED'])
    const heard = await ask(world, 'actOnOrder', driver, {
      params: { orderId: missed.orderId },
      body: {
        action: 'depart',
        version: (await order(missed.orderId)).version,
        data: { odometerKm: 647_000, sure: true },
        done: onPhone(900, leftAt, now()),
      },
    })
    t.match(heard.json(), { state: 'DEPARTED', departedAt: new Date(leftAt).toISOString() }, 'what a phone out of reach did in time counts')
    t.same(await inCalendar(), [2, 'CONFIRMED'], 'and whoever reads the calendar takes it for newer')
    t.equal((await request(missed.requestId)).state, 'DISPATCHED')
    t.equal((await step(missed.orderId, driver, 'comeBack', { data: { odometerKm: 647_000 } })).json().state, 'RETURNED')
    t.equal((await request(missed.requestId)).state, 'COMPLETED')
  },
)

t.test('who waits at the pick-up in vain marks it once; whoever asked is told, and the vehicle comes back', async (t) => {
  const { orderId, requestId } = await acceptedIn(30)
  t.notOk((await order(orderId, driver)).mayAct.includes('noShow'))
  await step(orderId, driver, 'depart', { data: { odometerKm: 647_000, sure: true } })
  later(1)
  await step(orderId, driver, 'reach')
  later(1)
  t.ok((await order(orderId, driver)).mayAct.includes('noShow'))
  t.match((await step(orderId, driver, 'noShow')).json(), { state: 'DEPARTED', steps: [{}, {}, {}, {}, { action: 'noShow' }] })
  t.notOk((await order(orderId, driver)).mayAct.includes('noShow'))
  t.match(reasonsOf(await step(orderId, driver, 'noShow')), [{ reason: 'order.not' }])
  const told = (await ask(world, 'listNotifications', applicant, { query: { limit: 20 } })).json().rows
  t.equal(told.filter((row) => row.kind === 'order.noShow' && row.requestId === requestId).length, 1)
  later(1)
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 647_000 } })).json().state, 'RETURNED')
})

t.test('a year whose calendar nobody has announced keeps no driver from being given: that it was not known is kept', async (t) => {
  await db.owner.query('UPDATE driver_shifts SET follows_calendar = true WHERE driver_id = 1')
  await db.owner.query('UPDATE calendar_years SET year = 2099 WHERE year = 2026')
  t.teardown(async () => {
    await db.owner.query('UPDATE calendar_years SET year = 2026 WHERE year = 2099')
    await db.owner.query('UPDATE driver_shifts SET follows_calendar = false WHERE driver_id = 1')
  })
  const asked = await approved(world, applicant, approver, { startsAt: fromNow(1_500), endsAt: fromNow(1_560) })
  const candidates = async (driverId?: number) =>
    (
      await ask(world, 'listCandidates', dispatcher, {
        params: { requestId: asked.requestId },
        query: driverId === undefined ? {} : { driverId },
      })
    ).json()
  t.ok((await candidates()).pairs[0]!.driver!.driverId !== 1, 'whose hours do not hang on it comes first')
  const [pair] = (await candidates(1)).pairs
  t.match(pair, { driver: { driverId: 1 } })
  t.ok(pair!.why.some(({ code, detail }) => code === 'CALENDAR' && detail.year === '2026'))
  const given = (await give(asked, 202, 1)).json()
  t.match(given.steps, [{ action: 'dispatch', unknownYear: '2026' }])
  t.equal((await step(given.orderId, dispatcher, 'void', { reason: '取消' })).status, 200)
})

t.test('a request whose time is over waits for nobody: it is closed by the clock, and whoever asked is told', async (t) => {
  const asked = (await ask(world, 'createRequest', applicant, { body: wanted({ startsAt: fromNow(30), endsAt: fromNow(60) }) })).json()
  const waits = await approved(world, applicant, approver, { startsAt: fromNow(30), endsAt: fromNow(90) })
  const queued = async (waiting: 'approval' | 'dispatch', by: typeof driver) =>
    (await ask(world, 'listRequests', by, { query: { waiting, limit: 200 } })).json().rows.map(({ requestId }) => requestId)
  await pass(59)
  t.ok((await queued('approval', approver)).includes(asked.requestId))
  await pass(2)
  t.notOk((await queued('approval', approver)).includes(asked.requestId), 'before anything is written down')
  t.ok((await queued('dispatch', dispatcher)).includes(waits.requestId), 'until its own end a trip can be given')
  // The clock writes its step down when it comes to it, perhaps between a reading and a press: whoever is told of that reads again.
  const pressed = async (press: () => ReturnType<typeof ask>) => {
    const refused = reasonsOf(await press())
    return refused[0]?.reason === 'version.changed' ? reasonsOf(await press()) : refused
  }
  const approve = async () =>
    ask(world, 'actOnRequest', approver, {
      params: { requestId: asked.requestId },
      body: { action: 'approve', version: (await request(asked.requestId)).version },
    })
  t.match(await pressed(approve), [{ reason: 'request.not', values: { requestState: 'EXPIRED' } }])
  await pass(30)
  t.notOk((await queued('dispatch', dispatcher)).includes(waits.requestId))
  t.match(await pressed(async () => give(await request(waits.requestId), 202, 1)), [{ values: { requestState: 'EXPIRED' } }])
  const deps = { db, clock: { nowMs: now } }
  await settleDueRequests(deps)
  t.equal(await settleDueRequests(deps), 0, 'once')
  for (const { requestId } of [asked, waits]) {
    t.match((await request(requestId)).steps.at(-1), { action: 'expire', state: 'EXPIRED', by: 'system' })
    const rows = (await ask(world, 'listNotifications', applicant, { query: { limit: 50 } })).json().rows
    t.equal(rows.filter((row) => row.kind === 'request.expire' && row.requestId === requestId).length, 1)
  }
})

t.test('a driver who did not hear that his order was voided, and left, revives nothing; the vehicle is not shown as free', async (t) => {
  const { orderId, number, requestId, version } = await acceptedIn(30)
  await step(orderId, dispatcher, 'void', { reason: '会议取消' })
  t.same((await order(orderId, driver)).mayAct, [], 'nobody is offered to go')
  // What his telephone sends when it has a network again: of the order that he saw.
  const press = (action: 'depart' | 'comeBack', odometerKm: number) =>
    ask(world, 'actOnOrder', driver, { params: { orderId }, body: { action, version, data: { odometerKm, sure: true } } })
  const departedAt = fromNow(0)
  const left = await press('depart', 647_000)
  t.match(left.json(), { state: 'VOIDED', leftVoided: true, departedAt, odometerOutKm: 647_000, mayAct: ['comeBack'] }, left.body)
  t.match(await request(requestId), { state: 'APPROVED', order: null }, 'the request waits for another')
  t.match(reasonsOf(await give(await request(requestId), 202, 1)), [
    { path: 'body.vehicleId', reason: 'vehicle.busy', values: { held: number } },
  ])
  const openOnes = (await ask(world, 'listOrders', dispatcher, { query: { open: 'true', limit: 200 } })).json().rows
  t.match(
    openOnes.find((row) => row.orderId === orderId),
    { state: 'VOIDED', leftVoided: true },
    'whoever dispatches sees it',
  )
  t.equal((await press('depart', 647_000)).status, 409, 'once')
  later(1)
  const back = (await press('comeBack', 647_000.4)).json()
  t.match(back, { state: 'VOIDED', returnedAt: fromNow(0), odometerBackKm: 647_000.4, mayAct: [] })
  t.same(
    back.steps.map(({ action }) => action),
    ['dispatch', 'accept', 'void', 'leaveVoided', 'returnVoided'],
  )
  later(1)
  const again = await give(await request(requestId), 202, 1)
  t.equal(again.status, 200, 'and both are free')
  await step(again.json().orderId, dispatcher, 'void', { reason: '会议取消' })
})

/** So many hours after the tests' instant; nobody's session lasts as long, so everybody signs in again. */
async function goTo(hours: number): Promise<void> {
  world.clock.atMs = NOW_MS + hours * HOUR_MS
  const roles = ['applicant', 'unit_approver', 'dispatcher', 'driver', 'finance']
  const [one, two, three, four, five] = await Promise.all(roles.map((role) => world.signIn(role)))
  ;[applicant, approver, dispatcher, driver, finance] = [one!, two!, three!, four!, five!]
}
/** A trip of these hours from tomorrow noon on, driven from one reading to another and confirmed. */
async function driven(
  vehicleId: number,
  driverId: number,
  hours: [number, number],
  km: [number, number],
  more: object = {},
): Promise<OrderDetail> {
  const one = await approved(world, applicant, approver, { startsAt: at(hours[0]), endsAt: at(hours[1]) })
  const answer = await give(one, vehicleId, driverId, more)
  if (answer.status !== 200) throw new Error(answer.body)
  const { orderId } = answer.json()
  await step(orderId, dispatcher, 'accept')
  await goTo(hours[0])
  const out = await step(orderId, dispatcher, 'depart', { data: { odometerKm: km[0] } })
  if (out.status !== 200) throw new Error(out.body)
  await goTo(hours[1])
  const back = await step(orderId, dispatcher, 'comeBack', { data: { odometerKm: km[1], sure: true } })
  if (back.status !== 200) throw new Error(back.body)
  await step(orderId, applicant, 'confirm')
  return order(orderId)
}
const priced = (changes: object) => ({
  ...{ organisationId: 4, kind: 'own', bodyType: null, effectiveFrom: '2026-01-01', reason: '按规定核定' },
  ...{ baseFen: 0, includedM: 0, includedMin: 0, kmFen: 0, hourFen: 0, driverFen: 0, nightFen: 0, awayFen: 0 },
  ...changes,
})
const sums = async (query: object) =>
  (
    await ask(world, 'listCostSums', dispatcher, {
      query: { from: '2026-01-01', until: '2026-12-31', ...query } as Record<string, unknown>,
    })
  ).json()

t.test(
  'a mistyped reading is put right: the trip, the next lower bound and the settlement follow, and both values stay on record',
  async (t) => {
    await db.query(
      `INSERT INTO tariffs (organisation_id, kind, effective_from, base_fen, included_m, included_min, km_fen, hour_fen, driver_fen, night_fen, away_fen, note)
     SELECT 4, kind, '2026-01-01', 0, 0, 0, km, 0, day, 0, away, '核定' FROM (VALUES ('own', 120, 0, 0), ('allowance', 0, 5000, 18000)) AS t (kind, km, day, away)`,
    )
    const trip = await driven(201, 3, [24 * 8, 24 * 8 + 2], [45_210, 452_650])
    t.equal((await step(trip.orderId, dispatcher, 'settle')).json().totalFen, 18_000, 'far out of town, as was typed')
    const wrong = await order(trip.orderId)
    const correct = (odometerKm: number, more: object = {}) =>
      ask(world, 'correctOdometer', dispatcher, {
        params: { orderId: trip.orderId },
        body: { which: 'back', odometerKm, version: wrong.version, reason: '多输一位', ...more },
      })
    t.match(reasonsOf(await correct(45_200)), [{ path: 'body.odometerKm', reason: 'odometer.back', values: { least: 45_210 } }])
    t.match(reasonsOf(await correct(46_000)), [{ reason: 'odometer.far' }])
    const right = (await correct(45_265)).json()
    t.match(right, { odometerBackKm: 45_265, totalFen: 5_000, settlement: { distanceM: 55_000, proposed: [] } })
    t.match(
      right.costs.map(({ kind, fen, basis }) => [kind, fen, basis.part]),
      [
        ['allowance', 18_000, 'away'],
        ['allowance', -18_000, 'away'],
        ['allowance', 5_000, 'day'],
      ],
    )
    t.match(right.steps.at(-1), { action: 'correctOdometer', reason: '多输一位', odometer: { beforeKm: 452_650, afterKm: 45_265 } })
    t.match((await step(trip.orderId, finance, 'close')).json(), { state: 'CLOSED', totalFen: 5_000 })

    const next = await approved(world, applicant, approver, { startsAt: at(24 * 9), endsAt: at(24 * 9 + 1) })
    const { orderId } = (await give(next, 201, 3)).json()
    await step(orderId, dispatcher, 'accept')
    await goTo(24 * 9)
    t.match(reasonsOf(await step(orderId, dispatcher, 'depart', { data: { odometerKm: 45_264 } })), [
      { reason: 'odometer.back', values: { least: 45_265 } },
    ])
    t.equal((await step(orderId, dispatcher, 'depart', { data: { odometerKm: 45_265 } })).json().state, 'DEPARTED')
    const closed = await order(trip.orderId)
    const beyond = await ask(world, 'correctOdometer', dispatcher, {
      params: { orderId: trip.orderId },
      body: { which: 'back', odometerKm: 45_266, version: closed.version, reason: '再核对' },
    })
    t.match(reasonsOf(beyond), [{ reason: 'odometer.beyond', values: { km: 45_266, most: 45_265 } }])
  },
)

t.test(
  'what others owe for a vehicle moves between cost centres in mirrored halves, and a correction after closing moves the rest',
  async (t) => {
    const trip = await driven(202, 1, [24 * 11, 24 * 11 + 3], [660_000, 660_040])
    const { orderId } = trip
    const cost = async (by: typeof driver, body: object) =>
      ask(world, 'addOrderCost', by, {
        params: { orderId },
        body: { at: new Date(world.clock.atMs).toISOString(), version: (await order(orderId)).version, ...body } as never,
      })
    t.equal((await cost(dispatcher, { kind: 'toll', fen: 3_500 })).status, 200)
    t.equal((await cost(dispatcher, { kind: 'fuel', fen: 20_000 })).status, 200)
    t.equal((await cost(dispatcher, { kind: 'mileage', fen: 1 })).code, 'VALIDATION_FAILED', 'a price between units is worked out')
    const shares = [20, 21].map((organisationId) => ({ organisationId, weight: 1 }))
    const settled = (await step(orderId, dispatcher, 'settle', { data: { shares } })).json()
    // Mileage 48.00, allowance 50.00, toll 35.00; the fuel is in the mileage.
    t.match(settled, { totalFen: 28_500, settlement: { charged: [{ unit: { organisationId: 21 }, fen: 6_650 }] } })
    t.equal((await cost(dispatcher, { kind: 'toll', fen: 100 })).code, 'CONFLICT', 'once it is settled it is given back first')
    t.equal((await step(orderId, finance, 'close')).json().state, 'CLOSED')
    const entries = async () =>
      (
        await db.query<{ unit: number; kind: string; fen: number }>(
          'SELECT unit_id AS unit, kind, fen FROM cost_entries WHERE order_id = $1 ORDER BY entry_id',
          [orderId],
        )
      ).rows
    const told = (rows: { unit: number; kind: string; fen: number }[]) => rows.map(({ unit, kind, fen }) => `${unit} ${kind} ${fen}`)
    t.same(told(await entries()), ['20 toll 3500', '20 fuel 20000', '20 allowance 5000', '20 transfer -6650', '21 transfer 6650'])

    const toll = (await order(orderId)).costs.find(({ kind }) => kind === 'toll')!
    t.match(reasonsOf(await cost(dispatcher, { kind: 'toll', fen: -300 })), [{ path: 'body.corrects', reason: 'cost.closed' }])
    t.match(reasonsOf(await cost(dispatcher, { kind: 'fuel', fen: -300, corrects: toll.costId })), [{ reason: 'cost.corrects' }])
    t.match(reasonsOf(await cost(dispatcher, { kind: 'toll', fen: -3_501, corrects: toll.costId })), [
      { reason: 'cost.below', values: { most: 35 } },
    ])
    const asked = (await cost(dispatcher, { kind: 'toll', fen: -301, corrects: toll.costId })).json()
    t.match(asked, { state: 'CLOSED', totalFen: 28_500, costs: { length: 5 } }, 'it does not count yet')
    t.equal((await entries()).length, 5)
    const { costId, corrects } = asked.costs.at(-1)!
    t.equal(corrects, toll.costId)
    t.match(
      (await toApprove()).find((each) => each.orderId === orderId),
      { state: 'CLOSED', toApprove: ['correction'] },
    )
    const decide = (by: typeof driver, stands: boolean) =>
      ask(world, 'decideOrderCost', by, { params: { orderId, costId }, body: { stands, version: asked.version, reason: '票据核对' } })
    t.equal((await decide(dispatcher, true)).code, 'FORBIDDEN')
    const agreed = await decide(finance, true)
    t.match(agreed.json(), { totalFen: 28_199 }, agreed.body)
    t.same(told((await entries()).slice(5)), ['20 toll -301', '20 transfer 151', '21 transfer -151'])
    const [byVehicle, byUnit, byMonth] = [await sums({ by: 'vehicle' }), await sums({ by: 'unit' }), await sums({ by: 'month' })]
    const rows = await ask(world, 'listCostEntries', dispatcher, { query: { from: '2026-01-01', until: '2026-12-31', limit: 200 } })
    const sum = (fens: number[]) => fens.reduce((all, fen) => all + fen, 0)
    for (const all of [byVehicle, byUnit, byMonth]) {
      t.equal(all.totalFen, sum(rows.json().rows.map(({ fen }) => fen)))
      t.equal(all.totalFen, sum(all.rows.map(({ totalFen }) => totalFen)))
      for (const row of all.rows) t.equal(row.totalFen, sum(Object.values(row.fen)))
    }
    const one = byVehicle.rows.find(({ vehicle, unit }) => vehicle?.vehicleId === 202 && unit?.organisationId === 20)!
    t.match(one, {
      orders: 2,
      distanceM: 40_500,
      fen: { toll: 6_699, fuel: 20_000, allowance: 5_000, transfer: -6_499 },
    })
    const opened = await ask(world, 'listCostEntries', dispatcher, {
      query: { from: '2026-01-01', until: '2026-12-31', unitId: 20, vehicleId: 202 },
    })
    t.equal(opened.json().totalFen, one.totalFen, 'a figure opens into its rows')
    t.ok(opened.json().rows.some(({ kind, other }) => kind === 'transfer' && other === '乙单位'))
  },
)

t.test('a budget is set by finance, keeps its revisions, and tells what is used, committed and left', async (t) => {
  const set = (by: typeof driver, fen: number, revision: number) =>
    ask(world, 'setBudget', by, { body: { organisationId: 20, year: 2026, fen, revision, reason: '年度核定' } })
  t.equal((await set(dispatcher, 1, 0)).code, 'FORBIDDEN')
  t.same((await set(finance, 100_000, 0)).json(), { revision: 1 })
  t.equal((await set(finance, 90_000, 0)).code, 'CHANGED_MEANWHILE')
  t.same((await set(finance, 20_000, 1)).json(), { revision: 2 })
  const used = (await sums({ by: 'unit', organisationId: 20 })).totalFen
  const budget = (await ask(world, 'listBudgets', finance, { query: { year: 2026 } }))
    .json()
    .rows.find(({ unit }) => unit.organisationId === 20)!
  t.match(budget, { fen: 20_000, usedFen: used, revision: 2, by: '示例 finance' })
  t.equal(budget.leftFen, 20_000 - used - budget.committedFen)
  t.same(
    await budgetLeft(db, 20, 2026),
    (({ year, fen, usedFen, committedFen, leftFen }) => ({ year, fen, usedFen, committedFen, leftFen }))(budget),
  )
  t.match(await budgetLeft(db, 21, 2030), { fen: null, usedFen: 0, committedFen: 0, leftFen: null })
  const waiting = (await ask(world, 'createRequest', applicant, { body: wanted({ startsAt: at(290), endsAt: at(291) }) })).json()
  t.same((await request(waiting.requestId, approver)).budget, await budgetLeft(db, 20, 2026), 'it is shown where one approves')
  t.equal((await request(waiting.requestId, applicant)).budget, null)
})

t.test('a price is added and never changed, by finance, and names a supplier where it is one’s', async (t) => {
  const add = (by: typeof driver, changes: object) => ask(world, 'addTariff', by, { body: priced(changes) as never })
  t.equal((await add(dispatcher, { organisationId: 20 })).code, 'FORBIDDEN')
  t.equal((await add(finance, { organisationId: 20, kmFen: 90, effectiveFrom: '2027-01-01' })).status, 200)
  t.match(reasonsOf(await add(finance, { organisationId: 20, kmFen: 80, effectiveFrom: '2027-01-01' })), [{ reason: 'tariff.known' }])
  t.match(reasonsOf(await add(finance, { organisationId: 20, kind: 'lease' })), [{ path: 'body.supplierId', reason: 'tariff.supplier' }])
  t.match(reasonsOf(await add(finance, { organisationId: 30 })), [{ path: 'body.organisationId' }])
  t.match((await ask(world, 'listTariffs', finance, { query: { kind: 'own' } })).json(), {
    total: 2,
    rows: [
      { organisation: { organisationId: 4 }, inForce: true },
      { organisation: { organisationId: 20 }, inForce: false },
    ],
  })
})

t.test(
  'a vehicle is lent for a time: the borrower may have it, its unit may not, and what is left is decided when the loan ends early',
  async (t) => {
    const monday = 24 * 21
    const on = (day: number) => ({ startsAt: at(monday + day * 24), endsAt: at(monday + day * 24 + 2) })
    await db.owner.query(`UPDATE accounts SET organisation_id = 21 WHERE username = 'fleet_manager'`)
    const [lender, head] = [await world.signIn('fleet_manager'), await world.signIn('approver.21')]
    const [tuesday, thursday, saturday] = [
      await approved(world, applicant, approver, on(1)),
      await approved(world, applicant, approver, on(3)),
      await approved(world, applicant, approver, on(5)),
    ]
    const theirs = await approved(world, dispatcher, head, { ...on(2), organisationId: 21 })
    t.match(reasonsOf(await give(tuesday, 211, 4)), [{ path: 'body.vehicleId', reason: 'vehicle.noLoan' }])
    const span = { vehicleId: 211, borrowerId: 20, from: at(monday - 12), until: at(monday + 108), reason: '下乡工作集中' }
    const asked = await ask(world, 'askVehicleLoan', dispatcher, { body: span })
    t.match(
      asked.json(),
      { state: 'ASKED', lender: { organisationId: 21 }, borrower: { organisationId: 20 }, mayAct: ['refuse', 'withdraw'] },
      asked.body,
    )
    const { loanId } = asked.json()
    const take = async (by: typeof driver, action: string, more: object = {}) => {
      const { version } = (await ask(world, 'listVehicleLoans', by)).json().rows.find((row) => row.loanId === loanId)!
      return ask(world, 'actOnVehicleLoan', by, { params: { loanId }, body: { action: action as 'end', version, ...more } })
    }
    t.match(reasonsOf(await take(dispatcher, 'consent')), [{ reason: 'flow.samePerson' }])
    t.match((await take(lender, 'consent')).json(), { state: 'CONSENTED', mayAct: ['end'] })
    const found = (await ask(world, 'listCandidates', dispatcher, { params: { requestId: tuesday.requestId }, query: { most: 50 } })).json()
    t.equal(found.pairs.find((pair) => pair.vehicle.vehicleId === 211)?.vehicle.tier, 'loan')
    const given = await give(tuesday, 211, 4)
    t.match(given.json(), { unit: { organisationId: 20 }, keeper: { organisationId: 21 } }, given.body)
    t.match(reasonsOf(await give(theirs, 211, 4)), [{ reason: 'vehicle.lent', values: { to: '甲单位', until: span.until } }])
    const left = (await ask(world, 'listCandidates', dispatcher, { params: { requestId: theirs.requestId } })).json()
    t.ok(left.excluded.some(({ vehicle, reasons }) => vehicle.vehicleId === 211 && reasons.some(({ code }) => code === 'LENT')))
    t.match(reasonsOf(await give(saturday, 211, 4)), [{ reason: 'vehicle.noLoan' }], 'after the loan')
    t.match(
      reasonsOf(await ask(world, 'askVehicleLoan', dispatcher, { body: { ...span, from: at(monday + 100), until: at(monday + 200) } })),
      [{ reason: 'loan.lent', values: { unit: '甲单位' } }],
    )
    const second = (await give(thursday, 211, 4)).json()
    t.match(reasonsOf(await take(lender, 'end')), [{ reason: 'loan.trips', values: { orders: `${given.json().number} ${second.number}` } }])
    t.equal((await order(second.orderId)).state, 'DISPATCHED', 'nothing was done')
    t.match((await take(lender, 'end', { reason: '本单位急用', data: { trips: 'cancel' } })).json(), { state: 'ENDED', mayAct: [] })
    t.match(await order(second.orderId), { state: 'VOIDED', steps: [{ action: 'dispatch' }, { action: 'reclaim' }] })
    t.equal((await request(thursday.requestId)).state, 'APPROVED', 'and waits again')
    t.equal((await give(await request(theirs.requestId), 211, 4)).status, 200, 'it is its unit’s again')

    const agreement = { lenderId: 21, borrowerId: 20, fromDay: '2026-03-01', untilDay: '2026-12-31', reason: '两单位协议' }
    t.equal((await ask(world, 'addLoanAgreement', bureau, { body: agreement })).code, 'NOT_SIGNED_IN', 'her session is over')
    t.equal((await ask(world, 'addLoanAgreement', await world.signIn('bureau_admin'), { body: agreement })).status, 200)
    const later = { ...span, from: at(monday + 24 * 30), until: at(monday + 24 * 31) }
    t.match((await ask(world, 'askVehicleLoan', dispatcher, { body: later })).json(), { state: 'CONSENTED', byAgreement: true })
    t.equal((await give(saturday, 211, 4)).status, 200, 'an agreement stands for a loan')
    await db.owner.query(`UPDATE accounts SET organisation_id = 20 WHERE username = 'fleet_manager'`)
  },
)

t.test('a fleet manager asks a neighbour, seeing plate, class, seats and whether it is free, and the other side consents', async (t) => {
  // After the agreement.
  const days = 24 * 170
  await db.owner.query(`UPDATE loan_agreements SET until_day = $1`, [at(days - 24).slice(0, 10)])
  const span = { from: at(days), until: at(days + 8) }
  const manager = await world.signIn('fleet_manager')
  const listed = async (more: object = {}) =>
    (await ask(world, 'listLendable', manager, { query: { borrowerId: 20, limit: 200, ...span, ...more } })).json().rows
  const theirs = async () => (await listed()).find(({ vehicleId }) => vehicleId === 211)
  const askFor = (vehicleId: number, more: object = {}) =>
    ask(world, 'askVehicleLoan', manager, { body: { vehicleId, borrowerId: 20, ...span, reason: '本单位车辆周转不开', ...more } })
  const seen = await theirs()
  t.match(seen, { plate: '蒙AA0211', class: 'leased', unit: { organisationId: 21, name: '乙单位' }, free: true })
  t.same(Object.keys(seen!).sort(), ['class', 'free', 'plate', 'plateColour', 'seats', 'unit', 'vehicleId'])
  t.equal((await ask(world, 'getVehicleFile', manager, { params: { vehicleId: 211 } })).code, 'NOT_FOUND', 'and nothing else of it')
  t.same(
    (await listed()).filter(({ unit }) => [20, 10, 30].includes(unit.organisationId)),
    [],
    'none of his own, none of another league',
  )
  t.same([...new Set((await listed({ class: 'leased', seats: 2 })).map((row) => row.class))], ['leased'])
  t.same(await listed({ seats: 60 }), [])
  t.match(reasonsOf(await ask(world, 'listLendable', manager, { query: { borrowerId: 21, ...span } })), [{ path: 'query.borrowerId' }])
  t.match(reasonsOf(await askFor(301)), [{ path: 'body.vehicleId', reason: 'driver.vehicleUnknown' }])
  t.match(reasonsOf(await askFor(211, { until: span.from })), [{ path: 'body.until', reason: 'request.order' }])

  const lastDay = new Date(Date.parse(span.from) - 24 * HOUR_MS).toISOString().slice(0, 10)
  for (const field of ['insurance_until', 'inspection_until']) {
    await db.owner.query(`UPDATE vehicles SET ${field} = $1 WHERE vehicle_id = 211`, [lastDay])
    t.equal((await theirs())?.free, false, `${field} ends before the loan does`)
    t.match(reasonsOf(await askFor(211)), [{ path: 'body.vehicleId', reason: 'loan.notFree' }])
    t.match(
      reasonsOf(
        await ask(world, 'askVehicleLoan', dispatcher, { body: { vehicleId: 211, borrowerId: 20, ...span, reason: '车辆周转不开' } }),
      ),
      [{ path: 'body.until', reason: 'loan.expires', values: { day: lastDay } }],
    )
    await db.owner.query(`UPDATE vehicles SET ${field} = NULL WHERE vehicle_id = 211`)
  }

  await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 211')
  t.equal(await theirs(), undefined, 'a sensitive vehicle is not there')
  t.match(reasonsOf(await askFor(211)), [{ path: 'body.vehicleId', reason: 'driver.vehicleUnknown' }], 'and is as good as absent')
  await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 211')

  const asked = await askFor(211)
  t.match(
    asked.json(),
    { state: 'ASKED', lender: { organisationId: 21 }, borrower: { organisationId: 20 }, mayAct: ['withdraw'] },
    asked.body,
  )
  const { loanId, version } = asked.json()
  const consent = { params: { loanId }, body: { action: 'consent', version } } as const
  t.equal((await ask(world, 'actOnVehicleLoan', manager, consent)).code, 'FORBIDDEN', 'not his to lend')
  t.match((await ask(world, 'actOnVehicleLoan', await world.signIn('dispatcher'), consent)).json(), { state: 'CONSENTED' })
  dispatcher = await world.signIn('dispatcher')
  t.equal((await theirs())?.free, false)
  t.same(
    reasonsOf(await askFor(211)).map(({ path, reason }) => [path, reason]),
    [['body.vehicleId', 'loan.notFree']],
    'nobody says for whom',
  )

  const trip = await approved(world, applicant, approver, { startsAt: at(days + 5), endsAt: span.until })
  t.equal((await give(trip, 211, 4)).status, 200)
  const onwards = { from: span.until, until: at(days + 12) }
  t.equal((await askFor(211, onwards)).status, 200, 'the cleaning after one’s own trip is no trip of somebody else')

  const { rows: pools } = await db.owner.query<{ id: number }>(
    `INSERT INTO motor_pools (organisation_id, name) VALUES (1, '区直联合车队') RETURNING pool_id AS id`,
  )
  const pooled = (poolId: number | null) =>
    db.owner.query('UPDATE organisations SET pool_id = $1 WHERE organisation_id IN (20, 30)', [poolId])
  await pooled(pools[0]!.id)
  t.ok(
    (await listed()).some(({ vehicleId }) => vehicleId === 301),
    'a pool makes neighbours across leagues',
  )
  await pooled(null)
})

t.test(
  'a leased vehicle is offered with its price; an invoice that does not agree with the track is disputed, and another person decides',
  async (t) => {
    const { rows } = await db.owner.query<{ id: number }>(
      `INSERT INTO suppliers (organisation_id, name, kinds, valid_from) VALUES (4, '示例租车', '{rental}', '2020-01-01') RETURNING supplier_id AS id`,
    )
    const supplierId = rows[0]!.id
    const price = {
      organisationId: 20,
      kind: 'lease',
      supplierId,
      bodyType: 'sedan',
      baseFen: 40_000,
      includedM: 100_000,
      includedMin: 480,
      kmFen: 200,
    }
    t.equal((await ask(world, 'addTariff', finance, { body: priced(price) as never })).status, 200)
    const first = 24 * 40
    const one = await approved(world, applicant, approver, { startsAt: at(first), endsAt: at(first + 4) })
    const { leases } = (await ask(world, 'listCandidates', dispatcher, { params: { requestId: one.requestId } })).json()
    t.match(leases, {
      offers: [{ supplier: { supplierId, name: '示例租车' }, bodyType: 'sedan', priceFen: 40_000 }],
      byKm: false,
      ownFen: 0,
    })
    const lease = { supplierId, bodyType: 'sedan', agreedFen: 40_000 }
    const crowd = await approved(world, applicant, approver, { startsAt: at(first), endsAt: at(first + 4), passengers: 6 })
    t.match(reasonsOf(await give(crowd, null as never, null, { lease })), [{ reason: 'vehicle.seats', values: { places: 4 } }])
    t.match(reasonsOf(await give(one, null as never, null)), [{ reason: 'lease.missing' }])
    t.match(reasonsOf(await give(one, 202, null, { lease })), [{ reason: 'lease.vehicle' }])
    const bare = await give(crowd, null as never, null, { lease: { ...lease, bodyType: null } })
    t.match(
      bare.json(),
      { state: 'ACCEPTED', vehicle: null, keeper: null, lease: { supplier: { name: '示例租车' }, agreedFen: 40_000 } },
      bare.body,
    )
    t.equal((await budgetLeft(db, 20, 2026)).committedFen >= 40_000, true, 'what was agreed on is committed')

    const { orderId } = (await give(one, 211, null, { lease })).json()
    await goTo(first)
    await step(orderId, dispatcher, 'depart', { data: { odometerKm: 10_000 } })
    await goTo(first + 4)
    await step(orderId, dispatcher, 'comeBack', { data: { odometerKm: 10_101 } })
    await step(orderId, applicant, 'confirm')
    await db.owner.query(`UPDATE order_tracks SET known_until = $2, distance_m = 100000 WHERE order_id = $1`, [
      orderId,
      new Date(world.clock.atMs),
    ])
    t.match((await order(orderId)).settlement, {
      trackM: 100_000,
      distanceM: 101_000,
      proposed: [{ part: 'base' }, { part: 'km', fen: 200 }],
    })
    const bill = async (claimedKm: number, fen: number): ReturnType<typeof ask<'addOrderCost'>> => {
      const { version } = await order(orderId)
      const answer = await ask(world, 'addOrderCost', dispatcher, {
        params: { orderId },
        body: { kind: 'lease', fen, claimedKm, at: new Date(world.clock.atMs).toISOString(), version },
      })
      // What the track says of the order is written meanwhile.
      return answer.code === 'CHANGED_MEANWHILE' ? bill(claimedKm, fen) : answer
    }
    const billed = (await bill(190, 58_000)).json()
    t.match(billed.costs, [
      { source: 'invoice', question: 'dispute', basis: { claimedM: 190_000, trackM: 100_000, priceFen: 58_000, dispute: 'km' } },
    ])
    t.same(billed.settlement?.proposed, [], 'the invoice stands for the price')
    t.equal((await step(orderId, dispatcher, 'settle')).json().totalFen, 58_000)
    t.match(reasonsOf(await step(orderId, finance, 'close')), [{ reason: 'cost.disputed' }])
    t.match(
      (await toApprove()).find((each) => each.orderId === orderId),
      { toApprove: ['settlement', 'dispute'] },
    )
    const { costs, version } = await order(orderId, finance)
    t.equal(costs[0]!.mayDecide, true)
    const decided = await ask(world, 'decideOrderCost', finance, {
      params: { orderId, costId: costs[0]!.costId },
      body: { stands: false, version, reason: '以轨迹为准' },
    })
    t.match(decided.json(), {
      totalFen: 40_000,
      costs: [{ decision: 'refused' }, { fen: -58_000, corrects: costs[0]!.costId }, { fen: 40_000 }],
    })
    t.equal((await step(orderId, finance, 'close')).json().state, 'CLOSED')
    const booked = await ask(world, 'listCostEntries', dispatcher, { query: { from: '2026-01-01', until: '2026-12-31', supplierId } })
    t.match(booked.json(), { totalFen: 40_000, total: 3 })
    t.ok(booked.json().rows.every(({ unit, kind }) => unit.organisationId === 20 && kind === 'lease'))
  },
)

t.test('who leaves days before holds vehicle and driver from then on, and what is left is free when he is back', async (t) => {
  const long = await approved(world, applicant, approver, { startsAt: at(1400), endsAt: at(1404) })
  const { orderId } = (await give(long, 203, 3)).json()
  t.equal((await step(orderId, dispatcher, 'accept')).status, 200)
  const between = await approved(world, applicant, approver, { startsAt: at(1350), endsAt: at(1352) })
  const rest = await approved(world, applicant, approver, { startsAt: at(1401), endsAt: at(1403) })
  const before = world.clock.atMs
  world.clock.atMs = Date.parse(at(1330))
  await signIn()
  const left = await step(orderId, dispatcher, 'depart', { data: { odometerKm: 90_000, sure: true } })
  t.equal(left.status, 200, left.body)
  for (const one of [between, rest]) {
    const late = reasonsOf(await give(one, 203, 3))
    t.match(late, [{ reason: 'vehicle.busy', values: { free: at(1404.5) } }], 'the early part and the ordered one are held')
    t.match(reasonsOf(await give(one, 201, 3)), [{ reason: 'driver.busy' }])
  }
  world.clock.atMs = Date.parse(at(1332))
  await signIn()
  t.equal((await step(orderId, dispatcher, 'comeBack', { data: { odometerKm: 90_040 } })).status, 200)
  for (const one of [between, rest]) {
    const given = await give(one, 203, 3)
    t.equal(given.status, 200, given.body)
    await step(given.json().orderId, dispatcher, 'void', { reason: '行程取消' })
  }
  world.clock.atMs = before
  await signIn()
})

t.test('every row of it carries the number of an act on record', async (t) => {
  const { says } = await findUnrecordedActs(db)
  t.same(
    says.filter((line) => /request|order|approval|series/.test(line)),
    [],
  )
  t.ok(NOW_MS > HOUR_MS)
})
