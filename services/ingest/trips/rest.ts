// A vehicle at rest: where, since when, and whether a position is still there.
import type { TripLaw } from '../../domain/tripLaw.ts'
import { isWithin, middleOf, noiseSquare, type Place, squareBetween } from './plane.ts'
import type { Flag, Point } from './point.ts'

/** So many forgotten positions are let go at once: it says nothing of the vehicle. */
const FORGOTTEN = 128

type Speed = Pick<Point, 'speedDkph'>
export const standsStill = (law: TripLaw, { speedDkph }: Speed): boolean => speedDkph !== null && speedDkph < law.standingDkph
export const claimsToMove = (law: TripLaw, { speedDkph }: Speed): boolean => speedDkph !== null && speedDkph >= law.standingDkph

export class Rest {
  readonly place: Place
  /** The last position that was still there. */
  last: Point
  /** Found elsewhere after a silence; the next position says whether it stays there. */
  unseen: Point | undefined
  #law: TripLaw
  readonly #flag: (flag: Flag) => void
  /** The run of denied speeds that the last position belongs to. */
  #denied: Flag | undefined
  /** The last positions at rest, as long as a drift is measured over; those before `#oldest` are forgotten. */
  #recent: Point[]
  #oldest = 0
  /** Further off than a drift, and not yet elsewhere. */
  #away: Point[] = []
  /** Positions at the place whose speed says that it drives off: a trip begins with the first of them. */
  #pulling: Point[] = []

  constructor(law: TripLaw, place: Place, since: Point, flag: (flag: Flag) => void) {
    this.#law = law
    this.place = place
    this.last = since
    this.#recent = [since]
    this.#flag = flag
  }

  /** From now on it goes by this law. */
  obey(law: TripLaw): void {
    this.#law = law
  }

  /** It is where it was, and nothing says otherwise. */
  get clean(): boolean {
    return this.#away.length === 0 && this.#pulling.length === 0 && !this.#denied && this.unseen === undefined
  }

  /** The last position known, wherever it was. */
  get newest(): Point {
    return this.unseen ?? this.#away.at(-1) ?? this.last
  }

  isElsewhere(point: Point): boolean {
    return !isWithin(this.place, point, this.#law.leaveM)
  }

  /** Has it moved no further than a standing receiver drifts? */
  isStill(point: Point): boolean {
    return isWithin(this.#reference(point.tsMs), point, standsStill(this.#law, point) ? this.#law.standingDriftM : this.#law.driftM)
  }

  get leaving(): boolean {
    return this.#away.length > 0
  }

  /** A position that is not elsewhere. */
  stay(point: Point): void {
    if (!this.isStill(point)) {
      this.#away.push(point)
      if (point.tsMs - this.#away[0]!.tsMs > this.#law.awayS * 1000) this.#restAt(this.#away.shift()!)
      return
    }
    if (this.#away.length > 0) this.#away = []
    this.#judgeClaim(point)
    this.#restAt(point)
  }

  /** The beginning of a trip that is seen now: its positions from the last at rest on, and where that was. */
  leave(): { points: Point[]; from: Place; fixes: number; odometerM: number | null } {
    this.#denyUnmoved()
    const points = [...(this.#pulling.length > 0 ? this.#pulling : [this.last]), ...this.#away]
    // After a long silence its first report is as early as anything is known of.
    const silent = points.findLastIndex(({ tsMs }, i) => i > 0 && tsMs - points[i - 1]!.tsMs > this.#law.contactS * 1000)
    const start = points[0]!
    const recent = this.#recent.slice(this.#oldest).filter(({ tsMs }) => tsMs <= start.tsMs)
    const still = recent.length > 0 ? this.#stillOf(recent) : [start]
    let [lon, lat] = [0, 0]
    for (const { lonE7, latE7 } of still) {
      lon += lonE7
      lat += latE7
    }
    const from = { lonE7: lon / still.length, latE7: lat / still.length }
    return { points: points.slice(Math.max(0, silent)), from, fixes: still.length, odometerM: still[0]!.odometerM }
  }

  /** Without those at the end, still within a drift, with which it drove off already: dense reports have many of them. */
  #stillOf(recent: readonly Point[]): readonly Point[] {
    const { driftM, walkMps, noise } = this.#law
    const sinceMs = recent.at(-1)!.tsMs - (driftM / walkMps) * 1000
    const before = recent.filter(({ tsMs }) => tsMs < sinceMs)
    // Of few fixes it is not known how noisy they are.
    const [stood, noiseM2] =
      before.length < 3 ? [recent[0]!, noise.leastLegM ** 2] : [middleOf(before), noiseSquare(middleOf(before), before)]
    let i = recent.length - 1
    while (i > 0 && recent[i]!.tsMs > sinceMs) {
      const [from, to] = [recent[i - 1]!, recent[i]!]
      const off = squareBetween(stood, to)
      if (off <= noiseM2 || squareBetween(stood, from) >= off || isWithin(from, to, (walkMps * (to.tsMs - from.tsMs)) / 1000)) break
      i--
    }
    return recent.slice(0, i + 1)
  }

  /** Speeds said at a place of rest are believed while they last no longer than it takes to drive off. */
  #judgeClaim(point: Point): void {
    if (!claimsToMove(this.#law, point)) {
      this.#deny()
      return
    }
    this.#pulling.push(point)
    while (point.tsMs - this.#pulling[0]!.tsMs > this.#law.claimS * 1000) {
      this.#denyOne(this.#pulling.shift()!)
    }
  }

  #deny(): void {
    if (this.#pulling.length > 0) {
      for (const point of this.#pulling) this.#denyOne(point)
      this.#pulling = []
    }
    this.#denied = undefined
  }

  /** A speed that the place has contradicted for `claimS` says nothing of when it drove off: the last position there does. */
  #denyUnmoved(): void {
    if (!this.#denied || this.#pulling.length === 0) return
    const last = this.#pulling.pop()!
    for (const point of this.#pulling) this.#denyOne(point)
    this.#pulling = [last]
  }

  #denyOne({ tsMs }: Point): void {
    if (this.#denied) {
      this.#denied.toMs = tsMs
      this.#denied.positions++
      return
    }
    this.#denied = { fromMs: tsMs, toMs: tsMs, reason: 'speed', positions: 1 }
    this.#flag(this.#denied)
  }

  #restAt(point: Point): void {
    this.last = point
    this.#recent.push(point)
    const sinceMs = point.tsMs - this.#law.driftS * 1000
    while (this.#oldest < this.#recent.length - 1 && this.#recent[this.#oldest]!.tsMs < sinceMs) this.#oldest++
    if (this.#oldest < FORGOTTEN) return
    this.#recent = this.#recent.slice(this.#oldest)
    this.#oldest = 0
  }

  /** Where it was `driftS` ago, or in the last report before. */
  #reference(tsMs: number): Point {
    const sinceMs = tsMs - this.#law.driftS * 1000
    return firstSince(this.#recent, sinceMs, this.#oldest) ?? firstSince(this.#away, sinceMs, 0) ?? this.#away.at(-1) ?? this.last
  }
}

function firstSince(points: readonly Point[], sinceMs: number, from: number): Point | undefined {
  for (let i = from; i < points.length; i++) if (points[i]!.tsMs >= sinceMs) return points[i]
  return undefined
}
