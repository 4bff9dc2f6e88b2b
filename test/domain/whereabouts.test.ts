// Who was inside a shape, who met whom, and where a vehicle stands at night: the laws, by example and against a dense scan of the same ways.
import fc from 'fast-check'
import t from 'tap'
import { type LonLat, type Shape, wayMeets } from '../../services/domain/geofence.ts'
import { kindOfMeeting, meetingsOf } from '../../services/domain/meetings.ts'
import { nightPlacesOf, nightsWithin } from '../../services/domain/nights.ts'
import { visitsOf, type WayLine } from '../../services/domain/visits.ts'

const START = Date.UTC(2026, 2, 1, 1, 0, 0)
/** Metres east and north of a point, as degrees. */
const at = (east: number, north: number): LonLat => [111.7 + east / 84_250, 40.8 + north / 111_045]
const square = (metres: number): Shape => {
  const ring = [at(-metres, -metres), at(metres, -metres), at(metres, metres), at(-metres, metres)]
  return { type: 'polygon', ring: [...ring, ring[0]!] }
}
type Step = [s: number, east: number, north: number, kph?: number]
const lineOf = (steps: readonly Step[], fromMs = START): WayLine => ({
  timeMs: Float64Array.from(steps, ([s]) => fromMs + s * 1000),
  lon: Float64Array.from(steps, ([, east, north]) => at(east, north)[0]),
  lat: Float64Array.from(steps, ([, east, north]) => at(east, north)[1]),
  speedKph: Float64Array.from(steps, ([, , , kph]) => kph ?? Number.NaN),
})
const visits = (steps: readonly Step[], shape: Shape, from = 0, until = 86_400) =>
  visitsOf(lineOf(steps), shape, START + from * 1000, START + until * 1000).map(({ fromMs, untilMs, ...visit }) => ({
    ...visit,
    from: (fromMs - START) / 1000,
    until: (untilMs - START) / 1000,
  }))

t.test('a visit is from the first report inside to the last, and says how it began, ended and was spent', async (t) => {
  const steps: Step[] = [
    [0, -500, 0, 36],
    [60, 0, 0, 36],
    [120, 5, 0, 0],
    [300, 5, 0, 0],
    [360, 500, 0, 36],
  ]
  t.match(visits(steps, square(100)), [
    { how: 'seen', from: 60, until: 300, reports: 3, began: 'way', ended: 'way', movingMs: 60_000, standingMs: 180_000 },
  ])
  t.match(visits(steps, square(100), 100), [{ from: 120, until: 300, began: 'window' }], 'it was inside when the period began')
  t.match(visits(steps, square(100), 0, 310), [{ from: 60, until: 300, ended: 'window' }], 'and when it ended')
})

t.test('a way between two reports through a thin area is inferred, apart from what was seen', async (t) => {
  const road: Shape = { type: 'polygon', ring: [at(-30, -400), at(30, -400), at(30, 400), at(-30, 400), at(-30, -400)] }
  const through: Step[] = [
    [0, -100, 0, 72],
    [10, 100, 0, 72],
  ]
  t.match(visits(through, road), [{ how: 'inferred', from: 0, until: 10, reports: 0 }])
  t.same(visits([through[0]!, [700, 100, 0, 72]], road), [], 'nothing is inferred across a gap')
  t.same(visits([through[0]!, [10, -100, 900, 72]], road), [], 'nor of a way that leads past it')
})

t.test('what is said of two windows is said of both together', (t) => {
  const step = fc.tuple(fc.integer({ min: 5, max: 800 }), fc.integer({ min: -400, max: 400 }), fc.integer({ min: -400, max: 400 }))
  fc.assert(
    fc.property(fc.array(step, { minLength: 2, maxLength: 40 }), fc.integer({ min: 1, max: 8_000 }), (raw, cut) => {
      let s = 0
      const steps = raw.map(([seconds, east, north]): Step => {
        s += seconds
        return [s, east, north, 10]
      })
      const reports = (from: number, until: number) =>
        visits(steps, square(120), from, until).reduce((sum, visit) => sum + visit.reports, 0)
      const crossed = (from: number, until: number) =>
        visits(steps, square(120), from, until).filter(({ how }) => how === 'inferred').length
      t.equal(reports(0, cut) + reports(cut, 90_000), reports(0, 90_000))
      t.equal(crossed(0, cut) + crossed(cut, 90_000), crossed(0, 90_000))
    }),
    { numRuns: 60 },
  )
  t.end()
})

t.test('a way meets a shape when it touches it, from either end', async (t) => {
  const circle: Shape = { type: 'circle', centre: at(0, 0), radiusM: 50 }
  for (const [from, to, meets] of [
    [at(-200, 40), at(200, 40), true],
    [at(-200, 60), at(200, 60), false],
    [at(0, 0), at(200, 60), true],
    [at(-200, -200), at(-100, -100), false],
  ] as const) {
    t.equal(wayMeets(circle, from, to), meets)
    t.equal(wayMeets(circle, to, from), meets)
  }
})

t.test(
  'two that drive side by side and report at different seconds are one convoy over the time that both are known, from either side',
  async (t) => {
    const driven = (offset: number): WayLine =>
      lineOf(
        Array.from({ length: 31 }, (_, minute): Step => [minute * 60 + offset, ((minute * 60 + offset) * 1000) / 60, 0, 60]).slice(
          0,
          offset ? 30 : 31,
        ),
      )
    const [a, b] = [driven(0), driven(25)]
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const [meeting, ...more] = meetingsOf(one, other)
      t.same(more, [])
      t.equal(meeting!.fromMs, START + 25_000)
      t.equal(meeting!.untilMs, START + (29 * 60 + 25) * 1000)
      t.ok(meeting!.meanM < 1, `${meeting!.meanM} m`)
      t.equal(kindOfMeeting(meeting!), 'convoy')
    }
  },
)

t.test(
  'two that stand beside each other over a night stand there, however their reports scatter, and a drive is as long as it was',
  async (t) => {
    const dice = fc.sample(fc.tuple(fc.integer({ min: -25, max: 25 }), fc.integer({ min: -25, max: 25 })), { numRuns: 2 * 3_240, seed: 11 })
    const parked = (k: number) =>
      lineOf(Array.from({ length: 3_240 }, (_, n): Step => [n * 10 + k * 5, 0.3 * dice[2 * n + k]![0] + k * 10, 0.3 * dice[2 * n + k]![1]]))
    const [night, ...more] = meetingsOf(parked(0), parked(1))
    t.same(more, [])
    t.equal(kindOfMeeting(night!), 'parked', `${night!.wayM}`)
    const driven = (k: number) => lineOf(Array.from({ length: 60 }, (_, n): Step => [n * 10 + k * 5, n * 60 + k * 30, k]))
    t.ok(
      meetingsOf(driven(0), driven(1))[0]!.wayM.every((metres) => metres > 3_480 && metres < 3_560),
      'to the place where it ended',
    )
  },
)

t.test('meetings are what a scan second by second finds', (t) => {
  const step = fc.tuple(fc.integer({ min: 20, max: 240 }), fc.integer({ min: -90, max: 90 }), fc.integer({ min: -30, max: 30 }))
  const drive = fc.array(step, { minLength: 6, maxLength: 30 }).map((raw) => {
    let s = 0
    return raw.map(([seconds, east, north]): Step => {
      s += seconds
      return [s, east, north]
    })
  })
  let found = 0
  fc.assert(
    fc.property(drive, drive, (stepsA, stepsB) => {
      const [a, b] = [lineOf(stepsA), lineOf(stepsB)]
      const seen = meetingsOf(a, b)
      const mirrored = meetingsOf(b, a)
      t.same(
        mirrored.map(({ fromMs, untilMs }) => [fromMs, untilMs]),
        seen.map(({ fromMs, untilMs }) => [fromMs, untilMs]),
      )
      const near = (ms: number): boolean | undefined => {
        const [p, q] = [placeAt(a, ms), placeAt(b, ms)]
        return p && q && Math.hypot((p[0] - q[0]) * 84_250, (p[1] - q[1]) * 111_045) <= 50
      }
      // The scan measures degrees a little differently: what is within a metre of the limit it leaves open.
      for (let ms = START; ms < START + 4 * 3_600_000; ms += 7_000) {
        const inside = seen.some(({ fromMs, untilMs }) => ms > fromMs + 2_000 && ms < untilMs - 2_000)
        if (inside) t.equal(near(ms) ?? false, true)
      }
      found += seen.length
    }),
    { numRuns: 60 },
  )
  t.ok(found > 10, `${found} meetings`)
  t.end()
})

function placeAt({ timeMs, lon, lat }: WayLine, ms: number): LonLat | undefined {
  const i = timeMs.findLastIndex((each) => each <= ms)
  if (i < 0 || i + 1 >= timeMs.length) return undefined
  const part = (ms - timeMs[i]!) / (timeMs[i + 1]! - timeMs[i]!)
  return [lon[i]! + part * (lon[i + 1]! - lon[i]!), lat[i]! + part * (lat[i + 1]! - lat[i]!)]
}

t.test('night places are rests of an hour and more between 22:00 and 6:00, put together where they are one place', async (t) => {
  const evening = Date.UTC(2026, 2, 1, 12, 0, 0) // 20:00 in the region
  const nights = nightsWithin(evening, evening + 3 * 86_400_000)
  t.equal(nights.length, 3)
  const hour = 3_600_000
  const rest = (fromH: number, untilH: number, [lon, lat]: LonLat) => ({
    fromMs: evening + fromH * hour,
    untilMs: evening + untilH * hour,
    lon,
    lat,
  })
  const { places, unknown } = nightPlacesOf([rest(0, 12, at(0, 0)), rest(12, 20, at(5_000, 0)), rest(25, 36, at(60, 0))], nights)
  t.match(places, [{ days: ['2026-03-01', '2026-03-02'], hours: 16 }])
  t.equal(places.length, 1)
  t.equal(unknown, 1)
})
