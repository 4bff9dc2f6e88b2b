// Prometheus figures of this process. Only this machine may read them, unless a token is configured.
import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refusal } from '../contracts/errors.ts'
import type { Database, Queryable, Row } from '../platform/db.ts'
import { createRegistry, Gauge, Histogram, type Registry } from '../platform/metrics.ts'
import type { HealthReader } from './operations/health.ts'

export type Meters = {
  registry: Registry
  observeTick(seconds: number): void
  /** The same database, with its statements counted and timed. */
  measured(db: Database): Database
}

export function createMeters(): Meters {
  const registry = createRegistry()
  const registers = [registry]
  const tick = new Histogram({
    name: 'morin_live_tick_seconds',
    help: 'Time to bring every live socket up to one tick',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    registers,
  })
  const queries = new Histogram({
    name: 'morin_database_query_seconds',
    help: 'Statements of this process, waiting for a connection included',
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers,
  })
  const inFlight = new Gauge({
    name: 'morin_database_queries_in_flight',
    help: 'Statements running or waiting for a connection',
    registers,
  })
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const stop = queries.startTimer()
    inFlight.inc()
    try {
      return await work()
    } finally {
      inFlight.dec()
      stop()
    }
  }
  const measuredQueries = (queryable: Queryable): Queryable => ({
    query: <R extends Row>(text: string, values?: unknown[]) => timed(() => queryable.query<R>(text, values)),
  })
  return {
    registry,
    observeTick: (seconds) => tick.observe(seconds),
    measured: (db) => ({
      ...measuredQueries(db),
      transaction: (work) => db.transaction((client) => work(measuredQueries(client))),
      close: () => db.close(),
    }),
  }
}

export function registerMetrics(app: FastifyInstance, { registry }: Meters, health: HealthReader, token: string | undefined): void {
  const registers = [registry]
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3],
    registers,
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
  })
  const gauges = {
    sockets: new Gauge({ name: 'morin_live_sockets', help: 'Live sockets connected', registers }),
    vehicles: new Gauge({ name: 'morin_live_vehicles', help: 'Vehicles that have ever reported', registers }),
    gaps: new Gauge({ name: 'morin_live_gaps', help: 'Holes in the numbering of live frames since the start', registers }),
    frames: new Gauge({ name: 'morin_live_frames', help: 'Live frames received since the start', registers }),
    positions: new Gauge({
      name: 'morin_positions',
      help: 'Conservation counters from the database, in elements: positions, and what terminals send beside them',
      labelNames: ['outcome'] as const,
      registers,
    }),
    messages: new Gauge({
      name: 'morin_messages',
      help: 'Conservation counters from the database, in messages of terminals',
      labelNames: ['outcome'] as const,
      registers,
    }),
    up: new Gauge({ name: 'morin_database_up', help: '1 when the database answers', registers }),
  }
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    requireReader(request, token)
    const { live, conservation, status } = await health.read()
    gauges.sockets.set(live.sockets)
    gauges.vehicles.set(live.vehicles)
    gauges.gaps.set(live.gaps)
    gauges.frames.set(health.frames)
    gauges.up.set(status === 'down' ? 0 : 1)
    if (status !== 'down') {
      const { messages = {}, ...elements } = conservation
      for (const [outcome, count] of Object.entries(elements)) gauges.positions.set({ outcome }, count)
      for (const [outcome, count] of Object.entries<number>(messages)) gauges.messages.set({ outcome }, count)
    }
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

/** Without a token: this machine alone, and not through a proxy on it, whose visitors all look local. */
function requireReader(request: FastifyRequest, token: string | undefined): void {
  if (token === undefined) {
    // A page elsewhere whose name leads to this machine would ask as if it were here.
    const named = /^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/i.test(request.headers.host ?? '')
    const proxied = request.headers['x-forwarded-for'] !== undefined || request.headers.forwarded !== undefined
    if (!named || proxied || !/^(127\.|::1$|::ffff:127\.)/.test(request.ip)) throw new Refusal('NOT_FOUND')
    return
  }
  const given = Buffer.from(String(request.headers.authorization ?? ''))
  const wanted = Buffer.from(`Bearer ${token}`)
  if (given.byteLength !== wanted.byteLength || !timingSafeEqual(given, wanted)) throw new Refusal('NOT_SIGNED_IN')
}
