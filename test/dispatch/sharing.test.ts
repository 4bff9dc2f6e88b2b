// Shared rides: proposed or wished, consented to by all who travel, held to seats and to everybody's ride, driven, confirmed and paid together.
import t from 'tap'
import { findUnrecordedActs } from '../../services/audit/acts.ts'
import type { OrderDetail } from '../../services/contracts/api/orders.ts'
import type { RequestDetail } from '../../services/contracts/api/requests.ts'
import type { Ride } from '../../services/contracts/api/sharing.ts'
import { settleDueRides } from '../../services/dispatch/orders/sharing/rides.ts'
import { approved, at, furnishOrders, wanted } from './ordersWorld.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
for (const [username, unit] of [
  ['applicant.b', 20],
  ['applicant.c', 20],
  ['applicant.21', 21],
] as const)
  await db.owner.query(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
     SELECT $1, '示例 ' || $1::text, password_hash, 'applicant', $2, true FROM accounts WHERE username = 'unit_approver'`,
    [username, unit],
  )
const world = await startWorld(t, db)
const [first, second, third, other] = [
  await world.signIn('applicant'),
  await world.signIn('applicant.b'),
  await world.signIn('applicant.c'),
  await world.signIn('applicant.21'),
]
const [approver, head, dispatcher, driver] = [
  await world.signIn('unit_approver'),
  await world.signIn('approver.21'),
  await world.signIn('dispatcher'),
  await world.signIn('driver'),
]
type Who = typeof first

// On a line: a quarter of an hour from one to the next.
const A = { name: '新城区办公区', lon: 111.6, lat: 40.82 }
const B = { name: '赛罕区办公区', lon: 111.68, lat: 40.82 }
const C = { name: '白塔机场', lon: 111.76, lat: 40.82 }
const OFF = { name: '哈拉沁沟', lon: 111.64, lat: 40.89 }

/** Each test has an hour of its own: nothing of another's is near. */
let hour = 0
const soon = (more: object = {}) => ({ from: A, to: C, startsAt: at(hour), endsAt: at(hour + 2), ...more })
const later = () => {
  hour += 24
}
const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues: { path: string; reason: string; values: object }[] } }).error.issues
const request = async (requestId: number, by = dispatcher) =>
  (await ask(world, 'getRequest', by, { params: { requestId } })).json() as RequestDetail
const order = async (orderId: number, by = dispatcher) => (await ask(world, 'getOrder', by, { params: { orderId } })).json() as OrderDetail
const give = async ({ requestId, version }: RequestDetail, vehicleId = 203, driverId = 1) => {
  const answer = await ask(world, 'dispatchRequest', dispatcher, { params: { requestId }, body: { vehicleId, driverId, version } })
  t.equal(answer.status, 200, answer.body)
  return answer.json() as OrderDetail
}
const propose = (firstId: number, requestId: number) => ask(world, 'proposeRide', dispatcher, { body: { firstId, requestId } })
const ride = async (rideId: number, by: Who) => (await ask(world, 'listRides', by)).json().rows.find((row) => row.rideId === rideId) as Ride
const act = async (rideId: number, by: Who, action: string, version?: number) =>
  ask(world, 'actOnRide', by, {
    params: { rideId },
    body: { action: action as 'agree', version: version ?? (await ride(rideId, by)).version },
  })
t.beforeEach(later)

t.test('two that wait are proposed as one trip, each is asked, and what is given is given to both', async (t) => {
  const one = await approved(world, first, approver, soon())
  const two = await approved(world, other, head, soon({ from: B, startsAt: at(hour + 0.25) }))
  const { rows } = (await ask(world, 'listRideSuggestions', dispatcher, { params: { requestId: one.requestId } })).json()
  t.match(rows, [{ firstId: one.requestId, requestId: two.requestId, order: null, other: { unit: { name: '乙单位' } } }])
  t.ok(rows[0]!.savedKm > 5 && rows[0]!.savedFen === Math.round(rows[0]!.savedKm * 250))
  t.same(
    rows[0]!.stops.slice(0, 2).map(({ kind, requestId, load }) => [kind, requestId, load]),
    [
      ['board', one.requestId, 2],
      ['board', two.requestId, 4],
    ],
  )
  const asked = await propose(one.requestId, two.requestId)
  t.match(asked.json(), { state: 'ASKED', mayAct: ['withdraw'], parties: [{ consented: false }, { consented: false }] }, asked.body)
  const { rideId } = asked.json()
  t.match(reasonsOf(await propose(one.requestId, two.requestId)), [{ reason: 'share.asked' }])
  const told = await ride(rideId, other)
  t.match(told, { mayAct: ['agree', 'refuse'], steps: [], order: null })
  t.same(
    told.parties.map(({ mine, unit, applicant }) => [mine, unit?.name ?? null, applicant]),
    [
      [false, null, null],
      [true, '乙单位', '示例 applicant.21'],
    ],
    'who the others are is not told',
  )
  t.equal((await ask(world, 'listRides', other, { query: { waiting: 'own' } })).json().total, 1)
  t.equal((await ask(world, 'listRides', third)).json().total, 0, 'no business of hers')
  t.equal((await act(rideId, dispatcher, 'agree')).code, 'FORBIDDEN', 'nobody consents for another')
  t.match((await act(rideId, other, 'agree')).json(), { state: 'ASKED', mayAct: [] })
  t.equal((await ask(world, 'listRides', other, { query: { waiting: 'own' } })).json().total, 0)
  t.match((await act(rideId, first, 'agree')).json(), { state: 'JOINED' })
  t.equal((await request(two.requestId)).state, 'APPROVED', 'there is no vehicle yet')

  const found = (await ask(world, 'listCandidates', dispatcher, { params: { requestId: one.requestId } })).json()
  t.ok(
    found.pairs.every(({ vehicle }) => vehicle.seats >= 5),
    'seats for all of them',
  )
  const given = await give(await request(one.requestId))
  t.match(given, { riders: 1, sharing: { most: 4, riders: [{ passengers: 2 }, { passengers: 2 }] } })
  for (const [{ requestId }, by] of [
    [one, first],
    [two, other],
  ] as const)
    t.match(await request(requestId, by), { state: 'DISPATCHED', order: { orderId: given.orderId } })
  const hers = await order(given.orderId, other)
  t.match(hers, { requestId: two.requestId, unit: { organisationId: 21 }, from: { name: B.name }, vehicle: { plate: '蒙AA0203' } })
  t.same(
    hers.sharing!.riders.map(({ unit }) => unit?.name ?? null),
    [null, '乙单位'],
  )
  t.equal((await ask(world, 'getOrder', third, { params: { orderId: given.orderId } })).code, 'NOT_FOUND')
  const board = (await ask(world, 'getBoard', dispatcher, { query: { from: at(hour - 1), until: at(hour + 3) } })).json()
  t.match(board.vehicles.find(({ vehicleId }) => vehicleId === 203)?.bars, [{ order: { riders: 1 } }])
})

t.test('of two that join at once the seats are enough for one; the other is told how many are left', async (t) => {
  const one = await approved(world, first, approver, soon({ passengers: 2 }))
  await give(one)
  const three = await approved(world, second, approver, soon({ passengers: 3 }))
  const two = await approved(world, third, approver, soon({ passengers: 2 }))
  const rides = [(await propose(one.requestId, three.requestId)).json(), (await propose(one.requestId, two.requestId)).json()]
  for (const [{ rideId }, by] of [
    [rides[0]!, second],
    [rides[1]!, third],
  ] as const)
    t.equal((await act(rideId, by, 'agree')).status, 200)
  const versions = await Promise.all(rides.map(({ rideId }) => ride(rideId, first)))
  const both = await Promise.all(versions.map(({ rideId, version }) => act(rideId, first, 'agree', version)))
  t.same(both.map(({ status }) => status).sort(), [200, 409])
  const [lost] = both.filter(({ status }) => status === 409)
  const threeWon = both[0]!.status === 200
  t.match(reasonsOf(lost!), [
    threeWon ? { reason: 'share.seat', values: { left: 1, passengers: 2 } } : { reason: 'share.seats', values: { left: 2 } },
  ])
  t.equal((await ride(rides[threeWon ? 1 : 0]!.rideId, first)).state, 'ENDED', 'nobody is asked any more for what cannot be')
  const { rows } = await db.query<{ n: number }>(
    `SELECT sum(passengers)::int AS n FROM trip_requests WHERE request_id = $1 OR request_id IN (SELECT request_id FROM trip_rides WHERE first_id = $1 AND state = 'JOINED')`,
    [one.requestId],
  )
  t.ok(rows[0]!.n <= 6)
})

t.test('who gets off at B makes room for who gets on at B', async (t) => {
  const one = await approved(world, first, approver, soon({ to: B, passengers: 4 }))
  const { orderId } = await give(one, 202)
  const two = await approved(world, second, approver, soon({ from: B, to: C, passengers: 3 }))
  const proposed = await propose(one.requestId, two.requestId)
  t.equal(proposed.status, 200, proposed.body)
  const { rideId } = proposed.json()
  await act(rideId, first, 'agree')
  t.match((await act(rideId, second, 'agree')).json(), { state: 'JOINED' })
  const { sharing } = await order(orderId)
  t.equal(sharing!.most, 4)
  t.same(
    sharing!.stops.map(({ load }) => load).filter((load) => load > 4),
    [],
  )
})

t.test('whose ride would be longer than its way and a quarter of an hour is named, with the figures', async (t) => {
  const one = await approved(world, first, approver, soon({ passengers: 1 }))
  const far = { name: '大青山', lon: 111.64, lat: 41.02 }
  const two = await approved(world, second, approver, soon({ from: far, to: OFF, passengers: 1 }))
  const refused = await propose(one.requestId, two.requestId)
  t.equal(refused.status, 409)
  const [issue] = reasonsOf(refused)
  t.match(issue, { reason: 'share.ride', values: { rider: /示例/, directMin: Number, sharedMin: Number, mostMin: Number } })
  const { directMin, sharedMin, mostMin } = issue!.values as Record<string, number>
  t.ok(sharedMin! > mostMin! && Math.abs(mostMin! - directMin! - 15) < 0.11)
})

t.test(
  'a consent taken back takes out whose it is: his request waits again; the order goes on with the others, the first’s as well',
  async (t) => {
    const one = await approved(world, first, approver, soon({ passengers: 2 }))
    const { orderId } = await give(one)
    const [two, three] = [
      await approved(world, second, approver, soon({ passengers: 2 })),
      await approved(world, third, approver, soon({ from: B, passengers: 1, startsAt: at(hour + 0.25) })),
    ]
    const both: number[] = []
    for (const [{ requestId }, by] of [
      [two, second],
      [three, third],
    ] as const) {
      const { rideId } = (await propose(one.requestId, requestId)).json()
      for (const each of [first, second, third]) {
        const seen = await ride(rideId, each)
        if (seen?.mayAct.includes('agree')) await act(rideId, each, 'agree')
      }
      t.match(await ride(rideId, by), { state: 'JOINED' })
      both.push(rideId)
    }
    t.match(await order(orderId), { riders: 2, sharing: { most: 5 } })
    t.match((await act(both[0]!, second, 'leave')).json(), { state: 'ENDED' })
    t.match(await request(two.requestId), { state: 'APPROVED', order: null })
    t.match(await order(orderId), { riders: 1, state: 'DISPATCHED', sharing: { most: 3 } })
    t.match((await act(both[1]!, first, 'leave')).json(), { state: 'ENDED' })
    t.match(await request(one.requestId), { state: 'APPROVED', order: null })
    t.match(await order(orderId), { riders: 0, requestId: three.requestId, sharing: null, startsAt: at(hour + 0.25) })
    t.match(await request(three.requestId), { state: 'DISPATCHED', order: { orderId } })
    t.match((await ask(world, 'getOrder', third, { params: { orderId } })).json(), { requestId: three.requestId })
  },
)

t.test('who calls his request off is out of it alone: the order goes on with the others, the first’s as well', async (t) => {
  const one = await approved(world, first, approver, soon({ passengers: 2 }))
  const { orderId } = await give(one)
  const two = await approved(world, second, approver, soon({ passengers: 1 }))
  const three = await approved(world, third, approver, soon({ passengers: 1 }))
  for (const { requestId } of [two, three]) {
    const { rideId } = (await propose(one.requestId, requestId)).json()
    for (const each of [first, second, third]) if ((await ride(rideId, each))?.mayAct.includes('agree')) await act(rideId, each, 'agree')
  }
  t.match(await order(orderId), { riders: 2 })
  const callOff = async (requestId: number, by: Who) => {
    const { version } = await request(requestId, by)
    const body = { action: 'cancel' as const, version, reason: '行程取消' }
    return (await ask(world, 'actOnRequest', by, { params: { requestId }, body })).json()
  }
  t.equal((await callOff(two.requestId, second)).state, 'CANCELLED')
  t.match(await order(orderId), { riders: 1, state: 'DISPATCHED', requestId: one.requestId })
  t.equal((await callOff(one.requestId, first)).state, 'CANCELLED')
  t.match(await order(orderId), { riders: 0, state: 'DISPATCHED', requestId: three.requestId })
  t.match(await request(three.requestId), { state: 'DISPATCHED', order: { orderId } })
  t.equal((await callOff(three.requestId, third)).state, 'CANCELLED')
  t.equal((await order(orderId)).state, 'VOIDED', 'nobody travels any more')
})

t.test('a leased vehicle has seats for all who travel together', async (t) => {
  const one = await approved(world, first, approver, soon({ passengers: 3 }))
  const two = await approved(world, second, approver, soon({ passengers: 3 }))
  const { rideId } = (await propose(one.requestId, two.requestId)).json()
  for (const by of [first, second]) await act(rideId, by, 'agree')
  const { rows } = await db.owner.query<{ supplierId: number }>(
    `INSERT INTO suppliers (organisation_id, name, kinds, valid_from) VALUES (4, '示例租车', '{rental}', '2020-01-01') RETURNING supplier_id AS "supplierId"`,
  )
  const { version } = await request(one.requestId)
  const leased = (bodyType: 'sedan' | 'small_bus') =>
    ask(world, 'dispatchRequest', dispatcher, {
      params: { requestId: one.requestId },
      body: { vehicleId: null, driverId: null, lease: { ...rows[0]!, bodyType, agreedFen: 10_000 }, version },
    })
  t.match(reasonsOf(await leased('sedan')), [{ path: 'body.lease.bodyType', reason: 'vehicle.seats', values: { passengers: 6 } }])
  t.match((await leased('small_bus')).json(), { riders: 1, lease: { bodyType: 'small_bus' } })
})

t.test('who books is offered a trip that runs, and who wishes it is asked about once his request is approved', async (t) => {
  const one = await approved(world, first, approver, soon())
  const { orderId } = await give(one)
  const { key: _key, purposeKind: _kind, purpose: _why, contactName: _who, contactPhone: _phone, ...trip } = wanted(soon({ passengers: 1 }))
  const preview = await ask(world, 'previewRequest', other, { body: trip })
  t.match(preview.json().shared, [{ orderId, unit: null, savedKm: Number, savedFen: Number }], preview.body)
  t.same(Object.keys(preview.json().shared[0]!).sort(), [
    'directMin',
    'dropOffAt',
    'orderId',
    'pickUpAt',
    'savedFen',
    'savedKm',
    'sharedMin',
    'unit',
  ])
  const asked = await ask(world, 'createRequest', other, { body: wanted({ ...soon({ passengers: 1 }), shareWith: orderId }) })
  t.equal(asked.status, 200, asked.body)
  const { requestId, version } = asked.json()
  t.match((await ask(world, 'listRides', other)).json().rows[0], { requestId, state: 'WISHED' })
  t.equal((await ask(world, 'listRides', first, { query: { waiting: 'own', requestId } })).json().total, 0)
  await ask(world, 'actOnRequest', head, { params: { requestId }, body: { action: 'approve', version } })
  const waiting = (await ask(world, 'listRides', first, { query: { waiting: 'own', requestId } })).json()
  t.match(waiting, { total: 1, rows: [{ state: 'ASKED', requestId }] })
  t.match((await act(waiting.rows[0]!.rideId, first, 'agree')).json(), { state: 'JOINED' }, 'whoever wished it has consented')
  t.match(await request(requestId), { state: 'DISPATCHED', order: { orderId } })

  const two = await approved(world, second, approver, soon())
  const { rideId } = (await propose(one.requestId, two.requestId)).json()
  t.match((await act(rideId, second, 'refuse')).json(), { state: 'REFUSED' })
  t.equal((await request(two.requestId)).state, 'APPROVED', 'without consent nothing is shared')
})

t.test('an answer that does not come in time is none; whoever makes another matter of his request is out', async (t) => {
  const one = await approved(world, first, approver, soon())
  const two = await approved(world, second, approver, soon())
  const lapsing = (await propose(one.requestId, two.requestId)).json()
  world.clock.atMs += 3 * 3_600_000
  t.ok((await settleDueRides({ db, clock: world.clock })) >= 1)
  world.clock.atMs -= 3 * 3_600_000
  t.equal((await ride(lapsing.rideId, dispatcher)).state, 'LAPSED')
  const { rideId } = (await propose(one.requestId, two.requestId)).json()
  for (const by of [first, second]) await act(rideId, by, 'agree')
  const { orderId } = await give(await request(one.requestId))
  const { version } = await request(two.requestId)
  const body = { ...wanted(soon({ passengers: 1 })), version }
  const changed = await ask(world, 'changeRequest', second, { params: { requestId: two.requestId }, body })
  t.match(changed.json(), { state: 'SUBMITTED', order: null }, changed.body)
  t.match(await order(orderId), { riders: 0, state: 'DISPATCHED' })
  t.equal((await ride(rideId, dispatcher)).state, 'ENDED')
})

t.test('a trip in a sensitive vehicle is offered to nobody, and joined by nobody', async (t) => {
  await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 203')
  t.teardown(() => db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 203'))
  const one = await approved(world, first, approver, soon())
  await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 203')
  await give(one)
  await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 203')
  const two = await approved(world, second, approver, soon())
  t.same((await ask(world, 'listRideSuggestions', dispatcher, { params: { requestId: two.requestId } })).json().rows, [])
  t.match(reasonsOf(await propose(one.requestId, two.requestId)), [{ reason: 'share.first' }])
})

t.test('it is driven stop by stop, each confirms for himself, and the costs are shared by people and kilometres', async (t) => {
  const one = await approved(world, first, approver, soon({ passengers: 1, startsAt: at(hour), endsAt: at(hour + 2) }))
  const two = await approved(world, other, head, soon({ passengers: 2 }))
  const { orderId } = await give(one)
  const { rideId } = (await propose(one.requestId, two.requestId)).json()
  await act(rideId, first, 'agree')
  await act(rideId, other, 'agree')
  const { version: given } = await order(orderId, driver)
  t.equal((await ask(world, 'actOnOrder', driver, { params: { orderId }, body: { action: 'accept', version: given } })).status, 200)
  world.clock.atMs = Date.parse(at(hour))
  const [driving, hers, his, desk, money] = [
    await world.signIn('driver'),
    await world.signIn('applicant.21'),
    await world.signIn('applicant'),
    await world.signIn('dispatcher'),
    await world.signIn('finance'),
  ]
  const take = async (by: Who, action: string, more: object = {}) => {
    const { version } = (await ask(world, 'getOrder', by, { params: { orderId } })).json()
    return ask(world, 'actOnOrder', by, { params: { orderId }, body: { action: action as 'accept', version, ...more } })
  }
  const gone = await take(driving, 'depart', { data: { odometerKm: 500 } })
  t.same(gone.json().mayAct, ['pickUp', 'noShow', 'comeBack'], gone.body)
  t.match(reasonsOf(await take(driving, 'dropOff', { data: { requestId: one.requestId } })), [{ reason: 'order.not' }])
  await db.owner.query('UPDATE vehicles SET seats = 3 WHERE vehicle_id = 202')
  t.teardown(() => db.owner.query('UPDATE vehicles SET seats = 5 WHERE vehicle_id = 202'))
  const swapped = async () => {
    const { version } = (await ask(world, 'getOrder', desk, { params: { orderId } })).json()
    const body = { vehicleId: 202, driverId: 1, version, reason: '车辆故障' }
    return reasonsOf(await ask(world, 'swapOrder', desk, { params: { orderId }, body }))
  }
  world.clock.atMs += 60_000
  t.match(await swapped(), [{ reason: 'vehicle.seats' }], 'one that has seats for the first’s alone is none for all of them')
  const done = { key: '00000000-0000-4000-8000-00000000abcd', atDevice: at(hour), sentAtDevice: at(hour) }
  const { version } = gone.json()
  for (const n of [1, 2]) {
    const body = { action: 'pickUp' as const, version, data: { requestId: one.requestId }, done }
    const marked = await ask(world, 'actOnOrder', driving, { params: { orderId }, body })
    t.equal(marked.json().state, 'ON_BOARD', `sent ${n} times it is done once`)
  }
  t.match(
    reasonsOf(await take(driving, 'dropOff', { data: { requestId: two.requestId } })),
    [{ reason: 'share.stop' }],
    'who has not got on',
  )
  for (const action of ['pickUp', 'dropOff']) t.equal((await take(driving, action, { data: { requestId: two.requestId } })).status, 200)
  t.match(await swapped(), [{ path: 'body.odometerKm' }], 'who got off needs none')
  const marked = (await take(driving, 'dropOff', { data: { requestId: one.requestId } })).json()
  t.ok(marked.sharing!.stops.every(({ doneAt }) => doneAt !== null))
  world.clock.atMs = Date.parse(at(hour + 0.4))
  t.equal((await take(driving, 'comeBack', { data: { odometerKm: 540 } })).json().state, 'RETURNED')
  for (const { requestId } of [one, two])
    t.equal((await ask(world, 'getRequest', desk, { params: { requestId } })).json().state, 'COMPLETED')
  t.match((await take(hers, 'confirm')).json(), { state: 'RETURNED', mayAct: [] })
  t.equal((await take(his, 'confirm')).json().state, 'CONFIRMED')
  const cost = { kind: 'toll', fen: 100, at: at(hour + 0.2) } as const
  const seen = (await ask(world, 'getOrder', desk, { params: { orderId } })).json()
  t.equal((await ask(world, 'addOrderCost', desk, { params: { orderId }, body: { ...cost, version: seen.version } })).status, 200)
  await take(desk, 'settle')
  const closed = await take(money, 'close')
  t.equal(closed.json().state, 'CLOSED', closed.body)
  const { rows } = await db.query<{ unitId: number; fen: number }>(
    `SELECT unit_id AS "unitId", sum(fen)::int AS fen FROM cost_entries WHERE order_id = $1 GROUP BY 1 ORDER BY 1`,
    [orderId],
  )
  t.same(rows, [
    { unitId: 20, fen: 33 },
    { unitId: 21, fen: 67 },
  ])
})

t.test('no row of it is without its record', async (t) => {
  const { says } = await findUnrecordedActs(db.owner)
  t.same(
    says.filter((line) => /^(trip_|dispatch_|order_|cost_)/.test(line)),
    [],
  )
})
