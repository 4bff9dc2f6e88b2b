// Columns of whole numbers as bytes, for tracks (trackBytes.ts): small differences, each in as few bytes as it needs.
//
//   column        u8 kind: 0 = all unknown; 1 = known; 2 = some unknown (then zigzag varint of the least; each value + 1 above the unknown, which is 0);
//                 4 more where it is the differences of differences that follow
//                 then n × zigzag varint
//
// Which of the two kinds of differences is smaller is tried by column and block: a place that moves evenly takes half the bytes of one that jumps about.

const [UNKNOWN, KNOWN, MIXED, TWICE] = [0, 1, 2, 4]

/** `count` ≥ 1 numbers, NaN = unknown. @throws RangeError for a value that is no safe integer */
export function writeColumn(out: Writer, values: Float64Array, count: number): void {
  let unknown = 0
  for (let i = 0; i < count; i++) if (Number.isNaN(values[i]!)) unknown++
  if (unknown === count) {
    out.byte(UNKNOWN!)
    return
  }
  const kind = unknown === 0 ? KNOWN! : MIXED!
  // The unknown stands below all that is known, so that a column without one costs nothing for it.
  const least = kind === MIXED ? leastOf(values, count) : 0
  const numbers = kind === KNOWN ? values : values.map((value) => (Number.isNaN(value) ? 0 : value - least + 1))
  const twice = isShorterTwice(numbers, count)
  out.byte(twice ? kind + TWICE! : kind)
  if (kind === MIXED) out.zigzag(least)
  let [before, step] = [0, 0]
  for (let i = 0; i < count; i++) {
    const difference = numbers[i]! - before
    out.zigzag(twice ? difference - step : difference)
    before = numbers[i]!
    step = difference
  }
}

/** By how many bits they have in sum: what has fewer is shorter in bytes, and is packed better on its way. */
function isShorterTwice(values: Float64Array, count: number): boolean {
  let [once, twice, before, step] = [0, 0, values[0]!, 0]
  for (let i = 1; i < count; i++) {
    const difference = values[i]! - before
    once += bitsOf(difference)
    twice += bitsOf(difference - step)
    before = values[i]!
    step = difference
  }
  return twice < once
}
const bitsOf = (difference: number): number => 32 - Math.clz32(Math.min(0x7fffffff, Math.abs(difference)))

/** @throws RangeError for bytes that are no column */
export function readColumn(from: Reader, count: number): Float64Array {
  const values = new Float64Array(count)
  const said = from.byte()
  if (said === UNKNOWN) return values.fill(Number.NaN)
  const twice = said >= TWICE!
  const kind = twice ? said - TWICE! : said
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

export class Writer {
  #bytes: Uint8Array
  #at = 0

  constructor(size: number) {
    this.#bytes = new Uint8Array(size)
  }

  byte(value: number): void {
    this.#room(1)
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

  append(bytes: Uint8Array): void {
    this.#room(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at)
  }

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const wider = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + more))
    wider.set(this.#bytes)
    this.#bytes = wider
  }
}

export class Reader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.#at = at
  }

  get at(): number {
    return this.#at
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
