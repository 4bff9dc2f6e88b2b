// No serious or critical violation that axe can find, on every page, light and dark, desk and phone; and nothing wider than a narrow phone.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import t from 'tap'
import { en } from '../../web/i18n/en.ts'
import { startProduct } from './product.ts'
import { DESKTOP, launchChromium, type Visit, type VisitOptions, visit } from './visit.ts'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// Software rendering on a busy machine is slow.
t.setTimeout(600_000)
const product = await startProduct(200)
t.teardown(() => product.stop())
const browser = await launchChromium()
t.teardown(() => browser.close())

/** Each page in the state to be judged: who looks, where, and what is there once it may be judged. */
const scenes: { name: string; as?: string; path: string; there: string }[] = [
  { name: 'sign-in', path: '/sign-in', there: '.door-demo button' },
  { name: 'live with a vehicle', as: 'bureau', path: '/live?v=1', there: '.vehicle .facts' },
  { name: 'live', as: 'bureau', path: '/live', there: '.live-panel .in-view-row, .sheet-head' },
  { name: 'fleet', as: 'bureau', path: '/fleet', there: '.fleet-row' },
  { name: 'operations', as: 'bureau', path: '/operations', there: '.health-columns' },
  { name: 'wall', as: 'bureau', path: '/wall', there: '.wall-figures' },
  { name: 'purpose dialog', as: 'inspector', path: '/live', there: '.purpose-form' },
]

/** Pages of lists and forms: looked at light on the desk and dark on the phone. */
const listScenes: typeof scenes = [
  { name: 'ledger with a file', as: 'bureau', path: '/ledger?id=1', there: '.vehicle .facts' },
  { name: 'flow', as: 'bureau', path: '/flows?id=1', there: '.ledger-steps' },
  { name: 'quota', as: 'bureau', path: '/quota', there: '.fleet-row' },
  { name: 'organisation', as: 'bureau', path: '/organisations?id=20', there: '.vehicle .facts' },
  { name: 'driver', as: 'bureau', path: '/drivers?id=1', there: '.vehicle .facts' },
  { name: 'suppliers', as: 'bureau', path: '/suppliers', there: '.fleet-row' },
  { name: 'fuel cards', as: 'bureau', path: '/suppliers?list=cards', there: '.fleet-row' },
  { name: 'places', as: 'bureau', path: '/places', there: '.fleet-row' },
  { name: 'calendar', as: 'bureau', path: '/calendar', there: '.calendar-month' },
  { name: 'import and export', as: 'bureau', path: '/exchange', there: '.upload-box' },
  { name: 'a page that is not open', as: 'bureau', path: '/accounts', there: '.state a' },
  { name: 'audit record', as: 'auditadmin', path: '/audit?record=1', there: '.audit-panel code' },
  { name: 'account', as: 'secadmin', path: '/accounts?account=1', there: '.vehicle .facts' },
  { name: 'security', as: 'secadmin', path: '/security', there: '.policy-fields' },
  { name: 'own account', as: 'driver', path: '/me', there: '.identity-columns' },
  { name: 'own file', as: 'driver', path: '/own', there: '.own-driver' },
]

type Violation = { id: string; impact: string; nodes: string[] }

async function violationsOf(page: Page): Promise<Violation[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ content: axeSource })
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
      rules: { 'label-content-name-mismatch': { enabled: true } },
    })
    return violations.map(({ id, impact, nodes }) => ({ id, impact: String(impact), nodes: nodes.map(({ html }) => html.slice(0, 160)) }))
  })
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
}

async function open({ page, open, go }: Visit, { path, there }: (typeof scenes)[number], within: boolean): Promise<void> {
  await (within ? go(path) : open(path))
  await page.locator(there).first().waitFor()
  // A desk has marks on the map; a phone, far out, has cells, and then the counts are the last to come.
  if (path.startsWith('/live') || path === '/wall')
    await page.waitForFunction(
      () =>
        'painted' in window ||
        document.querySelector('.purpose-form') !== null ||
        /\d/.test(document.querySelector('.sheet-head, .wall-figures')?.textContent ?? ''),
    )
}

const lookersOf = (shown: typeof scenes) => [...new Set(shown.map(({ as }) => as))]

/** The narrowest phone that is still in use. */
const NARROW = { width: 360, height: 740 }

const tooWide = (page: Page) =>
  page.evaluate(() =>
    ['html', '.page', '.vehicle-body', '.sheet-body', '.wall', '.door']
      .flatMap((selector) => [...document.querySelectorAll(selector)])
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.className || element.tagName}: ${element.scrollWidth} > ${element.clientWidth}`),
  )

for (const theme of ['light', 'dark'] as const) {
  for (const [device, viewport] of [
    ['desk', DESKTOP],
    ['phone', NARROW],
  ] as const) {
    t.test(`axe finds nothing serious on any page, and nothing is wider than the screen (${theme}, ${device})`, async (t) => {
      const lists = (theme === 'light') === (device === 'desk') ? listScenes : []
      for (const as of lookersOf([...scenes, ...lists])) {
        const options: VisitOptions = { theme, viewport, bypassCSP: true, refusals: [403] }
        const visitor = await visit(browser, product, as === undefined ? options : { ...options, as })
        const own = scenes.filter((each) => each.as === as)
        for (const [n, scene] of [...own, ...lists.filter((each) => each.as === as)].entries()) {
          await open(visitor, scene, n > 0 && n >= own.length)
          t.same(await violationsOf(visitor.page), [], scene.name)
          t.same(await tooWide(visitor.page), [], `${scene.name} fits`)
          if (scene.name !== 'live' || device !== 'phone') continue
          await visitor.page.locator('.sheet-head').click()
          await visitor.page.locator('.sheet-body .counts').waitFor()
          t.same(await tooWide(visitor.page), [], 'the sheet fits')
        }
        t.same(visitor.problems, [], 'no page error')
        await visitor.close()
      }
    })
  }
}

t.test('an exact range of days fits into the drawer of the desk', async (t) => {
  const desk = await visit(browser, product, { as: 'bureau' })
  await desk.open('/live?v=1&from=2026-10-09T09:30&to=2026-10-13T11:00')
  await desk.page.locator('.strips').waitFor()
  t.same(await tooWide(desk.page), [])
  t.equal(await desk.page.getByLabel(en['range.from']).inputValue(), '2026-10-09 09:30')
  await desk.close()
})
