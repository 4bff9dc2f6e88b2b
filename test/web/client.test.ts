import t from 'tap'
import { ApiError, createClient, urlOf } from '../../web/kit/api/client.ts'

type Asked = { url: string; init: RequestInit }

function clientAnswering(answer: () => Response | Promise<Response>, csrfToken: string | null = 'token-1') {
  const asked: Asked[] = []
  let signedOut = 0
  const call = createClient({
    fetch: async (url, init) => {
      asked.push({ url: String(url), init: init ?? {} })
      return await answer()
    },
    csrfToken: () => csrfToken,
    onSignedOut: () => {
      signedOut++
    },
  })
  return { call, asked, signedOut: () => signedOut }
}

const refusal = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ error: { code, message: 'said by the server', requestId: 'r-1' } }), { status, headers })
const headerOf = ({ init }: Asked, name: string) => (init.headers as Record<string, string>)[name]

t.test('parameters go into the path, and absent query values are left out', async (t) => {
  t.equal(urlOf('/vehicles/:vehicleId/track', { vehicleId: 7 }, { from: 'a b', to: undefined }), '/api/v1/vehicles/7/track?from=a+b')
})

t.test('reading carries no CSRF token, changing does', async (t) => {
  const { call, asked } = clientAnswering(() => Response.json({}))
  await call('getVehicle', { params: { vehicleId: 7 } })
  await call('statePurpose', { body: { purpose: '核查信访件' } })
  t.equal(asked[0]!.url, '/api/v1/vehicles/7')
  t.equal(headerOf(asked[0]!, 'x-csrf-token'), undefined)
  t.equal(asked[1]!.init.method, 'POST')
  t.equal(headerOf(asked[1]!, 'x-csrf-token'), 'token-1')
  t.equal(asked[1]!.init.body, '{"purpose":"核查信访件"}')
})

t.test('a call without a body says nothing of JSON', async (t) => {
  const { call, asked } = clientAnswering(() => Response.json({}))
  await call('signOut')
  t.equal(headerOf(asked[0]!, 'content-type'), undefined)
})

t.test('a refusal becomes an error with code, message and request', async (t) => {
  const { call } = clientAnswering(() => refusal(403, 'PURPOSE_REQUIRED'))
  await t.rejects(call('getRoster'), { code: 'PURPOSE_REQUIRED', message: 'said by the server', requestId: 'r-1' })
})

t.test('a rate limit tells how long to wait', async (t) => {
  const { call } = clientAnswering(() => refusal(429, 'RATE_LIMITED', { 'retry-after': '17' }))
  await t.rejects(call('getRoster'), { code: 'RATE_LIMITED', retryAfterS: 17 })
})

t.test('an ended session is announced', async (t) => {
  const { call, signedOut } = clientAnswering(() => refusal(401, 'NOT_SIGNED_IN'))
  await t.rejects(call('getRoster'), ApiError)
  t.equal(signedOut(), 1)
})

t.test('a service that says in its own words that it is down has answered', async (t) => {
  const down = {
    status: 'down',
    faults: [{ code: 'database.late', values: { seconds: 2 } }],
    notices: ['The database did not answer within 2 s.'],
    versions: { morin: '1', node: '20', postgres: 'unknown', timescaledb: 'unknown' },
    database: 'embedded',
    startedAt: '2026-03-02T03:00:00Z',
    now: '2026-03-02T03:10:00Z',
    conservation: { received: 0, stored: 0, duplicate: 0, quarantined: 0, difference: 0 },
    jobs: [],
    broker: { held: null, unattended: [] },
    rows: { positionsMissing: 0, messagesMissing: 0, checkedAt: null, roundEndedAt: null },
    lastCommitAt: null,
    live: { vehicles: 0, sockets: 0, lastFrameAt: null, gaps: 0 },
    disk: null,
  }
  const { call } = clientAnswering(() => Response.json(down, { status: 503 }))
  t.same(await call('getHealth'), down)
  const refusing = clientAnswering(() => refusal(503, 'UNAVAILABLE'))
  await t.rejects(refusing.call('getHealth'), { code: 'UNAVAILABLE' })
})

t.test('a server that is not reached is OFFLINE, and an answer of another shape is UNAVAILABLE', async (t) => {
  const unreached = clientAnswering(() => Promise.reject(new TypeError('failed')))
  await t.rejects(unreached.call('getHealth'), { code: 'OFFLINE' })
  const proxy = clientAnswering(() => new Response('<h1>Bad gateway</h1>', { status: 502 }))
  await t.rejects(proxy.call('getHealth'), { code: 'UNAVAILABLE' })
})
