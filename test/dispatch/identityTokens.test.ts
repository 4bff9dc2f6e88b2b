// Integration tokens, the security policy, OpenID Connect, and the first administrators.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import Provider from 'oidc-provider'
import t from 'tap'
import type { Endpoint } from '../../services/contracts/api/endpoint.ts'
import { api, type EndpointName } from '../../services/contracts/api.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { startTestDatabase } from '../harness/database.ts'
import { Browser, codeAt, createAccount, grant, makeToken, reason } from './people.ts'
import { NOW_MS } from './region.ts'
import { LiveClient } from './sockets.ts'
import { ask, openRegion, type Signed, startWorld, wideLimits } from './world.ts'

const db = await openRegion(t)
const world = await startWorld(t, db)
const secadmin = await world.signIn('security_admin')
const idOf = async (username: string) =>
  (await db.query<{ account_id: number }>('SELECT account_id FROM accounts WHERE username = $1', [username])).rows[0]!.account_id
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } as never })
const DAY_MS = 86_400_000
const inDays = (days: number) => new Date(NOW_MS + days * DAY_MS).toISOString()
const tokenBody = async (more: object = {}) => ({
  accountId: await idOf('bureau_admin'),
  name: '数据直报',
  capabilities: ['live.view', 'ledger.view'],
  organisationId: 4,
  expiresAt: inDays(30),
  reason,
  ...more,
})
const owner = await world.signIn('bureau_admin')
const make = async (more: object = {}) => makeToken(world, secadmin, owner, await tokenBody(more))

t.test('a token does what its capabilities and subtree say, without cookie and CSRF token, and no more', async (t) => {
  const { token, row } = await make()
  t.match(token, /^mrn_[\w-]{32}$/)
  const { rows } = await db.query<{ token_hash: Buffer }>('SELECT token_hash FROM api_tokens')
  t.notOk(
    rows.some(({ token_hash }) => token.includes(token_hash.toString('base64url'))),
    'kept as a hash',
  )
  const listed = await ask(world, 'listVehicles', bearer(token))
  t.same(
    listed
      .json()
      .rows.map(({ vehicleId }) => vehicleId)
      .sort(),
    [201, 202, 211],
  )
  t.equal((await ask(world, 'getVehicle', bearer(token), { params: { vehicleId: 301 } })).code, 'NOT_FOUND')
  const narrow = await make({ organisationId: 21 })
  t.same(
    (await ask(world, 'listVehicles', bearer(narrow.token))).json().rows.map(({ vehicleId }) => vehicleId),
    [211],
  )
  for (const [name, { access }] of Object.entries(api) as [EndpointName, Endpoint][]) {
    if (access === 'public' || access === 'live.view' || access === 'ledger.view') continue
    const answer = await ask(world, name, bearer(token), { params: { vehicleId: 202 } })
    t.equal(answer.code, 'FORBIDDEN', `${name} (${access})`)
  }
  t.equal((await ask(world, 'statePurpose', bearer(token), { body: { purpose: '核查举报线索' } })).code, 'FORBIDDEN')
  const both = await world.signIn('bureau_admin')
  const forged = { headers: { ...both.headers, authorization: `Bearer mrn_${'x'.repeat(32)}` } }
  t.equal((await ask(world, 'getSession', forged)).code, 'NOT_SIGNED_IN', 'a wrong token is not saved by a cookie')
  t.equal((await new LiveClient(t, world.origin, { authorization: `Bearer ${token}` }).next('connect_error')).code, 'NOT_SIGNED_IN')
  const seen = (await ask(world, 'listTokens', secadmin)).json().rows.find(({ tokenId }) => tokenId === row.tokenId)
  t.equal(seen?.lastUsedAt, new Date(NOW_MS).toISOString())
})

t.test('a token ends with its day, its account, its account’s rights, or by being revoked', async (t) => {
  const works = async (token: string) => (await ask(world, 'listVehicles', bearer(token))).status === 200
  const expiring = await make({ expiresAt: inDays(1) })
  t.ok(await works(expiring.token))
  world.clock.atMs += DAY_MS
  t.notOk(await works(expiring.token))
  world.clock.atMs = NOW_MS
  const params = { tokenId: (await make()).row.tokenId }
  const revoked = await make()
  const body = { reason }
  t.equal((await ask(world, 'revokeToken', secadmin, { params: { tokenId: revoked.row.tokenId }, body })).status, 200)
  t.notOk(await works(revoked.token))
  t.equal((await ask(world, 'revokeToken', secadmin, { params: { tokenId: revoked.row.tokenId }, body })).code, 'CONFLICT')
  t.equal((await ask(world, 'revokeToken', await world.signIn('security_admin@30'), { params, body })).code, 'NOT_FOUND')
  const kept = await make()
  await db.query(`UPDATE accounts SET role = 'finance' WHERE username = 'bureau_admin'`)
  t.equal((await ask(world, 'listVehicles', bearer(kept.token))).code, 'FORBIDDEN', 'finance sees no live vehicles')
  await db.query(`UPDATE accounts SET role = 'bureau_admin', organisation_id = 3 WHERE username = 'bureau_admin'`)
  t.notOk(await works(kept.token), 'the account reaches that subtree no more')
  await db.query(`UPDATE accounts SET organisation_id = 2, status = 'disabled' WHERE username = 'bureau_admin'`)
  t.notOk(await works(kept.token))
  await db.query(`UPDATE accounts SET status = 'active' WHERE username = 'bureau_admin'`)
  t.ok(await works(kept.token))
  const limited = await startWorld(t, db, {}, { limits: { ...wideLimits, perSession: 3 } })
  for (let k = 0; k < 3; k++) t.equal((await ask(limited, 'listVehicles', bearer(kept.token))).status, 200)
  t.equal((await ask(limited, 'listVehicles', bearer(kept.token))).code, 'RATE_LIMITED')
})

t.test('the secret of a token is its owner’s alone: once, within its time, and replaced by the owner alone', async (t) => {
  const permitted = await ask(world, 'permitToken', secadmin, { body: await tokenBody() })
  t.equal(permitted.status, 200)
  t.match(permitted.json(), { state: 'permitted', collectUntil: inDays(7), collectedAt: null })
  t.notMatch(permitted.body, /mrn_/, 'whoever permits it is shown no secret')
  const params = { tokenId: permitted.json().tokenId }
  t.notMatch((await ask(world, 'listTokens', secadmin)).body, /mrn_/)
  for (const stranger of [secadmin, await world.signIn('system_admin'), await world.signIn('bureau_admin@30')])
    for (const name of ['collectOwnToken', 'rotateOwnToken', 'revokeOwnToken'] as const)
      t.equal((await ask(world, name, stranger, { params })).code, 'NOT_FOUND', name)
  t.equal((await ask(world, 'rotateOwnToken', owner, { params })).code, 'CONFLICT', 'nothing to replace yet')
  const both = await Promise.all([ask(world, 'collectOwnToken', owner, { params }), ask(world, 'collectOwnToken', owner, { params })])
  t.same(both.map(({ status }) => status).sort(), [200, 409], 'of two at once one is shown it')
  const { token } = both.find(({ status }) => status === 200)!.json()
  t.equal((await ask(world, 'listVehicles', bearer(token))).status, 200)
  t.equal((await ask(world, 'collectOwnToken', bearer(token), { params })).code, 'FORBIDDEN', 'a token collects none')
  t.equal((await ask(world, 'collectOwnToken', owner, { params })).code, 'CONFLICT')
  t.notMatch((await ask(world, 'listOwnTokens', owner)).body, /mrn_/)

  const rotated = (await ask(world, 'rotateOwnToken', owner, { params })).json()
  t.equal((await ask(world, 'listVehicles', bearer(token))).code, 'NOT_SIGNED_IN', 'the old secret is dead at once')
  t.equal((await ask(world, 'listVehicles', bearer(rotated.token))).status, 200)
  t.equal(rotated.row.expiresAt, permitted.json().expiresAt, 'and nothing is prolonged by it')
  t.equal((await ask(world, 'revokeOwnToken', owner, { params })).json().state, 'revoked')
  t.equal((await ask(world, 'listVehicles', bearer(rotated.token))).code, 'NOT_SIGNED_IN')
  for (const name of ['rotateOwnToken', 'collectOwnToken', 'revokeOwnToken'] as const)
    t.equal((await ask(world, name, owner, { params })).code, 'CONFLICT', name)

  const late = (await ask(world, 'permitToken', secadmin, { body: await tokenBody() })).json()
  await db.query('UPDATE api_tokens SET collect_until = $2 WHERE token_id = $1', [late.tokenId, inDays(-1)])
  t.equal((await ask(world, 'collectOwnToken', owner, { params: { tokenId: late.tokenId } })).code, 'CONFLICT')
  t.equal((await ask(world, 'listOwnTokens', owner)).json().rows.find(({ tokenId }) => tokenId === late.tokenId)?.state, 'lapsed')
  const refused = (await ask(world, 'permitToken', secadmin, { body: await tokenBody() })).json()
  await ask(world, 'revokeToken', secadmin, { params: { tokenId: refused.tokenId }, body: { reason } })
  t.equal(
    (await ask(world, 'collectOwnToken', owner, { params: { tokenId: refused.tokenId } })).code,
    'CONFLICT',
    'a permission taken back',
  )

  const twin = await idOf('finance')
  await db.query(`UPDATE accounts SET person_no = 'T1' WHERE username IN ('security_admin', 'finance')`)
  const body = await tokenBody({ accountId: twin, capabilities: ['ledger.view'], organisationId: 20 })
  t.equal((await ask(world, 'permitToken', secadmin, { body })).code, 'TWO_PERSON_RULE', 'a second account of the same person')
  await db.query(`UPDATE accounts SET person_no = NULL, demo = false WHERE username = 'finance'`)
  t.equal((await ask(world, 'permitToken', secadmin, { body })).code, 'TWO_PERSON_RULE', 'nor an account of nobody knows whom')
  await db.query(`UPDATE accounts SET person_no = NULL, demo = true WHERE username IN ('security_admin', 'finance')`)
  const bodies = await db.query<{ body: string }>('SELECT body FROM audit_log')
  t.notOk(bodies.rows.some((row) => row.body.includes(token) || row.body.includes(rotated.token)))
})

t.test('a token is asked for within scope, role and policy, and never for oneself', async (t) => {
  const refusal = async (more: object) => (await ask(world, 'permitToken', secadmin, { body: await tokenBody(more) })).code
  t.equal(await refusal({ expiresAt: inDays(366) }), 'VALIDATION_FAILED')
  t.equal(await refusal({ expiresAt: inDays(-1) }), 'VALIDATION_FAILED')
  t.equal(await refusal({ capabilities: ['role.grant'] }), 'VALIDATION_FAILED')
  t.equal(await refusal({ capabilities: ['audit.view'] }), 'VALIDATION_FAILED', 'what the account itself may not')
  t.equal(await refusal({ organisationId: 30 }), 'NOT_FOUND', 'outside the account’s scope')
  t.equal(await refusal({ accountId: 9_999 }), 'NOT_FOUND')
  t.equal(await refusal({ accountId: await idOf('security_admin'), capabilities: ['live.view'] }), 'TWO_PERSON_RULE')
  const elsewhere = await world.signIn('security_admin@30')
  t.equal((await ask(world, 'permitToken', elsewhere, { body: await tokenBody() })).code, 'NOT_FOUND')
})

t.test('a policy takes effect on its day, needs the newest one seen, and cannot drop the administrators’ second factor', async (t) => {
  const own = await startWorld(t, db)
  const admin = await own.signIn('security_admin')
  const { current } = (await ask(own, 'getSecurityPolicy', admin)).json()
  const set = (more: object, limits: object = {}) =>
    ask(own, 'setSecurityPolicy', admin, { body: { basedOn: current.policyId, limits: { ...current.limits, ...limits }, reason, ...more } })
  t.equal((await set({}, { secondFactorRoles: [] })).code, 'VALIDATION_FAILED')
  t.equal((await set({}, { minLength: 3 })).code, 'VALIDATION_FAILED')
  t.equal((await set({ effectiveFrom: inDays(-1) })).code, 'VALIDATION_FAILED')
  const both = await Promise.all([set({}, { idleMinutes: 10, lockAfterFailures: 3 }), set({}, { idleMinutes: 20 })])
  t.same(both.map(({ status }) => status).sort(), [200, 409], 'of two at once one is told that the other was first')
  const now = (await ask(own, 'getSecurityPolicy', admin)).json().current
  const later = await ask(own, 'setSecurityPolicy', admin, {
    body: { basedOn: now.policyId, effectiveFrom: inDays(2), limits: { ...now.limits, idleMinutes: 10, absoluteHours: 1 }, reason },
  })
  t.equal(later.status, 200)
  t.equal((await ask(own, 'getSecurityPolicy', admin)).json().current.policyId, now.policyId)
  own.clock.atMs += 2 * DAY_MS
  const signed = await own.signIn('finance')
  own.clock.atMs += 9 * 60_000
  t.equal((await ask(own, 'getSession', signed)).status, 200)
  own.clock.atMs += 11 * 60_000
  t.equal((await ask(own, 'getSession', signed)).code, 'NOT_SIGNED_IN', 'ten idle minutes now')
  const busy = await own.signIn('finance')
  for (let k = 0; k < 11; k++) {
    own.clock.atMs += 5 * 60_000
    t.equal((await ask(own, 'getSession', busy)).status, 200)
  }
  own.clock.atMs += 5 * 60_000
  t.equal((await ask(own, 'getSession', busy)).code, 'NOT_SIGNED_IN', 'one hour at most')
  await db.owner.query('DELETE FROM security_policies WHERE policy_id > $1', [current.policyId])
})

type Issuer = { server: Server; url: string; login: { sub: string; preferredUsername: string } }

/** A provider that lets the browser in as `login`, without asking. */
async function startIssuer(redirectUri: string): Promise<Issuer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const login = { sub: 'u-1', preferredUsername: 'finance' }
  const provider = new Provider(url, {
    clients: [{ client_id: 'morin', client_secret: 'a secret of the client', redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['a key of the test'] },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600 },
    findAccount: (_context: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, preferred_username: login.preferredUsername }),
    }),
    loadExistingGrant: async (context: {
      oidc: {
        client: { clientId: string }
        session: { accountId: string }
        provider: { Grant: new (of: object) => { addOIDCScope(scope: string): void; save(): Promise<void> } }
      }
    }) => {
      const granted = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      })
      granted.addOIDCScope('openid profile')
      await granted.save()
      return granted
    },
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/in/${interaction.uid}` },
  } as never)
  const handle = provider.callback()
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/in/'))
      void provider.interactionFinished(request, response, { login: { accountId: login.sub } }, { mergeWithLastSubmission: false })
    else void handle(request, response)
  })
  return { server, url, login }
}

/** Follows redirects like a browser, with its cookies by host, until a page of `origin` that is no redirect. */
async function browse(start: string, jar = new Map<string, Map<string, string>>()) {
  const visited: string[] = []
  let url = start
  for (let hop = 0; hop < 12; hop++) {
    const cookies = jar.get(new URL(url).host) ?? new Map<string, string>()
    jar.set(new URL(url).host, cookies)
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '), accept: 'text/html' },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';')
      cookies.set(pair!.slice(0, pair!.indexOf('=')), pair!.slice(pair!.indexOf('=') + 1))
    }
    visited.push(url)
    const location = answer.headers.get('location')
    if (!location) return { url, jar, visited }
    url = new URL(location, url).href
  }
  throw new Error(`no end of redirects: ${visited.join(' → ')}`)
}

t.test('OpenID Connect: PKCE, state and nonce; an account that exists, bound at first use; steps stay ours', async (t) => {
  // The redirect address must be known before the service listens, so a port is reserved and given back.
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  const origin = `http://127.0.0.1:${port}`
  const issuer = await startIssuer(`${origin}/api/oidc/callback`)
  t.teardown(() => issuer.server.close())
  const { build } = await import('../../services/dispatch/server.ts')
  const { settingsSchema } = await import('../../services/dispatch/settings.ts')
  const { pino } = await import('pino')
  const { app } = await build({
    db,
    clock: { nowMs: () => Date.now() },
    log: pino({ level: process.env.LOG_LEVEL ?? 'silent' }),
    version: '0',
    broker: world.broker,
    settings: settingsSchema.parse({
      'web-dir': 'no-web-here',
      'identity-key': Buffer.alloc(32, 7).toString('base64url'),
      'oidc-issuer': issuer.url,
      'oidc-client-id': 'morin',
      'oidc-client-secret': 'a secret of the client',
      'oidc-redirect-url': `${origin}/api/oidc/callback`,
    }),
  })
  await app.listen({ port, host: '127.0.0.1' })
  t.teardown(() => app.close())
  t.equal((await ask({ app }, 'getSignInOptions', undefined)).json().oidc, true)
  t.equal((await ask(world, 'getSignInOptions', undefined)).json().oidc, false)
  t.equal((await world.app.inject('/api/oidc/start')).statusCode, 404, 'off by default')

  const whoIs = async (jar: Map<string, Map<string, string>>) => {
    const token = jar.get(new URL(origin).host)?.get('morin_session')
    const cookie = `morin_session=${token}`
    return ask({ app }, 'getSession', { cookie, csrfToken: '', headers: { cookie, 'x-csrf-token': '' } } as Signed)
  }
  const entered = await browse(`${origin}/api/oidc/start?to=/fleet`)
  t.equal(entered.url, `${origin}/fleet`)
  const asked = new URL(entered.visited.find((url) => url.startsWith(`${issuer.url}/auth?`))!).searchParams
  t.equal(asked.get('code_challenge_method'), 'S256')
  for (const name of ['code_challenge', 'state', 'nonce']) t.ok((asked.get(name) ?? '').length >= 32, name)
  t.match((await whoIs(entered.jar)).json(), { username: 'finance', role: 'finance' })
  t.match((await db.query(`SELECT oidc_subject FROM accounts WHERE username = 'finance'`)).rows, [{ oidc_subject: `${issuer.url} u-1` }])
  t.equal((await browse(`${origin}/api/oidc/start?to=//elsewhere.example`)).url, `${origin}/`, 'never out of the house')

  issuer.login.preferredUsername = 'somebody.else'
  t.match((await whoIs((await browse(`${origin}/api/oidc/start`)).jar)).json(), { username: 'finance' }, 'the subject counts, not the name')
  issuer.login.sub = 'u-2'
  const before = await db.query('SELECT count(*) AS n FROM accounts')
  t.equal((await browse(`${origin}/api/oidc/start`)).url, `${origin}/sign-in?oidc=refused`, 'nobody is made')
  t.same((await db.query('SELECT count(*) AS n FROM accounts')).rows, before.rows)
  issuer.login.preferredUsername = 'finance'
  t.equal((await browse(`${origin}/api/oidc/start`)).url, `${origin}/sign-in?oidc=refused`, 'bound to another subject')

  const sysadmin = await world.signIn('system_admin')
  const made = await createAccount(world, sysadmin, { username: 'sso.auditor', organisationId: 1, requestedRole: 'audit_admin' })
  issuer.login.sub = 'u-3'
  issuer.login.preferredUsername = 'sso.auditor'
  t.equal((await browse(`${origin}/api/oidc/start`)).url, `${origin}/sign-in?oidc=inactive`, 'no role yet')
  t.equal((await grant(world, await world.signIn('security_admin'), made, 'audit_admin', 1)).status, 200)
  const stepped = await browse(`${origin}/api/oidc/start?to=/audit`)
  t.equal(stepped.url, `${origin}/sign-in?oidc=step&to=%2Faudit`)
  t.equal((await whoIs(stepped.jar)).code, 'ENTRY_CODE_REQUIRED', 'a name at the issuer is not enough for the first entrance')
  const bound = async () => (await db.query(`SELECT oidc_subject FROM accounts WHERE username = 'sso.auditor'`)).rows[0]!.oidc_subject
  t.equal(await bound(), null, 'and binds nothing')
  const half = new Browser({ ...world, app } as never)
  await half.take(`morin_session=${stepped.jar.get(new URL(origin).host)!.get('morin_session')}`)
  // This service lives at the time of the issuer, and the code was issued in the tests' March.
  await db.query(`UPDATE entry_codes SET expires_at = now() + interval '1 day'`)
  const { step } = (await half.act('passEntryCode', { code: made.entryCode! })).json()
  t.equal(step, 'enrol', 'the second factor is asked for here as well')
  const { secret } = (await ask({ app }, 'beginEnrolment', half.signed, { body: {} })).json()
  t.equal((await half.act('confirmEnrolment', { code: await codeAt(secret, Date.now()) })).json().step, 'open')
  t.equal(await bound(), `${issuer.url} u-3`)

  const forged = await fetch(`${origin}/api/oidc/callback?code=x&state=y`, { redirect: 'manual' })
  t.equal(forged.headers.get('location'), '/sign-in?oidc=refused', 'a callback nobody began')
  const begun = await fetch(`${origin}/api/oidc/start`, { redirect: 'manual' })
  const attempt = begun.headers.getSetCookie()[0]!.split(';')[0]!
  t.notMatch(decodeURIComponent(attempt), new URL(begun.headers.get('location')!).searchParams.get('state')!)
  const back = (query: string) => fetch(`${origin}/api/oidc/callback?code=x&${query}`, { redirect: 'manual', headers: { cookie: attempt } })
  const iss = `iss=${encodeURIComponent(issuer.url)}`
  for (const query of [`state=another&${iss}`, 'state=another&iss=https://elsewhere.example', 'state=another'])
    t.equal((await back(query)).headers.get('location'), '/sign-in?oidc=refused', query)
  const { rows: refused } = await db.query<{ because: string }>(
    `SELECT body::jsonb->'detail'->>'because' AS because FROM audit_log
     WHERE action = 'session.refused' AND body::jsonb->'detail'->>'part' = 'oidc' ORDER BY seq`,
  )
  t.match(refused, [
    { because: 'no such account' },
    { because: 'bound to another subject' },
    { because: 'no attempt was begun in this browser' },
    { because: /state/ },
    { because: /iss/ },
    { because: /iss/ },
  ])
})

t.test('the first administrators are made by a command, once each, and are three people', async (t) => {
  const { url } = await startTestDatabase(t)
  const empty = openDatabase({ url, applicationName: 'test', maxConnections: 2 })
  t.teardown(() => empty.close())
  const run = async (args: string[], stdin = '') => {
    const child = spawn(process.execPath, ['run.mjs', 'services/dispatch/identity/firstAccountMain.ts', '--database-url', url, ...args], {
      stdio: 'pipe',
    })
    child.stdin.end(stdin)
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { code, out, err }
  }
  const first = ['--username', 'sys.first', '--role', 'system_admin', '--person-no', 'A1']
  t.match((await run(first)).err, /name the region with --region-name/)
  const made = await run([...first, '--region-name', '示例自治区'])
  t.equal(made.code, 0, made.err)
  const password = /one-time password: (\S+)/.exec(made.out)?.[1]
  t.match(
    (await run(['--username', 'sys.second', '--role', 'system_admin', '--person-no', 'A2'])).err,
    /an active system_admin already \(sys.first\)/,
  )
  t.match((await run(['--username', 'sec.first', '--role', 'security_admin', '--person-no', 'a1'])).err, /no person holds two/)
  const weak = ['--username', 'sec.first', '--role', 'security_admin', '--person-no', 'A2', '--password-stdin', 'true']
  t.match((await run(weak, 'short\n')).err, /too-short/)
  const typed = await run(weak, 'Typed-in-2026!\n')
  t.equal(typed.code, 0, typed.err)
  t.notMatch(typed.out + typed.err, /Typed-in/)
  t.match(
    (await run(['--username', 'x.y', '--role', 'bureau_admin', '--person-no', 'A3'])).err,
    /one of system_admin, security_admin, audit_admin/,
  )

  const alive = await startWorld(t, empty)
  const browser = new Browser(alive)
  t.equal((await browser.signIn('sys.first', password!)).code, 'PASSWORD_CHANGE_REQUIRED')
  const next = await browser.act('changePassword', { currentPassword: password, newPassword: 'Steppe-grass-77' })
  t.equal(next.json().step, 'enrol', 'and a second factor, for it is no demo')
  const records = await empty.query(`SELECT username, action FROM audit_log WHERE action = 'account.create'`)
  t.same(records.rows, Array(2).fill({ username: 'account:first', action: 'account.create' }))
})
