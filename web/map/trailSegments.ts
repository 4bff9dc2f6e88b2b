// Trails as the graphics card takes them: a record a stretch, as many as can be told apart at a zoom. Pure.
import { rgbOf } from './palette.ts'

/** How a stretch is drawn: as seen, dashed across a gap, or as something else that is laid beside it. */
export const STRETCH = { seen: 0, gap: 1, beside: 2 } as const

export type TrailLine = {
  /** World units (worldPoint.ts). */
  x: Int32Array
  y: Int32Array
  /** Index ranges that are one line, both ends included; and those that join two places across a gap. */
  runs: readonly (readonly [number, number])[]
  gaps: readonly (readonly [number, number])[]
  /** #rrggbb, of the gaps and of all that has no colour of its own. */
  colour: string
  /** The colour of the stretch that ends at a place. */
  paintOf?: ((index: number) => string) | undefined
  isBeside?: boolean
}

/** from x, y · to x, y (int32) · units since the run began (float32) · red, green, blue, kind (u8). */
export const STRETCH_BYTES = 24
export type Stretches = { bytes: ArrayBuffer; count: number }

/** @param tolerance of places nearer to the last that is kept than this, in world units, nobody sees a stretch: a vehicle that stands is a place, not a thousand */
export function stretchesOf(lines: readonly TrailLine[], tolerance: number): Stretches {
  const out = new Records(lines.reduce((sum, { x }) => sum + x.length, 0))
  for (const line of lines) {
    for (const [from, until] of line.gaps) out.put(line, from, until, 0, line.colour, STRETCH.gap)
    for (const [from, until] of line.runs) putRun(out, line, from, until, tolerance)
  }
  return out.stretches()
}

function putRun(out: Records, line: TrailLine, from: number, until: number, tolerance: number): void {
  const { x, y, colour, paintOf, isBeside } = line
  const kind = isBeside ? STRETCH.beside : STRETCH.seen
  let [last, along] = [from, 0]
  // A single report between two gaps is a dot.
  if (from === until) out.put(line, from, until, 0, paintOf?.(from) ?? colour, kind)
  for (let i = from + 1; i <= until; i++) {
    const paint = paintOf ? paintOf(i) : colour
    const near = Math.abs(x[i]! - x[last]!) < tolerance && Math.abs(y[i]! - y[last]!) < tolerance
    if (near && i < until && (!paintOf || paintOf(i + 1) === paint)) continue
    out.put(line, last, i, along, paint, kind)
    along += Math.hypot(x[i]! - x[last]!, y[i]! - y[last]!)
    last = i
  }
}

class Records {
  #bytes: ArrayBuffer
  #ints: Int32Array
  #floats: Float32Array
  #marks: Uint8Array
  #count = 0
  readonly #colours = new Map<string, readonly [number, number, number]>()

  constructor(most: number) {
    // A run has a stretch less than it has places, or a dot; a gap joins two runs.
    this.#bytes = new ArrayBuffer(Math.max(1, most * 2) * STRETCH_BYTES)
    this.#ints = new Int32Array(this.#bytes)
    this.#floats = new Float32Array(this.#bytes)
    this.#marks = new Uint8Array(this.#bytes)
  }

  put({ x, y }: TrailLine, from: number, to: number, along: number, colour: string, kind: number): void {
    const at = this.#count * (STRETCH_BYTES / 4)
    this.#ints[at] = x[from]!
    this.#ints[at + 1] = y[from]!
    this.#ints[at + 2] = x[to]!
    this.#ints[at + 3] = y[to]!
    this.#floats[at + 4] = along
    const [red, green, blue] = this.#rgb(colour)
    this.#marks.set([red, green, blue, kind], at * 4 + 20)
    this.#count++
  }

  stretches(): Stretches {
    return { bytes: this.#bytes.slice(0, this.#count * STRETCH_BYTES), count: this.#count }
  }

  #rgb(colour: string): readonly [number, number, number] {
    const known = this.#colours.get(colour)
    if (known) return known
    const [red, green, blue] = rgbOf(colour).map((part) => Math.round(part * 255))
    const rgb = [red!, green!, blue!] as const
    this.#colours.set(colour, rgb)
    return rgb
  }
}
