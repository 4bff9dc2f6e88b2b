// Periods, bands and figures of statistics.
import fc from 'fast-check'
import t from 'tap'
import { addDays } from '../../services/domain/days.ts'
import { bandOf, bands } from '../../services/domain/statistics/bands.ts'
import { daysOfPeriod, periodAfter, periodBefore, readPeriod, yearBefore } from '../../services/domain/statistics/period.ts'
import { sayValue } from '../../services/domain/statistics/say.ts'
import { dimensions, dimensionWords, figuresOf, leafSums, wordsOfDimension } from '../../services/domain/statistics/table.ts'
import { statisticsTables } from '../../services/domain/statistics/tables.ts'

const periods = fc
  .tuple(fc.integer({ min: 2001, max: 2198 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }), fc.constantFrom(4, 7, 10))
  .map(([year, month, day, length]) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`.slice(0, length))

t.test('periods of a kind follow one another without a gap', async (t) => {
  fc.assert(
    fc.property(periods, (period) => {
      const { from, until } = readPeriod(period)!
      t.equal(readPeriod(periodBefore(period))!.until, addDays(from, -1))
      t.equal(readPeriod(periodAfter(period))!.from, addDays(until, 1))
      t.equal(periodAfter(periodBefore(period)), period)
    }),
  )
  t.same(readPeriod('2024-02'), { from: '2024-02-01', until: '2024-02-29' })
  t.equal(yearBefore('2024-02-29'), '2023-02-28')
  t.equal(yearBefore('2024-02'), '2023-02')
  t.equal(periodBefore('2000-01'), '1999-12')
  t.same(daysOfPeriod('1999-12'), { from: '1999-12-01', until: '1999-12-31' })
  t.equal(readPeriod('1999-12'), null)
  for (const text of ['2023-02-29', '2026-00', '2026-11-31', '20260101', '1999', '2200', ' 2026', '2026-1-1', ''])
    t.equal(readPeriod(text), null, text)
})

t.test('a value belongs to one band, and the bands follow one another', async (t) => {
  t.same(
    [0, 2, 3, 7, 8, 30].map((age) => bandOf('ageBand', age)),
    ['0-3', '0-3', '3-5', '5-8', '8+', '8+'],
  )
  t.equal(bandOf('priceBand', null), null)
  t.equal(bandOf('displacementBand', -1), null)
  t.same(
    bands.ageBand.map(({ words }) => words[0]),
    ['不满3年', '3年至不满5年', '5年至不满8年', '8年及以上'],
  )
  t.same(bands.priceBand[1]!.words, ['12万元至不满18万元', '120,000 yuan to below 180,000 yuan'])
})

t.test('figures are sums, or follow from them; without anything to divide by there is none', async (t) => {
  const at = (code: 'T2' | 'T1', key: string) => statisticsTables[code].measures.findIndex((measure) => measure.key === key)
  t.equal(figuresOf(statisticsTables.T2, { vehicles: 8, newEnergy: 2 })[at('T2', 'newEnergyShare')], 25)
  t.equal(figuresOf(statisticsTables.T2, {})[at('T2', 'newEnergyShare')], null)
  t.match(leafSums(statisticsTables.T1, { seats: 2, inService: 5 }), { over: 3, vacant: 0 })
})

t.test('every dimension has its word, and each of its values', async (t) => {
  for (const dimension of dimensions) {
    t.ok(dimensionWords[dimension].length >= 2)
    t.ok(dimension in wordsOfDimension)
  }
  t.equal(sayValue('energy', 'electric', null, 'zh-CN'), '纯电动')
  t.equal(sayValue('league', null, null, 'en'), '(the region itself)')
  t.equal(sayValue('ageBand', '8+', null, 'en'), '8 years and more')
  t.equal(sayValue('unit', '20', '甲单位', 'en'), '甲单位')
  for (const { measures } of Object.values(statisticsTables)) t.equal(new Set(measures.map(({ key }) => key)).size, measures.length)
})
