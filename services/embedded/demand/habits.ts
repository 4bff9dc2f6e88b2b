// How the drivers of the demo keep to what is ordered, and what their vehicles drive of it. From the seed and the order's number alone.
import type { OrderDetail, OrderRow } from '../../contracts/api/orders.ts'
import type { Errand } from '../../contracts/errands.ts'
import { distanceM, type LonLat } from '../../domain/geofence.ts'
import { createRandom } from '../demo/random.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/**
 * `late` presses when he has long left, `forgets` does not press that he is back, `misreads` types a wrong odometer, `stubborn` leaves though the
 * order was voided, `hasty` presses everything at once and drives nowhere.
 */
export type Habit = 'exact' | 'late' | 'forgets' | 'misreads' | 'stubborn' | 'hasty'

const draw = (seed: number, orderId: number) => createRandom(seed * 7919 + orderId * 104_729)

/** @param early so early in the life of the demo that there should be an order in every state soon; few, because what is over at once is no bar on a board */
export const habitOf = (seed: number, orderId: number, early: boolean): Habit =>
  draw(seed, orderId).weighted<Habit>([
    ['exact', 70],
    ['late', 10],
    ['forgets', 8],
    ['misreads', 7],
    ['stubborn', 5],
    ['hasty', early ? 14 : 1],
  ])

/** When the vehicle leaves: about when it was ordered. */
export function leavesAtMs(seed: number, { orderId, startsAt }: OrderRow): number {
  const random = draw(seed, orderId)
  random.next()
  return Date.parse(startsAt) + random.int(-3, 8) * MINUTE_MS
}

/** Roads against the line through the air, and how fast one gets on. */
const MS_PER_M = (1.35 / 14) * 1000

/** What the simulator drives of an order; undefined when nobody drives, or nobody knows where to. */
export function errandOf(seed: number, order: OrderRow, habit: Habit): Errand | undefined {
  const { orderId, vehicle, state, from, to, endsAt } = order
  const goes =
    ['ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'HANDED_OVER'].includes(state) || (state === 'VOIDED' && habit === 'stubborn')
  if (!goes || !vehicle || habit === 'hasty' || to.lon === null) return undefined
  const destination: LonLat = [to.lon, to.lat!]
  const pickUp: LonLat | null = from.lon === null ? null : [from.lon, from.lat!]
  const leaveMs = leavesAtMs(seed, order)
  const wayMs = pickUp ? distanceM(pickUp, destination) * MS_PER_M : HOUR_MS / 2
  return {
    order: orderId,
    plate: vehicle.plate,
    leaveMs,
    stayUntilMs: Math.max(leaveMs + wayMs + 20 * MINUTE_MS, Date.parse(endsAt) - wayMs),
    stops: [...(pickUp ? [pickUp] : []), destination].map(([lon, lat]): [number, number] => [lon, lat]),
  }
}

/** Does the driver press now that he has left, or is back? `returnedAt` of the track is when he knows that he is back. */
export function presses(action: 'depart' | 'comeBack', seed: number, order: OrderDetail, habit: Habit, nowMs: number): boolean {
  if (habit === 'hasty') return action === 'comeBack' || nowMs >= Date.parse(order.startsAt) - 15 * MINUTE_MS
  if (action === 'depart') return nowMs >= leavesAtMs(seed, order) + (habit === 'late' ? 12 * MINUTE_MS : 0)
  const backMs = order.track?.returnedAt ? Date.parse(order.track.returnedAt) : null
  // Of a vehicle of which nothing is seen nobody waits to see it come.
  const lateMs = Date.parse(order.endsAt) + (order.track ? 2 * HOUR_MS : 0)
  if (habit === 'forgets') return nowMs >= lateMs + 4 * HOUR_MS
  return (backMs !== null && nowMs >= backMs + MINUTE_MS) || nowMs >= lateMs
}
