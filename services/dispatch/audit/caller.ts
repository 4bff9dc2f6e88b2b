// Who is asking, and how far they reach: the word every slice shares, because whoever acts is someone who can be recorded.
// A slice gets a Caller from the door (access.ts) and does not look anyone up itself.
import type { SignInStep } from '../../contracts/api/identity.ts'
import type { Grant, Role, TokenCapability } from '../../contracts/permissions.ts'

/** A subtree of organisations as its nested-set interval: an organisation is inside when its lft is between the two. */
export type Scope = { lft: number; rgt: number }

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
  scope: Scope
  /** The vehicle that this account's driver usually drives; null for everyone else. */
  ownVehicleId: number | null
  session: Session
  /** Set when an integration calls with a token in the name of this account. */
  apiToken?: { tokenId: number; capabilities: readonly TokenCapability[] }
}

/** What a caller may see with one capability. `vehicleId` set = that vehicle alone (no vehicle has the number 0). */
export type Reachable = Scope & { vehicleId: number | null }

export function reachableBy(caller: Caller, grant: Grant): Reachable {
  if (grant.reach === 'none') return { lft: 0, rgt: -1, vehicleId: 0 }
  return { ...caller.scope, vehicleId: grant.reach === 'self' ? (caller.ownVehicleId ?? 0) : null }
}

/** A caller as the audit log names who acts. */
export const actorOf = ({ accountId, username, role }: Caller): { accountId: number; username: string; role: Role } => ({
  accountId,
  username,
  role,
})
