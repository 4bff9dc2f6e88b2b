// Every read of a track, every file that leaves the house, and every way a sign-in or a token fails: each has its record, and what
// cannot be recorded is not given.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Endpoint } from '../../services/contracts/api/endpoint.ts'
import { api, type EndpointName } from '../../services/contracts/api.ts'
import type { AuditAction } from '../../services/contracts/auditActions.ts'
import type { AuditBody } from '../../services/contracts/auditRecord.ts'
import { openEvidenceDesk } from '../../services/dispatch/cases/evidence/desk.ts'
import { recordAudit, system } from '../../services/dispatch/kernel/record.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { ONE_PLACE } from '../dispatch/matrix/caseRows.ts'
import { fileTwice } from '../dispatch/matrix/filingSite.ts'
import { furnishOrders, type OrderSite } from '../dispatch/matrix/orderSite.ts'
import { ONE_PIXEL } from '../dispatch/matrix/tripRows.ts'
import { Browser, codeAt, createAccount, makeToken, reason } from '../dispatch/people.ts'
import { NOW_MS, PASSWORD, putState, seedRegion } from '../dispatch/region.ts'
import { ask, type Signed, startWorld } from '../dispatch/world.ts'
import { csv, upload, VEHICLE_HEADINGS, vehicleRow } from '../exchange/files.ts'
import { asOwner, startTestDatabase } from '../harness/database.ts'
import { zhCN } from '../harness/texts.ts'
import { watchDatabase } from '../harness/watchedDatabase.ts'

const database = await startTestDatabase(t)
const db = watchDatabase(openDatabase({ url: database.appUrl, applicationName: 'test', maxConnections: 4 }))
t.teardown(() => db.close())
await asOwner(database, seedRegion)
await putState(db, { vehicleId: 202 })
await db.query(
  `INSERT INTO vehicle_files (vehicle_id, kind, name, content_type, bytes, content, added_at, added_by)
   VALUES (202, 'document', '行驶证.pdf', 'application/pdf', 5, '%PDF-', now(), 'x')`,
)
await db.query(
  `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at)
   VALUES ('d1', 'vmp/v1/150102/T20200/up/location', 'T20200', 'time-in-future', 'x', 1, '{"time":1,"lon":111.7,"lat":40.8123}', now(), now())`,
)
const { rows: askers } = await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'applicant'`)
let site: OrderSite | undefined
await asOwner(database, async (owner) => {
  site = await furnishOrders(owner, { unit: 20, asker: askers[0]!.id, vehicle: 202, driver: 1 })
})
const { runningOrder, photo } = site!
const evidenceDirectory = await mkdtemp(join(tmpdir(), 'morin-evidence-'))
t.teardown(() => rm(evidenceDirectory, { recursive: true, force: true }))
const evidence = await openEvidenceDesk({ directory: evidenceDirectory, keysIn: evidenceDirectory })
const world = await startWorld(t, db, {}, { evidence })
const bureau = await world.signIn('bureau_admin')
const rider = await world.signIn('applicant')
const inspector = await world.signIn('inspector')
const auditor = await world.signIn('audit_admin')
const sysadmin = await world.signIn('system_admin')

const lastSeq = async () => (await db.query<{ seq: number }>('SELECT max(seq) AS seq FROM audit_log')).rows[0]!.seq
const recordsAfter = async (seq: number) =>
  (await db.query<{ body: string }>('SELECT body FROM audit_log WHERE seq > $1 ORDER BY seq', [seq])).rows.map(
    ({ body }) => JSON.parse(body) as AuditBody,
  )
const window = { from: new Date(NOW_MS - 3_600_000).toISOString(), to: new Date(NOW_MS).toISOString() }
const purpose = '核查举报线索'
const checked = (await upload(world, bureau, 'vehicles', csv(VEHICLE_HEADINGS, vehicleRow('京A12345')), 'x.csv')).json()

const opened = { purpose, basis: '来信举报', from: window.from, until: window.to, vehicleIds: [201] }
const { caseId } = (await ask(world, 'openCase', inspector, { body: opened })).json()
const { rows: packages } = await db.query<{ id: number }>(
  `INSERT INTO evidence_packages (case_id, nth, state, during, vehicle_ids, language, asked_by, asked_at, bytes, sha256)
   SELECT $1, 1, 'READY', tstzrange($2, $3), '{201}', 'en', account_id, $3, 2, '\\xabcd' FROM accounts WHERE username = 'inspector' RETURNING package_id AS id`,
  [caseId, new Date(window.from), new Date(window.to)],
)
const packageId = packages[0]!.id
await writeFile(join(evidenceDirectory, `evidence-${packageId}.zip`), 'PK')
const noted = { vehicleId: 201, from: window.from, until: window.to, text: '停于景区停车场' }
const { findingId } = (await ask(world, 'noteFinding', inspector, { params: { caseId }, body: noted })).json()
const { photos } = (
  await ask(world, 'addFindingPhoto', inspector, {
    params: { findingId },
    body: ONE_PIXEL,
    headers: { 'content-type': 'application/octet-stream' },
  })
).json()
const findingPhoto = photos[0]!.photoId
const octets = { 'content-type': 'application/octet-stream' }
const { exhibitId } = (
  await ask(world, 'addExhibit', inspector, { params: { caseId }, query: { name: 'a.gpx' }, body: ONE_PLACE, headers: octets })
).json()
const { rows: suspected } = await db.query<{ id: number }>(
  `INSERT INTO supervision_findings (code, severity, vehicle_id, unit_id, day, from_at, suspicion, state, since, raised_at)
   VALUES ('R01', 'alarm', 202, 20, '2026-03-01', '2026-03-01 02:00Z', '{"fromMs": 0, "untilMs": null, "figure": 1, "threshold": 1, "points": [], "orderIds": []}',
     'OPEN', now(), now()) RETURNING finding_id AS id`,
)
const suspectedId = suspected[0]!.id
await db.query(
  `INSERT INTO supervision_finding_photos (finding_id, photo_id, key, width, height, bytes, sha256, content, added_by, added_at)
   SELECT $1, 1, gen_random_uuid(), 1, 1, 1, '\\x00', '\\x00', account_id, now() FROM accounts WHERE username = 'bureau_admin'`,
  [suspectedId],
)
const { rows: sealed } = await db.query<{ id: number }>(
  `WITH p AS (INSERT INTO seal_plans (organisation_id, name, from_day, until_day, reason, planned_by, planned_at)
     SELECT 20, '周末', '2026-03-07', '2026-03-08', '按规定封存', account_id, now() FROM accounts WHERE username = 'bureau_admin' RETURNING plan_id, planned_by),
   s AS (INSERT INTO vehicle_seals (plan_id, vehicle_id, unit_id, state, since, from_at, until_at)
     SELECT plan_id, 201, 20, 'SEALED', now(), '2026-03-06 16:00Z', '2026-03-08 16:00Z' FROM p RETURNING seal_id)
   SELECT seal_id AS id FROM s`,
)
const sealId = sealed[0]!.id
await db.query(
  `INSERT INTO vehicle_seal_photos (seal_id, photo_id, width, height, bytes, sha256, content, added_by, added_at)
   SELECT $1, 1, 1, 1, 1, '\\x00', '\\x00', account_id, now() FROM accounts WHERE username = 'bureau_admin'`,
  [sealId],
)
const filingId = await fileTwice(db, 20)
const { rows: delivered } = await db.query<{ id: number }>(
  `WITH made AS (INSERT INTO report_plans (organisation_id, name, list, filter, format, locale, every, on_day, at_minute, made_by, made_at)
     SELECT 20, 'x', 'ledger', '{}', 'csv', 'en', 'day', 0, 0, account_id, now() FROM accounts WHERE username = 'bureau_admin' RETURNING report_id, made_by)
   INSERT INTO report_deliveries (report_id, account_id, channel, planned_at, state, file_name, content, sha256)
   SELECT report_id, made_by, 'app', now(), 'sent', 'x.csv', 'x', 'x' FROM made RETURNING delivery_id AS id`,
)
const deliveryId = delivered[0]!.id
const { rows: letters } = await db.query<{ id: number }>(
  `INSERT INTO letters (organisation_id, month, year, number, body, sha256, made_by, made_at)
   SELECT 20, '2026-02', 2026, 1, $1, 'x', account_id, now() FROM accounts WHERE username = 'bureau_admin' RETURNING letter_id AS id`,
  [
    JSON.stringify({
      form: 'morin-letter-1',
      organisation: { organisationId: 20, name: 'x' },
      month: '2026-02',
      findings: [],
      use: {},
      costs: {},
    }),
  ],
)
const letterId = letters[0]!.id
type Look = { by: Signed; action: AuditAction; parts: Parameters<typeof ask>[3]; shows: object }
const looks: Partial<Record<EndpointName, Look>> = {
  getTrack: {
    by: inspector,
    action: 'track.view',
    parts: { params: { vehicleId: 201 }, query: { ...window, caseId } },
    shows: { actor: { username: 'inspector' }, subject: { type: 'vehicle', id: '201' }, purpose, detail: { ...window, caseId } },
  },
  getTrackBytes: {
    by: inspector,
    action: 'track.view',
    parts: { params: { vehicleId: 201 }, query: { ...window, caseId } },
    shows: { actor: { username: 'inspector' }, subject: { type: 'vehicle', id: '201' }, purpose, detail: { ...window, caseId } },
  },
  getSupervisionFinding: {
    by: bureau,
    action: 'supervision.view',
    parts: { params: { findingId: suspectedId } },
    shows: { subject: { type: 'vehicle', id: '202' }, detail: { findingId: suspectedId } },
  },
  exportBulk: {
    by: bureau,
    action: 'bulk.export',
    parts: { params: { subject: 'costs' }, query: { from: '2026-02', until: '2026-03' } },
    shows: { subject: { type: 'export', id: 'costs' }, detail: { from: '2026-02', until: '2026-03' } },
  },
  downloadLetter: {
    by: bureau,
    action: 'letter.read',
    parts: { params: { letterId } },
    shows: { subject: { type: 'letter', id: String(letterId) } },
  },
  readOwnReport: {
    by: bureau,
    action: 'report.read',
    parts: { params: { deliveryId } },
    shows: { subject: { type: 'report' }, detail: { deliveryId } },
  },
  readSupervisionPhoto: {
    by: bureau,
    action: 'supervision.photo-read',
    parts: { params: { findingId: suspectedId, photoId: 1 } },
    shows: { subject: { type: 'supervision-finding', id: String(suspectedId) }, detail: { photoId: 1, bytes: 1 } },
  },
  downloadFiling: {
    by: bureau,
    action: 'filing.export',
    parts: { params: { filingId }, query: { format: 'json' } },
    shows: { subject: { type: 'filing', id: String(filingId) }, detail: { period: '2026-02', round: 2, format: 'json' } },
  },
  listTrips: {
    by: bureau,
    action: 'trips.view',
    parts: { params: { vehicleId: 202 }, query: { ...window, purpose } },
    shows: { subject: { type: 'vehicle', id: '202' }, purpose, detail: window },
  },
  getInstant: {
    by: bureau,
    action: 'whereabouts.ask',
    parts: { query: { at: window.to, purpose } },
    shows: { purpose, detail: { part: 'instant', from: window.to, to: window.to } },
  },
  findWhoWasHere: {
    by: bureau,
    action: 'whereabouts.ask',
    parts: { query: { ...window, purpose, area: '111.6,40.8;111.7,40.8;111.6,40.9' } },
    shows: { purpose, detail: { part: 'here', ...window } },
  },
  findMeetings: {
    by: inspector,
    action: 'track.view',
    parts: { params: { vehicleId: 201 }, query: { ...window, caseId } },
    shows: { subject: { type: 'vehicle', id: '201' }, purpose, detail: { ...window, caseId } },
  },
  findCaseMeetings: {
    by: inspector,
    action: 'whereabouts.ask',
    parts: { params: { caseId }, query: window },
    shows: { subject: { type: 'whereabouts' }, purpose, detail: { part: 'meetings', ...window, caseId } },
  },
  findNightPlaces: {
    by: inspector,
    action: 'track.view',
    parts: { params: { vehicleId: 201 }, query: { ...window, caseId } },
    shows: { subject: { type: 'vehicle', id: '201' }, purpose, detail: { ...window, caseId } },
  },
  readEvidence: {
    by: inspector,
    action: 'evidence.look',
    parts: { params: { packageId } },
    shows: { actor: { username: 'inspector' }, subject: { type: 'vehicle', id: '201' }, purpose, detail: { ...window, caseId } },
  },
  readFindingPhoto: {
    by: inspector,
    action: 'finding.photo-read',
    parts: { params: { findingId, photoId: findingPhoto } },
    shows: { actor: { username: 'inspector' }, subject: { type: 'case', id: String(caseId) }, detail: { photoId: findingPhoto } },
  },
  readExhibit: {
    by: inspector,
    action: 'exhibit.read',
    parts: { params: { exhibitId } },
    shows: { actor: { username: 'inspector' }, subject: { type: 'case', id: String(caseId) }, detail: { exhibit: 1, part: 'exhibit' } },
  },
  readExhibitFile: {
    by: inspector,
    action: 'exhibit.read',
    parts: { params: { exhibitId } },
    shows: {
      actor: { username: 'inspector' },
      subject: { type: 'case', id: String(caseId) },
      detail: { exhibit: 1, part: 'exhibit-file' },
    },
  },
  readSealPhoto: {
    by: bureau,
    action: 'seal.photo-read',
    parts: { params: { sealId, photoId: 1 } },
    shows: { subject: { type: 'vehicle', id: '201' }, detail: { sealId, photoId: 1 } },
  },
  exportTrack: {
    by: inspector,
    action: 'track.view',
    parts: { params: { vehicleId: 201 }, query: { ...window, caseId } },
    shows: { actor: { username: 'inspector' }, subject: { type: 'vehicle', id: '201' }, purpose, detail: { ...window, caseId } },
  },
  printTracks: {
    by: inspector,
    action: 'track.print',
    parts: { body: { vehicleIds: [201], ...window, caseId } },
    shows: { subject: { type: 'vehicle', id: '201' }, purpose, detail: { ...window, caseId, watermark: /^MW-[0-9A-F]{12}$/ } },
  },
  compareOrder: {
    by: bureau,
    action: 'order.compare',
    parts: { params: { orderId: runningOrder } },
    shows: { subject: { type: 'vehicle', id: '202' }, detail: { orderId: runningOrder } },
  },
  readVehicleFile: {
    by: bureau,
    action: 'vehicle.file-read',
    parts: { params: { vehicleId: 202, fileId: 1 } },
    shows: { subject: { type: 'vehicle', id: '202' }, detail: { file: '行驶证.pdf' } },
  },
  readOrderPhoto: {
    by: bureau,
    action: 'order.photo-read',
    parts: { params: { orderId: runningOrder, photoId: photo } },
    shows: { subject: { type: 'order', id: String(runningOrder) }, detail: { photoId: photo, shows: 'departure' } },
  },
  followOrder: {
    by: rider,
    action: 'order.follow',
    parts: { params: { orderId: runningOrder } },
    shows: { actor: { username: 'applicant' }, subject: { type: 'order', id: String(runningOrder) }, detail: { vehicleId: 202 } },
  },
  getOrderSheet: {
    by: bureau,
    action: 'order.sheet-read',
    parts: { params: { orderId: runningOrder } },
    shows: { subject: { type: 'order', id: String(runningOrder) }, detail: { version: 1 } },
  },
  readQuarantined: {
    by: sysadmin,
    action: 'quarantine.look',
    parts: { params: { quarantineId: 1 }, query: { purpose } },
    shows: {
      actor: { username: 'system_admin' },
      subject: { type: 'quarantine', id: '1' },
      purpose,
      detail: { terminalId: 'T20200', reason: 'time-in-future', positions: 1, bytes: 36 },
    },
  },
  exportAudit: {
    by: auditor,
    action: 'audit.export',
    parts: { query: { action: 'track.view' } },
    shows: { detail: { filter: { action: 'track.view' } } },
  },
  exportList: {
    by: bureau,
    action: 'ledger.export',
    parts: { params: { subject: 'vehicles' }, query: { format: 'csv', list: 'ledger', organisationId: 20 } },
    shows: { subject: { type: 'export', id: 'vehicles' }, detail: { filter: { organisationId: '20' }, rows: 2 } },
  },
  getAnnotatedImport: {
    by: bureau,
    action: 'import.file-read',
    parts: { params: { importId: checked.importId }, query: { format: 'csv' } },
    shows: { subject: { type: 'import', id: String(checked.importId) }, detail: { fileName: 'x.csv' } },
  },
}
/** An empty form: nothing of anybody's leaves with it. */
const formsOnly: EndpointName[] = ['getImportTemplate']

t.test('a track, and every file, is given only with its record, which says who, what, which part and why', async (t) => {
  for (const [name, endpoint] of Object.entries(api) as [EndpointName, Endpoint][]) {
    const past = endpoint.past || endpoint.access === 'track.view' || endpoint.access === 'whereabouts.ask'
    const alone = name === 'readQuarantined' || name === 'followOrder' || name === 'getSupervisionFinding'
    if (!past && !endpoint.download && !alone) continue
    if (formsOnly.includes(name)) continue
    const look = looks[name]
    if (!look) {
      t.fail(`${name} gives tracks or files and is not looked at here`)
      continue
    }
    const seq = await lastSeq()
    db.fault = 'record'
    const refused = await ask(world, name, look.by, look.parts)
    db.fault = 'none'
    t.equal(refused.status, 500, `${name} without its record`)
    t.equal(await lastSeq(), seq)
    const answer = await ask(world, name, look.by, look.parts)
    t.equal(answer.status, 200, answer.body)
    t.match((await recordsAfter(seq))[0], { action: look.action, ...look.shows }, name)
  }
})

/** What is somebody's business, and how it is read. */
const readings: Partial<Record<EndpointName, RegExp>> = {
  getTrack: /FROM positions/,
  getTrackBytes: /FROM positions/,
  compareOrder: /FROM positions/,
  listTrips: /FROM trips/,
  findNightPlaces: /FROM trips/,
  readVehicleFile: /f\.content /,
  readOrderPhoto: /SELECT content FROM order_photos/,
  readFindingPhoto: /SELECT content FROM case_finding_photos/,
  readExhibit: /SELECT content FROM case_exhibits/,
  readExhibitFile: /SELECT content FROM case_exhibits/,
  readSupervisionPhoto: /SELECT content FROM supervision_finding_photos/,
  readSealPhoto: /SELECT content FROM vehicle_seal_photos/,
  exportList: /AS "vin"/,
  readQuarantined: /q\.payload\s+FROM|q\.payload\s*$/m,
}

t.test('the record is committed before the reading begins, and others append theirs while it lasts', async (t) => {
  for (const [name, reading] of Object.entries(readings) as [EndpointName, RegExp][]) {
    const look = looks[name]!
    const seq = await lastSeq()
    let read = 0
    db.beforeStatement = async (sql) => {
      if (!reading.test(sql)) return
      if (read++ > 0) return
      db.beforeStatement = async () => undefined
      t.match(await recordsAfter(seq), [{ action: look.action }], `${name} is on record when it is read`)
      await recordAudit(db, { atMs: NOW_MS, actor: system, action: 'audit.verify' })
    }
    t.equal((await ask(world, name, look.by, look.parts)).status, 200)
    t.equal(read, 1, `${name} was seen reading`)
    t.match(await recordsAfter(seq), [{ action: look.action }, { action: 'audit.verify' }])
  }
})

t.test('without its record nothing is read, and a reading that fails stays on record', async (t) => {
  for (const [name, reading] of Object.entries(readings) as [EndpointName, RegExp][]) {
    const look = looks[name]!
    const read: string[] = []
    db.beforeStatement = async (sql) => {
      if (reading.test(sql)) read.push(sql)
    }
    db.fault = 'record'
    t.equal((await ask(world, name, look.by, look.parts)).status, 500)
    db.fault = 'none'
    t.same(read, [], name)
    const seq = await lastSeq()
    db.beforeStatement = async (sql) => {
      if (reading.test(sql)) throw new Error('the disk is gone')
    }
    const failed = await ask(world, name, look.by, look.parts).catch(() => ({ status: 500 }))
    t.not(failed.status, 200, name)
    db.beforeStatement = async () => undefined
    t.match(await recordsAfter(seq), [{ action: look.action }])
  }
})

t.test('nothing is read while everybody else’s record waits for that of the look', async (t) => {
  t.same([...new Set(db.underLock)], [])
})

t.test('who looks at a vehicle is not told by the history of its file', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const { rows } = (await ask(world, 'getVehicleHistory', manager, { params: { vehicleId: 202 } })).json()
  t.same(
    rows.filter(({ username }) => username === 'inspector'),
    [],
  )
})

t.test('what the records of looks are about has a word in the audit log', async (t) => {
  const { rows } = await db.query<{ text: string }>(
    `SELECT DISTINCT k.text FROM audit_log, LATERAL (VALUES ('audit.subject.' || (body::json->'subject'->>'type')),
       ('audit.part.' || (body::json->'detail'->>'part'))) k(text) WHERE k.text IS NOT NULL`,
  )
  t.ok(rows.length > 10)
  t.same(
    rows.map(({ text }) => text).filter((text) => !(text in zhCN)),
    [],
  )
})

const refusals = async (work: () => Promise<unknown>) => {
  const seq = await lastSeq()
  await work()
  return (await recordsAfter(seq)).map(({ action, actor, subject, detail }) => ({
    action,
    username: actor.username,
    known: subject !== undefined,
    ...detail,
  }))
}
const signIn = (username: string, password: string) => ask(world, 'signIn', undefined, { body: { username, password } })
const address = '127.0.0.1'

t.test('every failure of a sign-in is on record with its part, its reason and its address', async (t) => {
  const refused = { action: 'session.refused', address }
  t.match(await refusals(() => signIn('nobody.here', 'x')), [{ ...refused, username: '', known: false, part: 'password' }])
  t.match(await refusals(() => signIn('finance', 'x')), [{ ...refused, username: 'finance', known: true, part: 'password' }])
  const locked = await refusals(async () => {
    for (let k = 0; k < 5; k++) await signIn('finance', 'x')
  })
  t.match(locked.at(-2), { action: 'session.locked', username: 'finance', minutes: 15 })
  t.match(locked.at(-1), { ...refused, username: 'finance', part: 'password', because: 'locked' }, 'who goes on trying is seen')
  t.match(await refusals(() => signIn('finance', PASSWORD)), [{ ...refused, because: 'locked' }], 'also with the right password')
  await db.query('DELETE FROM sign_in_failures')

  const made = await createAccount(world, await world.signIn('system_admin'))
  t.match(await refusals(() => signIn(made.username, made.password)), [{ ...refused, username: made.username, because: 'pending' }])

  const browser = new Browser(world)
  await browser.signIn('dispatcher', PASSWORD)
  const { secret } = (await ask(world, 'beginEnrolment', browser.signed, { body: { password: PASSWORD } })).json()
  t.match(await refusals(() => browser.act('confirmEnrolment', { code: '000000' })), [{ ...refused, part: 'enrolment' }])
  await browser.act('confirmEnrolment', { code: await codeAt(secret, NOW_MS) })
  const halfway = await refusals(() => browser.signIn('dispatcher', PASSWORD))
  t.match(halfway, [{ action: 'session.begin', username: 'dispatcher', step: 'totp', method: 'password', address }])
  t.match(await refusals(() => browser.act('passSecondFactor', { code: '000000' })), [{ ...refused, part: 'code' }])
  t.match(await refusals(() => browser.act('passSecondFactor', { code: 'AAAA-BBBB-CCCC-DDDD' })), [{ ...refused, part: 'code' }])
  await browser.act('passSecondFactor', { code: await codeAt(secret, NOW_MS + 30_000) })
  const other = { currentPassword: 'not it', newPassword: 'Steppe-grass-77' }
  t.match(await refusals(() => browser.act('changePassword', other)), [{ ...refused, part: 'password' }])
})

t.test('a token that opens nothing is on record with the reason, once a minute', async (t) => {
  const secadmin = await world.signIn('security_admin')
  const { rows } = await db.query<{ account_id: number }>(`SELECT account_id FROM accounts WHERE username = 'bureau_admin'`)
  const body = {
    accountId: rows[0]!.account_id,
    name: '数据直报',
    capabilities: ['live.view'],
    organisationId: 4,
    expiresAt: new Date(NOW_MS + 3_600_000).toISOString(),
    reason,
  }
  const owner = await world.signIn('bureau_admin')
  const make = () => makeToken(world, secadmin, owner, body)
  const use = (token: string) => ask(world, 'listVehicles', { headers: { authorization: `Bearer ${token}` } as never })
  const known = { action: 'token.refused', username: 'bureau_admin/数据直报', known: true, address }
  const [one, two, three] = [await make(), await make(), await make()]
  t.match(await refusals(() => use(`mrn_${'x'.repeat(32)}`)), [{ action: 'token.refused', username: '', known: false, because: 'unknown' }])
  await ask(world, 'revokeToken', secadmin, { params: { tokenId: one.row.tokenId }, body: { reason } })
  t.match(await refusals(() => use(one.token)), [{ ...known, because: 'revoked' }])
  t.same(await refusals(() => use(one.token)), [], 'not again at once')
  await db.query(`UPDATE accounts SET status = 'disabled' WHERE username = 'bureau_admin'`)
  t.match(await refusals(() => use(two.token)), [{ ...known, because: 'account' }])
  await db.query(`UPDATE accounts SET status = 'active' WHERE username = 'bureau_admin'`)
  world.clock.atMs += 3_600_000
  t.match(await refusals(() => use(three.token)), [{ ...known, because: 'expired' }])
  t.match(await refusals(() => use(one.token)), [{ ...known, because: 'revoked' }], 'a minute later it is')
  const bodies = await db.query<{ body: string }>('SELECT body FROM audit_log')
  t.notOk(bodies.rows.some((row) => [one, two, three].some(({ token }) => row.body.includes(token))))
  const flood = await refusals(() => Promise.all(Array.from({ length: 30 }, (_, k) => use(`mrn_${String(k).padStart(32, 'y')}`))))
  t.ok(flood.length <= 10, `thirty made-up tokens from one address are ${flood.length} records`)
})
