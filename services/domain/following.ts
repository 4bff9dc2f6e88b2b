// Whoever travels follows the vehicle that comes for him (跟车): this one and no other, while the trip is at hand and no longer.
import { dayAt } from './days.ts'
import { dispatchLawOn } from './dispatchLaw.ts'
import { drivenStates, type OrderState } from './orders.ts'

/** `swappedAtMs`: since when it is this vehicle, where it was swapped on the way. */
export type Followed = {
  state: OrderState
  startsAtMs: number
  acceptedAtMs: number | null
  departedAtMs: number | null
  swappedAtMs: number | null
}

/**
 * From when on the vehicle may be followed, and what it reported before is nobody's: a while before the departure, once the driver has accepted; or since it
 * left, or since the swap. null: its trip is not at hand any more, or nobody has accepted it.
 */
export function followedFrom({ state, startsAtMs, acceptedAtMs, departedAtMs, swappedAtMs }: Followed): number | null {
  const soonMs = startsAtMs - dispatchLawOn(dayAt(startsAtMs)).followBeforeMin * 60_000
  if (state === 'ACCEPTED') return Math.max(soonMs, acceptedAtMs ?? soonMs)
  if (drivenStates.includes(state)) return swappedAtMs ?? (departedAtMs === null ? soonMs : Math.min(soonMs, departedAtMs))
  return null
}
