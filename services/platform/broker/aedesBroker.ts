// The embedded broker: Aedes holds the sessions and delivers to subscribers; uplink publishes leave the stream before it
// (uplinkTap.ts) and are acked when the pipeline says so. MQTT 3.1.1 only. Needs --max-semi-space-size=128 for thousands of clients.
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Aedes, type AuthenticateError, type Client } from 'aedes'
import { TERMINAL_ID } from '../../contracts/topics.ts'
import { StartupError } from '../config.ts'
import type { Logger } from '../log.ts'
import { authenticate, type Credentials, isClientId, mayPublish, mayStay, maySubscribe, type Refused, sessionKey } from './authority.ts'
import { createBudget, createPace, createQuietWarning } from './budget.ts'
import type { Publish } from './packets.ts'
import type { BrokerSource, OnMessage } from './source.ts'
import { type TapHost, UplinkTap } from './uplinkTap.ts'

export type AedesBrokerOptions = {
  host: string
  port: number
  serviceSecret: string
  credentials: Credentials
  log: Logger
  /** Told of who gave a name and was not let in, and from where. */
  onKnock?: (name: string, why: Refused, cameBy: string) => void
  /** Told of who sends faster than it may, each time it is read no further for a while. */
  onHeldBack?: (terminalId: string, cameBy: string) => void
  /** Told of who was let in. */
  onLetIn?: (name: string) => void
  /** How fast a terminal is read, in messages and pieces of 256 bytes a second, and how much of a past it may bring at once. */
  pace?: { burst: number; perSecond: number }
}
export type AedesBroker = BrokerSource & {
  /** The port it listens on, once started. */
  port(): number
  connections(): number
  /** How often a terminal that sends faster than it may was read no further for a while. */
  heldBack(): number
  /** Ends the connections of those whose secret is no longer in force; to be called when credentials have changed. */
  cut(): void
}

/**
 * A terminal reports once a second at most, and brings a day of it after an outage in some hundred messages of a thousand. What sends 300 messages a second
 * for a minute is broken, and its neighbours would wait with it.
 */
const PACE = { burst: 20_000, perSecond: 500 }
const PIECE_BYTES = 256
const KEEP_ALIVE_SWEEP_MS = 2_000
const IDENTIFIER_REJECTED = 2
const SERVER_UNAVAILABLE = 3
const BAD_USERNAME_OR_PASSWORD = 4

/** An embedded broker; it listens once started. @throws StartupError from `start` when the port is taken. */
export async function createAedesBroker(options: AedesBrokerOptions): Promise<AedesBroker> {
  const { credentials, log } = options
  const warn = createQuietWarning(log)
  const taps = new Set<UplinkTap>()
  const withAcks: UplinkTap[] = []
  /** Whose next message has been let through by the pace already, and waits for its turn. */
  const paced = new WeakSet<UplinkTap>()
  // What a sender may have quarantined for topics that are not its own: faults of set-up, a few a minute; more is closed.
  const terminalRefusals = createBudget(100, 1)
  const gatewayRefusals = createBudget(10_000, 50)
  const { burst, perSecond } = options.pace ?? PACE
  const pace = createPace(burst, perSecond)
  let heldBack = 0
  let onMessage: OnMessage | undefined
  let paused = false

  const aedes = await Aedes.createBroker({
    authenticate(client, username, password, done) {
      if (!isClientId(client.id)) return done(refusal(IDENTIFIER_REJECTED, 'not a client id'), null)
      authenticate(credentials, options.serviceSecret, username, password).then(
        (identity) => {
          // What changed on the way here was heard of before this client had a name.
          if (typeof identity !== 'object' || !mayStay(credentials, identity)) {
            const why = typeof identity === 'object' ? 'secret' : identity
            const address = tapOf(client).remoteAddress
            warn({ username: shownName(username), address, why }, 'connection refused: wrong credentials')
            if (why) options.onKnock?.(username!, why, address ?? '')
            return done(refusal(BAD_USERNAME_OR_PASSWORD, 'wrong credentials'), null)
          }
          tapOf(client).identity = identity
          if (identity.kind !== 'service') options.onLetIn?.(identity.id)
          // Before Aedes looks for another holder of this session.
          Object.assign(client, { id: sessionKey(identity, client.id) })
          done(null, true)
        },
        (error: Error) => {
          warn({ username: shownName(username), error: error.message }, 'connection refused: credentials cannot be read')
          done(refusal(SERVER_UNAVAILABLE, error.message), null)
        },
      )
    },
    authorizePublish(client, packet, done) {
      const service = client && tapOf(client).identity?.kind === 'service'
      done(service && packet.topic.startsWith('live/') ? null : new Error(`nobody may publish on ${packet.topic}`))
    },
    authorizeSubscribe(client, subscription, done) {
      const identity = tapOf(client).identity
      const allowed = identity && maySubscribe(credentials, identity, subscription.topic)
      if (!allowed) warn({ client: client.id, filter: shown(subscription.topic) }, 'subscription refused')
      done(null, allowed ? subscription : null)
    },
  })
  aedes.on('clientReady', (client) => tapOf(client).open())
  // Without listeners these are silent, and with them a broken connection is one quiet line.
  aedes.on('clientError', (client, error) => warn({ client: client.id, error: error.message }, 'client error'))
  aedes.on('connectionError', (_client, error) => warn({ error: error.message }, 'connection error'))

  const host: TapHost = {
    paused: () => paused,
    nowMs: Date.now,
    acksWaiting(tap) {
      // When those of a batch have been given, and before whoever else is read: of thousands that come back reading takes seconds.
      if (withAcks.push(tap) === 1) queueMicrotask(flushAcks)
    },
    breach: (tap, why) => warn({ who: tap.identity?.id, address: tap.remoteAddress, why }, 'connection closed'),
    publish,
  }

  function publish(tap: UplinkTap, { topic, payload, qos, messageId }: Publish): boolean | Promise<void> {
    const identity = tap.identity!
    if (identity.kind === 'service' && topic.startsWith('live/')) return false
    const verdict = mayPublish(credentials, identity, topic)
    if (verdict === 'ask') return resolveOrClose(tap, topic)
    if (identity.kind === 'terminal' && !paced.delete(tap)) {
      const waitMs = pace.waitMs(identity.id, 1 + payload.length / PIECE_BYTES, Date.now())
      if (waitMs > 0) return holdBack(identity.id, tap.remoteAddress ?? '', waitMs)
    }
    const ack = qos === 0 ? nothing : () => tap.ack(qos, messageId)
    const from = identity.kind === 'terminal' ? undefined : identity.id
    if (verdict === 'yes') {
      const turn = onMessage!(topic, payload, ack, undefined, from)
      if (turn) paced.add(tap)
      return turn ?? true
    }
    const budget = identity.kind === 'terminal' ? terminalRefusals : gatewayRefusals
    if (!budget.take(identity.id, Date.now())) {
      host.breach(tap, `too many publishes refused: ${verdict.refused}`)
      tap.destroy()
      return true
    }
    void onMessage!(topic, payload, ack, { why: verdict.refused, sender: identity.kind === 'terminal' ? identity.id : null }, from)
    return true
  }

  /** Its messages stay in its socket, and then with it: nothing is dropped, and it has its PUBACKs as it is read. */
  function holdBack(who: string, cameBy: string, waitMs: number): Promise<void> {
    heldBack++
    options.onHeldBack?.(who, cameBy)
    warn({ who, waitMs }, 'a terminal sends faster than it may, and is read no further for a while')
    return sleep(waitMs, undefined, { ref: false })
  }

  async function resolveOrClose(tap: UplinkTap, topic: string): Promise<void> {
    try {
      await credentials.resolve(topic.split('/')[3]!)
    } catch (error) {
      host.breach(tap, `credentials cannot be read: ${(error as Error).message}`)
      tap.destroy()
    }
  }

  function flushAcks(): void {
    for (const tap of withAcks.splice(0)) tap.flushAcks()
  }

  const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    const tap = new UplinkTap(socket, host)
    taps.add(tap)
    tap.on('close', () => taps.delete(tap))
    aedes.handle(tap)
  })

  const sweep = setInterval(() => {
    const nowMs = Date.now()
    for (const tap of taps) {
      // A client that is held waits for us; it is not silent.
      const silentMs = tap.held ? 0 : nowMs - tap.heardAtMs
      if (tap.keepAliveSeconds > 0 && silentMs > tap.keepAliveSeconds * 1500) {
        host.breach(tap, 'keep-alive timeout')
        tap.destroy()
      }
    }
  }, KEEP_ALIVE_SWEEP_MS).unref()

  return {
    holdsSenders: true,
    async start(receiver) {
      onMessage = receiver
      await new Promise<void>((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
          reject(
            error.code === 'EADDRINUSE'
              ? new StartupError(`Port ${options.port} is taken: choose another with --mqtt-port, or stop the program that uses it.`)
              : new StartupError(`The broker cannot listen on ${options.host}:${options.port}: ${error.message}.`),
          )
        })
        server.listen({ host: options.host, port: options.port, backlog: 4096 }, resolve)
      })
    },
    port: () => (server.address() as { port: number }).port,
    connections: () => taps.size,
    heldBack: () => heldBack,
    cut() {
      for (const tap of taps) {
        if (!tap.identity || mayStay(credentials, tap.identity)) continue
        host.breach(tap, 'the secret it was let in with is no longer in force')
        tap.destroy()
      }
    },
    pause() {
      paused = true
    },
    resume() {
      if (!paused) return
      paused = false
      for (const tap of [...taps]) {
        if (paused) break
        // Whoever was read stands last the next time: a buffer that is always full would else be filled by the same ones.
        if (tap.readOn() && taps.delete(tap)) taps.add(tap)
      }
    },
    publish(topic, payload) {
      const packet = { cmd: 'publish', topic, payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength) } as const
      aedes.publish({ ...packet, qos: 0, retain: false, dup: false }, nothing)
    },
    // What is not acked stays with its sender.
    leave: () => Promise.resolve(),
    async close() {
      paused = true
      clearInterval(sweep)
      flushAcks()
      const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : undefined
      await Promise.all([...taps].map((tap) => tap.sendAll()))
      await new Promise<void>((resolve) => aedes.close(resolve))
      for (const tap of taps) tap.destroy()
      await closed
    },
  }
}

const tapOf = (client: Client): UplinkTap => client.conn as UplinkTap
const refusal = (returnCode: number, message: string): AuthenticateError => Object.assign(new Error(message), { returnCode })
/** A name that cannot be a terminal's number may be a secret that was given in its place. */
const shownName = (name: string | undefined): string | undefined =>
  name === undefined || TERMINAL_ID.test(name) ? name : `${name.slice(0, 4)}…`
/** What a stranger wrote, cut to what a log line bears. */
const shown = (text: string | undefined): string | undefined => text?.slice(0, 100)
const nothing = (): void => undefined
