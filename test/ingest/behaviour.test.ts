// Every sentence of the ingest chapter of ARCHITECTURE.md, through the embedded broker into the embedded database.
import { once } from 'node:events'
import { connect } from 'node:net'
import type { MqttClient } from 'mqtt'
import t from 'tap'
import { connectPacket } from '../../bench/ingest/wire.ts'
import { MAX_MESSAGE_BYTES } from '../../services/contracts/position.ts'
import { ADCODE, connectAs, position, SERVICE_SECRET, startWorld, topicOf } from './world.ts'

const HOUR = 3_600_000
const world = await startWorld(t)
const { db, owner, port } = world
const terminal = await connectAs(t, port, 'T0001')
const second = await connectAs(t, port, 'T0002')
const gateway = await connectAs(t, port, 'GATE1')
const service = await connectAs(t, port, 'morin-service', SERVICE_SECRET)

const send = (client: MqttClient, topic: string, body: unknown) =>
  client.publishAsync(topic, Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body), { qos: 1 })
/** What one message added to the counters of its minute, whatever minute that is. */
async function counted(work: () => Promise<unknown>) {
  const sums = async () =>
    (
      await db.query<Record<string, number>>(
        `SELECT coalesce(sum(received), 0)::bigint AS received, coalesce(sum(stored), 0)::bigint AS stored,
                coalesce(sum(duplicate), 0)::bigint AS duplicate, coalesce(sum(quarantined), 0)::bigint AS quarantined FROM ingest_tally`,
      )
    ).rows[0]!
  const before = await sums()
  await work()
  const after = await sums()
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - before[name]!]))
}
const quarantined = async (topic: string) =>
  (
    await db.query<{ reason: string; detail: string; positions: number; payload: Buffer; times: number; terminal_id: string | null }>(
      'SELECT * FROM quarantine WHERE topic = $1 ORDER BY quarantine_id',
      [topic],
    )
  ).rows
const clear = () => db.query('DELETE FROM quarantine')
const lastState = async (vehicleId: number) =>
  (
    await db.query<{ ms: number; stored: number; from: number | null }>(
      `SELECT (extract(epoch FROM ts) * 1000)::float8 AS ms, stored, (extract(epoch FROM derive_from) * 1000)::float8 AS from FROM last_states WHERE vehicle_id = $1`,
      [vehicleId],
    )
  ).rows[0]!

t.test('a position sent twice is stored once and acknowledged twice', async (t) => {
  const sent = position()
  t.same(await counted(() => send(terminal, topicOf('T0001'), sent)), { received: 1, stored: 1, duplicate: 0, quarantined: 0 })
  t.same(await counted(() => send(terminal, topicOf('T0001'), sent)), { received: 1, stored: 0, duplicate: 1, quarantined: 0 })
  t.match((await db.query(`SELECT sum(duplicate)::int AS d FROM terminal_tally WHERE terminal_id = 'T0001'`)).rows, [{ d: 1 }])
})

t.test('a position repeated within one message is stored once and counted honestly', async (t) => {
  const sent = position({ time: Date.now() - 5000 })
  const body = [sent, sent, { ...sent, lat: 41 }]
  t.same(await counted(() => send(terminal, topicOf('T0001'), body)), { received: 3, stored: 1, duplicate: 2, quarantined: 0 })
})

t.test('an array is stored whole, in any order of its times', async (t) => {
  const now = Date.now()
  const body = [3, 1, 2].map((n) => position({ time: new Date(now - n * 1000).toISOString() }))
  t.same(await counted(() => send(second, topicOf('T0002'), body)), { received: 3, stored: 3, duplicate: 0, quarantined: 0 })
  t.equal((await lastState(2)).ms, now - 1000)
})

t.test('a late position is stored, never moves the live state backwards, and has its trips derived again', async (t) => {
  const before = await lastState(2)
  const late = Date.now() - 30 * HOUR
  t.same(await counted(() => send(second, topicOf('T0002'), position({ time: late }))), {
    received: 1,
    stored: 1,
    duplicate: 0,
    quarantined: 0,
  })
  t.match(await lastState(2), { ms: before.ms, stored: before.stored + 1, from: late })
})

t.test('a late position goes into a compressed chunk', async (t) => {
  const old = Date.now() - 10 * 24 * HOUR
  await send(second, topicOf('T0002'), position({ time: old }))
  await owner.query(`SELECT compress_chunk(c) FROM show_chunks('positions', older_than => INTERVAL '5 days') c`)
  t.match(await counted(() => send(second, topicOf('T0002'), position({ time: old + 1000 }))), { stored: 1 })
  t.match(await counted(() => send(second, topicOf('T0002'), position({ time: old }))), { stored: 0, duplicate: 1 })
})

t.test('a time more than five minutes ahead is quarantined; a little ahead is stored', async (t) => {
  await clear()
  const topic = topicOf('T0001')
  t.match(await counted(() => send(terminal, topic, position({ time: Date.now() + 6 * 60_000 }))), { stored: 0, quarantined: 1 })
  t.match(await counted(() => send(terminal, topic, position({ time: Date.now() + 4 * 60_000 }))), { stored: 1, quarantined: 0 })
  t.match(await quarantined(topic), [{ reason: 'time-in-future', positions: 1, terminal_id: 'T0001' }])
})

t.test(
  'of an array that is partly bad the good elements are stored, the bad ones quarantined with their reasons and all the bytes',
  async (t) => {
    await clear()
    const body = JSON.stringify([position(), position({ time: 1000 }), { lon: 1 }, position({ lon: 0, lat: 0 }), position({ lat: 91 })])
    t.same(await counted(() => send(terminal, topicOf('T0001'), body)), { received: 5, stored: 1, duplicate: 0, quarantined: 4 })
    const rows = await quarantined(topicOf('T0001'))
    t.match(rows.map(({ reason, positions }) => [reason, positions]).sort(), [
      ['not-positioned', 1],
      ['schema', 2],
      ['time-too-old', 1],
    ])
    t.match(rows.find(({ reason }) => reason === 'schema')!.detail, /^\[2\] time: /)
    for (const { payload } of rows) t.equal(payload.toString(), body)
  },
)

for (const [name, reason, body, positions] of [
  ['bytes that are not JSON', 'not-json', Buffer.from([0xff, 0xfe, 0x00]), 1],
  ['an empty array', 'empty-array', '[]', 1],
  ['1001 positions', 'too-many-positions', JSON.stringify(new Array(1001).fill({})), 1001],
  ['a payload that is too large', 'too-large', Buffer.alloc(MAX_MESSAGE_BYTES + 1, 32), 1],
  ['a number', 'schema', '42', 1],
] as const) {
  t.test(`${name}: quarantined whole and acknowledged`, async (t) => {
    await clear()
    t.same(await counted(() => send(terminal, topicOf('T0001'), body)), {
      received: positions,
      stored: 0,
      duplicate: 0,
      quarantined: positions,
    })
    const rows = await quarantined(topicOf('T0001'))
    t.match(rows, [{ reason, positions, terminal_id: 'T0001', times: 1 }])
    t.equal(Buffer.compare(rows[0]!.payload, Buffer.from(body)), 0)
  })
}

t.test('the same bad bytes again are the same row, counted', async (t) => {
  await clear()
  await send(terminal, topicOf('T0001'), 'oops')
  await Promise.all([send(terminal, topicOf('T0001'), 'oops'), send(terminal, topicOf('T0001'), 'oops')])
  t.match(await quarantined(topicOf('T0001')), [{ reason: 'not-json', times: 3 }])
})

t.test('a terminal that nobody knows, and one that is on no vehicle', async (t) => {
  t.match(await counted(() => send(service, topicOf('T9999'), position())), { received: 1, quarantined: 1 })
  t.match(await quarantined(topicOf('T9999')), [{ reason: 'unknown-terminal', terminal_id: 'T9999' }])
  const unbound = await connectAs(t, port, 'TUNBOUND')
  t.match(await counted(() => send(unbound, topicOf('TUNBOUND'), [position(), position({ lat: 95 })])), { received: 2, quarantined: 2 })
  t.match((await quarantined(topicOf('TUNBOUND'))).map(({ reason }) => reason).sort(), ['schema', 'terminal-not-bound'])
})

t.test('a terminal registered while ingest runs is found when it first speaks', async (t) => {
  await db.query(
    `INSERT INTO vehicles SELECT 50, 'NEW', plate_colour, class, category, energy, make, model, seats, displacement_ml, registered_on, owner_unit_id, user_unit_id FROM every_vehicle WHERE vehicle_id = 1`,
  )
  await db.query(`INSERT INTO terminals VALUES ('TNEW', 50, '\\x00', 'GATE1')`)
  t.match(await counted(() => send(gateway, topicOf('TNEW'), position())), { stored: 1 })
})

t.test('a gateway publishes for its terminals, and for others only into quarantine', async (t) => {
  await clear()
  t.match(await counted(() => send(gateway, topicOf('T0002'), position())), { stored: 1 })
  t.match(await counted(() => send(gateway, topicOf('T0003'), position())), { stored: 0, quarantined: 1 })
  t.match(await quarantined(topicOf('T0003')), [{ reason: 'bad-topic', terminal_id: null, detail: /GATE1 is not the gateway/ }])
})

t.test('a terminal on the topic of another, or on no topic of ours: quarantined as its own, and acknowledged', async (t) => {
  await clear()
  await send(terminal, topicOf('T0002'), position())
  await send(terminal, `vmp/v1/${ADCODE}/T0001/up/unheard-of`, position())
  await send(terminal, 'somewhere/else', position())
  const foreign = await quarantined(topicOf('T0002'))
  t.match(foreign, [{ reason: 'bad-topic', terminal_id: 'T0001' }])
  t.match(foreign[0]!.detail, topicOf('T0002'))
  t.match(await quarantined(`vmp/v1/${ADCODE}/T0001/up/unheard-of`), [{ reason: 'bad-topic', terminal_id: 'T0001' }])
  t.match(await quarantined('somewhere/else'), [{ reason: 'bad-topic', terminal_id: 'T0001' }])
})

t.test('a topic of any length and any letters is quarantined and acknowledged, and holds nobody up', async (t) => {
  await clear()
  const letters = Array.from({ length: 60_000 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000))).join('')
  const topics = [letters.slice(0, 21_000), letters.slice(500, 3500), `vmp/v1/${ADCODE}/${'x'.repeat(60_000)}/up/location`]
  const counts = await counted(() =>
    Promise.all([...topics.map((topic) => send(service, topic, 'x')), send(terminal, topicOf('T0001'), position())]),
  )
  t.match(counts, { received: 4, stored: 1, quarantined: 3 })
  t.equal((await db.query('SELECT 1 FROM quarantine WHERE length(topic) = 200')).rows.length, 3)
})

t.test('names that cannot be ours are refused, while a gateway’s look-ups beside them go on', async (t) => {
  const attempts = ['T\u0000001', '\u0000', `T${'x'.repeat(2000)}`, '\ud83d', 'GATE1\u0000'].flatMap((name) =>
    Array.from({ length: 20 }, (_, n) => {
      const socket = connect({ port, host: '127.0.0.1' })
      t.teardown(() => socket.destroy())
      socket.write(connectPacket(`stranger-${n}`, name, 'x'))
      return once(socket, 'data') as Promise<[Buffer]>
    }),
  )
  const strangers = Array.from({ length: 40 }, (_, n) => send(gateway, topicOf(`STRANGE${n}`), position()))
  t.ok(
    (await Promise.all(attempts)).every(([connack]) => connack[3] === 4),
    'all told that their credentials are wrong',
  )
  await Promise.all(strangers)
  t.ok(gateway.connected)
})

t.test('a message with a name has a receipt once it is committed, which says how many of its positions were not stored', async (t) => {
  await terminal.subscribeAsync(`vmp/v1/${ADCODE}/T0001/dn/receipt/+`)
  t.teardown(() => terminal.unsubscribeAsync(`vmp/v1/${ADCODE}/T0001/dn/receipt/+`))
  const receiptOf = async (id: string, body: unknown) => {
    const heard = new Promise<string>((resolve) => {
      const listen = (topic: string, payload: Buffer): void => {
        if (topic !== `vmp/v1/${ADCODE}/T0001/dn/receipt/${id}`) return
        terminal.off('message', listen)
        resolve(payload.toString())
      }
      terminal.on('message', listen)
    })
    await send(terminal, `${topicOf('T0001')}/${id}`, body)
    return JSON.parse(await heard)
  }
  const time = Date.now() - 31_000
  t.same(await receiptOf('1', [position({ time }), position({ lat: 95 })]), { positions: 2, quarantined: 1 })
  t.equal((await db.query(`SELECT 1 FROM positions WHERE vehicle_id = 1 AND ts = to_timestamp($1::float8 / 1000)`, [time])).rows.length, 1)
  t.same(await receiptOf('again', position({ time })), { positions: 1, quarantined: 0 }, 'a duplicate is safe as well')
  t.same(await receiptOf('x'.repeat(32), 'oops'), { positions: 1, quarantined: 1 })
  await clear()
  await send(terminal, `${topicOf('T0001')}/not a name`, position())
  t.match(await quarantined(`${topicOf('T0001')}/not a name`), [{ reason: 'bad-topic' }])
})

t.test('quarantined bytes published again by our own service are ingested as the terminal’s own', async (t) => {
  const sent = position({ time: Date.now() - 7000 })
  t.match(await counted(() => send(service, topicOf('T0003'), sent)), { stored: 1 })
  t.match((await db.query('SELECT vehicle_id FROM positions WHERE vehicle_id = 3')).rows, [{ vehicle_id: 3 }])
})

t.test('QoS 0 is stored without an ack, QoS 2 with its own', async (t) => {
  const zero = position({ time: Date.now() - 11_000 })
  await terminal.publishAsync(topicOf('T0001'), JSON.stringify(zero), { qos: 0 })
  const counts = await counted(() =>
    terminal.publishAsync(topicOf('T0001'), JSON.stringify(position({ time: Date.now() - 12_000 })), { qos: 2 }),
  )
  t.match(counts, { quarantined: 0 })
  const { rows } = await db.query(`SELECT 1 FROM positions WHERE vehicle_id = 1 AND ts = to_timestamp($1::float8 / 1000)`, [zero.time])
  t.equal(rows.length, 1)
})

t.test('a row that the database refuses is quarantined with what the database says, and its neighbours are stored', async (t) => {
  await clear()
  await owner.query('ALTER TABLE positions ADD CONSTRAINT refused CHECK (altitude_m IS DISTINCT FROM 4242)')
  t.teardown(() => owner.query('ALTER TABLE positions DROP CONSTRAINT refused'))
  const now = Date.now()
  const body = Array.from({ length: 9 }, (_, i) => position({ time: now - 20_000 - i, altitudeM: i === 4 ? 4242 : 1000 }))
  t.same(await counted(() => send(terminal, topicOf('T0001'), body)), { received: 9, stored: 8, duplicate: 0, quarantined: 1 })
  t.match(await quarantined(topicOf('T0001')), [{ reason: 'schema', positions: 1, detail: /refuses it/ }])
})

t.test('received = stored + duplicate + quarantined, per terminal and in total', async (t) => {
  const { rows } = await db.query(
    'SELECT sum(received - stored - duplicate - quarantined)::bigint AS difference, sum(stored)::bigint AS stored FROM ingest_tally',
  )
  const table = await db.query(
    'SELECT (SELECT count(*) FROM positions) AS positions, (SELECT sum(stored)::bigint FROM last_states) AS counted',
  )
  t.match(rows[0], { difference: 0, stored: table.rows[0]!.positions })
  t.equal(table.rows[0]!.counted, table.rows[0]!.positions)
})
