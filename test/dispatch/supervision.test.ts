// Supervision in the database: what changes marks days, judging keeps each occurrence once, and a finding goes from what is suspected to what became of it.
import t from 'tap'
import type { AnswerOf } from '../../services/contracts/api.ts'
import { writeDownDue } from '../../services/dispatch/kernel/takeStep.ts'
import { readBook } from '../../services/dispatch/supervision/book.ts'
import { escalateFindings } from '../../services/dispatch/supervision/escalate.ts'
import { Judge } from '../../services/dispatch/supervision/judgeDue.ts'
import { supervisionProcedure } from '../../services/dispatch/supervision/procedure.ts'
import { readFacts, readFactsOfDays } from '../../services/dispatch/supervision/readFacts.ts'
import { DAY_MS, daysBetween } from '../../services/domain/days.ts'
import { HOUR_MS } from '../../services/domain/supervision/spans.ts'
import { ONE_PIXEL } from './matrix/tripRows.ts'
import { furnishOrders } from './ordersWorld.ts'
import { NOW_MS, putState } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
await db.query(
  `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
   SELECT 'inspector.two', '示例', password_hash, role, organisation_id, true FROM accounts WHERE username = 'inspector'`,
)
await putState(db, { vehicleId: 202 })
const world = await startWorld(t, db)
const [inspector, two, bureau, manager, driver, elsewhere] = await Promise.all(
  ['inspector', 'inspector.two', 'bureau_admin', 'fleet_manager', 'driver', 'fleet_manager@30'].map((name) => world.signIn(name)),
)
const clock = { nowMs: () => NOW_MS }
const judge = new Judge({ db, clock })
/** Until nothing is due. */
async function judgeAll(): Promise<void> {
  while ((await judge.judgeDue()) > 0) {
    const { rows } = await db.query('SELECT FROM supervision_due WHERE due_at <= $1', [new Date(NOW_MS)])
    if (rows.length === 0) break
  }
}
const date = (hours: number) => new Date(NOW_MS + hours * HOUR_MS)
// 10:00 in the region, this Monday.
const [FROM, UNTIL] = [-2, -1]
const reason = '核查疑似线索'

async function drive(vehicleId: number, from: number, until: number, metres = 9_000): Promise<void> {
  await db.query(
    `INSERT INTO trips (vehicle_id, started_at, ended_at, ended, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m, max_speed_dkph, positions,
       confirmed_at, rest_lon_e7, rest_lat_e7, track_m, odometer_m)
     VALUES ($1, $2, $3, true, 1117000000, 408000000, 1117500000, 408000000, $4, 600, 50, $3, 1117500000, 408000000, $4, $4)`,
    [vehicleId, date(from), date(until), metres],
  )
}
const findings = async (query: object = {}, by = inspector) =>
  (await ask(world, 'listSupervisionFindings', by, { query: { rule: 'R01', ...query } })).json()
const step = (by: typeof inspector, action: string, rows: { findingId: number; version: number }[]) =>
  ask(world, 'actOnSupervisionFindings', by, {
    body: { findings: rows.map(({ findingId, version }) => ({ findingId, version })), action: action as 'notify', reason },
  })

t.test('a trip without an order is found once, however often it is judged; derived again it keeps its number', async (t) => {
  await drive(202, FROM, UNTIL)
  await judgeAll()
  const first = await findings()
  t.match(first, {
    total: 1,
    // A vehicle of law enforcement, which has values of its own.
    rows: [{ rule: 'R01', state: 'OPEN', figure: 9_000, threshold: 2_000, vehicle: { vehicleId: 202 }, version: 1 }],
  })
  t.match(first.byState, [{ state: 'OPEN', count: 1 }])
  await db.query('UPDATE supervision_due SET marks = marks')
  await db.query('DELETE FROM trips WHERE vehicle_id = 202')
  await drive(202, FROM, UNTIL)
  await judgeAll()
  t.match(await findings(), { total: 1, rows: [{ findingId: first.rows[0]!.findingId, version: 1 }] })
  await db.query('DELETE FROM trips WHERE vehicle_id = 202')
  await drive(202, FROM, UNTIL + 0.25, 12_000)
  await judgeAll()
  t.match(await findings(), { total: 1, rows: [{ findingId: first.rows[0]!.findingId, version: 2, figure: 12_000 }] })
  t.same((await ask(world, 'listSupervisionVehicles', inspector)).json(), { vehicleIds: [202] })
})

t.test('an order that comes late withdraws it with its reason, and voided it is raised again under its number', async (t) => {
  await drive(201, FROM, UNTIL)
  await judgeAll()
  const [found] = (await findings({ vehicleId: 201 })).rows
  const { rows } = await db.owner.query<{ id: number }>(
    `WITH r AS (INSERT INTO trip_requests (unit_id, applicant_id, key, digest, kind, state, purpose_kind, purpose, from_stop, to_stop, starts_at, ends_at,
         passengers, with_driver, contact_name, contact_phone, asked_at)
       SELECT 20, account_id, gen_random_uuid(), '', 'pool', 'COMPLETED', 'meeting', 'x', '{}', '{}', $1, $2, 1, true, 'x', 'x', $1 FROM accounts WHERE username = 'applicant'
       RETURNING request_id)
     INSERT INTO dispatch_orders (request_id, issuer_id, year, number, state, since, vehicle_id, driver_id, starts_at, ends_at, departed_at, returned_at)
     SELECT request_id, 20, 2026, 900, 'CONFIRMED', $1, 201, 1, $1, $2, $1, $2 FROM r RETURNING order_id AS id`,
    [date(FROM), date(UNTIL)],
  )
  await judgeAll()
  const gone = (await ask(world, 'getSupervisionFinding', inspector, { params: { findingId: found!.findingId } })).json()
  t.match(gone, { state: 'WITHDRAWN', mayAct: [] })
  t.match(gone.steps.at(-1), { action: 'withdraw', why: 'facts', by: 'system' })
  await db.owner.query(`UPDATE dispatch_orders SET state = 'VOIDED' WHERE order_id = $1`, [rows[0]!.id])
  await judgeAll()
  const again = await findings({ vehicleId: 201 })
  t.match(again, { total: 1, rows: [{ findingId: found!.findingId, state: 'OPEN' }] })
})

t.test('while trips are being derived again nothing is taken back', async (t) => {
  const before = await findings({ vehicleId: 202 })
  await db.query('UPDATE last_states SET derive_from = $1 WHERE vehicle_id = 202', [date(-5)])
  await db.query('DELETE FROM trips WHERE vehicle_id = 202')
  await judgeAll()
  t.same(await findings({ vehicleId: 202 }), before)
  await db.query('UPDATE last_states SET derive_from = NULL WHERE vehicle_id = 202')
  await drive(202, FROM, UNTIL + 0.25, 12_000)
  await judgeAll()
  t.same(await findings({ vehicleId: 202 }), before)
})

t.test('from the first word to closure: told, answered, verified by another, appealed, put right', async (t) => {
  t.equal((await findings({}, manager)).total, 0, 'before it is told of nobody else knows')
  const { rows } = await findings({ vehicleId: 202 })
  t.equal((await step(manager, 'notify', rows)).code, 'FORBIDDEN')
  t.equal((await step(inspector, 'verifyViolation', rows)).code, 'CONFLICT', 'never before it was asked for')
  const told = (await step(inspector, 'notify', rows)).json().rows
  t.match(told, [{ state: 'NOTIFIED' }])
  const seen = await findings({}, manager)
  t.match(seen, { total: 1, rows: [{ mayAct: ['explain'] }] })
  t.equal((await findings({}, elsewhere)).total, 0)
  t.match((await ask(world, 'listNotifications', manager)).json().rows, [{ kind: 'supervision.notify', to: 'R01' }])
  t.equal((await step(elsewhere, 'explain', told)).code, 'NOT_FOUND')
  const params = { findingId: told[0]!.findingId }
  const octets = { 'content-type': 'application/octet-stream' }
  const photo = (by: typeof inspector, key: string, body: Buffer) =>
    ask(world, 'addSupervisionPhoto', by, { params, query: { key }, body, headers: octets })
  const key = '00000000-0000-4000-8000-000000000001'
  t.equal((await photo(elsewhere, key, ONE_PIXEL)).code, 'NOT_FOUND')
  t.match((await photo(manager, key, Buffer.from('no photo'))).json(), { error: { issues: [{ reason: 'photo.none' }] } })
  for (let n = 0; n < 2; n++) t.equal((await photo(manager, key, ONE_PIXEL)).status, 200, 'sent twice it is one')
  // Said at 11:30 without a network, and arriving at noon, twice.
  const said = { key, text: '送检途中临时绕行加油', atDevice: date(-0.5).toISOString(), sentAtDevice: date(0).toISOString() }
  const explain = (by: typeof inspector, body: object = said) =>
    ask(world, 'explainSupervisionFinding', by, { params, body: body as typeof said })
  t.equal((await explain(elsewhere)).code, 'NOT_FOUND')
  for (let n = 0; n < 2; n++) t.match((await explain(manager)).json(), { state: 'EXPLAINED', mayAct: [] })
  t.equal((await explain(manager, { ...said, text: '另一种说明' })).code, 'CONFLICT', 'under a key that was another answer’s')
  const whole = (await ask(world, 'getSupervisionFinding', inspector, { params })).json()
  t.match(whole, { mayAddPhoto: false, photos: [{ photoId: 1 }] })
  t.equal(whole.photos.length, 1)
  t.same(
    whole.steps.filter(({ action }) => action === 'explain').map(({ reason }) => reason),
    [said.text],
  )
  const shown = await ask(world, 'readSupervisionPhoto', inspector, { params: { ...params, photoId: 1 } })
  t.equal(shown.headers['content-type'], 'image/jpeg')
  const answered = (await findings({ vehicleId: 202 })).rows
  const verified = (await step(inspector, 'verifyViolation', answered)).json().rows
  t.match(verified, [{ state: 'VERIFIED_VIOLATION' }])
  const appealed = (await step(manager, 'appeal', verified)).json().rows
  t.equal((await step(inspector, 'uphold', appealed)).code, 'TWO_PERSON_RULE', 'who verified does not decide the appeal')
  const upheld = (await step(two, 'uphold', appealed)).json().rows
  t.match(upheld, [{ state: 'UPHELD' }])
  const asked = (await step(manager, 'askReview', upheld)).json().rows
  for (const by of [inspector, two])
    t.equal((await step(by, 'confirm', asked)).code, 'TWO_PERSON_RULE', 'nor its review who decided before')
  const final = (await step(bureau, 'confirm', asked)).json().rows
  t.match(final, [{ state: 'FINAL', dueAt: new Date(NOW_MS + 30 * DAY_MS).toISOString() }])
  t.equal((await step(manager, 'appeal', final)).code, 'CONFLICT', 'it has ended')
  const put = (await step(manager, 'rectify', final)).json().rows
  const closed = (await step(inspector, 'close', put)).json().rows
  t.equal((await photo(manager, '00000000-0000-4000-8000-000000000002', ONE_PIXEL)).code, 'CONFLICT', 'nor are photos')
  t.match(closed, [{ state: 'CLOSED', mayAct: [] }])
  t.equal((await step(manager, 'explain', closed)).code, 'CONFLICT', 'an answer after closure')
  await db.query('DELETE FROM trips WHERE vehicle_id = 202')
  await judgeAll()
  t.match(await findings({ vehicleId: 202 }), { rows: [{ state: 'CLOSED' }] }, 'closed is closed')
})

t.test('a driver sees what is about his own driving and decides nothing of it; who is concerned is found by the order', async (t) => {
  await drive(202, -6, -5)
  await judgeAll()
  const [found] = (await findings({ vehicleId: 202, state: 'OPEN' })).rows
  await db.owner.query('UPDATE supervision_findings SET driver_id = 1 WHERE finding_id = $1', [found!.findingId])
  t.equal((await findings({}, driver)).total, 0)
  const told = (await step(inspector, 'notify', [found!])).json().rows
  t.match(await findings({}, driver), { total: 1, rows: [{ mayAct: ['explain'] }] })
  t.match((await ask(world, 'listNotifications', driver)).json().rows, [{ kind: 'supervision.notify' }])
  await db.owner.query(`UPDATE accounts SET driver_id = 1 WHERE username = 'inspector.two'`)
  t.equal((await step(two, 'verifyNormal', told)).code, 'TWO_PERSON_RULE')
  await db.owner.query(`UPDATE accounts SET driver_id = NULL WHERE username = 'inspector.two'`)
  const all = (await step(inspector, 'verifyNormal', [...told, ...(await findings({ vehicleId: 201 })).rows])).json().rows
  t.same(
    all.map(({ state }) => state),
    ['VERIFIED_NORMAL', 'VERIFIED_NORMAL'],
    'several at once',
  )
  const mixed = (await step(inspector, 'close', [all[0]!, { ...all[1]!, version: 1 }])).json()
  t.match(mixed, { rows: [{ state: 'CLOSED' }], refused: [{ findingId: all[1]!.findingId, code: 'CHANGED_MEANWHILE' }] }, 'each by itself')
})

t.test('nobody answers within five days: overdue from then on', async (t) => {
  await drive(202, -10, -9)
  await judgeAll()
  const open = (await findings({ vehicleId: 202, state: 'OPEN' })).rows
  await step(inspector, 'notify', open)
  await db.owner.query('UPDATE supervision_findings SET since = $2 WHERE finding_id = $1', [
    open[0]!.findingId,
    new Date(NOW_MS - 6 * DAY_MS),
  ])
  t.equal(await writeDownDue({ db, clock }, supervisionProcedure), 1)
  t.match(await findings({ state: 'OVERDUE' }), { total: 1, rows: [{ findingId: open[0]!.findingId }] })
  t.equal(await writeDownDue({ db, clock }, supervisionProcedure), 0)
})

t.test(
  'a verdict stands when the term for an appeal is over; from then on it is referred, and inspection ends it, not who referred it',
  async (t) => {
    const { rows } = await findings({ state: 'OVERDUE' })
    const verified = (await step(bureau, 'verifyViolation', rows)).json().rows
    const days = (n: number) => ({ db, clock: { nowMs: () => NOW_MS + n * DAY_MS } })
    t.equal(await writeDownDue(days(9.9), supervisionProcedure), 0)
    t.equal(await writeDownDue(days(10), supervisionProcedure), 1)
    const stood = (await findings({ state: 'FINAL' })).rows
    t.match(stood, [{ findingId: verified[0]!.findingId, mayAct: ['refer'] }])
    t.equal((await step(manager, 'appeal', stood)).code, 'CONFLICT', 'too late')
    const referred = (await step(inspector, 'refer', stood)).json().rows
    t.match((await ask(world, 'listNotifications', two)).json().rows, [{ kind: 'supervision.refer' }])
    t.equal((await step(bureau, 'conclude', referred)).code, 'FORBIDDEN')
    t.equal((await step(inspector, 'conclude', referred)).code, 'TWO_PERSON_RULE')
    t.match((await step(two, 'conclude', referred)).json(), { rows: [{ state: 'CLOSED' }] })
  },
)

t.test('a finding in which nobody takes the next step is late, and told of above once; a step begins its term anew', async (t) => {
  await drive(202, -8, -7.5)
  await judgeAll()
  const [open] = (await findings({ vehicleId: 202, state: 'OPEN' })).rows
  const days = (n: number) => ({ db, clock: { nowMs: () => NOW_MS + n * DAY_MS } })
  const ofIt = async () => (await ask(world, 'getSupervisionFinding', inspector, { params: { findingId: open!.findingId } })).json()
  t.equal((await findings({ late: 'true', vehicleId: 202 })).total, 0)
  const before = await escalateFindings(days(6.9))
  t.ok((await escalateFindings(days(7))) > before)
  t.equal(await escalateFindings(days(7.1)), 0, 'once')
  t.match((await ofIt()).steps.at(-1), { action: 'escalate', by: 'system', state: 'OPEN' })
  await db.owner.query('UPDATE supervision_findings SET since = $2 WHERE finding_id = $1', [open!.findingId, new Date(NOW_MS - 7 * DAY_MS)])
  t.match(await findings({ late: 'true', vehicleId: 202 }), { total: 1, rows: [{ findingId: open!.findingId }] })
  await step(inspector, 'notify', [await ofIt()])
  t.equal((await findings({ late: 'true', vehicleId: 202 })).total, 0)
})

t.test('values hold from a day to come; tried before, they say what they would have found and what of it is new', async (t) => {
  await drive(201, -50, -49, 400)
  await judgeAll()
  /** All that there is: an answer ends where its time does, and the next goes on there. */
  const trial = async (values: object) => {
    const sum = { judged: 0, found: 0, fresh: 0, gone: 0 }
    for (let after: number | null = 0; after !== null; ) {
      const body = { organisationId: 20, values: values as Record<string, unknown>, days: 3, after }
      const part: AnswerOf<'tryRule'> = (await ask(world, 'tryRule', bureau, { params: { rule: 'R01' }, body })).json()
      for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += part[key]
      after = part.next
    }
    return sum
  }
  t.same(await trial({}), { judged: 3, found: 1, fresh: 0, gone: 0 })
  t.match(await trial({ moreThanMin: 100, moreThanM: 1_000 }), { found: 0, gone: 1 })
  const set = (body: object) =>
    ask(world, 'setRuleParams', bureau, {
      params: { rule: 'R01' },
      body: { organisationId: 20, effectiveFrom: '2026-03-03', enabled: true, values: {}, reason, ...body },
    })
  t.match((await set({ effectiveFrom: '2026-03-02' })).json(), { error: { issues: [{ reason: 'rule.day' }] } })
  t.match((await set({ values: { moreThanM: 0 } })).json(), {
    error: { issues: [{ path: 'body.values.moreThanM', reason: 'rule.range', values: { least: '100', most: '100000' } }] },
  })
  t.match((await set({ values: { metres: 1 } })).json(), { error: { issues: [{ reason: 'rule.value' }] } })
  t.equal((await set({ values: { moreThanM: 20_000 } })).status, 200)
  t.equal((await set({})).code, 'CONFLICT')
  const { rows } = (await ask(world, 'listRules', inspector)).json()
  t.match(rows, [{ rule: 'R01', effectiveFrom: '2026-03-03', values: { moreThanM: 20_000 } }])
  await db.query(`UPDATE supervision_due SET due_at = '-infinity'`)
  await judgeAll()
  t.equal((await findings({ vehicleId: 201 })).total, 2, 'what was judged before stays')
})

t.test('the book of shifts: offered by the unit, taken by the driver alone, handed back; who has it has a reason to drive', async (t) => {
  const condition = { odometerKm: 48_210, fuelPct: 60, equipment: ['snow_chains' as const], inspection: [], remarks: '备胎完好' }
  const offer = (by: typeof inspector, n: number, more: object) =>
    ask(world, 'offerHandover', by, {
      body: { key: `00000000-0000-4000-8000-00000000010${n}`, vehicleId: 202, toDriverId: 1, ...condition, ...more },
    })
  const act = (by: typeof inspector, { handoverId, version }: { handoverId: number; version: number }, action: 'take', why = '') =>
    ask(world, 'actOnHandover', by, { params: { handoverId }, body: { action, version, reason: why } })
  const issueOf = (answer: { json(): unknown }) => (answer.json() as { error: { issues: { reason: string }[] } }).error.issues[0]!.reason
  t.equal((await offer(elsewhere, 0, {})).code, 'NOT_FOUND')
  t.equal(issueOf(await offer(manager, 0, { toDriverId: 2 })), 'handover.driver')
  const wrong = { inspection: [{ item: 'tyres', ok: false, remark: '' }] }
  t.equal(issueOf(await offer(manager, 0, wrong)), 'inspection.remark')
  const offered = (await offer(manager, 0, {})).json()
  t.match(offered, { state: 'OFFERED', from: null, to: { driverId: 1 }, stands: false, mayAct: ['withdraw'] })
  t.same((await offer(manager, 0, {})).json(), offered, 'sent twice it is one')
  t.equal(issueOf(await offer(manager, 1, {})), 'handover.open')
  t.equal((await act(manager, offered, 'take')).code, 'TWO_PERSON_RULE')
  t.match((await ask(world, 'listNotifications', driver)).json().rows, [{ kind: 'handover.offer' }])
  t.match((await act(driver, offered, 'take')).json(), { state: 'TAKEN', stands: true, holds: true })
  await drive(202, 0, 0.5)
  await new Judge({ db, clock: { nowMs: () => NOW_MS + HOUR_MS } }).judgeDue()
  t.notOk(
    (await findings({ vehicleId: 202 })).rows.some(({ from }) => from === date(0).toISOString()),
    'on a shift',
  )
  const shift = (await ask(world, 'getShift', driver, { params: { vehicleId: 202 } })).json()
  t.match(shift, { holder: { driverId: 1 }, odometerKm: 48_210, open: null })
  t.equal(issueOf(await offer(driver, 2, { toDriverId: null, odometerKm: 48_000 })), 'handover.reading')
  const back = (await offer(driver, 2, { toDriverId: null, odometerKm: 48_300 })).json()
  t.match(back, { from: { driverId: 1 }, to: null })
  t.equal((await act(driver, back, 'take')).code, 'FORBIDDEN')
  t.match((await act(manager, back, 'take')).json(), { state: 'TAKEN', stands: true, holds: false })
  const book = (await ask(world, 'listHandovers', bureau, { query: { vehicleId: 202 } })).json()
  t.match(book, { total: 2, rows: [{ odometerKm: 48_300 }, { odometerKm: 48_210, stands: false }] })
  t.equal((await ask(world, 'listHandovers', elsewhere)).json().total, 0)
})

t.test('ranked by how unlikely each is among its like, and not by how many there are', async (t) => {
  const like = (code: string, figure: number, count: number) =>
    db.owner.query(
      `INSERT INTO supervision_findings (code, severity, vehicle_id, unit_id, day, from_at, suspicion, state, since, raised_at)
       SELECT $1, 'remind', 202, 20, '2026-02-25', '2026-02-25 02:00Z', $2, 'OPEN', $3, $3 FROM generate_series(1, $4)`,
      [code, JSON.stringify({ fromMs: 0, untilMs: null, figure, threshold: 20, points: [], orderIds: [] }), new Date(NOW_MS), count],
    )
  await like('R08', 300, 3)
  await like('R08', 700, 1)
  await like('R05', 12_000, 2)
  const { rows } = (await ask(world, 'listSupervisionFindings', inspector, { query: { by: 'rarity', limit: 200 } })).json()
  const of = (code: string) => rows.filter(({ rule }) => rule === code).map(({ figure, rarity }) => [figure, rarity!.beyond])
  t.same(
    of('R08'),
    [
      [700, 1],
      [300, 4],
      [300, 4],
      [300, 4],
    ],
    'of its own rule the greater is the less likely',
  )
  t.same(of('R05'), [
    [12_000, 2],
    [12_000, 2],
  ])
  const likely = rows.map(({ rarity }) => rarity!.beyond / rarity!.of)
  t.same(
    likely,
    [...likely].sort((a, b) => a - b),
  )
  const one = rows.find(({ rule, figure }) => rule === 'R08' && figure === 700)!
  t.same((await ask(world, 'getSupervisionFinding', inspector, { params: { findingId: one.findingId } })).json().rarity, one.rarity)
  t.equal((await findings()).rows[0]!.rarity, null, 'and nobody is likened where that is not asked')
})

t.test('pages of findings of one instant lose none while more are raised, and their count is that of the list', async (t) => {
  const raise = (count: number) =>
    db.owner.query(
      `INSERT INTO supervision_findings (code, severity, vehicle_id, unit_id, day, from_at, suspicion, state, since, raised_at)
       SELECT 'R21', 'remind', 202, 20, '2026-02-20', '2026-02-20 02:00Z', '{"fromMs": 0, "untilMs": null, "figure": 1, "threshold": 1, "points": [], "orderIds": []}', 'OPEN', $1, $1
       FROM generate_series(1, $2) RETURNING finding_id AS id`,
      [new Date(NOW_MS), count],
    )
  const { rows: known } = await raise(1_200)
  const seen = new Set<number>()
  for (let offset = 0; offset < 1_210; offset += 200) {
    const page = await findings({ rule: 'R21', limit: 200, offset })
    t.equal(page.byRule[0]!.count, page.total)
    for (const { findingId } of page.rows) seen.add(findingId)
    if (offset < 400) await raise(3)
  }
  t.same(
    known.filter(({ id }) => !seen.has(id as number)),
    [],
  )
  t.equal((await findings({ rule: 'R21' })).total, 1_206)
})

t.test('what a nearer organisation has of its own is tried as it is; many findings are counted, and the first of them shown', async (t) => {
  for (let n = 0; n < 240; n++) await drive(211, -120 + n / 5, -120 + n / 5 + 0.1, 600)
  await judgeAll()
  const tried = async () => {
    const body = { organisationId: 4, values: { moreThanMin: 200, moreThanM: 550 }, days: 8 }
    return (await ask(world, 'tryRule', bureau, { params: { rule: 'R01' }, body })).json()
  }
  const before = await tried()
  t.match(before, { judged: 4, vehicles: 4, next: null, fresh: 0 })
  t.ok(before.found >= 240)
  t.equal(before.rows.length, 200)
  await db.query(
    `INSERT INTO supervision_params (organisation_id, code, effective_from, enabled, params, note, set_by, set_at)
     SELECT 21, 'R01', '2026-01-01', true, '{"moreThanM": 50000, "moreThanMin": 200, "graceMin": 15}', '示例', account_id, $1 FROM accounts WHERE username = 'bureau_admin'`,
    [new Date(NOW_MS)],
  )
  const after = await tried()
  t.equal(before.found - after.found, 240, 'none of them would be found by what holds there')
  t.equal(after.gone, before.gone)
})

t.test('facts of several days that are read at once are those of each of them', async (t) => {
  await db.query(`INSERT INTO reservations (vehicle_id, during, reason) VALUES (301, tstzrange($1, $2), 'seal')`, [date(-60), date(-40)])
  await db.owner.query(`UPDATE dispatch_orders SET state = 'CONFIRMED' WHERE state = 'VOIDED'`)
  const days = daysBetween('2026-02-20', '2026-03-02')
  const book = await readBook(db, '2026-02-17', '2026-03-05')
  const ids = [201, 202, 211, 301]
  const atOnce = await readFactsOfDays(db, book, days, ids, NOW_MS, true)
  for (const [n, day] of days.entries()) t.same(atOnce[n], await readFacts(db, book, day, ids, NOW_MS), day)
  t.ok(atOnce.some((ofDay) => ofDay.some(({ facts }) => facts.seals.length > 0)))
  t.ok(atOnce.some((ofDay) => ofDay.some(({ facts }) => facts.orders.length > 0)))
})
