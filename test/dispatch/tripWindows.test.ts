// Trips of a window are cut at its borders: days add up to trips, whatever the borders are.
import t from 'tap'
import { metresBetween } from '../../services/ingest/trips/plane.ts'
import { segment } from '../../services/ingest/trips/segment.ts'
import { replaceDerived } from '../../services/ingest/trips/settleWrites.ts'
import { DAY, drive, stand } from '../ingest/journeys.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
const world = await startWorld(t, db)
const MINUTE = 60_000

t.test('a drive of 40 km over midnight is 20 km and 20 minutes of each day; one trip, counted on the day it began', async (t) => {
  const points = [...drive(-1200, 2400, 60), ...stand(1210, 3600, 40_000)]
  const trips = segment(points, DAY + 86_400_000)
  await replaceDerived(db, 202, {
    afterMs: Number.NEGATIVE_INFINITY,
    untilMs: Number.POSITIVE_INFINITY,
    lateIds: [],
    tail: null,
    derived: { trips, displacements: [], flags: [] },
  })
  const signed = await world.signIn('bureau_admin')
  const between = async (fromMs: number, toMs: number) => {
    const query = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }
    return (await ask(world, 'listTrips', signed, { params: { vehicleId: 202 }, query })).json()
  }
  const [eve, day] = [await between(DAY - 86_400_000, DAY), await between(DAY, DAY + 86_400_000)]
  const both = await between(DAY - 86_400_000, DAY + 86_400_000)
  t.match(eve, { rows: [{ endedAt: new Date(DAY).toISOString(), ended: true }], total: { trips: 1, durationMs: 20 * MINUTE } })
  t.match(day, { rows: [{ startedAt: new Date(DAY).toISOString() }], total: { trips: 0, durationMs: 20 * MINUTE } })
  t.ok(Math.abs(eve.total.distanceM - 20_000) < 200, `${eve.total.distanceM}`)
  t.equal(eve.total.distanceM + day.total.distanceM, both.total.distanceM)
  t.match(both, { more: false, rows: [{ whole: null, distanceM: both.total.distanceM }], total: { trips: 1 } })
  t.match(day.rows[0]!.whole, { distanceM: both.total.distanceM })
  let pieces = 0
  for (let ms = DAY - 30 * MINUTE; ms < DAY + 30 * MINUTE; ms += 7 * MINUTE) pieces += (await between(ms, ms + 7 * MINUTE)).total.distanceM
  t.equal(pieces, both.total.distanceM, 'and so do windows of seven minutes')
  t.ok(metresBetween(points[0]!, points.at(-1)!) > 39_000)
})

t.test('positions that are not believed are told apart in a track', async (t) => {
  await db.query(
    `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms)
     SELECT 202, timestamptz '2026-03-01T00:00:00Z' + make_interval(secs => n * 10), now(), 1110000000, 408000000, 0, 0 FROM generate_series(0, 9) n`,
  )
  await db.query(
    `INSERT INTO position_flags VALUES (202, '2026-03-01T00:00:20Z', '2026-03-01T00:00:30Z', 'unreachable', 2), (202, '2026-03-01T00:00:30Z', '2026-03-01T00:00:40Z', 'speed', 2)`,
  )
  const signed = await world.signIn('bureau_admin')
  const query = { from: '2026-02-28T00:00:00Z', to: '2026-03-02T00:00:00Z' }
  const { timeMs, flagged } = (await ask(world, 'getTrack', signed, { params: { vehicleId: 202 }, query })).json()
  t.same(
    flagged.map(({ index, reason }) => [timeMs[index]! - timeMs[0]!, reason]),
    [
      [20_000, 'unreachable'],
      [30_000, 'unreachable'],
      [40_000, 'speed'],
    ],
  )
})
