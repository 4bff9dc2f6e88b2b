// What may be done to the tree, said in plain words before anything is written. The preview and the act ask the same functions.
import { refusal } from '../../contracts/refusals.ts'
import { isWithin, mayStandUnder } from '../../domain/organisations.ts'
import type { OrganisationKind } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'
import { quotasInForce } from '../kernel/quota.ts'
import { getOpenUnit, getUnit, type Unit } from './units.ts'

export function requireTier(kind: OrganisationKind, parent: Unit): void {
  if (!mayStandUnder(kind, parent.kind)) throw refusal('VALIDATION_FAILED', 'body.parentId', 'organisation.tier', { name: parent.name })
}

export async function requireFreeName(db: Queryable, parentId: number | null, name: string, self = 0): Promise<void> {
  const { rowCount } = await db.query(
    'SELECT FROM organisations WHERE parent_id IS NOT DISTINCT FROM $1 AND name = $2 AND closed_at IS NULL AND organisation_id <> $3',
    [parentId, name, self],
  )
  if (rowCount > 0) throw refusal('CONFLICT', 'body.name', 'organisation.name')
}

/** What someone's scope hangs on is not theirs to move: that is done from above. */
function requireBelowTop(scope: Scope, unit: Unit): void {
  if (unit.lft === scope.lft || unit.parentId === null) throw refusal('CONFLICT', 'params.organisationId', 'organisation.root')
}

export async function judgeMove(
  db: Queryable,
  scope: Scope,
  organisationId: number,
  parentId: number,
): Promise<{ unit: Unit; parent: Unit }> {
  const unit = await getOpenUnit(db, scope, organisationId, 'params.organisationId')
  const parent = await getOpenUnit(db, scope, parentId, 'body.parentId')
  requireBelowTop(scope, unit)
  if (isWithin(unit, parent)) throw refusal('CONFLICT', 'body.parentId', 'organisation.cycle')
  requireTier(unit.kind, parent)
  await requireFreeName(db, parentId, unit.name, organisationId)
  return { unit, parent }
}

export async function judgeMerge(db: Queryable, scope: Scope, organisationId: number, intoId: number): Promise<{ unit: Unit; into: Unit }> {
  const unit = await getOpenUnit(db, scope, organisationId, 'params.organisationId')
  const into = await getOpenUnit(db, scope, intoId, 'body.intoId')
  requireBelowTop(scope, unit)
  if (isWithin(unit, into)) throw refusal('CONFLICT', 'body.intoId', 'organisation.cycle')
  if (unit.kind !== 'unit' || into.kind !== 'unit') throw refusal('VALIDATION_FAILED', 'body.intoId', 'organisation.mergeKind')
  const { rows } = await db.query<{ pending: boolean }>(
    `SELECT EXISTS (SELECT FROM quotas WHERE unit_id = $1 AND state <> 'APPROVED')
         OR EXISTS (SELECT FROM ledger_flows WHERE open AND (unit_id = $1 OR to_unit_id = $1)) AS pending`,
    [organisationId],
  )
  if (rows[0]!.pending) throw refusal('CONFLICT', 'params.organisationId', 'organisation.mergePending')
  return { unit, into }
}

type Hanging = { vehicles: number; drivers: number; accounts: number; children: number }

export async function judgeClose(db: Queryable, scope: Scope, organisationId: number): Promise<Unit> {
  const unit = await getOpenUnit(db, scope, organisationId, 'params.organisationId')
  requireBelowTop(scope, unit)
  const { rows } = await db.query<Hanging & { pending: boolean }>(
    `SELECT (SELECT count(*) FROM vehicles WHERE (user_unit_id = $1 OR owner_unit_id = $1) AND state <> 'DISPOSED') AS vehicles,
            (SELECT count(*) FROM drivers WHERE organisation_id = $1 AND state <> 'retired') AS drivers,
            (SELECT count(*) FROM accounts WHERE organisation_id = $1) AS accounts,
            (SELECT count(*) FROM organisations WHERE parent_id = $1 AND closed_at IS NULL) AS children,
            EXISTS (SELECT FROM quotas WHERE unit_id = $1 AND state <> 'APPROVED')
              OR EXISTS (SELECT FROM ledger_flows WHERE open AND (unit_id = $1 OR to_unit_id = $1)) AS pending`,
    [organisationId],
  )
  const { pending, ...hanging } = rows[0]!
  if (Object.values(hanging).some((count) => count > 0)) throw refusal('CONFLICT', 'params.organisationId', 'organisation.inUse', hanging)
  if (pending) throw refusal('CONFLICT', 'params.organisationId', 'organisation.closePending')
  return unit
}

/** Compound and pool must be of the unit's own organisation or one above it. @throws Refusal */
export async function requireShared(
  db: Queryable,
  unit: Scope,
  set: { compoundId?: number | null; poolId?: number | null },
): Promise<void> {
  for (const [table, key, value] of [
    ['compounds', 'compound_id', set.compoundId],
    ['motor_pools', 'pool_id', set.poolId],
  ] as const) {
    if (value == null) continue
    const { rowCount } = await db.query(
      `SELECT FROM ${table} s JOIN organisations o USING (organisation_id) WHERE s.${key} = $1 AND o.lft <= $2 AND $3 <= o.rgt`,
      [value, unit.lft, unit.rgt],
    )
    if (rowCount === 0) throw refusal('VALIDATION_FAILED', 'body', 'compound.scope')
  }
}

/** What an act on an organisation reaches: itself and everything below it. */
export async function countReached(db: Queryable, scope: Scope, organisationId: number, today: string) {
  const unit = await getUnit(db, scope, organisationId)
  const { rows } = await db.query<{ vehicles: number; drivers: number; accounts: number; quotaSeats: number; organisations: number }>(
    `WITH below AS (SELECT organisation_id AS id FROM organisations WHERE lft BETWEEN $1 AND $2)
     SELECT (SELECT count(*) FROM vehicles WHERE user_unit_id IN (SELECT id FROM below) AND state <> 'DISPOSED') AS vehicles,
            (SELECT count(*) FROM drivers WHERE organisation_id IN (SELECT id FROM below)) AS drivers,
            (SELECT count(*) FROM accounts WHERE organisation_id IN (SELECT id FROM below)) AS accounts,
            (SELECT coalesce(sum(seats), 0) FROM ${quotasInForce('$3', 'AND q.unit_id IN (SELECT id FROM below)')} q) AS "quotaSeats",
            (SELECT count(*) - 1 FROM below) AS organisations`,
    [unit.lft, unit.rgt, today],
  )
  return rows[0]!
}
