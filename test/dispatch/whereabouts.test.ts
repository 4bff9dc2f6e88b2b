// Who was where: prepared answers are what a scan of all positions says, whatever came late, and the questions stand within the law.
import fc from 'fast-check'
import t from 'tap'
import { findPairMeetings } from '../../services/dispatch/whereabouts/caseMeetings.ts'
import { findWhoWasHere } from '../../services/dispatch/whereabouts/here.ts'
import { findMeetings } from '../../services/dispatch/whereabouts/meetings.ts'
import { prepareUnit } from '../../services/dispatch/whereabouts/prepare.ts'
import { findUnprepared, HOUR_MS } from '../../services/dispatch/whereabouts/units.ts'
import type { LonLat, Shape } from '../../services/domain/geofence.ts'
import { meetingsOf } from '../../services/domain/meetings.ts'
import { LEAD_IN_MS, visitsOf } from '../../services/domain/visits.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'
import { runs } from '../harness/long.ts'
import { clearPositions, drives, type Fix, layPositions, lineOf } from './whereaboutsTracks.ts'

const database = await startTestDatabase(t)
const db = openDatabase({ url: database.url, applicationName: 'test', maxConnections: 2 })
t.teardown(() => db.close())
// Of vehicles that no ledger has: only their positions are asked about.
await db.query('ALTER TABLE position_flags DROP CONSTRAINT position_flags_vehicle_id_fkey')

const CENTRE: LonLat = [111.7, 40.82]
const START = Date.UTC(2026, 2, 1, 22, 0, 0)
const VEHICLES = [3, 100, 127, 128, 300]
const everybody = async (ids: readonly number[]) => new Set(ids)
const prepareAll = async (): Promise<void> => {
  for (const unit of await findUnprepared(db, START / HOUR_MS - 2, START / HOUR_MS + 48)) await prepareUnit(db, unit)
}

const area = fc
  .record({
    east: fc.integer({ min: -400, max: 400 }),
    north: fc.integer({ min: -400, max: 400 }),
    metres: fc.constantFrom(15, 60, 400, 2_500),
    thin: fc.boolean(),
    round: fc.boolean(),
  })
  .map(({ east, north, metres, thin, round }): Shape => {
    const centre: LonLat = [CENTRE[0] + east / 84_000, CENTRE[1] + north / 111_000]
    if (round) return { type: 'circle', centre, radiusM: metres }
    const [dx, dy] = [metres / 84_000, (thin ? 8 : metres) / 111_000]
    const corners: LonLat[] = [
      [centre[0] - dx, centre[1] - dy],
      [centre[0] + dx, centre[1] - dy],
      [centre[0] + dx / 2, centre[1] + dy],
      [centre[0] - dx, centre[1] + dy],
    ]
    return { type: 'polygon', ring: [...corners, corners[0]!] }
  })
const period = fc
  .record({ from: fc.integer({ min: -30, max: 240 }), length: fc.integer({ min: 1, max: 400 }) })
  .map(({ from, length }) => ({ fromMs: START + from * 60_000, untilMs: START + (from + length) * 60_000 }))

const scan = (fixes: readonly Fix[], shape: Shape, { fromMs, untilMs }: { fromMs: number; untilMs: number }) =>
  VEHICLES.flatMap((vehicleId) =>
    visitsOf(lineOf(fixes, vehicleId, fromMs - LEAD_IN_MS, untilMs), shape, fromMs, untilMs).map((visit) => ({ vehicleId, ...visit })),
  ).sort((a, b) => a.fromMs - b.fromMs || a.vehicleId - b.vehicleId || a.untilMs - b.untilMs)

t.test('who was in an area is what a scan of all positions says: prepared, not prepared, and with what came late', async (t) => {
  let found = 0
  let inferred = 0
  await fc.assert(
    fc.asyncProperty(
      drives(VEHICLES, START, CENTRE),
      fc.array(fc.record({ shape: area, period }), { minLength: 6, maxLength: 6 }),
      fc.infiniteStream(fc.nat(9)),
      async (fixes, asked, dice) => {
        await clearPositions(db)
        const [inTime, late] = [[] as Fix[], [] as Fix[]]
        for (const fix of fixes) (dice.next().value < 3 ? late : inTime).push(fix)
        await layPositions(db, inTime)
        await prepareAll()
        const hold = async (known: readonly Fix[]): Promise<void> => {
          for (const { shape, period } of asked) {
            const told = await findWhoWasHere(db, { shape, ...period }, everybody)
            const truth = scan(known, shape, period)
            t.same(told, { visits: truth, nextMs: null })
            found += truth.length
            inferred += truth.filter(({ how }) => how === 'inferred').length
          }
        }
        await hold(inTime)
        await layPositions(db, late)
        await hold(fixes)
        await prepareAll()
        await hold(fixes)
        return t.passing()
      },
    ),
    { numRuns: runs(4, 60) },
  )
  t.ok(found > 30 && inferred > 0, `${found} visits, ${inferred} inferred`)
})

t.test('whom a vehicle met is what a comparison with every other says, also where some positions are not believed', async (t) => {
  let found = 0
  await fc.assert(
    fc.asyncProperty(
      drives(VEHICLES, START, CENTRE, 40),
      fc.infiniteStream(fc.nat(19)),
      fc.array(period, { minLength: 2, maxLength: 2 }),
      async (fixes, dice, periods) => {
        await clearPositions(db)
        // Wild ones are stored and not believed.
        const wild = fixes.filter(() => dice.next().value === 0)
        for (const fix of wild) fix.lonE7 += 30_000
        const late = fixes.filter(() => dice.next().value < 5)
        await layPositions(
          db,
          fixes.filter((fix) => !late.includes(fix)),
        )
        await prepareAll()
        await layPositions(db, late)
        if (dice.next().value < 10) await prepareAll()
        await flag(wild)
        const believed = fixes.filter((fix) => !wild.some((one) => one.vehicleId === fix.vehicleId && one.ms === fix.ms))
        for (const { fromMs, untilMs } of periods) {
          const told = await findMeetings(db, { vehicleId: VEHICLES[0]!, fromMs, untilMs }, everybody)
          const own = lineOf(believed, VEHICLES[0]!, fromMs, untilMs)
          const truth = VEHICLES.slice(1)
            .flatMap((vehicleId) =>
              meetingsOf(own, lineOf(believed, vehicleId, fromMs, untilMs)).map((meeting) => ({ vehicleId, ...meeting })),
            )
            .sort((a, b) => a.fromMs - b.fromMs || a.vehicleId - b.vehicleId)
          t.same(told, { meetings: truth, nextMs: null })
          found += truth.length
          const lines = VEHICLES.map((vehicleId) => ({ vehicleId, line: lineOf(believed, vehicleId, fromMs, untilMs) }))
          const pairs = lines.flatMap((one, n) =>
            lines
              .slice(n + 1)
              .flatMap((other) =>
                meetingsOf(one.line, other.line).map((meeting) => ({ vehicleId: one.vehicleId, withId: other.vehicleId, ...meeting })),
              ),
          )
          pairs.sort((a, b) => a.fromMs - b.fromMs || a.vehicleId - b.vehicleId || a.withId - b.withId)
          t.same(await findPairMeetings(db, { vehicleIds: VEHICLES, fromMs, untilMs }), { meetings: pairs, nextMs: null })
          const shape: Shape = { type: 'circle', centre: CENTRE, radiusM: 40 }
          t.same((await findWhoWasHere(db, { shape, fromMs, untilMs }, everybody)).visits, scan(believed, shape, { fromMs, untilMs }))
        }
      },
    ),
    { numRuns: runs(4, 60) },
  )
  t.ok(found > 0, `${found} meetings`)
})

t.test('an answer that would be too long says from when to go on, and both parts are the whole', async (t) => {
  await clearPositions(db)
  const fixes = VEHICLES.flatMap((vehicleId) =>
    Array.from(
      { length: 40 },
      (_, n): Fix => ({ vehicleId, ms: START + n * 290_000, lonE7: 1_117_000_000, latE7: 408_200_000, speedDkph: 0 }),
    ),
  )
  await layPositions(db, fixes)
  await prepareAll()
  const shape: Shape = { type: 'circle', centre: CENTRE, radiusM: 40 }
  const asked = { shape, fromMs: START, untilMs: START + 4 * HOUR_MS }
  const first = await findWhoWasHere(db, asked, everybody, { vehicleHours: 12 })
  t.equal(first.nextMs, START + 2 * HOUR_MS)
  const second = await findWhoWasHere(db, { ...asked, fromMs: first.nextMs! }, everybody)
  const reports = [...first.visits, ...second.visits].reduce((sum, visit) => sum + visit.reports, 0)
  t.equal(reports, fixes.length)
  t.ok(second.visits.every(({ began }) => began === 'window'))
})

async function flag(wild: readonly Fix[]): Promise<void> {
  await db.query(
    `INSERT INTO position_flags (vehicle_id, started_at, ended_at, reason, positions)
     SELECT v, to_timestamp(ms / 1000), to_timestamp(ms / 1000), 'lone', 1 FROM unnest($1::int[], $2::float8[]) AS f (v, ms) ON CONFLICT DO NOTHING`,
    [wild.map(({ vehicleId }) => vehicleId), wild.map(({ ms }) => ms)],
  )
}
