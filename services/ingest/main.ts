// The ingest process: path A from the broker to the database. Run with --max-semi-space-size=128: with thousands of clients the young
// generation is where its memory goes.
import { createServer } from 'node:http'
import { systemClock } from '../platform/clock.ts'
import { readConfig, runMain, StartupError } from '../platform/config.ts'
import { onceDatabaseAnswers, openDatabase } from '../platform/db.ts'
import { createLogger } from '../platform/log.ts'
import { configSchema } from './config.ts'
import { startHousekeeping } from './housekeeping.ts'
import { createIngestMetrics } from './metrics.ts'
import { buildIngest } from './service.ts'
import { startDeriver } from './trips/deriver.ts'

/** A drain that the database does not let end: what is not acked comes again from the terminals, so leaving is safe. */
const DRAIN_LIMIT_MS = 15_000
/** How long an answer about who may come in is waited for: a connection may be gone without saying so. */
const TERMINALS_MS = 15_000
/** How long an answer about the sessions on a server broker is waited for: who cannot say for five seconds that it lives lets go of them. */
const REGISTER_MS = 4_000

runMain(async () => {
  const config = readConfig(configSchema, process.argv.slice(2), process.env, {
    command: 'npm run ingest --',
    does: 'Stores what terminals send: with a broker of its own, or from a broker given by --mqtt-url.',
    example: 'npm run ingest -- --database-url postgresql://morin_app@db/morin --service-secret $SERVICE_SECRET',
  })
  const log = createLogger('ingest')
  const db = openDatabase({
    url: config['database-url'],
    applicationName: `ingest ${config.worker}`,
    maxConnections: 4,
    onIdleError: (error) => log.warn({ error: error.message }, 'database connection lost'),
  })
  const registerDb = openDatabase({
    url: config['database-url'],
    applicationName: `ingest ${config.worker} register`,
    maxConnections: 1,
    onIdleError: (error) => log.warn({ error: error.message }, 'database connection lost'),
    patience: { answerMs: REGISTER_MS, inTransactionMs: REGISTER_MS },
  })
  const terminalsDb = openDatabase({
    url: config['database-url'],
    applicationName: `ingest ${config.worker} terminals`,
    maxConnections: 2,
    onIdleError: (error) => log.warn({ error: error.message }, 'database connection lost'),
    patience: { answerMs: TERMINALS_MS, inTransactionMs: TERMINALS_MS },
  })
  const metrics = createIngestMetrics()
  const ingest = await onceDatabaseAnswers(
    () => buildIngest({ db, registerDb, terminalsDb, clock: systemClock, log, config, onCommit: metrics.onCommit }),
    (error) => log.warn({ error: error.message }, 'waiting for the database'),
  ).catch((error: Error) => {
    throw error instanceof StartupError ? error : new StartupError(`Ingest cannot read the database: ${error.message}.`)
  })
  metrics.observe(ingest)
  const deriver = startDeriver({ db, clock: systemClock, log })
  const housekeeping = startHousekeeping({ db, clock: systemClock, log, config })
  const metricsServer = config['metrics-port'] ? await serveMetrics(config['metrics-port'], metrics.text) : undefined

  let ending = false
  const end = async (reason: string): Promise<void> => {
    if (ending) return
    ending = true
    log.info({ reason, held: ingest.pipeline.held() }, 'draining')
    setTimeout(() => {
      log.error({ held: ingest.pipeline.held() }, 'not drained in time: what is not acked will be sent again')
      process.exit(1)
    }, DRAIN_LIMIT_MS).unref()
    metricsServer?.close()
    await Promise.all([deriver.stop(), housekeeping.stop(), ingest.stop()])
    await Promise.all([db.close(), registerDb.close(), terminalsDb.close()])
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(signal))
  process.on('disconnect', () => void end('parent gone'))

  await ingest.start()
  log.info({ mqttPort: ingest.broker?.port(), broker: config['mqtt-url'] ?? 'embedded' }, 'ready')
  process.send?.({ type: 'ready', mqttPort: ingest.broker?.port() })
})

function serveMetrics(port: number, text: () => Promise<string>): Promise<{ close(): void }> {
  const server = createServer((_request, response) => {
    text().then(
      (body) => response.setHeader('content-type', 'text/plain; version=0.0.4').end(body),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new StartupError(`Metrics cannot listen on port ${port}: ${error.message}.`)))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
