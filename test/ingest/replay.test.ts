// What is put through again by our own service, and when a terminal was last heard: its own word, whatever became of it.
import t from 'tap'
import { connectAs, position, SERVICE_SECRET, secretOf, startWorld, topicOf } from './world.ts'

const { db, owner, port } = await startWorld(t)
const [terminal, service] = [await connectAs(t, port, 'T0003'), await connectAs(t, port, 'morin-service', SERVICE_SECRET)]
const rowsOf = async (terminalId: string) =>
  (
    await db.query<{ times: number; positions: number; earlier: number }>(
      'SELECT times, positions, earlier_positions AS earlier FROM quarantine WHERE terminal_id = $1',
      [terminalId],
    )
  ).rows
const tallied = async (what: 'messages' | 'positions') =>
  (await db.query<{ n: number }>(`SELECT coalesce(sum(${what}), 0)::bigint AS n FROM quarantine_tally`)).rows[0]!.n
/** Waits until it was heard after `sinceMs`: the worker's own second writes it. */
async function heardAfter(terminalId: string, sinceMs: number): Promise<number> {
  for (;;) {
    const { rows } = await db.query<{ at: Date }>('SELECT last_at AS at FROM terminal_contacts WHERE terminal_id = $1', [terminalId])
    if (rows[0] && rows[0].at.getTime() > sinceMs) return rows[0].at.getTime()
    await new Promise(setImmediate)
  }
}

t.test('a message that is put through again leaves aside what is left of it, and tally and rows agree', async (t) => {
  const now = Date.now()
  const send = (by: typeof terminal) => by.publishAsync(topicOf('TUNBOUND'), payload, { qos: 1 })
  const payload = JSON.stringify([30, 20, 10].map((s) => position({ time: now - s * 60_000 })))
  const unbound = await connectAs(t, port, 'TUNBOUND')
  await send(unbound)
  t.same(await rowsOf('TUNBOUND'), [{ times: 1, positions: 3, earlier: 0 }])
  await owner.query(
    `INSERT INTO vehicles SELECT 60, 'SPARE', plate_colour, class, category, energy, make, model, seats, displacement_ml, registered_on, owner_unit_id, user_unit_id FROM every_vehicle WHERE vehicle_id = 1`,
  )
  await owner.query(`UPDATE terminals SET vehicle_id = 60, bound_since = $1 WHERE terminal_id = 'TUNBOUND'`, [new Date(now - 25 * 60_000)])
  await send(service)
  t.same(await rowsOf('TUNBOUND'), [{ times: 2, positions: 1, earlier: 3 }], 'two of the three are stored now')
  t.equal(await tallied('positions'), 4)
})

t.test('a message that is put through again and comes back was put aside once more, as the tally has it', async (t) => {
  const send = (by: typeof terminal) => by.publishAsync(topicOf('T0003'), 'no message', { qos: 1 })
  const before = await tallied('messages')
  await send(terminal)
  await send(service)
  t.same(await rowsOf('T0003'), [{ times: 2, positions: 1, earlier: 1 }])
  t.equal((await tallied('messages')) - before, 2)
})

t.test(
  'a terminal is heard by what it says, be it stored or refused, and by being let in; not by what is put through for it',
  async (t) => {
    const payload = JSON.stringify(position())
    const beforeMs = Date.now()
    await heardAfter('T0003', 0)
    await terminal.publishAsync(topicOf('T0003'), payload, { qos: 1 })
    const storedMs = await heardAfter('T0003', beforeMs)
    await terminal.publishAsync(topicOf('T0002'), payload, { qos: 1 })
    const refusedMs = await heardAfter('T0003', storedMs)
    await service.publishAsync(topicOf('T0003'), payload, { qos: 1 })
    await service.publishAsync(topicOf('T0002'), payload, { qos: 1 })
    await connectAs(t, port, 'T0001', secretOf('T0001'))
    await heardAfter('T0001', 0)
    const { rows } = await db.query<{ id: string; at: Date }>('SELECT terminal_id AS id, last_at AS at FROM terminal_contacts')
    const at = new Map(rows.map((row) => [row.id, row.at.getTime()]))
    t.equal(at.get('T0003'), refusedMs)
    t.notOk(at.has('T0002'), 'what was said in its name, or put through for it, is not its word')
    await owner.query(`UPDATE terminals SET vehicle_id = NULL WHERE terminal_id = 'T0003'`)
    t.equal(await heardAfter('T0003', 0), refusedMs, 'taken off, it was heard all the same')
  },
)
