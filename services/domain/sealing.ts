// Sealing over a holiday (封存停驶): which vehicles of a unit stand still from its first to its last day, who has their keys, and what positions prove of
// it afterwards. Pure: states, steps, the proof. A seal is a promise in the calendar of the vehicle, like a trip.
import { distanceM, type LonLat } from './geofence.ts'
import type { Lifecycle } from './lifecycle.ts'

export const sealStates = ['PLANNED', 'SEALED', 'UNSEAL_ASKED', 'UNSEALED', 'OVER', 'MISSED', 'EXEMPT'] as const
export type SealState = (typeof sealStates)[number]

/** Where it stands and who has the keys, as they were when it was sealed. */
export type SealNeed = 'place' | 'keyKeeper'
export const sealLifecycle = {
  seal: { from: ['PLANNED'], to: 'SEALED', by: 'ledger.draft', needs: ['place', 'keyKeeper'] },
  // On duty after all: another person than who planned it says so.
  exempt: { from: ['PLANNED'], to: 'EXEMPT', by: 'request.approve', notBy: ['plan'] },
  askUnseal: { from: ['SEALED'], to: 'UNSEAL_ASKED', by: 'ledger.draft' },
  unseal: { from: ['UNSEAL_ASKED'], to: 'UNSEALED', by: 'request.approve', notBy: ['askUnseal'] },
  refuseUnseal: { from: ['UNSEAL_ASKED'], to: 'SEALED', by: 'request.approve', notBy: ['askUnseal'] },
  end: { from: ['SEALED', 'UNSEAL_ASKED'], to: 'OVER', by: 'system', due: ({ untilMs }) => untilMs },
  // The holiday is over and nobody has sealed it.
  miss: { from: ['PLANNED'], to: 'MISSED', by: 'system', due: ({ untilMs }) => untilMs },
} as const satisfies Lifecycle<SealState, SealNeed>
export type SealAction = keyof typeof sealLifecycle
/** What people do. */
export const sealActions = ['seal', 'exempt', 'askUnseal', 'unseal', 'refuseUnseal'] as const satisfies SealAction[]

/** Why a vehicle of the unit is not sealed: on duty, kept for emergencies, under way by an order, in upkeep, or held already. */
export const sealExempts = ['duty', 'emergency', 'order', 'maintenance', 'sealed', 'other'] as const
export type SealExempt = (typeof sealExempts)[number]
/** Those that whoever plans may give; the others follow from what is known of the vehicle. */
export const givenExempts = ['duty', 'emergency', 'other'] as const satisfies SealExempt[]

export const MAX_SEALED = 3_000
export const MAX_SEAL_DAYS = 15
export const MAX_SEAL_PHOTOS = 6

/** stayed: seen again and again where it stood. unproved: nothing was heard for too long. moved: seen elsewhere, and how far. */
export const sealProofs = ['stayed', 'unproved', 'moved'] as const
export type SealProof = (typeof sealProofs)[number]
/** `fromMs`, `untilMs`: of the hole, or when it was first and last seen elsewhere. */
export type Proof = { proof: SealProof; fromMs: number | null; untilMs: number | null; farM: number }
/** What was seen in some minutes. */
export type Seen = { atMs: number; at: LonLat; odometerM: number | null }

/** A manoeuvre in the yard, and a receiver that scatters, are no drive (R03 has the same). */
const MOVED_M = 200
/** A terminal at rest may be silent for so long; a longer silence proves nothing. */
const SILENT_MS = 2 * 3_600_000

/**
 * What positions prove of a vehicle that should have stood still. A silence that an odometer spans without having moved on is no hole.
 * @param seen in the order of time, with the last before the span, if there is one
 */
export function proveStay(seen: readonly Seen[], { fromMs, untilMs }: { fromMs: number; untilMs: number }): Proof {
  const home = seen.findLast(({ atMs }) => atMs <= fromMs) ?? seen[0]
  if (!home) return { proof: 'unproved', fromMs, untilMs, farM: 0 }
  const within = seen.filter(({ atMs }) => atMs > fromMs && atMs < untilMs)
  const away = within.map((each) => ({ ...each, farM: distanceM(home.at, each.at) })).filter(({ farM }) => farM > MOVED_M)
  // A lone report elsewhere is a receiver's.
  if (away.length > 1)
    return {
      ...{ proof: 'moved', fromMs: away[0]!.atMs, untilMs: away.at(-1)!.atMs },
      farM: Math.round(Math.max(...away.map(({ farM }) => farM))),
    }
  const hole = longestHole(home, within, fromMs, untilMs)
  return hole.untilMs - hole.fromMs > SILENT_MS
    ? { proof: 'unproved', ...hole, farM: 0 }
    : { proof: 'stayed', fromMs: null, untilMs: null, farM: 0 }
}

function longestHole(home: Seen, within: readonly Seen[], fromMs: number, untilMs: number): { fromMs: number; untilMs: number } {
  let longest = { fromMs, untilMs: fromMs }
  // What was seen before the span vouches for its beginning by when it was.
  let last: { atMs: number; odometerM: number | null } = home.atMs <= fromMs ? home : { atMs: fromMs, odometerM: null }
  for (const next of [...within, { atMs: untilMs, odometerM: null }]) {
    const still = last.odometerM !== null && next.odometerM !== null && Math.abs(next.odometerM - last.odometerM) <= MOVED_M
    if (!still && next.atMs - last.atMs > longest.untilMs - longest.fromMs) longest = { fromMs: last.atMs, untilMs: next.atMs }
    last = next
  }
  return longest
}
