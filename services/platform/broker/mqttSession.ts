// One persistent session on a server broker: the connection, what arrives on it, and its acks.
// MQTT.js handles one message at a time and acks it itself, so an ack that waits for a commit would make every batch one message:
// on `packetreceive` the QoS 1 publish is turned into a QoS 0 one for MQTT.js, and its PUBACK is written here after the commit.
import { randomUUID } from 'node:crypto'
import { connect, type IConnackPacket, type IPublishPacket, type MqttClient } from 'mqtt'
import { uplinkFilter } from '../../contracts/topics.ts'
import type { Logger } from '../log.ts'
import { SERVICE_USERNAME } from './authority.ts'
import { createQuietWarning } from './budget.ts'
import { ackBytes } from './packets.ts'
import type { Ack } from './source.ts'

export type MqttSessionOptions = {
  url: string
  serviceSecret: string
  clientId: string
  /** Unacked messages the broker may have on the way to this session; must exceed a batch, as must the broker's own window. */
  receiveMaximum: number
  /** A message; while `paused` says so the next is not read. */
  onMessage: (topic: string, payload: Uint8Array, ack: Ack) => void
  paused: () => boolean
  /** The broker refuses the account, or the subscription: no waiting will cure it. */
  onRefused: (sentence: string) => void
  log: Logger
}

export type MqttSession = {
  /** Takes a share of the fleet from now on. Resolves once the broker has granted it; a broker that is away is waited for. */
  serve(): Promise<void>
  /** Takes no share any more. Resolves when everything that the broker had for this session has been delivered and acked. */
  drain(): Promise<void>
  readOn(): void
  publish(topic: string, payload: Buffer): void
  /** Asks the broker for a sign of life. */
  ping(): void
  /** For how long nothing was heard of the broker, ms; 0 while it is we who do not read. */
  silentMs(): number
  /** Sends the acks given so far and disconnects. `end` = the session itself ends; otherwise the broker keeps it. */
  close(end: boolean): Promise<void>
}

const SHARED = uplinkFilter('morin-ingest')
/** Groups that sessions of this or an earlier release may be members of. */
const GROUPS = [SHARED, uplinkFilter('ingest')]
const SESSION_EXPIRY_S = 30 * 86_400
const MARKER_AGAIN_MS = 2_000
/** A connection on which nothing was heard for this long is not said goodbye to: nobody might answer. */
const DEAF_MS = 3_000
const CONNECT_MS = 3_000
/** Reason codes of CONNACK that no waiting will cure: bad user name or password, not authorised (MQTT 3.1.1 and 5). */
const REFUSED = new Set([4, 5, 134, 135])

/** Could a session be opened now? Asked under a name of its own, which leaves nothing behind. @throws Error when the broker refuses the account */
export async function canConnect({ url, serviceSecret }: Pick<MqttSessionOptions, 'url' | 'serviceSecret'>): Promise<boolean> {
  const client = connect(url, {
    protocolVersion: 5,
    clientId: `morin/probe/${randomUUID()}`,
    username: SERVICE_USERNAME,
    password: serviceSecret,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_MS,
  })
  try {
    return await new Promise<boolean>((resolve, reject) => {
      client.on('connect', () => resolve(true))
      client.on('error', (error) => {
        const refused = refusal(error, url)
        if (refused === undefined) resolve(false)
        else reject(new BrokerRefuses(refused))
      })
      client.on('close', () => resolve(false))
    })
  } finally {
    await client.endAsync(true)
  }
}

/** The broker does not let our account in. */
export class BrokerRefuses extends Error {}

/** The sentence of an error that no waiting will cure. */
function refusal(error: Error, url: string): string | undefined {
  const code = (error as { code?: unknown }).code
  if (typeof code !== 'number' || !REFUSED.has(code)) return undefined
  return `The broker at ${url} refuses the name ${SERVICE_USERNAME} or its --service-secret.`
}

/** Connects at once, and again by itself whenever the connection is lost. */
export function openMqttSession(options: MqttSessionOptions): MqttSession {
  const { url, clientId, log, onMessage, onRefused, paused } = options
  const warn = createQuietWarning(log)
  // The last in the session's queue when it is drained: what was in it before has arrived by then.
  const marker = `live/v1/${randomUUID()}/drained`
  let purpose: 'serve' | 'drain' | undefined
  let readOn: (() => void) | undefined
  // Message ids belong to one connection: acks for an earlier one are dropped, and its messages come again.
  let connection = 0
  let acks: number[] = []
  let unacked = 0
  let emptied = false
  let closing = false
  let markerTimer: NodeJS.Timeout | undefined
  let heardMs = performance.now()
  const reached: { serve: (() => void)[]; drain: (() => void)[] } = { serve: [], drain: [] }

  const client: MqttClient = connect(url, {
    protocolVersion: 5,
    clientId,
    username: SERVICE_USERNAME,
    password: options.serviceSecret,
    clean: false,
    resubscribe: false,
    queueQoSZero: false,
    reconnectPeriod: 1000,
    properties: { receiveMaximum: options.receiveMaximum, sessionExpiryInterval: SESSION_EXPIRY_S },
  })

  function flushAcks(): void {
    if (acks.length === 0) return
    client.stream.write(ackBytes(acks))
    acks = []
  }

  function take(topic: string, { messageId, payload }: IPublishPacket): void {
    // Not taken over any more; what has no ack stays with the broker.
    if (closing) return
    const received = connection
    if (messageId !== undefined) unacked++
    const ack = (): void => {
      if (messageId === undefined || received !== connection) return
      unacked--
      if (acks.push(65_536 + messageId) === 1) setImmediate(flushAcks)
      drainedIfSo()
    }
    if (topic !== marker) {
      onMessage(topic, payload as Buffer, ack)
      return
    }
    emptied = true
    ack()
    drainedIfSo()
  }

  function drainedIfSo(): void {
    if (!emptied || unacked > 0) return
    clearInterval(markerTimer)
    for (const resolve of reached.drain.splice(0)) resolve()
  }

  function begin(): void {
    if (!client.connected) return
    if (purpose === 'serve') {
      client.subscribe(SHARED, { qos: 1 }, (error, granted) => {
        if (client.connected && (error || granted?.some(({ qos }) => (qos as number) >= 128)))
          return onRefused(`The broker at ${url} refuses the shared subscription ${SHARED}.`)
        if (!error) for (const resolve of reached.serve.splice(0)) resolve()
      })
    }
    if (purpose === 'drain') {
      emptied = false
      const mark = (): void => void client.publish(marker, '', { qos: 1 })
      client.unsubscribe(GROUPS, () => client.subscribe(marker, { qos: 1 }, mark))
      clearInterval(markerTimer)
      // A full queue has no room for it: again, until it comes.
      markerTimer = setInterval(mark, MARKER_AGAIN_MS)
    }
  }

  client.on('packetreceive', (packet) => {
    heardMs = performance.now()
    if (packet.cmd === 'publish' && packet.qos === 1) packet.qos = 0
  })
  client.on('message', (topic, _payload, packet) => take(topic, packet))
  client.handleMessage = (_packet, done) => {
    if (paused() && !closing) readOn = done
    else done()
  }
  client.on('connect', (_connack: IConnackPacket) => begin())
  client.on('close', () => {
    connection++
    acks = []
    unacked = 0
    emptied = false
    readOn = undefined
  })
  client.on('error', (error) => {
    warn({ clientId, error: error.message }, 'broker error')
    const refused = refusal(error, url)
    if (refused !== undefined) onRefused(refused)
  })

  const to = (next: 'serve' | 'drain'): Promise<void> =>
    new Promise((resolve) => {
      purpose = next
      reached[next].push(resolve)
      begin()
    })

  const silentMs = (): number => (readOn ? 0 : performance.now() - heardMs)

  function release(): void {
    if (readOn) heardMs = performance.now()
    const done = readOn
    readOn = undefined
    done?.()
  }

  return {
    serve: () => to('serve'),
    drain: () => to('drain'),
    readOn: release,
    publish: (topic, payload) => void client.publish(topic, payload, { qos: 0 }),
    ping() {
      if (client.connected) client.sendPing()
    },
    silentMs,
    async close(end) {
      clearInterval(markerTimer)
      closing = true
      flushAcks()
      // A connection whose reading is held back never hears that it has ended.
      release()
      const hangs = setTimeout(() => client.stream.destroy(), DEAF_MS)
      const deaf = !client.connected || silentMs() > DEAF_MS
      await client.endAsync(deaf, end ? { reasonCode: 0, properties: { sessionExpiryInterval: 0 } } : undefined)
      clearTimeout(hangs)
    },
  }
}
