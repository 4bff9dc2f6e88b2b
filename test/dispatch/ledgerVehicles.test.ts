// One file a vehicle: what is accepted, what is refused in plain words, states by the table, terminals, attachments, bulk changes.
import fc from 'fast-check'
import t from 'tap'
import { depart, reserve } from '../../services/dispatch/kernel/reservations.ts'
import { overStandardSql } from '../../services/dispatch/registry/standards.ts'
import { promisedStates, type VehicleAction, type VehicleState, vehicleLifecycle, vehicleStates } from '../../services/domain/lifecycle.ts'
import { byNearness, judgeStandard, type Measured, type StandardLimit } from '../../services/domain/standards.ts'
import { judgeVin, vinCheckDigit } from '../../services/domain/vin.ts'
import { atOnce, MANY } from './atOnce.ts'
import { addLedgerPeople, newVehicle, reason } from './ledgerPeople.ts'
import { NOW_MS } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
const world = await startWorld(t, db)
const bureau = await world.signIn('bureau')
const manager = await world.signIn('fleet_manager')
await ask(world, 'setLedgerPolicy', bureau, { body: { organisationId: 1, overQuota: 'flag', overStandard: 'flag', reason } })

type Issue = { path: string; reason?: string; values?: Record<string, unknown> }
const issueOf = (answer: { body: string }): Issue | undefined =>
  (JSON.parse(answer.body) as { error: { issues?: Issue[] } }).error.issues?.[0]
const create = (n: number, more: Record<string, unknown> = {}) =>
  ask(world, 'createVehicle', bureau, { body: { ...newVehicle(n, more), reason } })
const fileOf = async (vehicleId: number) => (await ask(world, 'getVehicleFile', bureau, { params: { vehicleId } })).json()
const change = async (vehicleId: number, set: Record<string, unknown>, by = manager) =>
  ask(world, 'changeVehicle', by, { params: { vehicleId }, body: { version: (await fileOf(vehicleId)).version, set, reason } })

t.test('the check digit of a VIN is found where one is required', async (t) => {
  t.equal(judgeVin('LSVAA49J132047371'), 'sound')
  t.same(judgeVin('LSVAA49J232047371'), { wanted: vinCheckDigit('LSVAA49J232047371') })
  t.equal(judgeVin('LSVAA49I132047371'), 'form')
  t.equal(judgeVin('WVWZZZ1KZ6W000001'), 'sound', 'European makers put anything there')
})

t.test('a sound vehicle gets a file, beyond the quota where there is none', async (t) => {
  const made = await create(1, {
    vin: 'LSVAA49J132047371',
    priceFen: 15_000_000,
    bodyType: 'sedan',
    origin: 'domestic',
    plate: '蒙a·b0001',
  })
  t.match(made.json(), { plate: '蒙AB0001', state: 'AVAILABLE', overQuota: true, quotaSeat: null, version: 1, vin: 'LSVAA49J132047371' })
  const { vehicleId } = made.json()
  const history = (await ask(world, 'getVehicleHistory', bureau, { params: { vehicleId } })).json().rows
  t.match(history, [{ action: 'vehicle.create', username: 'bureau', reason }])
})

t.test('what does not go together is refused with its place and its reason', async (t) => {
  const refusals: [Record<string, unknown>, string, string][] = [
    [{ plate: '京A12345' }, 'body.plate', 'plate.province'],
    [{ plate: '蒙AI2345' }, 'body.plate', 'plate.form'],
    [{ plate: '蒙AD12345' }, 'body.plateColour', 'plate.colour'],
    [{ vin: 'LSVAA49J232047371' }, 'body.vin', 'vin.check'],
    [{ vin: 'SHORT' }, 'body.vin', 'vin.form'],
    [{ energy: 'electric', plate: '蒙AD20002', plateColour: 'green' }, 'body.displacementMl', 'displacement.electric'],
    [{ category: 'LAW_ENFORCEMENT' }, 'body.category', 'class.category'],
    [{ inServiceOn: '2020-01-01' }, 'body.inServiceOn', 'dates.order'],
    [{ userUnitId: 4 }, 'body.userUnitId', 'unit.kind'],
    [{ ownerUnitId: 4 }, 'body.ownerUnitId', 'unit.kind'],
    [{ parkingPlaceId: 99 }, 'body.parkingPlaceId', 'place.unknown'],
    [{ repairSupplierId: 99 }, 'body.repairSupplierId', 'supplier.unknown'],
    [{ plate: '蒙AA0202' }, 'body.plate', 'plate.taken'],
    [{ vin: 'LSVAA49J132047371' }, 'body.vin', 'vin.taken'],
  ]
  const before = await db.query('SELECT count(*) AS n FROM vehicles')
  for (const [more, path, wanted] of refusals) {
    const answer = await create(2, more)
    t.match(issueOf(answer), { path, reason: wanted }, JSON.stringify(more))
    t.ok(answer.status >= 400 && answer.status < 500)
  }
  t.same((await db.query('SELECT count(*) AS n FROM vehicles')).rows, before.rows, 'nothing half-done')
})

t.test('a unit’s manager keeps its own vehicles’ files, and nobody else’s; some fields are the bureau’s', async (t) => {
  t.equal((await change(201, { insuranceUntil: '2027-01-01', stickerNo: 'S-201' })).status, 200)
  t.equal((await change(211, { insuranceUntil: '2027-01-01' })).code, 'NOT_FOUND')
  t.equal((await change(301, { insuranceUntil: '2027-01-01' })).code, 'NOT_FOUND')
  for (const set of [{ category: 'OTHER_APPROVED' }, { userUnitId: 30 }, { ownerUnitId: 21 }, { secrecy: true }]) {
    const answer = await change(201, set)
    t.equal(answer.code, 'FORBIDDEN', JSON.stringify(set))
  }
  t.equal((await change(201, { userUnitId: 30 }, await world.signIn('bureau_admin'))).code, 'NOT_FOUND', 'a unit of another league')
  t.equal(issueOf(await change(202, { stickerNo: 'S-201' }))?.reason, 'sticker.taken')
})

t.test('a new plate keeps the old one, and is refused when it is another’s', async (t) => {
  const changed = await change(202, { plate: '蒙AC0202' })
  t.match(changed.json(), { plate: '蒙AC0202', pastPlates: [{ plate: '蒙AA0202' }] })
  t.equal(issueOf(await change(202, { plate: '蒙AB0001' }))?.reason, 'plate.taken')
  t.equal((await fileOf(202)).plate, '蒙AC0202')
})

t.test('many parallel changes with the version they saw: each version is taken once, none is lost', async (t) => {
  const { version } = await fileOf(201)
  const answers = await atOnce((n) =>
    ask(world, 'changeVehicle', manager, { params: { vehicleId: 201 }, body: { version, set: { note: `第 ${n} 次` }, reason } }),
  )
  const winners = answers.filter(({ status }) => status === 200)
  t.equal(winners.length, 1)
  t.equal(answers.filter(({ code }) => code === 'CHANGED_MEANWHILE').length, MANY - 1)
  const file = await fileOf(201)
  t.equal(file.version, version + 1)
  t.equal(file.note, winners[0]!.json().note)
})

/** A vehicle in this state; promised and out are said by a trip. */
async function put(vehicleId: number, state: VehicleState): Promise<void> {
  const isPromised = promisedStates.includes(state)
  await db.query('DELETE FROM reservations WHERE vehicle_id = $1 AND holder IS NOT NULL', [vehicleId])
  await db.query('UPDATE vehicles SET state = $2 WHERE vehicle_id = $1', [vehicleId, isPromised ? 'AVAILABLE' : state])
  if (!isPromised) return
  await reserve(db, { vehicleId }, { fromMs: NOW_MS, untilMs: NOW_MS + 3_600_000 }, 'order:1')
  if (state === 'IN_USE') await depart(db, 'order:1', NOW_MS)
}

t.test('every state answers every action as the table says', async (t) => {
  const vehicleId = (await create(50)).json().vehicleId
  for (const state of vehicleStates) {
    for (const action of Object.keys(vehicleLifecycle) as VehicleAction[]) {
      await put(vehicleId, state)
      const { version } = await fileOf(vehicleId)
      const answer = await ask(world, 'actOnVehicle', bureau, { params: { vehicleId }, body: { version, action, reason } })
      const { by, from, to } = vehicleLifecycle[action]
      const says = `${state} ${action}: ${answer.status}`
      if (by === 'system') t.equal(answer.code, 'FORBIDDEN', says)
      else if ((from as readonly string[]).includes(state)) t.equal(answer.json().state, to, says)
      else t.equal(answer.code, 'CONFLICT', says)
    }
  }
  await db.query(`UPDATE vehicles SET state = 'SEALED' WHERE vehicle_id = 201`)
  const { version } = await fileOf(201)
  const unseal = await ask(world, 'actOnVehicle', manager, { params: { vehicleId: 201 }, body: { version, action: 'unseal', reason } })
  t.equal(unseal.code, 'FORBIDDEN', 'unsealing is the bureau’s')
  await db.query(`UPDATE vehicles SET state = 'AVAILABLE' WHERE vehicle_id = 201`)
})

t.test('a terminal is taken off, put on another vehicle, and never on two', async (t) => {
  const bind = async (vehicleId: number, terminalId: string | null) =>
    ask(world, 'bindTerminal', bureau, { params: { vehicleId }, body: { version: (await fileOf(vehicleId)).version, terminalId, reason } })
  t.equal(issueOf(await bind(202, 'T20100'))?.reason, 'terminal.unavailable')
  t.equal(issueOf(await bind(202, 'T99999'))?.reason, 'terminal.unavailable')
  t.equal((await fileOf(202)).terminalId, 'T20200', 'a refused change leaves the old one on')
  t.equal((await bind(201, null)).json().terminalId, null)
  t.equal((await bind(202, 'T20100')).json().terminalId, 'T20100')
  t.same((await db.query(`SELECT vehicle_id FROM terminals WHERE terminal_id = 'T20200'`)).rows, [{ vehicle_id: null }])
})

t.test('attachments are judged by their bytes, served within scope, and named so that no header is broken', async (t) => {
  const add = (vehicleId: number, bytes: Buffer, query: Record<string, unknown>) =>
    world.app.inject({
      method: 'POST',
      url: `/api/v1/vehicles/${vehicleId}/files`,
      query: query as Record<string, string>,
      headers: { ...manager.headers, 'content-type': 'application/octet-stream' },
      payload: bytes,
    })
  const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(64)])
  const added = await add(201, png, { kind: 'photo', name: '左前 45°"\r\n.png' })
  t.match(added.json(), { contentType: 'image/png', bytes: png.byteLength, name: '左前 45°___.png' })
  const { fileId } = added.json() as { fileId: number }
  t.equal((await add(201, Buffer.from('<script>alert(1)</script>'), { kind: 'photo', name: 'x.png' })).statusCode, 400)
  t.equal((await add(201, Buffer.from('%PDF-1.7'), { kind: 'photo', name: 'x.pdf' })).statusCode, 400)
  t.equal((await add(211, png, { kind: 'photo', name: 'x.png' })).statusCode, 404)
  t.equal((await add(201, Buffer.alloc(5_300_000), { kind: 'photo', name: 'x.png' })).statusCode, 413)
  const read = await ask(world, 'readVehicleFile', manager, { params: { vehicleId: 201, fileId } })
  t.equal(read.headers['content-type'], 'image/png')
  t.match(read.headers['content-disposition'], /^attachment/)
  t.equal((await ask(world, 'readVehicleFile', await world.signIn('manager.21'), { params: { vehicleId: 201, fileId } })).code, 'NOT_FOUND')
  const gone = await ask(world, 'removeVehicleFile', manager, { params: { vehicleId: 201, fileId }, query: { reason } })
  t.equal(gone.status, 200)
  t.same((await fileOf(201)).files, [])
})

t.test('the SQL of a list judges by the standards as the pure rule does', async (t) => {
  const categories = ['EMERGENCY_SUPPORT', 'OTHER_APPROVED'] as const
  const bodies = ['sedan', 'large_bus'] as const
  const days = ['2018-01-01', '2020-01-01', '2022-01-01']
  const limit = fc.record<StandardLimit>({
    lft: fc.constantFrom(1, 10),
    rgt: fc.constantFrom(20, 100),
    category: fc.constantFrom(...categories),
    bodyType: fc.constantFrom(null, ...bodies),
    newEnergy: fc.constantFrom(null, true, false),
    maxPriceFen: fc.constantFrom(null, 10, 20),
    maxDisplacementMl: fc.constantFrom(null, 1000, 2000),
    effectiveFrom: fc.constantFrom(...days),
  })
  const key = (each: StandardLimit) =>
    JSON.stringify([each.lft, each.rgt, each.category, each.bodyType, each.newEnergy, each.effectiveFrom])
  const measured = fc.record<Measured>({
    unitLft: fc.constantFrom(5, 15),
    category: fc.constantFrom(...categories),
    bodyType: fc.constantFrom(null, ...bodies),
    energy: fc.constantFrom('petrol', 'electric'),
    priceFen: fc.constantFrom(null, 5, 15, 25),
    displacementMl: fc.constantFrom(null, 1500, 2500),
    registeredOn: fc.constantFrom('2017-06-01', '2019-06-01', '2023-01-01'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(limit, { selector: key, maxLength: 8 }),
      fc.array(measured, { minLength: 1, maxLength: 20 }),
      async (limits, list) => {
        const sorted = [...limits].sort(byNearness)
        const values: unknown[] = []
        const $ = (value: unknown) => `$${values.push(value)}`
        const columns = [list.map((m) => m.unitLft), list.map((m) => m.category), list.map((m) => m.bodyType), list.map((m) => m.energy)]
        const facts = [list.map((m) => m.priceFen), list.map((m) => m.displacementMl), list.map((m) => m.registeredOn)]
        const given = [...columns, ...facts].map((column) => $(column))
        const types = ['int', 'text', 'text', 'text', 'bigint', 'int', 'date']
        const { rows } = await db.query<{ over: boolean }>(
          `SELECT ${overStandardSql(sorted, $)} AS over FROM unnest(${given.map((place, i) => `${place}::${types[i]}[]`).join(', ')})
           WITH ORDINALITY AS v (lft, category, body_type, energy, price_fen, displacement_ml, registered_on, n)
         CROSS JOIN LATERAL (SELECT v.lft) AS u (lft) ORDER BY v.n`,
          values,
        )
        return list.every((vehicle, i) => rows[i]!.over === judgeStandard(sorted, vehicle).length > 0)
      },
    ),
    { numRuns: 40 },
  )
  t.pass('forty sets of limits')
})

t.test('the ledger list is found by plate, pinyin of a unit or driver, and filtered', async (t) => {
  await db.query(`UPDATE organisations SET name_pinyin = 'jiadanwei jdw' WHERE organisation_id = 20`)
  const find = async (query: Record<string, unknown>) =>
    (await ask(world, 'listLedger', bureau, { query })).json().rows.map((row) => row.plate)
  t.same(await find({ q: 'c02' }), ['蒙AC0202'])
  t.same(await find({ q: 'mengab0001' }), ['蒙AB0001'])
  t.ok((await find({ q: 'jdw' })).includes('蒙AC0202'))
  t.same(await find({ q: '49J132047371' }), ['蒙AB0001'], 'a part of a VIN')
  t.same(await find({ q: '%' }), [])
  t.ok((await find({ over: 'quota' })).includes('蒙AB0001'))
  t.same(await find({ expiresInDays: 365, q: 'AD12345' }), ['蒙AD12345'])
  await ask(world, 'addStandardLimit', bureau, {
    body: {
      organisationId: 1,
      category: 'EMERGENCY_SUPPORT',
      bodyType: null,
      newEnergy: null,
      maxPriceFen: 12_000_000,
      maxDisplacementMl: 1600,
      effectiveFrom: '2017-12-05',
      reason,
    },
  })
  t.same(await find({ over: 'standard' }), ['蒙AB0001'])
  t.match((await fileOf((await ask(world, 'listLedger', bureau, { query: { q: 'AB0001' } })).json().rows[0]!.vehicleId)).excess, [
    { what: 'price', value: 15_000_000, limit: 12_000_000 },
  ])
})

t.test('a bulk change is looked at first, applied to all or none, and void when a vehicle was changed meanwhile', async (t) => {
  const ids = [201, 202]
  const set = { insuranceUntil: '2027-06-30', state: 'SUSPENDED' }
  const preview = async (vehicleIds: number[]) => ask(world, 'previewBulk', manager, { body: { vehicleIds, set } })
  const looked = (await preview(ids)).json()
  t.match(looked, { changes: 2, unchanged: 0, refusals: [] })
  t.equal((await fileOf(201)).state, 'AVAILABLE', 'a preview keeps nothing')
  t.equal((await preview([201, 301])).code, 'NOT_FOUND', 'a foreign number is not told from an absent one')
  await change(202, { note: '他人修改' })
  const apply = (token: string) => ask(world, 'applyBulk', manager, { body: { vehicleIds: ids, set, token, reason } })
  t.equal(issueOf(await apply(looked.token))?.reason, 'bulk.changed')
  t.equal((await fileOf(201)).state, 'AVAILABLE')
  t.same((await apply((await preview(ids)).json().token)).json(), { changes: 2 })
  t.match(await fileOf(202), { state: 'SUSPENDED', insuranceUntil: '2027-06-30' })
  await db.query(`UPDATE vehicles SET state = 'DISPOSAL_PENDING' WHERE vehicle_id = 201`)
  const again = (await ask(world, 'previewBulk', manager, { body: { vehicleIds: ids, set: { state: 'AVAILABLE' } } })).json()
  t.match(again, { changes: 1, refusals: [{ vehicleId: 201, reason: 'state.not' }] })
  const refused = await ask(world, 'applyBulk', manager, {
    body: { vehicleIds: ids, set: { state: 'AVAILABLE' }, token: again.token, reason },
  })
  t.equal(issueOf(refused)?.reason, 'bulk.refused')
  t.equal((await fileOf(202)).state, 'SUSPENDED', 'all or none')
})
