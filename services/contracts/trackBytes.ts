// A track as bytes, for replay: column after column of small differences, in parts that are written and read while others are on their way. A month at a
// position every ten seconds is half a megabyte instead of the tens of megabytes that it is as a line of JSON.
//
//   'MTK2'
//   part*         varint length in bytes · u8 kind · body
//   kind 1        the sketch, at most one and before all else: varint count · varint reports it was made of · varint r · r × varint length of a run · column lon · column lat
//   kind 2        a block: varint count n > 0 · column × `TRACK_COLUMNS`
//   kind 3        the end, and the last: varint next, ms since 1970 (0 = this is all) · varint m · m × (varint index − previous index, u8 reason in `flagReasons`)
//   column        trackColumns.ts
//
// Without its end a track has been broken off, and reading it throws.
import { type FlagReason, flagReasons } from '../domain/tracks.ts'
import { Reader, readColumn, Writer, writeColumn } from './trackColumns.ts'

/** Integers as they are stored: ms since 1970, 1e-7°, 0.1 km/h, °, m, m, ‰, ‰, count, bits, bits, and ms from the device's time to its arrival. */
export const TRACK_COLUMNS = [
  'timeMs',
  'lonE7',
  'latE7',
  'speedDkph',
  'headingDeg',
  'altitudeM',
  'odometerM',
  'fuelPermille',
  'socPermille',
  'satellites',
  'flags',
  'alarms',
  'lagMs',
] as const
export type TrackColumn = (typeof TRACK_COLUMNS)[number]
/** NaN = unknown. `timeMs` ascends strictly. */
export type TrackArrays = Record<TrackColumn, Float64Array>
/** Positions that are stored and not believed, by index in the whole track. */
export type TrackFlag = { index: number; reason: FlagReason }
/**
 * The line of a long time as it looks from afar, to be drawn until the track itself is there: runs, each of so many places one after the other, simplified from
 * `madeOf` reports. Nothing is joined across a gap, and nothing else may be read from it.
 */
export type TrackSketch = { runs: number[]; lonE7: Float64Array; latE7: Float64Array; madeOf: number }
export type DecodedTrack = TrackArrays & { count: number; flagged: TrackFlag[]; nextMs: number | null }

const MAGIC = Uint8Array.of(0x4d, 0x54, 0x4b, 0x32)
const [SKETCH, BLOCK, END] = [1, 2, 3] as const

export const trackHead = (): Uint8Array => MAGIC

/** @throws RangeError for a sketch without a place */
export function encodeTrackSketch({ runs, lonE7, latE7, madeOf }: TrackSketch): Uint8Array {
  const out = new Writer(64 + lonE7.length * 6)
  out.varint(lonE7.length)
  out.varint(madeOf)
  out.varint(runs.length)
  for (const run of runs) out.varint(run)
  writeColumn(out, lonE7, lonE7.length)
  writeColumn(out, latE7, latE7.length)
  return partOf(SKETCH, out)
}

/** One block: `count` rows of the arrays, at least one. @throws RangeError for a value that is no safe integer */
export function encodeTrackBlock(arrays: TrackArrays, count: number): Uint8Array {
  const out = new Writer(16 + count * 20)
  out.varint(count)
  for (const column of TRACK_COLUMNS) writeColumn(out, arrays[column], count)
  return partOf(BLOCK, out)
}

/** `nextMs`: a limit was reached, and the rest begins there. */
export function encodeTrackEnd(flags: readonly TrackFlag[], nextMs: number | null): Uint8Array {
  const out = new Writer(16 + flags.length * 3)
  out.varint(nextMs ?? 0)
  out.varint(flags.length)
  let before = 0
  for (const { index, reason } of flags) {
    out.varint(index - before)
    out.byte(flagReasons.indexOf(reason))
    before = index
  }
  return partOf(END, out)
}

function partOf(kind: number, body: Writer): Uint8Array {
  const bytes = body.bytes()
  const out = new Writer(bytes.length + 9)
  out.varint(bytes.length + 1)
  out.byte(kind)
  out.append(bytes)
  return out.bytes()
}

/** @throws RangeError for bytes that are no track, or one that was broken off */
export function decodeTrack(bytes: Uint8Array): DecodedTrack {
  const decoder = new TrackDecoder()
  decoder.push(bytes)
  return decoder.end()
}

type Told = { onSketch?: (sketch: TrackSketch) => void; onBlock?: (block: TrackArrays) => void }

/** Reads a track while it comes, in whatever pieces, and tells of each part as soon as it is whole. */
export class TrackDecoder {
  readonly #told: Told
  #left: Uint8Array = new Uint8Array(0)
  #begun = false
  #blocks: TrackArrays[] = []
  #count = 0
  #end: { flagged: TrackFlag[]; nextMs: number | null } | undefined

  constructor(told: Told = {}) {
    this.#told = told
  }

  /** @throws RangeError for bytes that are no track */
  push(piece: Uint8Array): void {
    const bytes = this.#left.length === 0 ? piece : joinedBytes(this.#left, piece)
    let at = 0
    if (!this.#begun) {
      if (MAGIC.some((each, i) => i < bytes.length && bytes[i] !== each)) throw new RangeError('not a track')
      this.#begun = bytes.length >= MAGIC.length
      if (this.#begun) at = MAGIC.length
    }
    while (this.#begun && at < bytes.length) {
      const length = lengthAt(bytes, at)
      if (!length || length.until > bytes.length) break
      this.#read(new Reader(bytes.subarray(length.from, length.until)), length.until - length.from)
      at = length.until
    }
    this.#left = bytes.slice(at)
  }

  /** The track when all of it has come. @throws RangeError for one that was broken off */
  end(): DecodedTrack {
    if (!this.#end || this.#left.length > 0) throw new RangeError('the track was broken off')
    return { ...(joined(this.#blocks, this.#count) as TrackArrays), count: this.#count, ...this.#end }
  }

  #read(from: Reader, size: number): void {
    if (this.#end) throw new RangeError('not a track')
    const kind = from.byte()
    if (kind === SKETCH && this.#count === 0) this.#told.onSketch?.(readSketch(from, size))
    else if (kind === BLOCK) {
      const count = from.varint()
      // Each row has a byte of time at least: a count that its bytes cannot hold is no track, and asks for no memory.
      if (count === 0 || count > size) throw new RangeError('not a track')
      const block = Object.fromEntries(TRACK_COLUMNS.map((column) => [column, readColumn(from, count)])) as TrackArrays
      this.#blocks.push(block)
      this.#count += count
      this.#told.onBlock?.(block)
    } else if (kind === END) this.#end = readEnd(from, this.#count)
    else throw new RangeError('not a track')
    if (from.at !== size) throw new RangeError('not a track')
  }
}

function readSketch(from: Reader, size: number): TrackSketch {
  const [count, madeOf, parts] = [from.varint(), from.varint(), from.varint()]
  if (count === 0 || count > size || parts > size) throw new RangeError('not a track')
  const runs = Array.from({ length: parts }, () => from.varint())
  if (runs.reduce((sum, run) => sum + run, 0) !== count) throw new RangeError('not a track')
  return { runs, madeOf, lonE7: readColumn(from, count), latE7: readColumn(from, count) }
}

function readEnd(from: Reader, count: number): { flagged: TrackFlag[]; nextMs: number | null } {
  const nextMs = from.varint() || null
  const flagged: TrackFlag[] = []
  let index = 0
  for (let left = from.varint(); left > 0; left--) {
    index += from.varint()
    const reason = flagReasons[from.byte()]
    if (reason === undefined || index >= count) throw new RangeError('not a track')
    flagged.push({ index, reason })
  }
  return { flagged, nextMs }
}

/** Where the part lies whose length stands at `at`; undefined = the length itself has not come yet. */
function lengthAt(bytes: Uint8Array, at: number): { from: number; until: number } | undefined {
  let more = at
  while (more < bytes.length && bytes[more]! >= 0x80) more++
  if (more === bytes.length && more - at < 8) return undefined
  const from = new Reader(bytes, at)
  const length = from.varint()
  return { from: from.at, until: from.at + length }
}

function joinedBytes(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length)
  whole.set(a)
  whole.set(b, a.length)
  return whole
}

function joined(blocks: readonly TrackArrays[], count: number): Record<string, Float64Array> {
  if (blocks.length === 1) return blocks[0]!
  return Object.fromEntries(
    TRACK_COLUMNS.map((column) => {
      const whole = new Float64Array(count)
      let at = 0
      for (const block of blocks) {
        whole.set(block[column], at)
        at += block[column].length
      }
      return [column, whole]
    }),
  )
}
