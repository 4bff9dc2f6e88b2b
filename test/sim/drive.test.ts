import t from 'tap'
import { MOVING_REPORT_MS, STANDING_REPORT_MS } from '../../firmware-sim/drive/advance.ts'
import { movingShare } from '../../firmware-sim/drive/demand.ts'
import { Fleet } from '../../firmware-sim/drive/fleet.ts'
import { WORST_CLOCK_MS } from '../../firmware-sim/drive/receiver.ts'
import { clockStart, SimClock } from '../../firmware-sim/drive/simClock.ts'
import type { Report } from '../../firmware-sim/drive/vehicle.ts'
import { byPlate } from '../../firmware-sim/errands.ts'
import { distanceM } from '../../firmware-sim/geo.ts'
import { buildNetwork } from '../../firmware-sim/roads/network.ts'
import { createRouter } from '../../firmware-sim/roads/router.ts'
import { positionSchema } from '../../services/contracts/position.ts'
import { manifestOf } from './madeUp.ts'

const network = buildNetwork(1)
const world = { network, router: createRouter(network), seed: 7 }
const { terminals } = manifestOf(200)
/** The worst device clock runs this much faster than time. */
const CLOCK_PACE = 1.001
const HOUR_MS = 3_600_000
const MORNING = Date.parse('2026-03-04T08:00:00+08:00')

type Span = { hours: number; vehicles?: number; seed?: number; alwaysEveryMs?: number }

/** All reports per terminal from the morning on. */
function reportsOf({ hours, vehicles = 200, seed = 7, alwaysEveryMs }: Span): Report[][] {
  const driven = terminals.slice(0, vehicles)
  const reports: Report[][] = driven.map(() => [])
  const fleet = new Fleet(driven, { ...world, seed, alwaysEveryMs }, MORNING)
  fleet.runUntil(MORNING + hours * HOUR_MS, Number.POSITIVE_INFINITY, (terminal, report) => {
    reports[terminal]?.push(report)
  })
  return reports
}

const day = reportsOf({ hours: 10 })
const timeOf = ({ position }: Report) => position.time as number
const pairsOf = (reports: Report[]) => reports.slice(1).map((report, n) => [reports[n] as Report, report] as const)

t.test('the same seed and start give the same positions, another seed others', async (t) => {
  const hour = (seed: number) => JSON.stringify(reportsOf({ hours: 1, seed }))
  const [first, again, other] = [hour(7), hour(7), hour(8)]
  t.ok(first === again)
  t.ok(first !== other)
})

t.test('every position is one that the protocol accepts', async (t) => {
  const refused = day.flat().find(({ position }) => !positionSchema.safeParse(position).success)
  t.equal(refused, undefined)
})

t.test('a moving terminal reports every ten seconds at most, a standing one every five minutes, and none twice at one time', async (t) => {
  let longestMoving = 0
  let longestStanding = 0
  let shortest = Number.POSITIVE_INFINITY
  for (const [before, after] of day.flatMap(pairsOf)) {
    const gap = timeOf(after) - timeOf(before)
    shortest = Math.min(shortest, gap)
    if ((before.position.speedKph ?? 0) > 3) longestMoving = Math.max(longestMoving, gap)
    else if (gap < 1_000_000) longestStanding = Math.max(longestStanding, gap)
  }
  t.ok(longestMoving <= MOVING_REPORT_MS * CLOCK_PACE, `${longestMoving} ms while moving`)
  t.ok(longestStanding <= STANDING_REPORT_MS * CLOCK_PACE, `${longestStanding} ms while standing`)
  t.ok(shortest > 0)
})

t.test('switching the ignition is reported at once, standing', async (t) => {
  const switched = day.flatMap(pairsOf).filter(([before, after]) => before.position.ignition !== after.position.ignition)
  t.ok(switched.length > 100)
  t.ok(switched.every(([before, after]) => before.position.speedKph === 0 && after.position.speedKph === 0))
})

t.test('the odometer begins at the manifest, never goes down, and grows by the distance driven', async (t) => {
  t.ok(day.every((reports, n) => reports[0]?.position.odometerM === terminals[n]?.odometerM))
  let drivenM = 0
  let straightM = 0
  for (const [{ position: a }, { position: b }] of day.flatMap(pairsOf)) {
    const gained = (b.odometerM ?? 0) - (a.odometerM ?? 0)
    if (gained < 0) t.fail('the odometer went down')
    if (gained < 20) continue
    drivenM += gained
    straightM += distanceM(a.lon, a.lat, b.lon, b.lat)
  }
  t.ok(drivenM > 1_000_000)
  t.ok(Math.abs(drivenM / straightM - 1) < 0.03, `${drivenM} m driven, ${straightM} m between reports`)
})

t.test('a vehicle never jumps further than it could drive', async (t) => {
  const jump = day.flatMap(pairsOf).find(([{ position: a }, { position: b }]) => {
    const seconds = ((b.time as number) - (a.time as number)) / 1000
    return distanceM(a.lon, a.lat, b.lon, b.lat) > 40 + seconds * 36
  })
  t.equal(jump, undefined)
})

t.test('fuel and charge stay between empty and full over a day and more without rest, and each vehicle reports what it has', async (t) => {
  const reports = reportsOf({ hours: 30, vehicles: 20, alwaysEveryMs: 60_000 })
  const levels = reports.flat().flatMap(({ position }) => [position.fuelPct ?? [], position.socPct ?? []].flat())
  t.ok(levels.length > 30_000)
  t.ok(levels.every((level) => level >= 0 && level <= 100))
  const has = (n: number) => [reports[n]?.[0]?.position.fuelPct !== undefined, reports[n]?.[0]?.position.socPct !== undefined]
  t.same(
    [has(0), has(1), has(2), has(3)],
    [
      [true, false],
      [true, false],
      [false, true],
      [true, true],
    ],
  )
})

t.test('device clocks are off by seconds, some by more, and never ahead by a minute', async (t) => {
  const startMs = MORNING + 20_000
  const offsets = day.map((reports) => timeOf(reports[0] as Report) - startMs)
  t.ok(Math.max(...offsets) < WORST_CLOCK_MS)
  t.ok(Math.min(...offsets) > -WORST_CLOCK_MS - 20_000)
})

t.test('terminals lose their network on lonely roads and now and then at random, but seldom', async (t) => {
  const reports = day.flat()
  const lost = reports.filter(({ reachable }) => !reachable).length / reports.length
  t.ok(lost > 0.002 && lost < 0.08, `${lost} of the reports without a network`)
})

t.test('up to a fifth of the fleet moves at the busiest hour, and at night the patrols', async (t) => {
  t.ok(Math.abs(movingShare('official', Date.parse('2026-03-04T10:00:00+08:00')) - 0.2) < 0.02)
  t.ok(movingShare('official', Date.parse('2026-03-07T10:00:00+08:00')) < 0.06, 'Saturday')
  t.ok(movingShare('law_enforcement', Date.parse('2026-03-04T03:00:00+08:00')) * 8767 > 300)
  t.ok(movingShare('leased', MORNING) > movingShare('official', MORNING))
})

t.test('a faster clock starts in the past and keeps the pace of real time once it has caught up', async (t) => {
  const start = clockStart(1_000_000_000, 10, 60)
  t.equal(start, 1_000_000_000 - 540_000)
  const clock = new SimClock(start, 10, 1_000_000_000)
  t.equal(clock.advance(1_000_030_000, false), start + 300_000)
  t.equal(clock.advance(1_000_040_000, true), start + 300_000, 'held')
  t.equal(clock.advance(1_000_100_000, false), 1_000_100_000)
  t.equal(clock.advance(1_000_200_000, false), 1_000_200_000)
  t.equal(clockStart(5000, 1, 0), 5000)
})

t.test('a fleet that goes on after a pause stands where it was left, and no odometer goes back', async (t) => {
  const driven = terminals.slice(0, 60)
  const first = new Fleet(driven, world, MORNING)
  const last = new Map<number, Report>()
  first.runUntil(MORNING + HOUR_MS, Number.POSITIVE_INFINITY, (terminal, report) => last.set(terminal, report))
  const kept = Object.fromEntries(driven.map(({ terminalId }, n) => [terminalId, first.keep(n)!]))
  t.ok(
    Object.values(kept).some(({ driving }) => driving),
    'some were on the road',
  )

  const resumeMs = MORNING + 2 * HOUR_MS
  const again = new Fleet(driven, world, resumeMs, kept)
  const seen = new Set<number>()
  again.runUntil(resumeMs + HOUR_MS, Number.POSITIVE_INFINITY, (terminal, { position }) => {
    if (seen.has(terminal)) return
    seen.add(terminal)
    const { lon, lat, odometerM } = kept[driven[terminal]!.terminalId]!
    t.ok(distanceM(position.lon, position.lat, lon, lat) < 100, 'the first report comes from where it was left')
    t.ok(position.odometerM! >= Math.round(odometerM), 'the odometer goes on')
    t.ok(position.odometerM! >= last.get(terminal)!.position.odometerM!)
  })
  t.equal(seen.size, driven.length)
})

t.test('a vehicle that was ordered waits for its time, goes to the pick-up and the destination, stays, and is home again', async (t) => {
  const n = terminals.findIndex(({ class: kind, energy }) => kind === 'official' && energy === 'petrol')
  const { plate, home } = terminals[n]!
  const pickUp: [number, number] = [home[0] + 0.02, home[1] + 0.01]
  const destination: [number, number] = [home[0] - 0.03, home[1] - 0.015]
  const errand = { order: 5, plate, leaveMs: MORNING + 0.9 * HOUR_MS, stayUntilMs: MORNING + 2.5 * HOUR_MS, stops: [pickUp, destination] }
  const given = byPlate([errand])
  const fleet = new Fleet([terminals[n]!], { ...world, errands: { of: (of) => given.get(of) ?? [] } }, MORNING)
  const reports: Report[] = []
  fleet.runUntil(MORNING + 4 * HOUR_MS, Number.POSITIVE_INFINITY, (_terminal, report) => void reports.push(report))
  const isAt =
    ([lon, lat]: readonly [number, number]) =>
    (report: Report) =>
      distanceM(report.position.lon, report.position.lat, lon, lat) < 60 && report.position.ignition === false
  const first = (place: readonly [number, number], afterMs: number) =>
    timeOf(reports.find((report) => timeOf(report) > afterMs && isAt(place)(report))!)
  const left = timeOf(reports.find((report) => timeOf(report) >= errand.leaveMs - 1000 && (report.position.speedKph ?? 0) > 3)!)
  t.ok(left < errand.leaveMs + 6 * 60_000, 'about its time')
  const came = first(pickUp, left)
  const there = first(destination, came)
  t.ok(came < there && there < errand.stayUntilMs)
  const back = first(home, there)
  t.ok(back > errand.stayUntilMs && back < errand.stayUntilMs + HOUR_MS, `${new Date(back).toISOString()}`)
  t.equal(reports.filter((report) => timeOf(report) > back && isAt(destination)(report)).length, 0, 'once')
})
