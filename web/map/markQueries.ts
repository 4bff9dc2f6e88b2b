// Questions about the marks: who is under the pointer, who is in the view. Brute force over typed arrays answers
// 23,188 marks in a fraction of a millisecond, so there is no index to keep up to date.
import type { MarkStore } from './markStore.ts'
import { latOf, lonOf } from './worldPoint.ts'

/** A rectangle in world units: west and north edge, width and height. */
export type WorldBox = { x: number; y: number; width: number; height: number }
export type SeenVehicle = { vehicleId: number; status: number; speedDkph: number; timeS: number; lon: number; lat: number }

/** Among marks at nearly the same distance the one drawn on top wins: each status step costs this share of the reach. */
const STATUS_HANDICAP = 0.12

/** The slot nearest to a point as drawn at `nowMs`, at most `reach` world units away, or −1. */
export function slotAt(marks: MarkStore, x: number, y: number, reach: number, nowMs: number): number {
  let best = -1
  let bestCost = Number.POSITIVE_INFINITY
  for (let slot = 0; slot < marks.count; slot++) {
    const dx = (marks.drawn(slot, 0, nowMs) - x) | 0
    if (dx > reach || dx < -reach) continue
    const distance = Math.hypot(dx, (marks.drawn(slot, 1, nowMs) - y) | 0)
    if (distance > reach) continue
    const cost = distance + marks.status(slot) * STATUS_HANDICAP * reach
    if (cost < bestCost) {
      best = slot
      bestCost = cost
    }
  }
  return best
}

/** Slots whose last report lies in the box, by status; within a status in slot order, so that a list does not jump. */
export function slotsInBox(marks: MarkStore, box: WorldBox): number[][] {
  const found: number[][] = [[], [], [], []]
  for (let slot = 0; slot < marks.count; slot++) {
    if ((marks.targetX(slot) - box.x) >>> 0 > box.width || (marks.targetY(slot) - box.y) >>> 0 > box.height) continue
    found[marks.status(slot)]!.push(slot)
  }
  return found
}

/** The vehicles of the box: moving first, then idle, parked, offline; at most `limit` of `total`. */
export function vehiclesInBox(marks: MarkStore, box: WorldBox, limit: number): { total: number; vehicles: SeenVehicle[] } {
  const slots = slotsInBox(marks, box).flat()
  const vehicles = slots.slice(0, limit).map((slot) => ({
    vehicleId: marks.vehicleId[slot]!,
    status: marks.status(slot),
    speedDkph: marks.speedDkph[slot]!,
    timeS: marks.timeS[slot]!,
    lon: lonOf(marks.targetX(slot)),
    lat: latOf(marks.targetY(slot)),
  }))
  return { total: slots.length, vehicles }
}
