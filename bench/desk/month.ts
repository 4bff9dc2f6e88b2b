// A vehicle's month on the replay page, beside what a peer does with it: SELECT, a line of GeoJSON, the same map library. Both from request to first paint, in turns.

import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import type { Database } from '../../services/platform/db.ts'
import { FLAGS } from '../live/browser.ts'
import { summary } from '../live/statistics.ts'
import type { Desk } from './desk.ts'
import { openReplay } from './page.ts'
import { layTrack, prepareTracks } from './tracks.ts'

const DAYS = 30
const FIRST = 4_000
const DAY_MS = 86_400_000
const MOST_ROUNDS = 5
const library = fileURLToPath(new URL('../../node_modules/maplibre-gl/dist/', import.meta.url))

export async function measureMonth({ db, history, rounds: wanted, origin }: Desk): Promise<object> {
  const rounds = Math.min(wanted, MOST_ROUNDS)
  const untilMs = history.lastMs + DAY_MS
  const fromMs = untilMs - DAYS * DAY_MS
  let points = 0
  for (let n = 0; n <= rounds; n++) points = await layTrack(db, FIRST + n, fromMs, untilMs, 10)
  const laid = Array.from({ length: rounds + 1 }, (_, n) => FIRST + n)
  await prepareTracks(db, laid, fromMs, untilMs)
  const replay = await openReplay(await origin())
  const peer = await openPeer(db)
  const [ours, theirs] = [[] as { ms: number; wholeMs: number; bytes: number }[], [] as { ms: number; bytes: number; gzipBytes: number }[]]
  try {
    for (let n = 0; n <= rounds; n++) {
      const { fromRequestMs, wholeMs, wireBytes } = await replay.show([FIRST + n], fromMs, untilMs)
      const drawn = await peer.show(FIRST + n, fromMs, untilMs)
      if (n === 0) continue
      ours.push({ ms: fromRequestMs, wholeMs, bytes: wireBytes })
      theirs.push(drawn)
    }
  } finally {
    await replay.close()
    await peer.close()
  }
  const [a, b] = [summary(ours.map(({ ms }) => ms)), summary(theirs.map(({ ms }) => ms))]
  const kb = (bytes: number): number => Math.round(bytes / 1000)
  return {
    ...{ points, rounds, ours: { ...a, whole: summary(ours.map(({ wholeMs }) => wholeMs)), wireKb: kb(ours[0]!.bytes) } },
    peer: { ...b, wireKb: kb(theirs[0]!.bytes), gzipKb: kb(theirs[0]!.gzipBytes) },
    timesFaster: Math.round((10 * b.p50) / a.p50) / 10,
    partOfBytes: Math.round((1000 * ours[0]!.bytes) / theirs[0]!.bytes) / 1000,
  }
}

const HTML = `<!doctype html><meta charset=utf-8><style>html,body,#map{margin:0;height:100%}</style><div id=map></div><script type=module>
import * as maplibre from '/maplibre-gl.mjs'
const map = new maplibre.Map({ container: 'map', style: { version: 8, sources: {}, layers: [] }, center: [111.7, 40.8], zoom: 7 })
map.on('load', () => {
  map.addSource('line', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
  map.addLayer({ id: 'line', type: 'line', source: 'line', paint: { 'line-width': 3 } })
  window.show = async (query) => {
    const begun = performance.now()
    const line = await (await fetch('/track' + query)).json()
    map.getSource('line').setData(line)
    await new Promise((resolve) => {
      const painted = () => { if (!map.isSourceLoaded('line')) return; map.off('render', painted); resolve() }
      map.on('render', painted)
    })
    return performance.now() - begun
  }
  document.title = 'ready'
})
</script>`

/** A page and a service as small as they can be: one statement, one line, nothing else. */
async function openPeer(db: Database) {
  let sent = { bytes: 0, gzipBytes: 0 }
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://peer')
    const answer = async (): Promise<[type: string, body: string | Buffer]> => {
      if (url.pathname === '/') return ['text/html', HTML]
      if (url.pathname.endsWith('.mjs')) return ['text/javascript', await readFile(`${library}${url.pathname.slice(1)}`)]
      const { rows } = await db.query<{ lon: number; lat: number }>(
        'SELECT lon_e7 / 1e7::float8 AS lon, lat_e7 / 1e7::float8 AS lat FROM positions WHERE vehicle_id = $1 AND ts >= $2 AND ts < $3 ORDER BY ts',
        [Number(url.searchParams.get('v')), new Date(Number(url.searchParams.get('from'))), new Date(Number(url.searchParams.get('to')))],
      )
      const coordinates = rows.map(({ lon, lat }) => [lon, lat])
      const body = JSON.stringify({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates } })
      sent = { bytes: Buffer.byteLength(body), gzipBytes: 0 }
      return ['application/geo+json', body]
    }
    answer().then(
      ([type, body]) => response.setHeader('content-type', type).end(body),
      (error: Error) => response.writeHead(500).end(error.message),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.waitForFunction(() => document.title === 'ready')
  return {
    async show(vehicleId: number, fromMs: number, untilMs: number) {
      const query = `?v=${vehicleId}&from=${fromMs}&to=${untilMs}`
      const ms = await page.evaluate((asked) => (window as unknown as { show(query: string): Promise<number> }).show(asked), query)
      // As if the service compressed it as ours does; not in the time.
      const body = await page.evaluate(async (asked) => (await fetch(`/track${asked}`)).text(), query)
      return { ms, bytes: sent.bytes, gzipBytes: gzipSync(body, { level: 4 }).byteLength }
    },
    async close() {
      await browser.close()
      server.close()
    },
  }
}
