// Whose a terminal is, and that whoever fits one learns nothing of numbers that are not theirs.
import t from 'tap'
import { csv } from '../exchange/files.ts'
import { addLedgerPeople, reason } from './ledgerPeople.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
const world = await startWorld(t, db)
const region = await world.signIn('bureau')
const unit = await world.signIn('fleet_manager')
await db.query(
  `INSERT INTO terminals (terminal_id, vehicle_id, credential_hash, organisation_id) VALUES
   ('TOWN0001', NULL, 'x', 20), ('TFOREIGN', NULL, 'x', 30), ('TREGION1', NULL, 'x', NULL)`,
)
const ownerOf = async (terminalId: string) =>
  (await db.query<{ id: number }>('SELECT organisation_id AS id FROM terminals WHERE terminal_id = $1', [terminalId])).rows[0]!.id
const bind = async (by: Signed, vehicleId: number, terminalId: string | null) => {
  const { version } = (await ask(world, 'getVehicleFile', by, { params: { vehicleId } })).json()
  return ask(world, 'bindTerminal', by, { params: { vehicleId }, body: { version, terminalId, reason } })
}
/** Foreign and free, the region's, in a vehicle elsewhere, in a vehicle of one's own, not registered at all. */
const unavailable = ['TFOREIGN', 'TREGION1', 'T30100', 'T20200', 'TNOBODY1']
const nameless = (text: string, id: string) => text.replace(/"requestId":"[^"]+"/, '').replaceAll(id, 'ID')

t.test('fitting: a terminal of one’s own is fitted; any other has one and the same answer', async (t) => {
  const answers = new Set<string>()
  for (const id of unavailable) {
    const answer = await bind(unit, 201, id)
    t.equal(answer.code, 'CONFLICT')
    answers.add(`${answer.status} ${nameless(answer.body, id)}`)
  }
  t.equal(answers.size, 1, [...answers].join('\n'))
  t.equal((await bind(unit, 201, 'TOWN0001')).json().terminalId, 'TOWN0001')
  t.equal((await bind(region, 301, null)).json().terminalId, null)
  t.equal(await ownerOf('T30100'), 30, 'taken off, it stays with the unit of its vehicle')
  t.equal((await bind(unit, 201, 'T30100')).code, 'CONFLICT')
  t.equal((await bind(region, 301, 'TREGION1')).json().terminalId, 'TREGION1')
  t.equal(await ownerOf('TREGION1'), 30)
})

t.test('a file: a number that is taken has one sentence, whoever has it; a new one is the importer’s to give to a unit', async (t) => {
  const leader = await world.signIn('bureau_admin')
  const problems = async (id: string, plate: string, ...more: string[]) => {
    const headings = ['终端编号', '号牌号码', '所属单位'].slice(0, 2 + more.length)
    return JSON.stringify((await upload(leader, headings, [id, plate, ...more])).problems).replaceAll(id, 'ID')
  }
  const elsewhere = new Set<string>()
  await db.owner.query(`INSERT INTO gateways VALUES ('GATE1', 'x')`)
  for (const id of ['TFOREIGN', 'T30200', 'TREGION1', 'tforeign', 'morin-service', 'GATE1']) elsewhere.add(await problems(id, ''))
  t.equal(elsewhere.size, 1, [...elsewhere].join('\n'))
  t.match([...elsewhere][0], /已被使用/)
  t.match(await problems('TNOBODY2', ''), /须写明所属单位/)
  t.match(await problems('TNOBODY2', '', '丙单位'), /丙单位/, 'no unit of its scope')
  t.equal(await problems('TNOBODY2', '', '甲单位'), '[]')
  t.match(await problems('morin-service', '', '甲单位'), /已被使用/)
})

t.test('trying numbers by file is on record, and ends after a hundred that are others’, without telling which', async (t) => {
  const leader = await world.signIn('bureau_admin')
  const [told] = (
    await db.query<{ n: number }>(
      `SELECT sum((result->>'foreign')::int)::int AS n FROM imports JOIN accounts USING (account_id) WHERE username = 'bureau_admin'`,
    )
  ).rows
  const left = 100 - told!.n
  await db.query(
    `INSERT INTO terminals (terminal_id, credential_hash, organisation_id) SELECT 'TMANY' || lpad(n::text, 4, '0'), 'x', 30 FROM generate_series(1, 200) n`,
  )
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, k) => [`TMANY${String(from + k).padStart(4, '0')}`, '', '甲单位'])
  const headings = ['终端编号', '号牌号码', '所属单位']
  const few = await upload(leader, headings, ...rows(1, left - 1), ['TFREE0001', '', '甲单位'])
  t.equal(few.problemCount, left - 1)
  const record = await db.query<{ detail: object }>(
    `SELECT body::jsonb -> 'detail' AS detail FROM audit_log WHERE action = 'import.check' ORDER BY seq DESC LIMIT 1`,
  )
  t.match(record.rows, [{ detail: { subject: 'terminals', rows: left, foreign: left - 1 } }])
  const many = await upload(leader, headings, ...rows(left, left + 1), ['TFREE0001', '', '甲单位'])
  t.match(many, {
    problemCount: 1,
    created: 0,
    samples: [],
    problems: [{ row: 1, column: null, message: { zh: /预检已停止/, en: /stopped/ } }],
  })
  const annotated = await ask(world, 'getAnnotatedImport', leader, {
    params: { importId: many.importId },
    query: { format: 'csv', locale: 'zh-CN' },
  })
  t.notMatch(annotated.body, /已被使用/)
  const last = await sendFile(leader, headings, ['TFREE0001', '', '甲单位'])
  t.match([last.statusCode, last.body], [429, /askedTooOften/])
  await db.query(`UPDATE imports SET created_at = created_at - interval '1 day'`)
  t.equal((await upload(leader, headings, ['TFREE0001', '', '甲单位'])).problemCount, 0, 'the next day')
})

t.test('a file of the region registers terminals for a unit, and an export says whose they are', async (t) => {
  t.match(await upload(region, ['终端编号', '号牌号码', '所属单位'], ['TNEW0001', '', '甲单位'], ['TNEW0002', '', '']), {
    problemCount: 0,
    created: 2,
  })
})

t.test('what an unfitted terminal sends into quarantine is seen by whose it is, and by nobody beside', async (t) => {
  await db.query(
    `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at, times)
     VALUES ('x', 'vmp/v1/150200/TFOREIGN/up/location', 'TFOREIGN', 'terminal-not-bound', '', 1, 'x', now(), now(), 1)`,
  )
  const seen = async (username: string) =>
    (await ask(world, 'listQuarantine', await world.signIn(username), { query: { terminalId: 'TFOREIGN' } })).json().total
  t.equal(await seen('system_admin'), 1)
  t.equal(await seen('bureau_admin'), 0)
  t.equal(await seen('bureau_admin@30'), 1)
  const count = (username: string, terminalId: string) =>
    world.signIn(username).then((signed) => ask(world, 'getConservation', signed, { query: { terminalId } }))
  t.equal((await count('bureau_admin@30', 'TFOREIGN')).status, 200)
  const [foreign, absent] = [await count('bureau_admin', 'TFOREIGN'), await count('bureau_admin', 'TNOBODY3')]
  t.same([foreign.status, nameless(foreign.body, 'TFOREIGN')], [absent.status, nameless(absent.body, 'TNOBODY3')])
})

t.test('what a terminal sent is seen by whose it was then, and hidden from who may not know of a vehicle that it was in', async (t) => {
  await db.query(
    `INSERT INTO quarantine (digest, topic, terminal_id, reason, detail, positions, payload, first_at, last_at, times) VALUES
     ('before', 'vmp/v1/150200/T30200/up/location', 'T30200', 'schema', '', 1, 'x', '2026-02-01Z', '2026-02-01Z', 1),
     ('after', 'vmp/v1/150100/T30200/up/location', 'T30200', 'schema', '', 1, 'x', '2026-04-01Z', '2026-04-01Z', 1)`,
  )
  await db.query(`UPDATE terminals SET vehicle_id = NULL, organisation_id = 20, bound_since = '2026-03-01Z' WHERE terminal_id = 'T30200'`)
  const seen = async (username: string) =>
    (await ask(world, 'listQuarantine', await world.signIn(username), { query: { terminalId: 'T30200' } }))
      .json()
      .rows.map(({ topic }) => topic.slice(7, 13))
  t.same(await seen('bureau_admin'), ['150100'])
  t.same(await seen('bureau_admin@30'), ['150200'])
  t.same((await seen('system_admin')).sort(), ['150100', '150200'])
  await db.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 302')
  t.same(await seen('system_admin'), [], 'what it holds may be older than when it came')
  await db.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 302')
})

const sendFile = (by: Signed, ...rows: unknown[][]) =>
  world.app.inject({
    method: 'POST',
    url: '/api/v1/imports',
    query: { subject: 'terminals' },
    headers: { ...by!.headers, 'content-type': 'application/octet-stream' },
    payload: csv(...rows),
  })

async function upload(by: Signed, ...rows: unknown[][]) {
  return JSON.parse((await sendFile(by, ...rows)).body) as { importId: number; problemCount: number; created: number; problems: unknown[] }
}
