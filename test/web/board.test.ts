// The board of dispatching: where bars stand, how far a hand has moved them, and what is in the way of a trip that is put elsewhere.
import t from 'tap'
import type { Board } from '../../services/contracts/api/orders.ts'
import {
  type Bar,
  findBusy,
  HOUR_MS,
  judgeDrop,
  nextRow,
  type PlacedRow,
  placeOf,
  rangeOf,
  rowsOf,
  shiftOf,
} from '../../web/pages/dispatch/boardGeometry.ts'
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
    alerts: 0,
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
}
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
