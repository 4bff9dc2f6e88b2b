// From terminals to connections: each position waits in its terminal's memory until it is handed to the connection, which keeps it until
// the PUBACK. One message of a terminal is under way at a time, so that its positions arrive in order and what piles up goes as one array.
import type { ManifestTerminal } from '../../services/contracts/manifest.ts'
import type { PositionMessage } from '../../services/contracts/position.ts'
import { locationTopic } from '../../services/contracts/topics.ts'
import { Backlog, type BacklogLimits } from './backlog.ts'
import type { Links } from './links.ts'
import { Queue } from './queue.ts'

/** The most positions in one message, well below what the protocol permits. */
export const BATCH_MOST = 200
export const BACKLOG_LIMITS: BacklogLimits = { perTerminal: 10_000, total: 1_000_000 }

/** Positions that terminals took, and what became of them; messages counts each message once, however often it was sent. */
export type UplinkCounts = { positions: number; messages: number; sent: number; acked: number; stored: number; dropped: number }

export class Uplink {
  private positions = 0
  private messages = 0
  private sent = 0
  private acked = 0
  private readonly topics: readonly string[]
  private readonly links: Links
  private readonly backlog: Backlog
  private readonly queues: readonly Queue[]
  /** Bit 1: waiting in its connection's queue; bit 2: a message is under way; bit 4: no network at the terminal. */
  private readonly state: Uint8Array
  private onIdle: (() => void) | undefined

  constructor(terminals: readonly ManifestTerminal[], links: Links, limits = BACKLOG_LIMITS) {
    this.topics = terminals.map(({ adcode, terminalId }) => locationTopic(adcode, terminalId))
    this.links = links
    this.backlog = new Backlog(terminals.length, limits)
    this.state = new Uint8Array(terminals.length)
    this.queues = links.all.map(() => new Queue())
    links.all.forEach((link, n) => {
      link.on('room', () => this.pump(n))
    })
  }

  get counts(): UplinkCounts {
    const { positions, messages, sent, acked, backlog } = this
    return { positions, messages, sent, acked, stored: backlog.held, dropped: backlog.dropped }
  }

  /** Takes a position of a terminal; without a network it only stores it. */
  accept(terminal: number, position: PositionMessage, reachable: boolean): void {
    this.positions++
    this.backlog.push(terminal, position)
    this.state[terminal] = reachable ? (this.state[terminal] as number) & ~OUT_OF_REACH : (this.state[terminal] as number) | OUT_OF_REACH
    this.enqueue(terminal)
  }

  /** What a terminal has stored and not handed to its connection. */
  storedOf(terminal: number): PositionMessage[] {
    return this.backlog.list(terminal)
  }

  /** Puts back what a terminal had stored when an earlier run ended; it goes with its next report that has a network. */
  restore(terminal: number, positions: readonly PositionMessage[]): void {
    for (const position of positions) this.accept(terminal, position, false)
  }

  /** Resolves when every message under way is acknowledged and nothing that could be sent now is left, or after `mostMs`. */
  settle(mostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, mostMs)
      this.onIdle = () => {
        const hopeless = this.sent === this.acked && !this.links.all.some((link) => link.isConnected)
        if (!hopeless && (this.sent > this.acked || this.queues.some((queue) => queue.length > 0))) return
        clearTimeout(timer)
        resolve()
      }
      this.onIdle()
    })
  }

  private enqueue(terminal: number): void {
    const state = this.state[terminal] as number
    if (state !== 0 || this.backlog.countOf(terminal) === 0) return
    this.state[terminal] = QUEUED
    const n = this.links.of(terminal)
    this.queues[n]?.push(terminal)
    this.pump(n)
  }

  private pump(n: number): void {
    const link = this.links.all[n]
    const queue = this.queues[n]
    while (link && queue && link.room > 0 && queue.length > 0) {
      const terminal = queue.shift() as number
      const batch = this.backlog.take(terminal, BATCH_MOST)
      this.state[terminal] = ((this.state[terminal] as number) & OUT_OF_REACH) | UNDER_WAY
      this.sent += batch.length
      this.messages++
      link.publish(this.topics[terminal] as string, JSON.stringify(batch.length === 1 ? batch[0] : batch), () => {
        this.acked += batch.length
        this.state[terminal] = (this.state[terminal] as number) & ~UNDER_WAY
        this.enqueue(terminal)
        this.onIdle?.()
      })
    }
  }
}

const QUEUED = 1
const UNDER_WAY = 2
const OUT_OF_REACH = 4
