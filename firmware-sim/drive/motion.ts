// Motion along a leg in steps of at most a second: speeds up, keeps to the limit, brakes in time for corners, red lights and the end.
import { turnDeg } from '../geo.ts'
import { cornerMps, directionOf, type Leg } from './leg.ts'

const SPEED_UP_MPS2 = 1.5
const BRAKE_MPS2 = 1.9
const HARDEST_BRAKE_MPS2 = 4
const CREEP_MPS = 0.9
/** Braking from 120 kph needs less than this. */
const LOOK_AHEAD_M = 320
/** A turn of this much since the last report is worth a report of its own. */
const CORNER_DEG = 40
const CORNER_REPORT_AFTER_S = 3

/** Where on a leg a vehicle is. */
export type Motion = { leg: Leg; segment: number; alongM: number; speedMps: number }
export type MotionOutcome = { reason: 'time' | 'corner' | 'halted' | 'arrived'; seconds: number; meters: number }

/** Moves on for at most `forS` seconds; ends earlier at a halt, at the end, or (if asked) after a corner. */
export function moveAlong(motion: Motion, forS: number, reportCorners: boolean): MotionOutcome {
  const startedDeg = directionOf(motion.leg, motion.segment)
  let seconds = 0
  let meters = 0
  while (seconds < forS - 1e-6) {
    const dt = Math.min(1, forS - seconds)
    const before = motion.speedMps
    const wanted = Math.max(CREEP_MPS, allowedMps(motion))
    motion.speedMps = Math.max(before - HARDEST_BRAKE_MPS2 * dt, Math.min(before + SPEED_UP_MPS2 * dt, wanted))
    const wantedM = ((before + motion.speedMps) / 2) * dt
    const { movedM, stop } = rollOn(motion, wantedM)
    meters += movedM
    seconds += dt
    if (stop) {
      motion.speedMps = 0
      return { reason: stop, seconds, meters }
    }
    if (!reportCorners || seconds < CORNER_REPORT_AFTER_S) continue
    if (turnDeg(startedDeg, directionOf(motion.leg, motion.segment)) >= CORNER_DEG) return { reason: 'corner', seconds, meters }
  }
  return { reason: 'time', seconds, meters }
}

/** The speed from which every constraint ahead can still be met. */
function allowedMps({ leg, segment, alongM }: Motion): number {
  let allowed = leg.limitMps[segment] as number
  let aheadM = (leg.segmentM[segment] as number) - alongM
  for (let k = segment + 1; k < leg.lon.length && aheadM < LOOK_AHEAD_M; k++) {
    const cap = leg.pointMps[k] as number
    if (cap < allowed) allowed = Math.min(allowed, Math.sqrt(cap * cap + 2 * BRAKE_MPS2 * aheadM))
    aheadM += leg.segmentM[k] as number
  }
  return allowed
}

function rollOn(motion: Motion, wantedM: number): { movedM: number; stop?: 'halted' | 'arrived' } {
  const { leg } = motion
  let leftM = wantedM
  for (;;) {
    const toPointM = (leg.segmentM[motion.segment] as number) - motion.alongM
    if (leftM < toPointM) {
      motion.alongM += leftM
      return { movedM: wantedM }
    }
    leftM -= toPointM
    const point = motion.segment + 1
    if (point === leg.lon.length - 1) {
      motion.alongM += toPointM
      return { movedM: wantedM - leftM, stop: 'arrived' }
    }
    motion.segment = point
    motion.alongM = 0
    if (leg.pointMps[point] === 0) {
      leg.pointMps[point] = Math.min(leg.limitMps[point] as number, cornerMps(leg, point))
      return { movedM: wantedM - leftM, stop: 'halted' }
    }
  }
}
