// Unmaskings: what asking tells (nothing), who may decide, two who decide at once, and how they end.
import t from 'tap'
import { isSecretNo } from '../../services/domain/secrecy.ts'
import { NOW_MS } from './region.ts'
import { markSecret, reason, SECRET, secretFacts, seedSecret, unmask } from './secrecyPeople.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
const { secretNo } = await seedSecret(db)
const otherNo = await markSecret(db, 302)
const world = await startWorld(t, db)
const purpose = '核查举报线索'
const dispatcher = await world.signIn('dispatcher')
const [one, two] = [await world.signIn('bureau'), await world.signIn('bureau.two')]

const request = (signed: Signed, vehicle: string, hours = 2) =>
  ask(world, 'requestUnmasking', signed, { body: { vehicle, purpose, hours } })
const approve = (signed: Signed, unmaskingId: number, body: object = {}) =>
  ask(world, 'approveUnmasking', signed, { params: { unmaskingId }, body: { reason, ...body } })
const refuse = (signed: Signed, unmaskingId: number) => ask(world, 'refuseUnmasking', signed, { params: { unmaskingId }, body: { reason } })
const listOf = async (signed: Signed) => (await ask(world, 'listUnmaskings', signed, { query: { limit: 200 } })).json().rows

t.test('asking is answered the same, whether the vehicle is sensitive, ordinary, elsewhere or nowhere', async (t) => {
  const texts = [secretFacts.plate, '蒙AD12345', '蒙BB0302', '蒙AZ9999', String(secretNo), String(otherNo), '1999999999']
  const answers = new Set<string>()
  for (const text of texts) {
    const answer = await request(dispatcher, text)
    answers.add(`${answer.status} ${answer.body.replace(/"unmaskingId":\d+/, '').replaceAll(text, '')}`)
  }
  t.equal(answers.size, 1, [...answers].join('\n'))
  const again = new Set<string>()
  for (const text of texts) again.add((await request(dispatcher, text)).body.replace(/"requestId":"[^"]+"/, ''))
  t.equal(again.size, 1, 'and the second time too')
  const own = await ask(world, 'listOwnUnmaskings', dispatcher)
  t.ok(own.json().rows.every(({ vehicle, state }) => vehicle === null && state === 'pending'))
  t.notMatch(own.body, /finding|secretNo|vehicleId/)
})

t.test('whoever decides is told what was meant, and cannot approve what is none', async (t) => {
  const rows = await listOf(one)
  const findingOf = (asked: string) => rows.find((row) => row.asked === asked)!
  t.match(findingOf(secretFacts.plate), { finding: 'secret', secretNo, unit: { organisationId: 20 }, mayDecide: true })
  t.match(findingOf(String(secretNo)), { finding: 'secret', secretNo })
  t.match(findingOf('蒙AD12345'), { finding: 'open', secretNo: null, unit: null })
  t.match(findingOf('蒙BB0302'), { finding: 'outOfReach' })
  t.match(findingOf('蒙AZ9999'), { finding: 'none' })
  const reasons: string[] = []
  for (const text of ['蒙AD12345', '蒙BB0302', '蒙AZ9999']) {
    const answer = await approve(one, findingOf(text).unmaskingId)
    t.equal(answer.code, 'CONFLICT')
    reasons.push(/"reason":"([^"]+)"/.exec(answer.body)![1]!)
    t.equal((await refuse(one, findingOf(text).unmaskingId)).json().state, 'refused')
  }
  t.same(reasons, ['unmask.notSecret', 'unmask.outOfReach', 'unmask.none'])
  // The bureau of the applicant's own league finds nothing of the other league, not even that it is there.
  const league = await listOf(await world.signIn('bureau_admin'))
  t.match(
    league.find((row) => row.asked === String(otherNo)),
    { finding: 'none', unit: null },
  )
  t.same(await listOf(await world.signIn('bureau_admin@30')), [], 'requests of other scopes are not shown')
})

t.test('nobody decides a request of their own, nor learns from it; a sibling’s bureau decides none', async (t) => {
  const { unmaskingId } = (await request(one, secretFacts.plate)).json()
  t.equal((await approve(one, unmaskingId)).code, 'FORBIDDEN')
  t.equal((await refuse(one, unmaskingId)).code, 'FORBIDDEN')
  const own = (await listOf(one)).find((row) => row.unmaskingId === unmaskingId)
  t.match(own, { finding: null, secretNo: null, unit: null, mayDecide: false })
  // Two accounts of one person are one person.
  await db.query(`UPDATE accounts SET person_no = 'P1' WHERE username IN ('bureau', 'bureau.three')`)
  t.equal((await approve(await world.signIn('bureau.three'), unmaskingId)).code, 'FORBIDDEN')
  await db.query(`UPDATE accounts SET person_no = NULL`)
  t.equal((await approve(await world.signIn('bureau_admin@30'), unmaskingId)).code, 'NOT_FOUND')
  t.equal((await approve(await world.signIn('bureau_admin'), unmaskingId)).code, 'NOT_FOUND', 'asked from above')
  t.equal((await approve(dispatcher, unmaskingId)).code, 'FORBIDDEN')
  t.equal((await approve(two, unmaskingId)).json().state, 'approved')
  await ask(world, 'returnUnmasking', one, { params: { unmaskingId }, body: { reason } })
})

t.test('of two who decide at the same moment one does', async (t) => {
  for (let round = 0; round < 4; round++) {
    const inspector = await world.signIn('inspector')
    const { unmaskingId } = (await request(inspector, secretFacts.plate)).json()
    const answers = await Promise.all([
      approve(one, unmaskingId),
      approve(two, unmaskingId),
      refuse(two, unmaskingId),
      approve(one, unmaskingId),
    ])
    t.equal(answers.filter(({ status }) => status === 200).length, 1)
    t.ok(answers.every(({ status, code }) => status === 200 || code === 'CONFLICT'))
    const { rows } = await db.query(
      `SELECT count(*) AS n FROM audit_log WHERE subject_type = 'unmasking' AND subject_id = $1 AND action IN ('unmask.approve', 'unmask.refuse')`,
      [String(unmaskingId)],
    )
    t.equal(rows[0]!.n, 1)
  }
})

t.test('hours are limited by the dated policy of the place, and an approval may shorten them', async (t) => {
  const set = (signed: Signed, body: object) =>
    ask(world, 'setSecrecyPolicy', signed, {
      body: { organisationId: 2, effectiveFrom: '2026-03-02', sight: 'hidden', maxHours: 8, reason, ...body } as never,
    })
  t.equal((await request(dispatcher, '蒙AA1111', 73)).code, 'VALIDATION_FAILED', 'the region’s 72')
  t.equal((await set(dispatcher, {})).code, 'FORBIDDEN')
  t.equal((await set(await world.signIn('bureau_admin@30'), {})).code, 'VALIDATION_FAILED', 'not in scope')
  t.equal((await set(one, { effectiveFrom: '2026-03-01' })).code, 'VALIDATION_FAILED', 'yesterday')
  t.equal((await set(one, {})).status, 200)
  t.equal((await request(dispatcher, '蒙AA1111', 9)).code, 'VALIDATION_FAILED')
  t.equal((await ask(world, 'listOwnUnmaskings', dispatcher)).json().maxHours, 8)
  t.equal((await request(dispatcher, '蒙a·A0202', 8)).code, 'CONFLICT', 'the same plate in another writing waits already')
  const waiting = (await listOf(one)).find((row) => row.asked === secretFacts.plate && row.state === 'pending')!
  t.equal((await approve(one, waiting.unmaskingId, { hours: 1 })).json().until, new Date(NOW_MS + 3_600_000).toISOString())
  const inspector = await world.signIn('inspector')
  const asked = (await request(inspector, secretFacts.plate, 8)).json()
  await db.query(`UPDATE unmaskings SET hours = 70 WHERE unmasking_id = $1`, [asked.unmaskingId])
  t.equal((await approve(one, asked.unmaskingId)).code, 'VALIDATION_FAILED', 'asked before the policy was narrowed')
  t.equal((await approve(one, asked.unmaskingId, { hours: 8 })).json().until, new Date(NOW_MS + 8 * 3_600_000).toISOString())
  t.match((await ask(world, 'listSecrecyPolicies', one)).json().rows, [
    { organisation: null, sight: 'hidden', maxHours: 72 },
    { organisation: { organisationId: 2 }, maxHours: 8, effectiveFrom: '2026-03-02' },
  ])
})

t.test('an unmasking ends by time, by either side, or with the marking, and each end is recorded', async (t) => {
  await db.query(`UPDATE unmaskings SET state = 'refused' WHERE state IN ('pending', 'approved')`)
  const sees = async () => (await ask(world, 'getVehicle', await world.signIn('dispatcher'), { params: { vehicleId: SECRET } })).status
  const first = await unmask(world, dispatcher, one)
  t.equal(await sees(), 200)
  t.equal((await ask(world, 'returnUnmasking', two, { params: { unmaskingId: first }, body: { reason } })).code, 'NOT_FOUND', 'not his')
  t.equal((await ask(world, 'returnUnmasking', dispatcher, { params: { unmaskingId: first }, body: { reason } })).json().state, 'ended')
  t.equal(await sees(), 404)
  const second = await unmask(world, dispatcher, one)
  t.equal((await ask(world, 'endUnmasking', two, { params: { unmaskingId: second }, body: { reason } })).json().state, 'ended')
  t.equal(await sees(), 404)
  t.equal((await ask(world, 'endUnmasking', two, { params: { unmaskingId: second }, body: { reason } })).code, 'CONFLICT')
  const third = await unmask(world, dispatcher, one)
  world.clock.atMs = NOW_MS + 3_600_000 - 1
  t.equal(await sees(), 200, 'a millisecond before')
  world.clock.atMs = NOW_MS + 3_600_000
  t.equal(await sees(), 404)
  const own = (await ask(world, 'listOwnUnmaskings', await world.signIn('dispatcher')))
    .json()
    .rows.find((row) => row.unmaskingId === third)!
  t.match(own, { state: 'expired', vehicle: null, ended: { at: new Date(NOW_MS + 3_600_000).toISOString(), by: null } })
  const lateEnd = await ask(world, 'endUnmasking', await world.signIn('bureau.two'), { params: { unmaskingId: third }, body: { reason } })
  t.equal(lateEnd.code, 'CONFLICT', 'it is over already')
  const { rows } = await db.query<{ action: string; username: string }>(
    `SELECT action, username FROM audit_log WHERE subject_type = 'unmasking' AND subject_id = ANY($1) AND action <> 'unmask.use' ORDER BY seq`,
    [[first, second, third].map(String)],
  )
  t.same(
    rows.map(({ action, username }) => `${action} ${username}`),
    [
      ...['unmask.request dispatcher', 'unmask.approve bureau', 'unmask.end dispatcher'],
      ...['unmask.request dispatcher', 'unmask.approve bureau', 'unmask.end bureau.two'],
      ...['unmask.request dispatcher', 'unmask.approve bureau', 'unmask.expire system'],
    ],
  )
  world.clock.atMs = NOW_MS
  await unmask(world, await world.signIn('dispatcher'), await world.signIn('bureau'))
  await db.query('UPDATE vehicles SET secrecy = false WHERE vehicle_id = 202')
  t.ok(isSecretNo(await markSecret(db)))
  t.equal(await sees(), 404, 'marked again is another secret')
})
