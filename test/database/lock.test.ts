// One process per data directory, whatever crashed before; and a directory that cannot be used is named in one sentence and left as it was.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { embeddedDatabaseUrl } from '../../services/embedded/database/address.ts'
import { lockDataDirectory } from '../../services/embedded/database/lock.ts'
import { databaseImage } from '../harness/databaseImage.ts'
import { type Exit, startEmbedded, startEmbeddedToFail } from '../harness/embeddedProcess.ts'

const image = await databaseImage()
const imageArgs = ['--database-image', image]

function directory(t: { teardown(work: () => unknown): void }, name = 'morin-lock-'): string {
  const path = mkdtempSync(join(tmpdir(), name))
  t.teardown(() => rmSync(path, { recursive: true, force: true }))
  return path
}
type Check = Pick<typeof t, 'not' | 'match' | 'equal'>
function refusedWith(t: Check, { code, stderr }: Exit, sentence: RegExp): void {
  t.not(code, 0)
  t.match(stderr, sentence)
  t.equal(stderr.trim().split('\n').length, 1, 'one sentence and no stack')
}

t.test('of two starts at once on one directory exactly one serves, and it is not disturbed', async (t) => {
  const dataDir = directory(t)
  const starts = await Promise.allSettled([startEmbedded(dataDir, imageArgs), startEmbedded(dataDir, imageArgs)])
  const served = starts.filter((start) => start.status === 'fulfilled')
  t.equal(served.length, 1)
  refusedWith(t, await startEmbeddedToFail(['--data', dataDir]), /in use by process \d+/)
  const client = new pg.Client(served[0]!.value.url)
  await client.connect()
  t.same((await client.query('SELECT count(*)::int AS n FROM positions')).rows, [{ n: 0 }])
  await client.end()
  await served[0]!.value.stop()
  t.notOk(existsSync(join(dataDir, 'db.lock')), 'a clean end leaves no lock')
  t.notOk(existsSync(join(dataDir, 'db-socket')), 'and no socket')
})

t.test('the lock of a dead process, or of a recycled pid, is taken over; that of a living one is not', async (t) => {
  const dataDir = directory(t)
  const lock = join(dataDir, 'db.lock')
  for (const stale of ['', 'garbage', '4194999', `${process.ppid} 1 some-other-boot`]) {
    writeFileSync(lock, stale)
    const taken = lockDataDirectory(dataDir)
    t.match(readFileSync(lock, 'utf8'), new RegExp(`^${process.pid}\\b`), `after "${stale}"`)
    t.throws(() => lockDataDirectory(dataDir), { message: new RegExp(`in use by process ${process.pid}`) })
    taken.release()
    t.same(readdirSync(dataDir), [])
  }
  writeFileSync(lock, String(process.ppid)) // written where there is no /proc: the pid alone decides
  t.throws(() => lockDataDirectory(dataDir), { message: /in use/ })
})

t.test('a take-over that was killed in the middle is explained, not repeated blindly', async (t) => {
  const dataDir = directory(t)
  writeFileSync(join(dataDir, 'db.lock'), '4194999')
  writeFileSync(join(dataDir, 'db.lock.takeover'), '4194998')
  t.throws(() => lockDataDirectory(dataDir), { message: /remove .*db\.lock\.takeover/ })
})

t.test('directories that cannot be used are refused in one sentence and left as they were', async (t) => {
  const dataDir = directory(t)
  const file = join(dataDir, 'file')
  writeFileSync(file, 'mine')
  refusedWith(t, await startEmbeddedToFail(['--data', file]), /not a directory/)
  refusedWith(t, await startEmbeddedToFail(['--data', join(file, 'below')]), /not a directory/)
  t.equal(readFileSync(file, 'utf8'), 'mine')

  const old = join(dataDir, 'old')
  mkdirSync(join(old, 'db'), { recursive: true })
  writeFileSync(join(old, 'db', 'PG_VERSION'), '16\n')
  refusedWith(t, await startEmbeddedToFail(['--data', old]), /PostgreSQL 16.*17/)
  t.same(readdirSync(join(old, 'db')), ['PG_VERSION'])

  const other = join(dataDir, 'other')
  mkdirSync(join(other, 'db'), { recursive: true })
  writeFileSync(join(other, 'db', 'holiday.jpg'), '')
  refusedWith(t, await startEmbeddedToFail(['--data', other]), /not a database/)
  t.same(readdirSync(other), ['db'], 'no lock is left behind')
})

t.test('a directory of another user is refused in one sentence', { skip: cannotBeSomebodyElse() }, async (t) => {
  const dataDir = directory(t)
  chmodSync(dataDir, 0o700)
  const { code, stderr } = await startEmbeddedToFail(['--data', dataDir], { uid: 65_534 })
  t.not(code, 0)
  // tap's recorder inside the child may complain after it, because that user may not write its files either.
  t.match(stderr, /^morin: The data directory .* cannot be used: this user may not read and write it\.\n/)
  t.same(readdirSync(dataDir), [])
})

t.test('a first start that was killed is begun again', async (t) => {
  const dataDir = directory(t)
  mkdirSync(join(dataDir, 'db'))
  writeFileSync(join(dataDir, 'db', 'PG_VERSION'), '17\n')
  writeFileSync(join(dataDir, 'db-unfinished'), '')
  const embedded = await startEmbedded(dataDir, imageArgs)
  t.notOk(existsSync(join(dataDir, 'db-unfinished')))
  await embedded.stop()
})

t.test('under a deep directory the socket lives elsewhere, private, and is found and removed', async (t) => {
  const dataDir = join(directory(t), 'deep'.repeat(30))
  let embedded = await startEmbedded(dataDir, imageArgs)
  t.equal(embeddedDatabaseUrl(dataDir), embedded.url)
  const socketDir = new URL(embedded.url).searchParams.get('host')!
  t.equal(statSync(socketDir).mode & 0o777, 0o700)
  t.notOk(socketDir.startsWith(dataDir))
  await embedded.kill()
  embedded = await startEmbedded(dataDir)
  t.notOk(existsSync(socketDir), 'what the killed one left is gone')
  const client = new pg.Client(embeddedDatabaseUrl(dataDir))
  await client.connect()
  await client.end()
  const second = new URL(embedded.url).searchParams.get('host')!
  await embedded.stop()
  t.notOk(existsSync(second))
})

/** Another user can only run the program where everybody may read it: not in a checkout below somebody's private directory. */
function cannotBeSomebodyElse(): string | false {
  if (process.getuid?.() !== 0) return 'needs root to become somebody else'
  for (let path = process.cwd(); path !== '/'; path = dirname(path))
    if ((statSync(path).mode & 0o005) !== 0o005) return `${path} is private`
  return false
}
