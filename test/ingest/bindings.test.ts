// Whose a position is: the vehicle's in which its terminal was when it was taken, however late it comes, and at once after a change.
import type { MqttClient } from 'mqtt'
import t from 'tap'
import type { Sight } from '../../services/dispatch/kernel/caller.ts'
import { readTerminal } from '../../services/dispatch/terminals/terminalDetail.ts'
import { addTerminal, addVehicles, move, timesOf } from './fleetBindings.ts'
import { ADCODE, connectAs, position, SERVICE_SECRET, startWorld, topicOf } from './world.ts'

const HOUR = 3_600_000
const { db, owner, port, ingest } = await startWorld(t)
await addVehicles(owner, 11, 60)
const gateway = await connectAs(t, port, 'GATE1')
const service = await connectAs(t, port, 'morin-service', SERVICE_SECRET)
await service.subscribeAsync(`vmp/v1/${ADCODE}/+/dn/receipt/+`)
let receipts = 0

const at = (...timesMs: number[]) => timesMs.map((time) => position({ time }))
const send = (terminalId: string, body: unknown, by: MqttClient = gateway) =>
  by.publishAsync(topicOf(terminalId), JSON.stringify(body), { qos: 1 })
/** Sends and waits for what the terminal is told. */
async function receiptOf(terminalId: string, body: unknown): Promise<{ positions: number; quarantined: number }> {
  const id = `r${++receipts}`
  const heard = new Promise<string>((resolve) => {
    const listen = (topic: string, payload: Buffer): void => {
      if (!topic.endsWith(`/${id}`)) return
      service.off('message', listen)
      resolve(payload.toString())
    }
    service.on('message', listen)
  })
  await gateway.publishAsync(`${topicOf(terminalId)}/${id}`, JSON.stringify(body), { qos: 1 })
  return JSON.parse(await heard)
}
const putAside = async (terminalId: string) =>
  (
    await db.query<{ reason: string; detail: string; positions: number; topic: string; payload: Buffer }>(
      'SELECT reason, detail, positions, topic, payload FROM quarantine WHERE terminal_id = $1 ORDER BY quarantine_id',
      [terminalId],
    )
  ).rows

t.test('a terminal moved to another vehicle: its backlog is the first one’s, its next report the second one’s, at once', async (t) => {
  await addTerminal(owner, 'MOVED', 11)
  const yesterday = Date.now() - 24 * HOUR
  const before = Date.now() - 5_000
  await send('MOVED', at(before))
  await move(owner, 'MOVED', 12)
  const live = Date.now()
  await send('MOVED', at(live))
  await send('MOVED', at(yesterday, yesterday + 10_000, yesterday + 20_000))
  t.same(await timesOf(db, 11), [yesterday, yesterday + 10_000, yesterday + 20_000, before])
  t.same(await timesOf(db, 12), [live])
  t.match((await db.query('SELECT vehicle_id, stored FROM last_states WHERE vehicle_id IN (11, 12) ORDER BY 1')).rows, [
    { vehicle_id: 11, stored: 4 },
    { vehicle_id: 12, stored: 1 },
  ])
})

t.test('positions of one message go to the three vehicles in which the terminal was', async (t) => {
  const now = Date.now()
  await addTerminal(owner, 'THREE', 13)
  await move(owner, 'THREE', 14, now - 2 * HOUR)
  await move(owner, 'THREE', 15, now - HOUR)
  const sent = at(now - 10, now - 3 * HOUR, now - 90 * 60_000, now - 4 * HOUR, now - 20)
  t.same(await receiptOf('THREE', sent), { positions: 5, quarantined: 0 })
  t.same(await timesOf(db, 13), [now - 4 * HOUR, now - 3 * HOUR])
  t.same(await timesOf(db, 14), [now - 90 * 60_000])
  t.same(await timesOf(db, 15), [now - 20, now - 10])
  t.same(await receiptOf('THREE', sent), { positions: 5, quarantined: 0 }, 'all five are duplicates now')
  t.match((await db.query(`SELECT sum(duplicate)::int AS n FROM terminal_tally WHERE terminal_id = 'THREE'`)).rows, [{ n: 5 }])
})

t.test('the moment of the change is the second vehicle’s, the millisecond before it the first one’s', async (t) => {
  const change = Date.now() - HOUR
  await addTerminal(owner, 'EDGE', 16)
  await move(owner, 'EDGE', 17, change)
  await send('EDGE', at(change - 1, change))
  t.same(await timesOf(db, 16), [change - 1])
  t.same(await timesOf(db, 17), [change])
})

t.test('two terminals that change places keep each its own past', async (t) => {
  const change = Date.now() - HOUR
  await addTerminal(owner, 'PLACE1', 18)
  await addTerminal(owner, 'PLACE2', 19)
  await move(owner, 'PLACE1', null, change)
  await move(owner, 'PLACE2', 18, change)
  await move(owner, 'PLACE1', 19, change + 1)
  await send('PLACE1', at(change - 1000, change + 1000))
  await send('PLACE2', at(change - 2000, change + 2000))
  t.same(await timesOf(db, 18), [change - 1000, change + 2000])
  t.same(await timesOf(db, 19), [change - 2000, change + 1000])
})

t.test('a time in which the terminal was on no vehicle is nobody’s, and is kept with since when and until when', async (t) => {
  const [off, on] = [Date.now() - 3 * HOUR, Date.now() - HOUR]
  await addTerminal(owner, 'PAUSED', 20)
  await move(owner, 'PAUSED', null, off)
  t.same(await receiptOf('PAUSED', at(off - 1, off)), { positions: 2, quarantined: 1 })
  await move(owner, 'PAUSED', 21, on)
  t.same(await receiptOf('PAUSED', at(off + 5000, on - 1, on)), { positions: 3, quarantined: 2 })
  t.same(await timesOf(db, 20), [off - 1])
  t.same(await timesOf(db, 21), [on])
  const iso = (ms: number) => new Date(ms).toISOString()
  t.match(await putAside('PAUSED'), [
    { reason: 'terminal-not-bound', positions: 1, detail: `terminal PAUSED is on no vehicle since ${iso(off)}` },
    { reason: 'terminal-not-bound', positions: 2, detail: `terminal PAUSED was on no vehicle since ${iso(off)} until ${iso(on)}` },
  ])
})

t.test('what was put aside for want of a vehicle is stored when it is put through again after the binding was put right', async (t) => {
  const now = Date.now()
  await addTerminal(owner, 'LATEFIT', null)
  await move(owner, 'LATEFIT', 22, now - 10 * 60_000)
  await send('LATEFIT', at(now - 3 * HOUR, now - HOUR, now - 60_000))
  const [aside] = await putAside('LATEFIT')
  t.match(aside, { reason: 'terminal-not-bound', positions: 2, detail: / until / })
  await move(owner, 'LATEFIT', 22, now - 2 * HOUR)
  await service.publishAsync(aside!.topic, aside!.payload, { qos: 1 })
  t.same(await timesOf(db, 22), [now - HOUR, now - 60_000])
})

t.test('a clock that is ahead speaks for the vehicle in which the terminal is', async (t) => {
  const ahead = Date.now() + 4 * 60_000
  await addTerminal(owner, 'AHEAD', 24)
  await move(owner, 'AHEAD', 25)
  await send('AHEAD', at(ahead))
  t.same(await timesOf(db, 25), [ahead])
})

t.test('what a terminal sent last is its own: after a backlog, after a swap, and after a clock that was ahead', async (t) => {
  const lastOf = async (terminalId: string) =>
    (await readTerminal(db, { organisationId: 1, lft: 1, rgt: 2, cleared: [], unmasked: [] } as Sight, terminalId, true)).lastPosition
      ?.at ?? null
  const iso = (ms: number) => new Date(ms).toISOString()
  const now = Date.now()
  for (const [id, vehicleId] of [
    ['SWAP1', 50],
    ['SWAP2', 51],
  ] as const)
    await addTerminal(owner, id, vehicleId)
  await send('SWAP1', at(now - 5_000))
  await send('SWAP2', at(now - 4_000))
  t.same([await lastOf('SWAP1'), await lastOf('SWAP2')], [iso(now - 5_000), iso(now - 4_000)])
  await send('SWAP1', at(now - 24 * HOUR, now - 23 * HOUR))
  t.equal(await lastOf('SWAP1'), iso(now - 5_000), 'what comes late is not the last')
  const swapped = Date.now()
  await move(owner, 'SWAP1', null, swapped)
  await move(owner, 'SWAP2', 50, swapped)
  await move(owner, 'SWAP1', 51, swapped + 1)
  t.same([await lastOf('SWAP1'), await lastOf('SWAP2')], [null, null], 'neither has the other’s')
  await send('SWAP1', at(now - 3_000))
  t.same([await lastOf('SWAP1'), await lastOf('SWAP2')], [null, null], 'a backlog is of the vehicle it was in')
  await send('SWAP1', at(swapped + 2))
  t.same([await lastOf('SWAP1'), await lastOf('SWAP2')], [iso(swapped + 2), null])
  await addTerminal(owner, 'FAST1', 52)
  await addTerminal(owner, 'FAST2', null)
  await send('FAST1', at(Date.now() + 4 * 60_000))
  await move(owner, 'FAST1', null)
  await move(owner, 'FAST2', 52)
  t.equal(await lastOf('FAST2'), null, 'it was said before this one came, by a clock that was ahead')
})

t.test('a terminal that was unknown a moment ago is known as soon as it is registered', async (t) => {
  await send('STRANGER', at(Date.now()))
  t.match(await putAside('STRANGER'), [{ reason: 'unknown-terminal' }])
  await addTerminal(owner, 'STRANGER', 26)
  const time = Date.now()
  await send('STRANGER', at(time))
  t.same(await timesOf(db, 26), [time])
})

t.test('a terminal that is taken out of the ledger by hand is unknown at once', async (t) => {
  await addTerminal(owner, 'REMOVED', 27)
  await send('REMOVED', at(Date.now()))
  await owner.query(`DELETE FROM terminals WHERE terminal_id = 'REMOVED'`)
  await send('REMOVED', at(Date.now()))
  t.match(await putAside('REMOVED'), [{ reason: 'unknown-terminal' }])
  t.equal((await timesOf(db, 27)).length, 1)
})

t.test('a gateway may not speak for a revoked terminal, whatever the time of the position', async (t) => {
  await addTerminal(owner, 'REVOKED', 28)
  await owner.query(`UPDATE terminals SET revoked_at = now() WHERE terminal_id = 'REVOKED'`)
  t.same(await receiptOf('REVOKED', at(Date.now(), Date.now() - HOUR)), { positions: 2, quarantined: 2 })
  t.match(await putAside('REVOKED'), [{ reason: 'terminal-revoked', positions: 2 }])
  t.same(await timesOf(db, 28), [])
  await owner.query(`UPDATE terminals SET revoked_at = NULL WHERE terminal_id = 'REVOKED'`)
  t.same(await receiptOf('REVOKED', at(Date.now())), { positions: 1, quarantined: 0 })
})

t.test('a worker to which nobody sends learns of a change too', async (t) => {
  await addTerminal(owner, 'QUIET', 29)
  const { rows } = await db.query<{ revision: number }>(`SELECT revision FROM terminals WHERE terminal_id = 'QUIET'`)
  await new Promise<void>((resolve) => {
    ingest.terminals.onChange(() => {
      if (ingest.terminals.revision() >= rows[0]!.revision) resolve()
    })
  })
  t.match(ingest.terminals.terminal('QUIET'), { vehicleId: 29, revoked: false })
})

t.test('everything was counted: received = stored + duplicate + quarantined, and stored is what is there', async (t) => {
  const { rows } = await db.query(
    'SELECT sum(received - stored - duplicate - quarantined)::bigint AS difference, sum(stored)::bigint AS stored FROM ingest_tally',
  )
  const table = await db.query('SELECT count(*) AS positions FROM positions')
  t.match(rows[0], { difference: 0, stored: table.rows[0]!.positions })
})
