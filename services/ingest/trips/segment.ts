// A vehicle's positions, in the order of device time → its trips, by the law of docs/trips.md. Pure: the same positions give the same
// trips, however they arrived.
//
//   fix ──sieve──▶ counts ──▶ resting ──elsewhere, in sight──▶ driving ──within stayM for restS, or said so and silent──▶ resting
//                                │ elsewhere after a silence, further than any vehicle gets, or step by step
//                                └──▶ displacement ──▶ resting
//
// After each trip the state is the same whether the vehicle was followed to here or begun with the trip's end (`createSegmenter(rest)`):
// that is what lets late positions be worked in without beginning at the first.

import { lawAt, reachM, type TripLaw, tripLaws } from '../../domain/tripLaw.ts'
import { Drive } from './drive.ts'
import { isWithin, metresBetween, type Place } from './plane.ts'
import type { Displacement, Flag, Point, Trip } from './point.ts'
import { claimsToMove, Rest } from './rest.ts'
import { Sieve } from './sieve.ts'

export type { Point, Trip } from './point.ts'

export type Derived = { trips: Trip[]; displacements: Displacement[]; flags: Flag[] }
/** A place of rest to begin at: known to hold after `since`. */
export type Beginning = { place: Place; since: Point }

export type Segmenter = {
  /** The next position in device time. */
  add(point: Point): void
  /** What was found since it was last taken. */
  take(): Derived
  /** The place of the rest that the vehicle is in, while nothing is undecided. */
  restingAt(): Place | null
  /** What can be said of the last positions when there are no more; after a long silence before `nowMs` it is said for good. */
  finish(nowMs: number): Derived & { open: boolean }
}

/** @param laws the dated table: a rest and what can be reached go by the row of each position, a trip by the row of its beginning */
export function createSegmenter(beginning?: Beginning, laws: readonly TripLaw[] = tripLaws): Segmenter {
  /** Of the last position. */
  let law: TripLaw | undefined = beginning && lawAt(beginning.since.tsMs, laws)
  let found: Derived = { trips: [], displacements: [], flags: [] }
  let state: Rest | Drive | undefined
  let sieve: Sieve | undefined
  /** What the last fix taken was, counted or not. */
  let newestMs = 0
  /** The one report elsewhere was a lone one, unless it is those back that were wild: what comes next says. */
  let doubt: { drive: Drive; lone: Point; backs: Point[] } | undefined
  /** The run of fixes at 0 that the last one belongs to. */
  let zeros: Flag | undefined

  const flag = (flag: Flag): void => void found.flags.push(flag)
  const restAt = (place: Place, since: Point): Rest => new Rest(lawAt(since.tsMs, laws), place, since, flag)
  const displace = (kind: Displacement['kind'], start: Point, end: Point, confirmedMs: number | null = newestMs): void =>
    void found.displacements.push({ kind, start, end, confirmedMs, distanceM: Math.round(metresBetween(start, end)) })

  /** Ends the trip where its rest began, and goes on from there. */
  function arrive(drive: Drive): void {
    const arrival = drive.arrival()
    const trip = drive.trip(arrival, true, newestMs, flag)
    const end = drive.points[arrival.index]!
    // What is no trip either ends elsewhere, or never left.
    let { place } = drive.left
    if (trip) {
      found.trips.push(trip)
      place = arrival.place
    } else if (drive.left.isElsewhere(end)) {
      displace('drift', drive.points[0]!, end)
      place = end
    }
    state = restAt(place, end)
    for (const point of drive.points.slice(arrival.index + 1)) accept(point)
  }

  function rest(rest: Rest, point: Point): void {
    // It may be older than the last one: told again after an arrival.
    const law = lawAt(point.tsMs, laws)
    rest.obey(law)
    const { unseen } = rest
    if (unseen) {
      rest.unseen = undefined
      if (!rest.isElsewhere(point) && !claimsToMove(law, unseen)) {
        flag({ fromMs: unseen.tsMs, toMs: unseen.tsMs, reason: 'lone', positions: 1 })
      } else {
        displace('unseen', rest.last, unseen)
        state = restAt(unseen, unseen)
        accept(point)
        return
      }
    }
    if (!rest.isElsewhere(point)) {
      rest.stay(point)
      return
    }
    if (point.tsMs - rest.newest.tsMs > law.contactS * 1000) {
      rest.unseen = point
      return
    }
    if (!rest.leaving && rest.isStill(point)) {
      // Step by step it has got from the place to here, not from the last step.
      displace('drift', { ...rest.last, lonE7: Math.round(rest.place.lonE7), latE7: Math.round(rest.place.latE7) }, point)
      state = restAt(point, point)
      return
    }
    state = new Drive(laws, rest)
    state.push(point)
  }

  function drive(drive: Drive, point: Point): void {
    const { lone } = drive
    if (lone && !drive.left.isElsewhere(point)) {
      doubt = { drive, lone, backs: [point] }
      state = drive.left
      drive.left.obey(lawAt(point.tsMs, laws))
      drive.left.stay(point)
      return
    }
    if (drive.restedUntil(point)) {
      arrive(drive)
      accept(point)
      return
    }
    drive.push(point)
    if (drive.rests) arrive(drive)
  }

  const sayLone = (): void => {
    if (doubt) flag({ fromMs: doubt.lone.tsMs, toMs: doubt.lone.tsMs, reason: 'lone', positions: 1 })
  }
  function believeLone(): void {
    sayLone()
    doubt = undefined
  }

  /** From where the vehicle is said to be back it cannot have got to `point`: then it was under way all the time. */
  function resolve(point: Point): void {
    if (!doubt) return
    const { drive, backs } = doubt
    const [law, back] = [lawAt(point.tsMs, laws), backs.at(-1)!]
    if (!isWithin(back, point, reachM(law, point.tsMs - back.tsMs))) {
      for (const wild of backs) drive.push(wild)
      state = drive
      doubt = undefined
    } else if (backs.length < law.spikes.run && !drive.left.isElsewhere(point)) backs.push(point)
    else believeLone()
  }

  /** What is to be said of a jump that has stayed, while it may still turn out to have been none: nothing of it is for good. */
  function goOn(from: Point, points: readonly Point[], nowMs: number): void {
    displace('jump', from, points[0]!, null)
    const there = derive(points, nowMs, laws)
    for (const trip of there.trips) found.trips.push({ ...trip, confirmedMs: null })
    for (const move of there.displacements) found.displacements.push({ ...move, confirmedMs: null })
    for (const each of there.flags) flag(each)
  }

  function accept(point: Point): void {
    resolve(point)
    if (!state) state = restAt(point, point)
    else if (state instanceof Rest) rest(state, point)
    else drive(state, point)
  }

  const says = {
    accept,
    way: () => (doubt ? [...doubt.drive.points, ...doubt.backs] : state instanceof Drive ? state.points : []),
    jump(from: Point, to: Point): void {
      believeLone()
      if (state instanceof Drive) arrive(state)
      if (state instanceof Rest && state.unseen) displace('unseen', state.last, state.unseen)
      displace('jump', from, to)
      state = restAt(to, to)
    },
    forget(): void {
      believeLone()
      state = undefined
    },
    wild({ tsMs }: Point, reason: 'unreachable' | 'zero'): void {
      if (reason === 'zero' && zeros) {
        zeros.toMs = tsMs
        zeros.positions++
        return
      }
      const wild: Flag = { fromMs: tsMs, toMs: tsMs, reason, positions: 1 }
      if (reason === 'zero') zeros = wild
      flag(wild)
    },
  }
  if (beginning) {
    state = restAt(beginning.place, beginning.since)
    sieve = new Sieve(law!, says, beginning.since)
  }

  return {
    add(point) {
      const now = lawAt(point.tsMs, laws)
      if (!sieve) sieve = new Sieve(now, says)
      else if (now !== law) sieve.obey(now)
      law = now
      newestMs = point.tsMs
      if (point.lonE7 !== 0 && point.latE7 !== 0) zeros = undefined
      sieve.add(point)
    },
    take() {
      const taken = found
      found = { trips: [], displacements: [], flags: [] }
      return taken
    },
    restingAt: () => (state instanceof Rest && state.clean && sieve!.clean && !zeros && !doubt ? state.place : null),
    finish(nowMs) {
      if (!law || !sieve) return { trips: [], displacements: [], flags: [], open: false }
      const silent = nowMs - newestMs > law.maxGapS * 1000
      const undecided = !sieve.clean || doubt !== undefined || (state instanceof Rest && !state.clean)
      const stays = sieve.finish()
      sayLone()
      if (state instanceof Rest && state.unseen && (silent || stays)) displace('unseen', state.last, state.unseen, null)
      if (state instanceof Drive && !(state.lone && !stays)) {
        const said = state.saysRest() && nowMs - state.last.tsMs >= state.law.restS * 1000
        const trip = state.trip(state.arrival(), silent || said || stays !== undefined, null, flag)
        if (trip) found.trips.push(trip)
      }
      if (stays) goOn(stays.from, stays.points, nowMs)
      return { ...this.take(), open: (state instanceof Drive || undecided) && !silent }
    },
  }
}

/** Everything that positions, sorted by device time, say at `nowMs`. */
export function derive(points: readonly Point[], nowMs: number, laws?: readonly TripLaw[]): Derived {
  const segmenter = createSegmenter(undefined, laws)
  for (const point of points) segmenter.add(point)
  const { open: _, ...derived } = segmenter.finish(nowMs)
  return derived
}

/** All trips of positions that are sorted by device time. */
export const segment = (points: readonly Point[], nowMs: number): Trip[] => derive(points, nowMs).trips
