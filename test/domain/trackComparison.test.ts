// Two tracks held against each other: the same from whichever is denser, by the time that both know, and a clock that is off is found.
import t from 'tap'
import { prepareReplay } from '../../services/domain/replay.ts'
import { compareTracks, findOffset } from '../../services/domain/trackComparison.ts'

const FIRST = Date.UTC(2026, 2, 2, 1)
/** Eastwards at 60 km/h from 111.7°, so many metres north of 40.8°, by the second. */
const drive = (seconds: readonly number[], northM = 0, clockS = 0) =>
  prepareReplay({
    timeMs: seconds.map((s) => FIRST + (s + clockS) * 1000),
    lon: seconds.map((s) => 111.7 + (s * 60) / 3.6 / 84_270 + (Math.sin(s / 200) * 300) / 84_270),
    lat: seconds.map(() => 40.8 + northM / 111_195),
  })
const every = (step: number, until = 1800, from = 0) =>
  Array.from({ length: Math.floor((until - from) / step) + 1 }, (_, n) => from + n * step)

t.test('two that drive side by side are as far apart as they are, however rarely one of them reports', (t) => {
  for (const step of [10, 60]) {
    const { shareWithin, meanM, mostM, knownMs } = compareTracks(drive(every(step)), drive(every(25, 1800, 5), 30), {
      widthM: 50,
      offsetMs: 0,
    })
    t.equal(shareWithin, 1)
    t.ok(Math.abs(meanM - 30) < 5 && mostM < 60, `${meanM} ${mostM}`)
    t.equal(knownMs, 1775_000)
  }
  t.equal(compareTracks(drive(every(10)), drive(every(10), 200), { widthM: 50, offsetMs: 0 }).shareWithin, 0)
  t.end()
})

t.test('what only one of them knows is not compared, and a gap of either is not known', (t) => {
  const vehicle = drive([...every(10, 600), ...every(10, 1800, 1500)])
  const { knownMs, metres, timeMs } = compareTracks(vehicle, drive(every(10, 2400)), { widthM: 50, offsetMs: 0 })
  t.equal(knownMs, 900_000)
  t.same(
    [700, 1000, 2000].map((s) => metres[timeMs.indexOf(FIRST + s * 1000)]),
    [Number.NaN, Number.NaN, Number.NaN],
  )
  const never = compareTracks(vehicle, drive(every(10), 0, 90_000), { widthM: 50, offsetMs: 0 })
  t.same([never.knownMs, Number.isNaN(never.shareWithin), Number.isNaN(never.mostM)], [0, true, true])
  t.end()
})

t.test('a clock that is eight hours and a half minute off is found', (t) => {
  const vehicle = drive(every(10, 3600))
  for (const clockS of [8 * 3600 + 30, -45, 0]) t.equal(findOffset(vehicle, drive(every(7, 1500, 900), 10, clockS)), -clockS * 1000)
  t.equal(findOffset(vehicle, drive(every(10), 0, 9 * 86_400)), undefined)
  t.end()
})
