// A cluster that cannot be opened says so in one sentence with an exit code of its own, and is left as it is.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { embeddedDatabaseUrl } from '../../services/embedded/database/address.ts'
import { openCluster } from '../../services/embedded/database/cluster.ts'
import { ClusterDamaged } from '../../services/embedded/database/clusterCheck.ts'
import { onServer, startDatabaseProcess } from '../harness/database.ts'
import { startEmbedded, startEmbeddedToFail } from '../harness/embeddedProcess.ts'

if (onServer) {
  t.pass('nothing to prove on a server')
  process.exit()
}
const database = await startDatabaseProcess(t)
await valuesOf(database.url, 'CREATE TABLE kept AS SELECT generate_series(1, 20000) AS n')
await database.kill()

const inLog = (dataDir: string): string[] =>
  readdirSync(join(dataDir, 'db/pg_wal'))
    .filter((name) => /^[0-9A-F]{24}$/.test(name))
    .sort()
    .map((name) => join(dataDir, 'db/pg_wal', name))
/** The file of the log that was written last; those behind it were made in advance. */
const lastOfLog = (dataDir: string): string => inLog(dataDir).reduce((a, b) => (statSync(b).mtimeMs >= statSync(a).mtimeMs ? b : a))
function eachOfLog(dataDir: string, work: (path: string) => void): void {
  for (const path of inLog(dataDir)) work(path)
}
const inDb = (dataDir: string, ...names: string[]): string => join(dataDir, 'db', ...names)
/** In place: the length stays. */
function overwrite(path: string, from = 0): void {
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xa7, from))
}

type Damage = (dataDir: string) => void

const seenFromOutside: Record<string, Damage> = {
  'the log overwritten': (dataDir) => eachOfLog(dataDir, overwrite),
  'the last written file of the log overwritten': (dataDir) => overwrite(lastOfLog(dataDir)),
  'the last written file of the log gone': (dataDir) => rmSync(lastOfLog(dataDir)),
  'the whole log gone': (dataDir) => eachOfLog(dataDir, (path) => rmSync(path)),
  'the log cut short': (dataDir) => truncateSync(lastOfLog(dataDir), 5000),
  'pg_control empty': (dataDir) => truncateSync(inDb(dataDir, 'global/pg_control')),
  'pg_control gone': (dataDir) => rmSync(inDb(dataDir, 'global/pg_control')),
  'an empty directory that was not copied': (dataDir) => rmSync(inDb(dataDir, 'pg_notify'), { recursive: true }),
  'the files of a database gone': (dataDir) => rmSync(inDb(dataDir, 'base/1'), { recursive: true }),
  'PG_VERSION gone': (dataDir) => rmSync(inDb(dataDir, 'PG_VERSION')),
  'the whole cluster gone': (dataDir) => rmSync(inDb(dataDir), { recursive: true }),
}

const foundByEngine: Record<string, Damage> = {
  'the log overwritten behind the heads of its files': (dataDir) => eachOfLog(dataDir, (path) => overwrite(path, 40)),
  'pg_control overwritten behind its beginning': (dataDir) => overwrite(inDb(dataDir, 'global/pg_control'), 100),
}

const sentence = (dataDir: string): RegExp =>
  new RegExp(`The database in ${dataDir}/db cannot be opened: .*docs/operations\\.md#restore says\\.$`)

for (const [what, damage] of Object.entries(seenFromOutside))
  t.test(`refused before the engine is asked, and left as it is: ${what}`, async (t) => {
    const dataDir = copyOf(t.testdir())
    damage(dataDir)
    const before = digest(dataDir)
    const refused = await openCluster(dataDir).then(
      () => undefined,
      (error: unknown) => error,
    )
    t.ok(refused instanceof ClusterDamaged)
    t.match(refused, { exitCode: 65, message: sentence(dataDir) })
    t.equal(digest(dataDir), before)
  })

for (const [what, damage] of Object.entries(foundByEngine))
  t.test(`refused in one sentence with a code of its own, and left as it is: ${what}`, async (t) => {
    const dataDir = copyOf(t.testdir())
    damage(dataDir)
    const before = digest(dataDir)
    const { code, stderr } = await startEmbeddedToFail(['--data', dataDir])
    t.equal(code, 65)
    t.match(stderr.trim(), sentence(dataDir))
    t.equal(stderr.trim().split('\n').length, 1, 'one sentence')
    t.notMatch(stderr, /Aborted|unreachable|ASSERTIONS/)
    t.equal(digest(dataDir), before)
  })

t.test('a copy put in place opens, with everything that was committed', async (t) => {
  const dataDir = copyOf(t.testdir())
  truncateSync(inDb(dataDir, 'global/pg_control'))
  await t.rejects(openCluster(dataDir), /pg_control is empty/)
  rmSync(inDb(dataDir), { recursive: true })
  copyOf(dataDir)
  const embedded = await startEmbedded(dataDir)
  t.teardown(() => embedded.stop())
  t.same(await valuesOf(embeddedDatabaseUrl(dataDir), 'SELECT count(*)::int AS n FROM kept'), [20_000])
})

function copyOf(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true })
  for (const name of ['db', 'db-owner-secret'])
    cpSync(join(database.dataDir, name), join(dataDir, name), { recursive: true, preserveTimestamps: true })
  return dataDir
}

/** Of names and contents of all there is, but for the engine's own mark of a process. */
function digest(dataDir: string): string {
  const hash = createHash('sha256')
  for (const entry of readdirSync(dataDir, { recursive: true, withFileTypes: true }).sort((a, b) => key(a).localeCompare(key(b)))) {
    if (entry.name === 'postmaster.pid') continue
    hash.update(`${key(entry)}\n`)
    if (entry.isFile()) hash.update(readFileSync(key(entry)))
  }
  return hash.digest('hex')
}
function key({ parentPath, name }: { parentPath: string; name: string }): string {
  return join(parentPath, name)
}

async function valuesOf(url: string, sql: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<{ n: number }>(sql)).rows.map(({ n }) => n)
  } finally {
    await client.end()
  }
}
