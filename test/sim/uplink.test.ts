import t, { type Test } from 'tap'
import { Backlog } from '../../firmware-sim/send/backlog.ts'
import { type ConnectionMode, firstConnection, openLinks } from '../../firmware-sim/send/links.ts'
import { BACKLOG_LIMITS, BATCH_MOST, Uplink } from '../../firmware-sim/send/uplink.ts'
import { positionSchema } from '../../services/contracts/position.ts'
import { locationTopic, parseUplinkTopic } from '../../services/contracts/topics.ts'
import { manifestOf, positionAt } from './madeUp.ts'
import { startBroker, type TestBroker } from './testBroker.ts'

const manifest = manifestOf(20)
/** One position of every terminal. */
const reportAll = (uplink: Uplink, time: number) => {
  for (const terminal of manifest.terminals.keys()) uplink.accept(terminal, positionAt(time), true)
}
const T0 = Date.parse('2026-03-04T08:00:00+08:00')

async function connectTo(t: Test, broker: TestBroker, mode: ConnectionMode = 'gateway', limits = BACKLOG_LIMITS) {
  const links = openLinks(broker.url, mode, manifest, manifest.terminals)
  const uplink = new Uplink(manifest.terminals, links, limits)
  t.teardown(() => Promise.all(links.all.map((link) => link.close())))
  await firstConnection(links)
  return { links, uplink }
}

/** Topic and time of each position that arrived, once. */
const stored = (broker: TestBroker) =>
  new Set(broker.received.flatMap(({ topic, positions }) => positions.map(({ time }) => `${topic} ${time}`)))

t.test('an outage of the broker loses no position, and its backlog comes in order in arrays of permitted size', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  const { uplink, links } = await connectTo(t, broker)
  const report = (from: number, to: number) => {
    for (let n = from; n < to; n++) reportAll(uplink, T0 + n * 10_000)
  }
  report(0, 5)
  await broker.arrived(100)
  const lost = new Promise((resolve) => links.all[0]?.once('down', resolve))
  await broker.goAway()
  await lost
  report(5, 455)
  t.ok(uplink.counts.stored > 8000, 'stored meanwhile')
  const back = new Promise<void>((resolve) => links.all[0]?.once('up', resolve))
  await broker.comeBack()
  await back
  report(455, 460)
  await uplink.settle(10_000)

  t.equal(uplink.counts.acked, 460 * 20)
  t.equal(stored(broker).size, 460 * 20)
  t.equal(uplink.counts.stored, 0)
  t.ok(broker.received.every(({ positions }) => positions.length >= 1 && positions.length <= BATCH_MOST))
  t.ok(
    broker.received.some(({ positions }) => positions.length === BATCH_MOST),
    'a backlog goes in full arrays',
  )
  const first = manifest.terminals[0]
  const times = broker.received.filter(({ topic }) => topic === locationTopic(first?.adcode as string, first?.terminalId as string))
  const sequence = times.flatMap(({ positions }) => positions.map(({ time }) => time as number))
  t.same(
    sequence,
    sequence.toSorted((a, b) => a - b),
    'oldest first',
  )
  t.ok(
    broker.received.every(({ topic, positions }) => parseUplinkTopic(topic) && positions.every((p) => positionSchema.safeParse(p).success)),
  )
})

t.test('what was not acknowledged when the connection broke is sent again with the same times', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  const { uplink } = await connectTo(t, broker)
  broker.held.acks = true
  reportAll(uplink, T0)
  await broker.arrived(20)
  t.equal(uplink.counts.acked, 0)
  await broker.goAway()
  broker.held.acks = false
  await broker.comeBack()
  await uplink.settle(10_000)
  t.equal(uplink.counts.acked, 20)
  t.equal(broker.positions, 40)
  t.equal(stored(broker).size, 20)
})

t.test('a broker that does not acknowledge gets one message per terminal and no more', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  const { uplink } = await connectTo(t, broker)
  broker.held.acks = true
  reportAll(uplink, T0)
  await broker.arrived(20)
  for (let n = 1; n < 50; n++) reportAll(uplink, T0 + n * 1000)
  t.equal(uplink.counts.sent, 20)
  t.equal(uplink.counts.stored, 980)
  broker.release()
  await uplink.settle(10_000)
  t.equal(uplink.counts.acked, 1000)
  t.equal(uplink.counts.messages, 40, 'the rest goes as one array each')
})

t.test('a terminal without a network stores, and forwards when it has one again', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  const { uplink } = await connectTo(t, broker)
  for (let n = 0; n < 30; n++) uplink.accept(3, positionAt(T0 + n * 10_000), false)
  uplink.accept(4, positionAt(T0), true)
  await uplink.settle(10_000)
  t.equal(broker.positions, 1)
  t.equal(uplink.counts.stored, 30)
  uplink.accept(3, positionAt(T0 + 300_000), true)
  await uplink.settle(10_000)
  t.equal(broker.received.at(-1)?.positions.length, 31)
})

t.test('gateway connections carry the gateway account, terminal connections their own', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  await connectTo(t, broker)
  t.same([...broker.accounts], ['gateway-1:secret-of-the-gateway'])
  const { uplink } = await connectTo(t, broker, 'terminal')
  reportAll(uplink, T0)
  await broker.arrived(20)
  t.ok(broker.accounts.has('SIM00019:secret-of-terminal-19'))
  t.equal(broker.accounts.size, 21)
})

t.test('an account that the broker refuses is an error that says so', async (t) => {
  const broker = await startBroker()
  t.teardown(() => broker.stop())
  const links = openLinks(
    broker.url,
    'gateway',
    { ...manifest, gateway: { id: 'stranger', secret: 'secret-of-the-stranger' } },
    manifest.terminals,
  )
  t.teardown(() => Promise.all(links.all.map((link) => link.close())))
  await t.rejects(firstConnection(links), /refuses the account/)
})

t.test('a full memory loses the oldest of the terminal and counts it', async (t) => {
  const backlog = new Backlog(3, { perTerminal: 5, total: 8 })
  for (let n = 0; n < 7; n++) backlog.push(0, positionAt(n))
  t.equal(backlog.dropped, 2)
  for (let n = 0; n < 4; n++) backlog.push(1, positionAt(n))
  t.same([backlog.held, backlog.dropped], [8, 3])
  backlog.push(2, positionAt(0))
  t.same([backlog.countOf(2), backlog.dropped], [0, 4])
  t.same(backlog.take(0, 2), [positionAt(2), positionAt(3)])
  t.same(
    backlog.take(0, 200).map(({ time }) => time),
    [4, 5, 6],
  )
  t.equal(backlog.held, 3)
})
