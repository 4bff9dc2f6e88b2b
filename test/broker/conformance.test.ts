// What the pipeline relies on, run on both adapters.
import t from 'tap'
import type { Ack, BrokerSource, RefusedPublish } from '../../services/platform/broker/source.ts'
import { type BrokerUnderTest, connectAs, embedded, mosquitto, mosquittoPath } from './brokers.ts'

type Received = { topic: string; text: string; ack: Ack; refused: string | undefined }

/** What a source delivered, and a way to wait for the n-th message. */
function collector() {
  const messages: Received[] = []
  let waiting: { count: number; resolve: () => void } | undefined
  return {
    messages,
    onMessage(topic: string, payload: Uint8Array, ack: Ack, refused?: RefusedPublish): undefined {
      messages.push({ topic, text: Buffer.from(payload).toString(), ack, refused: refused?.why })
      if (waiting && messages.length >= waiting.count) waiting.resolve()
    },
    until(count: number): Promise<void> {
      if (messages.length >= count) return Promise.resolve()
      return new Promise((resolve) => {
        waiting = { count, resolve }
      })
    },
  }
}

const topicOf = (terminal: string) => `vmp/v1/150102/${terminal}/up/location`
const texts = (messages: Received[]) => messages.map(({ text }) => text)

async function startWorker(broker: BrokerUnderTest, worker?: string): Promise<BrokerSource & ReturnType<typeof collector>> {
  const source = await broker.source(worker)
  const received = collector()
  await source.start(received.onMessage)
  return { ...source, ...received }
}

function suite(name: string, start: (t: { teardown(work: () => unknown): void }) => Promise<BrokerUnderTest>): void {
  t.test(name, async (t) => {
    t.test('a message arrives with its topic and its bytes, and the sender learns that it is safe', async (t) => {
      const broker = await start(t)
      const worker = await startWorker(broker)
      const terminal = await connectAs(t, broker.port, 'T0001')
      const sent = terminal.publishAsync(topicOf('T0001'), '{"a":1}', { qos: 1 })
      await worker.until(1)
      t.match(worker.messages, [{ topic: topicOf('T0001'), text: '{"a":1}', refused: undefined }])
      worker.messages[0]!.ack()
      await sent
    })

    t.test('what a worker had not acked when it died comes again, and what it had acked does not', async (t) => {
      const broker = await start(t)
      const first = await startWorker(broker)
      const terminal = await connectAs(t, broker.port, 'T0001', { clean: false, reconnectPeriod: 20 })
      const sent = ['one', 'two', 'three'].map((text) => terminal.publishAsync(topicOf('T0001'), text, { qos: 1 }))
      await first.until(3)
      first.messages[0]!.ack()
      await sent[0]
      await first.close()
      const second = await startWorker(broker)
      // A sender may wait for the ack of each message that it sends again.
      await second.until(1)
      second.messages[0]!.ack()
      await second.until(2)
      second.messages[1]!.ack()
      await Promise.all(sent)
      t.same(texts(second.messages), ['two', 'three'])
    })

    t.test('thousands of messages may be in flight before the first ack, in the order of each sender', async (t) => {
      const broker = await start(t)
      const worker = await startWorker(broker)
      const names = ['T0001', 'T0002', 'T0003', 'T0004', 'T0005']
      const terminals = await Promise.all(names.map((username) => connectAs(t, broker.port, username)))
      const each = 1000
      const sent = terminals.map((terminal, n) =>
        Promise.all(Array.from({ length: each }, (_, i) => terminal.publishAsync(topicOf(names[n]!), String(i), { qos: 1 }))),
      )
      await worker.until(each * names.length)
      for (const username of names) {
        const own = worker.messages.filter(({ topic }) => topic === topicOf(username))
        t.same(
          texts(own),
          Array.from({ length: each }, (_, i) => String(i)),
        )
      }
      for (const { ack } of worker.messages) ack()
      await Promise.all(sent)
    })

    t.test('a QoS 0 message is delivered, and its ack does no harm', async (t) => {
      const broker = await start(t)
      const worker = await startWorker(broker)
      const terminal = await connectAs(t, broker.port, 'T0001')
      await terminal.publishAsync(topicOf('T0001'), 'zero', { qos: 0 })
      await worker.until(1)
      worker.messages[0]!.ack()
      const sent = terminal.publishAsync(topicOf('T0001'), 'one', { qos: 1 })
      await worker.until(2)
      worker.messages[1]!.ack()
      await sent
      t.same(texts(worker.messages), ['zero', 'one'])
    })

    t.test('a paused source reads on no further than what it has begun, and loses nothing', async (t) => {
      const broker = await start(t)
      const worker = await startWorker(broker)
      const terminal = await connectAs(t, broker.port, 'T0001')
      const first = terminal.publishAsync(topicOf('T0001'), '0', { qos: 1 })
      await worker.until(1)
      worker.pause()
      const rest = Array.from({ length: 2000 }, (_, i) => terminal.publishAsync(topicOf('T0001'), String(i + 1), { qos: 1 }))
      // Whatever comes after this connection was let in has had the time to be read.
      await connectAs(t, broker.port, 'T0002')
      t.ok(worker.messages.length <= 2, `${worker.messages.length} delivered`)
      worker.resume()
      await worker.until(2001)
      t.same(
        texts(worker.messages),
        Array.from({ length: 2001 }, (_, i) => String(i)),
      )
      for (const { ack } of worker.messages) ack()
      await Promise.all([first, ...rest])
    })

    t.test('a source that is paused for good can still be closed', async (t) => {
      const broker = await start(t)
      const worker = await startWorker(broker)
      const terminal = await connectAs(t, broker.port, 'T0001')
      worker.pause()
      const sent = terminal.publishAsync(topicOf('T0001'), 'x', { qos: 1 }).catch(() => 'the sender has it still')
      await connectAs(t, broker.port, 'T0002')
      await worker.close()
      await terminal.endAsync(true)
      t.ok(worker.messages.length <= 1, `closed, ${worker.messages.length} delivered`)
      await sent
    })

    t.test('what is published reaches a subscriber byte for byte', async (t) => {
      const broker = await start(t)
      const worker = await startWorker(broker)
      const dispatch = await connectAs(t, broker.port, 'morin-service')
      await dispatch.subscribeAsync('live/v1/+/frame')
      const frame = new Promise<Buffer>((resolve) => dispatch.once('message', (_topic, payload) => resolve(payload)))
      worker.publish('live/v1/w/frame', new Uint8Array([0, 255, 10, 13, 128]))
      t.same([...(await frame)], [0, 255, 10, 13, 128])
    })

    t.test('a client id belongs to the name that was authenticated: nobody is kept off by another who gives the same', async (t) => {
      const broker = await start(t)
      const worker = await startWorker(broker)
      const victim = await connectAs(t, broker.terminalPort, 'T0001', { clientId: 'the-same' })
      let closed = 0
      victim.on('close', () => closed++)
      const sent = []
      for (let i = 0; i < 20; i++) {
        for (const clientId of ['the-same', 'T0001', 'morin/ingest/1', 'G1/c'])
          await connectAs(t, broker.terminalPort, 'T0002', { clientId })
        sent.push(victim.publishAsync(topicOf('T0001'), String(i), { qos: 1 }))
      }
      await worker.until(20)
      for (const { ack } of worker.messages) ack()
      await Promise.all(sent)
      t.equal(closed, 0)
      const own = await connectAs(t, broker.terminalPort, 'T0001', { clientId: 'another' })
      if (victim.connected) await new Promise<void>((resolve) => victim.once('close', () => resolve()))
      await own.subscribeAsync('vmp/v1/150102/T0001/dn/#')
      t.notOk(victim.connected, 'a terminal has one session: its newer connection takes it over')
    })

    t.test('an ack after the sender has gone, or after the close, is without effect', async (t) => {
      const broker = await start(t)
      const worker = await startWorker(broker)
      const terminal = await connectAs(t, broker.port, 'T0001')
      terminal.publish(topicOf('T0001'), 'x', { qos: 1 })
      await worker.until(1)
      await terminal.endAsync(true)
      worker.messages[0]!.ack()
      await worker.close()
      worker.messages[0]!.ack()
      t.pass('nothing was thrown')
    })
  })
}

suite('embedded broker (Aedes)', embedded)

if (mosquittoPath) {
  suite('server broker (Mosquitto)', mosquitto)
  t.test('two workers share the fleet, each message goes to one of them', async (t) => {
    const broker = await mosquitto(t)
    const received = collector()
    const served = [0, 0]
    for (const [n, worker] of ['one', 'two'].entries()) {
      await (await broker.source(worker)).start((topic, payload, ack) => {
        served[n]!++
        received.onMessage(topic, payload, ack)
      })
    }
    const terminal = await connectAs(t, broker.port, 'T0001')
    await Promise.all(Array.from({ length: 100 }, (_, i) => terminal.publishAsync(topicOf('T0001'), String(i), { qos: 1 })))
    await received.until(100)
    t.same(
      texts(received.messages)
        .map(Number)
        .sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, i) => i),
    )
    t.ok(
      served.every((count) => count > 0),
      `${served}`,
    )
    for (const { ack } of received.messages) ack()
  })
} else {
  t.test('server broker (Mosquitto)', { skip: 'mosquitto is not installed: the server half of this suite did not run' }, () => undefined)
}
