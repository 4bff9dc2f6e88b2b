// A generated fleet-day whose truth is known: vehicles of several habits, one position in a thousand wild.
import type { Point } from '../../services/ingest/trips/segment.ts'
import { type Habits, journey, type Leg, random, reports, type Truth } from '../../test/ingest/journeys.ts'

export type VehicleDay = { points: Point[]; truth: Truth[] }

/** The day of so many vehicles; the same each time. */
export const fleetDay = (vehicles: number): VehicleDay[] => Array.from({ length: vehicles }, (_, i) => vehicleDay(i + 1))

function vehicleDay(seed: number): VehicleDay {
  const { uniform } = random(seed * 7919)
  const pick = <T>(values: readonly T[]): T => values[Math.floor(uniform() * values.length)]!
  const legs = Array.from(
    { length: 3 + Math.floor(uniform() * 6) },
    (): Leg => ({
      restS: 600 + Math.floor(uniform() * 7_200),
      lengthM: 600 + Math.floor(uniform() ** 2 * 40_000),
      kph: 20 + Math.floor(uniform() * 90),
      turn: pick([-Math.PI / 2, 0, 0, Math.PI / 2]),
      lightS: pick([0, 30, 90, 180]),
    }),
  )
  const habits: Habits = {
    every: pick([5, 10, 10, 10, 30, 60]),
    sigmaM: pick([0, 5, 10]),
    driftM: pick([0, 0, 25]),
    speeds: uniform() < 0.8,
    ignition: uniform() < 0.8,
    odometer: uniform() < 0.7,
    seed,
  }
  const way = journey(legs)
  const points = reports(way, habits)
  for (const [i, point] of points.entries()) if (uniform() < 0.001) points[i] = { ...point, latE7: point.latE7 + 3_000_000 }
  return { points, truth: way.truth }
}
