// A process that holds the embedded databases of the test files of one worker, one after the other: to compile the engine and to warm
// it up costs more processor time than most suites, and here it is paid once. Each file has a cluster of its own all the same.
// A suite that kills, stops or measures its database has one in a process of its own (embeddedProcess.ts).
import { type OpenDatabase, openEmbeddedDatabase } from '../../services/embedded/database/open.ts'
import { createLogger } from '../../services/platform/log.ts'

export type HostRequest = { open: string; image: string } | { close: string }
export type HostAnswer = { of: string; url?: string; error?: string }

const log = createLogger('database', process.env.LOG_LEVEL ?? 'fatal')
const open = new Map<string, OpenDatabase>()

async function openOne(dataDir: string, image: string): Promise<HostAnswer> {
  const database = await openEmbeddedDatabase({
    dataDir,
    image,
    log,
    maxConnections: 300,
    idleInTransactionMs: 30_000,
    longWaitMs: 3_000,
    policyMs: 60_000,
    graceMs: 5_000,
    onLost(error) {
      console.error(`the engine of the database in ${dataDir} failed: ${error.stack}`)
      process.exit(70)
    },
  })
  open.set(dataDir, database)
  return { of: dataDir, url: database.url }
}

async function closeOne(dataDir: string): Promise<HostAnswer> {
  await open.get(dataDir)?.close()
  open.delete(dataDir)
  return { of: dataDir }
}

process.on('message', (request: HostRequest) => {
  const of = 'open' in request ? request.open : request.close
  const done = 'open' in request ? openOne(of, request.image) : closeOne(of)
  void done.catch((error: Error): HostAnswer => ({ of, error: `${error.stack}` })).then((answer) => process.send?.(answer))
})
// Its worker has ended, or was ended: nobody needs what is left here.
process.on('disconnect', () => process.exit())
