// Work that is owed, as rows. A job that an act puts in stands or falls with the act's transaction: what is told to others (an outbox)
// and what must follow is neither lost with a crash nor done for an act that never was.
import { prepared, type Queryable } from '../../platform/db.ts'

export type NewJob = {
  kind: string
  /** What is owed once: a job of this kind and key that is there already stays as it is. */
  key: string
  payload?: object
  /** Jobs of one lane are done one after the other, in this order. */
  lane?: string
  /** Not before; without it as soon as can be. */
  runAtMs?: number
}

/** SQL that puts jobs in: `rows` selects kind, key, lane, payload, and when they are put in and due. */
export const insertJobs = (rows: string): string =>
  `INSERT INTO jobs (kind, key, lane, payload, put_at, run_at) ${rows} ON CONFLICT (kind, key) DO NOTHING`

/**
 * Puts jobs in, in the transaction of `client`.
 * @returns how many were new
 */
export async function putJobs(client: Queryable, nowMs: number, jobs: readonly NewJob[]): Promise<number> {
  if (jobs.length === 0) return 0
  const { rowCount } = await client.query(
    insertJobs(`SELECT kind, key, lane, payload, $1, run_at FROM unnest($2::text[], $3::text[], $4::text[], $5::jsonb[], $6::timestamptz[])
       WITH ORDINALITY AS j(kind, key, lane, payload, run_at, place) ORDER BY place`),
    [
      new Date(nowMs),
      jobs.map(({ kind }) => kind),
      jobs.map(({ key }) => key),
      jobs.map(({ lane }) => lane ?? null),
      jobs.map(({ payload }) => JSON.stringify(payload ?? {})),
      jobs.map(({ runAtMs }) => new Date(runAtMs ?? nowMs)),
    ],
  )
  return rowCount
}

export type TakenJob = { jobId: number; kind: string; key: string; payload: unknown; attempt: number }

/** Owed, due and taken by nobody who lives. */
const DUE = `j.done_at IS NULL AND j.given_up_at IS NULL AND j.run_at <= $1 AND j.kind = ANY($2) AND (j.taken_until IS NULL OR j.taken_until < now())`

/** Asked twice a second: by its index, however many kinds are named. */
const IS_ANY_DUE = prepared(`SELECT FROM jobs j WHERE ${DUE} LIMIT 1`)

/** Those that are first in their lane. */
const TAKE = `
UPDATE jobs SET taken_by = $3, taken_until = now() + make_interval(secs => $4), attempts = attempts + 1
WHERE job_id = ANY (ARRAY(
  SELECT j.job_id FROM jobs j
  WHERE ${DUE} AND (j.lane IS NULL OR NOT EXISTS (
      SELECT FROM jobs e WHERE e.lane = j.lane AND e.job_id < j.job_id AND e.done_at IS NULL AND e.given_up_at IS NULL))
  ORDER BY j.run_at, j.job_id LIMIT $5 FOR UPDATE SKIP LOCKED))
RETURNING job_id AS "jobId", kind, key, payload, attempts AS attempt`

/** Takes up to `count` jobs for `worker`, who is believed to be at them for `leaseS`. Who lives is judged by the database's clock alone. */
export async function takeJobs(
  db: Queryable,
  worker: string,
  kinds: readonly string[],
  nowMs: number,
  count: number,
  leaseS: number,
): Promise<TakenJob[]> {
  const due = [new Date(nowMs), kinds]
  // Twice a second nearly always nothing is: then nothing is written.
  const { rowCount } = await db.query(IS_ANY_DUE, due)
  if (rowCount === 0) return []
  const { rows } = await db.query<TakenJob>(TAKE, [...due, worker, leaseS, count])
  return rows.sort((a, b) => a.jobId - b.jobId)
}

/** Goes on being at them. @returns those that are still its own */
export async function keepJobs(db: Queryable, worker: string, jobIds: readonly number[], leaseS: number): Promise<Set<number>> {
  const { rows } = await db.query<{ id: number }>(
    `UPDATE jobs SET taken_until = now() + make_interval(secs => $3) WHERE taken_by = $1 AND job_id = ANY($2) RETURNING job_id AS id`,
    [worker, jobIds, leaseS],
  )
  return new Set(rows.map(({ id }) => id))
}

export type Ending =
  | { done: true }
  /** The same job, owed again: of work that never ends. */
  | { againAtMs: number }
  | { error: string; retryAtMs: number }
  | { error: string; givenUp: true }

const SET: Record<'done' | 'again' | 'retry' | 'given-up', string> = {
  done: 'done_at = $3, last_error = NULL',
  again: 'run_at = $3, attempts = 0, last_error = NULL',
  retry: 'run_at = $3, last_error = $4',
  'given-up': 'given_up_at = $3, last_error = $4',
}

/** Writes down how it ended. @returns false when another has taken it over meanwhile: then nothing is written */
export async function endJob(db: Queryable, worker: string, jobId: number, ending: Ending, nowMs: number): Promise<boolean> {
  const how = 'done' in ending ? 'done' : 'againAtMs' in ending ? 'again' : 'givenUp' in ending ? 'given-up' : 'retry'
  const atMs = 'againAtMs' in ending ? ending.againAtMs : 'retryAtMs' in ending ? ending.retryAtMs : nowMs
  const error = 'error' in ending ? ending.error.slice(0, 500) : null
  const { rowCount } = await db.query(
    `UPDATE jobs SET ${SET[how]}, taken_by = NULL, taken_until = NULL WHERE job_id = $1 AND taken_by = $2`,
    [jobId, worker, new Date(atMs), ...(error === null ? [] : [error])],
  )
  return rowCount === 1
}
