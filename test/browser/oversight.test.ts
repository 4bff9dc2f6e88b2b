// In a browser: a month's figures go through four levels to a locked filing and its PDF; a unit's vehicles are sealed over a holiday, one of them is unsealed by another person, and
// afterwards positions are held against it; a month of trips is drafted, made public, read by anybody and withdrawn.
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { DAY_MS, dayAt } from '../../services/domain/days.ts'
import { embeddedDatabaseUrl } from '../../services/embedded/database/address.ts'
import { buildRegion } from '../../services/embedded/demo/region.ts'
import { openDatabase } from '../../services/platform/db.ts'
import { ONE_PIXEL } from '../dispatch/matrix/tripRows.ts'
import { zhCN } from '../harness/texts.ts'
import { arrive, product } from './stage.ts'
import type { VisitOptions } from './visit.ts'

const shots = process.env.SCREENSHOTS
const shoot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}
const dialog = (page: Page) => page.getByRole('dialog')
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
/** A button, the fields of its dialog, and its end. */
async function take(
  page: Page,
  name: string,
  fill: (fields: ReturnType<typeof dialog>) => Promise<void> = async () => undefined,
): Promise<void> {
  await button(page, name).first().click()
  await fill(dialog(page))
  await dialog(page).locator('.ant-btn-primary').click()
  await dialog(page).waitFor({ state: 'detached' })
}
const reason = (text: string) => async (fields: ReturnType<typeof dialog>) => fields.getByLabel(zhCN['reason.title']).fill(text)

const region = buildRegion(1)
const homeOf = (username: string): number => region.accounts.find((account) => account.username === username)!.organisationId
const nameOf = (organisationId: number): string => region.organisations.find((each) => each.organisationId === organisationId)!.name

/** Visitors of one test, in Chinese, and what went wrong for any of them. */
function visitors(t: Test) {
  const all: string[][] = []
  return {
    async as(username: string | undefined, path: string, more: VisitOptions = {}) {
      const visitor = await arrive(t, path, { ...(username ? { as: username } : {}), locale: 'zh-CN', ...more })
      all.push(visitor.problems)
      return visitor.page
    },
    problems: () => all.flat(),
  }
}

t.test('a month’s figures go from the unit over banner and league to the region, locked at each level', async (t) => {
  const people = visitors(t)
  const period = dayAt(Date.now() - 31 * DAY_MS).slice(0, 7)
  const banner = homeOf('bureau.xincheng')
  const unit = region.organisations.find(({ parentId, kind }) => parentId === banner && kind === 'unit')!.organisationId
  const bureau = await people.as('bureau', '/filings')
  await take(bureau, zhCN['filings.begin'], async (fields) => fields.getByPlaceholder(zhCN['filings.beginHint']).fill(period))
  await bureau.locator('.list-row').first().waitFor()

  /** Filled by one, reviewed and handed up by another. */
  async function handUp(organisationId: number, filler: string, reviewer: string): Promise<Page> {
    const open = async (username: string) => {
      const page = await people.as(username, `/filings?unit=${organisationId}`)
      await page
        .locator('.list-row', { hasText: nameOf(organisationId) })
        .filter({ hasText: period })
        .first()
        .click()
      await page.locator('.filing-standing').waitFor()
      return page
    }
    const first = await open(filler)
    await take(first, zhCN['filingAction.fill'], async (fields) => {
      for (const field of await fields.getByPlaceholder(zhCN['filings.explanation']).all()) await field.fill('情况属实，已逐辆核对')
    })
    await first.getByText(zhCN['filingState.FILLED'], { exact: true }).first().waitFor()
    t.equal(await button(first, zhCN['filingAction.review']).count(), 0, 'whoever filled it does not review it')
    const second = await open(reviewer)
    await take(second, zhCN['filingAction.review'])
    await take(second, zhCN['filingAction.submit'])
    await second.locator('.filing-hash code').waitFor()
    return second
  }
  const ofUnit = await handUp(unit, 'bureau.xincheng', 'bureau.xincheng.two')
  t.match(await ofUnit.locator('.filing-standing').textContent(), new RegExp(nameOf(banner)))
  await handUp(banner, 'bureau.xincheng', 'bureau.xincheng.two')
  await handUp(homeOf('bureau.hohhot'), 'bureau.hohhot', 'bureau.hohhot.two')
  const top = await handUp(homeOf('bureau'), 'bureau', 'bureau.two')
  await shoot(top, 'filing-locked')
  const [pdf] = await Promise.all([top.waitForEvent('download'), button(top, `${zhCN['filings.file']} pdf`).click()])
  t.match(pdf.suggestedFilename(), /\.pdf$/)
  t.equal(await pdf.failure(), null)
  t.same(people.problems(), [])
})

t.test('sealed over a holiday with place, photo and keys; unsealed by another; afterwards positions are held against it', async (t) => {
  const people = visitors(t)
  const unit = homeOf('fleet')
  const fleet = await people.as('fleet', '/sealing')
  await fleet.getByRole('button', { name: zhCN['sealing.new'] }).click()
  const days = dialog(fleet).locator('input[type=date]')
  const free = nextFreeDay()
  await days.nth(0).fill(free)
  await days.nth(1).fill(free)
  await dialog(fleet).getByLabel(zhCN['reason.title']).fill('节假日封存停驶')
  await dialog(fleet).locator('.ant-btn-primary').click()
  await dialog(fleet).waitFor({ state: 'detached' })
  const planned = fleet.locator('.list-row', { hasText: zhCN['sealState.PLANNED'] })
  await planned.nth(1).waitFor()
  for (const n of [0, 1]) {
    await planned.first().click()
    await fleet.locator('.seal-photos input[type=file]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: ONE_PIXEL })
    await fleet.locator('.seal-photos a').first().waitFor()
    await take(fleet, zhCN['sealAction.seal'], async (fields) => {
      await fields.getByLabel(zhCN['sealing.place']).fill('机关大院西侧')
      await fields.getByLabel(zhCN['sealing.keyKeeper']).fill('值班室')
      await reason('按计划封存')(fields)
    })
    await fleet.locator('.list-row', { hasText: zhCN['sealState.SEALED'] }).nth(n).waitFor()
  }
  await shoot(fleet, 'sealed')
  const sealed = fleet.locator('.list-row', { hasText: zhCN['sealState.SEALED'] })
  await sealed.first().click()
  await take(fleet, zhCN['sealAction.askUnseal'], reason('抢险救灾临时启用'))
  const sealId = Number(new URL(fleet.url()).searchParams.get('id'))
  t.equal(await button(fleet, zhCN['sealAction.unseal']).count(), 0, 'whoever asked does not unseal')
  const approver = await people.as('approver', `/sealing?id=${sealId}`)
  await take(approver, zhCN['sealAction.unseal'], reason('同意启用'))
  await approver.locator('.panel').getByText(zhCN['sealState.UNSEALED']).first().waitFor()

  // The holiday goes by: its days are put back, as nothing in the product can.
  const db = openDatabase({ url: embeddedDatabaseUrl(product.dataDir), applicationName: 'test', maxConnections: 1 })
  t.teardown(() => db.close())
  await db.query(
    `UPDATE vehicle_seals SET from_at = now() - interval '3 hours', until_at = now() - interval '1 second', version = version + 1
     WHERE unit_id = $1 AND state = 'SEALED'`,
    [unit],
  )
  await fleet.goto('/sealing?state=OVER')
  await fleet.locator('.list-row').first().click({ timeout: 180_000 })
  await fleet
    .locator('.panel')
    .getByText(new RegExp(`${zhCN['sealing.proof.stayed']}|不能证明`))
    .waitFor({ timeout: 180_000 })
  t.same(people.problems(), [])
})

t.test('a month of trips is drafted by one, public by another, read by anybody, and withdrawn on the record', async (t) => {
  const people = visitors(t)
  const bureau = await people.as('bureau', '/publications')
  await take(bureau, zhCN['publications.rules'], async (fields) => {
    await fields.locator('input[type=date]').fill(dayAt(Date.now()))
    await reason('公示规则')(fields)
  })
  const month = dayAt(Date.now() - 31 * DAY_MS).slice(0, 7)
  await take(bureau, zhCN['publications.draft'], async (fields) => fields.getByPlaceholder(zhCN['publications.monthHint']).fill(month))
  await bureau.locator('.list-row', { hasText: month }).first().click()
  await bureau.locator('.panel').getByText(zhCN['publications.preview']).waitFor()
  const id = Number(new URL(bureau.url()).searchParams.get('id'))
  t.equal(await button(bureau, zhCN['publicationAction.publish']).count(), 0, 'whoever drafted it does not publish it')
  const second = await people.as('bureau.two', `/publications?id=${id}`)
  await take(second, zhCN['publicationAction.publish'])
  const anybody = await people.as(undefined, `/public/trips/${id}`)
  await anybody.getByText(month).first().waitFor()
  await shoot(anybody, 'public')
  t.equal((await anybody.request.get(`/public/trips/${id}.csv`)).status(), 200)
  await take(second, zhCN['publicationAction.withdraw'], reason('数据有误，重新公示'))
  await anybody.reload()
  await anybody.getByText('撤回').first().waitFor()
  t.same(people.problems(), [])
})

/** The next Saturday: free by the calendar but where it is worked for a holiday, and then the Sunday after it is not. */
function nextFreeDay(): string {
  const day = new Date(Date.now() + 8 * 3_600_000)
  do day.setUTCDate(day.getUTCDate() + 1)
  while (day.getUTCDay() !== 6)
  return day.toISOString().slice(0, 10)
}
