// Distances between places in whole 1e-7 degrees. On a plane touching the earth between them: within 0.1 % up to 300 km, and a
// fraction of the cost of the great circle, which is asked for what is reported as a distance.

export type Place = { lonE7: number; latE7: number }

const EARTH_RADIUS_M = 6_371_008.8
const RADIANS = Math.PI / 180 / 1e7
const METRES = EARTH_RADIUS_M * RADIANS
const HALF_TURN_E7 = 1_800_000_000

/** Squared metres between two places. */
export function squareBetween(a: Place, b: Place): number {
  let east = b.lonE7 - a.lonE7
  if (east > HALF_TURN_E7) east -= 2 * HALF_TURN_E7
  else if (east < -HALF_TURN_E7) east += 2 * HALF_TURN_E7
  const x = east * METRES * Math.cos(((a.latE7 + b.latE7) / 2) * RADIANS)
  const y = (b.latE7 - a.latE7) * METRES
  return x * x + y * y
}

/** Is the one no further than `reachM` from the other? Most answers need no cosine: the other side is near in any latitude, or too far in it. */
export function isWithin(a: Place, b: Place, reachM: number): boolean {
  const reach = reachM * reachM
  const y = (b.latE7 - a.latE7) * METRES
  if (y * y > reach) return false
  const widest = (b.lonE7 - a.lonE7) * METRES
  if (widest * widest + y * y <= reach) return true
  return squareBetween(a, b) <= reach
}

/** Great-circle distance in metres. */
export function metresBetween(a: Place, b: Place): number {
  const dLat = (b.latE7 - a.latE7) * RADIANS
  const dLon = (b.lonE7 - a.lonE7) * RADIANS
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.latE7 * RADIANS) * Math.cos(b.latE7 * RADIANS) * Math.sin(dLon / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** The place in the middle: of each coordinate the median, so that a few fixes on the way do not move it. */
export function middleOf(places: readonly Place[]): Place {
  // Of two there is no middle: the later one is where it came to rest.
  if (places.length < 3) return { lonE7: places.at(-1)!.lonE7, latE7: places.at(-1)!.latE7 }
  return { lonE7: medianOf(Int32Array.from(places, ({ lonE7 }) => lonE7)), latE7: medianOf(Int32Array.from(places, ({ latE7 }) => latE7)) }
}

/** The middle one, of an even number the higher; sorts them. Typed, because numbers are then sorted as numbers without being asked. */
export function medianOf(values: Int32Array | Float64Array): number {
  return values.sort()[values.length >> 1]!
}
