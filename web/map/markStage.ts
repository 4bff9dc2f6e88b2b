// Draws the marks where no page is waited for: it is told frames, looks and views, and draws to a canvas of its own.
//
// While the map rests it draws straight to that canvas: at each update, and on as long as a glide is seen. While the map moves it gives pictures
// instead, each with the view it is of, so that the page can put it exactly where it belongs at that moment. In a browser that lets no other thread
// draw, the page does all of it (markSurface.ts).
import { decodeLiveFrame } from '../../services/contracts/liveFrame.ts'
import { GlidePace } from './glidePace.ts'
import { MarkRaster } from './markRaster.ts'
import { MarkStore } from './markStore.ts'
import { contextOf, type MarkSurface, newSurface, type Picture, pictureOf } from './markSurface.ts'
import type { MarkView } from './markView.ts'
import type { Palette } from './palette.ts'
import { PlateLabels } from './plateLabels.ts'

export type MarkLook = { palette: Palette; selectedId: number | null; alerts: ReadonlySet<number> }

/** `epochMs`: ms since 1970 at which the map's clock was 0. `number` counts what changes the picture. */
export type ToStage =
  | { is: 'start'; canvas: MarkSurface; epochMs: number; look: MarkLook }
  | { is: 'frame'; bytes: ArrayBuffer; classes: Uint8Array; whole: boolean; nowMs: number; glide: boolean; number: number }
  | { is: 'clear'; number: number }
  | { is: 'look'; look: MarkLook }
  | { is: 'plates'; plates: [vehicleId: number, plate: string][] }
  /** `rest`: draw to the canvas from now on; otherwise one picture is asked for, and nothing is drawn until the map rests. */
  | { is: 'view'; view: MarkView; rest: boolean }

/** What of `number` can be seen now; `drawn` counts pictures. */
export type FromStage =
  | { is: 'picture'; picture: Picture; view: MarkView; number: number }
  | { is: 'resting'; view: MarkView; number: number; drawn: number }
  | { is: 'ask'; vehicleIds: number[] }

export class MarkStage {
  private readonly say: (message: FromStage, transfer: Transferable[]) => void
  private readonly marks: MarkStore
  private readonly raster: MarkRaster
  private readonly plates: PlateLabels
  private readonly pace = new GlidePace()
  private readonly classes = new Map<number, number>()
  private readonly spare = newSurface()
  private canvas: MarkSurface | null = null
  private look: MarkLook | null = null
  private resting: MarkView | null = null
  private epochMs = 0
  private number = 0
  private drawn = 0
  private owed = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(say: (message: FromStage, transfer: Transferable[]) => void) {
    this.say = say
    this.marks = new MarkStore((id) => this.classes.get(id) ?? 0)
    this.raster = new MarkRaster(this.marks)
    this.plates = new PlateLabels(this.marks, (vehicleIds) => say({ is: 'ask', vehicleIds }, []))
  }

  hear(message: ToStage): void {
    switch (message.is) {
      case 'start':
        this.canvas = message.canvas
        this.epochMs = message.epochMs
        this.look = message.look
        break
      case 'frame':
        this.apply(message)
        break
      case 'clear':
        this.number = message.number
        this.marks.clear()
        break
      case 'look':
        this.look = message.look
        break
      case 'plates':
        this.plates.tell(message.plates)
        break
      case 'view':
        this.see(message.view, message.rest)
        return
    }
    this.owe()
  }

  /** Draws no more. */
  end(): void {
    clearTimeout(this.timer)
    this.resting = null
    this.canvas = null
  }

  private apply({ bytes, classes, whole, nowMs, glide, number }: Extract<ToStage, { is: 'frame' }>): void {
    const frame = decodeLiveFrame(new Uint8Array(bytes))
    for (let i = 0; i < frame.count; i++) this.classes.set(frame.vehicleId[i]!, classes[i]!)
    if (whole) this.marks.replace(frame, nowMs, glide)
    else this.marks.apply(frame, nowMs, glide)
    this.number = number
  }

  private see(view: MarkView, rest: boolean): void {
    this.resting = rest ? view : null
    // Nobody sees the canvas before this is drawn, so no frame of the screen is waited for.
    if (rest) this.drawResting()
    else {
      this.paint(this.spare, view)
      const { picture, transfer } = pictureOf(this.spare)
      this.say({ is: 'picture', picture, view, number: this.number }, transfer)
    }
  }

  private owe(): void {
    if (!this.resting || this.owed) return
    clearTimeout(this.timer)
    this.owed = true
    onNextFrame(() => {
      this.owed = false
      this.drawResting()
    })
  }

  private drawResting(): void {
    const { canvas, resting } = this
    if (!canvas || !resting) return
    const gliding = this.paint(canvas, resting)
    this.say({ is: 'resting', view: resting, number: this.number, drawn: ++this.drawn }, [])
    if (!gliding) return
    const restMs = this.pace.restAfter(performance.now())
    if (restMs === 0) this.owe()
    else this.timer = setTimeout(() => this.owe(), restMs)
  }

  private paint(canvas: MarkSurface, view: MarkView): boolean {
    const { look, raster } = this
    if (!look) return false
    const nowMs = Math.round(performance.timeOrigin + performance.now() - this.epochMs)
    const gliding = raster.draw(view, look.palette, look, nowMs)
    if (canvas.width !== raster.width || canvas.height !== raster.height) {
      canvas.width = raster.width
      canvas.height = raster.height
    }
    const context = contextOf(canvas)
    context.putImageData(new ImageData(new Uint8ClampedArray(raster.pixels.buffer), raster.width, raster.height), 0, 0)
    this.plates.draw(context, view, look.palette, look.selectedId, nowMs)
    return gliding
  }
}

/** In step with the screen where a worker can be. */
const onNextFrame = (act: () => void): unknown => ('requestAnimationFrame' in globalThis ? requestAnimationFrame(act) : setTimeout(act, 16))
