// A vehicle under way: its positions since it left, and whether it has come to rest among them.
import { lawAt, reachM, type TripLaw } from '../../domain/tripLaw.ts'
import { measure } from './measure.ts'
import { isWithin, middleOf, noiseSquare, type Place, squareBetween } from './plane.ts'
import type { Flag, Point, Trip } from './point.ts'
import { claimsToMove, type Rest, standsStill } from './rest.ts'

const saysStanding = (law: TripLaw, point: Point): boolean =>
  point.speedDkph === null ? point.ignition === false : standsStill(law, point)

type Arrival = { place: Place; index: number }

export class Drive {
  /** In force when it left, to its end. */
  readonly law: TripLaw
  /** The rest that it left. */
  readonly left: Rest
  readonly points: Point[]
  readonly #from: Place
  readonly #fixes: number
  /** What the odometer said at that rest. */
  readonly #odometerM: number | null
  #sawIgnitionOn = false
  /** All positions from here on lie within `stayM` of this one. */
  #candidate = 0
  /** How many reports were elsewhere than the rest that it left, counted to two. */
  #elsewhere = 0

  constructor(laws: readonly TripLaw[], left: Rest) {
    const { points, from, fixes, odometerM } = left.leave()
    this.#odometerM = odometerM
    this.law = lawAt(points[0]!.tsMs, laws)
    this.left = left
    this.points = points
    this.#from = from
    this.#fixes = fixes
    for (const point of points) this.#sawIgnitionOn ||= point.ignition === true
  }

  get last(): Point {
    return this.points.at(-1)!
  }

  /** The one report of having been elsewhere, if there is no other and it does not say that it drove. */
  get lone(): Point | undefined {
    const [start, seen] = [this.points[0]!, this.last]
    if (this.#elsewhere !== 1 || claimsToMove(this.law, seen)) return undefined
    const driven = seen.odometerM !== null && start.odometerM !== null && seen.odometerM - start.odometerM > this.law.drivenM
    return driven ? undefined : seen
  }

  push(point: Point): void {
    this.points.push(point)
    if (this.#elsewhere < 2 && this.left.isElsewhere(point)) this.#elsewhere++
    this.#sawIgnitionOn ||= point.ignition === true
    if (!this.#isNear(this.points[this.#candidate]!, point)) this.#advance()
  }

  /** Has it been within `stayM` of one place for `restS`? */
  get rests(): boolean {
    return this.last.tsMs - this.points[this.#candidate]!.tsMs >= this.law.restS * 1000
  }

  /** Was the silence before this position a rest: too long, after a report that said so, or one that got nowhere? */
  restedUntil(point: Point): boolean {
    const silentMs = point.tsMs - this.last.tsMs
    const { restS, contactS, maxGapS, walkMps } = this.law
    if (silentMs < restS * 1000 || this.#isNear(this.last, point)) return silentMs > maxGapS * 1000
    if (silentMs > maxGapS * 1000 || this.saysRest(point)) return true
    if (silentMs <= contactS * 1000) return false
    // A hole in the coverage is driven through. Who went round and is back nearly where he was is known by his odometer.
    const slowM = (walkMps * silentMs) / 1000
    const driven = point.odometerM === null || this.last.odometerM === null ? 0 : point.odometerM - this.last.odometerM
    return isWithin(this.last, point, slowM) && (driven < slowM || driven > reachM(this.law, silentMs))
  }

  /** Did the last report say that it has come to rest? `next`: what came after it. */
  saysRest(next?: Point): boolean {
    const { last } = this
    const before = this.points.at(-2)
    // The last silence after such a report was no rest, so neither is this one: towed or ferried, or its speed is always 0.
    if (before && saysStanding(this.law, before) && saysStanding(this.law, last) && !(next && claimsToMove(this.law, next)))
      if (last.tsMs - before.tsMs >= this.law.restS * 1000 && !this.#isNear(before, last)) return false
    if (last.speedDkph === null) return last.ignition === false && this.#sawIgnitionOn
    if (!standsStill(this.law, last)) return false
    if (last.ignition !== true) return true
    let first = this.points.length - 1
    while (first > this.#candidate && standsStill(this.law, this.points[first - 1]!)) first--
    return last.tsMs - this.points[first]!.tsMs >= this.law.standingS * 1000
  }

  /** Where it rests, and the first position there; while that is not known, the last position of all. */
  arrival(): Arrival {
    const last = this.points.length - 1
    const there = this.points.slice(this.#candidate)
    // Still going when nothing more is known.
    if (!standsStill(this.law, this.last) && this.last.tsMs - there[0]!.tsMs < this.law.standingS * 1000)
      return { place: this.last, index: last }
    const standing = this.#standing(there)
    const exact = middleOf(standing)
    const place = { lonE7: Math.round(exact.lonE7), latE7: Math.round(exact.latE7) }
    const silentMs = this.law.restS * 1000
    // A noisy fix moves the candidate on, not the time when it got here.
    let first = this.#candidate
    while (first > 1 && this.#isNear(place, this.points[first - 1]!)) first--
    for (let i = first; i < last; i++) {
      const point = this.points[i]!
      const [isThere, fellSilent] = [isWithin(place, point, this.law.driftM), this.points[i + 1]!.tsMs - point.tsMs >= silentMs]
      if (fellSilent || (standsStill(this.law, point) && this.#isNear(place, point))) return { place, index: i }
      if (isThere) return { place, index: this.#stopsAt(place, standing, i) }
    }
    return { place, index: last }
  }

  /** Its fixes there, without those that dense reports have of the way to it. */
  #standing(there: readonly Point[]): readonly Point[] {
    const sinceMs = there[0]!.tsMs + (this.law.stayM / this.law.walkMps) * 1000
    const standing = there.filter(({ tsMs }) => tsMs >= sinceMs)
    return standing.length < 3 ? there : standing
  }

  /** Within a drift of the place, and further off than the noise of its fixes: on the way to it while each is nearer, at no less than a walk. */
  #stopsAt(place: Place, standing: readonly Point[], first: number): number {
    const { driftM, walkMps } = this.law
    const { points } = this
    const lastMs = points[first]!.tsMs + (driftM / walkMps) * 1000
    const noiseM2 = noiseSquare(place, standing)
    let index = first
    for (let i = first + 1; i < points.length && points[i]!.tsMs <= lastMs; i++) {
      const [from, to] = [points[i - 1]!, points[i]!]
      const left = squareBetween(place, from)
      if (left <= noiseM2 || squareBetween(place, to) >= left) break
      if (isWithin(from, to, (walkMps * (to.tsMs - from.tsMs)) / 1000)) break
      index = i
    }
    return index
  }

  /** The trip that ends with an arrival; undefined when it is none: too short, or too few reports. */
  trip({ place, index }: Arrival, ended: boolean, confirmedMs: number | null, flag: (flag: Flag) => void): Trip | undefined {
    const points = this.points.slice(0, index + 1)
    if (points.length < this.law.leastReports) return undefined
    const [start, end] = [points[0]!, points.at(-1)!]
    // The odometer is read at the two rests, not where the fixes were first seen to leave and arrive: so trips add up to it.
    points[0] = this.#withOdometer(start, this.#odometerM)
    const read = ended ? this.points.findLast(({ odometerM }, i) => i >= index && odometerM !== null) : undefined
    if (read) points[index] = this.#withOdometer(end, read.odometerM)
    const { spikes, wrongSpeeds, ...figures } = measure(this.law, {
      points,
      from: this.#from,
      fixes: this.#fixes,
      to: ended ? place : end,
    })
    for (const { tsMs } of spikes) flag({ fromMs: tsMs, toMs: tsMs, reason: 'unreachable', positions: 1 })
    if (figures.distanceM < this.law.leastM) return undefined
    for (const { tsMs } of wrongSpeeds) flag({ fromMs: tsMs, toMs: tsMs, reason: 'speed', positions: 1 })
    return { start, end, ended, rest: place, confirmedMs, ...figures, positions: points.length }
  }

  /** A reading of the same rest: no further off than a rest is wide. */
  #withOdometer(point: Point, odometerM: number | null): Point {
    if (odometerM === null || (point.odometerM !== null && Math.abs(point.odometerM - odometerM) > this.law.stayM)) return point
    return { ...point, odometerM }
  }

  #isNear(a: Place, b: Place): boolean {
    return isWithin(a, b, this.law.stayM)
  }

  /** The earliest position from which on all lie near it. */
  #advance(): void {
    const { points } = this
    let first = points.length - 1
    while (first > this.#candidate + 1 && this.#isNear(points[first - 1]!, this.last)) first--
    while (!this.#allNear(first)) first++
    this.#candidate = first
  }

  #allNear(first: number): boolean {
    for (let i = first + 1; i < this.points.length; i++) if (!this.#isNear(this.points[first]!, this.points[i]!)) return false
    return true
  }
}
