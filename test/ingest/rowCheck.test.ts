// Counters and rows: what ingest counted as kept is held against what is there, piece by piece, and a loss behind its back is reported.
import fc from 'fast-check'
import t from 'tap'
import { HealthReader } from '../../services/dispatch/operations/health.ts'
import { RowChecker } from '../../services/dispatch/operations/rowCheck.ts'
import { commit } from '../../services/ingest/commit.ts'
import { configSchema } from '../../services/ingest/config.ts'
import { tidyUp } from '../../services/ingest/housekeeping.ts'
import type { Fault, Message } from '../../services/ingest/message.ts'
import type { PositionReading } from '../../services/ingest/positions/rows.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { applyStoragePolicy } from '../../services/platform/storagePolicy.ts'
import { startTestDatabase } from '../harness/database.ts'
import { openLocation, positionWork } from './positionWork.ts'
import { seedFleet } from './world.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 2, 2, 4)
const VEHICLES = 2_100
const clock = { nowMs: () => NOW }
const database = await startTestDatabase(t)
const db = openDatabase({ url: database.appUrl, applicationName: 'test', maxConnections: 2 })
const owner = openDatabase({ url: database.url, applicationName: 'owner', maxConnections: 1 })
t.teardown(() => Promise.all([db.close(), owner.close()]))
await seedFleet(owner, VEHICLES)
await applyStoragePolicy(owner, { chunkMinutes: 1_440, compressAfterHours: 2, retentionDays: 30 })
const location = await openLocation(db)

const message = (text: string): Message => ({ topic: 't', payload: Buffer.from(text), receivedMs: NOW, ack: () => undefined }) as Message
const reading = (vehicleId: number, tsMs: number): PositionReading => ({
  vehicleId,
  terminalId: `T${vehicleId}`,
  message: message('{}'),
  value: {
    tsMs,
    lonE7: 1_117_000_000,
    latE7: 408_000_000,
    speedDkph: 0,
    headingDeg: null,
    altitudeM: null,
    odometerM: null,
    fuelPermille: null,
    socPermille: null,
    ignition: false,
    satellites: null,
    alarms: 0,
  },
})
const fault = (text: string): Fault => ({ message: message(text), terminalId: null, reason: 'schema', detail: 'x', elements: 2 })
const keep = (readings: PositionReading[], faults: Fault[] = [], worker = 'w1') =>
  commit(db, worker, positionWork(location, readings, faults), NOW)
const check = () => new RowChecker({ db, clock }).checkAll()
const whole = { positionsMissing: 0, messagesMissing: 0 }

t.test('whatever comes twice, late, in any order and from several workers, counters and rows agree', async (t) => {
  const one = fc.record({ vehicle: fc.integer({ min: 1, max: VEHICLES }), hour: fc.integer({ min: 0, max: 200 }) })
  const batch = fc.record({
    of: fc.array(one, { maxLength: 40 }),
    bad: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }),
    worker: fc.constantFrom('w1', 'w2'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 4 }), async (batches) => {
      for (const { of, bad, worker } of batches)
        await keep(
          of.map(({ vehicle, hour }) => reading(vehicle, NOW - hour * 3_600_000)),
          bad.map(fault),
          worker,
        )
      t.match(await check(), whole)
    }),
    { numRuns: 25 },
  )
  const { rows } = await db.query<{ stored: number; there: number }>(
    'SELECT (SELECT sum(stored) FROM position_tally) AS stored, (SELECT count(*) FROM positions) AS there',
  )
  t.equal(rows[0]!.stored, rows[0]!.there)
  t.ok(rows[0]!.there > 100)
})

t.test('compressed chunks are counted like others', async (t) => {
  await owner.query(`SELECT compress_chunk(c) FROM show_chunks('positions') AS c`)
  t.match(await check(), whole)
  await keep([reading(5, NOW - 3 * DAY - 1), reading(1_500, NOW - 3 * DAY - 1)])
  t.match(await check(), whole)
})

t.test('a position that is lost is missed, the next step already where it was new, and comes back with it', async (t) => {
  await keep([reading(7, NOW + 1_000), reading(2_050, NOW + 1_000)])
  const checker = new RowChecker({ db, clock })
  const health = new HealthReader({
    db,
    clock,
    version: 'x',
    databaseKind: 'embedded',
    dataDirectory: '.',
    live: () => ({ vehicles: 0, sockets: 0, lastFrameAt: null, gaps: 0, brokerConnected: true, online: 0, frames: 0 }),
    held: () => null,
    rows: () => checker.read(),
  })
  const row = 'vehicle_id = 2050 AND ts = to_timestamp($1::float8 / 1000)'
  const { rows } = await owner.query(`SELECT * FROM positions WHERE ${row}`, [NOW + 1_000])
  await owner.query(`DELETE FROM positions WHERE ${row}`, [NOW + 1_000])
  t.match(await checker.checkAll(), { positionsMissing: 1, messagesMissing: 0 })
  t.match(await health.read(), {
    status: 'degraded',
    rows: { positionsMissing: 1, checkedAt: new Date(NOW).toISOString() },
    notices: [/1 positions that were counted as stored are not in the table/],
  })
  await owner.query(`INSERT INTO positions SELECT * FROM json_populate_record(NULL::positions, $1)`, [JSON.stringify(rows[0])])
  t.match(await checker.checkAll(), whole)
})

t.test('of all that is kept a step compares little, and the round comes to its end', async (t) => {
  const checker = new RowChecker({ db, clock })
  let asked = 0
  const counting = {
    ...db,
    query: ((text: string, values?: unknown[]) => {
      if (text.includes('FROM positions')) asked++
      return db.query(text, values)
    }) as typeof db.query,
  }
  const stepping = new RowChecker({ db: counting, clock })
  await stepping.step()
  t.equal(asked, 2, 'one piece of the newest, one of all')
  t.equal(stepping.read().roundEndedAt, null)
  await stepping.step()
  t.equal(asked, 2, 'and rests')
  t.match(await checker.checkAll(), { ...whole, roundEndedAt: new Date(NOW).toISOString() })
})

t.test('a message that is lost from the quarantine is missed; one that was deleted for its age is not', async (t) => {
  await keep([], [fault('lost'), fault('lost'), fault('old')])
  await owner.query(`UPDATE quarantine SET last_at = $1 WHERE payload = 'old'`, [new Date(NOW - 91 * DAY)])
  const config = configSchema.parse({ 'database-url': database.url, 'service-secret': 'a-secret-of-the-services' })
  t.match(await tidyUp({ db, clock, config }), { quarantine: 1 })
  t.match(await check(), whole)
  await owner.query(`DELETE FROM quarantine WHERE payload = 'lost'`)
  t.match(await check(), { positionsMissing: 0, messagesMissing: 2 })
})

t.test('a message that the database swallows is not acknowledged, and nothing of its batch is kept', async (t) => {
  await owner.query(`CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`)
  for (const table of ['quarantine', 'ingest_tally', 'quarantine_tally', 'terminal_tally']) {
    await owner.query(`CREATE TRIGGER swallow BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION swallow()`)
    const bad = { ...fault(`swallowed ${table}`), terminalId: 'T1' }
    await t.rejects(keep([reading(9, NOW - 17 * 3_600_000 - 5)], [bad]), { name: 'NotWritten' }, table)
    await owner.query(`DROP TRIGGER swallow ON ${table}`)
  }
  t.equal(
    (await db.query('SELECT FROM positions WHERE vehicle_id = 9 AND ts = to_timestamp($1::float8 / 1000)', [NOW - 17 * 3_600_000 - 5]))
      .rowCount,
    0,
  )
})

const drop = (chunk: string) =>
  owner.query(
    `SELECT drop_chunks('positions', older_than => range_end, newer_than => range_start) FROM timescaledb_information.chunks WHERE chunk_name = $1`,
    [chunk],
  )

t.test('a chunk that goes before its time takes its positions with it; one that retention drops does not', async (t) => {
  const { rows } = await owner.query<{ chunk: string; n: number }>(
    `SELECT chunk, sum(stored) AS n FROM position_tally WHERE part >= 0 GROUP BY chunk ORDER BY chunk LIMIT 2`,
  )
  const [lost, old] = rows
  const { positionsMissing: before } = await check()
  await drop(lost!.chunk)
  t.match(await check(), { positionsMissing: before + lost!.n })
  await owner.query(`UPDATE position_tally SET first_at = now() - INTERVAL '31 days' WHERE chunk = ANY($1::text[])`, [
    [lost!.chunk, old!.chunk],
  ])
  await drop(old!.chunk)
  t.match(await check(), { positionsMissing: before })
  t.equal(
    (await owner.query('SELECT FROM position_tally WHERE chunk = ANY($1::text[])', [[lost!.chunk, old!.chunk]])).rowCount,
    0,
    'and is forgotten',
  )
})
