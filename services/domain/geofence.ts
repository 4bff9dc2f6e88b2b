// Places as shapes on the ground, in WGS-84: circles and polygons, their boxes, and whether a point is inside.
// A polygon's edges are straight in longitude and latitude, as in GeoJSON; what lies on the edge is inside.
import { z } from 'zod'

/** [longitude, latitude] in degrees. */
export type LonLat = readonly [number, number]
export type Circle = { centre: LonLat; radiusM: number }
export type Shape = ({ type: 'circle' } & Circle) | { type: 'polygon'; ring: readonly LonLat[] }
/** [west, south, east, north] in degrees. */
export type Box = [number, number, number, number]

export const MAX_VERTICES = 500
export const MIN_RADIUS_M = 5
export const MAX_RADIUS_M = 50_000

/** Corners closer than this are one: a double click, or a rounding. No map is true to it. */
const SAME_CORNER_M = 0.2

const lonLat = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
export const shapeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('circle'), centre: lonLat, radiusM: z.number().min(MIN_RADIUS_M).max(MAX_RADIUS_M) }),
  // As many again may be there twice: how many are left is judged when those are gone.
  z.object({ type: z.literal('polygon'), ring: z.array(lonLat).max(2 * (MAX_VERTICES + 1)) }),
])

const AXIS_M = 6_378_137
const E2 = 0.006_694_379_990_14
const RAD = Math.PI / 180

/** Metres of one degree of longitude and of latitude on the ellipsoid, at a latitude. */
function metresPerDegree(lat: number): { lon: number; lat: number } {
  const w2 = 1 - E2 * Math.sin(lat * RAD) ** 2
  return { lon: (RAD * AXIS_M * Math.cos(lat * RAD)) / Math.sqrt(w2), lat: (RAD * AXIS_M * (1 - E2)) / (w2 * Math.sqrt(w2)) }
}

/** Metres on the ellipsoid by its curvature at the middle latitude: within 0.1 m of the geodesic up to 50 km below 60° of latitude. */
export function distanceM(a: LonLat, b: LonLat): number {
  const per = metresPerDegree((a[1] + b[1]) / 2)
  return Math.hypot((b[0] - a[0]) * per.lon, (b[1] - a[1]) * per.lat)
}

export function boxOf(shape: Shape): Box {
  if (shape.type === 'polygon') {
    const lons = shape.ring.map((point) => point[0])
    const lats = shape.ring.map((point) => point[1])
    return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
  }
  const { centre, radiusM } = shape
  const dLat = (radiusM / metresPerDegree(centre[1]).lat) * 1.002
  // A degree of longitude is shortest at the edge that lies farther from the equator.
  const dLon = (radiusM / metresPerDegree(Math.abs(centre[1]) + dLat).lon) * 1.002
  return [centre[0] - dLon, centre[1] - dLat, centre[0] + dLon, centre[1] + dLat]
}

export function isInside(shape: Shape, point: LonLat): boolean {
  return shape.type === 'circle' ? distanceM(shape.centre, point) <= shape.radiusM : isInRing(shape.ring, point)
}

/** How far outside a shape a point is, m; 0 inside. */
export function metresOutside(shape: Shape, point: LonLat): number {
  if (shape.type === 'circle') return Math.max(0, distanceM(shape.centre, point) - shape.radiusM)
  if (isInRing(shape.ring, point)) return 0
  const per = metresPerDegree(point[1])
  const off = ([lon, lat]: LonLat): [number, number] => [(lon - point[0]) * per.lon, (lat - point[1]) * per.lat]
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < shape.ring.length; i++) {
    const [a, b] = [off(shape.ring[i - 1]!), off(shape.ring[i]!)]
    const [x, y] = [b[0] - a[0], b[1] - a[1]]
    const square = x * x + y * y
    const part = square === 0 ? 0 : Math.min(1, Math.max(0, -(a[0] * x + a[1] * y) / square))
    least = Math.min(least, Math.hypot(a[0] + part * x, a[1] + part * y))
  }
  return least
}

/** Even–odd rule with the edge counted in. Closed rings only. */
export function isInRing(ring: readonly LonLat[], [lon, lat]: LonLat): boolean {
  let inside = false
  for (let i = 1; i < ring.length; i++) {
    const a = ring[i - 1]!
    const b = ring[i]!
    const side = turn(a, b, [lon, lat])
    if (side === 0 && isBetween(a, b, [lon, lat])) return true
    if (a[1] > lat !== b[1] > lat && side > 0 === b[1] > a[1]) inside = !inside
  }
  return inside
}

/** Twice the signed area of a triangle: positive when c is left of a → b, exactly 0 on the line (as far as doubles tell). */
const turn = (a: LonLat, b: LonLat, c: LonLat): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

const isBetween = (a: LonLat, b: LonLat, c: LonLat): boolean =>
  c[0] >= Math.min(a[0], b[0]) && c[0] <= Math.max(a[0], b[0]) && c[1] >= Math.min(a[1], b[1]) && c[1] <= Math.max(a[1], b[1])

/** Square metres, positive when the ring runs counter-clockwise; exact enough to judge sizes by. */
export function ringAreaM2(ring: readonly LonLat[]): number {
  const [lon0, lat0] = ring[0]!
  const per = metresPerDegree(ring.reduce((sum, point) => sum + point[1], 0) / ring.length)
  let twice = 0
  for (let i = 1; i < ring.length; i++) {
    const a = ring[i - 1]!
    const b = ring[i]!
    twice += (a[0] - lon0) * (b[1] - lat0) - (b[0] - lon0) * (a[1] - lat0)
  }
  return (twice / 2) * per.lon * per.lat
}

/**
 * The ring without corners that stand twice in a row (as far as a hand can tell), and closed exactly where it was as good as closed.
 * A ring that ends elsewhere than it began stays open, and one without any extent becomes too short to be one.
 */
export function withoutDoubledCorners(ring: readonly LonLat[]): LonLat[] {
  const isSame = (a: LonLat, b: LonLat) => distanceM(a, b) < SAME_CORNER_M
  const kept: LonLat[] = []
  for (const corner of ring) if (kept.length === 0 || !isSame(kept.at(-1)!, corner)) kept.push(corner)
  const first = kept[0]
  // The closing corner is the first one again; a doubled one before it is dropped for it.
  if (first && kept.length > 1 && isSame(first, kept.at(-1)!)) kept[kept.length - 1] = first
  return kept
}

export const ringProblems = ['too_few', 'too_many', 'not_closed', 'repeated', 'crosses_itself', 'too_small', 'too_large'] as const
export type RingProblem = (typeof ringProblems)[number]

const MIN_AREA_M2 = 50

/**
 * What is wrong with a ring, or null. A ring is closed (its last point is its first), has 3 to 500 different corners, and touches itself nowhere.
 * @param maxSpanM how long its box may be
 */
export function findRingProblem(ring: readonly LonLat[], maxSpanM: number): RingProblem | null {
  if (ring.length < 4) return 'too_few'
  if (ring.length > MAX_VERTICES + 1) return 'too_many'
  const first = ring[0]!
  const last = ring.at(-1)!
  if (first[0] !== last[0] || first[1] !== last[1]) return 'not_closed'
  if (new Set(ring.map(String)).size !== ring.length - 1) return 'repeated'
  const edges = ring.length - 1
  for (let i = 0; i < edges; i++) {
    for (let j = i + 1; j < edges; j++) {
      const neighbours = j === i + 1 || (i === 0 && j === edges - 1)
      if (neighbours ? folds(ring, i, j) : edgesMeet(ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!)) return 'crosses_itself'
    }
  }
  if (Math.abs(ringAreaM2(ring)) < MIN_AREA_M2) return 'too_small'
  const [west, south, east, north] = boxOf({ type: 'polygon', ring })
  if (distanceM([west, south], [east, north]) > maxSpanM) return 'too_large'
  return null
}

/** Do two neighbouring edges lie upon each other? */
function folds(ring: readonly LonLat[], i: number, j: number): boolean {
  const [a, corner, b] = j === i + 1 ? [ring[i]!, ring[j]!, ring[j + 1]!] : [ring[j]!, ring[i]!, ring[i + 1]!]
  if (turn(a, corner, b) !== 0) return false
  return (a[0] - corner[0]) * (b[0] - corner[0]) + (a[1] - corner[1]) * (b[1] - corner[1]) > 0
}

/** Does the straight way from a to b touch the shape? Of two points outside it: does it lead through? */
export function wayMeets(shape: Shape, a: LonLat, b: LonLat): boolean {
  if (isInside(shape, a) || isInside(shape, b)) return true
  if (shape.type === 'circle') {
    const per = metresPerDegree(shape.centre[1])
    const off = ([lon, lat]: LonLat): [number, number] => [(lon - shape.centre[0]) * per.lon, (lat - shape.centre[1]) * per.lat]
    const [from, to] = [off(a), off(b)]
    const [x, y] = [to[0] - from[0], to[1] - from[1]]
    const square = x * x + y * y
    const part = square === 0 ? 0 : Math.min(1, Math.max(0, -(from[0] * x + from[1] * y) / square))
    return Math.hypot(from[0] + part * x, from[1] + part * y) <= shape.radiusM
  }
  for (let i = 1; i < shape.ring.length; i++) if (edgesMeet(a, b, shape.ring[i - 1]!, shape.ring[i]!)) return true
  return false
}

function edgesMeet(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  const abc = Math.sign(turn(a, b, c))
  const abd = Math.sign(turn(a, b, d))
  const cda = Math.sign(turn(c, d, a))
  const cdb = Math.sign(turn(c, d, b))
  if (abc !== abd && cda !== cdb) return true
  return (
    (abc === 0 && isBetween(a, b, c)) ||
    (abd === 0 && isBetween(a, b, d)) ||
    (cda === 0 && isBetween(c, d, a)) ||
    (cdb === 0 && isBetween(c, d, b))
  )
}

/** A point inside, to put a name or a pin at: the middle of the widest run along the middle latitude. */
export function pointInside(shape: Shape): LonLat {
  if (shape.type === 'circle') return shape.centre
  const [, south, , north] = boxOf(shape)
  // A little off the middle, so that the line runs through no corner of a regular shape.
  const lat = south + (north - south) * 0.4993
  const crossings: number[] = []
  for (let i = 1; i < shape.ring.length; i++) {
    const a = shape.ring[i - 1]!
    const b = shape.ring[i]!
    if (a[1] > lat !== b[1] > lat) crossings.push(a[0] + ((lat - a[1]) / (b[1] - a[1])) * (b[0] - a[0]))
  }
  crossings.sort((a, b) => a - b)
  let best: LonLat = shape.ring[0]!
  let widest = -1
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const width = crossings[i + 1]! - crossings[i]!
    if (width > widest) {
      widest = width
      best = [crossings[i]! + width / 2, lat]
    }
  }
  return best
}

/** A circle as a ring, to draw it: the ground's circle, not the map's. */
export function circleRing({ centre, radiusM }: Circle, corners = 64): [number, number][] {
  const per = metresPerDegree(centre[1])
  const ring = Array.from({ length: corners }, (_, k): [number, number] => {
    const angle = (2 * Math.PI * k) / corners
    return [centre[0] + (radiusM * Math.cos(angle)) / per.lon, centre[1] + (radiusM * Math.sin(angle)) / per.lat]
  })
  return [...ring, ring[0]!]
}
