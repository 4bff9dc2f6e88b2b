// A driver's wish for leave (请假): asked for on his phone, decided by the fleet manager of his unit, never by himself. Granted, it is a row of leave like any,
// and so a promise in the calendar.
import { addDays } from './days.ts'
import type { Lifecycle } from './lifecycle.ts'

export const leaveRequestStates = ['ASKED', 'GRANTED', 'REFUSED', 'WITHDRAWN', 'CANCELLED'] as const
export type LeaveRequestState = (typeof leaveRequestStates)[number]

export const leaveLifecycle = {
  grant: { from: ['ASKED'], to: 'GRANTED', by: 'leave.decide', notBy: ['ask'] },
  refuse: { from: ['ASKED'], to: 'REFUSED', by: 'leave.decide', notBy: ['ask'] },
  withdraw: { from: ['ASKED'], to: 'WITHDRAWN', by: 'order.drive', side: 'asker' },
  // By whoever has it, or whoever granted it: back early, or not away at all.
  cancel: { from: ['GRANTED'], to: 'CANCELLED', by: 'order.drive', side: 'asker' },
  recall: { from: ['GRANTED'], to: 'CANCELLED', by: 'leave.decide', notBy: ['ask'] },
} as const satisfies Lifecycle<LeaveRequestState>
export type LeaveAction = keyof typeof leaveLifecycle
export const leaveActions = ['grant', 'refuse', 'withdraw', 'cancel', 'recall'] as const satisfies LeaveAction[]

/** What becomes of the trips that he has been given for those days: they go back to the dispatcher. Otherwise the leave is not granted. */
export const tripsOnLeave = ['giveBack'] as const

type Days = { fromDay: string; untilDay: string }

/** What is left of a leave that ends on `today`: nothing of one that has not begun; the days before of one that has; `over`: there is nothing to end. */
export function leaveEndedOn({ fromDay, untilDay }: Days, today: string): Days | null | 'over' {
  if (untilDay < today) return 'over'
  return fromDay >= today ? null : { fromDay, untilDay: addDays(today, -1) }
}
