// The phone's worker shows whatever is pushed to it: a browser takes the endpoint away from whoever is silent.
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import t from 'tap'

type Shown = { title: string; options: { body: string; tag: string; data: { url: string } } }
type Handler = (event: object) => void

function startWorker() {
  const handlers = new Map<string, Handler>()
  const shown: Shown[] = []
  const self = {
    addEventListener: (name: string, handler: Handler) => handlers.set(name, handler),
    registration: { showNotification: async (title: string, options: Shown['options']) => void shown.push({ title, options }) },
    location: { origin: 'https://cars.example' },
    // The page is in front: it makes no difference.
    clients: { matchAll: async () => [{ url: 'https://cars.example/phone', focused: true }] },
  }
  runInNewContext(readFileSync('web/phone/serviceWorker.js', 'utf8'), { self, caches: {}, URL })
  const push = async (data: { json(): unknown } | null) => {
    const waited: Promise<unknown>[] = []
    handlers.get('push')!({ data, waitUntil: (work: Promise<unknown>) => waited.push(work) })
    await Promise.all(waited)
  }
  return { push, shown }
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
