// What happens under a pointer: a click chooses the vehicle there or nobody, a hover names it at once.

import type { Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl'
import { SPEED_UNKNOWN } from '../../services/contracts/liveFrame.ts'
import type { Locale } from '../kit/format/time.ts'
import { MapTooltip } from './mapTooltip.ts'
import { slotAt } from './markQueries.ts'
import type { MarkStore } from './markStore.ts'
import type { Palette } from './palette.ts'
import { latOf, lonOf, unitsPerPixel, worldX, worldY } from './worldPoint.ts'

const REACH_PX = 14

type PointerDeps = {
  map: MapLibreMap
  container: HTMLElement
  marks: MarkStore
  nowMs: () => number
  labelOf: (vehicleId: number) => string
  /** Asked at each showing, because theme and language change. */
  look: () => { palette: Palette; locale: Locale }
  onSelect: (vehicleId: number | null) => void
}

export class MapPointer {
  private readonly deps: PointerDeps
  private readonly tooltip: MapTooltip

  constructor(deps: PointerDeps) {
    this.deps = deps
    this.tooltip = new MapTooltip(deps.container)
    const { map, marks, onSelect } = deps
    map.on('click', (event) => {
      const slot = this.slotUnder(event)
      onSelect(slot < 0 ? null : marks.vehicleId[slot]!)
    })
    map.on('mousemove', (event) => this.hover(event))
    map.on('mouseout', () => this.tooltip.hide())
    map.on('movestart', () => this.tooltip.hide())
  }

  hide(): void {
    this.tooltip.hide()
  }

  destroy(): void {
    this.tooltip.destroy()
  }

  private slotUnder({ lngLat }: MapMouseEvent): number {
    const { map, marks, nowMs } = this.deps
    return slotAt(marks, worldX(lngLat.lng), worldY(lngLat.lat), REACH_PX * unitsPerPixel(map.getZoom()), nowMs())
  }

  private hover(event: MapMouseEvent): void {
    const { map, marks, nowMs, labelOf, look } = this.deps
    const slot = map.isMoving() ? -1 : this.slotUnder(event)
    map.getCanvas().style.cursor = slot < 0 ? '' : 'pointer'
    if (slot < 0) {
      this.tooltip.hide()
      return
    }
    const { palette, locale } = look()
    const status = marks.status(slot)
    const place = map.project([lonOf(marks.drawn(slot, 0, nowMs())), latOf(marks.drawn(slot, 1, nowMs()))])
    const facts = {
      plate: labelOf(marks.vehicleId[slot]!),
      status,
      speedKph: marks.speedDkph[slot] === SPEED_UNKNOWN ? null : marks.speedDkph[slot]! / 10,
      ageS: Math.max(0, Math.round(Date.now() / 1000 - marks.timeS[slot]!)),
      colour: palette.status[status]!,
    }
    this.tooltip.show(facts, place.x, place.y, locale)
  }
}
