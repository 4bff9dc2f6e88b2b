// The map of a replay: the trail of each vehicle, drawn once, over it a mark for each that is set to where it was at an instant. Marks are elements of the
// page: twenty of them are moved sixty times a second without drawing the ground again.
import type { Feature, FeatureCollection } from 'geojson'
import { type GeoJSONSource, type Map as MapLibreMap, Marker } from 'maplibre-gl'
import { REGION_BBOX } from '../../services/domain/region/region.ts'
import { type ReplayLine, stateAtReplay } from '../../services/domain/replay.ts'
import { splitTrack } from '../../services/domain/trackGaps.ts'
import type { MapSources } from './baseSources.ts'
import { MapFrame, type MapLook } from './mapFrame.ts'
import './replayMap.css'

export type ReplayVehicle = {
  vehicleId: number
  /** What stands at its mark. */
  label: string
  /** Of its trail and mark, #rrggbb. */
  colour: string
  line: ReplayLine
  /** km/h by position of the line; NaN = unknown. */
  speedKph: Float64Array
  /** By position of the line: of which of its orders it is; −1 = of none. */
  orderOf: Int16Array
}
export type TrailColour = 'vehicle' | 'speed' | 'order'
/** Up to so many km/h: the classes of a trail that is coloured by speed, and of the band below the map. */
export const SPEED_CLASSES = [10, 40, 80, 120, Number.POSITIVE_INFINITY] as const
export const speedClassOf = (kph: number): number => SPEED_CLASSES.findIndex((most) => kph < most)

/** `orders`: of the first, the second and so on, begun anew after the last; `none`: of what is of no order. */
export type TrailColours = { speeds: readonly string[]; orders: readonly string[]; none: string }
type Options = MapLook & {
  container: HTMLElement
  sources: MapSources
  label: string
  colours: TrailColours
  onPainted?: (vehicleIds: readonly number[]) => void
}

const LINES = 'replay-lines'
const APART = 'replay-apart'

export class ReplayMap {
  private readonly map: MapLibreMap
  private readonly frame: MapFrame
  private readonly options: Options
  private vehicles: readonly ReplayVehicle[] = []
  private colourBy: TrailColour = 'vehicle'
  private marks = new Map<number, Marker>()
  private followed: number | null = null
  private fitted = false
  private unpainted = false

  constructor(options: Options) {
    this.options = options
    this.frame = new MapFrame({
      ...options,
      start: { bounds: [...REGION_BBOX] },
      onRegion: () => this.fit(),
      onStyle: () => this.mount(),
    })
    this.map = this.frame.map
    this.map.on('render', () => this.painted())
    void this.frame.start()
  }

  /** The trails; the first that holds anything is shown whole. */
  show(vehicles: readonly ReplayVehicle[], colourBy: TrailColour): void {
    // Others altogether are looked at anew.
    const known = new Set(this.vehicles.map(({ vehicleId }) => vehicleId))
    if (!vehicles.some(({ vehicleId }) => known.has(vehicleId))) this.fitted = false
    const isDrawn =
      this.colourBy === colourBy &&
      this.vehicles.length === vehicles.length &&
      vehicles.every((each, n) => isAlike(each, this.vehicles[n]!))
    this.vehicles = vehicles
    this.colourBy = colourBy
    if (!isDrawn) this.write()
    for (const [vehicleId, mark] of this.marks) {
      if (vehicles.some((each) => each.vehicleId === vehicleId)) continue
      mark.remove()
      this.marks.delete(vehicleId)
    }
    if (!this.fitted && vehicles.some(({ line }) => line.timeMs.length > 0)) this.fit()
  }

  /** Sets every mark to where it was; one that was not seen yet has none. */
  setTime(ms: number): void {
    for (const vehicle of this.vehicles) {
      const state = stateAtReplay(vehicle.line, ms)
      const known = this.marks.get(vehicle.vehicleId)
      if (state.seen === 'not-yet') {
        known?.remove()
        this.marks.delete(vehicle.vehicleId)
        continue
      }
      const mark = known ?? this.makeMark(vehicle)
      mark.setLngLat([state.lon, state.lat])
      if (!known) {
        mark.addTo(this.map)
        this.marks.set(vehicle.vehicleId, mark)
      }
      const element = mark.getElement()
      if (element.dataset.seen !== state.seen) element.dataset.seen = state.seen
      const arrow = element.firstElementChild as HTMLElement
      arrow.style.transform =
        state.headingDeg === null || state.seen !== 'moving' ? '' : `rotate(${Math.round(state.headingDeg - this.map.getBearing())}deg)`
      arrow.dataset.still = state.headingDeg === null ? 'true' : 'false'
      if (vehicle.vehicleId === this.followed) this.map.setCenter([state.lon, state.lat])
    }
  }

  /** The map keeps this vehicle in its middle; null: it stays where it is. */
  follow(vehicleId: number | null): void {
    this.followed = vehicleId
  }

  fit(): void {
    const box: [number, number, number, number] = [180, 90, -180, -90]
    for (const { line } of this.vehicles)
      for (let i = 0; i < line.lon.length; i++) {
        box[0] = Math.min(box[0], line.lon[i]!)
        box[1] = Math.min(box[1], line.lat[i]!)
        box[2] = Math.max(box[2], line.lon[i]!)
        box[3] = Math.max(box[3], line.lat[i]!)
      }
    if (box[0] > box[2]) return
    this.fitted = true
    this.map.fitBounds(box, { padding: 60, maxZoom: 16, animate: false })
  }

  setLook(look: MapLook, colours: TrailColours): void {
    this.options.colours = colours
    this.frame.setLook(look)
  }

  destroy(): void {
    for (const mark of this.marks.values()) mark.remove()
    this.frame.destroy()
  }

  private makeMark({ label, colour }: ReplayVehicle): Marker {
    const element = document.createElement('div')
    element.className = 'replay-mark'
    element.style.setProperty('--mark', colour)
    const arrow = document.createElement('span')
    arrow.className = 'replay-arrow'
    const name = document.createElement('span')
    name.className = 'replay-label'
    name.textContent = label
    element.append(arrow, name)
    return new Marker({ element })
  }

  private mount(): void {
    this.map.addSource(LINES, { type: 'geojson', data: empty })
    this.map.addSource(APART, { type: 'geojson', data: empty })
    const joined = { 'line-cap': 'round', 'line-join': 'round' } as const
    const run = ['==', ['get', 'part'], 'run'] as never
    this.map.addLayer({
      id: 'replay-run',
      type: 'line',
      source: LINES,
      filter: run,
      layout: joined,
      paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 5, 2, 14, 4] as never, 'line-color': ['get', 'colour'] as never },
    })
    this.map.addLayer({
      id: 'replay-gap',
      type: 'line',
      source: LINES,
      filter: ['==', ['get', 'part'], 'gap'] as never,
      paint: { 'line-width': 2, 'line-dasharray': [2, 2.5], 'line-opacity': 0.7, 'line-color': ['get', 'colour'] as never },
    })
    this.map.addLayer({
      id: 'replay-apart',
      type: 'circle',
      source: APART,
      minzoom: 9,
      paint: { 'circle-radius': 5, 'circle-opacity': 0, 'circle-stroke-width': 1.6, 'circle-stroke-color': ['get', 'colour'] as never },
    })
    this.write()
  }

  /** Trails are on the screen when a frame is drawn and nothing of them is under way. */
  private painted(): void {
    if (!this.unpainted || !this.map.getSource(LINES) || !this.map.isSourceLoaded(LINES)) return
    this.unpainted = false
    this.options.onPainted?.(this.vehicles.map(({ vehicleId }) => vehicleId))
  }

  private write(): void {
    this.unpainted = this.vehicles.some(({ line }) => line.timeMs.length > 0)
    void this.map
      .getSource<GeoJSONSource>(LINES)
      ?.setData({ type: 'FeatureCollection', features: this.vehicles.flatMap((each) => this.linesOf(each)) })
  }

  private linesOf(vehicle: ReplayVehicle): Feature[] {
    const { line, colour } = vehicle
    const feature = (part: 'run' | 'gap', from: number, until: number, paint: string): Feature => ({
      type: 'Feature',
      properties: { part, colour: paint },
      geometry: { type: 'LineString', coordinates: drawn(line, from, until) },
    })
    const { runs, gaps } = splitTrack(line)
    const dashed = gaps.map(([from, until]) => feature('gap', from, until, colour))
    const paintOf = this.paintOf(vehicle)
    const pieces = runs.flatMap(([from, until]) => {
      const made: Feature[] = []
      let start = from
      for (let i = from + 1; i <= until; i++) {
        const paint = paintOf(i)
        if (i < until && paintOf(i + 1) === paint) continue
        made.push(feature('run', start, i, paint))
        start = i
      }
      return made
    })
    return [...pieces, ...dashed]
  }

  /** The colour of the piece that ends at a position. */
  private paintOf({ colour, speedKph, orderOf }: ReplayVehicle): (i: number) => string {
    const { speeds, orders, none } = this.options.colours
    if (this.colourBy === 'speed') return (i) => speeds[speedClassOf(speedKph[i]!)] ?? colour
    if (this.colourBy === 'order') return (i) => (orderOf[i]! < 0 ? none : orders[orderOf[i]! % orders.length]!)
    return () => colour
  }
}

/** Less than this from the last place that is drawn is no line that anybody sees: a vehicle that stands is a place, not a thousand. */
const DRAWN_M = 3
const METRES_PER_DEGREE = 111_320
function drawn({ lon, lat }: ReplayLine, from: number, until: number): [number, number][] {
  const places: [number, number][] = [[lon[from]!, lat[from]!]]
  const eastM = Math.cos((lat[from]! * Math.PI) / 180) * METRES_PER_DEGREE
  let last = from
  for (let i = from + 1; i <= until; i++) {
    const near = Math.abs(lon[i]! - lon[last]!) * eastM < DRAWN_M && Math.abs(lat[i]! - lat[last]!) * METRES_PER_DEGREE < DRAWN_M
    if (near && i < until) continue
    places.push([lon[i]!, lat[i]!])
    last = i
  }
  return places
}

/** Trails of the two are the same. */
const isAlike = (a: ReplayVehicle, b: ReplayVehicle): boolean => a.line === b.line && a.colour === b.colour && a.orderOf === b.orderOf

const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }
