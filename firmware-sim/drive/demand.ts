// How much of the fleet drives at which hour, and when a parked vehicle sets off. Hours are those of Asia/Shanghai (no summer time).
import type { VehicleClass } from '../../services/domain/vehicle.ts'
import type { Random } from '../random.ts'

const HOUR_MS = 3_600_000
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS
const SLOT_MS = HOUR_MS / 4

/** Share of official vehicles moving at each full hour of a weekday. */
// biome-ignore format: one row a quarter of the day
const OFFICIAL_SHARE = [
  0.004, 0.003, 0.003, 0.003, 0.004, 0.008,
  0.02, 0.06, 0.14, 0.2, 0.21, 0.16,
  0.08, 0.12, 0.2, 0.21, 0.18, 0.12,
  0.06, 0.03, 0.02, 0.012, 0.008, 0.005,
]
/** Law enforcement patrols round the clock: never less than this share. */
const PATROL_SHARE = 0.05
const LEASED_FACTOR = 1.6

/** Share of a class that should be moving at an instant. */
export function movingShare(vehicleClass: VehicleClass, atMs: number): number {
  const local = atMs + SHANGHAI_OFFSET_MS
  const day = (((Math.floor(local / (24 * HOUR_MS)) + 4) % 7) + 7) % 7
  const hours = (((local % (24 * HOUR_MS)) + 24 * HOUR_MS) % (24 * HOUR_MS)) / HOUR_MS
  const hour = Math.floor(hours)
  const here = OFFICIAL_SHARE[hour] as number
  const next = OFFICIAL_SHARE[(hour + 1) % 24] as number
  const weekend = day === 0 || day === 6
  const share = (here + (next - here) * (hours - hour)) * (weekend ? 0.22 : 1)
  if (vehicleClass === 'law_enforcement') return PATROL_SHARE + share * 0.7
  return vehicleClass === 'leased' ? share * LEASED_FACTOR : share
}

/**
 * When a parked vehicle sets off next: the first arrival of a process whose rate follows the demand.
 * @param missionDriveS mean seconds of driving in one mission of this vehicle's class
 * @param activity 1 for a vehicle that is used as much as others
 */
export function nextDepartureMs(
  vehicleClass: VehicleClass,
  activity: number,
  missionDriveS: number,
  fromMs: number,
  random: Random,
): number {
  let patience = -Math.log(1 - random.next())
  for (let at = fromMs; ; at += SLOT_MS) {
    const share = movingShare(vehicleClass, at)
    const perMs = (activity * share) / ((1 - 2 * share) * missionDriveS * 1000)
    if (patience < perMs * SLOT_MS) return at + patience / perMs
    patience -= perMs * SLOT_MS
  }
}
