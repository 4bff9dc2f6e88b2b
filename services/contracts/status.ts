// What a vehicle is doing, judged from its last report and that report's age. One function for server, map and counts.

export const vehicleStatuses = ['moving', 'idle', 'parked', 'offline'] as const
export type VehicleStatus = (typeof vehicleStatuses)[number]

/** Slower than this is standing: the drift of a standing receiver stays below it. */
export const STANDING_BELOW_DKPH = 30
/** A moving terminal reports every 10 s; twelve missed reports are no chance. */
export const MOVING_STALE_S = 120
/** A standing terminal reports every 5 min; three missed reports and half a minute of grace. */
export const STANDING_STALE_S = 930

export const FLAG_IGNITION = 1

/**
 * Status of a vehicle.
 * @param flags bit 0 = ignition; speedDkph in 0.1 km/h; ageS seconds since the last report's device time.
 */
export function statusOf(flags: number, speedDkph: number, ageS: number): VehicleStatus {
  const ignition = (flags & FLAG_IGNITION) !== 0
  const moving = ignition && speedDkph >= STANDING_BELOW_DKPH
  if (ageS > (moving ? MOVING_STALE_S : STANDING_STALE_S)) return 'offline'
  if (moving) return 'moving'
  return ignition ? 'idle' : 'parked'
}
