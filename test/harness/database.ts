// A migrated, empty database for one test file: embedded, or, with TEST_DATABASE_URL, a new one on that TimescaleDB server.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { embeddedDatabaseUrl } from '../../services/embedded/database/address.ts'
import { applicationRoleOf } from '../../services/platform/applicationRole.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { applicationRole, migrate } from '../../services/platform/migrate.ts'
import { databaseImage } from './databaseImage.ts'
import { startEmbedded } from './embeddedProcess.ts'
import { closeHosted, openHosted } from './hostedDatabase.ts'
import { endStanding } from './standing.ts'

const TEST_PREFIX = 'morin_test_'

/** What of a tap test is needed here. */
type Test = { teardown(work: () => unknown): void }

export type TestDatabase = {
  kind: 'embedded' | 'server'
  /** As the owner. */
  url: string
  /** As the role that our services run as. */
  appUrl: string
  /** Its name: one for each database. */
  appRole: string
  /** The data directory of the embedded database; empty on a server. */
  dataDir: string
  /** The process that holds it; 0 on a server. */
  readonly pid: number
}

/** One in a process of its own, for suites that kill it, stop it or look at it from outside. */
export type DatabaseProcess = TestDatabase & {
  /** Resolves with the first log line of the running process that holds `text` (embedded only). */
  logged(text: string): Promise<string>
  /** kill -9 (embedded only). */
  kill(): Promise<void>
  /** Asks it to close and waits until it has (embedded only). */
  stop(): Promise<void>
  /** Starts it again on the same directory; the url stays the same (embedded only). */
  reopen(): Promise<void>
}

export const onServer = process.env.TEST_DATABASE_URL !== undefined && process.env.TEST_DATABASE_URL !== ''

/** Gone after the test `t`. */
export async function startTestDatabase(t: Test): Promise<TestDatabase> {
  await endStanding()
  if (onServer) return startOnServer(t, process.env.TEST_DATABASE_URL!)
  const dataDir = mkdtempSync(join(tmpdir(), 'morin-test-'))
  const { url } = await openHosted(dataDir, await databaseImage())
  t.teardown(async () => {
    await closeHosted(dataDir)
    rmSync(dataDir, { recursive: true, force: true })
  })
  return {
    kind: 'embedded',
    url,
    appUrl: embeddedDatabaseUrl(dataDir, applicationRole),
    appRole: applicationRole,
    dataDir,
    pid: process.pid,
  }
}

/** `args` go to the embedded database's program, such as ['--database-idle-ms', '500']. Gone after the test `t`. */
export async function startDatabaseProcess(t: Test, args: readonly string[] = []): Promise<DatabaseProcess> {
  if (!onServer) return startInProcess(t, args)
  const notHere = (): Promise<never> => Promise.reject(new Error('a database server is not our process'))
  const database = await startOnServer(t, process.env.TEST_DATABASE_URL!)
  return { ...database, logged: notHere, kill: notHere, stop: notHere, reopen: notHere }
}

/** Runs `work` as the owner of the schema: what tests lay into the database and no service does. */
export async function asOwner(database: TestDatabase, work: (owner: Database) => Promise<void>): Promise<void> {
  const owner = openDatabase({ url: database.url, applicationName: 'test owner', maxConnections: 1 })
  await work(owner).finally(() => owner.close())
}

async function startInProcess(t: Test, args: readonly string[]): Promise<DatabaseProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'morin-test-'))
  const image = await databaseImage()
  let embedded = await startEmbedded(dataDir, ['--database-image', image, ...args])
  t.teardown(async () => {
    await embedded.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return {
    kind: 'embedded',
    url: embedded.url,
    appUrl: embeddedDatabaseUrl(dataDir, applicationRole),
    appRole: applicationRole,
    dataDir,
    get pid() {
      return embedded.pid
    },
    logged: (text) => embedded.logged(text),
    kill: () => embedded.kill(),
    stop: () => embedded.stop(),
    async reopen() {
      embedded = await startEmbedded(dataDir, args)
    },
  }
}

async function startOnServer(t: Test, serverUrl: string): Promise<TestDatabase> {
  await refuseForeignServer(serverUrl)
  const name = `${TEST_PREFIX}${randomBytes(6).toString('hex')}`
  await onServerOf(serverUrl, `CREATE DATABASE ${name}`)
  const role = applicationRoleOf(name)
  t.teardown(async () => {
    await onServerOf(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`)
    await onServerOf(serverUrl, `DROP ROLE IF EXISTS ${role}`)
  })
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const password = randomBytes(12).toString('hex')
  await migrate(url.href, { role: { password }, storage: { chunkMinutes: 1440, compressAfterHours: 48, retentionDays: 30 } })
  const appUrl = new URL(url)
  appUrl.username = role
  appUrl.password = password
  return { kind: 'server', url: url.href, appUrl: appUrl.href, appRole: role, dataDir: '', pid: 0 }
}

async function onServerOf<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<R>(sql)).rows
  } finally {
    await client.end()
  }
}

/**
 * Tests make and drop databases and roles, and try to do harm as the services' role: only on a server that holds no installation.
 * @throws Error naming the database that is somebody's
 */
export async function refuseForeignServer(serverUrl: string): Promise<void> {
  const databases = await onServerOf<{ datname: string }>(
    serverUrl,
    `SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname NOT LIKE '${TEST_PREFIX.replaceAll('_', '\\_')}%' ORDER BY 1`,
  )
  for (const { datname } of databases) {
    const url = new URL(serverUrl)
    url.pathname = `/${encodeURIComponent(datname)}`
    const rows = await onServerOf(url.href, `SELECT FROM pg_tables WHERE schemaname = 'public' AND tablename IN ('positions', 'audit_log')`)
    if (rows.length > 0)
      throw new Error(
        `The server of TEST_DATABASE_URL holds the database ${datname}, which is somebody's Morin: tests run on a server of their own.`,
      )
  }
}
