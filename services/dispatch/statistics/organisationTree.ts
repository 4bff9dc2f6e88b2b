// Where a unit stood when a period ended: figures are told by the banner and the league that were above it then, whatever became of them since.
import type { PlaceDimension } from '../../domain/statistics/table.ts'
import type { Queryable } from '../../platform/db.ts'

export type Place = { organisationId: number; name: string; order: number }
/** What a unit counts for, by each dimension of place; null where it stood under none. */
export type TreeOf = (unitId: number) => Record<PlaceDimension, Place | null>

type Row = { id: number; parentId: number | null; kind: string; name: string; lft: number }

/** The tree of organisations at the instant; those that were closed by then, or are unknown to it, stand where they stood last. */
export async function treeAt(db: Queryable, at: Date): Promise<TreeOf> {
  const { rows } = await db.query<Row>(
    `SELECT o.organisation_id AS id, CASE WHEN p.organisation_id IS NULL THEN o.parent_id ELSE p.parent_id END AS "parentId", o.kind, coalesce(p.name, o.name) AS name, o.lft
     FROM organisations o LEFT JOIN organisations_as_of($1) p ON p.organisation_id = o.organisation_id`,
    [at],
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  const placeOf = (row: Row | undefined): Place | null => (row ? { organisationId: row.id, name: row.name, order: row.lft } : null)
  const nearest = (id: number, kind: string): Place | null => {
    const passed = new Set<number>()
    for (let row = byId.get(id); row && !passed.has(row.id); row = row.parentId === null ? undefined : byId.get(row.parentId)) {
      if (row.kind === kind) return placeOf(row)
      passed.add(row.id)
    }
    return null
  }
  const known = new Map<number, ReturnType<TreeOf>>()
  return (unitId) => {
    const found = known.get(unitId) ?? {
      unit: placeOf(byId.get(unitId)),
      banner: nearest(unitId, 'banner'),
      league: nearest(unitId, 'league'),
    }
    known.set(unitId, found)
    return found
  }
}
