// The embedded database of one data directory, open: locks it, opens the cluster, listens, keeps house, and closes with grace.
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { JOB_RUNS_FILE } from '../../platform/jobRuns.ts'
import type { Logger } from '../../platform/log.ts'
import { type Door, embeddedDatabaseUrl, openOwnerSecret, prepareSocketDirectory, removeSocketDirectory, socketPath } from './address.ts'
import type { BackendLost } from './backend.ts'
import { openCluster, prepareDataDirectory } from './cluster.ts'
import { lockDataDirectory } from './lock.ts'
import { startServer } from './server.ts'
import { startUpkeep } from './upkeep.ts'

export type DatabaseOptions = {
  dataDir: string
  log: Logger
  /** The directory of a closed cluster to begin with, when there is none yet. */
  image?: string | undefined
  maxConnections: number
  /** A connection that owns the backend and does nothing for so long is rolled back and closed. */
  idleInTransactionMs: number
  /** After so long a wait the log names who waits for whom. */
  longWaitMs: number
  /** How often due policies (compression, retention) are looked for. */
  policyMs: number
  /** How long a closing database waits for the transaction under way. */
  graceMs: number
  /** The engine died: what was committed is in the WAL, and a new process finds it. */
  onLost(error: BackendLost): void
}

export type OpenDatabase = {
  /** As the owner. */
  url: string
  /** Where each door listens. */
  paths: Readonly<Record<Door, string>>
  /** Lets in whoever is at the other end of `socket`: a client in this very process needs no socket of the system. */
  admit(socket: Socket, door: Door): void
  close(): Promise<void>
}

/** @throws StartupError with one sentence; ClusterDamaged when no further try will open it */
export async function openEmbeddedDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const { dataDir, log, longWaitMs } = options
  prepareDataDirectory(dataDir)
  const lock = lockDataDirectory(dataDir)
  const { backend } = await openCluster(dataDir, options.image).catch((error: Error) => {
    lock.release()
    log.info({ err: error.cause ?? error }, 'the cluster was not opened')
    throw error
  })
  const listensAt = (door: Door): string => socketPath(prepareSocketDirectory(dataDir, door))
  const paths = { application: listensAt('application'), owner: listensAt('owner') }
  const server = await startServer({
    backend,
    log,
    socketPath: paths.application,
    owner: { socketPath: paths.owner, secret: openOwnerSecret(dataDir) },
    maxConnections: options.maxConnections,
    idleInTransactionMs: options.idleInTransactionMs,
    longWaitMs,
    onLost: options.onLost,
  })
  const url = embeddedDatabaseUrl(dataDir)
  const stopUpkeep = startUpkeep({
    url,
    log,
    turnstile: server.turnstile,
    everyMs: options.policyMs,
    runsFile: join(dataDir, JOB_RUNS_FILE),
  })
  return {
    url,
    paths,
    admit: server.admit,
    async close() {
      await Promise.all([stopUpkeep(), server.close(options.graceMs)])
      await backend.close()
      for (const door of ['application', 'owner'] as const) removeSocketDirectory(dataDir, door)
      lock.release()
    },
  }
}
