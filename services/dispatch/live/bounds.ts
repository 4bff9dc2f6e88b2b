// The box of a view in 1e-7 degrees, a fifth wider on each side so that a small pan shows no empty margin.

export type Bounds = { west: number; south: number; east: number; north: number }

const PADDING = 0.2
const E7 = 1e7
const MAX_INT = 2_147_483_647

/** @param bbox [west, south, east, north] in degrees */
export function paddedBounds([west, south, east, north]: readonly [number, number, number, number]): Bounds {
  const dx = Math.abs(east - west) * PADDING
  const dy = Math.abs(north - south) * PADDING
  const e7 = (degrees: number) => Math.max(-MAX_INT, Math.min(MAX_INT, Math.round(degrees * E7)))
  return { west: e7(west - dx), south: e7(south - dy), east: e7(east + dx), north: e7(north + dy) }
}
