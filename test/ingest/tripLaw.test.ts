// The law of docs/trips.md on journeys whose truth is known: whatever the terminal's habits, the same trips.
import fc from 'fast-check'
import t from 'tap'
import { derive, type Point } from '../../services/ingest/trips/segment.ts'
import { DAY, type Habits, journey, type Leg, reports, type Truth } from './journeys.ts'

const JOURNEYS = 1_200
/** Short ways go straight on: one that turns or waits within `leaveM` of where it began is seen to begin there. */
const leg: fc.Arbitrary<Leg> = fc
  .record({
    restS: fc.integer({ min: 600, max: 3_600 }),
    lengthM: fc.oneof(fc.integer({ min: 300, max: 2_500 }), fc.integer({ min: 2_500, max: 20_000 })),
    kph: fc.integer({ min: 25, max: 110 }),
    turn: fc.constantFrom(-Math.PI / 2, 0, 0, Math.PI / 2),
    lightS: fc.constantFrom(0, 30, 90),
  })
  .map((leg) => (leg.lengthM < 1_000 ? { ...leg, turn: 0, lightS: 0 } : leg))
const habits: fc.Arbitrary<Habits> = fc.record({
  every: fc.constantFrom(1, 5, 10, 30, 60),
  sigmaM: fc.constantFrom(0, 5, 10, 15),
  driftM: fc.constantFrom(0, 0, 25),
  speeds: fc.boolean(),
  ignition: fc.boolean(),
  odometer: fc.boolean(),
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
  phase: fc.double({ min: 0, max: 0.999, noNaN: true }),
})

/** Says what is wrong, or nothing. */
function judge(
  legs: readonly Leg[],
  truth: readonly Truth[],
  points: readonly Point[],
  { every, sigmaM, driftM, odometer }: Habits,
): string | undefined {
  const { trips, displacements } = derive(points, points.at(-1)!.tsMs)
  if (displacements.length > 0) return `${displacements.length} displacements`
  if (trips.length !== truth.length) return `${trips.length} trips of ${truth.length}`
  for (const [i, { startS, endS, distanceM }] of truth.entries()) {
    const trip = trips[i]!
    const { kph, turn } = legs[i]!
    const mps = kph / 3.6
    // One interval, and as long as it takes to get out of the place of rest (the law's driftM) and of the noise, which may hide a report more.
    const toleranceS = every * (every > 1 && sigmaM > 5 ? 2 : 1) + (50 + 4 * sigmaM + driftM) / mps
    const [start, end] = [(trip.start.tsMs - DAY) / 1000, (trip.end.tsMs - DAY) / 1000]
    if (Math.abs(start - startS) > toleranceS) return `trip ${i} begins at ${start}, not ${startS}`
    if (Math.abs(end - endS) > toleranceS) return `trip ${i} ends at ${end}, not ${endS}`
    // Two in a hundred, and where its ends lie. A corner between two reports is not seen: its chord is shorter by as much as two legs are longer than their hypotenuse.
    const endsM = trip.distanceBy === 'odometer' ? 40 : 4 * sigmaM + 2 * driftM
    const unseenM = turn === 0 || odometer ? 0 : (2 - Math.SQRT2) * (every * mps * 0.5 + (sigmaM > 0 ? 10 * sigmaM : 0))
    const off = trip.distanceM - distanceM
    if (off > distanceM * 0.02 + endsM || -off > distanceM * 0.02 + endsM + unseenM)
      return `trip ${i}: ${trip.distanceM} m, not ${Math.round(distanceM)}`
  }
  return undefined
}

t.test(
  `${JOURNEYS} journeys, sampled each 1 to 60 s, with noise and drift, with and without speed, ignition and odometer: their trips`,
  async (t) => {
    let failures = 0
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 3 }), habits, (legs, habit) => {
        const way = journey(legs)
        const wrong = judge(legs, way.truth, reports(way, habit), habit)
        if (wrong) failures++
        if (wrong) throw new Error(`${wrong}: ${JSON.stringify(habit)}`)
      }),
      { numRuns: JOURNEYS, seed: 20_261_129 },
    )
    t.equal(failures, 0)
  },
)

t.test('a wild fix anywhere in a journey changes no trip: it is flagged, and nothing else is', async () => {
  fc.assert(
    fc.property(
      fc.array(leg, { minLength: 1, maxLength: 2 }),
      fc.record({
        where: fc.double({ min: 0, max: 1, noNaN: true }),
        north: fc.constantFrom(-40, -1, 0.2, 1, 3),
        run: fc.integer({ min: 1, max: 4 }),
      }),
      (legs, { where, north, run }) => {
        const way = journey(legs)
        const points = reports(way, { every: 10, sigmaM: 0, driftM: 0, speeds: true, ignition: true, odometer: false, seed: 1 })
        const first = 3 + Math.floor(where * (points.length - run - 5))
        const wild = points.map((point, i) => (i >= first && i < first + run ? { ...point, latE7: point.latE7 + north * 1e7 } : point))
        const [right, got] = [derive(points, DAY), derive(wild, DAY)]
        if (got.trips.length !== right.trips.length) throw new Error(`${got.trips.length} trips of ${right.trips.length}`)
        got.trips.forEach((trip, i) => {
          const off = Math.abs(trip.distanceM - right.trips[i]!.distanceM)
          if (off > right.trips[i]!.distanceM * 0.02) throw new Error(`${trip.distanceM} m, not ${right.trips[i]!.distanceM}`)
        })
        const flagged = got.flags.filter(({ reason }) => reason !== 'speed').map(({ fromMs }) => fromMs)
        const meant = points.slice(first, first + run).map(({ tsMs }) => tsMs)
        if (JSON.stringify(flagged) !== JSON.stringify(meant)) throw new Error(`flagged ${flagged}, meant ${meant}`)
        if (got.displacements.length > 0) throw new Error('a displacement')
      },
    ),
    { numRuns: 300, seed: 20_261_129 },
  )
})
