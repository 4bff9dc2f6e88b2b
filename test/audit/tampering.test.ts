// Every kind of tampering, at many random places: each is found, and its place is named. An untouched log gives no alarm.
import fc from 'fast-check'
import t from 'tap'
import { keyIdOf, readHeads } from '../../services/audit/heads.ts'
import type { AuditRow } from '../../services/contracts/auditRecord.ts'
import { canonicalJson } from '../../services/contracts/canonicalJson.ts'
import { check, firstSeq, headOf, keys, makeLog, rechain, rechainFrom } from './chain.ts'

const SIZE = 60
const log = makeLog(SIZE)
const heads = [headOf(log[9]!), headOf(log[29]!), headOf(log[SIZE - 1]!)]
const RUNS = { numRuns: 300, seed: 20261123 }

const place = fc.integer({ min: 0, max: SIZE - 1 })
const replaced = (index: number, row: AuditRow): AuditRow[] => log.with(index, row)

/** `text` with one bit of one of its bytes changed, as far as it is still text. */
function flip(text: string, byte: number, bit: number): string {
  const bytes = Buffer.from(text)
  bytes[byte % bytes.byteLength]! ^= 1 << (bit % 7)
  return bytes.toString()
}

t.test('an untouched log gives no alarm, with heads and without, whole or in excerpts', async (t) => {
  t.same(check(log, heads), [])
  t.same(check(log), [])
  t.same(
    check(
      log.filter(({ seq }) => seq % 3 === 0),
      heads,
      true,
    ),
    [],
  )
  t.same(check(makeLog(1)), [])
})

t.test('a flipped bit is found wherever it is, and its record named', async (t) => {
  const fields = ['body', 'hash', 'prevHash', 'at', 'username', 'role', 'action', 'subjectType', 'subjectId', 'algorithm'] as const
  fc.assert(
    fc.property(place, fc.constantFrom(...fields), fc.nat(), fc.nat(), (index, field, byte, bit) => {
      const row = log[index]!
      if (row[field] === null) return
      const findings = check(replaced(index, { ...row, [field]: flip(row[field]!, byte, bit) }))
      return findings.length > 0 && firstSeq(findings) === row.seq
    }),
    { ...RUNS, numRuns: 2000 },
  )
  t.pass()
})

t.test('a changed number is found', async (t) => {
  fc.assert(
    fc.property(place, fc.constantFrom('accountId', 'organisationId', 'seq'), fc.integer({ min: -5, max: 500 }), (index, field, to) => {
      const row = log[index]!
      if (row[field as 'seq'] === to) return
      const findings = check(replaced(index, { ...row, [field]: to }))
      return findings.length > 0 && firstSeq(findings) <= row.seq
    }),
    RUNS,
  )
  t.pass()
})

t.test('a changed record with a hash made to fit breaks at the next one, and at the end a head knows', async (t) => {
  fc.assert(
    fc.property(place, (index) => {
      const forged = rechain({ ...log[index]!, body: log[index]!.body.replace('20', '30'), organisationId: 30 })
      const findings = check(replaced(index, forged), heads)
      const signed = [9, 29, SIZE - 1].includes(index)
      return signed ? findings[0]?.kind === 'fork' : findings[0]?.seq === index + 2 && findings[0].kind === 'link'
    }),
    RUNS,
  )
  t.pass()
})

t.test('a deletion is found and says which records are missing', async (t) => {
  fc.assert(
    fc.property(place, fc.integer({ min: 1, max: 20 }), (index, count) => {
      const gone = Math.min(count, SIZE - index)
      const [finding] = check(log.toSpliced(index, gone), heads)
      const atEnd = index + gone === SIZE
      return finding?.seq === index + 1 && finding.kind === (atEnd ? 'truncated' : 'missing')
    }),
    RUNS,
  )
  t.pass()
})

t.test('a deletion with everything after it numbered and chained anew is found by the heads', async (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: SIZE - 2 }), (index) => {
      const findings = check(rechainFrom(log.toSpliced(index, 1), index), heads)
      return findings.some(({ kind }) => kind === 'fork' || kind === 'truncated')
    }),
    RUNS,
  )
  t.pass()
})

t.test('an insertion is found, whether it is a copy, a forgery, or everything after it is chained anew', async (t) => {
  fc.assert(
    fc.property(place, place, (index, other) => {
      const copied = check(log.toSpliced(index, 0, log[other]!))
      const forged = rechain({ ...log[other]!, seq: index + 1, prevHash: log[index]!.prevHash })
      const inserted = check(log.toSpliced(index, 0, forged))
      const rechained = check(rechainFrom(log.toSpliced(index, 0, forged), index), heads)
      return copied.length > 0 && inserted.length > 0 && rechained.some(({ kind }) => kind === 'fork')
    }),
    RUNS,
  )
  t.pass()
})

t.test('a reordering is found, numbers kept or exchanged', async (t) => {
  fc.assert(
    fc.property(place, place, (a, b) => {
      if (a === b) return
      const [first, second] = [log[a]!, log[b]!]
      const moved = check(log.with(a, second).with(b, first))
      const renumbered = check(log.with(a, { ...second, seq: first.seq }).with(b, { ...first, seq: second.seq }))
      return firstSeq(moved) <= Math.min(a, b) + 1 && firstSeq(renumbered) === Math.min(a, b) + 1
    }),
    RUNS,
  )
  t.pass()
})

t.test('a truncation is found, from one record to all of them', async (t) => {
  for (let kept = 0; kept < SIZE; kept++) {
    const findings = check(log.slice(0, kept), heads)
    t.ok(
      findings.some(({ seq, kind }) => seq === kept + 1 && (kind === 'truncated' || kept === 0)),
      `${kept} kept`,
    )
  }
  t.same(check(log.slice(0, 40)), [], 'which nobody could know without a head')
})

t.test('a fork is found: another history, sound in itself, from some record on', async (t) => {
  for (let from = 2; from <= SIZE; from++) {
    const history = [...log.slice(0, from - 1), ...makeLog(SIZE - from + 1, { salt: '!', from, previous: log[from - 2]!.hash })]
    const findings = check(history, heads)
    const signed = [10, 30, 60].find((seq) => seq >= from)!
    t.match(findings[0], { kind: 'fork', seq: signed }, `from ${from}`)
  }
})

t.test('a log of another installation, or a beginning made anew, is found', async (t) => {
  const foreign = rechainFrom(log.with(0, { ...log[0]!, prevHash: '00'.repeat(32) }), 0)
  t.match(check(foreign), [{ seq: 1, kind: 'beginning' }])
  t.match(check(rechainFrom(log.slice(1), 0)), [{ seq: 1 }])
})

t.test('two heads that disagree are found even when the log agrees with one', async (t) => {
  t.match(check(log, [...heads, headOf({ ...log[9]!, hash: 'ab'.repeat(32) })])[0], { kind: 'fork', seq: 10 })
})

t.test('a heads file is believed line by line: any flipped bit, a foreign key or a torn line is told', async (t) => {
  const known = new Map([[keyIdOf(keys.publicKey), keys.publicKey]])
  const lines = heads.map(canonicalJson)
  const text = `${lines.join('\n')}\n`
  t.match(await readHeads(text, known), { heads: { length: 3 }, problems: [] })
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), async (byte, bit) => {
      const flipped = flip(text, byte, bit)
      if (flipped.split('\n').every((line) => line === '' || lines.includes(line))) return true
      return (await readHeads(flipped, known)).problems.length > 0
    }),
    RUNS,
  )
  t.match((await readHeads(text, new Map())).problems, [/line 1 .* key/, /line 2/, /line 3/])
  t.match((await readHeads(text.slice(0, -20), known)).problems, [/line 3 .* cannot be read/])
})
