// A track as bytes, for replay: column after column of small differences, in blocks that are written and read while others are on their way. A month at a
// position every ten seconds is some hundred kilobytes instead of the tens of megabytes that it is as a line of JSON.
//
//   'MTK1'
//   block*        varint count n > 0 · column × `TRACK_COLUMNS`
//   end           varint 0 · varint next, ms since 1970 (0 = this is all) · varint m · m × (varint index − previous index, u8 reason in `flagReasons`)
//   column        u8 kind: 0 = all unknown; 1 = known; 2 = some unknown (each value + 1 above the unknown, which is 0)
//                 then n × zigzag varint: of the time the difference of differences, of all others the difference to the row before
//
// Without its end a track has been broken off, and reading it throws.
import { type FlagReason, flagReasons } from '../domain/tracks.ts'

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

const MAGIC = Uint8Array.of(0x4d, 0x54, 0x4b, 0x31)
const [UNKNOWN, KNOWN, MIXED] = [0, 1, 2]

export const trackHead = (): Uint8Array => MAGIC

/** One block: `count` rows of the arrays, at least one. @throws RangeError for a value that is no safe integer */
export function encodeTrackBlock(arrays: TrackArrays, count: number): Uint8Array {
  const out = new Writer(16 + count * 20)
  out.varint(count)
  for (const column of TRACK_COLUMNS) writeColumn(out, arrays[column], count, column === 'timeMs')
  return out.bytes()
}

/** `nextMs`: a limit was reached, and the rest begins there. */
export function encodeTrackEnd(flags: readonly TrackFlag[], nextMs: number | null): Uint8Array {
  const out = new Writer(16 + flags.length * 3)
  out.varint(0)
  out.varint(nextMs ?? 0)
  out.varint(flags.length)
  let before = 0
  for (const { index, reason } of flags) {
    out.varint(index - before)
    out.byte(flagReasons.indexOf(reason))
    before = index
  }
  return out.bytes()
}

/** @throws RangeError for bytes that are no track, or one that was broken off */
export function decodeTrack(bytes: Uint8Array): TrackArrays & { count: number; flagged: TrackFlag[]; nextMs: number | null } {
  const from = new Reader(bytes)
  for (const each of MAGIC) if (from.byte() !== each) throw new RangeError('not a track')
  const blocks: TrackArrays[] = []
  let count = 0
  for (let n = from.varint(); n > 0; n = from.varint()) {
    // Each row has a byte of time at least: a count that its bytes cannot hold is no track, and asks for no memory.
    if (n > bytes.byteLength) throw new RangeError('not a track')
    blocks.push(Object.fromEntries(TRACK_COLUMNS.map((column) => [column, readColumn(from, n, column === 'timeMs')])) as TrackArrays)
    count += n
  }
  const nextMs = from.varint() || null
  const flagged: TrackFlag[] = []
  let index = 0
  for (let left = from.varint(); left > 0; left--) {
    index += from.varint()
    const reason = flagReasons[from.byte()]
    if (reason === undefined || index >= count) throw new RangeError('not a track')
    flagged.push({ index, reason })
  }
  return { ...(joined(blocks, count) as TrackArrays), count, flagged, nextMs }
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

function writeColumn(out: Writer, values: Float64Array, count: number, twice: boolean): void {
  let unknown = 0
  for (let i = 0; i < count; i++) if (Number.isNaN(values[i]!)) unknown++
  const kind = unknown === count ? UNKNOWN : unknown === 0 ? KNOWN : MIXED
  out.byte(kind!)
  if (kind === UNKNOWN) return
  // The unknown stands below all that is known, so that a column without one costs nothing for it.
  const least = kind === MIXED ? leastOf(values, count) : 0
  if (kind === MIXED) out.zigzag(least)
  let [before, step] = [0, 0]
  for (let i = 0; i < count; i++) {
    const value = kind === KNOWN ? values[i]! : Number.isNaN(values[i]!) ? 0 : values[i]! - least + 1
    const difference = value - before
    out.zigzag(twice ? difference - step : difference)
    before = value
    step = difference
  }
}

function readColumn(from: Reader, count: number, twice: boolean): Float64Array {
  const values = new Float64Array(count)
  const kind = from.byte()
  if (kind === UNKNOWN) return values.fill(Number.NaN)
  if (kind !== KNOWN && kind !== MIXED) throw new RangeError('not a track')
  const least = kind === MIXED ? from.zigzag() : 0
  let [before, step] = [0, 0]
  for (let i = 0; i < count; i++) {
    step = from.zigzag() + (twice ? step : 0)
    before += step
    values[i] = kind === KNOWN ? before : before === 0 ? Number.NaN : before - 1 + least
  }
  return values
}

function leastOf(values: Float64Array, count: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i++) if (values[i]! < least) least = values[i]!
  return least
}

class Writer {
  #bytes: Uint8Array
  #at = 0

  constructor(size: number) {
    this.#bytes = new Uint8Array(size)
  }

  byte(value: number): void {
    if (this.#at === this.#bytes.length) {
      const wider = new Uint8Array(this.#bytes.length * 2)
      wider.set(this.#bytes)
      this.#bytes = wider
    }
    this.#bytes[this.#at++] = value
  }

  /** Numbers up to 2^53: shifts would cut them to 32 bits. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no number of a track`)
    let left = value
    while (left >= 0x80) {
      this.byte((left % 0x80) + 0x80)
      left = Math.floor(left / 0x80)
    }
    this.byte(left)
  }

  zigzag(value: number): void {
    this.varint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  byte(): number {
    if (this.#at >= this.#bytes.length) throw new RangeError('the track was broken off')
    return this.#bytes[this.#at++]!
  }

  varint(): number {
    let [value, scale] = [0, 1]
    for (let n = 0; n < 8; n++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 0x80
    }
    throw new RangeError('not a track')
  }

  zigzag(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
}
