// Aggregates when there are too many vehicles for marks: a circle a cell, area by vehicles, ring by the share that moves.
import type { Feature, FeatureCollection } from 'geojson'
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl'
import type { LiveCell } from '../../services/contracts/liveSocket.ts'
import { FONTS } from './offlineStyle.ts'
import type { Palette } from './palette.ts'

const SOURCE = 'cells'
const LABEL_ZOOM = 6
const SMALLEST_PX = 5
const LARGEST_PX = 26

export class CellOverlay {
  private cells: LiveCell[] = []

  mount(map: MapLibreMap, palette: Palette, before: string | undefined): void {
    map.addSource(SOURCE, { type: 'geojson', data: this.features() })
    map.addLayer(
      {
        id: 'cells-circle',
        type: 'circle',
        source: SOURCE,
        paint: { 'circle-radius': ['get', 'radius'], 'circle-stroke-width': ['get', 'ring'], 'circle-opacity': 0.88 },
      },
      before,
    )
    map.addLayer(
      {
        id: 'cells-count',
        type: 'symbol',
        source: SOURCE,
        minzoom: LABEL_ZOOM,
        filter: ['>=', ['get', 'radius'], 9],
        layout: { 'text-field': ['to-string', ['get', 'total']], 'text-font': FONTS, 'text-size': 11 },
      },
      before,
    )
    this.paint(map, palette)
  }

  paint(map: MapLibreMap, palette: Palette): void {
    map.setPaintProperty('cells-circle', 'circle-color', palette.outline)
    map.setPaintProperty('cells-circle', 'circle-stroke-color', [
      'interpolate',
      ['linear'],
      ['get', 'share'],
      0,
      palette.status[2],
      0.15,
      palette.status[0],
    ])
    map.setPaintProperty('cells-count', 'text-color', palette.label)
  }

  show(map: MapLibreMap, cells: LiveCell[]): void {
    if (cells.length === 0 && this.cells.length === 0) return
    this.cells = cells
    void map.getSource<GeoJSONSource>(SOURCE)?.setData(this.features())
  }

  private features(): FeatureCollection {
    const most = Math.max(1, ...this.cells.map((cell) => cell.total))
    const features = this.cells.map(({ lon, lat, total, moving }): Feature => {
      const share = total === 0 ? 0 : moving / total
      const radius = Math.max(SMALLEST_PX, LARGEST_PX * Math.sqrt(total / most))
      return {
        type: 'Feature',
        properties: { total, share, radius, ring: 1.5 + 4 * share },
        geometry: { type: 'Point', coordinates: [lon, lat] },
      }
    })
    return { type: 'FeatureCollection', features }
  }
}
