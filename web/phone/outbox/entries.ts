// What a driver has done and the server has not acknowledged yet: steps of an order and costs, in the order in which they were done.
import type { OrderDetail } from '../../../services/contracts/api/orders.ts'
import type { Issue } from '../../../services/contracts/errors.ts'
import { permits } from '../../../services/domain/lifecycle.ts'
import { type CostKind, type OrderAction, type OrderState, orderLifecycle } from '../../../services/domain/orders.ts'

/** The steps of an order that are taken on the phone, the next one first. */
export const phoneActions = ['accept', 'depart', 'board', 'comeBack', 'settle', 'decline'] as const satisfies OrderAction[]
export type PhoneAction = (typeof phoneActions)[number]

/** Why the server refused it. */
export type Aside = { code: string; issues: Issue[] }
type Common = {
  id: string
  /** Whose it is: a phone may have several users, and nobody sends what another did. */
  username: string
  orderId: number
  atDevice: string
  /** The server refused it: it waits for whoever did it, and is not sent. */
  aside: Aside | null
}
export type StepEntry = Common & { action: PhoneAction; reason: string; data: { odometerKm?: number; sure?: boolean } }
export type CostEntry = Common & { action: 'cost'; data: { kind: CostKind; fen: number; note: string | null } }
export type Entry = StepEntry | CostEntry

/**
 * The one to be sent next, of one's own: what was done first of an order is sent first, and nothing of it while an earlier step is set aside
 * (a cost that is set aside holds nothing up). `waiting`: orders that are left out.
 */
export function nextToSend(entries: readonly Entry[], username: string, waiting: ReadonlySet<number>): Entry | undefined {
  const held = new Set(waiting)
  for (const entry of entries) {
    if (entry.username !== username || held.has(entry.orderId)) continue
    if (!entry.aside) return entry
    if (entry.action !== 'cost') held.add(entry.orderId)
  }
  return undefined
}

const metres = (km: number | null | undefined): number | null => (km == null ? null : Math.round(km * 1000))

/** Has this very entry arrived already, and only its answer was lost? */
export function isTaken(order: OrderDetail, entry: Entry): boolean {
  if (entry.action === 'cost') {
    const { kind, fen, note } = entry.data
    return order.costs.some(
      (cost) => cost.kind === kind && cost.fen === fen && cost.note === note && Date.parse(cost.at) === Date.parse(entry.atDevice),
    )
  }
  const { action, username, data } = entry
  if (order.mayAct.includes(action) || !order.steps.some((step) => step.action === action && step.by === username)) return false
  if (action === 'depart') return metres(order.odometerOutKm) === metres(data.odometerKm)
  if (action === 'comeBack') return metres(order.odometerBackKm) === metres(data.odometerKm)
  return true
}

/** An order as it will be when what waits has been sent: its state, the next steps, and the reading at departure. */
export type Ahead = {
  state: OrderState
  actions: PhoneAction[]
  out: { km: number; atMs: number } | null
  /** The departure is not known to the server yet. */
  outWaits: boolean
  mayEnterCosts: boolean
}

export function lookAhead(order: OrderDetail, entries: readonly Entry[]): Ahead {
  const out = order.odometerOutKm === null ? null : { km: order.odometerOutKm, atMs: Date.parse(order.departedAt!) }
  const ahead: Ahead = {
    state: order.state,
    actions: phoneActions.filter((action) => order.mayAct.includes(action)),
    out,
    outWaits: false,
    mayEnterCosts: order.mayEnterCosts,
  }
  for (const entry of entries) {
    if (entry.orderId !== order.orderId || entry.action === 'cost') continue
    // What stands behind it waits with it.
    if (entry.aside) break
    if (!permits(orderLifecycle, entry.action, ahead.state)) continue
    ahead.state = orderLifecycle[entry.action].to
    // What an asker confirms in between is not known here.
    ahead.actions = phoneActions.filter((action) => action !== 'settle' && permits(orderLifecycle, action, ahead.state))
    if (entry.action === 'depart') {
      ahead.out = { km: entry.data.odometerKm ?? 0, atMs: Date.parse(entry.atDevice) }
      ahead.outWaits = true
    }
    ahead.mayEnterCosts = !['ACCEPTED', 'DECLINED', 'SETTLED'].includes(ahead.state)
  }
  return ahead
}
