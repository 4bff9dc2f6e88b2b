// kill -9 of ingest and of the database at random moments under load. Terminals resend what was not acked; in the end every
// acknowledged position is stored, each once, and the counters agree. `npm run test:long` kills four times, MORIN_KILL_ROUNDS as often as it says,
// MORIN_KILL_SEED at other moments.
import type { ChildProcess } from 'node:child_process'
import t from 'tap'
import { seedLoadFleet, terminalIdOf } from '../../bench/ingest/fleet.ts'
import { Load } from '../../bench/ingest/generator.ts'
import { endProcess, messageOf, startProcess } from '../../bench/ingest/processes.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { freePort } from '../broker/brokers.ts'
import { onServer, startDatabaseProcess } from '../harness/database.ts'
import { runs } from '../harness/long.ts'

const ROUNDS = Number(process.env.MORIN_KILL_ROUNDS ?? runs(2, 4))
const SEED = Number(process.env.MORIN_KILL_SEED ?? 20_261_123)
const TERMINALS = 100
const RATE = 3000
const targets = ['ingest', 'database', 'both'] as const

/** mulberry32: the same seed kills at the same counts. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296
  }
}

t.test(
  'acknowledged and missing = 0, duplicates = 0, whatever is killed and when',
  { skip: onServer && 'a database server is not ours to kill', timeout: 0 },
  async (t) => {
    const database = await startDatabaseProcess(t)
    const db = openDatabase({ url: database.url, applicationName: 'test', onIdleError: () => undefined })
    t.teardown(() => db.close())
    const accounts = await seedLoadFleet(db, TERMINALS, TERMINALS)
    const port = await freePort()
    const startIngest = async (): Promise<ChildProcess> => {
      const child = startProcess('services/ingest/main.ts', {
        args: ['--mqtt-port', String(port), '--batch-size', '500', '--batch-age-ms', '20', '--database-kind', 'embedded'],
        env: { DATABASE_URL: database.url, SERVICE_SECRET: 'a-secret-of-the-services', LOG_LEVEL: 'silent' },
      })
      await messageOf(child, 'ready')
      return child
    }
    let ingest = await startIngest()
    t.teardown(() => endProcess(ingest, 'SIGKILL'))

    const load = new Load({ host: '127.0.0.1', port, accounts, rate: RATE, window: 32 })
    t.teardown(() => load.close())
    await load.connect()
    const running = load.run(3600)
    const random = randomOf(SEED)
    for (let round = 0; round < ROUNDS; round++) {
      await load.acknowledgedMore(500 + Math.floor(random() * 2500))
      const target = targets[Math.floor(random() * targets.length)]!
      t.comment(`round ${round + 1}: kill -9 ${target}`)
      if (target !== 'ingest') await database.kill()
      if (target !== 'database') await endProcess(ingest, 'SIGKILL')
      if (target !== 'ingest') await database.reopen()
      if (target !== 'database') ingest = await startIngest()
    }
    await load.acknowledgedMore(1000)
    load.stop()
    await running
    await load.settled(20_000)
    const report = load.report()
    await endProcess(ingest, 'SIGTERM')

    const { rows } = await db.query<{ vehicleId: number; rows: number; keys: number; counted: number }>(
      `SELECT vehicle_id AS "vehicleId", count(*) AS rows, count(DISTINCT p.ts) AS keys, max(l.stored) AS counted
       FROM positions p JOIN last_states l USING (vehicle_id) GROUP BY vehicle_id`,
    )
    const stored = rows.reduce((sum, row) => sum + row.rows, 0)
    const missing = rows.filter((row) => row.rows < report.perTerminal[terminalIdOf(row.vehicleId)]!)
    t.comment(`${report.acknowledged} acknowledged, ${stored} stored, ${report.resent} sent again, ${report.reconnects} connections broken`)
    t.equal(rows.length, TERMINALS)
    t.same(missing, [], 'acknowledged and missing')
    t.equal(report.acknowledged, report.sent, 'everything was acknowledged in the end')
    t.equal(stored, report.sent, 'everything is stored, and nothing else')
    t.equal(
      rows.reduce((sum, row) => sum + row.rows - row.keys, 0),
      0,
      'duplicates',
    )
    const [tally] = (
      await db.query(
        'SELECT sum(received - stored - duplicate - quarantined)::bigint AS difference, sum(stored)::bigint AS stored, sum(quarantined)::bigint AS quarantined FROM ingest_tally',
      )
    ).rows
    t.same(tally, { difference: 0, stored, quarantined: 0 }, 'conservation')
    t.equal(
      rows.reduce((sum, row) => sum + row.counted, 0),
      stored,
      'counted per vehicle',
    )
    t.ok(report.resent > 0, 'the kills did hit messages in flight')
  },
)
