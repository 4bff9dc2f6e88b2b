// Chains of approvals: no request without a step, more is never asked of fewer, and where the chain goes on.

import fc from 'fast-check'
import t from 'tap'
import {
  type ApprovalRule,
  type Asked,
  approvalChain,
  approvalLevels,
  approvalRuleSchema,
  approvalRulesSchema,
  nextPlace,
  placeAbove,
  sizeClassOf,
  touchesHoliday,
} from '../../services/domain/approvals.ts'
import { greenOffers } from '../../services/domain/greenTravel.ts'
import { journeyOf, locate } from '../../services/domain/whereabouts.ts'

const HOUR_MS = 3_600_000
/** A Monday, 08:00 in the region. */
const MORNING_MS = Date.UTC(2026, 2, 2, 0)
const plain: Asked = {
  km: 20,
  leavesLeague: false,
  leavesRegion: false,
  startsAtMs: MORNING_MS,
  endsAtMs: MORNING_MS + 4 * HOUR_MS,
  people: 3,
  holiday: false,
  overBudget: false,
}
const every: ApprovalRule[] = [
  { when: 'distance', km: 300, level: 'league' },
  { when: 'leavesLeague', level: 'league' },
  { when: 'leavesRegion', level: 'region' },
  { when: 'holiday', level: 'league' },
  { when: 'night', fromMinute: 22 * 60, untilMinute: 6 * 60, level: 'league' },
  { when: 'class', least: 'medium', level: 'league' },
  { when: 'budget', level: 'region' },
]
const levels = (asked: Partial<Asked>, rules = every, hasLeague = true) =>
  approvalChain({ ...plain, ...asked }, rules, hasLeague).steps.map(({ level }) => level)

t.test('a plain request is its unit’s to approve, and each rule adds the level that it names, with its ground', async (t) => {
  t.same(approvalChain(plain, every, true), { steps: [{ level: 'unit', because: ['always'] }], unknown: [] })
  t.same(levels({ km: 300 }), ['unit'], 'not further than the limit')
  t.same(levels({ km: 300.1 }), ['unit', 'league'])
  t.same(levels({ leavesLeague: true, leavesRegion: true }), ['unit', 'league', 'region'])
  t.same(levels({ overBudget: true }), ['unit', 'region'])
  t.same(levels({ people: 9 }), ['unit'])
  t.same(levels({ people: 10 }), ['unit', 'league'])
  t.same(approvalChain({ ...plain, km: 900, holiday: true }, every, true).steps[1], { level: 'league', because: ['distance', 'holiday'] })
  t.same(levels({ km: 900 }, every, false), ['unit', 'region'], 'where there is no league it is the region’s')
  t.same([sizeClassOf(9), sizeClassOf(10), sizeClassOf(19), sizeClassOf(20)], ['small', 'medium', 'medium', 'large'])
})

t.test('what nobody knows meets no rule, and whoever decides is told of it', async (t) => {
  const { steps, unknown } = approvalChain({ ...plain, km: null, leavesLeague: null, leavesRegion: null, holiday: null }, every, true)
  t.equal(steps.length, 1)
  t.same(unknown, ['distance', 'leavesLeague', 'leavesRegion', 'holiday'])
})

t.test('a night that began the day before is a night, and one that only touches is none', async (t) => {
  const at = (from: number, until: number) =>
    levels({ startsAtMs: MORNING_MS + from * HOUR_MS, endsAtMs: MORNING_MS + until * HOUR_MS }).length
  t.equal(at(-4, 2), 2, '04:00–10:00')
  t.equal(at(-2, 2), 1, 'from 06:00 on')
  t.equal(at(0, 14), 1, 'until 22:00')
  t.equal(at(0, 14.01), 2)
  const kinds = { '2026-03-02': 'workday', '2026-03-03': 'holiday' } as Record<string, 'workday' | 'holiday'>
  const rests = (hours: number) =>
    touchesHoliday({ startsAtMs: MORNING_MS, endsAtMs: MORNING_MS + hours * HOUR_MS }, (day) => kinds[day] ?? 'unknown')
  t.equal(rests(16), false, 'until midnight')
  t.equal(rests(16.1), true)
  t.equal(
    touchesHoliday(plain, () => 'unknown'),
    null,
  )
})

const ruleOf = fc.oneof(
  fc.record({ when: fc.constant('distance' as const), km: fc.integer({ min: 1, max: 2_000 }) }),
  ...(['leavesLeague', 'leavesRegion', 'holiday', 'budget'] as const).map((when) => fc.record({ when: fc.constant(when) })),
  fc.record({ when: fc.constant('night' as const), fromMinute: fc.nat(1439), untilMinute: fc.nat(1439) }),
  fc.record({ when: fc.constant('class' as const), least: fc.constantFrom('medium' as const, 'large' as const) }),
)
const rules = fc.array(
  fc
    .tuple(ruleOf, fc.constantFrom('league' as const, 'region' as const))
    .map(([rule, level]) => approvalRuleSchema.parse({ ...rule, level })),
  { maxLength: 12 },
)
const knows = fc.option(fc.boolean())
const askedOf: fc.Arbitrary<Asked> = fc
  .record({
    km: fc.option(fc.double({ min: 0, max: 3_000, noNaN: true })),
    leavesLeague: knows,
    leavesRegion: knows,
    holiday: knows,
    overBudget: knows,
    people: fc.integer({ min: 1, max: 61 }),
    fromMin: fc.integer({ min: 0, max: 2_880 }),
    lengthMin: fc.integer({ min: 1, max: 4_000 }),
  })
  .map(({ fromMin, lengthMin, ...rest }) => {
    const startsAtMs = MORNING_MS + fromMin * 60_000
    return { ...rest, startsAtMs, endsAtMs: startsAtMs + lengthMin * 60_000 }
  })

t.test('no chain is without its unit’s step, goes from below to above, and comes out the same again', async () => {
  fc.assert(
    fc.property(askedOf, rules, fc.boolean(), (asked, list, hasLeague) => {
      const chain = approvalChain(asked, list, hasLeague)
      const order = chain.steps.map(({ level }) => approvalLevels.indexOf(level))
      return (
        order[0] === 0 &&
        order.every((place, n) => n === 0 || place > order[n - 1]!) &&
        chain.steps.every(({ because }) => because.length > 0) &&
        (hasLeague || chain.steps.every(({ level }) => level !== 'league')) &&
        JSON.stringify(chain) === JSON.stringify(approvalChain(asked, [...list].reverse(), hasLeague))
      )
    }),
  )
})

t.test('who asks for more, and who is asked by more rules, has no shorter chain', async () => {
  const more = fc.record({ km: fc.nat(500), people: fc.nat(20), earlierMin: fc.nat(600), laterMin: fc.nat(600), says: fc.boolean() })
  const or = (known: boolean | null, yes: boolean) => (yes ? true : known)
  fc.assert(
    fc.property(askedOf, more, rules, rules, fc.boolean(), (asked, { km, people, earlierMin, laterMin, says }, list, others, hasLeague) => {
      const larger: Asked = {
        km: asked.km === null ? km : asked.km + km,
        leavesLeague: or(asked.leavesLeague, says),
        leavesRegion: or(asked.leavesRegion, says),
        holiday: or(asked.holiday, says),
        overBudget: or(asked.overBudget, says),
        people: asked.people + people,
        startsAtMs: asked.startsAtMs - earlierMin * 60_000,
        endsAtMs: asked.endsAtMs + laterMin * 60_000,
      }
      const levelsOf = (one: Asked, all: ApprovalRule[]) => approvalChain(one, all, hasLeague).steps.map(({ level }) => level)
      const few = levelsOf(asked, list)
      const many = levelsOf(larger, [...list, ...others])
      return few.every((level) => many.includes(level))
    }),
  )
})

t.test(
  'a chain ends after as many decisions as it has steps, or fewer where steps went up, and goes up at most to the region',
  async () => {
    fc.assert(
      fc.property(askedOf, rules, fc.boolean(), fc.array(fc.boolean()), (asked, list, hasLeague, goUp) => {
        const chain = approvalChain(asked, list, hasLeague)
        let place = { at: 0, level: chain.steps[0]!.level }
        for (let decided = 1; ; decided++) {
          for (const up of goUp) place = (up && placeAbove(place, hasLeague)) || place
          const next = nextPlace(chain, place)
          if (!next) return decided <= chain.steps.length
          if (approvalLevels.indexOf(next.level) <= approvalLevels.indexOf(place.level)) return false
          place = next
        }
      }),
    )
  },
)

t.test('rules that could not be kept are refused', async (t) => {
  const limits = { remindAfterH: 4, escalateAfterH: 24, bothForH: 12 }
  t.ok(approvalRulesSchema.safeParse({ rules: every, ...limits }).success)
  t.notOk(approvalRulesSchema.safeParse({ rules: every, ...limits, escalateAfterH: 4 }).success, 'it goes up later than it is reminded of')
  t.notOk(approvalRuleSchema.safeParse({ when: 'distance', km: 0, level: 'league' }).success)
  t.notOk(approvalRuleSchema.safeParse({ when: 'distance', km: 10, level: 'unit' }).success)
})

t.test('a place is where its name says, then where its point is, and otherwise not known', async (t) => {
  const place = (name: string, lon: number | null = null, lat: number | null = null) => ({ name, lon, lat })
  t.equal(locate(place('武川县政府'))?.league, '150100')
  t.equal(locate(place('呼和浩特市新城区集中办公区'))?.league, '150100')
  t.equal(locate(place('内蒙古自治区锡林浩特'))?.league, '152500')
  t.equal(locate(place('北京南站'))?.league, null)
  t.equal(locate(place('三楼会议室')), undefined)
  t.equal(locate(place('集中办公区', 109.84, 40.66))?.league, '150200', 'in the city of Baotou')
  t.equal(locate(place('某地', 116.4, 39.9))?.league, null, 'beyond the border')
  const trip = (...names: string[]) =>
    journeyOf(
      names.map((name) => place(name)),
      '150100',
      MORNING_MS,
    )
  t.match(trip('新城区', '武川县'), { leavesLeague: false, leavesRegion: false })
  t.match(trip('新城区', '包头市'), { leavesLeague: true, leavesRegion: false })
  t.match(trip('新城区', '北京'), { leavesLeague: true, leavesRegion: true })
  t.same(trip('新城区', '某会议室'), { km: null, leavesLeague: null, leavesRegion: null })
  t.match(trip('某会议室', '北京'), { km: null, leavesLeague: true, leavesRegion: true }, 'one place is enough')
  const { km } = trip('新城区', '包头市')
  t.ok(km! > 150 && km! < 260, `${km} km to Baotou`)
  t.ok(trip('新城区', '武川县', '包头市').km! > km!, 'by a way round it is further')
})

t.test('a short way is offered on foot or by bus with what that saves, and a longer one is not', async (t) => {
  const offers = (km: number | null, people = 1) => greenOffers({ km, people, atMs: MORNING_MS })
  t.same(offers(1), [
    { way: 'walk', savedKm: 2, savedFen: 500 },
    { way: 'bus', savedKm: 2, savedFen: 100 },
  ])
  t.same(
    offers(2.9).map(({ way }) => way),
    ['bus'],
  )
  t.same(offers(2.9, 4), [], 'four fares cost more than the vehicle')
  t.same(offers(3.1), [])
  t.same(offers(null), [], 'what is not known is not short')
  fc.assert(
    fc.property(fc.double({ min: 0, max: 50, noNaN: true }), fc.integer({ min: 1, max: 60 }), (km, people) =>
      offers(km, people).every(({ savedFen, savedKm }) => Number.isInteger(savedFen) && savedFen >= 0 && savedKm <= 2 * km + 0.1),
    ),
  )
})
