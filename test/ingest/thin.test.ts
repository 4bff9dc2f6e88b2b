import t from 'tap'
import { decodeLiveFrame } from '../../services/contracts/liveFrame.ts'
import { liveFrameFilter } from '../../services/contracts/topics.ts'
import { connectAs, position, SERVICE_SECRET, startWorld, topicOf } from './world.ts'

t.test('a position is in the database when its PUBACK arrives, and then in a live frame', async (t) => {
  const { db, port } = await startWorld(t)
  const listener = await connectAs(t, port, 'morin-service', SERVICE_SECRET)
  await listener.subscribeAsync(liveFrameFilter)
  const framed = new Promise<Buffer>((resolve) => listener.once('message', (_topic, payload) => resolve(payload)))
  const terminal = await connectAs(t, port, 'T0001')
  const sent = position({
    odometerM: 1234.4,
    headingDeg: 359.7,
    altitudeM: 1040,
    fuelPct: 50.5,
    socPct: 10,
    satellites: 9,
    alarms: 0xffff_ffff,
  })
  await terminal.publishAsync(topicOf('T0001'), JSON.stringify(sent), { qos: 1 })
  const { rows } = await db.query('SELECT *, extract(epoch FROM ts) * 1000 AS ms FROM positions')
  t.match(rows, [
    {
      vehicle_id: 1,
      ms: sent.time,
      lon_e7: 1_117_000_000,
      lat_e7: 408_000_000,
      speed_dkph: 365,
      heading_deg: 0,
      altitude_m: 1040,
      odometer_m: 1234,
      fuel_permille: 505,
      soc_permille: 100,
      satellites: 9,
      flags: 1,
      alarms: 0xffff_ffff,
    },
  ])
  t.match((await db.query('SELECT * FROM last_states')).rows, [{ vehicle_id: 1, lon_e7: 1_117_000_000, stored: 1 }])
  t.match((await db.query('SELECT * FROM ingest_tally')).rows, [{ received: 1, stored: 1, duplicate: 0, quarantined: 0 }])
  const frame = decodeLiveFrame(await framed)
  t.same([...frame.vehicleId, ...frame.lonE7, ...frame.latE7, ...frame.speedDkph], [1, 1_117_000_000, 408_000_000, 365])
})
