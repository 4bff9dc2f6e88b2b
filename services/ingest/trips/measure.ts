// How far a trip went and how fast: track and odometer check each other stretch by stretch, a reading checks itself by its neighbours.
import { type ReadingLaw, reachM, type TripLaw } from '../../domain/tripLaw.ts'
import { type Profile, profileOf, reader } from './noise.ts'
import { isWithin, type Place } from './plane.ts'
import type { Point, Trip } from './point.ts'
import { stepOf, withoutSpikes } from './spikes.ts'

/** Windows are cut here (domain/days.ts): the form in which a trip is kept, and no law of trips. */
const QUARTER_MS = 900_000
type Measured = Pick<Trip, 'distanceM' | 'distanceBy' | 'trackM' | 'odometerM' | 'quartersM' | 'maxSpeedDkph' | 'ignitionOff'>
type Way = { points: readonly Point[]; from: Place; fixes: number; to: Place }

/** @returns the figures of a trip, the fixes that lie off its way, and the readings that are contradicted */
export function measure(law: TripLaw, way: Way): Measured & { spikes: Point[]; wrongSpeeds: Point[] } {
  const { points, legs, spikes } = withoutSpikes(law, way.points)
  const track = profileOf(law, points, way.from, way.fixes, way.to)
  const trackM = track.metres.at(-1)!
  const along = alongOf(points, track)
  const judged = byOdometer(law, points, track, along)
  const distanceM = Math.round(judged.profile.metres.at(-1)!)
  const [start, end] = [points[0]!, points.at(-1)!]
  const hours = (end.tsMs - start.tsMs) / 3_600_000
  const { max, wrong } = speeds(law, points)
  return {
    distanceM,
    distanceBy: judged.by,
    trackM: Math.round(trackM),
    odometerM: start.odometerM === null || end.odometerM === null ? null : end.odometerM - start.odometerM,
    quartersM: quarters(judged.profile, start.tsMs, end.tsMs, distanceM),
    // A speed that is always 0 is no speed: slower than the trip on the whole cannot have been its highest.
    maxSpeedDkph: max !== null && max * hours * 100 >= distanceM * law.readings.averagePart ? max : null,
    ignitionOff: isOff(points, legs, along),
    spikes,
    wrongSpeeds: wrong,
  }
}

/** How far along the track each point is, m. */
function alongOf(points: readonly Point[], track: Profile): Float64Array {
  const at = reader(track)
  const along = new Float64Array(points.length)
  for (let i = 0; i < points.length; i++) along[i] = at(points[i]!.tsMs)
  return along
}

/** What the odometer says, where it says something: when, how far by it, how far by the track. */
type Marks = { ms: Float64Array; odometerM: Float64Array; trackM: Float64Array; count: number }

function marksOf(points: readonly Point[], along: Float64Array): Marks {
  const [ms, odometerM, trackM] = [new Float64Array(points.length), new Float64Array(points.length), new Float64Array(points.length)]
  let count = 0
  for (let i = 0; i < points.length; i++) {
    const said = points[i]!.odometerM
    if (said === null) continue
    ms[count] = points[i]!.tsMs
    odometerM[count] = said
    trackM[count++] = along[i]!
  }
  return { ms, odometerM, trackM, count }
}

/** Goes the odometer back, or further than any vehicle gets, from one mark to the next? By mark. */
function breaksOf(law: TripLaw, { ms, odometerM, count }: Marks, step: number): Uint8Array {
  const breaks = new Uint8Array(count)
  for (let i = 1; i < count; i++) {
    const gone = odometerM[i]! - odometerM[i - 1]!
    if (gone < 0 || gone > step + reachM(law, ms[i]! - ms[i - 1]!)) breaks[i] = 1
  }
  return breaks
}

/** The profile with each stretch as long as the odometer says, where the track bears it out. */
function byOdometer(
  law: TripLaw,
  points: readonly Point[],
  track: Profile,
  along: Float64Array,
): { profile: Profile; by: Trip['distanceBy'] } {
  const { odometer } = law
  const trackM = track.metres.at(-1)!
  const marks = marksOf(points, along)
  const last = marks.count - 1
  const step = stepOf(marks.odometerM.subarray(0, marks.count))
  if (last < 1 || step > trackM * odometer.coarsestPart) return { profile: track, by: 'track' }
  const dense = (points.at(-1)!.tsMs - points[0]!.tsMs) / (points.length - 1) <= odometer.denseS * 1000
  const mostRatio = dense ? odometer.mostRatio : odometer.sparseRatio
  const toleranceM = odometer.toleranceM + step
  const fits = (odometerM: number, metres: number, least: number, most: number): boolean =>
    odometerM >= metres * least - toleranceM && odometerM <= metres * most + toleranceM
  const breaks = breaksOf(law, marks, step)
  const broken = breaks.includes(1)
  // Where the whole fits, a stretch is only held against its like: when the track was where is known to a leg.
  const sound =
    !broken && fits(marks.odometerM[last]! - marks.odometerM[0]!, marks.trackM[last]! - marks.trackM[0]!, odometer.leastRatio, mostRatio)
  const [least, most] = sound ? [odometer.leastOfSound, odometer.mostOfSound] : [odometer.leastRatio, mostRatio]

  const profile: Profile = { atMs: [track.atMs[0]!], metres: [0] }
  let [odometerUsed, trackUsed] = [0, 0]
  let doneMs = track.atMs[0]!
  let doneM = 0
  let corner = 0
  /** Appends what the track has up to a time and place on it, drawn out to `metres`. */
  const goOn = (toMs: number, toM: number, metres: number): void => {
    const begun = profile.metres.at(-1)!
    const factor = toM > doneM ? metres / (toM - doneM) : 0
    while (corner < track.atMs.length && track.atMs[corner]! <= doneMs) corner++
    for (; corner < track.atMs.length && track.atMs[corner]! < toMs; corner++) {
      profile.atMs.push(track.atMs[corner]!)
      profile.metres.push(begun + (track.metres[corner]! - doneM) * factor)
    }
    profile.atMs.push(toMs)
    profile.metres.push(begun + metres)
    doneMs = toMs
    doneM = toM
  }
  const byTrack = (toMs: number, toM: number): void => {
    trackUsed += toM - doneM
    goOn(toMs, toM, toM - doneM)
  }
  byTrack(marks.ms[0]!, marks.trackM[0]!)
  for (let i = 1, first = 0; i <= last; i++) {
    const ms = marks.ms[i]!
    const markM = marks.trackM[i]!
    if (breaks[i] === 1) {
      byTrack(ms, markM)
      first = i
      continue
    }
    const metres = markM - marks.trackM[first]!
    const isShort = metres < odometer.stretchM || marks.trackM[last]! - markM < odometer.stretchM
    if (isShort && i !== last && breaks[i + 1] !== 1) continue
    const gone = marks.odometerM[i]! - marks.odometerM[first]!
    // Too short to be judged beside a break, where one of the two is known to be wrong.
    if (fits(gone, metres, least, most) && (metres >= odometer.stretchM || !broken)) {
      odometerUsed += gone
      goOn(ms, markM, gone)
    } else byTrack(ms, markM)
    first = i
  }
  byTrack(track.atMs.at(-1)!, trackM)
  const by =
    odometerUsed === 0 ? 'track' : trackUsed > Math.max(odometer.toleranceM, odometerUsed * odometer.bothPart) ? 'both' : 'odometer'
  return { profile, by }
}

/** Was the ignition reported off along most of the way of which it was reported? A stop is no way, however many reports there are of it. */
function isOff(points: readonly Point[], legs: Float64Array, along: Float64Array): boolean {
  // The first and the last are reports of the rests.
  const last = points.length - 1
  const [from, to] = last > 1 ? [1, last - 1] : [0, last]
  let off = 0
  for (let i = from; i <= to; i++) if (points[i]!.ignition === false) off++
  if (off === 0) return false
  let [offM, knownM] = [0, 0]
  for (let i = from; i <= to; i++) {
    const { ignition } = points[i]!
    if (ignition === null) continue
    // Along the way without its noise, which knows no times between its corners; and no more than from report to report.
    const seenM = (i > 0 ? legs[i]! : 0) + (i < last ? legs[i + 1]! : 0)
    const metresHere = Math.min(along[Math.min(last, i + 1)]! - along[Math.max(0, i - 1)]!, seenM)
    knownM += metresHere
    if (!ignition) offM += metresHere
  }
  return offM * 2 > knownM
}

function quarters(profile: Profile, startMs: number, endMs: number, distanceM: number): number[] {
  const at = reader(profile)
  const metres: number[] = []
  for (let ms = (Math.floor(startMs / QUARTER_MS) + 1) * QUARTER_MS; ms < endMs; ms += QUARTER_MS)
    metres.push(Math.min(distanceM, Math.round(at(ms))))
  return metres
}

/** The highest speed, and the readings that cannot be: faster than any vehicle, or far beyond what their surroundings bear out. */
function speeds(law: TripLaw, points: readonly Point[]): { max: number | null; wrong: Point[] } {
  let max: number | null = null
  const wrong: Point[] = []
  for (let i = 0; i < points.length; i++) {
    const speed = points[i]!.speedDkph
    // One that is not the highest changes nothing, unless it stands out.
    if (speed === null) continue
    if (speed > law.topSpeedKph * 10 || (speed > law.readings.marginDkph && isBeyond(law.readings, speed, points, i)))
      wrong.push(points[i]!)
    else if (max === null || speed > max) max = speed
  }
  return { max, wrong }
}

/** Is a speed beyond what the surroundings of its position bear out? Not where they say nothing. */
function isBeyond(law: ReadingLaw, speedDkph: number, points: readonly Point[], i: number): boolean {
  const { tsMs } = points[i]!
  let sides = 0
  for (let side = -1; side <= 1; side += 2) {
    const there = points[i + side]
    if (!there) continue
    if (!deniesFrom(law, speedDkph, points, i, side)) return false
    // One long leg alone says little.
    sides += Math.abs(there.tsMs - tsMs) > law.longS * 1000 ? 0.5 : 1
  }
  return sides >= 1
}

/** Does this side of a position deny its speed: the leg, and, where a vehicle could speed up and slow down again on it, the neighbour's reading? */
function deniesFrom(law: ReadingLaw, speedDkph: number, points: readonly Point[], i: number, side: number): boolean {
  const here = points[i]!
  const there = points[i + side]!
  const ms = Math.abs(there.tsMs - here.tsMs)
  const most = (speedDkph - law.marginDkph) / (ms > law.longS * 1000 ? law.longRatio : law.ratio)
  if (!isWithin(there, here, (most * ms) / 36_000)) return false
  if (ms <= law.neighbourS * 1000 || (there.speedDkph !== null && there.speedDkph < most)) return true
  // Two wrong ones bear each other out: then the next has the say.
  const next = points[i + 2 * side]
  if (!next || there.speedDkph === null || next.speedDkph === null || next.speedDkph >= most) return false
  return isWithin(next, there, (most * Math.abs(next.tsMs - there.tsMs)) / 36_000)
}
