// Who was in an area, exactly: candidates narrow (candidates.ts), their positions decide (domain/visits.ts). In the order of time, an hour after the other,
// as far as one answer goes; where it ends it says from when to go on.
import { boxOf, type Shape } from '../../domain/geofence.ts'
import { LEAD_IN_MS, type Visit, visitsOf } from '../../domain/visits.ts'
import type { Queryable } from '../../platform/db.ts'
import { type BoxE7, findCandidates } from './candidates.ts'
import { cellsOfShape } from './cells.ts'
import { byVehicle, LineBuilder, readUnbelieved, readVehicles } from './points.ts'
import { HOUR_MS, hourOf } from './units.ts'

/** Vehicles and hours whose positions are read for one answer: a million positions or two. */
const VEHICLE_HOURS = 30_000
/** Of one answer. */
const VISITS = 5_000

export type HereAsked = { shape: Shape; fromMs: number; untilMs: number }
export type VehicleVisit = Visit & { vehicleId: number }
/** `nextMs`: the answer is of the time before; null = of all that was asked. */
export type WasHere = { visits: VehicleVisit[]; nextMs: number | null }
/** Which of these vehicles are to be looked at. */
export type Sift = (vehicleIds: readonly number[]) => Promise<ReadonlySet<number>>

export const boxE7Of = (shape: Shape): BoxE7 => {
  const [west, south, east, north] = boxOf(shape)
  return { west: Math.floor(west * 1e7), south: Math.floor(south * 1e7), east: Math.ceil(east * 1e7), north: Math.ceil(north * 1e7) }
}

/** @param sift asked of every candidate once, before any of its positions is read */
export async function findWhoWasHere(
  db: Queryable,
  { shape, fromMs, untilMs }: HereAsked,
  sift: Sift,
  { vehicleHours = VEHICLE_HOURS, most = VISITS }: { vehicleHours?: number; most?: number } = {},
): Promise<WasHere> {
  const sought = { cells: cellsOfShape(shape), box: boxE7Of(shape) }
  const lines = new Map<number, LineBuilder>()
  const sifted = new Map<number, boolean>()
  const toHour = hourOf(untilMs - 1)
  let spent = 0
  let endMs = untilMs
  for (let hour = hourOf(fromMs); hour <= toHour && endMs === untilMs; ) {
    const dayEnd = Math.min(toHour, Math.floor(hour / 24) * 24 + 23)
    const unbelieved = await readUnbelieved(db, hour * HOUR_MS - LEAD_IN_MS, (dayEnd + 1) * HOUR_MS)
    const candidates = await findCandidates(db, sought, hour, dayEnd, new Set(unbelieved.keys()))
    const unknown = [...new Set([...candidates.values()].flatMap((vehicles) => [...vehicles]))].filter((id) => !sifted.has(id))
    const wanted = await sift(unknown)
    for (const id of unknown) sifted.set(id, wanted.has(id))
    for (; hour <= dayEnd; hour++) {
      const vehicles = [...(candidates.get(hour) ?? [])].filter((id) => sifted.get(id))
      if (spent > 0 && spent + vehicles.length > vehicleHours) {
        endMs = hour * HOUR_MS
        break
      }
      spent += vehicles.length
      for await (const points of readVehicles(db, vehicles, hour * HOUR_MS - LEAD_IN_MS, Math.min(untilMs, (hour + 1) * HOUR_MS)))
        for (const [vehicleId, from, to] of byVehicle(points)) {
          const line = lines.get(vehicleId) ?? new LineBuilder()
          lines.set(vehicleId, line)
          line.add(points, from, to, unbelieved.get(vehicleId))
        }
    }
  }
  return cutToFit(lines, shape, fromMs, endMs, untilMs, most)
}

/** The visits until `endMs`, or, where they are too many for one answer, until an earlier full hour. */
function cutToFit(lines: Map<number, LineBuilder>, shape: Shape, fromMs: number, endMs: number, untilMs: number, most: number): WasHere {
  const built = [...lines].map(([vehicleId, line]) => ({ vehicleId, line: line.line() }))
  const until = (ms: number): VehicleVisit[] =>
    built.flatMap(({ vehicleId, line }) => visitsOf(line, shape, fromMs, ms).map((visit) => ({ vehicleId, ...visit })))
  let ms = endMs
  let visits = until(ms)
  for (let hours = hourOf(ms - 1) - hourOf(fromMs); visits.length > most && hours > 0; hours >>= 1) {
    ms = Math.min(ms, (hourOf(fromMs) + hours) * HOUR_MS)
    visits = until(ms)
  }
  visits.sort((a, b) => a.fromMs - b.fromMs || a.vehicleId - b.vehicleId || a.untilMs - b.untilMs)
  return { visits, nextMs: ms < untilMs ? ms : null }
}
