// What a driver has done and the server has not acknowledged yet: steps of an order, costs, photos, incidents, leave, in the order in which they were done.
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import type { Issue } from '../../../services/contracts/errors.ts'
import type { LeaveKind } from '../../../services/domain/duty.ts'
import type { IncidentKind } from '../../../services/domain/incidents.ts'
import type { InspectionResult } from '../../../services/domain/inspection.ts'
import { permits } from '../../../services/domain/lifecycle.ts'
import { type EnteredKind, type OrderAction, type OrderState, orderLifecycle, type PhotoSubject } from '../../../services/domain/orders.ts'

/** The steps of an order that are taken on the phone, the next one first. */
export const phoneActions = [
  'accept',
  'depart',
  'reach',
  'board',
  'arrive',
  'pickUp',
  'dropOff',
  'noShow',
  'takeOver',
  'comeBack',
  'settle',
  'decline',
] as const satisfies OrderAction[]
export type PhoneAction = (typeof phoneActions)[number]

/** Why the server refused it. */
export type Aside = { code: string; issues: Issue[] }
type Common = {
  /** Its key on the server as well: there it is one deed however often it is sent. */
  id: string
  /** Whose it is: a phone may have several users, and nobody sends what another did. */
  username: string
  orderId: number
  atDevice: string
  /** The server refused it: it waits for whoever did it, and is not sent. */
  aside: Aside | null
}
/** `requestId`: whose people get on or off a shared trip. */
export type Found = {
  requestId?: number
  odometerKm?: number
  sure?: boolean
  energyPct?: number
  inspection?: InspectionResult[]
  unsafeSure?: boolean
}
export type StepEntry = Common & { action: PhoneAction; reason: string; data: Found }
export type CostEntry = Common & { action: 'cost'; data: { kind: EnteredKind; fen: number; note: string | null } }
/** `of`: the entry that it belongs to. The picture itself is kept beside (database.ts). */
export type PhotoEntry = Common & { action: 'photo'; bytes?: number; data: { shows: PhotoSubject; of: string | null } }
export type IncidentEntry = Common & { action: 'incident'; data: { kind: IncidentKind; text: string; place: Stop | null } }
/** A change on the road, asked for by who drives. */
export type ChangeEntry = Common & { action: 'change'; data: { endsAt?: string; to?: Stop; via?: Stop[]; reason: string } }
/** Leave that he asks for: of no order. */
export type LeaveEntry = Omit<Common, 'orderId'> & {
  orderId: null
  action: 'leave'
  data: { kind: LeaveKind; fromDay: string; untilDay: string; reason: string }
}
type OfFinding = Omit<Common, 'orderId'> & { orderId: null }
/** What he says to a finding of supervision. */
export type ExplainEntry = OfFinding & { action: 'explain'; data: { findingId: number; text: string } }
/** A photo that goes with it, sent before it. */
export type FindingPhotoEntry = OfFinding & { action: 'findingPhoto'; bytes?: number; data: { findingId: number } }
export type Entry = StepEntry | CostEntry | PhotoEntry | IncidentEntry | ChangeEntry | LeaveEntry | ExplainEntry | FindingPhotoEntry

export const isAnswer = (entry: Entry): entry is ExplainEntry | FindingPhotoEntry =>
  entry.action === 'explain' || entry.action === 'findingPhoto'

export const isStep = (entry: Entry): entry is StepEntry =>
  !['cost', 'photo', 'incident', 'change', 'leave', 'explain', 'findingPhoto'].includes(entry.action)

/**
 * The one to be sent next, of one's own: what was done first of an order is sent first, and nothing of it while an earlier step is set aside
 * (what is set aside and is no step holds nothing up). `waiting`: orders that are left out; null is what belongs to none.
 */
export function nextToSend(entries: readonly Entry[], username: string, waiting: ReadonlySet<number | null>): Entry | undefined {
  const held = new Set(waiting)
  for (const entry of entries) {
    if (entry.username !== username || held.has(entry.orderId)) continue
    if (!entry.aside) return entry
    if (isStep(entry)) held.add(entry.orderId)
  }
  return undefined
}

/** An order as it will be when what waits has been sent: its state, the next steps, and the reading at departure. */
export type Ahead = {
  state: OrderState
  actions: PhoneAction[]
  out: { km: number; atMs: number } | null
  mayEnterCosts: boolean
  /** Of a shared trip: the stop that is next. */
  stop: SharedStop | null
}
type SharedStop = NonNullable<OrderDetail['sharing']>['stops'][number]
/** A step belongs to a shared trip, or to one that is not. */
const ofShared: readonly PhoneAction[] = ['pickUp', 'dropOff']
const ofAlone: readonly PhoneAction[] = ['reach', 'board', 'arrive']

/** That he is there is told once: then the next step is offered. */
const once: readonly PhoneAction[] = ['reach', 'arrive']

export function lookAhead(order: OrderDetail, entries: readonly Entry[]): Ahead {
  const out =
    order.odometerOutKm === null ? null : { km: order.odometerOutKm, atMs: Date.parse(order.legs.at(-1)?.from ?? order.departedAt!) }
  const taken = new Set<string>(order.steps.map(({ action }) => action))
  const ahead: Ahead = {
    state: order.state,
    actions: phoneActions.filter((action) => order.mayAct.includes(action)),
    out,
    mayEnterCosts: order.mayEnterCosts,
    stop: null,
  }
  const isMarked = (action: string, requestId: number) =>
    entries.some(
      (entry) =>
        entry.orderId === order.orderId && isStep(entry) && !entry.aside && entry.action === action && entry.data.requestId === requestId,
    )
  for (const entry of entries) {
    if (entry.orderId !== order.orderId || !isStep(entry)) continue
    // What stands behind it waits with it.
    if (entry.aside) break
    if (!permits(orderLifecycle, entry.action, ahead.state)) continue
    ahead.state = orderLifecycle[entry.action].to
    taken.add(entry.action)
    // What an asker confirms in between is not known here.
    ahead.actions = phoneActions.filter((action) => action !== 'settle' && permits(orderLifecycle, action, ahead.state))
    if (entry.action === 'depart' || entry.action === 'takeOver')
      ahead.out = { km: entry.data.odometerKm ?? 0, atMs: Date.parse(entry.atDevice) }
    ahead.mayEnterCosts = !['ACCEPTED', 'RELEASED', 'DECLINED', 'SETTLED'].includes(ahead.state)
  }
  const left = (order.sharing?.stops ?? []).filter(
    ({ kind, doneAt, requestId }) =>
      kind !== 'pass' && doneAt === null && !isMarked(kind === 'board' ? 'pickUp' : 'dropOff', requestId) && !isMarked('noShow', requestId),
  )
  const stop = left[0] ?? null
  const isHere = (action: PhoneAction): boolean => {
    if (ofShared.includes(action)) return stop !== null && action === (stop.kind === 'board' ? 'pickUp' : 'dropOff')
    // Where he waited and nobody came.
    if (action === 'noShow') return order.sharing ? stop?.kind === 'board' : taken.has('reach') && !taken.has('noShow')
    return !(order.sharing && ofAlone.includes(action)) && !(once.includes(action) && taken.has(action))
  }
  return { ...ahead, stop, actions: ahead.actions.filter(isHere) }
}
