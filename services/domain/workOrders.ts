// 维修单: what is done to a vehicle at a designated supplier, from asking to acceptance. States, steps, and what an invoice must be. Pure.
import type { Lifecycle } from './lifecycle.ts'
import { yuanText } from './money.ts'

export const workKinds = ['maintenance', 'repair', 'tyres', 'accident'] as const
export type WorkKind = (typeof workKinds)[number]
export const partKinds = ['part', 'labour', 'other'] as const
export type PartKind = (typeof partKinds)[number]

export const workOrderStates = [
  'ASKED',
  'ESTIMATED',
  'APPROVED',
  'AT_WORKSHOP',
  'MORE_ASKED',
  'DONE',
  'ACCEPTED',
  'DECLINED',
  'CANCELLED',
] as const
export type WorkOrderState = (typeof workOrderStates)[number]

export type WorkOrderNeed = 'estimateFen' | 'odometerKm' | 'invoiceFen' | 'invoiceNo' | 'until'
/** Who asks or estimates does not agree to the amount, nor does who took the vehicle back accept the invoice. */
export const workOrderLifecycle = {
  estimate: { from: ['ASKED', 'ESTIMATED'], to: 'ESTIMATED', by: 'bill.enter', needs: ['estimateFen'] },
  approve: { from: ['ESTIMATED'], to: 'APPROVED', by: 'cost.approve', notBy: ['ask', 'estimate'] },
  decline: { from: ['ASKED', 'ESTIMATED'], to: 'DECLINED', by: 'cost.approve', notBy: ['ask', 'estimate'] },
  postpone: { from: ['APPROVED'], to: 'APPROVED', by: 'bill.enter', needs: ['until'] },
  send: { from: ['APPROVED'], to: 'AT_WORKSHOP', by: 'bill.enter', needs: ['odometerKm'] },
  prolong: { from: ['AT_WORKSHOP'], to: 'AT_WORKSHOP', by: 'bill.enter', needs: ['until'] },
  // More was found than was agreed to: `estimateFen` is the whole amount.
  askMore: { from: ['AT_WORKSHOP'], to: 'MORE_ASKED', by: 'bill.enter', needs: ['estimateFen'] },
  approveMore: { from: ['MORE_ASKED'], to: 'AT_WORKSHOP', by: 'cost.approve', notBy: ['askMore'] },
  declineMore: { from: ['MORE_ASKED'], to: 'AT_WORKSHOP', by: 'cost.approve', notBy: ['askMore'] },
  complete: { from: ['AT_WORKSHOP'], to: 'DONE', by: 'bill.enter', needs: ['odometerKm', 'invoiceFen', 'invoiceNo'] },
  redo: { from: ['DONE'], to: 'AT_WORKSHOP', by: 'bill.enter', needs: ['until'] },
  accept: { from: ['DONE'], to: 'ACCEPTED', by: 'cost.approve', notBy: ['complete'] },
  cancel: { from: ['ASKED', 'ESTIMATED', 'APPROVED'], to: 'CANCELLED', by: 'bill.enter' },
} as const satisfies Lifecycle<WorkOrderState, WorkOrderNeed>
export type WorkOrderAction = keyof typeof workOrderLifecycle
export const workOrderActions = Object.keys(workOrderLifecycle) as [WorkOrderAction, ...WorkOrderAction[]]
/** Steps that say why. */
export const explainedWork: readonly string[] = ['decline', 'askMore', 'declineMore', 'redo', 'cancel'] satisfies WorkOrderAction[]

/** Somebody still has to do something. */
export const openWorkStates: readonly WorkOrderState[] = ['ASKED', 'ESTIMATED', 'APPROVED', 'AT_WORKSHOP', 'MORE_ASKED', 'DONE']
/** What was agreed to and is not booked yet. */
export const committedWorkStates: readonly WorkOrderState[] = ['APPROVED', 'AT_WORKSHOP', 'MORE_ASKED', 'DONE']

/** As what it is booked. */
export const costKindOfWork = (kind: WorkKind): 'maintenance' | 'accident' => (kind === 'accident' ? 'accident' : 'maintenance')

export type PartLine = { kind: PartKind; name: string; quantity: number; fen: number }
export type InvoiceProblem = { reason: 'work.over' | 'work.parts'; values: Record<string, string> }
/** Why an invoice is not taken: it is more than was agreed to, or its lines are not what it comes to. */
export function findInvoiceProblem(approvedFen: number, invoiceFen: number, parts: readonly PartLine[]): InvoiceProblem | null {
  if (invoiceFen > approvedFen) return { reason: 'work.over', values: { invoice: yuanText(invoiceFen), approved: yuanText(approvedFen) } }
  const sum = parts.reduce((total, { fen }) => total + fen, 0)
  return sum === invoiceFen ? null : { reason: 'work.parts', values: { invoice: yuanText(invoiceFen), parts: yuanText(sum) } }
}
