// A migrated, empty database for one test file: embedded, or, with TEST_DATABASE_URL, a new one on that TimescaleDB server.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { embeddedDatabaseUrl } from '../../services/embedded/database/address.ts'
import { applicationRole, migrate, setApplicationPassword } from '../../services/platform/migrate.ts'
import { databaseImage } from './databaseImage.ts'
import { startEmbedded } from './embeddedProcess.ts'

/** The role belongs to the server, so all its test databases share one password. */
const APP_PASSWORD = 'a password of tests'

/** What of a tap test is needed here. */
type Test = { teardown(work: () => unknown): void }

export type TestDatabase = {
  kind: 'embedded' | 'server'
  /** As the owner. */
  url: string
  /** As the role that our services run as. */
  appUrl: string
  /** The data directory of the embedded database; empty on a server. */
  dataDir: string
  readonly pid: number
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

/** `args` go to the embedded database's program, such as ['--database-idle-ms', '500']. Gone after the test `t`. */
export async function startTestDatabase(t: Test, args: readonly string[] = []): Promise<TestDatabase> {
  return onServer ? startOnServer(t, process.env.TEST_DATABASE_URL!) : startInProcess(t, args)
}

async function startInProcess(t: Test, args: readonly string[]): Promise<TestDatabase> {
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
  const name = `morin_test_${randomBytes(6).toString('hex')}`
  const administer = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: serverUrl })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await administer(`CREATE DATABASE ${name}`)
  t.teardown(() => administer(`DROP DATABASE ${name} WITH (FORCE)`))
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await migrate(url.href)
  const owner = new pg.Client({ connectionString: url.href })
  await owner.connect()
  await setApplicationPassword(owner, APP_PASSWORD).finally(() => owner.end())
  const appUrl = new URL(url)
  appUrl.username = applicationRole
  appUrl.password = APP_PASSWORD
  const notHere = (): Promise<never> => Promise.reject(new Error('a database server is not our process'))
  return {
    kind: 'server',
    url: url.href,
    appUrl: appUrl.href,
    dataDir: '',
    pid: 0,
    logged: notHere,
    kill: notHere,
    stop: notHere,
    reopen: notHere,
  }
}
