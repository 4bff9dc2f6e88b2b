// How far a trip went and how fast: track and odometer check each other stretch by stretch, a reading checks itself by its neighbours.
import { reachM, type TripLaw } from '../../domain/tripLaw.ts'
import { type Profile, profileOf, reader } from './noise.ts'
import { isWithin, type Place, squareBetween } from './plane.ts'
import type { Point, Trip } from './point.ts'
import { stepOf, withoutSpikes } from './spikes.ts'

/** Long enough to compare an odometer with a track. */
const STRETCH_M = 2_000
/** A road against the line through its positions, of positions at most a minute apart, and of others. */
const LEAST_RATIO = 0.85
const MOST_RATIO_DENSE = 1.3
const MOST_RATIO = 2
const DENSE_MS = 60_000
const TOLERANCE_M = 100
/** An odometer that counts in larger steps than this part of the trip cannot say how long it was. */
const COARSEST_STEP = 0.02
const QUARTER_MS = 900_000
/** Beyond what its neighbours say: a quarter, and 30 km/h. */
const SPEED_RATIO = 1.25
const SPEED_MARGIN_DKPH = 300
const NEIGHBOUR_MS = 20_000
/** The same over more than a minute, in which more can have happened unseen. */
const LONG_RATIO = 1.5
type Measured = Pick<Trip, 'distanceM' | 'distanceBy' | 'trackM' | 'odometerM' | 'quartersM' | 'maxSpeedDkph' | 'ignitionOff'>
type Way = { points: readonly Point[]; from: Place; fixes: number; to: Place }

/** @returns the figures of a trip, the fixes that lie off its way, and the readings that are contradicted */
export function measure(law: TripLaw, way: Way): Measured & { spikes: Point[]; wrongSpeeds: Point[] } {
  const { points, spikes } = withoutSpikes(law, way.points)
  const track = profileOf(points, way.from, way.fixes, way.to)
  const trackM = track.metres.at(-1)!
  const judged = byOdometer(law, points, track)
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
    maxSpeedDkph: max !== null && max * hours * 100 >= distanceM * 0.8 ? max : null,
    ignitionOff: isOff(points, track),
    spikes,
    wrongSpeeds: wrong,
  }
}

/** The profile with each stretch as long as the odometer says, where the track bears it out. */
function byOdometer(law: TripLaw, points: readonly Point[], track: Profile): { profile: Profile; by: Trip['distanceBy'] } {
  const trackM = track.metres.at(-1)!
  const known = points.filter(({ odometerM }) => odometerM !== null)
  const step = stepOf(known)
  if (known.length < 2 || step > trackM * COARSEST_STEP) return { profile: track, by: 'track' }
  const along = reader(track)
  const marks = known.map(({ tsMs, odometerM }) => ({ tsMs, odometerM: odometerM!, trackM: along(tsMs) }))
  const dense = (points.at(-1)!.tsMs - points[0]!.tsMs) / (points.length - 1) <= DENSE_MS
  const mostRatio = dense ? MOST_RATIO_DENSE : MOST_RATIO
  const toleranceM = TOLERANCE_M + step
  const fits = (odometerM: number, metres: number, least: number, most: number): boolean =>
    odometerM >= metres * least - toleranceM && odometerM <= metres * most + toleranceM
  const breaks = marks.map((mark, i) => {
    const before = marks[i - 1]
    if (!before) return false
    const gone = mark.odometerM - before.odometerM
    return gone < 0 || gone > step + reachM(law, mark.tsMs - before.tsMs)
  })
  const broken = breaks.includes(true)
  // Where the whole fits, a stretch is only held against its like: when the track was where is known to a leg.
  const sound =
    !broken && fits(marks.at(-1)!.odometerM - marks[0]!.odometerM, marks.at(-1)!.trackM - marks[0]!.trackM, LEAST_RATIO, mostRatio)
  const [least, most] = sound ? [0.5, 2] : [LEAST_RATIO, mostRatio]

  const profile: Profile = { atMs: [track.atMs[0]!], metres: [0] }
  let [odometerUsed, trackUsed] = [0, 0]
  let done = { tsMs: track.atMs[0]!, trackM: 0 }
  let corner = 0
  /** Appends what the track has up to `to`, drawn out to `metres`. */
  const goOn = (to: { tsMs: number; trackM: number }, metres: number): void => {
    const begun = profile.metres.at(-1)!
    const factor = to.trackM > done.trackM ? metres / (to.trackM - done.trackM) : 0
    while (corner < track.atMs.length && track.atMs[corner]! <= done.tsMs) corner++
    for (; corner < track.atMs.length && track.atMs[corner]! < to.tsMs; corner++) {
      profile.atMs.push(track.atMs[corner]!)
      profile.metres.push(begun + (track.metres[corner]! - done.trackM) * factor)
    }
    profile.atMs.push(to.tsMs)
    profile.metres.push(begun + metres)
    done = to
  }
  const byTrack = (to: { tsMs: number; trackM: number }): void => {
    trackUsed += to.trackM - done.trackM
    goOn(to, to.trackM - done.trackM)
  }
  let first = marks[0]!
  byTrack(first)
  marks.forEach((mark, i) => {
    const last = i === marks.length - 1
    const next = breaks[i + 1] === true
    if (breaks[i]) {
      byTrack(mark)
      first = mark
      return
    }
    const metres = mark.trackM - first.trackM
    const isShort = metres < STRETCH_M || marks.at(-1)!.trackM - mark.trackM < STRETCH_M
    if (i === 0 || (isShort && !last && !next)) return
    const gone = mark.odometerM - first.odometerM
    // Too short to be judged beside a break, where one of the two is known to be wrong.
    if (fits(gone, metres, least, most) && (metres >= STRETCH_M || !broken)) {
      odometerUsed += gone
      goOn(mark, gone)
    } else byTrack(mark)
    first = mark
  })
  byTrack({ tsMs: track.atMs.at(-1)!, trackM })
  const by = odometerUsed === 0 ? 'track' : trackUsed > Math.max(TOLERANCE_M, odometerUsed * 0.02) ? 'both' : 'odometer'
  return { profile, by }
}

/** Was the ignition reported off along most of the way of which it was reported? A stop is no way, however many reports there are of it. */
function isOff(points: readonly Point[], track: Profile): boolean {
  // The first and the last are reports of the rests.
  const last = points.length - 1
  const [from, to] = last > 1 ? [1, last - 1] : [0, last]
  let off = 0
  for (let i = from; i <= to; i++) if (points[i]!.ignition === false) off++
  if (off === 0) return false
  const along = reader(track)
  const metres = points.map(({ tsMs }) => along(tsMs))
  let [offM, knownM] = [0, 0]
  for (let i = from; i <= to; i++) {
    const { ignition } = points[i]!
    if (ignition === null) continue
    const [before, after] = [Math.max(0, i - 1), Math.min(last, i + 1)]
    // Along the way without its noise, which knows no times between its corners; and no more than from report to report.
    const seenM = Math.sqrt(squareBetween(points[before]!, points[i]!)) + Math.sqrt(squareBetween(points[i]!, points[after]!))
    const metresHere = Math.min(metres[after]! - metres[before]!, seenM)
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
    if (speed > law.topSpeedKph * 10 || (speed > SPEED_MARGIN_DKPH && isBeyond(speed, points, i))) wrong.push(points[i]!)
    else if (max === null || speed > max) max = speed
  }
  return { max, wrong }
}

/** Is a speed beyond what the surroundings of its position bear out? Not where they say nothing. */
function isBeyond(speedDkph: number, points: readonly Point[], i: number): boolean {
  const { tsMs } = points[i]!
  let sides = 0
  for (let side = -1; side <= 1; side += 2) {
    const there = points[i + side]
    if (!there) continue
    if (!deniesFrom(speedDkph, points, i, side)) return false
    // One long leg alone says little.
    sides += Math.abs(there.tsMs - tsMs) > 3 * NEIGHBOUR_MS ? 0.5 : 1
  }
  return sides >= 1
}

/** Does this side of a position deny its speed: the leg, and, where a vehicle could speed up and slow down again on it, the neighbour's reading? */
function deniesFrom(speedDkph: number, points: readonly Point[], i: number, side: number): boolean {
  const here = points[i]!
  const there = points[i + side]!
  const ms = Math.abs(there.tsMs - here.tsMs)
  const most = (speedDkph - SPEED_MARGIN_DKPH) / (ms > 3 * NEIGHBOUR_MS ? LONG_RATIO : SPEED_RATIO)
  if (!isWithin(there, here, (most * ms) / 36_000)) return false
  if (ms <= NEIGHBOUR_MS || (there.speedDkph !== null && there.speedDkph < most)) return true
  // Two wrong ones bear each other out: then the next has the say.
  const next = points[i + 2 * side]
  if (!next || there.speedDkph === null || next.speedDkph === null || next.speedDkph >= most) return false
  return isWithin(next, there, (most * Math.abs(next.tsMs - there.tsMs)) / 36_000)
}
