// Two vehicles that were close to each other for a while. Compared are their ways, between reports in proportion to time and never across a gap, and not
// their reports: two that drive side by side and report at different seconds are never near each other in any. Pure, and the same from either side.
import { METRES_PER_DEGREE, splitTrack, type TrackLine } from './trackGaps.ts'

export type Nearness = { withinM: number; forMs: number }
/** Within 50 m for five minutes. */
export const meetingLaw: Nearness = { withinM: 50, forMs: 5 * 60_000 }

export type Meeting = {
  fromMs: number
  untilMs: number
  /** The least distance, and the mean over the time. */
  nearestM: number
  meanM: number
  /** How far each of the two went meanwhile, m: from place to place a hundred metres apart, for reports of one that stands scatter, and over a night their scatter is ten kilometres. */
  wayM: [number, number]
  /** Where they were when they were nearest. */
  lon: number
  lat: number
}
export const meetingKinds = ['convoy', 'met', 'parked'] as const
export type MeetingKind = (typeof meetingKinds)[number]

/** Further than this together is a convoy; no further than this each is standing beside each other, and who is nearer than that to where he was stands there. */
const CONVOY_M = 1_000
const PARKED_M = 100
export const kindOfMeeting = ({ wayM: [a, b] }: Meeting): MeetingKind =>
  Math.min(a, b) >= CONVOY_M ? 'convoy' : Math.max(a, b) <= PARKED_M ? 'parked' : 'met'

type Leg = { fromMs: number; untilMs: number; ax: number; ay: number; bx: number; by: number }

/** Meetings of a and b, by time: each is the time for which both were within `withinM` without a break, and at least `forMs` long. */
export function meetingsOf(a: TrackLine, b: TrackLine, { withinM, forMs }: Nearness = meetingLaw): Meeting[] {
  const found: Meeting[] = []
  for (const [fromA, lastA] of splitTrack(a).runs)
    for (const [fromB, lastB] of splitTrack(b).runs) {
      const from = Math.max(a.timeMs[fromA]!, b.timeMs[fromB]!)
      const until = Math.min(a.timeMs[lastA]!, b.timeMs[lastB]!)
      if (until - from >= forMs) meetInRuns(a, [fromA, lastA], b, [fromB, lastB], from, until, withinM, forMs, found)
    }
  return found.sort((one, other) => one.fromMs - other.fromMs)
}

type Open = Meeting & { sum: number; ways: [Way, Way] }
type Run = [first: number, last: number]
function meetInRuns(
  a: TrackLine,
  runA: Run,
  b: TrackLine,
  runB: Run,
  fromMs: number,
  untilMs: number,
  withinM: number,
  forMs: number,
  found: Meeting[],
): void {
  let open: Open | undefined
  const end = (): void => {
    if (open && open.untilMs - open.fromMs >= forMs) {
      const { sum, ways, ...meeting } = open
      found.push({ ...meeting, meanM: sum / (open.untilMs - open.fromMs), wayM: [metresOf(ways[0]), metresOf(ways[1])] })
    }
    open = undefined
  }
  let [i, j] = [runA[0], runB[0]]
  // Where there is but one report of a run, there is no way.
  while (i < runA[1] - 1 && a.timeMs[i + 1]! <= fromMs) i++
  while (j < runB[1] - 1 && b.timeMs[j + 1]! <= fromMs) j++
  for (let ms = fromMs; ms < untilMs && i < runA[1] && j < runB[1]; ) {
    const next = Math.min(a.timeMs[i + 1]!, b.timeMs[j + 1]!, untilMs)
    if (next > ms) {
      const leg = legOf(a, i, b, j, ms, next)
      const near = nearSpan(leg, withinM)
      if (!near || (open && near.fromMs > open.untilMs)) end()
      if (near) {
        open ??= {
          fromMs: near.fromMs,
          untilMs: near.fromMs,
          nearestM: Number.POSITIVE_INFINITY,
          meanM: 0,
          wayM: [0, 0],
          lon: 0,
          lat: 0,
          sum: 0,
          ways: [wayFrom(placeAt(a, i, near.fromMs)), wayFrom(placeAt(b, j, near.fromMs))],
        }
        addSpan(open, near, a, i, b, j)
        if (near.untilMs < next) end()
      }
    }
    ms = next
    if (i + 1 <= runA[1] && a.timeMs[i + 1]! <= ms) i++
    if (j + 1 <= runB[1] && b.timeMs[j + 1]! <= ms) j++
  }
  end()
}

/** Where b was as seen from a, metres, at the two ends of a time in which both went straight on. */
function legOf(a: TrackLine, i: number, b: TrackLine, j: number, fromMs: number, untilMs: number): Leg {
  const [ax, ay] = apart(placeAt(a, i, fromMs), placeAt(b, j, fromMs))
  const [bx, by] = apart(placeAt(a, i, untilMs), placeAt(b, j, untilMs))
  return { fromMs, untilMs, ax, ay, bx, by }
}

type Place = [lon: number, lat: number]
function placeAt({ timeMs, lon, lat }: TrackLine, i: number, ms: number): Place {
  const span = timeMs[i + 1]! - timeMs[i]!
  const part = span > 0 ? (ms - timeMs[i]!) / span : 0
  return [lon[i]! + part * (lon[i + 1]! - lon[i]!), lat[i]! + part * (lat[i + 1]! - lat[i]!)]
}
/** The same to the last bit, but for its sign, whichever of the two comes first. */
const apart = (a: Place, b: Place): Place => [
  (b[0] - a[0]) * Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180) * METRES_PER_DEGREE,
  (b[1] - a[1]) * METRES_PER_DEGREE,
]

type Span = { fromMs: number; untilMs: number; nearestMs: number; nearestM: number; meanM: number }

/** The part of a leg in which the two are within a distance: one span, because the way of one seen from the other is straight. */
function nearSpan({ fromMs, untilMs, ax, ay, bx, by }: Leg, withinM: number): Span | undefined {
  const [x, y] = [bx - ax, by - ay]
  const square = x * x + y * y
  const least = square === 0 ? 0 : Math.min(1, Math.max(0, -(ax * x + ay * y) / square))
  const nearestM = Math.hypot(ax + least * x, ay + least * y)
  if (nearestM > withinM) return undefined
  let [from, until] = [0, 1]
  if (square > 0) {
    const half = ax * x + ay * y
    const root = Math.sqrt(Math.max(0, half * half - square * (ax * ax + ay * ay - withinM * withinM)))
    from = Math.max(0, (-half - root) / square)
    until = Math.min(1, (-half + root) / square)
  }
  const ms = (part: number): number => fromMs + part * (untilMs - fromMs)
  const distance = (part: number): number => Math.hypot(ax + part * x, ay + part * y)
  // By Simpson: what is between the two ends of a span is smooth.
  const meanM = (distance(from) + 4 * distance((from + until) / 2) + distance(until)) / 6
  return { fromMs: ms(from), untilMs: ms(until), nearestMs: ms(least), nearestM, meanM }
}

/** What was gone until `from`, and where it is since. */
type Way = { metres: number; from: Place; to: Place }
const wayFrom = (at: Place): Way => ({ metres: 0, from: at, to: at })
function goTo(way: Way, at: Place): void {
  way.to = at
  const metres = Math.hypot(...apart(way.from, at))
  if (metres < PARKED_M) return
  way.metres += metres
  way.from = at
}
const metresOf = ({ metres, from, to }: Way): number => metres + Math.hypot(...apart(from, to))

function addSpan(open: Open, near: Span, a: TrackLine, i: number, b: TrackLine, j: number): void {
  open.untilMs = near.untilMs
  open.sum += near.meanM * (near.untilMs - near.fromMs)
  goTo(open.ways[0], placeAt(a, i, near.untilMs))
  goTo(open.ways[1], placeAt(b, j, near.untilMs))
  if (near.nearestM >= open.nearestM) return
  open.nearestM = near.nearestM
  const [one, other] = [placeAt(a, i, near.nearestMs), placeAt(b, j, near.nearestMs)]
  open.lon = (one[0] + other[0]) / 2
  open.lat = (one[1] + other[1]) / 2
}
