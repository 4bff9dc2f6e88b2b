// The load: many MQTT connections in one process, raw sockets, a schedule that does not wait for answers (open loop) but for a bounded
// number in flight per connection. What was not acked when a connection breaks is sent again on the next one, as a terminal does.
import { connect, type Socket } from 'node:net'
import { locationTopic } from '../../services/contracts/topics.ts'
import { connectPacket, DUP_FLAG, type PublishTemplate, publishPacket, publishTemplate } from './wire.ts'

export type Account = { username: string; password: string; terminals: { terminalId: string; adcode: string }[] }
export type LoadOptions = {
  host: string
  port: number
  accounts: Account[]
  /** Messages a second offered, over all connections. */
  rate: number
  /** Unacked messages a connection may have; a power of two. */
  window: number
  /** Each terminal tells of a past only, that ends now: so many positions ten seconds apart, in messages of so many, as fast as it is answered. */
  backlog?: { positions: number; perMessage: number }
}
export type LoadReport = {
  offered: number
  sent: number
  acknowledged: number
  resent: number
  reconnects: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  /** Acknowledged messages per terminal. */
  perTerminal: Record<string, number>
}

const TICK_MS = 5
const LONGEST_MS = 60_000
const RECONNECT_MS = 200
const CONNECTING_AT_ONCE = 200
const BACKLOG_STEP_MS = 10_000

type Sender = { terminalId: string; template: PublishTemplate; lastTimeMs: number; acknowledged: number }

class Connection {
  readonly senders: Sender[]
  ready = false
  inFlight = 0
  #socket: Socket | undefined
  #account: Account
  #load: Load
  #nextSender = 0
  #nextId = 1
  #slots: { packet: Buffer; sentMs: number; sender: Sender }[]
  #window: number
  #head = 0
  #partial: number[] = []
  #opened: (() => void) | undefined
  #redial: NodeJS.Timeout | undefined

  constructor(load: Load, account: Account, window: number) {
    this.#load = load
    this.#account = account
    this.#window = window
    this.#slots = new Array(window)
    this.senders = account.terminals.map(({ terminalId, adcode }) => ({
      terminalId,
      template: publishTemplate(locationTopic(adcode, terminalId), load.options.backlog?.perMessage),
      lastTimeMs: 0,
      acknowledged: 0,
    }))
  }

  /** Resolves when the broker has let this connection in for the first time. */
  open(): Promise<void> {
    return new Promise((resolve) => {
      this.#opened = resolve
      this.#dial()
    })
  }

  close(): void {
    clearTimeout(this.#redial)
    this.#socket?.removeAllListeners('close')
    this.#socket?.destroy()
  }

  get full(): boolean {
    // The oldest unacked message holds its slot: a window is full by message id, not by count.
    return !this.ready || this.#nextId - this.#head >= this.#window
  }

  /** Messages that a terminal's past takes; a connection of a gateway has those of all its terminals. */
  get done(): boolean {
    const { backlog } = this.#load.options
    return backlog !== undefined && this.#nextId > this.senders.length * (backlog.positions / backlog.perMessage)
  }

  send(nowMs: number): void {
    const sender = this.senders[this.#nextSender]!
    this.#nextSender = (this.#nextSender + 1) % this.senders.length
    const { backlog } = this.#load.options
    sender.lastTimeMs = backlog
      ? (sender.lastTimeMs || this.#load.startedAtMs - backlog.positions * BACKLOG_STEP_MS) + backlog.perMessage * BACKLOG_STEP_MS
      : Math.max(sender.lastTimeMs + 1, Math.floor(this.#load.epochMs + nowMs))
    const spanMs = backlog ? (backlog.perMessage - 1) * BACKLOG_STEP_MS : 0
    const id = this.#nextId++
    if (this.#head === 0) this.#head = id
    const packet = publishPacket(sender.template, wireId(id), sender.lastTimeMs - spanMs, id * 31, BACKLOG_STEP_MS)
    this.#slots[id % this.#window] = { packet, sentMs: nowMs, sender }
    this.inFlight++
    this.#socket!.write(packet)
  }

  #dial(): void {
    const { host, port } = this.#load.options
    const socket = connect({
      host,
      port,
      noDelay: true,
      onread: {
        buffer: this.#load.readBuffer,
        callback: (length, buffer) => {
          this.#read(buffer as Buffer, length)
          return true
        },
      },
    })
    this.#socket = socket
    this.#partial = []
    socket.on('error', () => undefined) // 'close' follows, and says what there is to say
    socket.on('close', () => {
      if (this.ready) this.#load.reconnects++
      this.ready = false
      this.#redial = setTimeout(() => this.#dial(), RECONNECT_MS)
    })
    socket.write(connectPacket(`${this.#account.username}-${process.pid}`, this.#account.username, this.#account.password))
  }

  #read(buffer: Buffer, length: number): void {
    // CONNACK and PUBACK both have four bytes and nothing else comes here.
    for (let i = 0; i < length; i++) {
      this.#partial.push(buffer[i]!)
      if (this.#partial.length < 4) continue
      const [type, , high, low] = this.#partial as [number, number, number, number]
      this.#partial.length = 0
      if (type === 0x40) this.#acked(high * 256 + low)
      else if (type === 0x20 && low === 0) this.#letIn()
    }
  }

  #letIn(): void {
    this.ready = true
    this.#opened?.()
    this.#opened = undefined
    if (this.inFlight === 0) return
    for (let id = this.#head; id < this.#nextId; id++) {
      const slot = this.#slots[id % this.#window]
      if (!slot) continue
      slot.packet[0]! |= DUP_FLAG
      this.#load.resent++
      this.#socket!.write(slot.packet)
    }
  }

  #acked(messageId: number): void {
    // Acks come in order, or nearly: look for the id from the oldest on.
    for (let id = this.#head; id < this.#nextId; id++) {
      if (wireId(id) !== messageId) continue
      const slot = this.#slots[id % this.#window]
      if (!slot) return
      delete this.#slots[id % this.#window]
      this.inFlight--
      slot.sender.acknowledged++
      this.#load.acked(performance.now() - slot.sentMs)
      while (this.#head < this.#nextId && !this.#slots[this.#head % this.#window]) this.#head++
      return
    }
  }
}

const wireId = (id: number): number => ((id - 1) % 65_535) + 1

export class Load {
  readonly options: LoadOptions
  readonly readBuffer = Buffer.alloc(65_536)
  readonly epochMs = Date.now() - performance.now()
  readonly startedAtMs = Date.now()
  reconnects = 0
  resent = 0
  #connections: Connection[]
  #histogram = new Uint32Array(LONGEST_MS)
  #acknowledged = 0
  #sent = 0
  #offered = 0
  #waiting: { count: () => number; resolve: () => void }[] = []
  #stopped = false

  constructor(options: LoadOptions) {
    this.options = options
    this.#connections = options.accounts.map((account) => new Connection(this, account, options.window))
  }

  async connect(): Promise<void> {
    const waiting = [...this.#connections]
    const next = async (): Promise<void> => {
      for (let connection = waiting.pop(); connection; connection = waiting.pop()) await connection.open()
    }
    await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, next))
  }

  /** Offers messages for `seconds`. What cannot be sent because every window is full is not made up for: the rate falls short, visibly. */
  run(seconds: number): Promise<void> {
    const started = performance.now()
    let turn = 0
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const now = performance.now()
        const due = Math.floor(((Math.min(now, started + seconds * 1000) - started) / 1000) * this.options.rate)
        for (let tried = 0; this.#offered < due && tried < this.#connections.length; turn++) {
          const connection = this.#connections[turn % this.#connections.length]!
          if (connection.full) {
            tried++
            continue
          }
          tried = 0
          connection.send(now)
          this.#sent++
          this.#offered++
        }
        this.#offered = due
        if (this.#stopped || now >= started + seconds * 1000) {
          clearInterval(timer)
          resolve()
        }
      }, TICK_MS)
    })
  }

  /** Sends every terminal's past; resolves when the last of it is acknowledged. */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setInterval(() => {
        const now = performance.now()
        for (const connection of this.#connections)
          while (!connection.done && !connection.full) {
            connection.send(now)
            this.#sent++
          }
        if (!this.#connections.every((connection) => connection.done && connection.inFlight === 0)) return
        clearInterval(timer)
        resolve()
      }, TICK_MS)
    })
  }

  acked(ms: number): void {
    this.#acknowledged++
    this.#histogram[Math.min(LONGEST_MS - 1, Math.round(ms))]!++
    if (this.#waiting.length === 0) return
    const done = this.#waiting.filter(({ count }) => this.#acknowledged >= count())
    this.#waiting = this.#waiting.filter((one) => !done.includes(one))
    for (const { resolve } of done) resolve()
  }

  /** Resolves when `count` more messages are acknowledged than now. */
  acknowledgedMore(count: number): Promise<void> {
    const goal = this.#acknowledged + count
    return this.#until(() => goal)
  }

  /** Resolves when everything sent is acknowledged, or after `withinMs`. */
  settled(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs)
    })
    return Promise.race([this.#until(() => this.#sent), late]).finally(() => clearTimeout(timer))
  }

  #until(count: () => number): Promise<void> {
    if (this.#acknowledged >= count()) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ count, resolve }))
  }

  /** Ends `run` before its time. */
  stop(): void {
    this.#stopped = true
  }

  report(): LoadReport {
    const perTerminal: Record<string, number> = {}
    for (const { senders } of this.#connections) for (const { terminalId, acknowledged } of senders) perTerminal[terminalId] = acknowledged
    return {
      offered: this.#offered,
      sent: this.#sent,
      acknowledged: this.#acknowledged,
      resent: this.resent,
      reconnects: this.reconnects,
      p50Ms: this.#quantile(0.5),
      p99Ms: this.#quantile(0.99),
      maxMs: this.#quantile(1),
      perTerminal,
    }
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
  }

  #quantile(q: number): number {
    const rank = Math.max(1, Math.ceil(this.#acknowledged * q))
    let seen = 0
    for (let ms = 0; ms < LONGEST_MS; ms++) {
      seen += this.#histogram[ms]!
      if (seen >= rank) return ms
    }
    return LONGEST_MS
  }
}
