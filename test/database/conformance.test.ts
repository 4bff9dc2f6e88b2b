// What every service relies on in its database, whichever it is: run on the embedded one, or with TEST_DATABASE_URL on a server.
import { readFileSync } from 'node:fs'
import pg from 'pg'
import t from 'tap'
import { openDatabase } from '../../services/platform/db.ts'
import { onServer, startDatabaseProcess } from '../harness/database.ts'

const database = await startDatabaseProcess(t)
const embeddedOnly = { skip: onServer && 'only where the database is ours' }

async function connect(options: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url, ...options })
  client.on('error', () => undefined) // tests that end a connection look at the end itself
  await client.connect()
  t.teardown(() => client.end().catch(() => undefined))
  return client
}
const pool = new pg.Pool({ connectionString: database.url, max: 50 })
t.teardown(() => pool.end())

/** Runs `sql` and returns the SQLSTATE of its failure. */
const codeOf = (client: pg.Client, sql: string, values?: unknown[]): Promise<string | undefined> =>
  client.query(sql, values).then(
    () => undefined,
    (error: pg.DatabaseError) => error.code,
  )

t.test('200 parallel parameterised queries each get their own answer', async (t) => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => pool.query('SELECT $1::int * 2 AS twice, $2::text AS name', [i, `n${i}`])),
  )
  t.same(
    answers.map(({ rows }) => rows[0]),
    Array.from({ length: 200 }, (_, i) => ({ twice: i * 2, name: `n${i}` })),
  )
})

t.test('interleaved transactions on 20 connections lose and invent nothing', async (t) => {
  await pool.query('CREATE TABLE purse (id int PRIMARY KEY, coins int NOT NULL)')
  await pool.query('INSERT INTO purse SELECT g, 100 FROM generate_series(0, 9) g')
  const clients = await Promise.all(Array.from({ length: 20 }, () => connect()))
  await Promise.all(
    clients.map(async (client, i) => {
      for (let round = 0; round < 5; round++) {
        const [from, to] = [(i + round) % 10, (i + 3) % 10]
        await client.query('BEGIN')
        // Lower id first: on a server two transfers crossing would otherwise wait for each other.
        await client.query('SELECT * FROM purse WHERE id = ANY($1) ORDER BY id FOR UPDATE', [[from, to]])
        await client.query('UPDATE purse SET coins = coins - 7 WHERE id = $1', [from])
        await client.query('UPDATE purse SET coins = coins + 7 WHERE id = $1', [to])
        await client.query(round % 2 ? 'ROLLBACK' : 'COMMIT')
      }
    }),
  )
  t.same((await pool.query('SELECT sum(coins)::int AS coins FROM purse')).rows, [{ coins: 1000 }])
})

t.test('an error inside a transaction fails it, and the connection is usable afterwards', async (t) => {
  const client = await connect()
  await client.query('CREATE TABLE once_only (id int PRIMARY KEY)')
  await client.query('BEGIN')
  await client.query('INSERT INTO once_only VALUES (1)')
  t.equal(await codeOf(client, 'INSERT INTO once_only VALUES ($1)', [1]), '23505')
  t.equal(await codeOf(client, 'SELECT 1'), '25P02')
  await client.query('ROLLBACK')
  t.same((await client.query('SELECT count(*)::int AS n FROM once_only')).rows, [{ n: 0 }])
  t.equal(await codeOf(client, 'SELEC 1'), '42601')
  t.equal(await codeOf(client, 'SELECT $1::int', ['no number']), '22P02')
  t.equal(await codeOf(client, 'SELECT 1 / (g - 3000) FROM generate_series(1, 5000) g'), '22012', 'an error after thousands of rows')
  t.same((await client.query('SELECT 1 AS one')).rows, [{ one: 1 }])
})

t.test('a client that drops inside a transaction is rolled back and the others go on', async (t) => {
  await pool.query('CREATE TABLE dropped (id int)')
  const client = await connect()
  await client.query('BEGIN')
  await client.query('INSERT INTO dropped VALUES (1)')
  const waiting = Array.from({ length: 10 }, () => pool.query('SELECT 1'))
  ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  await Promise.all(waiting)
  t.same((await pool.query('SELECT count(*)::int AS n FROM dropped')).rows, [{ n: 0 }])
})

t.test('a waiting client that drops leaves the queue', async (t) => {
  const [owner, impatient] = [await connect(), await connect()]
  await owner.query('BEGIN')
  await owner.query('SELECT 1')
  impatient.query('SELECT 1').catch(() => undefined)
  ;(impatient as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  await owner.query('COMMIT')
  t.same((await pool.query('SELECT 1 AS one')).rows, [{ one: 1 }])
})

t.test('a big result arrives whole, with its row count, by either protocol', async (t) => {
  const client = await connect()
  const sql = "SELECT g, repeat('x', 20) AS pad FROM generate_series(1, 100000) g"
  for (const values of [undefined, []]) {
    const { rows, rowCount } = await client.query(sql, values)
    t.equal(rows.length, 100_000)
    t.equal(rowCount, 100_000)
    t.equal(rows[99_999].g, 100_000)
  }
  await client.query('CREATE TABLE many (id int)')
  const inserted = await client.query('INSERT INTO many SELECT g FROM generate_series(1, $1::int) g RETURNING id', [9_000])
  t.equal(inserted.rowCount, 9_000)
  t.equal(inserted.rows.length, 9_000)
  t.equal((await client.query('UPDATE many SET id = id + 1')).rowCount, 9_000)
})

t.test('a million rows are not kept in the memory of the embedded database', embeddedOnly, async (t) => {
  const residentKb = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${database.pid}/status`, 'utf8'))![1])
  const client = await connect()
  const before = residentKb()
  let peak = before
  let rows = 0
  const query = new pg.Query("SELECT g, repeat('x', 100) AS pad FROM generate_series(1, 1000000) g")
  query.on('row', () => {
    if (++rows % 50_000 === 0) peak = Math.max(peak, residentKb())
  })
  const ended = new Promise((resolve, reject) => query.on('end', resolve).on('error', reject))
  client.query(query)
  await ended
  t.equal(rows, 1_000_000)
  t.ok(peak - before < 100_000, `it grew by ${peak - before} kB for a result of 118 MB`)
})

t.test('several statements in one text answer one by one', async (t) => {
  const results = (await pool.query('SELECT 1 AS a; SELECT 2 AS b')) as unknown as pg.QueryResult[]
  t.same(
    results.map(({ rows }) => rows[0]),
    [{ a: 1 }, { b: 2 }],
  )
  t.equal((await pool.query('')).rows.length, 0)
})

t.test('a parameter and a value of 4 MB pass', async (t) => {
  const text = 'морин 莫林 '.repeat(300_000)
  const { rows } = await pool.query('SELECT length($1::text) AS length, $1::text AS back', [text])
  t.equal(rows[0].length, text.length)
  t.ok(rows[0].back === text)
})

t.test('types and instants come back as they went', async (t) => {
  const instant = new Date('2026-11-23T04:05:06.789Z')
  const { rows } = await pool.query(
    `SELECT $1::timestamptz AS instant, $2::bytea AS bytes, $3::jsonb AS json, $4::int[] AS ints, $5::text AS nothing, $6::float8 AS real,
       current_setting('TimeZone') AS zone, '2026-01-01'::timestamptz AT TIME ZONE 'Asia/Shanghai' = '2026-01-01 08:00' AS shanghai`,
    [instant, Buffer.of(0, 255, 39, 92), { name: '蒙A·00001' }, [1, null, -3], null, 0.1],
  )
  t.same(rows[0], {
    instant,
    bytes: Buffer.of(0, 255, 39, 92),
    json: { name: '蒙A·00001' },
    ints: [1, null, -3],
    nothing: null,
    real: 0.1,
    zone: rows[0].zone,
    shanghai: true,
  })
  t.match(rows[0].zone, /UTC/)
})

t.test('statements prepared under one name by two clients are two statements', async (t) => {
  const [a, b] = [await connect(), await connect()]
  const run = async (client: pg.Client, text: string): Promise<unknown> =>
    (await client.query({ name: 'same', text, values: [20] })).rows[0].x
  t.equal(await run(a, 'SELECT $1::int + 1 AS x'), 21)
  t.equal(await run(b, "SELECT $1::text || '!' AS x"), '20!')
  t.equal(await run(a, 'SELECT $1::int + 1 AS x'), 21)
  await b.end()
  t.equal(await run(a, 'SELECT $1::int + 1 AS x'), 21, 'the end of one leaves the statement of the other')
})

t.test(
  'a statement that comes again keeps its plan; one that searches for typed text, or reads positions, is planned each time',
  async (t) => {
    const db = openDatabase({ url: database.url, applicationName: 'test', maxConnections: 1 })
    t.teardown(() => db.close())
    const texts = {
      kept: 'SELECT $1::int + 1 AS next',
      typed: 'SELECT relname FROM pg_class WHERE relname LIKE $1',
      positions: 'SELECT FROM (SELECT 1) AS positions WHERE $1::int = 1',
    }
    const keptOf = async (text: string) => {
      const { rows } = await db.query<{ n: number }>('SELECT count(*) AS n FROM pg_prepared_statements WHERE statement = $1', [text])
      return rows[0]!.n
    }
    for (let n = 0; n < 8; n++) {
      t.same((await db.query(texts.kept, [n])).rows, [{ next: n + 1 }])
      await db.query(texts.typed, ['%nothing%'])
      await db.query(texts.positions, [1])
    }
    t.equal(await keptOf(texts.kept), 1)
    t.equal(await keptOf(texts.typed), 0)
    t.equal(await keptOf(texts.positions), 0)
  },
)

t.test('settings and temporary tables of one connection are not seen by another', async (t) => {
  const [a, b] = [await connect(), await connect()]
  await a.query("SET TimeZone = 'Asia/Tokyo'")
  await a.query('CREATE TEMP TABLE mine (id int)')
  t.match((await b.query('SHOW TimeZone')).rows[0].TimeZone, /UTC/)
  t.equal(await codeOf(b, 'SELECT * FROM mine'), '42P01')
})

t.test('an exclusion constraint refuses what overlaps, under concurrency', async (t) => {
  await pool.query('CREATE TABLE reserved (vehicle_id int, during tstzrange, EXCLUDE USING gist (vehicle_id WITH =, during WITH &&))')
  const codes = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      pool
        .query("INSERT INTO reserved VALUES (7, tstzrange('2026-11-23', '2026-11-24') * tstzrange($1, null))", [
          `2026-11-23T00:00:${10 + i}Z`,
        ])
        .then(
          () => 'won',
          (error: pg.DatabaseError) => error.code,
        ),
    ),
  )
  t.equal(codes.filter((code) => code === 'won').length, 1)
  t.equal(codes.filter((code) => code === '23P01').length, 39)
})

t.test('a late position is stored once even in a compressed chunk', async (t) => {
  const insert = (from: number, to: number): Promise<pg.QueryResult> =>
    pool.query(
      `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms)
       SELECT g % 50, '2026-11-20T00:00:00Z'::timestamptz + g * interval '1 second', now(), 1110000000, 408000000, 1, 0
       FROM generate_series($1::int, $2::int) g ON CONFLICT DO NOTHING`,
      [from, to],
    )
  t.equal((await insert(0, 4_999)).rowCount, 5_000)
  await pool.query("SELECT compress_chunk(c) FROM show_chunks('positions') c")
  t.equal((await insert(4_900, 5_099)).rowCount, 100, 'only the new ones')
  t.same((await pool.query('SELECT count(*)::int AS n FROM positions')).rows, [{ n: 5_100 }])
})
