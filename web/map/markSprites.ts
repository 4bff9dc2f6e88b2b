// The picture of one mark, computed once and then stamped: shape says the class, colour and drawing say the status.
// Pure: signed distances in CSS pixels, y down, negative inside. A place between pixels has a picture of its own, so that a slow glide does not hop.
import { type Palette, rgbOf } from './palette.ts'

/** Pixels are RGBA as `ImageData` has them, colour not multiplied by alpha; `left`, `top`: from the pixel that holds the mark's place. */
export type Sprite = { left: number; top: number; width: number; height: number; pixels: Uint32Array }

/** Near and far are drawn differently: from this zoom on a mark shows class and heading, below it is a dot. */
const DETAIL_ZOOM = 8
/** Sizes follow the zoom in steps this small: no eye sees them, and a flight needs few pictures. */
const ZOOM_STEPS = 16
/** Places within a pixel, in each direction: a dot of a few pixels needs more of them than a mark of twenty. */
const FAR_STEPS = 4
const NEAR_STEPS = 2
/** 3° a picture: the tip of the largest mark is then within half a pixel. */
const HEADINGS = 120
const KEPT = 8_000
const STATUSES = 4
const CLASSES = 3

const FAR = { from: [3.2, 2.8, 2.2, 2], to: [5, 4.4, 3.4, 3.2] } as const
const NEAR = { from: [17, 12, 7.5, 7.5], to: [32, 20, 12, 12] } as const
const DOT_ALPHA = [1, 0.95, 0.62, 0.5] as const

type Colour = readonly [number, number, number]

/** The colour of the pixel at work, multiplied by its alpha. Four numbers for all: a picture has a thousand pixels and is needed at once. */
let [red, green, blue, alpha] = [0, 0, 0, 0]

const clamp = (value: number): number => Math.max(0, Math.min(1, value))

/** Width of a mark in CSS pixels. */
export function markSize(status: number, zoom: number): number {
  const [{ from, to }, share] = zoom < DETAIL_ZOOM ? [FAR, clamp((zoom - 3.5) / 4.5)] : [NEAR, clamp((zoom - DETAIL_ZOOM) / 5)]
  return from[status]! + (to[status]! - from[status]!) * share
}

export class MarkSprites {
  private readonly kept = new Map<number, Sprite>()
  private look = ''
  private zoom = 0
  private ratio = 1
  private fills: Colour[] = []
  private outline: Colour = [1, 1, 1]
  private accent: Colour = [0, 0, 0]
  private alert: Colour = [0, 0, 0]

  /** The look of all pictures from now on. @param ratio device pixels of a CSS pixel */
  prepare(palette: Palette, zoom: number, ratio: number): void {
    const stepped =
      zoom < DETAIL_ZOOM
        ? Math.min(Math.round(zoom * ZOOM_STEPS) / ZOOM_STEPS, DETAIL_ZOOM - 0.01)
        : Math.round(zoom * ZOOM_STEPS) / ZOOM_STEPS
    const look = `${palette.dark} ${stepped} ${ratio}`
    if (look === this.look && this.kept.size < KEPT) return
    this.look = look
    this.kept.clear()
    this.zoom = stepped
    this.ratio = ratio
    this.fills = palette.status.map(rgbOf)
    this.outline = rgbOf(palette.outline)
    this.accent = rgbOf(palette.accent)
    this.alert = rgbOf(palette.alert)
  }

  /** @param headingDeg on the screen, 0 = up; below 0 = unknown @param x @param y the place in device pixels */
  of(status: number, vehicleClass: number, headingDeg: number, x: number, y: number): Sprite {
    const near = this.zoom >= DETAIL_ZOOM
    const turn = near && status === 0 && headingDeg >= 0 ? Math.round((headingDeg * HEADINGS) / 360) % HEADINGS : HEADINGS
    const kind = near ? vehicleClass : 0
    return this.known(x, y, (turn * CLASSES + kind) * STATUSES + status, (size) => {
      if (!near) return { half: size / 2, shade: this.farShade(status, size) }
      return { half: size / 2, shade: this.nearShade(status, kind, size, turn === HEADINGS ? null : (turn * 2 * Math.PI) / HEADINGS) }
    })
  }

  /** The ring around a mark of this status: of one that is chosen, or has an open finding. */
  ring(status: number, isAlert: boolean, x: number, y: number): Sprite {
    return this.known(x, y, ((HEADINGS + 1) * CLASSES + (isAlert ? 1 : 0)) * STATUSES + status, (size) => {
      const half = (Math.max(size, 14) + 18) / 2
      const colour = isAlert ? this.alert : this.accent
      const shade: Shade = (dx, dy) => {
        const distance = Math.sqrt(dx * dx + dy * dy) - half
        over(colour, 0.22 * this.cover(distance))
        over(colour, this.cover(Math.abs(distance + 1.5) - 1.25))
      }
      return { half, shade }
    })
  }

  /** The picture of a kind at a place within its pixel. `kind` by the number of statuses leaves the status. */
  private known(x: number, y: number, kind: number, make: (size: number) => { half: number; shade: Shade }): Sprite {
    const steps = this.zoom >= DETAIL_ZOOM ? NEAR_STEPS : FAR_STEPS
    const subX = placeWithin(x, steps)
    const subY = placeWithin(y, steps)
    const key = (kind * steps + subX) * steps + subY
    let sprite = this.kept.get(key)
    if (!sprite) {
      const { half, shade } = make(markSize(kind % STATUSES, this.zoom))
      sprite = render(half, (subX + 0.5) / steps, (subY + 0.5) / steps, this.ratio, shade)
      this.kept.set(key, sprite)
    }
    return sprite
  }

  private farShade(status: number, size: number): Shade {
    const [colour, share] = [this.fills[status]!, DOT_ALPHA[status]!]
    return (x, y) => over(colour, share * this.cover(Math.sqrt(x * x + y * y) - size / 2))
  }

  private nearShade(status: number, vehicleClass: number, size: number, nose: number | null): Shade {
    const { outline } = this
    const colour = this.fills[status]!
    const half = size / 2
    const put = (paint: Colour, distance: number, share = 1) => over(paint, share * this.cover(distance))
    const body = (x: number, y: number, r: number) => bodyOf(vehicleClass, x, y, r)
    if (status === 0) {
      const r = half * 0.64
      const [noseX, noseY] = nose === null ? [0, 0] : [Math.sin(nose), -Math.cos(nose)]
      return (x, y) => {
        const shape = body(x, y, r - 1)
        const across = Math.abs(x * -noseY + y * noseX)
        const along = x * noseX + y * noseY
        if (nose !== null) {
          const pointer = Math.max(across * 0.8 + (along - half + 1) * 0.6, 0.55 * r - along)
          put(outline, pointer - 1.3)
          put(outline, shape - 1.3)
          put(colour, pointer)
        }
        // Where there is room the pointer stands apart from the body, so that the shape of the class stays readable.
        if (size > 22 || nose === null) put(outline, shape - 1.1)
        put(colour, shape)
        if (nose === null) return put(outline, Math.sqrt(x * x + y * y) - r * 0.3)
        const tip = r * 0.68
        put(outline, Math.max(across * 0.906 + (along - tip) * 0.423, across * -0.42 + (along + 0.35 * tip) * -0.907))
      }
    }
    if (status === 1) {
      const r = half - 1
      return (x, y) => {
        const ring = body(x, y, r - 0.6)
        put(outline, ring - 0.9)
        put(colour, ring)
        put(outline, body(x, y, r - 2.2))
        put(colour, body(x, y, r - Math.max(3.4, r * 0.45)))
      }
    }
    if (status === 2)
      return (x, y) => {
        const shape = body(x, y, half - 1.1)
        put(outline, shape - 1, 0.9)
        put(colour, shape)
      }
    return (x, y) => {
      const shape = body(x, y, half - 0.8)
      put(colour, shape)
      put(outline, shape + 1.5)
    }
  }

  private cover(distance: number): number {
    return clamp(0.5 - distance * this.ratio)
  }
}

type Shade = (x: number, y: number) => void

function bodyOf(vehicleClass: number, x: number, y: number, r: number): number {
  const side = Math.abs(x)
  if (vehicleClass === 1) {
    const down = y + 0.08 * r
    return Math.max(side - 0.88 * r, -down - 0.92 * r, side * 0.772 + (down - 1.22 * r) * 0.636)
  }
  if (vehicleClass === 2) {
    const [qx, qy] = [side - 0.86 * r + 1, Math.abs(y) - 0.86 * r + 1]
    return Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) + Math.min(Math.max(qx, qy), 0) - 1
  }
  return Math.sqrt(x * x + y * y) - r
}

/** Lays a colour over the pixel at work. */
function over(colour: Colour, share: number): void {
  if (share <= 0) return
  const rest = 1 - share
  red = colour[0] * share + red * rest
  green = colour[1] * share + green * rest
  blue = colour[2] * share + blue * rest
  alpha = share + alpha * rest
}

/** Which of the places within its pixel. */
const placeWithin = (value: number, steps: number): number => ((value - Math.floor(value)) * steps) | 0

/** @param half half the width in CSS pixels; further out nothing is drawn @param x @param y the mark's place within its pixel, 0–1 */
function render(half: number, x: number, y: number, ratio: number, shade: Shade): Sprite {
  const reach = Math.ceil((half + 1) * ratio + 0.5)
  const width = 2 * reach + 1
  const farthest = (half + 1.5) ** 2
  const pixels = new Uint32Array(width * width)
  const part = (value: number) => Math.min(255, Math.round((value / alpha) * 255))
  for (let row = 0; row < width; row++)
    for (let column = 0; column < width; column++) {
      const dx = (column - reach + 0.5 - x) / ratio
      const dy = (row - reach + 0.5 - y) / ratio
      if (dx * dx + dy * dy > farthest) continue
      red = green = blue = alpha = 0
      shade(dx, dy)
      if (alpha < 0.004) continue
      pixels[row * width + column] = ((Math.round(alpha * 255) << 24) | (part(blue) << 16) | (part(green) << 8) | part(red)) >>> 0
    }
  return trimmed({ left: -reach, top: -reach, width, height: width, pixels })
}

/** Without the empty edge: a dot is stamped twenty thousand times. */
function trimmed({ left, top, width, height, pixels }: Sprite): Sprite {
  let [west, north, east, south] = [width, height, -1, -1]
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] === 0) continue
    const [x, y] = [i % width, (i / width) | 0]
    west = Math.min(west, x)
    east = Math.max(east, x)
    north = Math.min(north, y)
    south = Math.max(south, y)
  }
  if (east < 0) return { left, top, width: 0, height: 0, pixels: new Uint32Array(0) }
  const inner = new Uint32Array((east - west + 1) * (south - north + 1))
  for (let y = north; y <= south; y++) inner.set(pixels.subarray(y * width + west, y * width + east + 1), (y - north) * (east - west + 1))
  return { left: left + west, top: top + north, width: east - west + 1, height: south - north + 1, pixels: inner }
}
