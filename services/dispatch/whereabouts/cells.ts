// H3 cells as candidates: those of a vehicle's way, and those of an area. They narrow and never decide: an area's cells are all that it overlaps, with
// one ring more, so that no way through it is missed whose samples lie up to 100 m beside it.
import { gridDisk, latLngToCell, POLYGON_TO_CELLS_FLAGS, polygonToCellsExperimental } from 'h3-js'
import { circleRing, type LonLat, type Shape } from '../../domain/geofence.ts'

/** Cells of about 0.7 km²: a vehicle under way passes some sixty of them in an hour. */
const RESOLUTION = 8
/** Between samples of a way. Half of it is less than a quarter of the width of a cell, so what lies beside a sample lies in its cell or in a neighbour. */
const SAMPLE_M = 200
/** A report so close to the last sample tells of no other cell. */
const STILL_M = 40
const METRES_PER_DEGREE = 111_320

const cellOf = (lon: number, lat: number): string => latLngToCell(lat, lon, RESOLUTION)
/** As the database keeps a cell. */
const numberOf = (cell: string): string => BigInt(`0x${cell}`).toString()

/** Gathers the cells of ways. */
export class WayCells {
  readonly #cells = new Set<string>()
  #sampled: LonLat | undefined

  /** A report, and the straight way to it from the one before. */
  add(to: LonLat, from?: LonLat): void {
    if (from) {
      const metres = metresBetween(from, to)
      const steps = Math.ceil(metres / SAMPLE_M)
      for (let step = 0; step < steps; step++) {
        const part = step / steps
        this.#sample([from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])])
      }
    }
    this.#sample(to)
  }

  #sample(at: LonLat): void {
    if (this.#sampled && metresBetween(this.#sampled, at) < STILL_M) return
    this.#sampled = at
    this.#cells.add(cellOf(at[0], at[1]))
  }

  /** As the database keeps them. */
  list(): string[] {
    return [...this.#cells].map(numberOf)
  }
}

const metresBetween = (a: LonLat, b: LonLat): number =>
  Math.hypot((b[0] - a[0]) * Math.cos((a[1] * Math.PI) / 180), b[1] - a[1]) * METRES_PER_DEGREE

/** All cells in which a sample can lie of a way that touches the shape, as the database keeps them. */
export function cellsOfShape(shape: Shape): string[] {
  const ring = shape.type === 'circle' ? circleRing(shape) : shape.ring
  const overlapped = polygonToCellsExperimental(
    ring.map(([lon, lat]) => [lat, lon]),
    RESOLUTION,
    POLYGON_TO_CELLS_FLAGS.containmentOverlapping,
  )
  const cells = new Set(overlapped)
  // What a library leaves out of a sliver its corners still say.
  for (const [lon, lat] of ring) cells.add(cellOf(lon, lat))
  return withRing(cells)
}

/** The same for cells of another vehicle's way, within which it may have been met. */
export const cellsAround = (kept: Iterable<string>): string[] => withRing([...kept].map((cell) => BigInt(cell).toString(16)))

function withRing(cells: Iterable<string>): string[] {
  const all = new Set<string>()
  for (const cell of cells) for (const each of gridDisk(cell, 1)) all.add(each)
  return [...all].map(numberOf)
}
