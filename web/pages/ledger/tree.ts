// The organisation tree as rows of a list: what is open below what, and what a search finds with the way to it.
import type { LedgerOrganisation } from '../../../services/contracts/api/ledger.ts'

export type TreeRow = { organisation: LedgerOrganisation; depth: number; children: number }

function childrenOf(rows: readonly LedgerOrganisation[]): Map<number | null, LedgerOrganisation[]> {
  const known = new Set(rows.map((row) => row.organisationId))
  const children = new Map<number | null, LedgerOrganisation[]>()
  for (const row of rows) {
    const parent = row.parentId !== null && known.has(row.parentId) ? row.parentId : null
    const siblings = children.get(parent)
    if (siblings) siblings.push(row)
    else children.set(parent, [row])
  }
  // Places before units: who walks the tree wants to go down it.
  for (const siblings of children.values()) siblings.sort((a, b) => Number(a.kind === 'unit') - Number(b.kind === 'unit'))
  return children
}

/** Rows to show: below every row of `open` its children; with `text`, whatever holds it instead. */
export function visibleRows(rows: readonly LedgerOrganisation[], open: ReadonlySet<number>, text: string, most: number): TreeRow[] {
  const children = childrenOf(rows)
  const found: TreeRow[] = []
  const wanted = text.trim().toLowerCase()
  const walk = (parent: number | null, depth: number): void => {
    for (const organisation of children.get(parent) ?? []) {
      if (found.length >= most) return
      const below = children.get(organisation.organisationId)?.length ?? 0
      if (!wanted || organisation.name.toLowerCase().includes(wanted))
        found.push({ organisation, depth: wanted ? 0 : depth, children: below })
      if (wanted || open.has(organisation.organisationId)) walk(organisation.organisationId, depth + 1)
    }
  }
  walk(null, 0)
  return found
}

/** The organisations above `id`, which must be open for it to be seen. */
export function waysTo(rows: readonly LedgerOrganisation[], id: number): number[] {
  const parents = new Map(rows.map(({ organisationId, parentId }) => [organisationId, parentId]))
  const above: number[] = []
  for (let at = parents.get(id); at !== undefined && at !== null; at = parents.get(at)) above.push(at)
  return above
}
