// 事故、违章: what happened to a vehicle or is held against it. 疑似 until another person has verified it; who drove is what the order of the time says. Pure.
import type { Lifecycle } from './lifecycle.ts'
import { yuanText } from './money.ts'

export const mishapKinds = ['accident', 'violation'] as const
export type MishapKind = (typeof mishapKinds)[number]
export const mishapStates = ['SUSPECTED', 'VERIFIED', 'DISMISSED', 'SETTLED'] as const
export type MishapState = (typeof mishapStates)[number]
export const liabilities = ['full', 'main', 'equal', 'minor', 'none'] as const
export type Liability = (typeof liabilities)[number]
/** Who bears the fine. */
export const finePayers = ['driver', 'unit'] as const
export type FinePayer = (typeof finePayers)[number]

export type MishapNeed = never
export const mishapLifecycle = {
  verify: { from: ['SUSPECTED'], to: 'VERIFIED', by: 'request.approve', notBy: ['enter'] },
  dismiss: { from: ['SUSPECTED'], to: 'DISMISSED', by: 'request.approve', notBy: ['enter'] },
  // Found out later to be otherwise: whoever verified it, or another, looks again.
  reopen: { from: ['VERIFIED'], to: 'SUSPECTED', by: 'request.approve' },
  settle: { from: ['VERIFIED'], to: 'SETTLED', by: 'bill.enter' },
} as const satisfies Lifecycle<MishapState, MishapNeed>
export type MishapAction = keyof typeof mishapLifecycle
export const mishapActions = Object.keys(mishapLifecycle) as [MishapAction, ...MishapAction[]]

export type Settled = {
  kind: MishapKind
  fineFen: number
  paidBy: FinePayer | null
  costFen: number
  insuredFen: number
  repairsFen: number
}
type Problem = { reason: 'mishap.payer' | 'mishap.insured'; values: Record<string, string> }
/** Why it is not settled like that: nobody is said to pay a fine, or the insurer paid more than it came to. */
export function findSettlingProblem({ fineFen, paidBy, costFen, insuredFen, repairsFen }: Settled): Problem | null {
  if (fineFen > 0 && paidBy === null) return { reason: 'mishap.payer', values: {} }
  const whole = costFen + repairsFen
  return insuredFen > whole ? { reason: 'mishap.insured', values: { insured: yuanText(insuredFen), whole: yuanText(whole) } } : null
}

/** The bills that follow: the fine where the unit bears it, what it cost beside the repairs, which are booked by their work orders, and what the insurer paid. */
export function billsOf({
  kind,
  fineFen,
  paidBy,
  costFen,
  insuredFen,
}: Settled): { kind: 'violation' | 'accident' | 'payout'; fen: number }[] {
  return [
    { kind: 'violation' as const, fen: paidBy === 'unit' ? fineFen : 0 },
    { kind: kind === 'accident' ? ('accident' as const) : ('violation' as const), fen: costFen },
    { kind: 'payout' as const, fen: insuredFen },
  ].filter(({ fen }) => fen > 0)
}
