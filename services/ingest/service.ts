// Ingest put together from its parts, apart from configuration and listening: database, terminals, broker, pipeline.
import { type AedesBroker, createAedesBroker } from '../platform/broker/aedesBroker.ts'
import { createMqttSource } from '../platform/broker/mqttSource.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Logger } from '../platform/log.ts'
import { commit } from './commit.ts'
import type { IngestConfig } from './config.ts'
import { createPipeline, type Pipeline, type PipelineDeps } from './pipeline.ts'
import { createRowEncoder } from './positionRows.ts'
import { createTerminals, type Terminals } from './terminals.ts'

export type IngestDeps = { db: Database; clock: Clock; log: Logger; config: IngestConfig; onCommit?: PipelineDeps['onCommit'] }
export type Ingest = {
  pipeline: Pipeline
  terminals: Terminals
  /** The embedded broker, when there is one. */
  broker: AedesBroker | undefined
  /** Connects the broker to the pipeline; with the embedded broker, begins to listen. */
  start(): Promise<void>
  /** Commits and acks what was read, then closes the broker. The database is the caller's. */
  stop(): Promise<void>
}

const REFRESH_MS = 60_000

export async function buildIngest({ db, clock, log, config, onCommit }: IngestDeps): Promise<Ingest> {
  const terminals = createTerminals(db, clock)
  await terminals.refresh()
  const encode = await createRowEncoder(db)
  const { worker } = config
  const serviceSecret = config['service-secret']
  const broker = config['mqtt-url']
    ? undefined
    : await createAedesBroker({ host: config['mqtt-host'], port: config['mqtt-port'], serviceSecret, credentials: terminals, log })
  const source = broker ?? createMqttSource({ url: config['mqtt-url']!, serviceSecret, worker, log })
  const pipeline = createPipeline(
    { source, terminals, clock, log, onCommit, commit: (work, nowMs) => commit(db, encode, worker, work, nowMs) },
    { worker, batchSize: config['batch-size'], batchAgeMs: config['batch-age-ms'], buffer: config.buffer },
  )
  const refresh = setInterval(() => {
    terminals.refresh().catch((error: Error) => log.warn({ error: error.message }, 'terminals not refreshed'))
  }, REFRESH_MS).unref()
  return {
    pipeline,
    terminals,
    broker,
    start: () => pipeline.start(),
    async stop() {
      clearInterval(refresh)
      await pipeline.drain()
      await source.close()
    },
  }
}
