// What a case finds (疑点): a moment or a stretch of a vehicle's past that wants an explanation. It is 疑似 until another than who explained it has verified it.
// States, and who may take which step. Pure.
import type { Lifecycle } from './lifecycle.ts'

export const findingStates = ['SUSPECTED', 'ASKED', 'LAPSED', 'ANSWERED', 'CONFIRMED', 'DISMISSED', 'WITHDRAWN'] as const
export type FindingState = (typeof findingStates)[number]
export type FindingNeed = 'username' | 'dueAt' | 'question' | 'conclusion'

/** asker: a member of the case. decider: the one who was asked, and nobody else. */
export const findingLifecycle = {
  ask: { from: ['SUSPECTED', 'LAPSED', 'ANSWERED'], to: 'ASKED', by: 'case.keep', side: 'asker', needs: ['username', 'dueAt', 'question'] },
  // Late is better than never: it is said that it was.
  answer: { from: ['ASKED', 'LAPSED'], to: 'ANSWERED', by: 'explanation.give', side: 'decider' },
  lapse: { from: ['ASKED'], to: 'LAPSED', by: 'system', due: ({ untilMs }) => untilMs },
  confirm: {
    from: ['SUSPECTED', 'LAPSED', 'ANSWERED'],
    to: 'CONFIRMED',
    by: 'case.keep',
    side: 'asker',
    notBy: ['answer'],
    needs: ['conclusion'],
  },
  dismiss: {
    from: ['SUSPECTED', 'LAPSED', 'ANSWERED'],
    to: 'DISMISSED',
    by: 'case.keep',
    side: 'asker',
    notBy: ['answer'],
    needs: ['conclusion'],
  },
  // What comes to light later.
  reopen: { from: ['CONFIRMED', 'DISMISSED'], to: 'SUSPECTED', by: 'case.keep', side: 'asker' },
  withdraw: { from: ['SUSPECTED'], to: 'WITHDRAWN', by: 'case.keep', side: 'asker' },
} as const satisfies Lifecycle<FindingState, FindingNeed>
export type FindingAction = keyof typeof findingLifecycle
/** Steps that members take; the answer comes by another way. */
export const memberActions = ['ask', 'confirm', 'dismiss', 'reopen', 'withdraw'] as const satisfies readonly FindingAction[]

/** May its text, time and photos still be changed? */
export const isOpenFinding = (state: FindingState): boolean =>
  state === 'SUSPECTED' || state === 'ASKED' || state === 'LAPSED' || state === 'ANSWERED'

export const MAX_FINDINGS = 500
export const MAX_FINDING_PHOTOS = 20
