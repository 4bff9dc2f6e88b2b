// States and the actions they permit, as tables: the API decides by them, buttons are shown by them, tests walk them.
// An action that a state's row does not name is refused with CONFLICT. `by` is the capability it takes; 'system' = only another flow.
import type { Capability } from './permissions.ts'
import type { UnmaskingState } from './secrecy.ts'

export type Step<S extends string, N extends string = string> = {
  from: readonly S[]
  to: S
  by: Capability | 'system'
  /** Persons who took these earlier steps may not take this one: two people's work. */
  notBy?: readonly string[]
  /** Whose scope must hold: the unit that asks, or the one that receives (both where left out); or whoever began it, or whose turn it is to decide, and nobody else. */
  side?: Side
  /** What must come with it, by name. The form asks for it, the server refuses without it. */
  needs?: readonly N[]
  /** A step of the clock: when it comes; null = not for this one. It has been taken from then on, whether or not it is written down yet. */
  due?: (times: Times) => number | null
}
/** When something came into its state, and the end that was set for it, if one was. `overMs`: when what it is for is over, whatever its state. */
export type Times = { sinceMs: number; untilMs: number | null; overMs?: number | null }
export type Side = 'unit' | 'receiver' | 'asker' | 'decider'
export type Lifecycle<S extends string, N extends string = string> = Record<string, Step<S, N>>

/**
 * What a vehicle is said to be. RESERVED and IN_USE are no states of its file: an available vehicle is that while it is promised to a trip,
 * and while that trip is under way (kernel/reservations.ts).
 */
export const vehicleStates = [
  'AVAILABLE',
  'RESERVED',
  'IN_USE',
  'MAINTENANCE',
  'SEALED',
  'SUSPENDED',
  'DISPOSAL_PENDING',
  'DISPOSED',
] as const
export type VehicleState = (typeof vehicleStates)[number]
export const promisedStates: readonly VehicleState[] = ['RESERVED', 'IN_USE']

export const vehicleLifecycle = {
  sendToMaintenance: { from: ['AVAILABLE'], to: 'MAINTENANCE', by: 'ledger.draft' },
  endMaintenance: { from: ['MAINTENANCE'], to: 'AVAILABLE', by: 'ledger.draft' },
  seal: { from: ['AVAILABLE'], to: 'SEALED', by: 'ledger.draft' },
  unseal: { from: ['SEALED'], to: 'AVAILABLE', by: 'ledger.approve' },
  suspend: { from: ['AVAILABLE', 'MAINTENANCE', 'SEALED'], to: 'SUSPENDED', by: 'ledger.draft' },
  resume: { from: ['SUSPENDED'], to: 'AVAILABLE', by: 'ledger.draft' },
  // The steps of a disposal; a refused one gives the vehicle back.
  proposeDisposal: { from: ['AVAILABLE', 'MAINTENANCE', 'SEALED', 'SUSPENDED'], to: 'DISPOSAL_PENDING', by: 'system' },
  keep: { from: ['DISPOSAL_PENDING'], to: 'AVAILABLE', by: 'system' },
  dispose: { from: ['DISPOSAL_PENDING'], to: 'DISPOSED', by: 'system' },
} as const satisfies Lifecycle<VehicleState>
export type VehicleAction = keyof typeof vehicleLifecycle

export const quotaStates = ['DRAFT', 'UNIT_SUBMITTED', 'BUREAU_REVIEW', 'APPROVED', 'RETURNED'] as const
export type QuotaState = (typeof quotaStates)[number]
export const quotaLifecycle = {
  submit: { from: ['DRAFT', 'RETURNED'], to: 'UNIT_SUBMITTED', by: 'ledger.draft' },
  withdraw: { from: ['UNIT_SUBMITTED'], to: 'DRAFT', by: 'ledger.draft' },
  review: { from: ['UNIT_SUBMITTED'], to: 'BUREAU_REVIEW', by: 'ledger.approve' },
  approve: { from: ['BUREAU_REVIEW'], to: 'APPROVED', by: 'ledger.approve', notBy: ['draft'] },
  giveBack: { from: ['UNIT_SUBMITTED', 'BUREAU_REVIEW'], to: 'RETURNED', by: 'ledger.approve' },
} as const satisfies Lifecycle<QuotaState>
export type QuotaAction = keyof typeof quotaLifecycle

export const acquisitionStates = ['PLAN', 'APPROVED', 'PURCHASED', 'REGISTERED', 'REFUSED', 'WITHDRAWN'] as const
const acquisitionLifecycle = {
  approve: { from: ['PLAN'], to: 'APPROVED', by: 'ledger.approve', notBy: ['start'] },
  refuse: { from: ['PLAN'], to: 'REFUSED', by: 'ledger.approve' },
  purchase: { from: ['APPROVED'], to: 'PURCHASED', by: 'ledger.draft', needs: ['priceFen', 'contractNo'] },
  register: { from: ['PURCHASED'], to: 'REGISTERED', by: 'ledger.draft', needs: ['vehicle'] },
  withdraw: { from: ['PLAN', 'APPROVED'], to: 'WITHDRAWN', by: 'ledger.draft' },
} as const satisfies Lifecycle<(typeof acquisitionStates)[number], FlowNeed>

export const transferStates = ['PROPOSED', 'CONSENTED', 'TRANSFERRED', 'REFUSED', 'WITHDRAWN'] as const
const transferLifecycle = {
  consent: { from: ['PROPOSED'], to: 'CONSENTED', by: 'ledger.draft', side: 'receiver', notBy: ['start'] },
  approve: { from: ['CONSENTED'], to: 'TRANSFERRED', by: 'ledger.approve', notBy: ['start', 'consent'] },
  decline: { from: ['PROPOSED'], to: 'REFUSED', by: 'ledger.draft', side: 'receiver' },
  refuse: { from: ['PROPOSED', 'CONSENTED'], to: 'REFUSED', by: 'ledger.approve' },
  withdraw: { from: ['PROPOSED', 'CONSENTED'], to: 'WITHDRAWN', by: 'ledger.draft', side: 'unit' },
} as const satisfies Lifecycle<(typeof transferStates)[number], FlowNeed>

export const disposalMethods = ['auction', 'trade_in', 'transfer', 'scrap'] as const
export const disposalStates = ['APPLIED', 'APPRAISED', 'APPROVED', 'EXECUTED', 'INCOME_REMITTED', 'CLOSED', 'REFUSED', 'WITHDRAWN'] as const
const disposalLifecycle = {
  appraise: { from: ['APPLIED'], to: 'APPRAISED', by: 'ledger.draft', needs: ['appraisedFen'] },
  approve: {
    from: ['APPRAISED'],
    to: 'APPROVED',
    by: 'ledger.approve',
    notBy: ['start', 'appraise'],
    needs: ['financeDocumentNo'],
  },
  refuse: { from: ['APPLIED', 'APPRAISED'], to: 'REFUSED', by: 'ledger.approve' },
  execute: { from: ['APPROVED'], to: 'EXECUTED', by: 'ledger.draft', needs: ['method', 'incomeFen'] },
  remit: { from: ['EXECUTED'], to: 'INCOME_REMITTED', by: 'ledger.draft', needs: ['remittanceNo'] },
  close: { from: ['INCOME_REMITTED'], to: 'CLOSED', by: 'ledger.approve', notBy: ['remit'] },
  withdraw: { from: ['APPLIED', 'APPRAISED'], to: 'WITHDRAWN', by: 'ledger.draft' },
} as const satisfies Lifecycle<(typeof disposalStates)[number], FlowNeed>

export const flowKinds = ['acquisition', 'transfer', 'disposal'] as const
export type FlowKind = (typeof flowKinds)[number]
export const flowLifecycles: Record<FlowKind, Lifecycle<string, FlowNeed>> = {
  acquisition: acquisitionLifecycle,
  transfer: transferLifecycle,
  disposal: disposalLifecycle,
}
/** What must come with a step of a flow, by the names of `flowDataSchema`. */
export type FlowNeed =
  | 'vehicle'
  | 'priceFen'
  | 'contractNo'
  | 'appraisedFen'
  | 'financeDocumentNo'
  | 'method'
  | 'incomeFen'
  | 'remittanceNo'
/** The state in which a flow begins; its first step is called `start` in `notBy`. */
export const flowStart: Record<FlowKind, string> = { acquisition: 'PLAN', transfer: 'PROPOSED', disposal: 'APPLIED' }
export const flowStates = [...new Set([...acquisitionStates, ...transferStates, ...disposalStates])]
export const flowActions = [
  ...new Set([...Object.keys(acquisitionLifecycle), ...Object.keys(transferLifecycle), ...Object.keys(disposalLifecycle)]),
] as [string, ...string[]]

/** An unmasking: asked for, decided by another person, ended early or by time (by the clock). */
export const unmaskingLifecycle = {
  approve: { from: ['pending'], to: 'approved', by: 'unmask.approve', notBy: ['start'] },
  refuse: { from: ['pending'], to: 'refused', by: 'unmask.approve', notBy: ['start'] },
  end: { from: ['approved'], to: 'ended', by: 'unmask.approve' },
  // Whoever asked takes it back, before it is decided or while it runs.
  withdraw: { from: ['pending'], to: 'withdrawn', by: 'unmask.request', side: 'asker' },
  giveBack: { from: ['approved'], to: 'ended', by: 'unmask.request', side: 'asker' },
  expire: { from: ['approved'], to: 'expired', by: 'system', due: ({ untilMs }) => untilMs },
} as const satisfies Lifecycle<UnmaskingState>
/** `expired` from the instant the time is over. */
export const unmaskingStateAt = (state: UnmaskingState, untilMs: number | null, nowMs: number): UnmaskingState =>
  stateAt(unmaskingLifecycle, state, { sinceMs: 0, untilMs }, nowMs)

/** Where a thing with states stands for whoever would act on it. */
export type Standing = {
  state: string
  /** Does the role hold it? */
  may: (capability: Capability) => boolean
  /** Does the scope hold for that side, or for all there are? */
  reaches: (side: Side | undefined) => boolean
  /** Actions that the same person has taken on it before, by whatever account. */
  taken: ReadonlySet<string>
}
/** `forbidden`: never this caller's; `not-now`: its state does not permit it; `same-person`: it is two people's work. */
export type Verdict = 'permitted' | 'forbidden' | 'not-now' | 'same-person'

/** Does the state permit the action, whoever takes it? An action that there is not is of no state. */
export const permits = (lifecycle: Lifecycle<string>, action: string, state: string): boolean =>
  lifecycle[action]?.from.includes(state) ?? false

/** The one interpreter of the tables. */
export function judgeStep(lifecycle: Lifecycle<string>, action: string, standing: Standing): Verdict {
  const step = lifecycle[action]
  if (!step) return 'not-now'
  if (step.by === 'system' || !standing.may(step.by) || !standing.reaches(step.side)) return 'forbidden'
  if (!permits(lifecycle, action, standing.state)) return 'not-now'
  return step.notBy?.some((earlier) => standing.taken.has(earlier)) ? 'same-person' : 'permitted'
}

/** The actions that are this caller's now, in the order of the table. */
export const permittedActions = (lifecycle: Lifecycle<string>, standing: Standing): string[] =>
  Object.keys(lifecycle).filter((action) => judgeStep(lifecycle, action, standing) === 'permitted')

/** Due when what it is for is over, or at once where that has come before. */
export const whenOver = ({ sinceMs, overMs }: Times): number | null => (overMs == null ? null : Math.max(sinceMs, overMs))

/** The step that the clock has taken in this state by `nowMs`: the first that came, or none. */
export function findDue(lifecycle: Lifecycle<string>, state: string, times: Times, nowMs: number) {
  return Object.entries(lifecycle)
    .flatMap(([action, { from, to, due }]) => {
      const atMs = from.includes(state) ? (due?.(times) ?? null) : null
      return atMs !== null && atMs <= nowMs ? [{ action, to, atMs }] : []
    })
    .reduce<{ action: string; to: string; atMs: number } | undefined>((a, b) => (a && a.atMs <= b.atMs ? a : b), undefined)
}

/** The state at an instant: the clock takes its steps whether anybody writes them down or not. No table goes round in steps of the clock. */
export function stateAt<S extends string>(lifecycle: Lifecycle<S>, state: S, times: Times, nowMs: number): S {
  const due = findDue(lifecycle as Lifecycle<string>, state, times, nowMs)
  return due ? stateAt(lifecycle, due.to as S, { ...times, sinceMs: due.atMs }, nowMs) : state
}

/** The actions that `state` permits, in the order of the table. */
export const actionsOf = (lifecycle: Lifecycle<string>, state: string): string[] =>
  Object.keys(lifecycle).filter((action) => permits(lifecycle, action, state))
/** A flow is over in a state that nothing leads out of. */
export const isFinal = (kind: FlowKind, state: string): boolean => actionsOf(flowLifecycles[kind], state).length === 0
