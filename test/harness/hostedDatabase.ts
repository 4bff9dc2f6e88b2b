// The embedded databases of the test files of one worker, in its own process: to compile the engine and to warm it up is paid once for all of
// them, and a third of what a statement costs was the socket between two processes. What connects here by `pg` gets a pipe in its place, at
// which the same door stands; whatever comes from another process, or by another client, finds the sockets as ever.
// A suite that kills, stops or measures its database has one in a process of its own (embeddedProcess.ts).
import pg from 'pg'
import type { Door } from '../../services/embedded/database/address.ts'
import { type OpenDatabase, openEmbeddedDatabase } from '../../services/embedded/database/open.ts'
import { createLogger } from '../../services/platform/log.ts'
import { pipe } from './pipe.ts'

const log = createLogger('database', process.env.LOG_LEVEL ?? 'fatal')
const open = new Map<string, OpenDatabase>()

/** Opens a database in `dataDir`, begun from `image`; the url is the owner's. */
export async function openHosted(dataDir: string, image: string): Promise<{ url: string }> {
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
  return { url: database.url }
}

export async function closeHosted(dataDir: string): Promise<void> {
  const before = process.exitCode
  await open.get(dataDir)?.close()
  open.delete(dataDir)
  // An engine that ends says so as the whole process's code.
  process.exitCode = before
}

type Connection = { stream: unknown; connect(path: string | number, host?: string): void }
const connection = (pg as unknown as { Connection: { prototype: Connection } }).Connection.prototype
const connectBySocket = connection.connect

connection.connect = function (path, host) {
  for (const { paths, admit } of open.values())
    for (const door of ['application', 'owner'] as Door[])
      if (paths[door] === path) {
        const [mine, theirs] = pipe()
        this.stream = mine
        connectBySocket.call(this, path, host)
        admit(theirs, door)
        return
      }
  connectBySocket.call(this, path, host)
}
