// Journeys whose truth is known, and what terminals make of them: sampled, noisy, silent about what they do not measure.
import type { Point } from '../../services/ingest/trips/segment.ts'

export const DAY = Date.UTC(2026, 10, 26, 16) // midnight in the region
const LON = 111.7
const LAT = 40.84
const METRES_PER_DEGREE = 111_194.93
const EAST = Math.cos((LAT * Math.PI) / 180)

/** A place `eastM` and `northM` of (111.70, 40.84), at a second of the day. */
export function at(second: number, northM: number, more: Partial<Point> = {}, eastM = 0): Point {
  return {
    tsMs: DAY + Math.round(second * 1000),
    lonE7: Math.round((LON + eastM / METRES_PER_DEGREE / EAST) * 1e7),
    latE7: Math.round((LAT + northM / METRES_PER_DEGREE) * 1e7),
    speedDkph: null,
    odometerM: null,
    ignition: null,
    ...more,
  }
}

type DriveOptions = { every?: number; fromM?: number; more?: Partial<Point> }
/** Straight north: ignition on, a report each 10 s, the odometer right. */
export function drive(second: number, lastS: number, kph: number, { every = 10, fromM = 0, more = {} }: DriveOptions = {}): Point[] {
  const points: Point[] = []
  for (let s = 0; s <= lastS; s += every) {
    const northM = fromM + (s * kph) / 3.6
    points.push(at(second + s, northM, { speedDkph: kph * 10, ignition: true, odometerM: Math.round(52_137 + northM), ...more }))
  }
  return points
}

/** A vehicle that stands: ignition off, speed 0. */
export const stand = (second: number, lastS: number, northM: number, every = 300, more: Partial<Point> = {}): Point[] =>
  Array.from({ length: Math.floor(lastS / every) + 1 }, (_, i) =>
    at(second + i * every, northM, { speedDkph: 0, ignition: false, ...more }),
  )

export type Leg = { restS: number; lengthM: number; kph: number; turn: number; lightS: number }
export type Truth = { startS: number; endS: number; distanceM: number }

/** A day of legs: where the vehicle is at each second, how fast, and its trips. Each leg goes straight, turns in its middle, and waits at a light. */
export function journey(legs: readonly Leg[]): { eastM: number[]; northM: number[]; kph: number[]; drivenM: number[]; truth: Truth[] } {
  const [eastM, northM, kph, drivenM, truth]: [number[], number[], number[], number[], Truth[]] = [[], [], [], [], []]
  let [x, y, total, heading] = [0, 0, 0, 0]
  const say = (speed: number): void => {
    eastM.push(x)
    northM.push(y)
    kph.push(speed)
    drivenM.push(total)
  }
  const rest = (seconds: number): void => {
    for (let s = 0; s < seconds; s++) say(0)
  }
  for (const { restS, lengthM, kph: top, turn, lightS } of legs) {
    rest(restS)
    const startS = eastM.length - 1
    const begun = total
    const mps = top / 3.6
    for (let gone = 0; gone < lengthM; ) {
      const step = Math.min(mps, lengthM - gone)
      if (gone < lengthM / 2 && gone + step >= lengthM / 2) {
        heading += turn
        rest(lightS)
      }
      gone += step
      total += step
      x += Math.sin(heading) * step
      y += Math.cos(heading) * step
      say(gone < lengthM ? top : 0)
    }
    truth.push({ startS, endS: eastM.length - 1, distanceM: total - begun })
  }
  rest(1200)
  return { eastM, northM, kph, drivenM, truth }
}

/** A generator of the same numbers each time. */
export function random(seed: number): { uniform(): number; normal(): number } {
  let state = seed >>> 0 || 1
  const uniform = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return (state + 0.5) / 4_294_967_296
  }
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()) }
}

/** `phase`: which part of an interval the first report comes after the beginning. */
export type Habits = {
  every: number
  sigmaM: number
  driftM: number
  speeds: boolean
  ignition: boolean
  odometer: boolean
  seed: number
  phase?: number
}

/** What a terminal of such habits reports of a journey. The drift wanders slowly, as that of a standing receiver does. */
export function reports(
  way: ReturnType<typeof journey>,
  { every, sigmaM, driftM, speeds, ignition, odometer, seed, phase = 0 }: Habits,
): Point[] {
  const { normal, uniform } = random(seed)
  const points: Point[] = []
  const [phaseX, phaseY] = [uniform() * 6.28, uniform() * 6.28]
  for (let s = Math.floor(phase * every); s < way.eastM.length; s += every) {
    const drift = (phase: number): number => driftM * Math.sin(s / 900 + phase)
    points.push(
      at(
        s,
        way.northM[s]! + normal() * sigmaM + drift(phaseY),
        {
          speedDkph: speeds ? Math.round(way.kph[s]! * 10) : null,
          ignition: ignition ? way.kph[s]! > 0 : null,
          odometerM: odometer ? Math.round(52_137 + way.drivenM[s]!) : null,
        },
        way.eastM[s]! + normal() * sigmaM + drift(phaseX),
      ),
    )
  }
  return points
}
