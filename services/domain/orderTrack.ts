// What the track says of an ordered trip: when the vehicle left where it stood, came to the pick-up and to the destination, and was back. By
// device time, whatever arrived when. It stands beside what the driver said and never in its place.
import { DAY_MS, dayAt } from './days.ts'
import { type DispatchLaw, dispatchLawOn } from './dispatchLaw.ts'
import { distanceM, isInside, type LonLat, metresOutside, type Shape } from './geofence.ts'
import { lawAt } from './tripLaw.ts'

export type Fix = { atMs: number; at: LonLat }
export type Crossing = { kind: 'leave' | 'enter'; atMs: number }

export const trackEventKinds = ['depart', 'pickUp', 'arrive', 'comeBack'] as const
export type TrackEventKind = (typeof trackEventKinds)[number]

/** By device time, of equal times the first; no reader of a track sees it in another order. */
export const inOrder = (fixes: readonly Fix[]): Fix[] =>
  [...fixes].sort((a, b) => a.atMs - b.atMs).filter(({ atMs }, i, all) => i === 0 || atMs !== all[i - 1]!.atMs)

/**
 * When a fence was left and entered, each timed at the first fix on the other side, not at the one that shows it. Left: two fixes clear of the
 * fence, and on their way or there for a while; a lone one that the next contradicts is nothing. Entered: there for a while; who drives through
 * does not arrive. Standing beside the fence is neither.
 */
export function crossingsOf(fence: Shape, given: readonly Fix[], begins: 'inside' | 'outside'): Crossing[] {
  const fixes = inOrder(given)
  const found: Crossing[] = []
  const outM = fixes.map(({ at }) => metresOutside(fence, at))
  let inside = begins === 'inside'
  /** The fixes on the other side so far: the first of all, the first that is clear, and how many. */
  let run: { first: number; clear: number; fixes: number; against: number } | undefined
  for (const [i, fix] of fixes.entries()) {
    const { fenceClearM, fenceDwellS } = dispatchLawOn(dayAt(fix.atMs))
    const isClear = outM[i]! > fenceClearM
    if (inside) {
      if (outM[i] === 0) run = undefined
      else run ??= { first: i, clear: -1, fixes: 0, against: 0 }
      if (!run || !isClear) continue
      if (run.clear < 0) run.clear = i
      run.fixes++
      const first = fixes[run.clear]!
      const goesOn = distanceM(first.at, fix.at) >= fenceClearM || fix.atMs - first.atMs >= fenceDwellS * 1000
      if (run.fixes < 2 || !goesOn) continue
      found.push({ kind: 'leave', atMs: fixes[setsOff(fixes, outM, run.first)]!.atMs })
    } else {
      if (isClear) {
        if (run && ++run.against > 1) run = undefined
        continue
      }
      if (outM[i] === 0) {
        run ??= { first: i, clear: i, fixes: 0, against: 0 }
        run.fixes++
      }
      if (!run) continue
      run.against = 0
      const first = fixes[run.first]!
      if (run.fixes < 2 || fix.atMs - first.atMs < fenceDwellS * 1000) continue
      found.push({ kind: 'enter', atMs: first.atMs })
    }
    inside = !inside
    run = undefined
  }
  return found
}

/** Of a run outside, the fix with which it sets off: one a drift beside the fence (as of trips) does, if the next is no slower than a walk. */
function setsOff(fixes: readonly Fix[], outM: readonly number[], first: number): number {
  const { driftM, walkMps } = lawAt(fixes[first]!.atMs)
  let at = first
  while (outM[at]! <= driftM) {
    const [from, to] = [fixes[at]!, fixes[at + 1]!]
    if (distanceM(from.at, to.at) >= (walkMps * (to.atMs - from.atMs)) / 1000) break
    at++
  }
  return at
}

/** Where a vehicle stood, since when. */
export type Stand = { at: LonLat; sinceMs: number }
/** An errand is no longer ago. */
const STAND_MEMORY_MS = DAY_MS

/**
 * The fence that a trip leaves from, and since when it stood there: of the places it stood at, the latest that lies in a yard, however short the
 * errands since; else where it stands, with a circle around. Stands the latest first.
 */
export function homeOf(stands: readonly Stand[], yards: readonly Shape[]): { fence: Shape; sinceMs: number } | null {
  const [latest] = stands
  if (!latest) return null
  for (const { at, sinceMs } of stands.filter(({ sinceMs }, n) => n === 0 || latest.sinceMs - sinceMs <= STAND_MEMORY_MS)) {
    const fence = yards.find((yard) => isInside(yard, at))
    if (fence) return { fence, sinceMs }
  }
  return { fence: circleAt(latest.at, latest.sinceMs), sinceMs: latest.sinceMs }
}

/** The circle that is taken for a place of which only a point is known. */
export const circleAt = (centre: LonLat, atMs: number): Shape => ({
  type: 'circle',
  centre,
  radiusM: dispatchLawOn(dayAt(atMs)).fenceM,
})

export type Trip = {
  home: Shape
  /** null: nobody said where it is. */
  pickUp: LonLat | null
  destination: LonLat | null
  /** Who is back earlier and goes again was not back; who is out at this time comes back when he next does. */
  backByMs: number
}
/** Each as ms since 1970; null = not seen. */
export type Seen = Record<TrackEventKind, number | null> & {
  /** It was elsewhere when the fixes begin: that it did not leave says nothing. */
  away: boolean
}

export function followTrip(given: readonly Fix[], { home, pickUp, destination, backByMs }: Trip): Seen {
  const fixes = inOrder(given)
  const nothing: Seen = { depart: null, pickUp: null, arrive: null, comeBack: null, away: false }
  const [first] = fixes
  if (!first) return nothing
  const away = metresOutside(home, first.at) > dispatchLawOn(dayAt(first.atMs)).fenceClearM
  const crossings = crossingsOf(home, fixes, away ? 'outside' : 'inside')
  const depart = crossings.find(({ kind }) => kind === 'leave')?.atMs ?? null
  if (depart === null) return { ...nothing, away }
  const later = crossings.filter(({ atMs }) => atMs > depart)
  const last = later.findLast(({ atMs }) => atMs <= backByMs)
  const comeBack = (last?.kind === 'enter' ? last : later.find(({ kind, atMs }) => kind === 'enter' && atMs > backByMs))?.atMs ?? null
  const comesTo = (stop: LonLat | null, afterMs: number): number | null => {
    if (!stop || isInside(home, stop)) return null
    const onWay = fixes.filter(({ atMs }) => atMs >= afterMs && (comeBack === null || atMs <= comeBack))
    return crossingsOf(circleAt(stop, afterMs), onWay, 'outside')[0]?.atMs ?? null
  }
  const atPickUp = comesTo(pickUp, depart)
  return { depart, pickUp: atPickUp, arrive: comesTo(destination, atPickUp ?? depart), comeBack, away }
}

/** A part of a trip with one vehicle: its fixes, and where it stood before; null: that is not known. */
export type TrackLeg = { fixes: readonly Fix[]; home: Shape | null }

/**
 * The same of a trip whose vehicle was swapped on the way: it leaves where the first stood, its stops are those of all, and it is back when the last is
 * where that one stood.
 */
export function followLegs(legs: readonly TrackLeg[], trip: Omit<Trip, 'home'>): Seen | null {
  const [first, last] = [legs[0], legs.at(-1)]
  if (!first?.home) return null
  const seen = followTrip(
    legs.flatMap(({ fixes }) => fixes),
    { ...trip, home: first.home },
  )
  if (legs.length === 1 || !last?.home) return seen
  const lastSeen = followTrip(last.fixes, { ...trip, home: last.home })
  // It came from elsewhere, and its first way home is the end.
  const cameHome = lastSeen.away ? crossingsOf(last.home, last.fixes, 'outside').find(({ kind }) => kind === 'enter')?.atMs : undefined
  return { ...seen, comeBack: lastSeen.comeBack ?? cameHome ?? null }
}

/** What was said, and what the track has; null = nothing of the kind. */
export type Difference =
  | { of: 'depart' | 'comeBack'; saidMs: number | null; seenMs: number | null }
  | { of: 'km'; said: number; seen: number }
export type Said = { departMs: number | null; comeBackMs: number | null; km: number | null }

/**
 * Where driver and track differ by more than the law lets pass.
 * @param km by the track; null = not known
 * @param knownMs up to when there are fixes: what they could not have seen yet is no difference
 */
export function differencesOf(said: Said, seen: Seen & { km: number | null }, knownMs: number): Difference[] {
  const law = dispatchLawOn(dayAt(knownMs))
  const found: Difference[] = []
  const times = [
    ['depart', said.departMs, seen.depart],
    ['comeBack', said.comeBackMs, seen.comeBack],
  ] as const
  for (const [of, saidMs, seenMs] of times) {
    const apartMs = law.saidApartMin * 60_000
    const differ =
      saidMs !== null && seenMs !== null
        ? Math.abs(saidMs - seenMs) > apartMs
        : // Of one alone: after what is let pass, and not of a vehicle that was out already.
          (saidMs ?? seenMs) !== null && knownMs - (saidMs ?? seenMs)! > apartMs && !(seen.away && seen.depart === null)
    if (differ) found.push({ of, saidMs, seenMs })
  }
  if (said.km !== null && seen.km !== null && isKmApart(law, said.km, seen.km)) found.push({ of: 'km', said: said.km, seen: seen.km })
  return found
}

export const isKmApart = ({ kmApart, kmApartPct }: DispatchLaw, said: number, seen: number): boolean =>
  Math.abs(said - seen) > Math.max(kmApart, (seen * kmApartPct) / 100)
