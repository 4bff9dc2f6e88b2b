// The schema: brings a database up to date by the numbered SQL in migrations/, sets how positions are kept, and says what the services
// may do. The same on the embedded database and on a TimescaleDB server.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { closeOpenDoors } from './applicationRights.ts'
import { type ApplicationRole, openToApplication } from './applicationRole.ts'
import { StartupError } from './config.ts'
import { databaseFault } from './databaseFaults.ts'
import type { Queryable } from './db.ts'
import { FOUNDING } from './founding.ts'
import { MIGRATION_LOCK } from './locks.ts'
import { enterNationalCalendar } from './nationalCalendar.ts'
import { applyStoragePolicy, type StoragePolicy } from './storagePolicy.ts'

export const migrationsDir = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The role that our services run as on the embedded database, which is called morin; it may not change the audit log. */
export const applicationRole = 'morin_app'

const extensions = ['timescaledb', 'btree_gist', 'pg_trgm']
const OLDEST_POSTGRES = 15
const OLDEST_TIMESCALEDB = [2, 20] as const

export type MigrateOptions = {
  storage?: StoragePolicy
  role?: ApplicationRole
  /** Told what a person should know, such as that another migration is waited for. */
  onNotice?: (sentence: string) => void
}
export type Migrated = {
  /** The migrations that were missing. */
  done: string[]
  /** The role that the services are to connect as. */
  role: string
  /** What only a superuser can shut, as statements. */
  open: string[]
}

/**
 * Runs what is missing of the migrations, each in its own transaction, and then storage policy and rights in one. Safe to call at every
 * start: nothing is changed that is so already. Two at once wait for each other.
 * @throws StartupError with one sentence for whatever is the matter with the database
 */
export async function migrate(databaseUrl: string, options: MigrateOptions = {}): Promise<Migrated> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'migrate', connectionTimeoutMillis: 15_000 })
  // A server that goes away ends the running query with the same error; without a listener it would end the process.
  client.on('error', () => undefined)
  let at = ''
  try {
    await client.connect()
    const db: Queryable = {
      query: async (text, values) => {
        const { rows, rowCount } = await client.query(text, values)
        return { rows, rowCount: rowCount ?? 0 }
      },
    }
    await takeLock(db, options.onNotice)
    await prepare(db)
    const migrations = await runner({
      dbClient: client,
      dir: join(migrationsDir, '*.sql'),
      useGlob: true,
      direction: 'up',
      migrationsTable: 'migrations',
      singleTransaction: false,
      advisoryLockMode: 'wait',
      // It would print the whole text of a migration that fails; the error says what is wrong and `at` where.
      logger: {
        debug: () => undefined,
        info: (line: string) => {
          at = /MIGRATION (\S+)/.exec(line)?.[1] ?? at
        },
        warn: console.warn,
        error: () => undefined,
      },
    })
    at = ''
    await inTransaction(client, async () => {
      await client.query(FOUNDING)
      await enterNationalCalendar(db)
    })
    const done = migrations.map((migration) => migration.name)
    return { done, ...(await inTransaction(client, () => settle(db, options))) }
  } catch (error) {
    if (error instanceof StartupError) throw error
    const fault = databaseFault(error)
    if (fault && !at) throw new StartupError(fault)
    if (at) throw new StartupError(`The migration ${at} failed and was taken back: ${fault ?? `${(error as Error).message}.`}`)
    throw error
  } finally {
    await client.end().catch(() => undefined) // it never connected, or is gone
  }
}

async function takeLock(db: Queryable, onNotice: MigrateOptions['onNotice']): Promise<void> {
  const { rows } = await db.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [MIGRATION_LOCK])
  if (rows[0]!.got) return
  onNotice?.('Another migration of this database is at work; waiting for it.')
  await db.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
}

/** The server's version, the extensions, and whose the schema is. */
async function prepare(db: Queryable): Promise<void> {
  const { rows: server } = await db.query<{ version: number; text: string }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_version') AS text`,
  )
  if (server[0]!.version < OLDEST_POSTGRES)
    throw new StartupError(`PostgreSQL ${server[0]!.text} is too old; version ${OLDEST_POSTGRES} or later is needed.`)
  for (const extension of extensions) await db.query(`CREATE EXTENSION IF NOT EXISTS ${extension}`)
  const { rows } = await db.query<{ version: string; licence: string; owner: string | null; user: string }>(
    `SELECT (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS version, current_setting('timescaledb.license') AS licence,
       (SELECT relowner::regrole::text FROM pg_class WHERE oid = to_regclass('public.positions')) AS owner, current_user::regrole::text AS "user"`,
  )
  const { version, licence, owner, user } = rows[0]!
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < OLDEST_TIMESCALEDB[0] || (major === OLDEST_TIMESCALEDB[0] && minor < OLDEST_TIMESCALEDB[1]))
    throw new StartupError(
      `TimescaleDB ${version} is too old; version ${OLDEST_TIMESCALEDB.join('.')} or later is needed (ALTER EXTENSION timescaledb UPDATE).`,
    )
  if (licence !== 'timescale')
    throw new StartupError(
      "This TimescaleDB is the Apache edition, which cannot compress; install the Community edition, or set timescaledb.license = 'timescale'.",
    )
  // Tables and jobs of two owners: neither could put the other's in order.
  if (owner !== null && owner !== user)
    throw new StartupError(`The schema belongs to the role ${owner}; run this as ${owner}, not as ${user}.`)
}

async function settle(db: Queryable, { storage, role = {} }: MigrateOptions): Promise<{ role: string; open: string[] }> {
  if (storage) await applyStoragePolicy(db, storage)
  const name = await openToApplication(db, role)
  return { role: name, open: await closeOpenDoors(db) }
}

async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN')
  try {
    const result = await work()
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined) // the connection is gone, and the transaction with it
    throw error
  }
}
