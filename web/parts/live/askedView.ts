// When the server must be asked for another view. The view asked for is wider than what is seen, so that small moves
// of the map cost nothing; the same view is never asked for twice on one connection.
import type { LiveView } from '../../../services/contracts/liveSocket.ts'

type Box = LiveView['bbox']

/** How much wider and higher than the seen box is asked for. */
const MARGIN = 0.25
/** Asked for again when the seen box has become this much smaller in area: less traffic for each tick. */
const SHRUNK = 12

export function widen([west, south, east, north]: Box): Box {
  const [dx, dy] = [(east - west) * MARGIN, (north - south) * MARGIN]
  return [Math.max(-180, west - dx), Math.max(-90, south - dy), Math.min(180, east + dx), Math.min(90, north + dy)]
}

const areaOf = ([west, south, east, north]: Box) => (east - west) * (north - south)
const holds = (outer: Box, inner: Box) => outer[0] <= inner[0] && outer[1] <= inner[1] && outer[2] >= inner[2] && outer[3] >= inner[3]

/** The view to ask for when `seen` is what the map shows and `asked` was the last request; null when `asked` still serves. */
export function nextView(asked: LiveView | null, seen: LiveView): LiveView | null {
  if (asked && asked.detail === seen.detail && JSON.stringify(asked.filter) === JSON.stringify(seen.filter)) {
    const near = holds(asked.bbox, clamp(seen.bbox)) && areaOf(asked.bbox) < areaOf(seen.bbox) * SHRUNK
    // Cells are cut by the zoom.
    if (near && (seen.detail !== 'cells' || Math.floor(asked.zoom) === Math.floor(seen.zoom))) return null
  }
  return { ...seen, bbox: widen(clamp(seen.bbox)) }
}

const clamp = ([west, south, east, north]: Box): Box => [
  Math.max(-180, west),
  Math.max(-90, south),
  Math.min(180, east),
  Math.min(90, north),
]
