// Neither the system administrator nor the security administrator alone enters as somebody else: every way that one of them has is gone
// to its end, and stops before an open session. What both do together lets the owner in.
import t, { type Test } from 'tap'
import { Browser, codeAt, createAccount, grant, type Made, reason } from './people.ts'
import { NOW_MS, PASSWORD } from './region.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
const world = await startWorld(t, db)
const sysadmin = await world.signIn('system_admin')
const secadmin = await world.signIn('security_admin')
const GOOD = 'Steppe-grass-77'
const BETTER = 'Steppe-grass-88'
let step = 0

const account = async (username: string) =>
  (
    await db.query<{ accountId: number; version: number }>('SELECT account_id AS "accountId", version FROM accounts WHERE username = $1', [
      username,
    ])
  ).rows[0]!
type Act = 'resetPassword' | 'issueEntryCode' | 'resetSecondFactor' | 'disableAccount' | 'enableAccount'
const act = async (name: Act, by: Signed, username: string) => {
  const { accountId, version } = await account(username)
  return ask(world, name, by, { params: { accountId }, body: { version, reason } })
}
const reset = async (username: string) =>
  ((await act('resetPassword', sysadmin, username)).json() as unknown as { oneTimePassword: string }).oneTimePassword
const codeOf = (answer: { json(): unknown }) => (answer.json() as { entryCode: { code: string } }).entryCode.code

/** A person at work: made, granted, entered; with a second factor where the role has one. */
async function settled(role: 'finance' | 'audit_admin' | 'system_admin' | 'security_admin', more: object = {}) {
  const made = await createAccount(world, sysadmin, { organisationId: 1, requestedRole: role, ...more })
  t.equal((await grant(world, secadmin, made, role, 1)).status, 200)
  const browser = new Browser(world)
  await browser.enter(made)
  await browser.act('changePassword', { currentPassword: made.password, newPassword: GOOD })
  let secret: string | undefined
  if (role !== 'finance') {
    secret = (await ask(world, 'beginEnrolment', browser.signed, { body: {} })).json().secret
    world.clock.atMs = NOW_MS + 30_000 * ++step
    await browser.act('confirmEnrolment', { code: await codeAt(secret, world.clock.atMs) })
  }
  t.equal((await ask(world, 'getSession', browser.signed)).status, 200, `${role} is in`)
  return { made, browser, secret }
}

/** Everything that a half-way session can try without the code; none of it gets further. */
async function stopsAtTheCode(t: Test, username: string, password: string, ...wrong: string[]) {
  const browser = new Browser(world)
  t.equal((await browser.signIn(username, password)).code, 'ENTRY_CODE_REQUIRED')
  t.equal((await browser.act('changePassword', { currentPassword: password, newPassword: 'Another-grass-78' })).code, 'ENTRY_CODE_REQUIRED')
  t.equal((await browser.act('beginEnrolment', {})).code, 'ENTRY_CODE_REQUIRED')
  t.equal((await browser.act('beginEnrolment', { password })).code, 'ENTRY_CODE_REQUIRED')
  t.equal((await browser.act('confirmEnrolment', { code: '000000' })).code, 'CONFLICT')
  t.equal((await browser.act('passSecondFactor', { code: '000000' })).code, 'CONFLICT')
  t.equal((await browser.act('acknowledgeNotice', { noticeId: 1 })).code, 'CONFLICT')
  for (const name of ['getSession', 'getOwnAccount', 'listVehicles', 'listOwnTokens', 'listOwnSessions'] as const)
    t.equal((await ask(world, name, browser.signed)).code, 'ENTRY_CODE_REQUIRED', name)
  for (const code of ['AAAA-BBBB-CCCC-DDDD', ...wrong]) t.equal((await browser.act('passEntryCode', { code })).code, 'BAD_CODE')
  await db.query('DELETE FROM sign_in_failures')
}

t.test('the system administrator resets a password and has half of what it takes; so for demo accounts', async (t) => {
  const { made } = await settled('finance')
  for (const username of [made.username, 'applicant', 'unit_approver']) {
    const password = await reset(username)
    await stopsAtTheCode(t, username, password)
    t.equal((await act('issueEntryCode', sysadmin, username)).code, 'TWO_PERSON_RULE', 'and does not issue the other half')
    const { accountId } = await account(username)
    t.match((await ask(world, 'getAccount', sysadmin, { params: { accountId } })).json(), { entry: 'wanted', mayVouch: false })
    const waiting = (await ask(world, 'listAccounts', secadmin, { query: { waiting: 'true', limit: 200 } })).json().rows
    t.ok(
      waiting.some((row) => row.username === username),
      'the other sees who waits',
    )
    const code = codeOf(await act('issueEntryCode', secadmin, username))
    const owner = new Browser(world)
    await owner.signIn(username, password)
    t.equal(
      (await owner.act('passEntryCode', { code: code.toLowerCase().replaceAll('-', '').replaceAll('o', '0').replaceAll('i', '1') })).json()
        .step,
      'password',
    )
    t.equal((await owner.act('changePassword', { currentPassword: password, newPassword: BETTER })).json().step, 'open')
    const again = new Browser(world)
    t.equal((await again.signIn(username, BETTER)).status, 200, 'from then on it is the owner’s own')
  }
})

t.test('codes: one that is out is dead after a new one, after any reset, after its use, and after a week', async (t) => {
  const { made } = await settled('finance')
  const { username } = made
  const first = codeOf(await act('issueEntryCode', secadmin, username))
  const password = await reset(username)
  await stopsAtTheCode(t, username, password, first)
  const issuedUntil = (await db.query('SELECT expires_at AS at FROM entry_codes')).rows
  t.same(issuedUntil, [])
  const second = codeOf(await act('issueEntryCode', secadmin, username))
  const third = codeOf(await act('issueEntryCode', secadmin, username))
  await stopsAtTheCode(t, username, password, first, second)
  await db.query('UPDATE entry_codes SET expires_at = $2 WHERE account_id = $1', [made.accountId, new Date(world.clock.atMs)])
  await stopsAtTheCode(t, username, password, third)
  const fourth = codeOf(await act('issueEntryCode', secadmin, username))
  // A sign-in that stops half-way leaves the code good; a complete one uses it up.
  for (const complete of [false, true]) {
    const owner = new Browser(world)
    await owner.signIn(username, password)
    await owner.act('passEntryCode', { code: fourth })
    if (complete) t.equal((await owner.act('changePassword', { currentPassword: password, newPassword: BETTER })).json().step, 'open')
  }
  t.same((await db.query('SELECT 1 FROM entry_codes WHERE account_id = $1', [made.accountId])).rows, [])
})

t.test(
  'the security administrator who knows a password does not come in by taking the second factor off, or by granting a role that has one',
  async (t) => {
    const auditor = await settled('audit_admin')
    const { username } = auditor.made
    t.equal((await act('resetSecondFactor', secadmin, username)).status, 200)
    t.equal((await ask(world, 'getSession', auditor.browser.signed)).code, 'NOT_SIGNED_IN')
    await stopsAtTheCode(t, username, GOOD)
    t.equal((await act('issueEntryCode', secadmin, username)).code, 'TWO_PERSON_RULE')
    const code = codeOf(await act('issueEntryCode', sysadmin, username))
    const owner = new Browser(world)
    await owner.signIn(username, GOOD)
    t.equal((await owner.act('passEntryCode', { code })).json().step, 'enrol')

    const plain = await settled('finance')
    const regranted = await ask(world, 'grantRole', secadmin, {
      params: { accountId: plain.made.accountId },
      body: { version: (await account(plain.made.username)).version, role: 'bureau_admin', organisationId: 1, reason },
    })
    t.equal(regranted.json().entryCode, null, 'no code to who may know the password')
    await stopsAtTheCode(t, plain.made.username, GOOD)
    t.equal((await act('issueEntryCode', secadmin, plain.made.username)).code, 'TWO_PERSON_RULE')
  },
)

t.test('resets one after the other by both leave each of them half', async (t) => {
  const { made } = await settled('audit_admin')
  const { username } = made
  // The code of the system administrator is out when he resets the password: it dies with that.
  await act('resetSecondFactor', secadmin, username)
  const his = codeOf(await act('issueEntryCode', sysadmin, username))
  const password = await reset(username)
  await stopsAtTheCode(t, username, password, his)
  t.equal((await act('issueEntryCode', sysadmin, username)).code, 'TWO_PERSON_RULE')
  // And the other way round: the code of the security administrator opens nothing with what she knows.
  const hers = codeOf(await act('issueEntryCode', secadmin, username))
  await act('resetSecondFactor', secadmin, username)
  await stopsAtTheCode(t, username, password, hers)
  t.equal((await new Browser(world).signIn(username, GOOD)).code, 'BAD_CREDENTIALS')
})

t.test('a fresh account is not entered by who made it, before or after the grant; disabling and enabling change nothing', async (t) => {
  const made: Made = await createAccount(world, sysadmin, { organisationId: 1, requestedRole: 'audit_admin' })
  t.equal((await new Browser(world).signIn(made.username, made.password)).code, 'ACCOUNT_NOT_ACTIVE')
  t.equal((await act('issueEntryCode', secadmin, made.username)).code, 'CONFLICT', 'not before it has a role')
  t.equal((await grant(world, secadmin, made, 'audit_admin', 1)).status, 200)
  t.match(made.entryCode, /^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/, 'granting gives the granter the code')
  await stopsAtTheCode(t, made.username, made.password)
  await act('disableAccount', sysadmin, made.username)
  await act('enableAccount', sysadmin, made.username)
  await ask(world, 'unlockAccount', sysadmin, { params: { accountId: made.accountId }, body: { reason } })
  await stopsAtTheCode(t, made.username, made.password)
})

t.test('who has a second factor proves it with a reset password; without it nobody comes in', async (t) => {
  const { made, secret } = await settled('audit_admin')
  const password = await reset(made.username)
  const thief = new Browser(world)
  t.equal((await thief.signIn(made.username, password)).code, 'TOTP_REQUIRED')
  t.equal((await thief.act('passEntryCode', { code: 'AAAA-BBBB-CCCC-DDDD' })).code, 'CONFLICT')
  const owner = new Browser(world)
  await owner.signIn(made.username, password)
  world.clock.atMs += 60_000
  const code = await codeAt(secret!, world.clock.atMs)
  t.equal((await owner.act('passSecondFactor', { code })).json().step, 'password')
  // Half-way the owner stops, and the second factor is taken off: the password that another gave is still no password of the owner's.
  await act('resetSecondFactor', secadmin, made.username)
  await stopsAtTheCode(t, made.username, password)
})

t.test('a second account, or an administrator of before, is no second person', async (t) => {
  const other = await settled('security_admin')
  const { made } = await settled('finance')
  const password = await reset(made.username)
  const as = (set: string) => db.query(`UPDATE accounts SET ${set} WHERE username = $1`, [other.made.username])
  await db.query(`UPDATE accounts SET phone = '13900000999' WHERE username = 'system_admin'`)
  await as(`phone = '13900000999'`)
  t.equal((await act('issueEntryCode', other.browser.signed, made.username)).code, 'TWO_PERSON_RULE', 'the same person by another account')
  await as(`phone = NULL, person_no = NULL`)
  t.equal((await act('issueEntryCode', other.browser.signed, made.username)).code, 'TWO_PERSON_RULE', 'nobody knows whose account it is')
  await as(`person_no = 'S2'`)
  t.equal((await act('issueEntryCode', await world.signIn('security_admin@30'), made.username)).code, 'NOT_FOUND', 'out of scope')
  for (const role of ['audit_admin', 'finance', 'bureau_admin'])
    t.equal((await act('issueEntryCode', await world.signIn(role), made.username)).code, 'FORBIDDEN', role)
  t.equal((await act('issueEntryCode', other.browser.signed, made.username)).status, 200)
  await stopsAtTheCode(t, made.username, password)
  // One’s own account: a code for oneself vouches for nobody.
  t.equal((await act('issueEntryCode', secadmin, 'security_admin')).code, 'TWO_PERSON_RULE')
})

t.test(
  'another driver makes an account another: its role waits for the other administrator again; one’s own account is not changed',
  async (t) => {
    const made = await createAccount(world, sysadmin, { requestedRole: 'driver', driverId: 1 })
    await grant(world, secadmin, made, 'driver')
    await db.query(`INSERT INTO drivers VALUES (77, '示例司机三', '13800000077', 20, 201)`)
    const change = async (username: string, body: object) => {
      const { accountId, version } = await account(username)
      return ask(world, 'changeAccount', sysadmin, { params: { accountId }, body: { version, reason, ...body } })
    }
    t.equal((await change(made.username, { phone: '13900000777' })).status, 200)
    t.equal((await db.query('SELECT status FROM accounts WHERE account_id = $1', [made.accountId])).rows[0]!.status, 'active')
    t.equal((await change(made.username, { driverId: 77 })).status, 200)
    const row = (await ask(world, 'getAccount', secadmin, { params: { accountId: made.accountId } })).json()
    t.match(row, { status: 'pending', role: null, requestedRole: 'driver' })
    t.equal((await new Browser(world).signIn(made.username, made.password)).code, 'ACCOUNT_NOT_ACTIVE')
    t.equal((await change('system_admin', { phone: '13900000778' })).code, 'TWO_PERSON_RULE')
  },
)

t.test('the demo’s accounts come in with the password of the demo alone, as before', async (t) => {
  for (const username of ['audit_admin', 'bureau_admin', 'inspector', 'dispatcher'])
    t.equal((await ask(world, 'signIn', undefined, { body: { username, password: PASSWORD } })).status, 200, username)
})
