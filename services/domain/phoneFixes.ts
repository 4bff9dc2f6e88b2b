// Whether what a driver's phone says of its place is where the vehicle is: the one law of phone and terminal. It is asked for each fix by the terminal's
// reports alone, by device time, so that it comes out the same in whatever order they arrive.
import { MOVING_STALE_S, STANDING_BELOW_DKPH, STANDING_STALE_S } from './status.ts'

/** A fix that is less exact says nothing of which road it is. */
export const EXACT_ENOUGH_M = 100
/** No fix for longer is a batch of its own; and a phone sends no more at once. */
export const MOST_FIXES_A_BATCH = 200
/** The phone keeps so many that could not be sent: a long day of one every ten seconds. Of more the oldest go. */
export const MOST_FIXES_KEPT = 5_000

/** How long a terminal's report speaks for its vehicle, s: until the terminal counts as silent (status.ts). Meanwhile no phone does. */
export const speaksForS = (speedDkph: number | null): number =>
  speedDkph !== null && speedDkph >= STANDING_BELOW_DKPH ? MOVING_STALE_S : STANDING_STALE_S

export type TerminalReport = { tsMs: number; speedDkph: number | null }

/** Does a phone's fix count for live state, trips and orders? */
export const phoneCounts = (fix: { tsMs: number; accuracyM: number }, reports: readonly TerminalReport[]): boolean =>
  fix.accuracyM <= EXACT_ENOUGH_M &&
  !reports.some(({ tsMs, speedDkph }) => tsMs <= fix.tsMs && fix.tsMs <= tsMs + speaksForS(speedDkph) * 1000)

export const fixRefusals = ['before', 'after', 'consent'] as const
export type FixRefusal = (typeof fixRefusals)[number]

/** While the phone is the tracker: from departure to return, and since the driver consented. */
export type Tracked = { departedMs: number | null; returnedMs: number | null; consentedMs: number | null }

/** Why a fix of that time is not taken; null: it is. What is not taken is stored nowhere. */
export function fixRefusal(tsMs: number, { departedMs, returnedMs, consentedMs }: Tracked): FixRefusal | null {
  if (consentedMs === null || tsMs < consentedMs) return 'consent'
  if (departedMs === null || tsMs < departedMs) return 'before'
  return returnedMs !== null && tsMs > returnedMs ? 'after' : null
}

/** Which text of consent is asked about now; who consented to an older one is asked again. */
export const CONSENT_TEXT = 1
