// The demo region on an embedded database, the service that answers over HTTP, and a pool of some 2,000 vehicles with its trips of two weeks.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type Api, api, type EndpointName } from '../../services/contracts/api.ts'
import { addDays, dayAt, dayStartMs } from '../../services/domain/days.ts'
import { weekdayOf } from '../../services/domain/workCalendar.ts'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import { seedRegion } from '../../services/embedded/demo/seed.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { migrate } from '../../services/platform/migrate.ts'
import { startEmbedded } from '../../test/harness/embeddedProcess.ts'
import { serve } from '../service.ts'

export type Answer = { status: number; body: Record<string, unknown>; ms: number }
export type Person = { cookie: string; ask(endpoint: EndpointName, given?: Given): Promise<Answer> }
export type Given = { params?: Record<string, number>; query?: Record<string, string | number>; body?: object }
export type Pool = { organisationId: number; lft: number; rgt: number; vehicles: number; drivers: number; units: number[] }
export type World = Awaited<ReturnType<typeof openWorld>>

/** Everything in this process but the database. */
export async function openWorld() {
  const dataDir = mkdtempSync(join(tmpdir(), 'morin-dispatch-'))
  let embedded = await startEmbedded(dataDir)
  await migrate(embedded.url)
  const db = openDatabase({ url: embedded.url, applicationName: 'bench' })
  await seedRegion(db, { dataDir, seed: 1 })
  await db.query(
    `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms)
     SELECT vehicle_id, now(), now(), 1117000000 + (vehicle_id % 97) * 20000, 408000000 + (vehicle_id % 89) * 20000, 0, 0, 0 FROM vehicles
     ON CONFLICT DO NOTHING`,
  )
  const pool = await choosePool(db)
  await seedTrips(db, pool, TRIPS)
  await db.query('ANALYZE')
  const { origin, close } = await serve(db, 'embedded')
  // The trips of two weeks are made at once, and so their tracks, and vehicles' days that are to be judged, are all due at once, as they never are; that work
  // is not what is measured.
  await tracksAreLookedAt(db)
  await db.query(
    `INSERT INTO supervision_days (day, vehicle_id) SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date, max(vehicle_id) FROM vehicles
     ON CONFLICT (day) DO UPDATE SET vehicle_id = excluded.vehicle_id`,
  )
  await db.query('DELETE FROM supervision_due')
  return {
    db,
    pool,
    origin,
    databaseUrl: embedded.url,
    dataDir,
    /** Kills the database, as a crash does, and starts it again where it was. */
    async crashDatabase() {
      await embedded.kill()
      embedded = await startEmbedded(dataDir)
    },
    /** Somebody of this role, who belongs to the pool's organisation or to a unit of it. */
    enter: (role: string, organisationId: number): Promise<Person> => enter(db, origin, role, organisationId),
    async close() {
      await close()
      await db.close()
      await embedded.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Until no track of an order is due. */
async function tracksAreLookedAt(db: Database): Promise<void> {
  const isDue = async () => (await db.query('SELECT FROM order_tracks WHERE due_at <= now() LIMIT 1')).rowCount > 0
  while (await isDue()) await setTimeout(500)
}

/** The league, city or banner whose vehicles are nearest to 2,000. */
async function choosePool(db: Database): Promise<Pool> {
  const { rows } = await db.query<Omit<Pool, 'units'>>(
    `SELECT o.organisation_id AS "organisationId", o.lft, o.rgt, count(v.vehicle_id)::int AS vehicles,
       (SELECT count(*)::int FROM drivers d JOIN organisations k USING (organisation_id) WHERE k.lft BETWEEN o.lft AND o.rgt) AS drivers
     FROM organisations o JOIN organisations u ON u.lft BETWEEN o.lft AND o.rgt JOIN vehicles v ON v.user_unit_id = u.organisation_id
     WHERE o.kind <> 'unit' GROUP BY o.organisation_id ORDER BY abs(count(v.vehicle_id) - 2000) LIMIT 1`,
  )
  const pool = rows[0]!
  const units = await db.query<{ id: number }>(
    `SELECT DISTINCT u.organisation_id AS id FROM organisations u JOIN vehicles v ON v.user_unit_id = u.organisation_id
     WHERE u.lft BETWEEN $1 AND $2 AND u.kind = 'unit' ORDER BY 1`,
    [pool.lft, pool.rgt],
  )
  return { ...pool, units: units.rows.map(({ id }) => id) }
}

type Seeded = { trips: number; rows: number; firstMs: number; days: number; firstNumber: number }
/** Of the pool within a week before and after, each of another vehicle as far as there are so many. */
const TRIPS: Seeded = {
  trips: 2_000,
  rows: 1_000_000,
  firstMs: dayStartMs(addDays(dayAt(systemClock.nowMs()), -7)),
  days: 15,
  firstNumber: 100_000,
}
/** What a board of a week may have to show: as many trips of 300 vehicles and drivers, in a week of their own. */
export const BOARD: Seeded = {
  trips: 2_000,
  rows: 300,
  firstMs: dayStartMs(addDays(dayAt(systemClock.nowMs()), 21)),
  days: 7,
  firstNumber: 200_000,
}

/** Trips, each with its vehicle, its driver and their promises. */
export async function seedTrips(
  db: Database,
  { lft, rgt }: Pool,
  { trips, rows: most, firstMs, days, firstNumber }: Seeded,
): Promise<void> {
  const from = new Date(firstMs)
  await db.transaction(async (client) => {
    await client.query(`SELECT set_config('morin.founding', 'on', true)`)
    // Of few rows each has a trip a day; of many each another day.
    const day = most < trips ? `g.i / ${most} % ${days}` : `g.i * 7 % ${days}`
    const { rows } = await client.query<{ n: number }>(
      `WITH v AS (SELECT v.vehicle_id, v.user_unit_id, row_number() OVER (ORDER BY v.vehicle_id) - 1 AS n FROM vehicles v
           JOIN organisations o ON o.organisation_id = v.user_unit_id WHERE o.lft BETWEEN $1 AND $2 AND v.state = 'AVAILABLE'
           ORDER BY v.vehicle_id LIMIT ${most}),
         d AS (SELECT d.driver_id, row_number() OVER (ORDER BY d.driver_id) - 1 AS n FROM drivers d JOIN organisations o USING (organisation_id)
           WHERE o.lft BETWEEN $1 AND $2 AND d.state = 'active' ORDER BY d.driver_id LIMIT ${most}),
         trips AS (SELECT g.i AS n, v.vehicle_id, v.user_unit_id, d.driver_id, $3::timestamptz + make_interval(days => (${day})::int, hours => 7 + (g.i % 9)::int) AS at
           FROM generate_series(0, ${trips - 1}) g (i) JOIN v ON v.n = g.i % (SELECT count(*) FROM v) JOIN d ON d.n = g.i % (SELECT count(*) FROM d)),
         requests AS (INSERT INTO trip_requests (unit_id, applicant_id, key, digest, kind, state, purpose_kind, purpose, from_stop, to_stop, starts_at, ends_at,
             passengers, with_driver, contact_name, contact_phone, asked_at)
           SELECT user_unit_id, (SELECT min(account_id) FROM accounts WHERE role = 'applicant'), gen_random_uuid(), '\\x00', 'pool', 'DISPATCHED', 'meeting',
             '下乡调研 ' || ${firstNumber} + n, '{"name":"集中办公区","lon":111.7,"lat":40.82}', '{"name":"旗政府","lon":111.45,"lat":41.1}', at, at + interval '3 hours', 2, true,
             '示例联系人', '13800001111', now() FROM trips RETURNING request_id, purpose),
         orders AS (INSERT INTO dispatch_orders (request_id, issuer_id, year, number, state, since, vehicle_id, driver_id, starts_at, ends_at)
           SELECT r.request_id, (SELECT min(organisation_id) FROM organisations), 2026, ${firstNumber} + n, CASE WHEN t.at < now() THEN 'CLOSED' ELSE 'ACCEPTED' END, now(), t.vehicle_id, t.driver_id, t.at, t.at + interval '3 hours'
           FROM trips t JOIN requests r ON r.purpose = '下乡调研 ' || ${firstNumber} + t.n RETURNING order_id, vehicle_id, driver_id, starts_at, ends_at),
         promised AS (INSERT INTO reservations (vehicle_id, driver_id, during, reason, holder)
           SELECT h.vehicle_id, h.driver_id, tstzrange(o.starts_at - interval '15 min', o.ends_at + interval '15 min'), 'trip', 'order:' || o.order_id
           FROM orders o CROSS JOIN LATERAL (VALUES (o.vehicle_id, NULL::int), (NULL::int, o.driver_id)) h (vehicle_id, driver_id)
           ON CONFLICT DO NOTHING RETURNING 1)
       SELECT count(*)::int AS n FROM promised`,
      [lft, rgt, from],
    )
    if (rows[0]!.n < trips) throw new Error(`only ${rows[0]!.n} promises of ${trips} trips were made`)
  })
}

async function enter(db: Database, origin: string, role: string, organisationId: number): Promise<Person> {
  // Like a demo account of this role, where the benchmark needs one.
  const username = `bench.${role}.${organisationId}`
  await db.query(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, status, demo, person_no, password_set_at)
     SELECT $1, $1, a.password_hash, a.role, $2, 'active', a.demo, $1, now() FROM accounts a
     WHERE a.role = $3 AND a.demo AND NOT EXISTS (SELECT FROM accounts WHERE username = $1) ORDER BY account_id LIMIT 1`,
    [username, organisationId, role],
  )
  await db.query(
    `INSERT INTO role_grants (account_id, role, organisation_id, requested_at, granted_at)
     SELECT a.account_id, a.role, a.organisation_id, now(), now() FROM accounts a WHERE a.username = $1
       AND NOT EXISTS (SELECT FROM role_grants g WHERE g.account_id = a.account_id)`,
    [username],
  )
  const headers = { 'content-type': 'application/json', origin }
  const answer = await fetch(`${origin}/api/v1/session`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ username, password: DEMO_PASSWORD }),
  })
  if (!answer.ok) throw new Error(`${username}: ${await answer.text()}`)
  const { csrfToken } = (await answer.json()) as { csrfToken: string }
  const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!
  return {
    cookie,
    async ask(endpoint, { params = {}, query = {}, body } = {}) {
      const { method, path } = api[endpoint] as Api[EndpointName]
      const filled = path.replace(/:(\w+)/g, (_, name: string) => String(params[name]))
      const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
      const begun = performance.now()
      const got = await fetch(`${origin}/api/v1${filled}?${search}`, {
        method,
        headers: { ...headers, cookie, 'x-csrf-token': csrfToken },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      const text = await got.text()
      return { status: got.status, body: JSON.parse(text) as Record<string, unknown>, ms: performance.now() - begun }
    },
  }
}

/** The body of an emergency, which waits for a vehicle at once: for a unit of the pool, on the next Wednesday at ten and so many minutes. */
export function wanted(organisationId: number, minutes: number, changes: object = {}) {
  let day = addDays(dayAt(systemClock.nowMs()), 1)
  while (weekdayOf(day) !== 2) day = addDays(day, 1)
  const startsAtMs = dayStartMs(day) + 10 * 3_600_000 + minutes * 60_000
  return {
    key: crypto.randomUUID(),
    kind: 'emergency',
    organisationId,
    purposeKind: 'response',
    purpose: '参加抢险救援',
    from: { name: '集中办公区', lon: 111.69, lat: 40.82 },
    to: { name: '武川县政府', lon: 111.45, lat: 41.1 },
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(startsAtMs + 2 * 3_600_000).toISOString(),
    passengers: 2,
    contactName: '示例联系人',
    contactPhone: '13800001111',
    ...changes,
  }
}
