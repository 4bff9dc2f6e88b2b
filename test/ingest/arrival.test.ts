// The same journeys in any order of arrival: shuffled, twice, in messages, late, looked at in between by this worker and by another. All that is derived
// of them is what is derived of them in order.
import fc from 'fast-check'
import t from 'tap'
import { commit } from '../../services/ingest/commit.ts'
import type { Message } from '../../services/ingest/message.ts'
import { Followed } from '../../services/ingest/trips/followed.ts'
import { derive, type Point } from '../../services/ingest/trips/segment.ts'
import { settleVehicle } from '../../services/ingest/trips/settleVehicle.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'
import { runs } from '../harness/long.ts'
import { DAY, journey, type Leg, random, reports } from './journeys.ts'
import { openLocation, positionWork } from './positionWork.ts'
import { seedFleet } from './world.ts'

const RUNS = runs(60, 1_200)
/** A jump that a late message undoes, before a trip that was told while it might have been one (journey 1,030). */
const UNDONE = '1029'
const NOW = DAY + 5 * 86_400_000

const leg: fc.Arbitrary<Leg> = fc.record({
  restS: fc.constantFrom(400, 900, 3_000, 9_000, 30_000),
  lengthM: fc.integer({ min: 600, max: 12_000 }),
  kph: fc.integer({ min: 20, max: 100 }),
  turn: fc.constantFrom(-Math.PI / 2, 0, Math.PI / 2),
  lightS: fc.constantFrom(0, 90, 280),
})
const given = fc.record({
  legs: fc.array(leg, { minLength: 1, maxLength: 4 }),
  every: fc.constantFrom(20, 30, 60, 300),
  sigmaM: fc.constantFrom(0, 8, 15),
  speeds: fc.boolean(),
  ignition: fc.boolean(),
  odometer: fc.boolean(),
  wild: fc.constantFrom(0, 0.01, 0.05),
  silent: fc.constantFrom(0, 0.2),
  messages: fc.integer({ min: 1, max: 7 }),
  order: fc.constantFrom('in order', 'turned round', 'shuffled', 'a few late'),
  derive: fc.constantFrom('at the end', 'each time', 'by several'),
  seed: fc.integer({ min: 1, max: 2 ** 31 }),
})
type Given = typeof given extends fc.Arbitrary<infer T> ? T : never

/** What a terminal reports: with wild fixes of all sizes in runs, zeros, stuck speeds, and silences. */
function pointsOf({ legs, wild, silent, seed, ...habits }: Given): Point[] {
  const { uniform } = random(seed)
  const points = reports(journey(legs), { ...habits, driftM: 0, seed })
  let [run, north] = [0, 0]
  return points
    .filter(() => uniform() >= silent)
    .map((point) => {
      if (run === 0 && uniform() < wild) [run, north] = [1 + Math.floor(uniform() * 4), 10 ** (4.5 + uniform() * 4)]
      if (run === 0) return point
      run--
      if (uniform() < 0.2) return { ...point, latE7: 0 }
      return uniform() < 0.2 && point.speedDkph !== null
        ? { ...point, speedDkph: 1_900 }
        : { ...point, latE7: point.latE7 + Math.round(north) }
    })
}

/** Messages as they arrive; each position at least once. */
function messagesOf(points: readonly Point[], { messages, order, seed }: Given): Point[][] {
  const { uniform } = random(seed + 1)
  const size = Math.ceil(points.length / messages)
  const late = order === 'shuffled' ? 1 : order === 'a few late' ? 0.05 : 0
  const keyed = points.map((point, i) => ({ point, key: uniform() < late ? uniform() * points.length * 1.2 : i }))
  const sorted = keyed.sort((a, b) => a.key - b.key).map(({ point }) => point)
  if (order === 'turned round') sorted.reverse()
  const cut = Array.from({ length: messages }, (_, i) => sorted.slice(i * size, (i + 1) * size))
  // Sent again: some of what was sent before.
  return cut.map((each, i) => [...each, ...(i > 0 ? cut[i - 1]! : []).filter(() => uniform() < 0.1)]).filter(({ length }) => length > 0)
}

const database = await startTestDatabase(t)
const db = openDatabase({ url: database.url, applicationName: 'test' })
t.teardown(() => db.close())
await seedFleet(db, RUNS + 2)
const location = await openLocation(db)
const followed = new Followed()

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float8`
async function stored(vehicleId: number) {
  const { rows } = await db.query<{ trips: unknown; moves: unknown; flags: unknown }>(
    `SELECT (SELECT json_agg(json_build_array(${ms('started_at')}, ${ms('ended_at')}, ended, ${ms('confirmed_at')}, rest_lon_e7, rest_lat_e7, distance_m, distance_by,
                             track_m, odometer_m, quarters_m, max_speed_dkph, positions, ignition_off) ORDER BY started_at) FROM trips WHERE vehicle_id = $1) AS trips,
            (SELECT json_agg(json_build_array(kind, ${ms('started_at')}, ${ms('ended_at')}, ${ms('confirmed_at')}, distance_m) ORDER BY ended_at)
               FROM displacements WHERE vehicle_id = $1) AS moves,
            (SELECT json_agg(json_build_array(${ms('started_at')}, ${ms('ended_at')}, reason, positions) ORDER BY started_at, reason)
               FROM position_flags WHERE vehicle_id = $1) AS flags`,
    [vehicleId],
  )
  return rows[0]!
}

function expected(points: readonly Point[]) {
  const { trips, displacements, flags } = derive(points, NOW)
  const orNull = <T>(rows: T[]): T[] | null => (rows.length === 0 ? null : rows)
  return {
    trips: orNull(
      trips.map(({ start, end, ended, confirmedMs, rest, ...each }) => [
        ...[start.tsMs, end.tsMs, ended, confirmedMs, rest.lonE7, rest.latE7, each.distanceM, each.distanceBy, each.trackM, each.odometerM],
        ...[each.quartersM, each.maxSpeedDkph, each.positions, each.ignitionOff],
      ]),
    ),
    moves: orNull(
      displacements
        .map(({ kind, start, end, confirmedMs, distanceM }) => [kind, start.tsMs, end.tsMs, confirmedMs, distanceM] as const)
        .sort((a, b) => a[2] - b[2]),
    ),
    flags: orNull(
      flags
        .map(({ fromMs, toMs, reason, positions }) => [fromMs, toMs, reason, positions] as const)
        .sort((a, b) => a[0] - b[0] || a[2].localeCompare(b[2])),
    ),
  }
}

/** One vehicle a journey, over all that is played here. */
let vehicleId = 0

/** Plays journeys and holds what is stored against what their positions say in the order of time; answers how much there was. */
async function hold(which: { numRuns: number; path?: string }) {
  const seen = { trips: 0, flags: 0, moves: 0 }
  await fc.assert(
    fc.asyncProperty(given, async (each) => {
      vehicleId++
      const points = pointsOf(each)
      if (points.length === 0) return
      for (const message of messagesOf(points, each)) {
        await commit(db, 'test', workOf(vehicleId, message), NOW)
        const nowMs = message[0]!.tsMs
        if (each.derive !== 'at the end') await settleVehicle(db, vehicleId, nowMs, each.derive === 'each time' ? followed : new Followed())
      }
      // What this worker remembers may be no longer so; then it says that, and begins anew.
      const settled = (await settleVehicle(db, vehicleId, NOW, followed)) || (await settleVehicle(db, vehicleId, NOW, followed))
      if (!settled) throw new Error('not settled, and nobody else was writing')
      const [got, want] = [await stored(vehicleId), expected(points)]
      if (JSON.stringify(got) !== JSON.stringify(want)) throw new Error(`${JSON.stringify(got)}\nis not\n${JSON.stringify(want)}`)
      for (const of of ['trips', 'flags', 'moves'] as const) seen[of] += want[of]?.length ?? 0
    }),
    { ...which, seed: 20_261_129, endOnFailure: true },
  )
  return seen
}

/** So many in a test of their own: each ends well within the time that a test has. */
const PART = 60
const seen = { trips: 0, flags: 0, moves: 0 }

for (let first = 0; first < RUNS; first += PART)
  t.test(
    `journeys ${first + 1} to ${first + PART} in any order of arrival: trips, distances, displacements and flags are those of the order of time`,
    async (t) => {
      const part = await hold({ numRuns: PART, path: `${first}` })
      for (const of of ['trips', 'flags', 'moves'] as const) seen[of] += part[of]
      t.ok(part.trips > PART, `${part.trips} trips`)
    },
  )

t.test('of all of it there was enough', async (t) => {
  const { trips, flags, moves } = seen
  t.ok(trips > RUNS && flags > RUNS / 2 && moves > 0, `${trips} trips, ${flags} flags, ${moves} displacements`)
})

t.test('a trip that was derived under a jump which turns out to be none is derived again', async (t) => {
  const { trips } = await hold({ numRuns: 1, path: UNDONE })
  t.ok(trips > 0)
})

function workOf(vehicleId: number, points: readonly Point[]) {
  const message: Message = { topic: '', payload: new Uint8Array(), receivedMs: NOW, ack: () => undefined }
  const absent = { headingDeg: null, altitudeM: null, fuelPermille: null, socPermille: null, satellites: null, alarms: 0 }
  const readings = points.map((point) => ({ vehicleId, terminalId: 'T', message, value: { ...point, ...absent } }))
  return positionWork(location, readings)
}
