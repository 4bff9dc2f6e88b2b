// What is said of positions that are stored and not believed (docs/trips.md).

/** Why a position is shown apart. */
export const flagReasons = [
  /** No vehicle could get there and back. */
  'unreachable',
  /** A coordinate that is exactly 0: a receiver without a fix. */
  'zero',
  /** Elsewhere in a single report, and back in the next, standing both times. */
  'lone',
  /** The place counts; its speed is contradicted by where the vehicle was. */
  'speed',
] as const
export type FlagReason = (typeof flagReasons)[number]

/** Does the place of a position flagged so count? */
export const placeCounts = (reason: FlagReason): boolean => reason === 'speed'
