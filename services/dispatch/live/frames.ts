// The link to the broker: live frames come in (QoS 0), replayed messages go out (QoS 1). Reconnects by itself.
import { randomUUID } from 'node:crypto'
import mqtt, { type MqttClient } from 'mqtt'
import { Refusal } from '../../contracts/errors.ts'
import { decodeLiveFrame, type LiveFrame } from '../../contracts/liveFrame.ts'
import { liveFrameFilter, serviceReceiptFilter } from '../../contracts/topics.ts'
import type { Logger } from '../../platform/log.ts'

const PUBLISH_WAIT_MS = 10_000
const HELD_WINDOW_MS = 60_000
const RECEIPT_WAIT_MS = 15_000
type Receipt = { fixes: number; quarantined: number }

export type BrokerOptions = { url: string; secret: string | undefined; log: Logger }

/** What a server broker (Mosquitto) says about itself; the embedded one keeps nothing and says nothing. */
const STORED = '$SYS/broker/store/messages/count'
const RETAINED = '$SYS/broker/retained messages/count'

export class BrokerLink {
  readonly #options: BrokerOptions
  readonly #client: MqttClient
  #onFrame: (frame: LiveFrame) => void = () => {}
  #onSubscribed: () => void = () => {}
  #subscribed = false
  readonly #counts = new Map<string, number>()
  #held: { atMs: number; messages: number }[] = []
  /** Who waits for which receipt. */
  readonly #waiting = new Map<string, (receipt: Receipt) => void>()

  constructor(options: BrokerOptions) {
    const { url, secret, log } = options
    this.#options = options
    this.#client = mqtt.connect(url, { ...identity('live', secret), reconnectPeriod: 1_000, connectTimeout: 5_000 })
    this.#client.on('connect', () => {
      this.#client.subscribe([liveFrameFilter, serviceReceiptFilter], { qos: 0 }, (error) => {
        if (error) return log.error({ err: error }, 'the broker refused the subscription to live frames')
        this.#subscribed = true
        this.#onSubscribed()
      })
      // A broker may keep these to itself: then it is not known what it holds.
      this.#client.subscribe([STORED, RETAINED], { qos: 0 }, () => undefined)
    })
    this.#client.on('close', () => {
      this.#held = []
      if (this.#subscribed) log.warn('the link to the broker is down')
      this.#subscribed = false
    })
    this.#client.on('error', (error) => log.warn({ err: error }, 'broker link'))
    this.#client.on('message', (topic, bytes) => {
      if (topic.startsWith('$SYS/')) return this.#count(topic, Number(bytes))
      const waits = this.#waiting.get(topic.slice(topic.lastIndexOf('/') + 1))
      if (topic.startsWith('vmp/')) return waits?.(JSON.parse(bytes.toString()) as Receipt)
      try {
        this.#onFrame(decodeLiveFrame(bytes))
      } catch (error) {
        log.warn({ err: error }, 'a message on the live topic is no live frame')
      }
    })
  }

  #count(topic: string, value: number): void {
    this.#counts.set(topic, value)
    if (topic !== STORED) return
    const nowMs = Date.now()
    this.#held = [
      ...this.#held.filter(({ atMs }) => nowMs - atMs < HELD_WINDOW_MS),
      { atMs: nowMs, messages: value - (this.#counts.get(RETAINED) ?? value) },
    ]
  }

  /** Messages that the broker holds for somebody, lately and at the least during the last minute; null when it does not say. */
  held(): { now: number; least: number } | null {
    const last = this.#held.at(-1)
    return last ? { now: last.messages, least: Math.min(...this.#held.map(({ messages }) => messages)) } : null
  }

  get connected(): boolean {
    return this.#subscribed
  }

  /** `onSubscribed` is called at each (re)connection, once frames flow: what happened before is to be read from the database. */
  listen(onFrame: (frame: LiveFrame) => void, onSubscribed: () => void): void {
    this.#onFrame = onFrame
    this.#onSubscribed = onSubscribed
    if (this.#subscribed) onSubscribed()
  }

  /**
   * Puts a message on a topic with QoS 1, over a connection of its own: a broker that refuses it drops that connection,
   * and the live link would resend it at each reconnection for ever.
   * @throws Refusal UNAVAILABLE when the broker is away or does not acknowledge in time
   */
  async publish(topic: string, payload: Uint8Array): Promise<void> {
    const { url, secret, log } = this.#options
    const client = mqtt.connect(url, { ...identity('replay', secret), reconnectPeriod: 0, connectTimeout: PUBLISH_WAIT_MS })
    let timer: NodeJS.Timeout | undefined
    const failed = new Promise<never>((_resolve, reject) => {
      const refuse = (reason: unknown) => {
        log.warn({ err: reason, topic }, 'a message could not be replayed')
        reject(new Refusal('UNAVAILABLE'))
      }
      timer = setTimeout(() => refuse(new Error('no acknowledgement in time')), PUBLISH_WAIT_MS)
      client.once('error', refuse)
      client.once('close', () => refuse(new Error('the broker closed the connection')))
    })
    try {
      await Promise.race([client.publishAsync(topic, Buffer.from(payload), { qos: 1 }), failed])
    } finally {
      clearTimeout(timer)
      // It may still fail by the closing, when nobody waits for it any more.
      failed.catch(() => undefined)
      client.removeAllListeners('close')
      client.end(true)
    }
  }

  /**
   * Brings in a message of our own and waits until ingest says that it is in the database. QoS 0: what is lost on the way has no receipt, and whoever
   * sent it sends it again; nothing comes twice from here.
   * @throws Refusal UNAVAILABLE when the broker is away or no receipt comes in time
   */
  async bringIn(topic: string, receiptId: string, payload: Uint8Array): Promise<Receipt> {
    if (!this.#subscribed) throw new Refusal('UNAVAILABLE')
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise<Receipt>((resolve, reject) => {
        this.#waiting.set(receiptId, resolve)
        timer = setTimeout(() => reject(new Refusal('UNAVAILABLE')), RECEIPT_WAIT_MS)
        this.#client.publish(topic, Buffer.from(payload), { qos: 0 }, (error) => error && reject(new Refusal('UNAVAILABLE')))
      })
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(receiptId)
    }
  }

  async close(): Promise<void> {
    this.#subscribed = false
    await this.#client.endAsync(true)
  }
}

/** 3.1.1 is what every broker speaks, the embedded one included. */
const identity = (purpose: string, secret: string | undefined) => ({
  clientId: `morin-dispatch-${purpose}-${randomUUID()}`,
  username: 'morin-service',
  ...(secret === undefined ? {} : { password: secret }),
  protocolVersion: 4 as const,
  clean: true,
})
