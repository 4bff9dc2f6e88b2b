// Requests that arrive too slowly, on real sockets: headers and bodies that trickle are ended, whoever sends them and whether or not they
// are read; what comes at a sound pace passes however long it takes.
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { errorSchema } from '../../services/contracts/errorAnswer.ts'
import { defaultPatience, isTooSlow } from '../../services/dispatch/patience.ts'
import { ask, openRegion, startWorld } from './world.ts'

const patience = { headersMs: 150, graceMs: 150, bytesPerS: 400, checkMs: 20 }
const world = await startWorld(t, await openRegion(t), {}, { patience })
const bureau = await world.signIn('bureau_admin')

/** Sends `head`, then `piece` every `everyMs` until the other side closes; answers what came back. */
async function drip(
  t: Test,
  head: string,
  { piece, everyMs, times = Number.POSITIVE_INFINITY }: { piece: string; everyMs: number; times?: number },
) {
  const socket: Socket = connect(world.port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.on('error', () => undefined)
  let answered = ''
  socket.on('data', (data) => {
    answered += data
  })
  socket.write(head)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let sent = 0
  const timer = setInterval(() => {
    if (sent++ < times && socket.writable) socket.write(piece)
    else clearInterval(timer)
  }, everyMs)
  await closed
  clearInterval(timer)
  return { answered, sent }
}
const post = (path: string, length: number | 'chunked', more = '') =>
  `POST /api/v1${path} HTTP/1.1\r\nhost: x\r\n${length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`}\r\n${more}\r\n`
const codeIn = (answered: string) => errorSchema.parse(JSON.parse(answered.split('\r\n\r\n')[1]!)).error.code
const json = 'content-type: application/json\r\n'
const signed = `cookie: ${bureau.cookie}\r\nx-csrf-token: ${bureau.csrfToken}\r\ncontent-type: application/octet-stream\r\n`

t.test('a body that trickles is ended with a sentence: a form, an upload, one of no known length, and one that never comes', async (t) => {
  const slow = { piece: '"', everyMs: 30 }
  for (const [says, head, pace] of [
    ['a form of a stranger', post('/session', 5_000, json), slow],
    ['in pieces', post('/session', 'chunked', json), { piece: '1\r\n"\r\n', everyMs: 30 }],
    ['nothing at all after the headers', post('/session', 5_000, json), { ...slow, times: 0 }],
    ['an upload of somebody who may', post('/imports?subject=suppliers', 5_000_000, signed), slow],
  ] as const) {
    const { answered } = await drip(t, head, pace)
    t.match(answered, /^HTTP\/1.1 408 /, says)
    t.equal(codeIn(answered), 'TOO_SLOW', says)
  }
})

t.test('what was answered already does not go on trickling behind its answer', async (t) => {
  for (const [head, status] of [
    [post('/imports?subject=suppliers', 5_000_000, 'content-type: application/octet-stream\r\n'), 401],
    [post('/session', 5_000_000, json), 413],
  ] as const) {
    const { answered } = await drip(t, head, { piece: 'x', everyMs: 30 })
    t.match(answered, new RegExp(`^HTTP/1.1 ${status} `))
  }
})

t.test('headers that trickle, and a connection that says nothing, are ended', async (t) => {
  const { answered } = await drip(t, 'GET /api/v1/health HTTP/1.1\r\n', { piece: 'x: y\r\n', everyMs: 30 })
  t.equal(codeIn(answered), 'TOO_SLOW')
  await drip(t, '', { piece: '', everyMs: 30, times: 0 })
  t.pass('closed')
})

t.test('a body that comes at a sound pace passes, however much longer than the grace it takes', async (t) => {
  const body = JSON.stringify({ username: 'finance', password: 'x'.repeat(200) })
  const pieces = body.match(/.{1,40}/g)!
  let k = 0
  const socket = connect(world.port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  const startedAt = performance.now()
  const answered = new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))))
  socket.write(post('/session', body.length, json))
  const timer = setInterval(() => (k < pieces.length ? socket.write(pieces[k++]!) : clearInterval(timer)), 40)
  t.match(await answered, /^HTTP\/1.1 401 /)
  t.ok(performance.now() - startedAt > patience.graceMs, 'longer than the grace')
  t.equal((await ask(world, 'getSession', bureau)).status, 200)
})

t.test(
  'the law: a photo of 20 MB over 100 kbit/s passes at every moment of its way; a byte a second passes at none after the grace',
  async (t) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000_000 }), (bytes) => {
        const at = (bytesPerS: number) => isTooSlow((bytes / bytesPerS) * 1000, bytes, defaultPatience)
        return !at(12_500) && !at(8_000) && !isTooSlow(defaultPatience.graceMs, bytes, defaultPatience)
      }),
    )
    fc.assert(fc.property(fc.integer({ min: 31, max: 100_000 }), (seconds) => isTooSlow(seconds * 1000, seconds, defaultPatience)))
    t.end()
  },
)

t.test('a connection that is kept for many requests keeps nothing of those that have ended', async (t) => {
  const warnings: string[] = []
  const hear = ({ name }: Error) => warnings.push(name)
  process.on('warning', hear)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.teardown(() => {
    process.off('warning', hear)
    agent.destroy()
  })
  const sockets = new Set<Socket>()
  for (let k = 0; k < 20; k++) {
    const asked = request({
      port: world.port,
      host: '127.0.0.1',
      agent,
      method: 'POST',
      path: '/api/v1/session',
      headers: { 'content-type': 'application/json' },
    })
    asked.end('{}')
    const [answer] = await once(asked, 'response')
    sockets.add(answer.socket)
    await once(answer.resume(), 'end')
  }
  t.equal(sockets.size, 1, 'all over one connection')
  t.same(warnings, [], 'Node warns of a listener that stays from each request')
})
