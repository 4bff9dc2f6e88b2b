// Plates beside the marks, from zoom 13, on the canvas of the marks, so that they glide with them.
// A label that would cover another is left out; one already shown keeps its place, so that labels do not flicker.
import { slotsInBox } from './markQueries.ts'
import type { MarkStore } from './markStore.ts'
import { contextOf, type MarkSurface, newSurface, type SurfaceContext } from './markSurface.ts'
import { type MarkView, placeIn } from './markView.ts'
import type { Palette } from './palette.ts'
import { unitsPerPixel } from './worldPoint.ts'

const PLATES_FROM_ZOOM = 13
const CANDIDATES = 300
const HEIGHT_PX = 18
const PADDING_PX = 5
const BELOW_MARK_PX = 15
const CACHED_LABELS = 1_000
const FONT = '500 11px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
/** Marks of vehicles with the engine on are never covered by a plate. */
const IDLE = 1
const MARK_RADIUS_PX = 8

type Box = { x: number; y: number; width: number }
type Image = { canvas: MarkSurface; width: number }

export class PlateLabels {
  /** Plates by vehicle id, as they have been told. */
  private readonly plates = new Map<number, string>()
  private readonly images = new Map<string, Image>()
  private drawnIds = new Set<number>()
  private look = ''
  private readonly marks: MarkStore
  private readonly ask: (vehicleIds: number[]) => void

  /** @param ask for the plates of these; they are drawn once `tell` has told them. */
  constructor(marks: MarkStore, ask: (vehicleIds: number[]) => void) {
    this.marks = marks
    this.ask = ask
  }

  tell(plates: readonly (readonly [vehicleId: number, plate: string])[]): void {
    for (const [id, plate] of plates) this.plates.set(id, plate)
  }

  /** Draws the plates of a view over its marks. */
  draw(context: SurfaceContext, view: MarkView, palette: Palette, selectedId: number | null, nowMs: number): void {
    const before = this.drawnIds
    this.drawnIds = new Set()
    if (view.zoom < PLATES_FROM_ZOOM || this.marks.count === 0) return
    this.prepare(palette, view.ratio)
    const place = placeIn(view)
    const places = this.candidates(view, before, selectedId).map((slot) => ({
      slot,
      point: place(this.marks.drawn(slot, 0, nowMs), this.marks.drawn(slot, 1, nowMs)),
    }))
    const running = places.filter(({ slot }) => this.marks.status(slot) <= IDLE)
    const unknown: number[] = []
    const placed: Box[] = []
    context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0)
    for (const { slot, point } of places) {
      const id = this.marks.vehicleId[slot]!
      const plate = this.plates.get(id)
      if (plate === undefined) unknown.push(id)
      if (!plate) continue
      const { canvas, width } = this.imageOf(plate, id === selectedId, palette, view.ratio)
      const box = { x: point.x - width / 2, y: point.y + BELOW_MARK_PX, width }
      const hides = placed.some((other) => overlap(box, other)) || running.some((other) => covers(box, other.point))
      if (hides && id !== selectedId) continue
      placed.push(box)
      this.drawnIds.add(id)
      context.drawImage(canvas, box.x, box.y, width, HEIGHT_PX)
    }
    context.setTransform(1, 0, 0, 1, 0, 0)
    for (const id of unknown) this.plates.set(id, '')
    if (unknown.length > 0) this.ask(unknown)
  }

  private candidates(view: MarkView, before: Set<number>, selectedId: number | null): number[] {
    const units = unitsPerPixel(view.zoom)
    const [width, height] = [view.width * units, view.height * units]
    const box = { x: Math.round(view.x - width / 2) | 0, y: Math.round(view.y - height / 2) | 0, width, height }
    const slots = slotsInBox(this.marks, box).flat().slice(0, CANDIDATES)
    const rank = (slot: number) => {
      const id = this.marks.vehicleId[slot]!
      return id === selectedId ? 0 : before.has(id) ? 1 : 2
    }
    return slots.sort((a, b) => rank(a) - rank(b))
  }

  private prepare({ dark }: Palette, ratio: number): void {
    const look = `${dark} ${ratio}`
    if (look !== this.look || this.images.size >= CACHED_LABELS) this.images.clear()
    this.look = look
  }

  private imageOf(plate: string, selected: boolean, palette: Palette, ratio: number): Image {
    const key = selected ? `*${plate}` : plate
    const known = this.images.get(key)
    if (known) return known
    const canvas = newSurface()
    const context = contextOf(canvas)
    context.font = FONT
    canvas.width = Math.ceil((context.measureText(plate).width + 2 * PADDING_PX) * ratio)
    canvas.height = Math.ceil(HEIGHT_PX * ratio)
    const width = canvas.width / ratio
    context.scale(ratio, ratio)
    context.font = FONT
    context.fillStyle = selected ? palette.accent : palette.labelHalo
    context.globalAlpha = selected ? 1 : 0.86
    fillRounded(context, { x: 0.5, y: 1, width: width - 1, height: HEIGHT_PX - 2 }, 4)
    context.globalAlpha = 1
    context.fillStyle = selected ? palette.outline : palette.label
    context.textBaseline = 'middle'
    context.fillText(plate, PADDING_PX, HEIGHT_PX / 2 + 0.5)
    const image = { canvas, width }
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

/** `roundRect` is younger than the browsers that we draw in. */
function fillRounded(context: SurfaceContext, { x, y, width, height }: Box & { height: number }, radius: number): void {
  const [right, bottom] = [x + width, y + height]
  context.beginPath()
  context.moveTo(x + radius, y)
  context.arcTo(right, y, right, bottom, radius)
  context.arcTo(right, bottom, x, bottom, radius)
  context.arcTo(x, bottom, x, y, radius)
  context.arcTo(x, y, right, y, radius)
  context.fill()
}
