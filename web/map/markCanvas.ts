// The marks on a canvas of their own between the ground and the names of places, so that the map is drawn again only when it moves.
//
// Two canvases: `live`, on which the stage draws by itself while the map rests, and `still`, which shows the stage's pictures while the map moves.
// Where the browser lets another thread draw, the stage is a thread; else it is in the page.
// Each shows one view; moved and scaled to the map's, marks lie exactly on their ground in every frame, however late a picture comes.
import type { Map as MapLibreMap } from 'maplibre-gl'
import { bytesOf, type LiveFrame } from '../../services/contracts/liveFrame.ts'
import { type FromStage, type MarkLook, MarkStage, type ToStage } from './markStage.ts'
import { drawsApart, showPicture } from './markSurface.ts'
import { type MarkView, sameView, transformBetween } from './markView.ts'
import { worldXY } from './worldPoint.ts'

type Deps = {
  map: MapLibreMap
  /** ms since 1970 at which the clock of the glides was 0. */
  epochMs: number
  look: MarkLook
  labelOf: (vehicleId: number) => string
  classOf: (vehicleId: number) => number
  /** What was told up to `number` is on the screen. */
  onShown: (number: number, drawn: number) => void
}

type Stage = { hear(message: ToStage, transfer: Transferable[]): void; end(): void }

/** When the map may show something else than before, or rests. */
const moments = ['render', 'moveend', 'idle'] as const

export class MarkCanvas {
  private readonly deps: Deps
  private readonly live = document.createElement('canvas')
  private readonly still = document.createElement('canvas')
  private readonly stage: Stage
  private look: MarkLook
  /** What each canvas shows; null = nothing that may be seen. */
  private liveView: MarkView | null = null
  private stillView: MarkView | null = null
  /** A picture is asked for: one at a time, so that the newest view is drawn and none waits. */
  private asked: 'nothing' | 'picture' | 'rest' = 'nothing'
  private number = 0
  private gone = false

  constructor(deps: Deps) {
    this.deps = deps
    this.look = deps.look
    for (const canvas of [this.live, this.still]) {
      canvas.className = 'fleet-map-marks'
      canvas.setAttribute('aria-hidden', 'true')
      deps.map.getCanvas().before(canvas)
    }
    const { epochMs, look } = deps
    if (drawsApart()) {
      this.stage = threadOf((message) => this.hear(message))
      const canvas = this.live.transferControlToOffscreen()
      this.tell({ is: 'start', canvas, epochMs, look }, [canvas])
    } else {
      this.stage = stageOf((message) => this.hear(message))
      this.tell({ is: 'start', canvas: this.live, epochMs, look })
    }
    for (const event of moments) deps.map.on(event, this.follow)
    this.show()
  }

  /** Hands on a frame; returns the number under which it will be shown. */
  frame(frame: LiveFrame, whole: boolean, nowMs: number, glide: boolean): number {
    const bytes = new Uint8Array(bytesOf(frame)).buffer
    const classes = Uint8Array.from(frame.vehicleId, this.deps.classOf)
    this.tell({ is: 'frame', bytes, classes, whole, nowMs, glide, number: ++this.number }, [bytes, classes.buffer])
    return this.number
  }

  clear(): void {
    this.tell({ is: 'clear', number: ++this.number })
  }

  setLook(change: Partial<MarkLook>): void {
    this.look = { ...this.look, ...change }
    this.tell({ is: 'look', look: this.look })
  }

  destroy(): void {
    this.gone = true
    for (const event of moments) this.deps.map.off(event, this.follow)
    this.stage.end()
    this.live.remove()
    this.still.remove()
  }

  private tell(message: ToStage, transfer: Transferable[] = []): void {
    this.stage.hear(message, transfer)
  }

  private hear(message: FromStage): void {
    if (this.gone) return
    if (message.is === 'ask') this.tell({ is: 'plates', plates: message.vehicleIds.map((id) => [id, this.deps.labelOf(id)]) })
    else if (message.is === 'picture') {
      showPicture(message.picture, this.still)
      this.stillView = message.view
      this.liveView = null
      this.asked = 'nothing'
      this.deps.onShown(message.number, 0)
      this.follow()
    } else if (this.asked === 'rest') this.rest(message)
    else this.deps.onShown(message.number, message.drawn)
  }

  /** What was drawn has reached the screen a frame later; only then it takes the place of the picture. */
  private rest({ view, number, drawn }: Extract<FromStage, { is: 'resting' }>): void {
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        if (this.gone) return
        this.deps.onShown(number, drawn)
        if (this.asked !== 'rest' || !sameView(this.stillView, view)) return
        this.asked = 'nothing'
        this.liveView = view
        this.follow()
      }),
    )
  }

  /** After each frame of the map: puts the canvases where they belong, and asks for what is not drawn yet. */
  private readonly follow = (): void => {
    const view = this.view()
    this.show(view)
    if (sameView(this.liveView, view)) {
      this.stillView = null
      return
    }
    if (this.asked === 'picture') return
    const rest = sameView(this.stillView, view)
    // Held where it is in the middle of a move: the picture is of this very view.
    if (rest && (this.asked === 'rest' || this.deps.map.isMoving())) return
    this.asked = rest ? 'rest' : 'picture'
    this.tell({ is: 'view', view, rest })
  }

  private show(view = this.view()): void {
    for (const [canvas, of] of [
      [this.live, this.liveView],
      [this.still, this.liveView ? null : this.stillView],
    ] as const) {
      const { style } = canvas
      style.visibility = of ? 'visible' : 'hidden'
      if (!of) continue
      style.width = `${of.width}px`
      style.height = `${of.height}px`
      style.transform = transformBetween(of, view)
    }
  }

  private view(): MarkView {
    const { map } = this.deps
    const { lng, lat } = map.getCenter()
    const { clientWidth, clientHeight } = map.getContainer()
    const [x, y] = worldXY(lng, lat)
    return { x, y, zoom: map.getZoom(), bearing: map.getBearing(), width: clientWidth, height: clientHeight, ratio: map.getPixelRatio() }
  }
}

type Hear = (message: FromStage) => void

function threadOf(hear: Hear): Stage {
  const thread = new Worker(new URL('./markWorker.ts', import.meta.url), { type: 'module' })
  thread.addEventListener('message', (event: MessageEvent<FromStage>) => hear(event.data))
  return { hear: (message, transfer) => thread.postMessage(message, transfer), end: () => thread.terminate() }
}

/** Answers come later there too: whoever asks has gone on by then. */
function stageOf(hear: Hear): Stage {
  const stage = new MarkStage((message) => queueMicrotask(() => hear(message)))
  return { hear: (message) => stage.hear(message), end: () => stage.end() }
}
