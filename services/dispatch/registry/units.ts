// Organisations as rows, and the question every change asks first: is it inside the caller's subtree, and still open?
import type { LedgerOrganisation } from '../../contracts/api/ledger.ts'
import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { findUnitProblem } from '../../domain/vehicleFile.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import type { Scope } from '../kernel/caller.ts'

export const organisationColumns =
  'organisation_id, parent_id, kind, adcode, name, cost_centre, compound_id, pool_id, closed_at, merged_into_id, version, lft, rgt'

export type Unit = LedgerOrganisation & Scope

export const unitOf = (row: Row): Unit => ({
  organisationId: row.organisation_id as number,
  parentId: row.parent_id as number | null,
  kind: row.kind as Unit['kind'],
  adcode: row.adcode as string,
  name: row.name as string,
  costCentre: row.cost_centre as string | null,
  compoundId: row.compound_id as number | null,
  poolId: row.pool_id as number | null,
  closedAt: (row.closed_at as Date | null)?.toISOString() ?? null,
  mergedIntoId: row.merged_into_id as number | null,
  version: row.version as number,
  lft: row.lft as number,
  rgt: row.rgt as number,
})

/** @throws Refusal NOT_FOUND for an organisation out of scope or absent */
export async function getUnit(db: Queryable, scope: Scope, organisationId: number): Promise<Unit> {
  const { rows } = await db.query(`SELECT ${organisationColumns} FROM organisations WHERE organisation_id = $1 AND lft BETWEEN $2 AND $3`, [
    organisationId,
    scope.lft,
    scope.rgt,
  ])
  if (!rows[0]) throw new Refusal('NOT_FOUND')
  return unitOf(rows[0])
}

export async function getOpenUnit(db: Queryable, scope: Scope, organisationId: number, path = 'body'): Promise<Unit> {
  const unit = await getUnit(db, scope, organisationId)
  if (unit.closedAt !== null) throw refusal('CONFLICT', path, 'unit.closed', { name: unit.name })
  return unit
}

/** An open organisation that may hold vehicles and quota: a unit, not a place of the tree. */
export async function getVehicleUnit(db: Queryable, scope: Scope, organisationId: number, path = 'body'): Promise<Unit> {
  const unit = await getUnit(db, scope, organisationId)
  const problem = findUnitProblem({ ...unit, closed: unit.closedAt !== null })
  if (problem) throw refusal(problem.reason === 'unit.closed' ? 'CONFLICT' : 'VALIDATION_FAILED', path, problem.reason, problem.values)
  return unit
}
