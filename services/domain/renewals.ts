// Insurance and annual inspection: what a renewal may say, given what the vehicle's file says. Pure. A gap and an overlap are told and may be meant.
import { addDays, DAY_MS } from './days.ts'
import type { Lifecycle } from './lifecycle.ts'

export const renewalKinds = ['insurance', 'inspection'] as const
export type RenewalKind = (typeof renewalKinds)[number]
export const renewalStates = ['RECORDED', 'WITHDRAWN'] as const
export type RenewalState = (typeof renewalStates)[number]
/** What was recorded wrongly is taken back, and the file's date with it. */
export const renewalLifecycle = {
  withdraw: { from: ['RECORDED'], to: 'WITHDRAWN', by: 'bill.enter' },
} as const satisfies Lifecycle<RenewalState>

/** The field of the file that it moves. */
export const dateFieldOf = { insurance: 'insuranceUntil', inspection: 'inspectionUntil' } as const satisfies Record<RenewalKind, string>

const days = (from: string, until: string): number => Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS)

/** Days without cover before it; negative: that are covered twice. An inspection before its time takes nothing twice. */
export function gapOf(kind: RenewalKind, before: string | null, fromDay: string): number {
  if (before === null) return 0
  const gap = days(addDays(before, 1), fromDay)
  return kind === 'inspection' ? Math.max(0, gap) : gap
}

type Term = { kind: RenewalKind; fromDay: string; untilDay: string }
type Problem = {
  reason: 'renewal.order' | 'renewal.shorter' | 'renewal.future' | 'renewal.gap' | 'renewal.overlap' | 'renewal.late'
  values: Record<string, string | number>
}
/** Why it is not recorded; `sure`: whoever records knows of the gap or the overlap. */
export function findRenewalProblem({ kind, fromDay, untilDay }: Term, before: string | null, today: string, sure: boolean): Problem | null {
  if (untilDay <= fromDay) return { reason: 'renewal.order', values: {} }
  if (before !== null && untilDay <= before) return { reason: 'renewal.shorter', values: { before } }
  if (kind === 'inspection' && fromDay > today) return { reason: 'renewal.future', values: { today } }
  const gap = gapOf(kind, before, fromDay)
  if (sure || gap === 0) return null
  if (gap < 0) return { reason: 'renewal.overlap', values: { before: before!, days: -gap } }
  return { reason: kind === 'inspection' ? 'renewal.late' : 'renewal.gap', values: { before: before!, days: gap } }
}
