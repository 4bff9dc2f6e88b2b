// Where things stand on the board, and what would be in the way of a trip that is put elsewhere. Pure: what it judges by is an argument.
import type { Board } from '../../../services/contracts/api/dispatching.ts'
import type { RequestRow } from '../../../services/contracts/api/requests.ts'
import { addDays, dayStartMs } from '../../../services/domain/days.ts'
import type { VehicleState } from '../../../services/domain/lifecycle.ts'
import { drivenStates } from '../../../services/domain/orders.ts'
import { freeTimes, nextFree } from '../../../services/domain/ranking.ts'
import { findMoveProblem, heldFor } from '../../../services/domain/requests.ts'
import { shiftByWallClock } from '../../../services/domain/wallClock.ts'

export const HOUR_MS = 3_600_000
const STEP_MS = 15 * 60_000
/** The clocks by which trips are moved. */
const ZONE = 'Asia/Shanghai'

export type Span = 'day' | 'week'
export type Range = { fromMs: number; untilMs: number }
export type Bar = Board['drivers'][number]['bars'][number]
export type Trip = NonNullable<Bar['order']>
export type VehicleRow = { kind: 'vehicle'; id: number } & Board['vehicles'][number]
export type DriverRow = { kind: 'driver'; id: number } & Board['drivers'][number]
export type PlacedRow = VehicleRow | DriverRow
export type BoardRow = PlacedRow | { kind: 'head'; id: 'vehicles' | 'drivers'; count: number }

/** What the board shows from a day on. */
export const rangeOf = (day: string, span: Span): Range => ({
  fromMs: dayStartMs(day),
  untilMs: dayStartMs(addDays(day, span === 'day' ? 1 : 7)),
})

export type Place = { left: number; width: number }
/** Where a stretch of time stands on a board of such a width, cut at its edges; null when nothing of it is there. */
export function placeOf(fromMs: number, untilMs: number | null, range: Range, widthPx: number): Place | null {
  const from = Math.max(fromMs, range.fromMs)
  const until = Math.min(untilMs ?? Number.POSITIVE_INFINITY, range.untilMs)
  if (until <= from) return null
  const pxPerMs = widthPx / (range.untilMs - range.fromMs)
  return { left: (from - range.fromMs) * pxPerMs, width: (until - from) * pxPerMs }
}

/** How far in time so many pixels are, in whole quarters of an hour. */
export const shiftOf = (px: number, range: Range, widthPx: number): number =>
  Math.round((px * (range.untilMs - range.fromMs)) / widthPx / STEP_MS) * STEP_MS || 0

/** Does it go on before, or after, what is shown? A trip past midnight is one trip on two days. */
export const continuedOf = (trip: { startsAt: string; endsAt: string }, { fromMs, untilMs }: Range) => ({
  before: Date.parse(trip.startsAt) < fromMs,
  after: Date.parse(trip.endsAt) > untilMs,
})

/**
 * The rows as they stand: vehicles, those that are offered first in the order of the offer, then those that are free for what is to be given; then
 * drivers, the free ones first. Of a board that could not list all, what has a trip comes first while nothing is to be given.
 */
export function rowsOf({ vehicles, drivers, more }: Board, offered: readonly number[], wanted: Times | null = null): BoardRow[] {
  const place = new Map(offered.map((vehicleId, n) => [vehicleId, n]))
  const busy = (bars: readonly Bar[]) => {
    if (wanted) return findBusy(bars, { orderId: 0, ...wanted }) ? 1 : 0
    return more && !bars.some(({ order }) => order) ? 1 : 0
  }
  const rank = ({ vehicleId, bars, state }: Board['vehicles'][number]) =>
    place.get(vehicleId) ?? offered.length + (wanted && !idle.includes(state) ? 1 : busy(bars))
  const inOrder = byRank(vehicles, rank)
  const driversInOrder = byRank(drivers, ({ bars }) => busy(bars))
  return [
    { kind: 'head', id: 'vehicles', count: vehicles.length },
    ...inOrder.map((vehicle): VehicleRow => ({ kind: 'vehicle', id: vehicle.vehicleId, ...vehicle })),
    { kind: 'head', id: 'drivers', count: drivers.length },
    ...driversInOrder.map((driver): DriverRow => ({ kind: 'driver', id: driver.driverId, ...driver })),
  ]
}

/** In the order of a rank; what has the same stays as it stood. */
function byRank<R>(rows: readonly R[], rank: (row: R) => number): R[] {
  const ranks = new Map(rows.map((row) => [row, rank(row)]))
  return rows.toSorted((a, b) => ranks.get(a)! - ranks.get(b)!)
}

/** The next row that something can be put on, up or down; the same where there is none. */
export function nextRow(rows: readonly BoardRow[], at: number, step: 1 | -1): number {
  for (let n = at + step; n >= 0 && n < rows.length; n += step) if (rows[n]!.kind !== 'head') return n
  return at
}

export type Clash =
  | { code: 'kind' }
  | { code: 'state'; state: VehicleState }
  | { code: 'seats'; places: number; passengers: number }
  | { code: 'order' }
  | { code: 'far'; earliestMs: number; latestMs: number }
  | { code: 'vehicle' | 'driver'; bar: Bar; freeMs: number | null }

const idle: readonly VehicleState[] = ['AVAILABLE', 'RESERVED', 'IN_USE']
type Times = { startsAtMs: number; endsAtMs: number }
type Placed = Times & { orderId: number }

/** What is carried over the board: a trip, by its whole or by one of its ends; or a request that waits. */
export type Load = { kind: 'trip'; trip: Trip; from: PlacedRow; grip: 'whole' | 'start' | 'end' } | { kind: 'request'; request: RequestRow }

/** When it would be, carried so far: by the clocks on the wall, so that what goes to another day stays at its hour. */
export function timesOf(load: Load, shiftMs: number, zone = ZONE): Times {
  const { startsAt, endsAt } = load.kind === 'trip' ? load.trip : load.request
  const grip = load.kind === 'trip' ? load.grip : 'none'
  const moved = (at: string, moves: boolean) => (moves && shiftMs !== 0 ? shiftByWallClock(Date.parse(at), shiftMs, zone) : Date.parse(at))
  return { startsAtMs: moved(startsAt, grip === 'whole' || grip === 'start'), endsAtMs: moved(endsAt, grip === 'whole' || grip === 'end') }
}

/** All that is in the way of a request that is put on a row. Who else goes with it the service finds. */
export function judgeGive(request: RequestRow, to: BoardRow): Clash[] {
  if (to.kind === 'head') return [{ code: 'kind' }]
  const clashes: Clash[] = []
  if (to.kind === 'vehicle' && !idle.includes(to.state)) clashes.push({ code: 'state', state: to.state })
  const places = to.kind === 'vehicle' ? to.seats - (request.withDriver ? 1 : 0) : request.passengers
  if (places < request.passengers) clashes.push({ code: 'seats', places, passengers: request.passengers })
  const busy = findBusy(to.bars, { orderId: 0, startsAtMs: Date.parse(request.startsAt), endsAtMs: Date.parse(request.endsAt) })
  if (busy) clashes.push({ code: to.kind, ...busy })
  return clashes
}

/** What is wrong on the board as it stands, each trip once: it should have left, should be back, or its vehicle cannot go. */
export type Trouble = { trip: Trip; row: PlacedRow; code: 'late' | 'overdue' | 'state' }
const LATE_MS = 10 * 60_000
export function findTroubles({ vehicles, drivers }: Board, nowMs: number): Trouble[] {
  const found = new Map<number, Trouble>()
  const rows: PlacedRow[] = [
    ...vehicles.map((vehicle): PlacedRow => ({ kind: 'vehicle', id: vehicle.vehicleId, ...vehicle })),
    ...drivers.map((driver): PlacedRow => ({ kind: 'driver', id: driver.driverId, ...driver })),
  ]
  for (const row of rows)
    for (const { order } of row.bars) {
      if (!order || found.has(order.orderId)) continue
      const waits = order.state === 'DISPATCHED' || order.state === 'ACCEPTED'
      const out = drivenStates.includes(order.state)
      if (waits && row.kind === 'vehicle' && !idle.includes(row.state)) found.set(order.orderId, { trip: order, row, code: 'state' })
      else if (waits && Date.parse(order.startsAt) + LATE_MS < nowMs) found.set(order.orderId, { trip: order, row, code: 'late' })
      else if (out && Date.parse(order.endsAt) < nowMs) found.set(order.orderId, { trip: order, row, code: 'overdue' })
    }
  return [...found.values()].sort((a, b) => Date.parse(a.trip.startsAt) - Date.parse(b.trip.startsAt))
}

/** What on a row is in the way of a trip, its own promise left out; with when the row is next free as far as the board knows. */
export function findBusy(bars: readonly Bar[], trip: Placed): { bar: Bar; freeMs: number | null } | null {
  const held = heldFor(trip)
  const others = bars.filter((bar) => bar.order?.orderId !== trip.orderId)
  const bar = others.find(({ from, until }) => Date.parse(from) < held.untilMs && (until === null || Date.parse(until) > held.fromMs))
  if (!bar) return null
  const bookings = others.map(({ from, until }) => ({ fromMs: Date.parse(from), untilMs: until === null ? null : Date.parse(until) }))
  return { bar, freeMs: nextFree(trip, bookings) }
}

/** When of what is shown a trip could be put on a row, as far as the board knows. */
export const freeOf = (row: PlacedRow, { fromMs, untilMs }: Range): Times[] =>
  row.kind === 'vehicle' && !idle.includes(row.state)
    ? []
    : freeTimes(
        { startsAtMs: fromMs, endsAtMs: untilMs },
        row.bars.map(({ from, until }) => ({ fromMs: Date.parse(from), untilMs: until === null ? null : Date.parse(until) })),
      )

/** All that is in the way of a trip put on a row: on the row itself, and on that of whoever goes with it. */
export function judgeDrop(rows: readonly BoardRow[], trip: Placed, from: PlacedRow, to: BoardRow): Clash[] {
  if (to.kind !== from.kind) return [{ code: 'kind' }]
  if (trip.endsAtMs <= trip.startsAtMs) return [{ code: 'order' }]
  const clashes: Clash[] = []
  if (to.kind === 'vehicle' && !idle.includes(to.state)) clashes.push({ code: 'state', state: to.state })
  const partner = rows.find((row) => row.kind !== 'head' && row.kind !== from.kind && holds(row, trip.orderId)) as PlacedRow | undefined
  for (const row of partner ? [to, partner] : [to]) {
    const busy = findBusy(row.bars, trip)
    if (busy) clashes.push({ code: row.kind, ...busy })
  }
  const own = from.bars.find(({ order }) => order?.orderId === trip.orderId)?.order
  const far = own && findMoveProblem(trip, spanOf(own.asked), spanOf(own))
  if (far) clashes.push({ code: 'far', earliestMs: Date.parse(far.values.earliest), latestMs: Date.parse(far.values.latest) })
  return clashes
}
const spanOf = ({ startsAt, endsAt }: { startsAt: string; endsAt: string }): Times => ({
  startsAtMs: Date.parse(startsAt),
  endsAtMs: Date.parse(endsAt),
})

/** The orders of the board that are under way at some time of a day, each once. */
export function ordersOn({ vehicles, drivers }: Board, day: string): Set<number> {
  const [fromMs, untilMs] = [dayStartMs(day), dayStartMs(addDays(day, 1))]
  const orders = [...vehicles, ...drivers].flatMap(({ bars }) => bars.flatMap(({ order }) => order ?? []))
  return new Set(
    orders.filter(({ startsAt, endsAt }) => Date.parse(startsAt) < untilMs && Date.parse(endsAt) > fromMs).map(({ orderId }) => orderId),
  )
}

export const holds = (row: PlacedRow, orderId: number): boolean => row.bars.some(({ order }) => order?.orderId === orderId)
