// Filings: which periods can be filed, what is held against each other before one goes up, and how two of them differ.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { checkSnapshot, sayCheck } from '../../services/domain/filing/checks.ts'
import { compareFilings, isExplained, type Side } from '../../services/domain/filing/compare.ts'
import { directReportJsonSchema } from '../../services/domain/filing/directReport.ts'
import { dueOn, lastOver, readFilingPeriod, remindersBy } from '../../services/domain/filing/filings.ts'
import { addTables, type FiledFacts, type FiledTables, noTables, wholeOf } from '../../services/domain/filing/snapshot.ts'
import { tableCodes } from '../../services/domain/statistics/table.ts'
import { emptySnapshot } from '../dispatch/matrix/filingSite.ts'

t.test('a filing is of a year or a month; the nearest that is over, and when it is due, follow from it', (t) => {
  t.same(readFilingPeriod('2026'), { from: '2026-01-01', until: '2026-12-31' })
  t.same(readFilingPeriod('2026-02'), { from: '2026-02-01', until: '2026-02-28' })
  for (const text of ['2026-02-03', '2026-13', 'x', '']) t.equal(readFilingPeriod(text), null, text)
  t.equal(lastOver('2026', '2026-12-01'), '2025')
  t.equal(lastOver('2026-12', '2026-12-01'), '2026-11')
  t.equal(lastOver('2026-01', '2026-01-31'), '2025-12')
  t.equal(dueOn('2026-11', 'unit'), '2026-12-10')
  t.equal(dueOn('2026', 'region'), '2027-03-01')
  t.same(
    ['2026-12-01', '2026-12-06', '2026-12-07', '2026-12-10', '2026-12-11'].map((today) => remindersBy('2026-12-10', today)),
    [1, 1, 2, 2, 3],
  )
  t.end()
})

const table = (tables: FiledTables, code: keyof FiledTables, keys: (string | null)[], sums: Record<string, number>) =>
  tables[code].rows.push({ keys, sums })
const fleet = (vehicles: number): FiledTables => {
  const tables = noTables()
  table(tables, 'T1', ['EMERGENCY_SUPPORT'], { seats: 3, emergencySeats: 3, inService: vehicles, over: 0, vacant: 0 })
  table(tables, 'T2', ['EMERGENCY_SUPPORT', 'petrol', null], { vehicles })
  table(tables, 'T2', ['LEASED_SERVICE', 'petrol', null], { vehicles: 1 })
  table(tables, 'T3', ['official'], { vehicles: vehicles + 1 })
  table(tables, 'T6', ['EMERGENCY_SUPPORT'], { opening: vehicles, closing: vehicles })
  table(tables, 'T6', ['LEASED_SERVICE'], { opening: 1, closing: 1 })
  return tables
}
const codesOf = (tables: FiledTables, more: object = {}) => checkSnapshot({ ...emptySnapshot(20), tables, ...more }).map(({ code }) => code)

t.test('tables that say the same say it; what does not is an error, what is odd wants a word', (t) => {
  t.same(codesOf(fleet(2)), [])
  const broken = fleet(2)
  broken.T3.rows[0]!.sums = { vehicles: 2 }
  t.same(codesOf(broken), ['t2t3'])
  const moved = fleet(2)
  moved.T6.rows[0]!.sums = { opening: 1, closing: 2 }
  t.same(codesOf(moved), ['unexplained'])
  const closed = fleet(2)
  closed.T6.rows[0]!.sums = { opening: 3, closing: 3 }
  t.same(codesOf(closed), ['t6t2', 't6t1'])
  const costs = fleet(2)
  table(costs, 'T5', ['official', 'petrol'], { fuel: -100, running: -100 })
  t.same(codesOf(costs, { bookFen: -100 }), ['takenBack', 'takenBack'], 'more was taken back than booked, in its kind and in all')
  t.same(codesOf(costs), ['book', 'takenBack', 'takenBack'], 'errors come first')
  const bills = fleet(2)
  table(bills, 'T5', ['official', 'petrol'], { fuel: 300, transfer: -100, running: 200, purchase: 9000, disposal: -4000 })
  t.same(codesOf(bills, { bookFen: 200 }), [], 'what vehicles were bought and sold for is in no total, what was earned is not taken back')
  const below = { organisationId: 21, name: '乙单位', kind: 'unit' }
  t.same(codesOf(fleet(2), { missing: [below], moved: [{ ...below, from: '甲旗', to: null }] }), ['missing', 'moved'])
  const negative = fleet(2)
  table(negative, 'T4', ['pool', null], { requests: -1 })
  t.match(checkSnapshot({ ...emptySnapshot(20), tables: negative }), [
    { code: 'negative', severity: 'error', values: ['T4', '申请', '-1'] },
  ])
  for (const locale of ['zh-CN', 'en'] as const)
    for (const check of checkSnapshot({ ...emptySnapshot(20), tables: negative })) t.notMatch(sayCheck(check, locale), /\{\d\}/)
  t.end()
})

t.test('what is added up has each row once, whatever the order', (t) => {
  const one = fleet(2)
  const other = fleet(5)
  const added = addTables([one, other, noTables()])
  t.same(wholeOf(added.T2), { vehicles: 9 })
  t.same(added.T2.rows.length, 2)
  t.same(addTables([other, one]), added)
  t.end()
})

const noFacts = (): FiledFacts => Object.fromEntries(tableCodes.map((code) => [code, []])) as unknown as FiledFacts
/** Own vehicles by number, each with its energy, and filings from below. */
const side = (own: Record<number, string>, below: Record<number, number> = {}): Side => {
  const facts = noFacts()
  const tables = noTables()
  for (const [id, energy] of Object.entries(own)) {
    facts.T2.push({ what: 'vehicle', id: Number(id), vehicleId: Number(id), keys: ['OTHER_APPROVED', energy, null], adds: { vehicles: 1 } })
    table(tables, 'T2', ['OTHER_APPROVED', energy, null], { vehicles: 1 })
  }
  const children = new Map(Object.entries(below).map(([id, vehicles]) => [Number(id), fleet(vehicles)]))
  return { tables: addTables([tables, ...children.values()]), facts, below: children }
}

t.test('two filings differ line by line, down to the vehicle and to the filing from below', (t) => {
  const lines = compareFilings(side({ 1: 'petrol', 2: 'petrol' }, { 21: 2 }), side({ 1: 'electric', 2: 'petrol' }, { 21: 3 }))
  t.match(
    lines.filter(({ table: code }) => code === 'T2'),
    [
      { keys: ['EMERGENCY_SUPPORT', 'petrol', null], before: 2, after: 3, facts: [], below: [{ organisationId: 21, before: 2, after: 3 }] },
      { keys: ['OTHER_APPROVED', 'electric', null], before: 0, after: 1, facts: [{ vehicleId: 1, before: 0, after: 1 }], below: [] },
      { keys: ['OTHER_APPROVED', 'petrol', null], before: 2, after: 1, facts: [{ vehicleId: 1, before: 1, after: 0 }], below: [] },
    ],
  )
  t.same(compareFilings(side({ 1: 'petrol' }), side({ 1: 'petrol' })), [])
  t.end()
})

t.test('whatever the two sides are, causes add up to the differences', (t) => {
  const energies = fc.dictionary(fc.integer({ min: 1, max: 9 }).map(String), fc.constantFrom('petrol', 'diesel', 'electric'))
  const below = fc.dictionary(fc.constantFrom('21', '22'), fc.nat(4))
  fc.assert(
    fc.property(energies, below, energies, below, (a, b, c, d) => compareFilings(side(a, b), side(c, d)).every(isExplained)),
    { numRuns: 60 },
  )
  t.end()
})

t.test('the schema in the documents is what the service answers', (t) => {
  t.same(JSON.parse(readFileSync('docs/filing.schema.json', 'utf8')), directReportJsonSchema())
  t.end()
})
