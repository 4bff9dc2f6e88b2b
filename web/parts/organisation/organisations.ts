// The organisation tree of the signed-in account, with the look-ups that pickers and breadcrumbs need.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Organisation } from '../../../services/contracts/api.ts'
import { call } from '../../kit/api/session.ts'

export class OrganisationTree {
  readonly byId = new Map<number, Organisation>()
  readonly #children = new Map<number | null, Organisation[]>()
  /** The top of the account's own subtree; undefined when it may see no organisation. */
  readonly root: Organisation | undefined

  constructor(readonly rows: Organisation[]) {
    for (const row of rows) this.byId.set(row.organisationId, row)
    for (const row of rows) {
      const parent = row.parentId !== null && this.byId.has(row.parentId) ? row.parentId : null
      const siblings = this.#children.get(parent)
      if (siblings) siblings.push(row)
      else this.#children.set(parent, [row])
    }
    // Places before offices: who walks the tree wants to go down it.
    for (const siblings of this.#children.values()) siblings.sort((a, b) => rankOf(a) - rankOf(b))
    this.root = this.#children.get(null)?.[0]
  }

  childrenOf(id: number): Organisation[] {
    return this.#children.get(id) ?? []
  }

  /** From the root down to `id`, both included; only the root when `id` is not in scope. */
  pathTo(id: number | undefined): Organisation[] {
    const path: Organisation[] = []
    for (let at = id === undefined ? undefined : this.byId.get(id); at; at = at.parentId === null ? undefined : this.byId.get(at.parentId))
      path.unshift(at)
    return path.length > 0 || !this.root ? path : [this.root]
  }

  nameOf(id: number): string {
    return this.byId.get(id)?.name ?? ''
  }

  /** Organisations whose name holds all words of `text`, at most `limit`. */
  find(text: string, limit: number): Organisation[] {
    const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
    const found: Organisation[] = []
    for (const row of this.rows) {
      if (found.length >= limit) break
      const path = this.pathTo(row.organisationId)
        .map((step) => step.name)
        .join(' ')
        .toLowerCase()
      if (words.every((word) => path.includes(word)) && words.some((word) => row.name.toLowerCase().includes(word))) found.push(row)
    }
    return found
  }
}

const rankOf = ({ kind }: Organisation) => (kind === 'unit' ? 1 : 0)

const organisationsQuery = {
  queryKey: ['organisations'],
  queryFn: ({ signal }: { signal: AbortSignal }) => call('listOrganisations', { signal }),
  staleTime: 10 * 60_000,
}

export function useOrganisations(): OrganisationTree | undefined {
  const { data } = useQuery(organisationsQuery)
  return useMemo(() => data && new OrganisationTree(data.rows), [data])
}
