// First step of the law: which fixes can be where a vehicle was. Pure, and causal: what is said after n positions depends on these n.
//
// The main line is what is believed. A fix that cannot be reached from its end opens a rival line. Whatever comes next joins the
// nearest line that it can be reached from:
//   the main line again            the rivals were wild: stored, flagged, not counted
//   a rival, for returnS           it is where the vehicle is: a jump that stays. Until then it may come back: cached coordinates, a receiver led astray
//   a rival, while the main line   the main line was the wild one: a first fix from nowhere
//   has fewer fixes, at the start  (or two of them, once the rival is believed)
// A fix that is out of reach of the last ones, and within reach of those before them, goes on from there: that the last ones were wild is seen from
// the whole trip (spikes.ts).
// A receiver under way that says the same place again and again has lost its fix, in a tunnel: what can be reached counts from the first.
import type { TripLaw } from '../../domain/tripLaw.ts'
import { isWithin, squareBetween } from './plane.ts'
import type { Point } from './point.ts'
import { claimsToMove } from './rest.ts'

export type SieveSays = {
  accept(point: Point): void
  /** The vehicle is believed to be at `to`, which cannot be reached from `from`; `to` is accepted next. */
  jump(from: Point, to: Point): void
  /** What was accepted of the trip that the vehicle is on. */
  way(): readonly Point[]
  wild(point: Point, reason: 'unreachable' | 'zero'): void
  /** Everything accepted so far was wild. */
  forget(): void
}

export class Sieve {
  readonly #says: SieveSays
  #law: TripLaw
  #topMps: number
  #last: Point | undefined
  /** The first fixes, until a second one agrees with the first. */
  #held: Point[] | undefined
  #rivals: Point[][] = []
  /** What was accepted first, while it is no more than the law's `firsts`. */
  #firsts: Point[] | undefined
  /** Since when the last fix that counts has been said unchanged, with a speed. */
  #sameSinceMs = 0

  /** @param last a position that is known to count, to go on after it */
  constructor(law: TripLaw, says: SieveSays, last?: Point) {
    this.#law = law
    this.#says = says
    this.#topMps = law.topSpeedKph / 3.6
    this.#last = last
    this.#sameSinceMs = last?.tsMs ?? 0
    if (!last) this.#firsts = []
  }

  /** From now on it goes by this law. */
  obey(law: TripLaw): void {
    this.#law = law
    this.#topMps = law.topSpeedKph / 3.6
  }

  /** Nothing is undecided. */
  get clean(): boolean {
    return this.#rivals.length === 0 && this.#held === undefined
  }

  add(point: Point): void {
    if (point.lonE7 === 0 || point.latE7 === 0) {
      this.#says.wild(point, 'zero')
      return
    }
    if (!this.#last) {
      this.#last = point
      this.#sameSinceMs = point.tsMs
      this.#held = [point]
      return
    }
    if (this.#rivals.length === 0) {
      if (this.#reachesOn(this.#last, point) || this.#reachesOver(this.#last, point)) this.#goOn(point)
      else this.#rivals.push([point])
      return
    }
    const rival = this.#nearest(point)
    if (rival === 'main') {
      this.#return(point)
      this.#goOn(point)
    } else if (rival) this.#follow(rival, point)
    else {
      this.#rivals.push([point])
      if (this.#rivals.length > this.#law.rivals) this.#dismiss([this.#rivals[0]!])
    }
  }

  /**
   * What is undecided when nothing more is known: rivals are not counted, and of a first fix and another the second is believed.
   * @returns the rival that is believed for the time being: it has stayed for `believedS` and may still turn out to have been wild
   */
  finish(): { from: Point; points: readonly Point[] } | undefined {
    if (this.#held?.length === 1 && this.#rivals.length > 0) {
      this.#says.wild(this.#held[0]!, 'unreachable')
      return undefined
    }
    const stays = this.#held ? undefined : this.#rivals.find((rival) => this.#hasStayed(rival, this.#law.believedS))
    for (const rival of this.#rivals) if (rival !== stays) for (const point of rival) this.#says.wild(point, 'unreachable')
    return stays && { from: this.#last!, points: stays }
  }

  #hasStayed(rival: readonly Point[], seconds: number): boolean {
    return rival.length >= this.#law.believedReports && rival.at(-1)!.tsMs - rival[0]!.tsMs >= seconds * 1000
  }

  #goOn(point: Point): void {
    this.#moveTo(point)
    if (this.#held) {
      for (const first of this.#held) this.#accept(first)
      this.#held = undefined
    }
    this.#accept(point)
  }

  #moveTo(point: Point): void {
    const last = this.#last!
    const same = point.lonE7 === last.lonE7 && point.latE7 === last.latE7 && claimsToMove(this.#law, point) && claimsToMove(this.#law, last)
    if (!same) this.#sameSinceMs = point.tsMs
    this.#last = point
  }

  #accept(point: Point): void {
    if (this.#firsts && this.#firsts.push(point) > this.#law.firsts) this.#firsts = undefined
    this.#says.accept(point)
  }

  #follow(rival: Point[], point: Point): void {
    rival.push(point)
    const first = rival[0]!
    if (this.#held) {
      if (rival.length <= this.#held.length) return
      for (const wild of this.#held) this.#says.wild(wild, 'unreachable')
      this.#held = undefined
    } else {
      if (!this.#hasStayed(rival, this.#firsts ? this.#law.believedS : this.#law.returnS)) return
      if (this.#firsts) {
        for (const wild of this.#firsts) this.#says.wild(wild, 'unreachable')
        this.#firsts = []
        this.#says.forget()
      } else this.#says.jump(this.#last!, first)
    }
    this.#dismiss(this.#rivals.filter((other) => other !== rival))
    this.#rivals = []
    this.#last = point
    this.#sameSinceMs = point.tsMs
    for (const each of rival) this.#accept(each)
  }

  /**
   * Back on the main line: what rivals took along of it counts, and the rest was wild. Sought from here back: what lies on the way from the end of the
   * line to what is known to follow, because a rival begins with a wild fix.
   */
  #return(to: Point): void {
    const last = this.#last!
    const rivals = this.#rivals.flat().sort((a, b) => a.tsMs - b.tsMs)
    this.#rivals = []
    const way = [to]
    for (const point of rivals.toReversed()) if (this.#reachesOn(last, point) && this.#isOnTheWay(last, point, way[0]!)) way.unshift(point)
    for (const point of rivals) {
      if (way.includes(point)) this.#goOn(point)
      else this.#says.wild(point, 'unreachable')
    }
  }

  /** No detour, and about when who goes from the one to the other gets there. */
  #isOnTheWay(from: Point, over: Point, to: Point): boolean {
    const { savingM } = this.#law.spikes
    const acrossM = Math.sqrt(squareBetween(from, to))
    const [inM, outM] = [Math.sqrt(squareBetween(from, over)), Math.sqrt(squareBetween(over, to))]
    const part = (over.tsMs - from.tsMs) / (to.tsMs - from.tsMs)
    const mostM = acrossM * this.#law.readings.ratio
    return inM + outM - acrossM <= savingM && inM <= mostM * part + savingM && outM <= mostM * (1 - part) + savingM
  }

  #dismiss(rivals: readonly Point[][]): void {
    for (const rival of rivals) for (const point of rival) this.#says.wild(point, 'unreachable')
    this.#rivals = this.#rivals.filter((rival) => !rivals.includes(rival))
  }

  /**
   * Which line the point can have come from; of several the one whose end is nearest. While rivals are as short as a run of wild fixes, and one that
   * was taken along, it is the one from whose end it came most slowly: a line that was left a minute ago is further off.
   */
  #nearest(point: Point): 'main' | Point[] | undefined {
    let found: 'main' | Point[] | undefined
    let least = Number.POSITIVE_INFINITY
    const short = this.#rivals.every(({ length }) => length <= this.#law.spikes.run + 1)
    const look = (line: 'main' | Point[], end: Point): void => {
      const ms = short ? point.tsMs - end.tsMs : 1
      const square = squareBetween(end, point) / (ms * ms) / (short && line === 'main' ? this.#law.knownRatio ** 2 : 1)
      if (square >= least || !(line === 'main' ? this.#reachesOn(end, point) : this.#reaches(end, point))) return
      found = line
      least = square
    }
    look('main', this.#last!)
    for (const rival of this.#rivals) look(rival, rival.at(-1)!)
    return found
  }

  /** From the last fix that counts; how long it has not been heard anew is bounded, as a rest is. */
  #reachesOn(from: Point, to: Point): boolean {
    const sinceMs = Math.max(this.#sameSinceMs, from.tsMs - this.#law.restS * 1000)
    return isWithin(from, to, this.#law.slackM + (this.#topMps * (to.tsMs - sinceMs)) / 1000)
  }

  /** From one of those before the last, if what came since was a detour: not just because more time has passed. */
  #reachesOver(last: Point, to: Point): boolean {
    let wayM = Math.sqrt(squareBetween(last, to))
    let later = last
    const way = this.#says.way()
    // Of the trip alone: what lies before is not known to who begins with its rest.
    for (let i = way.length - 2; i >= Math.max(0, way.length - 1 - this.#law.spikes.run); i--) {
      const from = way[i]!
      wayM += Math.sqrt(squareBetween(from, later))
      later = from
      if (this.#reaches(from, to) && wayM - Math.sqrt(squareBetween(from, to)) > 2 * this.#law.spikes.savingM) return true
    }
    return false
  }

  #reaches(from: Point, to: Point): boolean {
    return isWithin(from, to, this.#law.slackM + (this.#topMps * (to.tsMs - from.tsMs)) / 1000)
  }
}
