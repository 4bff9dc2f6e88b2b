// Sealing over a holiday: planned by the calendar, sealed with place, photo and key keeper, offered to nobody, unsealed by two people, and proved afterwards.
import t from 'tap'
import { reserve } from '../../services/dispatch/kernel/reservations.ts'
import { writeDownDue } from '../../services/dispatch/kernel/takeStep.ts'
import { sealProcedure } from '../../services/dispatch/sealing/procedure.ts'
import { proveDue } from '../../services/dispatch/sealing/prove.ts'
import { Judge } from '../../services/dispatch/supervision/judgeDue.ts'
import { HOUR_MS } from '../../services/domain/supervision/spans.ts'
import { ONE_PIXEL } from './matrix/tripRows.ts'
import { furnishOrders } from './ordersWorld.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await furnishOrders(db)
await db.owner.query(
  `INSERT INTO vehicles (vehicle_id, plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id)
   SELECT n, '蒙AA0' || n, 'blue', 'official', 'OTHER_APPROVED', 'petrol', '别克', 'GL8', 7, '2022-05-01', 20, 20 FROM generate_series(204, 207) n`,
)
const world = await startWorld(t, db)
const names = ['fleet_manager', 'unit_approver', 'bureau_admin', 'fleet_manager@30']
let [manager, approver, bureau, elsewhere] = await Promise.all(names.map((name) => world.signIn(name)))
/** Sessions end with time: whoever is there then has come in anew. */
async function goTo(atMs: number): Promise<void> {
  world.clock.atMs = atMs
  ;[manager, approver, bureau, elsewhere] = await Promise.all(names.map((name) => world.signIn(name)))
}
const reason = '清明节封存停驶'
// 清明节 2026, Saturday to Monday.
const [FROM, UNTIL] = [Date.parse('2026-04-04T00:00:00+08:00'), Date.parse('2026-04-07T00:00:00+08:00')]
const body = {
  organisationId: 20,
  fromDay: '2026-04-04',
  untilDay: '2026-04-06',
  exempt: [204, 204].map((vehicleId) => ({ vehicleId, why: 'duty' as const })),
  reason,
}
const plan = (changes: object = {}) => ask(world, 'planSeals', manager, { body: { ...body, ...changes } })
const seals = async (query: Record<string, unknown> = {}, by = manager) => (await ask(world, 'listSeals', by, { query })).json()
/** Of the first plan. */
let planId = 0
const one = async (vehicleId: number) => (await seals({ planId })).rows.find(({ vehicle }) => vehicle.vehicleId === vehicleId)!
const step = (by: typeof manager, action: string, of: { sealId: number; version: number }, data: Record<string, string> = {}) =>
  ask(world, 'actOnSeals', by, { body: { seals: [{ sealId: of.sealId, version: of.version }], action: action as 'seal', reason, data } })
const addPhoto = (sealId: number) =>
  ask(world, 'addSealPhoto', manager, { params: { sealId }, body: ONE_PIXEL, headers: { 'content-type': 'application/octet-stream' } })
const kept = { place: '机关院内地下车库', keyKeeper: '示例保管人' }
const issue = (answer: { json(): unknown }) => (answer.json() as { error: { issues: { reason: string }[] } }).error.issues[0]?.reason

t.test('only free days of an announced calendar can be planned, and what cannot be is told', async (t) => {
  t.equal(issue(await plan({ untilDay: '2026-04-07' })), 'seal.workday')
  t.equal(issue(await plan({ fromDay: '2028-10-01', untilDay: '2028-10-03' })), 'seal.unannounced', 'weekends are not guessed')
  t.equal(issue(await plan({ fromDay: '2026-02-28', untilDay: '2026-03-01' })), 'time.past')
  t.equal(issue(await plan({ fromDay: '2026-04-06', untilDay: '2026-04-04' })), 'seal.order')
  t.equal(issue(await plan({ exempt: [{ vehicleId: 301, why: 'duty' }] })), 'seal.vehicle', 'another unit’s')
  t.equal(issue(await plan({ organisationId: 30 })), 'driver.unitUnknown')
  t.equal((await ask(world, 'listSealPlans', manager)).json().total, 0, 'and nothing of it is left')
})

t.test('all of a unit but those on duty, for emergencies or promised already; law enforcement is on duty by itself', async (t) => {
  await db.transaction((client) => reserve(client, { vehicleId: 205 }, { fromMs: FROM + HOUR_MS, untilMs: FROM + 2 * HOUR_MS }, 'order:77'))
  const made = (await plan()).json()
  planId = made.planId
  t.match(made, { name: /清明/, states: { PLANNED: 3, EXEMPT: 3, SEALED: 0 }, proofs: { moved: 0 } })
  const { rows } = await seals({ planId })
  t.same(Object.fromEntries(rows.map(({ vehicle, exempt }) => [vehicle.vehicleId, exempt])), {
    201: 'emergency',
    203: null,
    204: 'duty',
    205: 'order',
    206: null,
    207: null,
  })
  t.match((await plan({ exempt: [] })).json(), { states: { PLANNED: 1 } }, 'whoever was on duty can be planned again')
  t.equal(issue(await plan({ exempt: [] })), 'seal.none', 'and nobody twice')
  const whole = (await ask(world, 'getSealPlan', bureau, { params: { planId } })).json()
  t.match(whole.units, [{ organisation: { organisationId: 20 }, states: { PLANNED: 3 } }])
  t.equal((await ask(world, 'getSealPlan', elsewhere, { params: { planId } })).code, 'NOT_FOUND')
  t.equal((await seals({}, elsewhere)).total, 0)
})

t.test('from the plan on it is promised to nobody', async (t) => {
  const within = { fromMs: FROM + 5 * HOUR_MS, untilMs: FROM + 6 * HOUR_MS }
  await t.rejects(
    db.transaction((client) => reserve(client, { vehicleId: 206 }, within, 'order:78')),
    /reservations_of_vehicle/,
  )
})

t.test('sealed with a photo, a place and whoever has the keys, and not without', async (t) => {
  const seal = await one(206)
  t.match(seal, { state: 'PLANNED', mayAct: ['seal'], mayAddPhoto: true })
  t.equal(issue(await step(manager, 'seal', seal, kept)), 'seal.photo')
  t.match((await addPhoto(seal.sealId)).json(), { photos: [{ photoId: 1 }] })
  t.equal(issue(await step(manager, 'seal', seal, { place: kept.place })), 'flow.data')
  t.equal((await step(elsewhere, 'seal', seal, kept)).code, 'NOT_FOUND')
  t.match((await step(manager, 'seal', seal, kept)).json().rows, [{ state: 'SEALED', ...kept, mayAct: ['askUnseal'] }])
  t.equal((await step(manager, 'seal', seal, kept)).code, 'CHANGED_MEANWHILE')
  const photo = await ask(world, 'readSealPhoto', bureau, { params: { sealId: seal.sealId, photoId: 1 } })
  t.equal(photo.status, 200)
  t.equal((await ask(world, 'readSealPhoto', elsewhere, { params: { sealId: seal.sealId, photoId: 1 } })).code, 'NOT_FOUND')
})

t.test('exempt after all, by another than who planned: it is free again', async (t) => {
  const seal = await one(207)
  t.equal((await step(manager, 'exempt', seal)).code, 'FORBIDDEN')
  t.match((await step(approver, 'exempt', seal)).json().rows, [{ state: 'EXEMPT', exempt: 'duty' }])
  const span = { fromMs: FROM, untilMs: UNTIL }
  await db.transaction((client) => reserve(client, { vehicleId: 207 }, span, 'order:79'))
})

t.test('unsealing is asked for with a reason and decided by another person; from then on it may be promised', async (t) => {
  await goTo(FROM + 20 * HOUR_MS)
  const seal = await one(206)
  const [asked] = (await step(manager, 'askUnseal', seal)).json().rows
  t.match(asked, { state: 'UNSEAL_ASKED', mayAct: [] })
  const [refused] = (await step(approver, 'refuseUnseal', asked!)).json().rows
  t.match(refused, { state: 'SEALED' })
  const [again] = (await step(bureau, 'askUnseal', refused!)).json().rows
  t.equal((await step(bureau, 'unseal', again!)).code, 'TWO_PERSON_RULE')
  const [unsealed] = (await step(approver, 'unseal', again!)).json().rows
  t.match(unsealed, { state: 'UNSEALED', until: new Date(world.clock.atMs).toISOString() })
  t.equal((await step(manager, 'askUnseal', unsealed!)).code, 'CONFLICT')
  const later = { fromMs: world.clock.atMs + HOUR_MS, untilMs: world.clock.atMs + 2 * HOUR_MS }
  await db.transaction((client) => reserve(client, { vehicleId: 206 }, later, 'order:80'))
})

/** One report an hour of the holiday, `lon` degrees by the hour. */
async function report(vehicleId: number, hours: number[], lonAt: (hour: number) => number = () => 111.7): Promise<void> {
  for (const hour of hours)
    await db.owner.query(
      `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms) VALUES ($1, $2, $2, $3, 408000000, 0, 0, 0)`,
      [vehicleId, new Date(FROM + hour * HOUR_MS), Math.round(lonAt(hour) * 1e7)],
    )
}

t.test('over, it says what positions prove; one that moved leads to its finding, and what comes late is looked at again', async (t) => {
  const all = Array.from({ length: 73 }, (_, n) => n - 1)
  await report(
    203,
    all.filter((hour) => hour < 50),
    (hour) => (hour >= 30 && hour < 32 ? 111.75 : 111.7),
  )
  await report(
    206,
    all.filter((hour) => hour < 8 || hour > 12),
  )
  await report(204, all)
  await db.owner.query(
    `INSERT INTO trips (vehicle_id, started_at, ended_at, ended, start_lon_e7, start_lat_e7, end_lon_e7, end_lat_e7, distance_m, max_speed_dkph, positions, confirmed_at)
     VALUES (203, $1, $2, true, 1117000000, 408000000, 1117000000, 408000000, 8400, 600, 50, $2)`,
    [new Date(FROM + 30 * HOUR_MS), new Date(FROM + 32 * HOUR_MS)],
  )
  await goTo(UNTIL + HOUR_MS)
  const deps = { db, clock: world.clock }
  t.ok((await writeDownDue(deps, sealProcedure)) > 0)
  await proveDue(deps)
  const judge = new Judge(deps)
  while ((await judge.judgeDue()) > 50);
  t.match(await one(203), { state: 'MISSED', proof: { kind: 'moved', from: new Date(FROM + 30 * HOUR_MS).toISOString(), farM: 4_219 } })
  t.match(await one(206), { state: 'UNSEALED', proof: { kind: 'unproved', from: new Date(FROM + 7 * HOUR_MS).toISOString() } })
  const [found] = (await seals({ proof: 'moved' }, bureau)).rows
  t.match(found, { vehicle: { vehicleId: 203 }, findingId: Number })
  const finding = (await ask(world, 'getSupervisionFinding', bureau, { params: { findingId: found!.findingId! } })).json()
  t.match(finding, { rule: 'R03', vehicle: { vehicleId: 203 }, figure: 8_400 })
  t.equal((await one(203)).findingId, null, 'whoever decides no findings is led to none')
  await report(206, [8, 9, 10, 11, 12])
  t.equal(await proveDue(deps), 0, 'once a day')
  await goTo(world.clock.atMs + 25 * HOUR_MS)
  await proveDue(deps)
  t.match(await one(206), { proof: { kind: 'stayed' } })
  const { proofs } = (await ask(world, 'listSealPlans', manager)).json().rows.at(-1)!
  t.match(proofs, { stayed: 1, moved: 1, unproved: 0 })
})
