// A kind of message that is made up here and nowhere else: what a kind says of itself is enough to be decoded, validated, bound, stored,
// counted, quarantined and conserved. Rows are counted, and the counters held against them.
import type { MqttClient } from 'mqtt'
import t from 'tap'
import { terminalConservation, totalConservation } from '../../services/dispatch/operations/conservation.ts'
import { jsonElements } from '../../services/ingest/kinds/jsonElements.ts'
import type { Kind } from '../../services/ingest/kinds/kind.ts'
import { openKinds } from '../../services/ingest/kinds.ts'
import type { Reading } from '../../services/ingest/message.ts'
import { settle } from '../../services/ingest/settle.ts'
import { type Committed, countElements, countMessages, partOf } from '../../services/ingest/work.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { createLogger } from '../../services/platform/log.ts'
import { ADCODE, connectAs, position, SERVICE_SECRET, startWorld, topicOf } from './world.ts'

/** A door that was opened or shut: exactly once by (vehicle, device time), like a position. */
type Door = { atMs: number; open: boolean }
const many = { most: 3, counted: 'doors', tooMany: 'schema' } as const
const doors: Kind<Door> = {
  name: 'door',
  counted: many.counted,
  countsItself: false,
  decode: (payload) => jsonElements(payload, many),
  validate(element) {
    const { at, open } = (element ?? {}) as { at?: unknown; open?: unknown }
    if (typeof at !== 'number' || typeof open !== 'boolean') return { reason: 'schema', detail: 'a door has a time and is open or not' }
    return { value: { atMs: at, open } }
  },
  timeMs: ({ atMs }) => atMs,
  async store(client, _worker, readings) {
    const { rows } = await client.query<{ vehicleId: number; ms: number }>(
      `INSERT INTO doors SELECT vehicle_id, to_timestamp(ms / 1000), open FROM unnest($1::int[], $2::float8[], $3::boolean[]) AS d(vehicle_id, ms, open)
       ON CONFLICT DO NOTHING RETURNING vehicle_id AS "vehicleId", (extract(epoch FROM at) * 1000)::float8 AS ms`,
      [readings.map(({ vehicleId }) => vehicleId), readings.map(({ value }) => value.atMs), readings.map(({ value }) => value.open)],
    )
    const isNew = new Set(rows.map(({ vehicleId, ms }) => `${vehicleId} ${ms}`))
    // Of equal ones the first is the one that was stored.
    const duplicates = readings.filter(({ vehicleId, value }) => !isNew.delete(`${vehicleId} ${value.atMs}`))
    return { duplicates, news: readings.filter((reading) => !duplicates.includes(reading)) }
  },
  tell: (worker, news) => [`live/v1/${worker}/doors`, Buffer.from(String(news.length))],
}

const world = await startWorld(t, {}, async (owner, role) => {
  await owner.query('CREATE TABLE doors (vehicle_id int, at timestamptz, open boolean NOT NULL, PRIMARY KEY (vehicle_id, at))')
  await owner.query(`GRANT SELECT, INSERT ON doors TO ${role}`)
  return new Map([...(await openKinds(owner)), ['door', doors]])
})
const { db, owner, port } = world
const terminal = await connectAs(t, port, 'T0001')
const unbound = await connectAs(t, port, 'TUNBOUND')
const service = await connectAs(t, port, 'morin-service', SERVICE_SECRET)
const doorTopic = (terminalId: string): string => `vmp/v1/${ADCODE}/${terminalId}/up/door`
const send = (client: MqttClient, topic: string, body: unknown) =>
  client.publishAsync(topic, typeof body === 'string' ? body : JSON.stringify(body), { qos: 1 })

async function tallies() {
  const { rows } = await db.query<Record<string, number> & { kind: string }>(
    `SELECT kind, sum(received)::int AS received, sum(stored)::int AS stored, sum(duplicate)::int AS duplicate, sum(quarantined)::int AS quarantined,
            sum(messages_received)::int AS "inMessages", sum(messages_stored)::int AS "messagesStored",
            sum(messages_duplicate)::int AS "messagesDuplicate", sum(messages_quarantined)::int AS "messagesQuarantined"
       FROM ingest_tally GROUP BY kind ORDER BY kind`,
  )
  return Object.fromEntries(rows.map(({ kind, ...counts }) => [kind, counts]))
}
const count = async (what: string) => (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${what}`)).rows[0]!.n

t.test('messages of a made-up kind are stored, known already or put aside beside positions, and all are counted', async (t) => {
  await service.subscribeAsync('live/v1/+/doors')
  const told = new Promise<string>((resolve) => service.once('message', (_topic, payload) => resolve(payload.toString())))
  const now = Date.now()
  const first = [
    { at: now - 3000, open: true },
    { at: now - 2000, open: false },
  ]
  await send(terminal, doorTopic('T0001'), first)
  t.equal(await told, '2', 'those who listen were told')
  await send(terminal, doorTopic('T0001'), first)
  // One new, one known, one bad; then more than there may be, rubbish, a terminal in no vehicle; positions; and what is of no kind.
  await send(terminal, doorTopic('T0001'), [{ at: now - 1000, open: true }, first[0], { at: 'yesterday' }])
  await send(terminal, doorTopic('T0001'), new Array(4).fill(first[0]))
  await send(terminal, doorTopic('T0001'), 'oops')
  await send(unbound, doorTopic('TUNBOUND'), first)
  await send(terminal, topicOf('T0001'), [position(), position({ lat: 95 })])
  await send(terminal, `vmp/v1/${ADCODE}/T0001/up/unheard-of`, [1, 2])

  t.equal(await count('doors'), 3)
  t.equal(await count('positions'), 1)
  t.same((await db.query('SELECT vehicle_id, open FROM doors ORDER BY at')).rows, [
    { vehicle_id: 1, open: true },
    { vehicle_id: 1, open: false },
    { vehicle_id: 1, open: true },
  ])
  const byReason = await db.query(
    `SELECT split_part(topic, '/', 6) AS kind, reason, positions AS elements FROM quarantine ORDER BY quarantine_id`,
  )
  t.same(byReason.rows, [
    { kind: 'door', reason: 'schema', elements: 1 },
    { kind: 'door', reason: 'schema', elements: 4 },
    { kind: 'door', reason: 'not-json', elements: 1 },
    { kind: 'door', reason: 'terminal-not-bound', elements: 2 },
    { kind: 'location', reason: 'schema', elements: 1 },
    { kind: 'unheard-of', reason: 'bad-topic', elements: 2 },
  ])
  const none = { stored: 0, duplicate: 0, messagesStored: 0, messagesDuplicate: 0 }
  t.same(await tallies(), {
    door: {
      ...{ received: 14, stored: 3, duplicate: 3, quarantined: 8 },
      ...{ inMessages: 6, messagesStored: 1, messagesDuplicate: 1, messagesQuarantined: 4 },
    },
    location: { ...none, received: 2, stored: 1, quarantined: 1, inMessages: 1, messagesQuarantined: 1 },
    none: { ...none, received: 2, quarantined: 2, inMessages: 1, messagesQuarantined: 1 },
  })
  t.match(await totalConservation(db), {
    ...{ received: 18, stored: 4, duplicate: 3, quarantined: 11, difference: 0 },
    messages: { received: 8, stored: 1, duplicate: 1, quarantined: 6, difference: 0 },
  })
  t.same(
    await terminalConservation(db, { lft: 1, rgt: 2, cleared: [], unmasked: [] }, 'T0001', {}),
    { received: 16, stored: 4, duplicate: 3, quarantined: 9, difference: 0 },
    'and terminal by terminal',
  )
})

t.test('a receipt says in the words of the kind how many there were', async (t) => {
  await terminal.subscribeAsync(`vmp/v1/${ADCODE}/T0001/dn/receipt/+`)
  const heard = new Promise<string>((resolve) => terminal.once('message', (_topic, payload) => resolve(payload.toString())))
  await send(terminal, `${doorTopic('T0001')}/1`, [{ at: Date.now(), open: true }, {}])
  t.same(JSON.parse(await heard), { doors: 2, quarantined: 1 })
})

t.test('what the database refuses of one kind is found and quarantined, and nothing of another is lost', async (t) => {
  await owner.query('ALTER TABLE doors ADD CONSTRAINT refused CHECK (NOT (open AND extract(year FROM at) = 2020))')
  const before = await tallies()
  const at = Date.UTC(2020, 1, 1)
  const bad = { at, open: true }
  const sent = [send(terminal, doorTopic('T0001'), [{ at: at + 1, open: false }, bad]), send(terminal, topicOf('T0001'), position())]
  await Promise.all(sent)
  const after = await tallies()
  const grown = (kind: string, what: string) => after[kind]![what]! - before[kind]![what]!
  t.equal(grown('door', 'received'), 2)
  t.equal(grown('door', 'stored'), 1)
  t.equal(grown('door', 'quarantined'), 1)
  t.equal(grown('door', 'inMessages'), 1, 'a message that was divided is one message')
  t.equal(grown('door', 'messagesStored') + grown('door', 'messagesQuarantined'), 1)
  t.equal(grown('location', 'stored'), 1)
  t.equal(await count(`doors WHERE extract(year FROM at) = 2020`), 1)
})

t.test('a counter that does not balance is a difference, and one kind does not make up for another', async (t) => {
  await owner.query(
    `INSERT INTO ingest_tally (worker, minute, kind, received, stored, duplicate, quarantined)
     VALUES ('w', '2001-01-01', 'door', 3, 2, 0, 0), ('w', '2001-01-01', 'location', 2, 3, 0, 0)`,
  )
  const window = { to: new Date('2001-01-02') }
  t.match(await totalConservation(db, window), { received: 5, stored: 5, difference: 2 })
})

t.test('however a batch of several kinds is divided, every element and every message of it is counted once', async (t) => {
  const message = () => ({ topic: '', payload: new Uint8Array(), receivedMs: 0, ack: () => undefined })
  const messages = Array.from({ length: 9 }, message)
  const readings = (each: number): Reading<Door>[] =>
    messages.flatMap((message) =>
      Array.from({ length: each }, (_, n) => ({ vehicleId: 1, terminalId: 'T', message, value: { atMs: n, open: n === 2 } })),
    )
  const other: Kind<Door> = { ...doors, name: 'other' }
  const fault = { message: messages[0]!, terminalId: 'T', reason: 'schema', detail: '', elements: 5 } as const
  const work = { parts: [partOf(doors, readings(5), [fault]), partOf(other, readings(2), [])] }
  t.match(work.parts, [{ received: { elements: 50, messages: 9 } }, { received: { elements: 18, messages: 9 } }])
  const commit = async ({ parts }: { parts: readonly ReturnType<typeof partOf>[] }): Promise<Committed> => {
    for (const { kind, readings } of parts)
      if (kind.name === 'door' && (readings as Reading<Door>[]).some(({ value }) => value.open))
        throw Object.assign(new Error('refused'), { code: '23514' })
    return parts.map((part) => ({
      ...part,
      elements: countElements(part, []),
      messages: countMessages(part, []),
      duplicates: [],
      news: [],
    }))
  }
  const committed = await settle(work, { commit, clock: systemClock, log: createLogger('test', 'silent') })
  const of = (name: string) => committed.find(({ kind }) => kind.name === name)!
  t.same(of('door').elements, { received: 50, stored: 36, duplicate: 0, quarantined: 14 })
  const { received, stored, quarantined } = of('door').messages
  t.equal(received, 9)
  t.equal(stored + quarantined, 9)
  t.same(of('other').elements, { received: 18, stored: 18, duplicate: 0, quarantined: 0 })
  t.same(of('other').messages, { received: 9, stored: 9, duplicate: 0, quarantined: 0 })
})
