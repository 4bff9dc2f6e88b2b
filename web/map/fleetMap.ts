// The one owner of the map. React hands it frames, rows and choices; positions never pass through React.
// It draws on demand: an idle map costs nothing.
import { AttributionControl, Map as MapLibreMap, setWorkerUrl } from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { LiveFrame } from '../../services/contracts/liveFrame.ts'
import type { LiveCell } from '../../services/contracts/liveSocket.ts'
import { REGION_BBOX } from '../../services/domain/region/region.ts'
import { vehicleStatuses } from '../../services/domain/status.ts'
import { BaseLayers } from './baseLayers.ts'
import type { MapSources } from './baseSources.ts'
import { CellOverlay } from './cellOverlay.ts'
import './fleetMap.css'
import { LeagueBubbles, type LeagueCount } from './leagueBubbles.ts'
import { MapControls } from './mapControls.ts'
import { MapPointer } from './mapPointer.ts'
import { type MapLocale, wordsOf } from './mapWords.ts'
import { MARK_LAYER_ID, MarkLayer } from './markLayer.ts'
import { type SeenVehicle, vehiclesInBox } from './markQueries.ts'
import { MarkStore } from './markStore.ts'
import { FIRST_LABEL_LAYER_ID } from './offlineStyle.ts'
import { palettes, type Theme } from './palette.ts'
import { PlateLabels } from './plateLabels.ts'
import { TrackOverlay } from './trackOverlay.ts'
import { believedTrack, type Track, trackBounds } from './trackSegments.ts'
import { type MapView, viewOf, worldBoxOf } from './viewBox.ts'

export type { MapSources } from './baseSources.ts'
export type { MapView } from './viewBox.ts'

export type FleetMapOptions = {
  container: HTMLElement
  theme: Theme
  locale: MapLocale
  sources: MapSources
  /** null = the whole region. */
  view: { center: [number, number]; zoom: number } | null
  /** The plate as printed, '' when not known yet. */
  labelOf: (vehicleId: number) => string
  /** Index in `vehicleClasses`. */
  classOf: (vehicleId: number) => number
  /** After each settled move, and once at the start. */
  onView: (view: MapView) => void
  onSelect: (vehicleId: number | null) => void
  onLeague: (adcode: string) => void
  /** After the first drawn frame that contains a live frame. */
  onPainted?: (painted: Painted) => void
}

/** A live frame that is on the screen now: when it was committed, how many marks there are and how many of them move. */
type Painted = { committedAtMs: number; marks: number; moving: number }

export type MapTarget = { center: [number, number]; zoom?: number } | { bbox: [number, number, number, number] }

const VIEW_SETTLED_MS = 120
const FIT_PADDING_PX = 40
/** A flight that would take longer is a jump: nobody waits for the Pacific to pass by. */
const FLIGHT_MAX_MS = 2_500
const MAX_ZOOM = 20
const MOVING = vehicleStatuses.indexOf('moving')

setWorkerUrl(workerUrl)

export class FleetMap {
  readonly ready: Promise<void>
  private readonly map: MapLibreMap
  private readonly options: FleetMapOptions
  private readonly marks: MarkStore
  private readonly markLayer: MarkLayer
  private readonly base: BaseLayers
  private readonly bubbles: LeagueBubbles
  private readonly cells = new CellOverlay()
  private readonly tracks = new TrackOverlay()
  private readonly plates: PlateLabels
  private readonly pointer: MapPointer
  private readonly controls: MapControls
  private readonly calm = window.matchMedia('(prefers-reduced-motion: reduce)')
  private readonly startedMs = performance.now()
  private theme: Theme
  private locale: MapLocale
  private selectedId: number | null = null
  private hasTrack = false
  private viewTimer: ReturnType<typeof setTimeout> | undefined
  private unpaintedMs: number | null = null

  constructor(options: FleetMapOptions) {
    this.options = options
    this.theme = options.theme
    this.locale = options.locale
    const { container } = options
    container.classList.add('fleet-map')
    container.dataset.theme = options.theme
    const words = wordsOf(options.locale)
    this.map = new MapLibreMap({
      container,
      ...(options.view ?? { bounds: regionBounds(), fitBoundsOptions: { padding: FIT_PADDING_PX } }),
      maxZoom: MAX_ZOOM,
      maxPitch: 0,
      pitchWithRotate: false,
      touchPitch: false,
      attributionControl: false,
      fadeDuration: this.calm.matches ? 0 : 150,
      locale: { 'Map.Title': words.map },
    })
    this.marks = new MarkStore(options.classOf)
    this.markLayer = new MarkLayer(this.marks, palettes[this.theme], this.nowMs)
    this.base = new BaseLayers(this.map, options.sources, container, () => this.mountOverlays())
    this.bubbles = new LeagueBubbles(this.map, this.locale, options.onLeague)
    this.plates = new PlateLabels(this.map, this.marks, palettes[this.theme], options.labelOf)
    this.pointer = new MapPointer({
      ...options,
      map: this.map,
      marks: this.marks,
      nowMs: this.nowMs,
      look: () => ({ palette: palettes[this.theme], words: wordsOf(this.locale) }),
    })
    this.controls = new MapControls(words, () => this.flyTo({ bbox: [...REGION_BBOX] }))
    this.map.addControl(this.controls, 'top-right')
    this.map.addControl(new AttributionControl({ compact: true }), 'bottom-right')
    this.listen()
    this.ready = this.base.start(palettes[this.theme], this.locale)
    void this.ready.then(() => this.announceView())
  }

  /** Replaces all marks; those that stay glide on. */
  showSnapshot(frame: LiveFrame): void {
    this.cells.show(this.map, [])
    this.marks.replace(frame, this.nowMs(), !this.calm.matches)
    this.owePainting(frame)
  }

  applyDelta(frame: LiveFrame): void {
    this.marks.apply(frame, this.nowMs(), !this.calm.matches)
    this.owePainting(frame)
  }

  /** Aggregates instead of marks. */
  showCells(cells: LiveCell[]): void {
    this.marks.clear()
    this.cells.show(this.map, cells)
    this.pointer.hide()
    this.map.triggerRepaint()
  }

  showLeagueCounts(rows: LeagueCount[]): void {
    this.bubbles.show(rows)
  }

  /** Highlights a vehicle. */
  select(vehicleId: number | null): void {
    this.selectedId = vehicleId
    this.markLayer.selectedId = vehicleId
    this.map.triggerRepaint()
  }

  flyTo(target: MapTarget): void {
    if ('bbox' in target) {
      const [west, south, east, north] = target.bbox
      const padding = Math.min(FIT_PADDING_PX, this.options.container.clientWidth / 10)
      this.map.fitBounds([west, south, east, north], { padding, maxZoom: 16, maxDuration: FLIGHT_MAX_MS })
    } else
      this.map.flyTo({ center: target.center, ...(target.zoom === undefined ? {} : { zoom: target.zoom }), maxDuration: FLIGHT_MAX_MS })
  }

  /** Draws a track as recorded; with `fit` the map moves to it when none was shown before. */
  showTrack(track: Track | null, { fit }: { fit: boolean }): void {
    this.tracks.show(this.map, track, wordsOf(this.locale))
    const bounds = track && trackBounds(believedTrack(track).believed)
    if (bounds && fit && !this.hasTrack) this.flyTo({ bbox: bounds })
    this.hasTrack = bounds !== null
  }

  /** Vehicles of the view, those that need attention first: moving, idle, parked, offline. */
  marksInView(limit: number): { total: number; vehicles: SeenVehicle[] } {
    return vehiclesInBox(this.marks, worldBoxOf(viewOf(this.map).bbox), limit)
  }

  setTheme(theme: Theme): void {
    this.theme = theme
    this.options.container.dataset.theme = theme
    const palette = palettes[theme]
    this.markLayer.setPalette(palette)
    this.plates.setPalette(palette)
    this.base.restyle(palette, this.locale)
    if (this.map.getLayer(MARK_LAYER_ID)) {
      this.cells.paint(this.map, palette)
      this.tracks.paint(this.map, palette)
    }
    this.map.triggerRepaint()
  }

  setLocale(locale: MapLocale): void {
    this.locale = locale
    const words = wordsOf(locale)
    this.base.restyle(palettes[this.theme], locale)
    this.bubbles.setLocale(locale)
    this.controls.setWords(words)
    this.tracks.relabel(this.map, words)
    this.map.getCanvas().setAttribute('aria-label', words.map)
  }

  destroy(): void {
    clearTimeout(this.viewTimer)
    this.base.destroy()
    this.bubbles.destroy()
    this.plates.destroy()
    this.pointer.destroy()
    this.map.remove()
  }

  private readonly nowMs = (): number => Math.round(performance.now() - this.startedMs)

  private owePainting({ committedAtMs }: LiveFrame): void {
    this.unpaintedMs = committedAtMs
    this.map.triggerRepaint()
  }

  private mountOverlays(): void {
    const palette = palettes[this.theme]
    // Names of places stay legible over a crowd of marks; a base map that is not ours lies below them altogether.
    this.map.addLayer(this.markLayer, this.map.getLayer(FIRST_LABEL_LAYER_ID) ? FIRST_LABEL_LAYER_ID : undefined)
    this.cells.mount(this.map, palette, MARK_LAYER_ID)
    this.tracks.mount(this.map, palette, wordsOf(this.locale), MARK_LAYER_ID)
  }

  private listen(): void {
    const { map } = this
    map.on('moveend', () => this.announceView())
    map.on('resize', () => this.announceView())
    map.on('render', () => this.painted())
  }

  private painted(): void {
    this.plates.draw(worldBoxOf(viewOf(this.map).bbox), this.nowMs(), this.selectedId)
    const committedAtMs = this.unpaintedMs
    if (committedAtMs === null || !this.options.onPainted) return
    this.unpaintedMs = null
    requestAnimationFrame(() =>
      this.options.onPainted?.({ committedAtMs, marks: this.marks.count, moving: this.marks.byStatus[MOVING] ?? 0 }),
    )
  }

  private announceView(): void {
    clearTimeout(this.viewTimer)
    this.viewTimer = setTimeout(() => this.options.onView(viewOf(this.map)), VIEW_SETTLED_MS)
  }
}

const regionBounds = (): [number, number, number, number] => [...REGION_BBOX]
