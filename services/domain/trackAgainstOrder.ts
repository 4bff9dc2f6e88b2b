// A trip as it was ordered beside the trip as its track has it. Each difference is named and measured; what is one, the dated law says, and whether it is
// wrong, nobody says here. By device time, whatever arrived when. Pure.
import { dayAt } from './days.ts'
import { type DispatchLaw, dispatchLawOn } from './dispatchLaw.ts'
import { distanceM, type LonLat, metresOutside, type Shape } from './geofence.ts'
import { type Fix, followLegs, inOrder, isKmApart, type Seen, type TrackLeg } from './orderTrack.ts'
import { estimateLeg } from './roads.ts'
import { splitTrack } from './trackGaps.ts'

/** `unknown`: there is not enough to say. */
export type Verdict = 'same' | 'differs' | 'unknown'
/** A place on the order, where that is known; and when its people were said to get on or off there. */
export type OrderedPlace = { name: string; at: LonLat | null; saidMs: number | null }
export type CostLine = { kind: string; fen: number; atMs: number }
export type OrderedTrip = {
  startsAtMs: number
  endsAtMs: number
  /** The pick-up, what is on the way, the destination. */
  places: readonly OrderedPlace[]
  /** What its driver said; metres by the odometer. */
  said: { departMs: number | null; comeBackMs: number | null; distanceM: number | null }
  passengers: number
  /** Of the vehicle, the driver's included; null: a vehicle that is not in the ledger. */
  seats: number | null
  withDriver: boolean
  /** Who was to drive; null: nobody drives for the passengers. */
  driver: string | null
  /** Who drove, by its parts, and who took steps in the driver's place. */
  drove: readonly string[]
  steppedFor: readonly { action: string; by: string; atMs: number }[]
  costs: readonly CostLine[]
}
export type TripTrack = {
  legs: readonly TrackLeg[]
  /** Up to when there is a track. */
  knownMs: number | null
  /** Driven between departure and return; null = not known. */
  distanceM: number | null
}

/** `apartMs`: what is seen after what was ordered; `saidApartMs`: after what was said. Negative: before. */
export type TimeRow = {
  orderedMs: number
  saidMs: number | null
  seenMs: number | null
  apartMs: number | null
  saidApartMs: number | null
  verdict: Verdict
}
/** `nearestM`: how near the vehicle came, at `nearestMs`; `saidM`: how far off it was when people were said to get on or off. */
export type PlaceRow = {
  name: string
  nearestM: number | null
  nearestMs: number | null
  saidMs: number | null
  saidM: number | null
  verdict: Verdict
}
/** `beyondM`: so much longer, beyond what the law lets pass, the way by its furthest place would be; `at` that place. */
export type OffWay = { fromMs: number; untilMs: number; beyondM: number; at: LonLat }
/** `offM`: from the nearest place on the order. `unseenMs`: of that time nothing was heard. */
export type Stay = { fromMs: number; untilMs: number; at: LonLat; offM: number; unseenMs: number }
export type Silence = { fromMs: number; untilMs: number; metres: number }
export type OrderComparison = {
  departure: TimeRow
  comeBack: TimeRow
  places: PlaceRow[]
  way: { verdict: Verdict; stretches: OffWay[] }
  stays: { verdict: Verdict; rows: Stay[] }
  /** Nothing is known of it there: `metres` as the crow flies, not driven. */
  silences: Silence[]
  people: { passengers: number; room: number | null; verdict: Verdict }
  driver: { ordered: string | null; drove: readonly string[]; steppedFor: OrderedTrip['steppedFor']; verdict: Verdict }
  /** There and back: `straightM` at least, `orderedM` by road, estimated. */
  distance: { straightM: number | null; orderedM: number | null; saidM: number | null; seenM: number | null; verdict: Verdict }
  /** `elsewhen`: lines of another time than the trip's. */
  cost: { fen: number; fenPerKm: number | null; elsewhen: CostLine[]; verdict: Verdict }
}

/** Fixes as they are, in any order; of equal times the first counts. */
export function compareWithOrder(order: OrderedTrip, track: TripTrack): OrderComparison {
  const law = dispatchLawOn(dayAt(order.startsAtMs))
  const first = order.places[0]
  const last = order.places.at(-1)
  const seen = followLegs(track.legs, {
    pickUp: first?.at ?? null,
    destination: last?.at ?? null,
    backByMs: order.endsAtMs + law.trackAfterH * 3_600_000,
  })
  const homes = track.legs.flatMap(({ home }) => home ?? [])
  const fixes = inOrder(track.legs.flatMap((leg) => leg.fixes)).filter(
    ({ atMs }) => atMs >= (seen?.depart ?? order.said.departMs ?? order.startsAtMs) && atMs <= (seen?.comeBack ?? Number.POSITIVE_INFINITY),
  )
  const knownMs = track.knownMs ?? Number.NEGATIVE_INFINITY
  return {
    departure: timeRow(order.startsAtMs, order.said.departMs, seen?.depart ?? null, { law, knownMs, away: seen?.away ?? false }),
    comeBack: timeRow(order.endsAtMs, order.said.comeBackMs, seen?.comeBack ?? null, { law, knownMs, away: false }),
    places: order.places.map((place) => placeRow(place, fixes, law)),
    way: findOffWay(order, homes, fixes, law),
    stays: findStays(order, homes, fixes, law),
    silences: findSilences(fixes),
    people: peopleOf(order),
    driver: driverOf(order),
    distance: distanceOf(order, track, seen, law),
    cost: costOf(order, track, seen, law),
  }
}

/** What of a comparison differs, in the order in which it is shown. */
export const differing = (found: OrderComparison): (keyof OrderComparison)[] =>
  (Object.keys(found) as (keyof OrderComparison)[]).filter((name) => {
    const row = found[name]
    if (Array.isArray(row)) return row.some((each) => 'verdict' in each && each.verdict === 'differs')
    return row.verdict === 'differs'
  })

function timeRow(
  orderedMs: number,
  saidMs: number | null,
  seenMs: number | null,
  { law, knownMs, away }: { law: DispatchLaw; knownMs: number; away: boolean },
): TimeRow {
  const minutes = 60_000
  const apartMs = seenMs === null ? null : seenMs - orderedMs
  const saidApartMs = seenMs === null || saidMs === null ? null : seenMs - saidMs
  const row = { orderedMs, saidMs, seenMs, apartMs, saidApartMs }
  if (seenMs === null) {
    // That it was not seen says something only where it would have been.
    const due = Math.max(orderedMs, saidMs ?? orderedMs) + law.orderedApartMin * minutes
    return { ...row, verdict: away || knownMs < due ? 'unknown' : 'differs' }
  }
  const differs = Math.abs(apartMs!) > law.orderedApartMin * minutes || Math.abs(saidApartMs ?? 0) > law.saidApartMin * minutes
  return { ...row, verdict: differs ? 'differs' : 'same' }
}

function placeRow({ name, at, saidMs }: OrderedPlace, fixes: readonly Fix[], law: DispatchLaw): PlaceRow {
  const row = { name, nearestM: null, nearestMs: null, saidMs, saidM: null }
  if (at === null || fixes.length === 0) return { ...row, verdict: 'unknown' }
  let [nearestM, nearestMs] = [Number.POSITIVE_INFINITY, 0]
  for (const fix of fixes) {
    const metres = distanceM(at, fix.at)
    if (metres < nearestM) [nearestM, nearestMs] = [metres, fix.atMs]
  }
  const there = saidMs === null ? null : placeAt(fixes, saidMs)
  const saidM = there && Math.round(distanceM(at, there))
  const near = law.fenceM + law.fenceClearM
  const differs = nearestM > near || (saidM !== null && saidM > near)
  return { ...row, nearestM: Math.round(nearestM), nearestMs, saidM, verdict: differs ? 'differs' : 'same' }
}

/** Where it was at an instant: between two fixes in proportion to time; null before, after, and where nothing was heard for long. */
const UNHEARD_MS = 10 * 60_000
function placeAt(fixes: readonly Fix[], atMs: number): LonLat | null {
  const after = fixes.findIndex((fix) => fix.atMs >= atMs)
  const [b, a] = [fixes[after], fixes[after - 1]]
  if (!b || (!a && b.atMs !== atMs)) return null
  if (!a || b.atMs === atMs) return b.at
  if (b.atMs - a.atMs > UNHEARD_MS) return null
  const part = (atMs - a.atMs) / (b.atMs - a.atMs)
  return [a.at[0] + part * (b.at[0] - a.at[0]), a.at[1] + part * (b.at[1] - a.at[1])]
}

const centreOf = (shape: Shape): LonLat => {
  if (shape.type === 'circle') return shape.centre
  const mean = (n: 0 | 1) => shape.ring.reduce((sum, point) => sum + point[n], 0) / shape.ring.length
  return [mean(0), mean(1)]
}

/**
 * Off the way are the places by which going from one stop to the next would be so much longer than straight that no road explains it: outside an ellipse
 * around the two. One fix alone is nothing.
 */
function findOffWay(order: OrderedTrip, homes: readonly Shape[], fixes: readonly Fix[], law: DispatchLaw): OrderComparison['way'] {
  const stops = order.places.map(({ at }) => at)
  if (fixes.length === 0 || stops.length === 0 || stops.some((at) => at === null)) return { verdict: 'unknown', stretches: [] }
  const known = stops as LonLat[]
  const through = [...homes.slice(0, 1).map(centreOf), ...known, ...homes.slice(-1).map(centreOf)]
  // Whose vehicle was swapped: from any of its yards.
  const more = homes.slice(1, -1).map(centreOf)
  // Who goes back may go the whole way in one.
  const legs = [
    ...through.slice(1).map((to, n): [LonLat, LonLat] => [through[n]!, to]),
    [known.at(-1)!, known[0]!] as [LonLat, LonLat],
    ...more.map((home): [LonLat, LonLat] => [home, known.at(-1)!]),
  ].map(([from, to]) => {
    const straight = distanceM(from, to)
    return { from, to, most: straight + Math.max(law.corridorKm * 1000, (straight * law.corridorPct) / 100) }
  })
  const beyond = ({ at }: Fix): number => Math.min(...legs.map(({ from, to, most }) => distanceM(from, at) + distanceM(at, to) - most))
  const stretches: OffWay[] = []
  let run: (OffWay & { fixes: number }) | undefined
  const end = () => {
    if (run && run.fixes > 1) {
      const { fixes: _count, ...stretch } = run
      stretches.push({ ...stretch, beyondM: Math.round(stretch.beyondM) })
    }
    run = undefined
  }
  for (const fix of fixes) {
    const metres = beyond(fix)
    if (metres <= 0) end()
    else if (!run) run = { fromMs: fix.atMs, untilMs: fix.atMs, beyondM: metres, at: fix.at, fixes: 1 }
    else {
      run.fixes++
      run.untilMs = fix.atMs
      if (metres > run.beyondM) [run.beyondM, run.at] = [metres, fix.at]
    }
  }
  end()
  return { verdict: stretches.length > 0 ? 'differs' : 'same', stretches }
}

/** Where it stood for a while, at none of the places on the order nor in its yard. */
function findStays(order: OrderedTrip, homes: readonly Shape[], fixes: readonly Fix[], law: DispatchLaw): OrderComparison['stays'] {
  const stops = order.places.flatMap(({ at }) => (at ? [at] : []))
  if (fixes.length === 0) return { verdict: 'unknown', rows: [] }
  const rows: Stay[] = []
  for (let i = 0; i < fixes.length; ) {
    let last = i
    while (last + 1 < fixes.length && distanceM(fixes[i]!.at, fixes[last + 1]!.at) <= law.fenceM) last++
    if (fixes[last]!.atMs - fixes[i]!.atMs < law.stayMin * 60_000) {
      i++
      continue
    }
    const group = fixes.slice(i, last + 1)
    const mean = (n: 0 | 1) => group.reduce((sum, { at }) => sum + at[n], 0) / group.length
    const at: LonLat = [mean(0), mean(1)]
    const offM = Math.min(...stops.map((stop) => distanceM(stop, at)), ...homes.map((home) => metresOutside(home, at) + law.fenceM))
    const unseenMs = group.reduce((sum, { atMs }, n) => {
      const silent = n === 0 ? 0 : atMs - group[n - 1]!.atMs
      return sum + (silent > UNHEARD_MS ? silent : 0)
    }, 0)
    if (offM > law.fenceM + law.fenceClearM)
      rows.push({ fromMs: group[0]!.atMs, untilMs: group.at(-1)!.atMs, at, offM: Math.round(offM), unseenMs })
    i = last + 1
  }
  // A place of which nobody knows where it is may be any of them.
  const unknown = order.places.some(({ at }) => at === null)
  return { verdict: rows.length === 0 ? 'same' : unknown ? 'unknown' : 'differs', rows }
}

function findSilences(fixes: readonly Fix[]): Silence[] {
  const line = { timeMs: fixes.map(({ atMs }) => atMs), lon: fixes.map(({ at }) => at[0]), lat: fixes.map(({ at }) => at[1]) }
  return splitTrack(line).gaps.map(([from, until]) => ({
    fromMs: fixes[from]!.atMs,
    untilMs: fixes[until]!.atMs,
    metres: Math.round(distanceM(fixes[from]!.at, fixes[until]!.at)),
  }))
}

function peopleOf({ passengers, seats, withDriver }: OrderedTrip): OrderComparison['people'] {
  const room = seats === null ? null : seats - (withDriver ? 1 : 0)
  return { passengers, room, verdict: room === null ? 'unknown' : passengers > room ? 'differs' : 'same' }
}

function driverOf({ driver, drove, steppedFor }: OrderedTrip): OrderComparison['driver'] {
  const differs = steppedFor.length > 0 || drove.some((name) => name !== driver)
  return { ordered: driver, drove, steppedFor, verdict: differs ? 'differs' : drove.length === 0 ? 'unknown' : 'same' }
}

function distanceOf(order: OrderedTrip, track: TripTrack, seen: Seen | null, law: DispatchLaw): OrderComparison['distance'] {
  const stops = order.places.flatMap(({ at }) => (at ? [at] : []))
  const isKnown = stops.length > 0 && stops.length === order.places.length
  const through = isKnown ? [...stops, stops[0]!].slice(1).map((to, n): [LonLat, LonLat] => [stops[n]!, to]) : []
  const sum = (metresOf: (leg: [LonLat, LonLat]) => number) =>
    isKnown ? Math.round(through.reduce((metres, leg) => metres + metresOf(leg), 0)) : null
  const straightM = sum(([from, to]) => distanceM(from, to))
  const orderedM = sum(([from, to]) => estimateLeg(from, to, order.startsAtMs).km * 1000)
  const saidM = order.said.distanceM
  const seenM = track.knownMs === null || (seen?.depart == null && order.said.departMs === null) ? null : track.distanceM
  const row = { straightM, orderedM, saidM, seenM }
  // Where nothing was seen, what was told may still be more or less than anybody drives there.
  const wentM = seenM ?? saidM
  if (wentM === null) return { ...row, verdict: 'unknown' }
  const isBack = seenM === null ? order.said.comeBackMs !== null : seen?.comeBack != null
  const saidDiffers = saidM !== null && seenM !== null && isKmApart(law, saidM / 1000, seenM / 1000)
  const farther = orderedM !== null && wentM - orderedM > Math.max(law.wayApartKm * 1000, (orderedM * law.wayApartPct) / 100)
  // What has not come back yet has driven less than it was to.
  const shorter = straightM !== null && isBack && isKmApart(law, straightM / 1000, Math.min(straightM, wentM) / 1000)
  const verdict =
    saidDiffers || farther || shorter ? 'differs' : seenM === null || (saidM === null && orderedM === null) ? 'unknown' : 'same'
  return { ...row, verdict }
}

function costOf({ costs, said }: OrderedTrip, track: TripTrack, seen: Seen | null, law: DispatchLaw): OrderComparison['cost'] {
  const fen = costs.reduce((sum, line) => sum + line.fen, 0)
  const fenPerKm = track.distanceM && track.distanceM > 0 ? Math.round(fen / (track.distanceM / 1000)) : null
  const [fromMs, untilMs] = [seen?.depart ?? said.departMs, seen?.comeBack ?? said.comeBackMs]
  const marginMs = law.costApartMin * 60_000
  const elsewhen = costs.filter(
    ({ atMs }) => (fromMs !== null && atMs < fromMs - marginMs) || (untilMs !== null && atMs > untilMs + marginMs),
  )
  const verdict = elsewhen.length > 0 ? 'differs' : costs.length === 0 || fromMs === null ? 'unknown' : 'same'
  return { fen, fenPerKm, elsewhen: [...elsewhen], verdict }
}
