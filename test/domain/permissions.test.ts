// The permission table against the words of the roles: what each may, and above all what it may not.
import t from 'tap'
import {
  type Capability,
  capabilities,
  grantOf,
  permissionsOf,
  type Role,
  roles,
  separatedRoles,
  tokenCapabilities,
} from '../../services/domain/permissions.ts'

const reaches = (role: Role, capability: Capability) => grantOf(role, capability).reach
const may = (role: Role): Capability[] => capabilities.filter((capability) => reaches(role, capability) !== 'none')
const who = (capability: Capability): Role[] => roles.filter((role) => reaches(role, capability) !== 'none')

/** Everything by which something becomes other than it was. */
const changing: readonly Capability[] = [
  'ledger.draft',
  'ledger.approve',
  'organisation.manage',
  'terminal.manage',
  'driver.manage',
  'supplier.manage',
  'place.manage',
  'calendar.manage',
  'ledger.import',
  'unmask.approve',
  'account.create',
  'role.grant',
  'policy.manage',
  'token.manage',
  'explanation.give',
  'webhook.manage',
  'request.create',
  'request.approve',
  'order.dispatch',
  'order.drive',
  'cost.enter',
  'bill.enter',
  'cost.approve',
  'operations.act',
  'finding.explain',
  'rule.manage',
]
const ofBusiness: readonly Capability[] = [
  ...([
    'live.view',
    'track.view',
    'ledger.view',
    'driver.view',
    'place.view',
    'ledger.export',
    'request.view',
    'order.view',
    'cost.view',
  ] as const),
]

t.test('eleven roles have a cell for every capability, and what a row does not name is none', async (t) => {
  t.equal(roles.length, 11)
  for (const role of roles) t.same(Object.keys(permissionsOf(role)), [...capabilities])
})

t.test('an applicant asks for a vehicle, sees at most their trip, and has no ledger, no track, no list of people', async (t) => {
  t.same(may('applicant'), ['live.view', 'request.view', 'request.create', 'order.view'])
  for (const capability of may('applicant')) t.equal(reaches('applicant', capability), 'self')
})

t.test('a driver sees his vehicle, its tracks and his orders, and nothing of the ledger', async (t) => {
  t.same(may('driver'), [
    'live.view',
    'track.view',
    'explanation.give',
    'order.view',
    'order.drive',
    'cost.enter',
    'finding.view',
    'finding.explain',
  ])
  for (const capability of may('driver')) t.equal(reaches('driver', capability), 'self')
})

t.test(
  'a unit approver reads map, tracks, ledger and drivers of the unit and changes none of them; requests of the unit he decides',
  async (t) => {
    t.same(may('unit_approver'), [
      ...['live.view', 'track.view', 'ledger.view', 'driver.view', 'explanation.give'],
      ...['request.view', 'request.create', 'request.approve', 'order.view', 'cost.view', 'finding.view', 'statistics.view'],
      ...['filing.review', 'letter.view', 'report.plan'],
    ])
    t.equal(reaches('unit_approver', 'request.create'), 'self')
    t.same(who('request.approve'), ['unit_approver', 'bureau_admin'])
  },
)

t.test('a fleet manager drafts what the bureau approves', async (t) => {
  t.equal(reaches('fleet_manager', 'ledger.draft'), 'scope')
  t.same(who('ledger.draft'), ['fleet_manager', 'bureau_admin'])
  t.same(who('ledger.approve'), ['bureau_admin'])
})

t.test('a dispatcher reads the ledger and manages drivers, and does not draft quota', async (t) => {
  t.equal(reaches('dispatcher', 'ledger.view'), 'scope')
  t.equal(reaches('dispatcher', 'driver.manage'), 'scope')
  t.equal(reaches('dispatcher', 'ledger.draft'), 'none')
  t.equal(reaches('dispatcher', 'place.manage'), 'none', 'places and geofences it reads')
})

t.test('finance reads and exports the ledger, approves the costs of orders, and sees neither map nor track nor people', async (t) => {
  t.same(may('finance'), [
    'ledger.view',
    'ledger.export',
    'order.view',
    'cost.approve',
    'cost.view',
    'statistics.view',
    'bulk.export',
    'report.plan',
  ])
  t.same(who('cost.approve'), ['finance'])
  for (const entering of ['cost.enter', 'bill.enter'] as const)
    t.equal(reaches('finance', entering), 'none', 'who approves costs enters none')
  t.same(who('bill.enter'), ['fleet_manager'])
})

t.test('an inspector reads all of the business and says why before positions and tracks, and changes nothing', async (t) => {
  for (const capability of ofBusiness) t.equal(reaches('inspector', capability), 'scope', capability)
  t.equal(grantOf('inspector', 'live.view').purposeRequired, true)
  t.equal(grantOf('inspector', 'track.view').caseRequired, true)
  for (const capability of changing) t.equal(reaches('inspector', capability), 'none', capability)
  t.equal(reaches('inspector', 'audit.view'), 'self', 'of the audit log what he looked at himself')
  t.equal(reaches('inspector', 'audit.export'), 'none')
})

t.test('what is suspected is decided by inspection and the bureau, and answered by those of whom it is', async (t) => {
  t.same(who('finding.decide'), ['bureau_admin', 'inspector'])
  t.same(who('finding.explain'), ['fleet_manager', 'driver'])
  t.equal(reaches('driver', 'finding.view'), 'self')
  for (const role of who('finding.explain')) t.equal(reaches(role, 'finding.decide'), 'none', role)
  t.same(who('rule.manage'), ['bureau_admin'])
})

t.test('only the inspector has to say why; everyone else looks in the course of their work', async (t) => {
  const asked = roles.filter((role) => capabilities.some((capability) => grantOf(role, capability).purposeRequired))
  t.same(asked, ['inspector'])
})

t.test('rules, places, suppliers, calendar, terminals’ secrets and the tree are the bureau’s alone', async (t) => {
  for (const capability of [
    'organisation.manage',
    'supplier.manage',
    'place.manage',
    'calendar.manage',
    'ledger.import',
    'terminal.manage',
  ] as const)
    t.same(who(capability), ['bureau_admin'], capability)
  for (const capability of ['account.create', 'role.grant', 'policy.manage', 'token.manage', 'audit.view', 'audit.export'] as const)
    t.equal(reaches('bureau_admin', capability), 'none', capability)
})

// To vouch for somebody is the second person's half of what the other administrator began, and never of one's own (decision 0017).
const shared = ['account.view', 'account.vouch']

t.test('the three administrators share nothing but the sight of accounts and vouching, and none of them sees the business', async (t) => {
  t.same(who('account.vouch'), ['system_admin', 'security_admin'])
  t.same(separatedRoles, ['system_admin', 'security_admin', 'audit_admin'])
  for (const one of separatedRoles) {
    for (const capability of ofBusiness) t.equal(reaches(one, capability), 'none', `${one} ${capability}`)
    for (const other of separatedRoles.filter((each) => each !== one))
      t.same(
        may(one).filter((capability) => may(other).includes(capability) && !shared.includes(capability)),
        [],
        `${one} and ${other}`,
      )
  }
})

t.test('who makes an account does not grant it a role, and who grants does not make', async (t) => {
  t.same(who('account.create'), ['system_admin'])
  t.same(who('role.grant'), ['security_admin'])
  t.same(who('policy.manage'), ['security_admin'])
  t.same(who('token.manage'), ['security_admin'])
})

t.test('the audit administrator reads and exports the log and can delete nothing, for there is nothing to delete it with', async (t) => {
  t.same(may('audit_admin'), ['audit.view', 'audit.export'])
  t.same(who('audit.export'), ['audit_admin'])
  t.same(
    capabilities.filter((capability) => capability.startsWith('audit.')),
    ['audit.view', 'audit.export'],
  )
})

t.test('who asks for an unmasking looks; who approves one is of the bureau', async (t) => {
  for (const role of who('unmask.request')) t.equal(reaches(role, 'live.view'), 'scope', role)
  t.same(who('unmask.approve'), ['bureau_admin'])
})

t.test('a token may read and carry files, and never approve, grant or act on identity', async (t) => {
  for (const capability of tokenCapabilities) t.ok(capability === 'ledger.import' || !changing.includes(capability), capability)
})
