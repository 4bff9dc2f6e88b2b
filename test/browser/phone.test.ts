// In a browser: what a phone gets at /phone, and that it is spared the desk.
import t from 'tap'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import { zhCN } from '../harness/texts.ts'
import { tooWide, violationsOf } from './axe.ts'
import { arrive } from './stage.ts'
import { DESKTOP, PHONE } from './visit.ts'

t.test('a driver has his file and his account on the phone, leaves, and comes in again by the same door', async (t) => {
  const { page, problems } = await arrive(t, null, { as: 'driver', ownSession: true, locale: 'zh-CN', viewport: PHONE })
  const scripts: string[] = []
  page.on('request', (request) => void scripts.push(new URL(request.url()).pathname))
  await page.goto('/phone')
  const file = () => page.getByRole('main').getByText(zhCN['own.text'])
  await file().waitFor()
  await page.getByRole('navigation').getByRole('link', { name: zhCN['page.me'] }).click()
  await page.getByRole('heading', { name: zhCN['me.sessions'] }).waitFor()
  t.equal(await page.getByRole('navigation').getByRole('link', { name: zhCN['page.me'] }).getAttribute('aria-current'), 'page')
  await page.goBack()
  await file().waitFor()
  t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing is wider than the phone')
  await page.getByRole('button', { name: zhCN['account.signOut'] }).click()
  await page.getByLabel(zhCN['signIn.username']).fill('driver')
  await page.getByLabel(zhCN['signIn.password'], { exact: true }).fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: zhCN['signIn.submit'], exact: true }).click()
  await file().waitFor()
  t.same(
    scripts.filter((path) => /\/assets\/(antd|router|map)-/.test(path)),
    [],
    'the desk’s library, router and map stay where they are',
  )
  t.same(problems, [])
})

t.test('axe finds nothing serious on the phone’s pages, light and dark, and nothing is wider than the narrowest phone', async (t) => {
  const options = { theme: 'system', viewport: { width: 360, height: 740 }, bypassCSP: true, locale: 'zh-CN' } as const
  const { page, problems } = await arrive(t, '/phone', { ...options, as: 'driver' })
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme)
    for (const [name, there] of [
      ['own.title', page.getByText(zhCN['own.text'])],
      ['page.me', page.getByRole('heading', { name: zhCN['me.sessions'] })],
    ] as const) {
      await page.getByRole('navigation').getByRole('link', { name: zhCN[name] }).click()
      await there.waitFor()
      t.same(await violationsOf(page), [], `${name}, ${theme}`)
      t.same(await tooWide(page), [], `${name} fits`)
    }
  }
  const visitor = await arrive(t, '/phone', options)
  await visitor.page.getByLabel(zhCN['signIn.username']).waitFor()
  t.same(await violationsOf(visitor.page), [], 'its door')
  t.same([...problems, ...visitor.problems], [])
})

t.test('a driver who signs in at the desk’s door with a phone comes to the phone’s pages, and from there to all pages', async (t) => {
  const { page, problems } = await arrive(t, '/', { locale: 'zh-CN', viewport: PHONE })
  await page.getByLabel(zhCN['signIn.username']).fill('driver')
  await page.getByLabel(zhCN['signIn.password'], { exact: true }).fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: zhCN['signIn.submit'], exact: true }).click()
  await page.waitForURL('**/phone')
  await page.getByRole('main').getByText(zhCN['own.text']).waitFor()
  await page.getByRole('link', { name: zhCN['phone.allPages'] }).click()
  await page.waitForURL('**/live**')
  await page.goto('/own')
  await page.getByRole('main').getByText(zhCN['own.text']).waitFor()
  t.match(page.url(), /\/own$/, 'who asks for a page gets that page')
  t.same(problems, [])
})

t.test('a driver at a desk and a dispatcher with a phone begin at the desk’s pages', async (t) => {
  for (const [as, viewport] of [
    ['driver', DESKTOP],
    ['dispatcher', PHONE],
  ] as const) {
    const { page, problems } = await arrive(t, '/', { as, locale: 'zh-CN', viewport })
    await page.waitForURL('**/live**')
    t.same(problems, [])
  }
})

t.test('who is no driver has his account there, and the way to all pages', async (t) => {
  const { page, problems } = await arrive(t, '/phone', { as: 'dispatcher', locale: 'zh-CN', viewport: PHONE })
  await page.getByRole('heading', { name: zhCN['me.sessions'] }).waitFor()
  t.equal(await page.getByRole('navigation').count(), 0)
  await page.getByRole('link', { name: zhCN['phone.allPages'] }).click()
  await page.waitForURL('**/live**')
  t.same(problems, [])
})
