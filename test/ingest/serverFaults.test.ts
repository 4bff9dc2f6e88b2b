// Workers and the broker of the server path are taken away under load. What Mosquitto acknowledged is stored however workers come and go;
// what a terminal has a receipt for is stored whatever happens to the broker. Rows are counted, not counters.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { seedLoadFleet, terminalIdOf } from '../../bench/ingest/fleet.ts'
import { Load } from '../../bench/ingest/generator.ts'
import { endProcess, messageOf, startProcess } from '../../bench/ingest/processes.ts'
import { locationTopic } from '../../services/contracts/topics.ts'
import { configSchema } from '../../services/ingest/config.ts'
import { buildIngest } from '../../services/ingest/service.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { createLogger } from '../../services/platform/log.ts'
import { connectAs, mosquitto, mosquittoPath } from '../broker/brokers.ts'
import { startTestDatabase } from '../harness/database.ts'
import { position } from './world.ts'

const TERMINALS = 40
const skip = mosquittoPath ? false : 'mosquitto is not installed: the faults of the server path were not tried'

t.test('whoever leaves, dies, comes anew or is renamed', { skip, timeout: 0 }, async (t) => {
  const database = await startTestDatabase(t)
  const db = openDatabase({ url: database.url, applicationName: 'test', onIdleError: () => undefined })
  t.teardown(() => db.close())
  const accounts = await seedLoadFleet(db, TERMINALS, TERMINALS)
  const broker = await mosquitto(t)
  const workers: ChildProcess[] = []
  const startWorker = async (name?: string, port = broker.port): Promise<ChildProcess> => {
    const child = startProcess('services/ingest/main.ts', {
      args: ['--mqtt-url', `mqtt://127.0.0.1:${port}`, '--batch-age-ms', '20', ...(name ? ['--worker', name] : [])],
      env: { DATABASE_URL: database.appUrl, SERVICE_SECRET: 'a-secret-of-the-services', LOG_LEVEL: process.env.TEST_LOG ?? 'silent' },
    })
    t.teardown(() => endProcess(child, 'SIGKILL'))
    await messageOf(child, 'ready')
    workers.push(child)
    return child
  }
  const rowsUntil = async (enough: (rows: number) => boolean): Promise<number> => {
    for (;;) {
      const { rows } = await db.query<{ n: number }>('SELECT count(*) AS n FROM positions')
      if (enough(rows[0]!.n)) return rows[0]!.n
    }
  }
  const sessions = async () =>
    (
      await db.query<{ client_id: string; attended: boolean }>(
        `SELECT client_id, holder IS NOT NULL AND seen_at > now() - interval '6 s' AS attended FROM broker_sessions WHERE opened_at IS NOT NULL ORDER BY 1`,
      )
    ).rows

  await t.test('of 3 workers one ends in order, one is killed, one is renamed: all that was acknowledged is stored, once', async (t) => {
    const [one, two, three] = await Promise.all([startWorker('the-same'), startWorker('the-same'), startWorker()])
    t.equal((await sessions()).length, 3, 'a session each, though two have one name')
    const load = new Load({ host: '127.0.0.1', port: broker.port, accounts, rate: 800, window: 32 })
    t.teardown(() => load.close())
    await load.connect()
    const running = load.run(3600)
    await load.acknowledgedMore(800)
    await endProcess(two!, 'SIGKILL')
    await load.acknowledgedMore(400)
    await endProcess(three!, 'SIGTERM')
    await load.acknowledgedMore(400)
    await startWorker('renamed')
    await endProcess(one!, 'SIGTERM')
    await load.acknowledgedMore(800)
    load.stop()
    await running
    await load.settled(20_000)
    const { acknowledged, sent } = load.report()
    t.equal(acknowledged, sent)
    t.equal(await rowsUntil((rows) => rows >= acknowledged), acknowledged)
    const { rows } = await db.query<{ id: number; n: number }>('SELECT vehicle_id AS id, count(*) AS n FROM positions GROUP BY 1')
    t.same(Object.fromEntries(rows.map(({ id, n }) => [terminalIdOf(id), n])), load.report().perTerminal)
    t.match(await sessions(), [{ attended: true }], 'the sessions of those that went are ended')
  })

  await t.test(
    'the broker is killed again and again: every receipt is a row, and a terminal that waits for them loses nothing',
    async (t) => {
      const before = await rowsUntil(() => true)
      const terminal = await connectAs(t, broker.port, terminalIdOf(1), { reconnectPeriod: 50, resubscribe: true })
      const waiting = new Map<string, () => void>()
      terminal.on('message', (topic) => waiting.get(topic.split('/').at(-1)!)?.())
      await terminal.subscribeAsync(`vmp/v1/150102/${terminalIdOf(1)}/dn/receipt/+`)
      /** As a terminal that waits: again until the receipt comes. */
      const report = async (n: number): Promise<void> => {
        const payload = JSON.stringify(position({ time: 1.76e12 + n * 1000 }))
        const send = () => terminal.publish(`${locationTopic('150102', terminalIdOf(1))}/${n}`, payload, { qos: 0 })
        const received = new Promise<void>((resolve) => waiting.set(String(n), resolve))
        send()
        const again = setInterval(send, 300)
        await received
        clearInterval(again)
      }
      for (let round = 0; round < 3; round++) {
        const reports = Promise.all(Array.from({ length: 100 }, (_, i) => report(round * 100 + i)))
        await broker.killAndRestart()
        await reports
      }
      t.equal((await rowsUntil(() => true)) - before, 300)
    },
  )

  await t.test('the last worker leaves its session to the next: what comes meanwhile is stored', async (t) => {
    const before = await rowsUntil(() => true)
    await endProcess(workers.at(-1)!, 'SIGTERM')
    t.match(await sessions(), [{ attended: false }])
    const terminal = await connectAs(t, broker.port, terminalIdOf(2))
    for (let n = 0; n < 50; n++)
      await terminal.publishAsync(locationTopic('150102', terminalIdOf(2)), JSON.stringify(position({ time: 1.75e12 + n * 1000 })), {
        qos: 1,
      })
    await startWorker()
    t.equal(await rowsUntil((rows) => rows >= before + 50), before + 50)
  })

  /** Load while `fault` befalls one of two workers, until well after the others may have noticed. How late was the last row? */
  const through = async (t: Test, fault: () => void): Promise<void> => {
    const before = await rowsUntil(() => true)
    const load = new Load({ host: '127.0.0.1', port: broker.port, accounts, rate: 200, window: 32 })
    t.teardown(() => load.close())
    await load.connect()
    const running = load.run(3600)
    await load.acknowledgedMore(200)
    fault()
    await load.acknowledgedMore(200 * 8)
    load.stop()
    await running
    await load.settled(20_000)
    const { acknowledged, sent } = load.report()
    t.equal(acknowledged, sent)
    const endedMs = performance.now()
    const late = () => performance.now() - endedMs > 15_000
    t.equal(
      (await rowsUntil((rows) => rows - before >= acknowledged || late())) - before,
      acknowledged,
      'what was acknowledged is stored, once',
    )
    t.notOk(late(), `within ${Math.round(performance.now() - endedMs)} ms`)
  }
  const serving = async (count: number): Promise<void> => {
    while ((await sessions()).filter(({ attended }) => attended).length !== count) await rowsUntil(() => true)
  }

  for (const [fault, how] of [
    ['cut', 'its link to the broker is cut'],
    ['deaf', 'its link to the broker carries nothing any more'],
  ] as const)
    await t.test(`a worker lives while ${how}: its share goes to the others, and it comes back`, async (t) => {
      const proxy = await startProxy(t, broker.port)
      const child = await startWorker('behind', proxy.port)
      await serving(2)
      await through(t, () => proxy[fault]())
      await serving(1)
      proxy.mend()
      await serving(2)
      await endProcess(child, 'SIGTERM')
      await serving(1)
    })

  await t.test('a worker lives while it cannot reach the database: its share goes to the others, and it comes back', async (t) => {
    let away = false
    const refuse = () => Promise.reject(Object.assign(new Error('the database is away from this one'), { code: 'ECONNREFUSED' }))
    const moody: Database = {
      ...db,
      query: (...args: Parameters<Database['query']>) => (away ? refuse() : db.query(...args)),
      transaction: (work) => (away ? refuse() : db.transaction(work)),
    } as Database
    const ingest = await buildIngest({
      db: moody,
      clock: systemClock,
      log: createLogger('test', 'silent'),
      config: configSchema.parse({
        'database-url': database.appUrl,
        'service-secret': 'a-secret-of-the-services',
        'mqtt-url': `mqtt://127.0.0.1:${broker.port}`,
        worker: 'moody',
      }),
    })
    await ingest.start()
    await serving(2)
    await through(t, () => {
      away = true
    })
    await serving(1)
    away = false
    await serving(2)
    await ingest.stop()
    await serving(1)
  })
})

/** A way to the broker that can be taken away: `cut` ends what stands and refuses what comes, `deaf` carries nothing, as a pulled cable. */
async function startProxy(t: Test, to: number) {
  let how: 'whole' | 'cut' | 'deaf' = 'whole'
  const open = new Set<Socket>()
  const server = createServer((near) => {
    if (how === 'cut') return near.destroy()
    const far = connect(to, '127.0.0.1')
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('data', (bytes) => how !== 'deaf' && into.write(bytes))
      from.on('error', () => undefined)
      from.on('close', () => {
        open.delete(from)
        if (how !== 'deaf') into.destroy()
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of open) socket.destroy()
  }
  t.teardown(() => {
    cut()
    server.close()
  })
  return {
    port: (server.address() as { port: number }).port,
    cut() {
      how = 'cut'
      cut()
    },
    deaf() {
      how = 'deaf'
    },
    mend() {
      how = 'whole'
      cut()
    },
  }
}
