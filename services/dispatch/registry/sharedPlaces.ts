// Office compounds (集中办公区) and motor pools: who shares what. Each belongs to an organisation; the units below it may name it.
import type { AnswerOf, BodyOf } from '../../contracts/api.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { type Act, difference, requireVersion } from '../kernel/act.ts'
import type { Sight } from '../kernel/caller.ts'
import { changeRow } from '../kernel/changeRow.ts'
import { openVehicles } from '../kernel/sight.ts'
import { getOpenUnit } from './units.ts'

type Compound = AnswerOf<'createCompound'>
type Pool = AnswerOf<'createPool'>

export async function listSharedPlaces(db: Queryable, scope: Sight, only: { compoundId?: number; poolId?: number } = {}) {
  const compounds = await db.query(
    `SELECT s.compound_id, s.organisation_id, s.name, s.place_id, s.version,
            (SELECT count(*) FROM organisations u WHERE u.compound_id = s.compound_id AND u.closed_at IS NULL) AS units
     FROM compounds s JOIN organisations o USING (organisation_id)
     WHERE o.lft BETWEEN $1 AND $2 AND ($3::int IS NULL OR s.compound_id = $3) ORDER BY o.lft, s.name COLLATE "C"`,
    [scope.lft, scope.rgt, only.compoundId ?? null],
  )
  const pools = await db.query(
    `SELECT s.pool_id, s.organisation_id, s.name, s.compound_id, s.version,
            (SELECT count(*) FROM organisations u WHERE u.pool_id = s.pool_id AND u.closed_at IS NULL) AS units,
            (SELECT count(*) FROM organisations u JOIN ${openVehicles('$4')} v ON v.user_unit_id = u.organisation_id
             WHERE u.pool_id = s.pool_id AND v.state <> 'DISPOSED') AS vehicles
     FROM motor_pools s JOIN organisations o USING (organisation_id)
     WHERE o.lft BETWEEN $1 AND $2 AND ($3::int IS NULL OR s.pool_id = $3) ORDER BY o.lft, s.name COLLATE "C"`,
    [scope.lft, scope.rgt, only.poolId ?? null, scope.cleared],
  )
  const shared = (row: Row) => ({
    organisationId: row.organisation_id as number,
    name: row.name as string,
    version: row.version as number,
    units: row.units as number,
  })
  return {
    compounds: compounds.rows.map(
      (row): Compound => ({ ...shared(row), compoundId: row.compound_id as number, placeId: row.place_id as number | null }),
    ),
    pools: pools.rows.map(
      (row): Pool => ({
        ...shared(row),
        poolId: row.pool_id as number,
        compoundId: row.compound_id as number | null,
        vehicles: row.vehicles as number,
      }),
    ),
  }
}

async function findCompound({ client, scope }: Act, compoundId: number): Promise<Compound> {
  const found = (await listSharedPlaces(client, scope, { compoundId })).compounds[0]
  if (!found) throw new Refusal('NOT_FOUND')
  return found
}

async function findPool({ client, scope }: Act, poolId: number): Promise<Pool> {
  const found = (await listSharedPlaces(client, scope, { poolId })).pools[0]
  if (!found) throw new Refusal('NOT_FOUND')
  return found
}

async function requirePlace({ client, scope }: Act, placeId: number | null | undefined): Promise<void> {
  if (placeId == null) return
  const { rowCount } = await client.query(
    'SELECT FROM places p JOIN organisations o USING (organisation_id) WHERE p.place_id = $1 AND o.lft BETWEEN $2 AND $3',
    [placeId, scope.lft, scope.rgt],
  )
  if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body.placeId', 'place.unknown')
}

export async function createCompound(change: Act, body: BodyOf<'createCompound'>): Promise<Compound> {
  const owner = await getOpenUnit(change.client, change.scope, body.organisationId, 'body.organisationId')
  await requirePlace(change, body.placeId)
  const { rows } = await change.client.query<{ id: number }>(
    'INSERT INTO compounds (organisation_id, name, place_id) VALUES ($1, $2, $3) RETURNING compound_id AS id',
    [owner.organisationId, body.name, body.placeId ?? null],
  )
  const made = await findCompound(change, rows[0]!.id)
  change.record('compound.create', { type: 'compound', id: made.compoundId }, { after: { name: made.name }, reason: body.reason })
  return made
}

export async function changeCompound(change: Act, compoundId: number, body: BodyOf<'changeCompound'>): Promise<Compound> {
  const old = await findCompound(change, compoundId)
  requireVersion(old, body.version)
  await requirePlace(change, body.placeId)
  const changed = difference<Partial<Compound>>(old, { name: body.name, placeId: body.placeId })
  const next = { ...old, ...changed.after, version: old.version + 1 }
  await changeRow(change.client, { table: 'compounds', key: 'compound_id', id: compoundId }, { name: next.name, place_id: next.placeId })
  change.record('compound.change', { type: 'compound', id: compoundId }, { ...changed, reason: body.reason })
  return next
}

export async function createPool(change: Act, body: BodyOf<'createPool'>): Promise<Pool> {
  const owner = await getOpenUnit(change.client, change.scope, body.organisationId, 'body.organisationId')
  if (body.compoundId != null) await findCompound(change, body.compoundId)
  const { rows } = await change.client.query<{ id: number }>(
    'INSERT INTO motor_pools (organisation_id, name, compound_id) VALUES ($1, $2, $3) RETURNING pool_id AS id',
    [owner.organisationId, body.name, body.compoundId ?? null],
  )
  const made = await findPool(change, rows[0]!.id)
  change.record('pool.create', { type: 'pool', id: made.poolId }, { after: { name: made.name }, reason: body.reason })
  return made
}

export async function changePool(change: Act, poolId: number, body: BodyOf<'changePool'>): Promise<Pool> {
  const old = await findPool(change, poolId)
  requireVersion(old, body.version)
  if (body.compoundId != null) await findCompound(change, body.compoundId)
  const changed = difference<Partial<Pool>>(old, { name: body.name, compoundId: body.compoundId })
  const next = { ...old, ...changed.after, version: old.version + 1 }
  await changeRow(change.client, { table: 'motor_pools', key: 'pool_id', id: poolId }, { name: next.name, compound_id: next.compoundId })
  change.record('pool.change', { type: 'pool', id: poolId }, { ...changed, reason: body.reason })
  return next
}
