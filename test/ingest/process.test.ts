// Ingest as a process: it says when it is ready, drains when it is asked to end, and says in one sentence why it cannot start.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import t from 'tap'
import { messageOf, startProcess } from '../../bench/ingest/processes.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'
import { connectAs, position, SERVICE_SECRET, seedFleet, topicOf } from './world.ts'

const database = await startTestDatabase(t)
const db = openDatabase({ url: database.url, applicationName: 'test' })
t.teardown(() => db.close())
await seedFleet(db)
const env = { DATABASE_URL: database.url, SERVICE_SECRET, LOG_LEVEL: 'silent' }

t.test('SIGTERM commits and acks what was received, and ends with 0', async (t) => {
  // A batch that waits a minute: only the drain can commit it.
  const child = startProcess('services/ingest/main.ts', { args: ['--mqtt-port', '0', '--batch-age-ms', '60000'], env })
  t.teardown(() => child.kill('SIGKILL'))
  const { mqttPort } = await messageOf<{ type: 'ready'; mqttPort: number }>(child, 'ready')
  const terminal = await connectAs(t, mqttPort, 'T0001')
  const sent = terminal.publishAsync(topicOf('T0001'), JSON.stringify(position()), { qos: 1 })
  // Answered after what came before it was taken in.
  await terminal.subscribeAsync('vmp/v1/150102/T0001/dn/#')
  child.kill('SIGTERM')
  const [code] = (await once(child, 'exit')) as [number]
  await sent
  t.equal(code, 0)
  t.match((await db.query('SELECT count(*) FROM positions')).rows, [{ count: 1 }])
})

async function failureOf(args: string[], more: Record<string, string> = {}): Promise<{ code: number; stderr: string }> {
  const child = spawn(process.execPath, ['run.mjs', 'services/ingest/main.ts', ...args], {
    env: { ...process.env, ...env, ...more },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, stderr }
}

t.test('a port that is taken', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const { port } = other.address() as { port: number }
  t.match(await failureOf(['--mqtt-port', String(port)]), {
    code: 1,
    stderr: /^morin: Port \d+ is taken: choose another with --mqtt-port.*\n$/,
  })
})

t.test('a wrong flag, a short secret, a database that does not let it in', async (t) => {
  t.match(await failureOf(['--mqtt-prot', '1']), { code: 1, stderr: /^morin: Unknown flag --mqtt-prot\./ })
  t.match(await failureOf(['--mqtt-port', '0'], { SERVICE_SECRET: 'short' }), { code: 1, stderr: /^morin: --service-secret/ })
  const stranger = new URL(database.appUrl)
  stranger.pathname = '/no_such_database'
  t.match(await failureOf(['--mqtt-port', '0'], { DATABASE_URL: stranger.href }), {
    code: 1,
    stderr: /^morin: Ingest cannot read the database: .*\n$/,
  })
})
