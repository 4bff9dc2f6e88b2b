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
  'UPHELD',
  'IN_REVIEW',
  'FINAL',
  'RECTIFIED',
  'REFERRED',
  'CLOSED',
  'WITHDRAWN',
] as const
export type SupervisionState = (typeof supervisionStates)[number]

/** An answer is waited for so long; then it is overdue, and whoever decides goes on without it. */
export const ANSWER_DAYS = 5
/** Against a verdict one may appeal for so long, and ask once more for its review; then it stands. */
export const APPEAL_DAYS = 10
/** Where nobody has taken the next step within so many days, those above whoever should are told, once. */
const escalateAfterDays: Partial<Record<SupervisionState, number>> = {
  ...{ OPEN: 7, OVERDUE: 3, EXPLAINED: 7, APPEALED: 10, IN_REVIEW: 10, FINAL: 30, VERIFIED_NORMAL: 30, RECTIFIED: 10, REFERRED: 60 },
}
export const escalations = Object.entries(escalateAfterDays).map(([state, days]) => ({ state: state as SupervisionState, days }))

/**
 * Whoever drove, or asked for the trip, counts as who began it (`raise`); neither he nor whoever answered for the unit decides anything of it. asker: whoever is concerned, or answers for
 * the unit. An appeal is decided by another than who verified, and its review by a third.
 */
const notConcerned = ['raise', 'explain', 'appeal', 'askReview', 'rectify'] as const
const unverified = ['OPEN', 'NOTIFIED', 'OVERDUE', 'EXPLAINED'] as const
const violations = ['VERIFIED_VIOLATION', 'UPHELD', 'FINAL'] as const
const termMs = ({ sinceMs }: { sinceMs: number }) => sinceMs + APPEAL_DAYS * DAY_MS
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
  uphold: { from: ['APPEALED'], to: 'UPHELD', by: 'finding.decide', notBy: [...notConcerned, 'verifyViolation'] },
  askReview: { from: ['UPHELD'], to: 'IN_REVIEW', by: 'finding.explain', side: 'asker' },
  confirm: { from: ['IN_REVIEW'], to: 'FINAL', by: 'finding.decide', notBy: [...notConcerned, 'verifyViolation', 'uphold'] },
  overturn: {
    from: ['APPEALED', 'IN_REVIEW'],
    to: 'VERIFIED_NORMAL',
    by: 'finding.decide',
    notBy: [...notConcerned, 'verifyViolation', 'uphold'],
  },
  // The term for an appeal, or for its review, is over.
  stand: { from: ['VERIFIED_VIOLATION', 'UPHELD'], to: 'FINAL', by: 'system', due: termMs },
  rectify: { from: violations, to: 'RECTIFIED', by: 'finding.explain', side: 'asker' },
  // To discipline inspection (移送), which ends it itself, by another person than who referred it.
  refer: { from: violations, to: 'REFERRED', by: 'finding.decide', notBy: notConcerned },
  conclude: { from: ['REFERRED'], to: 'CLOSED', by: 'case.keep', notBy: [...notConcerned, 'refer'] },
  close: { from: ['VERIFIED_NORMAL', 'RECTIFIED'], to: 'CLOSED', by: 'finding.decide', notBy: notConcerned },
  // What later data and later orders make of it.
  withdraw: {
    from: [...unverified, 'VERIFIED_NORMAL', ...violations, 'APPEALED', 'IN_REVIEW', 'RECTIFIED', 'REFERRED'],
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
  'askReview',
  'confirm',
  'overturn',
  'rectify',
  'refer',
  'conclude',
  'close',
] as const satisfies SupervisionAction[]

/** In these states it wants somebody: on the map the vehicle has its halo. */
export const standingStates: readonly SupervisionState[] = [...unverified, ...violations, 'APPEALED', 'IN_REVIEW']
/** Only here it is more than a suspicion. */
export const isVerified = (state: SupervisionState): boolean => [...violations, 'RECTIFIED', 'REFERRED'].some((each) => each === state)

/** Whoever is concerned shows what he says with photos until it has ended. */
const photoStates: readonly SupervisionState[] = ['NOTIFIED', 'OVERDUE', 'EXPLAINED', ...violations, 'APPEALED', 'IN_REVIEW', 'RECTIFIED']
export const takesPhotos = (state: SupervisionState): boolean => photoStates.includes(state)
export const MAX_ANSWER_PHOTOS = 9

/** Until when the next step should be taken: an answer, an appeal, a decision; null: nothing is waited for. */
export function dueMsOf(state: SupervisionState, sinceMs: number): number | null {
  if (state === 'NOTIFIED') return sinceMs + ANSWER_DAYS * DAY_MS
  if (state === 'VERIFIED_VIOLATION' || state === 'UPHELD') return termMs({ sinceMs })
  const days = escalateAfterDays[state]
  return days === undefined ? null : sinceMs + days * DAY_MS
}
