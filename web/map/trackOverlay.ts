// The recorded track on the map: solid where reported, dashed over gaps, its ends marked, its points from zoom 14;
// positions that are not believed as hollow rings, joined to nothing.
import type { Feature, FeatureCollection } from 'geojson'
import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl'
import { splitTrack } from '../../services/domain/trackGaps.ts'
import { FONTS } from './offlineStyle.ts'
import type { Palette } from './palette.ts'
import type { SayMap } from './texts.ts'
import { believedTrack, type Track } from './trackSegments.ts'

const LINES = 'track-lines'
const POINTS = 'track-points'
const POINT_ZOOM = 14
/** Stands where ends have their letter. */
const APART = 'apart'

export class TrackOverlay {
  private track: Track | null = null
  private apart: [number, number][] = []

  /** Adds the layers below `before`; called again whenever the map's style was replaced. */
  mount(map: MapLibreMap, palette: Palette, say: SayMap, before: string | undefined): void {
    map.addSource(LINES, { type: 'geojson', data: this.lines(), tolerance: 0.2 })
    map.addSource(POINTS, { type: 'geojson', data: this.points(say), tolerance: 0 })
    const joined = { 'line-cap': 'round', 'line-join': 'round' } as const
    const runs = ['==', ['get', 'part'], 'run'] as never
    const width = ['interpolate', ['linear'], ['zoom'], 5, 2, 14, 4] as never
    const casing = ['interpolate', ['linear'], ['zoom'], 5, 4, 14, 7.5] as never
    map.addLayer({ id: 'track-casing', type: 'line', source: LINES, filter: runs, layout: joined, paint: { 'line-width': casing } }, before)
    map.addLayer({ id: 'track-run', type: 'line', source: LINES, filter: runs, layout: joined, paint: { 'line-width': width } }, before)
    const gaps = ['==', ['get', 'part'], 'gap'] as never
    map.addLayer(
      {
        id: 'track-gap',
        type: 'line',
        source: LINES,
        filter: gaps,
        paint: { 'line-width': 2, 'line-dasharray': [2, 2.5], 'line-opacity': 0.75 },
      },
      before,
    )
    map.addLayer(
      {
        id: 'track-apart',
        type: 'circle',
        source: POINTS,
        filter: ['==', ['get', 'end'], APART] as never,
        paint: { 'circle-radius': 5, 'circle-opacity': 0, 'circle-stroke-width': 1.6 },
      },
      before,
    )
    const single = ['==', ['get', 'end'], ''] as never
    map.addLayer(
      {
        id: 'track-point',
        type: 'circle',
        source: POINTS,
        minzoom: POINT_ZOOM,
        filter: single,
        paint: { 'circle-radius': 2.6, 'circle-stroke-width': 1.4 },
      },
      before,
    )
    const ends = ['all', ['!=', ['get', 'end'], ''], ['!=', ['get', 'end'], APART]] as never
    map.addLayer(
      {
        id: 'track-end',
        type: 'circle',
        source: POINTS,
        filter: ends,
        layout: { 'circle-sort-key': ['get', 'rank'] },
        paint: { 'circle-radius': 9, 'circle-stroke-width': 2 },
      },
      before,
    )
    map.addLayer(
      {
        id: 'track-end-label',
        type: 'symbol',
        source: POINTS,
        filter: ends,
        layout: {
          'text-field': ['get', 'end'],
          'text-font': FONTS,
          'text-size': 11,
          'symbol-sort-key': ['-', ['get', 'rank']],
          'text-padding': 0,
        },
      },
      before,
    )
    this.paint(map, palette)
  }

  paint(map: MapLibreMap, palette: Palette): void {
    map.setPaintProperty('track-casing', 'line-color', palette.outline)
    map.setPaintProperty('track-run', 'line-color', palette.track)
    map.setPaintProperty('track-gap', 'line-color', palette.track)
    map.setPaintProperty('track-point', 'circle-color', palette.outline)
    map.setPaintProperty('track-point', 'circle-stroke-color', palette.track)
    map.setPaintProperty('track-apart', 'circle-stroke-color', palette.track)
    map.setPaintProperty('track-end', 'circle-color', palette.track)
    map.setPaintProperty('track-end', 'circle-stroke-color', palette.outline)
    map.setPaintProperty('track-end-label', 'text-color', palette.outline)
  }

  show(map: MapLibreMap, track: Track | null, say: SayMap): void {
    const { believed, apart } = track ? believedTrack(track) : { believed: null, apart: [] }
    this.track = believed
    this.apart = apart
    void map.getSource<GeoJSONSource>(LINES)?.setData(this.lines())
    void map.getSource<GeoJSONSource>(POINTS)?.setData(this.points(say))
  }

  relabel(map: MapLibreMap, say: SayMap): void {
    void map.getSource<GeoJSONSource>(POINTS)?.setData(this.points(say))
  }

  private lines(): FeatureCollection {
    const { track } = this
    if (!track) return { type: 'FeatureCollection', features: [] }
    const { runs, gaps } = splitTrack(track)
    const line = (part: 'run' | 'gap', [from, to]: [number, number]): Feature => ({
      type: 'Feature',
      properties: { part },
      geometry: { type: 'LineString', coordinates: track.lon.slice(from, to + 1).map((lon, i) => [lon, track.lat[from + i]!]) },
    })
    const drawn = runs.filter(([from, to]) => to > from)
    return {
      type: 'FeatureCollection',
      features: [...drawn.map((range) => line('run', range)), ...gaps.map((range) => line('gap', range))],
    }
  }

  private points(say: SayMap): FeatureCollection {
    const { track } = this
    if (!track) return { type: 'FeatureCollection', features: [] }
    const last = track.lon.length - 1
    const features = track.lon.map((lon, i): Feature => {
      const end = i === last ? say('map.end') : i === 0 ? say('map.start') : ''
      return {
        type: 'Feature',
        properties: { end, rank: i === last ? 1 : 0 },
        geometry: { type: 'Point', coordinates: [lon, track.lat[i]!] },
      }
    })
    const apart = this.apart.map(
      (coordinates): Feature => ({ type: 'Feature', properties: { end: APART, rank: 0 }, geometry: { type: 'Point', coordinates } }),
    )
    return { type: 'FeatureCollection', features: [...features, ...apart] }
  }
}
