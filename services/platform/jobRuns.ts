// When the embedded database last ran each of its jobs and how that ended: a file beside it (db-jobs.json), for nothing inside says so.
// The database's process writes it; dispatch reads it for its health.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

export type JobRun = {
  endedAtMs: number
  failed: boolean
  /** The last run that did not fail. */
  succeededAtMs?: number
  /** What the database said when it failed. */
  error?: string
}
export type JobRuns = Readonly<Record<string, JobRun>>

/** The file's name in the data directory. */
export const JOB_RUNS_FILE = 'db-jobs.json'

/** When each job last ended; nothing when the file is absent or is not such a list. */
export function readJobRuns(path: string): Record<string, JobRun> {
  try {
    const runs: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return Object.fromEntries(Object.entries(runs as Record<string, JobRun>).filter(([, run]) => Number.isFinite(run?.endedAtMs)))
  } catch (error) {
    // Losing it costs one early run of each job.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError || error instanceof TypeError) return {}
    throw error
  }
}

export function writeJobRuns(path: string, runs: JobRuns): void {
  writeFileSync(`${path}.new`, JSON.stringify(runs), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}
