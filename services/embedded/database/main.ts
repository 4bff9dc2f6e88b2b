// The embedded database as a process: opens it, says that it is ready, and closes it with grace.
import { resolve } from 'node:path'
import { z } from 'zod'
import { readConfig, runMain } from '../../platform/config.ts'
import { createLogger } from '../../platform/log.ts'
import { openEmbeddedDatabase } from './open.ts'

const milliseconds = z.coerce.number().int().positive()
const configSchema = z.object({
  data: z.string().min(1).default('data').describe('The data directory; the cluster is in its subdirectory db.'),
  'database-image': z.string().optional().describe('The directory of a closed cluster to begin with, when there is none yet.'),
  'database-max-connections': z.coerce.number().int().min(1).default(300).describe('Connections at a time; more are refused'),
  'database-idle-ms': milliseconds
    .default(30_000)
    .describe('A connection that owns the backend and does nothing for so long is rolled back and closed.'),
  'database-long-wait-ms': milliseconds.default(3_000).describe('After so long a wait the log names who waits for whom.'),
  'database-policy-ms': milliseconds.default(60_000).describe('How often due policies (compression, retention) are looked for.'),
  'database-grace-ms': milliseconds.default(5_000).describe('How long a closing server waits for the transaction under way.'),
})

async function main(): Promise<void> {
  const config = readConfig(configSchema, process.argv.slice(2), process.env, {
    command: 'node --import=tsx services/embedded/database/main.ts',
    does: 'Runs the embedded TimescaleDB of a data directory. npm start does it for you.',
    example: 'node --import=tsx services/embedded/database/main.ts --data ./data',
  })
  const log = createLogger('database')
  const begun = performance.now()
  let stopAsked = false
  let stop = (): void => {
    stopAsked = true
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, () => stop())

  const database = await openEmbeddedDatabase({
    dataDir: resolve(config.data),
    log,
    image: config['database-image'],
    maxConnections: config['database-max-connections'],
    idleInTransactionMs: config['database-idle-ms'],
    longWaitMs: config['database-long-wait-ms'],
    policyMs: config['database-policy-ms'],
    graceMs: config['database-grace-ms'],
    onLost(error) {
      log.fatal({ err: error }, 'the database engine failed; this process ends')
      process.exit(70)
    },
  })
  const close = async (): Promise<void> => {
    await database.close()
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
  if (process.send) process.send({ type: 'ready', url: database.url })
  else process.stdout.write(`ready ${withoutPassword(database.url)}\n`)
}

/** Standard output is read and kept by others. */
function withoutPassword(url: string): string {
  const shown = new URL(url)
  shown.password = ''
  return shown.href
}

await runMain(main)
