// The dispatch service without its listening: build(deps) wires the slices into one Fastify instance.
// Read routes.ts for what happens to a request, handlers.ts for who answers it, live/liveHub.ts for the sockets.
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import cookie from '@fastify/cookie'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { Refusal } from '../contracts/errors.ts'
import type { SecurityLimits } from '../contracts/securityPolicy.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Logger } from '../platform/log.ts'
import { RateWindow } from '../platform/rateWindow.ts'
import { isOwnOrigin } from './access.ts'
import { errorAnswer, sendError } from './answers.ts'
import type { AuditHeads } from './audit/heads.ts'
import { listClearances } from './audit/sight.ts'
import { AuditVerification } from './audit/verification.ts'
import { startClockwork } from './clockwork.ts'
import { registerCompression } from './compress.ts'
import { createHandlers } from './handlers.ts'
import { openIdentity } from './identity/identity.ts'
import { oidcSettingsOf, registerOidc } from './identity/oidc.ts'
import { absoluteMs, SESSION_COOKIE } from './identity/sessions.ts'
import { bearerOf } from './identity/tokens.ts'
import { type FrameSource, LiveFeed } from './live/liveFeed.ts'
import { LiveHub } from './live/liveHub.ts'
import { LiveSockets } from './live/sockets.ts'
import { createMeters, registerMetrics } from './observe.ts'
import { registerOpenApi } from './openapi.ts'
import { HealthReader } from './operations/health.ts'
import type { Publish } from './operations/quarantine.ts'
import { seatForToday } from './registry/seatsOfToday.ts'
import { registerRoutes } from './routes.ts'
import { recordExpired } from './secrecy/unmaskings.ts'
import { defaultLimits, isHttps, type Limits, registerSecurity } from './security.ts'
import type { Settings } from './settings.ts'
import { registerWeb } from './web.ts'

const BODY_LIMIT = 65_536
/** How often the ends of unmaskings are written down; in force they are by the clock. */
const EXPIRY_MS = 30_000
/** How long after midnight a quota of the new day may seat nobody yet. */
const SEATS_MS = 3_600_000

export type Deps = {
  db: Database
  clock: Clock
  log: Logger
  settings: Settings
  version: string
  broker: FrameSource & { publish: Publish }
  /** Where the heads of the audit log are signed to; without it nowhere. */
  auditHeads?: AuditHeads | undefined
  limits?: Limits
  /** Paces that tests shorten, in milliseconds. */
  pace?: { tickMs?: number; summaryMs?: number; agingMs?: number; resyncPauseMs?: number; socketCheckMs?: number; sightMs?: number }
}

/** The service, and the feed that must be started before the live picture is true. Closing the app closes sockets and feed. */
export async function build(deps: Deps): Promise<{ app: FastifyInstance; feed: LiveFeed }> {
  const { clock, log, settings, version, broker, auditHeads, limits = defaultLimits, pace = {} } = deps
  const meters = createMeters()
  const db = meters.measured(deps.db)
  const origins = { publicUrl: settings['public-url'] }
  const app = fastify({
    // Widened, or the logger's type would spread through every signature that takes the app.
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: settings['trust-proxy'] ?? false,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(sendError)

  await registerSecurity(app, settings, limits)
  await app.register(cookie)
  registerCompression(app)
  await registerOpenApi(app, version)

  const identity = openIdentity(db, clock, { identityKey: settings['identity-key'], demoTotp: settings['demo-totp'] })
  const { sessions } = identity
  const feed = new LiveFeed({ db, clock, log, source: broker, resyncPauseMs: pace.resyncPauseMs, agingMs: pace.agingMs })
  const hub = new LiveHub({ feed, clock, tickMs: pace.tickMs, summaryMs: pace.summaryMs, onTick: meters.observeTick })
  const findByToken = async (token: string | undefined) => (token ? sessions.find(token) : undefined)
  const views = new RateWindow(limits.viewsPer10S, 10_000, clock)
  const sockets = new LiveSockets({
    server: app.server,
    hub,
    clock,
    log,
    isOwnPage: ({ headers }) => isOwnOrigin(headers, headers.host ?? '', origins),
    takeView: (socketId) => views.take(socketId),
    checkMs: pace.socketCheckMs,
    sightMs: pace.sightMs,
    sessions: {
      async findByCookies(header) {
        const caller = await findByToken(app.parseCookie(header ?? '')[SESSION_COOKIE])
        return caller?.session.step === 'open' ? caller : undefined
      },
      findByHash: (hash, active) => sessions.findByHash(hash, active),
      listLiving: (hashes) => sessions.listLiving(hashes),
      onEnded: (listener) => sessions.onEnded(listener),
      listClearances: (accountIds) => listClearances(db, accountIds, clock.nowMs()),
    },
  })
  const health = new HealthReader({
    db,
    clock,
    version,
    databaseKind: settings['database-kind'],
    dataDirectory: settings.data,
    live: () => ({
      vehicles: feed.picture.reported,
      online: feed.countOnline(),
      sockets: sockets.count,
      lastFrameAt: feed.lastFrameAtMs === undefined ? null : new Date(feed.lastFrameAtMs).toISOString(),
      gaps: feed.gaps,
      frames: feed.frames,
      brokerConnected: broker.connected,
    }),
    auditProblem: () => auditHeads?.problem,
  })
  const verification = new AuditVerification({ db, clock, log, heads: auditHeads })
  const perSession = new RateWindow(limits.perSession, 60_000, clock)
  const handlers = createHandlers({
    db,
    clock,
    settings,
    identity,
    feed,
    health,
    auditHeads,
    verification,
    publish: (topic, payload) => broker.publish(topic, payload),
    onSightChanged: () => void sockets.readSight(),
  })
  const clockwork = startClockwork(log, [
    { name: 'writing down the ends of unmaskings', everyMs: EXPIRY_MS, run: () => recordExpired({ db }, clock.nowMs()) },
    { name: 'seating vehicles by the quotas of today', everyMs: SEATS_MS, run: () => seatForToday({ db, clock }) },
  ])
  registerRoutes(app, handlers, {
    origins,
    async findCaller({ headers, cookies, ip }) {
      const bearer = bearerOf(headers.authorization)
      if (!bearer) return findByToken(cookies[SESSION_COOKIE])
      const caller = await identity.tokens.find(bearer)
      if (!caller) await identity.tokens.recordRefusal(bearer, ip)
      return caller
    },
    limitSession(caller) {
      if (!perSession.take(caller.session.tokenHash.toString('base64'))) throw new Refusal('RATE_LIMITED')
    },
    setSessionCookie: (reply, token) => setSessionCookie(reply, token, isHttps(settings), identity.policies.lastLimits),
    routeConfig: Object.fromEntries(
      // Whatever checks a password or a code, which costs time and can be guessed.
      (['signIn', 'passSecondFactor', 'beginEnrolment', 'confirmEnrolment', 'changePassword'] as const).map((name) => [
        name,
        { rateLimit: { max: limits.signInPerAddress, timeWindow: 60_000 } },
      ]),
    ),
  })
  const oidc = oidcSettingsOf(settings)
  if (oidc)
    registerOidc(
      app,
      identity,
      oidc,
      {
        findCaller: ({ cookies }) => findByToken(cookies[SESSION_COOKIE]),
        setSessionCookie: (reply, token) => setSessionCookie(reply, token, isHttps(settings), identity.policies.lastLimits),
        secure: isHttps(settings),
        perAddress: limits.signInPerAddress,
      },
      log,
    )
  registerMetrics(app, meters, health, settings['metrics-token'])
  await registerWeb(app, settings['web-dir'])
  app.addHook('preClose', async () => {
    await clockwork.stop()
    hub.close()
    await sockets.close()
    await feed.close()
    await verification.stop()
  })
  return { app, feed }
}

function setSessionCookie(reply: FastifyReply, token: string | null, secure: boolean, limits: SecurityLimits | undefined): void {
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
  if (token === null) reply.clearCookie(SESSION_COOKIE, options)
  else reply.setCookie(SESSION_COOKIE, token, { ...options, ...(limits ? { maxAge: absoluteMs(limits) / 1000 } : {}) })
}

/** Bytes that are no HTTP never become a request; they get the one error shape all the same. */
function answerBrokenRequest(_error: Error, socket: Socket): void {
  if (!socket.writable) return
  const body = JSON.stringify(errorAnswer('VALIDATION_FAILED', randomUUID()))
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
