// A case (案卷): what somebody looks at of vehicles' past, and why, in one place. States, who may take which step, and whether a look stands
// within it. Pure: rows in, a verdict out.
import type { Lifecycle } from './lifecycle.ts'
import type { VehicleClass } from './vehicle.ts'

export const caseStates = ['OPEN', 'CLOSED'] as const
export type CaseState = (typeof caseStates)[number]
/** asker: a member of the case. */
export const caseLifecycle = {
  close: { from: ['OPEN'], to: 'CLOSED', by: 'case.keep', side: 'asker' },
  reopen: { from: ['CLOSED'], to: 'OPEN', by: 'case.keep', side: 'asker' },
} as const satisfies Lifecycle<CaseState>
export type CaseAction = keyof typeof caseLifecycle
export const caseActions = Object.keys(caseLifecycle) as [CaseAction, ...CaseAction[]]

export const caseVehicleStates = ['OPEN', 'WAITING', 'RELEASED', 'REFUSED', 'OUT'] as const
export type CaseVehicleState = (typeof caseVehicleStates)[number]
/** Of a vehicle in a case. Whoever put it in does not release it, by whatever account. */
export const caseVehicleLifecycle = {
  release: { from: ['WAITING'], to: 'RELEASED', by: 'case.release', notBy: ['add', 'askAgain'] },
  refuse: { from: ['WAITING'], to: 'REFUSED', by: 'case.release', notBy: ['add', 'askAgain'] },
  // The period of the case grew: what was released was the old one.
  askAgain: { from: ['RELEASED', 'REFUSED'], to: 'WAITING', by: 'case.keep', side: 'asker' },
  takeOut: { from: ['OPEN', 'WAITING', 'RELEASED', 'REFUSED'], to: 'OUT', by: 'case.keep', side: 'asker' },
} as const satisfies Lifecycle<CaseVehicleState>
export type CaseVehicleAction = keyof typeof caseVehicleLifecycle
export const caseVehicleActions = Object.keys(caseVehicleLifecycle) as [CaseVehicleAction, ...CaseVehicleAction[]]

/** So many vehicles stand in one case, and so many people work on it: enough for a whole unit, and not for a league. */
export const MAX_CASE_VEHICLES = 200
export const MAX_CASE_MEMBERS = 50
/** A case looks back so far at most: three years and a leap day. */
export const MAX_CASE_DAYS = 1_096

/**
 * Must a second person release a vehicle of this class before its track is read? One that is sensitive (涉密) is seen by those alone whom
 * another person has named or let look (docs/decisions/0009): that is its release.
 */
export const needsRelease = (vehicleClass: VehicleClass): boolean => vehicleClass === 'law_enforcement'

/** 案〔2026〕0007 */
export const caseNumber = (year: number, number: number): string => `案〔${year}〕${String(number).padStart(4, '0')}`

export type Span = { fromMs: number; untilMs: number }
/** A case as a look at one of its vehicles meets it. `vehicle` null: it is not in the case. */
export type CaseStanding = Span & {
  state: CaseState
  vehicle: { state: CaseVehicleState; released: Span | null } | null
}
export type CaseProblem = 'case.closed' | 'case.vehicle' | 'case.waits' | 'case.refused' | 'case.period' | 'case.releasedPeriod'

/** Why a look at [fromMs, untilMs) of the vehicle does not stand within the case; undefined = it does. */
export function findCaseProblem({ state, vehicle, ...period }: CaseStanding, asked: Span): CaseProblem | undefined {
  if (state === 'CLOSED') return 'case.closed'
  if (!vehicle || vehicle.state === 'OUT') return 'case.vehicle'
  if (vehicle.state === 'WAITING') return 'case.waits'
  if (vehicle.state === 'REFUSED') return 'case.refused'
  if (!isWithin(asked, period)) return 'case.period'
  return vehicle.state === 'RELEASED' && !(vehicle.released && isWithin(asked, vehicle.released)) ? 'case.releasedPeriod' : undefined
}

/**
 * Why a question about vehicles that are not known beforehand does not stand within a case: the case is open and covers every instant that is asked
 * about. Which vehicles the answer may name is judged of each (`mayBeNamed`).
 */
export function findQuestionProblem(
  { state, ...period }: Span & { state: CaseState },
  asked: Span,
): 'case.closed' | 'case.period' | undefined {
  if (state === 'CLOSED') return 'case.closed'
  return isWithin(asked, period) ? undefined : 'case.period'
}

/** May the answer to a question within a case name this vehicle? One that a second person must release is named when it is in the case and released for all that is asked about. */
export const mayBeNamed = (
  vehicleClass: VehicleClass,
  inCase: { state: CaseVehicleState; released: Span | null } | null,
  asked: Span,
): boolean => !needsRelease(vehicleClass) || (inCase?.state === 'RELEASED' && inCase.released !== null && isWithin(asked, inCase.released))

const isWithin = (inner: Span, outer: Span): boolean => inner.fromMs >= outer.fromMs && inner.untilMs <= outer.untilMs
