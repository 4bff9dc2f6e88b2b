// Failures of sign-in: who types a colleague's name locks himself out and not the colleague; only very many from anywhere lock a name; one
// name is one name in whatever letters; and what nobody is called stands nowhere in clear.
import { Writable } from 'node:stream'
import fc from 'fast-check'
import { pino } from 'pino'
import t from 'tap'
import { foldUsername } from '../../services/domain/username.ts'
import { networkOf } from '../../services/platform/network.ts'
import { Browser, codeAt } from './people.ts'
import { NOW_MS, PASSWORD } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
let logged = ''
const keep = new Writable({
  write(chunk, _encoding, done) {
    logged += chunk
    done()
  },
})
const log = pino({ level: 'trace' }, keep)
const world = await startWorld(t, db, { 'trust-proxy': '127.0.0.1' }, { log })

const attempt = (username: string, password: string, from = '10.0.0.1', where = world) =>
  ask(where, 'signIn', undefined, { body: { username, password }, headers: { 'x-forwarded-for': from } })
const codes = async (n: number, username: string, from: string) => {
  const all: (string | undefined)[] = []
  for (let k = 0; k < n; k++) all.push((await attempt(username, 'wrong', from)).code)
  return all
}
const forget = () => db.query('DELETE FROM sign_in_failures')

t.test('a stranger who types a colleague’s name is locked out himself; the colleague comes in from elsewhere', async (t) => {
  t.same(await codes(7, 'finance', '10.0.0.1'), [...Array(5).fill('BAD_CREDENTIALS'), ...Array(2).fill('ACCOUNT_LOCKED')])
  t.equal((await attempt('finance', PASSWORD, '10.0.0.1')).code, 'ACCOUNT_LOCKED')
  t.equal((await attempt('finance', PASSWORD, '10.0.0.2')).status, 200)
  t.equal(
    (await attempt('finance', PASSWORD, '10.0.0.1')).code,
    'ACCOUNT_LOCKED',
    'and what the colleague did does not let the stranger try on',
  )
  t.equal((await attempt('applicant', PASSWORD, '10.0.0.1')).status, 200, 'another name is another count')
  await forget()
})

t.test('one network is one network, in whatever addresses it comes', async (t) => {
  const inOne = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', '2001:0DB8:0001:0002:0:0:0:7', '2001:db8:1:2::a%eth0', '2001:db8:1:2::b']
  for (const from of inOne.slice(0, 3)) await attempt('finance', 'wrong', from)
  for (let k = 0; k < 2; k++) await attempt('finance', 'wrong', `2001:db8:1:2::${k + 100}`)
  t.equal((await attempt('finance', PASSWORD, inOne[4])).code, 'ACCOUNT_LOCKED')
  t.equal((await attempt('finance', PASSWORD, '2001:db8:1:3::1')).status, 200)
  await forget()
  await codes(5, 'finance', '::ffff:10.9.9.9')
  t.equal((await attempt('finance', PASSWORD, '10.9.9.9')).code, 'ACCOUNT_LOCKED', 'an address mapped into IPv6')
  t.equal((await attempt('finance', PASSWORD, '::ffff:10.9.9.8')).status, 200)
  await forget()
  for (const [address, network] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['64:ff9b::192.0.2.1', '192.0.2.1'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ] as const)
    t.equal(networkOf(address), network, address)
})

t.test('what a client says of where it comes from counts for nothing unless a proxy that is trusted says it', async (t) => {
  const open = await startWorld(t, db)
  for (let k = 0; k < 5; k++) t.equal((await attempt('finance', 'wrong', `10.1.0.${k}`, open)).code, 'BAD_CREDENTIALS')
  t.equal((await attempt('finance', PASSWORD, '10.1.0.99', open)).code, 'ACCOUNT_LOCKED')
  await forget()
  // Through a proxy: what stands before what the proxy adds was sent by the client.
  for (let k = 0; k < 5; k++) await attempt('finance', 'wrong', `10.2.0.${k}, 10.3.0.1`)
  t.equal((await attempt('finance', PASSWORD, '10.2.0.99, 10.3.0.1')).code, 'ACCOUNT_LOCKED')
  await forget()
})

t.test('very many failures from anywhere lock the name, for the time of a lock and not by the first failure after it', async (t) => {
  const own = await startWorld(t, db, { 'trust-proxy': '127.0.0.1' })
  const from = (k: number) => `10.4.${k >> 8}.${k & 255}`
  let taken = 0
  for (let k = 0; k < 60; k++) if ((await attempt('finance', 'wrong', from(k), own)).code === 'BAD_CREDENTIALS') taken++
  t.equal(taken, 50)
  t.equal((await attempt('finance', PASSWORD, '10.5.0.1', own)).code, 'ACCOUNT_LOCKED')
  own.clock.atMs += 15 * 60_000
  t.equal((await attempt('finance', 'wrong', '10.5.0.1', own)).code, 'BAD_CREDENTIALS')
  t.equal((await attempt('finance', PASSWORD, '10.5.0.1', own)).status, 200)
  const locks = (await db.query<{ body: string }>(`SELECT body FROM audit_log WHERE action = 'session.locked' AND username = 'finance'`))
    .rows
  t.match(JSON.parse(locks.at(-1)!.body), { detail: { locked: 'everywhere' } })
  await forget()
})

t.test('codes are counted by account, wherever they are tried: nobody comes so far without the password', async (t) => {
  const strict = await startWorld(t, db, { 'demo-totp': 'true', 'trust-proxy': '127.0.0.1' })
  const owner = new Browser(strict)
  await owner.signIn('audit_admin', PASSWORD)
  const { secret } = (await ask(strict, 'beginEnrolment', owner.signed, { body: {} })).json()
  t.equal((await owner.act('confirmEnrolment', { code: await codeAt(secret, NOW_MS) })).json().step, 'open')
  const told: (string | undefined)[] = []
  for (let k = 0; k < 6; k++) {
    const thief = new Browser(strict)
    thief.signed = { cookie: '', csrfToken: '', headers: { cookie: '', 'x-csrf-token': '', 'x-forwarded-for': `10.6.0.${k}` } as never }
    const answer = await ask(strict, 'signIn', thief.signed, { body: { username: 'audit_admin', password: PASSWORD } })
    if (answer.code === 'TOTP_REQUIRED') {
      await thief.take(answer.headers['set-cookie']!)
      told.push((await thief.act('passSecondFactor', { code: '000000' })).code)
    } else told.push(answer.code)
  }
  t.same(told, [...Array(5).fill('BAD_CODE'), 'ACCOUNT_LOCKED'])
  await forget()
})

t.test('a name is one name in whatever letters it is typed: found by all of them, and counted together', async (t) => {
  const forms = ['finance', 'Finance', 'FINANCE', ' finance ', 'Ｆｉｎａｎｃｅ', '\u3000finance\u00a0']
  for (const form of forms) t.equal((await attempt(form, PASSWORD)).status, 200, JSON.stringify(form))
  t.same(
    [...(await Promise.all(forms.slice(0, 5).map((form) => attempt(form, 'wrong'))))].map(({ code }) => code),
    Array(5).fill('BAD_CREDENTIALS'),
  )
  for (const form of forms) t.equal((await attempt(form, PASSWORD)).code, 'ACCOUNT_LOCKED', JSON.stringify(form))
  await forget()
  for (const hidden of ['fi\u200bnance', '\ufefffinance', 'finance\u202e'])
    t.equal((await attempt(hidden, PASSWORD)).code, 'VALIDATION_FAILED', 'signs that nobody sees are refused, and count against nobody')
  const sysadmin = await world.signIn('system_admin')
  const person = { displayName: '示例', personNo: 'N1', organisationId: 20, requestedRole: 'finance', reason: '新任财务' }
  for (const username of forms) {
    const answer = await ask(world, 'createAccount', sysadmin, { body: { ...person, username } })
    t.match(answer.body, /account.nameTaken/, JSON.stringify(username))
  }
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (typed) => foldUsername(foldUsername(typed)) === foldUsername(typed)),
    { numRuns: 1_000 },
  )
})

t.test('what nobody is called, such as a password in the wrong field, is nowhere in clear', async (t) => {
  const typed = ['Secret-In-The-Wrong-Field-1', 'geheim passwort 77', '密码写错地方了']
  for (const name of typed) for (let k = 0; k < 7; k++) await attempt(name, 'x', '10.7.0.1')
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND has_table_privilege(oid, 'SELECT')`,
  )
  const metrics = (await world.app.inject({ url: '/metrics' })).body
  t.match(metrics, /http_request_duration_seconds/)
  for (const name of typed) {
    for (const form of new Set([name, name.toLowerCase(), foldUsername(name)])) {
      for (const { name: table } of tables) {
        const { rows } = await db.query(`SELECT 1 FROM ${table} r WHERE strpos(r::text, $1) > 0 LIMIT 1`, [form])
        t.same(rows, [], `${table}: ${form}`)
      }
      t.notOk(logged.includes(form), `the log of the service: ${form}`)
      t.notOk(metrics.includes(form), `the figures: ${form}`)
    }
  }
  const refused = await db.query(
    `SELECT username FROM audit_log WHERE action IN ('session.refused', 'session.locked') AND account_id IS NULL`,
  )
  t.ok(refused.rows.length >= 21 && refused.rows.every(({ username }) => username === ''), 'and on record all the same')
  const before = await attempt(typed[0]!, 'x', '10.7.0.1')
  t.equal(before.code, 'ACCOUNT_LOCKED', 'it locks like any other')
  const restarted = await startWorld(t, db, { 'trust-proxy': '127.0.0.1' })
  t.equal((await attempt(typed[0]!, 'x', '10.7.0.1', restarted)).code, 'ACCOUNT_LOCKED', 'and over a restart')
  await forget()
})
