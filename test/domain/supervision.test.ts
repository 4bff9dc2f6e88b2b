// The rules of supervision: each raises what it is there for, stays calm beside it and at its boundary, and says what it cannot judge.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { addDays } from '../../services/domain/days.ts'
import type { RuleCode } from '../../services/domain/supervision/codes.ts'
import { ruleCodes } from '../../services/domain/supervision/codes.ts'
import { lastDayTold } from '../../services/domain/supervision/expiry.ts'
import type { Facts, FixFact, PlaceFact, StayFact } from '../../services/domain/supervision/facts.ts'
import { sumFuel } from '../../services/domain/supervision/fuelLevel.ts'
import { judgeDay } from '../../services/domain/supervision/rule.ts'
import { rules } from '../../services/domain/supervision/rules.ts'
import { wordLists } from '../../services/domain/words.ts'
import { WorkCalendar } from '../../services/domain/workCalendar.ts'
import { at, DAY, facts, fix, HOUR, hours, MIN, off, order, trip, YARD } from './supervisionFacts.ts'

const judge = (code: RuleCode, of: Facts, params: object = {}) => judgeDay(rules[code], of, rules[code].params.parse(params))
const found = (code: RuleCode, of: Facts, params: object = {}) => judge(code, of, params).suspicions
const figures = (code: RuleCode, of: Facts, params: object = {}) => found(code, of, params).map(({ figure }) => figure)
const holes = (code: RuleCode, of: Facts, params: object = {}) => judge(code, of, params).unjudged.map(({ why }) => why)
const lot: PlaceFact = { kind: 'lot', sensitiveKind: null, name: '车场', shape: { type: 'circle', centre: YARD, radiusM: 100 } }

t.test('a rule has sound values of its own, and refuses a threshold of zero', async (t) => {
  for (const code of ruleCodes) {
    t.equal(rules[code].code, code)
    t.doesNotThrow(() => rules[code].params.parse({}), code)
    t.same(found(code, facts({ vehicle: { ...facts().vehicle, inServiceMs: at('0') } })), [], `${code}: nothing happened`)
  }
  for (const [code, params] of [
    ['R01', { moreThanM: 0 }],
    ['R04', { bufferM: 0 }],
    ['R07', { limitKph: 0 }],
    ['R09', { forMin: 0 }],
    ['R13', { moreThanPercent: 0 }],
    ['R18', { days: 0 }],
  ] as const)
    t.notOk(rules[code].params.safeParse(params).success, code)
})

t.test('docs/supervision.md says of each rule what the code says', async (t) => {
  const rows = readFileSync('docs/supervision.md', 'utf8')
    .split('\n')
    .filter((line) => /^\| R\d\d /.test(line))
  const said = ruleCodes.map((code) => {
    const { severity, kind, fixes, params } = rules[code]
    const values = Object.entries(params.parse({}) as object).map(
      ([name, value]) => `\`${name}\` ${typeof value === 'object' ? JSON.stringify(value) : value}`,
    )
    const [zh, en] = wordLists.rule[code]
    return `| ${code} | ${zh} | ${en} | ${severity} | ${kind}${fixes ? ', track' : ''} | ${values.join(', ')} |`
  })
  t.same(rows, said)
})

t.test('R01: a drive without an order, the part of one before its order, and none within the grace of 15 minutes', async (t) => {
  const drive = trip(at('10'), at('11'))
  t.match(found('R01', facts({ trips: [drive] })), [{ fromMs: at('10'), untilMs: at('11'), figure: 10_000, threshold: 500 }])
  t.same(found('R01', facts({ trips: [drive], orders: [order(at('10:15'), at('11'))] })), [])
  t.match(found('R01', facts({ trips: [drive], orders: [order(at('10:30'), at('11'))] })), [{ untilMs: at('10:15'), figure: 2_500 }])
  t.same(found('R01', facts({ trips: [trip(at('10'), at('10:02'), { distanceM: 500 })] })), [], 'not more than it may')
  t.same(found('R01', facts({ trips: [drive], orders: [order(at('10'), at('10:30'), { returnedMs: null })] })), [], 'not back yet')
})

t.test('R01: what began the day before is judged there, also when it ends today', async (t) => {
  const night = trip(at('23', addDays(DAY, -1)), at('1'))
  t.same(found('R01', facts({ trips: [night] })), [])
  t.equal(found('R01', facts({ trips: [night], day: addDays(DAY, -1) })).length, 1)
})

t.test('R02: a window over midnight belongs to the evening on which it began', async (t) => {
  const friday = '2026-03-06'
  const window = { startMinute: 19 * 60, endMinute: 7 * 60, weekdays: 1 << 4 }
  const hits = (clock: string, day: string) =>
    found('R02', facts({ day, trips: [trip(at(clock, day), at(clock, day) + 30 * MIN)] }), { window }).length
  t.equal(hits('22', friday), 1)
  t.equal(hits('2', addDays(friday, 1)), 1)
  t.equal(hits('2', friday), 0)
  t.match(found('R02', facts({ day: friday, trips: [trip(at('18:30', friday), at('19:30', friday))] }), { window }), [
    { fromMs: at('19', friday) },
  ])
  t.match(found('R02', facts({ day: friday, trips: [trip(at('6:30', '2026-03-07'), at('7:30', '2026-03-07'))] }), { window }), [])
  const morning = facts({ day: '2026-03-07', trips: [trip(at('6:30', '2026-03-07'), at('7:30', '2026-03-07'))] })
  t.match(found('R02', morning, { window }), [{ untilMs: at('7', '2026-03-07') }])
})

t.test('R02: by the hours of the calendar; an order that was planned for then has its reason', async (t) => {
  const late = [trip(at('18'), at('19'))]
  t.match(found('R02', facts({ trips: late })), [{ figure: 10_000 }])
  t.same(found('R02', facts({ trips: late, orders: [order(at('17'), at('19:30'))] })), [])
  t.match(found('R02', facts({ trips: late, orders: [order(at('16'), at('17:30'), { returnedMs: at('19') })] })), [
    { orderIds: [1], fromMs: at('18') },
  ])
  t.same(found('R02', facts({ trips: [trip(at('16'), at('17:30'))] })), [])
  const saturday = '2026-03-07'
  t.equal(found('R02', facts({ day: saturday, trips: [trip(at('2', saturday), at('3', saturday))] })).length, 1, 'the night of Friday')
  t.equal(found('R02', facts({ day: saturday, trips: [trip(at('12', saturday), at('13', saturday))] })).length, 0, 'that is R03’s')
})

t.test('R02, R03: a worked Sunday is a working day for both; a year that nobody announced is not judged by weekends', async (t) => {
  const sunday = '2026-09-20'
  const worked = new WorkCalendar([2026], [{ day: sunday, kind: 'makeup', name: '中秋节调休', depth: 0 }], hours)
  const noon = [trip(at('12', sunday), at('13', sunday))]
  const evening = [trip(at('20', sunday), at('21', sunday))]
  t.same(found('R03', facts({ day: sunday, calendar: worked, trips: noon })), [])
  t.equal(found('R03', facts({ day: sunday, trips: noon })).length, 1, 'and a Sunday otherwise')
  t.equal(found('R02', facts({ day: sunday, calendar: worked, trips: evening })).length, 1)
  const unknown = new WorkCalendar([], [], hours)
  for (const code of ['R02', 'R03'] as const) {
    t.same(found(code, facts({ day: sunday, calendar: unknown, trips: noon })), [])
    t.ok(holes(code, facts({ day: sunday, calendar: unknown, trips: noon })).includes('calendar'), code)
  }
})

t.test('R03: a sealed vehicle that moves, whatever the order says; a manoeuvre in the yard is none', async (t) => {
  const sealed = { trips: [trip(at('10'), at('11'))], seals: [{ fromMs: at('0'), untilMs: null }] }
  t.match(found('R03', facts(sealed)), [{ figure: 10_000, threshold: 200 }])
  t.equal(found('R03', facts({ ...sealed, orders: [order(at('9'), at('12'))] })).length, 1)
  t.same(found('R03', facts({ ...sealed, trips: [trip(at('10'), at('10:05'), { distanceM: 200 })] })), [])
  t.match(found('R03', facts({ ...sealed, seals: [{ fromMs: at('10:30'), untilMs: at('12') }] })), [{ fromMs: at('10:30'), figure: 5_000 }])
  const saturday = '2026-03-07'
  const free = { day: saturday, trips: [trip(at('12', saturday), at('13', saturday))] }
  t.equal(found('R03', facts(free)).length, 1)
  t.same(found('R03', facts(free), { holidays: false }), [])
  t.same(found('R03', facts({ ...free, vehicle: { ...facts().vehicle, class: 'law_enforcement' } })), [], 'on duty')
})

t.test('R04: parked at the border with a receiver that scatters raises nothing, a real exit one', async (t) => {
  const border: PlaceFact = {
    ...{ kind: 'border', sensitiveKind: null, name: '旗界' },
    shape: { type: 'polygon', ring: [off(-50_000, -50_000), off(0, -50_000), off(0, 50_000), off(-50_000, 50_000), off(-50_000, -50_000)] },
  }
  // 12 m inside, ±25 m, one a minute for an hour.
  const parked = Array.from({ length: 60 }, (_, n) => fix(at('9') + n * MIN, off(-12 + ((n * 37) % 51) - 25)))
  t.same(found('R04', facts({ fixes: parked, places: [border] }), { bufferM: 100 }), [])
  const exit = Array.from({ length: 10 }, (_, n) => fix(at('10') + n * MIN, off(400)))
  const back = fix(at('10:11'), off(-12))
  t.match(found('R04', facts({ fixes: [...parked, ...exit, back], places: [border] }), { bufferM: 100 }), [
    { fromMs: at('10'), figure: 400 },
  ])
  t.same(found('R04', facts({ fixes: [...parked, ...exit], places: [border], orders: [order(at('9'), at('11'))] }), { bufferM: 100 }), [])
  t.same(holes('R04', facts({ fixes: exit })), ['border'])
  t.same(holes('R04', facts({ fixes: [], trips: [trip(at('9'), at('10'))], fixesKept: false, places: [border] })), ['track'])
})

t.test('R05: far from the line through the stops for ten minutes, and not for a short detour', async (t) => {
  const orders = [order(at('9'), at('12'))]
  const far = (minutes: number) => Array.from({ length: minutes }, (_, n) => fix(at('10') + n * MIN, off(10_000, 15_000)))
  const [away] = found('R05', facts({ orders, fixes: far(20) }))
  t.match(away, { orderIds: [1] })
  t.ok(Math.abs(away!.figure - 15_000) < 200)
  t.same(found('R05', facts({ orders, fixes: far(8) })), [])
  t.same(found('R05', facts({ orders, fixes: far(20) }), { corridorM: 20_000 }), [])
  t.same(holes('R05', facts({ orders: [order(at('9'), at('12'), { stops: [] })], fixes: far(20) })), ['destination'])
})

t.test('R06: not back half an hour after the end; back late says how late; who asks again knows when', async (t) => {
  const out = order(at('9'), at('12'), { returnedMs: null })
  t.match(found('R06', facts({ orders: [out] })), [{ fromMs: at('12:30'), untilMs: null, figure: 30 }])
  t.match(found('R06', facts({ orders: [{ ...out, returnedMs: at('14') }] })), [{ untilMs: at('14'), figure: 120 }])
  t.same(found('R06', facts({ orders: [{ ...out, returnedMs: at('12:30') }] })), [])
  t.same(found('R06', facts({ orders: [{ ...out, departedMs: null }] })), [])
  t.equal(rules.R06.again!(facts({ orders: [out], nowMs: at('11') }), rules.R06.params.parse({})), at('12:31'))
})

t.test('R07: sustained speed, not a lone wild reading, and not what a meter may be off by', async (t) => {
  const fast = (kph: number, count: number) =>
    Array.from({ length: count }, (_, n) => fix(at('10') + n * 30_000, off(n * 500), { slowestKph: kph, fastestKph: kph }))
  t.match(found('R07', facts({ fixes: fast(131, 4) })), [{ figure: 131, threshold: 120 }])
  t.same(found('R07', facts({ fixes: fast(180, 1) })), [])
  t.same(found('R07', facts({ fixes: fast(125, 4) })), [])
  t.same(found('R07', facts({ fixes: [...fast(131, 1), fix(at('11'), YARD, { slowestKph: 131 })] })), [], 'two with an hour between')
})

t.test('R08: four hours without twenty minutes; a rest, or another driver, begins anew', async (t) => {
  const legs = (restMin: number) => [trip(at('8'), at('10')), trip(at('10') + restMin * MIN, at('12:30'))]
  t.match(found('R08', facts({ trips: legs(10) })), [{ figure: 270, threshold: 240 }])
  t.same(found('R08', facts({ trips: legs(20) })), [])
  t.same(found('R08', facts({ trips: [trip(at('8'), at('12'))] })), [], 'four hours are allowed')
  const swap = [order(at('8'), at('10')), order(at('10'), at('13'), { orderId: 2, driverId: 8 })]
  t.same(found('R08', facts({ trips: legs(10), orders: swap })), [])
})

const stay = (from: number, until: number, place = YARD, sure = true): StayFact => ({ fromMs: from, untilMs: until, at: place, sure })

t.test('R09: a stay at a place that is looked at, unless an order leads there or it was moved unseen', async (t) => {
  const hotel: PlaceFact = {
    kind: 'sensitive',
    sensitiveKind: 'hotel',
    name: '某宾馆',
    shape: { type: 'circle', centre: off(5_000), radiusM: 50 },
  }
  const there = { places: [hotel], stays: [stay(at('12'), at('13'), off(5_100))] }
  t.match(found('R09', facts(there)), [{ figure: 60, note: '某宾馆' }])
  t.same(found('R09', facts({ ...there, stays: [stay(at('12'), at('12:14'), off(5_100))] })), [])
  t.same(found('R09', facts({ ...there, stays: [stay(at('12'), at('13'), off(5_400))] })), [])
  t.same(found('R09', facts({ ...there, orders: [order(at('11'), at('14'), { stops: [off(5_000)] })] })), [])
  t.same(holes('R09', facts({ ...there, stays: [stay(at('12'), at('13'), off(5_100), false)] })), ['moved'])
  t.same(found('R09', facts({ ...there, places: [{ ...hotel, sensitiveKind: 'school' }] })), [], 'a kind that is not asked for')
})

t.test('R10: a night outside its lots; the night belongs to its evening, and an order has it away', async (t) => {
  const night = [stay(at('19'), at('7', addDays(DAY, 1)), off(3_000))]
  t.match(found('R10', facts({ places: [lot], stays: night })), [{ fromMs: at('20'), untilMs: at('6', addDays(DAY, 1)), threshold: 300 }])
  t.same(found('R10', facts({ places: [lot], stays: [stay(at('19'), at('7', addDays(DAY, 1)), off(350))] })), [])
  t.same(holes('R10', facts({ stays: night })), ['lots'])
  t.same(found('R10', facts({ places: [lot], stays: night, orders: [order(at('9'), at('18', addDays(DAY, 1)))] })), [])
  t.same(found('R10', facts({ day: addDays(DAY, 1), places: [lot], stays: night })), [], 'and is not found twice')
})

t.test('R11, R18: a silent terminal, a vehicle that nobody drives; silence is no proof of rest', async (t) => {
  const now = facts().nowMs
  t.same(found('R11', facts({ heardMs: now - 24 * HOUR })), [])
  t.match(found('R11', facts({ heardMs: now - 25 * HOUR })), [{ fromMs: now - 25 * HOUR, untilMs: null }])
  t.same(found('R11', facts({ heardMs: null })), [], 'never heard of')
  const old = trip(now - 32 * 24 * HOUR, now - 31 * 24 * HOUR)
  t.match(found('R18', facts({ trips: [old] })), [{ fromMs: old.untilMs, figure: 30 }])
  t.same(found('R18', facts({ trips: [old], heardMs: now - 3 * 24 * HOUR })), [])
  t.same(found('R18', facts({ trips: [trip(now - 30 * 24 * HOUR, now - 29 * 24 * HOUR)] })), [])
  t.same(found('R18', facts({ trips: [old], vehicle: { ...facts().vehicle, state: 'SEALED' } })), [])
})

t.test('R12: five minutes without power, not a lone bit', async (t) => {
  const cut = (minutes: number) => Array.from({ length: minutes + 1 }, (_, n) => fix(at('10') + n * MIN, YARD, { alarms: 256 }))
  t.match(figures('R12', facts({ fixes: cut(6) })), [6])
  t.same(figures('R12', facts({ fixes: cut(4) })), [])
})

t.test('R13: odometer against track, and a day longer than any', async (t) => {
  const day = (odometerM: number | null, more = {}) =>
    facts({ trips: [trip(at('9'), at('12'), { distanceM: 50_000, trackM: 50_000, odometerM, ...more })] })
  t.same(figures('R13', day(60_000)), [17])
  t.same(figures('R13', day(54_000)), [])
  t.same(figures('R13', day(9_000, { trackM: 5_000 })), [], 'too little to say')
  t.same(holes('R13', day(null)), ['odometer'])
  t.match(found('R13', day(54_000, { distanceM: 1_200_000 })), [{ note: 'day', figure: 120 }])
})

t.test('fuel by the level: 90 to 30, 55 filled in, 85 to 75 are 70 used, in one sum as in any cut at a rest', async (t) => {
  const levels = [90, 60, 30, 85, 80, 75].map((litres, n) => ({ atMs: n, litres }))
  t.match(sumFuel(levels, 8), { usedL: 70, filledL: 55, fills: [{ litres: 55 }] })
  t.equal(sumFuel(levels.slice(0, 3), 8).usedL + sumFuel(levels.slice(3), 8).usedL, 70)
  t.equal(
    sumFuel(
      [80, 78, 81, 77].map((litres, n) => ({ atMs: n, litres })),
      8,
    ).filledL,
    0,
    'slosh',
  )
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 40 }), (litres) => {
      const { usedL, filledL } = sumFuel(
        litres.map((each, n) => ({ atMs: n, litres: each })),
        1,
      )
      // What was there and came in is what is there and was used, but for slosh.
      return Math.abs(litres[0]! + filledL - usedL - litres.at(-1)!) <= 1 && usedL >= 0 && filledL >= 0
    }),
  )
})

t.test('R14: twice a day, more than the tank, where it was not, and a fill of which the tank knows nothing', async (t) => {
  const fill = (clock: string, more = {}) => ({ atMs: at(clock), litres: null, at: null, orderId: 1, ...more })
  const withTank = { vehicle: { ...facts().vehicle, tankL: 60 } }
  t.match(found('R14', facts({ fills: [fill('10'), fill('12')] })), [{ fromMs: at('12'), note: 'twice' }])
  t.same(found('R14', facts({ fills: [fill('10')] })), [])
  t.match(found('R14', facts({ ...withTank, fills: [fill('10', { litres: 61 })] })), [{ note: 'tank', figure: 61, threshold: 60 }])
  const away = [fix(at('9:50'), off(5_000)), fix(at('10:10'), off(5_000))]
  t.match(found('R14', facts({ fills: [fill('10', { at: YARD })], fixes: away })), [{ note: 'elsewhere' }])
  t.same(found('R14', facts({ fills: [fill('10', { at: YARD })], fixes: [] })), [], 'nobody saw where it was')
  const level = (after: number): FixFact[] => [fix(at('9'), YARD, { fuelPermille: 400 }), fix(at('11:30'), YARD, { fuelPermille: after })]
  t.match(found('R14', facts({ ...withTank, fills: [fill('10')], fixes: level(390) })), [{ note: 'level' }])
  t.same(found('R14', facts({ ...withTank, fills: [fill('10')], fixes: level(900) })), [])
  // 50 L every other day, and 100 or 150 km in between.
  const month = (km: number, litres: (number | null)[] = [50, 50, 50, 50]) => ({
    fills: litres.map((each, n) => ({ ...fill('10', { litres: each }), atMs: at('10', addDays(DAY, 2 * (n + 1 - litres.length))) })),
    driven: litres.slice(1).map((_, n) => ({ untilMs: at('9', addDays(DAY, 2 * (n + 2 - litres.length))), distanceM: km * 1_000 })),
  })
  t.match(found('R14', facts(month(120))), [{ note: 'per100', figure: 41.7, threshold: 35, fromMs: at('10') }])
  t.same(found('R14', facts(month(150))), [], '33 L for 100 km')
  t.same(found('R14', facts(month(90))), [], 'too short a way to say anything')
  t.same(found('R14', facts(month(200, [50, 90, 90]))), [], 'nor too few fills')
  t.same(found('R14', facts(month(120, [50, null, 50, 50]))), [], 'nor where one of them says no litres')
})

t.test('R15: the card of another in for long; a forgotten one of the day before, no card, and terminals that do not say', async (t) => {
  const orders = [order(at('9'), at('12'))]
  const card = (clock: string, driverId: number | null, on = true, day = DAY) => ({ atMs: at(clock, day), driverId, on })
  t.same(holes('R15', facts({ orders })), ['login'])
  t.same(holes('R15', facts({ orders, logins: [] })), ['login'], 'no card was in')
  t.match(found('R15', facts({ orders, logins: [card('8', 8)] })), [
    { fromMs: at('9'), untilMs: at('12'), figure: 180, threshold: 15, orderIds: [1] },
  ])
  t.same(found('R15', facts({ orders, logins: [card('8', 7)] })), [])
  t.same(found('R15', facts({ orders, logins: [card('8', 8), card('9:15', 7)] })), [], 'a quarter of an hour to change cards')
  t.match(found('R15', facts({ orders, logins: [card('8', 8), card('9:16', 7)] })), [{ figure: 16, untilMs: at('9:16') }])
  t.same(
    found('R15', facts({ orders, logins: [card('20:59', 8, true, addDays(DAY, -1)), card('9:05', 7)] })),
    [],
    'nobody took it out last night',
  )
  t.match(found('R15', facts({ orders, logins: [card('8', null)] })), [{ note: 'card' }])
  t.same(found('R15', facts({ orders, logins: [card('8', 8), card('8:50', null, false)] })), [])
  t.same(found('R15', facts({ orders: [order(at('9'), at('12'), { driverId: null })], logins: [card('8', 8)] })), [], 'nobody is named')
})

t.test('R16: never near the destination; a hole in the track may hide that it was', async (t) => {
  const orders = [order(at('9'), at('12'))]
  const drive = [trip(at('9'), at('10'), { restAt: off(9_000) })]
  const on = (places: number[]) => places.map((eastM, n) => fix(at('9') + n * 10 * MIN, off(eastM)))
  const [nearest] = figures('R16', facts({ orders, trips: drive, fixes: on([0, 3_000, 6_000, 9_000, 9_000, 9_000, 9_000]) }))
  t.ok(Math.abs(nearest! - 11_000) < 100)
  t.same(found('R16', facts({ orders, trips: drive, fixes: on([0, 6_000, 12_000, 18_500, 12_000, 6_000, 0]) })), [])
  t.same(holes('R16', facts({ orders, trips: drive, fixes: [fix(at('9'), YARD), fix(at('9:55'), YARD)] })), ['track'])
  t.same(holes('R16', facts({ orders: [order(at('9'), at('12'), { destination: null })], trips: drive })), ['destination'])
})

t.test('R10, R24: where nothing else asks, a night is judged when it is over', async (t) => {
  const parked = (more: Partial<Facts>) => facts({ stays: [stay(at('20'), at('20:30'))], nowMs: at('20:30'), ...more })
  const again = (code: 'R10' | 'R24', of: Facts) => rules[code].again!(of, rules[code].params.parse({}))
  for (const code of ['R10', 'R24'] as const) {
    t.equal(again(code, parked({})), at('6:15', addDays(DAY, 1)), code)
    t.equal(again(code, parked({ places: [lot] })), null, 'at home')
    t.equal(again(code, parked({ trips: [trip(at('20:30'), at('21'))] })), null, 'it has left')
    t.equal(again(code, parked({ nowMs: at('6:15', addDays(DAY, 1)) })), null, 'it is over')
  }
})

t.test('R17: three mornings of a fortnight at the same place that is neither a lot nor a destination', async (t) => {
  const mornings = (days: number[], place = off(4_000)) =>
    days.map((n) => stay(at('7:30', addDays(DAY, -n)), at('7:40', addDays(DAY, -n)), place))
  t.match(figures('R17', facts({ stays: mornings([8, 1, 0]) })), [3])
  t.same(figures('R17', facts({ stays: mornings([1, 0]) })), [])
  t.same(figures('R17', facts({ stays: mornings([20, 1, 0]) })), [])
  t.same(figures('R17', facts({ stays: mornings([8, 1, 0], off(100)), places: [lot] })), [])
})

t.test('R19: a place like none of forty others', async (t) => {
  const usual = Array.from({ length: 40 }, (_, n) =>
    stay(at('9', addDays(DAY, -1 - (n % 20))) + n, at('10', addDays(DAY, -1 - (n % 20))), off(n % 3)),
  )
  const odd = stay(at('12'), at('14'), off(30_000))
  t.equal(found('R19', facts({ stays: [...usual, odd] })).length, 1)
  t.same(found('R19', facts({ stays: [...usual.slice(0, 20), odd] })), [], 'too few to be unlike')
  t.same(found('R19', facts({ stays: [...usual, odd], orders: [order(at('11'), at('15'))] })), [])
})

t.test('R20, R22: papers that end, and vehicles beyond quota or standard', async (t) => {
  const now = facts().nowMs
  const of = (more: object) => facts({ vehicle: { ...facts().vehicle, ...more } })
  t.match(found('R20', of({ inspectionUntilMs: now + 30 * 24 * HOUR, insuranceUntilMs: now + 400 * 24 * HOUR })), [{ note: 'inspection' }])
  t.same(found('R20', of({ inspectionUntilMs: now + 31 * 24 * HOUR })), [])
  t.match(found('R20', of({ inspectionUntilMs: now + 20 * 24 * HOUR, upkeepDueMs: now - HOUR })), [{ note: 'upkeep' }], 'what is first')
  const [ends] = found('R20', of({ insuranceUntilMs: Date.parse('2026-03-31T24:00:00+08:00') }))
  t.equal(lastDayTold({ rule: 'R20', ...ends! }), '2026-03-31', 'the last day that is covered')
  t.equal(lastDayTold({ rule: 'R18', ...ends! }), null)
  t.match(found('R22', of({ overStandard: 0.121 })), [{ figure: 13, note: 'standard' }])
  t.match(found('R22', of({ overQuota: true })), [{ note: 'quota' }])
  t.same(found('R22', of({ overStandard: 0.05 }), { morePercent: 5 }), [])
})

t.test('R21: twenty minutes with the engine on, standing; unknown ignition says nothing', async (t) => {
  const idle = (ignition: boolean | null) =>
    Array.from({ length: 22 }, (_, n) => fix(at('10') + n * MIN, YARD, { ignition, slowestKph: 0, fastestKph: 0 }))
  t.same(figures('R21', facts({ fixes: idle(true) })), [21])
  t.same(figures('R21', facts({ fixes: idle(null) })), [])
  t.same(figures('R21', facts({ fixes: idle(true).filter((_, n) => n < 8 || n > 18) })), [], 'a silence is not idling')
})

t.test('R23: an emergency that nobody approved in time, and one approved late', async (t) => {
  const urgent = (ratifiedMs: number | null) => order(at('9'), at('12'), { emergency: { ratifyByMs: at('20'), ratifiedMs } })
  t.match(found('R23', facts({ orders: [urgent(null)] })), [{ fromMs: at('20'), untilMs: null }])
  t.match(found('R23', facts({ orders: [urgent(at('22:30'))] })), [{ untilMs: at('22:30'), figure: 3 }])
  t.same(found('R23', facts({ orders: [urgent(at('19'))] })), [])
  t.same(found('R23', facts({ orders: [urgent(null)], nowMs: at('19') })), [])
  t.equal(rules.R23.again!(facts({ orders: [urgent(null)], nowMs: at('19') }), rules.R23.params.parse({})), at('20:01'))
})
