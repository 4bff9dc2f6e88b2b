// Puts the chosen base map under the fleet and keeps its line in the lower-left corner: the review number (审图号) of a
// configured source, or that the schematic is only one. A source that fails gives way to the schematic.
import type { Map as MapLibreMap, StyleSpecification } from 'maplibre-gl'
import type { Locale } from '../kit/format/time.ts'
import type { BaseMap } from './baseMap.ts'
import { isConfigured, loadBaseMap, type MapSources, offlineBase } from './baseSources.ts'
import type { Palette } from './palette.ts'
import { sayIn } from './texts.ts'

/** A source of tiles counts as failed after this many errors without a single tile. */
const ERRORS_BEFORE_FALLBACK = 4

export class BaseLayers {
  private readonly map: MapLibreMap
  private readonly sources: MapSources
  private readonly badge = document.createElement('div')
  private readonly mounted: () => void
  private base: BaseMap = offlineBase
  private failed = false
  private errors = 0
  private tilesLoaded = false
  private look: { palette: Palette; locale: Locale } | null = null

  /** @param mounted called after every new style: layers of ours must then be added again. */
  constructor(map: MapLibreMap, sources: MapSources, container: HTMLElement, mounted: () => void) {
    this.map = map
    this.sources = sources
    this.mounted = mounted
    this.badge.className = 'fleet-map-badge'
    container.append(this.badge)
    map.on('style.load', () => this.mounted())
    map.on('error', (event) => this.failing('sourceId' in event ? String(event.sourceId) : undefined, event.error))
    map.on('data', (event) => {
      if ('tile' in event && event.tile && 'sourceId' in event && this.ownsSource(String(event.sourceId))) this.tilesLoaded = true
    })
  }

  /** Resolves when a style is drawn: the configured one, or the schematic when that cannot be read. */
  async start(palette: Palette, locale: Locale): Promise<void> {
    this.look = { palette, locale }
    if (isConfigured(this.sources)) {
      try {
        this.base = await loadBaseMap(this.sources)
      } catch (error) {
        console.warn('map: the configured base map cannot be read', error)
        this.failed = true
      }
    }
    await this.apply()
  }

  restyle(palette: Palette, locale: Locale): void {
    this.look = { palette, locale }
    this.writeBadge()
    if (this.base.kind !== 'style') patchStyle(this.map, this.base.styleFor(palette, locale))
  }

  destroy(): void {
    this.badge.remove()
  }

  private async apply(): Promise<void> {
    if (!this.look) return
    const loaded = new Promise<void>((resolve) => this.map.once('style.load', () => resolve()))
    this.map.setStyle(this.base.styleFor(this.look.palette, this.look.locale), { diff: false })
    this.writeBadge()
    await loaded
  }

  private writeBadge(): void {
    if (!this.look) return
    const say = sayIn(this.look.locale)
    const { reviewNo } = this.sources
    const lines = [document.createElement('span')]
    lines[0]!.textContent =
      this.base.kind === 'offline'
        ? say('map.schematic')
        : !reviewNo || reviewNo.includes('审图号')
          ? (reviewNo ?? '')
          : say('map.reviewNo', { no: reviewNo })
    if (this.failed) {
      const notice = document.createElement('span')
      notice.className = 'is-notice'
      notice.setAttribute('role', 'status')
      notice.textContent = say('map.sourceFailed')
      lines.unshift(notice)
    }
    this.badge.replaceChildren(...lines)
  }

  private ownsSource(id: string): boolean {
    return this.look !== null && id in this.base.styleFor(this.look.palette, this.look.locale).sources
  }

  private failing(sourceId: string | undefined, error: { message: string }): void {
    // A missing file of the schematic is expected: the map is drawn without it.
    if (this.base.kind === 'offline') return
    if (sourceId === undefined || !this.ownsSource(sourceId)) console.warn('map:', error.message)
    else if (!this.tilesLoaded && ++this.errors >= ERRORS_BEFORE_FALLBACK) {
      this.base = offlineBase
      this.failed = true
      void this.apply()
    }
  }
}

/** Carries over paint and layout of layers that both styles have: no tile is loaded again and no mark is lost. */
function patchStyle(map: MapLibreMap, style: StyleSpecification): void {
  for (const layer of style.layers) {
    if (!map.getLayer(layer.id)) continue
    for (const [name, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, name as never, value as never)
    for (const [name, value] of Object.entries('layout' in layer ? (layer.layout ?? {}) : {}))
      map.setLayoutProperty(layer.id, name as never, value as never)
  }
}
