// What is changed while the vehicle is out (途中变更): a later end, another destination, another way. Who must agree follows from the same rules as
// of a request (approvals.ts); then whoever dispatches makes it, where vehicle and driver are free.
import { DAY_MS, dayAt } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'
import type { Lifecycle } from './lifecycle.ts'
import { heldFor } from './requests.ts'

export const changeStates = ['ASKED', 'AGREED', 'MADE', 'REFUSED', 'WITHDRAWN', 'LAPSED'] as const
export type ChangeState = (typeof changeStates)[number]
/** In these something may still become of it. */
export const openChangeStates: readonly ChangeState[] = ['ASKED', 'AGREED']

/** `travel`: whoever the trip was asked for by, whoever asked for its change. */
const another = ['travel', 'ask', 'agree', 'agreeByPhone'] as const
export const changeLifecycle = {
  agree: { from: ['ASKED'], to: 'ASKED', by: 'request.approve', side: 'decider', notBy: another },
  approve: { from: ['ASKED'], to: 'AGREED', by: 'request.approve', side: 'decider', notBy: another },
  // Whoever approves was rung up: the dispatcher writes down who said yes.
  agreeByPhone: { from: ['ASKED'], to: 'ASKED', by: 'order.dispatch', notBy: ['travel'] },
  approveByPhone: { from: ['ASKED'], to: 'AGREED', by: 'order.dispatch', notBy: ['travel'] },
  reject: { from: ['ASKED'], to: 'REFUSED', by: 'request.approve', side: 'decider' },
  // Vehicle and driver are free, and are held until the new end from then on.
  make: { from: ['AGREED'], to: 'MADE', by: 'order.dispatch' },
  decline: { from: ['ASKED', 'AGREED'], to: 'REFUSED', by: 'order.dispatch' },
  withdraw: { from: ['ASKED', 'AGREED'], to: 'WITHDRAWN', by: 'order.view', side: 'asker' },
  // The vehicle is back.
  lapse: { from: ['ASKED', 'AGREED'], to: 'LAPSED', by: 'system' },
} as const satisfies Lifecycle<ChangeState>
export type ChangeAction = keyof typeof changeLifecycle
/** What somebody may ask for by name; which of two an approval is, its chain says. */
export const changeActions = ['approve', 'reject', 'approveByPhone', 'make', 'decline', 'withdraw'] as const satisfies ChangeAction[]

type Place = { name: string; lon: number | null; lat: number | null }
/** What of an order a change on the road may touch. */
export type Plan = { endsAt: string; to: Place; via: readonly Place[] }
export type ChangeProblem = {
  field: 'endsAt' | 'to'
  reason: 'change.nothing' | 'change.earlier' | 'change.past' | 'request.long'
  values: Record<string, string | number>
}

const isPlace = (a: Place, b: Place): boolean => a.name === b.name && a.lon === b.lon && a.lat === b.lat
export const sameWay = (a: Plan, b: Plan): boolean =>
  isPlace(a.to, b.to) && a.via.length === b.via.length && a.via.every((place, n) => isPlace(place, b.via[n]!))

/** What is wrong with a plan that an order under way is to have instead; null when nothing is. Whoever is back earlier just comes back. */
export function findChangeProblem(plan: Plan, wanted: Plan, startsAtMs: number, nowMs: number): ChangeProblem | null {
  const [endMs, wantedMs] = [Date.parse(plan.endsAt), Date.parse(wanted.endsAt)]
  if (wantedMs < endMs) return { field: 'endsAt', reason: 'change.earlier', values: { earliest: plan.endsAt } }
  if (wantedMs === endMs && sameWay(plan, wanted)) return { field: 'to', reason: 'change.nothing', values: {} }
  if (wantedMs > endMs && wantedMs <= nowMs)
    return { field: 'endsAt', reason: 'change.past', values: { earliest: new Date(nowMs).toISOString() } }
  const { longestDays } = dispatchLawOn(dayAt(nowMs))
  const longestMs = startsAtMs + longestDays * DAY_MS
  if (wantedMs > endMs && wantedMs > longestMs)
    return { field: 'endsAt', reason: 'request.long', values: { days: longestDays, latest: new Date(longestMs).toISOString() } }
  return null
}

/** The latest end before what begins at `nextMs`: the vehicle is cleaned in between. */
export function latestEndBefore(nextMs: number, startsAtMs: number): number {
  const { untilMs } = heldFor({ startsAtMs, endsAtMs: startsAtMs })
  return nextMs - (untilMs - startsAtMs)
}
