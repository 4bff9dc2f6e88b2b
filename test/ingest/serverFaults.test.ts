// Workers and the broker of the server path are taken away under load. What Mosquitto acknowledged is stored however workers come and go;
// what a terminal has a receipt for is stored whatever happens to the broker. Rows are counted, not counters.
import type { ChildProcess } from 'node:child_process'
import t from 'tap'
import { seedLoadFleet, terminalIdOf } from '../../bench/ingest/fleet.ts'
import { Load } from '../../bench/ingest/generator.ts'
import { endProcess, messageOf, startProcess } from '../../bench/ingest/processes.ts'
import { locationTopic } from '../../services/contracts/topics.ts'
import { openDatabase } from '../../services/platform/db.ts'
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
  const startWorker = async (name?: string): Promise<ChildProcess> => {
    const child = startProcess('services/ingest/main.ts', {
      args: ['--mqtt-url', `mqtt://127.0.0.1:${broker.port}`, '--batch-age-ms', '20', ...(name ? ['--worker', name] : [])],
      env: { DATABASE_URL: database.appUrl, SERVICE_SECRET: 'a-secret-of-the-services', LOG_LEVEL: 'silent' },
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
})
