// Inputs from the field through the whole pipeline: messages to the embedded broker, rows, trips, live state, and what the API says of them.
// Each kind has a vehicle and a terminal of its own; what is right is known, because the journeys are ours.
import t from 'tap'
import { statusOf } from '../../services/domain/status.ts'
import { placeCounts } from '../../services/domain/tracks.ts'
import { configSchema } from '../../services/ingest/config.ts'
import { buildIngest } from '../../services/ingest/service.ts'
import { settleVehicle } from '../../services/ingest/trips/settleVehicle.ts'
import { sha256 } from '../../services/platform/crypto.ts'
import { createLogger } from '../../services/platform/log.ts'
import { ask, openRegion, startWorld } from '../dispatch/world.ts'
import { kinds as fieldKinds, HOUR, type Sent } from './fieldKinds.ts'
import { at, DAY, drive, stand } from './journeys.ts'
import { wildKinds } from './wildKinds.ts'
import { connectAs, SERVICE_SECRET, secretOf, topicOf } from './world.ts'

const UNIT = 20
const kinds = [...wildKinds, ...fieldKinds]
const db = await openRegion(t)
const world = await startWorld(t, db)
const signed = await world.signIn('bureau_admin')
const vehicleOf = (i: number): number => 5000 + i
const terminalOf = (i: number): string => `T${vehicleOf(i)}`
const [MIDNIGHT, AHEAD] = [kinds.length, kinds.length + 1]
for (let i = 0; i <= AHEAD; i++) {
  await db.owner.query(
    `INSERT INTO vehicles VALUES ($1, $2, 'blue', 'official', 'OTHER_APPROVED', 'petrol', '红旗', 'H5', 5, 1498, '2022-05-01', $3, $3)`,
    [vehicleOf(i), `蒙A${50_000 + i}`, UNIT],
  )
  await db.owner.query('INSERT INTO terminals VALUES ($1, $2, $3, NULL)', [terminalOf(i), vehicleOf(i), sha256(secretOf(terminalOf(i)))])
}
// Goes on from where it is put: a batch grows old by it.
const clock = { atMs: DAY, putAt: performance.now(), nowMs: () => clock.atMs + Math.round(performance.now() - clock.putAt) }
const put = (atMs: number): void => void Object.assign(clock, { atMs, putAt: performance.now() })
const flags = { 'database-url': 'postgresql://not-used', 'mqtt-port': '0', 'service-secret': SERVICE_SECRET, 'batch-age-ms': '1' }
const ingest = await buildIngest({ db, clock, log: createLogger('test', 'silent'), config: configSchema.parse(flags) })
await ingest.start()
t.teardown(() => ingest.stop())

/** Sends a message and waits until it is acknowledged, that is, committed. */
const publishers = new Map<number, Awaited<ReturnType<typeof connectAs>>>()
async function publish(i: number, points: Sent[]): Promise<void> {
  let client = publishers.get(i)
  if (!client) {
    client = await connectAs(t, ingest.broker!.port(), terminalOf(i))
    publishers.set(i, client)
  }
  await client.publishAsync(topicOf(terminalOf(i)), JSON.stringify(points.map(bodyOf)), { qos: 1 })
}
const bodyOf = ({ tsMs, lonE7, latE7, speedDkph, odometerM, ignition }: Sent) => ({
  time: tsMs,
  lon: lonE7 / 1e7,
  lat: latE7 / 1e7,
  ...(speedDkph === null ? {} : { speedKph: speedDkph / 10 }),
  ...(odometerM === null ? {} : { odometerM }),
  ...(ignition === null ? {} : { ignition }),
})
const settle = async (i: number, nowMs: number): Promise<void> => {
  while (!(await settleVehicle(db, vehicleOf(i), nowMs)));
}
const windowOf = (fromMs: number, toMs: number) => ({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() })
const tripsOf = async (i: number, fromMs = DAY - 86_400_000, toMs = DAY + 86_400_000) =>
  (await ask(world, 'listTrips', signed, { params: { vehicleId: vehicleOf(i) }, query: windowOf(fromMs, toMs) })).json()
const trackOf = async (i: number) =>
  (
    await ask(world, 'getTrack', signed, { params: { vehicleId: vehicleOf(i) }, query: windowOf(DAY - 86_400_000, DAY + 86_400_000) })
  ).json()
async function liveOf(i: number) {
  const { rows } = await db.query<{ speed: number | null; flags: number; ms: number }>(
    'SELECT speed_dkph AS speed, flags, (extract(epoch FROM ts) * 1000)::float8 AS ms FROM last_states WHERE vehicle_id = $1',
    [vehicleOf(i)],
  )
  return { status: statusOf(rows[0]!.flags, rows[0]!.speed, 1), ms: rows[0]!.ms }
}

t.test('every kind is published', async (t) => {
  // All vehicles at once, a message of each in turn: a terminal waits for its acknowledgement, the fleet does not.
  const messages = kinds.map(({ points, messages, live }) => messages?.(points) ?? chunks(points, live ? 5 : 20))
  const rounds = Math.max(...messages.map(({ length }) => length))
  for (let round = 0; round < rounds; round++) {
    const due = messages.flatMap((each, i) => {
      const points = each[round]
      return points ? [{ i, points }] : []
    })
    put(Math.max(clock.nowMs(), ...due.flatMap(({ points }) => points.map(({ tsMs }) => tsMs + 1000))))
    await Promise.all(due.map(({ i, points }) => publish(i, points)))
  }
  const { rows } = await db.query<{ stored: number }>('SELECT sum(stored)::int AS stored FROM last_states WHERE vehicle_id >= 5000')
  const times = kinds.map(({ points }) => new Set(points.map(({ tsMs }) => tsMs)).size)
  t.equal(
    rows[0]!.stored,
    times.reduce((sum, n) => sum + n, 0),
  )
})

for (const [i, kind] of kinds.entries())
  t.test(kind.name, async (t) => {
    if (kind.live) t.equal((await liveOf(i)).status, kind.live, 'live')
    await settle(i, Math.max(...kind.points.map(({ tsMs }) => tsMs)) + 3 * HOUR * 1000)
    const { rows, total, displacements } = await tripsOf(i)
    const told = rows.map(({ distanceM }) => distanceM).join(', ')
    t.equal(rows.length, kind.trips.length, `trips of ${told} m`)
    t.equal(
      total.distanceM,
      rows.reduce((sum, { distanceM }) => sum + distanceM, 0),
    )
    kind.trips.forEach((want, k) => {
      const trip = rows[k]
      if (!trip) return
      t.ok(Math.abs(trip.distanceM - want.m) <= want.m * 0.02, `${trip.distanceM} m, not ${want.m}`)
      const second = (instant: string) => (Date.parse(instant) - DAY) / 1000
      if (want.startS !== undefined) t.ok(Math.abs(second(trip.startedAt) - want.startS) <= 60, `begins at ${second(trip.startedAt)}`)
      if (want.endS !== undefined) t.ok(Math.abs(second(trip.endedAt) - want.endS) <= 60, `ends at ${second(trip.endedAt)}`)
      if (want.ignitionOff !== undefined) t.equal(trip.ignitionOff, want.ignitionOff, 'ignition off')
      if (want.maxKph !== undefined) t.equal(trip.maxSpeedKph, want.maxKph, 'highest speed')
      if (want.by) t.equal(trip.distanceBy, want.by, 'measured by')
    })
    t.same(
      displacements.map(({ kind }) => kind),
      kind.moves ?? [],
    )
    const { flagged } = await trackOf(i)
    for (const [reason, n] of Object.entries(kind.apart ?? {}))
      t.equal(flagged.filter((each) => each.reason === reason).length, n, `shown apart: ${reason}`)
    if (!kind.apart)
      t.same(
        flagged.filter(({ reason }) => !placeCounts(reason)),
        [],
      )
  })

t.test('11: a drive over midnight is cut there: days add up to it', async (t) => {
  const points = [...drive(-1200, 2400, 60), ...stand(1210, HOUR, 40_000)]
  put(Math.max(clock.nowMs(), points.at(-1)!.tsMs + 1000))
  await publish(MIDNIGHT, points)
  await settle(MIDNIGHT, clock.atMs + 3 * HOUR * 1000)
  const [eve, day, both] = [await tripsOf(MIDNIGHT, DAY - 86_400_000, DAY), await tripsOf(MIDNIGHT, DAY), await tripsOf(MIDNIGHT)]
  t.ok(Math.abs(eve.total.distanceM - 20_000) <= 400, `${eve.total.distanceM} m before midnight`)
  t.equal(eve.total.distanceM + day.total.distanceM, both.total.distanceM)
  t.equal(eve.total.trips + day.total.trips, 1)
})

t.test('32: a report from a clock that is ahead does not freeze the marker, and the clock is said', async (t) => {
  const honest = drive(0, 60, 60)
  put(honest.at(-1)!.tsMs)
  await publish(AHEAD, honest)
  put(at(70, 0).tsMs)
  await publish(AHEAD, [at(70 + 280, 1_167, { speedDkph: 600, ignition: true })])
  const listed = async () => (await ask(world, 'listVehicles', signed, { query: { clock: 'ahead', limit: 50, offset: 0 } })).json()
  t.match((await listed()).rows, [{ vehicleId: vehicleOf(AHEAD), last: { clockAheadS: Number } }])
  t.same((await ask(world, 'getClocks', signed)).json(), { ahead: 1 }, 'and counted for whoever runs the installation')
  put(at(200, 0).tsMs)
  const next = at(200, 3_333, { speedDkph: 600, ignition: true })
  await publish(AHEAD, [next])
  t.same(await liveOf(AHEAD), { status: 'moving', ms: next.tsMs })
  t.same((await listed()).rows, [])
})

function chunks<T>(values: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size))
}
