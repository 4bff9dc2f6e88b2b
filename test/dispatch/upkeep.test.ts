// Upkeep of vehicles: plans and what is due, work orders from asking to the book of costs, renewals of insurance and inspection, accidents and violations, and what
// a vehicle that is disposed of brings in.
import t from 'tap'
import type { WorkOrder } from '../../services/contracts/api/upkeep.ts'
import { reserve } from '../../services/dispatch/kernel/reservations.ts'
import { at, furnishOrders } from './ordersWorld.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
await db.owner.query(
  `INSERT INTO suppliers (supplier_id, organisation_id, name, kinds, valid_from, valid_until) VALUES
     (501, 4, '示例维修厂', '{repair}', '2024-01-01', NULL), (502, 20, '示例加油站', '{fuel}', '2024-01-01', NULL),
     (503, 4, '过期维修厂', '{repair}', '2024-01-01', '2025-12-31'), (504, 4, '示例保险公司', '{insurance}', '2024-01-01', NULL)`,
)
await db.owner.query(
  `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
   SELECT 'finance.two', '示例财务二', password_hash, role, organisation_id, true FROM accounts WHERE username = 'finance'`,
)
await db.owner.query(
  `INSERT INTO ledger_policies (organisation_id, effective_from, over_quota, over_standard) VALUES (1, '2000-01-01', 'flag', 'flag')`,
)
const world = await startWorld(t, db)
const [manager, finance, approver, elsewhere] = await Promise.all(
  ['fleet_manager', 'finance', 'unit_approver', 'fleet_manager@30'].map((name) => world.signIn(name)),
)

let keys = 0
const newKey = () => `00000000-0000-4000-8000-${String(++keys).padStart(12, '0')}`
const wantedWork = { vehicleId: 203, supplierId: 501, kind: 'maintenance', item: '常规保养', work: '更换机油和三滤' } as const
const askWork = (changes: object = {}, by = manager) =>
  ask(world, 'askWorkOrder', by, { body: { key: newKey(), ...wantedWork, from: at(24), until: at(30), ...changes } })
const step = (order: Pick<WorkOrder, 'workOrderId' | 'version'>, action: string, by = manager, data: object = {}, reason = '按规定办理') =>
  ask(world, 'actOnWorkOrder', by, { params: { workOrderId: order.workOrderId }, body: { action, version: order.version, data, reason } })
const issue = (answer: { json(): unknown }) =>
  (answer.json() as { error?: { issues?: { reason: string; values: Record<string, unknown> }[] } }).error?.issues?.[0]
const due = async (query: Record<string, unknown> = { vehicleId: 203 }) =>
  (await ask(world, 'listMaintenanceDue', manager, { query })).json().rows
const booked = async (vehicleId: number) =>
  (await ask(world, 'listCostEntries', finance, { query: { from: '2026-01-01', until: '2026-12-31', vehicleId } })).json().rows
/** What its terminal says. */
const drivenTo = (vehicleId: number, metres: number) =>
  db.owner.query(
    `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, heading_deg, flags, alarms, stored, odometer_m)
     VALUES ($1, $2, $2, 1117000000, 408000000, 0, 90, 0, 0, 1, $3) ON CONFLICT (vehicle_id) DO UPDATE SET odometer_m = excluded.odometer_m`,
    [vehicleId, new Date(world.clock.atMs), metres],
  )

t.test('a plan of a class holds for its vehicles until one has its own; without a record of the last time it says so', async (t) => {
  const plan = { organisationId: 20, class: 'official', item: '常规保养', everyKm: 10_000, everyMonths: 12 }
  const made = (await ask(world, 'addMaintenancePlan', manager, { body: plan })).json()
  t.match(made, { class: 'official', vehicle: null, mayChange: true })
  t.equal(issue(await ask(world, 'addMaintenancePlan', manager, { body: plan }))?.reason, 'plan.taken')
  t.equal(
    (await ask(world, 'addMaintenancePlan', manager, { body: { ...plan, everyKm: null, everyMonths: null } })).code,
    'VALIDATION_FAILED',
  )
  t.equal(
    (await ask(world, 'addMaintenancePlan', manager, { body: { ...plan, vehicleId: 203 } })).code,
    'VALIDATION_FAILED',
    'one of the two',
  )
  t.equal((await ask(world, 'addMaintenancePlan', manager, { body: { ...plan, organisationId: 30 } })).code, 'VALIDATION_FAILED')
  t.same(
    (await due({})).map(({ vehicle, state }) => [vehicle.vehicleId, state]),
    [
      [201, 'unknown'],
      [203, 'unknown'],
    ],
  )
  await ask(world, 'addMaintenancePlan', manager, { body: { ...plan, class: null, vehicleId: 203, everyKm: 5_000 } })
  t.match(await due(), [{ everyKm: 5_000, everyMonths: 12, state: 'unknown' }])
  const ended = await ask(world, 'changeMaintenancePlan', manager, {
    params: { planId: made.planId },
    body: { version: 1, everyKm: 10_000, everyMonths: 12, ended: true, reason: '改按车辆设置' },
  })
  t.match(ended.json(), { mayChange: false })
  t.equal((await due({})).length, 1)
  t.equal((await ask(world, 'listMaintenancePlans', elsewhere)).json().total, 0)
})

t.test('said by hand the last time counts: by months or by kilometres, whichever comes first; what cannot be is refused', async (t) => {
  await drivenTo(203, 42_000_000)
  const mark = (changes: object) =>
    ask(world, 'markMaintenance', manager, {
      body: { vehicleId: 203, item: '常规保养', day: '2025-06-01', odometerKm: 38_000, reason: '补登纸质记录', ...changes },
    })
  t.equal(issue(await mark({ item: '四轮定位' }))?.reason, 'plan.none')
  t.equal(issue(await mark({ day: '2026-03-03' }))?.reason, 'bill.future')
  t.equal(issue(await mark({ day: '2022-04-30' }))?.reason, 'vehicle.before')
  t.equal(issue(await mark({ odometerKm: 42_001 }))?.reason, 'odometer.beyond')
  t.match((await mark({})).json(), { state: 'soon', kmSince: 4_000, kmLeft: 1_000, dueDay: '2026-06-01' })
  t.equal(issue(await mark({ day: '2025-05-31' }))?.reason, 'mark.before')
  t.equal(issue(await mark({ day: '2025-07-01', odometerKm: 37_999 }))?.reason, 'odometer.back', 'an odometer does not go down')
  await drivenTo(203, 43_500_000)
  t.match(await due(), [{ state: 'overdue', kmLeft: -500, odometer: { km: 43_500, source: 'track' } }])
})

let order: WorkOrder
t.test(
  'a work order is asked for at a designated supplier, for a time at which the vehicle is free; a clash names who holds it',
  async (t) => {
    await db.owner.query(
      `WITH r AS (INSERT INTO trip_requests (unit_id, applicant_id, key, digest, kind, state, purpose_kind, purpose, from_stop, to_stop, starts_at, ends_at, passengers,
         with_driver, contact_name, contact_phone, asked_at)
       SELECT 20, account_id, gen_random_uuid(), 'x', 'pool', 'DISPATCHED', 'meeting', '会议', '{"name":"甲"}', '{"name":"乙"}', $1, $2, 2, true, '示例', '13800000000', $1
       FROM accounts WHERE username = 'applicant' RETURNING request_id)
     INSERT INTO dispatch_orders (order_id, request_id, issuer_id, year, number, state, since, vehicle_id, driver_id, starts_at, ends_at)
     OVERRIDING SYSTEM VALUE SELECT 77, request_id, 20, 2026, 12, 'ACCEPTED', $1, 203, 3, $1, $2 FROM r`,
      [at(26), at(28)],
    )
    await db.transaction((client) =>
      reserve(client, { vehicleId: 203 }, { fromMs: Date.parse(at(26)), untilMs: Date.parse(at(28)) }, 'order:77'),
    )
    t.match(issue(await askWork()), { reason: 'work.order', values: { order: '〔2026〕0012', heldFrom: at(26), heldUntil: at(28) } })
    t.equal(issue(await askWork({ supplierId: 502 }))?.reason, 'supplier.unknown', 'which repairs nothing')
    t.equal(issue(await askWork({ supplierId: 503 }))?.reason, 'work.supplier', 'designated no more')
    t.equal(issue(await askWork({ from: at(50), until: at(49) }))?.reason, 'work.until')
    t.equal(issue(await askWork({ from: at(-9), until: at(-3) }))?.reason, 'work.until')
    for (const estimateFen of [0, -100]) t.equal((await askWork({ from: at(48), until: at(54), estimateFen })).code, 'VALIDATION_FAILED')
    t.equal((await askWork({ vehicleId: 211 })).code, 'VALIDATION_FAILED', 'another unit’s')
    t.equal((await askWork({}, finance)).code, 'FORBIDDEN')
    const body = { key: newKey(), ...wantedWork, from: at(48), until: at(54) }
    order = (await ask(world, 'askWorkOrder', manager, { body })).json()
    t.match(order, { state: 'ASKED', mayAct: ['estimate', 'cancel'], unit: { name: '甲单位' } })
    t.equal((await ask(world, 'askWorkOrder', manager, { body })).json().workOrderId, order.workOrderId, 'sent twice it is asked once')
    t.equal(issue(await ask(world, 'askWorkOrder', manager, { body: { ...body, work: '更换轮胎' } }))?.reason, 'deed.key')
  },
)

t.test('estimated by one and approved by another, from then on the vehicle is promised to nobody for that time', async (t) => {
  t.equal((await step(order, 'approve', finance)).code, 'CONFLICT', 'without an estimate there is nothing to approve')
  t.equal((await step(order, 'estimate', manager, { estimateFen: 0 })).code, 'VALIDATION_FAILED')
  order = (await step(order, 'estimate', manager, { estimateFen: 120_000 })).json()
  t.match(order, { state: 'ESTIMATED', estimateFen: 120_000, approvedFen: null })
  t.equal((await step(order, 'approve', manager)).code, 'FORBIDDEN')
  t.equal((await step(order, 'approve', approver)).code, 'FORBIDDEN')
  const before = (await ask(world, 'listBudgets', finance, { query: { year: 2026 } })).json().rows[0]?.committedFen ?? 0
  order = (await step(order, 'approve', finance)).json()
  t.match(order, { state: 'APPROVED', approvedFen: 120_000, mayAct: [] })
  t.equal(
    (await ask(world, 'listBudgets', finance, { query: { year: 2026 } })).json().rows[0]!.committedFen - before,
    120_000,
    'and committed',
  )
  await t.rejects(
    db.transaction((client) =>
      reserve(client, { vehicleId: 203 }, { fromMs: Date.parse(at(50)), untilMs: Date.parse(at(51)) }, 'order:78'),
    ),
    'the calendar is held',
  )
  t.match(issue(await askWork({ from: at(53), until: at(60) })), { reason: 'work.twice', values: { n: order.workOrderId } })
  order = (await step(order, 'postpone', manager, { from: at(32), until: at(36) })).json()
  t.match(order, { from: at(32), until: at(36) })
  t.equal(issue(await step(order, 'postpone', manager, { from: at(25), until: at(27) }))?.reason, 'work.order')
})

t.test('no vehicle is brought in from the road, nor with an odometer that went down', async (t) => {
  await db.owner.query(`UPDATE reservations SET begun_at = $1, during = tstzrange($1, $2) WHERE holder = 'order:77'`, [at(0), at(28)])
  t.match(issue(await step(order, 'send', manager, { odometerKm: 43_500 })), { reason: 'work.onRoad', values: { order: '〔2026〕0012' } })
  await db.owner.query(
    `UPDATE dispatch_orders SET state = 'RETURNED', departed_at = $1, returned_at = $2, odometer_out_m = 43000000, odometer_back_m = 43400000 WHERE order_id = 77`,
    [at(-3), at(-1)],
  )
  await db.owner.query(`DELETE FROM reservations WHERE holder = 'order:77'`)
  t.match(issue(await step(order, 'send', manager, { odometerKm: 43_399 })), { reason: 'odometer.back', values: { least: 43_400 } })
  t.equal(issue(await step(order, 'send', manager, { odometerKm: 99_000 }))?.reason, 'odometer.far')
  t.equal(issue(await step(order, 'send', manager))?.reason, 'flow.data', 'it is read')
  order = (await step(order, 'send', manager, { odometerKm: 43_500 })).json()
  t.match(order, { state: 'AT_WORKSHOP', from: at(0), until: at(36), mayAct: ['prolong', 'askMore', 'complete'] })
})

const parts = [
  { kind: 'part', name: '机油', quantity: 4_000, fen: 80_000 },
  { kind: 'labour', name: '工时', quantity: 1_000, fen: 40_000 },
]
const invoice = { odometerKm: 43_501, invoiceFen: 120_000, invoiceNo: 'FP-0001', invoiceDay: '2026-03-02', parts }

t.test('an invoice over what was approved is refused until more is; its lines are what it comes to', async (t) => {
  const dearer = { ...invoice, invoiceFen: 150_000, parts: [...parts, { kind: 'part', name: '刹车片', quantity: 1_000, fen: 30_000 }] }
  t.match(issue(await step(order, 'complete', manager, dearer)), {
    reason: 'work.over',
    values: { invoice: '1500.00', approved: '1200.00' },
  })
  t.equal(issue(await step(order, 'complete', manager, { ...invoice, invoiceFen: 119_999 }))?.reason, 'work.parts')
  t.equal(issue(await step(order, 'complete', manager, { ...invoice, invoiceDay: '2026-03-03' }))?.reason, 'bill.future')
  t.equal(issue(await step(order, 'complete', manager, { ...invoice, invoiceDay: '1999-12-31' }))?.reason, 'bill.early')
  t.equal(issue(await step(order, 'complete', manager, { ...invoice, odometerKm: 43_499 }))?.reason, 'odometer.back')
  t.equal(issue(await step(order, 'askMore', manager, { estimateFen: 120_000 }))?.reason, 'work.more')
  order = (await step(order, 'askMore', manager, { estimateFen: 160_000 }, '刹车片磨损超限')).json()
  order = (await step(order, 'declineMore', finance)).json()
  t.match(order, { state: 'AT_WORKSHOP', estimateFen: 120_000, approvedFen: 120_000 })
  order = (await step(order, 'askMore', manager, { estimateFen: 150_000 }, '刹车片磨损超限，影响安全')).json()
  order = (await step(order, 'approveMore', finance)).json()
  order = (await step(order, 'complete', manager, dearer)).json()
  t.match(order, { state: 'DONE', approvedFen: 150_000, invoiceFen: 150_000, parts: [{}, {}, { name: '刹车片' }] })
  const span = { fromMs: Date.parse(at(1)), untilMs: Date.parse(at(2)) }
  await db.transaction((client) => reserve(client, { vehicleId: 203 }, span, 'order:79'))
  await db.owner.query(`DELETE FROM reservations WHERE holder = 'order:79'`)
})

t.test('what is not right is redone; accepted by another person it is booked once, and the plan counts from then', async (t) => {
  order = (await step(order, 'redo', manager, { until: at(40) }, '更换后仍有异响')).json()
  t.match(order, { state: 'AT_WORKSHOP', redone: 1, invoiceFen: null, parts: [] })
  await drivenTo(203, 43_510_000)
  order = (await step(order, 'complete', manager, { ...invoice, odometerKm: 43_510, sure: true })).json()
  t.match(order, { invoiceFen: 120_000, parts: [{ name: '机油', fen: 80_000 }, { name: '工时' }] })
  t.equal((await step(order, 'accept', manager)).code, 'FORBIDDEN')
  order = (await step(order, 'accept', finance)).json()
  t.match(order, { state: 'ACCEPTED', mayAct: [] })
  t.equal((await step(order, 'accept', finance)).code, 'CONFLICT')
  t.match(await booked(203), [{ kind: 'maintenance', fen: 120_000, billId: order.billId, day: '2026-03-02', unit: { name: '甲单位' } }])
  const [bill] = (await ask(world, 'listCostBills', finance, { query: { vehicleId: 203 } })).json().rows
  t.match(bill, { state: 'BOOKED', source: `work-order:${order.workOrderId}`, documentNo: 'FP-0001', supplier: { name: '示例维修厂' } })
  t.same(
    bill!.steps.map(({ action, by }) => [action, by]),
    [
      ['enter', '示例 fleet_manager'],
      ['approve', '示例 finance'],
    ],
  )
  t.match(await due(), [{ state: 'fine', kmSince: 0, kmLeft: 5_000, last: { day: '2026-03-02', workOrderId: order.workOrderId } }])
  await drivenTo(203, 44_510_000)
  t.match(await due(), [{ kmSince: 1_000, kmLeft: 4_000 }], 'by the track, from the day on which it came back')
})

t.test('declined and cancelled stay on record, with why, and hold nothing', async (t) => {
  const declined = (await askWork({ from: at(60), until: at(64), estimateFen: 900_000 })).json()
  t.equal(issue(await step(declined, 'decline', finance, {}, ''))?.reason, 'flow.data')
  t.match((await step(declined, 'decline', finance, {}, '报价过高')).json(), { state: 'DECLINED', steps: [{}, { reason: '报价过高' }] })
  let cancelled = (await askWork({ from: at(60), until: at(64), estimateFen: 90_000 })).json()
  cancelled = (await step(cancelled, 'approve', finance)).json()
  t.match((await step(cancelled, 'cancel', manager, {}, '厂方停业')).json(), { state: 'CANCELLED', mayAct: [] })
  t.equal((await askWork({ from: at(60), until: at(64) })).status, 200)
  t.equal((await ask(world, 'listWorkOrders', elsewhere)).json().total, 0)
  const { rows } = await db.query(
    `SELECT FROM audit_log WHERE subject_type = 'vehicle' AND subject_id = '203' AND action IN ('work.ask', 'work.step')`,
  )
  t.ok(rows.length >= 14, String(rows.length))
})

const renew = (changes: object = {}, by = manager) =>
  ask(world, 'recordRenewal', by, {
    body: {
      ...{ key: newKey(), vehicleId: 203, kind: 'insurance', fromDay: '2026-02-11', untilDay: '2027-02-10', supplierId: 504 },
      ...{ documentNo: 'BX-2026-1', fen: 215_000, paidDay: '2026-02-10', ...changes },
    },
  })
const fileOf = async (vehicleId: number) => (await ask(world, 'getVehicleFile', manager, { params: { vehicleId } })).json()

t.test('a renewal moves the date of the file and enters its bill in one act; a gap or an overlap is told until it is meant', async (t) => {
  await db.owner.query(`UPDATE vehicles SET insurance_until = '2026-02-10', inspection_until = '2026-02-20' WHERE vehicle_id = 203`)
  t.match(issue(await renew({ fromDay: '2026-02-15', untilDay: '2027-02-14' })), { reason: 'renewal.gap', values: { days: 4 } })
  t.match(issue(await renew({ fromDay: '2026-02-01' })), { reason: 'renewal.overlap', values: { days: 10 } })
  t.equal(issue(await renew({ fromDay: '2026-01-01', untilDay: '2026-02-09' }))?.reason, 'renewal.shorter')
  t.equal(issue(await renew({ untilDay: '2026-02-11' }))?.reason, 'renewal.order')
  t.equal(issue(await renew({ supplierId: 501 }))?.reason, 'supplier.unknown', 'no insurer')
  t.equal(issue(await renew({ fromDay: '2022-04-30', untilDay: '2027-04-29' }))?.reason, 'vehicle.before')
  t.equal(issue(await renew({ paidDay: '2026-03-03' }))?.reason, 'bill.future')
  t.equal(issue(await renew({ paidDay: '1999-12-31' }))?.reason, 'bill.early')
  const body = { key: newKey() }
  const { renewalId } = (await renew(body)).json()
  t.equal((await renew(body)).json().renewalId, renewalId, 'sent twice it is recorded once')
  t.match(await fileOf(203), { insuranceUntil: '2027-02-10' })
  const [bill] = (await ask(world, 'listCostBills', finance, { query: { kind: 'insurance' } })).json().rows
  t.match(bill, { state: 'SUBMITTED', source: `renewal:${renewalId}`, fen: 215_000, day: '2026-02-10', mayAct: ['approve', 'refuse'] })
  const late = { kind: 'inspection', fromDay: '2026-02-25', untilDay: '2027-02-28', supplierId: null, station: '示例检测站', fen: 0 }
  t.match(issue(await renew(late)), { reason: 'renewal.late', values: { days: 4 } })
  t.equal(issue(await renew({ ...late, station: null }))?.reason, 'flow.data')
  t.match((await renew({ ...late, sure: true })).json(), { gapDays: 4, billId: null, by: '示例检测站' })
  t.match(await fileOf(203), { inspectionUntil: '2027-02-28' })
})

t.test('recorded wrongly it is taken back with its bill, unless that is booked or something followed', async (t) => {
  const list = async () => (await ask(world, 'listRenewals', manager, { query: { kind: 'insurance' } })).json().rows
  const withdraw = async (n: number) => {
    const { renewalId, version } = (await list())[n]!
    return ask(world, 'withdrawRenewal', manager, { params: { renewalId }, body: { version, reason: '保单号填错' } })
  }
  await renew({ fromDay: '2027-02-11', untilDay: '2028-02-10', documentNo: 'BX-2027-1' })
  t.equal(issue(await withdraw(1))?.reason, 'renewal.followed')
  t.match((await withdraw(0)).json(), { state: 'WITHDRAWN', mayWithdraw: false, reason: '保单号填错' })
  t.match(await fileOf(203), { insuranceUntil: '2027-02-10' })
  const bills = (await ask(world, 'listCostBills', finance, { query: { kind: 'insurance' } })).json().rows
  t.same(bills.map(({ state }) => state).sort(), ['SUBMITTED', 'WITHDRAWN'])
  const waits = bills.find(({ state }) => state === 'SUBMITTED')!
  await ask(world, 'actOnCostBill', finance, { params: { billId: waits.billId }, body: { action: 'approve', version: waits.version } })
  t.match(issue(await withdraw(1)), { reason: 'renewal.booked', values: { n: waits.billId } })
})

const happened = (changes: object = {}, by = manager) =>
  ask(world, 'enterMishap', by, {
    body: {
      ...{
        key: newKey(),
        kind: 'violation',
        vehicleId: 203,
        at: at(-2),
        place: '新华大街',
        text: '超速百分之二十',
        noticeNo: '1501 0012 3456',
      },
      ...{ fineFen: 20_000, points: 3, ...changes },
    },
  })
const act = (of: { mishapId: number; version: number }, action: string, by = manager, data: object = {}, reason = '按规定办理') =>
  ask(world, 'actOnMishap', by, { params: { mishapId: of.mishapId }, body: { action, version: of.version, data, reason } })

t.test('who drove is what the order of that time says, and else unknown; what cannot be is refused with why', async (t) => {
  // Order 77 was out from three hours ago until an hour ago, with driver 3.
  const mishap = (await happened()).json()
  t.match(mishap, { state: 'SUSPECTED', noticeNo: '150100123456', drove: { order: { orderId: 77 }, driver: '示例司机三' }, mayAct: [] })
  t.match(issue(await happened({ noticeNo: '150100123456' })), { reason: 'mishap.known', values: { n: mishap.mishapId } })
  t.equal(issue(await happened({ noticeNo: '150100123456', vehicleId: 301 }, elsewhere))?.reason, 'mishap.knownElsewhere')
  t.equal((await happened({ noticeNo: null })).code, 'VALIDATION_FAILED')
  t.match((await happened({ at: at(-30), noticeNo: 'N-2' })).json(), { drove: null }, 'without an order it is unknown, and on record')
  t.equal(issue(await happened({ at: '2022-04-29T02:00:00Z', noticeNo: 'N-3' }))?.reason, 'vehicle.before')
  t.equal(issue(await happened({ at: at(1), noticeNo: 'N-3' }))?.reason, 'mishap.future')
  t.equal((await happened({ vehicleId: null, plate: '蒙A·A0203', at: at(-40), noticeNo: 'N-4' })).json().vehicle.vehicleId, 203)
  t.equal(issue(await happened({ vehicleId: null, plate: '蒙AX9999', noticeNo: 'N-5' }))?.reason, 'driver.vehicleUnknown')
})

t.test(
  'verified by another person it keeps who drove; settled it books what the unit bears, and nothing of what the driver does',
  async (t) => {
    const rows = (await ask(world, 'listMishaps', approver, { query: { kind: 'violation' } })).json().rows
    let mishap = rows.find(({ drove }) => drove !== null)!
    t.same(mishap.mayAct, ['verify', 'dismiss'])
    t.equal((await act(mishap, 'verify', manager)).code, 'FORBIDDEN')
    mishap = (await act(mishap, 'verify', approver, { points: 6 })).json()
    t.match(mishap, { state: 'VERIFIED', points: 6 })
    await db.owner.query('UPDATE dispatch_orders SET driver_id = 1 WHERE order_id = 77')
    t.equal((await ask(world, 'listMishaps', approver, { query: { state: 'VERIFIED' } })).json().rows[0]!.drove?.driver, '示例司机三')
    mishap = (await act(mishap, 'reopen', approver, {}, '派车单驾驶员已更正')).json()
    t.match(mishap, { state: 'SUSPECTED', drove: { driver: '示例司机一' } }, 'looked at anew it is what the order says now')
    const driver = await world.signIn('driver')
    t.match((await ask(world, 'listOwnMishaps', driver)).json(), { total: 1, rows: [{ state: 'SUSPECTED', fineFen: 20_000, points: 6 }] })
    t.equal((await ask(world, 'listOwnMishaps', await world.signIn('driver@30'))).json().total, 0)
    mishap = (await act(mishap, 'verify', approver)).json()
    t.equal(issue(await act(mishap, 'settle'))?.reason, 'mishap.payer')
    mishap = (await act(mishap, 'settle', manager, { paidBy: 'driver' })).json()
    t.match(mishap, { state: 'SETTLED', paidBy: 'driver', billIds: [] })
    let other = rows.find(({ noticeNo }) => noticeNo === 'N-2')!
    other = (await act(other, 'verify', approver)).json()
    other = (await act(other, 'settle', manager, { paidBy: 'unit' })).json()
    t.match((await ask(world, 'listCostBills', finance, { query: { kind: 'violation' } })).json().rows, [
      { billId: other.billIds[0], fen: 20_000, state: 'SUBMITTED', source: `mishap:${other.mishapId}` },
    ])
    const last = rows.find(({ noticeNo }) => noticeNo === 'N-4')!
    t.equal(issue(await act(last, 'dismiss', approver, {}, ''))?.reason, 'flow.data')
    t.match((await act(last, 'dismiss', approver, {}, '套牌车，已报案')).json(), { state: 'DISMISSED' })
    t.equal((await happened({ at: at(-41), noticeNo: 'N-4' })).status, 200, 'the number of what was not so may come again')
  },
)

t.test('an accident: liability, its repair by a work order, and what the insurer pays, which is no more than it came to', async (t) => {
  let accident = (await happened({ kind: 'accident', noticeNo: null, fineFen: 0, points: 0, text: '倒车刮擦护栏' })).json()
  t.equal(issue(await askWork({ mishapId: accident.mishapId, from: at(80), until: at(90) }))?.reason, 'work.mishap', 'that is no service')
  const repair = {
    kind: 'accident',
    item: null,
    work: '修复后保险杠',
    mishapId: accident.mishapId,
    from: at(80),
    until: at(90),
    estimateFen: 300_000,
  }
  t.equal(issue(await askWork({ ...repair, vehicleId: 201 }))?.reason, 'work.mishap', 'nor of that vehicle')
  let work = (await askWork(repair)).json()
  t.equal(issue(await act(accident, 'verify', approver))?.reason, 'flow.data', 'whose fault it was')
  accident = (await act(accident, 'verify', approver, { liability: 'full' })).json()
  t.match(issue(await act(accident, 'settle')), { reason: 'mishap.repair', values: { n: work.workOrderId } })
  work = (await step(work, 'approve', finance)).json()
  work = (await step(work, 'send', manager, { odometerKm: 43_520, sure: true })).json()
  const lines = {
    odometerKm: 43_520,
    invoiceFen: 280_000,
    invoiceNo: 'FP-2',
    parts: [{ kind: 'labour', name: '钣金', quantity: 1_000, fen: 280_000 }],
  }
  work = (await step(work, 'complete', manager, lines)).json()
  work = (await step(work, 'accept', finance)).json()
  t.match(
    (await booked(203)).filter(({ billId }) => billId === work.billId),
    [{ kind: 'accident', fen: 280_000 }],
  )
  t.match(issue(await act(accident, 'settle', manager, { insuredFen: 300_001, costFen: 20_000 })), { reason: 'mishap.insured' })
  accident = (await act(accident, 'settle', manager, { insuredFen: 250_000, costFen: 20_000 })).json()
  t.match(accident, { workOrders: [{ workOrderId: work.workOrderId, state: 'ACCEPTED', fen: 280_000 }], costFen: 20_000 })
  for (const billId of accident.billIds)
    await ask(world, 'actOnCostBill', finance, { params: { billId }, body: { action: 'approve', version: 1 } })
  const { rows } = (await ask(world, 'listCostSums', finance, { query: { from: '2026-01-01', until: '2026-12-31', by: 'vehicle' } })).json()
  t.match(
    rows.find(({ vehicle }) => vehicle?.vehicleId === 203),
    {
      fen: { maintenance: 120_000, insurance: 215_000, accident: 300_000, payout: -250_000 },
      totalFen: 385_000,
    },
  )
})

t.test('of a vehicle that was given to another unit meanwhile, the unit that had it enters it, and bears it', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  world.clock.atMs += 60_000
  const { version } = (await ask(world, 'getVehicleFile', bureau, { params: { vehicleId: 203 } })).json()
  const moved = await ask(world, 'changeVehicle', bureau, {
    params: { vehicleId: 203 },
    body: { version, set: { userUnitId: 21 }, reason: '统一调配' },
  })
  t.equal(moved.status, 200, moved.body)
  t.match((await happened({ noticeNo: 'N-9', at: at(-5) })).json(), { unit: { name: '甲单位' }, movedTo: '乙单位' })
  await db.owner.query(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
     SELECT 'manager.21', '示例', password_hash, role, 21, true FROM accounts WHERE username = 'fleet_manager'`,
  )
  const receiver = await world.signIn('manager.21')
  t.match(issue(await happened({ noticeNo: 'N-10', at: at(-6) }, receiver)), { reason: 'mishap.unitThen', values: { name: '甲单位' } })
})
