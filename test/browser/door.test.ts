// The door and what lies behind it for each role: signing in and out, and that every role finds what the permissions table grants.
import t from 'tap'
import { faultSentence } from '../../services/contracts/healthFaults.ts'
import { type Capability, permissionsOf, type Role, roles } from '../../services/domain/permissions.ts'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import { en, zhCN } from '../harness/texts.ts'
import { tooWide } from './axe.ts'
import { arrive } from './stage.ts'
import { PHONE, type Visit } from './visit.ts'

const totalShown = (page: Visit['page'], total: number) =>
  page.waitForFunction((n) => document.querySelector('.live-total strong')?.textContent?.replaceAll(',', '') === String(n), total)

async function vehiclesOf({ context }: Visit, query = ''): Promise<number> {
  const answer = await context.request.get(`/api/v1/vehicles?limit=1${query}`)
  return ((await answer.json()) as { total: number }).total
}

t.test('a person signs in by name and password and finds the live map', async (t) => {
  const { page, problems } = await arrive(t, '/')
  await page.waitForURL('**/sign-in**')
  await page.getByLabel(en['signIn.username']).fill('dispatcher')
  await page.getByLabel(en['signIn.password'], { exact: true }).fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: en['signIn.submit'] }).click()
  await page.waitForURL('**/live**')
  await page.getByRole('region', { name: en['live.map'] }).locator('canvas.maplibregl-canvas').waitFor()
  t.same(problems, [])
})

t.test('a driver reads the notice before anything else, once', async (t) => {
  const { page, problems } = await arrive(t, '/', { refusals: [403] })
  const enter = async () => {
    await page.getByLabel(en['signIn.username']).fill('driver')
    await page.getByLabel(en['signIn.password'], { exact: true }).fill(DEMO_PASSWORD)
    await page.getByRole('button', { name: en['signIn.submit'] }).click()
  }
  await enter()
  await page.locator('.notice-text').waitFor()
  await page.getByRole('button', { name: en['step.notice.accept'] }).click()
  await page.waitForURL('**/live**')
  await page.getByRole('button', { name: /^Account/ }).click()
  await page.getByRole('menuitem', { name: en['account.signOut'] }).click()
  await page.waitForURL('**/sign-in**')
  await enter()
  await page.waitForURL('**/live**')
  t.same(problems, [])
})

t.test('a wrong password is refused with a sentence, and the door stays shut', async (t) => {
  const { page, problems } = await arrive(t, '/')
  await page.getByLabel(en['signIn.username']).fill('dispatcher')
  await page.getByLabel(en['signIn.password'], { exact: true }).fill('not-the-password')
  await page.getByRole('button', { name: en['signIn.submit'] }).click()
  const said = await page.locator('.door-error').textContent()
  t.ok(said && said.length > 10, said ?? '')
  t.match(page.url(), /sign-in/)
  t.same(problems, [])
})

t.test('a demo role opens with one click, and the page that was asked for follows', async (t) => {
  const { page, problems } = await arrive(t, '/fleet?class=leased')
  await page.waitForURL('**/sign-in**')
  await page.locator('.door-demo button').filter({ hasText: en['role.bureau_admin'] }).first().click()
  await page.waitForURL('**/fleet?class=leased')
  await page.getByText(en['fleet.total'].replace('{{n}}', '134')).waitFor()
  t.same(problems, [])
})

t.test('the dispatcher of Hohhot is shown the vehicles of Hohhot and of nowhere else', async (t) => {
  const visitor = await arrive(t, '/live', { as: 'dispatcher.hohhot' })
  const [own, inHohhot, elsewhere] = await Promise.all([
    vehiclesOf(visitor),
    vehiclesOf(visitor, '&league=150100'),
    vehiclesOf(visitor, '&league=150200'),
  ])
  t.ok(own > 0 && own < 23_188)
  t.equal(inHohhot, own)
  t.equal(elsewhere, 0)
  await totalShown(visitor.page, own)
  t.match(await visitor.page.locator('.scope').textContent(), /呼和浩特市/)
  t.same(visitor.problems, [])
})

t.test('a driver is shown one vehicle', async (t) => {
  const { page, problems } = await arrive(t, '/live', { as: 'driver' })
  await totalShown(page, 1)
  t.same(problems, [])
})

t.test('an inspector states a purpose first, and what was stated stays in sight', async (t) => {
  const { page, problems } = await arrive(t, '/live', { as: 'inspector', ownSession: true, refusals: [403] })
  const dialog = page.getByRole('dialog', { name: en['purpose.title'] })
  await dialog.getByRole('button', { name: en['purpose.submit'] }).click()
  await dialog.getByText(en['purpose.length']).waitFor()
  t.equal(await page.locator('.live-canvas canvas').count(), 0, 'no map before the purpose')
  await dialog.getByLabel(en['purpose.label']).fill('Checking complaint 12')
  await dialog.getByRole('button', { name: en['purpose.submit'] }).click()
  await totalShown(page, 23_188)
  t.match(await page.locator('.purpose-bar').textContent(), /Checking complaint 12/)
  t.same(problems, [])
})

/** Every page of the rail in its order, the capabilities any of which opens it, and what is there once it is open. */
const pages: { path: string; name: keyof typeof en; needs: Capability[]; only?: Role; there: string }[] = [
  { path: '/live', name: 'page.live', needs: ['live.view'], there: '.live-panel, .purpose-form' },
  { path: '/fleet', name: 'page.fleet', needs: ['live.view'], there: '.list-head' },
  { path: '/dispatch', name: 'page.dispatch', needs: ['order.dispatch'], there: '.board-rows' },
  { path: '/orders', name: 'page.orders', needs: ['order.view'], there: '.list-head' },
  { path: '/loans', name: 'page.loans', needs: ['ledger.view'], there: '.list-head' },
  { path: '/costs', name: 'page.costs', needs: ['cost.view'], there: '.list-head' },
  { path: '/requests', name: 'page.requests', needs: ['request.view'], there: '.list-head' },
  { path: '/ledger', name: 'page.ledger', needs: ['ledger.view'], there: '.list-row' },
  { path: '/flows', name: 'page.flows', needs: ['ledger.view'], there: '.list-head' },
  { path: '/upkeep', name: 'page.upkeep', needs: ['ledger.view'], there: '.list-head' },
  { path: '/mishaps', name: 'page.mishaps', needs: ['ledger.view'], there: '.list-head' },
  { path: '/quota', name: 'page.quota', needs: ['ledger.view'], there: '.list-row' },
  { path: '/organisations', name: 'page.organisations', needs: ['ledger.view'], there: '.ledger-tree-row' },
  { path: '/drivers', name: 'page.drivers', needs: ['driver.view'], there: '.list-row' },
  { path: '/leaves', name: 'page.leaves', needs: ['leave.decide'], there: '.list-head' },
  { path: '/handovers', name: 'page.handovers', needs: ['order.view'], there: '.list-head' },
  { path: '/terminals', name: 'page.terminals', needs: ['ledger.view'], there: '.list-row' },
  { path: '/suppliers', name: 'page.suppliers', needs: ['ledger.view'], there: '.list-row' },
  { path: '/places', name: 'page.places', needs: ['place.view'], there: '.list-row' },
  { path: '/calendar', name: 'page.calendar', needs: ['driver.view'], there: '.calendar-month' },
  { path: '/exchange', name: 'page.exchange', needs: ['ledger.export'], there: '.exchange-export' },
  { path: '/own', name: 'own.title', needs: ['live.view'], only: 'driver', there: '.own-driver' },
  { path: '/findings', name: 'page.supervision', needs: ['finding.view'], there: '.list-head' },
  { path: '/sealing', name: 'page.sealing', needs: ['ledger.view'], there: '.list-head' },
  { path: '/secrecy', name: 'page.secrecy', needs: ['unmask.request', 'unmask.approve'], there: '.secrecy-part' },
  { path: '/cases', name: 'page.cases', needs: ['case.keep'], there: '.list-head' },
  { path: '/explanations', name: 'page.explanations', needs: ['explanation.give'], there: '.list-head' },
  { path: '/whereabouts', name: 'page.whereabouts', needs: ['whereabouts.ask'], there: '.where-stage' },
  { path: '/looks', name: 'page.looks', needs: ['audit.export'], there: '.looks-bar' },
  { path: '/audit', name: 'page.audit', needs: ['audit.view'], there: '.list-row' },
  { path: '/boards', name: 'page.boards', needs: ['statistics.view'], there: '.boards-head' },
  { path: '/statistics', name: 'page.statistics', needs: ['statistics.view'], there: '.statistics-head' },
  { path: '/filings', name: 'page.filings', needs: ['statistics.view'], there: '.list-head' },
  { path: '/publications', name: 'page.publications', needs: ['statistics.view'], there: '.list-head' },
  { path: '/letters', name: 'page.letters', needs: ['letter.view'], there: '.list-head' },
  { path: '/reports', name: 'page.reports', needs: ['report.plan'], there: '.card-head' },
  { path: '/operations', name: 'page.operations', needs: ['operations.view'], there: '.health-columns' },
  { path: '/accounts', name: 'page.accounts', needs: ['account.view'], there: '.list-row' },
  { path: '/webhooks', name: 'page.webhooks', needs: ['webhook.manage'], there: '.webhooks' },
  { path: '/security', name: 'page.security', needs: ['policy.manage'], there: '.policy-fields' },
]

/** One demo account of each role. */
const accountOf: Record<Role, string> = {
  applicant: 'applicant',
  unit_approver: 'approver',
  fleet_manager: 'fleet',
  dispatcher: 'dispatcher',
  driver: 'driver',
  bureau_admin: 'bureau',
  finance: 'finance',
  inspector: 'inspector',
  system_admin: 'sysadmin',
  security_admin: 'secadmin',
  audit_admin: 'auditadmin',
}

for (const role of roles)
  t.test(`${role} finds the pages that the permissions table grants, and is told so at every other`, async (t) => {
    // An inspector without a purpose is refused live positions, and asked for it.
    const { page, problems, go } = await arrive(t, '/me', { as: accountOf[role], refusals: role === 'inspector' ? [403] : [] })
    const open = ({ needs, only }: (typeof pages)[number]) =>
      needs.some((capability) => permissionsOf(role)[capability].reach !== 'none') && (only === undefined || only === role)
    await page.getByRole('navigation', { name: en['shell.pages'] }).waitFor()
    t.same(
      await page.locator('.rail-page .rail-name').allTextContents(),
      pages.filter(open).map(({ name }) => en[name]),
    )
    for (const each of pages) {
      await go(each.path)
      if (open(each)) {
        await page.locator(`#page :is(${each.there}), .purpose-form`).first().waitFor()
        t.equal(new URL(page.url()).pathname, each.path)
        if (each.path === '/live' && role === 'inspector') await page.keyboard.press('Escape')
      } else if (each.only === undefined) {
        await page.getByText(en['notAllowed.title'].replace('{{role}}', en[`role.${role}`]).replace('{{page}}', en[each.name])).waitFor()
        t.equal(await page.locator(each.there).count(), 0, `nothing of ${each.path} is shown`)
      }
    }
    t.same(problems, [])
  })

t.test('the rail shows the group that one is in, and what one opened beside it stays open', async (t) => {
  const { page, problems, go } = await arrive(t, '/live', { as: 'dispatcher' })
  const rail = page.getByRole('navigation', { name: en['shell.pages'] })
  const group = (name: string, open: boolean) => rail.getByRole('button', { name, expanded: open })
  await rail.getByRole('link', { name: en['page.fleet'] }).waitFor()
  t.equal(await rail.getByRole('link', { name: en['page.drivers'] }).count(), 0, 'a closed group tells its name alone')
  await group(en['group.fleet'], false).press('Enter')
  await rail.getByRole('link', { name: en['page.drivers'] }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/ledger**')
  await group(en['group.live'], false).waitFor()
  await go('/live')
  await group(en['group.fleet'], true).waitFor()
  await page.reload()
  await group(en['group.fleet'], true).click()
  await group(en['group.fleet'], false).waitFor()
  await rail.getByRole('link', { name: en['page.requests'] }).waitFor()
  t.same(problems, [])
})

t.test('on a phone each group is in the bar or under the last of it, and a page is two touches away', async (t) => {
  const { page, problems } = await arrive(t, '/ledger', { as: 'bureau', viewport: PHONE })
  const rail = page.getByRole('navigation', { name: en['shell.pages'] })
  await rail.getByRole('button', { name: en['rail.more'] }).click()
  t.same(await tooWide(page), [])
  await rail.getByRole('link', { name: en['page.operations'] }).click()
  await page.waitForURL('**/operations**')
  t.equal(await page.locator('.rail-sheet').count(), 0)
  await rail.getByRole('button', { name: en['group.live'] }).click()
  await page.keyboard.press('Escape')
  t.equal(await page.locator('.rail-sheet').count(), 0)
  t.equal(await page.evaluate(() => document.activeElement?.textContent), en['group.live'])
  t.same(problems, [])
})

t.test('language and look change at once and are kept', async (t) => {
  const { page, problems } = await arrive(t, '/operations', { as: 'bureau' })
  await page.getByRole('heading', { name: en['conservation.title'] }).waitFor()
  await page.getByRole('button', { name: '中' }).click()
  await page.getByRole('heading', { name: zhCN['conservation.title'] }).waitFor()
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await ground()
  await page.getByRole('button', { name: zhCN['theme.label'] }).click()
  await page.getByRole('menuitem', { name: zhCN['theme.dark'] }).click()
  await page.waitForFunction((before) => getComputedStyle(document.body).backgroundColor !== before, light)
  await page.reload()
  await page.getByRole('heading', { name: zhCN['conservation.title'] }).waitFor()
  t.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN')
  t.not(await ground(), light)
  t.same(problems, [])
})

t.test('a service that is down is said to be down, one that does not answer is said not to, and the page heals by itself', async (t) => {
  const { page, context, problems } = await arrive(t, null, { as: 'bureau', refusals: [503] })
  const well = await (await context.request.get('/api/v1/health')).json()
  const fault = { code: 'database.late', values: { seconds: 2 } } as const
  let say: 'down' | 'nothing' | 'all' = 'down'
  await page.route('**/api/v1/health', (route) => {
    if (say === 'down') return route.fulfill({ status: 503, json: { ...well, status: 'down', faults: [fault] } })
    return say === 'nothing' ? route.fulfill({ status: 503, body: '' }) : route.continue()
  })
  await page.goto('/operations')
  await page.locator('.health-down').waitFor()
  await page.getByText(faultSentence(fault, 'en')).waitFor()
  say = 'nothing'
  await page.locator('.operations [role=alert]').first().waitFor()
  t.equal(await page.locator('.health-columns').count(), 0, 'nothing old is shown as if it were now')
  say = 'all'
  await page.locator('.health-columns').waitFor()
  t.equal(await page.locator('.health-down, .operations [role=alert]').count(), 0)
  t.same(problems, [])
})

t.test('who signs out stands before the door, though the server was too busy at first, and the way back is shut', async (t) => {
  const { page, problems } = await arrive(t, '/fleet', { as: 'dispatcher', ownSession: true, refusals: [503] })
  await page.route(
    '**/api/v1/session',
    (route) => route.fulfill({ status: 503, headers: { 'retry-after': '1' }, json: { error: { code: 'UNAVAILABLE', message: 'busy' } } }),
    { times: 1 },
  )
  await page.getByRole('button', { name: /^Account/ }).click()
  await page.getByRole('menuitem', { name: en['account.signOut'] }).click()
  await page.waitForURL('**/sign-in**')
  await page.goto('/fleet')
  await page.waitForURL('**/sign-in**')
  t.same(problems, [])
})
