// Filings of statistics through the four levels: filled by one and reviewed by another, handed up, added up, given back; and what was filed stays what it was.
import t from 'tap'
import { canonicalJson } from '../../services/contracts/canonicalJson.ts'
import { remindOfFilings } from '../../services/dispatch/statistics/filing/remind.ts'
import { sha256 } from '../../services/platform/crypto.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const PERIOD = '2026-02'
const db = await openRegion(t)
for (const [home, name] of [
  [4, 'banner'],
  [2, 'league'],
  [1, 'region'],
] as const)
  for (const n of [1, 2])
    await db.owner.query(
      `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
       SELECT $1, $1, password_hash, role, $2, true FROM accounts WHERE username = 'bureau_admin'`,
      [`${name}.${n}`, home],
    )
await db.owner.query(`INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES
  (20, 'EMERGENCY_SUPPORT', 3, '2025-01-01', 'APPROVED', '核定')`)
const world = await startWorld(t, db)
const [manager, approver, finance, applicant] = await Promise.all(
  ['fleet_manager', 'unit_approver', 'finance', 'applicant'].map((name) => world.signIn(name)),
)
const signed = Object.fromEntries(
  await Promise.all(
    ['banner.1', 'banner.2', 'league.1', 'league.2', 'region.1', 'region.2'].map(async (name) => [name, await world.signIn(name)]),
  ),
) as Record<string, Signed>

const reasonsOf = ({ json }: { json(): unknown }) =>
  (json() as { error: { issues?: { reason: string }[] } }).error.issues?.map(({ reason }) => reason)

const begin = (by: Signed | undefined, organisationId: number, more: object = {}) =>
  ask(world, 'beginFilings', by, { body: { organisationId, period: PERIOD, ...more } })
async function idOf(organisationId: number, period = PERIOD): Promise<number> {
  const { rows } = await db.query<{ id: number }>('SELECT filing_id AS id FROM filings WHERE organisation_id = $1 AND period = $2', [
    organisationId,
    period,
  ])
  return rows[0]!.id
}
async function read(by: Signed | undefined, organisationId: number, query: object = {}) {
  const answer = await ask(world, 'readFiling', by, { params: { filingId: await idOf(organisationId) }, query: { ...query } })
  if (answer.status !== 200) throw new Error(answer.body)
  return answer.json()
}
async function act(by: Signed | undefined, organisationId: number, action: string, more: object = {}) {
  const filingId = await idOf(organisationId)
  const { rows } = await db.query<{ version: number }>('SELECT version FROM filings WHERE filing_id = $1', [filingId])
  return ask(world, 'actOnFiling', by, { params: { filingId }, body: { action, version: rows[0]!.version, ...more } })
}
/** Filled with a word for whatever wants one, reviewed and handed up by another person. */
async function handUp(filler: Signed | undefined, reviewer: Signed | undefined, organisationId: number): Promise<void> {
  const { checks } = await read(filler, organisationId)
  const explanations = checks.map(({ key }) => ({ key, text: '情况属实' }))
  for (const [by, action, data] of [
    [filler, 'fill', { explanations }],
    [reviewer, 'review', {}],
    [reviewer, 'submit', {}],
  ] as const) {
    const answer = await act(by, organisationId, action, { data })
    if (answer.status !== 200) throw new Error(`${action} of ${organisationId}: ${answer.body}`)
  }
}
const whole = (filing: Awaited<ReturnType<typeof read>>, code: string, key: string) => {
  const table = filing.tables.find((one) => one.code === code)!
  return table.sum[table.measures.findIndex((measure) => measure.key === key)]
}

t.test('a filing is begun for a year or month that has begun, with all below it, once', async (t) => {
  t.equal((await begin(manager, 20, { period: '2026-02-03' })).status, 400)
  t.same(reasonsOf(await begin(manager, 20, { period: '2026-13' })), ['filing.period'])
  t.same(reasonsOf(await begin(manager, 20, { period: '2026-04' })), ['statistics.future'])
  t.equal((await begin(approver, 20)).status, 403)
  t.equal((await begin(applicant, 20)).status, 403)
  t.equal((await begin(signed['region.1'], 1, { below: true })).json().begun, 8)
  t.equal((await begin(manager, 20)).json().begun, 0)
  const list = (await ask(world, 'listFilings', manager, { query: {} })).json()
  t.match(list, { total: 1, rows: [{ state: 'OPEN', dueOn: '2026-03-10', mayAct: ['fill'] }] })
  const all = (await ask(world, 'listFilings', signed['banner.1'], { query: {} })).json()
  t.equal(all.rows[0]!.organisation.organisationId, 4, 'one’s own first')
  t.same(all.byState, [{ state: 'OPEN', count: 3 }])
})

t.test('whoever is to fill it is reminded: when it begins, before it is due, and when it is overdue, each once', async (t) => {
  const told = async () => {
    const { rows } = (await ask(world, 'listNotifications', manager, { query: {} })).json()
    return rows.filter(({ kind }) => kind === 'filing.remind').length
  }
  t.equal(await remindOfFilings(db, world.clock.atMs), 8)
  t.equal(await remindOfFilings(db, world.clock.atMs), 0)
  t.equal(await told(), 1)
  t.equal(await remindOfFilings(db, Date.parse('2026-03-08T00:00Z')), 4, 'the units')
  t.equal(await remindOfFilings(db, Date.parse('2026-03-12T00:00Z')), 4 + 1, 'and the banner')
  t.equal(await told(), 3)
})

t.test('what is odd wants a word before it is filled; who fills does not review; what waits is told', async (t) => {
  const draft = await read(manager, 20)
  t.match(draft, { state: 'OPEN', told: { round: null, sha256: null, preliminary: false }, above: ['新城区', '呼和浩特市', '自治区'] })
  t.equal(whole(draft, 'T1', 'seats'), 3)
  t.equal(whole(draft, 'T2', 'vehicles'), 2)
  await handUpTo20()
  t.same(
    (await read(finance, 20)).tables.map(({ code }) => code),
    ['T1', 'T2', 'T3', 'T5', 'T6', 'T7'],
    'tables whose facts he may see',
  )
  async function handUpTo20(): Promise<void> {
    await act(manager, 20, 'fill', { data: { explanations: draft.checks.map(({ key }) => ({ key, text: '情况属实' })) } })
    t.match(await read(manager, 20), { state: 'FILLED', round: 1, told: { round: 1, sha256: /^[0-9a-f]{64}$/ }, mayAct: [] })
    t.equal((await act(manager, 20, 'review')).status, 403)
    t.match((await ask(world, 'listNotifications', approver, { query: {} })).json().rows[0], { kind: 'filing.fill', to: PERIOD })
    t.same(reasonsOf(await act(approver, 20, 'giveBack')), ['flow.data'], 'with a reason')
    t.equal((await act(approver, 20, 'giveBack', { reason: '费用不全' })).status, 200)
    t.equal(
      (await act(manager, 20, 'fill', { data: { explanations: draft.checks.map(({ key }) => ({ key, text: '情况属实' })) } })).status,
      200,
    )
    t.equal((await act(approver, 20, 'review')).status, 200)
    t.equal((await act(approver, 20, 'submit')).status, 200)
    t.match(await read(manager, 20), { state: 'SUBMITTED', round: 2 })
  }
})

t.test('the same person by two accounts does not review what he filled', async (t) => {
  await db.owner.query(`UPDATE accounts SET phone = '13911110000' WHERE username IN ('banner.1', 'banner.2')`)
  const { checks } = await read(signed['banner.1'], 21)
  t.equal(
    (await act(signed['banner.1'], 21, 'fill', { data: { explanations: checks.map(({ key }) => ({ key, text: '代填' })) } })).status,
    200,
  )
  t.same(reasonsOf(await act(signed['banner.2'], 21, 'review')), ['filing.samePerson'])
  await db.owner.query(`UPDATE accounts SET phone = NULL WHERE username IN ('banner.1', 'banner.2')`)
  for (const action of ['review', 'submit']) t.equal((await act(signed['banner.2'], 21, action)).status, 200)
})

t.test('each level adds up what was handed up to it, and names what is missing', async (t) => {
  await handUp(signed['banner.1'], signed['banner.2'], 4)
  const banner = await read(signed['banner.1'], 4)
  t.equal(whole(banner, 'T2', 'vehicles'), 3)
  t.match(banner.below, [
    { organisationId: 20, included: true, state: 'AGGREGATED' },
    { organisationId: 21, included: true, state: 'AGGREGATED' },
  ])
  await handUp(signed['league.1'], signed['league.2'], 2)
  const { checks } = await read(signed['region.1'], 1)
  t.match(checks, [{ code: 'missing', values: ['2', '直属单位、包头市'] }])
  t.same(reasonsOf(await act(signed['region.1'], 1, 'fill')), ['filing.explain'])
  await handUp(signed['region.1'], signed['region.2'], 1)
  const region = await read(signed['region.1'], 1)
  t.equal(whole(region, 'T2', 'vehicles'), 3)
  t.match(region.checks, [{ code: 'missing', explanation: '情况属实' }])
  t.equal((await ask(world, 'readFiling', manager, { params: { filingId: await idOf(4) } })).status, 404, 'what is above stays above')
})

t.test('what was filed never changes when the data does, and the difference is explained down to the vehicle', async (t) => {
  const before = await read(manager, 20)
  await db.owner.query(`UPDATE vehicles SET energy = 'diesel' WHERE vehicle_id = 202`)
  t.same(await read(manager, 20), before)
  const compared = (
    await ask(world, 'compareFiling', manager, { params: { filingId: await idOf(20) }, query: { against: 'today' } })
  ).json()
  t.match(
    compared.lines.filter(({ table, measure }) => table === 'T2' && measure.key === 'vehicles'),
    [
      { keys: ['LAW_ENFORCEMENT', 'diesel'], before: 0, after: 1, facts: [{ vehicle: { vehicleId: 202 } }], hidden: 0 },
      { keys: ['LAW_ENFORCEMENT', 'petrol'], before: 1, after: 0, facts: [{ vehicle: { vehicleId: 202 } }] },
    ],
  )
  await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 202')
  const hidden = (await ask(world, 'compareFiling', manager, { params: { filingId: await idOf(20) }, query: { against: 'today' } })).json()
  t.match(hidden.lines[0], { facts: [], hidden: 1 })
  await db.owner.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 202')
  const same = (await ask(world, 'compareFiling', manager, { params: { filingId: await idOf(20) }, query: { against: 'before' } })).json()
  t.match(same, { before: { round: 1 }, after: { round: 2 }, total: 0 })
  t.same(reasonsOf(await ask(world, 'compareFiling', manager, { params: { filingId: await idOf(20) }, query: { against: 'year' } })), [
    'filing.noneYear',
  ])
})

t.test('its rows cannot be changed by the service, and its hash stands in the log', async (t) => {
  await t.rejects(db.query(`UPDATE filing_snapshots SET body = '{}'`), { code: '42501' })
  const { rows } = await db.query<{ body: string; sha256: string; logged: boolean }>(
    `SELECT s.body, s.sha256, EXISTS (SELECT FROM audit_log l WHERE l.action = 'filing.step' AND l.body LIKE '%' || s.sha256 || '%') AS logged FROM filing_snapshots s`,
  )
  for (const { body, sha256: said, logged } of rows) {
    t.equal(sha256(body).toString('hex'), said)
    t.equal(canonicalJson(JSON.parse(body)), body)
    t.ok(logged)
  }
})

t.test(
  'it leaves as a workbook, on paper and for another system, by a schema; whoever may not see each table has no such file',
  async (t) => {
    const params = { filingId: await idOf(4) }
    const json = await ask(world, 'downloadFiling', signed['banner.1'], { params, query: { format: 'json' } })
    const report = JSON.parse(json.body) as { sha256: string; filed: unknown; filled: { by: string } }
    t.equal(sha256(canonicalJson(report.filed)).toString('hex'), report.sha256, 'whoever has it can hold it against its hash')
    t.equal(report.filled.by, 'banner.1')
    const pdf = await ask(world, 'downloadFiling', signed['banner.1'], { params, query: { format: 'pdf' } })
    t.match(pdf.body.slice(0, 5), '%PDF-')
    const xlsx = await ask(world, 'downloadFiling', signed['banner.1'], { params, query: { format: 'xlsx', locale: 'en' } })
    t.equal(xlsx.body.slice(0, 2), 'PK')
    const own = { filingId: await idOf(20) }
    t.equal((await ask(world, 'downloadFiling', finance, { params: own, query: { format: 'json' } })).status, 403)
    t.equal((await ask(world, 'downloadFiling', finance, { params: own, query: { format: 'pdf' } })).status, 200)
    t.same(
      reasonsOf(await ask(world, 'downloadFiling', signed['region.1'], { params: { filingId: await idOf(10) }, query: { format: 'pdf' } })),
      ['filing.neverFilled'],
    )
  },
)

t.test('what stands in a filing above is sent back from there, first that one, then this', async (t) => {
  t.same(reasonsOf(await act(signed['banner.1'], 20, 'sendBack', { reason: '漏报' })), ['filing.not'], 'it is added up')
  t.equal((await act(signed['banner.1'], 4, 'sendBack', { reason: '漏报' })).status, 403, 'nobody sends back his own')
  for (const [by, id] of [
    ['region.1', 1],
    ['region.1', 2],
    ['league.1', 4],
    ['banner.1', 20],
  ] as const)
    t.equal((await act(signed[by], id, 'sendBack', { reason: '漏报一辆' })).status, 200, `${id}`)
  t.match(await read(manager, 20), { state: 'RETURNED', told: { round: null } })
  t.match((await read(signed['banner.1'], 4)).below, [
    { organisationId: 21, state: 'SUBMITTED', included: true },
    { organisationId: 20, state: 'RETURNED', included: false },
  ])
  await handUp(manager, approver, 20)
  await handUp(signed['banner.1'], signed['banner.2'], 4)
  const compared = (
    await ask(world, 'compareFiling', signed['banner.1'], { params: { filingId: await idOf(4) }, query: { against: 'before' } })
  ).json()
  t.match(compared.lines[0], { table: 'T2', facts: [], below: [{ organisationId: 20, filingId: await idOf(20) }] })
})

t.test('a period that is not over is refused with the last that is, or filed as preliminary and not handed up', async (t) => {
  const { filingId } = (await begin(manager, 20, { period: '2026-03' })).json()
  const step = (by: Signed | undefined, action: string, version: number, data: object = {}) =>
    ask(world, 'actOnFiling', by, { params: { filingId }, body: { action, version, data } })
  const refused = await step(manager, 'fill', 1)
  t.same(reasonsOf(refused), ['filing.notOver'])
  t.match(refused.body, '2026-02')
  const { checks } = (await ask(world, 'readFiling', manager, { params: { filingId } })).json()
  const explanations = checks.map(({ key }) => ({ key, text: '预报' }))
  t.match((await step(manager, 'fill', 1, { preliminary: true, explanations })).json(), {
    told: { preliminary: true, until: '2026-03-02' },
  })
  t.equal((await step(approver, 'review', 2)).status, 200)
  t.same(reasonsOf(await step(approver, 'submit', 3)), ['filing.preliminary'])
})

t.test('a district that changed its place in the period counts where it stood when it ended, and it says so', async (t) => {
  await db.owner.query(
    `INSERT INTO organisation_past (organisation_id, until, parent_id, name, adcode) VALUES (21, '2026-02-10T00:00Z', 3, '乙单位', '150102')`,
  )
  await act(signed['league.1'], 4, 'sendBack', { reason: '重报' })
  const { checks, below } = await read(signed['banner.1'], 4)
  t.match(
    checks.find(({ code }) => code === 'moved'),
    { values: ['乙单位', '包头市', '新城区'] },
  )
  t.ok(below.some(({ organisationId }) => organisationId === 21))
})
