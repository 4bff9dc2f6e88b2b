// Statements of suppliers: several layouts of columns, each line matched to card, vehicle, station and track, once however often it comes.
import { randomUUID } from 'node:crypto'
import t from 'tap'
import { findLayout, readLines, type StatementRow } from '../../services/dispatch/costs/statementLayout.ts'
import { NOW_MS } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

const sheet = (text: string): StatementRow[] =>
  text
    .trim()
    .split('\n')
    .map((line, n) => ({ row: n + 1, cells: line.split('|').map((cell) => ({ text: cell, rounded: false })) }))
const read = (text: string, said = {}) => {
  const rows = sheet(text)
  const layout = findLayout(rows, said)
  return layout && readLines(rows, layout, NOW_MS)
}
const at = (time: string) => Date.parse(`${time}:00+08:00`)

t.test('columns are found by their headings, under whatever stands above them', async (t) => {
  const told = read(
    `
某公司对账单
卡号|交易日期|交易时间|油品名称|数量(升)|交易金额(元)|网点名称
9000000000000001|2026-02-11|08:30:45|92号汽油|40.52|"1,234.50"|城东加油站
９００００００００００００００１|2026年2月11日|9:05|92号汽油|３０|￥３００．００元|城东加油站
9000000000000001|2026-02-11|10:00|圈存|0|500|中心
合计||||70.52|1,534.50|`.replaceAll('"', ''),
  )!
  t.match(told, { skipped: 2, problems: [] })
  t.match(told.lines, [
    {
      row: 3,
      cardNo: '9000000000000001',
      atMs: at('2026-02-11T08:30'),
      fen: 123_450,
      quantity: 40_520,
      kind: 'fuel',
      station: '城东加油站',
    },
    { row: 4, cardNo: '9000000000000001', atMs: at('2026-02-11T09:05'), fen: 30_000, quantity: 30_000 },
  ])
  t.match(read('充电卡号|充电时间|充电量(度)|消费金额|充电站\n90000001|2026/2/11 8:30|12.5|20|西站')!.lines, [
    { kind: 'charge', quantity: 12_500, fen: 2_000 },
  ])
  t.match(read('Card No.|Date|Amount\n90000001|2026-02-11|20')!.lines, [{ clocked: false, quantity: 0 }])
  t.equal(read('号码|何时|多少\n90000001|2026-02-11|20'), undefined)
  t.match(
    read('号码|何时|金额\n90000001|2026-02-11|20', { cardNo: 0, at: 1 })!.lines,
    [{ cardNo: '90000001' }],
    'or whoever imports says them',
  )
})

t.test('a line that cannot be read is told with its row, and the others are read', async (t) => {
  const told = read(
    '卡号|时间|金额|数量\n12|2026-02-11|5|\n90000001|11/02/2026|5|\n90000001|2026-02-11|-5|\n90000001|2026-02-11|5|x\n90000001|2026-02-11|5|1\n90000001|2099-02-11|5|\n90000001|1999-12-31|5|',
  )!
  t.same(
    told.problems.map(({ row, problem }) => [row, problem]),
    [
      [2, 'card'],
      [3, 'time'],
      [4, 'amount'],
      [5, 'quantity'],
      [7, 'day'],
      [8, 'day'],
    ],
  )
  t.equal(told.lines.length, 1)
})

const db = await openRegion(t)
const world = await startWorld(t, db)
const [manager, finance] = await Promise.all(['fleet_manager', 'finance'].map((name) => world.signIn(name)))
await db.owner.query(
  `INSERT INTO suppliers (supplier_id, organisation_id, name, kinds, valid_from) VALUES (70, 4, '示例油品', '{fuel}', '2020-01-01')`,
)
await db.owner.query(`INSERT INTO fuel_cards (card_no, supplier_id, organisation_id, vehicle_id)
  VALUES ('9000000000000202', 70, 20, 202), ('9000000000000209', 70, 20, NULL)`)
await db.owner.query(`INSERT INTO places (organisation_id, kind, name, lon, lat, radius_m, west, south, east, north, valid_from)
  VALUES (4, 'fuel_station', '城东加油站', 111.70, 40.84, 50, 111.69, 40.83, 111.71, 40.85, '2020-01-01')`)
const seen = (time: string, lon: number) =>
  db.owner.query(
    `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms) VALUES (202, $1, $1, $2, 408400000, 1, 0)`,
    [new Date(at(time)), Math.round(lon * 1e7)],
  )
await seen('2026-03-02T08:25', 111.703)
await seen('2026-03-02T10:25', 111.9)

type Told = { statementId: number | null; known: number; matched: number; waiting: number; verdicts: object; problemCount: number }
async function send(lines: string[], more: object = {}, by = manager): Promise<{ status: number; told: Told }> {
  const answer = await world.app.inject({
    method: 'POST',
    url: '/api/v1/fuel-statements',
    query: { organisationId: '20', supplierId: '70', fileName: '对账单.csv', ...more },
    headers: { ...by!.headers, 'content-type': 'application/octet-stream' },
    payload: Buffer.from(['卡号,交易时间,金额,加油量,网点', ...lines].join('\n')),
  })
  return { status: answer.statusCode, told: answer.json() as Told }
}
const CARD = '9000000000000202'
const lines = [
  `${CARD},2026-03-02 08:30,300.00,40.5,城东加油站`,
  `${CARD},2026-03-02 08:30,300.00,40.5,城东加油站`,
  `${CARD},2026-03-02 10:30,200.00,30,城东加油站`,
  `${CARD},2026-03-01 10:30,210.00,30,城东加油站`,
  '9000000000000209,2026-03-01 11:30,220.00,30,城东加油站',
  '9000000000001202,2026-03-01 11:40,230.00,30,别处加油站',
]
const listed = async (query: object = {}) => (await ask(world, 'listFuelLines', manager, { query: { limit: 200, ...query } })).json()

t.test('a trial says what the file holds and writes nothing', async (t) => {
  const { told } = await send(lines, { trial: 'true' })
  t.match(told, { statementId: null, known: 0, matched: 3, waiting: 3, verdicts: { matches: 2, elsewhere: 1, no_track: 1, no_vehicle: 2 } })
  t.equal((await listed()).total, 0)
})

t.test('equal lines are two purchases, the same file brings nothing twice, and an overlapping one what is new', async (t) => {
  t.match((await send(lines)).told, { known: 0, matched: 3, waiting: 3 })
  t.match((await send(lines)).told, { statementId: null, known: 6, matched: 0, waiting: 0 })
  t.match((await send([lines[0]!, `${CARD},2026-03-02 08:30:45,300.00,40.5,城东`, `${CARD},2026-02-28 07:00,90,12,城东加油站`])).told, {
    known: 2,
    matched: 1,
  })
  t.match((await send([`${CARD},2026-03-02 08:33,300.00,40.5,城东加油站`])).told, { matched: 0, waiting: 1 }, 'doubtful ones are asked')
  t.equal((await listed()).total, 8)
})

t.test('what matched becomes bills that finance approves together, and stands in the sums with its litres', async (t) => {
  const statements = (await ask(world, 'listFuelStatements', finance)).json()
  const first = statements.rows.at(-1)!
  t.match(first, { matched: 3, waiting: 3, toApprove: 3, fileName: '对账单.csv' })
  const approve = (bills: number, by = finance) =>
    ask(world, 'approveFuelStatement', by, { params: { statementId: first.statementId }, body: { bills, reason: '与对账单一致' } })
  t.equal((await approve(3, manager)).code, 'FORBIDDEN')
  t.equal((await approve(2)).code, 'CHANGED_MEANWHILE')
  t.equal((await approve(3)).json().approved, 3)
  const sums = (await ask(world, 'listCostSums', finance, { query: { from: '2026-03-01', until: '2026-03-02' } })).json()
  t.match(sums.rows, [{ vehicle: { vehicleId: 202 }, fen: { fuel: 81_000 }, fuelMl: 111_000 }])
})

t.test('what waits says why and who it may be, and is assigned or dismissed by a person', async (t) => {
  const { rows } = await listed({ state: 'WAITING' })
  t.same(rows.map(({ why }) => why).sort(), ['card', 'double', 'elsewhere', 'vehicle'])
  const unknown = rows.find(({ why }) => why === 'card')!
  t.match(unknown, { card: '1202', candidates: [], vehicle: null })
  const step = (lineId: number, action: string, more: object = {}) =>
    ask(world, 'actOnFuelLine', manager, { params: { lineId }, body: { action, version: 1, reason: '经核实', ...more } })
  t.equal((await step(unknown.lineId, 'assign')).code, 'VALIDATION_FAILED', 'to which vehicle')
  t.equal((await step(unknown.lineId, 'assign', { vehicleId: 211 })).code, 'VALIDATION_FAILED', 'no other unit’s')
  const assigned = (await step(unknown.lineId, 'assign', { vehicleId: 202 })).json()
  t.match(assigned, { state: 'MATCHED', vehicle: { plate: '蒙AA0202' } })
  t.ok(assigned.billId)
  t.match(await step(unknown.lineId, 'dismiss', { version: 2 }), { code: 'CONFLICT' })
  const double = rows.find(({ why }) => why === 'double')!
  t.match((await step(double.lineId, 'dismiss')).json(), { state: 'DISMISSED', billId: null })
})

t.test('a file that is no statement, or of a supplier of something else, is refused', async (t) => {
  await db.owner.query(
    `INSERT INTO suppliers (supplier_id, organisation_id, name, kinds, valid_from) VALUES (71, 4, '示例保险', '{insurance}', '2020-01-01')`,
  )
  t.equal((await send(lines, { supplierId: '71' })).status, 400)
  t.equal((await send([], {})).told.statementId, null)
  t.equal((await send(lines, { organisationId: '21' })).status, 400)
})

t.test('a line of a month that is closed waits, and is booked on the first open day; the closed month stays as it was', async (t) => {
  const { rows: pending } = await db.query<{ id: number; n: number }>(
    `SELECT l.statement_id AS id, count(*)::int AS n FROM cost_bills b JOIN fuel_lines l USING (line_id) WHERE b.state = 'SUBMITTED' AND b.day < '2026-03-01' GROUP BY 1`,
  )
  for (const { id, n } of pending)
    await ask(world, 'approveFuelStatement', finance, { params: { statementId: id }, body: { bills: n, reason: '与对账单一致' } })
  const february = async () =>
    (await ask(world, 'listCostMonths', finance, { query: { organisationId: 20 } })).json().rows.find(({ month }) => month === '2026-02')!
  const { entries, fen } = await february()
  const closed = await ask(world, 'closeCostMonth', finance, {
    body: { organisationId: 20, month: '2026-02', entries, fen, reason: '月度结账' },
  })
  t.equal(closed.status, 200)
  const body = { organisationId: 20, vehicleId: 202, kind: 'fuel', fen: 100, day: '2026-02-10' } as const
  const entered = await ask(world, 'enterCostBill', manager, { body: { key: randomUUID(), ...body } })
  t.match(entered.json(), { error: { code: 'CONFLICT', issues: [{ reason: 'bill.closed' }] } }, 'refused by hand')
  t.match((await send([`${CARD},2026-02-10 09:00,150.00,20,城东加油站`])).told, { matched: 0, waiting: 1 })
  const [line] = (await listed({ why: 'closed' })).rows
  const assigned = await ask(world, 'actOnFuelLine', manager, {
    params: { lineId: line!.lineId },
    body: { action: 'assign', version: line!.version, vehicleId: 202, reason: '结账后收到' },
  })
  const { rows } = await db.query('SELECT day::text, note FROM cost_bills WHERE bill_id = $1', [assigned.json().billId])
  t.match(rows, [{ day: '2026-03-01', note: /2026-02-10/ }])
  t.match(await february(), { entries, fen, closed: { sha256: closed.json().sha256 } })
})
