// Trips as they were asked for, from place to place: lines as the crow flies, which are no roads and are drawn broken; the chosen one on top, its
// ends marked.
import type { Feature, FeatureCollection } from 'geojson'
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl'
import { FONTS } from './offlineStyle.ts'
import type { Palette } from './palette.ts'
import type { SayMap } from './texts.ts'

export type MapTrip = {
  id: string
  places: readonly (readonly [number, number])[]
  chosen: boolean
  /** Of the chosen one what each place is: a place that is known by name alone is none of them, and leaves the others what they are. */
  marks?: readonly TripMark[]
}
export type TripMark = 'start' | 'end' | number

/** The box of a trip, with the ground around it: a pick-up alone is looked at with what is near. */
export function boundsOf(places: MapTrip['places']): [number, number, number, number] {
  const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)]
  const [west, south, east, north] = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
  const [dx, dy] = [Math.max(NEAR_DEG, (east - west) * MARGIN), Math.max(NEAR_DEG, (north - south) * MARGIN)]
  return [west - dx, south - dy, east + dx, north + dy]
}
const NEAR_DEG = 0.02
/** Of its length on each side: its ends lie beside the map's buttons. */
const MARGIN = 0.12

const LINES = 'trip-lines'
const ENDS = 'trip-ends'
const CHOSEN = ['get', 'chosen'] as never

export class TripOverlay {
  private trips: readonly MapTrip[] = []

  /** Adds the layers below `before`; called again whenever the map's style was replaced. */
  mount(map: MapLibreMap, palette: Palette, say: SayMap, before: string | undefined): void {
    map.addSource(LINES, { type: 'geojson', data: this.lines() })
    map.addSource(ENDS, { type: 'geojson', data: this.ends(say) })
    map.addLayer(
      {
        id: 'trip-line',
        type: 'line',
        source: LINES,
        layout: { 'line-cap': 'round', 'line-sort-key': ['case', CHOSEN, 1, 0] },
        paint: {
          'line-width': ['case', CHOSEN, 3.5, 1.5],
          'line-opacity': ['case', CHOSEN, 1, 0.55],
          'line-dasharray': [1.5, 2],
        },
      },
      before,
    )
    map.addLayer(
      {
        id: 'trip-end',
        type: 'circle',
        source: ENDS,
        layout: { 'circle-sort-key': ['case', CHOSEN, 1, 0] },
        paint: { 'circle-radius': ['case', CHOSEN, 10, 3], 'circle-stroke-width': ['case', CHOSEN, 2, 1] },
      },
      before,
    )
    map.addLayer({
      id: 'trip-end-label',
      type: 'symbol',
      source: ENDS,
      filter: CHOSEN,
      layout: { 'text-field': ['get', 'name'], 'text-font': FONTS, 'text-size': 11, 'text-allow-overlap': true },
    })
    this.paint(map, palette)
  }

  show(map: MapLibreMap, trips: readonly MapTrip[], say: SayMap): void {
    this.trips = trips
    map.getSource<GeoJSONSource>(LINES)?.setData(this.lines())
    this.relabel(map, say)
  }

  relabel(map: MapLibreMap, say: SayMap): void {
    map.getSource<GeoJSONSource>(ENDS)?.setData(this.ends(say))
  }

  paint(map: MapLibreMap, { accent, label, outline, dark }: Palette): void {
    const byChoice = ['case', CHOSEN, accent, label] as never
    map.setPaintProperty('trip-line', 'line-color', byChoice)
    map.setPaintProperty('trip-end', 'circle-color', byChoice)
    map.setPaintProperty('trip-end', 'circle-stroke-color', outline)
    map.setPaintProperty('trip-end-label', 'text-color', dark ? '#101416' : '#ffffff')
  }

  private lines(): FeatureCollection {
    const features = this.trips
      .filter(({ places }) => places.length > 1)
      .map(
        ({ id, places, chosen }): Feature => ({
          type: 'Feature',
          properties: { id, chosen },
          geometry: { type: 'LineString', coordinates: places.map(([lon, lat]) => [lon, lat]) },
        }),
      )
    return { type: 'FeatureCollection', features }
  }

  /** Where each begins; of the chosen one every place, named. */
  private ends(say: SayMap): FeatureCollection {
    const features = this.trips.flatMap(({ id, places, chosen, marks }) =>
      (chosen ? places : places.slice(0, 1)).map(([lon, lat], n): Feature => {
        const mark = marks?.[n] ?? ''
        const name = mark === 'start' ? say('map.start') : mark === 'end' ? say('map.end') : String(mark)
        return { type: 'Feature', properties: { id, chosen, name }, geometry: { type: 'Point', coordinates: [lon, lat] } }
      }),
    )
    return { type: 'FeatureCollection', features }
  }
}
