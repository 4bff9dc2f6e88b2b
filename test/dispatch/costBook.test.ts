// The book of costs: what is entered outside trips, who approves it, how it is taken back, and months that are closed.
import t from 'tap'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
const world = await startWorld(t, db)
const [manager, finance, approver] = await Promise.all(['fleet_manager', 'finance', 'unit_approver'].map((name) => world.signIn(name)))

let keys = 0
const wanted = { organisationId: 20, vehicleId: 202, kind: 'maintenance', fen: 86_000, day: '2026-01-20' }
const enter = (changes: object = {}, by = manager) =>
  ask(world, 'enterCostBill', by, {
    body: { key: `00000000-0000-4000-8000-${String(++keys).padStart(12, '0')}`, ...wanted, ...changes },
  })
const act = (billId: number, action: string, by = finance, more: object = {}) =>
  ask(world, 'actOnCostBill', by, { params: { billId }, body: { action, version: 1, ...more } })
const sums = async (query: object) =>
  (await ask(world, 'listCostSums', finance, { query: { from: '2026-01-01', until: '2026-12-31', ...query } })).json()
const close = (month: string, seen: { entries: number; fen: number }) =>
  ask(world, 'closeCostMonth', finance, { body: { organisationId: 20, month, reason: '月末结账', ...seen } })

t.test('a bill is booked when another person approves it, and stands in the sums of its vehicle beside all else', async (t) => {
  const bill = (await enter()).json()
  t.match(bill, { state: 'SUBMITTED', mayAct: ['withdraw'], vehicle: { plate: '蒙AA0202' } })
  t.equal((await sums({})).totalFen, 0, 'nothing is booked before')
  t.equal((await act(bill.billId, 'approve', manager)).code, 'FORBIDDEN')
  t.equal((await act(bill.billId, 'approve', approver)).code, 'FORBIDDEN')
  t.match((await act(bill.billId, 'approve')).json(), { state: 'BOOKED', version: 2 })
  t.match(await act(bill.billId, 'approve', finance, { version: 2 }), { code: 'CONFLICT' })
  const fuel = (await enter({ kind: 'fuel', fen: 30_000, quantity: 40_000 })).json()
  await act(fuel.billId, 'approve')
  t.match(await sums({}), {
    totalFen: 116_000,
    rows: [{ vehicle: { vehicleId: 202 }, fen: { maintenance: 86_000, fuel: 30_000 }, fuelMl: 40_000, orders: 0, distanceM: 0 }],
  })
  t.match((await ask(world, 'listCostEntries', finance, { query: { from: '2026-01-01', until: '2026-12-31', vehicleId: 202 } })).json(), {
    rows: [
      { billId: fuel.billId, order: null },
      { billId: bill.billId, order: null },
    ],
  })
})

t.test('sent twice it is entered once, and something else under its key is refused', async (t) => {
  const body = { key: '00000000-0000-4000-8000-0000000000aa', ...wanted }
  const send = (changes: object = {}) => ask(world, 'enterCostBill', manager, { body: { ...body, ...changes } })
  t.equal((await send()).json().billId, (await send()).json().billId)
  t.match(await send({ fen: 1 }), { code: 'CONFLICT' })
  const [bill] = (await ask(world, 'listCostBills', manager, { query: { state: 'SUBMITTED' } })).json().rows
  t.equal((await act(bill!.billId, 'withdraw', manager)).json().state, 'WITHDRAWN')
})

t.test('what is no bill is refused: a day to come, a quantity of what has none, a unit or a vehicle of others', async (t) => {
  t.match((await enter({ day: '2026-03-03' })).json(), { error: { issues: [{ path: 'body.day' }] } })
  t.match((await enter({ day: '1999-12-31' })).json(), { error: { issues: [{ path: 'body.day', reason: 'bill.early' }] } })
  for (const changes of [
    { quantity: 5 },
    { fen: 0 },
    { organisationId: 21 },
    { vehicleId: 211 },
    { kind: 'allowance' },
    { supplierId: 99_999 },
  ])
    t.equal((await enter(changes)).code, 'VALIDATION_FAILED', JSON.stringify(changes))
})

t.test('income is negative in the book, and neither it nor a purchase uses up a budget', async (t) => {
  for (const [kind, fen] of [
    ['purchase', 12_000_000],
    ['disposal', 900_000],
  ] as const)
    await act((await enter({ kind, fen, day: '2026-02-03' })).json().billId, 'approve')
  t.match((await sums({ by: 'month' })).rows, [
    { month: '2026-01', totalFen: 116_000 },
    { month: '2026-02', totalFen: 11_100_000, fen: { purchase: 12_000_000, disposal: -900_000 } },
  ])
  await enter({ fen: 5_000, day: '2026-03-01' })
  t.match((await ask(world, 'listBudgets', finance, { query: { year: 2026 } })).json().rows, [{ usedFen: 116_000, committedFen: 5_000 }])
})

t.test('a month is closed in its turn, as it was seen, when nothing waits; from then on nothing comes into it', async (t) => {
  const months = async (query: object = {}) => (await ask(world, 'listCostMonths', manager, { query } as never)).json().rows
  t.match(await close('2026-03', { entries: 0, fen: 0 }), { code: 'CONFLICT' })
  const january = { month: '2026-01', entries: 2, fen: 116_000, waiting: 0 }
  for (const query of [{}, { only: 'open' }])
    t.match(await months(query), [
      { month: '2026-03', first: january },
      { month: '2026-02', first: january },
      { month: '2026-01', first: null },
    ])
  t.match(await close('2026-02', { entries: 2, fen: 11_100_000 }), { code: 'CONFLICT' }, 'January is first')
  t.match(await close('2026-01', { entries: 1, fen: 86_000 }), { code: 'CHANGED_MEANWHILE' })
  const late = (await enter({ fen: 700 })).json()
  t.match(await close('2026-01', { entries: 2, fen: 116_000 }), { code: 'CONFLICT' }, 'a bill waits')
  t.match((await months())[1], { month: '2026-02', first: { ...january, waiting: 1 } })
  await act(late.billId, 'refuse', finance, { reason: '单据不全' })
  const { sha256 } = (await close('2026-01', { entries: 2, fen: 116_000 })).json()
  t.match(sha256, /^[0-9a-f]{64}$/)
  t.match((await ask(world, 'listCostMonths', manager)).json().rows, [
    { month: '2026-03', closed: null, waiting: 1, first: { month: '2026-02', entries: 2 } },
    { month: '2026-02', closed: null, entries: 2, first: null },
    { month: '2026-01', closed: { sha256 }, entries: 2, fen: 116_000, first: null },
  ])
  t.match((await enter()).json(), { error: { code: 'CONFLICT', issues: [{ values: { nearest: '2026-02-01' } }] } })
  t.match(await close('2026-01', { entries: 2, fen: 116_000 }), { code: 'CONFLICT' })
  await t.rejects(
    db.query(`INSERT INTO cost_entries (bill_id, unit_id, kind, fen, day) VALUES ($1, 20, 'other', 1, '2026-01-31')`, [late.billId]),
  )
})

t.test(
  'what was booked in a closed month is taken back by another entry of today, by two persons; the month stays as it was',
  async (t) => {
    const { rows } = (await ask(world, 'listCostBills', manager, { query: { kind: 'maintenance', state: 'BOOKED' } })).json()
    const { billId } = rows[0]!
    t.equal((await act(billId, 'askReversal', manager, { version: 2 })).code, 'VALIDATION_FAILED', 'says why')
    const asked = (await act(billId, 'askReversal', manager, { version: 2, reason: '重复登记' })).json()
    t.match(asked, { state: 'REVERSAL_ASKED', mayAct: [] })
    t.match((await act(billId, 'reverse', finance, { version: 3 })).json(), { state: 'REVERSED', version: 4 })
    t.match((await sums({ by: 'month' })).rows, [
      { month: '2026-01', totalFen: 116_000 },
      { month: '2026-02' },
      { month: '2026-03', fen: { maintenance: -86_000 } },
    ])
  },
)
