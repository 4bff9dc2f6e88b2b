// The map and its live line as one thing outside React. What components follow leaves through stores, at most once a second.
import {
  FLAG_GONE,
  FLAG_STATUS_MASK,
  FLAG_STATUS_SHIFT,
  HEADING_UNKNOWN,
  type LiveFrame,
  SPEED_UNKNOWN,
} from '../../../services/contracts/liveFrame.ts'
import { type LiveCell, type LiveCounts, type LiveFilter, MAX_MARKS } from '../../../services/contracts/liveSocket.ts'
import { isSecretNo } from '../../../services/domain/secrecy.ts'
import type { Locale } from '../../kit/format/time.ts'
import { Store } from '../../kit/store.ts'
import type { Theme } from '../../kit/theme/palette.ts'
import { FleetMap, type MapSources, type MapView } from '../../map/fleetMap.ts'
import { LiveConnection } from '../../parts/live/liveConnection.ts'
import type { Roster } from '../../parts/live/roster.ts'
import { statusOfIndex } from '../../parts/marks/statusOfIndex.ts'
import type { LiveReport } from '../../parts/vehicle/liveReport.ts'
import type { MapPlace } from '../../parts/vehicle/liveUrl.ts'
import { byAttention, type SeenRow } from './attention.ts'

/** What is in the view. `rows` is empty while the map shows cells. */
export type InView = { total: number; rows: SeenRow[]; detail: 'marks' | 'cells' }
export type LiveMapOptions = {
  container: HTMLElement
  theme: Theme
  locale: Locale
  sources: MapSources
  at: MapPlace | null
  filter: LiveFilter
  roster: Roster
  /** What stands where a plate would for a vehicle that is seen coarsely. */
  secretName: string
  /** Below zoom 8 a phone asks for cells, a desk for marks. */
  phone: boolean
  onPlace: (place: MapPlace) => void
  onSelect: (vehicleId: number | null) => void
  onLeague: (adcode: string) => void
  onRefused: (code: string) => void
  onEnded: () => void
  onSight: () => void
}

const CELLS_BELOW_ZOOM = 8
/** Below it the engine shows a bubble for each league. */
const BUBBLES_BELOW_ZOOM = 6
const LIST_EVERY_MS = 1000
/** The drawer that opens for a selected vehicle makes the map narrower within this time. */
const DRAWER_OPENS_MS = 1000
const MAX_LISTED = 2000

export class LiveMap {
  readonly counts = new Store<LiveCounts | null>(null)
  readonly inView = new Store<InView | null>(null)
  readonly report = new Store<LiveReport | null>(null)
  readonly #map: FleetMap
  readonly #line: LiveConnection
  readonly #phone: boolean
  readonly #timer: ReturnType<typeof setInterval>
  #view: MapView | null = null
  #filter: LiveFilter
  #selected: number | null = null
  #cells: LiveCell[] | null = null
  #known = false
  #inSight: { lon: number; lat: number; untilMs: number } | null = null

  constructor(options: LiveMapOptions) {
    this.#filter = options.filter
    this.#phone = options.phone
    this.#map = new FleetMap({
      container: options.container,
      theme: options.theme,
      locale: options.locale,
      sources: options.sources,
      view: options.at,
      labelOf: (id) => (isSecretNo(id) ? options.secretName : options.roster.plateOf(id)),
      classOf: (id) => options.roster.classOf(id),
      onView: (view) => {
        // The first view is where the map opened; only where a person moved it belongs in the address.
        if (this.#view) options.onPlace({ center: view.center, zoom: view.zoom })
        this.#view = view
        this.#keepInSight(view)
        this.#see()
        this.#showCells()
        this.#list()
      },
      onSelect: options.onSelect,
      onLeague: options.onLeague,
      // For who measures from outside, such as the benchmark: an event costs nothing when nobody listens.
      onPainted: (detail) => window.dispatchEvent(new CustomEvent('morin:painted', { detail })),
    })
    this.#line = new LiveConnection({
      snapshot: (frame) => this.#frame(frame, true),
      delta: (frame) => this.#frame(frame, false),
      cells: (cells) => {
        this.#known = true
        this.#cells = cells
        this.#showCells()
        this.#list()
      },
      counts: (counts) => {
        this.counts.set(counts)
        this.#map.showLeagueCounts(counts.byLeague)
      },
      refused: options.onRefused,
      ended: options.onEnded,
      sight: options.onSight,
    })
    this.#timer = setInterval(() => this.#list(), LIST_EVERY_MS)
  }

  setFilter(filter: LiveFilter): void {
    this.#filter = filter
    this.#see()
  }

  select(vehicleId: number | null): void {
    this.#selected = vehicleId
    this.report.set(null)
    const seen =
      vehicleId === null ? undefined : this.#map.marksInView(MAX_MARKS).vehicles.find((vehicle) => vehicle.vehicleId === vehicleId)
    this.#inSight = seen ? { lon: seen.lon, lat: seen.lat, untilMs: Date.now() + DRAWER_OPENS_MS } : null
    this.#map.select(vehicleId)
  }

  /** Vehicles with an open finding. */
  setAlerts(vehicleIds: ReadonlySet<number>): void {
    this.#map.setAlerts(vehicleIds)
  }

  flyTo(target: Parameters<FleetMap['flyTo']>[0]): void {
    this.#map.flyTo(target)
  }

  /** Draws a trail; with `fit` the map moves to a first one. */
  showTrack(track: Parameters<FleetMap['showTrack']>[0], fit: boolean): void {
    this.#map.showTrack(track, { fit })
  }

  setTheme(theme: Theme): void {
    this.#map.setTheme(theme)
  }

  setLocale(locale: Locale): void {
    this.#map.setLocale(locale)
  }

  destroy(): void {
    clearInterval(this.#timer)
    this.#line.close()
    this.#map.destroy()
  }

  /** The drawer must not cover the very vehicle it was opened for. */
  #keepInSight({ bbox: [west, south, east, north] }: MapView): void {
    const seen = this.#inSight
    this.#inSight = null
    if (!seen || Date.now() > seen.untilMs) return
    if (seen.lon < west || seen.lon > east || seen.lat < south || seen.lat > north) this.flyTo({ center: [seen.lon, seen.lat] })
  }

  /** Far out the leagues' bubbles tell the same more clearly. */
  #showCells(): void {
    if (this.#cells) this.#map.showCells((this.#view?.zoom ?? 0) < BUBBLES_BELOW_ZOOM ? [] : this.#cells)
  }

  #see(): void {
    if (!this.#view) return
    const detail = this.#phone && this.#view.zoom < CELLS_BELOW_ZOOM ? 'cells' : 'marks'
    this.#line.see({ bbox: this.#view.bbox, zoom: this.#view.zoom, detail, filter: this.#filter })
  }

  #frame(frame: LiveFrame, whole: boolean): void {
    if (whole) this.#map.showSnapshot(frame)
    else this.#map.applyDelta(frame)
    if (whole) this.#cells = null
    const first = !this.#known
    this.#known = true
    if (first || whole) this.#list()
    this.#pickSelected(frame)
  }

  #pickSelected(frame: LiveFrame): void {
    const index = this.#selected === null ? -1 : frame.vehicleId.indexOf(this.#selected)
    if (index < 0) return
    const flags = frame.flags[index]!
    const timeMs = frame.timeS[index]! * 1000
    const old = this.report.get()
    if (flags & FLAG_GONE || (old && old.timeMs > timeMs)) return
    const heading = frame.headingDeg[index]!
    this.report.set({
      vehicleId: frame.vehicleId[index]!,
      timeMs,
      lon: frame.lonE7[index]! / 1e7,
      lat: frame.latE7[index]! / 1e7,
      speedKph: frame.speedDkph[index] === SPEED_UNKNOWN ? null : frame.speedDkph[index]! / 10,
      headingDeg: heading === HEADING_UNKNOWN ? null : heading,
      status: statusOfIndex((flags & FLAG_STATUS_MASK) >> FLAG_STATUS_SHIFT),
    })
  }

  #list(): void {
    if (!this.#known || document.hidden) return
    if (this.#cells) {
      this.inView.set({ total: this.#cells.reduce((sum, cell) => sum + cell.total, 0), rows: [], detail: 'cells' })
      return
    }
    const { total, vehicles } = this.#map.marksInView(MAX_MARKS)
    this.inView.set({ total, rows: byAttention(vehicles, Date.now() / 1000, MAX_LISTED), detail: 'marks' })
  }
}
