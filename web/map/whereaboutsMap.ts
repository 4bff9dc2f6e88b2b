// The map of who was where: the vehicles of an instant as dots by the age of their report, an area that was asked about or is being drawn, and what was found. React hands
// it data; it alone touches MapLibre.
import type { Feature, FeatureCollection } from 'geojson'
import { type GeoJSONSource, type Map as MapLibreMap, Marker } from 'maplibre-gl'
import { REGION_BBOX } from '../../services/domain/region/region.ts'
import type { MapSources } from './baseSources.ts'
import { MapFrame, type MapLook } from './mapFrame.ts'
import { FONTS } from './offlineStyle.ts'
import './placeMap.css'

type LonLat = [number, number]
/** `shade`: 0 fresh, 1 older, 2 stale, 3 what was found. */
export type Dot = { id: number; lon: number; lat: number; shade: 0 | 1 | 2 | 3; label: string }
type Options = MapLook & {
  container: HTMLElement
  sources: MapSources
  label: string
  onPoint: (point: LonLat) => void
  onDrag: (corner: number, point: LonLat) => void
  onOpen: (id: number) => void
  cornerLabel: (n: number) => string
}

const DOTS = 'where-dots'
const AREA = 'where-area'
const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }

export class WhereaboutsMap {
  private readonly map: MapLibreMap
  private readonly frame: MapFrame
  private readonly options: Options
  private dots: readonly Dot[] = []
  private corners: readonly LonLat[] = []
  private drawing = false
  private readonly handles: Marker[] = []

  constructor(options: Options) {
    this.options = options
    this.frame = new MapFrame({
      ...options,
      start: { bounds: [...REGION_BBOX] },
      onRegion: () => this.map.fitBounds([...REGION_BBOX]),
      onStyle: () => this.mount(),
    })
    this.map = this.frame.map
    void this.frame.start()
    this.map.on('click', (event) => {
      // The second click of a double click is no other corner.
      if (this.drawing) return event.originalEvent.detail > 1 ? undefined : options.onPoint([event.lngLat.lng, event.lngLat.lat])
      const hit = this.map.getLayer('where-dot') ? this.map.queryRenderedFeatures(event.point, { layers: ['where-dot'] })[0] : undefined
      if (hit) options.onOpen(Number(hit.properties.id))
    })
  }

  show(dots: readonly Dot[]): void {
    this.dots = dots
    this.write()
  }

  /** An area: its corners, not closed. While drawing each can be dragged, and a click adds one. */
  showArea(corners: readonly LonLat[], drawing: boolean): void {
    this.corners = corners
    this.drawing = drawing
    this.map.getCanvas().style.cursor = drawing ? 'crosshair' : ''
    if (drawing) this.map.doubleClickZoom.disable()
    else this.map.doubleClickZoom.enable()
    this.write()
    const shown = drawing ? corners : []
    while (this.handles.length > shown.length) this.handles.pop()!.remove()
    shown.forEach((corner, n) => {
      const handle = this.handles[n] ?? this.addHandle(n)
      handle.setLngLat(corner)
      if (!handle.getElement().isConnected) handle.addTo(this.map)
    })
  }

  fit(points: readonly (readonly [number, number])[]): void {
    if (points.length === 0) return
    const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)]
    const box: [number, number, number, number] = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
    this.map.fitBounds(box, { padding: 60, maxZoom: 15, animate: false })
  }

  setLook(look: MapLook): void {
    this.frame.setLook(look)
    if (this.map.getLayer('where-dot')) this.paint()
  }

  destroy(): void {
    for (const handle of this.handles) handle.remove()
    this.frame.destroy()
  }

  private mount(): void {
    for (const id of [AREA, DOTS]) this.map.addSource(id, { type: 'geojson', data: empty, tolerance: 0 })
    this.map.addLayer({ id: 'where-fill', type: 'fill', source: AREA })
    this.map.addLayer({ id: 'where-line', type: 'line', source: AREA, paint: { 'line-width': 2.5 } })
    this.map.addLayer({
      id: 'where-dot',
      type: 'circle',
      source: DOTS,
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 4, 1.8, 9, 4, 14, 7] as never,
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 6, 0, 10, 1] as never,
      },
    })
    this.map.addLayer({
      id: 'where-name',
      type: 'symbol',
      source: DOTS,
      minzoom: 10.5,
      layout: { 'text-field': ['get', 'label'], 'text-font': FONTS, 'text-size': 12, 'text-offset': [0, 0.9], 'text-anchor': 'top' },
      paint: { 'text-halo-width': 1.5 },
    })
    this.paint()
    this.write()
  }

  private paint(): void {
    const { palette } = this.frame
    const [blue, amber, , grey] = palette.status
    const set = (layer: string, property: string, value: unknown) => this.map.setPaintProperty(layer, property as never, value as never)
    set('where-dot', 'circle-color', ['match', ['get', 'shade'], 0, blue, 1, amber, 3, palette.accent, grey])
    set('where-dot', 'circle-stroke-color', palette.outline)
    set('where-name', 'text-color', palette.label)
    set('where-name', 'text-halo-color', palette.labelHalo)
    set('where-fill', 'fill-color', palette.accent)
    set('where-fill', 'fill-opacity', 0.18)
    set('where-line', 'line-color', palette.accent)
  }

  private write(): void {
    const set = (id: string, features: Feature[]) =>
      void this.map.getSource<GeoJSONSource>(id)?.setData({ type: 'FeatureCollection', features })
    set(
      DOTS,
      this.dots.map(({ lon, lat, ...properties }) => ({
        type: 'Feature',
        properties,
        geometry: { type: 'Point', coordinates: [lon, lat] },
      })),
    )
    const { corners } = this
    const ring = corners.map(([lon, lat]) => [lon, lat])
    if (corners.length >= 3)
      set(AREA, [{ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!]] } }])
    else set(AREA, corners.length === 2 ? [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: ring } }] : [])
  }

  private addHandle(n: number): Marker {
    const element = document.createElement('div')
    element.className = 'place-handle'
    element.title = this.options.cornerLabel(n + 1)
    const handle = new Marker({ element, draggable: true })
    const moved = () => {
      const { lng, lat } = handle.getLngLat()
      this.options.onDrag(n, [lng, lat])
    }
    handle.on('dragend', moved)
    element.addEventListener('click', (event) => event.stopPropagation())
    this.handles[n] = handle
    return handle
  }
}
