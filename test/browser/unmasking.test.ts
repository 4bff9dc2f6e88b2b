// In a browser: a dispatcher asks to see a sensitive vehicle, the bureau approves, the mark gets its plate, the bureau ends it, the log shows all.
import type { Page } from 'playwright-core'
import t from 'tap'
import { plateAsPrinted } from '../../services/domain/vehicle.ts'
import { buildRegion } from '../../services/embedded/demo/region.ts'
import { zhCN } from '../harness/texts.ts'
import { arrive } from './stage.ts'
import { PHONE } from './visit.ts'

const shots = process.env.SCREENSHOTS

const region = buildRegion(1)
const secret = region.fleet[region.secrets[0]! - 1]!
const plate = plateAsPrinted(secret.plate)

const shoot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}
const confirm = async (page: Page, reason: string) => {
  await page.locator('.ant-modal textarea').fill(reason)
  await page.locator('.ant-modal .ant-btn-primary').click()
  await page.locator('.ant-modal').waitFor({ state: 'detached' })
}

t.test('asked, approved, seen, ended, recorded', async (t) => {
  const { page: dispatcher, problems: ofDispatcher } = await arrive(t, null, {
    as: 'dispatcher',
    locale: 'zh-CN',
    // The vehicle whose page is open when the look at it is ended.
    refusals: [404],
  })
  await dispatcher.goto(`/fleet?q=${encodeURIComponent(secret.plate)}`)
  await dispatcher.getByText(zhCN['fleet.emptyFiltered']).waitFor()
  await dispatcher.goto('/fleet?page=464')
  await dispatcher.locator('.secret-name').first().waitFor()
  await shoot(dispatcher, 'fleet-coarse')
  await dispatcher.locator('.secret-name').first().click()
  await dispatcher.getByText(zhCN['secret.why']).waitFor()
  await shoot(dispatcher, 'coarse-panel')

  await dispatcher.goto('/secrecy?tab=own')
  await dispatcher.getByText(zhCN['secrecy.ownNone']).waitFor()
  await shoot(dispatcher, 'own-empty')
  await dispatcher.getByRole('button', { name: zhCN['secrecy.ask'] }).click()
  await dispatcher.getByLabel(zhCN['secrecy.vehicle']).fill(plate)
  await dispatcher.getByLabel(zhCN['secrecy.purpose']).fill('核查举报线索，内纪函〔示例〕1号')
  await shoot(dispatcher, 'ask')
  await dispatcher.getByRole('button', { name: zhCN['secrecy.send'] }).click()
  await dispatcher.getByText(zhCN['unmaskingState.pending']).waitFor()

  const { page: bureau, problems: ofBureau } = await arrive(t, null, { as: 'bureau', locale: 'zh-CN' })
  await bureau.goto('/secrecy')
  await bureau.getByText(plate).waitFor()
  t.match(await bureau.locator('.secrecy-finding').textContent(), /涉密编号 1\d{9}/)
  await shoot(bureau, 'decide')
  await bureau.goto('/secrecy?tab=register')
  await bureau.locator('.secrecy-names').first().waitFor({ state: 'attached' })
  t.notMatch(await bureau.locator('.secrecy-part').textContent(), new RegExp(plate), 'the keeper of the register sees no plate')
  await shoot(bureau, 'register')
  await bureau.goto('/secrecy?tab=policy')
  await bureau.locator('.secrecy-list li').nth(1).waitFor()
  await shoot(bureau, 'policy')
  await bureau.goto('/secrecy')
  await bureau.getByRole('button', { name: zhCN['secrecy.approve'], exact: true }).click()
  await shoot(bureau, 'approve')
  await confirm(bureau, '同意，限本次核查')

  await dispatcher.reload()
  await dispatcher.locator('.secrecy-approved').waitFor()
  await shoot(dispatcher, 'own-approved')
  await dispatcher.goto(`/fleet?q=${encodeURIComponent(secret.plate)}`)
  await dispatcher.locator('.list-row .secret-mark-timed').waitFor()
  await dispatcher.locator('.list-row .plate').click()
  await dispatcher.locator('.panel .secret-mark-timed').waitFor()
  await shoot(dispatcher, 'unmasked')

  await bureau.goto('/secrecy?only=running')
  await bureau.getByRole('button', { name: zhCN['secrecy.end'], exact: true }).click()
  await confirm(bureau, '核查已结束')
  await dispatcher.reload()
  await dispatcher.getByText(zhCN['fleet.emptyFiltered']).waitFor()
  await dispatcher.goto('/secrecy?tab=own')
  await dispatcher.getByText(zhCN['unmaskingState.ended']).waitFor()

  const { page: log, problems: ofLog } = await arrive(t, null, { as: 'auditadmin', locale: 'zh-CN' })
  await log.goto('/audit?subjectType=unmasking')
  for (const word of ['unmask.request', 'unmask.approve', 'unmask.use', 'unmask.end'] as const)
    await log.locator('tbody').getByText(zhCN[`audit.action.${word}`], { exact: true }).first().waitFor()
  await shoot(log, 'audit')
  t.same([...ofDispatcher, ...ofBureau, ...ofLog], [])
})

t.test('on a telephone, in the dark and in English', async (t) => {
  const { page, problems, go } = await arrive(t, '/secrecy', { as: 'bureau', theme: 'dark', viewport: PHONE })
  for (const tab of ['decide', 'own', 'register', 'policy']) {
    await go(`/secrecy?tab=${tab}${tab === 'decide' ? '&only=over' : ''}`)
    await page.locator('.secrecy-list li, .state').first().waitFor()
    t.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width, `${tab} fits`)
    await shoot(page, `phone-${tab}`)
  }
  t.same(problems, [])
})
