// One leg of a mission as the driver sees it: points, segment lengths, and how fast each point may be passed.
import { bearingDeg, distanceM, turnDeg } from '../geo.ts'
import type { Random } from '../random.ts'
import type { Route } from '../roads/router.ts'

const KPH = 1 / 3.6
/** From the kerb to the first crossing and from the last one to the kerb. */
const YARD_KPH = 20
const RED_LIGHT_CHANCE = 0.22

export type Leg = {
  lon: Float64Array
  lat: Float64Array
  /** Meters from point k to point k + 1. */
  segmentM: Float64Array
  limitMps: Float32Array
  /** The most speed at point k, m/s; 0 makes the vehicle halt there. */
  pointMps: Float32Array
}

/** From a kerb along a route (or straight, where there is none) to a kerb. */
export function createLeg(
  from: readonly [number, number],
  route: Route | undefined,
  to: readonly [number, number],
  driverFactor: number,
  random: Random,
): Leg {
  const inner = route?.lon.length ?? 0
  const size = inner + 2
  const leg: Leg = {
    lon: new Float64Array(size),
    lat: new Float64Array(size),
    segmentM: new Float64Array(size),
    limitMps: new Float32Array(size).fill(YARD_KPH * KPH),
    pointMps: new Float32Array(size).fill(100),
  }
  leg.lon.set([from[0], ...(route?.lon ?? []), to[0]])
  leg.lat.set([from[1], ...(route?.lat ?? []), to[1]])
  for (let k = 0; k < inner - 1; k++) leg.limitMps[k + 1] = (route?.speedKph[k] as number) * KPH * driverFactor
  for (let k = 0; k < size - 1; k++) leg.segmentM[k] = between(leg, k)
  for (let k = 1; k < size - 1; k++) {
    const limit = leg.limitMps[k] as number
    const redLight = limit > 4 && limit < 20 && random.next() < RED_LIGHT_CHANCE
    leg.pointMps[k] = redLight ? 0 : Math.min(limit, cornerMps(leg, k))
  }
  leg.pointMps[size - 1] = 0
  return leg
}

export const legLengthM = (leg: Leg): number => leg.segmentM.reduce((sum, m) => sum + m, 0)

/** Speed for the turn at point k: free up to a bend of 15 degrees, walking pace for a turn on the spot. */
export function cornerMps(leg: Leg, k: number): number {
  const turn = turnDeg(directionOf(leg, k - 1), directionOf(leg, k))
  return turn < 15 ? 100 : Math.max(2.5, 16 - turn * 0.13)
}

export const directionOf = ({ lon, lat }: Leg, k: number): number =>
  bearingDeg(lon[k] as number, lat[k] as number, lon[k + 1] as number, lat[k + 1] as number)

const between = ({ lon, lat }: Leg, k: number): number =>
  distanceM(lon[k] as number, lat[k] as number, lon[k + 1] as number, lat[k + 1] as number)
