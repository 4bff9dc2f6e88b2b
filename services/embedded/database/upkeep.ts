// What a server's background workers would do: due policies every minute, and checkpoints, each statement at a quiet moment.
// It is an ordinary client of the database, so it waits its turn like any other.
import { setTimeout } from 'node:timers/promises'
import { type Database, openDatabase } from '../../platform/db.ts'
import { type JobRun, readJobRuns, writeJobRuns } from '../../platform/jobRuns.ts'
import type { Logger } from '../../platform/log.ts'
import { decideDue, type Job, listJobs, listPieces } from './policies.ts'
import type { Turnstile } from './turnstile.ts'

export type UpkeepOptions = {
  url: string
  turnstile: Turnstile
  log: Logger
  /** How often policies are looked at, ms. */
  everyMs: number
  /** Where the times of the last runs are kept. */
  runsFile: string
}

const QUIET_MS = 40
/** Work that never finds a quiet moment is done all the same: chunks that nobody compresses fill the disk. */
const AT_MOST_MS = 30_000
const CHECKPOINT_LOOK_MS = 5_000
/** max_wal_size cannot be set in this build (1 GB). A checkpoint each 192 MB keeps the WAL near twice that. */
const CHECKPOINT_BYTES = 192 * 1024 * 1024

/** Starts it; the returned function stops it and waits for the statement under way. */
export function startUpkeep(options: UpkeepOptions): () => Promise<void> {
  const stopping = new AbortController()
  const db = openDatabase({ url: options.url, applicationName: 'upkeep', maxConnections: 1 })
  const loops = [
    repeat(options.everyMs, stopping.signal, () => runDuePolicies(db, options, stopping.signal), options.log),
    repeat(CHECKPOINT_LOOK_MS, stopping.signal, () => checkpointIfLarge(db, options, stopping.signal), options.log),
  ]
  return async () => {
    stopping.abort()
    await Promise.all(loops)
    await db.close()
  }
}

async function repeat(everyMs: number, signal: AbortSignal, work: () => Promise<void>, log: Logger): Promise<void> {
  while (!signal.aborted) {
    // An abort ends the pause; the loop's condition sees it.
    await setTimeout(everyMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    await work().catch((error: Error) => {
      if (!signal.aborted) log.error({ err: error }, 'upkeep failed; it is tried again')
    })
  }
}

async function runDuePolicies(db: Database, options: UpkeepOptions, signal: AbortSignal): Promise<void> {
  const runs: Record<string, JobRun> = readJobRuns(options.runsFile)
  for (const job of decideDue(await listJobs(db), runs, Date.now())) {
    const error = await runJob(db, job, options, signal)
    if (signal.aborted) return // it begins again at the next start
    const endedAtMs = Date.now()
    const before = runs[job.jobId]?.succeededAtMs
    runs[job.jobId] =
      error === undefined
        ? { endedAtMs, failed: false, succeededAtMs: endedAtMs }
        : { endedAtMs, failed: true, error, ...(before === undefined ? {} : { succeededAtMs: before }) }
    writeJobRuns(options.runsFile, runs)
  }
}

/** Runs it piece by piece; answers what the last piece that failed said. */
async function runJob(db: Database, job: Job, { turnstile, log }: UpkeepOptions, signal: AbortSignal): Promise<string | undefined> {
  let failure: string | undefined
  const pieces = await listPieces(db, job).catch((error: Error) => {
    log.error({ err: error, job: job.jobId, procedure: job.procedure }, 'a policy could not be planned')
    failure = error.message
    return []
  })
  for (const { name, sql, values } of pieces) {
    await turnstile.quiet(QUIET_MS, AT_MOST_MS, signal)
    if (signal.aborted) return failure
    const begun = performance.now()
    try {
      await db.query(sql, values)
      log.info({ job: job.jobId, ran: name, durationMs: Math.round(performance.now() - begun) }, 'ran a piece of a policy')
    } catch (error) {
      failure = (error as Error).message
      if (signal.aborted) return failure
      log.error({ err: error, job: job.jobId, ran: name }, 'a piece of a policy failed; the next one goes on')
    }
  }
  return failure
}

async function checkpointIfLarge(db: Database, { turnstile, log }: UpkeepOptions, signal: AbortSignal): Promise<void> {
  const { rows } = await db.query<{ bytes: number }>(
    'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::float8 AS bytes FROM pg_control_checkpoint()',
  )
  if (rows[0]!.bytes < CHECKPOINT_BYTES) return
  await turnstile.quiet(QUIET_MS, CHECKPOINT_LOOK_MS, signal)
  if (signal.aborted) return
  const begun = performance.now()
  await db.query('CHECKPOINT')
  log.debug({ bytes: rows[0]!.bytes, durationMs: Math.round(performance.now() - begun) }, 'checkpoint')
}
