// Writes compounds, pools, quotas, standards and a few applications and flows that are under way, in the transaction of the rest.
import type { Queryable } from '../../platform/db.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { insert } from './insert.ts'
import type { DemoRegion } from './region.ts'

const STANDARDS_SINCE = '2017-12-05'
const QUOTAS_SINCE = '2024-01-01'

/** After organisations and places. */
export async function writeLedger(client: Queryable, { ledger, organisations }: DemoRegion): Promise<void> {
  const { shared, quotas, limits } = ledger
  await insert(client, 'compounds', shared.compounds, {
    compound_id: ['int', (c) => c.compoundId],
    organisation_id: ['int', (c) => c.organisationId],
    name: ['text', (c) => c.name],
    place_id: ['int', (c) => c.placeId],
  })
  await insert(client, 'motor_pools', shared.pools, {
    pool_id: ['int', (p) => p.poolId],
    organisation_id: ['int', (p) => p.organisationId],
    name: ['text', (p) => p.name],
    compound_id: ['int', (p) => p.compoundId],
  })
  await client.query(
    `UPDATE organisations o SET cost_centre = u.cost_centre, compound_id = u.compound_id, pool_id = u.pool_id
     FROM unnest($1::int[], $2::text[], $3::int[], $4::int[]) AS u (id, cost_centre, compound_id, pool_id) WHERE o.organisation_id = u.id`,
    [
      shared.units.map((u) => u.organisationId),
      shared.units.map((u) => u.costCentre),
      shared.units.map((u) => u.compoundId),
      shared.units.map((u) => u.poolId),
    ],
  )
  await insert(client, 'quotas', quotas, {
    unit_id: ['int', (q) => q.unitId],
    category: ['text', (q) => q.category],
    seats: ['int', (q) => q.seats],
    effective_from: ['date', () => QUOTAS_SINCE],
    state: ['text', () => 'APPROVED'],
    reason: ['text', () => '2024 年度编制核定'],
  })
  const region = organisations[0]!.organisationId
  await insert(client, 'standard_limits', limits, {
    organisation_id: ['int', () => region],
    category: ['text', (l) => l.category],
    body_type: ['text', (l) => l.bodyType],
    new_energy: ['boolean', (l) => l.newEnergy],
    max_price_fen: ['bigint', (l) => l.maxPriceFen],
    max_displacement_ml: ['int', (l) => l.maxDisplacementMl],
    effective_from: ['date', () => STANDARDS_SINCE],
    note: ['text', (l) => l.note],
  })
  await client.query(
    `INSERT INTO ledger_policies (organisation_id, effective_from, over_quota, over_standard) VALUES ($1, $2, 'refuse', 'flag')`,
    [region, QUOTAS_SINCE],
  )
}

/** After accounts: applications and flows for the unit of the demo's fleet manager, so that every page has work on it. */
export async function writeLedgerWork(client: Queryable, region: DemoRegion): Promise<void> {
  const manager = region.accounts.find(({ role }) => role === 'fleet_manager')
  if (!manager) return
  const own = region.fleet.filter(
    ({ userUnitId, class: kind }, i) =>
      userUnitId === manager.organisationId && kind === 'official' && region.ledger.files[i]!.state === 'AVAILABLE',
  )
  const parent = region.organisations[manager.organisationId - 1]!.parentId
  const others = region.organisations.filter(
    (o) => o.kind === 'unit' && o.parentId === parent && o.organisationId !== manager.organisationId,
  )
  const categories = [...new Set(own.map(({ category }) => category))]
  for (const [i, state] of (['DRAFT', 'UNIT_SUBMITTED', 'BUREAU_REVIEW', 'RETURNED'] as const).entries()) {
    const [unitId, category] =
      i < categories.length ? [manager.organisationId, categories[i]!] : [others[i]!.organisationId, 'EMERGENCY_SUPPORT']
    const now = region.ledger.quotas.find((quota) => quota.unitId === unitId && quota.category === category)?.seats ?? 0
    await client.query(
      `WITH q AS (INSERT INTO quotas (unit_id, category, seats, effective_from, state, reason, returned_why)
         VALUES ($1, $2, $3, '2027-01-01', $4, '基层巡查任务增加，申请增编', $5) RETURNING quota_id)
       INSERT INTO quota_steps (quota_id, action, account_id, at)
       SELECT q.quota_id, 'draft', a.account_id, '2026-01-05T01:00:00Z' FROM q, accounts a WHERE a.username = $6`,
      [unitId, category, now + 1, state, state === 'RETURNED' ? '请补充近一年用车数据' : null, manager.username],
    )
  }
  const start = async (kind: string, state: string, vehicleId: number | null, toUnitId: number | null, data: object, reason: string) => {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO ledger_flows (kind, state, unit_id, to_unit_id, vehicle_id, data, started_at) VALUES ($1, $2, $3, $4, $5, $6, '2026-01-05T01:00:00Z')
       RETURNING flow_id AS id`,
      [kind, state, manager.organisationId, toUnitId, vehicleId, JSON.stringify(data)],
    )
    await client.query(
      `INSERT INTO ledger_flow_steps (flow_id, step, action, state, at, account_id, username, reason)
       SELECT $1, 1, 'start', $2, '2026-01-05T01:00:00Z', account_id, display_name, $3 FROM accounts WHERE username = $4`,
      [rows[0]!.id, state, reason, manager.username],
    )
  }
  const plan = { category: 'EMERGENCY_SUPPORT', bodyType: 'off_road', energy: 'plug_in_hybrid', priceFen: 14_600_000, displacementMl: 1498 }
  await start('acquisition', 'PLAN', null, null, plan, '更新老旧车辆，优先新能源')
  if (own[0] && others[0]) await start('transfer', 'PROPOSED', own[0].vehicleId, others[0].organisationId, {}, '任务调整，闲置车辆调剂使用')
  if (own[1]) {
    await start('disposal', 'APPLIED', own[1].vehicleId, null, {}, '车况差，维修费用过高')
    await client.query(`UPDATE vehicles SET state = 'DISPOSAL_PENDING' WHERE vehicle_id = $1`, [own[1].vehicleId])
  }
}

/** What the search of a vehicle goes by; the same words as the registry writes. */
export const searchText = (plate: string, made: string, file: { vin: string; engineNo: string; stickerNo: string }): string =>
  [plate, pinyinOf(plate), made, pinyinOf(made), file.vin, file.engineNo, file.stickerNo]
    .filter((part) => part)
    .join(' ')
    .toLowerCase()
    .replace(/[·•・‧.-]/gu, '')
