// A generated fleet-day whose truth is known: vehicles of several habits, each with the faults that terminals have in the field.
import type { Point } from '../../services/ingest/trips/segment.ts'
import { type Habits, journey, type Leg, random, reports, type Truth } from '../../test/ingest/journeys.ts'

export type VehicleDay = { points: Point[]; truth: Truth[]; fault: Fault }
type Way = ReturnType<typeof journey>
type Random = ReturnType<typeof random>
/** What a fault makes of a day's reports; the journey stays what it was. `secondOf` says where of the day a report stands. */
type Spoil = (points: Point[], way: Way, chance: Random) => Point[]

const secondOf = (points: readonly Point[], point: Point): number => (point.tsMs - points[0]!.tsMs) / 1000
const during = (truth: Truth, second: number): boolean => second > truth.startS && second < truth.endS
const from = <T>(values: readonly T[], { uniform }: Random): T => values[Math.floor(uniform() * values.length)]!

const faults = {
  none: (points) => points,
  /** Tunnels and holes of coverage, one to four minutes in the middle of a drive, and rests that nobody reported. */
  silences: (points, { truth }, chance) => {
    const holes = truth.flatMap(({ startS, endS }) => {
      const at = startS + (endS - startS) * (0.3 + 0.4 * chance.uniform())
      return [{ fromS: at, untilS: Math.min(at + 60 + 180 * chance.uniform(), endS - 60) }]
    })
    return points.filter((point) => !holes.some(({ fromS, untilS }) => secondOf(points, point) > fromS && secondOf(points, point) < untilS))
  },
  /** On a ferry or behind a lorry: it moves, and its ignition is off. */
  tow: (points, { truth }, chance) => {
    const towed = from(truth, chance)
    return points.map((point) =>
      during(towed, secondOf(points, point)) ? { ...point, ignition: point.ignition === null ? null : false } : point,
    )
  },
  odometerInKm: (points) =>
    points.map((point) => ({ ...point, odometerM: point.odometerM === null ? null : Math.floor(point.odometerM / 1000) })),
  odometerStatic: (points) => points.map((point) => ({ ...point, odometerM: point.odometerM === null ? null : 52_137 })),
  odometerReset: (points) => {
    const reset = Math.floor(points.length / 2)
    return points.map((point, i) => ({
      ...point,
      odometerM: point.odometerM === null || i < reset ? point.odometerM : point.odometerM % 10_000,
    }))
  },
  /** The last speed of a drive said again through the rest that follows, from one and the same place. */
  stuckSpeed: (points, { kph }) => {
    let [moving, resting]: (Point | undefined)[] = [undefined, undefined]
    return points.map((point) => {
      const moves = kph[secondOf(points, point)]! > 0
      if (moves) moving = point
      if (moves || moving === undefined) {
        resting = undefined
        return point
      }
      resting ??= point
      const { lonE7, latE7 } = resting
      return { ...point, lonE7, latE7, speedDkph: point.speedDkph === null ? null : moving.speedDkph }
    })
  },
  /** One to three fixes in a row, from three hundred metres to a degree aside. */
  wild: (points, _way, chance) => {
    let [run, north] = [0, 0]
    return points.map((point) => {
      if (run === 0 && chance.uniform() < 0.003)
        [run, north] = [1 + Math.floor(chance.uniform() * 3), Math.round(10 ** (4.5 + 2.5 * chance.uniform()))]
      if (run === 0) return point
      run--
      return { ...point, latE7: point.latE7 + north }
    })
  },
  /** No fix, said as a place. */
  zeros: (points, _way, { uniform }) => points.map((point) => (uniform() < 0.005 ? { ...point, latE7: 0, lonE7: 0 } : point)),
  /** Six minutes of the place of the factory, in the middle of the day. */
  cached: (points) => {
    const at = points[Math.floor(points.length / 2)]!
    return points.map((point) =>
      Math.abs(point.tsMs - at.tsMs) < 180_000 ? { ...point, lonE7: 1_140_579_000, latE7: 225_431_000 } : point,
    )
  },
} satisfies Record<string, Spoil>
export type Fault = keyof typeof faults

/** The day of so many vehicles; the same each time. Half of them have no fault. */
export const fleetDay = (vehicles: number): VehicleDay[] => Array.from({ length: vehicles }, (_, i) => vehicleDay(i + 1))

function vehicleDay(seed: number): VehicleDay {
  const chance = random(seed * 7919)
  const { uniform } = chance
  const legs = Array.from(
    { length: 3 + Math.floor(uniform() * 6) },
    (): Leg => ({
      restS: 600 + Math.floor(uniform() * 7_200),
      lengthM: 600 + Math.floor(uniform() ** 2 * 40_000),
      kph: 20 + Math.floor(uniform() * 90),
      turn: from([-Math.PI / 2, 0, 0, Math.PI / 2], chance),
      lightS: from([0, 30, 90, 180], chance),
    }),
  )
  const habits: Habits = {
    every: from([5, 10, 10, 10, 30, 60], chance),
    sigmaM: from([0, 5, 10], chance),
    driftM: from([0, 0, 25], chance),
    speeds: uniform() < 0.8,
    ignition: uniform() < 0.8,
    odometer: uniform() < 0.7,
    seed,
  }
  const way = journey(legs)
  const fault = uniform() < 0.5 ? 'none' : from(Object.keys(faults) as Fault[], chance)
  return { points: (faults[fault] as Spoil)(reports(way, habits), way, chance).map(asRead), truth: way.truth, fault }
}

/** Of one shape, as positions are read from the database: of many shapes the law alone costs twice as much, in any build. */
const asRead = ({ tsMs, lonE7, latE7, speedDkph, odometerM, ignition }: Point): Point => ({
  tsMs,
  lonE7,
  latE7,
  speedDkph,
  odometerM,
  ignition,
})
