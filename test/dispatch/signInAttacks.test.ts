// Identity as somebody would attack it: planted sessions, cookies, guesses from two servers at once, one person under two spellings, and
// a scope that is taken away while its socket is open.
import t from 'tap'
import { createAccount, grant, reason } from './people.ts'
import { PASSWORD } from './region.ts'
import { LiveClient } from './sockets.ts'
import { ask, openRegion, type Signed, startWorld } from './world.ts'

const db = await openRegion(t)
const world = await startWorld(t, db)
const sysadmin = await world.signIn('system_admin')
const secadmin = await world.signIn('security_admin')
const withCookie = (cookie: string) => ({ headers: { cookie, 'x-csrf-token': '' } }) as Signed

t.test('a session planted in a browser is worth nothing after a sign-in, and the one that was there has ended', async (t) => {
  const planted = `morin_session=${'p'.repeat(32)}`
  const body = { username: 'finance', password: PASSWORD }
  const answer = await ask(world, 'signIn', withCookie(planted), { body })
  const cookie = String(answer.headers['set-cookie'])
  t.notMatch(cookie, planted)
  t.equal((await ask(world, 'getSession', withCookie(planted))).code, 'NOT_SIGNED_IN')
  const first = cookie.split(';')[0]!
  const again = await ask(world, 'signIn', withCookie(first), { body })
  t.not(String(again.headers['set-cookie']).split(';')[0], first)
  t.equal((await ask(world, 'getSession', withCookie(first))).code, 'NOT_SIGNED_IN')
})

t.test('the cookie is out of reach of scripts and other sites, and over https of plain http', async (t) => {
  const body = { username: 'finance', password: PASSWORD }
  const cookieOf = async (where: typeof world) => String((await ask(where, 'signIn', undefined, { body })).headers['set-cookie'])
  t.match(await cookieOf(world), /; Path=\/; HttpOnly; SameSite=Lax/)
  t.notMatch(await cookieOf(world), /Domain=/)
  const secure = await startWorld(t, db, { 'public-url': 'https://morin.example' })
  t.match(await cookieOf(secure), /; HttpOnly; Secure; SameSite=Lax/)
})

t.test('whether a name exists is told by nothing: the answers are the same, before and after the lock', async (t) => {
  const answers = async (username: string) => {
    const seen: string[] = []
    for (let k = 0; k < 7; k++) {
      const { status, body } = await ask(world, 'signIn', undefined, { body: { username, password: 'wrong' } })
      seen.push(`${status} ${body.replace(/"requestId":"[^"]+"/, '')}`)
    }
    return seen
  }
  t.same(await answers('applicant'), await answers('no.such.person'))
  await db.query('DELETE FROM sign_in_failures')
})

t.test('guesses at one name from two servers at once are no more than one server would take, but for one each', async (t) => {
  const other = await startWorld(t, db)
  const guess = (k: number) =>
    ask(k % 2 ? world : other, 'signIn', undefined, { body: { username: 'unit_approver', password: `guess ${k}` } })
  const answers = await Promise.all(Array.from({ length: 40 }, (_, k) => guess(k)))
  const taken = answers.filter(({ code }) => code === 'BAD_CREDENTIALS').length
  t.ok(taken >= 5 && taken <= 6, `${taken} guesses were looked at`)
  t.equal(answers.filter(({ code }) => code === 'ACCOUNT_LOCKED').length, 40 - taken)
  t.equal((await ask(other, 'signIn', undefined, { body: { username: 'unit_approver', password: PASSWORD } })).code, 'ACCOUNT_LOCKED')
  await db.query('DELETE FROM sign_in_failures')
})

t.test('one person is one person in whatever letters the staff number is written', async (t) => {
  const as = (personNo: string, requestedRole: string) => createAccount(world, sysadmin, { personNo, organisationId: 1, requestedRole })
  const first = await as('zx-77a', 'audit_admin')
  const second = await as(' ZX-77A ', 'system_admin')
  t.equal((await grant(world, secadmin, first, 'audit_admin', 1)).status, 200)
  t.equal((await grant(world, secadmin, second, 'system_admin', 1)).code, 'SEPARATED_ROLES')
})

t.test('whoever holds one of the three cannot be made another by a third person while the first grant runs or is asked for', async (t) => {
  const made = await createAccount(world, sysadmin, { organisationId: 1, requestedRole: 'audit_admin' })
  const answers = await Promise.all([
    grant(world, secadmin, { ...made }, 'audit_admin', 1),
    grant(world, secadmin, { ...made }, 'system_admin', 1),
  ])
  t.same(answers.map(({ status }) => status).sort(), [200, 409])
  const { rows } = await db.query(
    'SELECT count(*) AS n FROM role_grants WHERE account_id = $1 AND granted_at IS NOT NULL AND ended_at IS NULL',
    [made.accountId],
  )
  t.same(rows, [{ n: 1 }])
})

t.test('a scope made narrower cuts the socket that still shows the wider one', async (t) => {
  const signed = await world.signIn('dispatcher')
  const live = new LiveClient(t, world.origin, { cookie: signed.cookie })
  live.view()
  await live.next('snapshot')
  const { rows } = await db.query<{ account_id: number; version: number }>(
    `SELECT account_id, version FROM accounts WHERE username = 'dispatcher'`,
  )
  const { account_id: accountId, version } = rows[0]!
  const body = { version, role: 'dispatcher', organisationId: 21, reason }
  t.equal((await ask(world, 'grantRole', secadmin, { params: { accountId }, body })).status, 200)
  await live.next('disconnect')
  const again = await world.signIn('dispatcher')
  t.same(
    (await ask(world, 'listVehicles', again)).json().rows.map(({ vehicleId }) => vehicleId),
    [211],
  )
})
