// A trip beside its order: a set of cases made by hand, each with what differs and by how much; the same whatever arrived when.
import fc from 'fast-check'
import t from 'tap'
import type { LonLat, Shape } from '../../services/domain/geofence.ts'
import type { Fix } from '../../services/domain/orderTrack.ts'
import { compareWithOrder, differing, type OrderComparison, type OrderedTrip } from '../../services/domain/trackAgainstOrder.ts'

const MINUTE = 60_000
const START = Date.parse('2026-03-02T00:00:00Z')
const yard: LonLat = [111.7, 40.82]
const home: Shape = { type: 'circle', centre: yard, radiusM: 100 }
/** So many kilometres to the east of the yard, and to the north of that. */
const at = (east: number, north = 0): LonLat => [yard[0] + (east * 1000) / 84_300, yard[1] + (north * 1000) / 111_050]

/** From the yard at minute 0: stands or drives from place to place, a report every ten seconds; `silent` minutes are not reported. */
type Leg = { to: LonLat; minutes: number } | { stands: number } | { silent: number; to: LonLat }
function drive(legs: readonly Leg[], begins = 0): Fix[] {
  const fixes: Fix[] = []
  let [s, here] = [begins * 60, yard]
  const say = (place: LonLat) => fixes.push({ atMs: START + s * 1000, at: place })
  say(here)
  for (const leg of legs) {
    const seconds = 'stands' in leg ? leg.stands * 60 : ('silent' in leg ? leg.silent : leg.minutes) * 60
    const [from, to] = [here, 'stands' in leg ? here : leg.to]
    for (let passed = 10; passed <= seconds; passed += 10) {
      s += 10
      if ('silent' in leg && passed < seconds) continue
      const part = passed / seconds
      say([from[0] + part * (to[0] - from[0]), from[1] + part * (to[1] - from[1])])
    }
    here = to
  }
  return fixes
}

const school = at(30)
const order: OrderedTrip = {
  startsAtMs: START + 30 * MINUTE,
  endsAtMs: START + 240 * MINUTE,
  places: [
    { name: '机关大院', at: at(1), saidMs: null },
    { name: '学校', at: school, saidMs: null },
  ],
  said: { departMs: START + 30 * MINUTE, comeBackMs: START + 150 * MINUTE, distanceM: 61_000 },
  passengers: 3,
  seats: 5,
  withDriver: true,
  driver: '巴特尔',
  drove: ['巴特尔'],
  steppedFor: [],
  costs: [{ kind: 'fuel', fen: 12_000, atMs: START + 60 * MINUTE }],
}
/** Leaves on time, picks up, is at the school for an hour, and comes back as it came. */
const asOrdered: Leg[] = [
  { stands: 30 },
  { to: at(1), minutes: 2 },
  { stands: 3 },
  { to: school, minutes: 27 },
  { stands: 60 },
  { to: yard, minutes: 28 },
  { stands: 90 },
]
const compare = (legs: readonly Leg[], more: Partial<OrderedTrip> = {}, metres = 60_000): OrderComparison => {
  const fixes = drive(legs)
  const track = { legs: [{ fixes, home }], knownMs: fixes.at(-1)!.atMs, distanceM: metres }
  return compareWithOrder({ ...order, endsAtMs: START + 150 * MINUTE, ...more }, track)
}

t.test('a trip that is driven as it was ordered differs in nothing, and each measure is there', (t) => {
  const found = compare(asOrdered)
  t.same(differing(found), [])
  t.ok(Math.abs(found.departure.apartMs!) <= MINUTE, `${found.departure.apartMs}`)
  t.ok(Math.abs(found.comeBack.apartMs!) <= 2 * MINUTE, `${found.comeBack.apartMs}`)
  t.match(found, {
    places: [
      { name: '机关大院', verdict: 'same' },
      { name: '学校', nearestM: 0, verdict: 'same' },
    ],
    way: { verdict: 'same', stretches: [] },
    stays: { verdict: 'same', rows: [] },
    people: { room: 4 },
    cost: { fen: 12_000, fenPerKm: 200, elsewhen: [] },
  })
  t.same(found.silences, [])
  t.end()
})

const cases: [says: string, legs: readonly Leg[], more: Partial<OrderedTrip>, metres: number, differs: string[], has: object][] = [
  ['it leaves forty minutes late', [{ stands: 40 }, ...asOrdered], {}, 60_000, ['departure', 'comeBack'], {}],
  [
    'it leaves as ordered, and its driver said so a quarter of an hour later',
    asOrdered,
    { said: { ...order.said, departMs: START + 46 * MINUTE } },
    60_000,
    ['departure'],
    { departure: { verdict: 'differs' } },
  ],
  ['it never leaves', [{ stands: 240 }], {}, 0, ['departure', 'comeBack', 'places', 'distance'], { departure: { seenMs: null } }],
  [
    'it never reaches the school: three kilometres short',
    [{ stands: 30 }, { to: at(1), minutes: 2 }, { to: at(27), minutes: 28 }, { stands: 5 }, { to: yard, minutes: 85 }, { stands: 60 }],
    {},
    54_000,
    ['places', 'distance'],
    { places: [{ verdict: 'same' }, { name: '学校', nearestM: 3000, verdict: 'differs' }] },
  ],
  [
    'it goes on to a scenic place forty kilometres to the north and stands there for an hour',
    [...asOrdered.slice(0, 4), { to: at(30, 40), minutes: 30 }, { stands: 60 }, { to: yard, minutes: 30 }, { stands: 60 }],
    { endsAtMs: START + 182 * MINUTE, said: { ...order.said, comeBackMs: START + 182 * MINUTE, distanceM: 120_000 } },
    120_000,
    ['way', 'stays', 'distance'],
    { stays: { rows: [{ offM: 40_000, unseenMs: 0 }] }, way: { stretches: [{ fromMs: Number }] } },
  ],
  [
    'it stops for twenty minutes beside the way',
    [
      ...asOrdered.slice(0, 3),
      { to: at(15), minutes: 15 },
      { stands: 20 },
      { to: school, minutes: 15 },
      { stands: 37 },
      ...asOrdered.slice(5),
    ],
    {},
    60_000,
    ['stays'],
    { way: { verdict: 'same' }, stays: { rows: [{ untilMs: Number, offM: 14_000 }] } },
  ],
  ['five travel in a car of five with a driver', asOrdered, { passengers: 5 }, 60_000, ['people'], { people: { passengers: 5, room: 4 } }],
  ['another drives', asOrdered, { drove: ['朝鲁'] }, 60_000, ['driver'], { driver: { ordered: '巴特尔', drove: ['朝鲁'] } }],
  [
    'the odometer has thirty kilometres more than the track',
    asOrdered,
    { said: { ...order.said, distanceM: 91_000 } },
    60_000,
    ['distance'],
    { distance: { saidM: 91_000, seenM: 60_000 } },
  ],
  [
    'fuel was paid for three hours after it was back',
    asOrdered,
    { costs: [...order.costs, { kind: 'fuel', fen: 30_000, atMs: START + 330 * MINUTE }] },
    60_000,
    ['cost'],
    { cost: { fen: 42_000, elsewhen: [{ fen: 30_000 }] } },
  ],
  [
    'its people are said to get on where the vehicle is not',
    asOrdered,
    { places: [{ ...order.places[0]!, saidMs: START + 50 * MINUTE }, order.places[1]!] },
    60_000,
    ['places'],
    { places: [{ verdict: 'differs', nearestM: 0 }, {}] },
  ],
  [
    'nothing is heard of it for twenty minutes on its way: no stop and no detour, and a silence of twenty kilometres',
    [...asOrdered.slice(0, 3), { to: at(5), minutes: 4 }, { silent: 20, to: at(25) }, { to: school, minutes: 3 }, ...asOrdered.slice(4)],
    {},
    60_000,
    [],
    { silences: [{ metres: 20_000 }], stays: { rows: [] } },
  ],
]
t.test('a set of cases made by hand: what differs, and by how much', (t) => {
  for (const [says, legs, more, metres, differs, has] of cases) {
    const found = compare(legs, more, metres)
    t.same(differing(found), differs, says)
    const round = JSON.parse(JSON.stringify(found), (key, value) =>
      (key === 'offM' || key === 'metres' || key === 'nearestM') && typeof value === 'number' ? Math.round(value / 1000) * 1000 : value,
    )
    t.match(round, has, says)
  }
  t.end()
})

t.test('what is not known is said to be: no place, no track, no seats, and a trip that is not over', (t) => {
  const nowhere = compare(asOrdered, { places: [order.places[0]!, { ...order.places[1]!, at: null }], seats: null })
  t.match(nowhere, { way: { verdict: 'unknown' }, people: { verdict: 'unknown', room: null }, distance: { orderedM: null } })
  t.same(
    nowhere.places.map(({ verdict }) => verdict),
    ['same', 'unknown'],
  )
  const none = compareWithOrder(order, { legs: [], knownMs: null, distanceM: 0 })
  t.same(differing(none), [])
  t.match(none, { departure: { verdict: 'unknown' }, stays: { verdict: 'unknown' }, distance: { verdict: 'unknown' } })
  const told = { ...order, said: { ...order.said, distanceM: 120_000 } }
  t.match(compareWithOrder(told, { legs: [], knownMs: null, distanceM: 0 }), {
    distance: { seenM: null, saidM: 120_000, verdict: 'differs' },
  })
  const out = compare(asOrdered.slice(0, 5), { said: { ...order.said, comeBackMs: null, distanceM: null } }, 30_000)
  t.same(differing(out), [], 'on its way it owes no return yet, and no whole distance')
  t.end()
})

t.test('late and shuffled reports, and all of them twice, say the same', (t) => {
  const legs = cases[4]![1]
  const fixes = drive(legs)
  const track = (given: readonly Fix[]) => ({ legs: [{ fixes: given, home }], knownMs: fixes.at(-1)!.atMs, distanceM: 120_000 })
  const whole = compareWithOrder(order, track(fixes))
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (keys) => {
      const mixed = [...fixes, ...fixes].map((fix, n) => ({ fix, key: (keys[n % 40]! * (n + 7)) % 10_007 }))
      const shuffled = mixed.sort((a, b) => a.key - b.key).map(({ fix }) => fix)
      t.same(compareWithOrder(order, track(shuffled)), whole)
    }),
    { numRuns: 20, seed: 11 },
  )
  t.end()
})
