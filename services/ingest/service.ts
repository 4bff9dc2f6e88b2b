// Ingest put together from its parts, apart from configuration and listening: database, terminals, broker, pipeline.
import { type AedesBroker, createAedesBroker } from '../platform/broker/aedesBroker.ts'
import { createQuietWarning } from '../platform/broker/budget.ts'
import { createMqttSource } from '../platform/broker/mqttSource.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Logger } from '../platform/log.ts'
import { bindAnew } from './bind.ts'
import { commit } from './commit.ts'
import type { IngestConfig } from './config.ts'
import { CONTACTS_A_SECOND, createContacts } from './contacts.ts'
import { type Kinds, openKinds } from './kinds.ts'
import { createKnocks } from './knocks.ts'
import { createPipeline, type Pipeline, type PipelineDeps } from './pipeline.ts'
import { createSessionRegister } from './sessions.ts'
import { createTerminals, type Terminals } from './terminals.ts'
import type { Work } from './work.ts'

export type IngestDeps = {
  db: Database
  /** A door of its own for the register of sessions: saying that one lives must not wait for work. Without it `db`. */
  registerDb?: Database
  /** The same for reading who may come in, with patience: of a connection that is gone and does not say so an answer would be waited for for ever. Without it `db`. */
  terminalsDb?: Database
  clock: Clock
  log: Logger
  config: IngestConfig
  onCommit?: PipelineDeps['onCommit']
  /** Other kinds of message than those of kinds.ts. */
  kinds?: Kinds
}
export type Ingest = {
  pipeline: Pipeline
  terminals: Terminals
  /** For how long changes of terminals have not been read, s: who was revoked since is still let in. */
  unreadS(): number
  /** The embedded broker, when there is one. */
  broker: AedesBroker | undefined
  /** Connects the broker to the pipeline; with the embedded broker, begins to listen. */
  start(): Promise<void>
  /** Commits and acks what was read, then closes the broker. The database is the caller's. */
  stop(): Promise<void>
}

/** Everything anew: gateways have no revisions. */
const REFRESH_MS = 60_000
/** How soon a worker that commits nothing learns of a change; with a commit it learns at once. */
const CATCH_UP_MS = 1_000
/** Who is not answered for so long says so. */
const LATE_MS = 10_000
/** Who knocked, and who was heard. */
const WRITE_MS = 1_000

export async function buildIngest({
  db,
  registerDb = db,
  terminalsDb = db,
  clock,
  log,
  config,
  onCommit,
  kinds: given,
}: IngestDeps): Promise<Ingest> {
  const terminals = createTerminals(terminalsDb, clock)
  await terminals.refresh()
  let readAtMs = clock.nowMs()
  const knocks = await createKnocks(db, clock)
  const contacts = createContacts(db, clock)
  const kinds = given ?? (await openKinds(db))
  const { worker } = config
  // Of a server two transactions of one worker would run beside one another, and wait for each other's counters.
  const inFlight = config['database-kind'] === 'embedded' ? 2 : 1
  const serviceSecret = config['service-secret']
  const broker = config['mqtt-url']
    ? undefined
    : await createAedesBroker({
        host: config['mqtt-host'],
        port: config['mqtt-port'],
        serviceSecret,
        credentials: terminals,
        log,
        onKnock: knocks.note,
        onHeldBack: (name, cameBy) => knocks.note(name, 'pace', cameBy),
        onLetIn(name) {
          knocks.forget(name)
          contacts.noteLetIn(name)
        },
      })
  const source =
    broker ?? createMqttSource({ url: config['mqtt-url']!, serviceSecret, register: createSessionRegister(registerDb, worker), log })
  const bind = (client: Parameters<typeof bindAnew>[0], work: Work): Promise<Work> => bindAnew(client, work, terminals)
  const pipeline = createPipeline(
    {
      source,
      terminals,
      kinds,
      clock,
      log,
      commit: (work, nowMs) => commit(db, worker, work, nowMs, bind),
      onMessage: contacts.noteMessage,
      onCommit(committed, ms) {
        for (const { faults } of committed) knocks.noteFaults(faults)
        onCommit?.(committed, ms)
      },
    },
    { worker, batchSize: config['batch-size'], batchAgeMs: config['batch-age-ms'], buffer: config.buffer, inFlight },
  )
  terminals.onChange(() => broker?.cut())
  const works = [
    every(REFRESH_MS, () => terminals.refresh(), 'terminals not refreshed', log),
    every(
      CATCH_UP_MS,
      async () => {
        await terminals.catchUp()
        readAtMs = clock.nowMs()
      },
      'changes of terminals not read',
      log,
    ),
    every(WRITE_MS, () => knocks.write(), 'who knocked was not written', log),
    every(WRITE_MS, () => contacts.write(CONTACTS_A_SECOND), 'who was heard was not written', log),
  ]
  return {
    pipeline,
    terminals,
    unreadS: () => Math.max(0, clock.nowMs() - readAtMs) / 1000,
    broker,
    start: () => pipeline.start(),
    async stop() {
      await Promise.all(works.map((work) => work.stop()))
      await source.leave()
      await pipeline.drain()
      await source.close()
      await contacts.write().catch((error: Error) => log.warn({ error: error.message }, 'who was heard was not written'))
    },
  }
}

/** Does `work` again and again, never twice at once: a database that is late is not asked meanwhile, and one that is very late is said to be. */
function every(ms: number, work: () => Promise<void>, failure: string, log: Logger): { stop(): Promise<void> } {
  const warn = createQuietWarning(log)
  let running: Promise<void> | undefined
  let begunMs = 0
  const timer = setInterval(() => {
    if (running && performance.now() - begunMs > LATE_MS) warn({ error: 'the database does not answer' }, failure)
    if (!running) begunMs = performance.now()
    running ??= work()
      .catch((error: Error) => warn({ error: error.message }, failure))
      .finally(() => {
        running = undefined
      })
  }, ms).unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
