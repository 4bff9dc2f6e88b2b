// The base map that needs no network: our own GeoJSON under /basemap/. A file that is missing leaves its layer empty.
// The style names no glyph server: MapLibre then draws every letter, Latin and CJK, from the fonts of the system.
import type { StyleSpecification } from 'maplibre-gl'
import type { Locale } from '../kit/format/time.ts'
import type { Palette } from './palette.ts'

export const FONTS = ['PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'sans-serif']
const BASEMAP_PATH = '/basemap/'
export const FIRST_LABEL_LAYER_ID = 'banner-labels'

const widthByZoom = (at: [zoom: number, width: number][]) =>
  ['interpolate', ['exponential', 1.5], ['zoom'], ...at.flat()] as unknown as number

export function offlineStyle(palette: Palette, locale: Locale): StyleSpecification {
  const file = (name: string) => ({ type: 'geojson' as const, data: `${BASEMAP_PATH}${name}.geojson` })
  const name = locale === 'en' ? ['coalesce', ['get', 'nameEn'], ['get', 'name']] : ['get', 'name']
  const roads = { 'line-cap': 'round', 'line-join': 'round' } as const
  return {
    version: 8,
    sources: {
      leagues: file('leagues'),
      highways: file('highways'),
      streets: { ...file('streets'), tolerance: 0.5, buffer: 16 },
      seats: file('seats'),
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': palette.ground } },
      { id: 'leagues-fill', type: 'fill', source: 'leagues', paint: { 'fill-color': palette.region, 'fill-antialias': false } },
      {
        id: 'streets-small',
        type: 'line',
        source: 'streets',
        minzoom: 11,
        filter: ['!=', ['get', 'class'], 'arterial'],
        layout: roads,
        paint: {
          'line-color': palette.street,
          'line-width': widthByZoom([
            [11, 0.4],
            [14, 2],
            [18, 12],
          ]),
        },
      },
      {
        id: 'streets-arterial',
        type: 'line',
        source: 'streets',
        minzoom: 9,
        filter: ['==', ['get', 'class'], 'arterial'],
        layout: roads,
        paint: {
          'line-color': palette.arterial,
          'line-width': widthByZoom([
            [9, 0.4],
            [14, 3],
            [18, 18],
          ]),
        },
      },
      {
        id: 'highways',
        type: 'line',
        source: 'highways',
        layout: roads,
        paint: {
          'line-color': palette.highway,
          'line-width': widthByZoom([
            [3, 0.4],
            [6, 0.9],
            [10, 2],
            [18, 16],
          ]),
        },
      },
      {
        id: 'leagues-line',
        type: 'line',
        source: 'leagues',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.border,
          'line-width': widthByZoom([
            [3, 0.6],
            [8, 1.2],
            [14, 2],
          ]),
        },
      },
      {
        id: FIRST_LABEL_LAYER_ID,
        type: 'symbol',
        source: 'seats',
        minzoom: 6.8,
        maxzoom: 14.5,
        filter: ['==', ['get', 'level'], 'banner'],
        layout: {
          'text-field': name as unknown as string,
          'text-font': FONTS,
          'text-size': widthByZoom([
            [7, 11],
            [12, 14],
          ]),
          'text-padding': 6,
          'text-offset': [0, -1.1],
        },
        paint: { 'text-color': palette.labelSoft, 'text-halo-color': palette.labelHalo, 'text-halo-width': 1.4 },
      },
      {
        id: 'league-labels',
        type: 'symbol',
        source: 'seats',
        minzoom: 5.8,
        maxzoom: 12,
        filter: ['==', ['get', 'level'], 'league'],
        layout: {
          'text-field': name as unknown as string,
          'text-font': FONTS,
          'text-size': widthByZoom([
            [5, 12],
            [9, 16],
          ]),
          'text-letter-spacing': 0.08,
          'text-offset': [0, 1.2],
        },
        paint: { 'text-color': palette.label, 'text-halo-color': palette.labelHalo, 'text-halo-width': 1.6 },
      },
    ],
  }
}
