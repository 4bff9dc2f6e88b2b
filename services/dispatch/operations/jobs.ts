// Owed work as operations sees it: what waits, what failed and why, what was given up; and giving it up taken back.
import type { z } from 'zod'
import type { JobRow as Answered, AnswerOf, Api } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { DAY_MS } from '../../domain/days.ts'
import type { Queryable } from '../../platform/db.ts'
import { type ActDeps, act } from '../kernel/act.ts'
import { type Caller, holdsRegion, type Who } from '../kernel/caller.ts'

const STATE = `CASE WHEN done_at IS NOT NULL THEN 'done' WHEN given_up_at IS NOT NULL THEN 'given-up' WHEN taken_until > now() THEN 'running'
  WHEN last_error IS NOT NULL THEN 'failing' ELSE 'waiting' END`

const ORDER = `ORDER BY array_position(ARRAY['given-up', 'failing', 'running', 'waiting', 'done'], state), "endedAt" DESC NULLS LAST, "runAt", "jobId"`

/** How long what is done is kept: a key is owed once for as long. */
const KEPT_DAYS = 30

/** Owed work is the installation's, and no unit's. @throws Refusal FORBIDDEN */
function mustHoldRegion(caller: Caller): void {
  if (!holdsRegion(caller)) throw refusal('FORBIDDEN', 'body', 'jobs.regionOnly')
}

type Found = Omit<Answered, 'jobId' | 'runAt' | 'endedAt'> & { total: number; jobId: number; runAt: Date; endedAt: Date | null }

/** What needs somebody first; then what is next. Payloads are not shown: they may speak of what the reader may not see. */
export async function listJobs(db: Queryable, caller: Caller, query: z.output<Api['listJobs']['query']>): Promise<AnswerOf<'listJobs'>> {
  mustHoldRegion(caller)
  const { rows } = await db.query<Found>(
    `WITH found AS MATERIALIZED (
       SELECT * FROM (SELECT job_id AS "jobId", kind, key, ${STATE} AS state, attempts, last_error AS "lastError", run_at AS "runAt",
         coalesce(done_at, given_up_at) AS "endedAt" FROM jobs) j
       WHERE CASE WHEN $1::text IS NULL THEN state <> 'done' ELSE state = $1 END)
     SELECT n.total, p.* FROM (SELECT count(*) AS total FROM found) n LEFT JOIN (
       SELECT *, row_number() OVER (${ORDER}) AS place FROM found ${ORDER} LIMIT $2 OFFSET $3) p ON true
     ORDER BY p.place`,
    [query.state ?? null, query.limit, query.offset],
  )
  return {
    total: rows[0]!.total,
    rows: rows
      .filter(({ jobId }) => jobId !== null)
      .map(({ jobId, kind, key, state, attempts, lastError, runAt, endedAt }) => ({
        jobId,
        kind,
        key,
        state,
        attempts,
        lastError,
        runAt: runAt.toISOString(),
        endedAt: endedAt?.toISOString() ?? null,
      })),
  }
}

/**
 * Owed again, from now on and with all its attempts.
 * @throws Refusal NOT_FOUND; CONFLICT when it was not given up
 */
export async function retryJob(deps: ActDeps, who: Who, jobId: number): Promise<void> {
  mustHoldRegion(who.caller)
  await act(deps, who, async ({ client, nowMs, record }) => {
    const { rows } = await client.query<{ kind: string; givenUp: boolean }>(
      'SELECT kind, given_up_at IS NOT NULL AS "givenUp" FROM jobs WHERE job_id = $1 FOR UPDATE',
      [jobId],
    )
    const job = rows[0]
    if (!job) throw new Refusal('NOT_FOUND')
    if (!job.givenUp) throw refusal('CONFLICT', 'params.jobId', 'job.notGivenUp')
    await client.query('UPDATE jobs SET given_up_at = NULL, attempts = 0, run_at = $2 WHERE job_id = $1', [jobId, new Date(nowMs)])
    record('job.retry', { type: 'job', id: jobId }, { detail: { kind: job.kind } })
  })
}

/** @returns how many are no longer kept */
export async function forgetDone(db: Queryable, nowMs: number): Promise<number> {
  const { rowCount } = await db.query('DELETE FROM jobs WHERE done_at < $1', [new Date(nowMs - KEPT_DAYS * DAY_MS)])
  return rowCount
}
