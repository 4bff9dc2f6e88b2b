// Which pages may sign in, change something and open a live socket: only those of configured origins and of the addresses we are reached at.
import { request } from 'node:http'
import { pino } from 'pino'
import t from 'tap'
import { ownOrigins } from '../../services/dispatch/origins.ts'
import { settingsSchema } from '../../services/dispatch/settings.ts'
import { PASSWORD } from './region.ts'
import { LiveClient } from './sockets.ts'
import { openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
const world = await startWorld(t, db, {
  'public-url': 'https://cars.example/',
  'allowed-origins': 'https://other.example:8443, http://tunnel.example',
})
const { port } = world

/** A real request, on a real connection, with any Host. */
const send = (method: string, path: string, headers: Record<string, string>, body?: object) =>
  new Promise<{ status: number; cookie: string; text: string }>((resolve, reject) => {
    const asked = request(
      { port, host: '127.0.0.1', method, path, headers: { 'content-type': 'application/json', ...headers } },
      (answer) => {
        let text = ''
        answer.on('data', (data) => (text += data))
        answer.on('end', () =>
          resolve({ status: answer.statusCode!, cookie: String(answer.headers['set-cookie'] ?? '').split(';')[0]!, text }),
        )
      },
    )
    asked.once('error', reject)
    asked.end(body && JSON.stringify(body))
  })
const signIn = (headers: Record<string, string>) =>
  send('POST', '/api/v1/session', headers, { username: 'bureau_admin', password: PASSWORD })

const ours = () => [
  `http://127.0.0.1:${port}`,
  `http://localhost:${port}`,
  `http://[::1]:${port}`,
  'https://cars.example',
  'https://other.example:8443',
  'http://tunnel.example',
]
const foreign = () => [
  'http://evil.example',
  `http://evil.example:${port}`,
  `http://127.0.0.1.evil.example:${port}`,
  `http://localhost.evil.example:${port}`,
  `http://localhost:${port + 1}`,
  `https://localhost:${port}`,
  `http://192.0.2.7:${port}`,
  'http://cars.example',
  'https://cars.example:444',
  'https://sub.cars.example',
  'https://cars.example.evil.example',
  'https://other.example',
  'null',
  'not an origin',
  `ftp://localhost:${port}`,
]

t.test('a page of a foreign origin does not sign in, though it forges Host and what proxies say alike', async (t) => {
  for (const origin of ours()) t.equal((await signIn({ origin, host: 'whatever.example' })).status, 200, origin)
  for (const origin of foreign()) {
    const host = origin.replace(/^\w+:\/\//, '')
    const forged: Record<string, string>[] = [{}, { 'x-forwarded-host': host, 'x-forwarded-proto': 'https', forwarded: `host=${host}` }]
    for (const more of forged) {
      const answer = await signIn({ origin, host, 'sec-fetch-site': 'same-origin', ...more })
      t.equal(answer.status, 403, origin)
      t.match(answer.text, /CSRF_FAILED/)
      t.equal(answer.cookie, '')
    }
  }
  t.equal((await signIn({ host: 'whatever.example' })).status, 200, 'a client that is no browser sends no origin')
  t.equal((await signIn({ origin: 'https://cars.example', 'sec-fetch-site': 'cross-site' })).status, 403)
})

t.test('nor does it change anything, or open a live socket, with a session and its token in hand', async (t) => {
  const { cookie, csrfToken } = await world.signIn('bureau_admin')
  const change = (origin: string) =>
    send(
      'POST',
      '/api/v1/live/purpose',
      { origin, host: new URL(origin).host, cookie, 'x-csrf-token': csrfToken },
      { purpose: '核查举报线索' },
    )
  t.equal((await change(`http://evil.example:${port}`)).status, 403)
  t.not((await change('https://cars.example')).status, 403)
  for (const origin of foreign()) {
    const live = new LiveClient(t, world.origin, { cookie, origin, host: origin.replace(/^\w+:\/\//, '') })
    t.ok(await live.next('connect_error'), origin)
  }
  for (const origin of ours()) {
    const live = new LiveClient(t, world.origin, { cookie, origin, host: 'whatever.example' })
    live.view()
    t.ok(await live.next('snapshot'), origin)
  }
})

t.test('whatever is listened at, the page of that very address is ours, and no other name with its port', async (t) => {
  const log = pino({ level: 'silent' })
  const at = (host: string) => ownOrigins({ host, 'allowed-origins': [], 'public-url': undefined }, log)
  const arrival = { localAddress: '::ffff:10.1.2.3', localPort: 8080 }
  const is = (host: string, origin: string) => at(host).areOurs({ origin }, arrival)
  for (const host of ['0.0.0.0', '::', '10.1.2.3']) {
    t.ok(is(host, 'http://10.1.2.3:8080'), host)
    t.ok(is(host, 'http://localhost:8080'), host)
    for (const origin of ['http://10.1.2.4:8080', 'http://10.1.2.3', 'http://server:8080', 'http://0.0.0.0.nip.example:8080'])
      t.notOk(is(host, origin), `${host} ${origin}`)
  }
  t.ok(is('server', 'http://server:8080'), 'a name that was configured to listen at')
  t.ok(at('::').areOurs({ origin: 'http://[2001:db8::5]:8080' }, { localAddress: '2001:db8::5', localPort: 8080 }))
  t.ok(
    at('0.0.0.0').areOurs({ origin: 'http://10.1.2.3' }, { localAddress: '10.1.2.3', localPort: 80 }),
    'the port that goes without saying',
  )
})

t.test('origins and proxies that would believe everybody are no settings', async (t) => {
  const takes = (flags: Record<string, string>) => settingsSchema.safeParse(flags).success
  for (const value of ['*', 'null', 'cars.example', 'https://cars.example/app', 'ftp://cars.example', 'https://a.example,*'])
    t.notOk(takes({ 'allowed-origins': value }), value)
  for (const value of ['true', '*', '0.0.0.0/0', '::/0', '10.0.0.1/33', '1', 'proxy.example'])
    t.notOk(takes({ 'trust-proxy': value }), value)
  for (const value of ['127.0.0.1', 'loopback', '10.0.0.0/8, 192.168.1.1', 'fd00::/8']) t.ok(takes({ 'trust-proxy': value }), value)
})

t.test('the figures are not read by a page whose name leads to this machine', async (t) => {
  t.equal((await send('GET', '/metrics', { host: `evil.example:${port}` })).status, 404)
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
    t.equal((await send('GET', '/metrics', { host })).status, 200, host)
})
