// Vehicles lent from one unit to another for a time: states and steps, and what a loan means for a trip. Whose a vehicle is stays who pays for it:
// what the other owes moves when a trip is settled.
import type { Lifecycle } from './lifecycle.ts'

export const loanStates = ['ASKED', 'CONSENTED', 'REFUSED', 'WITHDRAWN', 'ENDED'] as const
export type LoanState = (typeof loanStates)[number]

/** unit: whose the vehicle is. receiver: who borrows it. */
export const loanLifecycle = {
  consent: { from: ['ASKED'], to: 'CONSENTED', by: 'order.dispatch', side: 'unit', notBy: ['ask'] },
  refuse: { from: ['ASKED'], to: 'REFUSED', by: 'order.dispatch', side: 'unit' },
  withdraw: { from: ['ASKED'], to: 'WITHDRAWN', by: 'order.dispatch', side: 'receiver' },
  end: { from: ['CONSENTED'], to: 'ENDED', by: 'order.dispatch' },
  // An agreement stands for the consent.
  agree: { from: ['ASKED'], to: 'CONSENTED', by: 'system' },
} as const satisfies Lifecycle<LoanState>
export type LoanAction = keyof typeof loanLifecycle
export const loanActions = ['consent', 'refuse', 'withdraw', 'end'] as const satisfies LoanAction[]

/** What becomes of trips that the borrower has with the vehicle when a loan ends early. */
export const tripsWhenEnded = ['keep', 'cancel'] as const

/** A loan that was consented to; `forAsker`: the unit that asks is, or stands below, who borrows. */
export type Loan = { fromMs: number; untilMs: number; borrower: string; forAsker: boolean }
type Trip = { startsAtMs: number; endsAtMs: number }

/** The loan that keeps the vehicle from the asker for the time that a trip holds it: it is with somebody else then. */
export const findLentAway = (loans: readonly Loan[], { fromMs, untilMs }: { fromMs: number; untilMs: number }): Loan | undefined =>
  loans.find((loan) => !loan.forAsker && loan.fromMs < untilMs && fromMs < loan.untilMs)

/** Whose it is that is no unit's own and in no pool: lent without a loan only in an emergency. */
export type Lending = {
  loans: readonly Loan[]
  /** An agreement lets the asker have vehicles of that unit on the days of the trip. */
  agreed: boolean
}

/** Is the whole trip within what the asker has borrowed? */
export const isCovered = (loans: readonly Loan[], { startsAtMs, endsAtMs }: Trip): boolean =>
  loans.some((loan) => loan.forAsker && loan.fromMs <= startsAtMs && endsAtMs <= loan.untilMs)
