// A server broker, through persistent sessions that share the fleet ($share). Law: every session that the broker may have is attended.
//   A broker goes on giving a session its share while its worker is away, and what waits there goes to nobody else, not even when the
//   session ends. So each worker serves with one session out of a register (ingest/sessions.ts); whichever has no live worker is taken
//   over by one that lives, which empties it and ends it. The last worker to leave leaves its session behind: it keeps the fleet's
//   messages until the next one comes.
// A worker lives only as long as it can both read and say so. One that the broker does not reach gives its sessions up in the register; one
//   that cannot reach the register lets go of its connections before the others take its sessions over. Either serves again once both stand.
import { StartupError } from '../config.ts'
import type { Logger } from '../log.ts'
import { createQuietWarning } from './budget.ts'
import { BrokerRefuses, canConnect, type MqttSession, openMqttSession } from './mqttSession.ts'
import type { BrokerSource, OnMessage } from './source.ts'

/** Which sessions there are and who attends each. One for each process. */
export type SessionRegister = {
  /** A session to serve with: one that nobody attends, or a new one. @throws StartupError when there are too many workers */
  claim(): Promise<string>
  /** Says that this process lives. Which of its sessions are still its own? */
  beat(): Promise<ReadonlySet<string>>
  /** A session that nobody attends, from now on this process's to drain. */
  adopt(): Promise<{ clientId: string; worker: string | null } | undefined>
  /** May this session be ended, because another worker serves? If not, it must be left to the next one. */
  mayEnd(clientId: string): Promise<boolean>
  /** The broker has no such session any more. */
  forget(clientId: string): Promise<void>
  /** Nobody attends it from now on. */
  release(clientId: string): Promise<void>
}

export type MqttSourceOptions = {
  url: string
  serviceSecret: string
  register: SessionRegister
  receiveMaximum?: number
  linkMs?: number
  fenceMs?: number
  log: Logger
}

const BEAT_MS = 1_000
/** A broker that was not heard of for this long is away from this worker: others may reach it. */
const LINK_MS = 6_000
/** How long after its last word in the register a worker still serves; the register takes it for gone a second later (SILENT_S). */
const FENCE_MS = 5_000
/** How long a worker that leaves waits for what the broker has for it; what is left is drained by the others. */
const LEAVE_MS = 8_000

/** A source on a server broker; it connects once started, and again by itself whenever the connection is lost. */
export function createMqttSource({
  url,
  serviceSecret,
  register,
  receiveMaximum = 20_000,
  linkMs = LINK_MS,
  fenceMs = FENCE_MS,
  log,
}: MqttSourceOptions): BrokerSource {
  const warn = createQuietWarning(log)
  const sessions = new Map<string, MqttSession>()
  let own: string | undefined
  let onMessage: OnMessage
  let paused = false
  let leaving = false
  let ended = false
  let draining: Promise<void> | undefined
  let beating: Promise<void> | undefined
  let finding: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let fence: NodeJS.Timeout | undefined
  let fenced = false
  let reachable = true
  let refuse: (sentence: string) => void = () => undefined

  function open(clientId: string): MqttSession {
    const session = openMqttSession({
      url,
      serviceSecret,
      clientId,
      receiveMaximum,
      onMessage: (topic, payload, ack) => onMessage(topic, payload, ack, undefined, 'broker'),
      paused: () => paused,
      onRefused: (sentence) => refuse(sentence),
      log,
    })
    sessions.set(clientId, session)
    return session
  }

  async function drop(clientId: string, end: boolean): Promise<void> {
    const session = sessions.get(clientId)
    sessions.delete(clientId)
    await session?.close(end)
  }

  async function beat(): Promise<void> {
    const beganMs = performance.now()
    const held = await register.beat()
    armFence(beganMs)
    if (fenced || !reachable) await letGo(held)
    fenced = false
    for (const clientId of sessions.keys()) {
      if (held.has(clientId)) continue
      log.warn({ clientId }, 'this session was taken over: its worker was not heard of for too long')
      await drop(clientId, false)
      if (clientId === own) own = undefined
    }
    if (leaving) return
    if ([...sessions.values()].some((session) => session.silentMs() > linkMs)) await giveUp()
    if (!reachable) return findBroker()
    if (own === undefined) {
      const claimedMs = performance.now()
      const claimed = await register.claim()
      if (fenced) return register.release(claimed)
      armFence(claimedMs)
      own = claimed
      void open(own).serve()
    }
    drainOrphans()
  }

  /** The broker does not reach us: who it reaches drains our sessions. */
  async function giveUp(): Promise<void> {
    reachable = false
    own = undefined
    const given = [...sessions.keys()]
    log.warn({ sessions: given }, 'the broker is not reached: its sessions are left to other workers')
    await Promise.all(given.map((clientId) => drop(clientId, false)))
    await letGo(given)
  }

  /** What the register has as ours, and is not here. */
  async function letGo(held: Iterable<string>): Promise<void> {
    await draining
    for (const clientId of held) if (!sessions.has(clientId)) await register.release(clientId)
  }

  /** Looks for the broker, without keeping the register waiting. */
  function findBroker(): void {
    finding ??= canConnect({ url, serviceSecret })
      .then((can) => {
        reachable = can
      })
      .catch((error: Error) => warn({ error: error.message }, 'the broker is not reached'))
      .finally(() => {
        finding = undefined
      })
  }

  function armFence(sinceMs: number): void {
    clearTimeout(fence)
    fence = setTimeout(standOff, Math.max(0, sinceMs + fenceMs - performance.now()))
  }

  /** The register is not reached, and soon others take our sessions over: two clients of one name would push each other out for ever. */
  function standOff(): void {
    fenced = true
    own = undefined
    log.warn({ sessions: [...sessions.keys()] }, 'the register of sessions is not reached: all connections to the broker are closed')
    for (const clientId of [...sessions.keys()]) void drop(clientId, false)
  }

  /** Looks after the sessions that nobody attends, one after the other, until there are none; does nothing while it is at it. */
  function drainOrphans(): void {
    draining ??= drainEach()
      .catch((error: Error) => warn({ error: error.message }, 'sessions that nobody attends cannot be looked for'))
      .finally(() => {
        draining = undefined
      })
  }

  async function drainEach(): Promise<void> {
    for (let orphan = await register.adopt(); orphan; orphan = await register.adopt()) {
      const { clientId, worker } = orphan
      if (leaving || fenced || !reachable) return register.release(clientId)
      if (worker !== null) log.info({ clientId, worker }, 'nobody attends this session: draining it')
      await Promise.race([open(clientId).drain(), gone(clientId)])
      if (fenced || !reachable) return
      if (!sessions.has(clientId)) continue
      await drop(clientId, true)
      await register.forget(clientId)
    }
  }

  /** @throws StartupError when it refuses our account */
  async function brokerAnswers(): Promise<void> {
    try {
      while (!leaving && !(await canConnect({ url, serviceSecret }))) {
        warn({ url }, 'the broker is not reached')
        await sleep(BEAT_MS)
      }
    } catch (error) {
      throw error instanceof BrokerRefuses ? new StartupError(error.message) : error
    }
  }

  /** Resolves when this session is no longer here. */
  async function gone(clientId: string): Promise<void> {
    while (sessions.has(clientId)) await sleep(200)
  }

  return {
    async start(receiver) {
      onMessage = receiver
      // Claimed earlier, a session would lie fallow for as long as the broker is waited for.
      await brokerAnswers()
      const beganMs = performance.now()
      own = await register.claim()
      const session = open(own)
      const refused = new Promise<never>((_resolve, reject) => {
        refuse = (sentence) => reject(new StartupError(sentence))
      })
      try {
        await Promise.race([session.serve(), refused])
      } catch (error) {
        await drop(own, false)
        await register.release(own)
        throw error
      }
      refuse = (sentence) => warn({}, sentence)
      armFence(beganMs)
      timer = setInterval(() => {
        for (const session of sessions.values()) session.ping()
        beating ??= beat()
          .catch((error: Error) => warn({ error: error.message }, 'the register of sessions cannot be read'))
          .finally(() => {
            beating = undefined
          })
      }, BEAT_MS)
      drainOrphans()
    },
    async leave() {
      leaving = true
      const clientId = own
      const session = clientId === undefined ? undefined : sessions.get(clientId)
      if (!session || clientId === undefined) return
      try {
        if (!(await register.mayEnd(clientId))) return
        ended = await Promise.race([session.drain().then(() => true), sleep(LEAVE_MS).then(() => false)])
      } catch (error) {
        warn({ error: (error as Error).message }, 'leaving without having asked who else serves: the session stays')
      }
    },
    pause() {
      paused = true
    },
    resume() {
      paused = false
      for (const session of sessions.values()) session.readOn()
    },
    publish(topic, payload) {
      if (own !== undefined) sessions.get(own)?.publish(topic, Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength))
    },
    async close() {
      leaving = true
      clearInterval(timer)
      await beating
      clearTimeout(fence)
      await finding
      for (const clientId of [...sessions.keys()]) {
        const end = ended && clientId === own
        await drop(clientId, end)
        const settled = end ? register.forget(clientId) : register.release(clientId)
        // A database that is away finds it unattended by and by.
        await settled.catch((error: Error) => warn({ error: error.message }, 'the register of sessions cannot be written'))
      }
      await draining
    },
  }
}

const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
