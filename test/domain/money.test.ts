// The laws of money: shares to the last fen, prices, what a settlement asks for, who bears it, and when an invoice is disputed.
import fc from 'fast-check'
import t from 'tap'
import { fenFor, shareFen } from '../../services/domain/money.ts'
import { chargeOf, counts, fenWhenRefused, findDispute, proposeLines, transfersOf } from '../../services/domain/settlement.ts'
import { findTariff, priceOf, type Tariff } from '../../services/domain/tariff.ts'

const HOUR_MS = 3_600_000
/** A Monday, eight in the morning. */
const MORNING_MS = Date.UTC(2026, 2, 2, 0)
const sum = (fens: readonly number[]) => fens.reduce((all, fen) => all + fen, 0)
const tariff = (changes: Partial<Tariff> = {}): Tariff => ({
  tariffId: 1,
  kind: 'lease',
  lft: 1,
  rgt: 100,
  supplierId: null,
  bodyType: null,
  effectiveFrom: '2026-01-01',
  ...{ baseFen: 0, includedM: 0, includedMin: 0, kmFen: 0, hourFen: 0, driverFen: 0, nightFen: 0, awayFen: 0 },
  ...changes,
})

t.test('an amount is shared to the last fen, a reversal is its mirror, and who has no part pays nothing', (t) => {
  t.same(shareFen(10_000, [1, 1, 1]), [3_334, 3_333, 3_333])
  t.same(shareFen(-10_000, [1, 1, 1]), [-3_334, -3_333, -3_333])
  t.same(shareFen(1, [1, 1, 1]), [1, 0, 0])
  t.same(shareFen(10_000, [10, 20, 0]), [3_333, 6_667, 0])
  t.same(shareFen(100, [0, 0]), [50, 50])
  t.same(shareFen(100, []), [])
  t.same(shareFen(9_007_199_254_740_991, [1, 1]), [4_503_599_627_370_496, 4_503_599_627_370_495], 'as exact as whole numbers are')
  fc.assert(
    fc.property(
      fc.integer({ min: -1e11, max: 1e11 }),
      fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1, maxLength: 12 }),
      (fen, weights) => {
        const shares = shareFen(fen, weights)
        const mirror = shareFen(-fen, weights)
        const whole = sum(weights)
        return (
          sum(shares) === fen &&
          shares.every((share, n) => Number.isInteger(share) && share + mirror[n]! === 0) &&
          // Nobody is further than a fen from what is exactly his, and who has no part bears nothing.
          shares.every((share, n) => whole === 0 || Math.abs(share - (fen * weights[n]!) / whole) < 1.001) &&
          shares.every((share, n) => whole === 0 || weights[n]! > 0 || share === 0)
        )
      },
    ),
  )
  t.end()
})

t.test('a price times a quantity is a whole number of fen, halves away from nothing, the same for its reversal', (t) => {
  t.equal(fenFor(150, 10_333, 1000), 1_550)
  t.equal(fenFor(1, 500, 1000), 1)
  t.equal(fenFor(-1, 500, 1000), -1)
  t.equal(fenFor(1, 499, 1000), 0)
  t.end()
})

t.test('a tariff includes kilometres and hours, and asks for what is over, days and nights', (t) => {
  const prices = tariff({
    baseFen: 30_000,
    includedM: 100_000,
    includedMin: 480,
    kmFen: 150,
    hourFen: 2_000,
    driverFen: 10_000,
    nightFen: 8_000,
  })
  const price = (km: number, hours: number, withDriver = false) =>
    priceOf(prices, { distanceM: km * 1000, fromMs: MORNING_MS, untilMs: MORNING_MS + hours * HOUR_MS, withDriver }).map(
      ({ part, fen }) => [part, fen],
    )
  t.same(price(80, 8), [['base', 30_000]])
  t.same(price(120.5, 8.2, true), [
    ['base', 30_000],
    ['km', 3_075],
    ['overtime', 2_000],
    ['driver', 10_000],
  ])
  t.same(price(0, 14.5), [
    ['base', 30_000],
    ['overtime', 14_000],
    ['night', 8_000],
  ])
  t.same(price(0, 34, true).at(-2), ['driver', 20_000], 'two days of the region')
  t.same(price(0, 34).at(-1), ['night', 8_000], 'one night')
  const journey = fc.record({
    km: fc.integer({ min: 0, max: 3_000_000 }),
    min: fc.integer({ min: 0, max: 20_000 }),
    from: fc.integer({ min: 0, max: 100_000 }),
  })
  fc.assert(
    fc.property(journey, fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 600 }), ({ km, min, from }, further, longer) => {
      const fromMs = MORNING_MS + from * 60_000
      const total = (m: number, minutes: number) =>
        sum(priceOf(prices, { distanceM: m, fromMs, untilMs: fromMs + minutes * 60_000, withDriver: true }).map(({ fen }) => fen))
      return total(km + further, min + longer) >= total(km, min) && Number.isInteger(total(km, min)) && total(km, min) >= 30_000
    }),
  )
  t.end()
})

t.test('the nearest tariff holds, of the exact body before any, the latest that has begun', (t) => {
  const rows = [
    tariff({ tariffId: 1, kind: 'own' }),
    tariff({ tariffId: 2, kind: 'own', lft: 10, rgt: 20 }),
    tariff({ tariffId: 3, kind: 'own', lft: 10, rgt: 20, bodyType: 'sedan' }),
    tariff({ tariffId: 4, kind: 'own', lft: 10, rgt: 20, bodyType: 'sedan', effectiveFrom: '2026-03-01' }),
    tariff({ tariffId: 5, kind: 'own', lft: 10, rgt: 20, bodyType: 'sedan', effectiveFrom: '2027-01-01' }),
    tariff({ tariffId: 6, supplierId: 7 }),
  ]
  const found = (lft: number, day: string, bodyType: 'sedan' | 'truck' | null) => findTariff(rows, 'own', { lft, day, bodyType })?.tariffId
  t.equal(found(15, '2026-02-01', 'sedan'), 3)
  t.equal(found(15, '2026-03-01', 'sedan'), 4)
  t.equal(found(15, '2026-03-01', 'truck'), 2)
  t.equal(found(30, '2026-03-01', 'sedan'), 1)
  t.equal(found(15, '2025-12-31', null), undefined)
  t.equal(findTariff(rows, 'lease', { lft: 15, day: '2026-03-01', bodyType: null, supplierId: 7 })?.tariffId, 6)
  t.equal(findTariff(rows, 'lease', { lft: 15, day: '2026-03-01', bodyType: null, supplierId: 8 }), undefined)
  t.end()
})

t.test(
  'a settlement asks for mileage where the vehicle is another unit’s, for the lease where there is no invoice, for the driver by the day',
  (t) => {
    const given = {
      ...{
        distanceM: 55_000,
        fromMs: MORNING_MS,
        untilMs: MORNING_MS + 2 * HOUR_MS,
        withDriver: true,
        ownDriver: true,
        foreign: true,
        invoiced: false,
      },
      own: tariff({ kind: 'own', kmFen: 120 }),
      lease: undefined,
      allowance: tariff({ tariffId: 2, kind: 'allowance', driverFen: 5_000, awayFen: 18_000 }),
    }
    t.same(proposeLines(given), [
      { kind: 'mileage', part: 'km', quantity: 55, fen: 6_600, tariffId: 1 },
      { kind: 'allowance', part: 'day', quantity: 1, fen: 5_000, tariffId: 2 },
    ])
    t.same(proposeLines({ ...given, foreign: false, distanceM: 150_000 }), [
      { kind: 'allowance', part: 'away', quantity: 1, fen: 18_000, tariffId: 2 },
    ])
    const leased = { ...given, own: undefined, ownDriver: false, lease: tariff({ baseFen: 40_000 }) }
    t.same(proposeLines(leased), [{ kind: 'lease', part: 'base', quantity: 1, fen: 40_000, tariffId: 1 }])
    t.same(proposeLines({ ...leased, invoiced: true }), [])
    t.end()
  },
)

t.test('who used another’s vehicle owes its price by the kilometre and what that does not pay for, or what was spent', (t) => {
  const spent = [
    { kind: 'fuel' as const, fen: 20_000 },
    { kind: 'toll' as const, fen: 3_500 },
  ]
  t.equal(chargeOf(spent), 23_500)
  t.equal(chargeOf([...spent, { kind: 'mileage', fen: 6_600 }]), 10_100)
  t.end()
})

t.test('transfers are pairs that add up to nothing, exact to the fen; what moved already moves no more', (t) => {
  const shares = fc.uniqueArray(fc.record({ unitId: fc.integer({ min: 1, max: 9 }), weight: fc.integer({ min: 0, max: 900 }) }), {
    selector: ({ unitId }) => unitId,
    minLength: 1,
  })
  t.same(
    transfersOf(
      1,
      10_000,
      [1, 2, 3].map((unitId) => ({ unitId, weight: 1 })),
    ),
    [
      [
        { unitId: 1, fen: -3_333 },
        { unitId: 2, fen: 3_333 },
      ],
      [
        { unitId: 1, fen: -3_333 },
        { unitId: 3, fen: 3_333 },
      ],
    ],
  )
  t.same(transfersOf(1, 500, [{ unitId: 1, weight: 1 }]), [], 'of one’s own nothing moves')
  fc.assert(
    fc.property(shares, fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: -1e6, max: 1e6 }), (given, charge, correction) => {
      const first = transfersOf(1, charge, given).flat()
      const second = transfersOf(1, charge + correction, given, first).flat()
      const whole = transfersOf(1, charge + correction, given).flat()
      const of = (rows: typeof first, unit: number) => sum(rows.filter(({ unitId }) => unitId === unit).map(({ fen }) => fen))
      return (
        sum(first.map(({ fen }) => fen)) === 0 &&
        sum(second.map(({ fen }) => fen)) === 0 &&
        transfersOf(1, charge, given, first).length === 0 &&
        [1, 2, 3, 4, 5, 6, 7, 8, 9].every((unit) => of([...first, ...second], unit) === of(whole, unit))
      )
    }),
  )
  t.end()
})

t.test(
  'an invoice is disputed beyond the share that the law allows, or above its price; without a track nothing is said of its kilometres',
  (t) => {
    const claim = { claimedM: 105_000, claimedFen: 50_000, trackM: 100_000, priceFen: 50_000 }
    t.equal(findDispute(claim, '2026-03-02'), null)
    t.equal(findDispute({ ...claim, claimedM: 105_001 }, '2026-03-02'), 'km')
    t.equal(findDispute({ ...claim, claimedM: 900_000, trackM: null }, '2026-03-02'), null)
    t.equal(findDispute({ ...claim, priceFen: 49_999 }, '2026-03-02'), 'price')
    const far = { ...claim, claimedM: 200_000 }
    t.equal(fenWhenRefused('km', far, 31_000), 31_000, 'the price of the track')
    t.equal(fenWhenRefused('km', far, null), 25_000, 'in proportion')
    t.equal(fenWhenRefused('price', { ...claim, priceFen: 49_000 }, 1), 49_000)
    t.end()
  },
)

t.test('a correction counts when another person has agreed, a disputed line from its beginning', (t) => {
  t.ok(counts({ question: null, decision: null }))
  t.ok(counts({ question: 'dispute', decision: null }))
  t.notOk(counts({ question: 'correction', decision: null }))
  t.ok(counts({ question: 'correction', decision: 'stands' }))
  t.notOk(counts({ question: 'correction', decision: 'refused' }))
  t.end()
})
