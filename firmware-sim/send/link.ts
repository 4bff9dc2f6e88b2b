// One MQTT 3.1.1 connection that never forgets: a message counts as sent only with its PUBACK, and what was under way when the
// connection broke goes out again on the next one, before anything new. MQTT.js carries bytes; resending and back-off are ours, because
// its own resending waits for each acknowledgement before the next message.
import { EventEmitter } from 'node:events'
import { connect, type MqttClient } from 'mqtt'

export type LinkOptions = { url: string; clientId: string; username: string; password: string; window: number; firstDelayMs?: number }
type Message = { topic: string; payload: string; onAck: () => void }

const BACK_OFF_FIRST_MS = 500
const BACK_OFF_MOST_MS = 30_000
const CONNECT_TIMEOUT_MS = 20_000
const CLOSE_MS = 2000

/** up: connected; down: connection lost or refused; room: there may be room for another message. */
type LinkEvents = { up: []; down: [reason: Error | undefined]; room: [] }

export class Link extends EventEmitter<LinkEvents> {
  connects = 0
  private readonly underway = new Set<Message>()
  private readonly options: LinkOptions
  private client: MqttClient | undefined
  private lastError: Error | undefined
  private connected = false
  private stopped = false
  private backOffMs = BACK_OFF_FIRST_MS
  private timer: NodeJS.Timeout | undefined

  constructor(options: LinkOptions) {
    super()
    this.options = options
    this.timer = setTimeout(() => this.open(), options.firstDelayMs ?? 0)
  }

  get isConnected(): boolean {
    return this.connected
  }

  /** How many messages may be published now; 0 while there is no connection. */
  get room(): number {
    return this.connected && !this.stopped ? this.options.window - this.underway.size : 0
  }

  /** Sends at QoS 1 until it is acknowledged, over as many connections as it takes. Only when there is room. */
  publish(topic: string, payload: string, onAck: () => void): void {
    const message = { topic, payload, onAck }
    this.underway.add(message)
    this.send(message)
  }

  /** Says goodbye without waiting for acknowledgements. */
  async close(): Promise<void> {
    this.stopped = true
    clearTimeout(this.timer)
    const client = this.client
    if (!client) return
    if (!this.connected) return void client.end(true)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        client.end(true)
        resolve()
      }, CLOSE_MS)
      client.end(false, {}, () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  private open(): void {
    const { url, clientId, username, password } = this.options
    const client = connect(url, {
      protocolVersion: 4,
      clientId,
      username,
      password,
      clean: true,
      keepalive: 60,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: 0,
      queueQoSZero: false,
    })
    this.client = client
    client.on('error', (error) => {
      this.lastError = error
    })
    client.on('connect', () => {
      this.connected = true
      this.connects++
      this.lastError = undefined
      for (const message of this.underway) this.send(message)
      this.emit('up')
      this.emit('room')
    })
    client.once('close', () => this.lost(client))
  }

  private send(message: Message): void {
    const client = this.client
    client?.publish(message.topic, message.payload, { qos: 1 }, (error) => {
      if (error || client !== this.client || !this.underway.delete(message)) return
      this.backOffMs = BACK_OFF_FIRST_MS
      message.onAck()
      this.emit('room')
    })
  }

  private lost(client: MqttClient): void {
    this.connected = false
    this.client = undefined
    client.end(true)
    if (this.stopped) return
    this.emit('down', this.lastError)
    const jitter = 0.5 + Math.random()
    this.timer = setTimeout(() => this.open(), this.backOffMs * jitter)
    this.backOffMs = Math.min(BACK_OFF_MOST_MS, this.backOffMs * 2)
  }
}
