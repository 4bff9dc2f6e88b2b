// Travel times: what holds whoever knows them, and what becomes of a router that says nothing, nonsense, or that there is no way.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { LonLat } from '../../services/domain/geofence.ts'
import { estimateLeg } from '../../services/domain/roads.ts'
import type { Logger } from '../../services/platform/log.ts'
import { osrmRouter } from '../../services/platform/routing/osrmRouter.ts'
import { openTravelTimes } from '../../services/platform/routing/travelTimes.ts'

const NOW_MS = Date.UTC(2026, 2, 2, 4)
const home: LonLat = [111.69, 40.82]
const away: LonLat = [111.45, 41.1]
const log = { warn: () => undefined } as unknown as Logger
const clockAt = (atMs: number) => ({
  atMs,
  nowMs() {
    return this.atMs
  },
})

/** A router whose answers are given by hand; `asked` are its request lines. */
async function stub(t: Test, answer: (path: string) => object | string | undefined) {
  const asked: string[] = []
  const server = createServer((request, reply) => {
    asked.push(request.url!)
    const said = answer(request.url!)
    if (said === undefined) return
    const { code } = said as { code?: string }
    reply.writeHead(code && code !== 'Ok' ? 400 : 200, { 'content-type': 'application/json' })
    reply.end(typeof said === 'string' ? said : JSON.stringify(said))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}
const placesIn = (path: string): LonLat[] =>
  /driving\/([^?]+)/
    .exec(path)![1]!
    .split(';')
    .map((place) => place.split(',').map(Number) as unknown as LonLat)
const indexesIn = (path: string, name: string) => new RegExp(`${name}=([\\d;]+)`).exec(path)![1]!.split(';').map(Number)
/** What a sound server says: ways by estimate, no place moved. */
function honest(path: string): object {
  const places = placesIn(path)
  const leg = (from: number, to: number) => estimateLeg(places[from]!, places[to]!, NOW_MS)
  if (path.startsWith('/route')) {
    const legs = places.slice(1).map((_, n) => leg(n, n + 1))
    const sum = (of: 'km' | 'minutes') => legs.reduce((all, each) => all + each[of], 0)
    return {
      code: 'Ok',
      routes: [{ distance: sum('km') * 1000, duration: sum('minutes') * 60 }],
      waypoints: places.map(() => ({ distance: 3 })),
    }
  }
  const [from, to] = [indexesIn(path, 'sources'), indexesIn(path, 'destinations')]
  return {
    code: 'Ok',
    durations: from.map((n) => to.map((m) => leg(n, m).minutes * 60)),
    distances: from.map((n) => to.map((m) => leg(n, m).km * 1000)),
    sources: from.map(() => ({ distance: 3 })),
    destinations: to.map(() => ({ distance: 3 })),
  }
}
const timesOf = (url: string, clock = clockAt(NOW_MS), timeoutMs = 5_000) =>
  openTravelTimes({ router: osrmRouter({ url, timeoutMs }), clock, log })

const adapters = {
  'built in': async () => openTravelTimes({ clock: clockAt(NOW_MS), log }),
  'an OSRM-compatible server': async (t: Test) => timesOf((await stub(t, honest)).url),
}
for (const [name, open] of Object.entries(adapters))
  t.test(`${name}: from each to each, in order, and the way through places is the sum of its parts`, async (t) => {
    const times = await open(t)
    const from = Array.from({ length: 130 }, (_, n): LonLat => [111 + n / 100, 40.5])
    const { legs } = await times.table(from, [home, away, from[0]!], NOW_MS)
    t.equal(legs.length, 130)
    for (const [n, row] of legs.entries())
      t.same(
        row.map((leg) => 'km' in leg && Math.round(leg.km * 10)),
        [home, away, from[0]!].map((to) => Math.round(estimateLeg(from[n]!, to, NOW_MS).km * 10)),
      )
    t.match(legs[0]![2], { km: 0, minutes: 0 }, 'from a place to itself')
    const [one, two] = [legs[5]![0]!, (await times.table([home], [away], NOW_MS)).legs[0]![0]!]
    const { leg } = await times.route([from[5]!, home, away], NOW_MS)
    t.ok('km' in leg && 'km' in one && 'km' in two && Math.abs(leg.km - one.km - two.km) < 0.01)
    t.same((await times.table([], [home], NOW_MS)).legs, [])
    t.equal(times.failingSince(), null)
  })

t.test('what a router does not know is no way, never nought; the other direction stands', async (t) => {
  const ends = [{ distance: 1 }, { distance: 2 }]
  const { url } = await stub(t, () => ({
    code: 'Ok',
    durations: [
      [0, null],
      [600, 0],
    ],
    distances: [
      [0, null],
      [9_000, 0],
    ],
    sources: ends,
    destinations: ends,
  }))
  const { legs, by } = await timesOf(url).table([home, away], [home, away], NOW_MS)
  t.equal(by, 'router')
  t.same(legs[0]![1], { none: 'no-route' })
  t.same(legs[1]![0], { km: 9, minutes: 10 })
  const none = await stub(t, () => ({ code: 'NoRoute', message: 'Impossible route between points' }))
  t.same(await timesOf(none.url).route([home, away], NOW_MS), { leg: { none: 'no-route' }, by: 'router' })
})

t.test('a table of times alone is taken: the time is the router’s, the way as it is estimated', async (t) => {
  const { url } = await stub(t, () => ({
    code: 'Ok',
    durations: [
      [0, null],
      [600, 0],
    ],
  }))
  const { legs, by } = await timesOf(url).table([home, away], [home, away], NOW_MS)
  t.equal(by, 'router')
  t.same(legs[0]![1], { none: 'no-route' })
  t.same(legs[1]![0], { km: estimateLeg(away, home, NOW_MS).km, minutes: 10 })
})

t.test('a place that is moved too far to a road is off the road', async (t) => {
  const { url } = await stub(t, (path) =>
    path.startsWith('/route')
      ? { ...honest(path), waypoints: [{ distance: 2 }, { distance: 3_400 }] }
      : { ...honest(path), destinations: [{ distance: 3_400 }] },
  )
  t.same((await timesOf(url).table([home], [away], NOW_MS)).legs, [[{ none: 'off-road' }]])
  t.same((await timesOf(url).route([home, away], NOW_MS)).leg, { none: 'off-road' })
})

t.test('of many places the one that no road is near is off the road, and no other', async (t) => {
  const sea: LonLat = [121.5, 38.9]
  const { asked, url } = await stub(t, (path) => {
    const n = placesIn(path).findIndex((place) => place.join() === sea.join())
    return n < 0 ? honest(path) : { code: 'NoSegment', message: `Could not find a matching segment for coordinate ${n}` }
  })
  const { legs: ways } = await timesOf(url).table([home, away], [home, away], NOW_MS)
  const off = { none: 'off-road' }
  t.same((await timesOf(url).table([home, sea, away], [home, away], NOW_MS)).legs, [ways[0], [off, off], ways[1]])
  t.same(
    (await timesOf(url).table([home, away], [sea, home, away], NOW_MS)).legs,
    ways.map((row) => [off, ...row]),
  )
  t.equal(asked.length, 5)
  t.same((await timesOf(url).table([home, away], [sea], NOW_MS)).legs, [[off], [off]])
})

t.test('places are asked for as longitude and latitude, once while what was said is kept', async (t) => {
  const { asked, url } = await stub(t, honest)
  const clock = clockAt(NOW_MS)
  const times = timesOf(url, clock)
  await times.table([[13.405, 52.52]], [home], NOW_MS)
  await times.table([[13.405, 52.52]], [home], NOW_MS)
  t.equal(asked.length, 1)
  t.match(asked[0], /13\.405,52\.52;111\.69,40\.82\?sources=0&destinations=1/)
  clock.atMs += 3_600_000
  await times.table([[13.405, 52.52]], [home], NOW_MS)
  t.equal(asked.length, 2)
})

const wrong: Record<string, (path: string) => object | string | undefined> = {
  'that says nothing': () => undefined,
  'that says what is no JSON': () => '<html>',
  'whose table is too small': () => ({ code: 'Ok', durations: [[]], distances: [[]], sources: [{ distance: 0 }], destinations: [] }),
  'that drives backwards': () => ({
    code: 'Ok',
    durations: [[-5]],
    distances: [[1]],
    sources: [{ distance: 0 }],
    destinations: [{ distance: 0 }],
  }),
}
for (const [name, answer] of Object.entries(wrong))
  t.test(`a router ${name} is left alone for a while: ways are estimates, and health is told since when`, async (t) => {
    let sound = false
    const { asked, url } = await stub(t, (path) => (sound ? honest(path) : answer(path)))
    const clock = clockAt(NOW_MS)
    // Patience enough for a sound answer on a busy machine, and none to speak of for silence.
    const times = timesOf(url, clock, name === 'that says nothing' ? 300 : 5_000)
    t.same(await times.table([home], [away], NOW_MS), { legs: [[estimateLeg(home, away, NOW_MS)]], by: 'estimate' })
    t.equal(times.failingSince(), NOW_MS)
    t.equal((await times.route([home, away], NOW_MS)).by, 'estimate')
    t.equal(asked.length, 1, 'it is not asked again at once')
    if (answer('') === undefined) return
    sound = true
    clock.atMs += 60_000
    t.equal((await times.table([home], [away], NOW_MS)).by, 'router')
    t.equal(times.failingSince(), null)
  })

t.test('a router that is not there is the same', async (t) => {
  const times = timesOf('http://127.0.0.1:9')
  t.equal((await times.table([home], [away], NOW_MS)).by, 'estimate')
  t.equal(times.failingSince(), NOW_MS)
})

t.test('ways are told to the metre and a tenth of a minute, by whoever, of one stretch and of several', async (t) => {
  const seconds = 1_234.56
  const { url } = await stub(t, (path) => {
    const waypoints = placesIn(path).map(() => ({ distance: 3 }))
    if (path.includes('/route/')) return { code: 'Ok', routes: [{ duration: seconds, distance: 12_345.678 }], waypoints }
    return { code: 'Ok', durations: [[seconds]], distances: [[12_345.678]], sources: waypoints.slice(1), destinations: waypoints.slice(1) }
  })
  const routed = openTravelTimes({ router: osrmRouter({ url }), clock: clockAt(NOW_MS), log })
  t.match(await routed.route([home, away], NOW_MS), { leg: { km: 12.346, minutes: 20.6 } })
  t.match((await routed.table([home], [away], NOW_MS)).legs, [[{ km: 12.346, minutes: 20.6 }]])
  const estimated = openTravelTimes({ clock: clockAt(NOW_MS), log })
  const through: LonLat[] = Array.from({ length: 30 }, (_, n) => [111 + n * 0.0371, 40.8 + (n % 7) * 0.0193])
  for (let most = 2; most <= through.length; most++) {
    const { leg } = await estimated.route(through.slice(0, most), NOW_MS)
    if ('none' in leg) return t.fail('a way is estimated')
    t.match(String(leg.km), /^\d+(\.\d)?$/)
    t.match(String(leg.minutes), /^\d+(\.\d)?$/)
  }
})
