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
}
export type TrailColour = 'vehicle' | 'speed'
/** Up to so many km/h: the classes of a trail that is coloured by speed, and of the band below the map. */
export const SPEED_CLASSES = [10, 40, 80, 120, Number.POSITIVE_INFINITY] as const
export const speedClassOf = (kph: number): number => SPEED_CLASSES.findIndex((most) => kph < most)

type Options = MapLook & { container: HTMLElement; sources: MapSources; label: string; speedColours: readonly string[] }

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

  constructor(options: Options) {
    this.options = options
    this.frame = new MapFrame({
      ...options,
      start: { bounds: [...REGION_BBOX] },
      onRegion: () => this.fit(),
      onStyle: () => this.mount(),
    })
    this.map = this.frame.map
    void this.frame.start()
  }

  /** The trails; the first that holds anything is shown whole. */
  show(vehicles: readonly ReplayVehicle[], colourBy: TrailColour): void {
    this.vehicles = vehicles
    this.colourBy = colourBy
    this.write()
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

  setLook(look: MapLook, speedColours: readonly string[]): void {
    this.options.speedColours = speedColours
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

  private write(): void {
    void this.map
      .getSource<GeoJSONSource>(LINES)
      ?.setData({ type: 'FeatureCollection', features: this.vehicles.flatMap((each) => this.linesOf(each)) })
  }

  private linesOf({ line, speedKph, colour }: ReplayVehicle): Feature[] {
    const feature = (part: 'run' | 'gap', from: number, until: number, paint: string): Feature => ({
      type: 'Feature',
      properties: { part, colour: paint },
      geometry: {
        type: 'LineString',
        coordinates: Array.from({ length: until - from + 1 }, (_, i) => [line.lon[from + i]!, line.lat[from + i]!]),
      },
    })
    const { runs, gaps } = splitTrack(line)
    const dashed = gaps.map(([from, until]) => feature('gap', from, until, colour))
    if (this.colourBy === 'vehicle')
      return [...runs.filter(([from, until]) => until > from).map(([from, until]) => feature('run', from, until, colour)), ...dashed]
    const pieces = runs.flatMap(([from, until]) => {
      const made: Feature[] = []
      let start = from
      for (let i = from + 1; i <= until; i++) {
        if (i < until && speedClassOf(speedKph[i]!) === speedClassOf(speedKph[start + 1] ?? speedKph[start]!)) continue
        made.push(feature('run', start, i, this.options.speedColours[Math.max(0, speedClassOf(speedKph[i]!))] ?? colour))
        start = i
      }
      return made
    })
    return [...pieces, ...dashed]
  }
}

const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }
