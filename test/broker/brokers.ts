// The two adapters as the conformance suite sees them: a broker that outlives its workers, or one that is the worker.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import tap from 'tap'
import { createSessionRegister } from '../../services/ingest/sessions.ts'
import { createAedesBroker } from '../../services/platform/broker/aedesBroker.ts'
import type { Credentials } from '../../services/platform/broker/authority.ts'
import { createMqttSource } from '../../services/platform/broker/mqttSource.ts'
import type { BrokerSource } from '../../services/platform/broker/source.ts'
import { sha256 } from '../../services/platform/crypto.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { createLogger } from '../../services/platform/log.ts'
import { startTestDatabase } from '../harness/database.ts'

export const SECRET = 'a-secret-of-the-services'
export const log = createLogger('test', 'silent')
type Test = { teardown(work: () => unknown): void }

export type BrokerUnderTest = {
  port: number
  /** Where terminals and gateways connect. */
  terminalPort: number
  /** A worker's source, not started. Closing one and making another is a worker that died and came back. */
  source(worker?: string): Promise<BrokerSource>
}

/** Any terminal Txxx may connect with the secret `secret-of-Txxx`; G1 is the gateway of all of them. */
export const credentials: Credentials = {
  terminal: (id) => (/^T\d+$/.test(id) ? { credentialHash: sha256(`secret-of-${id}`), gatewayId: 'G1', revoked: false } : null),
  gateway: (id) => (/^G\d$/.test(id) ? { credentialHash: sha256(`secret-of-${id}`) } : null),
  resolve: () => Promise.resolve(),
  renew: () => Promise.resolve(),
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

export async function embedded(t: Test): Promise<BrokerUnderTest> {
  const port = await freePort()
  return {
    port,
    terminalPort: port,
    async source() {
      const source = await createAedesBroker({ host: '127.0.0.1', port, serviceSecret: SECRET, credentials, log })
      t.teardown(() => source.close())
      return source
    },
  }
}

/** Where mosquitto is: a system program directory is often not on the path of an ordinary user. */
export const mosquittoPath = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  .map((directory) => join(directory, 'mosquitto'))
  .find(existsSync)

export async function mosquitto(t: Test): Promise<BrokerUnderTest & { killAndRestart(): Promise<void> }> {
  await (await opened)?.query('DELETE FROM broker_sessions')
  const port = await freePort()
  const terminalPort = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'morin-mosquitto-'))
  const file = join(directory, 'mosquitto.conf')
  const settings = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    `listener ${terminalPort} 127.0.0.1`,
    'allow_anonymous true',
    'use_username_as_clientid true',
    'max_inflight_messages 20000',
    'max_queued_messages 0',
    // Saved at each minute's end or never: a kill loses everything that the broker had acknowledged and not handed on.
    'persistence true',
    `persistence_location ${directory}/`,
    'user root',
  ]
  writeFileSync(file, `${settings.join('\n')}\n`)
  let child: ChildProcess
  async function startBroker(): Promise<void> {
    child = spawn(mosquittoPath!, ['-c', file], { stdio: 'ignore' })
    // The first connection is tried until the broker listens.
    const probe = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 50 })
    probe.on('error', () => undefined)
    await new Promise<void>((resolve) => probe.once('connect', () => resolve()))
    await probe.endAsync()
  }
  async function killBroker(): Promise<void> {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  await startBroker()
  t.teardown(async () => {
    await killBroker()
    rmSync(directory, { recursive: true, force: true })
  })
  return {
    port,
    terminalPort,
    async killAndRestart() {
      await killBroker()
      await startBroker()
    },
    async source(worker = 'conformance') {
      const source = createMqttSource({
        url: `mqtt://127.0.0.1:${port}`,
        serviceSecret: SECRET,
        register: createSessionRegister(await registerDatabase(), worker),
        // What is asked here is not how soon; on a machine that is busy with other things a register is late.
        linkMs: 60_000,
        fenceMs: 60_000,
        log,
      })
      t.teardown(() => source.close())
      return source
    },
  }
}

let opened: Promise<Database> | undefined
/** One database for the file that runs; each broker begins with an empty register. */
function registerDatabase(): Promise<Database> {
  opened ??= startTestDatabase(tap).then(({ appUrl }) => {
    const db = openDatabase({ url: appUrl, applicationName: 'test', onIdleError: () => undefined })
    tap.teardown(() => db.close())
    return db
  })
  return opened
}

export const secretOf = (username: string): string => (username === 'morin-service' ? SECRET : `secret-of-${username}`)

export async function connectAs(t: Test, port: number, username: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    username,
    password: secretOf(username),
    clientId: `${username}-test`,
    reconnectPeriod: 0,
    ...options,
  })
  // Between two workers nothing listens: the client says so and tries again.
  client.on('error', () => undefined)
  t.teardown(() => client.endAsync(true))
  return client
}
