// Trails as the graphics card takes them: a record a stretch, as many as can be told apart at a zoom. Pure.
import { rgbOf } from './palette.ts'

/** How a stretch is drawn: as seen, dashed across a gap, or as something else that is laid beside it. */
export const STRETCH = { seen: 0, gap: 1, beside: 2 } as const

export type TrailLine = {
  /** Whose it is; of what is only on its way it is nobody's yet. */
  vehicleId?: number
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
/** `places`: of each line, how many of its places are drawn. */
export type Stretches = { bytes: ArrayBuffer; count: number; places: number[] }

/**
 * @param tolerance world units: a place that is nearer than this to the last that is drawn is left out, for nobody sees a stretch there. 0: none is; what lies on
 *   one spot is one dot, and all of it is drawn.
 */
export function stretchesOf(lines: readonly TrailLine[], tolerance: number): Stretches {
  const out = new Records(lines.reduce((sum, { x }) => sum + x.length, 0))
  const places = lines.map((line) => {
    for (const [from, until] of line.gaps) out.put(line, from, until, 0, line.colour, STRETCH.gap)
    return line.runs.reduce((sum, [from, until]) => sum + putRun(out, line, from, until, tolerance), 0)
  })
  return { ...out.stretches(), places }
}

/** How many of its places are drawn. */
function putRun(out: Records, line: TrailLine, from: number, until: number, tolerance: number): number {
  const { x, y, colour, paintOf, isBeside } = line
  const kind = isBeside ? STRETCH.beside : STRETCH.seen
  let [last, along, drawn] = [from, 0, 1]
  // A single report between two gaps is a dot.
  if (from === until) out.put(line, from, until, 0, paintOf?.(from) ?? colour, kind)
  for (let i = from + 1; i <= until; i++) {
    const paint = paintOf ? paintOf(i) : colour
    const [east, south] = [x[i]! - x[last]!, y[i]! - y[last]!]
    const isThere = east === 0 && south === 0
    const near = isThere || east * east + south * south < tolerance * tolerance
    if (near && i < until && (!paintOf || paintOf(i + 1) === paint)) {
      if (isThere) drawn++
      continue
    }
    out.put(line, last, i, along, paint, kind)
    along += Math.sqrt(east * east + south * south)
    last = i
    drawn++
  }
  return drawn
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

  stretches(): Omit<Stretches, 'places'> {
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
