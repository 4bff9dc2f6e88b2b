// The embedded broker's door over time: who is cut off when a secret ends, and who is on record of those who were not let in.
import { type EventEmitter, once } from 'node:events'
import type { MqttClient } from 'mqtt'
import t from 'tap'
import { createKnocks, KNOCKS_KEPT } from '../../services/ingest/knocks.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { sha256 } from '../../services/platform/crypto.ts'
import { connectAs, position, secretOf, startWorld, topicOf } from '../ingest/world.ts'

const { db, owner, port, ingest } = await startWorld(t)
const closed = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once('close', () => resolve()))
/** The promise of docs/operations.md. */
const CUT_MS = 5_000
/** @throws when it has not closed by then */
const closedWithin = (client: MqttClient, ms: number): Promise<unknown> =>
  once(client as never as EventEmitter, 'close', { signal: AbortSignal.timeout(ms) })
const change = (set: string, terminalId: string, ...values: unknown[]) =>
  owner.query(`UPDATE terminals SET ${set} WHERE terminal_id = $1`, [terminalId, ...values])
/** What the worker knows now is what the database has. */
const caughtUp = (): Promise<void> => ingest.terminals.catchUp()
const knocks = async () =>
  (await db.query<{ name: string; why: string; times: number; came_by: string }>('SELECT * FROM terminal_knocks ORDER BY name, why')).rows
/** Waits until somebody is on record as this; the broker's own second writes it. */
async function onRecord(name: string, why: string): Promise<{ times: number; came_by: string }> {
  for (;;) {
    const found = (await knocks()).find((knock) => knock.name === name && knock.why === why)
    if (found) return found
    await new Promise(setImmediate)
  }
}

for (const [name, set, value] of [
  ['is revoked', 'revoked_at = now()', undefined],
  ['is given another secret', 'credential_hash = $2', sha256('another-secret')],
  ['has its secret taken away', 'credential_hash = $2', null],
] as const) {
  t.test(`a terminal that ${name} is cut off within five seconds, and its old secret opens nothing`, async (t) => {
    await change('revoked_at = NULL, credential_hash = $2', 'T0001', sha256(secretOf('T0001')))
    await caughtUp()
    const [terminal, other] = [await connectAs(t, port, 'T0001'), await connectAs(t, port, 'T0002')]
    const gone = closedWithin(terminal, CUT_MS)
    await (value === undefined ? change(set, 'T0001') : change(set, 'T0001', value))
    await gone
    await t.rejects(connectAs(t, port, 'T0001'), { code: 4 })
    t.ok(other.connected, 'nobody else is')
  })
}

t.test('a secret that was issued a moment ago opens the door, whatever was remembered', async (t) => {
  const unknown = (id: string, secret: string) => t.rejects(connectAs(t, port, id, secret), { code: 4 })
  await caughtUp()
  await unknown('TFRESH', 'a-guess')
  const registered = (id: string, secret: string) =>
    owner.query('INSERT INTO terminals (terminal_id, credential_hash) VALUES ($1, $2)', [id, sha256(secret)])
  await registered('TFRESH', 'first-secret')
  await connectAs(t, port, 'TFRESH', 'first-secret')
  await change('credential_hash = $2', 'TFRESH', sha256('second-secret'))
  await connectAs(t, port, 'TFRESH', 'second-secret')
  await unknown('TFRESH', 'first-secret')
  await change('revoked_at = now()', 'TFRESH')
  await caughtUp()
  await unknown('TFRESH', 'second-secret')
  await change('revoked_at = NULL, credential_hash = $2', 'TFRESH', sha256('third-secret'))
  await connectAs(t, port, 'TFRESH', 'third-secret')
  await unknown('GFRESH', 'a-guess')
  await owner.query('INSERT INTO gateways VALUES ($1, $2)', ['GFRESH', sha256('first-secret')])
  await connectAs(t, port, 'GFRESH', 'first-secret')
})

t.test('a change that is none of its secret leaves a terminal connected', async (t) => {
  const terminal = await connectAs(t, port, 'T0002')
  await change('vehicle_id = NULL', 'T0002')
  await caughtUp()
  await change('vehicle_id = 2', 'T0002')
  await caughtUp()
  await terminal.publishAsync(topicOf('T0002'), JSON.stringify(position()), { qos: 1 })
  t.ok(terminal.connected)
})

t.test('a terminal that is taken out of the ledger by hand is cut off', async (t) => {
  await owner.query(`INSERT INTO terminals (terminal_id, credential_hash) VALUES ('TGONE', $1)`, [sha256(secretOf('TGONE'))])
  const gone = closed(await connectAs(t, port, 'TGONE'))
  await owner.query(`DELETE FROM terminals WHERE terminal_id = 'TGONE'`)
  await gone
  await t.rejects(connectAs(t, port, 'TGONE'), { code: 4 })
})

t.test('a gateway that is given another secret is cut off when everything is read again', async (t) => {
  const gone = closed(await connectAs(t, port, 'GATE2'))
  await owner.query(`UPDATE gateways SET credential_hash = $1 WHERE gateway_id = 'GATE2'`, [sha256('another-secret')])
  await ingest.terminals.refresh()
  await gone
  await t.rejects(connectAs(t, port, 'GATE2'), { code: 4 })
})

t.test('who is not let in is on record with why and from where, and never with the secret that was tried', async (t) => {
  await owner.query(
    `INSERT INTO terminals (terminal_id, credential_hash, revoked_at, gateway_id)
     VALUES ('KNONE', NULL, NULL, NULL), ('KREVOKED', $1, now(), NULL), ('KSPOKENFOR', NULL, now(), 'GATE1')`,
    [sha256(secretOf('KREVOKED'))],
  )
  await caughtUp()
  for (const [name, secret] of [
    ['KUNKNOWN', 'tried-secret-1'],
    ['T0003', 'tried-secret-2'],
    ['KNONE', 'tried-secret-3'],
    ['KREVOKED', secretOf('KREVOKED')],
    ['not a name', 'tried-secret-4'],
    ['morin-service', 'tried-secret-5'],
    // Name and secret given in each other's place.
    ['tried-secret-6-of-thirty-two-letter', 'KUNKNOWN'],
  ] as const)
    await t.rejects(connectAs(t, port, name, secret), { code: 4 })
  const gateway = await connectAs(t, port, 'GATE1')
  for (const name of ['KGATEWAY', 'KSPOKENFOR']) await gateway.publishAsync(topicOf(name), JSON.stringify(position()), { qos: 1 })
  t.match(await onRecord('KUNKNOWN', 'unknown'), { times: 1, came_by: '127.0.0.1' })
  t.match(await onRecord('T0003', 'secret'), { times: 1, came_by: '127.0.0.1' })
  t.match(await onRecord('KNONE', 'none'), { times: 1 })
  t.match(await onRecord('KREVOKED', 'revoked'), { times: 1 })
  t.match(await onRecord('KGATEWAY', 'gateway'), { times: 1, came_by: 'GATE1' })
  t.match(await onRecord('KSPOKENFOR', 'revoked'), { times: 1, came_by: 'GATE1' })
  const all = await knocks()
  t.notMatch(JSON.stringify(all), /tried-secret|not a name|morin-service/)
})

t.test('who is registered, or is let in, is done with', async (t) => {
  await onRecord('KUNKNOWN', 'unknown')
  await owner.query(`INSERT INTO terminals (terminal_id, credential_hash) VALUES ('KUNKNOWN', $1)`, [sha256(secretOf('KUNKNOWN'))])
  t.notOk((await knocks()).some(({ name }) => name === 'KUNKNOWN'))
  await onRecord('T0003', 'secret')
  await connectAs(t, port, 'T0003')
  while ((await knocks()).some(({ name }) => name === 'T0003')) await new Promise(setImmediate)
})

t.test('a terminal that sends faster than it may is on record, and coming anew does not take that away', async (t) => {
  const own = await createKnocks(db, systemClock)
  for (let n = 0; n < 3; n++) own.note('T0004', 'pace', '10.0.0.4')
  own.note('T0004', 'secret', '10.0.0.4')
  await own.write()
  own.note('T0004', 'pace', '10.0.0.5')
  own.forget('T0004')
  await own.write()
  t.match(
    (await knocks()).filter(({ name }) => name === 'T0004'),
    [{ why: 'pace', times: 4, came_by: '10.0.0.5' }],
  )
})

t.test('of a flood of names few are written at once and so many are kept, the latest', async (t) => {
  await db.query(
    `INSERT INTO terminal_knocks SELECT 'OLD' || n, 'unknown', now(), now() - interval '1 day' - n * interval '1 s', 1, '10.0.0.1' FROM generate_series(1, $1::int) n`,
    [KNOCKS_KEPT],
  )
  const own = await createKnocks(db, systemClock)
  for (let n = 0; n < 50_000; n++) own.note(`FLOOD${n}`, 'unknown', '10.0.0.2')
  own.note('FLOOD0', 'unknown', '10.0.0.3')
  await own.write()
  const all = await knocks()
  const flood = all.filter(({ name }) => name.startsWith('FLOOD'))
  t.equal(flood.length, 1000)
  t.match(
    flood.find(({ name }) => name === 'FLOOD0'),
    { times: 2, came_by: '10.0.0.3' },
  )
  t.equal(all.length, KNOCKS_KEPT)
  const old = new Set(all.map(({ name }) => name))
  t.ok(old.has('OLD1') && !old.has(`OLD${KNOCKS_KEPT}`), 'the oldest have left')
})
