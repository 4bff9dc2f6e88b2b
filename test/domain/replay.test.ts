// Replay: one clock whatever the density of reports; in a gap nothing moves; what is not believed is no place.
import fc from 'fast-check'
import t from 'tap'
import { findNext, findPrevious, knownAt, prepareReplay, spansWhere, stateAtReplay } from '../../services/domain/replay.ts'

const START = Date.UTC(2026, 2, 8, 0, 0)
/** Reports every `everyS` seconds along a street, 10 m a second, for `minutes`. */
const drive = (everyS: number, minutes: number) => {
  const count = Math.floor((minutes * 60) / everyS) + 1
  return {
    timeMs: Array.from({ length: count }, (_, i) => START + i * everyS * 1000),
    lon: Array.from({ length: count }, (_, i) => 111.7 + (i * everyS * 10) / 84_000),
    lat: Array.from({ length: count }, () => 40.8),
  }
}

t.test('at an instant two vehicles are where they were then, however often each reports', async (t) => {
  const [often, seldom] = [prepareReplay(drive(10, 10)), prepareReplay(drive(120, 20))]
  // Ten seconds at sixty times.
  const ms = START + 600_000
  const [x, y] = [stateAtReplay(often, ms), stateAtReplay(seldom, ms)]
  t.match(x, { seen: 'last', index: 60 }, 'the first is at its end')
  t.match(y, { seen: 'moving', index: 5, sinceMs: ms }, 'the second on its sixth report')
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 599_999 }), (after) => {
      const [a, b] = [stateAtReplay(often, START + after), stateAtReplay(seldom, START + after)]
      return a.seen === 'moving' && b.seen === 'moving' && Math.abs(a.lon - b.lon) < 1e-9
    }),
  )
})

t.test('in a gap it stays where it was last seen, and the way beyond is not driven', async (t) => {
  const line = prepareReplay({ timeMs: [START, START + 2_400_000, START + 2_410_000], lon: [111.7, 112, 112.001], lat: [40.8, 40.8, 40.8] })
  t.match(line.gaps, [{ fromMs: START, untilMs: START + 2_400_000, index: 0 }])
  t.ok(line.gaps[0]!.metres > 24_000 && line.gaps[0]!.metres < 26_000)
  t.match(stateAtReplay(line, START + 1_200_000), { seen: 'gap', lon: 111.7, lat: 40.8, sinceMs: START, headingDeg: null })
  t.match(stateAtReplay(line, START + 2_400_000), { seen: 'moving', index: 1, headingDeg: 90 })
  t.same(stateAtReplay(line, START - 1), { seen: 'not-yet' })
  t.match(stateAtReplay(line, START + 9_000_000), { seen: 'last', index: 2 })
  t.same(stateAtReplay(prepareReplay({ timeMs: [], lon: [], lat: [] }), START), { seen: 'not-yet' })
})

t.test('a figure is told between reports, and not before the first, in a gap or after the last', async (t) => {
  const times = [0, 10, 1_210, 1_220].map((seconds) => START + seconds * 1000)
  const line = prepareReplay({ timeMs: times, lon: [111.7, 111.701, 111.7, 111.701], lat: [40.8, 40.8, 40.8, 40.8] })
  const at = (seconds: number) => knownAt(line, START + seconds * 1000)
  t.same([-1, 0, 9, 10, 11, 1_209, 1_210, 1_219, 1_220, 1_221].map(at), [-1, 0, 0, 1, -1, -1, 2, 2, 3, -1])
})

t.test('a position that is not believed is passed over, and known by its place in the track', async (t) => {
  const track = drive(10, 1)
  track.lat[3] = 0
  track.lon[3] = 0
  const line = prepareReplay({ ...track, flagged: [{ index: 3, reason: 'zero' }] })
  t.same(line.apart, [3])
  t.same([...line.of], [0, 1, 2, 4, 5, 6])
  const state = stateAtReplay(line, track.timeMs[3]!)
  t.ok(state.seen === 'moving' && Math.abs(state.lat - 40.8) < 1e-9)
})

t.test('it is never further ahead than its next report, and never elsewhere than between two', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: -50, max: 50 })), { minLength: 2, maxLength: 30 }),
      fc.nat(30_000),
      (steps, s) => {
        let [ms, lon] = [START, 111.7]
        const track = { timeMs: [] as number[], lon: [] as number[], lat: [] as number[] }
        for (const [seconds, metres] of steps) {
          ms += seconds * 1000
          lon += metres / 84_000
          track.timeMs.push(ms)
          track.lon.push(lon)
          track.lat.push(40.8)
        }
        const line = prepareReplay(track)
        const state = stateAtReplay(line, START + s * 1000)
        if (state.seen === 'not-yet') return START + s * 1000 < line.timeMs[0]!
        const [a, b] = [line.lon[state.index]!, line.lon[state.index + 1] ?? line.lon[state.index]!]
        return state.lon >= Math.min(a, b) - 1e-9 && state.lon <= Math.max(a, b) + 1e-9 && (state.seen === 'moving' || state.lon === a)
      },
    ),
  )
})

t.test('the next and the one before of a list of instants', async (t) => {
  t.equal(findNext([10, 20, 30], 20), 30)
  t.equal(findPrevious([10, 20, 30], 20), 10)
  t.equal(findNext([10], 10), undefined)
})

t.test(
  'a span lasts from the first report that says so until the next that does not, and no longer than a gap lets it be known',
  async (t) => {
    const minutes = [0, 1, 2, 3, 33, 34, 35]
    const line = prepareReplay({
      timeMs: minutes.map((m) => START + m * 60_000),
      lon: minutes.map(() => 111.7),
      lat: minutes.map(() => 40.8),
    })
    const on = [false, true, true, true, true, false, true]
    const told = spansWhere(line, (i) => on[i]!).map(({ fromMs, untilMs }) => [(fromMs - START) / 60_000, (untilMs - START) / 60_000])
    t.same(told, [
      [1, 3],
      [33, 34],
      [35, 35],
    ])
    t.same(
      spansWhere(line, () => false),
      [],
    )
  },
)
