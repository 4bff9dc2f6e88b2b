// The order of the list beside the map: what is on the road first, and before it what is odd on the road.
import { SPEED_UNKNOWN } from '../../../services/contracts/liveFrame.ts'
import type { VehicleStatus } from '../../../services/domain/status.ts'
import { statusOfIndex } from '../../parts/marks/statusOfIndex.ts'

type Seen = { vehicleId: number; status: number; speedDkph: number; timeS: number; lon: number; lat: number }
export type SeenRow = { vehicleId: number; status: VehicleStatus; speedKph: number | null; timeS: number }

/** Faster than any road of the region allows. */
const FAST_DKPH = 1200
/** A moving terminal reports every 10 s: six missed reports, and not yet counted as offline. */
const SILENT_S = 60

/** 0 = first. A status is its own rank, an odd one on the road comes before all. */
const rankOf = ({ status, speedDkph, timeS }: Seen, nowS: number): number =>
  statusOfIndex(status) === 'moving' && ((speedDkph > FAST_DKPH && speedDkph !== SPEED_UNKNOWN) || nowS - timeS > SILENT_S) ? 0 : status + 1

/** The first `limit` rows: odd, moving, idle, parked, offline; within one rank by vehicle, so that rows do not jump about each second. */
export function byAttention(seen: Seen[], nowS: number, limit: number): SeenRow[] {
  const ranks: Seen[][] = [[], [], [], [], []]
  for (const vehicle of seen) ranks[rankOf(vehicle, nowS)]!.push(vehicle)
  const rows: SeenRow[] = []
  for (const rank of ranks) {
    if (rows.length >= limit) break
    for (const { vehicleId, status, speedDkph, timeS } of rank.sort((a, b) => a.vehicleId - b.vehicleId).slice(0, limit - rows.length))
      rows.push({
        vehicleId,
        status: statusOfIndex(status),
        speedKph: speedDkph === SPEED_UNKNOWN ? null : Math.round(speedDkph / 10),
        timeS,
      })
  }
  return rows
}
