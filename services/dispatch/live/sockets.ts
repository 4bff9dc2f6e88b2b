// The live sockets: who may connect (the session cookie, from our own pages), what they ask, and when they must go.
import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { Server, type Socket } from 'socket.io'
import { type ErrorCode, errorCatalogue } from '../../contracts/errors.ts'
import { type BrowserToServer, LIVE_SOCKET_PATH, liveViewSchema, type ServerToBrowser } from '../../contracts/liveSocket.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/log.ts'
import { type Arrival, grantFor, may, reachableBy } from '../kernel/caller.ts'
import { type Clearance, sightOf } from '../kernel/sight.ts'
import type { LiveScope } from './filter.ts'
import { lineOf, type SocketLine } from './line.ts'
import type { LiveHub } from './liveHub.ts'
import type { TripNews } from './tripNews.ts'
import type { ViewRequest } from './view.ts'
import { Viewer } from './viewer.ts'

/** What sockets need of the sessions, without knowing them. */
export type SessionDoor = {
  findByCookies(cookieHeader: string | undefined): Promise<Arrival | undefined>
  findByHash(tokenHash: Buffer, active: boolean): Promise<Arrival | undefined>
  listLiving(tokenHashes: Buffer[]): Promise<{ tokenHash: Buffer; organisationId: number; ownVehicleId: number | null }[]>
  onEnded(listener: (tokenHash: Buffer) => void): void
  /** What of sensitive vehicles is cleared for these accounts now, and until when. */
  listClearances(accountIds: number[]): Promise<Map<number, Clearance[]>>
}

export type SocketOptions = {
  server: HttpServer
  hub: LiveHub
  sessions: SessionDoor
  clock: Clock
  log: Logger
  /** Was this handshake begun by a page of ours? */
  isOwnPage(request: IncomingMessage): boolean
  /** The record of a look with this filter, where one is owed before anything is shown. */
  owedLook(caller: Arrival, filter: object): Promise<unknown> | undefined
  /** Up to which record changes of requests and orders have been told. */
  toldThrough(): Promise<number>
  /** Counts a view of a socket; false when it says far too many. */
  takeView(socketId: string): boolean
  /** How much of what they were told these accounts have not read, and the last of it; those who have read all are left out. */
  countUnread(accountIds: number[]): Promise<Map<number, Unread>>
  checkMs?: number
  sightMs?: number
  stalledMs?: number
}
type Unread = { unread: number; last: number }

type LiveSocket = Socket<BrowserToServer, ServerToBrowser, Record<string, never>, SocketData>
/** `filter`: of the view that it looks at. */
type SocketData = { caller: Arrival; clearances: readonly Clearance[]; filter?: object; told?: Unread }

const hearsOfTrips = ({ data: { caller } }: LiveSocket): boolean => may(caller, 'order.view')

const MAX_SOCKETS_PER_SESSION = 16
const MAX_VIEW_BYTES = 16_384
/** A map that is dragged says a few views a second; of more, the newest counts. */
const VIEW_MS = 100
/** How often a socket's views count as activity of its session, and how often dead sessions are looked for. */
const ACTIVITY_MS = 30_000
const CHECK_MS = 15_000
/** How soon an end of what is cleared of sensitive vehicles takes effect on an open socket, and a change made elsewhere. */
const SIGHT_MS = 500
const SIGHT_READ_MS = 3_000
/** Who has taken nothing for so long is dropped: a browser that is still there comes back by itself, and is given one snapshot. */
const STALLED_MS = 60_000

export class LiveSockets {
  readonly #options: SocketOptions
  readonly #io: Server<BrowserToServer, ServerToBrowser, Record<string, never>, SocketData>
  readonly #bySession = new Map<string, Set<LiveSocket>>()
  readonly #viewers = new Map<LiveSocket, Viewer>()
  readonly #lines = new Map<LiveSocket, SocketLine>()
  readonly #check: NodeJS.Timeout
  readonly #sight: NodeJS.Timeout
  #sightReadAtMs = 0

  constructor(options: SocketOptions) {
    this.#options = options
    this.#io = new Server(options.server, {
      path: LIVE_SOCKET_PATH,
      transports: ['websocket'],
      perMessageDeflate: false,
      serveClient: false,
      maxHttpBufferSize: MAX_VIEW_BYTES,
      connectTimeout: 5_000,
      allowRequest: (request: IncomingMessage, decide) => decide(null, options.isOwnPage(request)),
    })
    this.#io.use((socket, next) => {
      this.#admit(socket).then(
        (refusal) => next(refusal && refusalError(refusal)),
        (error: unknown) => {
          options.log.warn({ err: error }, 'a live socket could not be checked')
          next(refusalError('UNAVAILABLE'))
        },
      )
    })
    this.#io.on('connection', (socket) => this.#serve(socket))
    options.sessions.onEnded((tokenHash) => this.#end(tokenHash.toString('hex')))
    this.#check = setInterval(() => this.#endDead(), options.checkMs ?? CHECK_MS)
    this.#sight = setInterval(() => {
      this.#judgeSight()
      this.#cutStalled()
    }, options.sightMs ?? SIGHT_MS)
  }

  get count(): number {
    return this.#io.engine.clientsCount
  }

  /** The organisations of those who may be told of requests and orders. */
  listeningToTrips(): number[] {
    return [...new Set([...this.#viewers.keys()].filter(hearsOfTrips).map(({ data: { caller } }) => caller.organisation.organisationId))]
  }

  /** Tells those whom it concerns: by scope, or as their own where they see nothing else. */
  tellOfTrips({ through, organisationIds, accountIds }: TripNews): void {
    const [organisations, accounts] = [new Set(organisationIds), new Set(accountIds)]
    for (const socket of this.#viewers.keys()) {
      const { caller } = socket.data
      const own = grantFor(caller, 'order.view').reach === 'self'
      if (hearsOfTrips(socket) && (own ? accounts.has(caller.accountId) : organisations.has(caller.organisation.organisationId)))
        socket.emit('trips', through)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#check)
    clearInterval(this.#sight)
    this.#io.disconnectSockets(true)
    this.#io.engine.close()
  }

  async #admit(socket: LiveSocket): Promise<ErrorCode | undefined> {
    const caller = await this.#options.sessions.findByCookies(socket.handshake.headers.cookie)
    if (!caller) return 'NOT_SIGNED_IN'
    const key = caller.session.tokenHash.toString('hex')
    if ((this.#bySession.get(key)?.size ?? 0) >= MAX_SOCKETS_PER_SESSION) return 'RATE_LIMITED'
    socket.data.caller = caller
    socket.data.clearances = (await this.#options.sessions.listClearances([caller.accountId])).get(caller.accountId) ?? []
    return undefined
  }

  #serve(socket: LiveSocket): void {
    const { hub } = this.#options
    const { caller } = socket.data
    const key = caller.session.tokenHash.toString('hex')
    const mates = this.#bySession.get(key) ?? new Set()
    this.#bySession.set(key, mates.add(socket))
    const line = lineOf(socket)
    this.#lines.set(socket, line)
    const viewer = new Viewer(this.#scopeOf(socket), line, hub.sights)
    hub.add(viewer)
    this.#viewers.set(socket, viewer)
    if (hearsOfTrips(socket))
      this.#options.toldThrough().then(
        (through) => socket.emit('trips', through),
        (error: unknown) =>
          this.#options.log.warn({ err: error }, 'a socket could not be told from where on it hears of requests and orders'),
      )
    void this.tellUnread()
    const views = new ViewThrottle((request) => hub.look(viewer, request))
    let checkedAtMs = this.#options.clock.nowMs()
    let latest: unknown
    socket.on('view', async (value: unknown) => {
      latest = value
      const nowMs = this.#options.clock.nowMs()
      if (!this.#options.takeView(socket.id)) return refuse(socket, 'RATE_LIMITED')
      const grant = grantFor(caller, 'live.view')
      if (grant.reach === 'none') return refuse(socket, 'FORBIDDEN')
      const view = liveViewSchema.safeParse(value)
      if (!view.success) return refuse(socket, 'VALIDATION_FAILED')
      const lacksPurpose = () => grant.purposeRequired === true && !socket.data.caller.session.livePurpose
      if (lacksPurpose() || nowMs - checkedAtMs >= ACTIVITY_MS) {
        checkedAtMs = nowMs
        if (!(await this.#recheck(socket))) return
        if (lacksPurpose()) return refuse(socket, 'PURPOSE_REQUIRED')
        if (latest !== value) return
      }
      if (!(await this.#putOnRecord(socket, view.data.filter)) || latest !== value) return
      socket.data.filter = view.data.filter
      views.look(view.data)
    })
    socket.on('lookAway', () => {
      latest = undefined
      delete socket.data.filter
      views.close()
      viewer.lookAway()
    })
    socket.on('disconnect', () => {
      views.close()
      hub.remove(viewer)
      this.#viewers.delete(socket)
      this.#lines.delete(socket)
      mates.delete(socket)
      if (mates.size === 0) this.#bySession.delete(key)
    })
  }

  /** False when the look could not be recorded: then nothing is shown. */
  async #putOnRecord(socket: LiveSocket, filter: object): Promise<boolean> {
    try {
      await this.#options.owedLook(socket.data.caller, filter)
      return socket.connected
    } catch (error) {
      this.#options.log.warn({ err: error }, 'a look at live positions could not be recorded')
      refuse(socket, 'UNAVAILABLE')
      return false
    }
  }

  /** Who looks on for hours is on record for each of them; what cannot be recorded is not shown on. */
  async #renewRecords(): Promise<void> {
    for (const socket of this.#viewers.keys())
      if (socket.data.filter && !(await this.#putOnRecord(socket, socket.data.filter))) socket.disconnect(true)
  }

  /** Reads the session again: it may have been given a purpose, or have ended. False when the socket is gone. */
  async #recheck(socket: LiveSocket): Promise<boolean> {
    try {
      const caller = await this.#options.sessions.findByHash(socket.data.caller.session.tokenHash, true)
      if (caller) this.#become(socket, caller)
      else socket.disconnect(true)
      return socket.connected
    } catch (error) {
      this.#options.log.warn({ err: error }, 'a session could not be read')
      refuse(socket, 'UNAVAILABLE')
      return false
    }
  }

  /** Reads again what is cleared for whom: call it when that has changed. A failed reading is tried again soon; ends need none. */
  async readSight(): Promise<void> {
    const sockets = [...this.#viewers.keys()]
    this.#sightReadAtMs = performance.now()
    if (sockets.length === 0) return
    try {
      const accounts = [...new Set(sockets.map(({ data }) => data.caller.accountId))]
      const clearances = await this.#options.sessions.listClearances(accounts)
      for (const { data } of sockets) data.clearances = clearances.get(data.caller.accountId) ?? []
      for (const socket of sockets) this.#applyScope(socket)
    } catch (error) {
      this.#options.log.warn({ err: error }, 'what is cleared of sensitive vehicles could not be read')
    }
  }

  /** Tells each socket how much its account has not read, where that has changed: call it when somebody may have been told something. */
  async tellUnread(): Promise<void> {
    const sockets = [...this.#viewers.keys()]
    if (sockets.length === 0) return
    try {
      const counts = await this.#options.countUnread([...new Set(sockets.map(({ data }) => data.caller.accountId))])
      for (const socket of sockets) {
        const now = counts.get(socket.data.caller.accountId) ?? { unread: 0, last: 0 }
        const { told } = socket.data
        if (told && told.unread === now.unread && told.last === now.last) continue
        socket.data.told = now
        socket.emit('notified', { unread: now.unread })
      }
    } catch (error) {
      this.#options.log.warn({ err: error }, 'who was told what could not be read')
    }
  }

  /** An end comes by the clock alone. A beginning, or an end before its time, by another instance is read now and then. */
  #judgeSight(): void {
    for (const socket of this.#viewers.keys()) this.#applyScope(socket)
    if (performance.now() - this.#sightReadAtMs < SIGHT_READ_MS) return
    void this.readSight()
    void this.tellUnread()
  }

  /** A driver who was given another vehicle, or an account that went with its merged unit, sees what is theirs now and nothing else. */
  async #follow(key: string, now: { tokenHash: Buffer; organisationId: number; ownVehicleId: number | null }): Promise<void> {
    const moved = [...(this.#bySession.get(key) ?? [])].filter(({ data: { caller } }) => {
      return caller.organisation.organisationId !== now.organisationId || caller.ownVehicleId !== now.ownVehicleId
    })
    if (moved.length === 0) return
    const caller = await this.#options.sessions.findByHash(now.tokenHash, false)
    if (caller) for (const socket of moved) this.#become(socket, caller)
  }

  #become(socket: LiveSocket, caller: Arrival): void {
    socket.data.caller = caller
    this.#applyScope(socket)
  }

  /** Brings a socket's viewer to what is in its reach at this moment. */
  #applyScope(socket: LiveSocket): void {
    const viewer = this.#viewers.get(socket)
    if (!viewer) return
    const [was, is] = [viewer.scope, this.#scopeOf(socket)]
    const sameSight = was.cleared.join() === is.cleared.join()
    if (sameSight && was.organisationId === is.organisationId && was.vehicleId === is.vehicleId) return
    this.#options.hub.rescope(viewer, is)
    if (sameSight) return
    const unmasked = this.#sightOf(socket).unmasked.map(({ vehicleId, untilMs }) => ({ vehicleId, until: new Date(untilMs).toISOString() }))
    socket.emit('sight', unmasked)
  }

  #scopeOf(socket: LiveSocket): LiveScope {
    const { caller } = socket.data
    const { vehicleId } = reachableBy(caller, caller.home, grantFor(caller, 'live.view'))
    return { organisationId: caller.organisation.organisationId, vehicleId, cleared: this.#sightOf(socket).cleared }
  }

  #sightOf({ data }: LiveSocket): ReturnType<typeof sightOf> {
    const nowMs = this.#options.clock.nowMs()
    return sightOf(data.clearances.filter(({ untilMs }) => untilMs === null || untilMs > nowMs))
  }

  #cutStalled(): void {
    for (const line of [...this.#lines.values()]) {
      if (line.stalledMs() < (this.#options.stalledMs ?? STALLED_MS)) continue
      this.#options.log.warn('a live socket that takes nothing is dropped')
      line.cut()
    }
  }

  #end(key: string): void {
    for (const socket of this.#bySession.get(key) ?? []) socket.disconnect(true)
  }

  /** Sessions also end by time, or on another instance: no one tells us of those. */
  async #endDead(): Promise<void> {
    const asked = [...this.#bySession.keys()]
    if (asked.length === 0) return
    try {
      const living = await this.#options.sessions.listLiving(asked.map((key) => Buffer.from(key, 'hex')))
      const alive = new Map(living.map((session) => [session.tokenHash.toString('hex'), session]))
      for (const key of asked) {
        const session = alive.get(key)
        if (!session) this.#end(key)
        else await this.#follow(key, session)
      }
      await this.#renewRecords()
    } catch (error) {
      this.#options.log.warn({ err: error }, 'sessions of live sockets could not be checked')
    }
  }
}

/** Passes the first view on at once and then only the newest of each 100 ms. */
class ViewThrottle {
  readonly #pass: (request: ViewRequest) => void
  #timer: NodeJS.Timeout | undefined
  #waiting: ViewRequest | undefined

  constructor(pass: (request: ViewRequest) => void) {
    this.#pass = pass
  }

  look(request: ViewRequest): void {
    if (this.#timer) {
      this.#waiting = request
      return
    }
    this.#pass(request)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      const next = this.#waiting
      this.#waiting = undefined
      if (next) this.look(next)
    }, VIEW_MS)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = undefined
  }
}

const refuse = (socket: LiveSocket, code: ErrorCode): void => {
  socket.emit('refused', { code, message: errorCatalogue[code].en })
}

function refusalError(code: ErrorCode): Error {
  return Object.assign(new Error(errorCatalogue[code].en), { data: { code } })
}
