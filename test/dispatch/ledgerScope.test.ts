// Every endpoint of the ledger and its quota × own, sibling, parent and other organisation: what lies outside is as good as absent,
// in the path, in the query and in the body alike.
import t from 'tap'
import type { ledgerApi } from '../../services/contracts/api/ledger.ts'
import type { quotaApi } from '../../services/contracts/api/quota.ts'
import type { EndpointName } from '../../services/contracts/api.ts'
import { addLedgerPeople, newVehicle, reason } from './ledgerPeople.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await addLedgerPeople(db)
await db.query(`INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
  SELECT 'bureau.20', '示例 bureau.20', password_hash, 'bureau_admin', 20, true FROM accounts WHERE username = 'bureau_admin'`)
const world = await startWorld(t, db)
/** A bureau whose whole scope is one unit: its rights are the widest, its reach the narrowest. */
const caller = await world.signIn('bureau.20')

type Place = { unit: number; vehicle: number; quota: number; flow: number; file: number; compound: number; pool: number }
const one = async (sql: string, values: unknown[]): Promise<number> => (await db.query<{ id: number }>(sql, values)).rows[0]!.id

async function furnish(unit: number, vehicle: number): Promise<Place> {
  return {
    unit,
    vehicle,
    quota: await one(
      `INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason) VALUES ($1, 'OTHER_APPROVED', 3, '2027-01-01', 'DRAFT', 'x') RETURNING quota_id AS id`,
      [unit],
    ),
    flow: await one(
      `INSERT INTO ledger_flows (kind, state, open, unit_id, vehicle_id, started_at) VALUES ('disposal', 'APPLIED', false, $1, $2, now()) RETURNING flow_id AS id`,
      [unit, vehicle],
    ),
    file: await one(
      `INSERT INTO vehicle_files (vehicle_id, kind, name, content_type, bytes, content, added_at, added_by)
       VALUES ($1, 'document', 'x.pdf', 'application/pdf', 5, '%PDF-', now(), 'x') RETURNING file_id AS id`,
      [vehicle],
    ),
    compound: await one(`INSERT INTO compounds (organisation_id, name) VALUES ($1, '办公区') RETURNING compound_id AS id`, [unit]),
    pool: await one(`INSERT INTO motor_pools (organisation_id, name) VALUES ($1, '车队') RETURNING pool_id AS id`, [unit]),
  }
}
await db.query(`INSERT INTO vehicles (vehicle_id, plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id)
  VALUES (401, '蒙AX0401', 'blue', 'official', 'OTHER_APPROVED', 'petrol', '红旗', 'H5', 5, '2022-05-01', 4, 4)`)
const places: Record<'own' | 'sibling' | 'parent' | 'other', Place> = {
  own: await furnish(20, 201),
  sibling: await furnish(21, 211),
  parent: await furnish(4, 401),
  other: await furnish(30, 301),
}

type Parts = { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
const change = { version: 1, reason }
const plan = { category: 'OTHER_APPROVED', bodyType: null, energy: 'petrol', priceFen: 100, displacementMl: null }

/** What names something of a place, endpoint by endpoint; null = names nothing, answers only what is in scope. */
const naming: Record<keyof typeof ledgerApi | keyof typeof quotaApi, ((at: Place) => Parts) | null> = {
  listLedgerOrganisations: null,
  listSharedPlaces: null,
  listStandards: null,
  listLedger: null,
  listFlows: null,
  listQuotas: null,
  getOrganisationHistory: ({ unit }) => ({ params: { organisationId: unit } }),
  previewOrganisation: ({ unit }) => ({ params: { organisationId: unit }, query: { action: 'close' } }),
  createOrganisation: ({ unit }) => ({ body: { parentId: unit, kind: 'unit', name: '新单位', reason } }),
  changeOrganisation: ({ unit }) => ({ params: { organisationId: unit }, body: { ...change, costCentre: 'C1' } }),
  moveOrganisation: ({ unit }) => ({ params: { organisationId: unit }, body: { ...change, parentId: 20 } }),
  mergeOrganisation: ({ unit }) => ({ params: { organisationId: unit }, body: { ...change, intoId: 20 } }),
  closeOrganisation: ({ unit }) => ({ params: { organisationId: unit }, body: change }),
  createCompound: ({ unit }) => ({ body: { organisationId: unit, name: '又一办公区', reason } }),
  changeCompound: ({ compound }) => ({ params: { compoundId: compound }, body: { ...change, name: '改名办公区' } }),
  createPool: ({ unit }) => ({ body: { organisationId: unit, name: '又一车队', reason } }),
  changePool: ({ pool }) => ({ params: { poolId: pool }, body: { ...change, name: '改名车队' } }),
  getVehicleFile: ({ vehicle }) => ({ params: { vehicleId: vehicle } }),
  getVehicleHistory: ({ vehicle }) => ({ params: { vehicleId: vehicle } }),
  createVehicle: ({ unit }) => ({ body: { ...newVehicle(7, { userUnitId: unit }), reason } }),
  changeVehicle: ({ vehicle }) => ({ params: { vehicleId: vehicle }, body: { ...change, set: { note: 'x' } } }),
  actOnVehicle: ({ vehicle }) => ({ params: { vehicleId: vehicle }, body: { ...change, action: 'suspend' } }),
  bindTerminal: ({ vehicle }) => ({ params: { vehicleId: vehicle }, body: { ...change, terminalId: null } }),
  addVehicleFile: null,
  readVehicleFile: ({ vehicle, file }) => ({ params: { vehicleId: vehicle, fileId: file } }),
  removeVehicleFile: ({ vehicle, file }) => ({ params: { vehicleId: vehicle, fileId: file }, query: { reason } }),
  previewBulk: ({ vehicle }) => ({ body: { vehicleIds: [vehicle], set: { insuranceUntil: '2027-01-01' } } }),
  applyBulk: ({ vehicle }) => ({ body: { vehicleIds: [vehicle], set: { insuranceUntil: '2027-01-01' }, token: 'x', reason } }),
  getFlow: ({ flow }) => ({ params: { flowId: flow } }),
  startFlow: ({ unit }) => ({ body: { kind: 'acquisition', unitId: unit, plan, reason } }),
  actOnFlow: ({ flow }) => ({ params: { flowId: flow }, body: { ...change, action: 'appraise', data: { appraisedFen: 1 } } }),
  getQuota: ({ quota }) => ({ params: { quotaId: quota } }),
  getQuotaHistory: ({ unit }) => ({ query: { unitId: unit, category: 'OTHER_APPROVED' } }),
  draftQuota: ({ unit }) => ({ body: { unitId: unit, category: 'EMERGENCY_SUPPORT', seats: 1, effectiveFrom: '2027-01-01', reason } }),
  changeQuota: ({ quota }) => ({ params: { quotaId: quota }, body: { version: 1, seats: 4, reason } }),
  actOnQuota: ({ quota }) => ({ params: { quotaId: quota }, body: { version: 1, action: 'submit', reason } }),
  addStandardLimit: ({ unit }) => ({
    body: {
      organisationId: unit,
      category: 'OTHER_APPROVED',
      bodyType: null,
      newEnergy: null,
      maxPriceFen: 1,
      maxDisplacementMl: null,
      effectiveFrom: '2027-01-01',
      reason,
    },
  }),
  setLedgerPolicy: ({ unit }) => ({ body: { organisationId: unit, overQuota: 'flag', overStandard: 'flag', reason } }),
}

t.test('what is of a sibling, of the parent or of another league is not found, and nothing of it changes', async (t) => {
  const state = async () =>
    JSON.stringify(
      (
        await db.query(
          `SELECT (SELECT jsonb_agg(v ORDER BY vehicle_id) FROM vehicles v WHERE user_unit_id <> 20) AS vehicles,
                  (SELECT jsonb_agg(o ORDER BY organisation_id) FROM organisations o WHERE organisation_id <> 20) AS organisations,
                  (SELECT jsonb_agg(q ORDER BY quota_id) FROM quotas q WHERE unit_id <> 20) AS quotas,
                  (SELECT count(*) FROM standard_limits) AS limits, (SELECT count(*) FROM ledger_policies) AS policies`,
        )
      ).rows,
    )
  const before = await state()
  for (const [name, of] of Object.entries(naming)) {
    if (!of) continue
    for (const place of ['sibling', 'parent', 'other'] as const) {
      const answer = await ask(world, name as EndpointName, caller, of(places[place]))
      t.equal(answer.code, 'NOT_FOUND', `${name} ${place}: ${answer.status} ${answer.body.slice(0, 120)}`)
    }
  }
  t.equal(await state(), before)
})

t.test('the same requests reach what is the caller’s own', async (t) => {
  for (const [name, of] of Object.entries(naming)) {
    if (!of) continue
    const answer = await ask(world, name as EndpointName, caller, of(places.own))
    t.ok(!['NOT_FOUND', 'FORBIDDEN', 'INTERNAL'].includes(answer.code ?? ''), `${name}: ${answer.status} ${answer.body.slice(0, 120)}`)
  }
})

t.test('foreign numbers hidden in a body of one’s own vehicle or unit are not found either', async (t) => {
  const { version } = (await ask(world, 'getVehicleFile', caller, { params: { vehicleId: 202 } })).json()
  for (const unit of [21, 4, 30, 1, 999]) {
    for (const set of [{ userUnitId: unit }, { ownerUnitId: unit }]) {
      const answer = await ask(world, 'changeVehicle', caller, { params: { vehicleId: 202 }, body: { version, set, reason } })
      t.equal(answer.code, 'NOT_FOUND', JSON.stringify(set))
    }
    const bulk = await ask(world, 'previewBulk', caller, { body: { vehicleIds: [202], set: { userUnitId: unit } } })
    t.match(bulk.json(), { changes: 0, refusals: [{ reason: 'NOT_FOUND' }] })
  }
  for (const extra of [{ vehicleId: 1 }, { version: 99 }, { quotaSeat: 1 }, { state: 'DISPOSED' }, { search: 'x' }]) {
    const answer = await ask(world, 'changeVehicle', caller, { params: { vehicleId: 202 }, body: { version, set: extra, reason } })
    t.ok(answer.status === 200 || answer.status === 400, JSON.stringify(extra))
    const file = (await ask(world, 'getVehicleFile', caller, { params: { vehicleId: 202 } })).json()
    t.match(file, { vehicleId: 202, state: 'AVAILABLE', quotaSeat: null, version }, 'a field that is not the form’s is not written')
  }
})

t.test('lists hold the scope and nothing else', async (t) => {
  const rows = async (name: 'listLedger' | 'listFlows' | 'listQuotas' | 'listLedgerOrganisations', query = {}) =>
    (await ask(world, name, caller, { query })).json().rows as {
      userUnit?: { organisationId: number }
      unit?: { organisationId: number }
      unitId?: number
    }[]
  for (const organisationId of [1, 4, 21, 30])
    t.ok((await rows('listLedger', { organisationId })).every((row) => row.userUnit?.organisationId === 20))
  t.ok((await rows('listFlows')).every((row) => row.unit?.organisationId === 20))
  t.ok((await rows('listQuotas')).every((row) => row.unitId === 20))
  const shared = (await ask(world, 'listSharedPlaces', caller)).json()
  t.ok([...shared.compounds, ...shared.pools].every(({ organisationId }) => organisationId === 20))
})
