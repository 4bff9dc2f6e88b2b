// When a terminal has no network: holes on highways far from towns, and random outages. Decided by place and instant, not by dice.
import { chanceOf } from '../random.ts'
import { nearestTown, type Town } from '../roads/towns.ts'

/** Nearer to a seat than this there is always a mast. */
const COVERED_M = 18_000
const HOLE_CELL_DEG = 0.12
const HOLE_SHARE = 0.3
const OUTAGE_WINDOW_MS = 6 * 3_600_000
const OUTAGE_CHANCE = 0.012

export function isReachable(key: number, towns: readonly Town[], lon: number, lat: number, atMs: number, onRoad: boolean): boolean {
  if (isInOutage(key, atMs)) return false
  if (!onRoad) return true
  const hole = chanceOf(31, Math.floor(lon / HOLE_CELL_DEG), Math.floor(lat / HOLE_CELL_DEG)) < HOLE_SHARE
  return !hole || nearestTown(towns, lon, lat).distanceM < COVERED_M
}

/** Now and then a terminal is cut off for 2 to 22 minutes. */
function isInOutage(key: number, atMs: number): boolean {
  const window = Math.floor(atMs / OUTAGE_WINDOW_MS)
  if (chanceOf(key, window, 32) >= OUTAGE_CHANCE) return false
  const startMs = window * OUTAGE_WINDOW_MS + chanceOf(key, window, 33) * (OUTAGE_WINDOW_MS - 22 * 60_000)
  const lengthMs = (2 + 20 * chanceOf(key, window, 34)) * 60_000
  return atMs >= startMs && atMs < startMs + lengthMs
}
