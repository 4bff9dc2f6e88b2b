// A track that somebody else recorded (GPX, KML, GeoJSON): what its readers gather, and the law that makes one line of it. What cannot be one is refused with
// what would do; what was put in order is said.
import { type RefusalReason, type RefusalValues, refusal } from '../../contracts/refusals.ts'
import { MAX_EXHIBIT_POINTS, type TrackKind } from '../../domain/exhibits.ts'

/** A segment as it stands in the file; degrees. `timeMs` NaN: that place has no time. */
export type Segment = { timeMs: number[]; lon: number[]; lat: number[] }
export type ForeignTrack = {
  kind: TrackKind
  /** Ascending, of every place; null: the file has no times. */
  timeMs: number[] | null
  lon: number[]
  lat: number[]
  /** How many places each segment has. */
  segments: number[]
  notes: TrackNotes
}
/** Places that were left out because others have a time and they have none, that were put in the order of time, and that told a time once more. */
export type TrackNotes = { untimed: number; unordered: number; repeated: number }

/** @throws Refusal */
export function refuseTrack(reason: RefusalReason, values: RefusalValues = {}): never {
  throw refusal('VALIDATION_FAILED', 'body', reason, values)
}

/** Places of a file while it is read. */
export class Gathered {
  readonly segments: Segment[] = []
  #places = 0

  begin(): void {
    this.segments.push({ timeMs: [], lon: [], lat: [] })
  }

  /** @param where the line of the file, or which place it is @throws Refusal for more than are taken, or a place that is none on earth */
  add(lon: number, lat: number, timeMs: number, where: number): void {
    if (!(Math.abs(lon) <= 180) || !(Math.abs(lat) <= 90)) refuseTrack('exhibit.place', { where })
    if (++this.#places > MAX_EXHIBIT_POINTS) refuseTrack('exhibit.many', { most: MAX_EXHIBIT_POINTS })
    if (this.segments.length === 0) this.begin()
    const segment = this.segments.at(-1)!
    segment.timeMs.push(timeMs)
    segment.lon.push(lon)
    segment.lat.push(lat)
  }
}

/** @throws Refusal for a file without a place, or with segments of one time that cannot be one vehicle's */
export function trackOf(kind: TrackKind, { segments }: Gathered): ForeignTrack {
  const notes: TrackNotes = { untimed: 0, unordered: 0, repeated: 0 }
  const timed = segments.some(({ timeMs }) => timeMs.some((ms) => !Number.isNaN(ms)))
  const parts = segments.map((segment) => (timed ? inOrder(segment, notes) : segment)).filter(({ lon }) => lon.length > 0)
  if (parts.length === 0) refuseTrack('exhibit.none')
  if (timed) {
    parts.sort((a, b) => a.timeMs[0]! - b.timeMs[0]!)
    joinEnds(parts, notes)
  }
  return {
    kind,
    timeMs: timed ? parts.flatMap(({ timeMs }) => timeMs) : null,
    lon: parts.flatMap(({ lon }) => lon),
    lat: parts.flatMap(({ lat }) => lat),
    segments: parts.map(({ lon }) => lon.length),
    notes,
  }
}

/** By time, each time once, without what has none. */
function inOrder({ timeMs, lon, lat }: Segment, notes: TrackNotes): Segment {
  const kept = [...timeMs.keys()].filter((i) => !Number.isNaN(timeMs[i]!))
  notes.untimed += timeMs.length - kept.length
  for (let k = 1; k < kept.length; k++) if (timeMs[kept[k]!]! < timeMs[kept[k - 1]!]!) notes.unordered++
  kept.sort((a, b) => timeMs[a]! - timeMs[b]!)
  const once = kept.filter((i, k) => k === 0 || timeMs[i] !== timeMs[kept[k - 1]!])
  notes.repeated += kept.length - once.length
  return { timeMs: once.map((i) => timeMs[i]!), lon: once.map((i) => lon[i]!), lat: once.map((i) => lat[i]!) }
}

/** A segment may begin with the instant at which the one before ended; within it, it is another device's. */
function joinEnds(parts: Segment[], notes: TrackNotes): void {
  for (let n = 1; n < parts.length; n++) {
    const endMs = parts[n - 1]!.timeMs.at(-1)!
    const part = parts[n]!
    if (part.timeMs[0]! < endMs) refuseTrack('exhibit.overlap', { first: n, second: n + 1 })
    if (part.timeMs[0] !== endMs) continue
    for (const column of [part.timeMs, part.lon, part.lat]) column.shift()
    notes.repeated++
  }
  for (let n = parts.length - 1; n >= 0; n--) if (parts[n]!.lon.length === 0) parts.splice(n, 1)
}
