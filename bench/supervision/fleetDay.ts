// What judging costs: so much of the fleet works for some days as it does on an ordinary one, and the last of them is judged by all rules. How much a judgement takes of the processors, how often a
// day asks for one, how long the whole fleet takes after a rule has changed, and what terminals wait meanwhile.
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Judge } from '../../services/dispatch/supervision/judgeDue.ts'
import { addDays, dayStartMs } from '../../services/domain/days.ts'
import { HOUR_MS } from '../../services/domain/supervision/spans.ts'
import { seedRegion } from '../../services/embedded/demo/seed.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { migrate } from '../../services/platform/migrate.ts'
import { startEmbedded } from '../../test/harness/embeddedProcess.ts'
import { openTerminals } from '../desk/puback.ts'
import { usageOf } from '../ingest/processes.ts'

const FLEET = 23_188
/** Of a day, in which nearly all of its changes come; how often the service judges; and for how long terminals are watched. */
const WORKING_HOURS = 10
const ROUND_MS = 15_000
const BESIDE_S = 45
/** A Monday of which the region's calendar speaks. */
const FIRST_DAY = '2026-03-02'

type Judged = { vehicleDays: number; wallS: number; cpuMs: number; databaseCpuMs: number }

/** One line for each length of the history. */
export async function measureFleetDay(
  say: (line: object) => void,
  { scale, days }: { scale: number; days: readonly number[] },
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'morin-supervision-'))
  const embedded = await startEmbedded(dataDir)
  await migrate(embedded.url)
  const db = openDatabase({ url: embedded.url, applicationName: 'bench' })
  await seedRegion(db, { dataDir, seed: 1 })
  const vehicles = Math.round(FLEET * scale)
  let built = 0
  let judgementsADay = 0
  let first: number | undefined
  try {
    for (const length of days) {
      let positions = 0
      for (; built < length; built++) positions = await workADay(db, vehicles, dayStartMs(addDays(FIRST_DAY, built)))
      await db.query('ANALYZE')
      const day = addDays(FIRST_DAY, length - 1)
      const nowMs = dayStartMs(addDays(day, 1)) + 12 * HOUR_MS
      // Each mark is a change at another time of the day: so often it would have been judged.
      const { rows: marks } = await db.query<{ n: number }>(
        'SELECT sum(marks)::float8 / $2::int AS n FROM supervision_due WHERE day = $1',
        [day, vehicles],
      )
      judgementsADay = marks[0]!.n + 1
      await expectOnly(db, day, vehicles)
      const fresh = await judgeAll(db, embedded.pid, nowMs)
      await expectOnly(db, day, vehicles)
      const again = await judgeAll(db, embedded.pid, nowMs)
      const each = again.cpuMs + again.databaseCpuMs
      first ??= each / again.vehicleDays
      say({
        ...{ measure: 'fleet', vehicles, days: length, positionsADay: positions, load: Math.round(loadavg()[0]! * 10) / 10 },
        ...{ fresh, again, judgementsADay: round(judgementsADay), growth: round(each / again.vehicleDays / first) },
        shareOfACorePercent: round((100 * judgementsADay * FLEET * (each / again.vehicleDays)) / 86_400_000),
        wholeFleetAgainMin: round((again.wallS / again.vehicleDays) * (FLEET / 60)),
      })
    }
    const lastDay = addDays(FIRST_DAY, built - 1)
    const terminals = await openTerminals(dataDir, embedded.url)
    const nowMs = dayStartMs(addDays(lastDay, 1)) + 12 * HOUR_MS
    /** The vehicles of the bench as often as a living fleet would ask, or without a pause. */
    const judging = (share: number, pauseMs: number) => async (isOver: () => boolean) => {
      const judge = new Judge({ db, clock: { nowMs: () => nowMs } })
      let judged = 0
      for (; !isOver(); await setTimeout(pauseMs)) {
        await expectOnly(db, lastDay, Math.max(1, Math.round(vehicles * share)))
        for (let round = 1; round > 0 && !isOver(); judged += round) round = await judge.judgeDue()
      }
      return judged
    }
    const alone = await terminals.load(async () => 0, BESIDE_S)
    const aRound = (FLEET * judgementsADay) / ((WORKING_HOURS * HOUR_MS) / ROUND_MS)
    const besideTheDay = await terminals.load(judging(aRound / vehicles, ROUND_MS), BESIDE_S)
    const withoutAPause = await terminals.load(judging(1, 0), BESIDE_S)
    await terminals.close()
    say({ measure: 'puback', vehiclesARound: Math.round(aRound), alone, besideTheDay, withoutAPause })
  } finally {
    await db.close()
    await embedded.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const round = (n: number): number => Math.round(n * 100) / 100

/** Nothing is due but one day of the vehicles that worked. */
async function expectOnly(db: Database, day: string, vehicles: number): Promise<void> {
  await db.query('DELETE FROM supervision_due')
  await db.query(
    'INSERT INTO supervision_days (day, vehicle_id) SELECT $1::date + n, 2147483647 FROM generate_series(0, 1) n ON CONFLICT (day) DO NOTHING',
    [day],
  )
  await db.query(
    'INSERT INTO supervision_due (vehicle_id, day) SELECT vehicle_id, $1 FROM (SELECT vehicle_id FROM every_vehicle ORDER BY 1 LIMIT $2) v',
    [day, vehicles],
  )
}

async function judgeAll(db: Database, databasePid: number, nowMs: number): Promise<Judged> {
  const judge = new Judge({ db, clock: { nowMs: () => nowMs } })
  const [began, used, databaseUsed] = [performance.now(), process.cpuUsage(), usageOf(databasePid).cpuSeconds]
  let vehicleDays = 0
  for (let judged = 1; judged > 0; vehicleDays += judged) judged = await judge.judgeDue()
  const { user, system } = process.cpuUsage(used)
  return {
    vehicleDays,
    wallS: round((performance.now() - began) / 1000),
    cpuMs: Math.round((user + system) / 1000),
    databaseCpuMs: Math.round((usageOf(databasePid).cpuSeconds - databaseUsed) * 1000),
  }
}

/** Each vehicle is out twice, once on an order; it reports every 10 s while it drives and every 5 min while it stands. @returns how many positions */
async function workADay(db: Database, vehicles: number, fromMs: number): Promise<number> {
  await db.query(ORDERS, [vehicles, fromMs])
  const { rows } = await db.query<{ n: number }>(POSITIONS, [vehicles, fromMs])
  await db.query(TRIPS, [vehicles, fromMs])
  await db.query(
    `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms, stored)
     SELECT vehicle_id, $2, $2, 1117000000, 408000000, 0, 0, 0, 1 FROM every_vehicle ORDER BY vehicle_id LIMIT $1
     ON CONFLICT (vehicle_id) DO UPDATE SET ts = excluded.ts, received_at = excluded.received_at`,
    [vehicles, new Date(fromMs + 36 * HOUR_MS)],
  )
  return rows[0]!.n
}

/** `away`: of four trips a day the first and the third lead from the seat to a place 20 km east, the others back. Begun at some minute of an hour, 25 minutes long. */
const FLEET_TRIPS = `fleet AS (SELECT vehicle_id, row_number() OVER (ORDER BY vehicle_id)::int AS n FROM (SELECT vehicle_id FROM every_vehicle ORDER BY vehicle_id LIMIT $1) v),
driven AS (
  SELECT vehicle_id, n, trip, $2::float8 / 1000 + hour * 3600 + (n % 50) * 60 AS s, trip % 2 = 1 AS away,
    109.0 + (n % 9) * 1.1 + (n / 9 % 60) * 0.002 AS lon, 40.2 + (n % 9) * 0.1 + (n / 540 % 43) * 0.0015 AS lat
  FROM fleet, (VALUES (1, 9), (2, 11), (3, 14), (4, 16)) t (trip, hour))`

const TRIPS = `WITH ${FLEET_TRIPS}
INSERT INTO trips (vehicle_id, started_at, ended_at, ended, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m, max_speed_dkph, positions, confirmed_at,
  rest_lon_e7, rest_lat_e7, track_m, odometer_m)
SELECT vehicle_id, to_timestamp(s), to_timestamp(s + 1500), true, lon_e7 + CASE WHEN away THEN 0 ELSE 2400000 END, lat_e7, lon_e7 + CASE WHEN away THEN 2400000 ELSE 0 END, lat_e7,
  20000, 600, 150, to_timestamp(s + 1800), lon_e7 + CASE WHEN away THEN 2400000 ELSE 0 END, lat_e7, 20000, 20000
FROM (SELECT *, (lon * 1e7)::int AS lon_e7, (lat * 1e7)::int AS lat_e7 FROM driven) d ORDER BY s`

const POSITIONS = `WITH ${FLEET_TRIPS},
fix AS (
  SELECT vehicle_id, s + k * 10 AS at, lon + 0.24 * CASE WHEN away THEN k / 150.0 ELSE 1 - k / 150.0 END AS lon, lat, 480 AS dkph, 1 AS flags FROM driven, generate_series(0, 150) k
  UNION ALL
  SELECT vehicle_id, $2::float8 / 1000 + k * 300 + n % 300, 109.0 + (n % 9) * 1.1 + (n / 9 % 60) * 0.002, 40.2 + (n % 9) * 0.1 + (n / 540 % 43) * 0.0015, 0, 0 FROM fleet, generate_series(0, 287) k
  WHERE (k * 300 + n % 300) / 3600 NOT BETWEEN 8 AND 17),
inserted AS (
  INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms)
  SELECT vehicle_id, to_timestamp(at), to_timestamp(at + 1), (lon * 1e7)::int, (lat * 1e7)::int, dkph, flags, 0 FROM fix ON CONFLICT DO NOTHING RETURNING 1)
SELECT count(*)::int AS n FROM inserted`

const ORDERS = `WITH ${FLEET_TRIPS},
asked AS (
  INSERT INTO trip_requests (unit_id, applicant_id, key, digest, kind, state, purpose_kind, purpose, from_stop, to_stop, starts_at, ends_at, passengers, with_driver, contact_name, contact_phone, asked_at)
  SELECT v.user_unit_id, (SELECT min(account_id) FROM accounts), gen_random_uuid(), convert_to(d.vehicle_id::text, 'UTF8'), 'pool', 'COMPLETED', 'meeting', 'x',
    jsonb_build_object('lon', lon, 'lat', lat), jsonb_build_object('lon', lon + 0.24, 'lat', lat), to_timestamp(s), to_timestamp(s + 3 * 3600), 1, true, 'x', 'x', to_timestamp(s - 86400)
  FROM driven d JOIN every_vehicle v USING (vehicle_id) WHERE trip = 1 RETURNING request_id, digest, unit_id, starts_at, ends_at)
INSERT INTO dispatch_orders (request_id, issuer_id, year, number, state, since, vehicle_id, driver_id, starts_at, ends_at, departed_at, returned_at)
SELECT request_id, unit_id, 2026, request_id, 'CONFIRMED', ends_at, convert_from(digest, 'UTF8')::int, NULL, starts_at, ends_at, starts_at, ends_at FROM asked`
