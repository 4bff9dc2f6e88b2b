// The length of a way whose fixes are noisy. Adding up the legs between fixes of one second counts the noise, not the road: at 40 km/h
// and 15 m of noise it doubles it. So the noise is measured from the fixes themselves, and a leg counts when it is the law's `noise.legRatio` times
// longer than the uncertainty of its ends; until then the fixes of one end are averaged. Where there is no noise every fix counts.
import type { NoiseLaw, TripLaw } from '../../domain/tripLaw.ts'
import { medianOf, metresBetween, type Place, squareBetween } from './plane.ts'
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
  let corner = from
  let cornerFixes = known
  let total = 0
  let [n, lon, lat, ms] = [0, 0, 0, 0]
  for (let i = 1; i < points.length - 1; i++) {
    const { lonE7, latE7, tsMs } = points[i]!
    if (squareBetween(corner, points[i]!) < law.leastLegM ** 2) {
      // Still at the corner: the way goes on from now, not from when it got there.
      profile.atMs.push(tsMs)
      profile.metres.push(total)
      n = lon = lat = ms = 0
      continue
    }
    n++
    lon += lonE7
    lat += latE7
    ms += tsMs
    const middle = { lonE7: lon / n, latE7: lat / n }
    const leastM = Math.max(law.leastLegM, law.legRatio * noiseM * Math.sqrt(1 / n + 1 / cornerFixes))
    if (squareBetween(corner, middle) < leastM * leastM) continue
    total += legM(corner, middle)
    profile.atMs.push(ms / n)
    profile.metres.push(total)
    corner = middle
    cornerFixes = n
    n = lon = lat = ms = 0
  }
  profile.atMs.push(points.at(-1)!.tsMs)
  profile.metres.push(total + legM(corner, to))
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
    const cos = Math.cos((b.latE7 * Math.PI) / 180e7)
    const x = (c.lonE7 - a.lonE7) * cos
    const y = c.latE7 - a.latE7
    const across = (b.lonE7 - a.lonE7) * cos * y - (b.latE7 - a.latE7) * x
    const base = Math.hypot(x, y)
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
