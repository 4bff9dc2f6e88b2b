// Cases: an inspector reads a track within one alone, of a vehicle in it, within its period, when a second person has released what must be; and every
// refusal is on record.
import t from 'tap'
import { NOW_MS, putState } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await putState(db, { vehicleId: 202 })
await db.query(
  `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo, person_no)
   SELECT n, n, password_hash, 'inspector', 2, true, p FROM accounts, (VALUES ('inspector.two', NULL), ('inspector.also', 'P1')) v(n, p) WHERE username = 'inspector'`,
)
await db.query(`UPDATE accounts SET person_no = 'P1' WHERE username = 'inspector'`)
const world = await startWorld(t, db)
const [inspector, two, also, elsewhere, bureau] = await Promise.all(
  ['inspector', 'inspector.two', 'inspector.also', 'inspector@30', 'bureau_admin'].map((name) => world.signIn(name)),
)
const at = (hours: number) => new Date(NOW_MS + hours * 3_600_000).toISOString()
const reason = '核查举报线索'
const period = { from: at(-48), until: at(0) }
const opened = { purpose: reason, basis: '来信举报第 3 号', ...period }
const open = async (more: object = {}) => (await ask(world, 'openCase', inspector, { body: { ...opened, ...more } })).json()
const window = { from: at(-2), to: at(-1) }
const look = (by: typeof inspector, vehicleId: number, query: object) =>
  ask(world, 'getTrack', by, { params: { vehicleId }, query: { ...window, ...query } })
const refusals = async () =>
  (
    await db.query<{ why: string }>(`SELECT body::json->'detail'->>'why' AS why FROM audit_log WHERE action = 'case.refused' ORDER BY seq`)
  ).rows.map(({ why }) => why)

t.test('without a case, in one of others, beyond it, or before a second person: refused, and on record each time', async (t) => {
  const found = await open({ vehicleIds: [201, 202] })
  t.match(found, { number: '案〔2026〕0001', state: 'OPEN', vehicles: 2, waiting: 1, members: 1, mayAct: ['close'] })
  const { caseId } = found
  const before = await refusals()
  const tried: [string, ReturnType<typeof look>, string, string][] = [
    ['no case', look(inspector, 201, {}), 'CASE_REQUIRED', 'case.none'],
    ['a purpose alone', look(inspector, 201, { purpose: reason }), 'CASE_REQUIRED', 'case.none'],
    ['no member', look(two, 201, { caseId }), 'NOT_FOUND', 'NOT_FOUND'],
    ['a case that is not', look(inspector, 201, { caseId: 2_000_000 }), 'NOT_FOUND', 'NOT_FOUND'],
    ['not in it', look(inspector, 211, { caseId }), 'CASE_REQUIRED', 'case.vehicle'],
    ['no vehicle at all', look(inspector, 999_999, { caseId }), 'CASE_REQUIRED', 'case.vehicle'],
    ['not released', look(inspector, 202, { caseId }), 'CASE_REQUIRED', 'case.waits'],
    ['before it', look(inspector, 201, { caseId, from: at(-50) }), 'CASE_REQUIRED', 'case.period'],
    ['after it', look(inspector, 201, { caseId, to: at(1) }), 'CASE_REQUIRED', 'case.period'],
  ]
  const whys = []
  for (const [says, answer, code, why] of tried) {
    t.equal((await answer).code, code, says)
    whys.push(why)
  }
  t.same((await refusals()).slice(before.length).sort(), whys.sort())
  t.equal((await look(inspector, 201, { caseId })).status, 200)
  t.equal((await ask(world, 'listTrips', inspector, { params: { vehicleId: 201 }, query: { ...window, caseId } })).status, 200)
  t.match((await ask(world, 'listCaseLooks', inspector, { params: { caseId } })).json(), {
    total: 2,
    rows: [
      { by: 'inspector', plate: '蒙AD12345', part: 'trips', from: window.from, until: window.to },
      { part: 'track', lookId: Number },
    ],
  })
  t.equal((await look(bureau, 202, {})).status, 200, 'whoever need not have one looks as before')
  t.equal((await look(bureau, 202, { caseId })).code, 'NOT_FOUND', 'and not within one of others')
})

t.test('whoever put a vehicle in does not release it by another account either; what was released is the period of then', async (t) => {
  const { caseId, vehicleRows, version } = await open({ vehicleIds: [202] })
  const { caseVehicleId } = vehicleRows[0]!
  const step = (by: typeof inspector, action: string, version: number) =>
    ask(world, 'actOnCaseVehicle', by, { params: { caseVehicleId }, body: { action, version, reason } })
  for (const by of [inspector, also]) t.equal((await step(by, 'release', 1)).code, 'TWO_PERSON_RULE')
  t.equal((await step(elsewhere, 'release', 1)).code, 'NOT_FOUND')
  const waiting = (await ask(world, 'listCaseReleases', two)).json().rows.find((row) => row.caseVehicleId === caseVehicleId)
  t.match(waiting, {
    purpose: reason,
    basis: opened.basis,
    addedBy: '示例 inspector',
    mayAct: ['release', 'refuse'],
    vehicle: { plate: '蒙AA0202' },
  })
  t.equal((await step(two, 'release', 1)).json().state, 'RELEASED')
  t.equal((await look(inspector, 202, { caseId })).status, 200)
  const longer = { ...opened, from: at(-100), version, reason }
  t.equal((await ask(world, 'changeCase', inspector, { params: { caseId }, body: longer })).status, 200)
  t.match((await look(inspector, 202, { caseId, from: at(-90) })).json(), {
    error: { code: 'CASE_REQUIRED', issues: [{ reason: 'case.releasedPeriod' }] },
  })
  const note = (vehicleId: number) =>
    ask(world, 'noteFinding', inspector, { params: { caseId }, body: { vehicleId, from: at(-90), until: at(-89), text: '停于景区停车场' } })
  t.match(
    (await note(202)).json(),
    { error: { issues: [{ reason: 'case.releasedPeriod', values: { caseFrom: opened.from, caseUntil: opened.until } }] } },
    'a finding beyond it is told what was released, and not the longer case',
  )
  const [issue] = ((await note(201)).json() as unknown as { error: { issues: { reason: string; values?: object }[] } }).error.issues
  t.equal(issue!.reason, 'case.vehicle')
  t.notOk(issue!.values && 'caseFrom' in issue!.values, 'of a vehicle that is not in the case there is no period to tell')
  t.equal((await step(inspector, 'askAgain', 2)).json().state, 'WAITING')
  t.equal((await step(two, 'refuse', 3)).json().state, 'REFUSED')
  t.equal((await look(inspector, 202, { caseId })).code, 'CASE_REQUIRED')
})

t.test('in a closed case nothing is looked at or changed, until it is reopened; a stale version is told', async (t) => {
  const { caseId } = await open({ vehicleIds: [201] })
  const step = (action: string, version: number) =>
    ask(world, 'actOnCase', inspector, { params: { caseId }, body: { action, version, reason } })
  t.match((await step('close', 1)).json(), { state: 'CLOSED', mayAct: ['reopen'] })
  t.equal((await step('close', 1)).code, 'CHANGED_MEANWHILE')
  t.equal((await look(inspector, 201, { caseId })).code, 'CASE_REQUIRED')
  const add = () => ask(world, 'addCaseVehicles', inspector, { params: { caseId }, body: { vehicleIds: [211], reason } })
  t.equal((await add()).code, 'CONFLICT')
  await step('reopen', 2)
  t.match((await add()).json(), { vehicles: 2 })
  t.match((await add()).json(), { vehicles: 2 }, 'one that is in it stays as it is')
  t.equal((await look(inspector, 211, { caseId })).status, 200)
})

t.test('members come and go, and the last stays; nobody else learns that there is a case', async (t) => {
  const { caseId } = await open({ members: ['inspector.two', 'inspector'] })
  const found = (await ask(world, 'getCase', two, { params: { caseId } })).json()
  t.same(
    found.memberRows.map(({ username }) => username),
    ['inspector', 'inspector.two'],
  )
  t.equal((await ask(world, 'getCase', also, { params: { caseId } })).code, 'NOT_FOUND')
  t.equal(
    (await ask(world, 'addCaseMember', two, { params: { caseId }, body: { username: 'bureau_admin', reason } })).code,
    'VALIDATION_FAILED',
  )
  const end = (by: typeof inspector, memberId: number) =>
    ask(world, 'endCaseMember', by, { params: { caseId, memberId }, body: { reason } })
  t.equal((await end(two, found.memberRows[0]!.memberId)).status, 200)
  t.equal((await ask(world, 'getCase', inspector, { params: { caseId } })).code, 'NOT_FOUND')
  t.equal((await end(two, found.memberRows[1]!.memberId)).code, 'CONFLICT')
})

t.test('a period that is none, too long or yet to come, and a vehicle out of reach, open nothing', async (t) => {
  const count = async () => (await db.query<{ n: number }>('SELECT count(*) AS n FROM cases')).rows[0]!.n
  const before = await count()
  for (const wrong of [
    { until: period.from },
    { from: at(-24 * 1_200) },
    { from: at(1), until: at(2) },
    { vehicleIds: [301] },
    { members: ['nobody'] },
  ])
    t.equal((await ask(world, 'openCase', inspector, { body: { ...opened, ...wrong } })).code, 'VALIDATION_FAILED', JSON.stringify(wrong))
  t.equal(await count(), before)
  const numbers = (await Promise.all(Array.from({ length: 4 }, () => open()))).map(({ number }) => Number(number.slice(-4)))
  t.same(
    numbers.sort((a, b) => a - b),
    [1, 2, 3, 4].map((n) => before + n),
    'opened at once they follow one another',
  )
})
