// What two people must have done is done by two people, not by two accounts: flows, quota, and whoever took a step in an earlier round.
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { isSamePerson } from '../../services/dispatch/kernel/persons.ts'
import { addLedgerPeople, reason } from './ledgerPeople.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
// `bureau` and `bureau.two` are one person; nobody knows whose account `nobodys` is.
await db.query(
  `UPDATE accounts SET person_no = CASE username WHEN 'bureau' THEN 'P7' ELSE ' p7' END WHERE username IN ('bureau', 'bureau.two')`,
)
await db.query(
  `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
   SELECT 'nobodys', '示例', password_hash, 'bureau_admin', 1, true FROM accounts WHERE username = 'bureau'`,
)
const world = await startWorld(t, db)
const [bureau, same, other, nobodys] = [
  await world.signIn('bureau'),
  await world.signIn('bureau.two'),
  await world.signIn('bureau.three'),
  await world.signIn('nobodys'),
]
await db.query(`UPDATE accounts SET demo = false WHERE username = 'nobodys'`)
await db.query(
  `INSERT INTO ledger_policies (organisation_id, effective_from, over_quota, over_standard) VALUES (1, '2000-01-01', 'flag', 'flag')`,
)

const reasonOf = (answer: { body: string }) =>
  (JSON.parse(answer.body) as { error?: { issues?: { reason?: string }[] } }).error?.issues?.[0]?.reason
const startFlow = async (by: Signed, body: object) => (await ask(world, 'startFlow', by, { body: { ...body, reason } })).json()
const step = (by: Signed, { flowId, version }: { flowId: number; version: number }, action: string, data: object = {}) =>
  ask(world, 'actOnFlow', by, { params: { flowId }, body: { version, action, reason, data } })
const mayAct = async (by: Signed, flowId: number) => (await ask(world, 'getFlow', by, { params: { flowId } })).json().mayAct

/** Refused to the person by either account and to whom nobody knows, and not offered; then done by another. */
async function byAnotherOnly(t: Test, flow: { flowId: number; version: number }, action: string, data: object = {}) {
  for (const [who, by] of Object.entries({ 'the same account': bureau, 'the same person': same, 'nobody knows whom': nobodys })) {
    t.equal(reasonOf(await step(by, flow, action, data)), 'flow.samePerson', `${action} by ${who}`)
    t.notOk((await mayAct(by, flow.flowId)).includes(action), `${action} is not offered to ${who}`)
  }
  t.ok((await mayAct(other, flow.flowId)).includes(action))
  const done = await step(other, flow, action, data)
  t.equal(done.status, 200, done.body)
  return done.json()
}

t.test('an acquisition, a transfer and a disposal are not approved by the second account of who proposed them', async (t) => {
  const plan = { category: 'EMERGENCY_SUPPORT', bodyType: 'sedan', energy: 'petrol', priceFen: 11_000_000, displacementMl: 1498 }
  await byAnotherOnly(t, await startFlow(bureau, { kind: 'acquisition', unitId: 20, plan }), 'approve')

  const transfer = await startFlow(bureau, { kind: 'transfer', vehicleId: 201, toUnitId: 21 })
  t.equal(reasonOf(await step(same, transfer, 'consent')), 'flow.samePerson')
  await byAnotherOnly(t, await (await step(await world.signIn('manager.21'), transfer, 'consent')).json(), 'approve')

  const disposal = await startFlow(bureau, { kind: 'disposal', vehicleId: 202 })
  const appraised = (await step(bureau, disposal, 'appraise', { appraisedFen: 100 })).json()
  const approved = await byAnotherOnly(t, appraised, 'approve', { financeDocumentNo: '财资 1 号' })
  const executed = (await step(bureau, approved, 'execute', { method: 'scrap', incomeFen: 1 })).json()
  await byAnotherOnly(t, (await step(bureau, executed, 'remit', { remittanceNo: '1' })).json(), 'close')
})

t.test('whoever took a step that was taken again later counts as well', async (t) => {
  const flow = await startFlow(bureau, { kind: 'disposal', vehicleId: 211 })
  await step(bureau, flow, 'appraise', { appraisedFen: 100 })
  // Taken a second time by somebody else: the first taker is still one.
  await db.query(
    `INSERT INTO ledger_flow_steps SELECT flow_id, 3, action, state, at, (SELECT account_id FROM accounts WHERE username = 'manager.21'), 'x', reason
     FROM ledger_flow_steps WHERE flow_id = $1 AND action = 'appraise'`,
    [flow.flowId],
  )
  await db.owner.query(`DELETE FROM ledger_flow_steps WHERE flow_id = $1 AND action = 'start'`, [flow.flowId])
  t.equal(reasonOf(await step(same, { ...flow, version: 2 }, 'approve', { financeDocumentNo: '1' })), 'flow.samePerson')
})

t.test('a quota is not approved by whoever drafted or changed it in any round, by any account', async (t) => {
  const manager = await world.signIn('fleet_manager')
  const body = { unitId: 20, category: 'OTHER_APPROVED', seats: 3, effectiveFrom: '2026-04-01', reason }
  const { quotaId } = (await ask(world, 'draftQuota', bureau, { body })).json()
  let version = 1
  const act = async (by: Signed, action: string) => {
    const answer = await ask(world, 'actOnQuota', by, { params: { quotaId }, body: { version, action, reason } })
    if (answer.status === 200) version++
    return answer
  }
  const refused = async (says: string) => {
    for (const by of [bureau, same, nobodys]) {
      t.equal(reasonOf(await act(by, 'approve')), 'flow.samePerson', says)
      t.notOk((await ask(world, 'getQuota', by, { params: { quotaId } })).json().mayAct.includes('approve'), says)
    }
  }
  for (const action of ['submit', 'review']) await act(bureau, action)
  await refused('drafted')
  await act(other, 'giveBack')
  t.equal((await ask(world, 'changeQuota', manager, { params: { quotaId }, body: { version, seats: 4, reason } })).status, 200)
  version++
  for (const action of ['submit', 'review']) await act(bureau, action)
  await refused('drafted in the first round, the figure being another’s now')
  t.equal((await act(other, 'approve')).json().state, 'APPROVED')
})

t.test('whose account it is: staff number, telephone or driver tell; who tells nothing is nobody else', async (t) => {
  const [a, b] = (await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username IN ('finance', 'finance@30')`)).rows
  const some = <T>(...values: T[]) => fc.constantFrom(null, ...values)
  const account = fc.record({
    person_no: some('A1', 'a1 ', 'B2'),
    phone: some('13900000001', '13900000002'),
    driver_id: some(1, 2),
    demo: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(account, account, async (one, two) => {
      for (const [id, each] of [
        [a!.id, one],
        [b!.id, two],
      ] as const)
        await db.query('UPDATE accounts SET person_no = $2, phone = $3, driver_id = $4, demo = $5 WHERE account_id = $1', [
          id,
          each.person_no,
          each.phone,
          each.driver_id,
          each.demo,
        ])
      const whose = (each: typeof one, id: number) => each.person_no?.trim().toUpperCase() ?? (each.demo ? `account ${id}` : null)
      const shared = (key: 'phone' | 'driver_id') => one[key] !== null && one[key] === two[key]
      const [x, y] = [whose(one, a!.id), whose(two, b!.id)]
      const same = x === null || y === null || x === y || shared('phone') || shared('driver_id')
      return (
        (await isSamePerson(db, a!.id, b!.id)) === same &&
        (await isSamePerson(db, b!.id, a!.id)) === same &&
        (await isSamePerson(db, a!.id, a!.id))
      )
    }),
    { numRuns: 120 },
  )
  t.equal(await isSamePerson(db, a!.id, 2_000_000_000), true, 'an account that is not there is nobody else')
})
