// Services and database start in any order: who comes first waits, says so in the log, and is ready by itself once the database answers.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { endProcess, messageOf } from '../../bench/ingest/processes.ts'
import { embeddedDatabaseUrl } from '../../services/embedded/database/address.ts'
import { onServer } from '../harness/database.ts'
import { databaseImage } from '../harness/databaseImage.ts'
import { startEmbedded } from '../harness/embeddedProcess.ts'
import { freePort } from '../harness/freePort.ts'

if (onServer) {
  t.pass('the order of starting is shown with a database of our own')
  process.exit()
}

function start(module: string, args: string[], env: Record<string, string>): { child: ChildProcess; logged(text: string): Promise<void> } {
  const child = spawn(process.execPath, ['run.mjs', module, ...args], {
    env: { ...process.env, ...env, LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let output = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    output += chunk
  })
  const logged = async (text: string): Promise<void> => {
    while (!output.includes(text)) {
      const [ended] = await Promise.race([once(child.stdout!, 'data').then(() => [false]), once(child, 'exit').then(() => [true])])
      if (ended && !output.includes(text)) throw new Error(`it ended before it said "${text}": ${output}`)
    }
  }
  return { child, logged }
}

t.test('an ingest and a dispatch that are started before the database wait for it, and for its recovery after a kill', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'morin-waiting-'))
  t.teardown(() => rmSync(dataDir, { recursive: true, force: true }))
  const image = await databaseImage()
  const port = await freePort()
  const env = { DATABASE_URL: embeddedDatabaseUrl(dataDir, 'morin_app'), SERVICE_SECRET: 'a secret of services', IDENTITY_KEY: '' }
  const begin = () => [
    start('services/ingest/main.ts', ['--mqtt-port', String(port)], env),
    start('services/dispatch/main.ts', ['--port', '0', '--mqtt-url', `mqtt://127.0.0.1:${port}`], env),
  ]
  let database: Awaited<ReturnType<typeof startEmbedded>> | undefined
  for (const killed of [false, true]) {
    const services = begin()
    await Promise.all(services.map(({ logged }) => logged('waiting for the database')))
    const ready = services.map(({ child }) => messageOf<{ type: 'ready' }>(child, 'ready'))
    database = await startEmbedded(dataDir, killed ? [] : ['--database-image', image])
    t.equal((await Promise.all(ready)).length, 2, killed ? 'after a kill' : 'at first')
    await Promise.all(services.map(({ child }) => endProcess(child, 'SIGTERM')))
    await database.kill()
  }
})
