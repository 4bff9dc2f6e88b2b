// In a browser: a file with errors, what is said about them, the annotated file, the file put right, applied, and a second time; an export.
import { readFileSync } from 'node:fs'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import t from 'tap'
import { zhCN } from '../harness/texts.ts'
import { arrive } from './stage.ts'
import { PHONE } from './visit.ts'

const headings = '号牌号码,号牌颜色,车辆分类,编制类别,能源类型,品牌,型号,座位数,排量（毫升）,登记日期,产权单位,使用单位'
const unit = '呼和浩特市/新城区/新城区财政局'
const line = (plate: string, fuel: string) =>
  `${plate},蓝,租赁平台服务用车,租赁平台服务用车,${fuel},红旗,H5,5,1498,2024-05-01,${unit},${unit}`
const file = (name: string, ...lines: string[]) => ({ name, mimeType: 'text/csv', buffer: Buffer.from([headings, ...lines].join('\n')) })
const give = (page: Page, given: ReturnType<typeof file>) => page.getByLabel(zhCN['exchange.choose']).setInputFiles(given)
const verdict = (page: Page) => page.locator('.import-verdict strong')

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }),
  )
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)
}

t.test('a file with errors is put right and imported, and the second time changes nothing', async (t) => {
  const { page, problems } = await arrive(t, '/exchange', { as: 'bureau', locale: 'zh-CN', bypassCSP: true })
  await give(page, file('车辆.csv', line('京A12345', '汽油'), line('蒙A·Q9801', '煤油')))
  await verdict(page).getByText('有 2 处错误').waitFor()
  const rows = page.locator('.remarks tbody tr')
  t.same(await rows.nth(0).locator('td').allTextContents(), [
    '2',
    '号牌号码',
    '京A12345',
    '“京A12345”不是本区号牌；可登记：普通号牌 蒙A·12345（五位序号，字母至多两个，不用 I、O）；新能源号牌 蒙A·D12345、蒙A·DA1234、大型 蒙A·12345D（能源字母 A–H、J、K）；警用号牌 蒙A·1234警；应急救援号牌 蒙X·1234应急、蒙S·1234应急',
  ])
  t.match(await rows.nth(1).textContent(), /3能源类型煤油“煤油”不在可选范围：汽油、柴油/)
  t.same(await violations(page), [])
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: zhCN['exchange.annotated'] }).click()
  const annotated = await saved
  t.equal(annotated.suggestedFilename(), '车辆（错误说明）.xlsx')
  t.equal(
    readFileSync(await annotated.path())
      .subarray(0, 2)
      .toString(),
    'PK',
  )

  await page.getByRole('button', { name: zhCN['exchange.another'] }).click()
  const right = file('车辆.csv', line('蒙A·Q9801', '汽油'))
  await give(page, right)
  await verdict(page).getByText(zhCN['exchange.checkedTitle']).waitFor()
  await page.getByRole('button', { name: '提交导入（新增 1，更新 0）' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(zhCN['reason.title']).fill('补录新购车辆')
  await dialog.getByRole('button', { name: '提交导入（新增 1，更新 0）' }).click()
  await verdict(page).getByText('已导入：新增 1，更新 0').waitFor()
  t.match(await page.locator('.exchange-table tbody tr').last().textContent(), /有错误，未写入/)

  await page.getByRole('button', { name: zhCN['exchange.another'] }).click()
  await give(page, right)
  await verdict(page).getByText(zhCN['exchange.sameTitle']).waitFor()
  t.equal(await page.getByRole('button', { name: /提交导入/ }).count(), 0)
  t.same(problems, [])
})

t.test('a list is exported as seen, and who may only export sees no import', async (t) => {
  const { page, problems } = await arrive(t, '/exchange', { as: 'dispatcher.xincheng', locale: 'zh-CN' })
  await page.getByRole('heading', { name: zhCN['exchange.exportTitle'], exact: true }).waitFor()
  t.equal(await page.getByLabel(zhCN['exchange.choose']).count(), 0)
  await page.goto('/fleet?class=leased')
  await page.getByRole('button', { name: zhCN['exchange.export'] }).click()
  const saved = page.waitForEvent('download')
  await page.getByText(zhCN['exchange.export.csv']).click()
  const text = readFileSync(await (await saved).path(), 'utf8')
  t.match(text.split('\r\n')[1], /^蒙A·Q9801,蓝牌,租赁用车,租赁平台服务用车/)
  t.notMatch(text, /执法执勤用车/)
  t.same(problems, [])
})

t.test('on a phone the page fits', async (t) => {
  const { page, problems } = await arrive(t, '/exchange', { as: 'bureau', locale: 'zh-CN', viewport: PHONE, bypassCSP: true })
  await page.getByLabel(zhCN['exchange.choose']).waitFor({ state: 'attached' })
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width)
  t.same(await violations(page), [])
  t.same(problems, [])
})
