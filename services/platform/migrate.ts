// The schema: brings a database up to date by the numbered SQL in migrations/, and sets how positions are kept.
// The same on the embedded database and on a TimescaleDB server.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import type { Queryable } from './db.ts'
import { enterNationalCalendar } from './nationalCalendar.ts'
import { scramVerifier } from './scram.ts'

export const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The role that our services run as; it may not change the audit log. Made by the migrations. */
export const applicationRole = 'morin_app'

const extensions = ['timescaledb', 'btree_gist', 'pg_trgm']

/** Runs what is missing of the migrations, each in its own transaction; returns their names. Safe to call at every start. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'migrate' })
  // A server that goes away ends the running query with the same error; without a listener it would end the process.
  client.on('error', (error) => console.error(`the database ended the migration's connection: ${error.message}`))
  await client.connect()
  try {
    for (const extension of extensions) await client.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`)
    const done = await runner({
      dbClient: client,
      dir: join(migrationsDir, '*.sql'),
      useGlob: true,
      direction: 'up',
      migrationsTable: 'migrations',
      singleTransaction: false,
      advisoryLockMode: 'wait',
      logger: { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error },
    })
    await enterNationalCalendar({ query: async (text, values) => ({ rows: (await client.query(text, values)).rows, rowCount: 0 }) })
    return done.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

/** Lets the application's role log in with this password, of which the server is told only the verifier. Printable ASCII. */
export async function setApplicationPassword(client: Queryable, password: string): Promise<void> {
  await client.query(`ALTER ROLE ${applicationRole} LOGIN PASSWORD '${scramVerifier(password)}'`)
}

export type StoragePolicy = {
  /** Span of device time in one chunk of positions. */
  chunkMinutes: number
  /** A chunk is compressed this long after it was made. */
  compressAfterHours: number
  /** A chunk is dropped this long after it was made. */
  retentionDays: number
}

/**
 * Sets chunk size, compression and retention of positions; a second call with the same figures changes nothing.
 * Both go by the time a chunk was made, not by device time: a replayed recording of years ago is kept as long as anything else.
 */
export async function applyStoragePolicy(client: Queryable, policy: StoragePolicy): Promise<void> {
  await client.query(`SELECT set_chunk_time_interval('positions', make_interval(mins => $1::int))`, [policy.chunkMinutes])
  await keepCompressing(client, policy.compressAfterHours)
  await keepDropping(client, policy.retentionDays * 24)
}

async function keepCompressing(client: Queryable, hours: number): Promise<void> {
  const { rows } = await client.query(
    `SELECT 1 FROM timescaledb_information.jobs WHERE hypertable_name = 'positions' AND proc_name = 'policy_compression'
     AND (config->>'compress_created_before')::interval = make_interval(hours => $1::int)`,
    [hours],
  )
  if (rows.length) return
  await client.query(`SELECT remove_compression_policy('positions', if_exists => true)`)
  await client.query(`SELECT add_compression_policy('positions', compress_created_before => make_interval(hours => $1::int))`, [hours])
}

/** A job of our own: TimescaleDB's retention policy takes drop_created_before for such a table and then fails at every run (2.23). */
async function keepDropping(client: Queryable, hours: number): Promise<void> {
  const { rows } = await client.query<{ id: number; same: boolean }>(
    `SELECT job_id AS id, (config->>'created_before')::interval = make_interval(hours => $1::int) AS same
     FROM timescaledb_information.jobs WHERE proc_name = 'drop_old_positions'`,
    [hours],
  )
  if (rows.length === 1 && rows[0]!.same) return
  for (const { id } of rows) await client.query('SELECT delete_job($1)', [id])
  await client.query(
    `CREATE OR REPLACE PROCEDURE drop_old_positions(job_id int, config jsonb) LANGUAGE sql
     AS $$ SELECT drop_chunks('positions', created_before => (config->>'created_before')::interval) $$`,
  )
  await client.query(
    `SELECT add_job('drop_old_positions', '1 hour', config => jsonb_build_object('created_before', make_interval(hours => $1::int)::text))`,
    [hours],
  )
}
