// Habits, which reach over many days and, where two vehicles meet, over two vehicles: what is found does not depend on what came first.
import t from 'tap'
import { Judge } from '../../services/dispatch/supervision/judgeDue.ts'
import { DAY_MS } from '../../services/domain/days.ts'
import { HOUR_MS } from '../../services/domain/supervision/spans.ts'
import { furnishOrders } from './ordersWorld.ts'
import { NOW_MS } from './region.ts'
import { openRegion } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
await db.owner.query(
  `INSERT INTO places (organisation_id, kind, name, lon, lat, radius_m, west, south, east, north, valid_from)
   SELECT unit, 'designated_lot', '停车场', 111.7, 40.8, 200, 111.69, 40.79, 111.71, 40.81, '2020-01-01' FROM unnest(ARRAY[20, 30]) unit`,
)
const judge = new Judge({ db, clock: { nowMs: () => NOW_MS } })
async function judgeAll(): Promise<void> {
  for (;;) {
    await judge.judgeDue()
    const { rows } = await db.query('SELECT FROM supervision_due WHERE due_at <= $1', [new Date(NOW_MS)])
    if (rows.length === 0) return
  }
}

type Place = [lon: number, lat: number]
const HOME: Place = [111.7, 40.8]
const YONDER: Place = [111.9, 40.9]
const BESIDE: Place = [111.9004, 40.9]
type Trip = { vehicleId: number; day: number; hour: number; from: Place; to: Place }
/** From home at `hour` and back later: noon of the region is NOW_MS, so that `day` 0 is today. */
const outing = (vehicleId: number, day: number, hour: number, hours: number, place: Place): Trip[] => [
  { vehicleId, day, hour, from: HOME, to: place },
  { vehicleId, day, hour: hour + hours, from: place, to: HOME },
]
async function drive({ vehicleId, day, hour, from, to }: Trip): Promise<void> {
  const at = (hours: number): Date => new Date(NOW_MS + day * DAY_MS + (hours - 12) * HOUR_MS)
  const [a, b, c, d] = [...from, ...to].map((degrees) => Math.round(degrees * 1e7))
  await db.query(
    `INSERT INTO trips (vehicle_id, started_at, ended_at, ended, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m, max_speed_dkph, positions,
       confirmed_at, rest_lon_e7, rest_lat_e7) VALUES ($1, $2, $3, true, $4, $5, $6, $7, 20000, 600, 50, $3, $6, $7)`,
    [vehicleId, at(hour), at(hour + 0.5), a, b, c, d],
  )
}
const found = async (code: string): Promise<string[]> =>
  (
    await db.query<{ said: string }>(
      `SELECT vehicle_id || ' ' || to_char(from_at AT TIME ZONE 'Asia/Shanghai', 'DD HH24:MI') || ' ' || (suspicion->>'figure') AS said
       FROM supervision_findings WHERE code = $1 AND state <> 'WITHDRAWN' ORDER BY 1`,
      [code],
    )
  ).rows.map(({ said }) => said)
async function forget(): Promise<void> {
  await db.owner.query(
    'DELETE FROM trips; TRUNCATE supervision_finding_photos, supervision_finding_steps, supervision_findings, supervision_due, supervision_rests',
  )
}

/** Judged in between, so that what comes later finds what was said before it. */
async function driveAndJudge(trips: readonly Trip[]): Promise<void> {
  for (const [n, trip] of trips.entries()) {
    await drive(trip)
    if (n % 4 === 3) await judgeAll()
  }
  await judgeAll()
}

const orders: Record<string, (trips: Trip[]) => Trip[]> = {
  'as they happened': (trips) => [...trips].sort((a, b) => a.day - b.day || a.hour - b.hour),
  backwards: (trips) => [...trips].sort((a, b) => b.day - a.day || b.hour - a.hour),
  'one vehicle after the other': (trips) => trips,
  'the last leg of each day first': (trips) => [...trips].sort((a, b) => b.hour - a.hour || a.day - b.day || a.vehicleId - b.vehicleId),
}

const meetings = [201, 301].flatMap((vehicleId) =>
  [-3, -2, -1].flatMap((day) => outing(vehicleId, day, vehicleId === 201 ? 13 : 13.25, 2, vehicleId === 201 ? YONDER : BESIDE)),
)
for (const [say, arrange] of Object.entries(orders))
  t.test(
    `two vehicles that stood together on three days are found once each, and on the third day, whichever trip is known first: ${say}`,
    async (t) => {
      await forget()
      await judgeAll()
      await driveAndJudge(arrange(meetings))
      t.same(await found('R25'), ['201 01 13:45 3', '301 01 13:45 3'])
    },
  )

t.test('where one of them was never there after all, both are taken back', async (t) => {
  await db.owner.query(`DELETE FROM trips WHERE vehicle_id = 301 AND started_at < $1`, [new Date(NOW_MS - 2.5 * DAY_MS)])
  await judgeAll()
  t.same(await found('R25'), [])
  t.equal((await db.query('SELECT FROM supervision_findings WHERE code = $1', ['R25'])).rows.length, 2, 'and stay on record')
})

t.test('vehicles of one unit, and a rest on an order, are no meeting', async (t) => {
  await forget()
  for (const trip of meetings) await drive(trip.vehicleId === 301 ? { ...trip, vehicleId: 202 } : trip)
  await judgeAll()
  t.same(await found('R25'), [])
  await forget()
  const [from, until] = [new Date(NOW_MS - 2 * DAY_MS), new Date(NOW_MS - 2 * DAY_MS + 5 * HOUR_MS)]
  await db.owner.query(
    `WITH r AS (INSERT INTO trip_requests (unit_id, applicant_id, key, digest, kind, state, purpose_kind, purpose, from_stop, to_stop, starts_at, ends_at,
         passengers, with_driver, contact_name, contact_phone, asked_at)
       SELECT 20, account_id, gen_random_uuid(), '', 'pool', 'COMPLETED', 'meeting', 'x', '{}', '{}', $1, $2, 1, true, 'x', 'x', $1 FROM accounts WHERE username = 'applicant'
       RETURNING request_id)
     INSERT INTO dispatch_orders (request_id, issuer_id, year, number, state, since, vehicle_id, driver_id, starts_at, ends_at, departed_at, returned_at)
     SELECT request_id, 20, 2026, 900, 'CONFIRMED', $1, 201, 1, $1, $2, $1, $2 FROM r`,
    [from, until],
  )
  await driveAndJudge(meetings)
  t.same(await found('R25'), [])
})

const nights = [-4, -2, -1].flatMap((day) => outing(201, day, 20, 11, YONDER))
for (const say of ['as they happened', 'backwards'])
  t.test(`the third night at one place is found, whichever is known first: ${say}`, async (t) => {
    await forget()
    await judgeAll()
    await driveAndJudge(orders[say]!(nights))
    t.same(await found('R24'), ['201 01 22:00 3'])
  })
