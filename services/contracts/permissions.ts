// Who may do what: one table of role × capability, enforced in one place on the server and read by the web for its buttons.
// Reach (which vehicles, which rows) is always cut to the account's organisation subtree; a cell only narrows it further.

export const roles = [
  'applicant',
  'unit_approver',
  'fleet_manager',
  'dispatcher',
  'driver',
  'bureau_admin',
  'finance',
  'inspector',
  'system_admin',
  'security_admin',
  'audit_admin',
] as const
export type Role = (typeof roles)[number]

export const capabilities = ['live.view', 'track.view', 'ledger.view', 'operations.view', 'operations.act'] as const
export type Capability = (typeof capabilities)[number]

/** `none`, only the own vehicle (`self`), or everything inside the account's organisation subtree (`scope`). */
export type Reach = 'none' | 'self' | 'scope'
export type Grant = { reach: Reach; purposeRequired?: true }

const none: Grant = { reach: 'none' }
const self: Grant = { reach: 'self' }
const scope: Grant = { reach: 'scope' }
const withPurpose: Grant = { reach: 'scope', purposeRequired: true }

export const permissions: Record<Role, Record<Capability, Grant>> = {
  // An applicant sees only the vehicle of the own trip; outside a trip that is none.
  applicant: { 'live.view': self, 'track.view': none, 'ledger.view': none, 'operations.view': none, 'operations.act': none },
  unit_approver: { 'live.view': scope, 'track.view': scope, 'ledger.view': scope, 'operations.view': none, 'operations.act': none },
  fleet_manager: { 'live.view': scope, 'track.view': scope, 'ledger.view': scope, 'operations.view': none, 'operations.act': none },
  dispatcher: { 'live.view': scope, 'track.view': scope, 'ledger.view': scope, 'operations.view': none, 'operations.act': none },
  driver: { 'live.view': self, 'track.view': self, 'ledger.view': none, 'operations.view': none, 'operations.act': none },
  bureau_admin: { 'live.view': scope, 'track.view': scope, 'ledger.view': scope, 'operations.view': scope, 'operations.act': none },
  finance: { 'live.view': none, 'track.view': none, 'ledger.view': scope, 'operations.view': none, 'operations.act': none },
  // Discipline inspection reads everything, and every look has a reason on record.
  inspector: { 'live.view': withPurpose, 'track.view': withPurpose, 'ledger.view': scope, 'operations.view': none, 'operations.act': none },
  system_admin: { 'live.view': none, 'track.view': none, 'ledger.view': none, 'operations.view': scope, 'operations.act': scope },
  security_admin: { 'live.view': none, 'track.view': none, 'ledger.view': none, 'operations.view': none, 'operations.act': none },
  audit_admin: { 'live.view': none, 'track.view': none, 'ledger.view': none, 'operations.view': none, 'operations.act': none },
}

export const grantOf = (role: Role, capability: Capability): Grant => permissions[role][capability]
