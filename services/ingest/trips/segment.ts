// A vehicle's positions, in the order of device time → its trips. Pure: the same positions give the same trips, however they arrived.
//
//   resting ──drives, or is found elsewhere──▶ driving
//   driving ──at rest for REST_MS, or silent for longer than MAX_GAP_MS──▶ resting; the trip ended where the rest began
//
// A gap in the data continues the trip when the vehicle is found elsewhere after it, and never when it is longer than MAX_GAP_MS.
import type { Position } from '../../contracts/position.ts'
import { STANDING_BELOW_DKPH } from '../../contracts/status.ts'

export type Point = Pick<Position, 'tsMs' | 'lonE7' | 'latE7' | 'speedDkph' | 'odometerM' | 'ignition'>
export type Trip = {
  start: Point
  end: Point
  /** False while the last position is too young to say that the vehicle has come to rest. */
  ended: boolean
  distanceM: number
  maxSpeedDkph: number
  positions: number
}

/** Standing, or ignition off, for so long ends a trip. */
export const REST_MS = 5 * 60_000
/** Nothing is known about a longer silence: it is no part of a trip. */
export const MAX_GAP_MS = 2 * 3_600_000
/** Further than any drift of a standing receiver: the vehicle has been moved. */
const DISPLACED_M = 200
/** For terminals that send no speed: this far at this speed between two positions is driving. */
const IMPLIED_MOVE_M = 70
const IMPLIED_SPEED_MPS = 1.5
const EARTH_RADIUS_M = 6_371_008.8

/** Driving, rather than standing with the engine on or drifting. */
export const isMoving = ({ ignition, speedDkph }: Pick<Position, 'ignition' | 'speedDkph'>): boolean =>
  ignition && (speedDkph ?? 0) >= STANDING_BELOW_DKPH

export type Segmenter = {
  /** The next position in device time; returns the trip that it shows to have ended. */
  add(point: Point): Trip | undefined
  /** The trip under way after the last position. After a silence of MAX_GAP_MS before `nowMs` it counts as ended. */
  openTrip(nowMs: number): Trip | undefined
}

export function createSegmenter(): Segmenter {
  let last: Point | undefined
  let trip: Trip | undefined
  // Positions since the trip's start; those of a rest count only when the trip goes on after it.
  let counted = 0
  let resting = false

  function begin(start: Point): void {
    trip = { start, end: start, ended: false, distanceM: 0, maxSpeedDkph: start.speedDkph ?? 0, positions: 1 }
    counted = 1
    resting = false
  }

  function goOn(current: Trip, from: Point, point: Point): void {
    current.distanceM += metresBetween(from, point)
    current.maxSpeedDkph = Math.max(current.maxSpeedDkph, point.speedDkph ?? 0)
    current.end = point
    current.positions = counted
    // Found elsewhere and standing: it has arrived, and its rest begins with this report.
    resting = point.speedDkph !== null && !isMoving(point)
  }

  return {
    add(point) {
      const before = last
      last = point
      const gapMs = before ? point.tsMs - before.tsMs : Number.POSITIVE_INFINITY
      const displacedM = before && gapMs <= MAX_GAP_MS ? metresBetween(before, point) : 0
      const displaced = displacedM > DISPLACED_M
      const moving = displaced || isMoving(point) || impliesMoving(point, displacedM, gapMs)

      let finished: Trip | undefined
      if (trip && before) {
        const restedMs = point.tsMs - (resting ? trip.end : before).tsMs
        if (gapMs > MAX_GAP_MS || (!displaced && restedMs >= REST_MS)) {
          finished = ended(trip)
          trip = undefined
        } else {
          counted++
          if (moving) goOn(trip, before, point)
          else if (!resting) {
            // The rest begins here; should it last, the trip will have ended here.
            trip.end = point
            trip.positions = counted
            resting = true
          }
          return undefined
        }
      }
      if (before && displaced) {
        begin(before)
        counted++
        goOn(trip!, before, point)
      } else if (moving) begin(point)
      return finished
    },
    openTrip(nowMs) {
      if (!trip || !last) return undefined
      const silent = nowMs - last.tsMs > MAX_GAP_MS
      return silent ? ended(trip) : { ...trip, distanceM: distanceOf(trip) }
    },
  }
}

/** All trips of positions that are sorted by device time. */
export function segment(points: readonly Point[], nowMs: number): Trip[] {
  const segmenter = createSegmenter()
  const trips = points.map((point) => segmenter.add(point))
  return [...trips, segmenter.openTrip(nowMs)].filter((trip) => trip !== undefined)
}

const ended = (trip: Trip): Trip => ({ ...trip, ended: true, distanceM: distanceOf(trip) })

/** By odometer where both ends have one that the track does not contradict; otherwise along the track. In whole metres. */
function distanceOf({ start, end, distanceM }: Trip): number {
  const trackM = Math.round(distanceM)
  if (start.odometerM === null || end.odometerM === null) return trackM
  const odometerM = end.odometerM - start.odometerM
  // A road is longer than the line through its positions, never shorter by much; a reset odometer is neither.
  return odometerM >= trackM * 0.8 && odometerM <= trackM * 2 + 500 ? odometerM : trackM
}

const impliesMoving = (point: Point, displacedM: number, gapMs: number): boolean =>
  point.speedDkph === null && displacedM > IMPLIED_MOVE_M && displacedM / (gapMs / 1000) > IMPLIED_SPEED_MPS

/** Great-circle distance in metres. */
export function metresBetween(a: Pick<Point, 'lonE7' | 'latE7'>, b: Pick<Point, 'lonE7' | 'latE7'>): number {
  const toRadians = Math.PI / 180 / 1e7
  const dLat = (b.latE7 - a.latE7) * toRadians
  const dLon = (b.lonE7 - a.lonE7) * toRadians
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.latE7 * toRadians) * Math.cos(b.latE7 * toRadians) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))
}
