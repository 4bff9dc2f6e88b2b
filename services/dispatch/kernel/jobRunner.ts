// Does the work that is owed (jobQueue.ts). Any number of instances may run: a job is one's at a time, and a job whose instance died is
// done by another when nobody has heard of the first for LEASE_S. So a job may be begun twice: whoever must not act twice ends it inside
// the transaction of the act (`end`), or tells the receiver its key.
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import type { Logger } from '../../platform/log.ts'
import { NotWritten } from '../../platform/wrote.ts'
import { endJob, keepJobs, putJobs, type TakenJob, takeJobs } from './jobQueue.ts'

export type JobRun<P> = {
  key: string
  payload: P
  /** 1 at the first attempt. */
  attempt: number
  /** Aborted when the instance stops or the job was taken over. */
  signal: AbortSignal
  /** Ends the job within a transaction of the caller's: act and end are written together. @throws NotWritten when another has it now */
  end(client: Queryable): Promise<void>
}
export type JobKind<P = unknown> = {
  payload: z.ZodType<P>
  run(job: JobRun<P>): Promise<unknown>
  /** After so many attempts it is given up, and shown. Endless without it. */
  maxAttempts?: number
  /** Work of the clock: one job, owed again so long after it was done. It is never given up. */
  everyMs?: number
}

const LEASE_S = 60
const KEEP_MS = 20_000
const POLL_MS = 500
const AT_ONCE = 8
/** How long a look at the queue that is under way is waited for at the end. */
const STOP_MS = 1_000
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 3_600_000

/** The pause before the next attempt: 2 s, 8 s, 32 s … an hour. */
export const pauseMs = (attempt: number): number => Math.min(FIRST_PAUSE_MS * 4 ** (attempt - 1), LONGEST_PAUSE_MS)

export type JobRunnerDeps = { db: Database; clock: Clock; log: Logger; pollMs?: number; leaseS?: number }
export type JobRunner = {
  /** Looks at once instead of at the next poll: after a commit that put something in. */
  wake(): void
  /** Takes nothing more; resolves when the work under way has ended. */
  stop(): Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: each kind parses its own payload before it is run
export type JobKinds = Readonly<Record<string, JobKind<any>>>

/** Begins at once, and tries again for as long as the database is away. */
export function startJobRunner(deps: JobRunnerDeps, kinds: JobKinds): JobRunner {
  const { db, clock, log, pollMs = POLL_MS, leaseS = LEASE_S } = deps
  const worker = randomUUID()
  const underWay = new Map<number, { settled: Promise<void>; abort: AbortController }>()
  let stopping = false
  let founded = false
  let silent = false
  let wakeUp: () => void = () => undefined
  let woken = false

  /** The clock's work is owed from the first start of an installation on. */
  async function found(): Promise<void> {
    const clockwork = Object.entries(kinds).filter(([, { everyMs }]) => everyMs !== undefined)
    await putJobs(
      db,
      clock.nowMs(),
      clockwork.map(([kind, { everyMs }]) => ({ kind, key: 'clock', runAtMs: clock.nowMs() + everyMs! })),
    )
    founded = true
  }

  async function look(): Promise<number> {
    if (!founded) await found()
    const free = AT_ONCE - underWay.size
    if (free <= 0) return 0
    const jobs = await takeJobs(db, worker, Object.keys(kinds), clock.nowMs(), free, leaseS)
    if (stopping) {
      // Given back at once, as if they had not been taken.
      for (const { jobId } of jobs) await endJob(db, worker, jobId, { againAtMs: clock.nowMs() }, clock.nowMs())
      return 0
    }
    for (const job of jobs) {
      const abort = new AbortController()
      const settled = work(job, abort.signal).finally(() => {
        underWay.delete(job.jobId)
        wake()
      })
      underWay.set(job.jobId, { settled, abort })
    }
    return jobs.length
  }

  async function work(job: TakenJob, signal: AbortSignal): Promise<void> {
    const kind = kinds[job.kind]!
    let ended = false
    const ending = await attempt()
    if (ending === undefined) return
    try {
      if (!(await endJob(db, worker, job.jobId, ending, clock.nowMs()))) log.warn({ job: job.kind, key: job.key }, 'a job was taken over')
    } catch (error) {
      // The lease runs out, and the job is done again.
      log.warn({ job: job.kind, key: job.key, error: (error as Error).message }, 'the end of a job could not be written')
    }

    async function attempt() {
      try {
        const end = async (client: Queryable): Promise<void> => {
          if (!(await endJob(client, worker, job.jobId, next(), clock.nowMs()))) throw new NotWritten('the end of a job', 1, 0)
          ended = true
        }
        await kind.run({ key: job.key, payload: kind.payload.parse(job.payload), attempt: job.attempt, signal, end })
        return ended ? undefined : next()
      } catch (error) {
        // What was to be written with its end was rolled back with it.
        const { message } = error as Error
        const last = kind.everyMs === undefined && kind.maxAttempts !== undefined && job.attempt >= kind.maxAttempts
        log.warn({ job: job.kind, key: job.key, attempt: job.attempt, error: message }, last ? 'a job is given up' : 'a job failed')
        return last ? ({ error: message, givenUp: true } as const) : { error: message, retryAtMs: clock.nowMs() + pauseMs(job.attempt) }
      }
    }

    function next() {
      return kind.everyMs === undefined ? ({ done: true } as const) : { againAtMs: clock.nowMs() + kind.everyMs }
    }
  }

  const keeping = setInterval(() => {
    if (underWay.size === 0) return
    keepJobs(db, worker, [...underWay.keys()], leaseS).then(
      (own) => {
        for (const [jobId, { abort }] of underWay) if (!own.has(jobId)) abort.abort()
      },
      (error: Error) => log.warn({ error: error.message }, 'jobs under way could not be kept'),
    )
  }, KEEP_MS).unref()

  function wake(): void {
    woken = true
    wakeUp()
  }

  async function run(): Promise<void> {
    while (!stopping) {
      woken = false
      const taken = await look().catch((error: Error) => {
        if (!silent) log.warn({ error: error.message }, 'owed work cannot be looked for: trying again')
        silent = true
        return undefined
      })
      if (taken !== undefined) silent = false
      if (taken || woken || stopping) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs).unref()
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const running = run()

  return {
    wake,
    async stop() {
      stopping = true
      wake()
      // A database that does not answer holds nobody up: what was taken and not begun is another's when the lease is over.
      await Promise.race([running, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())])
      for (const { abort } of underWay.values()) abort.abort()
      await Promise.all([...underWay.values()].map(({ settled }) => settled))
      clearInterval(keeping)
    },
  }
}
