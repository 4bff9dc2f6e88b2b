// What the satellite receiver and the clock of a terminal say, as opposed to the truth: noise that wanders, drift at rest, a clock that is off.
import { cosLat, METERS_PER_DEGREE } from '../geo.ts'
import { chanceOf, type Random } from '../random.ts'

/** A wandering error in meters east and north. */
export type Receiver = { eastM: number; northM: number; atMs: number; sigmaM: number; satellites: number; altitudeErrorM: number }

const WANDER_MS = 60_000
const RESTING_SIGMA_M = 1.6
/** No clock is further off than this, and none further ahead than 48 s. */
export const WORST_CLOCK_MS = 58_000

export function createReceiver(random: Random): Receiver {
  const sigmaM = random.between(2.2, 5)
  return {
    eastM: random.normal() * sigmaM,
    northM: random.normal() * sigmaM,
    atMs: 0,
    sigmaM,
    satellites: random.whole(11, 22),
    altitudeErrorM: random.normal() * 6,
  }
}

/** Lets the error wander until `atMs`: a first-order process, calmer when the vehicle stands. */
export function wander(receiver: Receiver, atMs: number, moving: boolean, random: Random): void {
  const keep = receiver.atMs === 0 ? 1 : Math.exp(-(atMs - receiver.atMs) / WANDER_MS)
  const sigmaM = moving ? receiver.sigmaM : RESTING_SIGMA_M
  const fresh = Math.sqrt(1 - keep * keep) * sigmaM
  receiver.eastM = receiver.eastM * keep + random.normal() * fresh
  receiver.northM = receiver.northM * keep + random.normal() * fresh
  receiver.atMs = atMs
}

/** The measured place of a true one, rounded to a tenth of a meter as terminals send it. */
export function measured({ eastM, northM }: Receiver, lon: number, lat: number): [number, number] {
  return [round6(lon + eastM / (METERS_PER_DEGREE * cosLat(lat))), round6(lat + northM / METERS_PER_DEGREE)]
}

/** How far a terminal's clock is ahead of true time, in ms: seconds for most, up to a minute for one in thirty. */
export function clockOffsetMs(key: number, atMs: number): number {
  const bad = chanceOf(key, 21) < 0.03
  const base = bad ? -55_000 + 100_000 * chanceOf(key, 22) : -2000 + 4000 * chanceOf(key, 22)
  const swing = bad ? 2800 : 400
  return base + swing * Math.sin(atMs / 4_000_000 + 6.28 * chanceOf(key, 23))
}

const round6 = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
