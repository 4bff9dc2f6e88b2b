// Whom a vehicle met, exactly: cells that its way and theirs share narrow, their ways decide (domain/meetings.ts).
import { type Meeting, meetingLaw, meetingsOf } from '../../domain/meetings.ts'
import { LEAD_IN_MS } from '../../domain/visits.ts'
import type { Queryable } from '../../platform/db.ts'
import { findCandidates, widened } from './candidates.ts'
import { cellsAround, WayCells } from './cells.ts'
import type { Sift } from './here.ts'
import { byVehicle, LineBuilder, readUnbelieved, readVehicles, type Unbelieved } from './points.ts'
import { HOUR_MS, hourOf } from './units.ts'

/** Vehicles and hours whose positions are read for one answer. */
const VEHICLE_HOURS = 20_000

export type MeetingsAsked = { vehicleId: number; fromMs: number; untilMs: number }
export type MeetingWith = Meeting & { vehicleId: number }

/** Meetings within [from, until): each is cut at its ends. `nextMs`: the answer is of the time before; null = of all that was asked. */
export async function findMeetings(
  db: Queryable,
  { vehicleId, fromMs, untilMs }: MeetingsAsked,
  sift: Sift,
  budget: number = VEHICLE_HOURS,
): Promise<{ meetings: MeetingWith[]; nextMs: number | null }> {
  const own = new LineBuilder()
  const others = new Map<number, LineBuilder>()
  const sifted = new Map<number, boolean>([[vehicleId, false]])
  let spent = 0
  let endMs = untilMs
  for (let hour = hourOf(fromMs); hour <= hourOf(untilMs - 1); hour++) {
    const [startMs, stopMs] = [Math.max(fromMs, hour * HOUR_MS), Math.min(untilMs, (hour + 1) * HOUR_MS)]
    const unbelieved = await readUnbelieved(db, startMs - 2 * LEAD_IN_MS, stopMs + LEAD_IN_MS)
    const near = await ownWay(db, vehicleId, startMs, stopMs, unbelieved.get(vehicleId))
    if (near) {
      const odd = new Set(unbelieved.keys())
      const candidates = await findCandidates(db, near, hour, hour, odd)
      const ids = [...(candidates.get(hour) ?? [])]
      const unknown = ids.filter((id) => !sifted.has(id))
      const wanted = await sift(unknown)
      for (const id of unknown) sifted.set(id, wanted.has(id))
      const met = ids.filter((id) => sifted.get(id))
      if (spent > 0 && spent + met.length > budget) {
        endMs = hour * HOUR_MS
        break
      }
      spent += met.length
      const from = Math.max(fromMs, startMs - LEAD_IN_MS)
      for await (const points of readVehicles(db, met, from, stopMs))
        for (const [id, first, last] of byVehicle(points)) {
          const line = others.get(id) ?? new LineBuilder()
          others.set(id, line)
          line.add(points, first, last, unbelieved.get(id))
        }
    }
    for await (const points of readVehicles(db, [vehicleId], startMs, stopMs))
      own.add(points, 0, points.timeMs.length, unbelieved.get(vehicleId))
  }
  const line = own.line()
  const meetings = [...others].flatMap(([id, other]) => meetingsOf(line, other.line()).map((meeting) => ({ vehicleId: id, ...meeting })))
  meetings.sort((a, b) => a.fromMs - b.fromMs || a.vehicleId - b.vehicleId)
  // One that the end cuts in two is whole in one of the two answers.
  return { meetings, nextMs: endMs < untilMs ? endMs - 2 * meetingLaw.forMs : null }
}

/**
 * Where the vehicle was in an hour and around it, as cells and a box with their surroundings: a way of another belongs to the hour in which it ends, and may have begun
 * ten minutes before, when this one was on a way that had.
 */
async function ownWay(db: Queryable, vehicleId: number, fromMs: number, untilMs: number, unbelieved: readonly Unbelieved[] | undefined) {
  const builder = new LineBuilder()
  for await (const points of readVehicles(db, [vehicleId], fromMs - 2 * LEAD_IN_MS, untilMs + LEAD_IN_MS))
    builder.add(points, 0, points.timeMs.length, unbelieved)
  const { lon, lat } = builder.line()
  if (lon.length === 0) return undefined
  const cells = new WayCells()
  for (let i = 0; i < lon.length; i++) cells.add([lon[i]!, lat[i]!], i > 0 && isWay(lon, lat, i) ? [lon[i - 1]!, lat[i - 1]!] : undefined)
  const [e7, least, most] = [(degrees: number) => Math.round(degrees * 1e7), Math.min, Math.max]
  const box = {
    west: e7(lon.reduce((a, b) => least(a, b))),
    south: e7(lat.reduce((a, b) => least(a, b))),
    east: e7(lon.reduce((a, b) => most(a, b))),
    north: e7(lat.reduce((a, b) => most(a, b))),
  }
  return { cells: cellsAround(cells.list()), box: widened(box, meetingLaw.withinM * 2) }
}

const isWay = (lon: Float64Array, lat: Float64Array, i: number): boolean =>
  Math.abs(lon[i]! - lon[i - 1]!) < 0.25 && Math.abs(lat[i]! - lat[i - 1]!) < 0.25
