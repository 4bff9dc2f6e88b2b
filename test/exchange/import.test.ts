// Imports through the door: the dry run says what is wrong and what would change, applying writes all of it or nothing, and who may.
import t from 'tap'
import { MAX_IMPORT_BYTES, MAX_LISTED_PROBLEMS } from '../../services/contracts/exchange.ts'
import { applyPlan } from '../../services/dispatch/exchange/apply.ts'
import { sheetOf } from '../../services/dispatch/exchange/sheets.ts'
import { addLedgerPeople } from '../dispatch/ledgerPeople.ts'
import { openRegion, startWorld } from '../dispatch/world.ts'
import { applyImport, bareWorkbook, csv, exportFile, importFile, upload, VEHICLE_HEADINGS, vehicleRow, workbook, zip } from './files.ts'

const db = await openRegion(t)
await db.query(
  `INSERT INTO ledger_policies (organisation_id, effective_from, over_quota, over_standard) VALUES (1, '2000-01-01', 'flag', 'flag')`,
)
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau_admin')

const vehicles = (...rows: unknown[][]) => csv(VEHICLE_HEADINGS, ...rows)
const count = async (table: string) => (await db.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n
const storedPlates = async () =>
  (await db.query<{ plate: string }>('SELECT plate FROM every_vehicle ORDER BY plate')).rows.map(({ plate }) => plate)
/** What a dry run says is wrong, as row:column. */
const faults = async (subject: string, file: Buffer, signed = bureau) =>
  (await upload(world, signed, subject, file)).json().problems.map(({ row, column }) => `${row}:${column}`)

t.test('a dry run names every error by row and column in both languages, and writes nothing', async (t) => {
  const before = await storedPlates()
  const answer = await upload(
    world,
    bureau,
    'vehicles',
    vehicles(
      vehicleRow('京A12345'),
      vehicleRow('蒙AZ0001', '甲单位', { 2: '公务车', 7: 500, 9: '2024-02-30' }),
      vehicleRow('蒙AZ0002', '不存在单位', { 5: '' }),
      vehicleRow('蒙AZ0003', '甲单位', { 1: '绿', 4: '纯电动' }),
      vehicleRow('蒙AZ0003'),
      vehicleRow('蒙BB0301'),
    ),
  )
  t.match(answer.json(), { state: 'refused', rows: 6, token: null, created: 0 })
  t.same(
    answer.json().problems.map(({ row, column }) => `${row}:${column}`),
    [
      '2:plate',
      '3:class',
      '3:seats',
      '3:registeredOn',
      '4:make',
      '4:ownerUnit',
      '4:userUnit',
      '5:plateColour',
      '5:displacementMl',
      '6:plate',
      '7:plate',
    ],
  )
  for (const { message, heading } of answer.json().problems) {
    t.match(message.zh, /\p{Script=Han}/u)
    t.match(message.en, /[a-z]{2} [a-z]{2}/)
    t.ok(heading?.en)
  }
  t.equal(answer.json().problemsByColumn.find(({ column }) => column === 'plate')?.count, 3)
  t.same(await storedPlates(), before)
})

t.test('applying needs the dry run’s token, writes all, and a second time does nothing', async (t) => {
  const file = vehicles(vehicleRow('蒙A·A8001'), vehicleRow('蒙Aa8002', '乙单位', { 8: '１４９８', 9: '2024年5月1日' }))
  const found = (await upload(world, bureau, 'vehicles', file)).json()
  t.match(found, { state: 'checked', created: 2, changed: 0, unchanged: 0, noteCount: 1 })
  t.match(found.notes[0], { row: 3, column: 'displacementMl', value: '１４９８' })
  t.equal((await applyImport(world, bureau, found.importId, 'f'.repeat(64))).statusCode, 409)
  t.equal((await storedPlates()).includes('蒙AA8001'), false)
  const first = await applyImport(world, bureau, found.importId, found.token!)
  t.match(first.json(), { state: 'applied', created: 2 })
  const records = await count('audit_log')
  const second = await applyImport(world, bureau, found.importId, found.token!)
  t.match(second.json(), { state: 'applied', created: 2 })
  t.equal(await count('audit_log'), records)
  const again = (await upload(world, bureau, 'vehicles', file)).json()
  t.match(again, { state: 'checked', created: 0, changed: 0, unchanged: 2 })
  const { rows } = await db.query(
    `SELECT registered_on::text AS day, displacement_ml, search, version FROM every_vehicle WHERE plate = '蒙AA8002'`,
  )
  t.match(rows, [{ day: '2024-05-01', displacement_ml: 1498, search: /hongqi/, version: 1 }])
})

t.test('columns that are not in the file change nothing, a blank cell clears, and a change shows before and after', async (t) => {
  await db.query(`UPDATE every_vehicle SET note = '旧', sticker_no = 'S-1' WHERE plate = '蒙AA8001'`)
  const [stored] = (await db.query<{ version: number }>(`SELECT version FROM every_vehicle WHERE plate = '蒙AA8001'`)).rows
  const headings = [...VEHICLE_HEADINGS, '备注']
  const found = (await upload(world, bureau, 'vehicles', csv(headings, [...vehicleRow('蒙AA8001', '甲单位', { 7: 7 }), '']))).json()
  t.match(found, { changed: 1, created: 0 })
  t.match(found.samples[0], {
    key: '蒙A·A8001',
    kind: 'change',
    changes: [
      { heading: { en: 'Seats' }, before: '5', after: '7' },
      { heading: { en: 'Note' }, before: '旧', after: '' },
    ],
  })
  await applyImport(world, bureau, found.importId, found.token!)
  const { rows } = await db.query(`SELECT seats, note, sticker_no, version FROM every_vehicle WHERE plate = '蒙AA8001'`)
  t.same(rows, [{ seats: 7, note: null, sticker_no: 'S-1', version: stored!.version + 1 }])
})

t.test('what changed since the dry run makes applying a conflict, and nothing is half-done', async (t) => {
  const found = (
    await upload(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AA8001', '甲单位', { 7: 9 }), vehicleRow('蒙AA8003')))
  ).json()
  await db.query(`UPDATE every_vehicle SET make = '吉利', version = version + 1 WHERE plate = '蒙AA8001'`)
  const answer = await applyImport(world, bureau, found.importId, found.token!)
  t.match(answer.json(), { error: { code: 'CHANGED_MEANWHILE', issues: [{ reason: 'import.changed' }] } })
  t.equal((await storedPlates()).includes('蒙AA8003'), false)
  t.match((await db.query(`SELECT seats FROM every_vehicle WHERE plate = '蒙AA8001'`)).rows, [{ seats: 7 }])
})

t.test('an import is recorded once as a whole and once for every row, in one transaction', async (t) => {
  const applied = await importFile(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AA8004'), vehicleRow('蒙AA8001', '甲单位', { 7: 6 })))
  const { rows } = await db.query<{ action: string; subject_type: string; body: string }>(
    'SELECT action, subject_type, body FROM audit_log ORDER BY seq DESC LIMIT 3',
  )
  t.same(
    rows.map(({ action, subject_type }) => `${action} ${subject_type}`),
    ['import.change vehicle', 'import.create vehicle', 'import.apply import'],
  )
  t.match(JSON.parse(rows[0]!.body), {
    before: { seats: 7 },
    after: { seats: 6 },
    detail: { importId: applied.importId, row: 3 },
    actor: { username: 'bureau_admin' },
  })
  t.match(JSON.parse(rows[2]!.body), {
    detail: { created: 1, changed: 1, fileSha256: /^[0-9a-f]{64}$/ },
    subject: { id: String(applied.importId) },
  })
})

t.test('rows of other scopes are neither changed nor described, and units outside the scope cannot be named', async (t) => {
  const found = (await upload(world, bureau, 'vehicles', vehicles(vehicleRow('蒙BB0301'), vehicleRow('蒙AA8005', '丙单位')))).json()
  t.same(
    found.problems.map(({ row, column }) => `${row}:${column}`),
    ['2:plate', '3:ownerUnit', '3:userUnit'],
  )
  t.notMatch(JSON.stringify(found), /包头|丙单位[^”"]/)
  const here = (await upload(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AA8006')))).json()
  const other = await world.signIn('bureau_admin@30')
  const seen = await world.app.inject({ url: `/api/v1/imports/${here.importId}`, headers: other.headers })
  t.equal(seen.statusCode, 404)
  t.equal((await applyImport(world, other, here.importId, here.token!)).statusCode, 404)
  t.equal((await world.app.inject({ url: `/api/v1/imports/${here.importId}/annotated`, headers: other.headers })).statusCode, 404)
  const list = await world.app.inject({ url: '/api/v1/imports', headers: other.headers })
  t.same(list.json(), { total: 0, rows: [] })
})

t.test('one import at a time in subtrees that meet; others go on', async (t) => {
  const busy = await db.query<{ import_id: number }>(
    `INSERT INTO imports (subject, file_name, file_sha256, account_id, organisation_id, created_at, busy_until, state)
     SELECT 'vehicles', 'x', '', account_id, 4, $1, $2, 'checking' FROM accounts WHERE username = 'bureau_admin' RETURNING import_id`,
    [new Date(world.clock.atMs), new Date(world.clock.atMs + 60_000)],
  )
  const refused = await upload(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AA8007')))
  t.equal(refused.status, 409)
  t.match(refused.body, /import\.busy/)
  const elsewhere = await world.signIn('bureau_admin@30')
  t.equal((await upload(world, elsewhere, 'vehicles', vehicles(vehicleRow('蒙BB8001', '丙单位')))).status, 200)
  // A server that died lets go by itself.
  await db.query('UPDATE imports SET busy_until = $2 WHERE import_id = $1', [busy.rows[0]!.import_id, new Date(world.clock.atMs - 1)])
  t.equal((await upload(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AA8007')))).status, 200)
  const two = await Promise.all([0, 1].map(() => upload(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AA8007')))))
  t.same(two.map(({ status }) => status).sort(), [200, 409])
})

t.test('10,000 wrong rows are all counted, the first thousand listed, each in the annotated file', async (t) => {
  const rows = Array.from({ length: 10_000 }, (_, k) => vehicleRow(`京A${String(k).padStart(5, '0')}`, '甲单位', { 4: '煤油' }))
  const found = (await upload(world, bureau, 'vehicles', vehicles(...rows))).json()
  t.match(found, { state: 'refused', rows: 10_000, problemCount: 20_000, problems: { length: MAX_LISTED_PROBLEMS } })
  const annotated = await world.app.inject({
    url: `/api/v1/imports/${found.importId}/annotated`,
    query: { format: 'csv' },
    headers: bureau.headers,
  })
  const lines = annotated.body.trimEnd().split('\r\n')
  t.equal(lines.length, 10_001)
  t.match(lines[0], /错误说明$/)
  t.match(lines[10_000], /京A09999.*号牌号码：.*；能源类型：/)
})

t.test('files that are no data are one plain sentence: wrong template, empty, bombs, duplicates of headings', async (t) => {
  const sentence = async (file: Buffer, subject = 'vehicles') => {
    const { state, problems } = (await upload(world, bureau, subject, file)).json()
    t.equal(state, 'refused')
    return problems.map(({ message }) => message.zh).join()
  }
  t.match(await sentence(csv(['驾驶证号', '姓名', '电话', '所属单位', '准驾车型', '驾驶证有效期至'], ['x'])), /这像是“驾驶员”的文件/)
  t.match(await sentence(csv(VEHICLE_HEADINGS.slice(0, 6), ['x'])), /缺少“车辆”必需的列：型号、座位数/)
  t.match(await sentence(csv(['甲', '乙'], ['1', '2'])), /没有找到“车辆”的表头/)
  t.match(await sentence(csv(VEHICLE_HEADINGS)), /表头以下没有数据/)
  t.match(await sentence(csv([...VEHICLE_HEADINGS, '品牌'], vehicleRow('蒙AA8008'))), /“品牌”出现了两次/)
  const rows = Buffer.concat([Buffer.from('<worksheet><sheetData>'), Buffer.from('<row><c/></row>'.repeat(512 * 1024))])
  t.match(await sentence(zip(bareWorkbook(rows))), /解压后过大或压缩比异常/)
  t.match(
    await sentence(await workbook([VEHICLE_HEADINGS, vehicleRow('蒙AA8008', '甲单位', { 7: { formula: '2+3', result: 5 } })])),
    /公式/,
  )
})

t.test('uploads that are too large, empty or no bytes are refused at the door', async (t) => {
  const headers = { ...bureau.headers, 'content-type': 'application/octet-stream' }
  const post = (payload: string | Buffer, more: Record<string, string> = {}) =>
    world.app.inject({ method: 'POST', url: '/api/v1/imports', query: { subject: 'vehicles' }, headers: { ...headers, ...more }, payload })
  t.equal((await post(Buffer.alloc(MAX_IMPORT_BYTES + 1))).statusCode, 413)
  t.equal((await post('')).statusCode, 400)
  t.equal((await post('{}', { 'content-type': 'application/json' })).statusCode, 400)
  // A hundred megabytes are announced and never read.
  const started = await new Promise<number>((resolve, reject) => {
    void fetch(`${world.origin}/api/v1/imports?subject=vehicles`, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(100 * 1024 * 1024) },
      body: new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024)) }),
      duplex: 'half',
    } as RequestInit).then((answer) => resolve(answer.status), reject)
  }).catch(() => 413)
  t.equal(started, 413)
})

t.test('the template, filled in, is understood; its example row is not imported', async (t) => {
  for (const subject of ['vehicles', 'organisations', 'drivers', 'quotas', 'terminals', 'suppliers', 'fuelCards']) {
    for (const query of [
      { format: 'xlsx', locale: 'zh-CN' },
      { format: 'xlsx', locale: 'en' },
      { format: 'csv', locale: 'en' },
    ] as Record<string, string>[]) {
      const template = await world.app.inject({ url: `/api/v1/import-templates/${subject}`, query, headers: bureau.headers })
      t.equal(template.statusCode, 200)
      const found = (await upload(world, bureau, subject, template.rawPayload)).json()
      t.match(found.problems, [{ message: { zh: /表头以下没有数据/ } }], `${subject} ${query.format} ${query.locale}`)
    }
  }
})

t.test('an export holds what the list shows with the same filter, masked by role, and is recorded with filter and count', async (t) => {
  const dispatcher = await world.signIn('dispatcher')
  for (const filter of [
    {},
    { class: 'leased' },
    { q: '乙单位' },
    { q: 'a·d12' },
    { organisationId: '20' },
    { status: 'offline' },
    { energy: 'diesel' },
  ]) {
    const query = filter as Record<string, string>
    const list = await world.app.inject({ url: '/api/v1/vehicles', query: { ...query, limit: '200' }, headers: dispatcher.headers })
    const shown = (list.json() as { rows: { plate: string }[] }).rows.map(({ plate }) => plate)
    const lines = (await exportFile(world, dispatcher, 'vehicles', { ...query, list: 'fleet', format: 'csv' }))
      .toString()
      .trimEnd()
      .split('\r\n')
    t.same(
      lines.slice(1).map((line) => line.split(',')[0]!.replace('·', '')),
      shown,
      JSON.stringify(filter),
    )
    const { rows } = await db.query<{ body: string }>(`SELECT body FROM audit_log WHERE action = 'ledger.export' ORDER BY seq DESC LIMIT 1`)
    t.match(JSON.parse(rows[0]!.body), {
      actor: { username: 'dispatcher' },
      detail: { list: 'fleet', rows: shown.length, format: 'csv', ...(Object.keys(query).length > 0 ? { filter: query } : {}) },
    })
  }
  await db.query(
    `UPDATE drivers SET licence_no = '152101199001010031', licence_class = 'C1', licence_expires_on = '2030-01-01' WHERE driver_id = 1`,
  )
  t.match((await exportFile(world, dispatcher, 'drivers', { format: 'csv' })).toString(), /1521\*{8}0031,示例司机一,13800000001/)
  t.match(
    (await exportFile(world, await world.signIn('inspector'), 'drivers', { format: 'csv' })).toString(),
    /1521\*{8}0031,示例司机一,138\*{4}0001/,
  )
  t.match((await exportFile(world, bureau, 'drivers', { format: 'csv' })).toString(), /152101199001010031,示例司机一,13800000001/)
  t.same(await faults('drivers', await exportFile(world, dispatcher, 'drivers', { format: 'csv' })), ['2:licenceNo'])
})

t.test('the tree: a parent may come in the same file; cycles, tiers, twins and foreign parents are refused', async (t) => {
  const headings = ['机构编码', '名称', '层级', '行政区划代码', '上级机构编码']
  const codes = new Map(
    (await db.query<{ name: string; code: string }>('SELECT name, code FROM organisations')).rows.map((row) => [row.name, row.code]),
  )
  const banner = codes.get('新城区')!
  const found = await importFile(
    world,
    bureau,
    'organisations',
    csv(headings, ['U-2', '二科', '单位', '150102', 'U-1'], ['U-1', '新局', '单位', '150102', banner]),
  )
  t.equal(found.created, 2)
  const { rows } = await db.query(
    `SELECT o.code, p.name AS parent, o.lft > p.lft AND o.rgt < p.rgt AS inside FROM organisations o JOIN organisations p ON p.organisation_id = o.parent_id
     WHERE o.code LIKE 'U-%' ORDER BY o.code`,
  )
  t.same(rows, [
    { code: 'U-1', parent: '新城区', inside: true },
    { code: 'U-2', parent: '新局', inside: true },
  ])
  const wrong = csv(
    headings,
    ['U-1', '新局', '单位', '150102', 'U-2'],
    ['U-3', '甲单位', '单位', '150102', banner],
    ['U-4', '某旗', '旗县', '150103', banner],
    ['U-5', '某局', '单位', '150200', codes.get('包头市')],
    ['U-6', '某局', '单位', '150102', ''],
  )
  t.same(await faults('organisations', wrong), ['2:parent', '3:name', '4:parent', '5:parent', '6:parent'])
  t.same(await faults('organisations', csv(headings, [codes.get('呼和浩特市'), '呼和浩特市', '盟市', '150100', 'U-1'])), ['2:parent'])
})

t.test('a quota below what is in service is refused; a new one seats who waits', async (t) => {
  const headings = ['单位', '编制类别', '编制数', '生效日期', '核定依据']
  t.same(await faults('quotas', csv(headings, ['甲单位', '应急保障用车', 1, '2024-01-01', '批复'])), ['2:seats'])
  await importFile(world, bureau, 'quotas', csv(headings, ['甲单位', '应急保障用车', 9, '2024-01-01', '批复']))
  const { rows } = await db.query(
    `SELECT count(*) AS n, count(quota_seat) AS seated FROM every_vehicle WHERE user_unit_id = 20 AND category = 'EMERGENCY_SUPPORT'`,
  )
  t.equal(rows[0]!.seated, rows[0]!.n)
  t.same(await faults('quotas', csv(headings, ['甲单位', '租赁平台服务用车', 1, '2024-01-01', '批复'])), ['2:category'])
})

t.test('where the policy refuses, a vehicle without a seat is refused by its row', async (t) => {
  await db.query(`UPDATE ledger_policies SET over_quota = 'refuse'`)
  t.teardown(() => db.query(`UPDATE ledger_policies SET over_quota = 'flag'`))
  t.same(await faults('vehicles', vehicles(vehicleRow('蒙AA9001', '乙单位'))), ['2:category'])
  const seats = (
    await db.query<{ free: number }>(
      `SELECT 9 - count(*) AS free FROM every_vehicle WHERE user_unit_id = 20 AND category = 'EMERGENCY_SUPPORT'`,
    )
  ).rows[0]!.free
  const rows = Array.from({ length: seats + 2 }, (_, k) => vehicleRow(`蒙AA91${String(k).padStart(2, '0')}`))
  t.same(await faults('vehicles', vehicles(...rows)), [`${seats + 2}:category`, `${seats + 3}:category`])
})

t.test('two vehicles with one sticker or one terminal are told apart by their rows', async (t) => {
  const headings = [...VEHICLE_HEADINGS, '标识号']
  t.same(
    await faults(
      'vehicles',
      csv(headings, [...vehicleRow('蒙AA9201'), 'S-1'], [...vehicleRow('蒙AA9202'), 'S-9'], [...vehicleRow('蒙AA9203'), 'S-9']),
    ),
    ['2:stickerNo', '4:stickerNo'],
  )
  await db.query(
    `INSERT INTO terminals (terminal_id, vehicle_id, credential_hash, organisation_id) SELECT 'T-NEW-' || n, NULL, 'x', 20 FROM generate_series(1, 3) n`,
  )
  t.same(
    await faults(
      'terminals',
      csv(['终端编号', '号牌号码'], ['T-NEW-1', '蒙AA0202'], ['T-NEW-2', '蒙AA8004'], ['T-NEW-3', '蒙A·A8004'], ['T?', '']),
    ),
    ['2:vehicle', '4:vehicle', '5:terminalId'],
  )
})

t.test('two new terminals of one file whose numbers differ in case alone are told apart by their rows', async (t) => {
  await db.query(
    `INSERT INTO terminals (terminal_id, credential_hash, organisation_id) VALUES ('T-Case-9', 'x', 20), ('T-CASE-9', 'x', 20)`,
  )
  const numbers = ['xc-case-1', 'XC-Case-2', 'XC-CASE-1', 'T-Case-9', 'T-CASE-9', 't-case-9']
  const found = await faults('terminals', csv(['终端编号', '备注'], ...numbers.map((number) => [number, ''])))
  t.same(
    found.filter((fault) => fault.endsWith('terminalId')),
    ['4:terminalId', '7:terminalId'],
  )
})

t.test(
  'the ledger, drivers, suppliers and fuel cards are exported as their pages list them, and to those alone who may see them',
  async (t) => {
    const ask = (signed: typeof bureau, subject: string, query: Record<string, string>) =>
      world.app.inject({ url: `/api/v1/exports/${subject}`, query: { format: 'csv', ...query }, headers: signed.headers })
    for (const filter of [
      { q: 'hongqi' },
      { state: 'SEALED' },
      { over: 'quota' },
      { origin: 'domestic' },
      { q: 'shiliheng', class: 'official' },
    ] as Record<string, string>[]) {
      const list = await world.app.inject({ url: '/api/v1/ledger/vehicles', query: { ...filter, limit: '200' }, headers: bureau.headers })
      const shown = (list.json() as { rows: { plate: string }[] }).rows.map(({ plate }) => plate)
      const lines = (await ask(bureau, 'vehicles', { list: 'ledger', ...filter })).body.trimEnd().split('\r\n')
      t.same(
        lines.slice(1).map((line) => line.split(',')[0]!.replace('·', '')),
        shown,
        JSON.stringify(filter),
      )
    }
    for (const subject of ['drivers', 'suppliers', 'fuelCards'])
      t.equal((await ask(bureau, subject, { list: subject, q: '示例' })).statusCode, 200, subject)
    t.equal((await ask(await world.signIn('finance'), 'drivers', {})).statusCode, 403)
    t.equal((await ask(await world.signIn('finance'), 'vehicles', {})).statusCode, 200)
    t.equal((await ask(await world.signIn('finance'), 'vehicles', { list: 'fleet' })).statusCode, 403)
    t.equal((await ask(await world.signIn('inspector'), 'vehicles', { list: 'fleet' })).statusCode, 403, 'no purpose stated')
    for (const query of [{ list: 'ledger', colour: 'red' }, { q: 'x' }, { list: 'drivers' }, { list: 'ledger', state: 'LOST' }] as Record<
      string,
      string
    >[])
      t.equal((await ask(bureau, 'vehicles', query)).statusCode, 400, JSON.stringify(query))
  },
)

t.test('a sensitive vehicle, its terminal and its plate are in no file but those of who is named for it', async (t) => {
  await db.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 202')
  t.teardown(() => db.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 202'))
  const dispatcher = await world.signIn('dispatcher')
  for (const subject of ['vehicles', 'terminals', 'drivers'])
    for (const signed of [dispatcher, bureau])
      t.notMatch((await exportFile(world, signed, subject, { format: 'csv' })).toString(), /A0202|T20200/, subject)
  await db.query(
    `INSERT INTO secret_namings (secret_no, account_id, named_at, named_by, reason)
     SELECT s.secret_no, a.account_id, now(), a.account_id, '承办' FROM secret_vehicles s, accounts a WHERE NOT s.lifted AND a.username = 'bureau_admin'`,
  )
  for (const subject of ['vehicles', 'terminals', 'drivers'])
    t.match((await exportFile(world, bureau, subject, { format: 'csv' })).toString(), /A0202/, subject)
})

t.test('rows of one file may change places: two stickers, two terminals, in a ring', async (t) => {
  const plates = ['蒙AS0001', '蒙AS0002', '蒙AS0003']
  const stickers = (...numbers: string[]) =>
    csv([...VEHICLE_HEADINGS, '标识号'], ...plates.map((plate, k) => [...vehicleRow(plate), numbers[k]]))
  await importFile(world, bureau, 'vehicles', stickers('R-1', 'R-2', 'R-3'))
  t.match(await importFile(world, bureau, 'vehicles', stickers('R-2', 'R-3', 'R-1')), { state: 'applied', changed: 3 })
  const { rows } = await db.query<{ sticker: string }>(
    `SELECT sticker_no AS sticker FROM every_vehicle WHERE plate = ANY($1) ORDER BY plate`,
    [plates],
  )
  t.same(
    rows.map(({ sticker }) => sticker),
    ['R-2', 'R-3', 'R-1'],
  )
})

t.test('a file is held to what the pages refuse: a closed file, a vehicle on its way, a supplier that offers something else', async (t) => {
  await importFile(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AS0010'), vehicleRow('蒙AS0011')))
  await db.query(`UPDATE every_vehicle SET state = 'DISPOSED' WHERE plate = '蒙AS0010'`)
  await db.query(
    `INSERT INTO ledger_flows (kind, state, unit_id, to_unit_id, vehicle_id, started_at)
     SELECT 'transfer', 'PROPOSED', 20, 21, vehicle_id, $1 FROM every_vehicle WHERE plate = '蒙AS0011'`,
    [new Date(world.clock.atMs)],
  )
  await db.query(`INSERT INTO suppliers (organisation_id, name, kinds, valid_from) VALUES (4, '示例洗车行', '{wash}', '2024-01-01')`)
  t.same(await faults('vehicles', vehicles(vehicleRow('蒙AS0010', '甲单位', { 6: 'H9' }), vehicleRow('蒙AS0011', '乙单位'))), [
    '2:plate',
    '3:userUnit',
  ])
  t.same(await faults('vehicles', csv([...VEHICLE_HEADINGS, '定点维修单位'], [...vehicleRow('蒙AS0012'), '示例洗车行'])), [
    '2:repairSupplier',
  ])
})

t.test('a file of fuel cards is held to the law of the page: the number, the designation of the day, moves in two steps', async (t) => {
  await db.query(`INSERT INTO suppliers (organisation_id, name, kinds, valid_from, valid_until)
    VALUES (4, '示例到期油站', '{fuel}', '2024-01-01', '2025-01-01'), (4, '示例在用油站', '{fuel}', '2024-01-01', NULL)`)
  await db.query(`INSERT INTO fuel_cards (card_no, supplier_id, organisation_id, vehicle_id)
    SELECT '6226000000000001', supplier_id, 20, 201 FROM suppliers WHERE name = '示例到期油站'`)
  const cards = (...rows: unknown[][]) => csv(['卡号', '发卡单位', '持卡单位', '对应车辆', '日限额（元）', '月限额（元）'], ...rows)
  const wrong = await faults(
    'fuelCards',
    cards(
      ['622600000001', '示例在用油站', '甲单位', '', 10, 100],
      ['62260000', '示例在用油站', '甲单位', '', 10, 100],
      ['6226-0000-0000-0003', '示例在用油站', '甲单位', '', 10, 100],
      ['622600000000004', '示例到期油站', '甲单位', '', 10, 100],
      ['6226000000000001', '示例到期油站', '甲单位', '蒙AA0202', 10, 100],
      ['622600000000006', '示例在用油站', '甲单位', '', 1000, 100],
    ),
  )
  t.same(wrong, ['3:cardNo', '4:cardNo', '5:supplier', '6:vehicle', '7:dayLimit'])
  await db.query(`UPDATE fuel_cards SET vehicle_id = NULL WHERE card_no = '6226000000000001'`)
})

t.test('nothing new hangs on a closed organisation by file: its code is known, and refused where it is new and not over', async (t) => {
  await db.query(`UPDATE organisations SET closed_at = $1, code = 'CLOSED-1' WHERE organisation_id = 21`, [new Date(world.clock.atMs)])
  t.teardown(() => db.query(`UPDATE organisations SET closed_at = NULL, code = organisation_id::text WHERE organisation_id = 21`))
  await addLedgerPeople(db)
  const region = await world.signIn('bureau')
  t.same(await faults('pools', csv(['名称', '所属机构'], ['示例车队', 'CLOSED-1'])), ['2:unit'])
  t.same(await faults('pools', csv(['名称', '所属机构'], ['示例车队', 'CLOSED-1']), region), [], 'a ledger that comes back holds it')
  t.same(
    await faults(
      'policies',
      csv(['适用机构', '生效日期', '超编', '超标'], ['CLOSED-1', '2020-01-01', '拒绝', '拒绝'], ['CLOSED-1', '2099-01-01', '拒绝', '拒绝']),
    ),
    ['3:unit'],
  )
})

t.test('leave that overlaps and hours that end before they begin are refused by their rows', async (t) => {
  const licence =
    (await db.query<{ no: string | null }>('SELECT licence_no AS no FROM drivers WHERE driver_id = 1')).rows[0]!.no ?? '000000199001010015'
  await db.query(`UPDATE drivers SET licence_no = $1, licence_class = 'C1', licence_expires_on = '2030-01-01' WHERE driver_id = 1`, [
    licence,
  ])
  t.same(
    await faults(
      'driverLeaves',
      csv(
        ['驾驶证号', '起始日期', '截止日期', '类别'],
        [licence, '2026-05-01', '2026-05-05', '年假'],
        [licence, '2026-05-05', '2026-05-08', '病假'],
        [licence, '2026-06-05', '2026-06-01', '病假'],
        [licence, '2027-01-01', '2028-01-02', '病假'],
        [licence, '2029-01-01', '2030-01-01', '病假'],
      ),
    ),
    ['3:fromDay', '4:untilDay', '5:untilDay'],
  )
  t.same(
    await faults(
      'driverShifts',
      csv(['驾驶证号', '星期', '上班', '下班', '起始日期'], [licence, '周一、周二', '17:30', '08:30', '2026-01-01']),
    ),
    ['2:end'],
  )
  t.same(await faults('calendarDays', csv(['适用机构', '日期', '类型', '名称'], ['全区', '2027-01-01', '节假日', '元旦'])), ['2:unit'])
})

t.test('a date-time cell of a workbook is the same instant as its text in CSV, and comes back as the same row', async (t) => {
  await importFile(world, bureau, 'vehicles', vehicles(vehicleRow('蒙AT0001', '乙单位')))
  const head = ['现号牌', '直至', '原号牌', '号牌颜色']
  const at = new Date('2025-12-31T18:00:00Z') // as exceljs writes the wall clock
  const book = await workbook([head, ['蒙AT0001', at, '蒙AT9001', '蓝']], (sheet) => {
    sheet.getCell('B2').numFmt = 'yyyy-mm-dd hh:mm'
  })
  const old = await workbook([head, ['蒙AT0001', at, '蒙AT9001', '蓝']], (sheet, book) => {
    book.properties.date1904 = true
    sheet.getCell('B2').numFmt = 'yyyy/m/d h:mm'
  })
  t.match(await importFile(world, bureau, 'pastPlates', book), { created: 1 })
  t.match((await db.query(`SELECT until FROM vehicle_past_plates WHERE plate = '蒙AT9001'`)).rows, [
    { until: new Date('2025-12-31T10:00:00Z') },
  ])
  for (const [name, file] of Object.entries({
    'the workbook again': book,
    'one that counts from 1904': old,
    'text in CSV': csv(head, ['蒙AT0001', '2025/12/31 18:00', '蒙AT9001', '蓝']),
    'with its zone': csv(head, ['蒙AT0001', '2025-12-31T10:00:00Z', '蒙AT9001', '蓝']),
    'as it is exported': await exportFile(world, bureau, 'pastPlates', { format: 'csv' }),
  })) {
    const found = (await upload(world, bureau, 'pastPlates', file)).json()
    t.match(found, { problemCount: 0, created: 0, changed: 0 }, name)
  }
  const serial = await workbook([head, ['蒙AT0001', 46022.75, '蒙AT9002', '蓝']])
  for (const file of [serial, csv(head, ['蒙AT0001', '46022.75', '蒙AT9002', '蓝'])]) {
    const { problems } = (await upload(world, bureau, 'pastPlates', file)).json()
    t.match(problems, [{ row: 2, column: 'until', message: { zh: /是数字，不是日期/ } }])
  }
})

t.test('a time of day in a column of days means the same in a workbook and in CSV', async (t) => {
  const row = (registered: unknown) => vehicleRow('蒙AT0002', '甲单位', { 9: registered })
  const book = await workbook([VEHICLE_HEADINGS, row(new Date('2024-05-01T08:30:00Z'))], (sheet) => {
    sheet.getCell('J2').numFmt = 'yyyy-mm-dd hh:mm:ss'
  })
  for (const file of [book, vehicles(row('2024-05-01 08:30:00'))]) {
    const found = (await upload(world, bureau, 'vehicles', file)).json()
    t.match(found, { problemCount: 0, created: 1, noteCount: 1 })
    t.match(found.notes, [{ row: 2, column: 'registeredOn', message: { zh: /只保留日期 2024-05-01/ } }])
  }
})

t.test('a file of very many wrong cells is judged up to a bound that it is told, and others are answered meanwhile', async (t) => {
  const rows = Array.from({ length: 59_000 }, (_, k) => [`x${k}`])
  let others = 0
  let longestMs = 0
  let done = false
  const beganMs = performance.now()
  const asking = (async () => {
    for (let lastMs = beganMs; !done; ) {
      if ((await world.app.inject({ url: '/api/v1/session', headers: bureau.headers })).statusCode === 200) others++
      const nowMs = performance.now()
      longestMs = Math.max(longestMs, nowMs - lastMs)
      lastMs = nowMs
    }
  })()
  const found = (await upload(world, bureau, 'vehicles', vehicles(...rows))).json()
  done = true
  await asking
  t.ok(found.problemCount > 100_000 && found.problemCount < 100_020, `${found.problemCount} problems`)
  t.equal(found.problems.length, MAX_LISTED_PROBLEMS)
  // Measured by its own duration, because a machine that is busy with other things is slow with both.
  const tookMs = performance.now() - beganMs
  t.ok(others >= 20, `${others} other requests were answered`)
  t.ok(longestMs < Math.max(1_000, tookMs / 4), `none waited longer than ${Math.round(longestMs)} ms of ${Math.round(tookMs)}`)
})

t.test('what another was faster with is said to have changed; a rule of our own that an import broke is a defect', async (t) => {
  const failing = (code: string) =>
    applyPlan(
      { db: { ...db, transaction: () => Promise.reject(Object.assign(new Error('database'), { code })) }, clock: world.clock },
      { caller: {}, reach: {} } as never,
      { sheet: sheetOf('vehicles'), context: {} } as never,
    )
  for (const code of ['23505', '23503', '23P01']) await t.rejects(failing(code), { code: 'CHANGED_MEANWHILE' }, code)
  for (const code of ['23514', '23502', '22001']) await t.rejects(failing(code), { code, message: 'database' }, code)
})
