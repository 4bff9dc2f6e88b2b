// Who may do what: one table of role × capability, enforced in one place on the server and read by the web for its buttons.
// Reach (which vehicles, which rows) is always cut to the account's organisation subtree; a cell only narrows it further.
// What a role's row does not name it may not do.

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

export const capabilities = [
  'live.view',
  'track.view',
  // Who was where: asked about vehicles that are not known beforehand.
  'whereabouts.ask',
  // Tracks that leave: as files, on paper.
  'track.export',
  // The ledger: vehicles one file each, quota, organisations, drivers, suppliers, fuel cards.
  'ledger.view',
  'ledger.draft',
  'ledger.approve',
  'organisation.manage',
  // Terminals: registered, given secrets, taken out of service. Fitting one is a draft of the vehicle's file.
  'terminal.manage',
  'driver.view',
  'driver.manage',
  // Leave that a driver asks for, decided by who manages his unit's fleet.
  'leave.decide',
  'supplier.manage',
  'place.view',
  'place.manage',
  'calendar.manage',
  'ledger.import',
  'ledger.export',
  // Sensitive vehicles.
  'unmask.request',
  'unmask.approve',
  // Identity: making an account and granting it a role are two people's work.
  'account.view',
  'account.create',
  'role.grant',
  // The one-time code of an account that another person made or reset: who gives the password never gives the code.
  'account.vouch',
  'policy.manage',
  'token.manage',
  // Other systems that are told what happens.
  'webhook.manage',
  'audit.view',
  'audit.export',
  // Cases: within them the past of vehicles is looked at; of some classes a second person releases it.
  'case.keep',
  'case.release',
  // What a case asks of those who keep or drive a vehicle: one’s own alone.
  'explanation.give',
  // A vehicle for a trip: asked for, approved, given, driven, paid for.
  'request.view',
  'request.create',
  'request.approve',
  'order.view',
  'order.dispatch',
  'order.drive',
  // What one who travelled thought of a trip, by trip: those who give vehicles, and those above them. Never who drove.
  'rating.view',
  'cost.enter',
  'cost.approve',
  // Bills of what is spent outside trips (费用单).
  'bill.enter',
  // What was booked, by which prices, and what is left of budgets. Who approves costs sets both.
  'cost.view',
  'operations.view',
  'operations.act',
  // Supervision: what rules suspect is seen, answered by whoever is concerned, and decided by others; the values of rules are set.
  'finding.view',
  'finding.explain',
  'finding.decide',
  'rule.manage',
  // Tables of statistics; of each, whoever may see the facts that it is added up from.
  'statistics.view',
  // Filings of them: one person fills, another reviews and hands up.
  'filing.fill',
  'filing.review',
  // Monthly letters of supervision to units: read by whom they concern, made by the bureau and inspection.
  'letter.view',
  'letter.make',
  // Costs, trips and findings of months as one file, for finance and audit offices.
  'bulk.export',
  // Lists and tables that are sent to people by day, week or month.
  'report.plan',
  // What is made public of trips: drafted by one, approved and withdrawn by another; and the rules of what may be.
  'publication.draft',
  'publication.approve',
] as const
export type Capability = (typeof capabilities)[number]

/** `none`, only what is the account's own (`self`), or everything inside the account's organisation subtree (`scope`). */
export type Reach = 'none' | 'self' | 'scope'
/** `purposeRequired`: says why before it looks. `caseRequired`: looks within a case alone, which says why. */
export type Grant = { reach: Reach; purposeRequired?: true; caseRequired?: true }

const none: Grant = { reach: 'none' }
const self = { reach: 'self' } as const
const scope = { reach: 'scope' } as const
const withPurpose = { reach: 'scope', purposeRequired: true } as const
const withCase = { reach: 'scope', caseRequired: true } as const

const rows = {
  // An applicant sees only the vehicle of their trip; outside a trip that is none.
  applicant: { 'live.view': self, 'request.view': self, 'request.create': self, 'order.view': self },
  unit_approver: {
    'live.view': scope,
    'track.view': scope,
    'ledger.view': scope,
    'driver.view': scope,
    'request.view': scope,
    'request.create': self,
    'request.approve': scope,
    'order.view': scope,
    'cost.view': scope,
    'explanation.give': self,
    'finding.view': scope,
    'statistics.view': scope,
    'letter.view': scope,
    'report.plan': scope,
    'filing.review': scope,
  },
  fleet_manager: {
    'live.view': scope,
    'track.view': scope,
    'whereabouts.ask': scope,
    'ledger.view': scope,
    'ledger.draft': scope,
    'ledger.export': scope,
    'driver.view': scope,
    'driver.manage': scope,
    'leave.decide': scope,
    'place.view': scope,
    'request.view': scope,
    'request.create': scope,
    'order.view': scope,
    'order.dispatch': scope,
    'rating.view': scope,
    'order.drive': scope,
    'cost.enter': scope,
    'bill.enter': scope,
    'cost.view': scope,
    'explanation.give': self,
    'finding.view': scope,
    'finding.explain': scope,
    'statistics.view': scope,
    'letter.view': scope,
    'report.plan': scope,
    'filing.fill': scope,
    'publication.draft': scope,
  },
  // By telephone a dispatcher asks for others, and takes a driver's steps for him.
  dispatcher: {
    'live.view': scope,
    'track.view': scope,
    'whereabouts.ask': scope,
    'ledger.view': scope,
    'ledger.export': scope,
    'driver.view': scope,
    'driver.manage': scope,
    'place.view': scope,
    'unmask.request': scope,
    'request.view': scope,
    'request.create': scope,
    'order.view': scope,
    'order.dispatch': scope,
    'rating.view': scope,
    'order.drive': scope,
    'cost.enter': scope,
    'cost.view': scope,
    'explanation.give': self,
    'report.plan': scope,
  },
  driver: {
    'live.view': self,
    'track.view': self,
    'explanation.give': self,
    'order.view': self,
    'order.drive': self,
    'cost.enter': self,
    'finding.view': self,
    'finding.explain': self,
  },
  bureau_admin: {
    'live.view': scope,
    'track.view': scope,
    'whereabouts.ask': scope,
    'track.export': scope,
    'ledger.view': scope,
    'ledger.draft': scope,
    'ledger.approve': scope,
    'organisation.manage': scope,
    'terminal.manage': scope,
    'driver.view': scope,
    'driver.manage': scope,
    'supplier.manage': scope,
    'place.view': scope,
    'place.manage': scope,
    'calendar.manage': scope,
    'ledger.import': scope,
    'ledger.export': scope,
    'unmask.request': scope,
    'unmask.approve': scope,
    'request.view': scope,
    // The bureau of a league or of the region, where a chain of approvals asks it.
    'request.approve': scope,
    'order.view': scope,
    'rating.view': scope,
    'cost.view': scope,
    'webhook.manage': scope,
    'operations.view': scope,
    'finding.view': scope,
    'finding.decide': scope,
    'rule.manage': scope,
    'statistics.view': scope,
    'bulk.export': scope,
    'letter.view': scope,
    'letter.make': scope,
    'report.plan': scope,
    'filing.fill': scope,
    'filing.review': scope,
    'publication.draft': scope,
    'publication.approve': scope,
  },
  finance: {
    'ledger.view': scope,
    'ledger.export': scope,
    'order.view': scope,
    'cost.approve': scope,
    'cost.view': scope,
    'statistics.view': scope,
    'bulk.export': scope,
    'report.plan': scope,
  },
  // Discipline inspection reads everything, and every look has a reason on record; of a vehicle's past, a case. Of the audit log it sees its own accesses.
  inspector: {
    'live.view': withPurpose,
    'track.view': withCase,
    'whereabouts.ask': withCase,
    'track.export': withCase,
    'ledger.view': scope,
    'ledger.export': scope,
    'driver.view': scope,
    'place.view': scope,
    'unmask.request': scope,
    'request.view': scope,
    'order.view': scope,
    'rating.view': scope,
    'cost.view': scope,
    'case.keep': scope,
    'case.release': scope,
    'finding.view': scope,
    'finding.decide': scope,
    'statistics.view': scope,
    'bulk.export': scope,
    'letter.view': scope,
    'letter.make': scope,
    'report.plan': scope,
    'audit.view': self,
  },
  system_admin: {
    'account.view': scope,
    'account.create': scope,
    'account.vouch': scope,
    'operations.view': scope,
    'operations.act': scope,
  },
  security_admin: { 'account.view': scope, 'role.grant': scope, 'account.vouch': scope, 'policy.manage': scope, 'token.manage': scope },
  audit_admin: { 'audit.view': scope, 'audit.export': scope },
} satisfies Record<Role, Partial<Record<Capability, Grant>>>

type NarrowedIn<Row> = { [C in keyof Row]: Row[C] extends typeof self ? C : never }[keyof Row]
/** Capabilities that some role has for what is the account's own alone. */
export type NarrowedCapability = { [R in Role]: NarrowedIn<(typeof rows)[R]> }[Role]

/** The three administrators (三员): no person holds two of them. */
export const separatedRoles: readonly Role[] = ['system_admin', 'security_admin', 'audit_admin']

export const grantOf = (role: Role, capability: Capability): Grant =>
  (rows as Record<Role, Partial<Record<Capability, Grant>>>)[role][capability] ?? none

/** A role's whole row, `none` included, as the web reads it. */
export const permissionsOf = (role: Role): Record<Capability, Grant> =>
  Object.fromEntries(capabilities.map((capability) => [capability, grantOf(role, capability)])) as Record<Capability, Grant>

/** What an integration's token may be given: reading, files in and out. Approvals, grants and identity stay with people. */
export const tokenCapabilities = [
  'live.view',
  'track.view',
  'ledger.view',
  'driver.view',
  'place.view',
  'ledger.import',
  'ledger.export',
  // Findings and figures. What a finding wants decided or answered stays with people.
  'finding.view',
  'statistics.view',
  'cost.view',
  'order.view',
  'bulk.export',
  'audit.view',
  'audit.export',
  'operations.view',
] as const satisfies readonly Capability[]
export type TokenCapability = (typeof tokenCapabilities)[number]
