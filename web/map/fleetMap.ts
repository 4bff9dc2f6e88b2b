// The fleet on the map. React hands it frames, rows and choices; positions never pass through React.
// It draws on demand: an idle map costs nothing.
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { LiveFrame } from '../../services/contracts/liveFrame.ts'
import type { LiveCell } from '../../services/contracts/liveSocket.ts'
import { REGION_BBOX } from '../../services/domain/region/region.ts'
import { vehicleStatuses } from '../../services/domain/status.ts'
import type { MapSources } from './baseSources.ts'
import { CellOverlay } from './cellOverlay.ts'
import { LeagueBubbles, type LeagueCount } from './leagueBubbles.ts'
import { MapFrame, type MapLook } from './mapFrame.ts'
import { MapPointer } from './mapPointer.ts'
import { MARK_LAYER_ID, MarkLayer } from './markLayer.ts'
import { type SeenVehicle, vehiclesInBox } from './markQueries.ts'
import { MarkStore } from './markStore.ts'
import { FIRST_LABEL_LAYER_ID } from './offlineStyle.ts'
import { PlateLabels } from './plateLabels.ts'
import { sayIn } from './texts.ts'
import { TrackOverlay } from './trackOverlay.ts'
import { believedTrack, type Track, trackBounds } from './trackSegments.ts'
import { type MapTrip, TripOverlay } from './tripOverlay.ts'
import { type MapView, viewOf, worldBoxOf } from './viewBox.ts'

export type { MapSources } from './baseSources.ts'
export type { MapView } from './viewBox.ts'

export type FleetMapOptions = MapLook & {
  container: HTMLElement
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
const MOVING = vehicleStatuses.indexOf('moving')

export class FleetMap {
  readonly ready: Promise<void>
  private readonly map: MapLibreMap
  private readonly options: FleetMapOptions
  private readonly marks: MarkStore
  private readonly markLayer: MarkLayer
  private readonly frame: MapFrame
  private readonly bubbles: LeagueBubbles
  private readonly cells = new CellOverlay()
  private readonly tracks = new TrackOverlay()
  private readonly trips = new TripOverlay()
  private readonly plates: PlateLabels
  private readonly pointer: MapPointer
  private readonly calm = window.matchMedia('(prefers-reduced-motion: reduce)')
  private readonly startedMs = performance.now()
  private selectedId: number | null = null
  private hasTrack = false
  private viewTimer: ReturnType<typeof setTimeout> | undefined
  private unpaintedMs: number | null = null

  constructor(options: FleetMapOptions) {
    this.options = options
    this.frame = new MapFrame({
      ...options,
      label: sayIn(options.locale)('map.title'),
      start: {
        ...(options.view ?? { bounds: regionBounds(), fitBoundsOptions: { padding: FIT_PADDING_PX } }),
        fadeDuration: this.calm.matches ? 0 : 150,
      },
      onRegion: () => this.flyTo({ bbox: [...REGION_BBOX] }),
      onStyle: () => this.mountOverlays(),
    })
    this.map = this.frame.map
    this.marks = new MarkStore(options.classOf)
    this.markLayer = new MarkLayer(this.marks, this.frame.palette, this.nowMs)
    this.bubbles = new LeagueBubbles(this.map, options.locale, options.onLeague)
    this.plates = new PlateLabels(this.map, this.marks, this.frame.palette, options.labelOf)
    this.pointer = new MapPointer({
      ...options,
      map: this.map,
      marks: this.marks,
      nowMs: this.nowMs,
      look: () => this.frame,
    })
    this.listen()
    this.ready = this.frame.start()
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
    this.tracks.show(this.map, track, this.frame.say)
    const bounds = track && trackBounds(believedTrack(track).believed)
    if (bounds && fit && !this.hasTrack) this.flyTo({ bbox: bounds })
    this.hasTrack = bounds !== null
  }

  /** Draws trips as they were asked for, in place of those drawn before. */
  showTrips(trips: readonly MapTrip[]): void {
    this.trips.show(this.map, trips, this.frame.say)
  }

  /** Vehicles of the view, those that need attention first: moving, idle, parked, offline. */
  marksInView(limit: number): { total: number; vehicles: SeenVehicle[] } {
    return vehiclesInBox(this.marks, worldBoxOf(viewOf(this.map).bbox), limit)
  }

  setTheme(theme: MapLook['theme']): void {
    this.frame.setLook({ theme })
    const { palette } = this.frame
    this.markLayer.setPalette(palette)
    this.plates.setPalette(palette)
    if (this.map.getLayer(MARK_LAYER_ID)) {
      this.cells.paint(this.map, palette)
      this.tracks.paint(this.map, palette)
      this.trips.paint(this.map, palette)
    }
    this.map.triggerRepaint()
  }

  setLocale(locale: MapLook['locale']): void {
    this.frame.setLook({ locale })
    this.bubbles.setLocale(locale)
    this.tracks.relabel(this.map, this.frame.say)
    this.trips.relabel(this.map, this.frame.say)
    this.map.getCanvas().setAttribute('aria-label', this.frame.say('map.title'))
  }

  destroy(): void {
    clearTimeout(this.viewTimer)
    this.bubbles.destroy()
    this.plates.destroy()
    this.pointer.destroy()
    this.frame.destroy()
  }

  private readonly nowMs = (): number => Math.round(performance.now() - this.startedMs)

  private owePainting({ committedAtMs }: LiveFrame): void {
    this.unpaintedMs = committedAtMs
    this.map.triggerRepaint()
  }

  private mountOverlays(): void {
    const { palette } = this.frame
    // Names of places stay legible over a crowd of marks; a base map that is not ours lies below them altogether.
    this.map.addLayer(this.markLayer, this.map.getLayer(FIRST_LABEL_LAYER_ID) ? FIRST_LABEL_LAYER_ID : undefined)
    this.cells.mount(this.map, palette, MARK_LAYER_ID)
    this.tracks.mount(this.map, palette, this.frame.say, MARK_LAYER_ID)
    this.trips.mount(this.map, palette, this.frame.say, MARK_LAYER_ID)
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
