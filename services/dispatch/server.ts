// The dispatch service without its listening: build(deps) wires the slices into one Fastify instance.
// Read routes.ts for what happens to a request, handlers.ts for who answers it, live/liveHub.ts for the sockets.
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Refusal } from '../contracts/errors.ts'
import { DAY_MS } from '../domain/days.ts'
import type { SecurityLimits } from '../domain/securityPolicy.ts'
import type { Clock } from '../platform/clock.ts'
import { inTwoDoors } from '../platform/courtesy.ts'
import type { Database } from '../platform/db.ts'
import type { Logger } from '../platform/log.ts'
import { openMail } from '../platform/mail.ts'
import { RateWindow } from '../platform/rateWindow.ts'
import { osrmRouter } from '../platform/routing/osrmRouter.ts'
import { openTravelTimes } from '../platform/routing/travelTimes.ts'
import { errorText, sendError } from './answers.ts'
import type { AuditHeads } from './audit/heads.ts'
import { AuditVerification } from './audit/verification.ts'
import { registerCalendars } from './calendars.ts'
import { BUILD_EVIDENCE, evidenceJob } from './cases/evidence/build.ts'
import type { EvidenceDesk } from './cases/evidence/desk.ts'
import { findingParts } from './cases/findingParts.ts'
import { findingProcedure } from './cases/findings.ts'
import { registerCompression } from './compress.ts'
import { registerEvidencePage } from './evidencePage.ts'
import { createHandlers } from './handlers.ts'
import { openIdentity } from './identity/identity.ts'
import { oidcSettingsOf, registerOidc } from './identity/oidc.ts'
import { absoluteMs, findPerson, SESSION_COOKIE } from './identity/sessions.ts'
import { bearerOf } from './identity/tokens.ts'
import { DELIVER, PUSH } from './kernel/announce.ts'
import { grantFor, reachableBy } from './kernel/caller.ts'
import { startJobRunner } from './kernel/jobRunner.ts'
import { LiveLooks } from './kernel/liveLooks.ts'
import { listClearances } from './kernel/sight.ts'
import { writeDownDue } from './kernel/takeStep.ts'
import { type FrameSource, LiveFeed } from './live/liveFeed.ts'
import { LiveHub } from './live/liveHub.ts'
import { LiveSockets } from './live/sockets.ts'
import { TripNewsReader } from './live/tripNews.ts'
import { deliverJob } from './notifications/deliver.ts'
import { countUnread, forgetEvents } from './notifications/own.ts'
import { type PushDeps, pushJob } from './notifications/push.ts'
import { createMeters, registerMetrics } from './observe.ts'
import { registerOpenApi } from './openapi.ts'
import { HealthReader } from './operations/health.ts'
import { forgetDone } from './operations/jobs.ts'
import type { Publish } from './operations/quarantine.ts'
import { RowChecker } from './operations/rowCheck.ts'
import { keepApprovalLimits } from './orders/approvalLimits.ts'
import { settleDueOrders } from './orders/orders.ts'
import { noteUnratified, settleDueRequests } from './orders/requests.ts'
import { settleDueRides } from './orders/sharing/rides.ts'
import { followTracks } from './orders/track.ts'
import type { BringIn } from './orders/tracker.ts'
import { ownOrigins, readSite } from './origins.ts'
import { defaultPatience, headerTimes, type Patience, watchBodies } from './patience.ts'
import { registerPublicTrips } from './publication/publicPage.ts'
import { seatForToday } from './registry/seatsOfToday.ts'
import { reportFiles } from './reportFiles.ts'
import type { ReportDeps } from './reports/deps.ts'
import { oweDueReports, SEND_REPORT } from './reports/due.ts'
import { registerLeaving } from './reports/leaving.ts'
import { sendReportJob } from './reports/send.ts'
import { registerRoutes } from './routes.ts'
import { sealProcedure } from './sealing/procedure.ts'
import { proveDue } from './sealing/prove.ts'
import { recordExpired } from './secrecy/unmaskings.ts'
import { defaultLimits, isHttps, type Limits, registerSecurity } from './security.ts'
import type { Settings } from './settings.ts'
import { prepareBoards } from './statistics/boards.ts'
import { remindOfFilings } from './statistics/filing/remind.ts'
import { followLedger } from './statistics/followLedger.ts'
import { escalateFindings } from './supervision/escalate.ts'
import { Judge } from './supervision/judgeDue.ts'
import { supervisionProcedure } from './supervision/procedure.ts'
import { trackPieces } from './tracks/trackBytes.ts'
import { drivenM } from './tracks/trips.ts'
import { registerVerification } from './verification.ts'
import { registerWeb } from './web.ts'
import { prepareDue } from './whereabouts/prepare.ts'

const BODY_LIMIT = 65_536
/** How often the ends of unmaskings are written down; in force they are by the clock. */
const EXPIRY_MS = 30_000
/** An order that nobody accepts waits for no longer than this beyond its time. */
const ORDERS_MS = 15_000
/** A step that nobody decides is reminded of, and goes up, no later than this beyond its limit. */
const LIMITS_MS = 60_000
/** How long after midnight a quota of the new day may seat nobody yet. */
const SEATS_MS = 3_600_000
/** Of a vehicle's month in a package: one position a second, and some more. */
const EVIDENCE_ROWS = 4_000_000
/** A piece of the rows is compared as often as this, where it takes no time to speak of. */
const ROWS_MS = 500
/** How soon after an hour what is asked of it is prepared, and how often one more day is looked at for what came late. */
const PREPARE_MS = 20_000
const FOLLOW_MS = 3_600_000
/** Sums of dashboards: one table of a period after the other. */
const BOARDS_MS = 2_000

export type Deps = {
  db: Database
  clock: Clock
  log: Logger
  settings: Settings
  version: string
  broker: FrameSource & { publish: Publish; bringIn: BringIn }
  /** Where the heads of the audit log are signed to; without it nowhere. */
  auditHeads?: AuditHeads | undefined
  /** Where evidence packages are made; without it nowhere. */
  evidence?: EvidenceDesk | undefined
  limits?: Limits
  /** How slowly requests may arrive. */
  patience?: Patience
  /** Paces that tests shorten, or lengthen where nothing of it is looked at, in milliseconds. */
  pace?: {
    tickMs?: number
    summaryMs?: number
    agingMs?: number
    resyncPauseMs?: number
    socketCheckMs?: number
    sightMs?: number
    newsMs?: number
    rowsMs?: number
    mailSilentMs?: number
  }
}

/** The service, and the feed that must be started before the live picture is true. Closing the app closes sockets and feed. */
export async function build(deps: Deps): Promise<{ app: FastifyInstance; feed: LiveFeed }> {
  const {
    clock,
    log,
    settings,
    version,
    broker,
    auditHeads,
    evidence,
    limits = defaultLimits,
    patience = defaultPatience,
    pace = {},
  } = deps
  const meters = createMeters()
  const measured = meters.measured(deps.db)
  // A server answers several at once; the embedded database one, and its own clockwork must not be who is asked first.
  const { asked: db, behind } = settings['database-kind'] === 'embedded' ? inTwoDoors(measured) : { asked: measured, behind: measured }
  const origins = ownOrigins(settings, log)
  const app = fastify({
    // Widened, or the logger's type would spread through every signature that takes the app.
    loggerInstance: log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: settings['trust-proxy'] ?? false,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    http: headerTimes(patience),
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(sendError)

  watchBodies(app.server, patience, log)
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
  const looks = new LiveLooks({ db, clock })
  const sockets = new LiveSockets({
    server: app.server,
    hub,
    clock,
    log,
    isOwnPage: ({ headers, socket }) => origins.areOurs(headers, socket),
    owedLook: (caller, filter) =>
      looks.owed({ caller, reach: reachableBy(caller, caller.home, grantFor(caller, 'live.view')) }, 'map', filter),
    toldThrough: () => news.through(),
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
    countUnread: (accountIds) => countUnread(db, accountIds),
  })
  const news: TripNewsReader = new TripNewsReader({
    db,
    log,
    listening: () => sockets.listeningToTrips(),
    tell: (each) => sockets.tellOfTrips(each),
    everyMs: pace.newsMs,
  })
  const routingUrl = settings['routing-url']
  const travelTimes = openTravelTimes({ router: routingUrl === undefined ? undefined : osrmRouter({ url: routingUrl }), clock, log })
  /** For what nobody waits for. */
  const unasked = { db: behind, clock }
  const rowChecker = new RowChecker(unasked)
  const health = new HealthReader({
    rows: () => rowChecker.read(),
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
    held: () => broker.held(),
    auditProblem: () => auditHeads?.problem,
    routerFailingSince: () => travelTimes.failingSince(),
  })
  const verification = new AuditVerification({ db, clock, log, heads: auditHeads })
  const perSession = new RateWindow(limits.perSession, 60_000, clock)
  const nothing = z.object({})
  const onTripsChanged = () => {
    news.wake()
    void sockets.tellUnread()
    jobs.wake()
  }
  const push: PushDeps = {
    db,
    clock,
    key: identity.key,
    pushKey: settings['push-key'],
    contact: settings['push-contact'] ?? (isHttps(settings) ? settings['public-url']! : 'mailto:nobody@morin.invalid'),
    allowedOrigins: settings['outbound-origins'],
  }
  const smtp = settings['smtp-url']
  const reports: ReportDeps = {
    ...{ db, clock, key: identity.key, site: settings['public-url'] && new URL(settings['public-url']).origin, onDone: onTripsChanged },
    ...reportFiles({ db, clock }),
    mail:
      smtp && settings['smtp-from']
        ? openMail(
            { url: smtp, from: settings['smtp-from'], user: settings['smtp-user'], password: settings['smtp-password'] },
            pace.mailSilentMs,
          )
        : undefined,
    async findReader(accountId) {
      const person = await findPerson(db, accountId, clock.nowMs())
      return person && { caller: person, reach: person.home }
    },
  }
  let prepareTurn = 0
  const judge = new Judge(unasked)
  const jobs = startJobRunner(
    { ...unasked, log },
    {
      // What happens though nobody asks.
      'unmaskings.end': { payload: nothing, everyMs: EXPIRY_MS, run: () => recordExpired(unasked) },
      'seats.settle': { payload: nothing, everyMs: SEATS_MS, run: () => seatForToday(unasked) },
      'orders.settle': { payload: nothing, everyMs: ORDERS_MS, run: () => settleDueOrders({ ...unasked, onDone: onTripsChanged }) },
      'requests.settle': { payload: nothing, everyMs: ORDERS_MS, run: () => settleDueRequests({ ...unasked, onDone: onTripsChanged }) },
      'rides.settle': { payload: nothing, everyMs: ORDERS_MS, run: () => settleDueRides({ ...unasked, onDone: onTripsChanged }) },
      'approvals.limits': { payload: nothing, everyMs: LIMITS_MS, run: () => keepApprovalLimits({ ...unasked, onDone: onTripsChanged }) },
      'orders.track': { payload: nothing, everyMs: ORDERS_MS, run: () => followTracks({ ...unasked, drivenM }) },
      'findings.lapse': { payload: nothing, everyMs: LIMITS_MS, run: () => writeDownDue(unasked, findingProcedure) },
      'supervision.judge': { payload: nothing, everyMs: ORDERS_MS, run: () => judge.judgeBacklog() },
      'seals.end': { payload: nothing, everyMs: LIMITS_MS, run: () => writeDownDue({ ...unasked, onDone: onTripsChanged }, sealProcedure) },
      'seals.prove': { payload: nothing, everyMs: ORDERS_MS, run: () => proveDue(unasked) },
      'supervision.escalate': { payload: nothing, everyMs: LIMITS_MS, run: () => escalateFindings({ ...unasked, onDone: onTripsChanged }) },
      'supervision.limits': {
        payload: nothing,
        everyMs: LIMITS_MS,
        run: () => writeDownDue({ ...unasked, onDone: onTripsChanged }, supervisionProcedure),
      },
      'requests.unratified': { payload: nothing, everyMs: ORDERS_MS, run: () => noteUnratified({ ...unasked, onDone: onTripsChanged }) },
      [PUSH]: pushJob(push),
      [DELIVER]: deliverJob({ ...push, onDone: onTripsChanged }),
      'whereabouts.prepare': { payload: nothing, everyMs: PREPARE_MS, run: () => prepareDue(unasked, prepareTurn++) },
      ...(evidence
        ? {
            [BUILD_EVIDENCE]: evidenceJob({
              ...unasked,
              desk: evidence,
              software: version,
              readTrack: (vehicleId, from, to) => trackPieces(behind, { vehicleId, from, to }, EVIDENCE_ROWS),
              lastHead: async () => (await auditHeads?.read())?.heads.at(-1),
              groundDirectory: join(settings['web-dir'], 'basemap'),
              readFindings: findingParts,
            }),
          }
        : {}),
      'reports.due': { payload: nothing, everyMs: ORDERS_MS, run: () => oweDueReports(behind, clock.nowMs()) },
      [SEND_REPORT]: sendReportJob(reports),
      'filings.remind': { payload: nothing, everyMs: FOLLOW_MS, run: () => remindOfFilings(behind, clock.nowMs()) },
      'boards.prepare': { payload: nothing, everyMs: BOARDS_MS, run: () => prepareBoards(behind, clock.nowMs()) },
      'statistics.follow': { payload: nothing, everyMs: FOLLOW_MS, run: () => followLedger(behind) },
      'events.forget': { payload: nothing, everyMs: DAY_MS, run: () => forgetEvents(behind, clock.nowMs()) },
      'jobs.forget': { payload: nothing, everyMs: DAY_MS, run: () => forgetDone(behind, clock.nowMs()) },
    },
  )
  const handlers = createHandlers({
    db,
    clock,
    settings,
    identity,
    push,
    feed,
    health,
    auditHeads,
    verification,
    evidence,
    reports,
    looks,
    travelTimes,
    publish: (topic, payload) => broker.publish(topic, payload),
    bringIn: (...sent) => broker.bringIn(...sent),
    onSightChanged: () => void sockets.readSight(),
    onTripsChanged,
    wakeJobs: () => jobs.wake(),
  })
  rowChecker.start(pace.rowsMs ?? ROWS_MS, log)
  registerRoutes(app, handlers, {
    origins,
    siteOf: (request) => readSite(settings['public-url'], request),
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
      (['signIn', 'passSecondFactor', 'passEntryCode', 'beginEnrolment', 'confirmEnrolment', 'changePassword'] as const).map((name) => [
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
  registerCalendars(app, { db, clock })
  registerVerification(app, { db, clock, key: identity.key })
  registerPublicTrips(app, db)
  registerLeaving(app, reports)
  registerMetrics(app, meters, health, settings['metrics-token'])
  registerEvidencePage(app, settings['web-dir'], evidence)
  await registerWeb(app, settings['web-dir'])
  app.addHook('preClose', async () => {
    rowChecker.stop()
    await jobs.stop()
    hub.close()
    await news.close()
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

/** Bytes that are no HTTP never become a request, nor do headers that take too long; they get the one error shape all the same. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable) return
  socket.end(errorText(error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'TOO_SLOW' : 'VALIDATION_FAILED'), () => socket.destroy())
}
