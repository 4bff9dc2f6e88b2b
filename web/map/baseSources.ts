// Which base map to draw: a style URL, 天地图, a PMTiles file – in that order, as configured – or the offline schematic.
// A source that cannot be read throws; the map then falls back to the schematic and says so.
import type { StyleSpecification } from 'maplibre-gl'
import type { BaseMap } from './baseMap.ts'
import { offlineStyle } from './offlineStyle.ts'

export type MapSources = { styleUrl: string | null; tiandituKey: string | null; pmtilesUrl: string | null; reviewNo: string | null }

const STYLE_TIMEOUT_MS = 10_000
const TIANDITU_HOSTS = ['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7']
const TIANDITU_MAX_ZOOM = 18

export const offlineBase: BaseMap = { kind: 'offline', styleFor: offlineStyle }

export const isConfigured = (sources: MapSources): boolean => Boolean(sources.styleUrl || sources.tiandituKey || sources.pmtilesUrl)

/** The configured base map. Throws Error when its style or archive cannot be read. */
export async function loadBaseMap(sources: MapSources): Promise<BaseMap> {
  if (sources.styleUrl) return styleUrlBase(sources.styleUrl)
  if (sources.tiandituKey) return tiandituBase(sources.tiandituKey)
  if (sources.pmtilesUrl) {
    const { pmtilesBase } = await import('./pmtilesBase.ts')
    return pmtilesBase(sources.pmtilesUrl)
  }
  return offlineBase
}

async function styleUrlBase(url: string): Promise<BaseMap> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(STYLE_TIMEOUT_MS) })
  if (!answer.ok) throw new Error(`map style ${url}: HTTP ${answer.status}`)
  const style = (await answer.json()) as StyleSpecification
  if (style.version !== 8 || !Array.isArray(style.layers)) throw new Error(`map style ${url}: not a MapLibre style`)
  return { kind: 'style', styleFor: () => style }
}

/** Vector map and its lettering as WMTS tiles in spherical Mercator. Row is y, column is x. */
function tiandituBase(key: string): BaseMap {
  const tiles = (layer: string) =>
    TIANDITU_HOSTS.map(
      (host) =>
        `https://${host}.tianditu.gov.cn/${layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=${layer}&STYLE=default` +
        `&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=${encodeURIComponent(key)}`,
    )
  const raster = (layer: string) => ({
    type: 'raster' as const,
    tiles: tiles(layer),
    tileSize: 256,
    maxzoom: TIANDITU_MAX_ZOOM,
    attribution: '天地图',
  })
  return {
    kind: 'tianditu',
    styleFor: (palette, locale) => {
      const paint = palette.dark ? { 'raster-brightness-max': 0.6, 'raster-saturation': -0.4 } : { 'raster-saturation': -0.25 }
      return {
        version: 8,
        sources: { 'tianditu-map': raster('vec'), 'tianditu-words': raster('cva'), 'tianditu-words-en': raster('eva') },
        layers: [
          { id: 'ground', type: 'background', paint: { 'background-color': palette.ground } },
          { id: 'tianditu-map', type: 'raster', source: 'tianditu-map', paint },
          {
            id: 'tianditu-words',
            type: 'raster',
            source: 'tianditu-words',
            layout: { visibility: locale === 'en' ? 'none' : 'visible' },
            paint,
          },
          {
            id: 'tianditu-words-en',
            type: 'raster',
            source: 'tianditu-words-en',
            layout: { visibility: locale === 'en' ? 'visible' : 'none' },
            paint,
          },
        ],
      }
    },
  }
}
