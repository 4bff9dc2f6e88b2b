// The program itself against a broker and a database: it says ready, hears frames, replays, heals after the broker was away, and ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { Aedes } from 'aedes'
import t from 'tap'
import { allocateLiveFrame, bytesOf } from '../../services/contracts/liveFrame.ts'
import { liveFrameTopic } from '../../services/contracts/topics.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'
import { PASSWORD, seedRegion } from './region.ts'
import { LiveClient } from './sockets.ts'

const { url } = await startTestDatabase(t)
const db = openDatabase({ url, applicationName: 'test', maxConnections: 2 })
t.teardown(() => db.close())
await seedRegion(db)

async function startBroker(port: number): Promise<{ broker: Aedes; server: Server; port: number }> {
  const broker = await Aedes.createBroker()
  broker.authenticate = (_client, username, password, done) => done(null, username === 'morin-service' && String(password) === 'the secret')
  const server = createServer(broker.handle)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return { broker, server, port: (server.address() as { port: number }).port }
}

async function stopBroker({ broker, server }: { broker: Aedes; server: Server }): Promise<void> {
  await new Promise<void>((resolve) => broker.close(() => resolve()))
  await new Promise((resolve) => server.close(resolve))
}

const frameFor = (vehicleId: number, lon: number) => {
  const frame = allocateLiveFrame(1, { sequence: 1, sender: Math.floor(Math.random() * 1e9), committedAtMs: Date.now() })
  frame.vehicleId[0] = vehicleId
  frame.timeS[0] = Date.now() / 1000
  frame.lonE7[0] = lon * 1e7
  frame.latE7[0] = 40e7
  return {
    topic: liveFrameTopic('w'),
    payload: Buffer.from(bytesOf(frame)),
    qos: 0 as const,
    retain: false,
    cmd: 'publish' as const,
    dup: false,
  }
}

const start = (args: string[]): ChildProcess =>
  spawn(process.execPath, ['run.mjs', 'services/dispatch/main.ts', '--web-dir', 'no-web-here', '--database-url', url, ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, LOG_LEVEL: 'silent' },
  })

t.test('the program serves, hears frames, replays, heals after a broker outage and ends on SIGTERM', async (t) => {
  let running = await startBroker(0)
  t.teardown(() => stopBroker(running))
  const child = start(['--port', '0', '--mqtt-url', `mqtt://127.0.0.1:${running.port}`, '--service-secret', 'the secret'])
  t.teardown(() => child.kill('SIGKILL'))
  const [ready] = (await once(child, 'message')) as [{ type: string; port: number }]
  t.equal(ready.type, 'ready')
  const origin = `http://127.0.0.1:${ready.port}`
  const signIn = async (username: string) => {
    const answer = await fetch(`${origin}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password: PASSWORD }),
    })
    const { csrfToken } = (await answer.json()) as { csrfToken: string }
    return { cookie: answer.headers.get('set-cookie')!.split(';')[0]!, 'x-csrf-token': csrfToken }
  }
  const live = new LiveClient(t, origin, { cookie: (await signIn('bureau_admin')).cookie })
  live.view()
  await live.next('snapshot')
  running.broker.publish(frameFor(202, 110), () => {})
  await live.next('delta', () => live.shown.get(202)?.lon === 110)
  t.pass('a frame came through')

  const { rows } = await db.query<{ quarantine_id: number }>(
    `INSERT INTO quarantine (digest, topic, reason, detail, positions, payload, first_at, last_at)
     VALUES ('d', 'vmp/v1/150102/T20200/up/location', 'schema', 'x', 1, 'the bytes', now(), now()) RETURNING quarantine_id`,
  )
  const replayed = new Promise<[string, string]>((resolve) => {
    running.broker.on('publish', ({ topic, payload, qos }) => {
      if (topic.startsWith('vmp/')) resolve([`${topic} qos ${qos}`, payload.toString()])
    })
  })
  const replay = await fetch(`${origin}/api/v1/quarantine/${rows[0]!.quarantine_id}/replay`, {
    method: 'POST',
    headers: await signIn('system_admin'),
  })
  t.equal(replay.status, 200)
  t.same(await replayed, ['vmp/v1/150102/T20200/up/location qos 1', 'the bytes'])

  await stopBroker(running)
  await db.query(
    `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms) VALUES (201, now(), now(), 1120000000, 400000000, 0, 0)`,
  )
  running = await startBroker(running.port)
  await live.next('delta', () => live.shown.get(201)?.lon === 112)
  t.pass('what was missed came from the database')

  child.kill('SIGTERM')
  const [[code]] = await Promise.all([once(child, 'exit'), live.next('disconnect')])
  t.equal(code, 0)
})

t.test('a taken port and a wrong flag are one sentence and a non-zero exit', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const cases: [string[], RegExp][] = [
    [['--port', String(port), '--mqtt-url', 'mqtt://127.0.0.1:1'], new RegExp(`^morin: Port ${port} on 127.0.0.1 is taken`)],
    [['--prot', '1'], /^morin: Unknown flag --prot\./],
    [['--demo', 'maybe'], /^morin: --demo/],
  ]
  for (const [args, sentence] of cases) {
    const child = start(args)
    let text = ''
    child.stderr!.on('data', (chunk) => {
      text += chunk
    })
    const [code] = await once(child, 'close')
    t.equal(code, 1)
    t.match(text, sentence)
    t.equal(text.trim().split('\n').length, 1)
  }
  taken.close()
})
