// What the map shows, as degrees for the server and as world units for our own questions.
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { WorldBox } from './markQueries.ts'
import { worldX, worldY } from './worldPoint.ts'

/** bbox = [west, south, east, north] in degrees; a view wider than the world is cut to −180…180. */
export type MapView = { bbox: [number, number, number, number]; zoom: number; center: [number, number] }

const WORLD_UNITS = 2 ** 32 - 1

export function viewOf(map: MapLibreMap): MapView {
  const bounds = map.getBounds()
  const whole = bounds.getEast() - bounds.getWest() >= 360
  const { lng, lat } = map.getCenter().wrap()
  const bbox: MapView['bbox'] = [
    whole ? -180 : bounds.getWest(),
    Math.max(-90, bounds.getSouth()),
    whole ? 180 : bounds.getEast(),
    Math.min(90, bounds.getNorth()),
  ]
  return { bbox, zoom: map.getZoom(), center: [lng, lat] }
}

export function worldBoxOf([west, south, east, north]: MapView['bbox']): WorldBox {
  const y = worldY(north)
  return {
    x: worldX(west),
    y,
    width: Math.min(WORLD_UNITS, ((east - west) / 360) * WORLD_UNITS),
    height: (worldY(south) - y) >>> 0,
  }
}
