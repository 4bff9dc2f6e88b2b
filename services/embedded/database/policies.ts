// TimescaleDB's policies (compression, retention, refresh) on a database without background workers: which are due, and in what pieces to run them.
// The database does not keep their times here (next_start is NULL), so the times of the last runs are kept by us, in a file.
import type { Queryable } from '../../platform/db.ts'
import type { JobRuns } from '../../platform/jobRuns.ts'

export type Job = {
  jobId: number
  procedure: string
  hypertable: string | null
  everyMs: number
  retryMs: number
  config: Record<string, unknown>
}
/** One statement, short enough to run between two others. */
export type Piece = { name: string; sql: string; values: unknown[] }

/** Reporting to the maker over the network: not from here. */
const never = new Set(['policy_telemetry'])

/** Only those of superusers: run here, a job has a superuser’s rights and not those of whoever added it. */
export async function listJobs(client: Queryable): Promise<Job[]> {
  const { rows } = await client.query<Job>(
    `SELECT job_id AS "jobId", proc_name AS procedure, quote_ident(hypertable_schema) || '.' || quote_ident(hypertable_name) AS hypertable,
       (extract(epoch FROM schedule_interval) * 1000)::float8 AS "everyMs", (extract(epoch FROM retry_period) * 1000)::float8 AS "retryMs",
       coalesce(config, '{}') AS config
     FROM timescaledb_information.jobs WHERE scheduled AND owner::oid IN (SELECT oid FROM pg_roles WHERE rolsuper) ORDER BY job_id`,
  )
  return rows.filter((job) => !never.has(job.procedure))
}

/** A job never run is due at once, as on a server; a failed one after its retry period. A clock set back makes nothing wait for ever. */
export function decideDue(jobs: readonly Job[], runs: JobRuns, nowMs: number): Job[] {
  return jobs.filter(({ jobId, everyMs, retryMs }) => {
    const run = runs[jobId]
    if (!run || run.endedAtMs > nowMs) return true
    return nowMs - run.endedAtMs >= (run.failed ? Math.min(retryMs, everyMs) : everyMs)
  })
}

/** Compression goes chunk by chunk, because nothing else runs meanwhile; any other job is one call. */
export async function listPieces(client: Queryable, job: Job): Promise<Piece[]> {
  const { compress_after: olderThan, compress_created_before: createdBefore } = job.config
  const age = typeof createdBefore === 'string' ? createdBefore : olderThan
  // An integer age belongs to a hypertable without time: its own policy knows how to count.
  if (job.procedure !== 'policy_compression' || typeof age !== 'string') {
    return [{ name: job.procedure, sql: 'CALL run_job($1)', values: [job.jobId] }]
  }
  const filter = typeof createdBefore === 'string' ? 'created_before' : 'older_than'
  // Status bits: 1 compressed, 2 and 8 rows added since, 4 frozen.
  const { rows } = await client.query<{ chunk: string }>(
    `SELECT shown::text AS chunk FROM show_chunks($1::regclass, ${filter} => $2::interval) AS shown
     JOIN pg_class ON pg_class.oid = shown JOIN pg_namespace ON pg_namespace.oid = relnamespace
     JOIN _timescaledb_catalog.chunk ON schema_name = nspname AND table_name = relname
     WHERE status & 4 = 0 AND (status & 1 = 0 OR status & 10 <> 0)
     ORDER BY chunk.id`,
    [job.hypertable, age],
  )
  return rows.map(({ chunk }) => ({ name: `compress ${chunk}`, sql: 'SELECT compress_chunk($1::regclass)', values: [chunk] }))
}
