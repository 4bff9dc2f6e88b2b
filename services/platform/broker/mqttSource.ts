// A server broker, through one MQTT 5 connection with a shared subscription. Workers share the fleet by `$share`.
// MQTT.js handles one message at a time and acks it itself, so an ack that waits for a commit would make every batch one message:
// on `packetreceive` the QoS 1 publish is turned into a QoS 0 one for MQTT.js, and its PUBACK is written here after the commit.
// The session persists under a fixed client id: what a crashed worker had not acked comes again.
import { connect, type IPublishPacket, type MqttClient } from 'mqtt'
import { uplinkFilter } from '../../contracts/topics.ts'
import { StartupError } from '../config.ts'
import type { Logger } from '../log.ts'
import { SERVICE_USERNAME } from './authority.ts'
import { createQuietWarning } from './budget.ts'
import { ackBytes } from './packets.ts'
import type { BrokerSource, OnMessage } from './source.ts'

export type MqttSourceOptions = {
  url: string
  serviceSecret: string
  /** Names the session: no two running workers may have the same. */
  worker: string
  /** Unacked messages the broker may have on the way to this worker; must exceed a batch, as must the broker's own window. */
  receiveMaximum?: number
  log: Logger
}

const SHARE = 'ingest'
const SESSION_EXPIRY_S = 7 * 86_400
/** Reason codes of CONNACK that no waiting will cure: bad user name or password, not authorised (MQTT 3.1.1 and 5). */
const REFUSED = new Set([4, 5, 134, 135])

/** A source on a server broker; it connects once started, and again by itself whenever the connection is lost. */
export function createMqttSource(options: MqttSourceOptions): BrokerSource {
  const warn = createQuietWarning(options.log)
  let client: MqttClient | undefined
  let onMessage: OnMessage | undefined
  let paused = false
  let readOn: (() => void) | undefined
  // Message ids belong to one connection: acks for an earlier one are dropped, and its messages come again.
  let connection = 0
  let acks: number[] = []

  function flushAcks(): void {
    if (acks.length === 0) return
    client?.stream.write(ackBytes(acks))
    acks = []
  }

  function take(topic: string, packet: IPublishPacket): void {
    const { messageId } = packet
    const received = connection
    const ack = (): void => {
      if (messageId === undefined || received !== connection) return
      if (acks.push(65_536 + messageId) === 1) setImmediate(flushAcks)
    }
    onMessage!(topic, packet.payload as Buffer, ack)
  }

  return {
    async start(receiver) {
      onMessage = receiver
      client = connect(options.url, {
        protocolVersion: 5,
        clientId: `morin-ingest-${options.worker}`,
        username: SERVICE_USERNAME,
        password: options.serviceSecret,
        clean: false,
        queueQoSZero: false,
        reconnectPeriod: 1000,
        properties: { receiveMaximum: options.receiveMaximum ?? 20_000, sessionExpiryInterval: SESSION_EXPIRY_S },
      })
      client.on('packetreceive', (packet) => {
        if (packet.cmd === 'publish' && packet.qos === 1) packet.qos = 0
      })
      client.on('message', (topic, _payload, packet) => take(topic, packet))
      client.handleMessage = (_packet, done) => {
        if (paused) readOn = done
        else done()
      }
      client.on('close', () => {
        connection++
        acks = []
        readOn = undefined
      })
      client.on('error', (error) => warn({ error: error.message }, 'broker error'))
      await subscribed(client, options.url)
    },
    pause() {
      paused = true
    },
    resume() {
      paused = false
      const done = readOn
      readOn = undefined
      done?.()
    },
    publish(topic, payload) {
      client?.publish(topic, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength), { qos: 0 })
    },
    async close() {
      flushAcks()
      await client?.endAsync()
    },
  }
}

/** Resolves once the broker has granted the shared subscription; a broker that is away is waited for. */
function subscribed(client: MqttClient, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (sentence: string) => {
      client.end(true)
      reject(new StartupError(sentence))
    }
    client.on('error', (error) => {
      const code = (error as { code?: unknown }).code
      if (typeof code === 'number' && REFUSED.has(code))
        giveUp(`The broker at ${url} refuses the name ${SERVICE_USERNAME} or its --service-secret.`)
    })
    client.once('connect', () => {
      client.subscribe(uplinkFilter(SHARE), { qos: 1 }, (error, granted) => {
        if (error || granted?.some(({ qos }) => (qos as number) >= 128)) {
          return giveUp(`The broker at ${url} refuses the shared subscription ${uplinkFilter(SHARE)}.`)
        }
        resolve()
      })
    })
  })
}
