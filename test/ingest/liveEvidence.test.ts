// What a commit makes of a vehicle's last state: by a sane clock, by places that can be reached, by whether they move.
import t from 'tap'
import { readStates } from '../../services/dispatch/live/snapshot.ts'
import { statusOf } from '../../services/domain/status.ts'
import { commit } from '../../services/ingest/commit.ts'
import type { Message } from '../../services/ingest/message.ts'
import type { Point } from '../../services/ingest/trips/segment.ts'
import { settleVehicle } from '../../services/ingest/trips/settleVehicle.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'
import { at, drive, stand } from './journeys.ts'
import { openLocation, positionWork } from './positionWork.ts'
import { seedFleet } from './world.ts'

const database = await startTestDatabase(t)
const db = openDatabase({ url: database.url, applicationName: 'test' })
t.teardown(() => db.close())
await seedFleet(db, 40)
const location = await openLocation(db)
let vehicleId = 0

/** Reports that arrive one by one, a second after they were taken or at `receivedMs`. */
async function send(points: readonly Point[], receivedMs?: number) {
  for (const point of points) await sendAll([point], receivedMs ?? point.tsMs + 1000)
}
async function sendAll(points: readonly Point[], receivedMs: number) {
  const message: Message = { topic: '', payload: new Uint8Array(), receivedMs, ack: () => undefined }
  const absent = { headingDeg: null, altitudeM: null, fuelPermille: null, socPermille: null, satellites: null, alarms: 0 }
  const readings = points.map((point) => ({ vehicleId, terminalId: 'T', message, value: { ...point, ...absent } }))
  return commit(db, 'test', positionWork(location, readings), receivedMs)
}
async function live() {
  const { rows } = await db.query<{ lat: number; speed: number | null; flags: number; ms: number }>(
    `SELECT lat_e7 AS lat, speed_dkph AS speed, flags, (extract(epoch FROM ts) * 1000)::float8 AS ms FROM last_states WHERE vehicle_id = $1`,
    [vehicleId],
  )
  const { flags, speed, ...rest } = rows[0]!
  return { ...rest, status: statusOf(flags, speed, 1) }
}
t.beforeEach(() => void vehicleId++)

for (const every of [1, 5])
  t.test(`a recording each ${every} s without speeds is moving, and standing when it stands`, async (t) => {
    const silent = { speedDkph: null, ignition: null, odometerM: null }
    await send(drive(0, 60, 40, { every, more: silent }))
    t.equal((await live()).status, 'moving')
    await send(stand(65, 300, 700, 30, silent))
    t.equal((await live()).status, 'parked')
  })

t.test('who rested for long and then sends the reports of a minute or of ten in one message is moving', async (t) => {
  const silent = { speedDkph: null, ignition: null, odometerM: null }
  for (const seconds of [60, 600]) {
    vehicleId++
    await send(stand(0, 1_800, 0, 60, silent))
    t.equal((await live()).status, 'parked')
    const batch = drive(1_800, seconds, 40, { every: 5, more: silent })
    await sendAll(batch, batch.at(-1)!.tsMs + 1000)
    t.equal((await live()).status, 'moving', `${seconds} s in one message`)
  }
  vehicleId++
  await send(stand(0, 1_800, 0, 60, silent))
  await send([at(1_860, 140, silent)])
  t.equal((await live()).status, 'parked', 'a place that strays by as much as receivers do under a roof')
})

t.test('sixty kilometres an hour with the ignition off is moving; so is a speed that is always 0 while the place moves', async (t) => {
  await send(drive(0, 60, 60, { more: { ignition: false } }))
  t.equal((await live()).status, 'moving')
  vehicleId++
  await send(drive(0, 60, 60, { more: { speedDkph: 0 } }))
  t.equal((await live()).status, 'moving')
})

t.test('a first report without a fix holds back no other: the first true one stands, and the vehicle is nowhere before', async (t) => {
  for (const zero of [{ latE7: 0 }, { lonE7: 0 }, { latE7: 0, lonE7: 0 }])
    for (const speedDkph of [0, null]) {
      vehicleId++
      const parked = stand(0, 120, 0, 60, { speedDkph })
      for (let i = 0; i < 3; i++)
        t.same((await sendAll([{ ...at(i * 10 - 60, 0), ...zero }], at(i * 10 - 59, 0).tsMs))[0]!.news, [], 'nothing is told')
      const seen: number[] = []
      await readStates(db, (rows) => void seen.push(...rows.map((row) => row.vehicleId)))
      t.notOk(seen.includes(vehicleId), 'nowhere on the map')
      await send(parked.slice(0, 1))
      t.match(await live(), { ms: parked[0]!.tsMs, lat: parked[0]!.latE7, status: 'parked' })
      await sendAll([{ ...at(130, 0), ...zero }], at(131, 0).tsMs)
      t.match(await live(), { ms: parked[0]!.tsMs }, 'and stays')
    }
})

t.test('in one message the newest by a sane clock and with a fix stands, whatever else is in it', async (t) => {
  const now = at(100, 0).tsMs
  for (const known of [true, false])
    for (const odd of [at(380, 3_000, { speedDkph: 600 }), { ...at(99, 0), latE7: 0 }]) {
      vehicleId++
      if (known) await send([at(0, 0, { speedDkph: 0 })])
      await sendAll([...drive(50, 40, 60), odd], now)
      t.match(await live(), { ms: at(90, 0).tsMs, status: 'moving' })
      await send([at(105, 1_000, { speedDkph: 600, ignition: true })])
      t.match(await live(), { ms: at(105, 0).tsMs })
    }
})

t.test('a speed at a place that does not change is standing after two minutes, a vehicle that drives off is moving at once', async (t) => {
  await send(stand(0, 300, 0, 10, { speedDkph: 430, ignition: true }))
  t.equal((await live()).status, 'idle')
  vehicleId++
  await send([...stand(0, 900, 0), at(910, 5, { speedDkph: 150, ignition: true })])
  t.equal((await live()).status, 'moving')
})

t.test('a position 4:40 in the future does not freeze the marker: the next honest one wins', async (t) => {
  await send(drive(0, 60, 60))
  const ahead = at(70 + 280, 1_200, { speedDkph: 600, ignition: true })
  await send([ahead], ahead.tsMs - 280_000)
  t.match(await live(), { ms: ahead.tsMs })
  const honest = drive(80, 20, 60, { fromM: 1_300 })
  await send(honest)
  t.match(await live(), { ms: honest.at(-1)!.tsMs, lat: honest.at(-1)!.latE7 })
})

t.test(
  'a wild fix does not move the marker, one that stays does after five minutes, and of a first one the second is believed',
  async (t) => {
    await send(drive(0, 60, 60))
    const before = await live()
    await send([at(70, 111_000, { speedDkph: 600, ignition: true }), { ...at(80, 0), latE7: 0 }])
    t.same(await live(), before)
    await send(stand(90, 400, 300_000, 10))
    t.match(await live(), { lat: at(0, 300_000).latE7 })
    vehicleId++
    await send([at(0, 900_000), at(60, 0), at(70, 0)])
    t.match(await live(), { lat: at(0, 0).latE7 })
  },
)

t.test(
  'late points of old days cost the trips around each, also in one message with news, and derive what all in order would have',
  async (t) => {
    const month = Array.from({ length: 30 }, (_, day) => [
      ...drive(day * 86_400, 600, 60, { fromM: (day % 2) * 10_000, every: 20 }).map((point) => ({ ...point, odometerM: null })),
      ...stand(day * 86_400 + 620, 80_000, ((day % 2) + 1) * 10_000, 300),
    ]).flat()
    const onDay = (day: number) => month.findIndex((point) => point.tsMs > month[0]!.tsMs + day * 86_400_000 + 300_000)
    const [third, tenth, last] = [onDay(3), onDay(10), month.length - 1]
    const now = month.at(-1)!.tsMs + 1000
    await sendAll(
      month.filter((_, i) => i !== third && i !== tenth && i !== last),
      now,
    )
    t.ok(await settleVehicle(db, vehicleId, now))
    for (const [name, sent] of [
      ['one of the third day', [third]],
      ['one of the tenth and the newest', [tenth, last]],
    ] as const) {
      await sendAll(
        sent.map((i) => month[i]!),
        now,
      )
      const read = await positionsRead(now)
      t.ok(read < 1_000, `${name}: ${read} of ${month.length} positions read`)
    }
    const trips = async (id: number) =>
      (
        await db.query(
          'SELECT started_at, ended_at, distance_m, positions, quarters_m FROM trips WHERE vehicle_id = $1 ORDER BY started_at',
          [id],
        )
      ).rows
    const pieced = await trips(vehicleId)
    const { rows: state } = await db.query('SELECT stored, derive_from FROM last_states WHERE vehicle_id = $1', [vehicleId])
    t.same(state, [{ stored: month.length, derive_from: null }])
    vehicleId++
    await sendAll(month, now)
    t.ok(await settleVehicle(db, vehicleId, now))
    t.same(pieced, await trips(vehicleId))
    t.ok(pieced.length >= 29)
  },
)

/** How many positions settling reads. */
async function positionsRead(nowMs: number): Promise<number> {
  let read = 0
  const counting = new Proxy(db, {
    get: (target, name) =>
      name !== 'query'
        ? Reflect.get(target, name).bind(target)
        : async (text: string, values: unknown[]) => {
            const answer = await target.query<{ bytes?: Buffer | null }>(text, values)
            if (text.includes('FROM positions')) read += answer.rows[0]?.bytes ? answer.rows[0].bytes.length / 24 : answer.rows.length
            return answer
          },
  })
  if (!(await settleVehicle(counting, vehicleId, nowMs))) throw new Error('not settled, and nobody else was writing')
  return read
}
