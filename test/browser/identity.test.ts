// In a browser: signing in with a second factor, and an account that one administrator makes and another grants.
import { generate } from 'otplib'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import { zhCN } from '../harness/texts.ts'
import { arrive, product } from './stage.ts'

// Second factors are asked of the demo's administrators too.
t.before(() => product.restart('--demo-totp', 'true'))

async function atTheDoor(t: Test, username: string, password: string): Promise<Page> {
  const { page } = await arrive(t, '/sign-in', { locale: 'zh-CN' })
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

/** Of the next half minute: the code of this one was used to enrol, and no code is good twice. */
const nextCode = (secret: string) => generate({ secret, epoch: Math.floor(Date.now() / 1000) + 30 })

const code = (page: Page) => page.getByRole('textbox', { name: zhCN['step.totp.code'], exact: true })
const confirm = (page: Page) => page.getByRole('button', { name: zhCN['step.confirm'] }).click()

async function leave(page: Page): Promise<void> {
  await page.locator('.top-menus button').last().click()
  await page.getByRole('menuitem', { name: zhCN['account.signOut'] }).click()
  await page.waitForURL('**/sign-in**')
}

t.test('an administrator enrols at the first sign-in, and then comes in with a code; a wrong one is refused', async (t) => {
  const page = await atTheDoor(t, 'auditadmin', DEMO_PASSWORD)
  const { secret, codes } = await enrol(page)
  t.equal(codes.length, 10)
  await leave(page)

  await enter(page, 'auditadmin', DEMO_PASSWORD)
  await code(page).fill('000000')
  await confirm(page)
  await page.locator('.door-error').waitFor()
  t.equal(await page.locator('.rail').count(), 0, 'the password alone opens nothing')
  await page.reload()
  await code(page).waitFor()
  t.pass('a reload finds the step again')
  await code(page).fill(await nextCode(secret))
  await confirm(page)
  await page.locator('.list-row').first().waitFor()
  await leave(page)

  t.comment('and when the phone is not at hand, a recovery code, once')
  for (const accepted of [true, false]) {
    await enter(page, 'auditadmin', DEMO_PASSWORD)
    await page.getByRole('button', { name: zhCN['step.totp.useRecovery'] }).click()
    await page.getByRole('textbox', { name: zhCN['step.totp.recovery'], exact: true }).fill(codes[0]!)
    await confirm(page)
    if (accepted) {
      await page.locator('.rail').waitFor()
      await leave(page)
    } else await page.locator('.door-error').waitFor()
  }
})

t.test('one administrator makes an account, another grants it, and the new person comes in with a password of their own', async (t) => {
  const maker = await atTheDoor(t, 'sysadmin', DEMO_PASSWORD)
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
  await maker.getByRole('button', { name: zhCN['account.copied'] }).click()
  await maker.locator('aside .account-pending').first().waitFor()
  t.equal(await maker.getByRole('button', { name: zhCN['account.grant'], exact: true }).count(), 0, 'who makes accounts does not grant')
  const early = await atTheDoor(t, 'new.finance', password)
  await early.locator('.door-error').waitFor()
  t.pass('without a grant nobody gets in')

  const granter = await atTheDoor(t, 'secadmin', DEMO_PASSWORD)
  await enrol(granter)
  await granter.goto('/accounts?waiting=true')
  await granter.getByRole('button', { name: 'new.finance' }).click()
  await granter.getByRole('button', { name: zhCN['account.grant'], exact: true }).click()
  await granter.getByRole('dialog').getByLabel(zhCN['reason.title']).fill('已与单位核实')
  await granter.getByRole('dialog').getByRole('button', { name: zhCN['account.grant'], exact: true }).click()
  const entryCode = (await granter.locator('.one-time').textContent())!
  await granter.getByRole('button', { name: zhCN['account.copied'] }).click()
  await granter.locator('aside .account-active').first().waitFor()

  await enter(early, 'new.finance', password)
  await early.getByLabel(zhCN['step.entry.code']).fill(entryCode)
  await confirm(early)
  await early.getByLabel(zhCN['password.next'], { exact: true }).fill('Steppe-grass-77')
  await early.getByLabel(zhCN['password.again']).fill('Steppe-grass-77')
  await early.getByRole('button', { name: zhCN['password.submit'] }).click()
  await early.locator('.rail').waitFor()
  t.match(await early.locator('.top-bar').textContent(), /示例新人/)
})
