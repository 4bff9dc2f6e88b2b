// Wild fixes that could be reached: a detour out and back beside the way, at any interval; and the honest detours that look like them.
import fc from 'fast-check'
import t from 'tap'
import { derive, type Point } from '../../services/ingest/trips/segment.ts'
import { runs } from '../harness/long.ts'
import { at, drive, journey, reports, stand } from './journeys.ts'

const METRES_PER_DEGREE = 111_195
type Bare = { speeds: boolean; odometer: boolean }
const bare = (points: Point[], { speeds, odometer }: Bare): Point[] =>
  points.map((point) => ({ ...point, ...(speeds ? {} : { speedDkph: null }), ...(odometer ? {} : { odometerM: null }) }))
const judged = (points: Point[]) => derive(points, points.at(-1)!.tsMs + 3 * 3_600_000)
const unreachable = (points: Point[]) =>
  judged(points)
    .flags.filter(({ reason }) => reason === 'unreachable')
    .map(({ fromMs }) => fromMs)

const every = fc.constantFrom(10, 30, 60, 120)
const habit = fc.record({ speeds: fc.boolean(), odometer: fc.boolean() })

t.test('one to three fixes north of a straight drive, at any interval: the same distance, and what is flagged was wild', async (t) => {
  let flagged = 0
  fc.assert(
    fc.property(
      fc.record({
        every,
        habit,
        kph: fc.integer({ min: 30, max: 80 }),
        north: fc.double({ min: 0.003, max: 0.02, noNaN: true }),
        sign: fc.constantFrom(-1, 1),
        run: fc.integer({ min: 1, max: 3 }),
        where: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      ({ every, habit, kph, north, sign, run, where }) => {
        const lastS = Math.ceil(((10_000 / kph) * 3.6) / every) * every
        const end = (lastS * kph) / 3.6
        const way = drive(900, lastS, kph, { every })
        // Under way: what is wild beside a rest is judged there.
        const margin = Math.max(2, Math.ceil(600 / ((every * kph) / 3.6)))
        if (way.length < run + 2 * margin) return
        const honest = bare([...stand(0, 600, 0), ...way, ...stand(900 + lastS + 300, 3600, end)], habit)
        const first = 3 + margin + Math.floor(where * (way.length - run - 2 * margin))
        const wild = honest.map((point, i) =>
          i >= first && i < first + run ? { ...point, latE7: point.latE7 + Math.round(sign * north * 1e7) } : point,
        )
        const { trips, displacements } = judged(wild)
        if (trips.length !== 1 || displacements.length > 0) throw new Error(`${trips.length} trips, ${displacements.length} displacements`)
        if (Math.abs(trips[0]!.distanceM - end) > end * 0.02) throw new Error(`${trips[0]!.distanceM} m, not ${Math.round(end)}`)
        const times = unreachable(wild)
        flagged += times.length
        for (const ms of times)
          if (!wild.slice(first, first + run).some(({ tsMs }) => tsMs === ms)) throw new Error('an honest fix is flagged')
        if (unreachable(honest).length > 0) throw new Error('flagged without one')
      },
    ),
    { numRuns: runs(1_000, 20_000), seed: 20_261_129 },
  )
  t.ok(flagged > 500, `${flagged} flagged`)
})

t.test('wild fixes back near where the vehicle has just left, of position alone: one trip, and no honest fix is flagged', async (t) => {
  for (const [every, kph, north, run, first] of [
    [10, 72, -0.00666, 1, 3],
    [10, 72, -0.00587, 2, 3],
    [30, 78, -0.01348, 1, 2],
    [30, 75, -0.01262, 1, 2],
  ] as const) {
    const lastS = Math.ceil(36_000 / kph / every) * every
    const end = (lastS * kph) / 3.6
    const honest = [...stand(0, 600, 0), ...drive(900, lastS, kph, { every }), ...stand(1200 + lastS, 3600, end)]
    const alone = bare(honest, { speeds: false, odometer: false })
    const isWild = (i: number) => i >= 3 + first && i < 3 + first + run
    const points = alone.map((point, i) => (isWild(i) ? { ...point, latE7: point.latE7 + Math.round(north * 1e7) } : point))
    const { trips, displacements, flags } = judged(points)
    t.same(
      trips.map(({ start }) => start.tsMs),
      [points[3]!.tsMs],
      `each ${every} s at ${kph} km/h, ${run} wild`,
    )
    t.ok(Math.abs(trips[0]!.distanceM - end) <= end * 0.02, `${trips[0]!.distanceM} m, not ${end}`)
    t.same(displacements, [])
    const wild = points.filter((_, i) => isWild(i)).map(({ tsMs }) => tsMs)
    t.same(
      flags.map(({ fromMs }) => fromMs),
      wild,
    )
  }
})

t.test('one to three fixes aside of a generated journey, away from its corner: the same trips', async () => {
  fc.assert(
    fc.property(
      fc.record({
        every,
        habit,
        kph: fc.integer({ min: 30, max: 80 }),
        heading: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        far: fc.double({ min: 1.2, max: 3, noNaN: true }),
        run: fc.integer({ min: 1, max: 3 }),
        where: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      ({ every, habit, kph, heading, far, run, where }) => {
        const straight = { restS: 900, lengthM: 16_000, kph, turn: 0, lightS: 0 }
        const way = journey([straight])
        const honest = bare(reports(way, { every, sigmaM: 0, driftM: 0, speeds: true, ignition: true, odometer: true, seed: 1 }), habit)
        const legM = Math.max(333, ((every * kph) / 3.6) * far)
        // Nearer than the sieve sees: that has tests of its own.
        if (legM > 1_900 || legM + (every * kph) / 3.6 > every * 61) return
        const [from, to] = [Math.ceil(900 / every) + 4, Math.floor(way.truth[0]!.endS / every) - 4]
        if (to - from <= run) return
        const first = from + Math.floor(where * (to - from - run))
        const [north, east] = [legM * Math.cos(heading), legM * Math.sin(heading)]
        const wild = honest.map((point, i) =>
          i >= first && i < first + run
            ? {
                ...point,
                latE7: point.latE7 + Math.round((north / METRES_PER_DEGREE) * 1e7),
                lonE7: point.lonE7 + Math.round((east / METRES_PER_DEGREE / Math.cos((40.84 * Math.PI) / 180)) * 1e7),
              }
            : point,
        )
        const { trips } = judged(wild)
        if (trips.length !== 1) throw new Error(`${trips.length} trips`)
        if (Math.abs(trips[0]!.distanceM - 16_000) > 320) throw new Error(`${trips[0]!.distanceM} m`)
      },
    ),
    { numRuns: runs(500, 10_000), seed: 20_261_129 },
  )
})

t.test('from 60 to 125 km/h, wild fixes about as far as can be reached take no honest neighbour with them', async (t) => {
  let seen = 0
  let taken = 0
  const numRuns = runs(1_000, 20_000)
  fc.assert(
    fc.property(
      fc.record({
        every,
        habit,
        kph: fc.integer({ min: 60, max: 125 }),
        heading: fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        far: fc.double({ min: 0.5, max: 1.5, noNaN: true }),
        run: fc.integer({ min: 1, max: 3 }),
        where: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      ({ every, habit, kph, heading, far, run, where }) => {
        const way = journey([{ restS: 900, lengthM: 30_000, kph, turn: 0, lightS: 0 }])
        const honest = bare(reports(way, { every, sigmaM: 0, driftM: 0, speeds: true, ignition: true, odometer: true, seed: 1 }), habit)
        const [from, to] = [Math.ceil(900 / every) + 4, Math.floor(way.truth[0]!.endS / every) - 4]
        if (to - from <= run) return
        const first = from + Math.floor(where * (to - from - run))
        const offM = far * (100 + (220 / 3.6) * every)
        const [north, east] = [offM * Math.cos(heading), (offM * Math.sin(heading)) / Math.cos((40.84 * Math.PI) / 180)]
        const wild = honest.map((point, i) =>
          i >= first && i < first + run
            ? {
                ...point,
                latE7: point.latE7 + Math.round((north / METRES_PER_DEGREE) * 1e7),
                lonE7: point.lonE7 + Math.round((east / METRES_PER_DEGREE) * 1e7),
              }
            : point,
        )
        const { trips, displacements } = judged(wild)
        if (trips.length !== 1 || displacements.length > 0) throw new Error(`${trips.length} trips, ${displacements.length} displacements`)
        if (Math.abs(trips[0]!.distanceM - 30_000) > 600) throw new Error(`${trips[0]!.distanceM} m`)
        seen++
        const meant = new Set(wild.slice(first, first + run).map(({ tsMs }) => tsMs))
        if (unreachable(wild).some((ms) => !meant.has(ms))) taken++
      },
    ),
    { numRuns, seed: 20_261_129 },
  )
  // Three in a row on the road behind it look like the way that it came.
  t.ok(seen > numRuns / 2 && taken <= numRuns / 1_000, `${taken} of ${seen} journeys`)
})

/** A way of many pieces, a point each second: straight on, round a corner, a hairpin, back the way it came, a stop. */
const piece = fc.record({
  seconds: fc.integer({ min: 10, max: 150 }),
  kph: fc.integer({ min: 15, max: 90 }),
  turn: fc.constantFrom(0, 0, 0.3, -0.4, Math.PI / 2, -Math.PI / 2, 2.8, Math.PI),
  stopS: fc.constantFrom(0, 0, 0, 30, 120),
})

t.test('no honest fix is flagged: corners, hairpins, back the way it came, errands with a stop, from walking to highway', async (t) => {
  const numRuns = runs(1_000, 20_000)
  let undecided = 0
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 6, maxLength: 40 }),
      fc.constantFrom(1, 5, 10, 30, 60, 120),
      habit,
      fc.nat({ max: 59 }),
      (pieces, every, habit, phase) => {
        const points: Point[] = []
        let [x, y, heading, kph, second, total] = [0, 0, 0, 0, 0, 0]
        const go = (to: number): void => {
          // Two metres a second faster or slower each second.
          kph += Math.max(-7.2, Math.min(7.2, to - kph))
          x += (Math.sin(heading) * kph) / 3.6
          y += (Math.cos(heading) * kph) / 3.6
          total += kph / 3.6
          if (second % every === phase % every)
            points.push(at(second, y, { speedDkph: Math.round(kph * 10), ignition: true, odometerM: Math.round(total) }, x))
          second++
        }
        for (const { seconds, kph: top, turn, stopS } of pieces) {
          for (let s = 0; s < seconds; s++) go(top)
          // Round a corner at 25 km/h, round a hairpin at 10, round on the spot standing.
          const round = Math.abs(turn) > 3 ? 0 : Math.abs(turn) > 2 ? 10 : Math.abs(turn) > 1 ? 25 : kph
          while (kph > round) go(round)
          for (let s = 0; s < (round === 0 ? Math.max(5, stopS) : stopS); s++) go(round === 0 || stopS > 0 ? 0 : round)
          heading += turn
        }
        const flagged = unreachable(bare(points, habit))
        if (flagged.length === 0) return
        if (habit.odometer || (habit.speeds && every < 30)) throw new Error(`${flagged.length} of ${points.length}`)
        undecided++
      },
    ),
    { numRuns, seed: 20_261_129 },
  )
  // Back and forth several times between two reports, without a speed or an odometer that says so: nothing tells it from a wild fix.
  t.ok(undecided <= numRuns / 1_000, `${undecided} of ${numRuns} journeys`)
})
