// A driver's phone beside his orders: it tells where the vehicle is, with his consent and while an order runs; and he asks for leave on it.
import t from 'tap'
import type { OrderDetail } from '../../services/contracts/api/orders.ts'
import type { PhoneFixMessage } from '../../services/contracts/phoneFix.ts'
import { approved, at, furnishOrders } from './ordersWorld.ts'
import { NOW_MS } from './region.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
const world = await startWorld(t, db)
const { broker } = world
const [applicant, approver, dispatcher, manager, driver] = (await Promise.all(
  ['applicant', 'unit_approver', 'dispatcher', 'fleet_manager', 'driver'].map((name) => world.signIn(name)),
)) as [Signed, Signed, Signed, Signed, Signed]

const give = async (changes: object = {}): Promise<OrderDetail> => {
  const { requestId, version } = await approved(world, applicant, approver, changes)
  const answer = await ask(world, 'dispatchRequest', dispatcher, { params: { requestId }, body: { vehicleId: 202, driverId: 1, version } })
  if (answer.status !== 200) throw new Error(answer.body)
  return answer.json()
}
const step = async (orderId: number, action: string, data: object = {}) => {
  const { version } = (await ask(world, 'getOrder', driver, { params: { orderId } })).json()
  return ask(world, 'actOnOrder', driver, { params: { orderId }, body: { action: action as 'accept', version, data } })
}
const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues?: { reason: string; values: object }[] } }).error.issues?.map(({ reason }) => reason)
const iso = (ms: number) => new Date(ms).toISOString()
const consent = (given: boolean, by = driver, textVersion = 1) => ask(world, 'setTrackingConsent', by, { body: { given, textVersion } })

t.test('where a phone is goes into ingest while its driver’s order runs and he consents, and otherwise nowhere', async (t) => {
  const { orderId } = await give({ startsAt: at(0.1), endsAt: at(3) })
  await step(orderId, 'accept')
  /** The phone's clock is three hours ahead. */
  const AHEAD = 3 * 3_600_000
  const fix = (agoS: number) => ({ atDevice: iso(NOW_MS - agoS * 1000 + AHEAD), lon: 111.7, lat: 40.8, accuracyM: 8, speedKph: 30 })
  const send = (fixes: object[], by = driver) =>
    ask(world, 'sendOrderFixes', by, { params: { orderId }, body: { sentAtDevice: iso(NOW_MS + AHEAD), fixes: fixes as never } })
  t.same(reasonsOf(await send([fix(0)])), ['tracking.consent'])
  t.same(reasonsOf(await consent(true, driver, 2)), ['tracking.text'], 'another text than he was shown')
  t.same(reasonsOf(await consent(true, dispatcher)), ['tracking.driver'])
  t.match((await consent(true)).json(), { given: true, consent: { textVersion: 1, givenAt: iso(NOW_MS), withdrawnAt: null } })
  t.same(reasonsOf(await send([fix(0)])), ['tracking.before'])
  await step(orderId, 'depart', { odometerKm: 45_210 })
  t.same(reasonsOf(await send([fix(0)], dispatcher)), ['tracking.other'], 'nobody tells it for him')
  t.equal((await send([fix(0)], await world.signIn('driver@30'))).code, 'NOT_FOUND', 'another driver knows of no such order')
  t.same(broker.published, [], 'what is refused goes nowhere')
  t.same((await send([fix(1), fix(0)])).json(), { taken: 1, refused: [{ index: 0, reason: 'consent' }] })
  const [{ topic, payload }] = broker.published as [{ topic: string; payload: Buffer }]
  t.match(topic, /^vmp\/v1\/150000\/morin-service\/up\/phone\/[0-9a-f]{32}$/)
  t.match(JSON.parse(payload.toString()) as PhoneFixMessage[], [
    { vehicleId: 202, orderId, time: NOW_MS, deviceTime: NOW_MS + AHEAD, lon: 111.7, lat: 40.8, accuracyM: 8 },
  ])
  t.match((await consent(false)).json(), { given: false, consent: { withdrawnAt: iso(NOW_MS) } })
  t.same(reasonsOf(await send([fix(0)])), ['tracking.consent'], 'taken back, at once')
  await step(orderId, 'comeBack', { odometerKm: 45_211 })
})

t.test('a fix that comes after a swap is of whoever drove then, and of his vehicle', async (t) => {
  t.teardown(() => {
    world.clock.atMs = NOW_MS
  })
  const { orderId } = await give({ startsAt: at(0.5), endsAt: at(3) })
  await step(orderId, 'accept')
  world.clock.atMs = NOW_MS + 60_000
  t.match((await consent(true)).json(), { given: true, consent: { withdrawnAt: null } })
  world.clock.atMs += 3 * 60_000
  t.equal((await step(orderId, 'depart', { odometerKm: 45_212 })).status, 200)
  const left = world.clock.atMs
  world.clock.atMs += 10 * 60_000
  const { version } = (await ask(world, 'getOrder', driver, { params: { orderId } })).json()
  const body = { vehicleId: 203, driverId: 3, odometerKm: 45_216, version, reason: '车辆故障' }
  const swapped = await ask(world, 'swapOrder', dispatcher, { params: { orderId }, body })
  t.equal(swapped.status, 200, swapped.body)
  world.clock.atMs += 60_000
  const fixes = [-1, 5, 10.5].map((minutes) => ({
    atDevice: iso(left + minutes * 60_000),
    lon: 111.7,
    lat: 40.8,
    accuracyM: 8,
    speedKph: 30,
  }))
  broker.published.length = 0
  const sent = await ask(world, 'sendOrderFixes', driver, { params: { orderId }, body: { sentAtDevice: iso(world.clock.atMs), fixes } })
  t.match(sent.json().refused, [
    { index: 0, reason: 'before' },
    { index: 2, reason: 'after' },
  ])
  const { payload } = broker.published[0] as { payload: Buffer }
  t.match(JSON.parse(payload.toString()), [{ vehicleId: 202, orderId, time: left + 5 * 60_000 }])
})

t.test('a driver asks for leave; his fleet manager decides, is shown the trips in those days, and says what becomes of them', async (t) => {
  const given = await give({ startsAt: at(24 * 10), endsAt: at(24 * 10 + 4) })
  const day = given.startsAt.slice(0, 10)
  const wish = { key: '00000000-0000-4000-8000-0000000000e1', kind: 'annual' as const, fromDay: day, untilDay: day, reason: '探亲' }
  const asking = (changes: object = {}, by = driver) => ask(world, 'askLeave', by, { body: { ...wish, ...changes } })
  t.same(reasonsOf(await asking({}, manager)), ['leave.driver'])
  t.same(reasonsOf(await asking({ fromDay: '2026-01-01', untilDay: '2026-01-02' })), ['time.past'])
  const leave = (await asking()).json()
  t.match(leave, { state: 'ASKED', driver: { driverId: 1 }, trips: [{ orderId: given.orderId, underWay: false }], mayAct: ['withdraw'] })
  t.equal((await asking()).json().leaveRequestId, leave.leaveRequestId, 'sent twice it is one')
  t.same(reasonsOf(await asking({ key: '00000000-0000-4000-8000-0000000000e2' })), ['driver.leaveOverlap'])
  const { leaveRequestId } = leave
  const act = async (by: Signed, action: 'grant' | 'refuse' | 'withdraw' | 'cancel' | 'recall', more: object = {}) => {
    const { version } = (await ask(world, 'listLeaveRequests', driver, { query: {} }))
      .json()
      .rows.find((row) => row.leaveRequestId === leaveRequestId)!
    return ask(world, 'actOnLeave', by, { params: { leaveRequestId }, body: { action, version, ...more } })
  }
  t.match((await ask(world, 'listNotifications', manager, { query: {} })).json().rows[0], { kind: 'leave.ask', reason: '探亲' })
  t.match((await ask(world, 'listLeaveRequests', manager, { query: { waiting: 'true' } })).json(), {
    total: 1,
    rows: [{ mayAct: ['grant', 'refuse'] }],
  })
  t.equal((await act(driver, 'grant')).code, 'FORBIDDEN', 'not his to decide')
  t.equal((await act(dispatcher, 'grant')).code, 'FORBIDDEN')
  t.same(reasonsOf(await act(manager, 'refuse')), ['flow.data'])
  const undecided = await act(manager, 'grant')
  t.same(reasonsOf(undecided), ['leave.trips'])
  t.match((undecided.json() as unknown as { error: object }).error, { issues: [{ values: { orders: given.number } }] })
  t.match((await act(manager, 'grant', { data: { trips: 'giveBack' } })).json(), { state: 'GRANTED', mayAct: ['recall'] })
  t.match((await ask(world, 'getOrder', dispatcher, { params: { orderId: given.orderId } })).json(), {
    state: 'VOIDED',
    steps: [{}, { action: 'excuse' }],
  })
  t.match((await ask(world, 'getRequest', dispatcher, { params: { requestId: given.requestId } })).json(), { state: 'APPROVED' })
  const { rows } = await db.query(`SELECT reason FROM reservations WHERE driver_id = 1 AND during && tstzrange($1, $2)`, [
    given.startsAt,
    given.endsAt,
  ])
  t.same(rows, [{ reason: 'leave' }], 'the calendar holds him by it')
  const again = await ask(world, 'getRequest', dispatcher, { params: { requestId: given.requestId } })
  const refused = await ask(world, 'dispatchRequest', dispatcher, {
    params: { requestId: given.requestId },
    body: { vehicleId: 202, driverId: 1, version: again.json().version },
  })
  t.not(refused.status, 200, 'nobody gives him a trip on that day')
  t.match(
    (await ask(world, 'listNotifications', driver, { query: {} }))
      .json()
      .rows.map(({ kind }) => kind)
      .slice(0, 2)
      .sort(),
    ['leave.grant', 'order.excuse'],
  )
  t.match((await act(driver, 'cancel')).json(), { state: 'CANCELLED', mayAct: [] })
  t.equal((await db.query('SELECT FROM driver_leaves WHERE driver_id = 1 AND from_day = $1', [day])).rowCount, 0)
  t.same(reasonsOf(await act(manager, 'recall')), ['leave.not'])
})

t.test('whoever asked does not decide by another account of his own', async (t) => {
  const wish = {
    key: '00000000-0000-4000-8000-0000000000e3',
    kind: 'sick' as const,
    fromDay: '2026-05-04',
    untilDay: '2026-05-05',
    reason: '就医',
  }
  const { leaveRequestId, version } = (await ask(world, 'askLeave', driver, { body: wish })).json()
  await db.owner.query(`UPDATE accounts SET person_no = 'G77' WHERE username IN ('driver', 'fleet_manager')`)
  const answer = await ask(world, 'actOnLeave', manager, { params: { leaveRequestId }, body: { action: 'grant', version } })
  t.same(reasonsOf(answer), ['flow.samePerson'])
})
