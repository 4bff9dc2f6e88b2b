import t from 'tap'
import { type Point, segment } from '../../services/ingest/trips/segment.ts'

const START = Date.UTC(2026, 10, 23, 1)
const NEVER_SILENT = 0
const LATER = START + 86_400_000
/** `minutes` after the start, `km` east of it, at `kph`. */
const at = (minutes: number, km: number, kph: number | null, more: Partial<Point> = {}): Point => ({
  tsMs: START + minutes * 60_000,
  lonE7: 1_110_000_000 + Math.round((km / 85.4) * 1e7),
  latE7: 400_000_000,
  speedDkph: kph === null ? null : kph * 10,
  odometerM: null,
  ignition: kph === null || kph > 0,
  ...more,
})
const minutesOf = (trips: ReturnType<typeof segment>) =>
  trips.map(({ start, end, ended }) => [(start.tsMs - START) / 60_000, (end.tsMs - START) / 60_000, ended])

t.test('a trip begins with movement and ends where a rest of five minutes began', async (t) => {
  const trips = segment([at(0, 0, 0), at(5, 0, 30), at(6, 0.5, 30), at(7, 1, 0), at(12, 1, 0), at(17, 1, 0)], NEVER_SILENT)
  t.same(minutesOf(trips), [[5, 7, true]])
  t.match(trips[0], { positions: 3, maxSpeedDkph: 300 })
  t.ok(Math.abs(trips[0]!.distanceM - 1000) < 10)
})

t.test('a short stop is part of the trip', async (t) => {
  t.same(minutesOf(segment([at(0, 0, 40), at(1, 0.6, 0), at(3, 0.6, 0), at(4, 0.7, 40), at(5, 1.3, 0), at(10, 1.3, 0)], NEVER_SILENT)), [
    [0, 5, true],
  ])
})

t.test('a vehicle that may still go on is on an open trip, until it has been silent for two hours', async (t) => {
  const points = [at(0, 0, 40), at(1, 0.6, 40), at(2, 1.2, 0), at(4, 1.2, 0)]
  t.same(minutesOf(segment(points, points.at(-1)!.tsMs)), [[0, 2, false]])
  t.same(minutesOf(segment(points, LATER)), [[0, 2, true]])
})

t.test('a gap with displacement continues the trip', async (t) => {
  t.same(minutesOf(segment([at(0, 0, 40), at(1, 0.6, 40), at(61, 40, 40), at(62, 40.6, 0), at(67, 40.6, 0)], NEVER_SILENT)), [
    [0, 62, true],
  ])
})

t.test('a gap without displacement was a rest', async (t) => {
  t.same(minutesOf(segment([at(0, 0, 40), at(1, 0.6, 40), at(31, 0.65, 40), at(32, 1.3, 40)], LATER)), [
    [0, 1, true],
    [31, 32, true],
  ])
})

t.test('nothing is assumed about a gap of more than two hours', async (t) => {
  t.same(minutesOf(segment([at(0, 0, 40), at(1, 0.6, 40), at(200, 90, 40), at(201, 90.6, 40)], LATER)), [
    [0, 1, true],
    [200, 201, true],
  ])
})

t.test('a vehicle found elsewhere after an outage has made a trip', async (t) => {
  t.same(minutesOf(segment([at(0, 0, 0), at(90, 30, 0), at(95, 30, 0)], NEVER_SILENT)), [[0, 90, true]])
})

t.test('drift of a parked vehicle is no trip', async (t) => {
  t.same(
    segment(
      [0, 0.02, 0.05, 0.01, 0.04].map((km, i) => at(i * 5, km, 0)),
      NEVER_SILENT,
    ),
    [],
  )
})

t.test('a terminal without speed drives when its positions do', async (t) => {
  t.same(minutesOf(segment([at(0, 0, null), at(1, 0.15, null), at(2, 0.3, null), at(3, 0.31, null), at(9, 0.31, null)], NEVER_SILENT)), [
    [1, 3, true],
  ])
})

t.test('distance is the odometer where the track does not contradict it', async (t) => {
  const drive = (end: number) => [at(0, 0, 60, { odometerM: 1000 }), at(1, 1, 60, { odometerM: 2100 }), at(2, 2, 60, { odometerM: end })]
  t.equal(segment(drive(3300), LATER)[0]!.distanceM, 2300)
  t.ok(Math.abs(segment(drive(12), LATER)[0]!.distanceM - 2000) < 20, 'a reset odometer')
})
