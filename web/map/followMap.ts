// A small map of one vehicle on its way: where it was last, along its heading, and where it goes from and to. React hands it data.
import { LngLatBounds, type Map as MapLibreMap, Marker } from 'maplibre-gl'
import { REGION_BBOX } from '../../services/domain/region/region.ts'
import type { MapSources } from './baseSources.ts'
import { MapFrame, type MapLook } from './mapFrame.ts'
import './followMap.css'

type Point = { lon: number; lat: number }
export type FollowScene = {
  vehicle: (Point & { headingDeg: number | null; moving: boolean; text: string }) | null
  stops: (Point & { kind: 'from' | 'to' | 'via'; text: string })[]
}
type Options = MapLook & { container: HTMLElement; sources: MapSources; label: string }

export class FollowMap {
  private readonly map: MapLibreMap
  private readonly frame: MapFrame
  private readonly marks = new Map<string, Marker>()
  private scene: FollowScene = { vehicle: null, stops: [] }
  /** Whoever moved the map himself looks where he likes. */
  private held = false

  constructor(options: Options) {
    this.frame = new MapFrame({
      ...options,
      start: { bounds: [...REGION_BBOX] },
      onRegion: () => this.fit(),
      onStyle: () => undefined,
    })
    this.map = this.frame.map
    this.map.on('dragstart', () => {
      this.held = true
    })
    void this.frame.start()
  }

  show(scene: FollowScene): void {
    const first = this.scene.vehicle === null && this.scene.stops.length === 0
    this.scene = scene
    const kept = new Set<string>()
    const put = (name: string, { lon, lat }: Point, className: string, text: string, turn?: number) => {
      kept.add(name)
      const known = this.marks.get(name)
      const mark = known ?? new Marker({ element: document.createElement('div'), rotationAlignment: 'map' })
      const element = mark.getElement()
      for (const old of [...element.classList]) if (old.startsWith('follow-')) element.classList.remove(old)
      element.classList.add(...className.split(' '))
      element.setAttribute('role', 'img')
      element.setAttribute('aria-label', text)
      mark.setLngLat([lon, lat]).setRotation(turn ?? 0)
      if (!known) this.marks.set(name, mark.addTo(this.map))
    }
    for (const [n, stop] of scene.stops.entries()) put(`stop ${n}`, stop, `follow-stop follow-${stop.kind}`, stop.text)
    const { vehicle } = scene
    if (vehicle)
      put(
        'vehicle',
        vehicle,
        `follow-vehicle ${vehicle.moving ? 'follow-moving' : 'follow-standing'}`,
        vehicle.text,
        vehicle.headingDeg ?? 0,
      )
    for (const [name, mark] of this.marks)
      if (!kept.has(name)) {
        mark.remove()
        this.marks.delete(name)
      }
    if (first) this.fit()
    else if (!this.held && vehicle && !this.map.getBounds().contains([vehicle.lon, vehicle.lat])) this.map.panTo([vehicle.lon, vehicle.lat])
  }

  setLook(look: MapLook): void {
    this.frame.setLook(look)
  }

  destroy(): void {
    for (const mark of this.marks.values()) mark.remove()
    this.frame.destroy()
  }

  private fit(): void {
    this.held = false
    const { vehicle, stops } = this.scene
    const points = [...(vehicle ? [vehicle] : []), ...stops]
    if (points.length === 0) return
    const box = new LngLatBounds()
    for (const { lon, lat } of points) box.extend([lon, lat])
    this.map.fitBounds(box, { padding: 48, maxZoom: 14, animate: false })
  }
}
