// The nearest node of a place, by cells of a hundredth of a degree.
import { cosLat, distanceM, METERS_PER_DEGREE } from '../geo.ts'

const CELL_DEG = 0.01
const cellOf = (column: number, row: number): number => row * 100_000 + column

export class NodeIndex {
  private readonly cells = new Map<number, number[]>()
  private readonly nodes: readonly (readonly [number, number] | undefined)[]

  /** Undefined entries are nodes that shall not be found. */
  constructor(nodes: readonly (readonly [number, number] | undefined)[]) {
    this.nodes = nodes
    nodes.forEach((at, n) => {
      if (!at) return
      const key = cellOf(Math.floor(at[0] / CELL_DEG), Math.floor(at[1] / CELL_DEG))
      const cell = this.cells.get(key)
      if (cell) cell.push(n)
      else this.cells.set(key, [n])
    })
  }

  /** The nearest node within `withinM` meters. */
  nearest(lon: number, lat: number, withinM: number): number | undefined {
    const rows = Math.ceil(withinM / METERS_PER_DEGREE / CELL_DEG)
    const columns = Math.ceil(withinM / (METERS_PER_DEGREE * cosLat(lat)) / CELL_DEG)
    const [column, row] = [Math.floor(lon / CELL_DEG), Math.floor(lat / CELL_DEG)]
    let best: number | undefined
    let bestM = withinM
    for (let r = row - rows; r <= row + rows; r++) {
      for (let c = column - columns; c <= column + columns; c++) {
        for (const n of this.cells.get(cellOf(c, r)) ?? []) {
          const at = this.nodes[n] as readonly [number, number]
          const d = distanceM(lon, lat, at[0], at[1])
          if (d > bestM) continue
          best = n
          bestM = d
        }
      }
    }
    return best
  }
}
