// Ids that come in a request, checked against the scope of who sends them: an organisation out of sight is as good as absent.
import { type RefusalReason, refusal } from '../../contracts/refusals.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from './caller.ts'

export type Organisation = { organisationId: number; name: string; adcode: string; lft: number; rgt: number }

/** @throws Refusal VALIDATION_FAILED for `path` when the organisation is outside the scope, closed or absent */
export async function requireOrganisation(
  client: Queryable,
  scope: Scope,
  organisationId: number,
  path: string,
  reason: RefusalReason = 'driver.unitUnknown',
): Promise<Organisation> {
  const { rows } = await client.query<Organisation & { closed: boolean }>(
    `SELECT organisation_id AS "organisationId", name, adcode, lft, rgt, closed_at IS NOT NULL AS closed
     FROM organisations WHERE organisation_id = $1 AND lft BETWEEN $2 AND $3`,
    [organisationId, scope.lft, scope.rgt],
  )
  const found = rows[0]
  if (!found) throw refusal('VALIDATION_FAILED', path, reason)
  if (found.closed) throw refusal('VALIDATION_FAILED', path, 'unit.closed', { name: found.name })
  return found
}
