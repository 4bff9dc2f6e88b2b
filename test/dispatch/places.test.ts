// Places, suppliers, fuel cards and the working calendar on the server.
import t from 'tap'
import { circleRing, isInside } from '../../services/domain/geofence.ts'
import { csv, importFile, upload } from '../exchange/files.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
const world = await startWorld(t, db)

const circle = { type: 'circle', centre: [111.7, 40.8], radiusM: 200 } as const
const place = (more: object = {}) => ({
  kind: 'compound',
  name: '集中办公区甲',
  shape: circle,
  validFrom: '2026-01-01',
  organisationId: 4,
  ...more,
})
const supplier = (more: object = {}) => ({
  name: '示例加油站',
  kinds: ['fuel', 'wash'],
  validFrom: '2026-01-01',
  organisationId: 4,
  ...more,
})

async function made<T>(answer: Promise<{ status: number; body: string; json(): T }>): Promise<T> {
  const { status, body, json } = await answer
  if (status !== 200) throw new Error(body)
  return json()
}
const createPlace = (signed: Signed, more: object = {}) => made(ask(world, 'createPlace', signed, { body: place(more) }))
let suppliers = 0
/** Each by a name of its own. */
const createSupplier = (signed: Signed, more: object = {}) =>
  made(ask(world, 'createSupplier', signed, { body: supplier({ name: `示例供应商${++suppliers}`, ...more }) }))
let serial = 0
const card = (more: object) => ({ cardNo: String(100_000_000_000_000 + ++serial), organisationId: 20, vehicleId: null, ...more })

t.test('a place is entered, found by its point and its pinyin, and changed under the version seen', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const { placeId } = await createPlace(bureau)
  const at = async (lon: number, lat: number) =>
    (await ask(world, 'listPlacesAt', bureau, { query: { lon, lat } })).json().rows.map((row) => row.placeId)
  t.same(await at(111.7, 40.8), [placeId])
  t.same(await at(111.7, 40.8017), [placeId], '189 m to the north')
  t.same(await at(111.7, 40.8019), [], '211 m')
  t.equal((await ask(world, 'listPlaces', bureau, { query: { q: 'jzbg' } })).json().total, 1)
  const ring = circleRing({ centre: [111.72, 40.8], radiusM: 300 }, 8)
  const { organisationId: _unit, ...body } = place({ shape: { type: 'polygon', ring }, name: '集中办公区乙' })
  t.same((await ask(world, 'editPlace', bureau, { params: { placeId }, body: { ...body, version: 1 } })).json(), { version: 2 })
  t.equal((await ask(world, 'editPlace', bureau, { params: { placeId }, body: { ...body, version: 1 } })).code, 'CHANGED_MEANWHILE')
  const stored = (await ask(world, 'getPlace', bureau, { params: { placeId } })).json()
  t.match(stored, { corners: 8, radiusM: null, name: '集中办公区乙', own: true })
  t.ok(isInside(stored.shape, [stored.lon, stored.lat]))
  t.same(await at(111.7, 40.8), [])
  t.same(await at(111.72, 40.8), [placeId])
  const shapes = await ask(world, 'listPlaceShapes', bureau, { query: { west: 111.71, south: 40.79, east: 111.715, north: 40.81 } })
  t.equal(shapes.json().rows.length, 0)
  const { rows } = await db.query(`SELECT action FROM audit_log WHERE subject_type = 'place' AND subject_id = $1 ORDER BY seq`, [
    String(placeId),
  ])
  t.same(
    rows.map((row) => row.action),
    ['place.create', 'place.edit'],
  )
})

t.test('a shape that is none is refused by name', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const square = [
    [111.7, 40.8],
    [111.71, 40.8],
    [111.71, 40.81],
    [111.7, 40.81],
    [111.7, 40.8],
  ]
  const reasonOf = async (shape: unknown, more: object = {}) => {
    const answer = await ask(world, 'createPlace', bureau, { body: place({ shape, ...more }) })
    t.equal(answer.status, 400)
    return (JSON.parse(answer.body) as { error: { issues: { reason?: string }[] } }).error.issues[0]!.reason?.split('.').at(-1)
  }
  const polygon = (ring: unknown) => ({ type: 'polygon', ring })
  t.equal(await reasonOf(polygon(square.slice(0, 4))), 'not_closed')
  t.equal(await reasonOf(polygon([square[0], square[2], square[1], square[3], square[0]])), 'crosses_itself')
  t.equal(await reasonOf(polygon([square[0], square[1], square[0]])), 'too_few')
  t.equal(await reasonOf(polygon([])), 'too_few')
  t.equal(await reasonOf(polygon([square[0], square[1], square[2], square[3], square[1], square[0]])), 'repeated')
  t.equal(await reasonOf(polygon([square[0], square[0], square[1], square[1], square[0]])), 'too_few', 'two corners, each clicked twice')
  t.equal(await reasonOf(polygon(square.map(([lon, lat]) => [lat, lon]))), undefined, 'a latitude of 111 degrees is none for the schema')
  t.equal(await reasonOf({ type: 'circle', centre: [40.8, 80], radiusM: 100 }), 'outside_region')
  t.equal(await reasonOf(polygon(square.map(([lon, lat]) => [lon! + (lon! - 111.7) * 400, lat]))), 'too_large')
  t.equal(await reasonOf(polygon(square.map(([lon, lat]) => [111.7 + (lon! - 111.7) / 500, 40.8 + (lat! - 40.8) / 500]))), 'too_small')
  const line = (corners: number) => polygon(Array.from({ length: corners }, (_, n) => [111 + n / 1000, 40]))
  t.equal(await reasonOf(line(600)), 'too_many')
  t.equal(await reasonOf(line(1100)), undefined, 'too many corners for the schema')
  t.equal(await reasonOf(circle, { kind: 'sensitive' }), 'sensitive')
  t.equal(await reasonOf(circle, { validUntil: '2025-01-01' }), 'until')
})

t.test('an area whose corners were clicked twice is the area without them, drawn or imported', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const ring = [
    [111.7, 40.8],
    [111.71, 40.8],
    [111.71, 40.81],
    [111.7, 40.8],
  ]
  const doubled = [ring[0], ring[0], [111.7000002, 40.8000003], ring[1], ring[2], [111.7100001, 40.81], ring[3], ring[3]]
  const { placeId } = await createPlace(bureau, { shape: { type: 'polygon', ring: doubled }, name: '双击场所' })
  t.match((await ask(world, 'getPlace', bureau, { params: { placeId } })).json().shape, { type: 'polygon', ring })
  const file = (border: unknown[][]) =>
    csv(
      ['名称', '类型', '所属机构', '边界', '启用日期'],
      ['导入场所', '定点停车场', '甲单位', `"${border.map((corner) => corner.join(',')).join(' ')}"`, '2026-01-01'],
    )
  t.match(await importFile(world, bureau, 'places', file(doubled as number[][])), { state: 'applied', created: 1 })
  t.same((await db.query(`SELECT ring FROM places WHERE name = '导入场所'`)).rows, [{ ring: ring.flat() }])
  t.match((await upload(world, bureau, 'places', file(doubled as number[][]))).json(), { unchanged: 1, problemCount: 0 })
})

t.test('what a league sets is read below it and changed only in its own scope; siblings see nothing', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const manager = await world.signIn('fleet_manager')
  const other = await world.signIn('fleet_manager@30')
  const { placeId } = await createPlace(bureau, { organisationId: 2, kind: 'designated_lot' })
  const { supplierId } = await createSupplier(bureau, { organisationId: 2 })
  t.match((await ask(world, 'getPlace', manager, { params: { placeId } })).json(), { own: false })
  t.match((await ask(world, 'getSupplier', manager, { params: { supplierId } })).json(), { own: false })
  t.equal((await ask(world, 'getPlace', other, { params: { placeId } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'getSupplier', other, { params: { supplierId } })).code, 'NOT_FOUND')
  const { organisationId: _unit, ...body } = place()
  const elsewhere = await world.signIn('bureau_admin@30')
  t.equal((await ask(world, 'editPlace', elsewhere, { params: { placeId }, body: { ...body, version: 1 } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'createPlace', elsewhere, { body: place({ organisationId: 20 }) })).code, 'VALIDATION_FAILED')
  t.equal((await ask(world, 'createSupplier', elsewhere, { body: supplier({ placeId, organisationId: 30 }) })).code, 'VALIDATION_FAILED')
  t.equal((await ask(world, 'listPlaces', await world.signIn('finance'))).code, 'FORBIDDEN', 'places are readable to few')
})

t.test('one card, one vehicle: a card bound to a car is not bound to another, nor a second card to the car', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const { supplierId } = await createSupplier(bureau)
  const create = (more: object) => ask(world, 'createFuelCard', bureau, { body: card({ supplierId, ...more }) })
  const first = await made(create({ vehicleId: 202, dayLimitFen: 50_000, monthLimitFen: 300_000 }))
  t.equal((await create({ vehicleId: 202 })).code, 'CONFLICT', 'the car has a card')
  const edit = (version: number, more: object) =>
    ask(world, 'editFuelCard', bureau, { params: { fuelCardId: first.fuelCardId }, body: { state: 'active', version, ...more } })
  t.equal((await edit(1, { vehicleId: 211 })).code, 'CONFLICT', 'the card has a car')
  t.equal((await edit(1, { vehicleId: null })).status, 200)
  t.equal((await edit(2, { vehicleId: 211 })).status, 200)
  t.equal((await edit(3, { state: 'cancelled' })).code, 'VALIDATION_FAILED', 'unbind first')
  t.equal((await edit(3, { state: 'cancelled', vehicleId: null })).status, 200)
  t.equal((await edit(4, { state: 'active' })).code, 'CONFLICT', 'a cancelled card is over')
  t.equal((await create({ vehicleId: 201 })).code, 'VALIDATION_FAILED', 'an electric car')
  t.equal((await create({ vehicleId: 301 })).code, 'VALIDATION_FAILED', 'a car out of scope')
  t.equal((await create({ dayLimitFen: 100, monthLimitFen: 10 })).code, 'VALIDATION_FAILED')
  const wash = await createSupplier(bureau, { kinds: ['wash'] })
  t.equal((await ask(world, 'createFuelCard', bureau, { body: card({ supplierId: wash.supplierId }) })).code, 'VALIDATION_FAILED')
  for (const dates of [{ validUntil: '2026-03-01' }, { validFrom: '2026-03-03' }]) {
    const { supplierId } = await createSupplier(bureau, dates)
    const answer = await ask(world, 'createFuelCard', bureau, { body: card({ supplierId }) })
    t.equal(answer.code, 'VALIDATION_FAILED', `designated another day: ${JSON.stringify(dates)}`)
  }
  const seen = async (role: string) => (await ask(world, 'listFuelCards', await world.signIn(role))).json().rows[0]!.cardNo
  t.match(await seen('finance'), /^\d{15}$/)
  t.match(await seen('dispatcher'), /^\*{4} \d{4}$/)
})

t.test('parallel bindings of twenty cards to one car leave it one card', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const { supplierId } = await createSupplier(bureau)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => ask(world, 'createFuelCard', bureau, { body: card({ supplierId, vehicleId: 202 }) })),
  )
  t.equal(answers.filter((answer) => answer.status === 200).length, 1)
  t.equal((await db.query('SELECT count(*) AS n FROM fuel_cards WHERE vehicle_id = 202')).rows[0]!.n, 1)
})

t.test('the calendar knows its years, says when it does not, and the nearer organisation has the last word', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const manager = await world.signIn('fleet_manager')
  const kind = async (day: string, signed = manager) => (await ask(world, 'getDayKind', signed, { params: { day } })).json().kind
  t.equal(await kind('2026-10-01'), 'holiday')
  t.equal(await kind('2026-10-10'), 'workday', 'a worked Saturday')
  t.equal(await kind('2026-11-21'), 'holiday', 'a Saturday')
  t.equal(await kind('2027-03-03'), 'unknown')
  t.equal(await kind('2027-03-06'), 'unknown', 'not even a Saturday')
  const set = (day: string, body: object, signed = bureau) =>
    ask(world, 'setCalendarDay', signed, { params: { day }, body: { version: null, ...body } })
  const naadam = { organisationId: 4, kind: 'holiday', name: '那达慕' }
  t.same((await set('2026-07-15', naadam)).json(), { version: 1 })
  t.equal((await set('2026-07-15', naadam)).code, 'CHANGED_MEANWHILE', 'it was set meanwhile')
  t.equal(await kind('2026-07-15'), 'holiday')
  t.equal(await kind('2026-07-15', await world.signIn('fleet_manager@30')), 'workday')
  t.equal((await set('2026-07-15', { ...naadam, organisationId: 20, kind: 'workday', name: '值班' })).status, 200)
  t.equal(await kind('2026-07-15'), 'workday', 'the unit has the last word')
  t.same((await set('2026-07-15', { organisationId: 20, kind: null, version: 1 })).json(), { version: null })
  t.equal(await kind('2026-07-15'), 'holiday')
  t.equal((await set('2026-07-16', { organisationId: 30, kind: 'holiday', name: 'x' })).code, 'VALIDATION_FAILED', 'another league')
  t.equal((await set('2026-07-16', { organisationId: null, kind: 'holiday', name: 'x' })).code, 'FORBIDDEN', 'the region’s own calendar')
  t.equal((await set('2026-07-16', { ...naadam, kind: 'makeup' })).code, 'VALIDATION_FAILED', 'a Thursday')
  t.equal((await ask(world, 'announceYear', bureau, { body: { year: 2027, source: '某通知' } })).code, 'VALIDATION_FAILED')
  t.equal((await ask(world, 'announceYear', bureau, { body: { year: 2027, source: '关于2027年的通知' } })).code, 'FORBIDDEN')
  t.match((await ask(world, 'getCalendar', manager, { params: { year: 2027 } })).json(), { known: false, source: null, days: [] })
})

t.test('the administrator of the region announces a year, and then its days are known everywhere', async (t) => {
  await db.query('UPDATE accounts SET organisation_id = 1 WHERE username = $1', ['bureau_admin@30'])
  const region = await world.signIn('bureau_admin@30')
  const set = { organisationId: null, kind: 'holiday', name: '元旦', version: null }
  t.equal((await ask(world, 'setCalendarDay', region, { params: { day: '2027-01-01' }, body: set })).status, 200)
  t.equal((await ask(world, 'announceYear', region, { body: { year: 2027, source: '关于2027年部分节假日安排的通知' } })).status, 200)
  t.equal((await ask(world, 'announceYear', region, { body: { year: 2027, source: '关于2027年部分节假日安排的通知' } })).code, 'CONFLICT')
  const kind = async (day: string) => (await ask(world, 'getDayKind', await world.signIn('driver'), { params: { day } })).json()
  t.same(await kind('2027-01-01'), { kind: 'holiday', name: '元旦' })
  t.same(await kind('2027-03-03'), { kind: 'workday', name: null })
  t.match((await ask(world, 'getCalendar', region, { params: { year: 2027 } })).json(), {
    known: true,
    days: [{ own: true, organisation: null }],
  })
})

t.test('office hours are dated rows, and the nearest unit’s row in force counts', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const hours = { organisationId: 4, effectiveFrom: '2026-06-01', startMinute: 480, endMinute: 1020, version: null }
  t.same((await ask(world, 'setWorkingHours', bureau, { body: hours })).json(), { version: 1 })
  t.equal((await ask(world, 'setWorkingHours', bureau, { body: hours })).code, 'CHANGED_MEANWHILE')
  t.equal((await ask(world, 'setWorkingHours', bureau, { body: { ...hours, version: 1, endMinute: 480 } })).code, 'VALIDATION_FAILED')
  t.equal((await ask(world, 'setWorkingHours', bureau, { body: { ...hours, organisationId: 30 } })).code, 'VALIDATION_FAILED')
  const { hours: rows } = (await ask(world, 'getCalendar', bureau, { params: { year: 2026 }, query: { organisationId: 20 } })).json()
  t.match(rows, [
    { organisation: null, startMinute: 510, own: false },
    { organisation: { organisationId: 4 }, startMinute: 480, own: true },
  ])
})

t.test('two places or two suppliers of one organisation cannot have one name: files know them by it', async (t) => {
  const bureau = await world.signIn('bureau_admin')
  const name = '同名场所'
  await createPlace(bureau, { name })
  const twin = await ask(world, 'createPlace', bureau, { body: place({ name }) })
  t.match(JSON.parse(twin.body), { error: { code: 'CONFLICT', issues: [{ path: 'body.name', reason: 'name.taken' }] } })
  const first = await createSupplier(bureau, { name })
  const other = await createSupplier(bureau)
  t.ok(first.supplierId)
  const renamed = await ask(world, 'editSupplier', bureau, {
    params: { supplierId: other.supplierId },
    body: { ...supplier({ name }), organisationId: undefined, validUntil: null, note: null, version: other.version },
  })
  t.equal(renamed.status >= 400, true, renamed.body)
})
