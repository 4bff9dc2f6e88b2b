// Plates beside the marks, from zoom 13: drawn on a canvas over the map, so that they glide with their marks.
// A label that would cover another is left out; one already shown keeps its place, so that labels do not flicker.
import type { Map as MapLibreMap } from 'maplibre-gl'
import { slotsInBox, type WorldBox } from './markQueries.ts'
import type { MarkStore } from './markStore.ts'
import type { Palette } from './palette.ts'
import { latOf, lonOf } from './worldPoint.ts'

const PLATES_FROM_ZOOM = 13
const CANDIDATES = 300
const HEIGHT_PX = 18
const PADDING_PX = 5
const BELOW_MARK_PX = 15
const CACHED_LABELS = 1_000
/** Marks of vehicles with the engine on are never covered by a plate. */
const IDLE = 1
const MARK_RADIUS_PX = 8

type Box = { x: number; y: number; width: number }

export class PlateLabels {
  private readonly canvas = document.createElement('canvas')
  private readonly map: MapLibreMap
  private readonly marks: MarkStore
  private readonly labelOf: (vehicleId: number) => string
  private drawnIds = new Set<number>()
  private readonly images = new Map<string, HTMLCanvasElement>()
  private palette: Palette

  constructor(map: MapLibreMap, marks: MarkStore, palette: Palette, labelOf: (vehicleId: number) => string) {
    this.map = map
    this.marks = marks
    this.palette = palette
    this.labelOf = labelOf
    this.canvas.className = 'fleet-map-plates'
    this.canvas.setAttribute('aria-hidden', 'true')
    map.getCanvasContainer().append(this.canvas)
  }

  setPalette(palette: Palette): void {
    this.palette = palette
    this.images.clear()
  }

  /** Draws the plates of the view; call with every frame of the map. */
  draw(view: WorldBox, nowMs: number, selectedId: number | null): void {
    const wanted = this.map.getZoom() >= PLATES_FROM_ZOOM && this.marks.count > 0
    if (!wanted && this.drawnIds.size === 0) return
    const context = this.resized()
    const before = this.drawnIds
    this.drawnIds = new Set()
    if (!wanted) return
    const placed: Box[] = []
    const places = this.candidates(view, before, selectedId).map((slot) => ({
      slot,
      point: this.map.project([lonOf(this.marks.drawn(slot, 0, nowMs)), latOf(this.marks.drawn(slot, 1, nowMs))]),
    }))
    const running = places.filter(({ slot }) => this.marks.status(slot) <= IDLE)
    for (const { slot, point } of places) {
      const id = this.marks.vehicleId[slot]!
      const plate = this.labelOf(id)
      if (plate === '') continue
      const image = this.imageOf(plate, id === selectedId)
      const width = image.width / this.map.getPixelRatio()
      const box = { x: point.x - width / 2, y: point.y + BELOW_MARK_PX, width }
      const hides = placed.some((other) => overlap(box, other)) || running.some((other) => covers(box, other.point))
      if (hides && id !== selectedId) continue
      placed.push(box)
      this.drawnIds.add(id)
      context.drawImage(image, box.x, box.y, width, HEIGHT_PX)
    }
  }

  destroy(): void {
    this.canvas.remove()
  }

  private candidates(view: WorldBox, before: Set<number>, selectedId: number | null): number[] {
    const slots = slotsInBox(this.marks, view).flat().slice(0, CANDIDATES)
    const rank = (slot: number) => {
      const id = this.marks.vehicleId[slot]!
      return id === selectedId ? 0 : before.has(id) ? 1 : 2
    }
    return slots.sort((a, b) => rank(a) - rank(b))
  }

  private resized(): CanvasRenderingContext2D {
    const source = this.map.getCanvas()
    if (this.canvas.width !== source.width || this.canvas.height !== source.height) {
      this.canvas.width = source.width
      this.canvas.height = source.height
      this.canvas.style.width = source.style.width
      this.canvas.style.height = source.style.height
    }
    const context = this.canvas.getContext('2d')!
    const ratio = this.map.getPixelRatio()
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, this.canvas.width, this.canvas.height)
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    return context
  }

  private imageOf(plate: string, selected: boolean): HTMLCanvasElement {
    const key = selected ? `*${plate}` : plate
    const cached = this.images.get(key)
    if (cached) return cached
    if (this.images.size >= CACHED_LABELS) this.images.clear()
    const ratio = this.map.getPixelRatio()
    const image = document.createElement('canvas')
    const font = '500 11px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
    const context = image.getContext('2d')!
    context.font = font
    image.width = Math.ceil((context.measureText(plate).width + 2 * PADDING_PX) * ratio)
    image.height = Math.ceil(HEIGHT_PX * ratio)
    context.scale(ratio, ratio)
    context.font = font
    context.fillStyle = selected ? this.palette.accent : this.palette.labelHalo
    context.globalAlpha = selected ? 1 : 0.86
    context.beginPath()
    context.roundRect(0.5, 1, image.width / ratio - 1, HEIGHT_PX - 2, 4)
    context.fill()
    context.globalAlpha = 1
    context.fillStyle = selected ? this.palette.outline : this.palette.label
    context.textBaseline = 'middle'
    context.fillText(plate, PADDING_PX, HEIGHT_PX / 2 + 0.5)
    this.images.set(key, image)
    return image
  }
}

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && Math.abs(a.y - b.y) < HEIGHT_PX

const covers = (box: Box, { x, y }: { x: number; y: number }): boolean =>
  x > box.x - MARK_RADIUS_PX &&
  x < box.x + box.width + MARK_RADIUS_PX &&
  y > box.y - MARK_RADIUS_PX + 2 &&
  y < box.y + HEIGHT_PX + MARK_RADIUS_PX
