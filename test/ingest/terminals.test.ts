// Looking up who somebody is: whatever names come, each is judged for itself, and what is remembered of strangers is bounded.
import fc from 'fast-check'
import t from 'tap'
import { createTerminals } from '../../services/ingest/terminals.ts'
import { systemClock } from '../../services/platform/clock.ts'
import type { Queryable, Row } from '../../services/platform/db.ts'

/** A database that knows T0001 to T0099 and refuses whatever `refuses` says; it keeps the ids that it was asked for. */
function database(refuses: (id: string) => boolean = () => false, sqlState = '22021') {
  const asked: string[][] = []
  const db: Queryable = {
    query<R extends Row>(sql: string, [ids]: unknown[] = []) {
      if (!sql.includes('FROM terminals')) return Promise.resolve({ rows: [], rowCount: 0 })
      asked.push(ids as string[])
      if ((ids as string[]).some(refuses)) return Promise.reject(Object.assign(new Error('refused'), { code: sqlState }))
      const rows = (ids as string[])
        .filter((id) => /^T00\d\d$/.test(id))
        .map((terminalId) => ({ terminalId, vehicleId: 1, gatewayId: null, credentialHash: new Uint8Array() }))
      return Promise.resolve({ rows: rows as unknown as R[], rowCount: rows.length })
    },
  }
  return { db, asked }
}

t.test('what cannot be a name of ours is nobody, and the database is never asked about it', async (t) => {
  const { db, asked } = database()
  const terminals = createTerminals(db, systemClock)
  for (const id of [
    '',
    'T\u0000001',
    '\u0000',
    'T0001\n',
    '\ud800',
    'T0001\udc00',
    '终端',
    'T 01',
    'T/01',
    '+',
    '#',
    'x'.repeat(65),
    'x'.repeat(60_000),
  ]) {
    await terminals.resolve(id)
    t.equal(terminals.terminal(id), null, JSON.stringify(id.slice(0, 20)))
    t.equal(terminals.gateway(id), null, JSON.stringify(id.slice(0, 20)))
  }
  t.same(asked, [])
})

t.test('one name that the database refuses fails itself only, wherever it stands among the others', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...Array(40).keys()], { minLength: 1 }), fc.nat(39), async (numbers, bad) => {
      const ids = numbers.map((n) => (n === bad ? `REFUSED${n}` : `T00${String(n + 10)}`))
      const terminals = createTerminals(database((id) => id.startsWith('REFUSED')).db, systemClock)
      await Promise.all(ids.map((id) => terminals.resolve(id)))
      return ids.every((id) => (id.startsWith('REFUSED') ? terminals.terminal(id) === null : terminals.terminal(id)?.terminalId === id))
    }),
  )
  t.pass('none was held up')
})

t.test('a database that is away is said to be away, and is asked once', async (t) => {
  const { db, asked } = database(() => true, '57P03')
  const terminals = createTerminals(db, systemClock)
  await t.rejects(terminals.resolve('T0001', 'T0002', 'T0003'), { message: 'refused' })
  t.equal(asked.length, 1)
  t.equal(terminals.terminal('T0001'), undefined, 'not known, and not said to be absent')
})

t.test('of names looked up in vain only so many are remembered, the latest', async (t) => {
  const { db, asked } = database()
  const terminals = createTerminals(db, systemClock, { maxRemembered: 1000 })
  for (let from = 0; from < 5000; from += 500) await terminals.resolve(...Array.from({ length: 500 }, (_, i) => `STRANGER${from + i}`))
  const remembered = Array.from({ length: 5000 }, (_, n) => n).filter((n) => terminals.terminal(`STRANGER${n}`) === null)
  t.equal(remembered.length, 1000)
  t.equal(remembered[0], 4000)
  t.equal(asked.length, 10)
})

t.test('whoever would be refused by what is remembered is looked up again, all who come meanwhile in one question', async (t) => {
  const { db, asked } = database()
  const terminals = createTerminals(db, systemClock, { renewEveryMs: 60_000 })
  await Promise.all(Array.from({ length: 1000 }, (_, n) => terminals.renew(`STRANGER${n % 500}`)))
  t.same(
    asked.map((ids) => ids.length),
    [500],
  )
  t.equal(terminals.terminal('STRANGER1'), null)
})

t.test('a flood of wrong secrets is a few questions a second, and each is answered by one that began after it came', async (t) => {
  const { db, asked } = database()
  const renewEveryMs = 50
  const terminals = createTerminals(db, systemClock, { renewEveryMs })
  const begunMs = performance.now()
  await terminals.renew('T0001')
  for (let n = 0; n < 5; n++) {
    const before = asked.length
    await Promise.all([terminals.renew('T0001'), terminals.renew('T0002')])
    t.equal(asked.length, before + 1)
  }
  // Timers may be early by a millisecond.
  t.ok(performance.now() - begunMs >= 5 * (renewEveryMs - 1))
})
