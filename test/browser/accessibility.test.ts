// No serious or critical violation that axe can find, on every page, light and dark, desk and phone; and nothing wider than a narrow phone.
import type { Page } from 'playwright-core'
import t from 'tap'
import { permissionsOf, type Role } from '../../services/domain/permissions.ts'
import { pages } from '../../web/app/pages.ts'
import { long } from '../harness/long.ts'
import { en } from '../harness/texts.ts'
import { ofColours, tooWide, violationsOf } from './axe.ts'
import { arrive } from './stage.ts'
import { DESKTOP, type Visit, type VisitOptions } from './visit.ts'

type Scene = { name: string; as?: string; path: string; there: string }
/** Each page in the state to be judged: who looks, where, and what is there once it may be judged. */
const scenes: Scene[] = [
  { name: 'sign-in', path: '/sign-in', there: '.door-demo button' },
  { name: 'live with a vehicle', as: 'bureau', path: '/live?v=1', there: '.panel .facts' },
  { name: 'live', as: 'bureau', path: '/live', there: '.live-panel .in-view-row, .sheet-head' },
  { name: 'fleet', as: 'bureau', path: '/fleet', there: '.list-row' },
  { name: 'operations', as: 'bureau', path: '/operations', there: '.health-columns' },
  { name: 'wall', as: 'bureau', path: '/wall', there: '.wall-figures' },
  { name: 'purpose dialog', as: 'inspector', path: '/live', there: '.purpose-form' },
]

/** Pages of lists and forms: looked at light on the desk and dark on the phone. */
const listScenes: Scene[] = [
  { name: 'ledger with a file', as: 'bureau', path: '/ledger?id=1', there: '.panel .facts' },
  { name: 'flow', as: 'bureau', path: '/flows?id=1', there: '.ledger-steps' },
  { name: 'quota', as: 'bureau', path: '/quota', there: '.list-row' },
  { name: 'organisation', as: 'bureau', path: '/organisations?id=20', there: '.panel .facts' },
  { name: 'driver', as: 'bureau', path: '/drivers?id=1', there: '.panel .facts' },
  { name: 'terminals', as: 'bureau', path: '/terminals?state=active', there: '.list-row' },
  { name: 'terminals that knocked', as: 'bureau', path: '/terminals?list=knocks', there: '.list-row, .state' },
  { name: 'suppliers', as: 'bureau', path: '/suppliers', there: '.list-row' },
  { name: 'fuel cards', as: 'bureau', path: '/suppliers?list=cards', there: '.list-row' },
  { name: 'places', as: 'bureau', path: '/places', there: '.list-row' },
  { name: 'calendar', as: 'bureau', path: '/calendar', there: '.calendar-month' },
  { name: 'import and export', as: 'bureau', path: '/exchange', there: '.upload-box' },
  { name: 'requests to look', as: 'bureau', path: '/secrecy', there: '.secrecy-part .state, .secrecy-list li' },
  { name: 'own requests to look', as: 'dispatcher', path: '/secrecy?tab=own', there: '.secrecy-part .state, .secrecy-list li' },
  { name: 'sensitive vehicles', as: 'bureau', path: '/secrecy?tab=register', there: '.secrecy-list li' },
  { name: 'what others see of sensitive vehicles', as: 'bureau', path: '/secrecy?tab=policy', there: '.secrecy-list li' },
  { name: 'a page that is not open', as: 'bureau', path: '/accounts', there: '.state a' },
  { name: 'audit record', as: 'auditadmin', path: '/audit?record=1', there: '.panel .audit-hash' },
  { name: 'account', as: 'secadmin', path: '/accounts?account=1', there: '.panel .facts' },
  { name: 'security', as: 'secadmin', path: '/security', there: '.policy-fields' },
  { name: 'own account', as: 'driver', path: '/me', there: '.identity-columns' },
  { name: 'dispatch', as: 'dispatcher', path: '/dispatch', there: '.board-row' },
  { name: 'own file', as: 'driver', path: '/own', there: '.own-driver' },
]

const lookers: Record<string, Role> = {
  bureau: 'bureau_admin',
  secadmin: 'security_admin',
  auditadmin: 'audit_admin',
  driver: 'driver',
  fleet: 'fleet_manager',
  inspector: 'inspector',
}

/** A page that no scene names is looked at as it opens, by the first who may open it. */
for (const { path, needs } of pages) {
  if ([...scenes, ...listScenes].some((scene) => scene.path.split('?')[0] === path)) continue
  const looker = Object.entries(lookers).find(([, role]) => needs.some((one) => permissionsOf(role)[one].reach !== 'none'))
  if (!looker) throw new Error(`nobody of ${Object.keys(lookers)} may open ${path}: name a scene for it`)
  listScenes.push({ name: path, as: looker[0], path, there: '#page h1' })
}

/** A desk has marks on the map; a phone, far out, has cells, and then the counts are the last to come. */
async function settled(page: Page, { path, there }: Scene): Promise<void> {
  await page.locator(there).first().waitFor()
  // Bones of rows are nothing to scroll to; what is looked at are the rows.
  await page.waitForFunction(() => document.querySelector('main [aria-busy="true"]') === null)
  if (path.startsWith('/live') || path === '/wall')
    await page.waitForFunction(
      () =>
        'painted' in window ||
        document.querySelector('.purpose-form') !== null ||
        /\d/.test(document.querySelector('.sheet-head, .wall-figures')?.textContent ?? ''),
    )
}

/** The narrowest phone that is still in use. */
const NARROW = { width: 360, height: 740 }
type Look = { device: 'desk' | 'phone'; theme: 'light' | 'dark' }

/** Takes the page that is open to another screen and look: it follows both, as it follows a window and the system. */
async function look({ page, touch }: Visit, { device, theme }: Look): Promise<void> {
  await touch(device === 'phone')
  await page.setViewportSize(device === 'desk' ? DESKTOP : NARROW)
  await page.emulateMedia({ colorScheme: theme })
  await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme)
  // Two frames: in the first React hears of it, after the second it is painted.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
}

/** In this order only one thing changes from each to the next. */
const looks: Look[] = [
  { device: 'desk', theme: 'light' },
  { device: 'desk', theme: 'dark' },
  { device: 'phone', theme: 'dark' },
  { device: 'phone', theme: 'light' },
]
const looksOfLists = looks.filter(({ device, theme }) => (device === 'desk') === (theme === 'light'))
/** A page by itself in two of the four, another two in turn, and in all of them in `npm run test:long`. */
function looksOf(scene: (typeof scenes)[number]): readonly Look[] {
  const at = scenes.indexOf(scene)
  if (at < 0) return looksOfLists
  return long ? looks : looks.filter((_, k) => (k + at) % 2 === 0)
}

for (const as of new Set([...scenes, ...listScenes].map((scene) => scene.as))) {
  t.test(`axe finds nothing serious on any page of ${as ?? 'nobody'}, and nothing is wider than the screen`, async (t) => {
    const options: VisitOptions = { theme: 'system', bypassCSP: true, refusals: [403], ownSession: as === 'inspector' }
    const visitor = await arrive(t, '/me', as === undefined ? options : { ...options, as })
    for (const scene of [...scenes, ...listScenes].filter((each) => each.as === as)) {
      await look(visitor, looks[0]!)
      await visitor.page.evaluate(() => Reflect.deleteProperty(window, 'painted'))
      await visitor.go(scene.path)
      let seenOn: Look['device'] | undefined
      for (const each of looksOf(scene)) {
        await look(visitor, each)
        await settled(visitor.page, scene)
        const name = `${scene.name} (${each.theme}, ${each.device})`
        t.same(await violationsOf(visitor.page, seenOn === each.device ? ofColours : undefined), [], name)
        seenOn = each.device
        t.same(await tooWide(visitor.page), [], `${name} fits`)
        if (scene.name !== 'live' || each !== looksOf(scene).at(-1)) continue
        await visitor.page.locator('.sheet-head').click()
        await visitor.page.locator('.sheet-body .counts').waitFor()
        t.same(await tooWide(visitor.page), [], 'the sheet fits')
      }
    }
    t.same(visitor.problems, [], 'no page error')
  })
}

t.test('an exact range of days fits into the drawer of the desk', async (t) => {
  const desk = await arrive(t, '/live?v=1&from=2026-10-09T09:30&to=2026-10-13T11:00', { as: 'bureau' })
  await desk.page.locator('.strips').waitFor()
  t.same(await tooWide(desk.page), [])
  t.equal(await desk.page.getByLabel(en['range.from']).inputValue(), '2026-10-09 09:30')
})
