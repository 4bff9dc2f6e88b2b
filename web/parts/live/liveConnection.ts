// The live socket of one map. Says what is seen, hands on what comes, and after a break asks again for the whole view:
// a snapshot replaces everything, so a gap heals by itself.
import { io, type Socket } from 'socket.io-client'
import { decodeLiveFrame, type LiveFrame } from '../../../services/contracts/liveFrame.ts'
import {
  type BrowserToServer,
  LIVE_SOCKET_PATH,
  type LiveCell,
  type LiveCounts,
  type LiveView,
  type ServerToBrowser,
} from '../../../services/contracts/liveSocket.ts'
import { linkStore } from '../../parts/connection/link.ts'
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

const bytesOf = (frame: ArrayBuffer | Uint8Array) => (frame instanceof ArrayBuffer ? new Uint8Array(frame) : frame)

export class LiveConnection {
  readonly #socket: Socket<ServerToBrowser, BrowserToServer>
  #seen: LiveView | null = null
  #asked: LiveView | null = null

  constructor(handlers: LiveHandlers) {
    linkStore.set({ state: 'connecting', dataAtMs: null })
    this.#socket = io({ path: LIVE_SOCKET_PATH, transports: ['websocket'], reconnectionDelayMax: 5000 })
    const came = () => linkStore.set({ state: 'live', dataAtMs: Date.now() })
    const lost = () => linkStore.set({ state: 'lost', dataAtMs: linkStore.get().dataAtMs })
    this.#socket.on('connect', () => {
      linkStore.set({ state: 'live', dataAtMs: linkStore.get().dataAtMs })
      this.#asked = null
      this.#ask()
    })
    this.#socket.on('disconnect', (reason) => {
      if (reason === 'io client disconnect') return
      lost()
      if (reason === 'io server disconnect') this.#restart(handlers)
    })
    this.#socket.on('connect_error', () => {
      lost()
      // Refused at the door, not unreachable: socket.io does not try again by itself.
      if (!this.#socket.active) this.#restart(handlers)
    })
    this.#socket.on('snapshot', (bytes) => {
      came()
      handlers.snapshot(decodeLiveFrame(bytesOf(bytes)))
    })
    this.#socket.on('delta', (bytes) => {
      came()
      handlers.delta(decodeLiveFrame(bytesOf(bytes)))
    })
    this.#socket.on('cells', (cells) => {
      came()
      handlers.cells(cells)
    })
    this.#socket.on('counts', (counts) => {
      came()
      handlers.counts(counts)
    })
    this.#socket.on('sight', () => handlers.sight())
    this.#socket.on('refused', ({ code }) => handlers.refused(code))
  }

  /** Tells what the map shows now. */
  see(view: LiveView): void {
    this.#seen = view
    this.#ask()
  }

  close(): void {
    clearTimeout(this.#again)
    this.#socket.disconnect()
    linkStore.set({ state: 'none', dataAtMs: null })
  }

  #again: ReturnType<typeof setTimeout> | undefined

  #restart(handlers: LiveHandlers): void {
    handlers.ended()
    clearTimeout(this.#again)
    this.#again = setTimeout(() => this.#socket.connect(), 3000)
  }

  #ask(): void {
    if (!this.#seen || !this.#socket.connected) return
    const view = nextView(this.#asked, this.#seen)
    if (!view) return
    this.#asked = view
    this.#socket.emit('view', view)
  }
}
