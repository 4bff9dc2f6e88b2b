// Requests for a vehicle (用车申请): their words, their states, and what may be asked for.

import { addDays, DAY_MS, dayAt, dayStartMs } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'
import { type Lifecycle, permits, whenOver } from './lifecycle.ts'

/** pool: a vehicle of the fleets. lease: a supplier's, asked for as such. emergency: dispatched at once, approved afterwards. */
export const requestKinds = ['pool', 'lease', 'emergency'] as const

/** What official vehicles are for. */
export const tripPurposes = ['meeting', 'inspection', 'fieldwork', 'documents', 'reception', 'response', 'training', 'other'] as const
export type TripPurpose = (typeof tripPurposes)[number]

export const requestStates = [
  'DRAFT',
  'SUBMITTED',
  'RETURNED',
  'APPROVED',
  'DISPATCHED',
  'COMPLETED',
  'DECLINED',
  'REJECTED',
  'CANCELLED',
  'EXPIRED',
] as const
export type RequestState = (typeof requestStates)[number]

export const requestLifecycle = {
  submit: { from: ['DRAFT', 'RETURNED'], to: 'SUBMITTED', by: 'request.create', side: 'asker' },
  // One step of its chain after the other (approvals.ts), each by another person; the last one approves.
  agree: { from: ['SUBMITTED'], to: 'SUBMITTED', by: 'request.approve', side: 'decider', notBy: ['draft', 'submit', 'agree'] },
  approve: { from: ['SUBMITTED'], to: 'APPROVED', by: 'request.approve', side: 'decider', notBy: ['draft', 'submit', 'agree'] },
  giveBack: { from: ['SUBMITTED'], to: 'RETURNED', by: 'request.approve', side: 'decider' },
  reject: { from: ['SUBMITTED'], to: 'REJECTED', by: 'request.approve', side: 'decider' },
  // No vehicle can be found.
  decline: { from: ['APPROVED'], to: 'DECLINED', by: 'order.dispatch' },
  cancel: { from: ['DRAFT', 'SUBMITTED', 'RETURNED', 'APPROVED'], to: 'CANCELLED', by: 'request.create', side: 'asker' },
  // Its planned end has come, and nobody can travel any more: nothing waits for it.
  expire: { from: ['SUBMITTED', 'APPROVED'], to: 'EXPIRED', by: 'system', due: whenOver },
  // What follows from its order.
  dispatch: { from: ['APPROVED'], to: 'DISPATCHED', by: 'system' },
  reopen: { from: ['DISPATCHED'], to: 'APPROVED', by: 'system' },
  complete: { from: ['DISPATCHED'], to: 'COMPLETED', by: 'system' },
  // Nobody drove its order; and somebody did, whose phone was heard later.
  miss: { from: ['DISPATCHED'], to: 'EXPIRED', by: 'system' },
  resume: { from: ['EXPIRED'], to: 'DISPATCHED', by: 'system' },
} as const satisfies Lifecycle<RequestState>
export type RequestAction = keyof typeof requestLifecycle
/** What somebody may ask for by name. */
export const requestActions = ['submit', 'approve', 'giveBack', 'reject', 'decline', 'cancel'] as const satisfies RequestAction[]

/** What a step that is not possible in this state is refused with: the state, and what whoever may can do now. */
export const requestNot = (state: RequestState) => ({
  requestState: state,
  requestSteps: requestActions.filter((action) => permits(requestLifecycle, action, state)).join(' '),
})

export type RequestTimes = { startsAtMs: number; endsAtMs: number }
export type RequestProblem = {
  field: 'startsAt' | 'endsAt'
  reason: 'request.past' | 'request.far' | 'request.order' | 'request.long'
  values: Record<string, string | number>
}

/**
 * What is wrong with the times of a request that is made at `nowMs`, with the nearest that would be taken; null when nothing is. `askedMs`: the
 * departure that was asked for in time, which may have come meanwhile.
 */
export function findRequestProblem({ startsAtMs, endsAtMs }: RequestTimes, nowMs: number, askedMs?: number): RequestProblem | null {
  const { lateMin, horizonDays, longestDays } = dispatchLawOn(dayAt(nowMs))
  if (endsAtMs <= startsAtMs) return { field: 'endsAt', reason: 'request.order', values: { after: new Date(startsAtMs).toISOString() } }
  if (startsAtMs !== askedMs && startsAtMs < nowMs - lateMin * 60_000)
    return { field: 'startsAt', reason: 'request.past', values: { earliest: new Date(nowMs).toISOString() } }
  const latestMs = nowMs + horizonDays * DAY_MS
  if (startsAtMs > latestMs)
    return { field: 'startsAt', reason: 'request.far', values: { days: horizonDays, latest: new Date(latestMs).toISOString() } }
  const longestMs = startsAtMs + longestDays * DAY_MS
  if (endsAtMs > longestMs)
    return { field: 'endsAt', reason: 'request.long', values: { days: longestDays, latest: new Date(longestMs).toISOString() } }
  return null
}

export type MoveProblem = {
  field: 'startsAt' | 'endsAt'
  reason: 'move.day' | 'move.far'
  values: { earliest: string; latest: string; hours: number }
}

/**
 * What is wrong with giving a trip at another time than was approved; null when nothing is. Without a new approval it stays on the days of the region that were
 * asked for, and neither end moves by more than the law says; beyond that it is another matter, and the request is changed.
 * @param now where it stands already: that may stay, whatever it is
 */
export function findMoveProblem(to: RequestTimes, asked: RequestTimes, now?: RequestTimes): MoveProblem | null {
  const { moveMostH } = dispatchLawOn(dayAt(asked.startsAtMs))
  for (const [field, ms, askedMs, nowMs] of [
    ['startsAt', to.startsAtMs, asked.startsAtMs, now?.startsAtMs],
    ['endsAt', to.endsAtMs, asked.endsAtMs, now?.endsAtMs],
  ] as const) {
    if (ms === nowMs) continue
    // Whoever is back at midnight is back on that day.
    const last = field === 'endsAt' ? 0 : 60_000
    const day = dayAt(field === 'endsAt' ? askedMs - 1 : askedMs)
    const earliestMs = Math.max(askedMs - moveMostH * 3_600_000, dayStartMs(day))
    const latestMs = Math.min(askedMs + moveMostH * 3_600_000, dayStartMs(addDays(day, 1)) - last)
    if (ms >= earliestMs && ms <= latestMs) continue
    const values = { earliest: new Date(earliestMs).toISOString(), latest: new Date(latestMs).toISOString(), hours: moveMostH }
    return { field, reason: dayAt(ms) === day ? 'move.far' : 'move.day', values }
  }
  return null
}

/** What is approved, and not how to reach whom: changed, the chain begins anew. */
export const materialFields = [
  'kind',
  'purposeKind',
  'purpose',
  'from',
  'to',
  'via',
  'startsAt',
  'endsAt',
  'passengers',
  'withDriver',
  'equipment',
] as const
export const isMaterial = (changed: object): boolean => materialFields.some((field) => field in changed)

/** From when until when a vehicle is held for a trip: with what comes before and after it. */
export function heldFor({ startsAtMs, endsAtMs }: RequestTimes): { fromMs: number; untilMs: number } {
  const { preparationMin, turnaroundMin } = dispatchLawOn(dayAt(startsAtMs))
  return { fromMs: startsAtMs - preparationMin * 60_000, untilMs: endsAtMs + turnaroundMin * 60_000 }
}
