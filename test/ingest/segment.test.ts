import t from 'tap'
import { derive, type Point, segment } from '../../services/ingest/trips/segment.ts'
import { DAY, drive, journey, at as place, reports, stand } from './journeys.ts'

const START = Date.UTC(2026, 10, 23, 1)
const NEVER_SILENT = 0
const LATER = START + 86_400_000
const LATER_DAY = DAY + 10 * 86_400_000
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

t.test('a trip begins at the rest that it left and ends where a rest of five minutes began', async (t) => {
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

t.test('a vehicle found elsewhere after an outage was moved, and nobody saw how: a named displacement, no trip', async (t) => {
  const { trips, displacements } = derive([at(0, 0, 0), at(90, 30, 0), at(95, 30, 0)], NEVER_SILENT)
  t.same(trips, [])
  t.match(displacements, [{ kind: 'unseen', start: { tsMs: START }, end: { tsMs: START + 90 * 60_000 } }])
  t.ok(Math.abs(displacements[0]!.distanceM - 30_000) < 100)
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
    [0, 2, true],
  ])
})

t.test('distance is the odometer where the track does not contradict it', async (t) => {
  const drive = (end: number) => [at(0, 0, 60, { odometerM: 1000 }), at(1, 1, 60, { odometerM: 2100 }), at(2, 2, 60, { odometerM: end })]
  t.equal(segment(drive(3300), LATER)[0]!.distanceM, 2300)
  t.ok(Math.abs(segment(drive(12), LATER)[0]!.distanceM - 2000) < 20, 'a reset odometer')
})

const HOUR = 3600
/** Long after the last report. */
const judged = (points: Point[]) => derive(points, points.at(-1)!.tsMs + 3 * HOUR * 1000)
const wild = (points: Point[], index: number, change: (point: Point) => Partial<Point>) =>
  points.map((point, i) => (i === index ? { ...point, ...change(point) } : point))
const near = (t: { ok(value: boolean, name: string): unknown }, metres: number, wanted: number) =>
  t.ok(Math.abs(metres - wanted) <= wanted * 0.02, `${metres} m, not ${wanted}`)

t.test('one fix a degree off in a drive is flagged and not counted; the right odometer stands', async (t) => {
  const { trips, flags } = judged(wild(drive(0, 600, 60), 30, ({ latE7 }) => ({ latE7: latE7 + 1e7 })))
  t.match(trips, [{ distanceBy: 'odometer', maxSpeedDkph: 600 }])
  near(t, trips[0]!.distanceM, 10_000)
  t.match(flags, [{ reason: 'unreachable', positions: 1 }])
})

t.test('three wild fixes in a row, half a degree and half a kilometre off, without an odometer: the same trip', async (t) => {
  let points = drive(0, 600, 60, { more: { odometerM: null } })
  for (const i of [30, 31, 32]) points = wild(points, i, ({ latE7 }) => ({ latE7: latE7 + 5e6 }))
  points = wild(points, 45, ({ lonE7 }) => ({ lonE7: lonE7 + 70_000 }))
  const { trips, flags } = judged(points)
  t.equal(trips.length, 1)
  near(t, trips[0]!.distanceM, 10_000)
  t.equal(flags.filter(({ reason }) => reason === 'unreachable').length, 4)
})

t.test('a parked vehicle with a latitude of 0, and later a longitude of 0, has made no trip', async (t) => {
  const points = wild(
    wild(stand(0, 4 * HOUR, 0), 10, () => ({ latE7: 0 })),
    20,
    () => ({ lonE7: 0 }),
  )
  const { trips, displacements, flags } = judged(points)
  t.same([trips, displacements], [[], []])
  t.match(flags, [{ reason: 'zero' }, { reason: 'zero' }])
})

t.test('a first fix from two thousand kilometres away is flagged, and is no trip', async (t) => {
  const first = { ...place(0, 0, { speedDkph: 0 }), lonE7: 1_140_000_000, latE7: 225_000_000 }
  for (const more of [0, 1, 20]) {
    const { trips, displacements, flags } = judged([first, ...stand(60, more * 300, 0)])
    t.same([trips, displacements], [[], []])
    t.match(flags, [{ reason: 'unreachable', fromMs: first.tsMs }])
  }
})

t.test('two hours on one place with a report of 3.6 km/h each half hour are no trips', async (t) => {
  const points = Array.from({ length: 240 }, (_, i) => place(i * 30, 0, { speedDkph: i % 60 === 59 ? 36 : 0, ignition: true }))
  t.same(judged(points).trips, [])
})

for (const every of [1, 5])
  t.test(`a recording each ${every} s without speeds is one trip, and its highest speed is unknown, not 0`, async (t) => {
    const { trips } = judged(drive(0, 900, 40, { every, more: { speedDkph: null, ignition: null, odometerM: null } }))
    t.match(trips, [{ maxSpeedDkph: null, ignitionOff: false }])
    near(t, trips[0]!.distanceM, 10_000)
  })

t.test('twenty kilometres with the ignition reported off are one trip that says so', async (t) => {
  const { trips } = judged(drive(0, 1200, 60, { more: { ignition: false } }))
  t.match(trips, [{ ignitionOff: true, distanceM: 20_000 }])
  t.match(judged(drive(0, 1200, 60)).trips, [{ ignitionOff: false }])
})

t.test('a tow is the same trip at a report each 10 s and each 60 s', async (t) => {
  for (const every of [10, 60]) {
    const towed = drive(900, 1200, 36, { every, more: { ignition: false } })
    const { trips } = judged([...stand(0, 600, 0), ...towed, ...stand(2400, HOUR, 12_000)])
    t.match(trips, [{ ignitionOff: true, distanceM: 12_000 }], `each ${every} s`)
  }
})

t.test('a rest that was reported ends the trip whatever the silence after it; found 230 m off is a named displacement', async (t) => {
  const after = 1210 + 100 * 60
  const { trips, displacements } = judged([
    ...drive(0, 1200, 60),
    place(1210, 20_000, { speedDkph: 0, ignition: false, odometerM: 72_137 }),
    ...drive(after, 600, 60, { fromM: 20_230 }),
  ])
  t.equal(trips.length, 2)
  t.equal(trips[1]!.start.tsMs, place(after, 0).tsMs)
  t.match(displacements, [{ kind: 'unseen', distanceM: 230 }])
})

t.test('an hour at identical coordinates with a speed of 43 km/h is a stop, and the speed is flagged', async (t) => {
  const stuck = stand(610, HOUR, 10_000, 10, { speedDkph: 430, ignition: true })
  const { trips, flags } = judged([...drive(0, 600, 60), ...stuck])
  t.match(trips, [{ end: { tsMs: place(600, 0).tsMs }, maxSpeedDkph: 600 }])
  t.match(flags, [{ reason: 'speed' }])
  t.ok(flags[0]!.positions > 300)
})

for (const every of [5, 10, 30, 60])
  t.test(
    `a driving speed said all through the rest, each ${every} s: the next trip begins when it leaves, and no speed of the rest counts`,
    async (t) => {
      const way = journey([1, 2, 3].map(() => ({ restS: 1_200, lengthM: 8_000, kph: 60, turn: 0, lightS: 0 })))
      for (const sigmaM of [0, 10]) {
        const points = reports(way, { every, sigmaM, driftM: 0, speeds: true, ignition: false, odometer: false, seed: 5 })
        const said = points.map((point) => (point.speedDkph === 0 ? { ...point, speedDkph: 600 } : point))
        const { trips, flags } = derive(said, LATER_DAY)
        t.equal(trips.length, 3)
        trips.forEach((trip, i) => {
          const off = (trip.start.tsMs - DAY) / 1000 - way.truth[i]!.startS
          t.ok(Math.abs(off) <= every + (50 + 4 * sigmaM) / 16, `begins ${off} s after it left, σ ${sigmaM} m`)
        })
        const between = flags.filter(({ reason, toMs }) => reason === 'speed' && toMs < trips[2]!.start.tsMs)
        t.ok(between.length >= 2, 'the speeds of the rests are flagged')
      }
    },
  )

t.test('ten errands add up to what was driven, at a report each 1 to 30 s, whatever else is reported', async (t) => {
  const habits: [string, Partial<Point>][] = [
    ['all of it', {}],
    ['no odometer', { odometerM: null }],
    ['position alone', { speedDkph: null, ignition: null, odometerM: null }],
  ]
  for (const [name, more] of habits)
    for (const [errandM, kph] of [
      [300, 18],
      [600, 36],
    ] as const)
      for (const every of [1, 2, 5, 10, 20, 30]) {
        const drivenS = (errandM / kph) * 3.6
        const points = Array.from({ length: 10 }, (_, i) => [
          ...drive(i * 900, drivenS, kph, { every, fromM: i * errandM, more }),
          ...stand(i * 900 + drivenS + every, 880 - drivenS - every, (i + 1) * errandM, Math.max(20, every), more),
        ]).flat()
        const trips = segment(points, points.at(-1)!.tsMs + 3 * 3_600_000)
        const sum = trips.reduce((metres, { distanceM }) => metres + distanceM, 0)
        t.ok(trips.length === 10 && Math.abs(sum - 10 * errandM) <= 0.2 * errandM, `${name}, ${errandM} m, each ${every} s: ${sum} m`)
      }
})

t.test('ten errands of 600 m add up to the odometer', async (t) => {
  const points: Point[] = []
  for (let i = 0; i < 10; i++) {
    const second = i * 660
    points.push(...drive(second, 60, 36, { every: 20, fromM: i * 600 }), ...stand(second + 80, 560, (i + 1) * 600, 20))
  }
  const { trips } = judged(points)
  t.equal(trips.length, 10)
  near(
    t,
    trips.reduce((sum, { distanceM }) => sum + distanceM, 0),
    6_000,
  )
})

t.test('odometer and track check each other: reset, correction, wrong unit, standing still', async (t) => {
  const odometers: [string, (metres: number) => number, string][] = [
    ['reset', (m) => (m < 10_000 ? 90_000 + m : m - 10_000), 'both'],
    ['correction', (m) => (m < 10_000 ? m : m + 250_000), 'both'],
    ['kilometres', (m) => Math.round(m / 1000), 'track'],
    ['feet', (m) => Math.round(m * 3.28), 'track'],
    ['standing still', () => 48_211_345, 'track'],
    ['dead from the middle on', (m) => Math.min(m, 10_001), 'both'],
  ]
  for (const [name, odometer, by] of odometers) {
    const { trips } = judged(drive(0, 1200, 60).map((point) => ({ ...point, odometerM: odometer(point.odometerM! - 52_137) })))
    near(t, trips[0]!.distanceM, 20_000)
    t.equal(trips[0]!.distanceBy, by, name)
  }
})

t.test('one reading of 180 km/h between sixties is no maximum', async (t) => {
  const { trips, flags } = judged(wild(drive(0, 600, 60), 20, () => ({ speedDkph: 1800 })))
  t.equal(trips[0]!.maxSpeedDkph, 600)
  t.match(flags, [{ reason: 'speed', positions: 1 }])
})

t.test('a jump that stays is a displacement, and what follows is counted from there', async (t) => {
  const { trips, displacements } = judged([...drive(0, 600, 60), ...drive(610, 1200, 60, { fromM: 300_000 })])
  t.match(displacements, [{ kind: 'jump' }])
  t.equal(trips.length, 2)
  near(t, trips[1]!.distanceM, 20_000)
})

t.test('a parked vehicle seen elsewhere by one report and back by the next has not been there', async (t) => {
  const { trips, displacements, flags } = judged(wild(stand(0, 4 * HOUR, 0), 10, ({ latE7 }) => ({ latE7: latE7 + 100_000 })))
  t.same([trips, displacements], [[], []])
  t.match(flags, [{ reason: 'lone' }])
})

t.test('a silence that got nowhere is a rest, whatever the last report says; one that was driven through is not', async (t) => {
  const first = drive(0, 1200, 60)
  const [seconds, silentS] = [1200, 100 * 60]
  const reports: [string, Partial<Point>, Partial<Point>][] = [
    ['no speed and no ignition', { speedDkph: null, ignition: null }, { speedDkph: null, ignition: null }],
    ['speed 0 with the ignition on', {}, { speedDkph: 0, ignition: true }],
    ['still 60 km/h: a power cut', {}, { speedDkph: 600, ignition: true }],
    ['no odometer either', { speedDkph: null, ignition: null, odometerM: null }, { speedDkph: null, ignition: null, odometerM: null }],
  ]
  for (const [name, all, last] of reports)
    for (const [offM, moves] of [
      [40, []],
      [150, []],
      [230, ['unseen']],
      [3_000, ['unseen']],
    ] as [number, string[]][]) {
      const before = first.map((point, i) => ({ ...point, ...all, ...(i === first.length - 1 ? last : {}) }))
      const after = drive(seconds + silentS, 600, 60, { fromM: 20_000 + offM }).map((point) => ({ ...point, ...all }))
      const { trips, displacements } = judged([...before, ...after])
      t.equal(trips.length, 2, `${name}, found ${offM} m off`)
      t.same(
        displacements.map(({ kind }) => kind),
        moves,
      )
      t.equal(trips[0]?.end.tsMs, place(seconds, 0).tsMs)
      near(t, trips[0]!.distanceM, 20_000)
    }
  for (const [name, silence, offM] of [
    ['a tunnel', 700, 12_000],
    ['the desert', silentS, 110_000],
    ['a slow pass', silentS, 15_000],
  ] as [string, number, number][])
    for (const [, all] of reports) {
      const after = drive(seconds + silence, 600, 60, { fromM: 20_000 + offM })
      const { trips, displacements } = judged([...first, ...after].map((point) => ({ ...point, ...all })))
      t.same([trips.length, displacements.length], [1, 0], name)
    }
  const round = drive(seconds + silentS, 600, 60, { fromM: 20_230 }).map((point) => ({ ...point, odometerM: point.odometerM! + 60_000 }))
  t.equal(judged([...first, ...round]).trips.length, 1, 'round by sixty kilometres that the odometer counts')
})

t.test('a stop with the ignition off makes no tow of a drive, with speeds and without', async (t) => {
  for (const speeds of [true, false])
    for (const every of [10, 30]) {
      const points = [
        ...stand(-900, 800, 0),
        ...drive(0, 120, 45, { every }),
        ...stand(120 + every, 270, 1500, every),
        ...drive(400 + every, 120, 45, { every, fromM: 1500 }),
        ...stand(530 + every, HOUR, 3000),
      ].map((point) => (speeds ? point : { ...point, speedDkph: null }))
      t.match(judged(points).trips, [{ ignitionOff: false }], `each ${every} s, ${speeds ? 'with' : 'without'} speeds`)
    }
})

t.test('a tow that is reported each 30 to 900 s is one trip, with a speed of 0 and without speeds', async (t) => {
  for (const every of [30, 60, 120, 300, 600, 900])
    for (const speedDkph of [0, null]) {
      const towed = drive(900, 3600, 36, { every, more: { ignition: false, speedDkph, odometerM: null } })
      const { trips, displacements } = judged([...stand(0, 600, 0), ...towed, ...stand(900 + 3600 + 300, HOUR, 36_000)])
      t.match(trips, [{ ignitionOff: true }], `each ${every} s`)
      t.equal(trips.length, 1, `each ${every} s: ${trips.length}`)
      t.equal(displacements.length, 0)
      near(t, trips[0]!.distanceM, 36_000)
    }
})

t.test(
  'a run of cached coordinates under way that leads back to where the vehicle can have got is flagged, and the trip is one',
  async (t) => {
    for (const minutes of [6, 20, 90])
      for (const every of [10, 60])
        for (const speeds of [true, false]) {
          const whole = drive(0, 3 * HOUR, 60, { every }).map((point) => (speeds ? point : { ...point, speedDkph: null }))
          const [from, to] = [3600, 3600 + minutes * 60]
          const second = ({ tsMs }: Point) => (tsMs - place(0, 0).tsMs) / 1000
          const isCached = (point: Point) => second(point) >= from && second(point) < to
          // It says what it said far away, as if it went on from there.
          const points = [...whole, ...stand(3 * HOUR + 60, HOUR, 180_000)].map((point) =>
            isCached(point) ? { ...point, latE7: point.latE7 + 3e7 } : point,
          )
          const { trips, displacements, flags } = judged(points)
          const name = `${minutes} min, each ${every} s`
          t.equal(trips.length, 1, name)
          t.same(displacements, [], name)
          near(t, trips[0]!.distanceM, 180_000)
          const flagged = flags.filter(({ reason }) => reason === 'unreachable').reduce((sum, each) => sum + each.positions, 0)
          t.equal(flagged, points.filter(isCached).length, name)
        }
  },
)

t.test('a jump is said while it may still lead back, and nothing of it is for good before it has stayed', async (t) => {
  const points = [...drive(0, 600, 60), ...drive(610, 1200, 60, { fromM: 300_000 })]
  const { trips, displacements } = derive(points, points.at(-1)!.tsMs)
  t.match(displacements, [{ kind: 'jump', confirmedMs: null }])
  t.match(trips, [
    { ended: true, confirmedMs: null },
    { ended: false, confirmedMs: null },
  ])
  const stayed = judged([...points, ...stand(1900, 3 * HOUR, 320_000)])
  t.match(stayed.displacements, [{ kind: 'jump', confirmedMs: Number }])
  t.match(stayed.trips, [{ confirmedMs: Number }, { confirmedMs: Number }])
})

t.test('no maximum: faster than any vehicle, or one or two readings that what lies around denies, at any interval', async (t) => {
  for (const every of [10, 20, 30, 60, 120, 300]) {
    const honest = [...stand(-900, 600, 0), ...drive(0, 3600, 60, { every }), ...stand(3600 + 300, HOUR, 60_000)]
    t.match(judged(honest), { trips: [{ maxSpeedDkph: 600 }], flags: [] }, `each ${every} s`)
    for (const run of [1, 2])
      for (const kph of [180, 235]) {
        const points = honest.map((point, i) => (i >= 8 && i < 8 + run ? { ...point, speedDkph: kph * 10 } : point))
        const { trips, flags } = judged(points)
        t.equal(trips[0]?.maxSpeedDkph, 600, `${run} of ${kph} km/h, each ${every} s`)
        t.equal(flags.filter(({ reason }) => reason === 'speed').length, run)
      }
  }
  const stuck = drive(0, 3600, 60).map((point) => ({ ...point, speedDkph: 2550 }))
  t.match(judged(stuck).trips, [{ maxSpeedDkph: null }], 'always 255')
  // Up to 120 between two towns, said once.
  for (const every of [30, 60, 120]) {
    const sprint = drive(0, 1200, 60, { every }).map((point, i) => (i === 5 ? { ...point, speedDkph: 800 } : point))
    t.match(judged(sprint).trips, [{ maxSpeedDkph: 800 }], `an honest eighty, each ${every} s`)
  }
})
