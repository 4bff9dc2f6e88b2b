// The order of the list beside the map: what a dispatcher should look at first stands first.
import type { VehicleStatus } from '../../services/contracts/status.ts'
import { statusOfIndex } from '../marks/statusOfIndex.ts'

type Seen = { vehicleId: number; status: number; speedDkph: number; timeS: number; lon: number; lat: number }
export type SeenRow = { vehicleId: number; status: VehicleStatus; speedKph: number; timeS: number }

/** Faster than any road of the region allows. */
const FAST_DKPH = 1200
/** Lost this recently, a vehicle may still be helped. */
const JUST_LOST_S = 3600

/** 0 = most urgent. */
function attentionOf(seen: Seen, nowS: number): number {
  const status = statusOfIndex(seen.status)
  const ageS = nowS - seen.timeS
  if (status === 'moving') return seen.speedDkph > FAST_DKPH ? 0 : 3
  if (status === 'offline') return ageS < JUST_LOST_S ? 1 : 5
  return status === 'idle' ? 2 : 4
}

/** The first `limit` rows by attention; within one rank by vehicle, so that rows do not jump about each second. */
export function byAttention(seen: Seen[], nowS: number, limit: number): SeenRow[] {
  const ranks: Seen[][] = [[], [], [], [], [], []]
  for (const vehicle of seen) ranks[attentionOf(vehicle, nowS)]!.push(vehicle)
  const rows: SeenRow[] = []
  for (const rank of ranks) {
    if (rows.length >= limit) break
    for (const { vehicleId, status, speedDkph, timeS } of rank.sort((a, b) => a.vehicleId - b.vehicleId).slice(0, limit - rows.length))
      rows.push({ vehicleId, status: statusOfIndex(status), speedKph: Math.round(speedDkph / 10), timeS })
  }
  return rows
}
