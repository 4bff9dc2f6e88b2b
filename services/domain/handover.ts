// One shift hands a vehicle over to the next (交接班): offered by whoever has it, taken by whoever is to have it, so that both have said how it is. Pure: states, steps, the
// law of the reading.
import { DAY_MS } from './days.ts'
import type { Lifecycle } from './lifecycle.ts'

export const handoverStates = ['OFFERED', 'TAKEN', 'REFUSED', 'WITHDRAWN'] as const
export type HandoverState = (typeof handoverStates)[number]

/** asker: whoever has it, or who answers for the unit; receiver: whoever is to have it, or the unit. */
export const handoverLifecycle = {
  take: { from: ['OFFERED'], to: 'TAKEN', by: 'order.drive', side: 'receiver', notBy: ['offer'] },
  // It is not as it was said to be.
  refuse: { from: ['OFFERED'], to: 'REFUSED', by: 'order.drive', side: 'receiver', notBy: ['offer'] },
  withdraw: { from: ['OFFERED'], to: 'WITHDRAWN', by: 'order.drive', side: 'asker' },
} as const satisfies Lifecycle<HandoverState>
export type HandoverAction = keyof typeof handoverLifecycle
export const handoverActions = Object.keys(handoverLifecycle) as HandoverAction[]

/** A reading is never below the one before, nor above what can be driven since. */
export const MOST_KM_A_DAY = 1_500
export const isReadingPossible = (km: number, before: { km: number; atMs: number } | null, nowMs: number): boolean =>
  before === null || (km >= before.km && km - before.km <= Math.max(1, Math.ceil((nowMs - before.atMs) / DAY_MS)) * MOST_KM_A_DAY)
