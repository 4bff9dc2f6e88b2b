// Who is asking, and how far they reach: the word every slice shares, because whoever acts is someone who can be recorded.
// A slice gets a Caller from the door (access.ts) and does not look anyone up itself.
import type { SignInStep } from '../../contracts/api/identity.ts'
import { type Capability, type Grant, grantOf, type Role, type TokenCapability } from '../../domain/permissions.ts'

/** A subtree of organisations as its nested-set interval: an organisation is inside when its lft is between the two. */
export type Scope = { lft: number; rgt: number }

/**
 * A scope, and the sensitive vehicles (涉密) that are open to whoever looks: named for them in the register, or unmasked at this moment.
 * Whatever selects vehicles takes a Sight and not a Scope, and says the rule of kernel/sight.ts.
 */
export type Sight = Scope & { cleared: readonly number[]; unmasked: readonly Unmasking[]; vehicleId?: null }

/** An unmasking that runs, of one of `cleared`: every look under it is recorded with its number. */
export type Unmasking = { unmaskingId: number; vehicleId: number; secretNo: number; untilMs: number }

export type Session = {
  /** 0 for an integration's token. */
  sessionId: number
  /** What is still to be done before this session may work; 'open' when nothing is. */
  step: SignInStep
  tokenHash: Buffer
  csrfToken: string
  livePurpose: string | null
  /** Where it was begun; not known of an integration's token. */
  address?: string | undefined
}

export type Caller = {
  accountId: number
  username: string
  displayName: string
  role: Role
  organisation: { organisationId: number; name: string; adcode: string; kind: string }
  /** The vehicle that this account's driver usually drives; null for everyone else. */
  ownVehicleId: number | null
  session: Session
  /** Set when an integration calls with a token in the name of this account. */
  apiToken?: { tokenId: number; capabilities: readonly TokenCapability[] }
}

/** Whoever stands at the door, with all that the account could reach. The door alone has it: further in there is the call's own reach. */
export type Arrival = Caller & { home: Sight }

/**
 * What a caller may see with one capability. `vehicleId` set = that vehicle alone (no vehicle has the number 0). Such a reach is no Sight:
 * whatever takes a Sight cannot be given one that it would not narrow to the vehicle.
 */
export type Reachable = Omit<Sight, 'vehicleId'> & { vehicleId: number | null }

/** What a capability gives this caller: the role's grant, of which a token has only what it was made for. */
export function grantFor({ role, apiToken }: Caller, capability: Capability): Grant {
  const held = apiToken === undefined || (apiToken.capabilities as readonly Capability[]).includes(capability)
  return held ? grantOf(role, capability) : { reach: 'none' }
}

export const may = (caller: Caller, capability: Capability): boolean => grantFor(caller, capability).reach !== 'none'

export function reachableBy({ ownVehicleId }: Caller, home: Sight, grant: Grant): Reachable {
  if (grant.reach === 'none') return { lft: 0, rgt: -1, cleared: [], unmasked: [], vehicleId: 0 }
  return { ...home, vehicleId: grant.reach === 'self' ? (ownVehicleId ?? 0) : null }
}

/** Who acts or looks, and how far: a call that the door let in is one. */
export type Who<R extends Scope = Sight> = { caller: Caller; reach: R }

/** Is this caller at home in the whole region? What holds for everybody is theirs to set, and what belongs to no unit theirs to see. */
export const holdsRegion = ({ organisation }: Caller): boolean => organisation.kind === 'region'

/** A caller as the audit log names who acts. */
export const actorOf = ({ accountId, username, role }: Caller): { accountId: number; username: string; role: Role } => ({
  accountId,
  username,
  role,
})

/** For the `detail` of a record about a vehicle: the number of the unmasking under which it was looked at, where it was one. */
export function underUnmasking({ unmasked }: Pick<Sight, 'unmasked'>, vehicleId: number): { unmaskingId?: number } {
  const found = unmasked.find((each) => each.vehicleId === vehicleId)
  return found ? { unmaskingId: found.unmaskingId } : {}
}
