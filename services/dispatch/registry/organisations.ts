// The organisations of a scope with the vehicles each uses, itself and everything below.
import type { Organisation } from '../../contracts/api.ts'
import { dayAt } from '../../domain/days.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { coarseVehicles, openVehicles } from '../kernel/sight.ts'

/**
 * Parents before children. A sensitive vehicle that is seen coarsely counts for its league or banner and not for its unit. The scope's own root has no parent in the answer: what is above it is out of sight.
 * Counts are differences of one running sum along lft: a join of every pair of nested intervals would be a hundred times the rows.
 */
export async function listOrganisations(db: Queryable, scope: Sight, nowMs: number): Promise<Organisation[]> {
  const { rows } = await db.query<
    Omit<Organisation, 'vehicles' | 'parentId'> & { parentId: number | null; lft: number; rgt: number; own: number }
  >(
    `WITH coarse AS MATERIALIZED (SELECT c.home_id FROM ${coarseVehicles('$4')} c WHERE NOT c.vehicle_id = ANY($3::int[])),
     counted AS MATERIALIZED (
       SELECT place_id, count(*) AS own FROM (
         SELECT v.user_unit_id AS place_id FROM ${openVehicles('$3')} v UNION ALL SELECT home_id FROM coarse) seen
       GROUP BY place_id)
     SELECT o.organisation_id AS "organisationId", o.parent_id AS "parentId", o.kind, o.adcode, o.name, o.lft, o.rgt, coalesce(n.own, 0) AS own
     FROM organisations o LEFT JOIN counted n ON n.place_id = o.organisation_id
     WHERE o.lft BETWEEN $1 AND $2 AND o.closed_at IS NULL ORDER BY o.lft`,
    [scope.lft, scope.rgt, scope.cleared, dayAt(nowMs)],
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
