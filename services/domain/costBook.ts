// The book of costs (费用账): of what kinds its entries are, what a bill may become, and which days are closed. Pure.
import { addDays, FIRST_DAY } from './days.ts'
import type { Lifecycle } from './lifecycle.ts'

/** Kinds of entries, in the order in which they are told. What orders book is among them. transfer: between units, in pairs that add up to nothing. */
export const bookedKinds = [
  'fuel',
  'charge',
  'maintenance',
  'insurance',
  'inspection',
  'toll',
  'parking',
  'allowance',
  'driver',
  'lease',
  'violation',
  'accident',
  'payout',
  'other',
  'purchase',
  'disposal',
  'transfer',
] as const
export type BookedKind = (typeof bookedKinds)[number]

/** What a bill may be of: everything but what follows from trips alone. */
export type BillKind = Exclude<BookedKind, 'allowance' | 'transfer'>
export const billKinds = bookedKinds.filter((kind): kind is BillKind => kind !== 'allowance' && kind !== 'transfer')

/** What is no running cost (运行经费): a vehicle's price has money of its own, and what is earned goes to the treasury. Budgets are of the others. */
const besideRunning: readonly BookedKind[] = ['purchase', 'disposal']
export const isRunning = (kind: BookedKind): boolean => !besideRunning.includes(kind)
/** SQL: the same, of the entry `e`. */
export const isRunningSql = (e: string): string => `${e}.kind NOT IN (${besideRunning.map((kind) => `'${kind}'`).join(', ')})`

/** What is earned and not spent: what a vehicle brought in that is disposed of, and what an insurer paid, which takes of the running costs. */
const earned: readonly BookedKind[] = ['disposal', 'payout']
export const isEarned = (kind: BookedKind): boolean => earned.includes(kind)

/** What may be negative in the book with nothing taken back: what was earned, and the side of a transfer that is paid. */
const maybeNegative: readonly BookedKind[] = [...earned, 'transfer']
export const isSpent = (kind: BookedKind): boolean => !maybeNegative.includes(kind)

/** Has it a quantity, of litres or of kilowatt hours? */
export const isMeasured = (kind: BookedKind): boolean => kind === 'fuel' || kind === 'charge'

/** What a bill comes to in the book: what was earned is negative. */
export const bookedFen = ({ kind, fen }: { kind: BillKind; fen: number }): number => (isEarned(kind) ? -fen : fen)

export const billStates = ['SUBMITTED', 'BOOKED', 'REFUSED', 'WITHDRAWN', 'REVERSAL_ASKED', 'REVERSED'] as const
export type BillState = (typeof billStates)[number]
/** Who enters does not approve, nor does who asks to take it back. */
export const billLifecycle = {
  approve: { from: ['SUBMITTED'], to: 'BOOKED', by: 'cost.approve', notBy: ['enter'] },
  refuse: { from: ['SUBMITTED'], to: 'REFUSED', by: 'cost.approve', notBy: ['enter'] },
  withdraw: { from: ['SUBMITTED'], to: 'WITHDRAWN', by: 'bill.enter' },
  // Nothing booked is changed: a second entry of the same amount takes it back.
  askReversal: { from: ['BOOKED'], to: 'REVERSAL_ASKED', by: 'bill.enter' },
  reverse: { from: ['REVERSAL_ASKED'], to: 'REVERSED', by: 'cost.approve', notBy: ['askReversal'] },
  keep: { from: ['REVERSAL_ASKED'], to: 'BOOKED', by: 'cost.approve', notBy: ['askReversal'] },
} as const satisfies Lifecycle<BillState>
export type BillAction = keyof typeof billLifecycle
export const billActions = ['approve', 'refuse', 'withdraw', 'askReversal', 'reverse', 'keep'] as const satisfies BillAction[]

/** Bills wait for somebody in these states; a month with one of them is not closed. */
export const openBillStates: readonly BillState[] = ['SUBMITTED', 'REVERSAL_ASKED']

/** The last day of a month, 2026-02. */
export const lastDayOf = (month: string): string => addDays(`${nextMonth(month)}-01`, -1)
/** The month after, 2026-03. */
export function nextMonth(month: string): string {
  const [year, of] = month.split('-').map(Number) as [number, number]
  return of === 12 ? `${year + 1}-01` : `${year}-${String(of + 1).padStart(2, '0')}`
}

export type DayProblem = { reason: 'bill.future' } | { reason: 'bill.early' } | { reason: 'bill.closed'; nearest: string }
/** Why nothing can be booked on the day: it has not come, no table tells of it, or its month is closed; the nearest open day is told. */
export function findDayProblem(day: string, today: string, closedUntil: string | null): DayProblem | null {
  if (day > today) return { reason: 'bill.future' }
  if (day < FIRST_DAY) return { reason: 'bill.early' }
  return closedUntil !== null && day <= closedUntil ? { reason: 'bill.closed', nearest: addDays(closedUntil, 1) } : null
}

/** Why a month cannot be closed: it is not over, or the book is closed through it already. */
export function findClosingProblem(month: string, today: string, closedUntil: string | null): 'month.running' | 'month.closed' | null {
  if (lastDayOf(month) >= today) return 'month.running'
  return closedUntil !== null && lastDayOf(month) <= closedUntil ? 'month.closed' : null
}
