// Every endpoint that changes something, proven one by one: its record is written in the transaction of the change, names who, what and
// before or after, and a change that cannot be recorded, or is rolled back, leaves neither change nor record. A new endpoint without a
// proof here fails.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { actTables, findUnrecordedActs } from '../../services/audit/acts.ts'
import type { Endpoint } from '../../services/contracts/api/endpoint.ts'
import { type AnswerOf, api, type EndpointName } from '../../services/contracts/api.ts'
import type { AuditAction } from '../../services/contracts/auditActions.ts'
import type { AuditBody } from '../../services/contracts/auditRecord.ts'
import { openEvidenceDesk } from '../../services/dispatch/cases/evidence/desk.ts'
import { nameKey } from '../../services/domain/recordNames.ts'
import { openDatabase, prepared } from '../../services/platform/db.ts'
import type { Text } from '../../web/parts/history/texts.ts'
import { actionText, changesOf, fieldText, subjectText, valueText } from '../../web/parts/history/words.ts'
import { addLedgerPeople, newVehicle, reason } from '../dispatch/ledgerPeople.ts'
import { ONE_PLACE } from '../dispatch/matrix/caseRows.ts'
import { ONE_PIXEL } from '../dispatch/matrix/tripRows.ts'
import { at, furnishOrders, wanted } from '../dispatch/ordersWorld.ts'
import { Browser, codeAt } from '../dispatch/people.ts'
import { NOW_MS, PASSWORD, seedRegion } from '../dispatch/region.ts'
import { ask, type Signed, startWorld } from '../dispatch/world.ts'
import { csv, VEHICLE_HEADINGS, vehicleRow } from '../exchange/files.ts'
import { asOwner, startTestDatabase } from '../harness/database.ts'
import { excuseFixtures } from '../harness/excuseFixtures.ts'
import { en, zhCN } from '../harness/texts.ts'
import { watchDatabase } from '../harness/watchedDatabase.ts'

const database = await startTestDatabase(t)
const db = watchDatabase(openDatabase({ url: database.appUrl, applicationName: 'test', maxConnections: 4 }))
t.teardown(() => db.close())
await asOwner(database, seedRegion)
await asOwner(database, (owner) => furnishOrders({ owner }))
await addLedgerPeople(db)
await db.query(
  `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
   SELECT n, '示例', password_hash, role, organisation_id, true FROM accounts, (VALUES ('inspector.two'), ('inspector.three')) v(n) WHERE username = 'inspector'`,
)
await db.query(
  `INSERT INTO ledger_policies (organisation_id, effective_from, over_quota, over_standard) VALUES (1, '2000-01-01', 'flag', 'flag')`,
)
await db.query(
  `INSERT INTO suppliers (supplier_id, organisation_id, name, kinds, valid_from) VALUES (501, 20, '示例维修厂', '{repair,insurance}', '2024-01-01')`,
)
await db.query(
  `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at)
   VALUES ('d1', 'vmp/v1/150102/T20200/up/location', 'T20200', 'schema', 'x', 1, 'not json', now(), now())`,
)
await excuseFixtures(database)
const evidenceDirectory = await mkdtemp(join(tmpdir(), 'morin-evidence-'))
t.teardown(() => rm(evidenceDirectory, { recursive: true, force: true }))
const evidence = await openEvidenceDesk({ directory: evidenceDirectory, keysIn: evidenceDirectory })
const world = await startWorld(t, db, {}, { evidence })
db.unrecorded.length = 0

const sysadmin = await world.signIn('system_admin')
const secadmin = await world.signIn('security_admin')
const bureau = await world.signIn('bureau')
const bureauTwo = await world.signIn('bureau.two')
const manager = await world.signIn('fleet_manager')
const receiver = await world.signIn('manager.21')

/** Why a change has no record. */
const unproven: Partial<Record<EndpointName, string>> = {
  beginEnrolment: 'a secret that nobody has confirmed opens nothing; confirming it is recorded, and so is a wrong password here',
  previewBulk: 'rolled back, whatever it tried',
  previewShares: 'says what each unit would bear, and keeps nothing',
  previewRequest: 'says who would have to agree, and keeps nothing',
  checkImport: 'a dry run changes nothing of the ledger; what is applied is recorded with the file’s hash',
  testWebhook: 'changes nothing; that it was sent is recorded, which test/dispatch/outlets.test.ts asks for',
  registerPush: 'where a browser is reached it says itself, at each start',
  removePush: 'the same, taken back',
  sendOrderFixes: 'positions are no acts: they go to ingest, which stores and counts them; the consent to them is recorded',
  readNotifications: 'that somebody has read what he was told is nobody else’s business',
  tryRule: 'says what values would have found, and keeps nothing; that they were tried is recorded',
  verifyAudit: 'changes nothing; its end is recorded, which test/dispatch/audit.test.ts asks for',
}
const proven = new Set<EndpointName>()
/** Said in answers, and never to be on record. */
const secrets: string[] = []
/** Rows that this test wrote into the tables itself, beside the product. */
let byHand = 0

const tables = (
  await db.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'audit_chain_lock'
       AND tablename NOT IN ('audit_log', 'migrations', 'sessions', 'sign_in_failures', 'imports')`,
  )
).rows.map(({ name }) => name)

const sums = tables
  .map((name) => (name === 'vehicles' ? 'every_vehicle' : name))
  .map((name) => `SELECT md5(string_agg(r::text, '' ORDER BY r::text)) AS sum FROM ${name} r`)
/** To plan it takes longer than to read the tables, which are small: it is asked hundreds of times. */
const stateSql = prepared(`SELECT md5(string_agg(sum, '.')) AS sum FROM (${sums.join(' UNION ALL ')}) s`)

/** Everything that the application has stored, as one hash. The table of vehicles is shut, and read by its view. */
const state = async () => (await db.query<{ sum: string }>(stateSql)).rows[0]!.sum
const lastSeq = async () => (await db.query<{ seq: number }>('SELECT max(seq) AS seq FROM audit_log')).rows[0]!.seq
const recordsAfter = async (seq: number) =>
  (await db.query<{ body: string }>('SELECT body FROM audit_log WHERE seq > $1 ORDER BY seq', [seq])).rows.map(
    ({ body }) => JSON.parse(body) as AuditBody,
  )

type Parts = Parameters<typeof ask>[3] & { upload?: Buffer }
/** What the record must show: the values before, after, both, or, where the act changes no values of a thing, neither. */
type Shows = 'before' | 'after' | 'both' | 'neither'

async function send(name: EndpointName, by: Signed | undefined, { upload, ...parts }: Parts) {
  if (!upload) return ask(world, name, by, parts)
  const { method, path } = api[name]
  const url = path.replace(/:(\w+)/g, (_all, key: string) => String(parts.params?.[key]))
  const headers = { ...by?.headers, 'content-type': 'application/octet-stream' }
  const answer = await world.app.inject({ method, url: `/api/v1${url}`, query: parts.query as never, headers, payload: upload })
  return { status: answer.statusCode, json: () => answer.json(), body: answer.body, headers: answer.headers, code: undefined }
}

/** Tries the request with the record failing, with the commit failing, and then for good. */
async function prove<N extends EndpointName>(
  t: Test,
  name: N,
  { by, who, shows, action, ...parts }: Parts & { by?: Signed; who: string | null; shows: Shows; action: AuditAction },
): Promise<AnswerOf<N>> {
  proven.add(name)
  const before = { state: await state(), seq: await lastSeq() }
  for (const fault of ['record', 'commit'] as const) {
    db.fault = fault
    const lost = await send(name, by, parts)
    db.fault = 'none'
    t.equal(lost.status, 500, `${name} without its ${fault}: ${lost.body}`)
    t.same({ state: await state(), seq: await lastSeq() }, before, `${name} without its ${fault} leaves nothing`)
  }
  const answer = await send(name, by, parts)
  t.equal(answer.status, 200, `${name}: ${answer.body}`)
  const records = await recordsAfter(before.seq)
  const record = records.find((each) => each.action === action)
  t.ok(record, `${name} records ${action}, and not only ${records.map((each) => each.action)}`)
  t.equal(record?.actor.username ?? null, who, `${name} names who`)
  t.ok(record?.actor.accountId, `${name} names the account`)
  if (name !== 'statePurpose') t.match(record?.subject, { type: /\w/, id: /\w/ }, `${name} names what`)
  const shown = { before: record?.before !== undefined, after: record?.after !== undefined }
  const wanted = { before: shows === 'before' || shows === 'both', after: shows === 'after' || shows === 'both' }
  t.same(shown, wanted, `${name} shows ${shows}: ${JSON.stringify(record)}`)
  t.same(db.unrecorded, [], `${name} writes nothing beside its record`)
  db.unrecorded.length = 0
  return answer.json() as AnswerOf<N>
}

const versionOf = async (table: string, key: string, id: number) =>
  (await db.query<{ version: number }>(`SELECT version FROM ${table} WHERE ${key} = $1`, [id])).rows[0]!.version

t.test('cases, their vehicles and members', async (t) => {
  const [inspector, two] = [await world.signIn('inspector.three'), await world.signIn('inspector.two')]
  const from = new Date(NOW_MS - 86_400_000).toISOString()
  const until = new Date(NOW_MS).toISOString()
  const opened = { purpose: reason, basis: '来信举报', from, until }
  const by = { by: inspector, who: 'inspector.three' }
  const made = await prove(t, 'openCase', { ...by, shows: 'after', action: 'case.open', body: opened })
  const params = { caseId: made.caseId }
  const changed = { ...opened, basis: '交办件', version: made.version, reason }
  const { version } = await prove(t, 'changeCase', { ...by, shows: 'both', action: 'case.change', params, body: changed })
  const { vehicleRows } = await prove(t, 'addCaseVehicles', {
    ...{ ...by, shows: 'after', action: 'case.vehicle', params },
    body: { vehicleIds: [202], reason },
  })
  await prove(t, 'actOnCaseVehicle', {
    ...{ by: two, who: 'inspector.two', shows: 'both', action: 'case.vehicle' },
    ...{ params: { caseVehicleId: vehicleRows[0]!.caseVehicleId }, body: { action: 'release', version: 1, reason } },
  })
  // The work that follows is the system's: it begins when the making is proven, and is over before anything else is.
  let begin = () => {}
  const proof = new Promise<void>((resolve) => {
    begin = resolve
  })
  db.beforeStatement = (sql) => (/^\s*UPDATE jobs/.test(sql) ? proof : Promise.resolve())
  const { packageId } = await prove(t, 'makeEvidence', { ...by, shows: 'after', action: 'evidence.make', params, body: {} })
  begin()
  db.beforeStatement = () => Promise.resolve()
  for (let state = 'WAITING'; state !== 'READY' && state !== 'FAILED'; await new Promise((resolve) => setImmediate(resolve)))
    state = (await db.query<{ state: string }>('SELECT state FROM evidence_packages WHERE package_id = $1', [packageId])).rows[0]!.state
  db.unrecorded.length = 0
  await prove(t, 'addExhibit', { ...by, shows: 'after', action: 'exhibit.add', params, query: { name: 'a.gpx' }, upload: ONE_PLACE })
  const noted = { vehicleId: 202, from, until, text: '停于景区停车场' }
  const found = await prove(t, 'noteFinding', { ...by, shows: 'after', action: 'finding.note', params, body: noted })
  const ofIt = { findingId: found.findingId }
  const rewritten = { version: 1, from, until, text: '停于游客中心', reason }
  await prove(t, 'changeFinding', { ...by, shows: 'both', action: 'finding.change', params: ofIt, body: rewritten })
  await prove(t, 'addFindingPhoto', { ...by, shows: 'after', action: 'finding.photo', params: ofIt, upload: ONE_PIXEL })
  const asked = { username: 'fleet_manager', question: '请说明用车事由', dueAt: new Date(NOW_MS + 86_400_000).toISOString() }
  await prove(t, 'actOnFinding', {
    ...{ ...by, shows: 'both', action: 'finding.step', params: ofIt },
    body: { action: 'ask', version: 2, reason, data: asked },
  })
  await prove(t, 'answerExplanation', {
    ...{ by: manager, who: 'fleet_manager', shows: 'both', action: 'finding.step', params: ofIt },
    body: { version: 3, text: '送文件至景区管委会' },
  })
  await prove(t, 'printTracks', {
    ...{ ...by, shows: 'neither', action: 'track.print' },
    body: { vehicleIds: [vehicleRows[0]!.vehicle!.vehicleId], from, to: until, caseId: made.caseId },
  })
  const { memberRows } = await prove(t, 'addCaseMember', {
    ...{ ...by, shows: 'after', action: 'case.member', params },
    body: { username: 'inspector.two', reason },
  })
  const { memberId } = memberRows.find(({ username }) => username === 'inspector.two')!
  await prove(t, 'endCaseMember', { ...by, shows: 'before', action: 'case.member', params: { ...params, memberId }, body: { reason } })
  await prove(t, 'actOnCase', { ...by, shows: 'both', action: 'case.step', params, body: { action: 'close', version, reason } })
})

t.test('findings of supervision, and the values of rules', async (t) => {
  const inspector = await world.signIn('inspector.three')
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO supervision_findings (code, severity, vehicle_id, unit_id, day, from_at, suspicion, state, since, raised_at)
     VALUES ('R01', 'alarm', 202, 20, '2026-03-01', '2026-03-01 02:00Z', '{"fromMs": 0, "untilMs": null, "figure": 1, "threshold": 1, "points": [], "orderIds": []}',
       'OPEN', now(), now()) RETURNING finding_id AS id`,
  )
  db.unrecorded.length = 0
  await prove(t, 'actOnSupervisionFindings', {
    ...{ by: inspector, who: 'inspector.three', shows: 'both', action: 'supervision.step' },
    body: { findings: [{ findingId: rows[0]!.id, version: 1 }], action: 'notify', reason },
  })
  const times = { atDevice: new Date(NOW_MS).toISOString(), sentAtDevice: new Date(NOW_MS).toISOString() }
  const aimed = { by: manager, params: { findingId: rows[0]!.id } }
  await prove(t, 'addSupervisionPhoto', {
    ...{ ...aimed, who: 'fleet_manager', shows: 'after', action: 'supervision.photo' },
    ...{ query: { key: '00000000-0000-4000-8000-000000000168' }, upload: ONE_PIXEL },
  })
  await prove(t, 'explainSupervisionFinding', {
    ...{ ...aimed, who: 'fleet_manager', shows: 'both', action: 'supervision.step' },
    body: { key: '00000000-0000-4000-8000-000000000169', ...times, text: '当时执行临时公务' },
  })
  await prove(t, 'setRuleParams', {
    ...{ by: bureau, who: 'bureau', shows: 'after', action: 'rule.set', params: { rule: 'R07' } },
    body: { organisationId: 20, effectiveFrom: '2027-01-01', enabled: true, values: { limitKph: 100 }, reason },
  })
})

t.test('bills, and a month that is closed', async (t) => {
  const finance = await world.signIn('finance')
  const bill = await prove(t, 'enterCostBill', {
    ...{ by: manager, who: 'fleet_manager', action: 'bill.enter', shows: 'after' },
    body: {
      key: '00000000-0000-4000-8000-0000000000b1',
      organisationId: 20,
      vehicleId: 202,
      kind: 'maintenance',
      fen: 86_000,
      day: '2026-02-11',
    },
  })
  await prove(t, 'actOnCostBill', {
    ...{ by: finance, who: 'finance', action: 'bill.step', shows: 'both' },
    params: { billId: bill.billId },
    body: { action: 'approve', version: bill.version },
  })
  await prove(t, 'closeCostMonth', {
    ...{ by: finance, who: 'finance', action: 'month.close', shows: 'after' },
    body: { organisationId: 20, month: '2026-02', entries: 1, fen: 86_000, reason },
  })
})

t.test('a statement of fuel, its lines and their bills', async (t) => {
  const finance = await world.signIn('finance')
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO suppliers (organisation_id, name, kinds, valid_from) VALUES (20, '示例油站', '{fuel}', '2020-01-01') RETURNING supplier_id AS id`,
  )
  const supplierId = rows[0]!.id
  await db.query(`INSERT INTO fuel_cards (card_no, supplier_id, organisation_id, vehicle_id) VALUES ('9000000000000777', $1, 20, 203)`, [
    supplierId,
  ])
  await excuseFixtures(database)
  db.unrecorded.length = 0
  const told = await prove(t, 'importFuelStatement', {
    ...{ by: manager, who: 'fleet_manager', action: 'statement.import', shows: 'after' },
    query: { organisationId: 20, supplierId },
    upload: Buffer.from('卡号,交易时间,金额\n9000000000000777,2026-03-01 08:30,300\n9000000000000778,2026-03-01 09:30,310\n'),
  })
  t.match(told, { matched: 1, waiting: 1 })
  const params = { statementId: told.statementId! }
  await prove(t, 'approveFuelStatement', {
    ...{ by: finance, who: 'finance', action: 'statement.approve', shows: 'neither', params },
    body: { bills: 1, reason },
  })
  const line = await db.query<{ id: number }>(`SELECT line_id AS id FROM fuel_lines WHERE state = 'WAITING'`)
  await prove(t, 'actOnFuelLine', {
    ...{ by: manager, who: 'fleet_manager', action: 'statement.line', shows: 'both', params: { lineId: line.rows[0]!.id } },
    body: { action: 'assign', version: 1, vehicleId: 202, reason },
  })
})

t.test('the book of shifts', async (t) => {
  const { rows } = await db.query<{ vehicleId: number; driverId: number }>(
    'SELECT v.vehicle_id AS "vehicleId", d.driver_id AS "driverId" FROM every_vehicle v JOIN drivers d ON d.organisation_id = v.user_unit_id WHERE v.vehicle_id = 202 LIMIT 1',
  )
  const condition = { odometerKm: 1_000, fuelPct: 60, equipment: [], inspection: [], remarks: '' }
  const body = { key: '00000000-0000-4000-8000-000000000170', vehicleId: rows[0]!.vehicleId, toDriverId: rows[0]!.driverId, ...condition }
  const by = { by: manager, who: 'fleet_manager' }
  const { handoverId, version } = await prove(t, 'offerHandover', { ...by, shows: 'after', action: 'handover.offer', body })
  await prove(t, 'actOnHandover', {
    ...{ ...by, shows: 'both', action: 'handover.step', params: { handoverId } },
    body: { action: 'withdraw', version, reason: '' },
  })
})

t.test('sealing over a holiday', async (t) => {
  const holiday = { organisationId: 20, fromDay: '2026-04-04', untilDay: '2026-04-06' }
  const by = { by: manager, who: 'fleet_manager' }
  const { planId } = await prove(t, 'planSeals', { ...by, shows: 'after', action: 'seal.plan', body: { ...holiday, reason } })
  const { rows } = (await ask(world, 'listSeals', manager, { query: { planId, state: 'PLANNED' } })).json()
  const { sealId, version } = rows[0]!
  await prove(t, 'addSealPhoto', { ...by, shows: 'after', action: 'seal.photo', params: { sealId }, upload: ONE_PIXEL })
  await prove(t, 'actOnSeals', {
    ...{ ...by, shows: 'both', action: 'seal.step' },
    body: { seals: [{ sealId, version }], action: 'seal', reason, data: { place: '机关院内', keyKeeper: '示例保管人' } },
  })
})

t.test('filings of statistics', async (t) => {
  const by = { by: bureau, who: 'bureau' }
  const { filingId } = await prove(t, 'beginFilings', {
    ...{ ...by, shows: 'after', action: 'filing.begin' },
    body: { organisationId: 21, period: '2026-02' },
  })
  const { checks } = (await ask(world, 'readFiling', bureau, { params: { filingId } })).json()
  await prove(t, 'actOnFiling', {
    ...{ ...by, shows: 'both', action: 'filing.step', params: { filingId } },
    body: { action: 'fill', version: 1, data: { explanations: checks.map(({ key }) => ({ key, text: '情况属实' })) } },
  })
})

t.test('monthly letters', async (t) => {
  await prove(t, 'makeLetter', {
    ...{ by: bureau, who: 'bureau', shows: 'after', action: 'letter.make' },
    body: { organisationId: 20, month: '2026-02' },
  })
})

t.test('scheduled reports', async (t) => {
  const by = { by: bureau, who: 'bureau' }
  const { rows } = await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'bureau'`)
  const fields = {
    ...{ name: '台账月报', list: 'ledger', filter: {}, format: 'csv', locale: 'zh-CN', every: 'month', onDay: 1, atMinute: 480 },
    readers: [{ accountId: rows[0]!.id, byApp: true, byMail: false }],
  }
  const { reportId, version } = await prove(t, 'makeReport', {
    ...{ ...by, shows: 'after', action: 'report.make' },
    body: { ...fields, organisationId: 20 },
  })
  const params = { reportId }
  await prove(t, 'changeReport', {
    ...{ ...by, shows: 'both', action: 'report.change', params },
    body: { ...fields, atMinute: 540, on: true, version },
  })
  await prove(t, 'leaveReport', { ...{ ...by, shows: 'both', action: 'report.leave', params }, body: { on: false } })
  // Nobody wants it any more: that it was asked for is on record, and no work follows.
  await prove(t, 'sendReport', { ...by, shows: 'neither', action: 'report.ask', params })
  await prove(t, 'setMailAddress', { ...{ ...by, shows: 'both', action: 'mail.address' }, body: { address: 'bureau@cars.example' } })
})

t.test('what is made public', async (t) => {
  const by = { by: bureau, who: 'bureau' }
  await prove(t, 'setPublicationRule', {
    ...{ ...by, shows: 'after', action: 'publication.rule' },
    body: {
      organisationId: 20,
      effectiveFrom: '2026-03-02',
      items: ['tripDay', 'tripKm'],
      classes: ['official'],
      purposes: ['meeting'],
      reason,
    },
  })
  const { publicationId, version } = await prove(t, 'draftPublication', {
    ...{ ...by, shows: 'after', action: 'publication.draft' },
    body: { organisationId: 20, month: '2026-02' },
  })
  await prove(t, 'actOnPublication', {
    ...{ by: bureauTwo, who: 'bureau.two', shows: 'both', action: 'publication.step', params: { publicationId } },
    body: { action: 'publish', version },
  })
})

t.test('upkeep: plans, when it was last done, and a work order', async (t) => {
  const by = { by: manager, who: 'fleet_manager' }
  const supplierId = 501
  const plan = await prove(t, 'addMaintenancePlan', {
    ...{ ...by, shows: 'after', action: 'upkeep.plan' },
    body: { organisationId: 20, class: 'law_enforcement', item: '常规保养', everyKm: 5_000 },
  })
  await prove(t, 'changeMaintenancePlan', {
    ...{ ...by, shows: 'both', action: 'upkeep.plan-change', params: { planId: plan.planId } },
    body: { version: 1, everyKm: 8_000, reason },
  })
  await prove(t, 'markMaintenance', {
    ...{ ...by, shows: 'after', action: 'upkeep.mark' },
    body: { vehicleId: 202, item: '常规保养', day: '2026-01-15', odometerKm: 30_000, reason },
  })
  const order = await prove(t, 'askWorkOrder', {
    ...{ ...by, shows: 'after', action: 'work.ask' },
    body: {
      ...{
        key: '00000000-0000-4000-8000-0000000000c1',
        vehicleId: 202,
        supplierId,
        kind: 'repair',
        work: '更换刹车片',
        estimateFen: 50_000,
      },
      ...{ from: at(600), until: at(606) },
    },
  })
  await prove(t, 'actOnWorkOrder', {
    ...{ by: await world.signIn('finance'), who: 'finance', action: 'work.step', shows: 'both' },
    params: { workOrderId: order.workOrderId },
    body: { action: 'approve', version: order.version },
  })
})

t.test('renewals, and what happened to a vehicle', async (t) => {
  const by = { by: manager, who: 'fleet_manager' }
  const renewal = await prove(t, 'recordRenewal', {
    ...{ ...by, shows: 'after', action: 'renewal.record' },
    body: {
      ...{ key: '00000000-0000-4000-8000-0000000000d1', vehicleId: 202, kind: 'inspection', fromDay: '2026-03-01', untilDay: '2027-02-28' },
      ...{ station: '示例检测站', documentNo: 'JY-1', fen: 30_000, paidDay: '2026-03-01', sure: true },
    },
  })
  await prove(t, 'withdrawRenewal', {
    ...{ ...by, shows: 'both', action: 'renewal.step' },
    params: { renewalId: renewal.renewalId },
    body: { version: renewal.version, reason },
  })
  const mishap = await prove(t, 'enterMishap', {
    ...{ ...by, shows: 'after', action: 'mishap.enter' },
    body: {
      ...{ key: '00000000-0000-4000-8000-0000000000d2', vehicleId: 202, kind: 'violation', at: '2026-02-20T02:00:00Z', place: '示例路口' },
      ...{ text: '超速', noticeNo: '1501001234', fineFen: 20_000, points: 3 },
    },
  })
  await prove(t, 'actOnMishap', {
    ...{ by: await world.signIn('unit_approver'), who: 'unit_approver', action: 'mishap.step', shows: 'both' },
    params: { mishapId: mishap.mishapId },
    body: { action: 'verify', version: mishap.version, reason },
  })
})

t.test('loans of vehicles', async (t) => {
  const dispatcher = await world.signIn('dispatcher')
  const loan = await prove(t, 'askVehicleLoan', {
    by: dispatcher,
    who: 'dispatcher',
    action: 'loan.ask',
    shows: 'after',
    body: { vehicleId: 203, borrowerId: 21, from: at(500), until: at(520), reason },
  })
  await prove(t, 'actOnVehicleLoan', {
    by: manager,
    who: 'fleet_manager',
    action: 'loan.step',
    shows: 'both',
    params: { loanId: loan.loanId },
    body: { action: 'consent', version: loan.version },
  })
  await prove(t, 'addLoanAgreement', {
    by: bureau,
    who: 'bureau',
    action: 'loan.agree',
    shows: 'after',
    body: { lenderId: 20, borrowerId: 21, fromDay: '2026-03-02', untilDay: '2026-12-31', reason },
  })
})

t.test('shared rides', async (t) => {
  const [dispatcher, applicant, approver] = await Promise.all(
    ['dispatcher', 'applicant', 'unit_approver'].map((name) => world.signIn(name)),
  )
  const ids: number[] = []
  for (const _n of [1, 2]) {
    const body = wanted({ to: { name: '白塔机场', lon: 111.82, lat: 40.85 }, startsAt: at(170), endsAt: at(172) })
    const { requestId, version } = (await ask(world, 'createRequest', applicant, { body })).json()
    await ask(world, 'actOnRequest', approver, { params: { requestId }, body: { action: 'approve', version } })
    ids.push(requestId)
  }
  const [firstId, requestId] = ids as [number, number]
  const { rideId, version } = await prove(t, 'proposeRide', {
    by: dispatcher!,
    who: 'dispatcher',
    action: 'ride.ask',
    shows: 'after',
    body: { firstId, requestId },
  })
  await prove(t, 'actOnRide', {
    by: applicant!,
    who: 'applicant',
    action: 'ride.step',
    shows: 'both',
    params: { rideId },
    body: { action: 'agree', version },
  })
})

t.test('accounts, grants, policy, notices and tokens', async (t) => {
  const person = { username: 'proven.one', displayName: '示例人员', personNo: 'G9001', organisationId: 20, requestedRole: 'driver', reason }
  const { accountId, oneTimePassword } = await prove(t, 'createAccount', {
    by: sysadmin,
    who: 'system_admin',
    action: 'account.create',
    shows: 'after',
    body: person,
  })
  const params = { accountId }
  const version = () => versionOf('accounts', 'account_id', accountId)
  const of = async (action: AuditAction, shows: Shows, more: object = {}, by = sysadmin) => ({
    by,
    who: by === sysadmin ? 'system_admin' : 'security_admin',
    action,
    shows,
    params,
    body: { version: await version(), reason, ...more },
  })
  await prove(t, 'changeAccount', await of('account.change', 'both', { phone: '13900001234' }))
  await prove(t, 'grantRole', await of('role.grant', 'both', { role: 'driver', organisationId: 20 }, secadmin))

  const issued = await prove(t, 'issueEntryCode', await of('entry.issue', 'neither', {}, secadmin))
  const browser = new Browser(world)
  await browser.signIn(person.username, oneTimePassword)
  const passes = { by: browser.signed, who: person.username, action: 'entry.pass' as const, shows: 'neither' as const }
  await prove(t, 'passEntryCode', { ...passes, body: { code: issued.entryCode.code } })
  const own = (action: AuditAction, body: object) => ({ by: browser.signed, who: person.username, action, shows: 'neither' as const, body })
  // The cookie of the answer is not taken here: the next sign-in brings its own.
  await prove(t, 'changePassword', own('password.change', { currentPassword: oneTimePassword, newPassword: 'Steppe-grass-77' }))
  await browser.signIn(person.username, 'Steppe-grass-77')
  await prove(t, 'acknowledgeNotice', own('notice.acknowledge', { noticeId: 1 }))

  await prove(t, 'endAccountSessions', { ...(await of('session.end-all', 'neither')), body: { reason } })
  await prove(t, 'unlockAccount', { ...(await of('account.unlock', 'neither')), body: { reason } })
  await prove(t, 'resetPassword', await of('password.reset', 'neither'))
  await prove(t, 'disableAccount', await of('account.disable', 'both'))
  await prove(t, 'enableAccount', await of('account.enable', 'both'))
  await db.query(`INSERT INTO second_factors VALUES ($1, 'x', 1, now())`, [accountId])
  db.unrecorded.length = 0
  await prove(t, 'resetSecondFactor', await of('second-factor.reset', 'neither', {}, secadmin))
  await prove(t, 'endRole', await of('role.end', 'both', {}, secadmin))

  const { current } = (await ask(world, 'getSecurityPolicy', secadmin)).json()
  await prove(t, 'setSecurityPolicy', {
    by: secadmin,
    who: 'security_admin',
    action: 'policy.set',
    shows: 'both',
    body: { basedOn: current.policyId, effectiveFrom: new Date(NOW_MS + 86_400_000).toISOString(), limits: current.limits, reason },
  })
  const words = {
    titleZh: '告知书第二版',
    textZh: '这是一份新的告知书，内容有所更新，请认真阅读。',
    titleEn: 'Notice two',
    textEn: 'A new notice with new words.',
  }
  await prove(t, 'publishNotice', {
    by: secadmin,
    who: 'security_admin',
    action: 'notice.publish',
    shows: 'after',
    body: { ...words, reason },
  })
  byHand += (
    await db.query('INSERT INTO notice_acknowledgements SELECT account_id, notice_id, now() FROM accounts, notices ON CONFLICT DO NOTHING')
  ).rowCount
  db.unrecorded.length = 0
  const { rows } = await db.query<{ account_id: number }>(`SELECT account_id FROM accounts WHERE username = 'bureau_admin'`)
  const made = await prove(t, 'permitToken', {
    by: secadmin,
    who: 'security_admin',
    action: 'token.permit',
    shows: 'after',
    body: {
      accountId: rows[0]!.account_id,
      name: '数据直报',
      capabilities: ['live.view'],
      organisationId: 4,
      expiresAt: new Date(NOW_MS + 86_400_000).toISOString(),
      reason,
    },
  })
  const { tokenId } = made
  const owner = { by: await world.signIn('bureau_admin'), who: 'bureau_admin', params: { tokenId } }
  await prove(t, 'collectOwnToken', { ...owner, action: 'token.collect', shows: 'neither' })
  await prove(t, 'rotateOwnToken', { ...owner, action: 'token.rotate', shows: 'neither' })
  await prove(t, 'revokeToken', {
    by: secadmin,
    who: 'security_admin',
    action: 'token.revoke',
    shows: 'both',
    params: { tokenId },
    body: { reason },
  })
  const another = await ask(world, 'permitToken', secadmin, {
    body: {
      accountId: rows[0]!.account_id,
      name: '数据直报',
      capabilities: ['live.view'],
      organisationId: 4,
      expiresAt: made.expiresAt,
      reason,
    },
  })
  db.unrecorded.length = 0
  await prove(t, 'revokeOwnToken', { ...owner, params: { tokenId: another.json().tokenId }, action: 'token.revoke', shows: 'both' })
})

t.test('sessions, from sign-in to sign-out', async (t) => {
  const credentials = { username: 'dispatcher', password: PASSWORD }
  await prove(t, 'signIn', { who: 'dispatcher', action: 'session.sign-in', shows: 'neither', body: credentials })
  const browser = new Browser(world)
  await browser.signIn('dispatcher', PASSWORD)
  const own = (action: AuditAction, more: object = {}) => ({
    by: browser.signed,
    who: 'dispatcher',
    action,
    shows: 'neither' as const,
    ...more,
  })
  const { secret } = (await ask(world, 'beginEnrolment', browser.signed, { body: { password: PASSWORD } })).json()
  await prove(t, 'confirmEnrolment', own('second-factor.enrol', { body: { code: await codeAt(secret, NOW_MS) } }))
  await browser.signIn('dispatcher', PASSWORD)
  await prove(t, 'passSecondFactor', own('session.sign-in', { body: { code: await codeAt(secret, NOW_MS + 30_000) } }))

  const [here, there] = [await world.signIn('inspector'), await world.signIn('inspector')]
  const mine = { by: here, who: 'inspector', shows: 'neither' as const }
  const rows = (await ask(world, 'listOwnSessions', here)).json().rows
  const sessionId = rows.find((row) => !row.own)!.sessionId
  await prove(t, 'endOwnSession', { ...mine, action: 'session.end', params: { sessionId } })
  t.equal((await ask(world, 'getSession', there)).code, 'NOT_SIGNED_IN')
  await prove(t, 'endOwnSessions', { ...mine, action: 'session.end-all' })
  await prove(t, 'statePurpose', { ...mine, action: 'live.purpose', body: { purpose: reason } })
  await prove(t, 'signOut', { ...mine, action: 'session.sign-out' })
  await prove(t, 'replayQuarantine', {
    by: sysadmin,
    who: 'system_admin',
    action: 'quarantine.replay',
    shows: 'neither',
    params: { quarantineId: 1 },
  })
  const { rows: jobs } = await db.query<{ id: number }>(
    `INSERT INTO jobs (kind, key, payload, put_at, run_at, given_up_at, last_error)
     VALUES ('nobodys-work', '1', '{}', now(), now(), now(), 'no answer') RETURNING job_id AS id`,
  )
  db.unrecorded.length = 0
  await prove(t, 'retryJob', { by: sysadmin, who: 'system_admin', action: 'job.retry', shows: 'neither', params: { jobId: jobs[0]!.id } })
})

t.test('organisations, compounds and pools', async (t) => {
  const as = (action: AuditAction, shows: Shows) => ({ by: bureau, who: 'bureau', action, shows })
  const seen = (organisationId: number) => versionOf('organisations', 'organisation_id', organisationId)
  const made = async (name: string, parentId = 4) =>
    (await ask(world, 'createOrganisation', bureau, { body: { parentId, kind: 'unit', name, reason } })).json().organisationId
  await prove(t, 'createOrganisation', {
    ...as('organisation.create', 'after'),
    body: { parentId: 4, kind: 'unit', name: '示例新单位', reason },
  })
  const [one, two] = [await made('示例甲处'), await made('示例乙处')]
  const compound = await prove(t, 'createCompound', {
    ...as('compound.create', 'after'),
    body: { organisationId: 4, name: '集中办公区', reason },
  })
  const params = { compoundId: compound.compoundId }
  await prove(t, 'changeCompound', {
    ...as('compound.change', 'both'),
    params,
    body: { version: compound.version, name: '集中办公区甲', reason },
  })
  const pool = await prove(t, 'createPool', { ...as('pool.create', 'after'), body: { organisationId: 4, name: '车队', reason } })
  await prove(t, 'changePool', {
    ...as('pool.change', 'both'),
    params: { poolId: pool.poolId },
    body: { version: pool.version, name: '一车队', reason },
  })
  const change = async (organisationId: number, more: object = {}) => ({
    params: { organisationId },
    body: { version: await seen(organisationId), reason, ...more },
  })
  await prove(t, 'changeOrganisation', { ...as('organisation.change', 'both'), ...(await change(one, { name: '示例改名处' })) })
  await prove(t, 'moveOrganisation', { ...as('organisation.move', 'both'), ...(await change(one, { parentId: 3 })) })
  await prove(t, 'mergeOrganisation', { ...as('organisation.merge', 'both'), ...(await change(two, { intoId: one })) })
  await prove(t, 'closeOrganisation', { ...as('organisation.close', 'both'), ...(await change(one)) })
})

t.test('vehicles, files, bulk changes, flows, quota and standards', async (t) => {
  const as = (action: AuditAction, shows: Shows, by = manager) => ({ by, who: by === manager ? 'fleet_manager' : 'bureau', action, shows })
  const { vehicleId } = await prove(t, 'createVehicle', { ...as('vehicle.create', 'after', bureau), body: { ...newVehicle(1), reason } })
  const params = { vehicleId }
  const change = async (more: object) => ({
    params,
    body: { version: await versionOf('vehicles', 'vehicle_id', vehicleId), reason, ...more },
  })
  await prove(t, 'changeVehicle', { ...as('vehicle.change', 'both'), ...(await change({ set: { note: '备注' } })) })
  await prove(t, 'actOnVehicle', { ...as('vehicle.state', 'both'), ...(await change({ action: 'suspend' })) })
  await ask(world, 'actOnVehicle', manager, await change({ action: 'resume' }))
  await prove(t, 'bindTerminal', {
    ...as('vehicle.terminal', 'both'),
    params: { vehicleId: 201 },
    body: { version: 1, reason, terminalId: null },
  })
  const query = { kind: 'photo', name: '照片.png' }
  const { fileId } = await prove(t, 'addVehicleFile', {
    ...as('vehicle.file-add', 'after'),
    params,
    query,
    upload: Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1'),
  })
  await prove(t, 'removeVehicleFile', { ...as('vehicle.file-remove', 'before'), params: { vehicleId, fileId }, query: { reason } })
  const bulk = { vehicleIds: [vehicleId, 202], set: { insuranceUntil: '2027-01-01' } }
  const preview = await ask(world, 'previewBulk', manager, { body: bulk })
  t.match(preview.json(), { changes: 2 }, preview.body)
  await prove(t, 'applyBulk', { ...as('vehicle.bulk', 'both'), body: { ...bulk, token: preview.json().token, reason } })

  const flow = await prove(t, 'startFlow', { ...as('flow.start', 'after'), body: { kind: 'transfer', vehicleId, toUnitId: 21, reason } })
  const act = { params: { flowId: flow.flowId }, body: { version: flow.version, action: 'consent', reason } }
  await prove(t, 'actOnFlow', { by: receiver, who: 'manager.21', action: 'flow.step', shows: 'both', ...act })

  const draft = { unitId: 20, category: 'EMERGENCY_SUPPORT', seats: 9, effectiveFrom: '2027-01-01', reason }
  const quota = await prove(t, 'draftQuota', { ...as('quota.draft', 'after'), body: draft })
  const quotaParams = { quotaId: quota.quotaId }
  await prove(t, 'changeQuota', { ...as('quota.change', 'both'), params: quotaParams, body: { version: quota.version, seats: 10, reason } })
  await prove(t, 'actOnQuota', {
    ...as('quota.step', 'both'),
    params: quotaParams,
    body: { version: quota.version + 1, action: 'submit', reason },
  })
  await prove(t, 'addStandardLimit', {
    ...as('standard.add', 'after', bureau),
    body: {
      organisationId: 1,
      category: 'OTHER_APPROVED',
      bodyType: null,
      newEnergy: null,
      maxPriceFen: 18_000_000,
      maxDisplacementMl: null,
      effectiveFrom: '2027-01-01',
      reason,
    },
  })
  const policy = { organisationId: 4, overQuota: 'flag', overStandard: 'refuse', reason }
  await prove(t, 'setLedgerPolicy', { ...as('policy.ledger', 'both', bureau), body: policy })
})

t.test('terminals', async (t) => {
  const as = (action: AuditAction, shows: Shows, by = bureau) => ({ by, who: by === manager ? 'fleet_manager' : 'bureau', action, shows })
  const terminals = [
    { terminalId: 'TPROVEN1', note: '随车备用' },
    { terminalId: 'TPROVEN2', vehicleId: 201 },
  ]
  const { credentials } = await prove(t, 'registerTerminals', {
    ...as('terminal.register', 'after'),
    body: { reason, organisationId: 20, model: 'BD-2000', terminals },
  })
  secrets.push(...credentials.map(({ secret }) => secret))
  const params = { terminalId: 'TPROVEN1' }
  const change = async (more: object) => {
    const { version } = (await ask(world, 'getTerminal', bureau, { params })).json()
    return { params, body: { version, reason, ...more } }
  }
  db.unrecorded.length = 0
  await prove(t, 'changeTerminal', { ...as('terminal.change', 'both'), ...(await change({ model: 'BD-2100', organisationId: 4 })) })
  await prove(t, 'fitTerminal', { ...as('terminal.fit', 'both'), ...(await change({ vehicleId: 201, replaces: 'TPROVEN2' })) })
  const both = { terminalIds: ['TPROVEN1', 'TPROVEN2'], reason }
  await prove(t, 'revokeTerminals', { ...as('terminal.revoke', 'both'), body: both })
  const issued = await prove(t, 'issueCredentials', { ...as('terminal.issue', 'both'), body: both })
  secrets.push(...issued.credentials.map(({ secret }) => secret))
})

t.test('drivers', async (t) => {
  const as = (action: AuditAction, shows: Shows) => ({ by: bureau, who: 'bureau', action, shows })
  const fields = {
    name: '示例司机九',
    phone: '13812345678',
    licenceNo: '152101199001010014',
    licenceClass: 'C1',
    licenceIssuedOn: '2015-06-01',
    licenceExpiresOn: '2035-06-01',
    vehicleId: null,
  }
  const { driverId } = await prove(t, 'createDriver', { ...as('driver.create', 'after'), body: { ...fields, organisationId: 20 } })
  const change = async (more: object, params: object = {}) => ({
    params: { driverId, ...params },
    body: { version: await versionOf('drivers', 'driver_id', driverId), ...more },
  })
  await prove(t, 'editDriver', { ...as('driver.edit', 'both'), ...(await change({ ...fields, name: '示例司机十', phone: '13812340000' })) })
  await prove(t, 'setDriverShifts', {
    ...as('driver.shifts', 'both'),
    ...(await change({
      shifts: [{ weekdays: 31, startMinute: 480, endMinute: 1020, followsCalendar: true, fromDay: '2026-01-01', untilDay: null }],
    })),
  })
  await prove(t, 'setDriverDutyDay', {
    ...as('driver.duty-day', 'after'),
    ...(await change({ duty: { off: true } }, { day: '2026-03-05' })),
  })
  const leave = { kind: 'annual', fromDay: '2026-03-10', untilDay: '2026-03-12', note: null }
  const { leaveId } = await prove(t, 'addDriverLeave', { ...as('driver.leave', 'after'), ...(await change(leave)) })
  await prove(t, 'cancelDriverLeave', { ...as('driver.leave-cancel', 'before'), ...(await change({}, { leaveId })) })
  const loan = { organisationId: 21, fromDay: '2026-03-20', untilDay: '2026-04-01', note: null }
  const { loanId } = await prove(t, 'lendDriver', { ...as('driver.lend', 'after'), ...(await change(loan)) })
  await prove(t, 'endDriverLoan', { ...as('driver.loan-end', 'both'), ...(await change({ untilDay: '2026-03-25' }, { loanId })) })
  await prove(t, 'moveDriver', { ...as('driver.move', 'both'), ...(await change({ organisationId: 21, reason })) })
  await prove(t, 'setDriverState', { ...as('driver.state', 'both'), ...(await change({ state: 'suspended', reason })) })
  const limits = { organisationId: 4, effectiveFrom: '2027-01-01', dayMin: 480, continuousMin: 240, restMin: 20, version: null }
  await prove(t, 'setDrivingLimits', { ...as('driving-limits.set', 'after'), body: limits })
})

t.test('places, suppliers, fuel cards and the calendar', async (t) => {
  const as = (action: AuditAction, shows: Shows) => ({ by: bureau, who: 'bureau', action, shows })
  const place = {
    kind: 'designated_lot',
    name: '示例停放点',
    shape: { type: 'circle', centre: [111.7, 40.8], radiusM: 200 },
    validFrom: '2026-01-01',
  }
  const { placeId } = await prove(t, 'createPlace', { ...as('place.create', 'after'), body: { ...place, organisationId: 4 } })
  await prove(t, 'editPlace', { ...as('place.edit', 'both'), params: { placeId }, body: { ...place, name: '示例停放点二', version: 1 } })
  const supplier = { name: '示例加油站', kinds: ['fuel'], phone: '13812345678', validFrom: '2026-01-01' }
  const { supplierId } = await prove(t, 'createSupplier', { ...as('supplier.create', 'after'), body: { ...supplier, organisationId: 4 } })
  await prove(t, 'editSupplier', {
    ...as('supplier.edit', 'both'),
    params: { supplierId },
    body: { ...supplier, name: '示例加油站二', version: 1 },
  })
  const card = { cardNo: '1000000000000001', supplierId, organisationId: 20, vehicleId: 202 }
  const { fuelCardId } = await prove(t, 'createFuelCard', { ...as('fuel-card.create', 'after'), body: card })
  const edited = { vehicleId: 202, dayLimitFen: 50_000, state: 'lost', version: 1 }
  await prove(t, 'editFuelCard', { ...as('fuel-card.edit', 'both'), params: { fuelCardId }, body: edited })
  const day = { organisationId: 4, kind: 'holiday', name: '示例假日', version: null }
  await prove(t, 'setCalendarDay', { ...as('calendar.day', 'after'), params: { day: '2026-06-06' }, body: day })
  await prove(t, 'announceYear', { ...as('calendar.year', 'after'), body: { year: 2031, source: '国务院办公厅通知' } })
  const hours = { organisationId: 4, effectiveFrom: '2027-01-01', startMinute: 510, endMinute: 1050, version: null }
  await prove(t, 'setWorkingHours', { ...as('calendar.hours', 'after'), body: hours })
})

t.test('sensitive vehicles', async (t) => {
  await db.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 211')
  const { rows } = await db.query<{ no: number }>('SELECT secret_no AS no FROM secret_vehicles')
  const secretNo = rows[0]!.no
  db.unrecorded.length = 0
  const as = (action: AuditAction, shows: Shows) => ({ by: bureau, who: 'bureau', action, shows })
  const asked = { by: bureauTwo, who: 'bureau.two', action: 'unmask.request', shows: 'after' } as const
  const naming = { username: 'bureau.two', until: null, reason }
  const { namingId } = await prove(t, 'nameForSecret', { ...as('secrecy.name', 'after'), params: { secretNo }, body: naming })
  await prove(t, 'endNaming', { ...as('secrecy.naming-end', 'before'), params: { namingId }, body: { reason } })
  const request = async () => {
    const { unmaskingId } = await prove(t, 'requestUnmasking', { ...asked, body: { vehicle: '蒙AA0211', purpose: reason, hours: 2 } })
    return { params: { unmaskingId }, body: { reason } }
  }
  await prove(t, 'returnUnmasking', { ...asked, action: 'unmask.withdraw', shows: 'both', ...(await request()) })
  await prove(t, 'refuseUnmasking', { ...as('unmask.refuse', 'both'), ...(await request()) })
  const running = await request()
  await prove(t, 'approveUnmasking', { ...as('unmask.approve', 'both'), ...running })
  await prove(t, 'endUnmasking', { ...as('unmask.end', 'both'), ...running })
  const policy = { organisationId: 4, effectiveFrom: '2026-09-01', sight: 'coarse', maxHours: 8, reason }
  await prove(t, 'setSecrecyPolicy', { ...as('secrecy.policy', 'both'), body: policy })
})

t.test('imports', async (t) => {
  const file = csv(
    VEHICLE_HEADINGS,
    vehicleRow('蒙AA8001'),
    vehicleRow('蒙AA0202', '甲单位', { 2: '执法执勤用车', 3: '执法执勤用车', 7: 7 }),
  )
  const checked = await send('checkImport', bureauTwo, { query: { subject: 'vehicles', fileName: 'x.csv' }, upload: file })
  const { importId, token } = checked.json() as AnswerOf<'checkImport'>
  t.ok(token, checked.body)
  const seq = await lastSeq()
  await prove(t, 'applyImport', {
    by: bureauTwo,
    who: 'bureau.two',
    action: 'import.apply',
    shows: 'neither',
    params: { importId },
    body: { token, reason },
  })
  const records = await recordsAfter(seq)
  t.match(
    records.find(({ action }) => action === 'import.create'),
    { subject: { type: 'vehicle' }, after: { plate: '蒙AA8001' } },
  )
  t.match(
    records.find(({ action }) => action === 'import.change'),
    { subject: { type: 'vehicle', id: '202' }, before: { seats: 5 }, after: { seats: 7 } },
  )
})

t.test('requests and orders', async (t) => {
  const [applicant, approver] = await Promise.all(['applicant', 'unit_approver'].map((name) => world.signIn(name)))
  const of = (by: Signed, who: string) => (action: AuditAction, shows: Shows) => ({ by, who, action, shows })
  const [asks, approves, gives] = [of(applicant!, 'applicant'), of(approver!, 'unit_approver'), of(manager, 'fleet_manager')]
  const times = { startsAt: at(30), endsAt: at(32) }
  const { key: _key, ...fields } = wanted(times)
  const made = await prove(t, 'createRequest', { ...asks('request.create', 'after'), body: wanted(times) })
  const params = { requestId: made.requestId }
  const changed = await prove(t, 'changeRequest', {
    ...asks('request.change', 'both'),
    params,
    body: { ...fields, passengers: 3, version: made.version },
  })
  const agreed = await prove(t, 'actOnRequest', {
    ...approves('request.step', 'both'),
    params,
    body: { action: 'approve', version: changed.version },
  })
  const given = await prove(t, 'dispatchRequest', {
    ...gives('order.dispatch', 'after'),
    params,
    body: { vehicleId: 203, driverId: 3, version: agreed.version },
  })
  const order = { orderId: given.orderId }
  const moved = await prove(t, 'moveOrder', {
    ...gives('order.move', 'both'),
    params: order,
    body: { vehicleId: 203, driverId: 3, endsAt: at(33), version: given.version, reason },
  })
  const step = async (action: string, version: number, data: object = {}) =>
    prove(t, 'actOnOrder', { ...gives('order.step', 'both'), params: order, body: { action, version, data } })
  const { version: departedVersion } = await step('depart', (await step('accept', moved.version)).version, { odometerKm: 45_210 })
  // A part has a beginning and an end.
  world.clock.atMs += 1
  const swapped = await prove(t, 'swapOrder', {
    ...gives('order.swap', 'both'),
    params: order,
    body: { vehicleId: 202, driverId: 1, odometerKm: 45_210, version: departedVersion, reason },
  })
  const { version } = await step('takeOver', swapped.version, { odometerKm: 12_000 })
  const paid = await prove(t, 'addOrderCost', {
    ...gives('order.cost', 'after'),
    params: order,
    body: { kind: 'toll', fen: 3_500, at: at(0), note: '高速', version },
  })
  const drives = { by: await world.signIn('driver'), who: 'driver' } as const
  const { feedId, url } = await prove(t, 'makeFeed', { ...drives, action: 'feed.make', shows: 'after', body: {} })
  const feed = { ...drives, params: { feedId }, shows: 'neither' as const }
  const renewed = await prove(t, 'renewFeed', { ...feed, action: 'feed.renew' })
  secrets.push(...[url, renewed.url].map((address) => address.split('/').at(-1)!.replace('.ics', '')))
  await prove(t, 'revokeFeed', { ...feed, action: 'feed.revoke' })
  for (const [given, action] of [
    [true, 'tracking.consent'],
    [false, 'tracking.withdraw'],
  ] as const)
    await prove(t, 'setTrackingConsent', { ...drives, action, shows: 'both', body: { given, textVersion: 1 } })
  const leave = await prove(t, 'askLeave', {
    ...drives,
    action: 'leave.ask',
    shows: 'after',
    body: { key: '00000000-0000-4000-8000-0000000000f2', kind: 'annual', fromDay: '2026-08-03', untilDay: '2026-08-05', reason: '探亲' },
  })
  await prove(t, 'actOnLeave', {
    by: manager,
    who: 'fleet_manager',
    action: 'leave.step',
    shows: 'both',
    params: { leaveRequestId: leave.leaveRequestId },
    body: { action: 'grant', version: leave.version },
  })
  const done = { key: '00000000-0000-4000-8000-0000000000f1', atDevice: at(0), sentAtDevice: at(0) }
  await prove(t, 'addOrderPhoto', {
    ...gives('order.photo', 'after'),
    params: order,
    query: { ...done, shows: 'departure' },
    upload: ONE_PIXEL,
  })
  const told = await prove(t, 'reportIncident', {
    ...gives('order.incident', 'after'),
    params: order,
    body: { kind: 'breakdown', text: '右后轮扎钉' },
  })
  const incident = told.incidents[0]!
  const held = await prove(t, 'actOnIncident', {
    ...gives('order.incident-step', 'both'),
    params: { ...order, incidentId: incident.incidentId },
    body: { action: 'hold', version: incident.version, data: { until: at(40) } },
  })
  await prove(t, 'actOnIncident', {
    ...gives('order.incident-step', 'both'),
    params: { ...order, incidentId: incident.incidentId },
    body: { action: 'close', version: held.incidents[0]!.version, reason },
  })
  const { changes } = await prove(t, 'askOrderChange', {
    ...asks('order.change-ask', 'both'),
    params: order,
    body: { endsAt: at(34), to: { name: '四子王旗' }, reason },
  })
  const road = { params: { changeId: changes[0]!.changeId } }
  const yes = await prove(t, 'actOnOrderChange', {
    ...approves('order.change-step', 'both'),
    ...road,
    body: { action: 'approve', version: changes[0]!.version },
  })
  await prove(t, 'actOnOrderChange', { ...gives('order.change-step', 'both'), ...road, body: { action: 'make', version: yes.version } })
  const now = await versionOf('dispatch_orders', 'order_id', given.orderId)
  t.equal(now, paid.version + 1)
  const back = await step('comeBack', now, { odometerKm: 12_100, sure: true })
  const read = await prove(t, 'correctOdometer', {
    ...gives('order.odometer', 'both'),
    params: order,
    body: { which: 'back', odometerKm: 12_000, version: back.version, reason },
  })
  await prove(t, 'rateOrder', { ...asks('order.rate', 'after'), params: order, body: { stars: 4, text: '准时', version: null } })
  await prove(t, 'rateOrder', { ...asks('order.rate', 'both'), params: order, body: { stars: 5, text: '准时', version: 1 } })
  const { rows: kept } = await prove(t, 'addFavourite', {
    ...asks('favourite.add', 'after'),
    body: { favourite: { kind: 'place', name: '机关大院', place: { name: '机关大院' } } },
  })
  const favourite = { params: { favouriteId: kept[0]!.favouriteId } }
  await prove(t, 'renameFavourite', { ...asks('favourite.rename', 'both'), ...favourite, body: { name: '大院', version: 1 } })
  await prove(t, 'removeFavourite', { ...asks('favourite.remove', 'before'), ...favourite })
  const finance = await world.signIn('finance')
  const pays = of(finance, 'finance')
  const confirmed = await prove(t, 'actOnOrder', {
    ...asks('order.step', 'both'),
    params: order,
    body: { action: 'confirm', version: read.version },
  })
  const settled = await step('settle', confirmed.version)
  const closed = await prove(t, 'actOnOrder', {
    ...pays('order.step', 'both'),
    params: order,
    body: { action: 'close', version: settled.version },
  })
  const toll = closed.costs[0]!.costId
  const corrected = await prove(t, 'addOrderCost', {
    ...gives('order.cost', 'after'),
    params: order,
    body: { kind: 'toll', fen: -500, at: at(0), corrects: toll, version: closed.version },
  })
  await prove(t, 'decideOrderCost', {
    ...pays('order.cost-decide', 'both'),
    params: { ...order, costId: corrected.costs.at(-1)!.costId },
    body: { stands: true, version: corrected.version, reason },
  })
  const prices = { baseFen: 0, includedM: 0, includedMin: 0, kmFen: 120, hourFen: 0, driverFen: 0, nightFen: 0, awayFen: 0 }
  await prove(t, 'addTariff', {
    ...pays('tariff.add', 'after'),
    body: { organisationId: 20, kind: 'own', bodyType: null, effectiveFrom: '2026-01-01', ...prices, reason },
  })
  await prove(t, 'setBudget', {
    ...pays('budget.set', 'both'),
    body: { organisationId: 20, year: 2026, fen: 5_000_000, revision: 0, reason },
  })
  const urgent = (await ask(world, 'createRequest', applicant, { body: wanted({ kind: 'emergency' }) })).json()
  await prove(t, 'ratifyRequest', {
    ...approves('request.step', 'both'),
    params: { requestId: urgent.requestId },
    body: { version: urgent.version, reason },
  })
})

t.test('rules of approval, deputies, and several decisions at once', async (t) => {
  const [applicant, approver] = await Promise.all(['applicant', 'unit_approver'].map((name) => world.signIn(name)))
  const decides = (action: AuditAction, shows: Shows) => ({ by: approver!, who: 'unit_approver', action, shows })
  await prove(t, 'setApprovalRules', {
    by: bureau,
    who: 'bureau',
    action: 'approval.rules',
    shows: 'after',
    body: {
      organisationId: 21,
      effectiveFrom: '2026-03-02',
      rules: {
        rules: [
          { when: 'distance', km: 300, level: 'league' },
          { when: 'night', fromMinute: 1320, untilMinute: 360, level: 'league' },
          { when: 'class', least: 'medium', level: 'league' },
          { when: 'leavesRegion', level: 'region' },
        ],
        remindAfterH: 2,
        escalateAfterH: 8,
        bothForH: 4,
      },
      reason,
    },
  })
  const { rows } = (await ask(world, 'listFitDeputies', approver)).json()
  const { deputyshipId, version } = await prove(t, 'nameDeputy', {
    ...decides('deputy.name', 'after'),
    body: { deputyId: rows[0]!.accountId, fromDay: '2026-03-02', untilDay: '2026-03-04' },
  })
  await prove(t, 'endDeputy', { ...decides('deputy.end', 'before'), params: { deputyshipId }, body: { version } })
  const asked = (await ask(world, 'createRequest', applicant, { body: wanted({ startsAt: at(50), endsAt: at(51) }) })).json()
  await prove(t, 'decideRequests', {
    ...decides('request.step', 'both'),
    body: { action: 'approve', requests: [{ requestId: asked.requestId, version: asked.version }] },
  })
})

t.test('requests that recur', async (t) => {
  const applicant = await world.signIn('applicant')
  const asks = (action: AuditAction, shows: Shows) => ({ by: applicant, who: 'applicant', action, shows })
  const { key, ...trip } = wanted({ startsAt: at(60), endsAt: at(61) })
  const { seriesId, requests } = await prove(t, 'createSeries', {
    ...asks('series.create', 'after'),
    body: { ...trip, key, recurrence: { every: 'week', times: 3 } },
  })
  const near = { name: '新华广场', lon: 111.695, lat: 40.82 }
  const { from, startsAt, endsAt, passengers } = trip
  await prove(t, 'chooseGreen', { ...asks('green.choose', 'after'), body: { from, to: near, startsAt, endsAt, passengers, way: 'walk' } })
  const [, second, third] = requests
  const moved = await prove(t, 'changeSeries', {
    ...asks('request.change', 'both'),
    params: { seriesId },
    body: { ...trip, startsAt: at(60 + 168.5), endsAt: at(61 + 168.5), requestId: second!.requestId, version: second!.version },
  })
  const last = moved.requests.find(({ requestId }) => requestId === third!.requestId)!
  await prove(t, 'cancelSeries', {
    ...asks('request.step', 'both'),
    params: { seriesId },
    body: { requestId: last.requestId, version: last.version, reason },
  })
})

t.test('webhooks', async (t) => {
  const as = (action: AuditAction, shows: Shows) => ({ by: bureau, who: 'bureau', action, shows })
  const fields = { name: '短信网关', url: 'https://sms.example/in?key=mrn_never-on-record', kinds: ['order.dispatch', 'order.comeBack'] }
  const { webhookId, secret } = await prove(t, 'makeWebhook', { ...as('webhook.make', 'after'), body: { ...fields, organisationId: 4 } })
  const params = { webhookId }
  const { version } = await prove(t, 'changeWebhook', {
    ...as('webhook.change', 'both'),
    params,
    body: { ...fields, kinds: ['order.void'], on: false, version: 1 },
  })
  const renewed = await prove(t, 'renewWebhookSecret', { ...as('webhook.renew', 'neither'), params, body: { version } })
  secrets.push(secret, renewed.secret)
})

t.test('no endpoint that changes something is without its proof, or its reason for none', async (t) => {
  for (const [name, { method }] of Object.entries(api) as [EndpointName, Endpoint][])
    if (method !== 'GET') t.ok(proven.has(name) !== name in unproven, name)
})

t.test('every row that any of these acts wrote carries the number of an act that is on record', async (t) => {
  const { count, says } = await findUnrecordedActs(db)
  t.same(
    says.filter((each) => !each.includes('notice_acknowledgements')),
    [],
  )
  t.equal(count, byHand, 'what this test wrote itself, and no more')
  const { rows } = await db.query<{ name: string; numbered: boolean }>(
    actTables
      .map(({ table }) => `SELECT '${table}' AS name, EXISTS (SELECT FROM ${table} WHERE act IS NOT NULL) AS numbered`)
      .join(' UNION ALL '),
  )
  const written = rows.filter(({ numbered }) => numbered).map(({ name }) => name)
  t.ok(written.length > 25, written.join())
})

t.test(
  'what is on record of every act reads in words: no number of a row, no constant, no key, no instant of a machine, in either language',
  async (t) => {
    const auditor = await world.signIn('audit_admin')
    const { rows: all } = await db.query<{ seq: number }>('SELECT seq FROM audit_log ORDER BY seq')
    /** Written by people, or a code that is one everywhere. */
    const asWritten =
      /^(username|name|displayName|note|file|fileName|asked|for|text..|title..|source|plate|terminalId|id|licence(Class|No)|model|make|personNo|contentType|fileSha256|installationId|address|contact|code|adcode)$/
    const raw = /[a-z][A-Z]|\b[A-Z]{3,}\b|[A-Z]_[A-Z]|[a-z]_[a-z]|\dT\d\d:|\[object|undefined|null|\{\{/
    for (const [dictionary, other] of [
      [zhCN, '其他'],
      [en, 'Other'],
    ] as const) {
      const text: Text = (key, values = {}) => dictionary[key].replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]))
      for (const { seq } of all) {
        const record = (await ask(world, 'getAuditRecord', auditor, { params: { seq } })).json()
        const about = { action: record.action, names: record.names, subjectType: record.subject?.type }
        const says = `${seq} ${record.action}`
        if (actionText(text, record.action) === other) t.fail(`${says} has no word`)
        if (record.subject) {
          const subject = subjectText(text, record.subject, record.names)
          if (subject.startsWith(other) || /^\S+ \d{1,7}$/.test(subject.replace(/ {2}/g, ' ')))
            if (record.subject.type !== 'calendar-year') t.fail(`${says}: ${subject}`)
        }
        for (const { name, before, after } of [...changesOf(record.before, record.after), ...changesOf(null, record.detail)]) {
          if (fieldText(text, name) === other) t.fail(`${says}: the field ${name} has no word`)
          for (const value of [before, after]) {
            const said = valueText(text, value, name, about)
            if (!asWritten.test(name) && raw.test(said.replace(/\b(VIN|CSV|蒙\w+)\b/g, ''))) t.fail(`${says}: ${name} says ${said}`)
            if (nameKey(name, value) && /^\d+$/.test(said)) t.fail(`${says}: ${name} is a number`)
          }
        }
      }
    }
    t.ok(all.length > 90, `${all.length} records`)
  },
)

t.test('a history names the unit as it was called when the record was made, and no vehicle that its reader may not see', async (t) => {
  const bureau = await world.signIn('bureau')
  const { rows } = await db.query<{ seq: number; at: Date; id: number }>(
    `SELECT seq, at, subject_id::int AS id FROM audit_log WHERE action = 'driver.move' ORDER BY seq LIMIT 1`,
  )
  const move = rows[0]!
  await db.query(
    'INSERT INTO organisation_past (organisation_id, until, name, parent_id, adcode) SELECT 20, $1, $2, parent_id, adcode FROM organisations WHERE organisation_id = 20',
    [new Date(move.at.getTime() + 1), '旧名称处'],
  )
  const history = (await ask(world, 'listDriverHistory', bureau, { params: { driverId: move.id } })).json().rows
  t.equal(history.find(({ seq }) => seq === move.seq)?.names['organisation:20'], '旧名称处')
  const auditor = await world.signIn('audit_admin')
  for (const kind of ['compound', 'pool', 'place', 'supplier', 'driver']) {
    const renamed = await db.query<{ seq: number; id: string; before: string; after: string }>(
      `SELECT seq, subject_id AS id, body::jsonb #>> '{before,name}' AS before, body::jsonb #>> '{after,name}' AS after FROM audit_log
       WHERE subject_type = $1 AND body::jsonb #>> '{before,name}' <> body::jsonb #>> '{after,name}' ORDER BY seq LIMIT 1`,
      [kind],
    )
    t.equal(renamed.rows.length, 1, `a ${kind} was renamed`)
    const { seq, id, before, after } = renamed.rows[0]!
    const made = await db.query<{ seq: number }>('SELECT min(seq) AS seq FROM audit_log WHERE subject_type = $1 AND subject_id = $2', [
      kind,
      id,
    ])
    const nameIn = async (record: number) =>
      (await ask(world, 'getAuditRecord', auditor, { params: { seq: record } })).json().names[`${kind}:${id}`]
    t.equal(await nameIn(made.rows[0]!.seq), before, `the record of a ${kind}’s making keeps the name of then`)
    t.equal(await nameIn(seq), after)
  }
  const notice = await db.query<{ seq: number; id: string; zh: string; en: string }>(
    `SELECT l.seq, subject_id AS id, title_zh AS zh, title_en AS en FROM audit_log l JOIN notices n ON n.notice_id::text = l.subject_id
     WHERE subject_type = 'notice' AND action = 'notice.publish' ORDER BY seq DESC LIMIT 1`,
  )
  const { id, zh, en: english, seq } = notice.rows[0]!
  const { names, subject } = (await ask(world, 'getAuditRecord', auditor, { params: { seq } })).json()
  t.match(names, { [`notice:${id}`]: zh, [`notice:${id}:en`]: english })
  const text: Text = (key, values = {}) => en[key].replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]))
  t.ok(subjectText(text, subject!, names).endsWith(english), 'a notice has the title of the reader’s language')
  const records = async (by: Parameters<typeof ask>[2]) =>
    (await ask(world, 'listAudit', by, { query: { subjectType: 'vehicle', limit: 200 } })).json().rows
  const named = (await records(auditor)).find(({ names, subject }) => names[`vehicle:${subject!.id}`] !== undefined)!
  await db.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = $1', [Number(named.subject!.id)])
  for (const { names, subject } of await records(auditor))
    if (subject!.id === named.subject!.id) t.same(names, {}, 'no plate of a sensitive vehicle')
})

t.test('no act reads or writes on while everybody else’s record waits for its end', async (t) => {
  t.same([...new Set(db.underLock)], [])
})

t.test('of all that was said meanwhile no password, code, token or whole number of a person is on record', async (t) => {
  const { rows } = await db.query<{ body: string }>('SELECT body FROM audit_log')
  const all = rows.map(({ body }) => body).join('\n')
  t.equal(secrets.length, 8)
  for (const secret of [
    ...secrets,
    PASSWORD,
    'Steppe-grass-77',
    '13812345678',
    '13812340000',
    '13900001234',
    '152101199001010014',
    '1000000000000001',
    'mrn_',
  ])
    t.notOk(all.includes(secret), secret)
})
