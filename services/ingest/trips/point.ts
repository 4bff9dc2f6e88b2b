// What the law of trips reads, and what it says. Times are ms since 1970, device time.
import type { Position } from '../../contracts/position.ts'
import type { FlagReason } from '../../domain/tracks.ts'
import type { Place } from './plane.ts'

/** `ignition` null = not reported. */
export type Point = Pick<Position, 'tsMs' | 'lonE7' | 'latE7' | 'speedDkph' | 'odometerM'> & { ignition: boolean | null }

export type Trip = {
  start: Point
  end: Point
  /** False while the last position is too young to say that the vehicle has come to rest. */
  ended: boolean
  /** Where it rests afterwards, and the time of the position that showed it; null while nothing has shown it. */
  rest: Place
  confirmedMs: number | null
  distanceM: number
  distanceBy: 'odometer' | 'track' | 'both'
  /** Along the positions alone, and by the odometer's ends alone (null = an end without one): how far they differ. */
  trackM: number
  odometerM: number | null
  /** Metres from the start at each full quarter of an hour inside the trip: windows cut here. */
  quartersM: number[]
  /** The highest speed that its neighbours do not contradict; null = unknown. */
  maxSpeedDkph: number | null
  positions: number
  /** It moved while the ignition was reported off: not wired, towed or ferried. */
  ignitionOff: boolean
}

/** Found elsewhere, and nobody saw how: no trip. */
export type Displacement = {
  /** `unseen`: after a silence; `jump`: further than any vehicle gets; `drift`: step by step, too slow or too short for a trip. */
  kind: 'unseen' | 'jump' | 'drift'
  start: Point
  end: Point
  confirmedMs: number | null
  distanceM: number
}

/** Positions from–to that say something their neighbours contradict. */
export type Flag = { fromMs: number; toMs: number; reason: FlagReason; positions: number }
