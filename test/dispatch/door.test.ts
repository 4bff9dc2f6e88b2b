// What stands before every handler: sessions, limits, headers, error shape, the description of the interface, files and metrics.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { api } from '../../services/contracts/api.ts'
import { errorSchema } from '../../services/contracts/errorAnswer.ts'
import { readTrack } from '../../services/dispatch/tracks/track.ts'
import { statusOf } from '../../services/domain/status.ts'
import type { Queryable } from '../../services/platform/db.ts'
import { NOW_MS, PASSWORD, putState } from './region.ts'
import { ask, openRegion, startWorld, wideLimits } from './world.ts'

const web = mkdtempSync(join(tmpdir(), 'morin-web-'))
t.teardown(() => rmSync(web, { recursive: true }))
mkdirSync(join(web, 'assets'))
mkdirSync(join(web, 'basemap'))
writeFileSync(join(web, 'index.html'), '<!doctype html><title>Morin</title>')
writeFileSync(join(web, 'assets', 'app-abc.js'), 'plain')
writeFileSync(join(web, 'assets', 'app-abc.js.gz'), gzipSync('compressed'))
writeFileSync(join(web, 'basemap', 'leagues.json'), '{}')
const IDLE_MS = 30 * 60_000
const ABSOLUTE_MS = 12 * 3_600_000
const db = await openRegion(t)
const world = await startWorld(t, db, { 'web-dir': web })
const { app, clock } = world

t.test('a sign-in gives a new token each time and ends the one the browser had', async (t) => {
  const first = await world.signIn('bureau_admin')
  const again = await ask(world, 'signIn', first, { body: { username: 'bureau_admin', password: PASSWORD } })
  const cookie = String(again.headers['set-cookie'])
  t.match(cookie, /^morin_session=[\w-]{32}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/)
  t.notMatch(cookie, first.cookie)
  t.equal((await ask(world, 'getSession', first)).code, 'NOT_SIGNED_IN')
  const { rows } = await db.query('SELECT token_hash FROM sessions')
  t.notOk(
    rows.some((row) => cookie.includes((row.token_hash as Buffer).toString('base64url'))),
    'the table holds hashes',
  )
})

t.test('a session ends after thirty idle minutes, and after twelve hours however busy', async (t) => {
  const idle = await world.signIn('bureau_admin')
  clock.atMs += IDLE_MS - 1000
  t.equal((await ask(world, 'getSession', idle)).status, 200)
  clock.atMs += IDLE_MS - 1000
  t.equal((await ask(world, 'getSession', idle)).status, 200, 'being used, it slides')
  clock.atMs += IDLE_MS + 1
  t.equal((await ask(world, 'getSession', idle)).code, 'NOT_SIGNED_IN')
  const busy = await world.signIn('bureau_admin')
  const end = clock.atMs + ABSOLUTE_MS
  for (; clock.atMs < end; clock.atMs += IDLE_MS / 2) t.equal((await ask(world, 'getSession', busy)).status, 200)
  t.equal((await ask(world, 'getSession', busy)).code, 'NOT_SIGNED_IN')
  clock.atMs = NOW_MS
})

t.test('signing out ends the session', async (t) => {
  const signed = await world.signIn('bureau_admin')
  t.match((await ask(world, 'signOut', signed)).headers['set-cookie'], /^morin_session=;/)
  t.equal((await ask(world, 'getSession', signed)).code, 'NOT_SIGNED_IN')
})

t.test('each limit answers RATE_LIMITED or ACCOUNT_LOCKED, and a rested name may try again', async (t) => {
  const tight = await startWorld(t, db, {}, { limits: { ...wideLimits, perSession: 5 } })
  const attempt = (password: string) => ask(tight, 'signIn', undefined, { body: { username: 'finance', password } })
  for (let k = 0; k < 5; k++) t.equal((await attempt('wrong')).code, 'BAD_CREDENTIALS')
  t.equal((await attempt(PASSWORD)).code, 'ACCOUNT_LOCKED', 'even the right password waits now')
  tight.clock.atMs += 15 * 60_000
  t.equal((await attempt(PASSWORD)).status, 200)
  const signed = await tight.signIn('dispatcher')
  for (let k = 0; k < 5; k++) t.equal((await ask(tight, 'getSession', signed)).status, 200)
  t.equal((await ask(tight, 'getSession', signed)).code, 'RATE_LIMITED')
  const narrow = await startWorld(t, db, {}, { limits: { ...wideLimits, perAddress: 3, signInPerAddress: 1 } })
  t.equal((await ask(narrow, 'signIn', undefined, { body: { username: 'x', password: 'y' } })).code, 'BAD_CREDENTIALS')
  const second = await ask(narrow, 'signIn', undefined, { body: { username: 'x', password: 'y' } })
  t.equal(second.code, 'RATE_LIMITED', second.body)
  for (let k = 0; k < 3; k++) await ask(narrow, 'getMapSources', undefined)
  t.equal((await ask(narrow, 'getMapSources', undefined)).code, 'RATE_LIMITED')
})

t.test('whatever is wrong with a request, the refusal has the one shape', async (t) => {
  const { headers } = await world.signIn('bureau_admin')
  const json = { 'content-type': 'application/json' }
  const requests: [number, string, InjectOptions][] = [
    [404, 'NOT_FOUND', { url: '/api/v1/nothing' }],
    [404, 'NOT_FOUND', { url: '/api' }],
    [404, 'NOT_FOUND', { method: 'PUT', url: '/api/v1/session' }],
    [404, 'NOT_FOUND', { method: 'POST', url: '/api/v1/health', payload: {} }],
    [404, 'NOT_FOUND', { url: '/no-page.txt' }],
    [400, 'VALIDATION_FAILED', { method: 'POST', url: '/api/v1/session', headers: json, payload: '{"username":' }],
    [400, 'VALIDATION_FAILED', { method: 'POST', url: '/api/v1/session', headers: json, payload: '' }],
    [400, 'VALIDATION_FAILED', { method: 'POST', url: '/api/v1/session', headers: { 'content-type': 'text/xml' }, payload: '<a/>' }],
    [400, 'VALIDATION_FAILED', { method: 'POST', url: '/api/v1/session', headers: json, payload: '{"__proto__":{"a":1}}' }],
    [400, 'VALIDATION_FAILED', { url: '/api/v1/vehicles/%zz' }],
    [400, 'VALIDATION_FAILED', { url: '/api/v1/vehicles/0', headers }],
    [413, 'TOO_LARGE', { method: 'POST', url: '/api/v1/session', payload: { username: 'x', password: 'x'.repeat(100_000) } }],
  ]
  for (const [status, code, request] of requests) {
    const answer = await app.inject(request)
    t.equal(answer.statusCode, status, `${JSON.stringify(request).slice(0, 80)} → ${answer.body}`)
    t.equal(errorSchema.parse(answer.json()).error.code, code)
    t.match(answer.headers['content-type'], /^application\/json/)
  }
  const answer = await ask(world, 'listVehicles', { headers: headers as never }, { query: { limit: 'x', class: 'tank' } })
  t.same((JSON.parse(answer.body) as { error: { issues: { path: string }[] } }).error.issues.map(({ path }) => path).sort(), [
    'query.class',
    'query.limit',
  ])
})

t.test('bytes that are no HTTP get the one shape too', async (t) => {
  const socket = connect(world.port, '127.0.0.1')
  socket.end('NONSENSE\r\n\r\n')
  let text = ''
  for await (const chunk of socket) text += chunk
  t.match(text, /^HTTP\/1.1 400 /)
  t.equal(errorSchema.parse(JSON.parse(text.split('\r\n\r\n')[1]!)).error.code, 'VALIDATION_FAILED')
})

t.test('a failure inside tells its number and nothing else; a database that is away is said to be away', async (t) => {
  const signed = await world.signIn('bureau_admin')
  const broken = { ...db, query: () => Promise.reject(new Error('relation "secret_table" at /home/x.ts')) }
  const away = {
    ...db,
    query: () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })),
    transaction: () => Promise.reject(new Error('x')),
  }
  for (const [database, code] of [
    [broken, 'INTERNAL'],
    [away, 'UNAVAILABLE'],
  ] as const) {
    // The live feed needs its ledger once; afterwards the database changes under the running service.
    let current: typeof db = db
    const shifting = { ...db, query: (...args: Parameters<typeof db.query>) => current.query(...args) } as typeof db
    const other = await startWorld(t, shifting)
    current = database as never
    const answer = await ask(other, 'listVehicles', signed)
    t.equal(answer.code, code)
    t.notMatch(answer.body, /secret_table|home|connect/)
    const health = await ask(other, 'getHealth', undefined)
    t.equal(health.status, 503)
    t.match(health.json(), { status: 'down', notices: ['The database did not answer within 2 s.'] })
  }
})

t.test('every answer carries the security headers', async (t) => {
  for (const url of ['/', '/api/v1/health', '/api/v1/nothing', '/api/docs']) {
    const { headers } = await app.inject({ url, headers: { accept: 'text/html' } })
    const policy = String(headers['content-security-policy'])
    for (const part of [
      "default-src 'self'",
      "script-src 'self'",
      "worker-src 'self' blob:",
      "object-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'self'",
      "form-action 'self'",
    ])
      t.ok(policy.split(';').includes(part), `${url}: ${part}`)
    t.notMatch(policy, /unsafe-eval|upgrade-insecure-requests/)
    t.match(headers, { 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin' })
    t.notOk(headers['strict-transport-security'], 'not on plain http')
  }
  const flags = {
    'public-url': 'https://morin.example',
    'map-style-url': 'https://maps.example/style.json',
    'tianditu-key': '0123456789abcdef',
  }
  const secure = await startWorld(t, db, flags)
  const answer = await secure.app.inject({ method: 'POST', url: '/api/v1/session', payload: { username: 'finance', password: PASSWORD } })
  t.match(String(answer.headers['set-cookie']), /; Secure/)
  t.match(answer.headers['strict-transport-security'], /max-age=31536000/)
  t.match(
    answer.headers['content-security-policy'],
    /connect-src 'self' wss:\/\/morin.example https:\/\/maps.example https:\/\/t0.tianditu.gov.cn/,
  )
})

t.test('OpenAPI 3.1 describes every endpoint of the table, with a page to read it that needs no other host', async (t) => {
  const document = (await app.inject('/api/openapi.json')).json()
  t.match(document.openapi, /^3\.1/)
  const listed = Object.entries(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method.toUpperCase()} ${path}`),
  )
  const expected = Object.entries(api).map(([name, { method, path }]) => `${name} ${method} /api/v1${path.replace(/:(\w+)/g, '{$1}')}`)
  t.same(listed.sort(), expected.sort())
  for (const methods of Object.values(document.paths as object))
    for (const { responses } of Object.values(methods) as { responses: object }[]) t.hasProps(responses, ['200', '4XX', '5XX'])
  const page = await app.inject('/api/docs')
  t.equal(page.statusCode, 200)
  t.notMatch(page.body, /(src|href)="(https?:)?\/\//)
  t.notMatch(page.body, /<script>(?!\s*<)/, 'no inline script')
})

t.test('the web application: assets for ever, the page anew each time, unknown pages are the page', async (t) => {
  const asset = await app.inject('/assets/app-abc.js')
  t.equal(asset.body, 'plain')
  t.match(asset.headers['cache-control'], /immutable/)
  const compressed = await app.inject({ url: '/assets/app-abc.js', headers: { 'accept-encoding': 'gzip' } })
  t.equal(gunzipSync(compressed.rawPayload).toString(), 'compressed')
  t.match((await app.inject('/basemap/leagues.json')).headers['cache-control'], /must-revalidate/)
  for (const url of ['/', '/live', '/vehicles/7?tab=track']) {
    const page = await app.inject({ url, headers: { accept: 'text/html' } })
    t.match(page.body, /Morin/, url)
    t.equal(page.headers['cache-control'], 'no-cache')
  }
  for (const url of ['/assets/gone.js', '/api/x', '/..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd'])
    t.not((await app.inject({ url, headers: { accept: '*/*' } })).statusCode, 200, url)
})

t.test('metrics are for this machine, or for whoever shows the token', async (t) => {
  const text = (await app.inject('/metrics')).body
  for (const name of [
    'process_cpu_seconds_total',
    'http_request_duration_seconds_bucket',
    'morin_live_sockets',
    'morin_live_vehicles',
    'morin_live_gaps',
    'morin_live_frames',
    'morin_live_tick_seconds',
    'morin_positions{outcome="difference"} 0',
    'morin_database_queries_in_flight',
  ])
    t.ok(text.includes(name), name)
  t.equal((await app.inject({ url: '/metrics', remoteAddress: '10.0.0.9' })).statusCode, 404)
  t.equal((await app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '10.0.0.9' } })).statusCode, 404)
  const guarded = await startWorld(t, db, { 'metrics-token': 'a-token-of-16-chars' })
  t.equal((await guarded.app.inject('/metrics')).statusCode, 401)
  t.equal((await guarded.app.inject({ url: '/metrics', headers: { authorization: 'Bearer a-token-of-16-chars' } })).statusCode, 200)
})

t.test('health is public, tells what is wrong, and the counters', async (t) => {
  world.broker.connected = false
  clock.atMs += 5000
  const health = await ask(world, 'getHealth', undefined)
  t.match(health.json(), {
    status: 'degraded',
    notices: [/broker/],
    versions: { node: process.versions.node, postgres: /^1\d/, timescaledb: /^2\./ },
  })
  world.broker.connected = true
  await db.query(`INSERT INTO broker_sessions VALUES ('morin/ingest/2', 'gone', 'ingest-b', 'serve', now() - interval '1 minute', now()),
    ('morin/ingest/3', 'here', 'ingest-c', 'serve', now(), now()), ('morin/ingest/4', NULL, NULL, 'serve', now() - interval '1 minute', NULL)`)
  world.broker.holds = { now: 30_000, least: 24_407 }
  clock.atMs += 5000
  const waiting = (await ask(world, 'getHealth', undefined)).json()
  t.match(waiting, { status: 'degraded', broker: { held: 30_000, unattended: ['morin/ingest/2'] } })
  t.match(waiting.notices.join(' '), /session morin\/ingest\/2 .*ingest-b.*24407 messages/)
  const operator = await world.signIn('system_admin')
  const counted = (await ask(world, 'getConservation', operator)).json()
  t.match(counted, { difference: 0, broker: { held: 30_000, unattended: ['morin/ingest/2'] } }, 'the counters say what is not counted yet')
  await db.query('DELETE FROM broker_sessions')
  world.broker.holds = null
  await db.query(`INSERT INTO account_watches VALUES ('gone:/accounts', now() - interval '1 minute'), ('here:/accounts', now()),
    ('long gone:/accounts', now() - interval '8 days')`)
  clock.atMs += 5000
  const unwatched = (await ask(world, 'getHealth', undefined)).json()
  t.match(unwatched, { status: 'degraded', notices: [/accounts at gone:\/accounts since .*not cut off/] })
  t.equal(unwatched.notices.length, 1, 'one that is heard of is well, and one that was taken away is forgotten')
  await db.query('DELETE FROM account_watches')
  await db.query(`INSERT INTO ingest_tally VALUES ('w', '2026-03-02T03:00Z', 10, 7, 2, 1), ('w', '2026-03-02T03:01Z', 5, 4, 0, 0)`)
  clock.atMs += 5000
  const differing = (await ask(world, 'getHealth', undefined)).json()
  t.match(differing, { status: 'degraded', conservation: { received: 15, stored: 11, duplicate: 2, quarantined: 1, difference: 1 } })
  const minute = { from: '2026-03-02T03:00:00Z', to: '2026-03-02T03:01:00Z' }
  t.match((await ask(world, 'getConservation', operator, { query: minute })).json(), { received: 10, difference: 0 })
  await db.query('DELETE FROM ingest_tally')
  clock.atMs += 5000
  t.match((await ask(world, 'getHealth', undefined)).json(), { status: 'ok', notices: [] })
  clock.atMs = NOW_MS
})

t.test(
  'a database that is late for a moment is said to be late and not down, with what it said last; silent for long it is down',
  async (t) => {
    let silent = false
    const never = new Promise<never>(() => undefined)
    const moody = { ...db, query: (...args: Parameters<typeof db.query>) => (silent ? never : db.query(...args)) } as typeof db
    const other = await startWorld(t, moody)
    t.match((await ask(other, 'getHealth', undefined)).json(), { status: 'ok' })
    silent = true
    other.clock.atMs += 5_000
    const late = await ask(other, 'getHealth', undefined)
    t.equal(late.status, 200)
    t.match(late.json(), { status: 'degraded', notices: ['The database did not answer within 2 s.'], versions: { postgres: /^1\d/ } })
    other.clock.atMs += 15_000
    const gone = await ask(other, 'getHealth', undefined)
    t.equal(gone.status, 503)
    t.match(gone.json(), { status: 'down', notices: ['The database did not answer within 2 s.'] })
  },
)

t.test('demo accounts are shown in the demo and nowhere else', async (t) => {
  t.same((await ask(world, 'listDemoAccounts', undefined)).json(), { password: null, accounts: [] })
  const demo = await startWorld(t, db, { demo: 'true', 'demo-password': 'shown' })
  t.match((await ask(demo, 'listDemoAccounts', undefined)).json(), {
    password: 'shown',
    accounts: { length: 22, 0: { username: 'applicant', role: 'applicant', organisation: '甲单位' } },
  })
})

t.test('the roster is compressed, and known by its tag', async (t) => {
  const signed = await world.signIn('bureau_admin')
  const first = await app.inject({ url: '/api/v1/live/roster', headers: { ...signed.headers, 'accept-encoding': 'gzip' } })
  t.same(JSON.parse(gunzipSync(first.rawPayload).toString()).vehicleId, [201, 202, 211])
  const again = await ask(world, 'getRoster', signed, { headers: { 'if-none-match': String(first.headers.etag) } })
  t.equal(again.status, 304)
})

t.test('a track is read in pages that hold every position once', async (t) => {
  await db.query(
    `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms)
     SELECT 202, timestamptz '2026-02-01' + make_interval(secs => n * 90), now(), 1110000000 + n, 408000000, 100, 1, 0 FROM generate_series(0, 11999) n`,
  )
  const signed = await world.signIn('bureau_admin')
  const caller = { accountId: null, username: 'x', role: 'bureau_admin' } as never
  const whole = {
    caller,
    reach: { lft: 0, rgt: 1e6, cleared: [], unmasked: [], vehicleId: null },
    vehicleId: 202,
    to: new Date('2026-03-01'),
    purpose: undefined,
    caseId: undefined,
    atMs: NOW_MS,
  }
  const seen: number[] = []
  let pages = 0
  for (let from: Date | null = new Date('2026-01-31'); from; pages++) {
    const track = await readTrack(db, { ...whole, from }, 5_500)
    t.ok(track.timeMs.length <= 5_500)
    seen.push(...track.timeMs)
    from = track.next === null ? null : new Date(track.next)
  }
  t.equal(pages, 3)
  t.equal(new Set(seen).size, 12_000)
  t.equal(seen.length, 12_000)
  const exact = await readTrack(db, { ...whole, from: new Date('2026-01-31') }, 12_000)
  t.equal(exact.next, null, 'a budget that fits exactly leaves nothing to ask for')
  const slices: [string, unknown[] | undefined][] = []
  const noting = (client: Queryable): Queryable => ({
    query(text, values) {
      if (text.includes('FROM positions')) slices.push([text, values])
      return client.query(text, values)
    },
  })
  const watched = { ...noting(db), transaction: (work: never) => db.transaction((client) => (work as CallableFunction)(noting(client))) }
  await readTrack(watched as typeof db, { ...whole, from: new Date('2026-01-31') }, 12_000)
  t.ok(slices.length <= 8, `a track of twelve days is read in ${slices.length} statements`)
  for (const [text, values] of slices) {
    const { rowCount } = await db.query(text, values)
    t.ok(rowCount <= 5_000)
    // Of days without any position there is nothing that could be sorted.
    if (rowCount === 0) continue
    const { rows } = await db.query(`EXPLAIN ${text}`, values)
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    t.match(plan, /Index/, 'a slice is read in the order of the index')
    // What two tables give in order is merged by a key, which is no sort.
    t.notMatch(plan, /Sort +\(cost/, 'and what is left of the track is not sorted for it')
  }
  for (const [from, to] of [
    ['2026-02-02T00:00:00Z', '2026-02-01T00:00:00Z'],
    ['2026-01-01T00:00:00Z', '2026-02-02T00:00:00Z'],
    ['2026-01-01', '2026-01-02'],
  ])
    t.equal((await ask(world, 'getTrack', signed, { params: { vehicleId: 202 }, query: { from, to } })).code, 'VALIDATION_FAILED')
  const large = await app.inject({
    url: `/api/v1/vehicles/202/track?from=2026-02-01T00:00:00Z&to=2026-03-01T00:00:00Z`,
    headers: { ...signed.headers, 'accept-encoding': 'gzip' },
  })
  t.equal(large.headers['content-encoding'], 'gzip')
  t.equal(JSON.parse(gunzipSync(large.rawPayload).toString()).timeMs.length, 12_000)
})

t.test('status in SQL is the status of the contracts', async (t) => {
  // Ignition, not said, displaced, stuck: each alone and all together.
  for (let flags = 0; flags < 32; flags = flags === 3 ? 8 : flags === 11 ? 16 : flags === 19 ? 24 : flags === 27 ? 32 : flags + 1)
    for (const speedDkph of [null, 0, 29, 30, 31])
      for (const ageS of [-200, 0, 120, 121, 930, 931]) {
        await putState(db, { vehicleId: 211, flags, speedDkph, ageS })
        const { rows } = (await ask(world, 'listVehicles', await signedOnce(), { query: { organisationId: 21 } })).json()
        t.equal(rows[0]!.status, statusOf(flags, speedDkph, ageS), `${flags} ${speedDkph} ${ageS}`)
      }
})

let signedBefore: ReturnType<typeof world.signIn> | undefined
const signedOnce = () => {
  signedBefore ??= world.signIn('bureau_admin')
  return signedBefore
}
