// Where things stand on the board, and what would be in the way of a trip that is put elsewhere. Pure: what it judges by is an argument.
import type { Board } from '../../../services/contracts/api/orders.ts'
import { addDays, dayStartMs } from '../../../services/domain/days.ts'
import type { VehicleState } from '../../../services/domain/lifecycle.ts'
import { nextFree } from '../../../services/domain/ranking.ts'
import { heldFor } from '../../../services/domain/requests.ts'

export const HOUR_MS = 3_600_000
const STEP_MS = 15 * 60_000

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

/** Where a stretch of time stands on a board of such a width, cut at its edges; null when nothing of it is there. */
export function placeOf(fromMs: number, untilMs: number | null, range: Range, widthPx: number): { left: number; width: number } | null {
  const from = Math.max(fromMs, range.fromMs)
  const until = Math.min(untilMs ?? Number.POSITIVE_INFINITY, range.untilMs)
  if (until <= from) return null
  const pxPerMs = widthPx / (range.untilMs - range.fromMs)
  return { left: (from - range.fromMs) * pxPerMs, width: (until - from) * pxPerMs }
}

/** How far in time so many pixels are, in whole quarters of an hour. */
export const shiftOf = (px: number, range: Range, widthPx: number): number =>
  Math.round((px * (range.untilMs - range.fromMs)) / widthPx / STEP_MS) * STEP_MS || 0

/** The rows as they stand: vehicles, those that are offered first in the order of the offer, then drivers. */
export function rowsOf({ vehicles, drivers }: Board, offered: readonly number[]): BoardRow[] {
  const place = new Map(offered.map((vehicleId, n) => [vehicleId, n]))
  const rank = ({ vehicleId }: { vehicleId: number }) => place.get(vehicleId) ?? offered.length
  const inOrder = [...vehicles].sort((a, b) => rank(a) - rank(b))
  return [
    { kind: 'head', id: 'vehicles', count: vehicles.length },
    ...inOrder.map((vehicle): VehicleRow => ({ kind: 'vehicle', id: vehicle.vehicleId, ...vehicle })),
    { kind: 'head', id: 'drivers', count: drivers.length },
    ...drivers.map((driver): DriverRow => ({ kind: 'driver', id: driver.driverId, ...driver })),
  ]
}

/** The next row that something can be put on, up or down; the same where there is none. */
export function nextRow(rows: readonly BoardRow[], at: number, step: 1 | -1): number {
  for (let n = at + step; n >= 0 && n < rows.length; n += step) if (rows[n]!.kind !== 'head') return n
  return at
}

export type Clash =
  | { code: 'kind' }
  | { code: 'state'; state: VehicleState }
  | { code: 'vehicle' | 'driver'; bar: Bar; freeMs: number | null }

const idle: readonly VehicleState[] = ['AVAILABLE', 'RESERVED', 'IN_USE']
type Placed = { orderId: number; startsAtMs: number; endsAtMs: number }

/** What on a row is in the way of a trip, its own promise left out; with when the row is next free as far as the board knows. */
export function findBusy(bars: readonly Bar[], trip: Placed): { bar: Bar; freeMs: number | null } | null {
  const held = heldFor(trip)
  const others = bars.filter((bar) => bar.order?.orderId !== trip.orderId)
  const bar = others.find(({ from, until }) => Date.parse(from) < held.untilMs && (until === null || Date.parse(until) > held.fromMs))
  if (!bar) return null
  const bookings = others.map(({ from, until }) => ({ fromMs: Date.parse(from), untilMs: until === null ? null : Date.parse(until) }))
  return { bar, freeMs: nextFree(trip, bookings) }
}

/** All that is in the way of a trip put on a row: on the row itself, and on that of whoever goes with it. */
export function judgeDrop(rows: readonly BoardRow[], trip: Placed, from: PlacedRow, to: BoardRow): Clash[] {
  if (to.kind !== from.kind) return [{ code: 'kind' }]
  const clashes: Clash[] = []
  if (to.kind === 'vehicle' && !idle.includes(to.state)) clashes.push({ code: 'state', state: to.state })
  const partner = rows.find((row) => row.kind !== 'head' && row.kind !== from.kind && holds(row, trip.orderId)) as PlacedRow | undefined
  for (const row of partner ? [to, partner] : [to]) {
    const busy = findBusy(row.bars, trip)
    if (busy) clashes.push({ code: row.kind, ...busy })
  }
  return clashes
}

export const holds = (row: PlacedRow, orderId: number): boolean => row.bars.some(({ order }) => order?.orderId === orderId)
