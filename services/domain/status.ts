// What a vehicle is doing, judged from its last report, that report's age, and whether its place bears the report out.
// One function for server, map and counts (docs/trips.md, "Live").

export const vehicleStatuses = ['moving', 'idle', 'parked', 'offline'] as const
export type VehicleStatus = (typeof vehicleStatuses)[number]

/** Slower than this is standing: the drift of a standing receiver stays below it. The law of trips says the same of the past (tripLaw.ts, `standingDkph`). */
export const STANDING_BELOW_DKPH = 30
/** A moving terminal reports every 10 s; twelve missed reports are no chance. */
export const MOVING_STALE_S = 120
/** A standing terminal reports every 5 min; three missed reports and half a minute of grace. */
export const STANDING_STALE_S = 930

/** A clock that is ahead by more than this is wrong: beyond the seconds by which any clock is off. */
export const CLOCK_AHEAD_S = 30

/** Flags of a last state. Of a position the first two are kept. */
export const FLAG_IGNITION = 1
/** The terminal did not say; FLAG_IGNITION is then what its speed makes likely. */
export const FLAG_IGNITION_UNKNOWN = 2
/** Its place moves, though it says no speed or always 0. */
export const FLAG_DISPLACED = 8
/** It says a speed and stays where it is. */
export const FLAG_STUCK = 16

/** Of a position in a track: the driver's phone said it, where the terminal was silent. */
export const FLAG_PHONE = 32

/** Ignition as flags. */
export const ignitionFlags = ({ ignition, speedDkph }: { ignition: boolean | null; speedDkph: number | null }): number =>
  ignition === null ? FLAG_IGNITION_UNKNOWN | ((speedDkph ?? 0) > 0 ? FLAG_IGNITION : 0) : ignition ? FLAG_IGNITION : 0

/**
 * Status of a vehicle.
 * @param flags those above; speedDkph in 0.1 km/h, null = unknown; ageS seconds since the last report.
 */
export function statusOf(flags: number, speedDkph: number | null, ageS: number): VehicleStatus {
  const moving = (flags & FLAG_DISPLACED) !== 0 || (speedDkph !== null && speedDkph >= STANDING_BELOW_DKPH && (flags & FLAG_STUCK) === 0)
  if (ageS > (moving ? MOVING_STALE_S : STANDING_STALE_S)) return 'offline'
  if (moving) return 'moving'
  return (flags & FLAG_IGNITION) !== 0 ? 'idle' : 'parked'
}
