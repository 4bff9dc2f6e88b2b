// A PMTiles archive as base map. Pictures are shown as they are; vector tiles are drawn calmly by the usual layer names,
// because archives differ in their schema and carry no style.
import { addProtocol, type LayerSpecification } from 'maplibre-gl'
import { PMTiles, Protocol, TileType } from 'pmtiles'
import type { Locale } from '../kit/format/time.ts'
import type { BaseMap } from './baseMap.ts'
import { FONTS } from './offlineStyle.ts'
import type { Palette } from './palette.ts'

const SOURCE = 'archive'
const protocol = new Protocol()
addProtocol('pmtiles', protocol.tile)

/** Reads the archive's header. Throws Error when it cannot be read or holds no tiles a map can draw. */
export async function pmtilesBase(url: string): Promise<BaseMap> {
  const absolute = new URL(url, window.location.href).href
  const archive = new PMTiles(absolute)
  protocol.add(archive)
  const { tileType } = await archive.getHeader()
  const metadata = (await archive.getMetadata()) as { vector_layers?: { id: string }[]; attribution?: string }
  const vector = tileType === TileType.Mvt
  const names = (metadata.vector_layers ?? []).map(({ id }) => id)
  const source = {
    type: vector ? ('vector' as const) : ('raster' as const),
    url: `pmtiles://${absolute}`,
    attribution: metadata.attribution ?? '',
  }
  return {
    kind: 'pmtiles',
    styleFor: (palette, locale) => ({
      version: 8,
      sources: { [SOURCE]: vector ? source : { ...source, tileSize: 256 } },
      layers: [
        { id: 'ground', type: 'background', paint: { 'background-color': palette.ground } },
        ...(vector ? vectorLayers(names, palette, locale) : [{ id: 'archive-picture', type: 'raster' as const, source: SOURCE }]),
      ],
    }),
  }
}

function vectorLayers(names: string[], palette: Palette, locale: Locale): LayerSpecification[] {
  const matching = (pattern: RegExp) => names.filter((name) => pattern.test(name))
  const base = (name: string) => ({ id: `archive-${name}`, source: SOURCE, 'source-layer': name })
  const name = locale === 'en' ? ['coalesce', ['get', 'name:en'], ['get', 'name']] : ['coalesce', ['get', 'name:zh'], ['get', 'name']]
  return [
    ...matching(/^(earth|land|landcover|landuse|park)$/).map((id) => ({
      ...base(id),
      type: 'fill' as const,
      paint: { 'fill-color': palette.region, 'fill-opacity': 0.6 },
    })),
    ...matching(/^(water|ocean)$/).map((id) => ({ ...base(id), type: 'fill' as const, paint: { 'fill-color': palette.water } })),
    ...matching(/^(waterway|rivers?)$/).map((id) => ({ ...base(id), type: 'line' as const, paint: { 'line-color': palette.water } })),
    ...matching(/^buildings?$/).map((id) => ({
      ...base(id),
      type: 'fill' as const,
      minzoom: 14,
      paint: { 'fill-color': palette.street, 'fill-opacity': 0.7 },
    })),
    ...matching(/^(roads?|transportation|transit)$/).map((id) => ({
      ...base(id),
      type: 'line' as const,
      paint: { 'line-color': palette.highway, 'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 5, 0.4, 18, 8] as never },
    })),
    ...matching(/^(boundar(y|ies)|admin)$/).map((id) => ({
      ...base(id),
      type: 'line' as const,
      paint: { 'line-color': palette.border, 'line-dasharray': [3, 2] },
    })),
    ...matching(/^(places?|place_label)$/).map((id) => ({
      ...base(id),
      type: 'symbol' as const,
      layout: { 'text-field': name as never, 'text-font': FONTS, 'text-size': 12 },
      paint: { 'text-color': palette.label, 'text-halo-color': palette.labelHalo, 'text-halo-width': 1.4 },
    })),
  ]
}
