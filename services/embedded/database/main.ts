// The embedded database as a process: locks the data directory, opens the cluster, listens, says that it is ready, and closes with grace.
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readConfig, runMain, StartupError } from '../../platform/config.ts'
import { createLogger } from '../../platform/log.ts'
import { embeddedDatabaseUrl, prepareSocketDirectory, removeSocketDirectory, socketPath } from './address.ts'
import { openCluster, prepareDataDirectory } from './cluster.ts'
import { lockDataDirectory } from './lock.ts'
import { startServer } from './server.ts'
import { startUpkeep } from './upkeep.ts'

const milliseconds = z.coerce.number().int().positive()
const configSchema = z.object({
  /** The data directory; the cluster is in its subdirectory db. */
  data: z.string().min(1).default('data'),
  /** A tar of a cluster to begin with, when there is none yet. */
  'database-image': z.string().optional(),
  'database-max-connections': z.coerce.number().int().min(1).default(300),
  /** A connection that owns the backend and does nothing for so long is rolled back and closed. */
  'database-idle-ms': milliseconds.default(30_000),
  /** After so long a wait the log names who waits for whom. */
  'database-long-wait-ms': milliseconds.default(3_000),
  /** How often due policies (compression, retention) are looked for. */
  'database-policy-ms': milliseconds.default(60_000),
  /** How long a closing server waits for the transaction under way. */
  'database-grace-ms': milliseconds.default(5_000),
})

async function main(): Promise<void> {
  const config = readConfig(configSchema, process.argv.slice(2), process.env)
  const log = createLogger('database')
  const dataDir = resolve(config.data)
  const begun = performance.now()
  prepareDataDirectory(dataDir)
  const lock = lockDataDirectory(dataDir)
  let stopAsked = false
  let stop = (): void => {
    stopAsked = true
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => stop())

  const { backend } = await openCluster(dataDir, config['database-image']).catch((error: Error) => {
    lock.release()
    if (error instanceof StartupError) throw error
    throw new StartupError(`The database in ${dataDir} could not be opened: ${error.message}`)
  })
  const server = await startServer({
    backend,
    log,
    socketPath: socketPath(prepareSocketDirectory(dataDir)),
    maxConnections: config['database-max-connections'],
    idleInTransactionMs: config['database-idle-ms'],
    longWaitMs: config['database-long-wait-ms'],
    onLost(error) {
      // What was committed is in the WAL: a new process finds it.
      log.fatal({ err: error }, 'the database engine failed; this process ends')
      process.exit(70)
    },
  })

  const url = embeddedDatabaseUrl(dataDir)
  const stopUpkeep = startUpkeep({
    url,
    log,
    turnstile: server.turnstile,
    everyMs: config['database-policy-ms'],
    runsFile: join(dataDir, 'db-jobs.json'),
  })
  const close = async (): Promise<void> => {
    await Promise.all([stopUpkeep(), server.close(config['database-grace-ms'])])
    await backend.close()
    removeSocketDirectory(dataDir)
    lock.release()
    log.info('database closed')
    process.exit(0)
  }
  stop = () => {
    stop = () => undefined // one closing is enough
    close().catch((error: Error) => {
      log.fatal({ err: error }, 'the database could not be closed cleanly')
      process.exit(1)
    })
  }
  if (stopAsked) return stop()
  log.info({ bootMs: Math.round(performance.now() - begun) }, 'database ready')
  if (process.send) process.send({ type: 'ready', url })
  else process.stdout.write(`ready ${url}\n`)
}

await runMain(main)
