import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { readFlags } from '../../firmware-sim/flags.ts'
import { parseUplinkTopic } from '../../services/contracts/topics.ts'
import { manifestOf } from './madeUp.ts'
import { startBroker } from './testBroker.ts'

const dir = t.testdir({})
const manifest = join(dir, 'terminals.json')
writeFileSync(manifest, JSON.stringify(manifestOf(40)))

const run = (...flags: string[]): ChildProcess =>
  fork('run.mjs', ['firmware-sim/main.ts', ...flags], { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })

t.test('a wrong flag or a missing manifest is one clear sentence and a failing exit', async (t) => {
  t.throws(() => readFlags(['--vehicles', 'many'], {}), /^--vehicles must be a whole number, not "many"\.$/)
  t.throws(() => readFlags(['--speed', 'quick'], {}), /--speed must be max or a number above 0/)
  t.throws(() => readFlags(['--time-scale', '0'], {}), /--time-scale must be a number above 0/)
  t.throws(() => readFlags(['--connections', 'both'], {}), /--connections must be gateway or terminal/)
  t.throws(() => readFlags(['--mqtt-url', 'localhost'], {}), /--mqtt-url must be an address/)
  t.throws(() => readFlags(['--colour', 'red'], {}), /Unknown option '--colour'/)
  t.throws(() => readFlags(['tracks.csv'], {}), /files are given with --replay/)
  const child = run('--data', dir, '--manifest', join(dir, 'nowhere.json'))
  const [said, [code]] = await Promise.all([text(child.stderr as NodeJS.ReadableStream), once(child, 'exit')])
  t.equal(code, 2)
  t.match(
    said,
    /^There is no manifest of terminals at .*nowhere\.json: run npm start once, which writes it, or name one with --manifest FILE\.\n$/,
  )
})

t.test('flags are also environment variables, and the flag wins', async (t) => {
  const env = { MQTT_URL: 'mqtt://broker:1883', VEHICLES: '5', TIME_SCALE: '2.5', DATA: '/somewhere' }
  t.match(readFlags(['--vehicles', '7'], env), {
    'mqtt-url': 'mqtt://broker:1883',
    vehicles: 7,
    'time-scale': 2.5,
    manifest: '/somewhere/terminals.json',
  })
  t.match(readFlags(['--replay', 'a.csv', 'b.gpx', '--speed', '5'], {}), { replay: ['a.csv', 'b.gpx'], speed: 5, times: 'original' })
})

t.test('the simulator says when it is connected, sends only for its terminals, and on stop ends with counts that agree', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  const child = run('--manifest', manifest, '--mqtt-url', broker.url, '--vehicles', '30', '--rate-hz', '5')
  t.teardown(() => child.kill('SIGKILL'))
  const out = text(child.stdout as NodeJS.ReadableStream)
  const [message] = await once(child, 'message')
  t.same(message, { type: 'ready' })
  await broker.arrived(300)
  child.send({ type: 'stop' })
  const [code] = await once(child, 'exit')
  t.equal(code, 0)
  const summary = JSON.parse(await out)
  t.equal(summary.acked, broker.positions)
  t.equal(summary.sent, summary.acked)
  t.equal(new Set(broker.received.map(({ topic }) => parseUplinkTopic(topic)?.terminalId)).size, 30)
})

t.test('SIGTERM with the broker away still ends, and says what is outstanding', async (t) => {
  const broker = await startBroker()
  const child = run('--manifest', manifest, '--mqtt-url', broker.url, '--rate-hz', '5')
  t.teardown(() => child.kill('SIGKILL'))
  const out = text(child.stdout as NodeJS.ReadableStream)
  await broker.arrived(100)
  await broker.goAway()
  await once(child.stderr as NodeJS.ReadableStream, 'data')
  child.kill('SIGTERM')
  const [code] = await once(child, 'exit')
  t.equal(code, 0)
  t.type(JSON.parse(await out).outstanding, 'number')
})
