// The nested set of the organisation tree: numbered anew as a whole, in the transaction that changed it.
import type { Queryable } from '../../platform/db.ts'

export type TreeRow = { organisationId: number; parentId: number | null; lft: number }

/** lft and rgt of every organisation. Siblings keep the order of their old lft. Rows that hang in a cycle get no number. */
export function numberTree(rows: readonly TreeRow[]): Map<number, { lft: number; rgt: number }> {
  const children = new Map<number | null, TreeRow[]>()
  for (const row of rows) {
    const siblings = children.get(row.parentId)
    if (siblings) siblings.push(row)
    else children.set(row.parentId, [row])
  }
  for (const siblings of children.values()) siblings.sort((a, b) => a.lft - b.lft)
  const numbers = new Map<number, { lft: number; rgt: number }>()
  let counter = 0
  const walk = (parent: number | null): void => {
    for (const { organisationId } of children.get(parent) ?? []) {
      const number = { lft: ++counter, rgt: 0 }
      numbers.set(organisationId, number)
      walk(organisationId)
      number.rgt = ++counter
    }
  }
  walk(null)
  return numbers
}

/** Reads the tree, numbers it and writes what is different. */
export async function renumber(client: Queryable): Promise<void> {
  const { rows } = await client.query<TreeRow & { rgt: number }>(
    'SELECT organisation_id AS "organisationId", parent_id AS "parentId", lft, rgt FROM organisations',
  )
  const numbers = numberTree(rows)
  if (numbers.size !== rows.length) throw new Error('the organisation tree has a cycle')
  const moved = rows.filter(({ organisationId, lft, rgt }) => {
    const number = numbers.get(organisationId)!
    return number.lft !== lft || number.rgt !== rgt
  })
  const ids = moved.map(({ organisationId }) => organisationId)
  await client.query(
    `UPDATE organisations o SET lft = n.lft, rgt = n.rgt FROM unnest($1::int[], $2::int[], $3::int[]) AS n (id, lft, rgt)
     WHERE o.organisation_id = n.id`,
    [ids, ids.map((id) => numbers.get(id)!.lft), ids.map((id) => numbers.get(id)!.rgt)],
  )
}
