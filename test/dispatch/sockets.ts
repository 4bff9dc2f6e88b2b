// A live socket client for the tests: what arrived, and waiting for what is to arrive.
import { io, type Socket } from 'socket.io-client'
import { decodeLiveFrame, FLAG_GONE, FLAG_STATUS_MASK, FLAG_STATUS_SHIFT, type LiveFrame } from '../../services/contracts/liveFrame.ts'
import { LIVE_SOCKET_PATH, type LiveCell, type LiveCounts, type LiveView } from '../../services/contracts/liveSocket.ts'
import { vehicleStatuses } from '../../services/domain/status.ts'

type Test = { teardown(work: () => unknown): void }
type Arrival =
  | { event: 'snapshot'; frame: LiveFrame }
  | { event: 'delta'; frame: LiveFrame }
  | { event: 'counts'; counts: LiveCounts }
  | { event: 'cells'; cells: LiveCell[] }
  | { event: 'trips'; through: number }
  | { event: 'refused'; code: string }
  | { event: 'disconnect' }
  | { event: 'connect_error'; code: string | undefined }

export const EVERYWHERE: [number, number, number, number] = [90, 30, 130, 60]

/** What a browser shows: a snapshot replaces it, deltas change it. */
export class LiveClient {
  readonly socket: Socket
  readonly arrivals: Arrival[] = []
  /** Vehicle id → what is shown of it. */
  readonly shown = new Map<number, { lon: number; lat: number; status: string }>()
  /** Every vehicle that any frame ever named. */
  readonly named = new Set<number>()
  #taken = 0
  #wake: () => void = () => {}

  constructor(t: Test, origin: string, headers: Record<string, string>) {
    this.socket = io(origin, {
      path: LIVE_SOCKET_PATH,
      transports: ['websocket'],
      extraHeaders: headers,
      reconnection: false,
      forceNew: true,
    })
    t.teardown(() => this.socket.disconnect())
    this.socket.on('snapshot', (bytes: Buffer) => this.#frame('snapshot', bytes))
    this.socket.on('delta', (bytes: Buffer) => this.#frame('delta', bytes))
    this.socket.on('counts', (counts: LiveCounts) => this.#arrive({ event: 'counts', counts }))
    this.socket.on('cells', (cells: LiveCell[]) => this.#arrive({ event: 'cells', cells }))
    this.socket.on('trips', (through: number) => this.#arrive({ event: 'trips', through }))
    this.socket.on('refused', ({ code }: { code: string }) => this.#arrive({ event: 'refused', code }))
    this.socket.on('disconnect', () => this.#arrive({ event: 'disconnect' }))
    this.socket.on('connect_error', (error) =>
      this.#arrive({ event: 'connect_error', code: (error as { data?: { code: string } }).data?.code }),
    )
  }

  view(view: Partial<LiveView> = {}): void {
    this.socket.emit('view', { bbox: EVERYWHERE, zoom: 5, ...view })
  }

  /** What a view is answered with: the ids of the snapshot, or the code of the refusal. */
  async answer(): Promise<string> {
    const isAnswer = ({ event }: Arrival) => event === 'snapshot' || event === 'refused'
    while (!this.arrivals.some(isAnswer)) await this.#more()
    const first = this.arrivals.find(isAnswer)!
    return first.event === 'refused' ? first.code : [...this.shown.keys()].sort().join()
  }

  /** The next arrival of this event, skipping others. */
  async next<E extends Arrival['event']>(event: E, passes: (arrival: Extract<Arrival, { event: E }>) => boolean = () => true) {
    for (;;) {
      while (this.#taken < this.arrivals.length) {
        const arrival = this.arrivals[this.#taken++]!
        if (arrival.event === event && passes(arrival as Extract<Arrival, { event: E }>)) return arrival as Extract<Arrival, { event: E }>
      }
      await this.#more()
    }
  }

  /** One waiter at a time. */
  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #frame(event: 'snapshot' | 'delta', bytes: Uint8Array): void {
    const frame = decodeLiveFrame(bytes)
    if (event === 'snapshot') this.shown.clear()
    for (let k = 0; k < frame.count; k++) {
      const id = frame.vehicleId[k]!
      const flags = frame.flags[k]!
      this.named.add(id)
      if (flags & FLAG_GONE) this.shown.delete(id)
      else
        this.shown.set(id, {
          lon: frame.lonE7[k]! / 1e7,
          lat: frame.latE7[k]! / 1e7,
          status: vehicleStatuses[(flags & FLAG_STATUS_MASK) >> FLAG_STATUS_SHIFT]!,
        })
    }
    this.#arrive({ event, frame })
  }

  #arrive(arrival: Arrival): void {
    this.arrivals.push(arrival)
    this.#wake()
  }
}
