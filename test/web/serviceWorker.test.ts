// The phone's worker shows whatever is pushed to it: a browser takes the endpoint away from whoever is silent; and it keeps what was fetched once.
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import t from 'tap'

type Shown = { title: string; options: { body: string; tag: string; data: { url: string } } }
type Handler = (event: object) => void
type Asked = { url: string; method: string; mode: string }
type Answer = { ok: boolean; clone(): unknown }

function startWorker(fetch: (request: Asked) => Promise<Answer> = async () => ({ ok: true, clone: () => 'a copy' })) {
  const handlers = new Map<string, Handler>()
  const shown: Shown[] = []
  const self = {
    addEventListener: (name: string, handler: Handler) => handlers.set(name, handler),
    registration: { showNotification: async (title: string, options: Shown['options']) => void shown.push({ title, options }) },
    location: { origin: 'https://cars.example' },
    // The page is in front: it makes no difference.
    clients: { matchAll: async () => [{ url: 'https://cars.example/phone', focused: true }] },
  }
  const kept = new Map<string, unknown>()
  const caches = {
    match: async (path: string) => kept.get(path),
    open: async () => ({ put: async (path: string, answer: unknown) => void kept.set(path, answer) }),
  }
  const Response = { error: () => 'no network' }
  runInNewContext(readFileSync('web/phone/serviceWorker.js', 'utf8'), { self, caches, fetch, URL, Response })
  /** What a page is answered; undefined where the worker leaves the request alone. */
  const ask = async (path: string, method = 'GET') => {
    let answer: unknown
    const request = { url: `https://cars.example${path}`, method, mode: 'cors' }
    handlers.get('fetch')!({ request, respondWith: (given: unknown) => (answer = given) })
    return await answer
  }
  const push = async (data: { json(): unknown } | null) => {
    const waited: Promise<unknown>[] = []
    handlers.get('push')!({ data, waitUntil: (work: Promise<unknown>) => waited.push(work) })
    await Promise.all(waited)
  }
  return { push, shown, ask }
}

t.test('five pushes, three with the page in front, one that takes an order back and one that cannot be read: each is shown', async (t) => {
  const { push, shown } = startWorker()
  const told = (title: string, tag: string) => ({ json: () => ({ title, text: '', tag, hash: '#trips/7' }) })
  for (const n of [1, 2, 3]) await push(told(`已派车 ${n}`, `order-${n}`))
  await push(told('派车单已作废，请勿出车', 'order-1'))
  await push({
    json: () => {
      throw new SyntaxError('no JSON')
    },
  })
  await push(null)
  t.equal(shown.length, 6)
  t.equal(shown[3]!.options.tag, shown[0]!.options.tag, 'what is new of a trip replaces what was shown of it')
  t.ok(shown.every(({ title }) => title.length > 0))
  t.match(shown[0], { options: { data: { url: '/phone#trips/7' } } })
})

t.test(
  'the map and its base are there without a network once they were fetched; a refused answer is not kept, and questions are left alone',
  async (t) => {
    let online = true
    const { ask } = startWorker(async ({ url }) => {
      if (!online) throw new TypeError('no network')
      return { ok: !url.endsWith('gone.js'), clone: () => `kept ${url.slice(20)}` }
    })
    t.match(await ask('/assets/map-Ab12.js'), { ok: true })
    t.match(await ask('/basemap/leagues.geojson'), { ok: true })
    await ask('/assets/gone.js')
    online = false
    t.equal(await ask('/assets/map-Ab12.js'), 'kept /assets/map-Ab12.js')
    t.equal(await ask('/basemap/leagues.geojson'), 'kept /basemap/leagues.geojson')
    t.equal(await ask('/basemap/never.geojson'), 'no network')
    await t.rejects(ask('/assets/gone.js'), TypeError)
    t.equal(await ask('/api/v1/orders'), undefined)
    t.equal(await ask('/assets/map-Ab12.js', 'POST'), undefined)
  },
)
