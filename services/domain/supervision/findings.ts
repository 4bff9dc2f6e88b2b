// A finding of supervision (监督线索): from what is suspected to what became of it. Until it was verified it is a suspicion (疑似), and whoever is concerned
// answers before anybody decides. Pure: states, steps, limits.
import { DAY_MS } from '../days.ts'
import type { Lifecycle } from '../lifecycle.ts'

export const supervisionStates = [
  'OPEN',
  'NOTIFIED',
  'OVERDUE',
  'EXPLAINED',
  'VERIFIED_NORMAL',
  'VERIFIED_VIOLATION',
  'APPEALED',
  'RECTIFIED',
  'REFERRED',
  'CLOSED',
  'WITHDRAWN',
] as const
export type SupervisionState = (typeof supervisionStates)[number]

/** An answer is waited for so long; then it is overdue, and whoever decides goes on without it. */
export const ANSWER_DAYS = 5

/**
 * Whoever drove, or asked for the trip, counts as who began it (`raise`); neither he nor whoever answered for the unit decides anything of it. asker: whoever is concerned, or answers for
 * the unit. An appeal is decided by another than who verified.
 */
const notConcerned = ['raise', 'explain', 'appeal', 'rectify'] as const
const unverified = ['OPEN', 'NOTIFIED', 'OVERDUE', 'EXPLAINED'] as const
export const supervisionLifecycle = {
  notify: { from: ['OPEN'], to: 'NOTIFIED', by: 'finding.decide', notBy: notConcerned },
  explain: { from: ['NOTIFIED', 'OVERDUE'], to: 'EXPLAINED', by: 'finding.explain', side: 'asker' },
  lapse: { from: ['NOTIFIED'], to: 'OVERDUE', by: 'system', due: ({ sinceMs }) => sinceMs + ANSWER_DAYS * DAY_MS },
  // What was said is not enough.
  askAgain: { from: ['EXPLAINED'], to: 'NOTIFIED', by: 'finding.decide', notBy: notConcerned },
  // That it was in order may be seen without an answer; that it was not, never before one was asked for.
  verifyNormal: { from: unverified, to: 'VERIFIED_NORMAL', by: 'finding.decide', notBy: notConcerned },
  verifyViolation: { from: ['OVERDUE', 'EXPLAINED'], to: 'VERIFIED_VIOLATION', by: 'finding.decide', notBy: notConcerned },
  appeal: { from: ['VERIFIED_VIOLATION'], to: 'APPEALED', by: 'finding.explain', side: 'asker' },
  uphold: { from: ['APPEALED'], to: 'VERIFIED_VIOLATION', by: 'finding.decide', notBy: [...notConcerned, 'verifyViolation'] },
  overturn: { from: ['APPEALED'], to: 'VERIFIED_NORMAL', by: 'finding.decide', notBy: [...notConcerned, 'verifyViolation'] },
  rectify: { from: ['VERIFIED_VIOLATION'], to: 'RECTIFIED', by: 'finding.explain', side: 'asker' },
  // To discipline inspection (移送).
  refer: { from: ['VERIFIED_VIOLATION'], to: 'REFERRED', by: 'finding.decide', notBy: notConcerned },
  close: { from: ['VERIFIED_NORMAL', 'RECTIFIED', 'REFERRED'], to: 'CLOSED', by: 'finding.decide', notBy: notConcerned },
  // What later data and later orders make of it.
  withdraw: {
    from: [...unverified, 'VERIFIED_NORMAL', 'VERIFIED_VIOLATION', 'APPEALED', 'RECTIFIED', 'REFERRED'],
    to: 'WITHDRAWN',
    by: 'system',
  },
  raiseAgain: { from: ['WITHDRAWN'], to: 'OPEN', by: 'system' },
} as const satisfies Lifecycle<SupervisionState>
export type SupervisionAction = keyof typeof supervisionLifecycle
/** What people do. */
export const supervisionActions = [
  'notify',
  'explain',
  'askAgain',
  'verifyNormal',
  'verifyViolation',
  'appeal',
  'uphold',
  'overturn',
  'rectify',
  'refer',
  'close',
] as const satisfies SupervisionAction[]

/** In these states it wants somebody: on the map the vehicle has its halo. */
export const standingStates: readonly SupervisionState[] = ['OPEN', 'NOTIFIED', 'OVERDUE', 'EXPLAINED', 'VERIFIED_VIOLATION', 'APPEALED']
/** Only here it is more than a suspicion. */
export const isVerified = (state: SupervisionState): boolean =>
  state === 'VERIFIED_VIOLATION' || state === 'RECTIFIED' || state === 'REFERRED'
