// An order whose vehicle or driver is swapped on the way, and what drivers' orders take of their day: whose kilometres, hours and costs are whose.
import t from 'tap'
import { findUnrecordedActs } from '../../services/audit/acts.ts'
import type { OrderDetail } from '../../services/contracts/api/orders.ts'
import type { RequestDetail } from '../../services/contracts/api/requests.ts'
import { followTracks } from '../../services/dispatch/orders/track.ts'
import { drivenM } from '../../services/dispatch/tracks/trips.ts'
import { commit } from '../../services/ingest/commit.ts'
import type { PositionReading } from '../../services/ingest/positions/rows.ts'
import { settleVehicle } from '../../services/ingest/trips/settleVehicle.ts'
import { openLocation, positionWork } from '../ingest/positionWork.ts'
import { approved, at, furnishOrders, HOUR_MS, wanted } from './ordersWorld.ts'
import { NOW_MS } from './region.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
await db.owner.query(`UPDATE accounts SET driver_id = 3, organisation_id = 20 WHERE username = 'driver@30'`)
const world = await startWorld(t, db)
const signIn = async () =>
  (await Promise.all(['applicant', 'unit_approver', 'dispatcher', 'driver', 'driver@30', 'finance'].map((name) => world.signIn(name)))) as [
    Signed,
    Signed,
    Signed,
    Signed,
    Signed,
    Signed,
  ]
let [applicant, approver, dispatcher, driver, other, finance] = await signIn()
/** Whoever was idle for so long signs in again. */
async function goTo(ms: number): Promise<void> {
  world.clock.atMs = ms
  ;[applicant, approver, dispatcher, driver, other, finance] = await signIn()
}

const order = async (orderId: number, by = dispatcher) => (await ask(world, 'getOrder', by, { params: { orderId } })).json() as OrderDetail
const step = async (orderId: number, by: Signed, action: string, more: object = {}) => {
  const { version } = await order(orderId)
  return ask(world, 'actOnOrder', by, { params: { orderId }, body: { action, version, ...more } })
}
const give = ({ requestId, version }: RequestDetail, vehicleId: number, driverId: number | null) =>
  ask(world, 'dispatchRequest', dispatcher, { params: { requestId }, body: { vehicleId, driverId, version } })
const swap = async (orderId: number, body: object) => {
  const { version } = await order(orderId)
  return ask(world, 'swapOrder', dispatcher, { params: { orderId }, body: { version, reason: '车辆故障', ...body } as never })
}
const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues: { path: string; reason: string; values: object }[] } }).error.issues

const MINUTE_MS = 60_000
const yard = [111.69, 40.82] as const
const location = await openLocation(db)
/** Fixes of a vehicle, each so many kilometres east of the yard, as they come. */
async function send(vehicleId: number, fixes: [atMs: number, km: number][]): Promise<void> {
  const absent = { headingDeg: null, altitudeM: null, fuelPermille: null, socPermille: null, satellites: null, alarms: 0, ignition: null }
  const message = { topic: '', payload: new Uint8Array(), receivedMs: world.clock.atMs, ack: () => undefined }
  const readings = fixes.map(([tsMs, km]): PositionReading => {
    const point = {
      tsMs,
      lonE7: Math.round((yard[0] + km / 84.3) * 1e7),
      latE7: Math.round(yard[1] * 1e7),
      speedDkph: km === 0 || km === 29 ? 0 : 300,
    }
    return { vehicleId, terminalId: 'T', message, value: { ...absent, odometerM: null, ...point } as PositionReading['value'] }
  })
  await commit(db, 'test', positionWork(location, readings), world.clock.atMs)
  await settleVehicle(db, vehicleId, world.clock.atMs)
}
const look = async () => {
  await db.query(`UPDATE order_tracks SET due_at = '-infinity'`)
  await followTracks({ db, clock: world.clock, drivenM })
}

t.test(
  'a vehicle is swapped on the way: two parts of the one, the first vehicle is free for another, and each fix is of whoever drove then',
  async (t) => {
    // D drives A (203) from nine; at ten he goes on with B (202); E takes A at five past.
    const nine = NOW_MS + 24 * HOUR_MS
    const clock = (minutes: number) => goTo(nine + minutes * MINUTE_MS)
    const when = (minutes: number) => new Date(nine + minutes * MINUTE_MS).toISOString()
    const first = await approved(world, applicant, approver, { startsAt: when(0), endsAt: when(180) })
    const second = await approved(world, applicant, approver, { startsAt: when(65), endsAt: when(120) })
    const d = (await give(first, 203, 1)).json().orderId
    await step(d, driver, 'accept')
    t.equal((await give(second, 203, 3)).code, 'CONFLICT', 'A is promised')
    await clock(-60)
    await send(203, [
      [nine - 59 * MINUTE_MS, 0],
      [nine - MINUTE_MS, 0],
    ])
    await send(202, [[nine - 59 * MINUTE_MS, 0]])
    await clock(0)
    t.equal((await step(d, driver, 'depart', { data: { odometerKm: 45_000 } })).status, 200)
    await step(d, driver, 'board')
    await clock(61)
    t.match(reasonsOf(await swap(d, { vehicleId: 203, driverId: 1, odometerKm: 45_030 })), [{ reason: 'swap.same' }])
    t.match(reasonsOf(await swap(d, { vehicleId: 202, driverId: 1 })), [{ path: 'body.odometerKm', reason: 'flow.data' }])
    t.match(reasonsOf(await swap(d, { vehicleId: 202, driverId: 1, odometerKm: 44_000 })), [{ reason: 'odometer.back' }])
    t.match(reasonsOf(await swap(d, { vehicleId: 202, driverId: 1, odometerKm: 45_030, at: when(-5) })), [{ reason: 'swap.at' }])
    const swapped = await swap(d, { vehicleId: 202, driverId: 1, odometerKm: 45_030, at: when(60) })
    t.equal(swapped.status, 200, swapped.body)
    t.match(swapped.json(), {
      state: 'HANDED_OVER',
      vehicle: { vehicleId: 202 },
      legs: [
        {
          leg: 1,
          vehicle: { vehicleId: 203 },
          driver: { driverId: 1 },
          from: when(0),
          until: when(60),
          odometerOutKm: 45_000,
          odometerBackKm: 45_030,
        },
        {
          leg: 2,
          vehicle: { vehicleId: 202 },
          driver: { driverId: 1 },
          from: when(60),
          until: null,
          odometerOutKm: null,
          odometerBackKm: null,
        },
      ],
    })
    t.same((await order(d, driver)).mayAct, ['takeOver'])
    const followed = (await ask(world, 'followOrder', applicant, { params: { orderId: d } })).json()
    t.match(followed, { vehicle: { vehicleId: 202 }, since: when(60), position: null, eta: null }, 'who travels sees the other one come')
    t.ok((await ask(world, 'listFollowed', applicant)).json().rows.some(({ orderId, mayFollow }) => orderId === d && mayFollow))
    t.match(reasonsOf(await step(d, driver, 'takeOver')), [{ path: 'body.data.odometerKm', reason: 'flow.data' }])
    t.match((await step(d, driver, 'takeOver', { data: { odometerKm: 8_000 } })).json(), { state: 'DEPARTED', odometerOutKm: 8_000 })
    const booked = await db.query(
      `SELECT vehicle_id AS "vehicleId", upper(during) AS until FROM reservations WHERE holder = $1 AND vehicle_id IS NOT NULL ORDER BY 1 DESC`,
      [`order:${d}`],
    )
    t.same(booked.rows, [
      { vehicleId: 203, until: new Date(nine + HOUR_MS) },
      { vehicleId: 202, until: new Date(nine + 195 * MINUTE_MS) },
    ])

    await clock(64)
    const emergency = await ask(world, 'changeRequest', applicant, {
      params: { requestId: second.requestId },
      body: {
        ...(await ask(world, 'getRequest', applicant, { params: { requestId: second.requestId } })).json(),
        startsAt: when(76),
        endsAt: when(130),
      } as never,
    })
    t.equal(emergency.status, 200, emergency.body)
    const again = await ask(world, 'actOnRequest', approver, {
      params: { requestId: second.requestId },
      body: { action: 'approve', version: emergency.json().version },
    })
    const given = await give(again.json(), 203, 3)
    t.equal(given.status, 200, given.body)
    const e = given.json().orderId
    await clock(65)
    await step(e, other, 'accept')
    t.match(reasonsOf(await step(e, other, 'depart', { data: { odometerKm: 45_010 } })), [
      { reason: 'odometer.back', values: { least: 45_030 } },
    ])
    t.equal((await step(e, other, 'depart', { data: { odometerKm: 45_030 } })).status, 200)

    // Both fixes come at ten past, the later one first. A stands 29 km out when it is left, and comes back with E.
    const kmOfA = (minute: number) => (minute < 58 ? minute / 2 : minute < 65 ? 29 : Math.max(0, (123 - minute) / 2))
    const kmOfB = (minute: number) => Math.max(0, minute < 113 ? (minute - 61) * 0.4 : (165 - minute) * 0.4)
    const every20s = (from: number, until: number, km: (minute: number) => number) =>
      Array.from({ length: (until - from) * 3 }, (_, n): [number, number] => [nine + (from + n / 3) * MINUTE_MS, km(from + n / 3)])
    await clock(70)
    await send(203, every20s(66, 70, kmOfA))
    await send(203, every20s(0, 66, kmOfA))
    await send(202, every20s(61, 70, kmOfB))
    await clock(172)
    await send(203, every20s(70, 130, kmOfA))
    await send(202, every20s(70, 172, kmOfB))
    await step(d, driver, 'comeBack', { data: { odometerKm: 8_040 } })
    await step(e, other, 'comeBack', { data: { odometerKm: 45_055 } })
    await clock(230)
    for (const vehicleId of [202, 203])
      await send(
        vehicleId,
        every20s(200, 220, () => 0),
      )
    await look()
    const [ofD, ofE] = [await order(d), await order(e)]
    t.ok(
      ofD.legs[0]!.trackKm! > 20 && ofD.legs[0]!.trackKm! < 32,
      `the fix of ten to ten is of D’s part with A: ${ofD.legs[0]!.trackKm} km`,
    )
    t.ok(ofE.track!.km! > 22 && ofE.track!.km! < 33, `and none of it is E’s: ${ofE.track!.km} km`)
    t.match(ofD.settlement, { distanceM: 70_000 }, 'thirty with A, forty with B')
    await look()
    t.same((await order(d)).legs, ofD.legs, 'looked at again it is the same')

    // What is spent belongs to the vehicle that was driven then, and the cost of each has its own kilometres.
    const spend = async (minutes: number, fen: number) => {
      const { version } = await order(d)
      return ask(world, 'addOrderCost', dispatcher, { params: { orderId: d }, body: { kind: 'toll', fen, at: when(minutes), version } })
    }
    t.equal((await spend(30, 1_000)).status, 200)
    t.equal((await spend(100, 700)).status, 200)
    const corrected = await ask(world, 'correctOdometer', dispatcher, {
      params: { orderId: d },
      body: { which: 'back', leg: 1, odometerKm: 45_028, version: (await order(d)).version, reason: '抄表有误' },
    })
    t.match(corrected.json(), { legs: [{ odometerBackKm: 45_028 }, {}], settlement: { distanceM: 68_000 } })
    await step(d, applicant, 'confirm')
    await step(d, dispatcher, 'settle')
    t.equal((await step(d, finance, 'close')).json().state, 'CLOSED')
    const sums = (await ask(world, 'listCostSums', finance, { query: { by: 'vehicle', from: '2026-03-01', until: '2026-03-31' } })).json()
      .rows
    t.match(
      sums
        .map(({ vehicle, distanceM, totalFen }) => ({ vehicleId: vehicle?.vehicleId, distanceM, totalFen }))
        .sort((a, b) => a.vehicleId! - b.vehicleId!),
      [
        { vehicleId: 202, distanceM: 40_000, totalFen: 700 },
        { vehicleId: 203, distanceM: 28_000, totalFen: 1_000 },
      ],
    )
    const [dDrove, eDrove] = await Promise.all(
      [1, 3].map(async (driverId) => (await ask(world, 'getDriver', dispatcher, { params: { driverId } })).json().driven),
    )
    t.same(dDrove, { orders: 1, minutes: 172, distanceM: 68_000 })
    t.same(eDrove, { orders: 1, minutes: 107, distanceM: 25_000 })
    const { says } = await findUnrecordedActs(db)
    t.same(
      says.filter((line) => /leg|order|request/.test(line)),
      [],
    )
    await goTo(NOW_MS)
  },
)

t.test('another driver takes it over; who drove before sees his part and takes no step of it any more', async (t) => {
  const start = 48
  const one = await approved(world, applicant, approver, { startsAt: at(start), endsAt: at(start + 4) })
  const { orderId } = (await give(one, 203, 1)).json()
  await step(orderId, driver, 'accept')
  await goTo(NOW_MS + start * HOUR_MS)
  await step(orderId, driver, 'depart', { data: { odometerKm: 46_000 } })
  await goTo(world.clock.atMs + HOUR_MS)
  t.equal((await ask(world, 'getOrder', other, { params: { orderId } })).code, 'NOT_FOUND')
  t.equal((await swap(orderId, { vehicleId: 203, driverId: 3, odometerKm: 46_040 })).json().state, 'HANDED_OVER')
  const told = (await ask(world, 'listNotifications', other)).json().rows
  t.match(told[0], { kind: 'order.swap' })
  t.match((await ask(world, 'listNotifications', driver)).json().rows[0], { kind: 'order.handOver' })
  t.match(await order(orderId, driver), { mayAct: [], legs: [{ driver: { driverId: 1 } }, { driver: { driverId: 3 } }] })
  t.equal((await step(orderId, driver, 'takeOver', { data: { odometerKm: 46_041 } })).code, 'FORBIDDEN')
  t.equal((await step(orderId, other, 'takeOver', { data: { odometerKm: 46_041 } })).json().state, 'DEPARTED')
  const sheet = await ask(world, 'getOrderSheet', dispatcher, { params: { orderId } })
  t.equal(sheet.status, 200)
  await goTo(world.clock.atMs + HOUR_MS)
  t.equal((await step(orderId, other, 'comeBack', { data: { odometerKm: 46_100 } })).json().state, 'RETURNED')
  await goTo(NOW_MS)
})

t.test(
  'a driver who has his hours of the day is given no more, by whatever unit, in no race, and the list of the excluded says so',
  async (t) => {
    const day = 24 * 30 - 12
    const trip = (from: number, until: number) =>
      approved(world, applicant, approver, { startsAt: at(day + from), endsAt: at(day + until) })
    t.equal((await give(await trip(6, 11), 202, 1)).status, 200)
    const [third, alike, longer] = [await trip(12, 15), await trip(16, 19), await trip(1, 5)]
    const raced = await Promise.all([give(third, 202, 1), give(alike, 202, 1)])
    t.same(raced.map(({ status }) => status).sort(), [200, 409], 'three hours more are eight, six are eleven')
    const refused = raced.find(({ status }) => status === 409)!
    t.match(reasonsOf(refused), [{ path: 'body.driverId', reason: 'driver.DAY_HOURS', values: { given: 8, hours: 11, mostHours: 8 } }])
    const excluded = (
      await ask(world, 'listExcluded', dispatcher, { params: { requestId: longer.requestId }, query: { of: 'driver', code: 'DAY_HOURS' } })
    ).json().rows
    t.match(excluded, [{ driver: { driverId: 1 }, reasons: [{ code: 'DAY_HOURS', detail: { given: 480, minutes: 720, limit: 480 } }] }])
    const won = raced.find(({ status }) => status === 200)!.json()
    const moved = await ask(world, 'moveOrder', dispatcher, {
      params: { orderId: won.orderId },
      body: {
        vehicleId: 202,
        driverId: 1,
        startsAt: won.startsAt,
        endsAt: new Date(Date.parse(won.endsAt) + HOUR_MS).toISOString(),
        version: won.version,
        reason: '',
      },
    })
    t.match(reasonsOf(moved), [{ reason: 'driver.DAY_HOURS', values: { given: 5, hours: 9 } }], 'its own time is given up for the new one')
    const ranked = (await ask(world, 'listCandidates', dispatcher, { params: { requestId: longer.requestId } })).json()
    t.ok(ranked.pairs.every((pair) => pair.driver?.driverId !== 1))
  },
)

t.test('an applicant asks for a leased vehicle where no pool car fits, its price beside; several units bear it, to the fen', async (t) => {
  const { rows } = await db.owner.query<{ id: number }>(
    `INSERT INTO suppliers (organisation_id, name, kinds, valid_from) VALUES (4, '示例租车', '{rental}', '2020-01-01') RETURNING supplier_id AS id`,
  )
  const supplierId = rows[0]!.id
  const nothing = { includedM: 0, includedMin: 0, kmFen: 0, hourFen: 0, driverFen: 0, nightFen: 0, awayFen: 0, reason: '按规定核定' }
  const tariff = {
    ...nothing,
    organisationId: 20,
    kind: 'lease',
    supplierId,
    bodyType: 'large_bus',
    effectiveFrom: '2026-01-01',
    baseFen: 10_000,
  }
  const added = await ask(world, 'addTariff', finance, { body: tariff as never })
  t.equal(added.status, 200, added.body)
  const start = 24 * 50
  const times = { startsAt: at(start), endsAt: at(start + 2) }
  const preview = async (more: object) => {
    const {
      key: _key,
      purposeKind: _kind,
      purpose: _purpose,
      contactName: _name,
      contactPhone: _phone,
      ...trip
    } = wanted({ ...times, ...more })
    return (await ask(world, 'previewRequest', applicant, { body: trip })).json()
  }
  t.equal((await preview({})).poolFits, true)
  t.equal((await preview({ equipment: ['lift'] })).poolFits, false, 'none has a lift')
  t.match(await preview({ passengers: 30 }), {
    poolFits: false,
    leases: { offers: [{ supplier: { name: '示例租车' }, bodyType: 'large_bus', priceFen: 10_000 }], ownFen: null },
  })
  const asked = await approved(world, applicant, approver, { ...times, kind: 'lease', passengers: 30 })
  t.match(asked, { kind: 'lease', state: 'APPROVED' })
  const lease = { supplierId, bodyType: 'large_bus', agreedFen: 10_000 }
  const given = await ask(world, 'dispatchRequest', dispatcher, {
    params: { requestId: asked.requestId },
    body: { vehicleId: null, driverId: null, lease, version: asked.version } as never,
  })
  t.equal(given.status, 200, given.body)
  const { orderId } = given.json()
  await goTo(NOW_MS + start * HOUR_MS)
  await step(orderId, dispatcher, 'depart', { data: { odometerKm: 100 } })
  await goTo(world.clock.atMs + HOUR_MS)
  await step(orderId, dispatcher, 'comeBack', { data: { odometerKm: 130 } })
  t.equal((await step(orderId, applicant, 'confirm')).json().state, 'CONFIRMED')
  const bears = async (weights: number[]) => {
    const shares = [20, 21, 4].map((organisationId, n) => ({ organisationId, weight: weights[n]! }))
    return (await ask(world, 'previewShares', dispatcher, { params: { orderId }, body: { shares } })).json()
  }
  const fens = async (weights: number[]) => (await bears(weights)).shares.map(({ fen }) => fen)
  t.same(await fens([1, 1, 1]), [3_334, 3_333, 3_333])
  t.same(await fens([10_000, 20_000, 0]), [3_333, 6_667, 0], 'by kilometres')
  t.match(await bears([2, 1, 0]), { totalFen: 10_000, charged: [{ unit: { organisationId: 21 }, fen: 3_333 }] }, 'by people')
  const shares = [20, 21].map((organisationId, n) => ({ organisationId, weight: 2 - n }))
  const twice = { params: { orderId }, body: { shares: [shares[0]!, shares[0]!] } }
  t.match(reasonsOf(await ask(world, 'previewShares', dispatcher, twice)), [
    { path: 'body.shares.1.organisationId', reason: 'cost.unitTwice' },
  ])
  t.equal((await step(orderId, dispatcher, 'settle', { data: { shares } })).json().state, 'SETTLED')
  t.match((await step(orderId, finance, 'close')).json(), { state: 'CLOSED', totalFen: 10_000 })
  await goTo(NOW_MS)
})

t.test('where vehicles of two others drove one order each is owed for its part, and what moves adds up to nothing', async (t) => {
  await db.owner.query(
    `INSERT INTO vehicles (vehicle_id, plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id)
     VALUES (212, '蒙AA0212', 'blue', 'official', 'OTHER_APPROVED', 'petrol', '别克', 'GL8', 7, '2022-05-01', 4, 4)`,
  )
  await db.query(
    `INSERT INTO tariffs (organisation_id, kind, effective_from, base_fen, included_m, included_min, km_fen, hour_fen, driver_fen, night_fen, away_fen, note)
     VALUES (4, 'own', '2026-01-01', 0, 0, 0, 120, 0, 0, 0, 0, '核定')`,
  )
  const start = 24 * 70
  const asked = (
    await ask(world, 'createRequest', applicant, { body: wanted({ kind: 'emergency', startsAt: at(start), endsAt: at(start + 4) }) })
  ).json()
  const given = await give(asked, 211, 1)
  t.equal(given.status, 200, given.body)
  const { orderId } = given.json()
  await step(orderId, driver, 'accept')
  // What 212 did before it takes over is none of this trip's, and keeps it from nothing.
  const before = await approved(world, applicant, approver, { startsAt: at(start - 3), endsAt: at(start + 0.5) })
  await db.owner.query('UPDATE vehicles SET user_unit_id = 20 WHERE vehicle_id = 212')
  const earlier = await give(before, 212, 3)
  t.equal(earlier.status, 200, earlier.body)
  await db.owner.query('UPDATE vehicles SET user_unit_id = 4 WHERE vehicle_id = 212')
  const { orderId: earlierId } = earlier.json()
  await step(earlierId, other, 'accept')
  await goTo(NOW_MS + (start - 3) * HOUR_MS)
  t.equal((await step(earlierId, other, 'depart', { data: { odometerKm: 19_900 } })).status, 200)
  await goTo(NOW_MS + start * HOUR_MS)
  await step(orderId, driver, 'depart', { data: { odometerKm: 10_000 } })
  await goTo(world.clock.atMs + HOUR_MS / 2)
  t.equal((await step(earlierId, other, 'comeBack', { data: { odometerKm: 19_990 } })).status, 200)
  await goTo(world.clock.atMs + HOUR_MS / 2)
  t.equal((await swap(orderId, { vehicleId: 212, driverId: 1, odometerKm: 10_030 })).json().state, 'HANDED_OVER')
  t.equal((await step(orderId, driver, 'takeOver', { data: { odometerKm: 20_000 } })).json().state, 'DEPARTED')
  const longer = await ask(world, 'askOrderChange', applicant, {
    params: { orderId },
    body: { endsAt: at(start + 5), reason: '会议延长' } as never,
  })
  t.equal(longer.status, 200, longer.body)
  const { changes } = await order(orderId)
  const made = await ask(world, 'actOnOrderChange', dispatcher, {
    params: { changeId: changes[0]!.changeId },
    body: { action: 'make', version: changes[0]!.version },
  })
  t.equal(made.status, 200, made.body)
  await goTo(world.clock.atMs + HOUR_MS)
  t.equal((await step(orderId, driver, 'comeBack', { data: { odometerKm: 20_040 } })).json().state, 'RETURNED')
  await step(orderId, applicant, 'confirm')
  const settled = (await step(orderId, dispatcher, 'settle')).json()
  t.match(settled.settlement, { distanceM: 70_000, charged: [{ unit: { organisationId: 20 }, fen: 8_400 }] })
  t.equal((await step(orderId, finance, 'close')).json().state, 'CLOSED')
  const { rows } = await db.query<{ unitId: number; fen: number }>(
    `SELECT unit_id AS "unitId", sum(fen)::int AS fen FROM cost_entries WHERE order_id = $1 AND kind = 'transfer' GROUP BY 1 ORDER BY 1`,
    [orderId],
  )
  t.same(rows, [
    { unitId: 4, fen: -4_800 },
    { unitId: 20, fen: 8_400 },
    { unitId: 21, fen: -3_600 },
  ])
  await goTo(NOW_MS)
})
