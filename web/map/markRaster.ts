// The marks of a view as pixels: only marks in sight are looked at, each stamped from its picture. Runs where no page is (markWorker.ts), without a GPU.

import { MarkSprites, type Sprite } from './markSprites.ts'
import type { MarkStore } from './markStore.ts'
import type { MarkView } from './markView.ts'
import type { Palette } from './palette.ts'
import { unitsPerPixel } from './worldPoint.ts'

/** A glide that moves its mark by fewer pixels is shown as a step: far out the marks are then drawn once per update. */
const VISIBLE_GLIDE_PX = 0.6
/** More than half the widest picture: a mark whose place is this far outside may still reach in. */
const EDGE_PX = 30

/** Marks with a ring: the one that is chosen, and those that have an open finding. */
export type MarkRings = { selectedId: number | null; alerts: ReadonlySet<number> }

export class MarkRaster {
  /** RGBA as `ImageData` has them; `width` × `height` device pixels. */
  pixels = new Uint32Array(0)
  width = 0
  height = 0
  private readonly sprites = new MarkSprites()
  private readonly marks: MarkStore

  constructor(marks: MarkStore) {
    this.marks = marks
  }

  /** Draws the marks as they are at `nowMs`; returns whether one of those in sight still visibly glides. */
  draw(view: MarkView, palette: Palette, { selectedId, alerts }: MarkRings, nowMs: number): boolean {
    const { marks, sprites } = this
    this.clear(view)
    sprites.prepare(palette, view.zoom, view.ratio)
    const units = unitsPerPixel(view.zoom)
    const turn = (-view.bearing * Math.PI) / 180
    const [cos, sin] = [(Math.cos(turn) * view.ratio) / units, (Math.sin(turn) * view.ratio) / units]
    const [wholeX, wholeY] = [Math.floor(view.x), Math.floor(view.y)]
    const [partX, partY] = [view.x - wholeX, view.y - wholeY]
    const [midX, midY] = [this.width / 2, this.height / 2]
    const straight = view.bearing === 0
    const half = Math.hypot(view.width, view.height) / 2
    const reach = EDGE_PX * units + (nowMs < marks.glideEndMs ? marks.glideUnits : 0)
    const reachX = (straight ? view.width / 2 : half) * units + reach
    const reachY = (straight ? view.height / 2 : half) * units + reach
    const least = VISIBLE_GLIDE_PX * units
    const selected = selectedId === null ? -1 : marks.slotOf(selectedId)
    let gliding = false

    /** Device pixels of a slot, or null when out of sight. */
    const at = { x: 0, y: 0 }
    const place = (slot: number): boolean => {
      let dx = (marks.targetX(slot) - wholeX) | 0
      let dy = (marks.targetY(slot) - wholeY) | 0
      if (dx > reachX || dx < -reachX || dy > reachY || dy < -reachY) return false
      if (marks.glidesOn(slot, nowMs, least)) {
        gliding = true
        dx = (marks.drawn(slot, 0, nowMs) - wholeX) | 0
        dy = (marks.drawn(slot, 1, nowMs) - wholeY) | 0
      }
      at.x = (dx - partX) * cos - (dy - partY) * sin + midX
      at.y = (dx - partX) * sin + (dy - partY) * cos + midY
      return true
    }
    const mark = (slot: number): void => {
      if (!place(slot)) return
      const heading = marks.headingAt(slot, nowMs, least)
      const onScreen = heading < 0 ? -1 : (heading - view.bearing + 720) % 360
      this.stamp(sprites.of(marks.status(slot), marks.vehicleClass(slot), onScreen, at.x, at.y), at.x, at.y)
    }
    const ring = (slot: number, isAlert: boolean): void => {
      if (slot >= 0 && place(slot)) this.stamp(sprites.ring(marks.status(slot), isAlert, at.x, at.y), at.x, at.y)
    }

    for (const id of alerts) if (id !== selectedId) ring(marks.slotOf(id), true)
    ring(selected, selectedId !== null && alerts.has(selectedId))
    const order = marks.refreshOrder()
    for (let k = 0; k < marks.count; k++) mark(order[k]!)
    if (selected >= 0) mark(selected)
    return gliding
  }

  private clear(view: MarkView): void {
    const [width, height] = [Math.round(view.width * view.ratio), Math.round(view.height * view.ratio)]
    if (width === this.width && height === this.height) this.pixels.fill(0)
    else this.pixels = new Uint32Array(width * height)
    this.width = width
    this.height = height
  }

  private stamp(sprite: Sprite, x: number, y: number): void {
    const { width, pixels } = sprite
    const column = Math.floor(x) + sprite.left
    const row = Math.floor(y) + sprite.top
    const from = Math.max(0, -column)
    const to = Math.min(width, this.width - column)
    const last = Math.min(sprite.height, this.height - row)
    const target = this.pixels
    for (let r = Math.max(0, -row); r < last; r++) {
      let at = (row + r) * this.width + column + from
      for (let k = r * width + from; k < r * width + to; k++, at++) {
        const above = pixels[k]!
        if (above === 0) continue
        const below = target[at]!
        target[at] = above >= OPAQUE || below === 0 ? above : blend(below, above)
      }
    }
  }
}

const OPAQUE = 0xff000000

/** One colour over another, neither multiplied by its alpha; red and blue in one multiplication. */
function blend(below: number, above: number): number {
  const alpha = above >>> 24
  const whole = alpha + ((((below >>> 24) * (255 - alpha) + 127) / 255) | 0)
  const share = ((alpha * 256) / whole + 0.5) | 0
  const rest = 256 - share
  const redBlue = (Math.imul(above & 0xff00ff, share) + Math.imul(below & 0xff00ff, rest)) >>> 8
  const green = ((above & 0xff00) * share + (below & 0xff00) * rest) >>> 8
  return ((whole << 24) | (redBlue & 0xff00ff) | (green & 0xff00)) >>> 0
}
