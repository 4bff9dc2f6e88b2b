// The jobs that keep positions in shape: do they exist, do they run, how did they end? Without compression and retention the disk fills,
// and nothing else tells. A server runs them itself and keeps their results; the embedded database notes them in a file.
import { join } from 'node:path'
import type { StorageJob } from '../../contracts/api.ts'
import type { HealthFault } from '../../contracts/healthFaults.ts'
import { jobsAreOpen } from '../../platform/applicationRights.ts'
import type { Queryable } from '../../platform/db.ts'
import { JOB_RUNS_FILE, type JobRuns, readJobRuns } from '../../platform/jobRuns.ts'

export type JobRow = {
  jobId: number
  /** Schema and name. */
  procedure: string
  hypertable: string | null
  scheduled: boolean
  everyMs: number
  running: boolean
  lastStartMs: number | null
  lastSuccessMs: number | null
  failed: boolean
  error: string | null
  nextMs: number | null
}
export type StorageJobs = {
  rows: readonly JobRow[]
  /** Does the server's process that starts jobs run? null = not known, or none is needed. */
  scheduler: boolean | null
  /** timescaledb.max_background_workers; null where jobs need none. */
  workers: number | null
  /** May every role of the database add jobs? */
  open: boolean
}

/** So long after it was due a job is late. One that never ran is waited for as long after the start of this service. */
const PATIENCE_MS = 15 * 60_000
const MAX_ERROR = 200

/** Reads them from a server, or with `dataDirectory` those of the embedded database there. */
export async function readStorageJobs(db: Queryable, kind: 'embedded' | 'server', dataDirectory: string | undefined): Promise<StorageJobs> {
  const { rows } = await db.query<JobRow & { scheduler: boolean | null; workers: number }>(
    `SELECT job_id AS "jobId", procedure, hypertable, scheduled, every_s * 1000 AS "everyMs", coalesce(running, false) AS running,
       extract(epoch FROM last_start)::float8 * 1000 AS "lastStartMs", extract(epoch FROM last_success)::float8 * 1000 AS "lastSuccessMs",
       coalesce(last_failed, false) AS failed, last_error AS error, extract(epoch FROM next_start)::float8 * 1000 AS "nextMs", scheduler,
       current_setting('timescaledb.max_background_workers', true)::int AS workers
     FROM public.storage_jobs()`,
  )
  const open = await jobsAreOpen(db)
  if (kind === 'server') return { rows, scheduler: rows[0]?.scheduler ?? null, workers: rows[0]?.workers ?? null, open }
  const runs = dataDirectory === undefined ? {} : readJobRuns(join(dataDirectory, JOB_RUNS_FILE))
  return { rows: rows.map((row) => withRun(row, runs)), scheduler: null, workers: null, open }
}

function withRun(row: JobRow, runs: JobRuns): JobRow {
  const run = runs[row.jobId]
  const ran = { lastStartMs: run?.endedAtMs ?? null, lastSuccessMs: run?.succeededAtMs ?? null, failed: run?.failed ?? false }
  return { ...row, ...ran, running: false, error: run?.error ?? null, nextMs: run ? run.endedAtMs + row.everyMs : null }
}

/** What must be there, in this order. */
const wanted = [
  {
    task: 'compression',
    is: (row: JobRow) => row.procedure.endsWith('.policy_compression') && row.hypertable === 'positions',
  },
  { task: 'retention', is: (row: JobRow) => row.procedure === 'public.drop_old_positions' },
] as const

/** The jobs as health shows them, and what is wrong with them. `sinceMs`: when this service began to look. */
export function judgeStorageJobs(
  { rows, scheduler, workers, open }: StorageJobs,
  sinceMs: number,
  nowMs: number,
): { jobs: StorageJob[]; faults: HealthFault[] } {
  const faults: HealthFault[] = []
  const say = (code: HealthFault['code'], values: HealthFault['values'] = {}) => faults.push({ code, values })
  const jobs: StorageJob[] = []
  const judge = (task: StorageJob['task'], row: JobRow): void => {
    const state = stateOf(row, sinceMs, nowMs)
    const error = state === 'failed' ? (row.error ?? 'no reason was given').slice(0, MAX_ERROR) : null
    jobs.push({ task, procedure: row.procedure, state, lastRunAt: iso(row.lastStartMs), lastSuccessAt: iso(row.lastSuccessMs), error })
    const job = task === 'other' ? row.procedure : task
    if (state === 'failed') say('job.failed', { job, error: error! })
    if (state === 'off') say('job.off', { job })
    if (state === 'late' && row.lastStartMs === null) say('job.never', { job })
    else if (state === 'late') say('job.late', { job, since: iso(row.lastStartMs)! })
  }
  for (const { task, is } of wanted) {
    const found = rows.filter(is)
    for (const row of found) judge(task, row)
    if (found.length > 0) continue
    say('job.missing', { job: task })
    jobs.push({ task, procedure: '', state: 'missing', lastRunAt: null, lastSuccessAt: null, error: null })
  }
  for (const row of rows) if (!wanted.some(({ is }) => is(row))) judge('other', row)
  if (workers === 0) say('jobs.noWorkers')
  else if (scheduler === false) say('jobs.noScheduler')
  if (open) say('jobs.open')
  return { jobs, faults }
}

function stateOf(row: JobRow, sinceMs: number, nowMs: number): StorageJob['state'] {
  if (!row.scheduled) return 'off'
  if (row.failed) return 'failed'
  if (row.running) return 'running'
  const dueMs = row.nextMs ?? (row.lastStartMs === null ? sinceMs : row.lastStartMs + row.everyMs)
  // After a pause of everything (a restart) what became due meanwhile has its time as well.
  if (Math.max(dueMs, sinceMs) + PATIENCE_MS < nowMs) return 'late'
  return row.lastStartMs === null ? 'waiting' : 'ok'
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
