// The fleet on the map. React hands it frames, rows and choices; positions never pass through React.
// It draws on demand: an idle map costs nothing, and marks that move do not have the ground drawn again.
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { LiveFrame } from '../../services/contracts/liveFrame.ts'
import type { LiveCell } from '../../services/contracts/liveSocket.ts'
import { REGION_BBOX } from '../../services/domain/region/region.ts'
import { vehicleStatuses } from '../../services/domain/status.ts'
import type { MapSources } from './baseSources.ts'
import { CellOverlay } from './cellOverlay.ts'
import { GroundCanvas, MARK_LAYER_ID } from './groundCanvas.ts'
import { LeagueBubbles, type LeagueCount } from './leagueBubbles.ts'
import { MapFrame, type MapLook } from './mapFrame.ts'
import { MapPointer } from './mapPointer.ts'
import { MarkCanvas } from './markCanvas.ts'
import { type SeenVehicle, vehiclesInBox } from './markQueries.ts'
import { MarkStore } from './markStore.ts'
import { FIRST_LABEL_LAYER_ID } from './offlineStyle.ts'
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

/** A live frame that is on the screen now: when it was committed, how many marks there are and how many of them move, and how often they were
 * drawn since the start while the map rested. */
type Painted = { committedAtMs: number; marks: number; moving: number; drawn: number }

export type MapTarget = { center: [number, number]; zoom?: number } | { bbox: [number, number, number, number] }

/** Frames that may wait for the screen. */
const WAITING = 50
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
  private readonly ground: GroundCanvas
  private readonly canvas: MarkCanvas
  private readonly frame: MapFrame
  private readonly bubbles: LeagueBubbles
  private readonly cells = new CellOverlay()
  private readonly tracks = new TrackOverlay()
  private readonly trips = new TripOverlay()
  private readonly pointer: MapPointer
  private readonly calm = window.matchMedia('(prefers-reduced-motion: reduce)')
  private readonly startedMs = performance.now()
  private hasTrack = false
  private viewTimer: ReturnType<typeof setTimeout> | undefined
  /** Frames that are not on the screen yet, by their number. */
  private unpainted: { number: number; committedAtMs: number }[] = []
  private drawn = 0

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
    this.ground = new GroundCanvas(this.map)
    this.canvas = new MarkCanvas({
      ...options,
      map: this.map,
      epochMs: performance.timeOrigin + this.startedMs,
      look: { palette: this.frame.palette, selectedId: null, alerts: new Set() },
      onShown: (number, drawn) => this.shown(number, drawn),
    })
    this.bubbles = new LeagueBubbles(this.map, options.locale, options.onLeague)
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
    this.take(frame, true)
  }

  applyDelta(frame: LiveFrame): void {
    this.take(frame, false)
  }

  /** Aggregates instead of marks. */
  showCells(cells: LiveCell[]): void {
    this.marks.clear()
    this.canvas.clear()
    this.cells.show(this.map, cells)
    this.pointer.hide()
  }

  showLeagueCounts(rows: LeagueCount[]): void {
    this.bubbles.show(rows)
  }

  /** Highlights a vehicle. */
  select(vehicleId: number | null): void {
    this.canvas.setLook({ selectedId: vehicleId })
  }

  /** Vehicles with an open finding have a red ring. */
  setAlerts(alerts: ReadonlySet<number>): void {
    this.canvas.setLook({ alerts })
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
    this.canvas.setLook({ palette })
    if (this.map.getLayer(MARK_LAYER_ID)) {
      this.cells.paint(this.map, palette)
      this.tracks.paint(this.map, palette)
      this.trips.paint(this.map, palette)
    }
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
    this.canvas.destroy()
    this.ground.destroy()
    this.pointer.destroy()
    this.frame.destroy()
  }

  private readonly nowMs = (): number => Math.round(performance.now() - this.startedMs)

  private take(frame: LiveFrame, whole: boolean): void {
    const [nowMs, glide] = [this.nowMs(), !this.calm.matches]
    const number = this.canvas.frame(frame, whole, nowMs, glide)
    if (whole) this.marks.replace(frame, nowMs, glide)
    else this.marks.apply(frame, nowMs, glide)
    // Nobody sees a page in the background: the newest of what waits is then enough.
    if (this.options.onPainted) this.unpainted = [...this.unpainted.slice(-WAITING), { number, committedAtMs: frame.committedAtMs }]
  }

  private mountOverlays(): void {
    const { palette } = this.frame
    // Names of places stay legible over a crowd of marks; a base map that is not ours lies below them altogether.
    this.map.addLayer(this.ground, this.map.getLayer(FIRST_LABEL_LAYER_ID) ? FIRST_LABEL_LAYER_ID : undefined)
    this.cells.mount(this.map, palette, MARK_LAYER_ID)
    this.tracks.mount(this.map, palette, this.frame.say, MARK_LAYER_ID)
    this.trips.mount(this.map, palette, this.frame.say, MARK_LAYER_ID)
  }

  private listen(): void {
    const { map } = this
    map.on('moveend', () => this.announceView())
    map.on('resize', () => this.announceView())
  }

  private shown(number: number, drawn: number): void {
    if (drawn > 0) this.drawn = drawn
    const last = this.unpainted.findLast((each) => each.number <= number)
    if (!last) return
    this.unpainted = this.unpainted.filter((each) => each.number > number)
    const { count: marks, byStatus } = this.marks
    requestAnimationFrame(() =>
      this.options.onPainted?.({ committedAtMs: last.committedAtMs, marks, moving: byStatus[MOVING] ?? 0, drawn: this.drawn }),
    )
  }

  private announceView(): void {
    clearTimeout(this.viewTimer)
    this.viewTimer = setTimeout(() => this.options.onView(viewOf(this.map)), VIEW_SETTLED_MS)
  }
}

const regionBounds = (): [number, number, number, number] => [...REGION_BBOX]
