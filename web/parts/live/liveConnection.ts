// The live line of one map. Says what is seen, hands on what comes, and after a break asks again for the whole view:
// a snapshot replaces everything, so a gap heals by itself. A page that nobody has seen for a minute looks away, and is given one when it is seen again.
import { decodeLiveFrame, type LiveFrame } from '../../../services/contracts/liveFrame.ts'
import type { LiveCell, LiveCounts, LiveView } from '../../../services/contracts/liveSocket.ts'
import { joinLine } from '../connection/line.ts'
import { linkStore } from '../connection/link.ts'
import { nextView } from './askedView.ts'

export type LiveHandlers = {
  snapshot: (frame: LiveFrame) => void
  delta: (frame: LiveFrame) => void
  cells: (cells: LiveCell[]) => void
  counts: (counts: LiveCounts) => void
  /** What may be seen of sensitive vehicles has changed. */
  sight: () => void
  /** The server will not show this; `PURPOSE_REQUIRED` asks for a purpose first. */
  refused: (code: string) => void
  /** The server ended the line on purpose: the session may be over. */
  ended: () => void
}

const UNSEEN_MS = 60_000

const bytesOf = (frame: ArrayBuffer | Uint8Array) => (frame instanceof ArrayBuffer ? new Uint8Array(frame) : frame)

export class LiveConnection {
  readonly #line: ReturnType<typeof joinLine>
  #seen: LiveView | null = null
  #asked: LiveView | null = null
  #unseen: ReturnType<typeof setTimeout> | undefined
  #away = false

  constructor({ snapshot, delta, cells, counts, sight, refused, ended }: LiveHandlers) {
    linkStore.set({ state: 'connecting', dataAtMs: null })
    const came = () => linkStore.set({ state: 'live', dataAtMs: Date.now() })
    this.#line = joinLine({
      opened: () => {
        linkStore.set({ state: 'live', dataAtMs: linkStore.get().dataAtMs })
        this.#asked = null
        this.#ask()
      },
      lost: (isOver) => {
        linkStore.set({ state: 'lost', dataAtMs: linkStore.get().dataAtMs })
        if (isOver) ended()
      },
      snapshot: (bytes) => {
        came()
        snapshot(decodeLiveFrame(bytesOf(bytes)))
      },
      delta: (bytes) => {
        came()
        delta(decodeLiveFrame(bytesOf(bytes)))
      },
      cells: (now) => {
        came()
        cells(now)
      },
      counts: (now) => {
        came()
        counts(now)
      },
      sight: () => sight(),
      refused: ({ code }) => refused(code),
    })
    document.addEventListener('visibilitychange', this.#notice)
  }

  /** Tells what the map shows now. */
  see(view: LiveView): void {
    this.#seen = view
    this.#ask()
  }

  /** The line may stay open for others: nothing of the fleet is sent over it any more. */
  close(): void {
    clearTimeout(this.#unseen)
    document.removeEventListener('visibilitychange', this.#notice)
    this.#line.lookAway()
    this.#line.leave()
    linkStore.set({ state: 'none', dataAtMs: null })
  }

  readonly #notice = (): void => {
    clearTimeout(this.#unseen)
    if (document.hidden)
      this.#unseen = setTimeout(() => {
        this.#away = true
        this.#asked = null
        this.#line.lookAway()
      }, UNSEEN_MS)
    else if (this.#away) {
      this.#away = false
      this.#ask()
    }
  }

  #ask(): void {
    if (!this.#seen || !this.#line.isOpen || this.#away) return
    const view = nextView(this.#asked, this.#seen)
    if (!view) return
    this.#asked = view
    this.#line.view(view)
  }
}
