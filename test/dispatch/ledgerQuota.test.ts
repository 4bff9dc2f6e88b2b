// Quota: applications by two people's work, laws that hold under any order of changes, and flows that bring, move and dispose of vehicles.
import fc from 'fast-check'
import t from 'tap'
import { seatForToday } from '../../services/dispatch/registry/seatsOfToday.ts'
import { flowLifecycles, quotaLifecycle } from '../../services/domain/lifecycle.ts'
import { atOnce, MANY } from './atOnce.ts'
import { addLedgerPeople, newVehicle, reason } from './ledgerPeople.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau')
const second = await world.signIn('bureau.two')
const manager = await world.signIn('fleet_manager')
const receiver = await world.signIn('manager.21')
const TODAY = '2026-03-02'
const category = 'EMERGENCY_SUPPORT'

const issueOf = (answer: { body: string }) =>
  (JSON.parse(answer.body) as { error: { issues?: { reason?: string; values?: object }[] } }).error.issues?.[0]
const act = (by: Signed, quotaId: number, version: number, action: string) =>
  ask(world, 'actOnQuota', by, { params: { quotaId }, body: { version, action, reason } })
const draft = (unitId: number, seats: number, by = manager, effectiveFrom = TODAY) =>
  ask(world, 'draftQuota', by, { body: { unitId, category, seats, effectiveFrom, reason } })

/** An application taken through to its approval by three people. */
async function approve(unitId: number, seats: number, by = manager, effectiveFrom = TODAY) {
  const { quotaId, version } = (await draft(unitId, seats, by, effectiveFrom)).json()
  await act(by, quotaId, version, 'submit')
  await act(bureau, quotaId, version + 1, 'review')
  return act(bureau, quotaId, version + 2, 'approve')
}

t.test('an application goes from the unit to the bureau and back, and who drafted it does not approve it', async (t) => {
  const drafted = await draft(20, 3)
  t.match(drafted.json(), { state: 'DRAFT', seats: 3, mayAct: ['submit'], version: 1 })
  const { quotaId } = drafted.json()
  t.equal(issueOf(await draft(20, 5))?.reason, 'quota.open')
  t.equal((await draft(30, 5)).code, 'NOT_FOUND')
  t.equal((await act(manager, quotaId, 1, 'review')).code, 'FORBIDDEN')
  t.equal(issueOf(await act(bureau, quotaId, 1, 'approve'))?.reason, 'quota.not')
  t.equal((await act(manager, quotaId, 1, 'submit')).json().state, 'UNIT_SUBMITTED')
  t.equal((await act(bureau, quotaId, 2, 'giveBack')).json().returnedWhy, reason)
  const changed = await ask(world, 'changeQuota', bureau, { params: { quotaId }, body: { version: 3, seats: 2, reason } })
  t.match(changed.json(), { seats: 2, state: 'RETURNED' })
  await act(manager, quotaId, 4, 'submit')
  await act(bureau, quotaId, 5, 'review')
  t.equal(issueOf(await act(bureau, quotaId, 6, 'approve'))?.reason, 'flow.samePerson', 'the bureau put in the figure')
  t.equal((await act(second, quotaId, 6, 'approve')).json().state, 'APPROVED')
  const file = (await ask(world, 'getVehicleFile', manager, { params: { vehicleId: 201 } })).json()
  t.match(file, { quotaSeat: 1, overQuota: false }, 'the free seat is filled at once')
  const { history, applications } = (await ask(world, 'getQuotaHistory', manager, { query: { unitId: 20, category } })).json()
  t.same(
    applications.map((each) => each.state),
    ['APPROVED'],
  )
  t.equal(history[0]!.action, 'quota.step')
})

t.test('a quota below what is in service is refused with the number', async (t) => {
  const { quotaId } = (await draft(20, 0, manager, '2026-04-01')).json()
  await act(manager, quotaId, 1, 'submit')
  await act(bureau, quotaId, 2, 'review')
  const refused = await act(bureau, quotaId, 3, 'approve')
  t.match(issueOf(refused), { reason: 'quota.belowInService', values: { inService: 1 } })
  await act(bureau, quotaId, 3, 'giveBack')
  await ask(world, 'changeQuota', manager, { params: { quotaId }, body: { version: 4, seats: 4, reason } })
  await act(manager, quotaId, 5, 'submit')
  await act(bureau, quotaId, 6, 'review')
  t.equal((await act(bureau, quotaId, 7, 'approve')).status, 200)
  t.equal(issueOf(await draft(20, 9, manager, '2026-03-01'))?.reason, 'quota.past')
  const list = (await ask(world, 'listQuotas', manager, { query: { category } })).json()
  t.match(list, { total: 1, rows: [{ seats: 2, inService: 1, vacant: 1 }] }, 'what begins in April does not count in March')
})

t.test('a full quota refuses another vehicle with its figures, or flags it where the policy says so', async (t) => {
  const create = (n: number) => ask(world, 'createVehicle', bureau, { body: { ...newVehicle(n), reason } })
  t.equal((await create(1)).json().quotaSeat, 2)
  t.match(issueOf(await create(2)), { reason: 'quota.full', values: { seats: 2, inService: 2 } })
  await ask(world, 'setLedgerPolicy', bureau, { body: { organisationId: 4, overQuota: 'flag', overStandard: 'refuse', reason } })
  t.match((await create(2)).json(), { quotaSeat: null, overQuota: true })
  await ask(world, 'setLedgerPolicy', bureau, { body: { organisationId: 4, overQuota: 'refuse', overStandard: 'flag', reason } })
})

t.test('a quota that shrinks to what is in service moves up who sat beyond its last seat', async (t) => {
  const at10 = { category: 'SPECIAL_TECHNICAL', userUnitId: 10, ownerUnitId: 10 }
  const approveFor10 = async (seats: number, effectiveFrom: string) => {
    const body = { unitId: 10, category: 'SPECIAL_TECHNICAL', seats, effectiveFrom, reason }
    const { quotaId } = (await ask(world, 'draftQuota', second, { body })).json()
    for (const [k, action] of ['submit', 'review', 'approve'].entries())
      t.equal((await act(bureau, quotaId, 1 + k, action)).status, 200, action)
  }
  await approveFor10(2, TODAY)
  const enter = async (n: number) => (await ask(world, 'createVehicle', bureau, { body: { ...newVehicle(n, at10), reason } })).json()
  const [first, last] = [await enter(60), await enter(61)]
  t.same([first.quotaSeat, last.quotaSeat], [1, 2])
  const set = { category: 'OTHER_APPROVED' }
  await ask(world, 'setLedgerPolicy', bureau, { body: { organisationId: 10, overQuota: 'flag', overStandard: 'flag', reason } })
  const left = await ask(world, 'changeVehicle', bureau, { params: { vehicleId: first.vehicleId }, body: { version: 1, set, reason } })
  t.equal(left.status, 200, left.body)
  await approveFor10(1, '2026-06-01')
  const file = (await ask(world, 'getVehicleFile', bureau, { params: { vehicleId: last.vehicleId } })).json()
  t.match(file, { quotaSeat: 1, overQuota: false }, 'the second seat will be gone in June')
})

t.test('many parallel registrations into three seats: three vehicles, the others refused, no seat twice', async (t) => {
  t.equal((await approve(21, 3, receiver)).status, 200)
  const answers = await atOnce((n) =>
    ask(world, 'createVehicle', bureau, { body: { ...newVehicle(100 + n, { userUnitId: 21, ownerUnitId: 21 }), reason } }),
  )
  t.equal(answers.filter(({ status }) => status === 200).length, 3)
  t.equal(answers.filter((answer) => answer.status === 409 && issueOf(answer)?.reason === 'quota.full').length, MANY - 3)
  const { rows } = await db.query(`SELECT quota_seat FROM every_vehicle WHERE user_unit_id = 21 AND category = $1 ORDER BY 1`, [category])
  t.same(rows, [{ quota_seat: 1 }, { quota_seat: 2 }, { quota_seat: 3 }])
})

t.test('many parallel changes to one application: one is taken, none is lost', async (t) => {
  const { quotaId, version } = (await draft(21, 7, receiver, '2026-05-01')).json()
  const answers = await atOnce((n) =>
    ask(world, 'changeQuota', receiver, { params: { quotaId }, body: { version, seats: 10 + n, reason } }),
  )
  const winners = answers.filter(({ status }) => status === 200)
  t.equal(winners.length, 1)
  const now = (await ask(world, 'getQuota', receiver, { params: { quotaId } })).json()
  t.match(now, { version: version + 1, seats: winners[0]!.json().seats })
})

t.test(
  'whatever is done in whatever order, seats are never shared, never beyond the quota, never free while a vehicle waits',
  async (t) => {
    await ask(world, 'setLedgerPolicy', bureau, { body: { organisationId: 3, overQuota: 'flag', overStandard: 'flag', reason } })
    await db.query(
      `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES (30, 'OTHER_APPROVED', 2, '2020-01-01', 'APPROVED', 'x')`,
    )
    // Written past the product: who waits there already is seated now, not by the first step.
    await seatForToday({ db, clock: { nowMs: () => Date.parse(`${TODAY}T00:30:00+08:00`) } })
    let n = 500
    let day = 0
    const at30 = { category: 'OTHER_APPROVED', userUnitId: 30, ownerUnitId: 30 }
    const list = async () =>
      (
        await db.query<{ id: number; version: number }>(
          `SELECT vehicle_id AS id, version FROM every_vehicle WHERE user_unit_id = 30 AND category = 'OTHER_APPROVED' AND state <> 'DISPOSED' ORDER BY 1`,
        )
      ).rows
    const leave = async (pick: number, set: Record<string, unknown>) => {
      const here = await list()
      const one = here[pick % Math.max(1, here.length)]
      if (one) await ask(world, 'changeVehicle', bureau, { params: { vehicleId: one.id }, body: { version: one.version, set, reason } })
    }
    const steps: Record<string, (pick: number) => Promise<unknown>> = {
      enter: () => ask(world, 'createVehicle', bureau, { body: { ...newVehicle(n++, at30), reason } }),
      otherCategory: (pick) => leave(pick, { category: 'SPECIAL_TECHNICAL' }),
      otherUnit: (pick) => leave(pick, { userUnitId: 10 }),
      quota: async (pick) => {
        // The first is in force today; the days after today are another test's.
        const effectiveFrom = new Date(Date.UTC(2026, 2, day === 0 ? 2 : 30 + day)).toISOString().slice(0, 10)
        day++
        const body = { unitId: 30, category: 'OTHER_APPROVED', seats: pick % 6, effectiveFrom, reason }
        const made = (await ask(world, 'draftQuota', second, { body })).json()
        if (!made.quotaId) return
        for (const [k, action] of ['submit', 'review', 'approve'].entries())
          if ((await act(bureau, made.quotaId, 1 + k, action)).status !== 200)
            await db.owner.query('DELETE FROM quotas WHERE quota_id = $1', [made.quotaId])
      },
    }
    const moves = fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.nat(20)), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(moves, async (moved) => {
        for (const [name, pick] of moved) {
          await steps[name]!(pick)
          const { rows } = await db.query<{ seats: number[]; waiting: number; capacity: number }>(
            `SELECT coalesce(array_agg(quota_seat) FILTER (WHERE quota_seat IS NOT NULL), '{}') AS seats,
                  count(*) FILTER (WHERE quota_seat IS NULL) AS waiting,
                  (SELECT min(seats) FROM (SELECT seats FROM quotas WHERE unit_id = 30 AND category = 'OTHER_APPROVED' AND state = 'APPROVED'
                    AND effective_from >= (SELECT max(effective_from) FROM quotas WHERE unit_id = 30 AND category = 'OTHER_APPROVED'
                      AND state = 'APPROVED' AND effective_from <= $1)) q) AS capacity
           FROM every_vehicle WHERE user_unit_id = 30 AND category = 'OTHER_APPROVED' AND state <> 'DISPOSED'`,
            [TODAY],
          )
          const { seats, waiting, capacity } = rows[0]!
          if (new Set(seats).size !== seats.length || seats.some((seat) => seat > capacity)) return false
          if (waiting > 0 && seats.length < capacity) return false
        }
        return true
      }),
      { numRuns: 8 },
    )
    t.pass('eight histories of up to eight steps')
  },
)

t.test('an acquisition: planned by the unit, approved by the bureau, bought, and registered into a seat', async (t) => {
  await approve(20, 6, manager, '2026-03-02').catch(() => undefined)
  await db.query(`UPDATE quotas SET seats = 6 WHERE unit_id = 20 AND state = 'APPROVED'`)
  const plan = { category, bodyType: 'sedan', energy: 'petrol', priceFen: 11_000_000, displacementMl: 1498 }
  const started = await ask(world, 'startFlow', manager, { body: { kind: 'acquisition', unitId: 20, plan, reason } })
  t.match(started.json(), { state: 'PLAN', mayAct: ['withdraw'] })
  const { flowId } = started.json()
  const step = (by: Signed, version: number, action: string, data?: object) =>
    ask(world, 'actOnFlow', by, { params: { flowId }, body: { version, action, reason, ...(data ? { data } : {}) } })
  t.equal((await step(manager, 1, 'approve')).code, 'FORBIDDEN')
  t.equal((await step(bureau, 1, 'approve')).json().state, 'APPROVED')
  t.equal(issueOf(await step(manager, 2, 'purchase'))?.reason, 'flow.data')
  await step(manager, 2, 'purchase', { priceFen: 10_800_000, contractNo: 'HT-1' })
  t.equal(issueOf(await step(manager, 3, 'register', { vehicle: newVehicle(900, { plate: '坏牌' }) }))?.reason, 'plate.form')
  const done = await step(manager, 3, 'register', { vehicle: newVehicle(900) })
  t.match(done.json(), { state: 'REGISTERED', open: false, vehicle: { plate: '蒙AB0900' }, data: { contractNo: 'HT-1' } })
  t.same(
    done.json().steps.map((each) => each.action),
    ['start', 'approve', 'purchase', 'register'],
  )
})

t.test('a transfer: proposed, consented to by the receiving side, approved by a third person; vehicle and seat move', async (t) => {
  const { rows } = await db.query<{ vehicle_id: number }>(`SELECT vehicle_id FROM every_vehicle WHERE plate = '蒙AB0900'`)
  const vehicleId = rows[0]!.vehicle_id
  await db.query(`UPDATE quotas SET seats = 4 WHERE unit_id = 21 AND category = $1 AND state = 'APPROVED'`, [category])
  const started = await ask(world, 'startFlow', manager, { body: { kind: 'transfer', vehicleId, toUnitId: 21, reason } })
  t.equal(started.status, 200, started.body)
  const { flowId } = started.json()
  const step = (by: Signed, version: number, action: string) =>
    ask(world, 'actOnFlow', by, { params: { flowId }, body: { version, action, reason } })
  t.equal(issueOf(await ask(world, 'startFlow', manager, { body: { kind: 'disposal', vehicleId, reason } }))?.reason, 'flow.open')
  t.equal((await step(manager, 1, 'consent')).code, 'FORBIDDEN', 'not the receiving side')
  t.equal((await ask(world, 'getFlow', await world.signIn('fleet_manager@30'), { params: { flowId } })).code, 'NOT_FOUND')
  t.same((await ask(world, 'getFlow', receiver, { params: { flowId } })).json().mayAct, ['consent', 'decline'])
  t.equal((await step(receiver, 1, 'consent')).json().state, 'CONSENTED')
  t.equal((await step(bureau, 2, 'approve')).json().state, 'TRANSFERRED')
  t.match((await ask(world, 'getVehicleFile', receiver, { params: { vehicleId } })).json(), {
    userUnitId: 21,
    ownerUnitId: 21,
    quotaSeat: 4,
  })
  t.equal((await ask(world, 'getVehicleFile', manager, { params: { vehicleId } })).code, 'NOT_FOUND')
})

t.test(
  'a disposal: applied for, appraised, approved by another, executed, its income remitted, closed; the seat is free again',
  async (t) => {
    const vehicleId = 201
    const started = await ask(world, 'startFlow', manager, { body: { kind: 'disposal', vehicleId, reason } })
    const { flowId } = started.json()
    const file = async () => (await ask(world, 'getVehicleFile', manager, { params: { vehicleId } })).json()
    t.equal((await file()).state, 'DISPOSAL_PENDING')
    const step = (by: Signed, version: number, action: string, data: object = {}) =>
      ask(world, 'actOnFlow', by, { params: { flowId }, body: { version, action, reason, data } })
    await step(manager, 1, 'appraise', { appraisedFen: 2_000_000 })
    t.equal(issueOf(await step(bureau, 2, 'approve'))?.reason, 'flow.data', 'the treasury’s document is named')
    await step(bureau, 2, 'approve', { financeDocumentNo: '财资〔2026〕1 号' })
    await step(manager, 3, 'execute', { method: 'auction', incomeFen: 2_100_000 })
    t.match(await file(), { state: 'DISPOSED', quotaSeat: null, terminalId: null })
    await step(manager, 4, 'remit', { remittanceNo: 'JK-1' })
    t.match((await step(bureau, 5, 'close')).json(), { state: 'CLOSED', open: false, data: { method: 'auction', incomeFen: 2_100_000 } })
    const { version } = await file()
    const late = await ask(world, 'changeVehicle', manager, { params: { vehicleId }, body: { version, set: { note: '补记' }, reason } })
    t.equal(issueOf(late)?.reason, 'state.disposed')
  },
)

t.test('every flow permits in every state exactly the actions of its table', async (t) => {
  const vehicleId = (
    await ask(world, 'createVehicle', bureau, {
      body: { ...newVehicle(950, { class: 'leased', category: 'LEASED_SERVICE' }), reason },
    })
  ).json().vehicleId
  for (const [kind, lifecycle] of Object.entries(flowLifecycles)) {
    const states = [...new Set(Object.values(lifecycle).flatMap((each) => [...each.from, each.to]))]
    const { rows } = await db.query<{ id: number }>(
      `INSERT INTO ledger_flows (kind, state, open, unit_id, to_unit_id, vehicle_id, started_at) VALUES ($1, 'x', false, 20, $2, $3, now()) RETURNING flow_id AS id`,
      [kind, kind === 'transfer' ? 21 : null, kind === 'acquisition' ? null : vehicleId],
    )
    const flowId = rows[0]!.id
    for (const state of states) {
      await db.query('UPDATE ledger_flows SET state = $2, version = 1 WHERE flow_id = $1', [flowId, state])
      const { mayAct } = (await ask(world, 'getFlow', second, { params: { flowId } })).json()
      for (const action of Object.keys(lifecycle)) {
        const permitted = lifecycle[action]!.from.includes(state)
        t.equal(mayAct.includes(action), permitted, `${kind} ${state} ${action}`)
        if (permitted) continue
        const answer = await ask(world, 'actOnFlow', second, { params: { flowId }, body: { version: 1, action, reason, data: {} } })
        t.equal(issueOf(answer)?.reason, 'flow.not', `${kind} ${state} ${action}`)
      }
    }
  }
  t.ok(Object.values(quotaLifecycle).length > 0)
})

t.test('a quota approved for a later day seats who waits when that day has come, on record and only once', async (t) => {
  const unit = 30
  const manager30 = await world.signIn('fleet_manager@30')
  const made = await ask(world, 'createVehicle', bureau, { body: newVehicle(9_001, { ownerUnitId: unit, userUnitId: unit, reason }) })
  const { vehicleId } = made.json()
  const seatOf = async () => (await db.query('SELECT quota_seat FROM every_vehicle WHERE vehicle_id = $1', [vehicleId])).rows[0]!.quota_seat
  t.equal((await approve(unit, 1, manager30, '2026-03-04')).status, 200)
  t.equal(await seatOf(), null, 'approved, and not yet in force')
  const at = (day: string) => ({ db, clock: { nowMs: () => Date.parse(`${day}T00:30:00+08:00`) } })
  t.equal(await seatForToday(at('2026-03-03')), 0)
  t.equal(await seatOf(), null)
  t.same(await Promise.all([seatForToday(at('2026-03-04')), seatForToday(at('2026-03-04'))]).then((each) => each.sort()), [0, 1])
  t.equal(await seatOf(), 1)
  const { rows } = await db.query(
    `SELECT username, action, body FROM audit_log WHERE subject_type = 'vehicle' AND subject_id = $1 ORDER BY seq DESC LIMIT 1`,
    [String(vehicleId)],
  )
  t.match(rows[0], { username: 'system', action: 'ledger.follow' })
  t.match(JSON.parse(rows[0]!.body as string), {
    before: { quotaSeat: null },
    after: { quotaSeat: 1 },
    detail: { because: 'quota.effective' },
  })
})
