// The embedded broker alone: who is let in, what each may do, and what a client that misbehaves gets.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import mqtt, { type MqttClient } from 'mqtt'
import t from 'tap'
import { connectPacket, publishPacket, publishTemplate } from '../../bench/ingest/wire.ts'
import { type AedesBrokerOptions, createAedesBroker } from '../../services/platform/broker/aedesBroker.ts'
import type { Ack } from '../../services/platform/broker/source.ts'
import { StartupError } from '../../services/platform/config.ts'
import { connectAs, credentials, log, SECRET } from './brokers.ts'

type Test = { teardown(work: () => unknown): void }
type Received = { topic: string; payload: Uint8Array; ack: Ack; refused: string | undefined }
const topicOf = (terminal: string) => `vmp/v1/150102/${terminal}/up/location`

/** A broker whose messages go to `onReceived`; by default they are acked at once. */
async function start(
  t: Test,
  onReceived: (message: Received) => unknown = ({ ack }) => ack(),
  known = credentials,
  more: Partial<AedesBrokerOptions> = {},
) {
  const broker = await createAedesBroker({
    host: '127.0.0.1',
    port: 0,
    serviceSecret: SECRET,
    credentials: known,
    log,
    ...more,
  })
  await broker.start((topic, payload, ack, refused) => {
    const turn = onReceived({ topic, payload, ack, refused: refused?.why })
    return turn instanceof Promise ? turn : undefined
  })
  t.teardown(() => broker.close())
  return broker
}

/** Keeps what was said, and acks it at once. */
const hearing =
  (heard: string[]) =>
  ({ payload, ack }: Received): void => {
    heard.push(payload.toString())
    ack()
  }

async function rawSocket(t: Test, port: number, first: Buffer): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined) // a reset is one way of being closed
  t.teardown(() => socket.destroy())
  socket.write(first)
  return socket
}
const login = connectPacket('raw', 'T0001', 'secret-of-T0001')
const heardFirst = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once('message', () => resolve()))
const closed = (socket: Socket): Promise<unknown> => {
  socket.resume()
  return once(socket, 'close')
}

t.test('a sender has its PUBACK when its message is acked, and not before', async (t) => {
  const held: Received[] = []
  const broker = await start(t, (message) => held.push(message))
  const terminal = await connectAs(t, broker.port(), 'T0001')
  const order: string[] = []
  const sent = ['one', 'two'].map((text) =>
    terminal.publishAsync(topicOf('T0001'), text, { qos: 1 }).then(() => order.push(`PUBACK ${text}`)),
  )
  // What the broker had answered before this would have arrived before it.
  await terminal.subscribeAsync('vmp/v1/150102/T0001/dn/#')
  t.equal(held.length, 2)
  t.same(order, [])
  held[1]!.ack()
  await sent[1]
  t.same(order, ['PUBACK two'])
  held[0]!.ack()
  await Promise.all(sent)
})

t.test('a terminal that floods is read no further for a while, and its neighbour is answered meanwhile', async (t) => {
  const heard: string[] = []
  const told: string[] = []
  const broker = await start(t, hearing(heard), credentials, {
    pace: { burst: 20, perSecond: 0.001 },
    onHeldBack: (terminalId, cameBy) => told.push(`${terminalId} ${cameBy}`),
  })
  const flooding = await connectAs(t, broker.port(), 'T0001')
  const neighbour = await connectAs(t, broker.port(), 'T0002')
  for (let n = 0; n < 100; n++) flooding.publish(topicOf('T0001'), `${n}`, { qos: 1 })
  while (broker.heldBack() === 0) await new Promise((resolve) => setImmediate(resolve))
  await neighbour.publishAsync(topicOf('T0002'), 'neighbour', { qos: 1 })
  t.equal(heard.filter((text) => text !== 'neighbour').length, 19, 'a little over a piece for each')
  t.equal(told[0], 'T0001 127.0.0.1')
})

t.test('what was held back is read when its time has come: all of it, once, in order', async (t) => {
  const heard: string[] = []
  const broker = await start(t, hearing(heard), credentials, { pace: { burst: 20, perSecond: 2_000 } })
  const flooding = await connectAs(t, broker.port(), 'T0001')
  const sent = Array.from({ length: 200 }, (_, n) => `${n}`)
  await Promise.all(sent.map((text) => flooding.publishAsync(topicOf('T0001'), text, { qos: 1 })))
  t.same(heard, sent)
})

t.test('a sender whose message is not taken yet waits alone, and its message is offered again when its turn has come', async (t) => {
  const heard: string[] = []
  let offered = 0
  let call: () => void = () => undefined
  const turn = new Promise<void>((resolve) => {
    call = resolve
  })
  const take = hearing(heard)
  const broker = await start(
    t,
    (message) => {
      if (Buffer.from(message.payload).toString() === 'past' && offered++ === 0) return turn
      return take(message)
    },
    credentials,
    // Enough for both, and for neither a second time.
    { pace: { burst: 2.5, perSecond: 0.001 } },
  )
  const waiting = await connectAs(t, broker.port(), 'T0001')
  const sent = ['past', 'present'].map((text) => waiting.publishAsync(topicOf('T0001'), text, { qos: 1 }))
  const neighbour = await connectAs(t, broker.port(), 'T0002')
  while (offered === 0) await new Promise((resolve) => setImmediate(resolve))
  await neighbour.publishAsync(topicOf('T0002'), 'neighbour', { qos: 1 })
  t.same(heard, ['neighbour'])
  call()
  await Promise.all(sent)
  t.same(heard, ['neighbour', 'past', 'present'])
  t.equal(broker.heldBack(), 0, 'its pace was asked once')
})

for (const [name, username, password, code] of [
  ['a wrong secret', 'T0001', 'wrong', 4],
  ['a name that nobody has', 'stranger', 'secret', 4],
  ['no name at all', undefined, undefined, 4],
  ['our own service with a wrong secret', 'morin-service', 'wrong', 4],
  ['a gateway with the secret of a terminal', 'G1', 'secret-of-T0001', 4],
] as const) {
  t.test(`${name} is refused by CONNACK`, async (t) => {
    const broker = await start(t)
    const attempt = mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port()}`, { username, password, reconnectPeriod: 0 })
    await t.rejects(attempt, { code })
  })
}

for (const [name, packet, code] of [
  ['a name with the character 0', connectPacket('c', 'T0001\u0000', 'x'), 4],
  ['a name of half a character', connectPacket('c', '\ud800', 'x'), 4],
  ['an overlong name', connectPacket('c', 'T'.repeat(3000), 'x'), 4],
  ['an empty name', connectPacket('c', '', 'x'), 4],
  ['an overlong secret', connectPacket('c', 'T0001', 'x'.repeat(3000)), 4],
  ['an empty secret', connectPacket('c', 'T0001', ''), 4],
  ['a client id with the character 0', connectPacket('c\u0000', 'T0001', 'secret-of-T0001'), 2],
  ['a client id of half a character', connectPacket('\udfff', 'T0001', 'secret-of-T0001'), 2],
  ['an overlong client id', connectPacket('c'.repeat(3000), 'T0001', 'secret-of-T0001'), 2],
] as const) {
  t.test(`${name} is refused before anybody is looked up`, async (t) => {
    const asked: string[] = []
    const ask = async (id: string) => void asked.push(id)
    const unknown = { terminal: () => undefined, gateway: () => undefined, resolve: ask, renew: ask }
    const broker = await start(t, undefined, unknown)
    const [connack] = (await once(await rawSocket(t, broker.port(), packet), 'data')) as [Buffer]
    t.same([...connack], [0x20, 2, 0, code])
    t.same(asked, [])
  })
}

for (const [name, part] of [
  ['cannot be read', { terminal: () => undefined, resolve: () => Promise.reject(new Error('database away')) }],
  ['cannot be read again', { renew: () => Promise.reject(new Error('database away')) }],
] as const) {
  t.test(`credentials that ${name} are no reason to say that they are wrong`, async (t) => {
    const broker = await start(t, undefined, { ...credentials, ...part })
    const attempt = mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port()}`, { username: 'T0001', password: 'x', reconnectPeriod: 0 })
    await t.rejects(attempt, { code: 3 })
  })
}

t.test('who may subscribe to what', async (t) => {
  const broker = await start(t)
  const granted = async (username: string, filter: string) => {
    const client = await connectAs(t, broker.port(), username, { clientId: `${username} ${filter}` })
    const [suback] = await client.subscribeAsync(filter).catch(() => [{ qos: 128 }])
    return suback!.qos < 128
  }
  t.equal(await granted('T0001', 'vmp/v1/150102/T0001/dn/#'), true)
  t.equal(await granted('T0001', 'vmp/v1/150102/T0002/dn/#'), false)
  t.equal(await granted('T0001', 'vmp/v1/+/+/dn/#'), false)
  t.equal(await granted('T0001', 'live/v1/+/frame'), false)
  t.equal(await granted('T0001', '#'), false)
  t.equal(await granted('G1', 'vmp/v1/150102/T0002/dn/#'), true)
  t.equal(await granted('G2', 'vmp/v1/150102/T0002/dn/#'), false)
  t.equal(await granted('morin-service', '#'), true)
  t.equal(await granted('morin-service', '$share/ingest/vmp/v1/+/+/up/#'), false, 'accepted by Aedes and never delivered to')
})

t.test('our own service may publish any uplink and live frames, and hears the latter only', async (t) => {
  const received: string[] = []
  const broker = await start(t, ({ topic, ack, refused }) => {
    received.push(`${topic} ${refused ?? 'taken'}`)
    ack()
  })
  const service = await connectAs(t, broker.port(), 'morin-service')
  const heard: string[] = []
  service.on('message', (topic) => heard.push(topic))
  await service.subscribeAsync('#')
  const frame = heardFirst(service)
  await service.publishAsync(topicOf('T0007'), 'x', { qos: 1 })
  await service.publishAsync('live/v1/w/frame', 'x')
  await frame
  t.same(received, [`${topicOf('T0007')} taken`])
  t.same(heard, ['live/v1/w/frame'])
})

t.test('a sender that publishes where it may not is quarantined and acked, and closed when it does not stop', async (t) => {
  let refused = 0
  const broker = await start(t, (message) => {
    if (message.refused) refused++
    message.ack()
  })
  const terminal = await connectAs(t, broker.port(), 'T0001')
  await terminal.publishAsync(topicOf('T0002'), 'x', { qos: 1 })
  await terminal.publishAsync('live/v1/w/frame', 'x', { qos: 1 })
  t.equal(refused, 2)
  const gone = new Promise<void>((resolve) => terminal.once('close', () => resolve()))
  for (let i = 0; i < 200; i++) terminal.publish(topicOf('T0002'), String(i), { qos: 1 })
  await gone
  t.ok(refused >= 100 && refused < 110, `${refused} quarantined`)
})

t.test('a will is not published for a terminal', async (t) => {
  const received: string[] = []
  const broker = await start(t, ({ topic, ack }) => {
    received.push(topic)
    ack()
  })
  const observer = await connectAs(t, broker.port(), 'morin-service')
  const heard: string[] = []
  observer.on('message', (topic) => heard.push(topic))
  await observer.subscribeAsync('#')
  const will = { topic: 'live/v1/w/frame', payload: Buffer.from('x'), qos: 0 as const, retain: false }
  const terminal = await connectAs(t, broker.port(), 'T0001', { will })
  terminal.stream.destroy()
  await connectAs(t, broker.port(), 'T0002')
  const own = heardFirst(observer)
  await observer.publishAsync('live/v1/own/frame', 'x')
  await own
  t.same(heard, ['live/v1/own/frame'])
  t.same(received, [])
})

t.test('a packet past the limit closes the connection, and only that one', async (t) => {
  const broker = await start(t)
  const other = await connectAs(t, broker.port(), 'T0002')
  const socket = await rawSocket(t, broker.port(), login)
  await once(socket, 'data')
  socket.write(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f]))
  await closed(socket)
  await other.publishAsync(topicOf('T0002'), 'x', { qos: 1 })
})

for (const [name, bytes] of [
  ['that are not MQTT', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['of a CONNECT without end', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['of a PUBLISH before any CONNECT', publishPacket(publishTemplate(topicOf('T0001')), 1, 1e12, 0)],
  ['of a CONNECT that is too large', Buffer.from([0x10, 0xff, 0xff, 0x7f])],
  ['of a PUBLISH cut short', Buffer.concat([login, Buffer.from([0x32, 0x02, 0x00, 0x50])])],
] as const) {
  t.test(`bytes ${name} close the connection`, async (t) => {
    const broker = await start(t)
    await closed(await rawSocket(t, broker.port(), bytes))
    await (await connectAs(t, broker.port(), 'T0002')).publishAsync(topicOf('T0002'), 'x', { qos: 1 })
  })
}

t.test('a message that comes byte by byte is a message', async (t) => {
  const bodies: string[] = []
  const broker = await start(t, ({ payload, ack }) => {
    bodies.push(Buffer.from(payload).toString())
    ack()
  })
  const socket = await rawSocket(t, broker.port(), login.subarray(0, 5))
  socket.setNoDelay(true)
  socket.write(login.subarray(5))
  await once(socket, 'data')
  const packet = publishPacket(publishTemplate(topicOf('T0001')), 77, 1.7e12, 5)
  for (const byte of packet) {
    socket.write(Buffer.from([byte]))
    await new Promise(setImmediate)
  }
  const [puback] = (await once(socket, 'data')) as [Buffer]
  t.same([...puback], [0x40, 2, 0, 77])
  t.match(bodies, [/^\{"time":1700000000000,/])
})

t.test('a publish sent on the heels of CONNECT waits for the login and is not lost', async (t) => {
  const broker = await start(t)
  const packet = publishPacket(publishTemplate(topicOf('T0001')), 9, 1.7e12, 5)
  const socket = await rawSocket(t, broker.port(), Buffer.concat([login, packet, packet]))
  const answers: number[] = []
  while (answers.length < 12) answers.push(...((await once(socket, 'data')) as [Buffer])[0])
  t.same(answers, [0x20, 2, 0, 0, 0x40, 2, 0, 9, 0x40, 2, 0, 9])
})

t.test('a silent client is closed after one and a half times its keep-alive', async (t) => {
  const broker = await start(t)
  const packet = Buffer.from(login)
  packet.writeUInt16BE(1, 10)
  const socket = await rawSocket(t, broker.port(), packet)
  const since = performance.now()
  await closed(socket)
  t.ok(performance.now() - since > 1400)
})

t.test('a port that is taken is one sentence', async (t) => {
  const broker = await start(t)
  const second = await createAedesBroker({ host: '127.0.0.1', port: broker.port(), serviceSecret: SECRET, credentials, log })
  t.teardown(() => second.close())
  await t.rejects(
    second.start(() => undefined),
    new StartupError(`Port ${broker.port()} is taken: choose another with --mqtt-port, or stop the program that uses it.`),
  )
})
