// Orders (派车单): what a request becomes when a vehicle and a driver are given to it. States, steps, costs, readings.
import { dayAt } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'
import { type Lifecycle, permits, type Times, whenOver } from './lifecycle.ts'

export const orderStates = [
  'DISPATCHED',
  'ACCEPTED',
  'RELEASED',
  'DEPARTED',
  'ON_BOARD',
  'HANDED_OVER',
  'RETURNED',
  'CONFIRMED',
  'SETTLED',
  'CLOSED',
  'DECLINED',
  'VOIDED',
  'EXPIRED',
] as const
export type OrderState = (typeof orderStates)[number]

const after =
  (minutes: (law: ReturnType<typeof dispatchLawOn>) => number) =>
  ({ sinceMs }: Times) =>
    sinceMs + minutes(dispatchLawOn(dayAt(sinceMs))) * 60_000

/** `untilMs` of an order is when its departure is due. Who accepts after that has as long from then on. */
const departureMissed = ({ sinceMs, untilMs }: Times): number | null =>
  untilMs === null ? null : after(({ departWithinMin }) => departWithinMin)({ sinceMs: Math.max(sinceMs, untilMs), untilMs })

/** What must come with a step. */
export type OrderNeed = 'odometerKm' | 'requestId'
export const orderLifecycle = {
  accept: { from: ['DISPATCHED'], to: 'ACCEPTED', by: 'order.drive' },
  decline: { from: ['DISPATCHED'], to: 'DECLINED', by: 'order.drive' },
  lapse: { from: ['DISPATCHED'], to: 'DECLINED', by: 'system', due: after(({ acceptWithinMin }) => acceptWithinMin) },
  // Who does not drive off holds nothing any more. If nobody else has it, he may still go.
  release: { from: ['ACCEPTED'], to: 'RELEASED', by: 'system', due: departureMissed },
  // Nor did he until the planned end. What a supplier drives is entered afterwards, and is never over so.
  expire: { from: ['RELEASED'], to: 'EXPIRED', by: 'system', due: whenOver },
  // A phone that was out of reach tells later that he drove off in time.
  depart: { from: ['ACCEPTED', 'RELEASED', 'EXPIRED'], to: 'DEPARTED', by: 'order.drive', needs: ['odometerKm'] },
  // At the pick-up, at a destination: told, and nothing else; as often as there are places.
  reach: { from: ['DEPARTED'], to: 'DEPARTED', by: 'order.drive' },
  board: { from: ['DEPARTED'], to: 'ON_BOARD', by: 'order.drive' },
  arrive: { from: ['ON_BOARD'], to: 'ON_BOARD', by: 'order.drive' },
  // Of a shared trip: the people of one request get on, or off.
  pickUp: { from: ['DEPARTED', 'ON_BOARD'], to: 'ON_BOARD', by: 'order.drive', needs: ['requestId'] },
  dropOff: { from: ['ON_BOARD'], to: 'ON_BOARD', by: 'order.drive', needs: ['requestId'] },
  // Who was to travel did not come: told, and nothing else. Of a shared trip the people of one request, whether others are on board or not.
  noShow: { from: ['DEPARTED'], to: 'DEPARTED', by: 'order.drive' },
  noShowAboard: { from: ['ON_BOARD'], to: 'ON_BOARD', by: 'order.drive', needs: ['requestId'] },
  // Another vehicle or driver on the way, after a breakdown or for driving hours; whoever drives now takes it over with a reading of its own.
  swap: { from: ['DEPARTED', 'ON_BOARD', 'HANDED_OVER'], to: 'HANDED_OVER', by: 'order.dispatch' },
  takeOver: { from: ['HANDED_OVER'], to: 'DEPARTED', by: 'order.drive', needs: ['odometerKm'] },
  comeBack: { from: ['DEPARTED', 'ON_BOARD'], to: 'RETURNED', by: 'order.drive', needs: ['odometerKm'] },
  confirm: { from: ['RETURNED'], to: 'CONFIRMED', by: 'request.create', side: 'asker' },
  // Of a shared trip each confirms for himself; the last one's is the order's.
  confirmOwn: { from: ['RETURNED'], to: 'RETURNED', by: 'request.create', side: 'asker' },
  confirmByTime: { from: ['RETURNED'], to: 'CONFIRMED', by: 'system', due: after(({ confirmWithinH }) => confirmWithinH * 60) },
  settle: { from: ['CONFIRMED'], to: 'SETTLED', by: 'cost.enter' },
  close: { from: ['SETTLED'], to: 'CLOSED', by: 'cost.approve', notBy: ['settle'] },
  // The costs are gone over once more.
  giveBack: { from: ['SETTLED'], to: 'CONFIRMED', by: 'cost.approve' },
  void: { from: ['DISPATCHED', 'ACCEPTED', 'RELEASED'], to: 'VOIDED', by: 'order.dispatch' },
  // Whoever asked has made another matter of it.
  withdraw: { from: ['DISPATCHED', 'ACCEPTED', 'RELEASED'], to: 'VOIDED', by: 'system' },
  // The loan of its vehicle was ended.
  reclaim: { from: ['DISPATCHED', 'ACCEPTED', 'RELEASED'], to: 'VOIDED', by: 'system' },
  // Its driver is on leave that day.
  excuse: { from: ['DISPATCHED', 'ACCEPTED', 'RELEASED'], to: 'VOIDED', by: 'system' },
  // Who did not hear of it in time and drove: a fact, and no order again.
  leaveVoided: { from: ['VOIDED'], to: 'VOIDED', by: 'order.drive', needs: ['odometerKm'] },
  returnVoided: { from: ['VOIDED'], to: 'VOIDED', by: 'order.drive', needs: ['odometerKm'] },
} as const satisfies Lifecycle<OrderState, OrderNeed>
export type OrderAction = keyof typeof orderLifecycle
export const orderActions = [
  'accept',
  'decline',
  'depart',
  'reach',
  'board',
  'arrive',
  'pickUp',
  'dropOff',
  'noShow',
  'takeOver',
  'comeBack',
  'confirm',
  'settle',
  'close',
  'giveBack',
  'void',
] as const satisfies OrderAction[]

/** Steps of shared trips alone. */
const sharedActions: readonly OrderAction[] = ['pickUp', 'dropOff']
/** What a step that is not possible in this state is refused with: the state, and what whoever may can do now. */
export const orderNot = (state: OrderState) => ({
  orderState: state,
  orderSteps: orderActions.filter((action) => permits(orderLifecycle, action, state) && !sharedActions.includes(action)).join(' '),
})

type Driven = { state: OrderState; departedAt: string | null; returnedAt: string | null }
/** Is somebody out on an order that was voided meanwhile? */
export const isOutThoughVoided = ({ state, departedAt, returnedAt }: Driven): boolean =>
  state === 'VOIDED' && departedAt !== null && returnedAt === null

/** The step that a driver means: who may not have heard that the order was voided, or has others of a shared trip on board. */
export function stepMeant(action: OrderAction, order: Driven): OrderAction {
  if (action === 'noShow' && order.state === 'ON_BOARD') return 'noShowAboard'
  if (order.state !== 'VOIDED') return action
  if (action === 'depart' && order.departedAt === null) return 'leaveVoided'
  return action === 'comeBack' && isOutThoughVoided(order) ? 'returnVoided' : action
}

/** In these states an order holds its vehicle and its driver. */
export const heldStates: readonly OrderState[] = ['DISPATCHED', 'ACCEPTED', 'DEPARTED', 'ON_BOARD', 'HANDED_OVER']
/** In these it is out. */
export const drivenStates: readonly OrderState[] = ['DEPARTED', 'ON_BOARD', 'HANDED_OVER']
/** In these its costs are entered. */
export const costStates: readonly OrderState[] = ['DEPARTED', 'ON_BOARD', 'HANDED_OVER', 'RETURNED', 'CONFIRMED']

/** mileage: what a unit is charged by the kilometre for a vehicle of another. */
export const costKinds = ['fuel', 'charge', 'toll', 'parking', 'allowance', 'lease', 'mileage', 'other'] as const
export type CostKind = (typeof costKinds)[number]
/** What people enter; a price between units is worked out. */
export type EnteredKind = Exclude<CostKind, 'mileage'>
export const enteredKinds = costKinds.filter((kind): kind is EnteredKind => kind !== 'mileage')

/** What a photo of a trip shows. */
export const photoSubjects = ['departure', 'return', 'receipt', 'incident'] as const
export type PhotoSubject = (typeof photoSubjects)[number]
/** In these states photos and incidents are told of. */
export const toldStates: readonly OrderState[] = ['ACCEPTED', 'RELEASED', 'DEPARTED', 'ON_BOARD', 'HANDED_OVER', 'RETURNED', 'CONFIRMED']

/** As it is printed: 〔2026〕0012. Without a hole for each unit that gives orders and each year. */
export const orderNumber = (year: number, number: number): string => `〔${year}〕${String(number).padStart(4, '0')}`

/** Of what is kept beside the steps of the trip, these put right what was driven and not what was ordered. */
const notOrdered: readonly string[] = ['correctOdometer']
/**
 * The version of what an order says on paper, from the actions of its steps: 1 when it was given, and one more with each change of it. Steps of the
 * trip change its state and not what was ordered; a swap changes both.
 */
export const sheetVersionOf = (actions: readonly string[]): number =>
  Math.max(
    1,
    actions.filter((action) => action === 'swap' || (!Object.hasOwn(orderLifecycle, action) && !notOrdered.includes(action))).length,
  )

export type Reading = { km: number; atMs: number }
export type ReadingProblem = { reason: 'odometer.back' | 'odometer.far'; values: Record<string, number> }

/**
 * What is wrong with an odometer's reading after an earlier one; null when nothing is. `odometer.far` may be true and is asked about,
 * `odometer.back` cannot be.
 */
export function findReadingProblem(earlier: Reading, { km, atMs }: Reading): ReadingProblem | null {
  if (km < earlier.km) return { reason: 'odometer.back', values: { km, least: earlier.km } }
  const { fastestKmh } = dispatchLawOn(dayAt(atMs))
  const most = Math.ceil(earlier.km + (fastestKmh * Math.max(0, atMs - earlier.atMs)) / 3_600_000 + 1)
  return km > most ? { reason: 'odometer.far', values: { km, most } } : null
}
