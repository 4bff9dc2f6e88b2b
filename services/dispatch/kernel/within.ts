// Ids that come in a request, checked against the scope of who sends them: an organisation out of sight is as good as absent.
import { type RefusalReason, refusal } from '../../contracts/refusals.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from './caller.ts'

/**
 * SQL: the organisation `o` of a row is inside the scope or above it. What an organisation keeps holds for everything below it: whoever reads
 * sees the rows of their subtree and those from above that hold for all of it; whoever writes, those of their subtree.
 */
export const isHeldFor = (o: string, lft: string, rgt: string): string =>
  `(${o}.lft BETWEEN ${lft} AND ${rgt} OR (${o}.lft < ${lft} AND ${o}.rgt > ${rgt}))`

/** SQL: does `o` stand inside the chosen organisation, itself included? */
export const isUnder = (chosen: string, o = 'organisations'): string =>
  `EXISTS (SELECT FROM organisations c WHERE c.organisation_id = ${chosen} AND ${o}.lft BETWEEN c.lft AND c.rgt)`

/** SQL tests over `o`: the organisations of a scope, or of what was chosen in it. */
export function unitTestsOf(
  $: (value: unknown) => string,
  { lft, rgt }: Scope,
  organisationId: number | undefined,
  o = 'organisations',
): string[] {
  const tests = [`${o}.lft BETWEEN ${$(lft)} AND ${$(rgt)}`]
  return organisationId ? [...tests, isUnder(`${$(organisationId)}::bigint`, o)] : tests
}

/** Is there such a place for whoever has this scope: their own, or one from above? */
export async function isPlaceKnown(db: Queryable, scope: Scope, placeId: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT FROM places p JOIN organisations o USING (organisation_id) WHERE p.place_id = $1 AND ${isHeldFor('o', '$2', '$3')}`,
    [placeId, scope.lft, scope.rgt],
  )
  return rowCount > 0
}

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
