// Who was where: prepared answers are what a scan of all positions says, whatever came late, and the questions stand within the law.
import fc from 'fast-check'
import t from 'tap'
import { findWhoWasHere } from '../../services/dispatch/whereabouts/here.ts'
import { findMeetings } from '../../services/dispatch/whereabouts/meetings.ts'
import { prepareUnit } from '../../services/dispatch/whereabouts/prepare.ts'
import { findUnprepared, HOUR_MS } from '../../services/dispatch/whereabouts/units.ts'
import type { LonLat, Shape } from '../../services/domain/geofence.ts'
import { meetingsOf } from '../../services/domain/meetings.ts'
import { LEAD_IN_MS, visitsOf } from '../../services/domain/visits.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'
import { clearPositions, drives, type Fix, layPositions, lineOf } from './whereaboutsTracks.ts'

const database = await startTestDatabase(t)
const db = openDatabase({ url: database.url, applicationName: 'test', maxConnections: 2 })
t.teardown(() => db.close())

const CENTRE: LonLat = [111.7, 40.82]
const START = Date.UTC(2026, 2, 1, 22, 0, 0)
const VEHICLES = [3, 100, 127, 128, 300]
const everybody = async (ids: readonly number[]) => new Set(ids)
const prepareAll = async (): Promise<void> => {
  for (const unit of await findUnprepared(db, START / HOUR_MS - 2, START / HOUR_MS + 48)) await prepareUnit(db, unit)
}

const area = fc
  .record({
    east: fc.integer({ min: -2_000, max: 2_000 }),
    north: fc.integer({ min: -2_000, max: 2_000 }),
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
    { numRuns: 8 },
  )
  t.ok(found > 50 && inferred > 5, `${found} visits, ${inferred} inferred`)
})
