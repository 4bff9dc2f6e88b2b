// In a browser: signing in with a second factor, and an account that one administrator makes and another grants.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { generate } from 'otplib'
import { chromium, type Page } from 'playwright-core'
import t from 'tap'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import { zhCN } from '../../web/i18n/zh-CN.ts'
import { freePort } from '../harness/freePort.ts'

/** The product with second factors asked of the demo's administrators too. */
async function startProduct(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'morin-browser-'))
  const [port, mqttPort] = await Promise.all([freePort(), freePort()])
  const flags = [
    '--port',
    `${port}`,
    '--mqtt-port',
    `${mqttPort}`,
    '--data',
    join(dataDir, 'data'),
    '--vehicles',
    '0',
    '--demo-totp',
    'true',
  ]
  const child: ChildProcess = spawn(process.execPath, ['start.mjs', ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    rmSync(dataDir, { recursive: true, force: true })
  }
  for await (const line of createInterface({ input: child.stdout! })) {
    if (!line.startsWith('ready ')) continue
    child.stdout!.resume()
    return { url: line.slice('ready '.length), stop }
  }
  await stop()
  throw new Error('the product ended before it was ready')
}

const product = await startProduct()
t.teardown(() => product.stop())
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--headless=new', '--no-sandbox'] })
t.teardown(() => browser.close())

async function atTheDoor(username: string, password: string): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: product.url, viewport: { width: 1440, height: 900 } })).newPage()
  await page.goto('/sign-in')
  await enter(page, username, password)
  return page
}

async function enter(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel(zhCN['signIn.username']).fill(username)
  await page.getByLabel(zhCN['signIn.password'], { exact: true }).fill(password)
  await page.getByRole('button', { name: zhCN['signIn.submit'], exact: true }).click()
}

/** Enrols at the door and goes in; answers the secret and the recovery codes. */
async function enrol(page: Page) {
  const secret = (await page.locator('.enrol-secret').textContent())!
  await page.getByLabel(zhCN['enrol.code']).fill(await generate({ secret }))
  await page.getByRole('button', { name: zhCN['step.confirm'] }).click()
  await page.locator('.recovery-codes').waitFor()
  const codes = await page.locator('.recovery-codes li').allTextContents()
  await page.getByRole('button', { name: zhCN['enrol.codesKept'] }).click()
  await page.locator('.rail').waitFor()
  return { secret, codes }
}

const choose = async (page: Page, label: string, text: string) => {
  await page.getByLabel(label).last().click()
  await page.keyboard.type(text)
  await page.locator('.ant-select-item-option', { hasText: text }).first().click()
}

t.test('an administrator enrols at the first sign-in; later a wrong code is refused and a recovery code goes in once', async (t) => {
  const page = await atTheDoor('auditadmin', DEMO_PASSWORD)
  const { codes } = await enrol(page)
  t.equal(codes.length, 10)
  const again = await atTheDoor('auditadmin', DEMO_PASSWORD)
  await again.getByRole('textbox', { name: zhCN['step.totp.code'], exact: true }).fill('000000')
  await again.getByRole('button', { name: zhCN['step.confirm'] }).click()
  await again.locator('.door-error').waitFor()
  await again.reload()
  await again.getByRole('textbox', { name: zhCN['step.totp.code'], exact: true }).waitFor()
  t.pass('a reload finds the step again')
  await again.getByRole('button', { name: zhCN['step.totp.useRecovery'] }).click()
  await again.getByRole('textbox', { name: zhCN['step.totp.recovery'], exact: true }).fill(codes[0]!)
  await again.getByRole('button', { name: zhCN['step.confirm'] }).click()
  await again.locator('.rail').waitFor()
})

t.test('one administrator makes an account, another grants it, and the new person comes in with a password of their own', async (t) => {
  const maker = await atTheDoor('sysadmin', DEMO_PASSWORD)
  await enrol(maker)
  await maker.goto('/accounts')
  await maker.getByRole('button', { name: zhCN['accounts.create'] }).click()
  const dialog = maker.getByRole('dialog')
  await dialog.getByLabel(zhCN['account.username']).fill('new.finance')
  await dialog.getByLabel(zhCN['account.displayName']).fill('示例新人')
  await dialog.getByLabel(zhCN['account.personNo']).fill('G-2026')
  await dialog.getByLabel(zhCN['account.requestedRole']).last().click()
  await maker.locator('.ant-select-item-option', { hasText: zhCN['role.finance'] }).click()
  await choose(maker, zhCN['account.belongs'], '呼和浩特市农牧局')
  await dialog.getByLabel(zhCN['reason.title']).fill('新任财务审核岗')
  await dialog.getByRole('button', { name: zhCN['accounts.create'] }).click()
  const password = (await maker.locator('.one-time').textContent())!
  const early = await atTheDoor('new.finance', password)
  await early.locator('.door-error').waitFor()
  t.pass('without a grant nobody gets in')

  const granter = await atTheDoor('secadmin', DEMO_PASSWORD)
  await enrol(granter)
  await granter.goto('/accounts?waiting=true')
  await granter.getByRole('button', { name: 'new.finance' }).click()
  await granter.getByRole('button', { name: zhCN['account.grant'], exact: true }).click()
  await granter.getByRole('dialog').getByLabel(zhCN['reason.title']).fill('已与单位核实')
  await granter.getByRole('dialog').getByRole('button', { name: zhCN['account.grant'], exact: true }).click()
  await granter.locator('aside .account-active').first().waitFor()

  await enter(early, 'new.finance', password)
  await early.getByLabel(zhCN['password.next'], { exact: true }).fill('Steppe-grass-77')
  await early.getByLabel(zhCN['password.again']).fill('Steppe-grass-77')
  await early.getByRole('button', { name: zhCN['password.submit'] }).click()
  await early.locator('.rail').waitFor()
  t.match(await early.locator('.top-bar').textContent(), /示例新人/)
})
