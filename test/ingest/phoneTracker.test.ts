// A driver's phone as the tracker: what it says goes the way of every position, is counted like them, and counts where the vehicle's terminal is silent.
import t from 'tap'
import { phoneTopic } from '../../services/contracts/topics.ts'
import { decodeTrack } from '../../services/contracts/trackBytes.ts'
import { BrokerLink } from '../../services/dispatch/live/frames.ts'
import { totalConservation } from '../../services/dispatch/operations/conservation.ts'
import { trackPieces } from '../../services/dispatch/tracks/trackBytes.ts'
import { FLAG_PHONE } from '../../services/domain/status.ts'
import { createLogger } from '../../services/platform/log.ts'
import { ADCODE, connectAs, position, SERVICE_SECRET, startWorld, topicOf } from './world.ts'

const world = await startWorld(t)
const { db, owner, port } = world
// One order of each of the three vehicles.
await owner.query(
  `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo) VALUES ('asker', '示例', 'x', 'applicant', 1, true)`,
)
await owner.query(
  `INSERT INTO trip_requests (unit_id, applicant_id, key, digest, kind, state, purpose_kind, purpose, from_stop, to_stop, starts_at, ends_at, passengers,
     with_driver, contact_name, contact_phone, asked_at)
   SELECT 1, (SELECT account_id FROM accounts), gen_random_uuid(), 'x', 'pool', 'DISPATCHED', 'meeting', 'x', '{"name":"a","lon":null,"lat":null}', '{"name":"b","lon":null,"lat":null}',
     now(), now() + interval '1 hour', 1, true, 'x', '13800000000', now() FROM generate_series(1, 3)`,
)
await owner.query(
  `INSERT INTO dispatch_orders (request_id, issuer_id, year, number, state, since, vehicle_id, starts_at, ends_at, departed_at, odometer_out_m)
   SELECT request_id, 1, 2026, request_id, 'DEPARTED', now(), request_id, now(), now() + interval '1 hour', now() - interval '1 day', 1000 FROM trip_requests`,
)
const link = new BrokerLink({ url: `mqtt://127.0.0.1:${port}`, secret: SERVICE_SECRET, log: createLogger('test', 'silent') })
t.teardown(() => link.close())
await new Promise<void>((resolve) => link.listen(() => undefined, resolve))
const now = Date.now()
let n = 0
const bringIn = (fixes: object[]) => {
  const receiptId = `r${++n}`
  return link.bringIn(phoneTopic('150000', receiptId), receiptId, Buffer.from(JSON.stringify(fixes)))
}
const fix = (vehicleId: number, agoS: number, more: object = {}) => ({
  vehicleId,
  orderId: vehicleId,
  time: now - agoS * 1000,
  deviceTime: now - agoS * 1000 + 3_600_000,
  lon: 111.7 + (7200 - agoS) * 1e-5,
  lat: 40.8,
  accuracyM: 12,
  speedKph: 36,
  ...more,
})
const counted = async (vehicleId: number) =>
  (
    await db.query<{ ago: number }>(
      `SELECT round(extract(epoch FROM $2::timestamptz - ts))::int AS ago FROM phone_positions WHERE vehicle_id = $1 AND counts ORDER BY ts`,
      [vehicleId, new Date(now)],
    )
  ).rows.map(({ ago }) => ago)
const live = async (vehicleId: number) =>
  (
    await db.query<{ ago: number; from_phone: boolean; stored: number; phoned: number }>(
      `SELECT round(extract(epoch FROM $2::timestamptz - ts))::int AS ago, from_phone, stored::int, phoned FROM last_states WHERE vehicle_id = $1`,
      [vehicleId, new Date(now)],
    )
  ).rows[0]

t.test('where the terminal is silent the phone says where the vehicle is; sent again it is the same', async (t) => {
  const fixes = [60, 50, 40].map((agoS) => fix(3, agoS))
  t.same(await bringIn(fixes), { fixes: 3, quarantined: 0 })
  t.same(await bringIn([...fixes, fix(3, 30)]), { fixes: 4, quarantined: 0 })
  t.same(await counted(3), [60, 50, 40, 30])
  t.same(await live(3), { ago: 30, from_phone: true, stored: 0, phoned: 4 })
  t.same(await bringIn([fix(3, 20, { accuracyM: 4_000 })]), { fixes: 1, quarantined: 0 }, 'an inexact one is kept')
  t.same(await counted(3), [60, 50, 40, 30], 'and counts for nothing')
})

t.test('where the terminal speaks it is believed, whichever came first', async (t) => {
  const terminal = await connectAs(t, port, 'T0001')
  const says = (agoS: number, speedKph: number) =>
    terminal.publishAsync(topicOf('T0001'), JSON.stringify(position({ time: now - agoS * 1000, lon: 111.7, lat: 40.8, speedKph })), {
      qos: 1,
    })
  await says(2_000, 0)
  await bringIn([1_900, 1_000, 600].map((agoS) => fix(1, agoS)))
  t.same(await counted(1), [1_000, 600], 'a terminal at rest speaks for its vehicle a quarter of an hour')
  t.same(await live(1), { ago: 600, from_phone: true, stored: 1, phoned: 2 })
  await says(1_010, 50)
  t.same(await counted(1), [600], 'what the terminal says later takes the place of what the phone had said for it')
  const { rows } = await db.query('SELECT FROM late_ranges WHERE vehicle_id = 1')
  t.ok(rows.length > 0, 'and trips there are derived anew')
  await says(10, 0)
  t.match(await live(1), { ago: 10, from_phone: false, stored: 3 })
  await bringIn([fix(1, 5)])
  t.match(await live(1), { ago: 10, from_phone: false })
})

t.test('a track says which of its positions the phone told', async (t) => {
  const pieces: Uint8Array[] = []
  const span = { vehicleId: 1, from: new Date(now - 3_600_000), to: new Date(now + 1_000) }
  for await (const piece of trackPieces(db, span, 100)) pieces.push(piece)
  const { timeMs, flags } = decodeTrack(Buffer.concat(pieces))
  t.same(
    Array.from(timeMs, (ms, i) => [Math.round((now - ms) / 1000), (flags[i]! & FLAG_PHONE) !== 0]),
    [
      [2_000, false],
      [1_010, false],
      [600, true],
      [10, false],
    ],
  )
})

t.test('nobody but our own service brings in for phones, and all of it is conserved', async (t) => {
  const gateway = await connectAs(t, port, 'GATE1')
  await gateway.publishAsync(phoneTopic('150000', 'x1'), JSON.stringify([fix(2, 10)]), { qos: 1 })
  const terminal = await connectAs(t, port, 'T0002')
  await terminal.publishAsync(`vmp/v1/${ADCODE}/T0002/up/phone`, JSON.stringify([fix(2, 10)]), { qos: 1 })
  t.same(await bringIn([fix(2, 10, { lon: 999 })]), { fixes: 1, quarantined: 1 })
  t.same(await bringIn([fix(2, 10, { orderId: 999 })]), { fixes: 1, quarantined: 1 }, 'of no order')
  t.same(await counted(2), [])
  const { received, stored, duplicate, quarantined, difference, messages } = await totalConservation(db)
  t.same({ stored, duplicate, quarantined, difference }, { stored: 12, duplicate: 3, quarantined: 4, difference: 0 })
  t.equal(received, stored + duplicate + quarantined)
  t.equal(messages?.difference, 0)
})
