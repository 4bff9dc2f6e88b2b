// A line drawn with fewer places. Pure.

/** Places of a line, in any units that are alike in both directions. */
export type Places = { x: ArrayLike<number>; y: ArrayLike<number> }

/**
 * The indexes of [from, until] (both included) that are kept so that every place left out lies within `tolerance` of the line through those kept (Douglas and
 * Peucker), in their order. The first and the last are always among them.
 */
export function simplify({ x, y }: Places, from: number, until: number, tolerance: number): number[] {
  if (until <= from) return [from]
  const kept = new Uint8Array(until - from + 1)
  kept[0] = kept[until - from] = 1
  const open: [number, number][] = [[from, until]]
  for (let span = open.pop(); span; span = open.pop()) {
    const [a, b] = span
    const far = farthest({ x, y }, a, b)
    if (far.squared <= tolerance * tolerance) continue
    kept[far.index - from] = 1
    open.push([a, far.index], [far.index, b])
  }
  const indexes: number[] = []
  for (let i = from; i <= until; i++) if (kept[i - from]) indexes.push(i)
  return indexes
}

/** Of the places between two the one that lies farthest from the stretch that joins them. */
function farthest({ x, y }: Places, a: number, b: number): { index: number; squared: number } {
  const [x0, y0] = [x[a]!, y[a]!]
  const [dx, dy] = [x[b]! - x0, y[b]! - y0]
  const length = dx * dx + dy * dy
  let [index, squared] = [a, -1]
  for (let i = a + 1; i < b; i++) {
    const [px, py] = [x[i]! - x0, y[i]! - y0]
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length))
    const [ex, ey] = [px - along * dx, py - along * dy]
    const distance = ex * ex + ey * ey
    if (distance > squared) [index, squared] = [i, distance]
  }
  return { index, squared }
}
