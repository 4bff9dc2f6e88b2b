// Fixes that could be reached and were wild all the same: one to three of them out and back, beside the way. Judged by what lies around them:
// the odometer, the speeds that were said, the speeds of the trip itself, and the line that the way takes without them.
// What bears a detour out – an odometer that counted it, a speed that got there – makes it one.
import type { SpikeLaw, TripLaw } from '../../domain/tripLaw.ts'
import { narrowing, nthOf, type Place, squareBetween } from './plane.ts'
import type { Point } from './point.ts'
import { claimsToMove } from './rest.ts'

/** So many legs of a trip are asked how fast it usually is: no more are needed to know it. */
const SAMPLES = 101
const METRES_E7 = 0.0111195

type Run = { first: number; length: number; savingM: number }

/** The points of a trip without those that are no part of its way, and how far each is from the one before. The first and the last are where it rests. */
export function withoutSpikes(trips: TripLaw, given: readonly Point[]): { points: readonly Point[]; legs: Float64Array; spikes: Point[] } {
  const law = trips.spikes
  const legs = legsOf(given)
  const usualMps = usualOf(law, given, legs)
  const hot = hotLegs(law, given, legs, usualMps)
  if (!hot) return { points: given, legs, spikes: [] }
  const judge = new Judge(trips, given, legs, usualMps)
  const spikes: Point[] = []
  const kept = [0]
  for (let i = 1; i < given.length; ) {
    const before = kept.at(-1)!
    const run = before < i - 1 || isHot(hot, i, law.run) ? judge.best(kept.at(-2), before, i) : undefined
    if (run) {
      for (let k = 0; k < run.length; k++) spikes.push(given[i + k]!)
      i += run.length
    } else kept.push(i++)
  }
  if (spikes.length === 0) return { points: given, legs, spikes }
  const points = kept.map((i) => given[i]!)
  return { points, legs: legsOf(points), spikes }
}

/** Metres from the point before. One cosine serves for a kilometre. */
function legsOf(given: readonly Point[]): Float64Array {
  const legs = new Float64Array(given.length)
  let { lonE7, latE7 } = given[0]!
  let wideAt = latE7
  let wide = narrowing(latE7)
  for (let i = 1; i < given.length; i++) {
    const point = given[i]!
    const y = point.latE7 - latE7
    const x = (point.lonE7 - lonE7) * wide
    lonE7 = point.lonE7
    latE7 = point.latE7
    legs[i] = Math.sqrt(x * x + y * y) * METRES_E7
    if (Math.abs(latE7 - wideAt) < 100_000) continue
    wideAt = latE7
    wide = narrowing(latE7)
  }
  return legs
}

const secondsBetween = (a: Point, b: Point): number => (b.tsMs - a.tsMs) / 1000

/** How fast the quick part of the trip is, m/s: of its legs that move the speed that one in ten exceeds; of few legs nothing, they are asked one by one. */
function usualOf(law: SpikeLaw, given: readonly Point[], legs: Float64Array): number | undefined {
  if (legs.length <= law.fewLegs) return undefined
  const stride = Math.max(1, Math.floor((legs.length - 1) / SAMPLES))
  const sample = new Float64Array(Math.ceil((legs.length - 1) / stride))
  let n = 0
  for (let i = 1; i < legs.length; i += stride) {
    const mps = legs[i]! / secondsBetween(given[i - 1]!, given[i]!)
    if (mps >= law.movingMps) sample[n++] = mps
  }
  if (n === 0) return law.leastUsualMps
  return Math.max(law.leastUsualMps, nthOf(sample.subarray(0, n), Math.floor((n - 1) * law.usualPart)))
}

/** The legs at which a run of wild fixes may begin or end; undefined = there is none. */
function hotLegs(law: SpikeLaw, given: readonly Point[], legs: Float64Array, usualMps: number | undefined): Uint8Array | undefined {
  let hot: Uint8Array | undefined
  for (let i = 1; i < legs.length; i++) {
    const metres = legs[i]!
    // What is saved without a run is no more than four of its longest legs.
    if (metres < law.savingM / 2) continue
    const a = given[i - 1]!
    const b = given[i]!
    const seconds = secondsBetween(a, b)
    const isHot =
      usualMps === undefined ||
      metres > law.smoothRatio * usualMps * seconds ||
      (metres / seconds) * 36 > Math.max(a.speedDkph ?? 0, b.speedDkph ?? 0) * law.readingRatio + law.readingMarginDkph ||
      metres > ((b.odometerM ?? Number.POSITIVE_INFINITY) - (a.odometerM ?? 0)) * law.odometerRatio + law.savingM / 4 ||
      metres >= (law.mostMps2 * seconds * seconds) / 2
    if (!isHot) continue
    hot ??= new Uint8Array(legs.length)
    hot[i] = 1
  }
  return hot
}

function isHot(hot: Uint8Array, first: number, run: number): boolean {
  for (let i = first; i <= first + run; i++) if (hot[i] === 1) return true
  return false
}

class Judge {
  readonly #law: SpikeLaw
  readonly #trips: TripLaw
  readonly #given: readonly Point[]
  readonly #legs: Float64Array
  readonly #usualMps: number | undefined
  #step: number | undefined

  constructor(trips: TripLaw, given: readonly Point[], legs: Float64Array, usualMps: number | undefined) {
    this.#trips = trips
    this.#law = trips.spikes
    this.#given = given
    this.#legs = legs
    this.#usualMps = usualMps
  }

  // Which of two runs explains more is no law but a comparison: by a tenth, and half as much again where both its ends are unusual.

  /** The run that begins here, if none that begins within it explains more. */
  best(before: number | undefined, a: number, first: number): Run | undefined {
    const here = this.#longest(before, a, first)
    if (!here) return undefined
    for (let later = first + 1; later <= first + here.length; later++) {
      const other = this.#longest(later - 2, later - 1, later)
      if (other && (other.savingM > here.savingM * 1.1 || (other.length < here.length && other.savingM > here.savingM * 0.9)))
        return undefined
    }
    return here
  }

  /** Of the runs that begin here the shortest that explains nearly as much as any. */
  #longest(before: number | undefined, a: number, first: number): Run | undefined {
    let found: Run | undefined
    for (let length = 1; length <= this.#law.run && first + length < this.#given.length; length++) {
      const savingM = this.#saving(before, a, first, length)
      if (savingM > 0 && (!found || savingM > found.savingM * 1.1)) found = { first, length, savingM }
    }
    return found
  }

  /** As `#savingM`, and more where both ways there are unusual: a run before the wild one saves as much, and leaves the other way unexplained. */
  #saving(before: number | undefined, from: number, first: number, length: number): number {
    const savingM = this.#savingM(before, from, first, length)
    if (savingM === 0) return 0
    const to = first + length
    const mostMps = (this.#usualMps ?? this.#fastestBut(first, to)) * this.#law.smoothRatio
    const isUnusual = (i: number): boolean => this.#legs[i]! > mostMps * secondsBetween(this.#given[i - 1]!, this.#given[i]!)
    return isUnusual(first) && isUnusual(to) ? savingM * 1.5 : savingM
  }

  /** By how much the way is shorter without a run that is no part of it; 0 where it may be one. */
  #savingM(before: number | undefined, from: number, first: number, length: number): number {
    const law = this.#law
    const given = this.#given
    const to = first + length
    const a = given[from]!
    const c = given[to]!
    const inM = from === first - 1 ? this.#legs[first]! : Math.sqrt(squareBetween(a, given[first]!))
    const outM = this.#legs[to]!
    let viaM = inM + outM
    for (let i = first + 1; i < to; i++) viaM += this.#legs[i]!
    const acrossM = Math.sqrt(squareBetween(a, c))
    const savingM = viaM - acrossM
    const seconds = secondsBetween(a, c)
    if (savingM <= (seconds < law.closeS ? 2 : 1) * law.savingM) return 0
    const gone = a.odometerM === null || c.odometerM === null ? null : c.odometerM - a.odometerM
    if (gone !== null && gone >= viaM * law.countedLeast && gone <= viaM * law.countedMost) return 0
    if (gone !== null && this.#deniesByOdometer(gone, viaM, acrossM)) return savingM

    const [inS, outS] = [secondsBetween(a, given[first]!), secondsBetween(given[to - 1]!, c)]
    const turnsHard = length === 1 && seconds <= law.turnS && (inM / inS + outM / outS) / (seconds / 2) >= law.mostMps2
    if (turnsHard) return savingM
    const needMps = Math.max(inM / inS, outM / outS)
    const acrossMps = acrossM / seconds
    let [reading, allMove] = [0, true]
    for (let i = from; i <= to; i += i === from ? first - from : 1) {
      reading = Math.max(reading, given[i]!.speedDkph ?? 0)
      allMove &&= claimsToMove(this.#trips, given[i]!)
    }
    const most = (reading * law.readingRatio + law.readingMarginDkph) / 36
    if (allMove && seconds <= law.readingS * (length + 1) && needMps > most && acrossMps <= most) return savingM
    // Said to be as fast as it had to be.
    if (reading / 36 >= needMps * law.reachedPart) return 0
    if (given.length <= law.leastLegs) return 0
    const usualMps = this.#usualMps ?? this.#fastestBut(first, to)
    const limitMps = usualMps * law.usualRatio + law.usualMarginMps
    // Of few legs none is usual: there only a way that goes on as if nothing had been says so.
    if (this.#usualMps !== undefined && needMps > limitMps && acrossMps <= limitMps) return savingM
    return needMps > usualMps * law.smoothRatio && this.#isSmooth(before, from, to) ? savingM : 0
  }

  /** The odometer has counted the way across, and not the detour. */
  #deniesByOdometer(gone: number, viaM: number, acrossM: number): boolean {
    const { odometerRatio, savingM, acrossRatio, acrossMarginM } = this.#law
    if (
      viaM <= gone * odometerRatio + savingM ||
      acrossM > gone * odometerRatio + savingM / 3 ||
      gone > acrossM * acrossRatio + acrossMarginM
    )
      return false
    this.#step ??= stepOf(Float64Array.from(this.#given.flatMap(({ odometerM }) => odometerM ?? [])))
    return viaM > (gone + this.#step) * odometerRatio + savingM
  }

  #fastestBut(first: number, last: number): number {
    let most = this.#law.leastUsualMps
    for (let i = 1; i < this.#legs.length; i++)
      if (i !== first && i !== last) most = Math.max(most, this.#legs[i]! / secondsBetween(this.#given[i - 1]!, this.#given[i]!))
    return most
  }

  /** Without the run the vehicle goes on as it went before and as it goes after: in the same direction, and in time. */
  #isSmooth(before: number | undefined, from: number, to: number): boolean {
    const [a, c] = [this.#given[from]!, this.#given[to]!]
    const z = before === undefined || before < 0 ? undefined : this.#given[before]
    const d = this.#given[to + 1]
    return (z !== undefined || d !== undefined) && (!z || this.#leadsTo(z, a, c)) && (!d || this.#leadsTo(d, c, a))
  }

  /** Does who came from `z` to `a` get to about `c` if he goes on like that? */
  #leadsTo(z: Point, a: Point, c: Point): boolean {
    const part = (c.tsMs - a.tsMs) / (a.tsMs - z.tsMs)
    const wide = narrowing(a.latE7)
    const off = (from: Place, over: Place, to: Place, by: 'lonE7' | 'latE7'): number => to[by] - over[by] - (over[by] - from[by]) * part
    const offM = Math.hypot(off(z, a, c, 'lonE7') * wide, off(z, a, c, 'latE7')) * METRES_E7
    return offM <= this.#law.smoothPart * Math.sqrt(squareBetween(a, c)) + this.#law.smoothM
  }
}

/** The largest of 1, 100 and 1000 m that every reading is a multiple of: the step in which this odometer counts. */
export function stepOf(known: Float64Array): number {
  if (known.length < 5) return 1
  return [1000, 100].find((step) => known.every((odometerM) => odometerM % step === 0)) ?? 1
}
