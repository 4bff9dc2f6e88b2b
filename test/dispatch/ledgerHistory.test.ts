// The past of the ledger is complete: whatever touched a vehicle – a person, a flow, a merger, a quota, a file – its history says who,
// when and why, and taking the history back gives the file as it was at every instant.
import fc from 'fast-check'
import t from 'tap'
import type { VehicleFile } from '../../services/contracts/api/ledger.ts'
import { csv, exportFile, importFile } from '../exchange/files.ts'
import { addLedgerPeople, newVehicle, reason } from './ledgerPeople.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
const world = await startWorld(t, db)
const [one, two, three] = [await world.signIn('bureau'), await world.signIn('bureau.two'), await world.signIn('bureau.three')]
await ask(world, 'setLedgerPolicy', one, { body: { organisationId: 1, overQuota: 'flag', overStandard: 'flag', reason } })

const ids = async () => (await db.query<{ id: number }>('SELECT vehicle_id AS id FROM every_vehicle ORDER BY 1')).rows.map(({ id }) => id)
const fileOf = (vehicleId: number, asOf?: number) =>
  ask(world, 'getVehicleFile', one, { params: { vehicleId }, query: asOf === undefined ? {} : { asOf: new Date(asOf).toISOString() } })

/** What the past is compared by: everything written in a file, its state, seat and terminal. */
/** Bindings are dated by the database's clock, and this test's stands still elsewhere; test/dispatch/terminals.test.ts asks for theirs. */
const essence = ({ version: _v, openFlow: _f, excess: _e, pastPlates: _p, files: _a, terminalSince: _t, ...file }: VehicleFile) => file

type Numbers = { a: number; b: number; n: number }
const pick = <T>(list: readonly T[], n: number): T => list[n % list.length]!

async function startAndPass(body: object, steps: { action: string; by: typeof one; data?: object }[]): Promise<number> {
  const started = await ask(world, 'startFlow', one, { body: { ...body, reason } })
  if (started.status !== 200) return started.status
  let { flowId, version } = started.json()
  for (const { action, by, data } of steps) {
    const taken = await ask(world, 'actOnFlow', by, { params: { flowId }, body: { action, version, reason, ...(data ? { data } : {}) } })
    if (taken.status !== 200) return taken.status
    ;({ flowId, version } = taken.json())
  }
  return 200
}

let made = 0
/** Everything that can touch a vehicle. Answers the status: what is refused is no act. */
const acts: Record<string, (numbers: Numbers) => Promise<number>> = {
  async field({ a, n }) {
    const file = (await fileOf(pick(await ids(), a))).json()
    const set = pick(
      [{ make: `品牌${n % 3}` }, { insuranceUntil: `2027-0${1 + (n % 9)}-01` }, { secrecy: n % 2 === 0 }, { priceFen: 1 + n }],
      n,
    )
    return (await ask(world, 'changeVehicle', one, { params: { vehicleId: file.vehicleId }, body: { version: file.version, set, reason } }))
      .status
  },
  async plate({ a, n }) {
    const file = (await fileOf(pick(await ids(), a))).json()
    const set = { plate: `蒙AP${String(n % 9000).padStart(4, '0')}`, plateColour: 'blue' }
    return (await ask(world, 'changeVehicle', one, { params: { vehicleId: file.vehicleId }, body: { version: file.version, set, reason } }))
      .status
  },
  async unit({ a, n }) {
    const file = (await fileOf(pick(await ids(), a))).json()
    const set = pick([{ userUnitId: pick([20, 21, 30], n) }, { category: pick(['EMERGENCY_SUPPORT', 'OTHER_APPROVED'], n) }], n)
    return (await ask(world, 'changeVehicle', one, { params: { vehicleId: file.vehicleId }, body: { version: file.version, set, reason } }))
      .status
  },
  async state({ a, n }) {
    const file = (await fileOf(pick(await ids(), a))).json()
    const action = pick(['suspend', 'resume', 'seal', 'unseal', 'sendToMaintenance', 'endMaintenance'], n)
    return (
      await ask(world, 'actOnVehicle', one, { params: { vehicleId: file.vehicleId }, body: { version: file.version, action, reason } })
    ).status
  },
  async bulk({ a, b, n }) {
    const all = await ids()
    const body = {
      vehicleIds: [...new Set([pick(all, a), pick(all, b)])],
      set: pick<object>(
        [{ inspectionUntil: `2027-1${n % 3}-01` }, { userUnitId: pick([20, 21, 30], n) }, { state: pick(['SUSPENDED', 'AVAILABLE'], n) }],
        n,
      ),
    }
    const { token } = (await ask(world, 'previewBulk', one, { body })).json()
    return (await ask(world, 'applyBulk', one, { body: { ...body, token, reason } })).status
  },
  async terminal({ a, b, n }) {
    const all = await ids()
    const [giver, taker] = [(await fileOf(pick(all, a))).json(), (await fileOf(pick(all, b))).json()]
    if (giver.terminalId === null || giver.vehicleId === taker.vehicleId) return 409
    const off = await ask(world, 'bindTerminal', one, {
      params: { vehicleId: giver.vehicleId },
      body: { version: giver.version, terminalId: null, reason },
    })
    if (n % 2 === 0) return off.status
    const { version } = (await fileOf(taker.vehicleId)).json()
    return (
      await ask(world, 'bindTerminal', one, {
        params: { vehicleId: taker.vehicleId },
        body: { version, terminalId: giver.terminalId, reason },
      })
    ).status
  },
  create: async ({ n }) =>
    (await ask(world, 'createVehicle', one, { body: { ...newVehicle(++made, { userUnitId: pick([20, 21, 30], n) }), reason } })).status,
  async quota({ n }) {
    const body = {
      unitId: pick([20, 21, 30], n),
      category: pick(['EMERGENCY_SUPPORT', 'OTHER_APPROVED', 'LAW_ENFORCEMENT'] as const, n >> 2),
      seats: 4 + (n % 5),
      effectiveFrom: new Date(world.clock.atMs + 8 * 3_600_000).toISOString().slice(0, 10),
      reason,
    }
    const draft = await ask(world, 'draftQuota', one, { body })
    if (draft.status !== 200) return draft.status
    let { quotaId, version } = draft.json()
    for (const [action, by] of [
      ['submit', one],
      ['review', two],
      ['approve', two],
    ] as const) {
      const done = await ask(world, 'actOnQuota', by, { params: { quotaId }, body: { version, action, reason } })
      if (done.status !== 200) return done.status
      ;({ quotaId, version } = done.json())
    }
    return 200
  },
  transfer: async ({ a, n }) =>
    startAndPass({ kind: 'transfer', vehicleId: pick(await ids(), a), toUnitId: pick([20, 21, 30], n) }, [
      { action: 'consent', by: two },
      { action: 'approve', by: three },
    ]),
  dispose: async ({ a }) =>
    startAndPass({ kind: 'disposal', vehicleId: pick(await ids(), a) }, [
      { action: 'appraise', by: one, data: { appraisedFen: 100 } },
      { action: 'approve', by: two, data: { financeDocumentNo: '财-1' } },
      { action: 'execute', by: one, data: { method: 'auction', incomeFen: 100 } },
    ]),
  withdraw: async ({ a }) => startAndPass({ kind: 'disposal', vehicleId: pick(await ids(), a) }, [{ action: 'withdraw', by: one }]),
  acquire: async ({ n }) => {
    const unitId = pick([20, 21, 30], n)
    const plan = { category: 'EMERGENCY_SUPPORT', bodyType: null, energy: 'petrol', priceFen: 100, displacementMl: null }
    const vehicle = newVehicle(++made, { userUnitId: unitId, ownerUnitId: unitId })
    return startAndPass({ kind: 'acquisition', unitId, plan }, [
      { action: 'approve', by: two },
      { action: 'purchase', by: one, data: { priceFen: 100, contractNo: '合同-1' } },
      { action: 'register', by: one, data: { vehicle } },
    ])
  },
  async fileOfVehicles({ a, b, n }) {
    const all = (await exportFile(world, one, 'vehicles', { format: 'csv' })).toString().slice(1).trimEnd().split('\r\n')
    const [heads, ...lines] = all.map((line) => line.split(','))
    const at = (heading: string) => heads!.indexOf(heading)
    const rows = [...new Set([pick(lines, a), pick(lines, b)])]
    for (const [k, row] of rows.entries()) {
      row[at('型号')] = `型号${n % 4}`
      row[at('使用单位')] = pick(['甲单位', '乙单位', '丙单位'], n + k)
    }
    return importOr409('vehicles', csv(heads!, ...rows))
  },
  async newFile({ n }) {
    const plate = `蒙AF${String(++made).padStart(4, '0')}`
    const unit = pick(['甲单位', '乙单位', '丙单位'], n)
    const heads = ['号牌号码', '号牌颜色', '车辆分类', '编制类别', '能源类型', '品牌', '型号', '座位数', '登记日期', '产权单位', '使用单位']
    return importOr409('vehicles', csv(heads, [plate, '蓝', '公务用车', '应急保障用车', '汽油', '红旗', 'H5', 5, '2024-05-01', unit, unit]))
  },
  /** Two terminals change places. */
  async fileOfTerminals({ a, b }) {
    const { rows } = await db.query<{ terminal: string; plate: string }>(
      'SELECT terminal_id AS terminal, plate FROM terminals JOIN every_vehicle USING (vehicle_id) ORDER BY 1',
    )
    const [first, second] = [pick(rows, a), pick(rows, b)]
    if (first === second) return 409
    return importOr409('terminals', csv(['终端编号', '号牌号码'], [first.terminal, second.plate], [second.terminal, first.plate]))
  },
  async fileOfQuotas({ n }) {
    const day = `2025-${String(1 + (n % 12)).padStart(2, '0')}-15`
    return importOr409(
      'quotas',
      csv(
        ['单位', '编制类别', '编制数', '生效日期', '核定依据'],
        [pick(['甲单位', '乙单位', '丙单位'], n), '应急保障用车', 5 + (n % 6), day, '核定'],
      ),
    )
  },
}

async function importOr409(subject: string, file: Buffer): Promise<number> {
  const { created, changed } = await importFile(world, one, subject, file).catch(() => ({ created: 0, changed: 0 }))
  return created + changed > 0 ? 200 : 409
}

type Snapshot = { atMs: number; files: Map<number, ReturnType<typeof essence>> }
const snapshots: Snapshot[] = []
async function look(): Promise<void> {
  const files = new Map<number, ReturnType<typeof essence>>()
  for (const id of await ids()) files.set(id, essence((await fileOf(id)).json()))
  snapshots.push({ atMs: world.clock.atMs, files })
  world.clock.atMs += 60_000
}
async function act(name: string, numbers: Numbers): Promise<boolean> {
  const status = await acts[name]!(numbers)
  t.ok(status === 200 || (status >= 400 && status < 500), `${name} ${JSON.stringify(numbers)}: ${status}`)
  if (status === 200) await look()
  return status === 200
}

t.test('the history of every vehicle, taken back, gives its file as it was at every instant', async (t) => {
  await look()
  const done = new Map<string, number>()
  const numbers = fc.record({ a: fc.nat(1000), b: fc.nat(1000), n: fc.nat(8000) })
  // Each kind of act until it was let in once, then as it comes.
  for (const name of Object.keys(acts))
    for (const drawn of fc.sample(numbers, { numRuns: 12, seed: name.length })) {
      if (done.has(name)) break
      if (await act(name, drawn)) done.set(name, 1)
    }
  for (const [name, drawn] of fc.sample(fc.tuple(fc.constantFrom(...Object.keys(acts)), numbers), { numRuns: 20, seed: 20260302 }))
    await act(name, drawn)
  for (const name of Object.keys(acts)) t.ok(done.has(name), `${name} happened`)
  // What was begun and refused half-way would keep units from merging.
  await db.query(`UPDATE ledger_flows SET open = false`)
  await db.owner.query(`DELETE FROM quotas WHERE state <> 'APPROVED'`)
  const { version } = (await ask(world, 'listLedgerOrganisations', one)).json().rows.find((row) => row.organisationId === 20)!
  const merged = await ask(world, 'mergeOrganisation', two, { params: { organisationId: 20 }, body: { intoId: 21, version, reason } })
  t.equal(merged.status, 200, merged.body)
  await look()
  let compared = 0
  for (const id of await ids())
    for (const { atMs, files } of snapshots) {
      const then = await fileOf(id, atMs)
      const was = files.get(id)
      if (!was) t.equal(then.status, 404, `${id} was not there at ${atMs}`)
      else {
        compared++
        const is = essence(then.json())
        if (JSON.stringify(is) !== JSON.stringify(was)) t.same(is, was, `${id} as of ${new Date(atMs).toISOString()}`)
      }
    }
  t.ok(compared > 300, `${compared} files of the past compared`)
})

t.test('every record of a vehicle says who and why, and a merger is on the record of all it moved', async (t) => {
  for (const vehicleId of await ids()) {
    const { rows } = (await ask(world, 'getVehicleHistory', one, { params: { vehicleId } })).json()
    for (const { username, reason: why, at, action } of rows) t.ok(username && why && at, `${vehicleId} ${action}: ${why}`)
  }
  const driver = (await db.query(`SELECT body FROM audit_log WHERE subject_type = 'driver' AND subject_id = '1' ORDER BY seq DESC LIMIT 1`))
    .rows[0]
  t.match(JSON.parse(driver!.body as string), {
    action: 'ledger.follow',
    before: { organisationId: 20 },
    after: { organisationId: 21 },
    purpose: reason,
    detail: { because: 'organisation.merge', of: { type: 'organisation', id: 20 } },
  })
})

t.test('a long history is read page by page', async (t) => {
  for (let k = 0; k < 105; k++) {
    const { version } = (await fileOf(301)).json()
    await ask(world, 'changeVehicle', one, { params: { vehicleId: 301 }, body: { version, set: { note: `第 ${k} 次` }, reason } })
  }
  const first = (await ask(world, 'getVehicleHistory', one, { params: { vehicleId: 301 } })).json().rows
  const next = (await ask(world, 'getVehicleHistory', one, { params: { vehicleId: 301 }, query: { beforeSeq: first.at(-1)!.seq } })).json()
    .rows
  t.equal(first.length, 100)
  t.ok(next.length > 4)
  t.equal(new Set([...first, ...next].map(({ seq }) => seq)).size, first.length + next.length)
})
