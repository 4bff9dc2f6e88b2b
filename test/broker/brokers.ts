// The two adapters as the conformance suite sees them: a broker that outlives its workers, or one that is the worker.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { createAedesBroker } from '../../services/platform/broker/aedesBroker.ts'
import type { Credentials } from '../../services/platform/broker/authority.ts'
import { createMqttSource } from '../../services/platform/broker/mqttSource.ts'
import type { BrokerSource } from '../../services/platform/broker/source.ts'
import { sha256 } from '../../services/platform/crypto.ts'
import { createLogger } from '../../services/platform/log.ts'

export const SECRET = 'a-secret-of-the-services'
export const log = createLogger('test', 'silent')
type Test = { teardown(work: () => unknown): void }

export type BrokerUnderTest = {
  port: number
  /** A worker's source, not started. Closing one and making another is a worker that died and came back. */
  source(worker?: string): Promise<BrokerSource>
}

/** Any terminal Txxx may connect with the secret `secret-of-Txxx`; G1 is the gateway of all of them. */
export const credentials: Credentials = {
  terminal: (id) => (/^T\d+$/.test(id) ? { credentialHash: sha256(`secret-of-${id}`), gatewayId: 'G1' } : null),
  gateway: (id) => (/^G\d$/.test(id) ? { credentialHash: sha256(`secret-of-${id}`) } : null),
  resolve: () => Promise.resolve(),
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

export async function mosquitto(t: Test): Promise<BrokerUnderTest> {
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'morin-mosquitto-'))
  const file = join(directory, 'mosquitto.conf')
  const settings = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous true',
    'max_inflight_messages 20000',
    'max_queued_messages 0',
    'persistence false',
  ]
  writeFileSync(file, `${settings.join('\n')}\n`)
  const child: ChildProcess = spawn(mosquittoPath!, ['-c', file], { stdio: 'ignore' })
  t.teardown(async () => {
    child.kill()
    if (child.exitCode === null) await once(child, 'exit')
    rmSync(directory, { recursive: true, force: true })
  })
  // The first connection is tried until the broker listens.
  const probe = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 50 })
  probe.on('error', () => undefined)
  await new Promise<void>((resolve) => probe.once('connect', () => resolve()))
  await probe.endAsync()
  return {
    port,
    source(worker = 'conformance') {
      const source = createMqttSource({ url: `mqtt://127.0.0.1:${port}`, serviceSecret: SECRET, worker, log })
      t.teardown(() => source.close())
      return Promise.resolve(source)
    },
  }
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
