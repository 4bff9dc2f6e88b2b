// What only the embedded database has to prove: the shared session stays one of each connection, and nothing acknowledged is lost by a kill.
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { connect as connectSocket, type Socket } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { embeddedDatabaseUrl } from '../../services/embedded/database/address.ts'
import { int32, message, sync } from '../../services/embedded/database/wire.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { applyStoragePolicy } from '../../services/platform/storagePolicy.ts'
import { onServer, startDatabaseProcess } from '../harness/database.ts'

if (onServer) {
  t.pass('nothing to prove on a server')
  process.exit()
}
const database = await startDatabaseProcess(t, [
  ...['--database-idle-ms', '1200', '--database-long-wait-ms', '200'],
  ...['--database-policy-ms', '300', '--database-max-connections', '40'],
])

async function connect(options: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, ...options })
  client.on('error', () => undefined)
  await client.connect()
  t.teardown(() => client.end().catch(() => undefined))
  return client
}
const failure = (work: Promise<unknown>): Promise<{ code?: string; message: string }> =>
  work.then(
    () => ({ message: 'it did not fail' }),
    (error: pg.DatabaseError) => error,
  )

t.test('COPY FROM STDIN is refused, however it is dressed, and the instance lives', async (t) => {
  const client = await connect()
  await client.query('CREATE TABLE copied (a int)')
  for (const sql of [
    'COPY copied FROM STDIN',
    'copy copied (a) from stdin with (format csv)',
    '/* /* nested */ */ COPY -- x\n copied FROM/**/STDIN',
    "SELECT 1; COPY copied FROM STDIN; SELECT ';'",
    'COPY copied FROM stdout',
    'COPY "public"."copied" FROM STDIN',
  ]) {
    t.match(await failure(client.query(sql)), { code: '0A000' }, sql)
    t.match(await failure(client.query({ text: sql, values: [] })), { code: /0A000|42601/ }, `prepared: ${sql}`)
  }
  await client.query('BEGIN')
  t.match(await failure(client.query('COPY copied FROM STDIN')), { code: '0A000' })
  t.match(await failure(client.query('SELECT 1')), { code: '25P02' }, 'a refusal fails the transaction, as an error does')
  await client.query('ROLLBACK')
  await client.query(`INSERT INTO copied SELECT 1 WHERE 'copy copied from stdin' <> ''`)
  t.same((await client.query('SELECT count(*)::int AS n FROM copied')).rows, [{ n: 1 }])
})

t.test('a COPY FROM STDIN that the door does not see fails and the instance lives', async (t) => {
  const client = await connect()
  await client.query('CREATE TABLE smuggled (a int)')
  // With this setting off a backslash hides the quote from the server, but not from our reader of tokens.
  await client.query('SET standard_conforming_strings = off')
  t.match(await failure(client.query(`SELECT 'a\\'; COPY smuggled FROM STDIN; --'`)), { code: /57014|0A000|42601/ })
  t.match(await failure(client.query(`SELECT '\\''; COPY smuggled FROM STDIN; SELECT 'b'`)), { code: /57014|0A000|42601/ })
  t.same((await client.query('SELECT count(*)::int AS n FROM smuggled')).rows, [{ n: 0 }])
})

t.test('nobody changes the user of the session', async (t) => {
  const client = await connect()
  for (const sql of [
    'SET ROLE pg_monitor',
    'SET LOCAL ROLE pg_monitor',
    'SET SESSION ROLE pg_monitor',
    'set session authorization pg_monitor',
    'SET LOCAL SESSION AUTHORIZATION pg_monitor',
    'RESET ROLE',
    'RESET SESSION AUTHORIZATION',
    'SET "role" TO pg_monitor',
    "SET session_authorization = 'pg_monitor'",
    "SELECT set_config('role', 'pg_monitor', false)",
    "SELECT pg_catalog.set_config('ro' || 'le', 'pg_monitor', true)",
    'DO $$ BEGIN SET ROLE pg_monitor; END $$',
  ])
    t.match(await failure(client.query(sql)), { code: '0A000' }, sql)
  t.match(await failure(client.query('SELECT set_config($1, $2, true)', ['role', 'pg_monitor'])), { code: '0A000' })
  t.same((await client.query("SELECT set_config('morin.actor', $1, true) AS actor, current_user AS u", ['42'])).rows, [
    { actor: '42', u: 'morin' },
  ])
  await client.query("CREATE TABLE has_role (role text); INSERT INTO has_role VALUES ('a'); UPDATE has_role SET role = 'b'")
})

t.test('a connection of another user has the rights of that user, even in turns with the owner', async (t) => {
  const owner = await connect()
  await owner.query('CREATE TABLE audit (id int); CREATE ROLE clerk LOGIN; GRANT SELECT ON positions TO clerk')
  const clerk = await connect({ connectionString: embeddedDatabaseUrl(database.dataDir, 'clerk') })
  for (let turn = 0; turn < 3; turn++) {
    await owner.query('INSERT INTO audit VALUES (1)')
    t.match(await failure(clerk.query('SELECT * FROM audit')), { code: '42501' })
    t.match(await failure(clerk.query('DELETE FROM positions')), { code: '42501' })
    t.same((await clerk.query('SELECT current_user AS u, session_user AS s, count(*)::int AS n FROM positions')).rows, [
      { u: 'clerk', s: 'clerk', n: 0 },
    ])
  }
  const pools = [embeddedDatabaseUrl(database.dataDir, 'clerk'), database.url].map(
    (connectionString) => new pg.Pool({ connectionString, max: 5 }),
  )
  t.teardown(() => Promise.all(pools.map((pool) => pool.end())))
  const parallel = await Promise.all(Array.from({ length: 40 }, (_, i) => pools[i % 2]!.query('SELECT current_user AS u')))
  t.same(
    parallel.map(({ rows }) => rows[0].u),
    Array.from({ length: 40 }, (_, i) => (i % 2 ? 'morin' : 'clerk')),
  )
  t.match(await failure(connect({ connectionString: embeddedDatabaseUrl(database.dataDir, 'nobody') })), { code: '28000' })
})

t.test('the owner has a socket and a secret of its own, and nobody else comes in by it', async (t) => {
  const { dataDir } = database
  const owner = new URL(embeddedDatabaseUrl(dataDir))
  const application = new URL(embeddedDatabaseUrl(dataDir, 'morin_app'))
  t.equal(application.password, '')
  t.not(owner.searchParams.get('host'), application.searchParams.get('host'))
  t.equal(statSync(join(dataDir, 'db-owner-secret')).mode & 0o777, 0o600)
  const as = (url: URL, user: string, password: string) => {
    const changed = new URL(url)
    changed.username = user
    changed.password = password
    return failure(connect({ connectionString: changed.href }))
  }
  await (await connect()).query('CREATE ROLE second_owner LOGIN SUPERUSER')
  for (const user of ['morin', 'postgres', 'second_owner', 'morin\0x', '', ' morin', 'MORIN'])
    for (const password of ['', owner.password])
      t.match(await as(application, user, password), { code: /28000|08P01/ }, `${user} by the application's door`)
  for (const password of ['wrong', owner.password.slice(1), `${owner.password} `, 'x'.repeat(5_000)])
    t.match(await as(owner, 'morin', password), { code: '28P01' })
  t.match(await as(owner, 'morin', 'x'.repeat(20_000)), { code: '08P01' })
  for (const user of ['morin_app', 'second_owner']) t.match(await as(owner, user, owner.password), { code: '28000' })
  const taken = await connect({ connectionString: application.href })
  t.match(await failure(taken.query('ALTER TABLE audit_log DISABLE TRIGGER ALL')), { code: '42501' })
  t.match(await failure(taken.query('DELETE FROM audit_log')), { code: '42501' })
})

t.test('the owner’s door takes no statement before the secret', async (t) => {
  const path = join(new URL(database.url).searchParams.get('host')!, '.s.PGSQL.5432')
  const startup = Buffer.concat([int32(20), int32(196_608), Buffer.from('user\0morin\0\0')])
  startup.writeUInt32BE(startup.length, 0)
  for (const bytes of [message('Q', 'CREATE TABLE came_in (a int)'), message('p', ''), message('X'), sync]) {
    const socket = connectSocket(path)
    socket.on('error', () => undefined)
    socket.resume()
    socket.write(Buffer.concat([startup, bytes, message('Q', 'CREATE TABLE came_in (a int)')]))
    await once(socket, 'close')
  }
  t.match(await failure((await connect()).query('SELECT * FROM came_in')), { code: '42P01' })
})

t.test('a transaction that idles is rolled back, its client told, and who waited is named in the log', async (t) => {
  const [idle, other] = [await connect({ application_name: 'sleeper' }), await connect({ application_name: 'impatient' })]
  await idle.query('CREATE TABLE idled (a int)')
  await idle.query('BEGIN')
  // It waits before the other begins to idle, however slow whoever asks for both is.
  const counted = other.query('SELECT count(*)::int AS n FROM idled')
  // Listened for before the answer: it and the end of the connection may be read in one piece.
  const ended = once(idle, 'error')
  await idle.query('INSERT INTO idled VALUES (1)')
  t.same((await counted).rows, [{ n: 0 }])
  t.match((await ended)[0], { code: '25P03' })
  // Who has waited longest is named: the database's own upkeep, where it came into the queue before the other.
  t.match(JSON.parse(await database.logged('"owner":"sleeper')), { owner: /^sleeper #\d+$/, waiter: /^(impatient|upkeep) #\d+$/ })
})

t.test('one connection too many is refused with a reason', async (t) => {
  const many = await Promise.allSettled(Array.from({ length: 45 }, () => connect()))
  const refused = many.filter((result) => result.status === 'rejected')
  t.ok(refused.length >= 5)
  t.ok(refused.every(({ reason }) => reason.code === '53300'))
  await Promise.all(many.map((result) => (result.status === 'fulfilled' ? result.value.end() : undefined)))
})

t.test('bytes that are no protocol end their connection and nothing else', async (t) => {
  const path = join(new URL(database.url).searchParams.get('host')!, '.s.PGSQL.5432')
  const startup = Buffer.concat([int32(21), int32(196_608), Buffer.from('user\0morin\0\0')])
  startup.writeUInt32BE(startup.length, 0)
  const afterStartup = [...'FzpB'].map((type) => Buffer.concat([startup, message(type, 'x'), sync]))
  for (const bytes of [Buffer.from('GET / HTTP/1.1\r\n\r\n'), startup.subarray(0, 9), ...afterStartup]) {
    const socket = connectSocket(path)
    socket.on('error', () => undefined)
    socket.write(bytes)
    socket.resume()
    socket.end()
    await once(socket, 'close')
  }
  t.same((await (await connect()).query('SELECT 1 AS one')).rows, [{ one: 1 }])
})

t.test('a reader that stops reading a big result is dropped, and the others go on', async (t) => {
  const [stuck, other] = [await connect(), await connect()]
  const { stream } = (stuck as unknown as { connection: { stream: Socket } }).connection
  const query = new pg.Query("SELECT repeat('x', 1000) AS pad FROM generate_series(1, 100000)")
  query.once('row', () => stream.pause())
  query.on('error', () => undefined)
  stuck.query(query)
  await once(query, 'row')
  t.same((await other.query('SELECT 1 AS one')).rows, [{ one: 1 }])
  stream.destroy()
})

t.test('asked to close, it lets the transaction under way finish, and leaves a clean directory', async (t) => {
  const client = await connect()
  await client.query('CREATE TABLE finished (a int)')
  await client.query('BEGIN')
  await client.query('INSERT INTO finished VALUES (1)')
  const stopped = database.stop()
  await client.query('INSERT INTO finished VALUES (2)')
  await client.query('COMMIT')
  await stopped
  t.same(
    readdirSync(database.dataDir).filter((name) => /lock|socket/.test(name)),
    [],
  )
  await database.reopen()
  t.same((await (await connect()).query('SELECT count(*)::int AS n FROM finished')).rows, [{ n: 2 }])
})

t.test('compression and retention are run by the database process itself', async (t) => {
  const db = openDatabase({ url: database.url, applicationName: 'test', maxConnections: 1 })
  t.teardown(() => db.close())
  await db.query(
    `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms)
     SELECT g, '2020-02-16T00:00:00Z'::timestamptz + g * interval '1 day', now(), 0, 0, 0, 0 FROM generate_series(1, 3) g`,
  )
  const jobs = async (): Promise<{ id: number; name: string }[]> =>
    (
      await db.query<{ id: number; name: string }>(
        `SELECT job_id AS id, proc_name AS name FROM timescaledb_information.jobs WHERE job_id >= 1000 ORDER BY 2`,
      )
    ).rows
  const ran = async (name: string): Promise<unknown> =>
    database.logged(`"job":${(await jobs()).find((job) => job.name === name)!.id},"ran"`)
  const chunks = `SELECT count(*)::int AS n, count(*) FILTER (WHERE is_compressed)::int AS compressed FROM timescaledb_information.chunks`

  await applyStoragePolicy(db, { chunkMinutes: 30, compressAfterHours: 0, retentionDays: 365 })
  const first = await jobs()
  t.same(
    first.map(({ name }) => name),
    ['drop_old_positions', 'policy_compression'],
  )
  await applyStoragePolicy(db, { chunkMinutes: 30, compressAfterHours: 0, retentionDays: 365 })
  t.same(await jobs(), first, 'the same figures again change nothing')
  await ran('drop_old_positions')
  await database.logged('_hyper_1_3_chunk')
  t.same((await db.query(chunks)).rows, [{ n: 3, compressed: 3 }], 'old device times do not make young chunks old')

  await applyStoragePolicy(db, { chunkMinutes: 30, compressAfterHours: 1, retentionDays: 0 })
  t.same((await jobs()).length, 2, 'other figures replace the jobs')
  await ran('drop_old_positions')
  t.same((await db.query(chunks)).rows, [{ n: 0, compressed: 0 }])
})

t.test('after kill -9 every acknowledged row is there', async (t) => {
  const client = await connect()
  await client.query('CREATE TABLE kept (id int PRIMARY KEY)')
  for (let kill = 0; kill < 2; kill++) {
    const writer = await connect()
    let acknowledged = 0
    let killed: Promise<void> | undefined
    const base = kill * 1_000_000
    const found = async (): Promise<number> =>
      Number((await (await connect()).query('SELECT count(*) AS n FROM kept WHERE id >= $1', [base])).rows[0].n)
    for (let batch = 0; ; batch++) {
      const ids = Array.from({ length: 1_000 }, (_, i) => base + batch * 1_000 + i)
      const stored = writer.query('INSERT INTO kept SELECT * FROM unnest($1::int[])', [ids])
      if (batch === 12) killed = database.kill()
      if ((await failure(stored)).message !== 'it did not fail') break
      acknowledged += ids.length
    }
    await killed
    await database.reopen()
    const count = await found()
    t.ok(acknowledged >= 12_000)
    t.ok(
      count === acknowledged || count === acknowledged + 1_000,
      `${acknowledged} acknowledged, ${count} found; only the last may have been unheard`,
    )
    await (await connect()).query(
      `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms) VALUES (1, now(), now(), 0, 0, 0, 0) ON CONFLICT DO NOTHING`,
    )
  }
})
