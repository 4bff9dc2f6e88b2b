// Every list of the ledger goes out as its page shows it: the same rows, by the page's own filter, and a filter that is not the page's is refused.
import exceljs from 'exceljs'
import t from 'tap'
import { type ExportListName, exportListNames, exportLists } from '../../services/contracts/exchange.ts'
import { DAY_MS } from '../../services/domain/days.ts'
import { addLedgerPeople, newVehicle, reason } from '../dispatch/ledgerPeople.ts'
import { furnishOrders } from '../dispatch/matrix/orderSite.ts'
import { makeToken } from '../dispatch/people.ts'
import { ask, openRegion, startWorld } from '../dispatch/world.ts'
import { exportFile } from './files.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
await db.query(
  `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES (20, 'EMERGENCY_SUPPORT', 3, '2020-01-01', 'APPROVED', 'x'),
     (21, 'OTHER_APPROVED', 2, '2020-01-01', 'APPROVED', 'x'), (20, 'OTHER_APPROVED', 4, '2027-01-01', 'DRAFT', 'x')`,
)
await furnishOrders(db.owner, { unit: 20, asker: 1, vehicle: 202, driver: 1 })
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau')
const manager = await world.signIn('fleet_manager')
await ask(world, 'startFlow', bureau, { body: { kind: 'disposal', vehicleId: 201, reason } })
await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(1), reason } })
await ask(world, 'createPlace', bureau, {
  body: {
    kind: 'designated_lot',
    sensitiveKind: null,
    name: '示例停车场',
    shape: { type: 'circle', centre: [111.7, 40.8], radiusM: 100 },
    validFrom: '2026-01-01',
    validUntil: null,
    note: null,
    organisationId: 4,
  },
})

const lines = async (list: ExportListName, query: Record<string, string> = {}, signed = bureau) => {
  const subject = exportLists[list] ?? 'vehicles'
  return (await exportFile(world, signed, subject, { format: 'csv', list, ...query })).toString().trimEnd().split('\r\n').slice(1)
}

const everyDay = { from: '2000-01-01', until: '2026-03-02' }

t.test('every list that a page shows has as many rows in the file as the page counts', async (t) => {
  const counted: Partial<Record<ExportListName, number>> = {
    fleet: (await ask(world, 'listVehicles', bureau)).json().total,
    ledger: (await ask(world, 'listLedger', bureau)).json().total,
    drivers: (await ask(world, 'listDrivers', bureau)).json().total,
    suppliers: (await ask(world, 'listSuppliers', bureau)).json().total,
    fuelCards: (await ask(world, 'listFuelCards', bureau)).json().total,
    places: (await ask(world, 'listPlaces', bureau)).json().total,
    organisations: (await ask(world, 'listLedgerOrganisations', bureau)).json().rows.length,
    quotas: (await ask(world, 'listQuotas', bureau)).json().total,
    flows: (await ask(world, 'listFlows', bureau)).json().total,
    terminals: (await ask(world, 'listTerminals', bureau)).json().total,
    costs: (await ask(world, 'listCostSums', bureau, { query: everyDay })).json().total,
    boards: (await ask(world, 'readBoard', bureau)).json().charts[0]!.points.length,
    findings: (await ask(world, 'listSupervisionFindings', bureau, { query: {} })).json().total,
    // And the row that adds them up.
    statistics:
      1 + (await ask(world, 'readStatistics', bureau, { params: { table: 'T1' }, query: { period: '2026', by: 'unit' } })).json().total,
    costEntries: (await ask(world, 'listCostEntries', bureau, { query: everyDay })).json().total,
    maintenanceDue: (await ask(world, 'listMaintenanceDue', bureau)).json().total,
    workOrders: (await ask(world, 'listWorkOrders', bureau)).json().total,
    seals: (await ask(world, 'listSeals', bureau)).json().total,
    handovers: (await ask(world, 'listHandovers', bureau)).json().total,
    requests: (await ask(world, 'listRequests', bureau)).json().total,
    orders: (await ask(world, 'listOrders', bureau)).json().total,
    leaves: (await ask(world, 'listLeaveRequests', manager)).json().total,
    loans: (await ask(world, 'listVehicleLoans', bureau)).json().total,
    costMonths: (await ask(world, 'listCostMonths', bureau)).json().total,
    budgets: (await ask(world, 'listBudgets', bureau, { query: { year: 2026 } })).json().total,
    renewals: (await ask(world, 'listRenewals', bureau)).json().total,
    mishaps: (await ask(world, 'listMishaps', bureau)).json().total,
    costBills: (await ask(world, 'listCostBills', bureau)).json().total,
  }
  // Leave is decided where the drivers are, and nobody above sees it.
  for (const list of exportListNames.filter((each) => each !== 'all'))
    t.equal((await lines(list, {}, list === 'leaves' ? manager : bureau)).length, counted[list], list)
})

t.test('statistics go out by the dimensions as they were chosen, and what is not known has its word', async (t) => {
  const file = await exportFile(world, bureau, 'statistics', {
    format: 'csv',
    list: 'statistics',
    table: 'T2',
    period: '2026',
    by: 'origin,unit',
  })
  const [head, ...rows] = file
    .toString()
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split('\r\n')
  t.match(head, /^来源,单位,车辆,/)
  t.ok(rows.some((row) => row.startsWith('（未登记）,')))
  t.match(rows.at(-1), /^合计,,\d+,/)
  const english = await exportFile(world, bureau, 'statistics', {
    format: 'csv',
    list: 'statistics',
    table: 'T2',
    period: '2026',
    by: 'unit',
    locale: 'en',
  })
  t.match(english.toString(), /New energy share \(%\),.*,Purchase price \(yuan\),"Vehicles, period before"/)
})

t.test('the page’s filter cuts the file, and a word that is no filter of the page is refused', async (t) => {
  t.equal((await lines('ledger', { category: 'LAW_ENFORCEMENT' })).length, 2)
  t.equal((await lines('quotas', { only: 'vacant', organisationId: '21' })).length, 1)
  t.equal((await lines('flows', { kind: 'transfer' })).length, 0)
  t.equal((await lines('places', { kind: 'sensitive' })).length, 0)
  for (const [list, query] of [
    ['quotas', { color: 'red' }],
    ['flows', { limit: 'x' }],
    ['organisations', { asOf: '2020-01-01T00:00:00Z' }],
  ] as const) {
    const answer = await world.app.inject({
      url: `/api/v1/exports/${exportLists[list]}`,
      query: { list, ...query },
      headers: bureau.headers,
    })
    t.equal(answer.statusCode, 400, list)
  }
})

t.test('quota goes out as it stands: seats, in service, over and vacant, as figures', async (t) => {
  const [row] = await lines('quotas', { organisationId: '20', category: 'EMERGENCY_SUPPORT' })
  t.equal(row, '甲单位,应急保障用车,3,2,0,1,,')
  const [open] = await lines('quotas', { organisationId: '20', category: 'OTHER_APPROVED', locale: 'en' })
  t.equal(open, '甲单位,Other approved,0,0,0,0,Draft,4')
  const [flow] = await lines('flows')
  t.match(flow, /^\d+,处置,已申请,甲单位,,蒙A·D12345,2026-03-02$/)
})

t.test('what was booked goes out in yuan, by vehicle and entry by entry', async (t) => {
  const [sum] = await lines('costs')
  t.match(sum, /^甲单位,蒙A·A0202,,,1,0,.*35.*,35$/)
  const [entry] = await lines('costEntries', { locale: 'en' })
  t.match(entry, /^甲单位,,2026-03-01,〔2026〕0004,蒙A·A0202,Toll,35,,$/)
})

t.test('requests and orders go out with the times of the region, by the filter of their page', async (t) => {
  const [request] = await lines('requests')
  t.match(request, /^\d+,[^,]+,公务用车,甲单位,[^,]+,2026-\d\d-\d\d \d\d:\d\d,/)
  const [order] = await lines('orders', { locale: 'en' })
  t.match(
    order,
    /^\d+,甲单位,〔2026〕0002,Accepted,甲单位,示例 applicant,蒙A·A0202,.*,Meeting,会议20,甲,乙,2026-03-05 16:00,2026-03-05 17:00,2,0$/,
  )
  t.equal((await lines('orders', { state: 'VOIDED' })).length, 0)
  t.equal((await lines('requests', { organisationId: '21' })).length, 0)
})

t.test('a token that was made for files alone takes no list that its role may see and it may not', async (t) => {
  const security = await world.signIn('security_admin')
  const { rows } = await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'bureau_admin'`)
  const body = {
    accountId: rows[0]!.id,
    name: 'files',
    capabilities: ['ledger.export'],
    organisationId: 2,
    expiresAt: '2026-12-01T00:00:00Z',
    reason,
  }
  const { token } = await makeToken(world, security, await world.signIn('bureau_admin'), body)
  const file = (subject: string, query: object = {}) =>
    world.app.inject({
      url: `/api/v1/exports/${subject}`,
      query: { format: 'csv', ...query },
      headers: { authorization: `Bearer ${token}` },
    })
  for (const [subject, list] of [
    ['drivers', 'drivers'],
    ['places', 'places'],
    ['vehicles', 'ledger'],
    ['quotas', 'quotas'],
  ] as const)
    for (const query of [{}, { list }]) t.equal((await file(subject, query)).statusCode, 403, `${subject} ${JSON.stringify(query)}`)
})

t.test('a role sees in a report what it sees on the page, and one that may not export gets nothing', async (t) => {
  const elsewhere = await world.signIn('bureau_admin@30')
  t.equal((await lines('flows', {}, elsewhere)).length, 0)
  for (const role of ['unit_approver', 'applicant', 'system_admin']) {
    const answer = await world.app.inject({ url: '/api/v1/exports/quotaStanding', headers: (await world.signIn(role)).headers })
    t.equal(answer.statusCode, 403, role)
  }
})

t.test('in a workbook numbers of cards are text with every digit, and a day is a day wherever the server stands', async (t) => {
  await db.owner.query(
    `INSERT INTO suppliers (supplier_id, organisation_id, name, kinds, valid_from) VALUES (700, 4, '示例油品', '{fuel}', '2020-01-01');
     INSERT INTO fuel_cards (card_no, supplier_id, organisation_id, valid_until) VALUES
       ('89860000000000000001', 700, 20, '2026-03-01'), ('012345678901234', 700, 20, NULL)`,
  )
  const book = new exceljs.Workbook()
  await book.xlsx.load((await exportFile(world, bureau, 'fuelCards', { format: 'xlsx' })) as unknown as ArrayBuffer)
  const cells = book.worksheets[0]!.getSheetValues().flatMap((row) => (Array.isArray(row) ? row : []))
  for (const digits of ['89860000000000000001', '012345678901234']) t.ok(cells.includes(digits), digits)
  const [day] = cells.filter((cell) => cell instanceof Date)
  t.equal(((day as Date).getTime() - Date.UTC(1899, 11, 30)) / DAY_MS, 46_082)
})
