// Two workers on one server broker: a terminal that changes its vehicle does so for both at once, also while thousands of positions flow.
import t from 'tap'
import { configSchema } from '../../services/ingest/config.ts'
import { buildIngest } from '../../services/ingest/service.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { openDatabase, type Queryable } from '../../services/platform/db.ts'
import { createLogger } from '../../services/platform/log.ts'
import { connectAs, mosquitto, mosquittoPath } from '../broker/brokers.ts'
import { addTerminal, addVehicles, misplaced, move, timesOf } from './fleetBindings.ts'
import { position, SERVICE_SECRET, startWorld, topicOf } from './world.ts'

const skip = mosquittoPath ? false : 'mosquitto is not installed: two workers were not tried'

/** The sums of what the workers counted, once they have received so many positions. */
async function received(
  db: Queryable,
  positions: number,
): Promise<{ stored: number; duplicate: number; quarantined: number; workers: number }> {
  for (;;) {
    const { rows } = await db.query<{ received: number; stored: number; duplicate: number; quarantined: number; workers: number }>(
      `SELECT coalesce(sum(received), 0)::int AS received, sum(stored)::int AS stored, sum(duplicate)::int AS duplicate, sum(quarantined)::int AS quarantined,
              count(DISTINCT worker) FILTER (WHERE stored > 0)::int AS workers FROM ingest_tally`,
    )
    if (rows[0]!.received >= positions) return rows[0]!
  }
}

t.test('what two workers store is the truth by device time, whatever changes meanwhile', { skip }, async (t) => {
  const broker = await mosquitto(t)
  const flags = { 'mqtt-url': `mqtt://127.0.0.1:${broker.port}`, 'mqtt-port': '1883', worker: 'one' }
  const { db, owner, database } = await startWorld(t, flags)
  const secondDb = openDatabase({ url: database.appUrl, applicationName: 'second', onIdleError: () => undefined })
  const second = await buildIngest({
    db: secondDb,
    clock: systemClock,
    log: createLogger('test', 'silent'),
    config: configSchema.parse({ 'database-url': database.url, 'service-secret': SERVICE_SECRET, ...flags, worker: 'two' }),
  })
  await second.start()
  t.teardown(async () => {
    await second.stop()
    await secondDb.close()
  })
  await addVehicles(owner, 101, 160)
  const ids = Array.from({ length: 10 }, (_, i) => `FLOW${i}`)
  for (const [i, id] of ids.entries()) await addTerminal(owner, id, 101 + i)
  const sender = await connectAs(t, broker.port, 'T0001')
  const send = (id: string, timesMs: number[]) =>
    sender.publishAsync(topicOf(id), JSON.stringify(timesMs.map((time) => position({ time }))), { qos: 1 })
  let sent = 0

  await t.test('each batch after a swap goes to the second vehicle, in both workers', async (t) => {
    const before = Date.now()
    await Promise.all(Array.from({ length: 50 }, (_, n) => send('FLOW0', [before - n])))
    sent += 50
    await received(db, sent)
    await move(owner, 'FLOW0', 150)
    const after = Date.now() + 1
    await Promise.all(Array.from({ length: 50 }, (_, n) => send('FLOW0', [after + n])))
    sent += 50
    t.match(await received(db, sent), { stored: 100, quarantined: 0, workers: 2 })
    t.equal((await timesOf(db, 101)).length, 50)
    t.equal((await timesOf(db, 150)).length, 50)
  })

  await t.test('while thousands flow, news and backlog in one message, each swap parts them to the millisecond', async (t) => {
    const yesterday = Date.now() - 24 * 3_600_000
    const [rounds, swaps] = [150, 30]
    const last = new Map<string, number>()
    const flow = async (): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        const nowMs = Date.now()
        const due = ids.slice(1).filter((id) => (last.get(id) ?? 0) < nowMs)
        for (const id of due) last.set(id, nowMs)
        await Promise.all(due.map((id) => send(id, [nowMs, yesterday + round])))
        sent += due.length * 2
      }
    }
    const swap = async (): Promise<void> => {
      for (let n = 0; n < swaps; n++) await move(owner, ids[1 + (n % 9)]!, n % 5 === 4 ? null : 111 + n)
    }
    await Promise.all([flow(), swap()])
    const { stored, duplicate, quarantined, workers } = await received(db, sent)
    t.equal(stored + duplicate + quarantined, sent)
    t.equal(duplicate, 0)
    t.equal(workers, 2)
    t.ok(stored > 2000, `${stored} stored, ${quarantined} of a time in no vehicle`)
    t.equal(await misplaced(db), 0)
    const { rows } = await db.query<{ n: number }>(
      `SELECT coalesce(sum(positions * times), 0)::int AS n FROM quarantine WHERE reason = 'terminal-not-bound'`,
    )
    t.equal(rows[0]!.n, quarantined, 'and what is nobody’s is put aside')
  })
})
