// The same path with a server broker: Mosquitto between the terminal and ingest.
import t from 'tap'
import { decodeLiveFrame } from '../../services/contracts/liveFrame.ts'
import { liveFrameFilter } from '../../services/contracts/topics.ts'
import { connectAs as connectToBroker, mosquitto, mosquittoPath } from '../broker/brokers.ts'
import { position, startWorld, topicOf } from './world.ts'

const skip = mosquittoPath ? false : 'mosquitto is not installed: the path through a server broker was not tried'

t.test('a position goes through Mosquitto into the database and into a live frame, rubbish into quarantine', { skip }, async (t) => {
  const broker = await mosquitto(t)
  const { db } = await startWorld(t, { 'mqtt-url': `mqtt://127.0.0.1:${broker.port}`, 'mqtt-port': '1883' })
  const terminal = await connectToBroker(t, broker.port, 'T0001')
  await terminal.subscribeAsync(liveFrameFilter)
  const frame = new Promise<Buffer>((resolve) => terminal.once('message', (_topic, payload) => resolve(payload)))
  await terminal.publishAsync(topicOf('T0001'), 'oops', { qos: 1 })
  await terminal.publishAsync(topicOf('T0001'), JSON.stringify(position()), { qos: 1 })
  t.same([...decodeLiveFrame(await frame).vehicleId], [1])
  t.match((await db.query('SELECT vehicle_id FROM positions')).rows, [{ vehicle_id: 1 }])
  t.match((await db.query('SELECT reason FROM quarantine')).rows, [{ reason: 'not-json' }])
})
