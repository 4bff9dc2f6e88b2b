import { spawn } from 'node:child_process'
import { type EventEmitter, once } from 'node:events'
import { chownSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import mqtt, { type MqttClient } from 'mqtt'
import t, { type Test } from 'tap'
import type { Manifest } from '../../services/contracts/manifest.ts'
import { locationTopic } from '../../services/contracts/topics.ts'
import { mosquittoFiles, readAccounts } from '../../services/embedded/mosquitto/accounts.ts'
import { brokerVerifier } from '../../services/platform/broker/verifier.ts'
import { sha256 } from '../../services/platform/crypto.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'
import { freePort } from '../harness/freePort.ts'
import { seedFleet } from '../ingest/world.ts'

const mosquitto = ['/usr/sbin/mosquitto', '/usr/bin/mosquitto', '/usr/local/sbin/mosquitto'].find(existsSync)
const terminal = (terminalId: string) =>
  ({
    terminalId,
    secret: `secret-of-${terminalId}`,
    adcode: '150102',
    plate: '蒙A12345',
    class: 'official',
    energy: 'petrol',
    home: [111, 40],
    odometerM: 0,
  }) as const
const manifest: Manifest = {
  seed: 1,
  gateway: { id: 'gateway-test', secret: 'secret-of-the-gateway' },
  terminals: [terminal('T1501020001'), terminal('T1501020002')].map((x) => ({ ...x, home: [111, 40] })),
}

/** Mosquitto with docker/mosquitto.conf, and the accounts in `dir`. */
async function startMosquitto(t: Test, dir: string): Promise<{ terminals: number; services: number }> {
  const [terminals, services] = [await freePort(), await freePort()]
  const conf = readFileSync('docker/mosquitto.conf', 'utf8')
    .replaceAll(/\/mosquitto\/(accounts|data)/g, dir)
    .replace('listener 1883', `listener ${terminals} 127.0.0.1`)
    .replace('listener 1884', `listener ${services} 127.0.0.1`)
  writeFileSync(`${dir}/conf`, `user root\npid_file ${dir}/pid\nlog_dest stderr\n${conf}\nlog_type information\n`)
  const broker = spawn(mosquitto!, ['-c', `${dir}/conf`], { stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(async () => {
    broker.kill()
    await once(broker, 'exit')
  })
  for await (const line of createInterface({ input: broker.stderr })) if (/ running$/.test(line)) break
  return { terminals, services }
}

t.test(
  'Mosquitto with our files lets a terminal publish under its own number only, and have its own session only',
  { skip: mosquitto ? false : 'Mosquitto is not installed' },
  async (t) => {
    const { terminals, services } = await startMosquitto(t, t.testdir(mosquittoFiles('secret-of-the-service', manifest)))

    const connect = (username: string, password: string, port = terminals, clientId = 'the-same') =>
      mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { username, password, clientId, reconnectPeriod: 0 })
    await t.rejects(connect('T1501020001', 'wrong'), 'a wrong secret is refused')
    const service = await connect('morin-service', 'secret-of-the-service', services)
    const own = await connect('T1501020001', 'secret-of-T1501020001')
    const gateway = await connect('gateway-test', 'secret-of-the-gateway')
    const another = await connect('morin-service', 'secret-of-the-service', services, 'another-of-ours')
    const clients = [service, own, gateway, another]
    t.teardown(() => Promise.all(clients.map((client) => client.endAsync())))

    const heard: string[] = []
    const last = new Promise<void>((resolve) => {
      service.on('message', (topic, payload) => {
        heard.push(`${topic.split('/')[3]} ${payload}`)
        if (String(payload) === 'last') resolve()
      })
    })
    await service.subscribeAsync('vmp/v1/+/+/up/#', { qos: 1 })
    await own.publishAsync(locationTopic('150102', 'T1501020001'), 'own', { qos: 1 })
    await own.publishAsync(locationTopic('150102', 'T1501020002'), 'foreign', { qos: 1 })
    await gateway.publishAsync(locationTopic('150102', 'T1501020002'), 'last', { qos: 1 })
    await last
    t.same(heard, ['T1501020001 own', 'T1501020002 last'])
    t.ok(
      clients.every(({ connected }) => connected),
      'nobody was pushed out by a client id',
    )
  },
)

/** The promise of docs/operations.md, while the accounts are watched. */
const CUT_MS = 5_000
const heard = (client: MqttClient, event: 'connect' | 'close'): Promise<void> =>
  new Promise((resolve) => client.once(event, () => resolve()))

/** `npm run mosquitto:accounts` with these arguments; its first line is waited for where it goes on. */
function accounts(args: string[]) {
  const main = fileURLToPath(new URL('../../services/embedded/mosquitto/main.ts', import.meta.url))
  return spawn(process.execPath, ['run.mjs', main, ...args, '--service-secret', 'secret-of-the-service'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: '' },
  })
}

t.test(
  'while the accounts are watched, a terminal that is registered can connect, and one that is revoked or has another secret is cut off within five seconds',
  { skip: mosquitto ? false : 'Mosquitto is not installed' },
  async (t) => {
    const database = await startTestDatabase(t)
    const owner = openDatabase({ url: database.url, applicationName: 'test', maxConnections: 1 })
    t.teardown(() => owner.close())
    await seedFleet(owner, 3)
    const give = (terminalId: string, secret: string) =>
      owner.query('UPDATE terminals SET credential_hash = $2, broker_verifier = $3 WHERE terminal_id = $1', [
        terminalId,
        sha256(secret),
        brokerVerifier(secret),
      ])
    for (const id of ['T0001', 'T0002', 'T0003']) await give(id, `secret-of-${id}`)
    const dir = t.testdir({ data: {} })
    const args = ['--database-url', database.appUrl, '--data', `${dir}/data`, '--out', dir]
    t.same((await once(accounts(args), 'close'))[0], 0)
    t.match(
      readFileSync(`${dir}/passwd`, 'utf8').match(/^[^:]+/gm),
      ['morin-service', 'T0001', 'T0002', 'T0003'],
      'who has no verifier is not there',
    )
    const { terminals } = await startMosquitto(t, dir)
    const watch = accounts([...args, '--watch', 'true', '--pid-file', `${dir}/pid`])
    t.teardown(async () => {
      watch.kill()
      await once(watch, 'exit')
    })
    const connect = (username: string, password = `secret-of-${username}`) => {
      // It comes again until it is let in.
      const client = mqtt.connect(`mqtt://127.0.0.1:${terminals}`, {
        username,
        password,
        reconnectPeriod: 100,
        reconnectOnConnackError: true,
      })
      client.on('error', () => undefined)
      t.teardown(() => client.endAsync(true))
      return client
    }
    const [first, second, third] = ['T0001', 'T0002', 'T0003'].map((id) => connect(id)) as [MqttClient, MqttClient, MqttClient]
    await Promise.all([first, second, third].map((client) => heard(client, 'connect')))
    let thirdClosed = 0
    third.on('close', () => thirdClosed++)
    // The watch may begin with telling the broker what it knows: only what closes from here on is meant.
    const cut = [first, second].map((client) => once(client as never as EventEmitter, 'close', { signal: AbortSignal.timeout(CUT_MS) }))
    await owner.query(`UPDATE terminals SET revoked_at = now() WHERE terminal_id = 'T0001'`)
    await give('T0002', 'another-secret-of-T0002')
    await owner.query(`INSERT INTO terminals (terminal_id, credential_hash, broker_verifier) VALUES ('T0009', $1, $2)`, [
      sha256('secret-of-T0009'),
      brokerVerifier('secret-of-T0009'),
    ])
    await Promise.all(cut)
    await heard(connect('T0009'), 'connect')
    await heard(connect('T0002', 'another-secret-of-T0002'), 'connect')
    await third.publishAsync(locationTopic('150102', 'T0003'), 'x', { qos: 1 })
    t.equal(thirdClosed, 0, 'nobody else is cut off')
    t.match(
      (await owner.query('SELECT place FROM account_watches')).rows,
      [{ place: new RegExp(`:${dir}$`) }],
      'health can tell that it is watched',
    )
    t.notOk(first.connected || second.connected)
  },
)

t.test(
  'only what Mosquitto would have written becomes a line of its file, and of the manifest only secrets that are in force',
  async (t) => {
    const good = brokerVerifier('a-secret')
    const [known, rotated] = [sha256('secret-of-T1501020001'), sha256('a-newer-one')]
    const rows = [
      { terminalId: 'GOOD', verifier: good, hash: known },
      { terminalId: 'LINES', verifier: `${good}\nmorin-service:${good}`, hash: known },
      { terminalId: 'PLAIN', verifier: 'a-secret', hash: known },
      { terminalId: 'T1501020001', verifier: null, hash: known },
      { terminalId: 'T1501020002', verifier: null, hash: rotated },
    ]
    const db = { query: () => Promise.resolve({ rows: rows as never[], rowCount: rows.length }) }
    t.same(
      (await readAccounts(db, manifest)).map(({ terminalId }) => terminalId),
      ['GOOD', 'T1501020001'],
    )
  },
)

t.test('the files belong to whom the directory belongs to, and a data directory without secrets has them made', async (t) => {
  const [data, out] = [t.testdir({ data: {}, out: {} }), `${t.testdirName}/out`]
  const root = process.getuid?.() === 0
  if (root) chownSync(out, 1883, 1883)
  const main = fileURLToPath(new URL('../../services/embedded/mosquitto/main.ts', import.meta.url))
  const child = spawn(process.execPath, ['run.mjs', main, '--data', `${data}/data`, '--out', out], {
    stdio: 'ignore',
    env: { ...process.env, SERVICE_SECRET: '' },
  })
  t.same((await once(child, 'close'))[0], 0)
  for (const name of ['passwd', 'acl']) t.match(statSync(`${out}/${name}`), { uid: root ? 1883 : process.getuid?.(), mode: 0o100600 })
  t.match(JSON.parse(readFileSync(`${data}/data/secrets.json`, 'utf8')), { serviceSecret: /.{16}/ })
})
