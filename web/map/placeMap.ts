// A small map of places: their shapes over the same base map as the fleet's, one highlighted, one being drawn. React hands it data.
import type { FeatureCollection } from 'geojson'
import { type GeoJSONSource, type Map as MapLibreMap, Marker } from 'maplibre-gl'
import { type Box, boxOf, circleRing, type Shape } from '../../services/domain/geofence.ts'
import type { PlaceKind } from '../../services/domain/places.ts'
import { REGION_BBOX } from '../../services/domain/region/region.ts'
import { placeOf } from './areaPlaces.ts'
import type { MapSources } from './baseSources.ts'
import './placeMap.css'
import { MapFrame, type MapLook } from './mapFrame.ts'
import { FONTS } from './offlineStyle.ts'

export type ShownPlace = { placeId: number; kind: PlaceKind; name: string; lon: number; lat: number; shape: Shape }
/** What is drawn so far: a circle, or the corners of a ring that is not closed yet. */
export type Draft = { type: 'circle'; centre: [number, number]; radiusM: number } | { type: 'polygon'; corners: [number, number][] }

type Options = MapLook & {
  container: HTMLElement
  sources: MapSources
  label: string
  /** Where it opens: near a point, or over an administrative area; the whole region when absent. */
  at?: [number, number] | string | undefined
  onBox: (box: Box) => void
  onOpen: (placeId: number) => void
  /** While drawing: a click on the ground, or a corner (of a circle: 0, its centre) that was dragged. */
  onPoint: (point: [number, number]) => void
  onDrag: (corner: number, point: [number, number]) => void
  cornerLabel: (n: number) => string
}

const SHAPES = 'place-shapes'
const NAMES = 'place-names'
const DRAFT = 'place-draft'
/** A circle whose centre was not clicked yet is nowhere. */
const isPlaced = ([lon]: readonly [number, number]) => !Number.isNaN(lon)
const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }

/** Near enough to tell one gate from the next. */
const NEAR_ZOOM = 15
const startOf = (at: Options['at']) =>
  (typeof at === 'string' ? placeOf(at) : at && { center: at, zoom: NEAR_ZOOM }) ?? { bounds: [...REGION_BBOX] as Box }

export class PlaceMap {
  private readonly map: MapLibreMap
  private readonly frame: MapFrame
  private readonly options: Options
  private places: readonly ShownPlace[] = []
  private selected: number | null = null
  private draft: Draft | null = null
  private drawing = false
  private handles: Marker[] = []

  constructor(options: Options) {
    this.options = options
    this.frame = new MapFrame({
      ...options,
      start: startOf(options.at),
      onRegion: () => this.map.fitBounds([...REGION_BBOX]),
      onStyle: () => this.mount(),
    })
    this.map = this.frame.map
    void this.frame.start().then(() => this.announce())
    this.map.on('moveend', () => this.announce())
    this.map.on('click', (event) => {
      const point: [number, number] = [event.lngLat.lng, event.lngLat.lat]
      // The second click of a double click is no other corner.
      if (this.drawing) return event.originalEvent.detail > 1 ? undefined : options.onPoint(point)
      // The smallest shape is drawn last and found first.
      const hit = this.map.getLayer('place-fill')
        ? this.map.queryRenderedFeatures(event.point, { layers: ['place-fill', 'place-name'] })[0]
        : undefined
      if (hit) options.onOpen(Number(hit.properties.placeId))
    })
  }

  show(places: readonly ShownPlace[], selected: number | null): void {
    this.places = places
    this.selected = selected
    this.write()
  }

  flyTo(shape: Shape): void {
    this.map.fitBounds(boxOf(shape), { padding: 60, maxZoom: 16, maxDuration: 2500 })
  }

  /** Near enough to see a place of ordinary size there. */
  lookAt(point: [number, number]): void {
    this.map.flyTo({ center: point, zoom: Math.max(this.map.getZoom(), 14), maxDuration: 2500 })
  }

  /** Null ends drawing; a draft without corners waits for the first click. */
  draw(draft: Draft | null, drawing: boolean): void {
    this.draft = draft
    this.drawing = drawing
    this.map.getCanvas().style.cursor = drawing ? 'crosshair' : ''
    if (drawing) this.map.doubleClickZoom.disable()
    else this.map.doubleClickZoom.enable()
    this.write()
    this.placeHandles()
  }

  setLook(look: MapLook): void {
    this.frame.setLook(look)
    if (this.map.getLayer('place-fill')) this.paint()
  }

  destroy(): void {
    for (const handle of this.handles) handle.remove()
    this.frame.destroy()
  }

  private announce(): void {
    const bounds = this.map.getBounds()
    const clamp = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value))
    this.options.onBox([
      clamp(bounds.getWest(), 180),
      clamp(bounds.getSouth(), 90),
      clamp(bounds.getEast(), 180),
      clamp(bounds.getNorth(), 90),
    ])
  }

  private mount(): void {
    for (const id of [SHAPES, NAMES, DRAFT]) this.map.addSource(id, { type: 'geojson', data: empty, tolerance: 0 })
    this.map.addLayer({ id: 'place-fill', type: 'fill', source: SHAPES })
    this.map.addLayer({ id: 'place-line', type: 'line', source: SHAPES, paint: { 'line-width': ['case', ['get', 'selected'], 3, 1.4] } })
    this.map.addLayer({
      id: 'place-dot',
      type: 'circle',
      source: NAMES,
      maxzoom: 13,
      paint: { 'circle-radius': 3.5, 'circle-stroke-width': 1 },
    })
    this.map.addLayer({
      id: 'place-name',
      type: 'symbol',
      source: NAMES,
      minzoom: 11,
      layout: { 'text-field': ['get', 'name'], 'text-font': FONTS, 'text-size': 12, 'text-offset': [0, 0.9], 'text-anchor': 'top' },
      paint: { 'text-halo-width': 1.5 },
    })
    this.map.addLayer({ id: 'draft-fill', type: 'fill', source: DRAFT })
    this.map.addLayer({ id: 'draft-line', type: 'line', source: DRAFT, paint: { 'line-width': 2.5, 'line-dasharray': [2, 1.5] } })
    this.paint()
    this.write()
  }

  private paint(): void {
    const { palette } = this.frame
    const [blue, amber, slate] = palette.status
    const red = palette.dark ? '#ff7b72' : '#b3261e'
    const byKind = [
      'match',
      ['get', 'kind'],
      'compound',
      palette.accent,
      'designated_lot',
      blue,
      'sensitive',
      red,
      'border',
      slate,
      amber,
    ] as never
    const set = (layer: string, property: string, value: unknown) => this.map.setPaintProperty(layer, property as never, value as never)
    set('place-fill', 'fill-color', byKind)
    set('place-fill', 'fill-opacity', ['case', ['get', 'selected'], 0.35, 0.16])
    set('place-line', 'line-color', byKind)
    set('place-dot', 'circle-color', byKind)
    set('place-dot', 'circle-stroke-color', palette.outline)
    set('place-name', 'text-color', palette.label)
    set('place-name', 'text-halo-color', palette.labelHalo)
    set('draft-fill', 'fill-color', palette.accent)
    set('draft-fill', 'fill-opacity', 0.2)
    set('draft-line', 'line-color', palette.accent)
  }

  private write(): void {
    const polygon = (ring: readonly (readonly [number, number])[], properties: object) => ({
      type: 'Feature' as const,
      properties: { ...properties },
      geometry: { type: 'Polygon' as const, coordinates: [ring.map(([lon, lat]) => [lon, lat])] },
    })
    const shapes = this.places.map(({ placeId, kind, shape }) =>
      polygon(shape.type === 'circle' ? circleRing(shape) : shape.ring, { placeId, kind, selected: placeId === this.selected }),
    )
    const names = this.places.map(({ placeId, kind, name, lon, lat }) => ({
      type: 'Feature' as const,
      properties: { placeId, kind, name },
      geometry: { type: 'Point' as const, coordinates: [lon, lat] },
    }))
    const set = (id: string, features: FeatureCollection['features']) =>
      void this.map.getSource<GeoJSONSource>(id)?.setData({ type: 'FeatureCollection', features })
    set(SHAPES, shapes)
    set(NAMES, names)
    set(DRAFT, this.draftFeatures(polygon))
  }

  private draftFeatures(
    polygon: (ring: [number, number][], properties: object) => FeatureCollection['features'][number],
  ): FeatureCollection['features'] {
    const { draft } = this
    if (!draft) return []
    if (draft.type === 'circle') return isPlaced(draft.centre) ? [polygon(circleRing(draft), {})] : []
    const { corners } = draft
    if (corners.length >= 3) return [polygon([...corners, corners[0]!], {})]
    if (corners.length < 2) return []
    return [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: corners } }]
  }

  private placeHandles(): void {
    const all: [number, number][] =
      !this.drawing || !this.draft ? [] : this.draft.type === 'circle' ? [this.draft.centre] : this.draft.corners
    const points = all.filter(isPlaced)
    while (this.handles.length > points.length) this.handles.pop()!.remove()
    points.forEach((point, n) => {
      const handle = this.handles[n] ?? this.addHandle(n)
      handle.setLngLat(point)
      if (!handle.getElement().isConnected) handle.addTo(this.map)
    })
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
    handle.on('drag', moved)
    handle.on('dragend', moved)
    element.addEventListener('click', (event) => event.stopPropagation())
    this.handles[n] = handle
    return handle
  }
}
