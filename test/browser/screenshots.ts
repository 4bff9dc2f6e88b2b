// `npm run screenshots`: starts the product with the whole fleet, waits until it lives, and writes the pictures of docs/images.
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { type Product, startProduct } from './product.ts'
import { DESKTOP, launchChromium, PHONE, type Visit, type VisitOptions, visit } from './visit.ts'

const FLEET = 23_188
const DIRECTORY = 'docs/images'
const TRAIL_POINTS = 25
/** Slower than this it drives through a town, where there is more to see. */
const TOWN_KPH = 62

const said = (line: string) => process.stderr.write(`${line}\n`)
if (process.argv.includes('--help') || process.argv.includes('-h')) {
  process.stdout.write(`Starts the product with the whole fleet and writes the pictures of ${DIRECTORY}; some minutes.

  npm run screenshots

CHROMIUM, an environment variable, is the browser (default /usr/bin/chromium).
Example: npm run screenshots
`)
  process.exit(0)
}
process.env.CHROMIUM ??= '/usr/bin/chromium'

type Picture = { name: string; options: VisitOptions; path: string; ready: (page: Page) => Promise<unknown> }

const painted = (least: number) => (page: Page) =>
  page.waitForFunction((n) => ((window as { painted?: { marks: number } }).painted?.marks ?? 0) >= n, least, { timeout: 90_000 })
const there = (selector: string) => (page: Page) => page.locator(selector).first().waitFor()

/** A moving vehicle whose trail of today is long enough to be seen, and where it is. */
async function travelled({ page, context }: Visit): Promise<string> {
  for (;;) {
    const answer = await context.request.get('/api/v1/vehicles?status=moving&league=150100&class=official&limit=50')
    const { rows } = (await answer.json()) as {
      rows: { vehicleId: number; last: { lon: number; lat: number; speedKph: number | null } | null }[]
    }
    const since = new Date(Date.now() - 3_600_000).toISOString()
    for (const { vehicleId, last } of rows.filter((row) => (row.last?.speedKph ?? 0) < TOWN_KPH)) {
      const track = await context.request.get(`/api/v1/vehicles/${vehicleId}/track?from=${since}&to=${new Date().toISOString()}`)
      const { timeMs } = (await track.json()) as { timeMs: number[] }
      if (last && timeMs.length >= TRAIL_POINTS) return `/live?v=${vehicleId}&at=${last.lon.toFixed(4)},${last.lat.toFixed(4)},13`
    }
    said(`waiting for a trail of ${TRAIL_POINTS} points`)
    await page.waitForTimeout(15_000)
  }
}

async function take(product: Product, pictures: Picture[]): Promise<void> {
  const browser = await launchChromium()
  try {
    for (const { name, options, path, ready } of pictures) {
      const { page, close, problems } = await visit(browser, product, options)
      await page.goto(path)
      await ready(page)
      // The map settles: tiles of the base, labels, and the last glide. Nothing announces that all of it is done.
      await page.waitForTimeout(6_000)
      const file = join(DIRECTORY, `${name}.png`)
      await page.screenshot({ path: file })
      said(`${file} ${Math.round(statSync(file).size / 1000)} kB${problems.length > 0 ? ` ${problems.join(' ')}` : ''}`)
      await close()
    }
  } finally {
    await browser.close()
  }
}

mkdirSync(DIRECTORY, { recursive: true })
const product = await startProduct(FLEET)
try {
  const desk = (as: string | undefined, locale: 'en' | 'zh-CN', theme: 'light' | 'dark'): VisitOptions =>
    as === undefined ? { locale, theme, viewport: DESKTOP } : { as, locale, theme, viewport: DESKTOP }
  const phone: VisitOptions = { as: 'dispatcher', locale: 'zh-CN', theme: 'light', viewport: PHONE }
  await take(product, [
    { name: 'live-desktop-light-en', options: desk('dispatcher', 'en', 'light'), path: '/live', ready: painted(23_000) },
    { name: 'live-desktop-light-zh-CN', options: desk('dispatcher', 'zh-CN', 'light'), path: '/live', ready: painted(23_000) },
    { name: 'live-phone-light-zh-CN', options: phone, path: '/live?at=111.67,40.82,10.5', ready: painted(100) },
    {
      name: 'sign-in-desktop-light-zh-CN',
      options: desk(undefined, 'zh-CN', 'light'),
      path: '/sign-in',
      ready: there('.door-demo button'),
    },
    { name: 'fleet-desktop-light-en', options: desk('bureau', 'en', 'light'), path: '/fleet?v=4711', ready: there('.panel .facts') },
    { name: 'ledger-desktop-light-en', options: desk('bureau', 'en', 'light'), path: '/ledger?id=4711', ready: there('.panel .facts') },
    { name: 'ledger-phone-dark-zh-CN', options: { ...phone, as: 'fleet', theme: 'dark' }, path: '/ledger', ready: there('.list-row') },
    {
      name: 'audit-desktop-light-zh-CN',
      options: desk('auditadmin', 'zh-CN', 'light'),
      path: '/audit?record=2',
      ready: there('.panel .audit-hash'),
    },
    {
      name: 'accounts-desktop-dark-en',
      options: desk('secadmin', 'en', 'dark'),
      path: '/accounts?account=4',
      ready: there('.panel .facts'),
    },
    { name: 'operations-desktop-dark-en', options: desk('bureau', 'en', 'dark'), path: '/operations', ready: there('.health-columns') },
    { name: 'wall-desktop-dark-zh-CN', options: desk('bureau', 'zh-CN', 'dark'), path: '/wall', ready: painted(23_000) },
  ])
  const browser = await launchChromium()
  const scout = await visit(browser, product, { as: 'dispatcher' })
  const path = await travelled(scout)
  await browser.close()
  await take(product, [
    { name: 'vehicle-desktop-dark-zh-CN', options: desk('dispatcher', 'zh-CN', 'dark'), path, ready: there('.day-trail') },
    { name: 'vehicle-phone-light-zh-CN', options: phone, path, ready: there('.day-trail') },
  ])
} finally {
  await product.stop()
}
