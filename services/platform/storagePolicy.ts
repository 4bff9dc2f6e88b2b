// How positions are kept: the span of a chunk, when chunks are compressed and when they are dropped.
// The same on the embedded database and on a TimescaleDB server.
import type { Queryable } from './db.ts'

export type StoragePolicy = {
  /** Span of device time in one chunk of positions. */
  chunkMinutes: number
  /** A chunk is compressed this long after it was made. */
  compressAfterHours: number
  /** A chunk is dropped this long after it was made. */
  retentionDays: number
}

/** The procedure of ours that drops old chunks, as a job names it. */
export const DROP_PROCEDURE = 'public.drop_old_positions'

/** A job is ours by whose it is, what it runs and on which table: anybody can add one of the same name. */
const ours = `owner::oid = (SELECT relowner FROM pg_class WHERE oid = 'public.positions'::regclass)`

/**
 * Sets chunk size, compression and retention of positions; a second call with the same figures changes nothing.
 * Both go by the time a chunk was made, not by device time: a replayed recording of years ago is kept as long as anything else.
 * Call it as the owner of the table, in a transaction: at no moment is there no job.
 */
export async function applyStoragePolicy(client: Queryable, policy: StoragePolicy): Promise<void> {
  await client.query(`SELECT set_chunk_time_interval('public.positions', make_interval(mins => $1::int))`, [policy.chunkMinutes])
  await keepCompressing(client, policy.compressAfterHours)
  await keepDropping(client, policy.retentionDays * 24)
}

async function keepCompressing(client: Queryable, hours: number): Promise<void> {
  const { rows } = await client.query(
    `SELECT 1 FROM timescaledb_information.jobs WHERE hypertable_schema = 'public' AND hypertable_name = 'positions'
       AND proc_schema = '_timescaledb_functions' AND proc_name = 'policy_compression' AND ${ours} AND scheduled
       AND (config->>'compress_created_before')::interval = make_interval(hours => $1::int)`,
    [hours],
  )
  if (rows.length) return
  await client.query(`SELECT remove_compression_policy('public.positions', if_exists => true)`)
  await client.query(`SELECT add_compression_policy('public.positions', compress_created_before => make_interval(hours => $1::int))`, [
    hours,
  ])
}

/** A job of our own: TimescaleDB's retention policy takes drop_created_before for such a table and then fails at every run (2.23). */
async function keepDropping(client: Queryable, hours: number): Promise<void> {
  await client.query(
    `CREATE OR REPLACE PROCEDURE public.drop_old_positions(job_id int, config jsonb) LANGUAGE sql
     AS $$ SELECT public.drop_chunks('public.positions', created_before => (config->>'created_before')::interval) $$`,
  )
  await client.query('REVOKE ALL ON PROCEDURE public.drop_old_positions(int, jsonb) FROM PUBLIC')
  const { rows } = await client.query<{ id: number; same: boolean }>(
    `SELECT job_id AS id, scheduled AND (config->>'created_before')::interval = make_interval(hours => $1::int) AS same
     FROM timescaledb_information.jobs WHERE proc_schema || '.' || proc_name = '${DROP_PROCEDURE}' AND ${ours} ORDER BY job_id`,
    [hours],
  )
  if (rows.length === 1 && rows[0]!.same) return
  for (const { id } of rows) await client.query('SELECT delete_job($1)', [id])
  await client.query(
    `SELECT add_job('${DROP_PROCEDURE}', '1 hour', config => jsonb_build_object('created_before', make_interval(hours => $1::int)::text))`,
    [hours],
  )
}
