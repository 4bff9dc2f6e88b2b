// The map of a replay: the trail of each vehicle, drawn once, over it a mark for each that is set to where it was at an instant. Marks are elements of the
// page: twenty of them are moved sixty times a second without drawing the ground again. Until a track is there, what has come of it is drawn.
import type { FeatureCollection } from 'geojson'
import { type GeoJSONSource, type Map as MapLibreMap, Marker } from 'maplibre-gl'
import { REGION_BBOX } from '../../services/domain/region/region.ts'
import { type ReplayLine, stateAtReplay } from '../../services/domain/replay.ts'
import type { MapSources } from './baseSources.ts'
import { MapFrame, type MapLook } from './mapFrame.ts'
import './replayMap.css'
import { speedClassOf } from './speedClasses.ts'
import { TrailLayer } from './trailLayer.ts'
import type { TrailLine } from './trailSegments.ts'
import { metresPerUnit, worldOfAll } from './worldPoint.ts'

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
  /** The whole track, of which `line.apart` are the positions that are not believed. */
  track: { lonE7: Float64Array; latE7: Float64Array }
}
/** What has come of a track: 1e-7 degrees, and index ranges that are one line. */
export type ReplayDraft = { colour: string; lines: readonly { lonE7: Float64Array; latE7: Float64Array; runs: [number, number][] }[] }
/** Degrees; index ranges that are one line. */
export type ReplayBeside = { colour: string; lon: ArrayLike<number>; lat: ArrayLike<number>; runs: readonly (readonly [number, number])[] }
export type TrailColour = 'vehicle' | 'speed' | 'order'

/** `orders`: of the first, the second and so on, begun anew after the last; `none`: of what is of no order. */
export type TrailColours = { speeds: readonly string[]; orders: readonly string[]; none: string }
/** Of a whole trail: `drawn` of its `of` places are drawn, the others lie within so many metres of one that is. */
export type TrailDrawn = { vehicleId: number; drawn: number; of: number }
export type TrailsDrawn = { toleranceM: number; trails: readonly TrailDrawn[] }
type Options = MapLook & {
  container: HTMLElement
  sources: MapSources
  label: string
  colours: TrailColours
  /** A frame with these was drawn: whole trails, and what has come of others. */
  onPainted?: (vehicleIds: readonly number[], drafted: readonly number[]) => void
  /** How much of the trails is drawn at this zoom. */
  onDrawn?: (drawn: TrailsDrawn) => void
}

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
  private drafts: ReadonlyMap<number, ReplayDraft> = new Map()
  private besides: TrailLine | null = null
  private unpainted = false
  private ringed = false
  private readonly trails = new TrailLayer(
    () => this.painted(),
    (lines, places, tolerance) => this.options.onDrawn?.(this.drawnOf(lines, places, tolerance)),
  )
  private readonly world = new WeakMap<object, Pick<TrailLine, 'x' | 'y'>>()

  constructor(options: Options) {
    this.options = options
    this.frame = new MapFrame({
      ...options,
      // Names that fade in are a picture of the whole map a frame for a third of a second, each time another trail is shown.
      start: { bounds: [...REGION_BBOX], fadeDuration: 0 },
      onRegion: () => this.fit(),
      onStyle: () => this.mount(),
    })
    this.map = this.frame.map
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
      vehicles.every((each, n) => isAlike(each, this.vehicles[n]!, colourBy))
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

  /** What has come of tracks that are not whole yet. */
  draft(drafts: ReadonlyMap<number, ReplayDraft>): void {
    this.drafts = drafts
    this.write()
    if (!this.fitted && drafts.size > 0) this.fit()
  }

  /** A track of somebody else's, laid beside the others; null = none. */
  beside(line: ReplayBeside | null): void {
    this.besides = line && {
      ...worldOfAll(line.lon, line.lat, 1e7),
      ...{ runs: line.runs, gaps: [], colour: line.colour, isBeside: true },
    }
    this.write()
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
    const box: Box = [180, 90, -180, -90]
    for (const { line } of this.vehicles) widen(box, line.lon, line.lat, 1)
    for (const { lines } of this.waiting().values()) for (const { lonE7, latE7 } of lines) widen(box, lonE7, latE7, 1e7)
    if (box[0] > box[2]) return
    // Of what is on its way the rest may lie elsewhere.
    this.fitted = this.vehicles.some(({ line }) => line.timeMs.length > 0)
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
    this.map.addLayer(this.trails)
    this.map.addSource(APART, { type: 'geojson', data: empty })
    this.ringed = false
    this.map.addLayer({
      id: 'replay-apart',
      type: 'circle',
      source: APART,
      paint: { 'circle-radius': 5, 'circle-opacity': 0, 'circle-stroke-width': 1.6, 'circle-stroke-color': ['get', 'colour'] as never },
    })
    this.write()
  }

  private painted(): void {
    if (!this.unpainted) return
    this.unpainted = false
    const seen = this.vehicles.map(({ vehicleId }) => vehicleId)
    this.options.onPainted?.(seen, [...this.waiting().keys()])
  }

  private drawnOf(lines: readonly TrailLine[], places: readonly number[], tolerance: number): TrailsDrawn {
    return {
      toleranceM: tolerance * metresPerUnit(this.map.getCenter().lat),
      trails: lines.flatMap(({ vehicleId, x }, n) => (vehicleId === undefined ? [] : [{ vehicleId, drawn: places[n]!, of: x.length }])),
    }
  }

  private waiting(): ReadonlyMap<number, ReplayDraft> {
    return new Map([...this.drafts].filter(([vehicleId]) => !this.vehicles.some((each) => each.vehicleId === vehicleId)))
  }

  private write(): void {
    const drafted = [...this.waiting().values()].flatMap(({ colour, lines }) =>
      lines.map((line): TrailLine => ({ ...this.worldOf(line, line.lonE7, line.latE7, 1), runs: line.runs, gaps: [], colour })),
    )
    this.unpainted = drafted.length > 0 || this.vehicles.some(({ line }) => line.timeMs.length > 0)
    this.trails.show([...drafted, ...this.vehicles.map((each) => this.trailOf(each)), ...(this.besides ? [this.besides] : [])])
    this.writeApart()
  }

  /** Where there is none, and was none, the source is left alone: each of its answers is another picture of the map. */
  private writeApart(): void {
    const source = this.map.getSource<GeoJSONSource>(APART)
    const rings = apartOf(this.vehicles)
    if (!source || (rings.features.length === 0 && !this.ringed)) return
    this.ringed = rings.features.length > 0
    void source.setData(rings)
  }

  private trailOf(vehicle: ReplayVehicle): TrailLine {
    const { line, colour } = vehicle
    const { lon, lat } = line
    const { vehicleId } = vehicle
    return { vehicleId, ...this.worldOf(line, lon, lat, 1e7), ...partsOf(line), colour, paintOf: this.paintOf(vehicle) }
  }

  private worldOf(of: object, lon: Float64Array, lat: Float64Array, toE7: number): Pick<TrailLine, 'x' | 'y'> {
    const known = this.world.get(of)
    if (known) return known
    const made = worldOfAll(lon, lat, toE7)
    this.world.set(of, made)
    return made
  }

  /** The colour of the piece that ends at a position; undefined: all of it has the vehicle's. */
  private paintOf({ colour, speedKph, orderOf }: ReplayVehicle): ((i: number) => string) | undefined {
    const { speeds, orders, none } = this.options.colours
    if (this.colourBy === 'speed') return (i) => speeds[speedClassOf(speedKph[i]!)] ?? colour
    if (this.colourBy === 'order') return (i) => (orderOf[i]! < 0 ? none : orders[orderOf[i]! % orders.length]!)
    return undefined
  }
}

/** Runs of one line, and the gaps between them. */
function partsOf({ gaps, timeMs }: ReplayLine): Pick<TrailLine, 'runs' | 'gaps'> {
  if (timeMs.length === 0) return { runs: [], gaps: [] }
  const ends = [...gaps.map(({ index }) => index), timeMs.length - 1]
  return {
    runs: ends.map((end, n) => [n === 0 ? 0 : ends[n - 1]! + 1, end] as const),
    gaps: gaps.map(({ index }) => [index, index + 1] as const),
  }
}

type Box = [west: number, south: number, east: number, north: number]
function widen(box: Box, lon: Float64Array, lat: Float64Array, scale: number): void {
  for (let i = 0; i < lon.length; i++) {
    const [x, y] = [lon[i]! / scale, lat[i]! / scale]
    if (x < box[0]) box[0] = x
    if (y < box[1]) box[1] = y
    if (x > box[2]) box[2] = x
    if (y > box[3]) box[3] = y
  }
}

/** Positions that are stored and not believed: rings, joined to nothing. */
const apartOf = (vehicles: readonly ReplayVehicle[]): FeatureCollection => ({
  type: 'FeatureCollection',
  features: vehicles.flatMap(({ line, track, colour }) =>
    line.apart.map((i) => ({
      type: 'Feature' as const,
      properties: { colour },
      geometry: { type: 'Point' as const, coordinates: [track.lonE7[i]! / 1e7, track.latE7[i]! / 1e7] },
    })),
  ),
})

/** Trails of the two are the same: of which order each position is shows in the colours of orders alone. */
const isAlike = (a: ReplayVehicle, b: ReplayVehicle, colourBy: TrailColour): boolean =>
  a.line === b.line && a.colour === b.colour && (colourBy !== 'order' || a.orderOf === b.orderOf)

const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }
