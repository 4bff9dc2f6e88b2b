// What must come back, from the permission table and the tree alone.
import type { Endpoint } from '../../../services/contracts/api/endpoint.ts'
import type { ErrorCode } from '../../../services/contracts/errors.ts'
import { type Capability, grantOf } from '../../../services/domain/permissions.ts'
import type { Actor } from './actors.ts'
import type { Aim, Asked, List, Plain } from './row.ts'
import type { Site, Sites } from './sites.ts'

export type Outcome = 'OK' | ErrorCode

export class Tree {
  readonly #parent: ReadonlyMap<number, number | null>

  constructor(rows: readonly { id: number; parent: number | null }[]) {
    this.#parent = new Map(rows.map(({ id, parent }) => [id, parent]))
  }

  /** Is `unit` the organisation `top` or somewhere below it? */
  isBelow(unit: number, top: number): boolean {
    for (let at: number | null = unit; at !== null; at = this.#parent.get(at) ?? null) if (at === top) return true
    return false
  }

  /** Do both stand below one league? */
  areNeighbours(a: number, b: number): boolean {
    return this.#topOf(a) === this.#topOf(b)
  }

  /** What of the region's own children it stands below. */
  #topOf(unit: number): number | undefined {
    const above = this.#parent.get(unit) ?? null
    return above === null ? undefined : this.isRegion(above) ? unit : this.#topOf(above)
  }

  isRegion(unit: number): boolean {
    return this.#parent.get(unit) === null
  }
}

const isCapability = (access: Endpoint['access']): access is Capability => !['public', 'signed-in', 'step'].includes(access)

/** Refused at the door, whatever is named; undefined = let in. */
export function atTheDoor({ access, query, body }: Endpoint, actor: Actor, { people, also }: Aim | Plain | List): Outcome | undefined {
  if (access === 'public') return undefined
  if (actor.kind === 'stranger') return 'NOT_SIGNED_IN'
  if (actor.kind === 'half-way') return access === 'step' ? undefined : 'TOTP_REQUIRED'
  if (actor.kind === 'token' && !(isCapability(access) && actor.capabilities.includes(access))) return 'FORBIDDEN'
  if (isCapability(access)) {
    const grant = grantOf(actor.role, access)
    if (grant.reach === 'none') return 'FORBIDDEN'
    const says = 'purpose' in { ...query?.shape, ...body?.shape }
    if (grant.purposeRequired && !actor.purpose && !('purpose' in (body?.shape ?? {}))) return 'PURPOSE_REQUIRED'
    if (grant.caseRequired && 'caseId' in { ...query?.shape, ...body?.shape }) return 'CASE_REQUIRED'
    if (says && people && actor.kind === 'token') return 'FORBIDDEN'
  }
  return lacks(actor, also) ? 'FORBIDDEN' : undefined
}

/** A token has of its account's role what it was made for. */
const lacks = (actor: Actor, capabilities: readonly Capability[] = []): boolean =>
  capabilities.some(
    (capability) =>
      grantOf(actor.role, capability).reach === 'none' || (actor.kind === 'token' && !actor.capabilities.includes(capability)),
  )

export function reaches(tree: Tree, endpoint: Endpoint, actor: Actor, aim: Aim, site: Site, { own, ...sites }: Sites): boolean {
  // Nothing that the places hold is of a caller's own account, and no caller is cleared for anything.
  if (site.where === 'absent' || aim.reach === 'mine' || aim.reach === 'cleared') return false
  if (isCapability(endpoint.access) && grantOf(actor.role, endpoint.access).reach === 'self')
    return site.where === 'own' && (aim.self === 'unit' || (aim.self === 'vehicle' && actor.role === 'driver'))
  if (aim.exactly && site.where !== 'own') return false
  if (aim.sharedBy) return tree.isBelow({ own, ...sites }[aim.sharedBy].unit, site.unit)
  if (aim.insideOwn && !tree.isBelow(site.unit, own.unit)) return false
  if (aim.reach === 'neighbours' && tree.areNeighbours(site.unit, own.unit)) return true
  return tree.isBelow(site.unit, actor.home) || (aim.reach === 'holding' && tree.isBelow(actor.home, site.unit))
}

/** What whoever was let in is told. */
export function inside(asked: Asked, { afterwards, region, told }: Aim | Plain | List): Outcome {
  if (lacks(asked.actor, afterwards)) return 'FORBIDDEN'
  if (region && !asked.tree.isRegion(asked.actor.home)) return 'FORBIDDEN'
  return told?.(asked) ?? 'OK'
}

export type Listed = { id: unknown; unit: number | null; self?: number | null; secret?: boolean }

/** Which of all rows a list must hold, no more and no fewer. Rows of no unit belong to the whole region. */
export function listed(tree: Tree, endpoint: Endpoint, actor: Actor, list: List, all: Listed[], narrowedTo?: number): unknown[] {
  const self = isCapability(endpoint.access) && grantOf(actor.role, endpoint.access).reach === 'self'
  return all
    .filter(({ unit, self: owner, secret }) => {
      if (secret) return false
      if (self || list.reach === 'mine') return owner === actor.accountId
      if (unit === null) return tree.isRegion(actor.home) || list.reach === 'holding'
      return tree.isBelow(unit, actor.home) || (list.reach === 'holding' && tree.isBelow(actor.home, unit))
    })
    .filter(({ unit }) => narrowedTo === undefined || (unit !== null && tree.isBelow(unit, narrowedTo)))
    .map(({ id }) => id)
}
