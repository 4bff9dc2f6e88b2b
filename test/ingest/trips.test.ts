import fc from 'fast-check'
import t from 'tap'
import { commit } from '../../services/ingest/commit.ts'
import type { Message } from '../../services/ingest/message.ts'
import type { PositionReading } from '../../services/ingest/positions/rows.ts'
import { deriveDue } from '../../services/ingest/trips/deriver.ts'
import { Followed } from '../../services/ingest/trips/followed.ts'
import { type Point, segment } from '../../services/ingest/trips/segment.ts'
import { settleVehicle } from '../../services/ingest/trips/settleVehicle.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { createLogger } from '../../services/platform/log.ts'
import { startTestDatabase } from '../harness/database.ts'
import { openLocation, positionWork } from './positionWork.ts'
import { seedFleet } from './world.ts'

const START = Date.UTC(2026, 10, 1)
const NOW = START + 90 * 86_400_000
const RUNS = 30

/** Steps of a vehicle's day: how long until the next report, how far it gets, whether it drives. */
const step = fc.record({
  seconds: fc.constantFrom(10, 10, 30, 60, 200, 301, 1800, 7199, 7201, 20_000),
  metres: fc.constantFrom(0, 0, 15, 100, 150, 250, 3000),
  kph: fc.constantFrom(0, 0, 2, 40, 90, null),
})

function trackOf(steps: { seconds: number; metres: number; kph: number | null }[]): Point[] {
  let tsMs = START
  let lonE7 = 1_110_000_000
  return steps.map(({ seconds, metres, kph }) => {
    tsMs += seconds * 1000
    lonE7 += Math.round((metres / 85_400) * 1e7)
    return { tsMs, lonE7, latE7: 400_000_000, speedDkph: kph === null ? null : kph * 10, odometerM: null, ignition: (kph ?? 0) > 0 }
  })
}

const database = await startTestDatabase(t)
const db = openDatabase({ url: database.url, applicationName: 'test' })
t.teardown(() => db.close())
await seedFleet(db, RUNS * 20)
const location = await openLocation(db)
const followed = new Followed()
// Each track has a vehicle of its own.
let vehicleId = 0

t.test('whatever the order of arrival, in bursts and with repeats, and whenever trips are derived, they end the same', async (t) => {
  const bursts = fc.array(step, { minLength: 1, maxLength: 40 }).chain((steps) => {
    const index = fc.nat({ max: steps.length - 1 })
    const derive = fc.constantFrom('no', 'by this worker', 'by another')
    const burst = fc.record({ indices: fc.array(index, { minLength: 1, maxLength: 8 }), derive })
    return fc.record({ steps: fc.constant(steps), bursts: fc.array(burst, { maxLength: 12 }), inOrder: fc.boolean() })
  })
  await fc.assert(
    fc.asyncProperty(bursts, async ({ steps, bursts, inOrder }) => {
      vehicleId++
      const track = trackOf(steps)
      const send = (points: Point[]) => commit(db, 'test', workOf(vehicleId, points), NOW)
      for (const { indices, derive } of bursts) {
        await send((inOrder ? [...indices].sort((a, b) => a - b) : indices).map((i) => track[i]!))
        const nowMs = track[indices[0]!]!.tsMs
        if (derive !== 'no') await settleVehicle(db, vehicleId, nowMs, derive === 'by another' ? new Followed() : followed)
      }
      await send(track)
      // What this worker remembers may be no longer so; then it says that, and begins anew.
      const settled = (await settleVehicle(db, vehicleId, NOW, followed)) || (await settleVehicle(db, vehicleId, NOW, followed))
      if (!settled) throw new Error('not settled, and nobody else was writing')
      const { rows } = await db.query(
        `SELECT (extract(epoch FROM started_at) * 1000)::float8 AS start, (extract(epoch FROM ended_at) * 1000)::float8 AS end, ended,
                distance_m, max_speed_dkph, positions FROM trips WHERE vehicle_id = $1 ORDER BY started_at`,
        [vehicleId],
      )
      const expected = segment(track, NOW).map((trip) => ({
        start: trip.start.tsMs,
        end: trip.end.tsMs,
        ended: trip.ended,
        distance_m: trip.distanceM,
        max_speed_dkph: trip.maxSpeedDkph,
        positions: trip.positions,
      }))
      if (JSON.stringify(rows) !== JSON.stringify(expected)) throw new Error(`${JSON.stringify(rows)}\nis not\n${JSON.stringify(expected)}`)
      const { rows: state } = await db.query<{ stored: number; from: unknown }>(
        'SELECT stored, derive_from AS from FROM last_states WHERE vehicle_id = $1',
        [vehicleId],
      )
      if (state[0]!.from !== null || state[0]!.stored !== track.length) throw new Error(`left unsettled: ${JSON.stringify(state)}`)
    }),
    { numRuns: RUNS, seed: 20_261_123 },
  )
  t.pass(`${vehicleId} tracks`)
})

t.test('what was derived of positions that are no longer kept stands, whatever arrives late', async (t) => {
  vehicleId++
  const DAYS = 30
  const day = (i: number): Point[] => {
    const noon = START + i * 86_400_000 + 43_200_000
    const drive = Array.from({ length: 31 }, (_, k) => ({
      tsMs: noon + k * 60_000,
      lonE7: 1_110_000_000 + (i % 2 === 0 ? k : 30 - k) * 120_000,
      speedDkph: 600,
    }))
    const rest = Array.from({ length: 3 }, (_, k) => ({ tsMs: noon + (40 + k * 10) * 60_000, lonE7: drive[30]!.lonE7, speedDkph: 0 }))
    return [...drive, ...rest].map((point) => ({ ...point, latE7: 400_000_000, odometerM: null, ignition: point.speedDkph > 0 }))
  }
  const send = (points: Point[]) => commit(db, 'test', workOf(vehicleId, points), NOW)
  const settled = async () => {
    t.equal(await settleVehicle(db, vehicleId, NOW, new Followed()), true)
    const { rows } = await db.query(
      'SELECT started_at, ended_at, distance_m, quarters_m, positions FROM trips WHERE vehicle_id = $1 ORDER BY started_at',
      [vehicleId],
    )
    const { rows: moves } = await db.query('SELECT kind FROM displacements WHERE vehicle_id = $1', [vehicleId])
    return { rows, moves }
  }
  await send(Array.from({ length: DAYS }, (_, i) => day(i)).flat())
  const before = await settled()
  t.equal(before.rows.length, DAYS)
  // The edge falls into a trip: it stands too, and is not derived from what is left of it.
  const edge = new Date(START + 20 * 86_400_000 + 43_200_000 + 600_000)
  await db.query('DELETE FROM positions WHERE vehicle_id = $1 AND ts < $2', [vehicleId, edge])
  await send([{ ...day(3)[10]!, tsMs: day(3)[10]!.tsMs + 1, lonE7: 1_119_000_000 }])
  t.same(await settled(), before, 'a point of day 3')
  await send([{ ...day(20)[15]!, tsMs: day(20)[15]!.tsMs + 1 }])
  t.same(await settled(), before, 'a point of the trip across the edge')
  await send([...day(5), ...day(6).slice(0, 12)])
  t.same(await settled(), before, 'a day and a half sent again')
  await db.query('UPDATE last_states SET derive_from = to_timestamp(0), tail_from = to_timestamp(0) WHERE vehicle_id = $1', [vehicleId])
  t.same(await settled(), before, 'all to be derived anew')
  await send([{ ...day(25)[10]!, tsMs: day(25)[10]!.tsMs + 1_000, lonE7: day(25)[10]!.lonE7 + 2_000 }])
  const after = await settled()
  t.equal(after.rows[25]?.positions, 32, 'a day whose positions are kept is derived anew')
  t.same(
    after.rows.filter((_, i) => i !== 25),
    before.rows.filter((_, i) => i !== 25),
  )
})

/** The database, and how many positions are read of it to derive. */
function counting() {
  const counted = { positions: 0 }
  const query = async (text: string, values?: unknown[]) => {
    const result = await db.query(text, values)
    const [row] = result.rows as { bytes?: Buffer | null }[]
    if (row?.bytes) counted.positions += row.bytes.length / 24
    return result
  }
  return { counted, db: Object.assign(Object.create(db), { query }) as typeof db }
}

t.test(
  'one late point of a vehicle that never had a trip costs hours and not its history, and neither does a speed after a long rest',
  async (t) => {
    vehicleId++
    const MINUTE = 60_000
    const parked = (minute: number, more: Partial<Point> = {}): Point => ({
      tsMs: START + minute * MINUTE,
      // The first fix lies beside where it stands.
      lonE7: 1_110_000_000 + (minute === 0 ? 8_000 : (minute % 7) * 100),
      latE7: 400_000_000,
      speedDkph: 0,
      odometerM: null,
      ignition: false,
      ...more,
    })
    const send = (points: Point[]) => commit(db, 'test', workOf(vehicleId, points), NOW)
    await send(Array.from({ length: 15_000 }, (_, i) => parked(i * 2)))
    t.equal(await settleVehicle(db, vehicleId, NOW, followed), true)
    for (const minute of [15_001, 61]) {
      const late = counting()
      await send([parked(minute)])
      t.equal(await settleVehicle(late.db, vehicleId, NOW, followed), true)
      t.ok(late.counted.positions > 0 && late.counted.positions <= 800, `a late point of minute ${minute}: ${late.counted.positions} read`)
    }
    const blip = counting()
    await send([parked(30_001, { speedDkph: 200 })])
    t.equal(await settleVehicle(blip.db, vehicleId, NOW, followed), true)
    t.ok(blip.counted.positions > 0 && blip.counted.positions <= 400, `a speed after a long rest: ${blip.counted.positions} read`)
    t.same((await db.query('SELECT FROM trips WHERE vehicle_id = $1', [vehicleId])).rows, [])
  },
)

t.test('a trip that comes by where it began, hours before it was last looked at, is one trip', async (t) => {
  vehicleId++
  // Round and round for fifteen hours, past the depot each hour.
  const circle = (minute: number): Point => ({
    tsMs: START + minute * 60_000,
    lonE7: 1_110_000_000 + Math.round(100_000 * (1 - Math.cos((minute / 60) * 2 * Math.PI))),
    latE7: 400_000_000 + Math.round(100_000 * Math.sin((minute / 60) * 2 * Math.PI)),
    speedDkph: 600,
    odometerM: null,
    ignition: true,
  })
  const round = Array.from({ length: 900 }, (_, i) => circle(i + 60))
  const stand = Array.from({ length: 12 }, (_, i) => ({ ...circle(0), tsMs: START + i * 300_000, speedDkph: 0, ignition: false }))
  const arrival = Array.from({ length: 20 }, (_, i) => ({
    ...circle(0),
    tsMs: START - (20 - i) * 60_000,
    lonE7: circle(0).lonE7 - (20 - i) * 100_000,
  }))
  for (const points of [[...arrival, ...stand], round.slice(0, 870), round.slice(870)]) {
    await commit(db, 'test', workOf(vehicleId, points), NOW)
    t.equal(await settleVehicle(db, vehicleId, points.at(-1)!.tsMs, new Followed()), true)
  }
  const { rows } = await db.query('SELECT started_at, ended_at FROM trips WHERE vehicle_id = $1', [vehicleId])
  t.equal(rows.length, 2)
})

t.test(
  'a vehicle at rest is due at once, one under way after three minutes, a silent one after five and after two hours, none twice a minute',
  async (t) => {
    vehicleId++
    let nowMs = START
    const recently = new Map<number, number>()
    const round = () => deriveDue({ db, clock: { nowMs: () => nowMs }, log: createLogger('test', 'silent') }, recently, () => false)
    const report = (seconds: number, kph: number, ignition = true) => {
      nowMs = START + seconds * 1000
      const lonE7 = 1_110_000_000 + seconds * 1000
      const point = { tsMs: nowMs, lonE7, latE7: 400_000_000, speedDkph: kph * 10, odometerM: null, ignition }
      return commit(db, 'test', workOf(vehicleId, [point]), nowMs)
    }
    const trips = async () => (await db.query<{ ended: boolean }>('SELECT ended FROM trips WHERE vehicle_id = $1', [vehicleId])).rows

    await report(0, 0)
    t.equal(await round(), 0, 'a vehicle at rest has no trips to derive')
    await report(10, 40)
    await report(20, 40)
    t.equal(await round(), 0, 'under way for a moment only')
    await report(200, 40)
    t.equal(await round(), 1)
    t.match(await trips(), [{ ended: false }])
    await report(210, 0)
    t.equal(await round(), 0, 'looked at less than a minute ago')
    nowMs += 60_000
    t.equal(await round(), 1, 'it stands')
    nowMs += 60_000
    t.equal(await round(), 0, 'nothing new')
    nowMs = START + 511_000
    t.equal(await round(), 1, 'it may have been at rest for long enough')
    t.match(await trips(), [{ ended: false }], 'nobody said so: it stood for a moment, with its ignition on')
    nowMs += 7_200_000
    t.equal(await round(), 1, 'it fell silent')
    t.match(await trips(), [{ ended: true }])
    nowMs += 60_000
    t.equal(await round(), 0, 'settled')

    const later = 20_000
    for (const seconds of [0, 100, 200]) await report(later + seconds, 40)
    await report(later + 210, 0, false)
    t.equal(await round(), 1)
    t.match(await trips(), [{ ended: true }, { ended: false }])
    nowMs += 301_000
    t.equal(await round(), 1, 'a rest that was said is over')
    t.match(await trips(), [{ ended: true }, { ended: true }], 'whatever the silence after it')
    nowMs += 61_000
    t.equal(await round(), 0, 'there is nothing more to find out')
  },
)

function workOf(vehicleId: number, points: Point[]) {
  const message: Message = { topic: '', payload: new Uint8Array(), receivedMs: NOW, ack: () => undefined }
  const readings = points.map(
    (point): PositionReading => ({
      vehicleId,
      terminalId: 'T',
      message,
      value: { ...point, headingDeg: null, altitudeM: null, fuelPermille: null, socPermille: null, satellites: null, alarms: 0 },
    }),
  )
  return positionWork(location, readings)
}
