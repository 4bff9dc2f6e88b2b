// Accounts, grants by two people, the steps of a sign-in, lock-out, second factors, sessions.
import t from 'tap'
import { atOnce, MANY } from './atOnce.ts'
import { Browser, codeAt, createAccount, grant, reason } from './people.ts'
import { NOW_MS, PASSWORD } from './region.ts'
import { LiveClient } from './sockets.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
const world = await startWorld(t, db)
const { clock } = world
const sysadmin = await world.signIn('system_admin')
const secadmin = await world.signIn('security_admin')
const GOOD = 'Steppe-grass-77'
const settle = (answers: { status: number }[]) => answers.map(({ status }) => status).sort()
const actions = async (accountId: number) =>
  (
    await db.query<{ action: string }>(`SELECT action FROM audit_log WHERE subject_type = 'account' AND subject_id = $1 ORDER BY seq`, [
      String(accountId),
    ])
  ).rows.map((row) => row.action)

t.test('an account made by one works only after another has granted it a role', async (t) => {
  const made = await createAccount(world, sysadmin)
  const browser = new Browser(world)
  t.equal((await browser.signIn(made.username, made.password)).code, 'ACCOUNT_NOT_ACTIVE')
  t.equal((await grant(world, secadmin, made, 'fleet_manager')).status, 200)
  t.equal((await browser.signIn(made.username, made.password)).code, 'ENTRY_CODE_REQUIRED')
  t.equal((await browser.act('passEntryCode', { code: 'AAAA-BBBB-CCCC-DDDD' })).code, 'BAD_CODE')
  t.equal((await browser.act('passEntryCode', { code: made.entryCode! })).json().step, 'password')
  t.equal((await ask(world, 'getSession', browser.signed)).code, 'PASSWORD_CHANGE_REQUIRED', 'the half-way session can do nothing else')
  t.equal((await ask(world, 'listVehicles', browser.signed)).code, 'PASSWORD_CHANGE_REQUIRED')
  t.equal((await new LiveClient(t, world.origin, { cookie: browser.signed.cookie }).next('connect_error')).code, 'NOT_SIGNED_IN')
  const before = browser.signed.cookie
  const changed = await browser.act('changePassword', { currentPassword: made.password, newPassword: GOOD })
  t.equal(changed.json().step, 'open')
  t.not(browser.signed.cookie, before, 'with the last step the session gets a new token')
  t.equal((await ask(world, 'getSession', { headers: { cookie: before, 'x-csrf-token': '' } })).code, 'NOT_SIGNED_IN')
  t.match((await ask(world, 'getSession', browser.signed)).json(), { username: made.username, role: 'fleet_manager' })
  t.same(await actions(made.accountId), [
    'account.create',
    'session.refused',
    'role.grant',
    'session.begin',
    'session.refused',
    'entry.pass',
    'session.sign-in',
    'password.change',
  ])
  const detail = (await ask(world, 'getAccount', secadmin, { params: { accountId: made.accountId } })).json()
  t.match(detail, {
    status: 'active',
    createdBy: 'system_admin',
    ownWork: false,
    grants: [{ role: 'fleet_manager', requestedBy: 'system_admin', grantedBy: 'security_admin', requestReason: reason, endedAt: null }],
  })
  const raw = await db.query<{ body: string }>('SELECT body FROM audit_log')
  for (const secret of [made.password, GOOD, made.entryCode!])
    t.notOk(
      raw.rows.some(({ body }) => body.includes(secret)),
      'no password is on record',
    )
})

t.test('nobody grants to themselves, to an account they made, or to their own other account', async (t) => {
  const self = await db.query<{ account_id: number; version: number }>(
    `SELECT account_id, version FROM accounts WHERE username = 'security_admin'`,
  )
  const own = { accountId: self.rows[0]!.account_id, username: 'security_admin', password: '', version: self.rows[0]!.version }
  t.equal((await grant(world, secadmin, own, 'bureau_admin', 1)).code, 'TWO_PERSON_RULE')
  const made = await createAccount(world, sysadmin)
  await db.query('UPDATE accounts SET created_by = $2 WHERE account_id = $1', [made.accountId, own.accountId])
  t.equal((await grant(world, secadmin, made, 'fleet_manager')).code, 'TWO_PERSON_RULE', 'made as who they were before')
  await db.query(`UPDATE accounts SET phone = '13900000001' WHERE account_id = $1`, [own.accountId])
  const other = await createAccount(world, sysadmin, { phone: '13900000001' })
  t.equal((await grant(world, secadmin, other, 'fleet_manager')).code, 'TWO_PERSON_RULE', 'the same telephone is the same person')
  await db.query('UPDATE accounts SET phone = NULL WHERE account_id = $1', [own.accountId])
  const disable = { params: { accountId: 0 }, body: { version: 1, reason } }
  const sys = await db.query<{ account_id: number }>(`SELECT account_id FROM accounts WHERE username = 'system_admin'`)
  disable.params.accountId = sys.rows[0]!.account_id
  t.equal((await ask(world, 'disableAccount', sysadmin, disable)).code, 'TWO_PERSON_RULE')
})

t.test('no person holds two of the three administrators, by whatever accounts, even at the same moment', async (t) => {
  const first = await createAccount(world, sysadmin, { organisationId: 1, requestedRole: 'system_admin' })
  t.equal((await grant(world, secadmin, first, 'system_admin', 1)).status, 200)
  t.equal((await grant(world, secadmin, first, 'audit_admin', 1)).code, 'SEPARATED_ROLES')
  const end = await ask(world, 'endRole', secadmin, { params: { accountId: first.accountId }, body: { version: first.version, reason } })
  first.version = end.json().version
  t.equal((await grant(world, secadmin, first, 'audit_admin', 1)).status, 200, 'once the first has ended')
  const twins = [
    await createAccount(world, sysadmin, { personNo: 'TWIN-1', organisationId: 1, requestedRole: 'audit_admin' }),
    await createAccount(world, sysadmin, { personNo: 'TWIN-1', organisationId: 1, requestedRole: 'system_admin' }),
  ]
  const answers = await Promise.all([
    grant(world, secadmin, twins[0]!, 'audit_admin', 1),
    grant(world, secadmin, twins[1]!, 'system_admin', 1),
  ])
  t.same(settle(answers), [200, 409])
  t.ok(answers.some(({ code }) => code === 'SEPARATED_ROLES'))
})

t.test('grants stay inside the scope of who grants, for the account and for the unit', async (t) => {
  const elsewhere = await world.signIn('security_admin@30')
  const made = await createAccount(world, sysadmin)
  t.equal((await grant(world, elsewhere, made, 'fleet_manager', 30)).code, 'NOT_FOUND')
  const there = await createAccount(world, await world.signIn('system_admin@30'), { organisationId: 30 })
  t.equal((await grant(world, elsewhere, there, 'fleet_manager', 20)).code, 'NOT_FOUND')
  t.equal((await grant(world, elsewhere, there, 'fleet_manager', 30)).status, 200)
  t.equal((await ask(world, 'getAccount', elsewhere, { params: { accountId: made.accountId } })).code, 'NOT_FOUND')
  const listed = (await ask(world, 'listAccounts', elsewhere, { query: { limit: 200 } })).json().rows
  t.ok(listed.length > 10 && listed.every(({ organisation }) => organisation.organisationId === 30))
  const foreign = { username: 'intruder', displayName: 'x', personNo: 'X9', requestedRole: 'finance', reason }
  for (const more of [{ organisationId: 20 }, { organisationId: 30, driverId: 1 }, { organisationId: 999 }])
    t.equal((await ask(world, 'createAccount', await world.signIn('system_admin@30'), { body: { ...foreign, ...more } })).code, 'NOT_FOUND')
})

t.test('of many changes at once to one account each is seen or refused, and none is lost', async (t) => {
  const made = await createAccount(world, sysadmin)
  const body = (k: number) => ({
    version: made.version,
    role: k % 2 ? 'finance' : 'dispatcher',
    organisationId: 20,
    reason: `第${k}次授权`,
  })
  const params = { accountId: made.accountId }
  const answers = await atOnce<Awaited<ReturnType<typeof ask>>>((k) =>
    k % 4 === 3
      ? ask(world, 'changeAccount', sysadmin, { params, body: { version: made.version, displayName: `名${k}`, reason } })
      : ask(world, 'grantRole', secadmin, { params, body: body(k) }),
  )
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.equal(answers.filter(({ code }) => code === 'CHANGED_MEANWHILE').length, MANY - 1)
  // Each one again and again until it gets through: then every one must have counted.
  const until = async (k: number): Promise<void> => {
    for (;;) {
      const { version } = (await ask(world, 'getAccount', sysadmin, { params })).json()
      const answer = await ask(world, 'changeAccount', sysadmin, { params, body: { version, displayName: `第${k}名`, reason } })
      if (answer.status === 200) return
    }
  }
  const { version } = (await ask(world, 'getAccount', sysadmin, { params })).json()
  await Promise.all(Array.from({ length: 8 }, (_, k) => until(k)))
  t.equal((await ask(world, 'getAccount', sysadmin, { params })).json().version, version + 8)
  const { rows } = await db.query(
    'SELECT count(*) FILTER (WHERE ended_at IS NULL) AS open, count(*) FILTER (WHERE granted_at IS NOT NULL AND ended_at IS NULL) AS current FROM role_grants WHERE account_id = $1',
    [made.accountId],
  )
  t.ok((rows[0]!.current as number) <= 1 && (rows[0]!.open as number) <= 1)
})

t.test('a disabled account, an ended role and an expired one end sessions and sockets', async (t) => {
  const fresh = await startWorld(t, db, {}, { pace: { tickMs: 20, summaryMs: 20, agingMs: 20, socketCheckMs: 50 } })
  const account = async (username: string) =>
    (await db.query<{ account_id: number; version: number }>('SELECT account_id, version FROM accounts WHERE username = $1', [username]))
      .rows[0]!
  const open = async (username: string) => {
    const signed = await fresh.signIn(username)
    const live = new LiveClient(t, fresh.origin, { cookie: signed.cookie })
    live.view()
    await live.next('snapshot')
    return { signed, live }
  }
  const { account_id: accountId, version } = await account('unit_approver')
  const params = { accountId }
  const first = await open('unit_approver')
  const disabled = await ask(fresh, 'disableAccount', sysadmin, { params, body: { version, reason } })
  await first.live.next('disconnect')
  t.equal((await ask(fresh, 'getSession', first.signed)).code, 'NOT_SIGNED_IN')
  const denied = await ask(fresh, 'signIn', undefined, { body: { username: 'unit_approver', password: PASSWORD } })
  t.equal(denied.code, 'ACCOUNT_NOT_ACTIVE')
  const enabled = await ask(fresh, 'enableAccount', sysadmin, { params, body: { version: disabled.json().version, reason } })
  const expiresAt = new Date(clock.atMs + 60_000).toISOString()
  const granted = await ask(fresh, 'grantRole', secadmin, {
    params,
    body: { version: enabled.json().version, role: 'unit_approver', organisationId: 20, reason, expiresAt },
  })
  t.equal(granted.status, 200, granted.body)
  const second = await open('unit_approver')
  fresh.clock.atMs += 60_000
  await second.live.next('disconnect')
  t.equal((await ask(fresh, 'getSession', second.signed)).code, 'NOT_SIGNED_IN', 'a grant ends by itself')
  const third = await open('fleet_manager')
  const manager = await account('fleet_manager')
  await ask(fresh, 'endAccountSessions', sysadmin, { params: { accountId: manager.account_id }, body: { reason } })
  await third.live.next('disconnect')
  const ended = await open('dispatcher@30')
  const dispatcher = await account('dispatcher@30')
  await ask(fresh, 'endRole', secadmin, { params: { accountId: dispatcher.account_id }, body: { version: dispatcher.version, reason } })
  await ended.live.next('disconnect')
  t.pass('every way out closes the socket')
})

t.test('five failures lock a name, known or not, across a restart, until time or the administrator lifts it', async (t) => {
  const attempt = (username: string, password: string, where = world) => ask(where, 'signIn', undefined, { body: { username, password } })
  for (const username of ['finance@30', 'no-such-person']) {
    for (let k = 0; k < 5; k++) t.equal((await attempt(username, 'wrong')).code, 'BAD_CREDENTIALS')
    t.equal((await attempt(username, PASSWORD)).code, 'ACCOUNT_LOCKED')
  }
  const restarted = await startWorld(t, db)
  t.equal((await attempt('Finance@30', PASSWORD, restarted)).code, 'ACCOUNT_LOCKED', 'the database remembers, whatever the case')
  const found = (await ask(world, 'listAccounts', sysadmin, { query: { q: 'finance@30' } })).json().rows[0]!
  t.ok(found.lockedUntil)
  t.equal((await ask(world, 'unlockAccount', sysadmin, { params: { accountId: found.accountId }, body: { reason } })).status, 200)
  t.equal((await attempt('finance@30', PASSWORD)).status, 200)
  const parallel = await Promise.all(Array.from({ length: 20 }, () => attempt('applicant@30', 'guess')))
  t.equal(parallel.filter(({ code }) => code === 'BAD_CREDENTIALS').length, 5, 'twenty guesses at once are five guesses')
  const locks = await db.query(`SELECT username FROM audit_log WHERE action = 'session.locked'`)
  t.same(locks.rows.map((row) => row.username).sort(), ['', 'applicant@30', 'finance@30'])
  await db.query('DELETE FROM sign_in_failures')
})

t.test('a new password has its length and classes, is not the name, not common, and not one of the last five', async (t) => {
  const made = await createAccount(world, sysadmin, { username: 'historian' })
  await grant(world, secadmin, made, 'finance')
  const browser = new Browser(world)
  await browser.enter(made)
  const faults = async (newPassword: string, currentPassword = made.password) => {
    const answer = await browser.act('changePassword', { currentPassword, newPassword })
    return answer.status === 200
      ? []
      : (JSON.parse(answer.body) as { error: { issues: { message: string }[] } }).error.issues.map(({ message }) => message)
  }
  t.same(await faults('Ab1'), ['too-short', 'too-common'])
  t.same(await faults('alllowercaseletters'), ['too-few-classes'])
  t.same(await faults('Historian-2026x'), ['holds-user-name'])
  t.same(await faults('Password2026!'), ['too-common'])
  t.same(await faults(made.password), ['used-before'])
  const series = ['Grass-land-01', 'Grass-land-02', 'Grass-land-03', 'Grass-land-04', 'Grass-land-05', 'Grass-land-06']
  let current = made.password
  for (const next of series) {
    t.same(await faults(next, current), [], next)
    current = next
  }
  t.same(await faults('Grass-land-02', current), ['used-before'])
  t.same(await faults('Grass-land-01', current), [], 'six ago is free again')
})

t.test('whoever changes the password, or resets it, ends the other sessions', async (t) => {
  const made = await createAccount(world, sysadmin)
  await grant(world, secadmin, made, 'finance')
  const [one, two] = [new Browser(world), new Browser(world)]
  await one.enter(made)
  await one.act('changePassword', { currentPassword: made.password, newPassword: GOOD })
  await two.signIn(made.username, GOOD)
  const sessions = (await ask(world, 'listOwnSessions', two.signed)).json().rows
  t.same(sessions.map(({ own }) => own).sort(), [false, true])
  t.equal((await one.act('changePassword', { currentPassword: 'not it', newPassword: 'Other-steppe-88' })).code, 'BAD_CREDENTIALS')
  t.equal((await one.act('changePassword', { currentPassword: GOOD, newPassword: 'Other-steppe-88' })).status, 200)
  t.equal((await ask(world, 'getSession', two.signed)).code, 'NOT_SIGNED_IN')
  const { version } = (await ask(world, 'getAccount', sysadmin, { params: { accountId: made.accountId } })).json()
  const reset = await ask(world, 'resetPassword', sysadmin, { params: { accountId: made.accountId }, body: { version, reason } })
  t.equal((await ask(world, 'getSession', one.signed)).code, 'NOT_SIGNED_IN')
  t.equal((await one.signIn(made.username, 'Other-steppe-88')).code, 'BAD_CREDENTIALS')
  t.equal((await one.signIn(made.username, reset.json().oneTimePassword)).code, 'ENTRY_CODE_REQUIRED')
})

t.test('one ends one’s own sessions, one or all the others, and nobody else’s', async (t) => {
  const [a, b, c] = [await world.signIn('inspector'), await world.signIn('inspector'), await world.signIn('inspector')]
  const stranger = await world.signIn('finance')
  const rows = (await ask(world, 'listOwnSessions', a)).json().rows
  const others = rows.filter(({ own }) => !own)
  t.equal(others.length, 2)
  t.equal((await ask(world, 'endOwnSession', stranger, { params: { sessionId: others[0]!.sessionId } })).code, 'NOT_FOUND')
  t.equal((await ask(world, 'endOwnSession', a, { params: { sessionId: others[0]!.sessionId } })).status, 200)
  t.same(settle([await ask(world, 'getSession', b), await ask(world, 'getSession', c)]), [200, 401])
  t.equal((await ask(world, 'endOwnSessions', a)).json().ended, 1)
  t.same(settle([await ask(world, 'getSession', b), await ask(world, 'getSession', c)]), [401, 401])
  t.equal((await ask(world, 'getSession', a)).status, 200)
})

t.test('a driver reads the notice on positions first, once per version; until then nothing else works', async (t) => {
  const made = await createAccount(world, sysadmin, { username: 'new.driver', requestedRole: 'driver' })
  await grant(world, secadmin, made, 'driver')
  const browser = new Browser(world)
  await browser.enter(made)
  t.equal((await browser.act('changePassword', { currentPassword: made.password, newPassword: GOOD })).json().step, 'notice')
  t.equal((await ask(world, 'listVehicles', browser.signed)).code, 'NOTICE_REQUIRED')
  const { notice } = await browser.step()
  t.match(notice, { noticeId: 1, titleZh: /告知书/, textEn: /sensitive personal information/ })
  t.equal((await browser.act('acknowledgeNotice', { noticeId: 2 })).code, 'CONFLICT')
  t.equal((await browser.act('acknowledgeNotice', { noticeId: 1 })).json().step, 'open')
  t.equal((await browser.signIn('new.driver', GOOD)).status, 200, 'not asked again')
  const text = {
    titleZh: '告知书第二版',
    textZh: '这是一份新的告知书，内容有所更新，请认真阅读。',
    titleEn: 'Notice, second',
    textEn: 'A new notice with new words.',
  }
  const published = await ask(world, 'publishNotice', secadmin, { body: { ...text, reason } })
  t.equal(published.status, 200, published.body)
  t.equal((await browser.signIn('new.driver', GOOD)).code, 'NOTICE_REQUIRED', 'asked for the new version')
  t.equal((await ask(world, 'signOut', browser.signed)).status, 200, 'one may leave')
  await browser.signIn('new.driver', GOOD)
  await browser.act('acknowledgeNotice', { noticeId: published.json().noticeId })
  const own = (await ask(world, 'getOwnAccount', browser.signed)).json()
  t.same(own.notices.map(({ noticeId }) => noticeId).sort(), [1, published.json().noticeId])
  await db.owner.query('DELETE FROM notice_acknowledgements WHERE notice_id > 1')
  await db.owner.query('DELETE FROM notices WHERE notice_id > 1')
})

t.test('codes of a second factor: this step and one either way, once each, and recovery codes once each', async (t) => {
  const strict = await startWorld(t, db, { 'demo-totp': 'true' })
  const browser = new Browser(strict)
  t.equal((await browser.signIn('audit_admin', PASSWORD)).code, 'TOTP_ENROLMENT_REQUIRED')
  t.equal((await ask(strict, 'getSession', browser.signed)).code, 'TOTP_ENROLMENT_REQUIRED')
  const { secret, uri, qrSvg } = (await ask(strict, 'beginEnrolment', browser.signed, { body: {} })).json()
  t.match(uri, /^otpauth:\/\/totp\/Morin:audit_admin\?secret=/)
  t.match(qrSvg, /^<svg/)
  const kept = await db.query<{ new_secret: Buffer }>('SELECT new_secret FROM sessions WHERE new_secret IS NOT NULL')
  t.notOk(kept.rows[0]!.new_secret.toString('latin1').includes(secret), 'sealed at rest')
  const step = 30_000
  const now = NOW_MS
  t.equal((await browser.act('confirmEnrolment', { code: await codeAt(secret, now - 10 * step) })).code, 'BAD_CODE')
  const confirmed = (await browser.act('confirmEnrolment', { code: await codeAt(secret, now - step) })).json()
  t.equal(confirmed.step, 'open')
  t.equal(new Set(confirmed.recoveryCodes).size, 10)
  t.equal((await ask(strict, 'getSession', browser.signed)).status, 200)
  t.equal((await ask(strict, 'getOwnAccount', browser.signed)).json().secondFactor.recoveryCodesLeft, 10)

  const attempt = async (code: string) => {
    const other = new Browser(strict)
    t.equal((await other.signIn('audit_admin', PASSWORD)).code, 'TOTP_REQUIRED')
    t.equal((await ask(strict, 'listAccounts', other.signed)).code, 'TOTP_REQUIRED')
    return other.act('passSecondFactor', { code })
  }
  t.equal((await attempt(await codeAt(secret, now - step))).code, 'BAD_CODE', 'the code of the enrolment was used')
  t.equal((await attempt(await codeAt(secret, now - 2 * step))).code, 'BAD_CODE', 'two steps behind')
  t.equal((await attempt(await codeAt(secret, now + 2 * step))).code, 'BAD_CODE', 'two steps ahead')
  t.equal((await attempt(await codeAt(secret, now))).json().step, 'open')
  t.equal((await attempt(await codeAt(secret, now))).code, 'BAD_CODE', 'never twice')
  await db.query('DELETE FROM sign_in_failures')
  t.equal((await attempt(await codeAt(secret, now + step))).json().step, 'open', 'a telephone half a minute fast')
  t.equal((await attempt(await codeAt(secret, now))).code, 'BAD_CODE', 'nothing before the newest is taken either')

  strict.clock.atMs += 5 * step
  const pair = [new Browser(strict), new Browser(strict)]
  for (const each of pair) await each.signIn('audit_admin', PASSWORD)
  const code = await codeAt(secret, strict.clock.atMs)
  t.same(settle(await Promise.all(pair.map((each) => each.act('passSecondFactor', { code })))), [200, 401], 'two at once: one')

  const [recovery] = confirmed.recoveryCodes
  t.equal((await attempt(recovery!.toLowerCase().replaceAll('-', ''))).json().step, 'open', 'however it is typed')
  t.equal((await attempt(recovery!)).code, 'BAD_CODE')
  t.equal((await attempt('AAAA-AAAA-AAAA-AAAA')).code, 'BAD_CODE')
  await db.query('DELETE FROM sign_in_failures')
  for (let k = 0; k < 5; k++) t.equal((await attempt('000000')).code, 'BAD_CODE')
  const locked = new Browser(strict)
  t.equal((await locked.signIn('audit_admin', PASSWORD)).code, 'ACCOUNT_LOCKED', 'guessing codes locks like guessing passwords')
  await db.query('DELETE FROM sign_in_failures')

  const id = (
    await db.query<{ account_id: number; version: number }>(`SELECT account_id, version FROM accounts WHERE username = 'audit_admin'`)
  ).rows[0]!
  const body = { version: id.version, reason: '手机遗失' }
  t.equal(
    (await ask(world, 'resetSecondFactor', sysadmin, { params: { accountId: id.account_id }, body })).code,
    'FORBIDDEN',
    'not by who resets passwords',
  )
  t.equal((await ask(world, 'resetSecondFactor', secadmin, { params: { accountId: id.account_id }, body })).status, 200)
  t.equal((await ask(strict, 'getSession', browser.signed)).code, 'NOT_SIGNED_IN')
  t.equal((await locked.signIn('audit_admin', PASSWORD)).code, 'ENTRY_CODE_REQUIRED', 'whoever knows the password does not enrol')
  await db.query('UPDATE accounts SET unproven_by = NULL')
})

t.test('a second factor of one’s own choice is asked for everywhere, and replacing it needs password and code', async (t) => {
  const browser = new Browser(world)
  await browser.signIn('dispatcher', PASSWORD)
  t.equal((await browser.act('beginEnrolment', {})).code, 'BAD_CREDENTIALS')
  const { secret } = (await ask(world, 'beginEnrolment', browser.signed, { body: { password: PASSWORD } })).json()
  t.equal((await browser.act('confirmEnrolment', { code: await codeAt(secret, NOW_MS) })).json().step, 'open')
  const again = new Browser(world)
  t.equal((await again.signIn('dispatcher', PASSWORD)).code, 'TOTP_REQUIRED')
  t.equal((await ask(world, 'beginEnrolment', browser.signed, { body: { password: PASSWORD } })).code, 'BAD_CODE')
  const code = await codeAt(secret, NOW_MS + 30_000)
  t.equal((await ask(world, 'beginEnrolment', browser.signed, { body: { password: PASSWORD, code } })).status, 200)
  t.equal((await ask(world, 'beginEnrolment', browser.signed, { body: { password: PASSWORD, code } })).code, 'BAD_CODE')
  await db.query('DELETE FROM sign_in_failures')
})

t.test('a sealed secret opens for its own account and key alone', async (t) => {
  const { newSealingKey, seal, sealingKeyOf, unseal } = await import('../../services/platform/crypto.ts')
  const key = sealingKeyOf(newSealingKey())
  const sealed = seal(key, 'the secret', 'of 1')
  t.equal(unseal(key, sealed, 'of 1').toString(), 'the secret')
  t.throws(() => unseal(key, sealed, 'of 2'))
  t.throws(() => unseal(sealingKeyOf(newSealingKey()), sealed, 'of 1'))
  sealed[sealed.length - 1]! ^= 1
  t.throws(() => unseal(key, sealed, 'of 1'))
})

// Last, because time going on ends every session.
t.test('a password is announced before its end and must be changed after it', async (t) => {
  const made = await createAccount(world, sysadmin)
  await grant(world, secadmin, made, 'finance')
  const browser = new Browser(world)
  await browser.enter(made)
  await browser.act('changePassword', { currentPassword: made.password, newPassword: GOOD })
  t.equal((await ask(world, 'getSession', browser.signed)).json().passwordEndsAt, null)
  const day = 86_400_000
  clock.atMs += 80 * day
  t.equal((await browser.signIn(made.username, GOOD)).json().passwordEndsAt, new Date(NOW_MS + 90 * day).toISOString())
  clock.atMs += 10 * day
  t.equal((await browser.signIn(made.username, GOOD)).code, 'PASSWORD_CHANGE_REQUIRED')
  clock.atMs = NOW_MS
})
