// A procedure is a table and the effects of its steps: here an order of ten states, with time limits, several who take its steps, reservations
// and what is told to others, is nothing more.
import t from 'tap'
import { Refusal } from '../../services/contracts/errors.ts'
import { type Act, act, type Deed } from '../../services/dispatch/kernel/act.ts'
import type { Caller, Who } from '../../services/dispatch/kernel/caller.ts'
import { putJobs } from '../../services/dispatch/kernel/jobQueue.ts'
import { keepStep, listPermitted, type Procedure, type Stepped, type Taken, takersSql } from '../../services/dispatch/kernel/procedure.ts'
import { depart, giveBack, release, reserve } from '../../services/dispatch/kernel/reservations.ts'
import { takeStep, writeDownDue } from '../../services/dispatch/kernel/takeStep.ts'
import type { Lifecycle } from '../../services/domain/lifecycle.ts'
import type { Role } from '../../services/domain/permissions.ts'
import type { Row } from '../../services/platform/db.ts'
import { addLedgerPeople } from './ledgerPeople.ts'
import { NOW_MS } from './region.ts'
import { openRegion } from './world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const db = await openRegion(t)
await addLedgerPeople(db)
const me = (await db.query<{ name: string }>('SELECT current_user AS name')).rows[0]!.name
await db.owner.query(`
  CREATE TABLE trial_orders (order_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, state text NOT NULL, version int NOT NULL DEFAULT 1,
    asked_by int NOT NULL, leaves_at timestamptz NOT NULL, vehicle_id int)`)
await db.owner.query(`
  CREATE TABLE trial_order_steps (order_id int, step int, action text, state text, at timestamptz, account_id int, username text, reason text,
    data jsonb, PRIMARY KEY (order_id, step))`)
await db.owner.query(`GRANT SELECT, INSERT, UPDATE ON trial_orders, trial_order_steps TO ${me}`)

// ---- the table

const orderLifecycle: Lifecycle<string> = {
  approve: { from: ['ASKED'], to: 'APPROVED', by: 'ledger.approve', notBy: ['start'] },
  refuse: { from: ['ASKED'], to: 'REFUSED', by: 'ledger.approve' },
  lapse: { from: ['ASKED'], to: 'LAPSED', by: 'system', due: ({ untilMs }) => untilMs },
  assign: { from: ['APPROVED'], to: 'ASSIGNED', by: 'ledger.draft', needs: ['vehicleId'] },
  accept: { from: ['ASSIGNED'], to: 'ACCEPTED', by: 'ledger.draft', notBy: ['assign'] },
  timeOut: { from: ['ASSIGNED'], to: 'APPROVED', by: 'system', due: ({ sinceMs }) => sinceMs + 15 * MINUTE_MS },
  depart: { from: ['ACCEPTED'], to: 'OUT', by: 'ledger.draft', needs: ['odometerKm'] },
  giveBack: { from: ['OUT'], to: 'BACK', by: 'ledger.draft' },
  confirm: { from: ['BACK'], to: 'CONFIRMED', by: 'ledger.draft', side: 'asker' },
  confirmByTime: { from: ['BACK'], to: 'CONFIRMED', by: 'system', due: ({ sinceMs }) => sinceMs + 24 * HOUR_MS },
  withdraw: { from: ['ASKED', 'APPROVED', 'ASSIGNED', 'ACCEPTED'], to: 'WITHDRAWN', by: 'ledger.draft', side: 'asker' },
}

// ---- and what its steps do

type Order = Stepped & { askedBy: number; leavesAtMs: number; vehicleId: number | null }
const holderOf = ({ id }: Order) => `order:${id}` as const
const tell = async ({ client, nowMs }: Deed, { id }: Order, what: string) => {
  await putJobs(client, nowMs, [{ kind: 'trial.tell', key: `${id}:${what}`, lane: `order:${id}` }])
}
const freed = async (deed: Deed, order: Order) => {
  await release(deed.client, holderOf(order))
  return { set: { vehicle_id: null } }
}

const orders: Procedure<Order> = {
  lifecycle: orderLifecycle,
  table: 'trial_orders',
  key: 'order_id',
  steps: 'trial_order_steps',
  async lock({ client }, id) {
    const found = (await read('WHERE order_id = $1', [id], client))[0]
    if (!found) throw new Refusal('NOT_FOUND')
    return found
  },
  listDue: async (client) =>
    (await client.query<{ id: number }>(`SELECT order_id AS id FROM trial_orders WHERE state IN ('ASKED', 'ASSIGNED', 'BACK')`)).rows.map(
      ({ id }) => id,
    ),
  lockDue: async ({ client }, id) => (await read('WHERE order_id = $1', [id], client))[0],
  reaches: ({ caller }, { askedBy }, side) => side !== 'asker' || askedBy === caller.accountId,
  refusals: {
    notNow: { path: 'body.action', reason: 'flow.not' },
    samePerson: { code: 'CONFLICT', path: 'body.action', reason: 'flow.samePerson' },
  },
  effects: {
    approve: { after: (step, order) => tell(step, order, 'approved') },
    assign: {
      async before({ client }, order, { data }) {
        if (order.vehicleId !== null) throw new Error('what the clock gave back is read')
        const vehicleId = data.vehicleId as number
        await reserve(client, { vehicleId }, { fromMs: order.leavesAtMs, untilMs: order.leavesAtMs + 2 * HOUR_MS }, holderOf(order))
        return { set: { vehicle_id: vehicleId } }
      },
      after: (step, order) => tell(step, order, 'assigned'),
    },
    depart: {
      async before({ client, nowMs }, order) {
        await depart(client, holderOf(order), nowMs)
        return undefined
      },
    },
    giveBack: {
      async before({ client, nowMs }, order) {
        await giveBack(client, holderOf(order), nowMs)
        return undefined
      },
    },
    withdraw: { before: freed },
  },
  effectsOfClock: {
    timeOut: { before: freed, after: (deed, order) => tell(deed, order, 'timed-out') },
  },
  record: ({ id }, { action }) => ({ action: 'flow.step', subject: { type: 'order', id }, detail: { action } }),
}

async function read(where: string, values: unknown[], client: Pick<typeof db, 'query'>, lock = 'FOR UPDATE'): Promise<Order[]> {
  const { rows } = await client.query<Row & { since: Date; leaves_at: Date; takers: Taken[] }>(
    `SELECT o.*, (SELECT max(at) FROM trial_order_steps s WHERE s.order_id = o.order_id) AS since,
       ${takersSql({ steps: 'trial_order_steps', key: 'order_id' }, 'o')} AS takers
     FROM trial_orders o ${where} ORDER BY order_id ${lock}`,
    values,
  )
  return rows.map((row) => ({
    id: row.order_id as number,
    state: row.state as string,
    version: row.version as number,
    takers: row.takers,
    times: { sinceMs: row.since.getTime(), untilMs: row.leaves_at.getTime() },
    askedBy: row.asked_by as number,
    leavesAtMs: row.leaves_at.getTime(),
    vehicleId: row.vehicle_id as number | null,
  }))
}

// ---- people

const clock = { atMs: NOW_MS, nowMs: () => clock.atMs }
let told = 0
const deps = { db, clock, onDone: () => void told++ }

async function signedIn(username: string): Promise<Who> {
  const { rows } = await db.query<{ id: number; role: Role }>('SELECT account_id AS id, role FROM accounts WHERE username = $1', [username])
  const caller = { accountId: rows[0]!.id, username, displayName: username, role: rows[0]!.role } as Caller
  return { caller, reach: { lft: 0, rgt: 1e9, cleared: [], unmasked: [] } }
}
const asker = await signedIn('manager.2')
const other = await signedIn('manager.21')
const bureau = await signedIn('bureau')

const ask = (): Promise<number> =>
  act(deps, asker, async (step: Act) => {
    const { rows } = await step.client.query<{ id: number }>(
      `INSERT INTO trial_orders (state, asked_by, leaves_at) VALUES ('ASKED', $1, $2) RETURNING order_id AS id`,
      [step.caller.accountId, new Date(NOW_MS + 24 * HOUR_MS)],
    )
    await keepStep(step, orders, rows[0]!.id, { action: 'start', to: 'ASKED', reason: '出差' })
    step.record('flow.start', { type: 'order', id: rows[0]!.id })
    return rows[0]!.id
  })
const take = (who: Who, id: number, action: string, more: { version?: number; data?: Record<string, unknown> } = {}) =>
  act(deps, who, (step) => takeStep(step, orders, id, { action, reason: '按规定办理', ...more }))
const stateOf = async (id: number) => (await read('WHERE order_id = $1', [id], db, ''))[0]!
const stepsOf = async (id: number) =>
  (await db.query('SELECT action, state, username, data, at FROM trial_order_steps WHERE order_id = $1 ORDER BY step', [id])).rows
const promises = async (id: number) =>
  (await db.query('SELECT vehicle_id, begun_at, ended_at FROM reservations WHERE holder = $1', [`order:${id}`])).rows
const refused = (code: string, path?: string) => (path ? { code, issues: [{ path }] } : { code })

t.beforeEach(() => {
  clock.atMs = NOW_MS
})

t.test('an order goes its way, each step with its record, its effects, what is told, and by those who may', async (t) => {
  const id = await ask()
  await t.rejects(take(asker, id, 'approve'), refused('FORBIDDEN'), 'the role has no such step')
  await t.rejects(take(bureau, id, 'confirmByTime'), refused('FORBIDDEN'), 'the clock’s step is nobody’s')
  await t.rejects(take(bureau, id, 'approve', { version: 7 }), refused('CHANGED_MEANWHILE'))
  await take(bureau, id, 'approve', { version: 1 })
  await t.rejects(take(bureau, id, 'approve', { version: 2 }), refused('CONFLICT', 'body.action'), 'twice is not')
  await t.rejects(take(other, id, 'assign'), refused('VALIDATION_FAILED', 'body.data.vehicleId'), 'what it needs must come with it')
  await take(other, id, 'assign', { data: { vehicleId: 201 } })
  t.match(await promises(id), [{ vehicle_id: 201, begun_at: null }])
  await t.rejects(take(other, id, 'accept'), refused('CONFLICT', 'body.action'), 'who assigned does not accept')
  t.same(await listPermitted(db, orders, asker, [await stateOf(id)], clock.nowMs()), [['accept', 'withdraw']])
  t.same(await listPermitted(db, orders, other, [await stateOf(id)], clock.nowMs()), [[]])
  await take(asker, id, 'accept')
  await take(other, id, 'depart', { data: { odometerKm: 12_000 } })
  await take(other, id, 'giveBack')
  await t.rejects(take(other, id, 'confirm'), refused('FORBIDDEN'), 'who asked confirms, and nobody else')
  await take(asker, id, 'confirm')
  t.match(await stateOf(id), { state: 'CONFIRMED', version: 7, vehicleId: 201 })
  t.same(
    (await stepsOf(id)).map(({ action, state }) => `${action} ${state}`),
    ['start ASKED', 'approve APPROVED', 'assign ASSIGNED', 'accept ACCEPTED', 'depart OUT', 'giveBack BACK', 'confirm CONFIRMED'],
  )
  t.match((await stepsOf(id))[4], { data: { odometerKm: 12_000 } }, 'what was brought is kept')
  t.match(await promises(id), [{ ended_at: new Date(NOW_MS) }])
  const { rows: records } = await db.query<{ body: string }>(
    `SELECT body FROM audit_log WHERE subject_type = 'order' AND subject_id = $1 ORDER BY seq`,
    [String(id)],
  )
  t.match(
    records
      .map(({ body }) => JSON.parse(body))
      .map(({ before, after }) => [before?.state, after?.state])
      .slice(1, 3),
    [
      ['ASKED', 'APPROVED'],
      ['APPROVED', 'ASSIGNED'],
    ],
  )
  t.equal(records.length, 7)
  const { rows: owed } = await db.query(`SELECT key FROM jobs WHERE kind = 'trial.tell' AND lane = $1 ORDER BY job_id`, [`order:${id}`])
  t.same(
    owed.map(({ key }) => key),
    [`${id}:approved`, `${id}:assigned`],
  )
})

t.test('a step that is refused leaves nothing, of its effects neither', async (t) => {
  const [first, second] = [await ask(), await ask()]
  for (const id of [first, second]) await take(bureau, id, 'approve')
  await take(other, first, 'assign', { data: { vehicleId: 202 } })
  const before = told
  await t.rejects(take(other, second, 'assign', { data: { vehicleId: 202 } }), { message: /reservations_of_vehicle/ })
  t.equal(told, before, 'nothing is told')
  t.match(await stateOf(second), { state: 'APPROVED', version: 2 })
  t.equal((await stepsOf(second)).length, 2)
  await take(asker, first, 'withdraw')
  t.same(await promises(first), [])
  await take(other, second, 'assign', { data: { vehicleId: 202 } })
  await take(asker, second, 'withdraw')
})

t.test('of twenty who take one step at once one does', async (t) => {
  const id = await ask()
  const taken = await Promise.allSettled(Array.from({ length: 20 }, () => take(bureau, id, 'approve')))
  t.equal(taken.filter(({ status }) => status === 'fulfilled').length, 1)
  t.equal((await stepsOf(id)).length, 2)
})

t.test('what the clock has done is so before it is written down, is written by whoever comes by, and dated to its instant', async (t) => {
  const id = await ask()
  await take(bureau, id, 'approve')
  await take(other, id, 'assign', { data: { vehicleId: 201 } })
  clock.atMs = NOW_MS + 16 * MINUTE_MS
  await t.rejects(take(asker, id, 'accept'), refused('CONFLICT', 'body.action'), 'too late')
  t.match(await stateOf(id), { state: 'ASSIGNED' }, 'nobody has written it down')
  t.same(await listPermitted(db, orders, asker, [await stateOf(id)], clock.nowMs()), [['assign', 'withdraw']])
  await take(other, id, 'assign', { data: { vehicleId: 202 } })
  t.match(await promises(id), [{ vehicle_id: 202 }])
  const steps = await stepsOf(id)
  t.match(steps.slice(3), [
    { action: 'timeOut', state: 'APPROVED', username: 'system', at: new Date(NOW_MS + 15 * MINUTE_MS) },
    { action: 'assign', state: 'ASSIGNED', at: new Date(NOW_MS + 16 * MINUTE_MS) },
  ])
  const { rows } = await db.query<{ username: string }>(
    `SELECT username FROM audit_log WHERE subject_type = 'order' AND subject_id = $1 ORDER BY seq DESC LIMIT 2`,
    [String(id)],
  )
  t.same(
    rows.map(({ username }) => username),
    ['manager.21', 'system'],
  )
})

t.test('when nobody comes by, the clock’s steps are written down with what they do', async (t) => {
  const [broken, asked, assigned] = [await ask(), await ask(), await ask()]
  await take(bureau, assigned, 'approve')
  await take(other, assigned, 'assign', { data: { vehicleId: 201 } })
  clock.atMs = NOW_MS + 25 * HOUR_MS
  const poisoned = {
    ...orders,
    lockDue: async (deed: Deed, id: number) => (id === broken ? Promise.reject(new Error('no')) : orders.lockDue!(deed, id)),
  }
  await t.rejects(writeDownDue(deps, poisoned), { message: 'no' }, 'one that cannot be is told')
  t.match(await stateOf(asked), { state: 'LAPSED', version: 2 })
  t.match(await stateOf(assigned), { state: 'APPROVED', vehicleId: null })
  t.same(await promises(assigned), [])
  t.equal(await writeDownDue(deps, orders), 1, 'and is what is left')
  t.equal(await writeDownDue(deps, orders), 0)
})
