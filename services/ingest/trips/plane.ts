// Distances between places in whole 1e-7 degrees. On a plane touching the earth between them: within 0.1 % up to 300 km, and a
// fraction of the cost of the great circle, which is asked for what is reported as a distance.

export type Place = { lonE7: number; latE7: number }

const EARTH_RADIUS_M = 6_371_008.8
const RADIANS = Math.PI / 180 / 1e7
const METRES = EARTH_RADIUS_M * RADIANS
const HALF_TURN_E7 = 1_800_000_000

// Cosine and sine of each hundredth of a degree: between them a cosine is exact to 1e-12 and costs a quarter, and it is asked several times of every position.
const STEP_E7 = 100_000
const QUARTER_STEPS = 9_000
const cosines = Float64Array.from({ length: 2 * QUARTER_STEPS + 1 }, (_, i) => Math.cos((i - QUARTER_STEPS) * STEP_E7 * RADIANS))
const sines = Float64Array.from({ length: 2 * QUARTER_STEPS + 1 }, (_, i) => Math.sin((i - QUARTER_STEPS) * STEP_E7 * RADIANS))

/** How much narrower a degree of longitude is at a latitude than at the equator. */
export function narrowing(latE7: number): number {
  const step = Math.round(latE7 / STEP_E7)
  const off = (latE7 - step * STEP_E7) * RADIANS
  const cosine = cosines[step + QUARTER_STEPS]!
  return cosine - off * (sines[step + QUARTER_STEPS]! + (cosine * off) / 2)
}

/** Squared metres between two places. */
export function squareBetween(a: Place, b: Place): number {
  let east = b.lonE7 - a.lonE7
  if (east > HALF_TURN_E7) east -= 2 * HALF_TURN_E7
  else if (east < -HALF_TURN_E7) east += 2 * HALF_TURN_E7
  const x = east * METRES * narrowing((a.latE7 + b.latE7) / 2)
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
  const [lons, lats] = [new Int32Array(places.length), new Int32Array(places.length)]
  for (let i = 0; i < places.length; i++) {
    lons[i] = places[i]!.lonE7
    lats[i] = places[i]!.latE7
  }
  return { lonE7: medianOf(lons), latE7: medianOf(lats) }
}

/** So much further off than the half of the fixes at a place hardly one of them is. */
const NOISE_RATIO = 2.5

/** How far off its place the noise of a standing receiver reaches, m²: by its fixes there. */
export const noiseSquare = (place: Place, fixes: readonly Place[]): number =>
  medianOf(Float64Array.from(fixes, (fix) => squareBetween(place, fix))) * NOISE_RATIO ** 2

/** The middle one, of an even number the higher; moves them. */
export const medianOf = (values: Int32Array | Float64Array): number => nthOf(values, values.length >> 1)

/** The value that stands at `nth` when they are sorted; moves them. A third of what sorting costs, and each trip asks several times. */
export function nthOf(values: Int32Array | Float64Array, nth: number): number {
  let [from, to] = [0, values.length - 1]
  while (from < to) {
    const pivot = values[(from + to) >> 1]!
    let [low, high] = [from, to]
    while (low <= high) {
      while (values[low]! < pivot) low++
      while (values[high]! > pivot) high--
      if (low > high) break
      const moved = values[low]!
      values[low++] = values[high]!
      values[high--] = moved
    }
    if (nth <= high) to = high
    else if (nth >= low) from = low
    else break
  }
  return values[nth]!
}
