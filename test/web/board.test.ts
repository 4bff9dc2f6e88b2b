// The board of dispatching: where bars stand, how far a hand has moved them, and what is in the way of a trip that is put elsewhere.
import t from 'tap'
import type { Board } from '../../services/contracts/api/dispatching.ts'
import type { RequestRow } from '../../services/contracts/api/requests.ts'
import {
  type Bar,
  continuedOf,
  findBusy,
  findTroubles,
  HOUR_MS,
  judgeDrop,
  judgeGive,
  type Load,
  nextRow,
  ordersOn,
  type PlacedRow,
  placeOf,
  rangeOf,
  rowsOf,
  shiftOf,
  timesOf,
} from '../../web/pages/dispatch/boardGeometry.ts'
import { chosenOf, dayOnMap, ofOrder, tripsOnMap } from '../../web/pages/dispatch/mapTrips.ts'
import { inOrder } from '../../web/pages/dispatch/queueOrder.ts'

const range = rangeOf('2026-03-02', 'day')
const at = (hour: number): number => range.fromMs + hour * HOUR_MS
const iso = (hour: number): string => new Date(at(hour)).toISOString()
/** A trip as the board has it: held a quarter of an hour before and after. */
const trip = (orderId: number, from: number, until: number): Bar => ({
  from: iso(from - 0.25),
  until: iso(until + 0.25),
  reason: 'trip',
  order: {
    orderId,
    number: `〔2026〕000${orderId}`,
    state: 'DISPATCHED',
    to: '武川县政府',
    unit: '示例单位',
    startsAt: iso(from),
    endsAt: iso(until),
    asked: { startsAt: iso(from), endsAt: iso(until) },
    alerts: 0,
    riders: 0,
    version: 1,
  },
})
const leave = (from: number, until: number | null): Bar => ({
  from: iso(from),
  until: until === null ? null : iso(until),
  reason: 'leave',
  order: null,
})
const unit = { organisationId: 20, name: '示例单位' }
const vehicle = (vehicleId: number, bars: Bar[], state: 'AVAILABLE' | 'MAINTENANCE' = 'AVAILABLE') => ({
  vehicleId,
  plate: `蒙AA0${vehicleId}`,
  plateColour: 'blue' as const,
  unit,
  seats: 5,
  state,
  bars,
})
const board: Board = {
  vehicles: [vehicle(201, [trip(1, 9, 12)]), vehicle(202, [trip(2, 13, 15)]), vehicle(203, [], 'MAINTENANCE')],
  drivers: [
    { driverId: 1, name: '示例司机一', unit, bars: [trip(1, 9, 12), leave(16, 18)] },
    { driverId: 2, name: '示例司机二', unit, bars: [trip(2, 13, 15)] },
  ],
  more: false,
  routes: [],
}
t.test('of a board that could not list all, what has a trip stands first, until something is to be given', async (t) => {
  const free = { driverId: 3, name: '示例司机三', unit, bars: [leave(8, 10)] }
  const part: Board = { ...board, vehicles: [vehicle(200, []), ...board.vehicles], drivers: [free, ...board.drivers] }
  const said = (of: Board, wanted?: { startsAtMs: number; endsAtMs: number }) => rowsOf(of, [], wanted).map(({ id }) => id)
  t.same(said(part), ['vehicles', 200, 201, 202, 203, 'drivers', 3, 1, 2], 'one that has all stands as it is')
  t.same(said({ ...part, more: true }), ['vehicles', 201, 202, 200, 203, 'drivers', 1, 2, 3])
  t.same(said({ ...part, more: true }, { startsAtMs: at(9), endsAtMs: at(10) }).slice(0, 4), ['vehicles', 200, 202, 201])
})

const rows = rowsOf(board, [])
const rowOf = (kind: string, id: number) => rows.find((row) => row.kind === kind && row.id === id) as PlacedRow
const placed = (orderId: number, from: number, until: number) => ({ orderId, startsAtMs: at(from), endsAtMs: at(until) })

t.test('a day is its 24 hours in the region, a week seven days', async (t) => {
  t.equal(new Date(range.fromMs).toISOString(), '2026-03-01T16:00:00.000Z')
  t.equal(range.untilMs - range.fromMs, 24 * HOUR_MS)
  t.equal(rangeOf('2026-03-02', 'week').untilMs - range.fromMs, 7 * 24 * HOUR_MS)
})

t.test('a bar stands at its hours, is cut at the edges, and is not there outside them', async (t) => {
  t.same(placeOf(at(6), at(9), range, 480), { left: 120, width: 60 })
  t.same(placeOf(at(-3), at(2), range, 480), { left: 0, width: 40 })
  t.same(placeOf(at(22), at(30), range, 480), { left: 440, width: 40 })
  t.same(placeOf(at(23), null, range, 480), { left: 460, width: 20 }, 'until further notice')
  t.equal(placeOf(at(24), at(25), range, 480), null)
  t.equal(placeOf(at(-2), at(0), range, 480), null)
})

t.test('a hand moves a trip by whole quarters of an hour', async (t) => {
  t.equal(shiftOf(20, range, 480), HOUR_MS)
  t.equal(shiftOf(-7, range, 480), -HOUR_MS / 4)
  t.equal(shiftOf(2, range, 480), 0)
  t.ok(Object.is(shiftOf(-1, range, 480), 0), 'and never by minus nothing')
})

t.test('vehicles that are offered come first, in the order of the offer, and headings are stepped over', async (t) => {
  const offered = rowsOf(board, [202, 999])
  t.same(
    offered.map(({ kind, id }) => `${kind} ${id}`),
    ['head vehicles', 'vehicle 202', 'vehicle 201', 'vehicle 203', 'head drivers', 'driver 1', 'driver 2'],
  )
  t.equal(nextRow(rows, 3, 1), 5)
  t.equal(nextRow(rows, 5, -1), 3)
  t.equal(nextRow(rows, 1, -1), 1, 'the first stays')
  t.equal(nextRow(rows, 6, 1), 6, 'the last stays')
})

t.test('what is in the way is found with its preparation and its cleaning, and when the row is free again', async (t) => {
  const { bars } = rowOf('vehicle', 201)
  t.equal(findBusy(bars, placed(1, 10, 13)), null, 'a trip is not in its own way')
  t.match(findBusy(bars, placed(9, 12.25, 13)), { bar: { order: { orderId: 1 } }, freeMs: at(12.5) })
  t.equal(findBusy(bars, placed(9, 12.5, 13)), null, 'what touches it is free')
  t.match(findBusy([leave(10, null)], placed(9, 12, 13)), { bar: { reason: 'leave' }, freeMs: null })
})

t.test('a drop is judged for the row and for whoever goes with the trip', async (t) => {
  const [from, driver] = [rowOf('vehicle', 201), rowOf('driver', 1)]
  t.same(judgeDrop(rows, placed(1, 9, 12), from, rowOf('vehicle', 202)), [], 'the other vehicle is free then')
  t.match(judgeDrop(rows, placed(1, 12, 14), from, rowOf('vehicle', 202)), [{ code: 'vehicle', bar: { order: { orderId: 2 } } }])
  t.match(judgeDrop(rows, placed(1, 15, 17), from, from), [{ code: 'driver', bar: { reason: 'leave' } }])
  t.match(judgeDrop(rows, placed(1, 9, 12), from, rowOf('vehicle', 203)), [{ code: 'state', state: 'MAINTENANCE' }])
  t.same(judgeDrop(rows, placed(1, 9, 12), from, driver), [{ code: 'kind' }])
  t.same(judgeDrop(rows, placed(1, 9, 12), from, rows[0]!), [{ code: 'kind' }])
  t.same(judgeDrop(rows, placed(1, 9, 12), driver, rowOf('driver', 2)), [])
  t.match(judgeDrop(rows, placed(1, 11, 14), driver, rowOf('driver', 2)), [{ code: 'driver', bar: { order: { orderId: 2 } } }])
})

t.test('a trip past midnight is one trip on two days: cut at midnight, said to be continued, and still in the way', async (t) => {
  const night = trip(7, 22.5, 25.25)
  const next = rangeOf('2026-03-03', 'day')
  const { startsAt, endsAt } = night.order!
  t.same(placeOf(Date.parse(startsAt), Date.parse(endsAt), next, 480), { left: 0, width: 25 }, '00:00 to 01:15')
  t.same(continuedOf(night.order!, next), { before: true, after: false })
  t.same(continuedOf(night.order!, range), { before: false, after: true })
  t.same(continuedOf(night.order!, rangeOf('2026-03-02', 'week')), { before: false, after: false })
  t.match(findBusy([night], placed(9, 25, 26)), { freeMs: at(25.75) }, 'at one it is refused')
})

t.test('the map shows the trips of a day, each once, and the chosen one with its places', async (t) => {
  t.same([...ordersOn(board, '2026-03-02')], [1, 2])
  t.same([...ordersOn(board, '2026-03-03')], [])
  const night: Board = { ...board, vehicles: [vehicle(201, [trip(9, 22, 26)])], drivers: [] }
  t.same([ordersOn(night, '2026-03-02').has(9), ordersOn(night, '2026-03-03').has(9)], [true, true], 'past midnight on both days')
  const routes: Board['routes'] = [
    { orderId: 1, places: [[111.7, 40.8]] },
    {
      orderId: 2,
      places: [
        [111.6, 40.8],
        [111.5, 41],
      ],
    },
  ]
  const stop = (name: string, lon: number | null) => ({ name, lon, lat: lon === null ? null : 40.9 })
  const chosen = chosenOf(ofOrder(1), { from: stop('甲', 111.7), via: [stop('乙', null)], to: stop('丙', 111.9) })
  t.same(chosen, {
    id: 'order:1',
    places: [
      [111.7, 40.9],
      [111.9, 40.9],
    ],
    marks: ['start', 'end'],
    unplaced: true,
  })
  t.same(
    tripsOnMap({ ...board, routes }, '2026-03-02', chosen).map(({ id, chosen }) => [id, chosen]),
    [
      ['order:2', false],
      ['order:1', true],
    ],
  )
  t.same(
    chosenOf('request:7', { from: stop('甲', null), via: [stop('乙', 111.8)], to: stop('丙', 111.9) }).marks,
    [1, 'end'],
    'where the beginning has no point, the end stays the end',
  )
  t.equal(tripsOnMap({ ...board, routes }, '2026-03-02', null).length, 2)
  t.same(tripsOnMap({ ...board, routes }, '2026-03-03', null), [])
  t.equal(dayOnMap('2026-03-02', rangeOf('2026-03-02', 'week'), at(30)), '2026-03-03')
  t.equal(dayOnMap('2026-03-02', rangeOf('2026-03-02', 'week'), at(-30)), '2026-03-02')
})

t.test('what is carried to another day stays at its hour, across a change of the clocks too', async (t) => {
  const load = (startsAt: string, endsAt: string, grip: 'whole' | 'start' | 'end' = 'whole'): Load => ({
    kind: 'trip',
    trip: { ...trip(1, 9, 12).order!, startsAt, endsAt },
    from: rowOf('vehicle', 201),
    grip,
  })
  const iso = ({ startsAtMs, endsAtMs }: ReturnType<typeof timesOf>) => [startsAtMs, endsAtMs].map((ms) => new Date(ms).toISOString())
  const instant = (hour: number) => new Date(at(hour)).toISOString()
  const spring = load('2027-03-27T07:00:00.000Z', '2027-03-27T09:00:00.000Z')
  t.same(iso(timesOf(spring, 24 * HOUR_MS, 'Europe/Berlin')), ['2027-03-28T06:00:00.000Z', '2027-03-28T08:00:00.000Z'])
  const autumn = load('2027-10-30T06:00:00.000Z', '2027-10-30T08:00:00.000Z')
  t.same(iso(timesOf(autumn, 24 * HOUR_MS, 'Europe/Berlin')), ['2027-10-31T07:00:00.000Z', '2027-10-31T09:00:00.000Z'])
  t.same(iso(timesOf(spring, 24 * HOUR_MS)), ['2027-03-28T07:00:00.000Z', '2027-03-28T09:00:00.000Z'], 'the region changes no clocks')
  const skipped = load('2027-03-27T01:30:00.000Z', '2027-03-27T04:00:00.000Z')
  t.equal(
    timesOf(skipped, 24 * HOUR_MS, 'Europe/Berlin').startsAtMs,
    Date.parse('2027-03-28T01:30:00.000Z'),
    'half past two is not there: half past three',
  )
  t.same(iso(timesOf(load(instant(9), instant(12), 'end'), HOUR_MS)), [instant(9), instant(13)])
  t.same(iso(timesOf(load(instant(9), instant(12), 'start'), -HOUR_MS)), [instant(8), instant(12)])
})

t.test('a request from the queue is judged on a row before it is let go, and rows that are free for it come first', async (t) => {
  const request = (passengers: number, from: number, until: number) =>
    ({ passengers, withDriver: true, startsAt: iso(from), endsAt: iso(until) }) as RequestRow
  t.same(judgeGive(request(4, 13, 15), rowOf('vehicle', 201)), [])
  t.match(judgeGive(request(5, 11, 13), rowOf('vehicle', 201)), [
    { code: 'seats', places: 4 },
    { code: 'vehicle', freeMs: at(12.5) },
  ])
  t.match(judgeGive(request(1, 9, 10), rowOf('vehicle', 203)), [{ code: 'state', state: 'MAINTENANCE' }])
  t.match(judgeGive(request(1, 17, 19), rowOf('driver', 1)), [{ code: 'driver', bar: { reason: 'leave' } }])
  t.same(judgeGive(request(1, 9, 10), rows[0]!), [{ code: 'kind' }])
  t.same(
    rowsOf(board, [], { startsAtMs: at(9), endsAtMs: at(10) }).map(({ kind, id }) => `${kind} ${id}`),
    ['head vehicles', 'vehicle 202', 'vehicle 201', 'vehicle 203', 'head drivers', 'driver 2', 'driver 1'],
  )
  t.match(judgeDrop(rows, placed(1, 12, 12), rowOf('vehicle', 201), rowOf('vehicle', 201)), [{ code: 'order' }])
})

t.test('what should have left, be back, or cannot go is listed once a trip', async (t) => {
  const out = (bar: Bar, state: 'DEPARTED'): Bar => ({ ...bar, order: { ...bar.order!, state } })
  const troubled: Board = {
    ...board,
    vehicles: [
      vehicle(201, [trip(1, 9, 12)]),
      vehicle(202, [out(trip(2, 6, 8), 'DEPARTED')]),
      vehicle(203, [trip(3, 20, 21)], 'MAINTENANCE'),
    ],
  }
  t.same(
    findTroubles(troubled, at(9.5)).map(({ trip: { orderId }, code }) => [orderId, code]),
    [
      [2, 'overdue'],
      [1, 'late'],
      [3, 'state'],
    ],
  )
  t.same(findTroubles(board, at(8)), [])
})

t.test('emergencies come first in the queue, then the next departure', async (t) => {
  const waiting = [
    { requestId: 1, kind: 'pool' as const, startsAt: iso(9) },
    { requestId: 2, kind: 'emergency' as const, startsAt: iso(12) },
    { requestId: 3, kind: 'pool' as const, startsAt: iso(8) },
  ]
  t.same(
    inOrder(waiting).map(({ requestId }) => requestId),
    [2, 3, 1],
  )
})
