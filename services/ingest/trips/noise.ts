// The length of a way whose fixes are noisy. Adding up the legs between fixes of one second counts the noise, not the road: at 40 km/h
// and 15 m of noise it doubles it. So the noise is measured from the fixes themselves, and a leg counts when it is the law's `noise.legRatio` times
// longer than the uncertainty of its ends; until then the fixes of one end are averaged. Where there is no noise every fix counts.
import type { NoiseLaw, TripLaw } from '../../domain/tripLaw.ts'
import { medianOf, metresBetween, narrowing, type Place, squareBetween } from './plane.ts'
import type { Point } from './point.ts'

/** So many fixes of a trip are asked how noisy it is: no more are needed to know it. */
const SAMPLES = 101
const METRES_E7 = 0.0111195
/** Median of |x| of a normal distribution, and the noise of three fixes in the deviation of the middle one. */
const DEVIATION_TO_NOISE = 0.6745 * Math.sqrt(1.5)
/** From here on a plane is not exact enough (plane.ts). */
const FAR_M2 = 100_000 ** 2

/** Metres from the start at a time, at the corners of the way; both rise. */
export type Profile = { atMs: number[]; metres: number[] }

const legM = (a: Place, b: Place): number => {
  const square = squareBetween(a, b)
  return square < FAR_M2 ? Math.sqrt(square) : metresBetween(a, b)
}

/**
 * The way from `from` over the points (their first is where it begins, their last where it ends) to `to`.
 * @param known how many fixes `from` was averaged of
 */
export function profileOf({ noise: law }: TripLaw, points: readonly Point[], from: Place, known: number, to: Place): Profile {
  const noiseM = noiseOf(law, points)
  const profile: Profile = { atMs: [points[0]!.tsMs], metres: [0] }
  const { atMs, metres } = profile
  const nearE7 = law.leastLegM / METRES_E7
  const noiseE7 = (law.legRatio * noiseM) / METRES_E7
  let corner = from
  let cornerFixes = known
  let wide = narrowing(from.latE7)
  let total = 0
  let n = 0
  let lon = 0
  let lat = 0
  let ms = 0
  for (let i = 1; i < points.length - 1; i++) {
    const { lonE7, latE7, tsMs } = points[i]!
    const x = (lonE7 - corner.lonE7) * wide
    const y = latE7 - corner.latE7
    if (x * x + y * y < nearE7 * nearE7) {
      // Still at the corner: the way goes on from now, not from when it got there.
      atMs.push(tsMs)
      metres.push(total)
      n = lon = lat = ms = 0
      continue
    }
    n++
    lon += lonE7
    lat += latE7
    ms += tsMs
    if (noiseE7 > 0) {
      const east = (lon / n - corner.lonE7) * wide
      const north = lat / n - corner.latE7
      const square = east * east + north * north
      if (square < nearE7 * nearE7 || square < noiseE7 * noiseE7 * (1 / n + 1 / cornerFixes)) continue
    }
    const middle = n === 1 ? points[i]! : { lonE7: lon / n, latE7: lat / n }
    total += legM(corner, middle)
    atMs.push(ms / n)
    metres.push(total)
    corner = middle
    cornerFixes = n
    wide = narrowing(middle.latE7)
    n = lon = lat = ms = 0
  }
  atMs.push(points.at(-1)!.tsMs)
  metres.push(total + legM(corner, to))
  return profile
}

/** The noise of a fix in metres, from how far fixes lie beside the line between their neighbours. Corners are few: it is the median. */
function noiseOf(law: NoiseLaw, points: readonly Point[]): number {
  const triples = points.length - 2
  if (triples < 3) return 0
  const sparseE7 = law.sparseM / METRES_E7
  const stride = Math.max(1, Math.floor(triples / SAMPLES))
  const deviations = new Float64Array(Math.ceil(triples / stride))
  let n = 0
  for (let i = 1; i <= triples; i += stride) {
    const a = points[i - 1]!
    const b = points[i]!
    const c = points[i + 1]!
    const cos = narrowing(b.latE7)
    const x = (c.lonE7 - a.lonE7) * cos
    const y = c.latE7 - a.latE7
    const across = (b.lonE7 - a.lonE7) * cos * y - (b.latE7 - a.latE7) * x
    const base = Math.sqrt(x * x + y * y)
    if (base > 0 && base < sparseE7) deviations[n++] = (Math.abs(across) / base) * METRES_E7
  }
  if (n === 0) return 0
  return Math.min(law.mostM, medianOf(deviations.subarray(0, n)) / DEVIATION_TO_NOISE)
}

/** Reads a profile at rising times. */
export function reader({ atMs, metres }: Profile): (tsMs: number) => number {
  let i = 1
  return (tsMs) => {
    while (i < atMs.length - 1 && atMs[i]! < tsMs) i++
    const [fromMs, toMs] = [atMs[i - 1]!, atMs[i]!]
    const part = toMs > fromMs ? Math.min(1, Math.max(0, (tsMs - fromMs) / (toMs - fromMs))) : 1
    return metres[i - 1]! + part * (metres[i]! - metres[i - 1]!)
  }
}
