// Which of some vehicles met each other: every pair of them by the law that one and all others are compared by (domain/meetings.ts). They are few and known, so
// their positions are read themselves; a pair that was never in one neighbourhood in any hour is not compared.
import { type Meeting, meetingsOf } from '../../domain/meetings.ts'
import type { TrackLine } from '../../domain/trackGaps.ts'
import type { Queryable } from '../../platform/db.ts'
import { byVehicle, LineBuilder, readUnbelieved, readVehicles } from './points.ts'
import { HOUR_MS, hourOf } from './units.ts'

/** Twenty vehicles for a week. */
export const PAIR_VEHICLE_DAYS = 140
/** Of one answer. */
const MEETINGS = 2_000
/** Read at once: one statement of the embedded database holds up all others. */
const READ_MS = 6 * HOUR_MS
/** Wider than any two that met are apart, in degrees of latitude, and of longitude this far north. */
const NEAR_DEG = 0.002

export type PairMeeting = Meeting & { vehicleId: number; withId: number }
type Box = { west: number; south: number; east: number; north: number }

/** By time; `nextMs`: the answer is of the time before; null = of all that was asked. The lower number of a pair comes first. */
export async function findPairMeetings(
  db: Queryable,
  { vehicleIds, fromMs, untilMs }: { vehicleIds: readonly number[]; fromMs: number; untilMs: number },
  most: number = MEETINGS,
): Promise<{ meetings: PairMeeting[]; nextMs: number | null }> {
  const builders = new Map(vehicleIds.map((id) => [id, new LineBuilder()]))
  const unbelieved = await readUnbelieved(db, fromMs, untilMs)
  for (let at = fromMs; at < untilMs; at += READ_MS)
    for await (const points of readVehicles(db, vehicleIds, at, Math.min(untilMs, at + READ_MS)))
      for (const [id, first, last] of byVehicle(points)) builders.get(id)!.add(points, first, last, unbelieved.get(id))
  const lines = [...builders]
    .sort(([a], [b]) => a - b)
    .map(([vehicleId, builder]) => ({ vehicleId, line: builder.line() }))
    .map((one) => ({ ...one, boxes: hourBoxes(one.line) }))
  const meetings: PairMeeting[] = []
  for (const [n, one] of lines.entries())
    for (const other of lines.slice(n + 1)) {
      if (!wereNear(one.boxes, other.boxes)) continue
      for (const meeting of meetingsOf(one.line, other.line))
        meetings.push({ vehicleId: one.vehicleId, withId: other.vehicleId, ...meeting })
      // Others have their turn between two pairs.
      await new Promise((resolve) => setImmediate(resolve))
    }
  meetings.sort((a, b) => a.fromMs - b.fromMs || a.vehicleId - b.vehicleId || a.withId - b.withId)
  if (meetings.length <= most) return { meetings, nextMs: null }
  // Whole until the first that is left out begins.
  const nextMs = Math.floor(meetings[most]!.fromMs)
  return { meetings: meetings.filter((meeting) => meeting.fromMs < nextMs), nextMs }
}

/** By hour, where the vehicle was and the ways that lead into it and out of it: none without a gap lasts as long as an hour. */
function hourBoxes({ timeMs, lon, lat }: TrackLine): Map<number, Box> {
  const boxes = new Map<number, Box>()
  const widen = (hour: number, i: number): void => {
    const box = boxes.get(hour)
    if (!box) boxes.set(hour, { west: lon[i]!, east: lon[i]!, south: lat[i]!, north: lat[i]! })
    else {
      box.west = Math.min(box.west, lon[i]!)
      box.east = Math.max(box.east, lon[i]!)
      box.south = Math.min(box.south, lat[i]!)
      box.north = Math.max(box.north, lat[i]!)
    }
  }
  for (let i = 0; i < timeMs.length; i++) {
    const hour = hourOf(timeMs[i]!)
    widen(hour, i)
    if (i === 0) continue
    const before = hourOf(timeMs[i - 1]!)
    widen(hour, i - 1)
    widen(before, i)
  }
  return boxes
}

function wereNear(one: ReadonlyMap<number, Box>, other: ReadonlyMap<number, Box>): boolean {
  for (const [hour, a] of one) {
    const b = other.get(hour)
    const apart =
      !b || a.west > b.east + NEAR_DEG || b.west > a.east + NEAR_DEG || a.south > b.north + NEAR_DEG || b.south > a.north + NEAR_DEG
    if (!apart) return true
  }
  return false
}
