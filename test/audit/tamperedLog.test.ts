// Tampering where it happens: in the database, by whoever owns it, in an export, and in the heads file. Logs, places and kinds are
// generated; each must be found, and its place named. What is untouched gives no alarm. Everything is verified twice, in line and by
// threads that judge blocks of a few records, and both must say the same.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { keyIdOf, readHeads, signHead } from '../../services/audit/heads.ts'
import { Judges } from '../../services/audit-verify/judge/judges.ts'
import { type Outcome, type VerifyOptions, verifyLog } from '../../services/audit-verify/verify.ts'
import type { AuditHead, AuditRow } from '../../services/contracts/auditRecord.ts'
import { canonicalJson } from '../../services/contracts/canonicalJson.ts'
import { openDatabase, type Queryable } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'
import { runs } from '../harness/long.ts'
import { headOf, keys, makeLog, rechainFrom } from './chain.ts'

const database = await startTestDatabase(t)
const owner = openDatabase({ url: database.url, applicationName: 'owner', maxConnections: 1 })
const directory = mkdtempSync(join(tmpdir(), 'morin-tampered-'))
const [judges, nobody] = [new Judges(), new Judges()]
judges.start(2)
await judges.ready()
t.teardown(async () => {
  await Promise.all([owner.close(), judges.close()])
  rmSync(directory, { recursive: true, force: true })
})
// Whoever owns the database takes away what would refuse.
await owner.query('ALTER TABLE audit_log DISABLE TRIGGER ALL')
const { rows: constraints } = await owner.query<{ name: string }>(
  `SELECT conname AS name FROM pg_constraint WHERE conrelid = 'audit_log'::regclass AND contype IN ('p', 'u', 'c')`,
)
for (const { name } of constraints) await owner.query(`ALTER TABLE audit_log DROP CONSTRAINT ${name}`)
for (const column of ['body', 'username', 'action', 'at', 'algorithm', 'hash', 'prev_hash', 'seq'])
  await owner.query(`ALTER TABLE audit_log ALTER COLUMN ${column} DROP NOT NULL`)

/** Slices as small as this put their borders between most neighbours. */
const SLICE = 7
const CHUNK = 4_000
const known = new Map([[keyIdOf(keys.publicKey), keys.publicKey]])
const textOf = (heads: readonly AuditHead[]): string => heads.map((head) => `${canonicalJson(head)}\n`).join('')
const openHeads = (text: string) => ({ readHeads: () => readHeads(text, known), slice: SLICE })

/** A log of SM3 and SHA-256 records in any mixture, with the records of its heads as the product writes them, and those heads. */
const logs = fc
  .record({ size: fc.integer({ min: 12, max: 60 }), every: fc.integer({ min: 3, max: 11 }), seed: fc.integer() })
  .map(({ size, every, seed }) => {
    const rows = makeLog(size, { salt: `${seed}`, headEvery: every, mixed: seed })
    const heads = rows.filter(({ action }) => action === 'audit.head').map((row) => headOf(rows[row.seq - 2]!))
    return { rows, heads }
  })
type Log = { rows: AuditRow[]; heads: AuditHead[] }
/** Every record that may be touched is one that a head knows of: what comes after the last one, nothing can vouch for. */
const vouched = ({ heads }: Log): number => heads.at(-1)!.seq

const columns = [
  ['seq', 'seq'],
  ['at', 'at'],
  ['accountId', 'account_id'],
  ['username', 'username'],
  ['role', 'role'],
  ['organisationId', 'organisation_id'],
  ['action', 'action'],
  ['subjectType', 'subject_type'],
  ['subjectId', 'subject_id'],
  ['algorithm', 'algorithm'],
  ['body', 'body'],
  ['prevHash', 'prev_hash'],
  ['hash', 'hash'],
] as const

async function store(rows: readonly AuditRow[]): Promise<void> {
  const values = columns.map(([key]) => rows.map((row) => (key === 'hash' || key === 'prevHash' ? `\\x${row[key]}` : row[key])))
  await owner.query('TRUNCATE audit_log')
  await owner.query(
    `INSERT INTO audit_log (${columns.map(([, name]) => name).join()}) SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::int[], $4::text[],
       $5::text[], $6::int[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bytea[], $13::bytea[])`,
    values,
  )
}
const everythingSaid = ({ check, ...rest }: Outcome) => {
  const { findings, findingCount, records, last, firstWrong, unsigned } = check
  return { findings, findingCount, records, last, firstWrong, unsigned, ...rest }
}
async function verify(log: { file: string } | { db: Queryable }, options: VerifyOptions): Promise<Outcome> {
  const inLine = await verifyLog(log, { ...options, judges: nobody })
  const inThreads = await verifyLog(log, { ...options, judges, chunk: CHUNK })
  const [one, other] = [everythingSaid(inLine), everythingSaid(inThreads)]
  if (!isDeepStrictEqual(one, other)) throw new Error(`in line: ${JSON.stringify(one)}\nin threads: ${JSON.stringify(other)}`)
  return inThreads
}
const inDatabase = (heads: string) => verify({ db: owner }, openHeads(heads))
async function inFile(bytes: string | Buffer, heads: string, excerpt = false) {
  const file = join(directory, 'export.jsonl')
  writeFileSync(file, bytes)
  return verify({ file }, { ...openHeads(heads), excerpt })
}
const exportOf = (rows: readonly AuditRow[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

type Tampering = (log: Log, random: { place: number; more: number; bit: number }) => { rows: AuditRow[]; at: number }
const flipped = (text: string, byte: number, bit: number): string => {
  const bytes = Buffer.from(text)
  bytes[byte % bytes.byteLength]! ^= 1 << (bit % 7)
  return bytes.toString().replaceAll('\0', '\u0001')
}
const flippedHex = (hex: string, byte: number, bit: number): string => {
  const bytes = Buffer.from(hex, 'hex')
  bytes[byte % bytes.byteLength]! ^= 1 << (bit % 8)
  return bytes.toString('hex')
}
/** What may stand in each column, and something else than stands there. */
function changed(row: AuditRow, column: keyof AuditRow, more: number, bit: number): AuditRow {
  const value = row[column]
  if (column === 'hash' || column === 'prevHash') return { ...row, [column]: flippedHex(row[column], more, bit) }
  if (column === 'at') return { ...row, at: new Date(Date.parse(row.at) + 1 + more).toISOString() }
  if (column === 'algorithm') return { ...row, algorithm: row.algorithm === 'sm3' ? 'sha256' : 'sm3' }
  if (value === null) return { ...row, [column]: column === 'accountId' || column === 'organisationId' ? more : 'x' }
  if (typeof value === 'number') return { ...row, [column]: value + 1 + more }
  return { ...row, [column]: flipped(value, more, bit) }
}
/** `at`: the record that the verifier must name, or one before it. */
const tamperings: Record<string, Tampering> = {
  'a bit of any column': ({ rows }, { place, more, bit }) => {
    const column = columns.map(([key]) => key).filter((key) => key !== 'seq')[more % 12]!
    return { rows: rows.with(place, changed(rows[place]!, column, more, bit)), at: place + 1 }
  },
  'one record deleted': ({ rows }, { place }) => ({ rows: rows.toSpliced(place, 1), at: place + 1 }),
  'several records deleted': ({ rows }, { place, more }) => ({ rows: rows.toSpliced(place, 2 + (more % 9)), at: place + 1 }),
  'the first records deleted': ({ rows }, { place }) => ({ rows: rows.slice(place + 1), at: 1 }),
  'the last records cut off': ({ rows }, { place }) => ({ rows: rows.slice(0, place), at: place + 1 }),
  'all records deleted': () => ({ rows: [], at: 1 }),
  'a record twice': ({ rows }, { place }) => ({ rows: rows.toSpliced(place, 0, rows[place]!), at: place + 1 }),
  'a record before the first': ({ rows }, { place, more }) => ({ rows: [{ ...rows[place]!, seq: -more }, ...rows], at: 1 }),
  'a record far behind the last': ({ rows }, { place, more }) => ({
    rows: [...rows, { ...rows[place]!, seq: rows.length + 2 + more }],
    at: rows.length + 1,
  }),
  'two records exchanged': ({ rows }, { place, more }) => {
    const other = (place + 1 + (more % (rows.length - 1))) % rows.length
    const [a, b] = [rows[place]!, rows[other]!]
    return { rows: rows.with(place, { ...b, seq: a.seq }).with(other, { ...a, seq: b.seq }), at: Math.min(place, other) + 1 }
  },
  'one deleted and everything behind it chained anew': ({ rows, heads }, { place }) => {
    const at = heads.find(({ seq }) => seq > place)!.seq
    return { rows: rechainFrom(rows.toSpliced(Math.max(1, place), 1), Math.max(1, place)), at }
  },
  'one put in and everything behind it chained anew': ({ rows, heads }, { place, more }) => {
    const from = Math.max(1, place)
    return {
      rows: rechainFrom(rows.toSpliced(from, 0, rows[1 + (more % (rows.length - 1))]!), from),
      at: heads.find(({ seq }) => seq > from)?.seq ?? from,
    }
  },
  'another history from some record on': ({ rows, heads }, { place }) => {
    const from = Math.max(1, place)
    const other = makeLog(rows.length - from, { salt: 'forged', from: from + 1, previous: rows[from - 1]!.hash })
    return { rows: [...rows.slice(0, from), ...other], at: heads.find(({ seq }) => seq > from)?.seq ?? from + 1 }
  },
  'the log of another installation': ({ rows }, { more }) => ({
    rows: makeLog(rows.length, { salt: `${more}`, installation: `another ${more}` }),
    at: rows.length,
  }),
}

const cases = logs.chain((log) =>
  fc.record({
    log: fc.constant(log),
    random: fc.record({ place: fc.integer({ min: 0, max: vouched(log) - 1 }), more: fc.nat({ max: 999 }), bit: fc.nat({ max: 7 }) }),
  }),
)
const seed = 20_261_126

t.test('an untouched log of mixed algorithms is whole, in the database and as a file', async (t) => {
  await fc.assert(
    fc.asyncProperty(logs, async ({ rows, heads }) => {
      await store(rows)
      const both = [await inDatabase(textOf(heads)), await inFile(exportOf(rows), textOf(heads))]
      return both.every(({ found, check }) => found === 0 && check.records === rows.length)
    }),
    { numRuns: runs(4, 40), seed },
  )
  t.pass('with a record of each head in it')
})

for (const [name, tamper] of Object.entries(tamperings))
  t.test(`${name}: found in the database and in a file, and where`, async (t) => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ log, random }) => {
        const { rows, at } = tamper(log, random)
        await store(rows)
        for (const { found, check } of [await inDatabase(textOf(log.heads)), await inFile(exportOf(rows), textOf(log.heads))]) {
          if (found === 0) throw new Error(`not found: ${JSON.stringify({ random, at })}`)
          if (check.firstWrong! > at) throw new Error(`said ${check.firstWrong}, and it is ${at}: ${check.findings[0]?.says}`)
        }
      }),
      { numRuns: runs(4, 40), seed },
    )
    t.pass()
  })

t.test('any byte of an export changed in any way is found, and the line or record named', async (t) => {
  await fc.assert(
    fc.asyncProperty(cases, fc.nat(), fc.integer({ min: 1, max: 255 }), async ({ log }, place, mask) => {
      const bytes = Buffer.from(exportOf(log.rows))
      bytes[place % bytes.byteLength]! ^= mask
      const { found, check } = await inFile(bytes, textOf(log.heads))
      const line = bytes.subarray(0, place % bytes.byteLength).filter((byte) => byte === 0x0a).length + 1
      return found > 0 && check.firstWrong! <= line + 1
    }),
    { numRuns: runs(75, 1500), seed },
  )
  t.pass()
})

t.test('a byte that says the same in other words is found as well: a blank, an escape, letters of a hash made capital', async (t) => {
  const rows = makeLog(5)
  const whole = exportOf(rows)
  const ways: [string, (text: string) => string][] = [
    ['a blank', (text) => text.replace('{"seq"', '{ "seq"')],
    ['an escape', (text) => text.replace('用户', '\\u7528户')],
    ['a field twice', (text) => text.replace('{"seq":3,', '{"seq":2,"seq":3,')],
    ['a number written otherwise', (text) => text.replace('"seq":3,', '"seq":3.0,')],
    ['an empty line', (text) => text.replace('\n', '\n\n')],
    ['a field more', (text) => text.replace('{"seq":3,', '{"note":1,"seq":3,')],
    [
      'capital hexadecimal',
      (text) => text.replace(/"prevHash":"([0-9a-f]{64})"/, (_all, hash: string) => `"prevHash":"${hash.toUpperCase()}"`),
    ],
  ]
  t.equal((await inFile(whole, textOf([headOf(rows[4]!)]))).found, 0)
  for (const [name, way] of ways) {
    t.not(way(whole), whole, name)
    t.ok((await inFile(way(whole), textOf([headOf(rows[4]!)]))).found > 0, name)
  }
  const torn = Buffer.concat([Buffer.from(whole), Buffer.from([0xff, 0xfe])])
  t.match((await inFile(torn, '')).check.findings.at(-1), { kind: 'format', says: /line 6 / })
})

t.test('threads answer for blocks in which nothing is wrong, and for no others', async (t) => {
  const rows = makeLog(30, { headEvery: 10 })
  const last = headOf(rows[29]!)
  const ask = (bytes: string, heads = [last]) => {
    judges.begin({ heads, excerpt: false })
    return judges.ask({ lines: Buffer.from(bytes.trimEnd()) })
  }
  t.match(await ask(exportOf(rows.slice(9))), {
    records: 21,
    after: { seq: 9, hash: rows[8]!.hash },
    last: { seq: 30 },
    lastGoodHead: last,
  })
  t.equal(await ask(exportOf(rows.slice(9)).replace('旧', '新')), undefined)
  t.equal(await ask(exportOf(rows.toSpliced(15, 1))), undefined)
  t.equal(await ask(exportOf(rows), [{ ...last, hash: rows[0]!.hash }]), undefined)
  t.equal(await nobody.ask({ lines: Buffer.from(exportOf(rows).trimEnd()) }), undefined)
})

t.test('an excerpt of many blocks says the same in threads: whole, tampered with, or out of order', async (t) => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ log, random: { place, more, bit } }) => {
      const some = log.rows.filter(({ seq }) => (seq * 7 + more) % 3 > 0)
      const whole = await inFile(exportOf(some), '', true)
      const at = place % some.length
      const wrong = await inFile(exportOf(some.with(at, changed(some[at]!, 'body', more, bit))), '', true)
      const [first, ...others] = some
      const disordered = await inFile(exportOf([...others, first!]), '', true)
      return whole.found === 0 && wrong.found > 0 && disordered.found > 0
    }),
    { numRuns: runs(8, 100), seed },
  )
  t.pass()
})

t.test('a name that is the bytes of another, written as escapes, is another name', async (t) => {
  const [first, ...others] = makeLog(30)
  const bytesAsLetters = [...Buffer.from('用户1')].map((byte) => `\\u00${byte.toString(16).padStart(2, '0')}`).join('')
  const forged = rechainFrom(
    [first!, ...others].map((row) => ({ ...row, body: row.body.replace('用户1', bytesAsLetters) })),
    0,
  )
  t.match((await inFile(exportOf(forged), '')).check.findings[0], { seq: 1, kind: 'column', says: /username/ })
  const sameName = rechainFrom(
    [first!, ...others].map((row) => ({ ...row, body: row.body.replace('用户1', '\\u7528户1') })),
    0,
  )
  t.equal((await inFile(exportOf(sameName), '')).found, 0)
})

t.test('a column emptied is found', async (t) => {
  const rows = makeLog(20)
  for (const [, column] of columns.filter(([key]) => key !== 'seq')) {
    await store(rows)
    await owner.query(`UPDATE audit_log SET ${column} = NULL WHERE seq = 9`)
    const { found, check } = await inDatabase('')
    t.ok(found > 0 && check.firstWrong === 9, `${column}: ${check.findings[0]?.says}`)
  }
})

t.test(
  'heads taken away, rolled back, exchanged or signed by somebody else are found; in another order or twice they are the same',
  async (t) => {
    const foreign = generateKeyPairSync('ed25519')
    const sign = ({ seq, hash, at, algorithm }: AuditHead) => signHead({ seq, hash, at, algorithm }, foreign.privateKey)
    const kinds: Record<string, (heads: AuditHead[], index: number) => AuditHead[]> = {
      'one taken away': (heads, index) => heads.toSpliced(index, 1),
      'rolled back': (heads, index) => heads.slice(0, index),
      'all gone': () => [],
      'another key': (heads) => heads.map(sign),
      'one by another key': (heads, index) => heads.with(index, sign(heads[index]!)),
      'one for another record': (heads, index) =>
        heads.with(index, { ...heads[index]!, seq: heads[index]!.seq + 1, count: heads[index]!.seq + 1 }),
      'of another log': (heads) => heads.map((head) => headOf({ ...makeLog(1)[0]!, seq: head.seq, hash: 'ab'.repeat(32) })),
    }
    for (const [name, kind] of Object.entries(kinds))
      await fc.assert(
        fc.asyncProperty(logs, fc.nat(), async ({ rows, heads }, place) => {
          const tampered = textOf(kind(heads, place % heads.length))
          const { found } = await inFile(exportOf(rows), tampered)
          if (found === 0) throw new Error(`${name} was not found`)
        }),
        { numRuns: runs(4, 40), seed },
      )
    const { rows, heads } = fc.sample(logs, { numRuns: 1, seed })[0]!
    t.equal((await inFile(exportOf(rows), textOf([...heads, ...heads].reverse()))).found, 0)
  },
)

t.test('log and heads rolled back together to an earlier day are that day’s, which only a copy elsewhere can tell', async (t) => {
  const rows = makeLog(40, { headEvery: 9 })
  const heads = rows.filter(({ action }) => action === 'audit.head').map((row) => headOf(rows[row.seq - 2]!))
  const kept = heads.slice(0, 2)
  t.equal((await inFile(exportOf(rows.slice(0, kept[1]!.seq)), textOf(kept))).found, 0)
  t.ok((await inFile(exportOf(rows.slice(0, kept[1]!.seq)), textOf(heads))).found > 0, 'the copy tells')
})

t.test('a file that is no export gets a sentence for its first line and no crash', async (t) => {
  const noise = Buffer.alloc(9_000_000, 'no line ends here')
  const found = await inFile(noise, '')
  t.match(found.check.findings[0], { kind: 'format', says: /line 1 / })
  t.equal((await inFile('', '')).check.findings[0]?.says, 'the log is empty; even a new one has its first record')
  const odd = ['null', '[]', '{}', '"x"', '{"seq":null}', '{"seq":"1"}', '{"seq":1}', '{"seq":1e400}', '[1,2]', '{"seq":{"a":1},"body":[]}']
  t.equal((await inFile(odd.join('\n'), '')).found > 0, true)
  for (const line of odd) t.ok((await inFile(`${line}\n`, '')).found > 0, line)
  const long = `${JSON.stringify({ ...makeLog(1)[0]!, body: 'x'.repeat(3_000_000) })}\n`
  t.match((await inFile(long + exportOf(makeLog(2)), '')).check.findings.length > 0, true)
})
