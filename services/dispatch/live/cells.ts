// Aggregates for far-out views: a grid in degrees, finer with the zoom, of about 64 pixels a cell.
import type { LiveCell } from '../../contracts/liveSocket.ts'

/** Of 512-pixel world tiles: eight cells across. */
const CELLS_PER_TILE = 8
/** A degree of latitude is about 1.4 degrees of longitude in the region: this keeps cells near square. */
const LATITUDE_SHARE = 0.7

/** Adds vehicles one by one to the cells of a zoom level. */
export class CellGrid {
  readonly #lonStep: number
  readonly #latStep: number
  readonly #cells = new Map<number, LiveCell>()

  constructor(zoom: number) {
    this.#lonStep = 360 / (2 ** Math.min(16, Math.floor(zoom)) * CELLS_PER_TILE)
    this.#latStep = this.#lonStep * LATITUDE_SHARE
  }

  add(lon: number, lat: number, moving: boolean): void {
    const column = Math.floor(lon / this.#lonStep)
    const row = Math.floor(lat / this.#latStep)
    const key = row * 0x200_0000 + column
    let cell = this.#cells.get(key)
    if (!cell) {
      cell = { lon: (column + 0.5) * this.#lonStep, lat: (row + 0.5) * this.#latStep, total: 0, moving: 0 }
      this.#cells.set(key, cell)
    }
    cell.total++
    if (moving) cell.moving++
  }

  list(): LiveCell[] {
    return [...this.#cells.values()]
  }
}
