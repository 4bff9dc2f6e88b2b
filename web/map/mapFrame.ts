// What every map of ours has, and the one place that makes one: MapLibre over the base map, our buttons, the attribution, theme and language.
import { AttributionControl, Map as MapLibreMap, type MapOptions, setWorkerUrl } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { Locale } from '../kit/format/time.ts'
import { BaseLayers } from './baseLayers.ts'
import type { MapSources } from './baseSources.ts'
import './fleetMap.css'
import { MapControls } from './mapControls.ts'
import { type Palette, palettes, type Theme } from './palette.ts'
import { type SayMap, sayIn } from './texts.ts'

export type MapLook = { theme: Theme; locale: Locale }
type FrameOptions = MapLook & {
  container: HTMLElement
  sources: MapSources
  /** What a screen reader calls the map. */
  label: string
  /** Where it opens, and what else differs from map to map. */
  start: Pick<MapOptions, 'bounds' | 'center' | 'zoom' | 'fitBoundsOptions' | 'fadeDuration'>
  /** The button for the whole region. */
  onRegion: () => void
  /** After every new style: layers of the map's owner must then be added again. */
  onStyle: () => void
}

const MAX_ZOOM = 20

setWorkerUrl(workerUrl)

export class MapFrame {
  readonly map: MapLibreMap
  private readonly container: HTMLElement
  private readonly base: BaseLayers
  private readonly controls: MapControls
  private look: MapLook

  constructor({ container, sources, label, theme, locale, start, onRegion, onStyle }: FrameOptions) {
    this.look = { theme, locale }
    this.container = container
    container.classList.add('fleet-map')
    container.dataset.theme = theme
    this.map = new MapLibreMap({
      container,
      ...start,
      maxZoom: MAX_ZOOM,
      maxPitch: 0,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      locale: { 'Map.Title': label },
    })
    this.base = new BaseLayers(this.map, sources, container, onStyle)
    this.controls = new MapControls(sayIn(locale), onRegion)
    this.map.addControl(this.controls, 'top-right')
    this.map.addControl(new AttributionControl({ compact: true }), 'bottom-right')
  }

  get palette(): Palette {
    return palettes[this.look.theme]
  }
  get locale(): Locale {
    return this.look.locale
  }
  get say(): SayMap {
    return sayIn(this.look.locale)
  }

  /** Resolves when the base map's style is drawn. */
  start(): Promise<void> {
    return this.base.start(this.palette, this.locale)
  }

  /** Another theme or language: the base map, its line and the buttons follow. */
  setLook(look: Partial<MapLook>): void {
    this.look = { ...this.look, ...look }
    this.container.dataset.theme = this.look.theme
    this.base.restyle(this.palette, this.locale)
    this.controls.setWords(this.say)
  }

  destroy(): void {
    this.base.destroy()
    this.map.remove()
  }
}
