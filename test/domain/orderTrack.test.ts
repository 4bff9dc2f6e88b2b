// What a track says of an ordered trip: crossings of fences, through noise, drift, lone wild fixes and any order of arrival.
import fc from 'fast-check'
import t from 'tap'
import type { LonLat, Shape } from '../../services/domain/geofence.ts'
import { crossingsOf, differencesOf, type Fix, followTrip, homeOf, type Seen } from '../../services/domain/orderTrack.ts'

const MINUTE = 60_000
const START = Date.parse('2026-03-02T00:00:00Z')
const yard: LonLat = [111.7, 40.82]
const fence: Shape = { type: 'circle', centre: yard, radiusM: 100 }
/** So many metres to the east of the yard, and to the north of that. */
const at = (metres: number, north = 0): LonLat => [yard[0] + metres / 84_300, yard[1] + north / 111_050]
const fixesOf = (metres: readonly number[], everyS: number): Fix[] => metres.map((m, n) => ({ atMs: START + n * everyS * 1000, at: at(m) }))
const left = (metres: readonly number[], everyS: number) => crossingsOf(fence, fixesOf(metres, everyS), 'inside')

t.test('one fix far off that the next ones contradict is nothing, and neither is a drift over the fence', (t) => {
  t.same(left([8, 12, 210, 9, 11], 12), [])
  t.same(left([8, 90, 105, 130, 108, 96, 115, 140, 90, 180, 195, 150, 60], 12), [], 'about the fence, and never clear of it')
  t.same(left([8, 212, 215, 10, 9, 214, 8], 12), [], 'two that say the same wrong place are no way')
  t.end()
})

t.test('a departure is one, and dated to the first fix outside, not to the one that shows it', (t) => {
  t.same(left([20, 90, 160, 400, 900], 12), [{ kind: 'leave', atMs: START + 24_000 }])
  t.same(
    left([20, 90, 160, 400, 900, 30, 1600, 2400], 12),
    [{ kind: 'leave', atMs: START + 24_000 }],
    'and a wild fix back home is no return',
  )
  t.same(
    left([20, 110, 112, 109, 111, 160, 700, 1500], 300),
    [{ kind: 'leave', atMs: START + 5 * 300_000 }],
    'who stands beside the fence has not left',
  )
  t.same(left([20, 400], 12), [], 'of one fix it is not known yet')
  t.end()
})

t.test('who drives through does not arrive; who stays does, when he came', (t) => {
  const through = [2000, 1200, 600, 250, 60, 70, 300, 900, 1800]
  t.same(crossingsOf(fence, fixesOf(through, 10), 'outside'), [])
  const stays = [2000, 900, 250, 80, 20, 15, 18, 130, 12, 9, 11, 14]
  t.same(crossingsOf(fence, fixesOf(stays, 10), 'outside'), [{ kind: 'enter', atMs: START + 30_000 }])
  t.end()
})

t.test('a trip is a departure, two arrivals and a return, through any noise and whatever the order of arrival', (t) => {
  /** Stands, drives `km` out, stands there, and drives back; a report each `everyS`. */
  const journey = fc.record({
    everyS: fc.integer({ min: 5, max: 30 }),
    km: fc.integer({ min: 3, max: 40 }),
    speed: fc.integer({ min: 8, max: 28 }),
    noise: fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 })), { minLength: 20, maxLength: 60 }),
    wild: fc.array(fc.nat({ max: 10_000 }), { maxLength: 6 }),
    shuffle: fc.infiniteStream(fc.nat({ max: 1_000_000 })),
  })
  fc.assert(
    fc.property(journey, ({ everyS, km, speed, noise, wild, shuffle }) => {
      const standS = 1800
      const driveS = (km * 1000) / speed
      const leaves = standS
      const there = leaves + driveS
      const goes = there + standS
      const back = goes + driveS
      const metresAt = (s: number) =>
        s < leaves ? 0 : s < there ? (s - leaves) * speed : s < goes ? km * 1000 : s < back ? (back - s) * speed : 0
      const fixes: Fix[] = []
      for (let s = 0, n = 0; s < back + standS; s += everyS, n++) {
        const [x, y] = noise[n % noise.length]!
        fixes.push({ atMs: START + s * 1000, at: at(metresAt(s) + x, y) })
      }
      // Lone wild fixes, well apart.
      for (const w of wild) {
        const n = w % fixes.length
        if (n % 9 === 4) fixes[n] = { atMs: fixes[n]!.atMs, at: at(60_000, 9_000) }
      }
      const trip = { home: fence, pickUp: null, destination: at(km * 1000), backByMs: START + back * 1000 }
      const seen = followTrip(fixes, trip)
      const near = (ms: number | null, s: number) => ms !== null && Math.abs((ms - START) / 1000 - s) <= 3 * everyS + 40
      if (!near(seen.depart, leaves + 100 / speed) || !near(seen.arrive, there - 100 / speed) || !near(seen.comeBack, back - 100 / speed))
        throw new Error(JSON.stringify({ seen, leaves, there, back, everyS }))
      const keys = shuffle[Symbol.iterator]()
      const shuffled = fixes.map((fix) => ({ fix, key: keys.next().value })).sort((a, b) => a.key - b.key)
      t.same(
        followTrip(
          shuffled.map(({ fix }) => fix),
          trip,
        ),
        seen,
      )
    }),
    { numRuns: 60, seed: 20_261_130 },
  )
  t.end()
})

t.test('what is seen so far never moves when more comes: a departure that is known stays where it is', (t) => {
  const metres = [10, 20, 15, 160, 400, 900, 1700, 2500, 2400, 1300, 500, 90, 30, 12, 9, 11, 10, 13, 12]
  const all = fixesOf(metres, 20)
  const trip = { home: fence, pickUp: null, destination: null, backByMs: START + 3_600_000 }
  const whole = followTrip(all, trip)
  t.match(whole, { depart: START + 60_000, comeBack: START + 220_000 })
  for (let n = 1; n <= all.length; n++) {
    const { depart, comeBack } = followTrip(all.slice(0, n), trip)
    t.ok(depart === null || depart === whole.depart)
    t.ok(comeBack === null || comeBack === whole.comeBack)
  }
  t.end()
})

t.test('home is the yard that it stood in, however short the errands since; without a yard, where it stands', (t) => {
  const plot: Shape = { type: 'circle', centre: yard, radiusM: 300 }
  const stands = [
    { at: at(4000), sinceMs: START },
    { at: at(120), sinceMs: START - 40 * MINUTE },
  ]
  t.same(homeOf(stands, [plot]), { fence: plot, sinceMs: START - 40 * MINUTE })
  t.same(homeOf(stands, []), { fence: { type: 'circle', centre: at(4000), radiusM: 100 }, sinceMs: START })
  t.same(homeOf([stands[0]!, { at: yard, sinceMs: START - 30 * 60 * MINUTE }], [plot])!.sinceMs, START, 'yesterday’s yard is no home')
  t.equal(homeOf([], [plot]), null)
  t.end()
})

t.test('driver and track differ where the law says so, and not in what cannot be known yet', (t) => {
  const none: Seen & { km: number | null } = { depart: null, pickUp: null, arrive: null, comeBack: null, away: false, km: null }
  const said = { departMs: null, comeBackMs: null, km: null }
  const eight = START + 5 * MINUTE
  const late = START + 17 * MINUTE
  const known = START + 60 * MINUTE
  t.same(differencesOf({ ...said, departMs: eight }, { ...none, depart: late }, known), [{ of: 'depart', saidMs: eight, seenMs: late }])
  t.same(differencesOf({ ...said, departMs: eight }, { ...none, depart: eight + 4 * MINUTE }, known), [])
  t.same(differencesOf({ ...said, departMs: eight }, none, known), [{ of: 'depart', saidMs: eight, seenMs: null }], 'said, and it stands')
  t.same(differencesOf({ ...said, departMs: eight }, none, eight + MINUTE), [], 'not to be seen yet')
  t.same(differencesOf({ ...said, departMs: eight }, { ...none, away: true }, known), [], 'it was out already')
  t.same(differencesOf(said, { ...none, depart: late }, known), [{ of: 'depart', saidMs: null, seenMs: late }], 'left, and nobody said so')
  t.same(differencesOf({ ...said, km: 46 }, { ...none, km: 45 }, known), [])
  t.same(differencesOf({ ...said, km: 88 }, { ...none, km: 45 }, known), [{ of: 'km', said: 88, seen: 45 }])
  t.same(differencesOf({ ...said, km: 215 }, { ...none, km: 200 }, known), [], 'of a long way a part of it')
  t.end()
})
