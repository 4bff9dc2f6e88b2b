// The organisations of a scope with the vehicles each uses, itself and everything below.
import type { Organisation } from '../../contracts/api.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Scope } from '../audit/caller.ts'

/**
 * Parents before children. The scope's own root has no parent in the answer: what is above it is out of sight.
 * Counts are differences of one running sum along lft: a join of every pair of nested intervals would be a hundred times the rows.
 */
export async function listOrganisations(db: Queryable, scope: Scope): Promise<Organisation[]> {
  const { rows } = await db.query<
    Omit<Organisation, 'vehicles' | 'parentId'> & { parentId: number | null; lft: number; rgt: number; own: number }
  >(
    `SELECT o.organisation_id AS "organisationId", o.parent_id AS "parentId", o.kind, o.adcode, o.name, o.lft, o.rgt, coalesce(n.own, 0) AS own
     FROM organisations o
     LEFT JOIN (SELECT user_unit_id, count(*) AS own FROM vehicles GROUP BY user_unit_id) n ON n.user_unit_id = o.organisation_id
     WHERE o.lft BETWEEN $1 AND $2 AND o.closed_at IS NULL ORDER BY o.lft`,
    [scope.lft, scope.rgt],
  )
  const before = [0]
  for (const row of rows) before.push(before.at(-1)! + row.own)
  let end = 0
  const answer: Organisation[] = rows.map((row) => ({
    organisationId: row.organisationId,
    parentId: row.lft === scope.lft ? null : row.parentId,
    kind: row.kind,
    adcode: row.adcode,
    name: row.name,
    vehicles: 0,
  }))
  // Subtrees are runs of this order: a stack of open ones closes each at the first row beyond its rgt.
  const open: number[] = []
  const close = (index: number) => {
    answer[index]!.vehicles = before[end]! - before[index]!
  }
  for (end = 0; end < rows.length; end++) {
    while (open.length > 0 && rows[open.at(-1)!]!.rgt < rows[end]!.lft) close(open.pop()!)
    open.push(end)
  }
  while (open.length > 0) close(open.pop()!)
  return answer
}
