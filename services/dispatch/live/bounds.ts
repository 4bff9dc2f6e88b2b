// The box of a view in 1e-7 degrees, a fifth wider on each side so that a small pan shows no empty margin, and out to the next lines of a grid, so that
// people who look at nearly the same share what is made for it. It bounds what is sent, not what may be seen.
import { REGION_BBOX } from '../../domain/region/region.ts'

export type Bounds = { west: number; south: number; east: number; north: number }

const PADDING = 0.2
const E7 = 1e7
const MAX_INT = 2_147_483_647

/** Lines of the grid across a view. */
const LINES = 16

/** @param bbox [west, south, east, north] in degrees; whoever sees the whole region is given everything */
export function paddedBounds([west, south, east, north]: readonly [number, number, number, number]): Bounds {
  const [regionWest, regionSouth, regionEast, regionNorth] = REGION_BBOX
  if (west <= regionWest && south <= regionSouth && east >= regionEast && north >= regionNorth)
    return { west: -MAX_INT, south: -MAX_INT, east: MAX_INT, north: MAX_INT }
  const dx = Math.abs(east - west) * PADDING
  const dy = Math.abs(north - south) * PADDING
  const step = 2 ** Math.ceil(Math.log2((Math.max(dx, dy, 1 / E7) / PADDING / LINES) * E7))
  const low = (degrees: number) => Math.max(-MAX_INT, Math.floor((degrees * E7) / step) * step)
  const high = (degrees: number) => Math.min(MAX_INT, Math.ceil((degrees * E7) / step) * step)
  return { west: low(west - dx), south: low(south - dy), east: high(east + dx), north: high(north + dy) }
}
