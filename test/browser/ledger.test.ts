// The ledger in a browser, as a fleet manager and a bureau administrator work in it: a file is changed, two people change one, many are
// changed together, quota goes through two hands, units move and merge; on a phone too. Nothing that was typed is lost by a slip.
import type { Page } from 'playwright-core'
import t from 'tap'
import { plateAsPrinted } from '../../services/domain/vehicle.ts'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import { en } from '../harness/texts.ts'
import { arrive } from './stage.ts'
import { PHONE, type Visit } from './visit.ts'

const UNIT = '呼和浩特市农牧局'
const REASON = '按年度核查更正'

type Row = { vehicleId: number; plate: string; insuranceUntil: string; userUnit: { organisationId: number } }
async function vehiclesOf({ context }: Visit, query: string): Promise<Row[]> {
  const answer = await context.request.get(`/api/v1/ledger/vehicles?${query}`)
  return ((await answer.json()) as { rows: Row[] }).rows
}

const drawer = (page: Page) => page.getByRole('complementary')
const dialog = (page: Page) => page.getByRole('dialog')
const button = (within: Page | ReturnType<typeof dialog>, name: string) => within.getByRole('button', { name, exact: true })

/** Says why and confirms; the dialog is gone when the server said yes. */
async function confirm(page: Page, verb: string): Promise<void> {
  await dialog(page).getByLabel(en['reason.title']).fill(REASON)
  await button(dialog(page), verb).click()
  await dialog(page).waitFor({ state: 'detached' })
}

async function chooseUnit(page: Page, name: string): Promise<void> {
  await dialog(page).locator('.filter-unit').click()
  await page.getByLabel(en['picker.search']).fill(name)
  await page.locator('.picker-row button').filter({ hasText: name }).first().click()
}

t.test('a file is changed with its reason, and the history says from what to what', async (t) => {
  const visitor = await arrive(t, '/ledger', { as: 'bureau' })
  const { page, problems } = visitor
  const [row] = await vehiclesOf(visitor, 'limit=1')
  await page.getByRole('button', { name: plateAsPrinted(row!.plate) }).click()
  await button(page, en['file.edit']).click()
  await dialog(page).getByLabel(en['field.insuranceUntil']).fill('2031-05-31')
  t.ok(await button(dialog(page), en['file.edit']).isDisabled(), 'not without a reason')
  await confirm(page, en['file.edit'])
  const history = drawer(page).getByRole('region', { name: en['file.history'] })
  await history.getByText('2031-05-31').waitFor()
  t.match(await history.textContent(), new RegExp(`${row!.insuranceUntil}.*2031-05-31`))
  t.match(await history.textContent(), REASON)
  t.same(problems, [])
})

t.test('who was overtaken is told so, loses nobody’s change, and goes on from what is there now', async (t) => {
  const slow = await arrive(t, '/ledger', { as: 'bureau', refusals: [409] })
  const [, row] = await vehiclesOf(slow, 'limit=2')
  await slow.open(`/ledger?id=${row!.vehicleId}`)
  await button(slow.page, en['file.edit']).click()
  await dialog(slow.page).getByLabel(en['field.note']).fill('慢的一方')

  const quick = await arrive(t, `/ledger?id=${row!.vehicleId}`, { as: 'bureau' })
  await button(quick.page, en['file.edit']).click()
  await dialog(quick.page).getByLabel(en['field.note']).fill('快的一方')
  await confirm(quick.page, en['file.edit'])

  await dialog(slow.page).getByLabel(en['reason.title']).fill(REASON)
  await button(dialog(slow.page), en['file.edit']).click()
  await dialog(slow.page).getByText(en['kit.conflictText']).waitFor()
  await button(dialog(slow.page), en['kit.conflictReload']).click()
  await dialog(slow.page).waitFor({ state: 'detached' })
  await drawer(slow.page).getByText('快的一方').first().waitFor()
  t.same([...slow.problems, ...quick.problems], [])
})

t.test(
  'who asks for a taken plate is told so at its field, keeps what was typed, and is offered nothing that would throw it away',
  async (t) => {
    const visitor = await arrive(t, '/ledger', { as: 'bureau', refusals: [409] })
    const { page, problems } = visitor
    const [row, other] = await vehiclesOf(visitor, 'limit=2&class=official')
    await visitor.open(`/ledger?id=${row!.vehicleId}`)
    await button(page, en['file.edit']).click()
    const plate = dialog(page).locator('label', { hasText: en['field.plate'] }).first()
    await plate.locator('input').fill(other!.plate)
    await dialog(page).getByLabel(en['field.note']).fill('仍在')
    await dialog(page).getByLabel(en['reason.title']).fill(REASON)
    await button(dialog(page), en['file.edit']).click()
    await plate.getByRole('alert').waitFor()
    t.match(await plate.getByRole('alert').textContent(), 'already on another vehicle')
    t.ok(await plate.locator('input').evaluate((input) => input === document.activeElement), 'one may go on there')
    t.equal(await button(dialog(page), en['kit.conflictReload']).count(), 0)
    t.equal(await dialog(page).getByText(en['kit.conflictText']).count(), 0)
    t.equal(await dialog(page).getByLabel(en['field.note']).inputValue(), '仍在')
    t.same(problems, [])
  },
)

t.test('leaving a half-filled form asks first, and the end of the session waits for the same person', async (t) => {
  const { page, context, problems } = await arrive(t, '/ledger?id=3', { as: 'bureau' })
  await button(page, en['file.edit']).click()
  await dialog(page).getByLabel(en['field.note']).fill('尚未写完')
  await page.keyboard.press('Escape')
  await dialog(page).getByText(en['kit.unsaved']).waitFor()
  await button(dialog(page), en['kit.keepEditing']).click()
  await dialog(page).getByLabel(en['reason.title']).fill(REASON)

  await context.clearCookies()
  await button(dialog(page), en['file.edit']).click()
  const again = page.getByRole('dialog', { name: en['again.title'] })
  await again.getByLabel(en['signIn.password'], { exact: true }).fill(DEMO_PASSWORD)
  await button(again, en['signIn.submit']).click()
  await again.waitFor({ state: 'detached' })
  t.equal(await dialog(page).getByLabel(en['field.note']).inputValue(), '尚未写完', 'what was typed is still there')
  await button(dialog(page), en['file.edit']).click()
  await dialog(page).waitFor({ state: 'detached' })
  await drawer(page).getByText('尚未写完').first().waitFor()
  t.same(problems, [])
})

t.test('many are changed together after a preview; one that cannot be stops all', async (t) => {
  const visitor = await arrive(t, '/ledger?state=AVAILABLE', { as: 'bureau' })
  const { page, problems } = visitor
  await page.locator('.list-row').first().waitFor()
  const boxes = page.locator('tbody').getByRole('checkbox')
  for (const n of [0, 1, 2]) await boxes.nth(n).check()
  await button(page, en['ledger.bulk'].replace('{{n}}', '3')).click()
  await dialog(page).locator('input[type=date]').fill('2030-12-31')
  t.equal(await dialog(page).getByText('will change').count(), 0, 'nothing is claimed before it was looked at')
  await button(dialog(page), en['ledger.bulkPreview']).click()
  await dialog(page).getByText(en['ledger.bulkChanges'].replace('{{n}}', '3').replace('{{same}}', '0')).waitFor()
  await confirm(page, en['ledger.bulk'].replace('{{n}}', '3'))
  await page.waitForFunction(
    () => document.querySelectorAll('tbody tr').length > 3 && document.body.innerText.split('2030-12-31').length === 4,
  )
  const rows = await vehiclesOf(visitor, 'state=AVAILABLE&limit=3')
  t.same(
    rows.map(({ insuranceUntil }) => insuranceUntil),
    ['2030-12-31', '2030-12-31', '2030-12-31'],
  )

  const [sealed] = await vehiclesOf(visitor, 'state=DISPOSAL_PENDING&limit=1')
  await page.goto(`/ledger?q=${sealed!.plate}`)
  await boxes.first().check()
  await button(page, en['ledger.bulk'].replace('{{n}}', '1')).click()
  await dialog(page).getByLabel(en['ledger.bulkField']).click()
  await page.locator('.ant-select-item-option', { hasText: en['field.state'] }).click()
  await dialog(page).getByLabel(en['field.state'], { exact: true }).click()
  await page.locator('.ant-select-item-option', { hasText: en['vehicleState.SUSPENDED'] }).click()
  await button(dialog(page), en['ledger.bulkPreview']).click()
  await dialog(page).getByText(en['ledger.bulkRefused'].replace('{{n}}', '1')).waitFor()
  await dialog(page).getByLabel(en['reason.title']).fill(REASON)
  t.ok(await button(dialog(page), en['ledger.bulk'].replace('{{n}}', '1')).isDisabled(), 'nothing can be done')
  t.same(problems, [])
})

t.test('quota is asked for by the unit and approved by the bureau, on a phone as well', async (t) => {
  const { page: asks, problems } = await arrive(t, '/quota', { as: 'fleet', viewport: PHONE })
  const free = asks
    .locator('.list-row')
    .filter({ has: asks.locator('td:last-child').getByText('—', { exact: true }) })
    .first()
  const before = Number(await free.locator('td').nth(2).textContent())
  const category = (await free.locator('td').nth(1).textContent())!
  await free.click()
  await button(drawer(asks), en['quota.apply']).click()
  await dialog(asks)
    .getByLabel(en['quota.seats'])
    .fill(String(before + 2))
  await confirm(asks, en['quota.apply'])
  await button(asks, en['quotaAction.submit']).click()
  await confirm(asks, en['quotaAction.submit'])
  await drawer(asks).getByText(en['quotaState.UNIT_SUBMITTED']).first().waitFor()
  t.equal(await button(asks, en['quotaAction.approve']).count(), 0, 'who asks does not approve')

  const bureau = await arrive(t, `/quota?only=open&q=${encodeURIComponent(UNIT)}`, { as: 'bureau' })
  await bureau.page.locator('.list-row').filter({ hasText: category }).click()
  await button(bureau.page, en['quotaAction.review']).click()
  await confirm(bureau.page, en['quotaAction.review'])
  await button(bureau.page, en['quotaAction.approve']).click()
  await confirm(bureau.page, en['quotaAction.approve'])
  await drawer(bureau.page).getByText(en['quotaState.APPROVED']).first().waitFor()
  await asks.reload()
  const approved = asks.locator('.list-row').filter({ hasText: category }).locator('td').nth(2)
  await approved.getByText(String(before + 2), { exact: true }).waitFor()
  t.same([...problems, ...bureau.problems], [])
})

t.test('a unit is made, moved and merged; what it will reach is said first, and its history is kept', async (t) => {
  const { page, context, problems } = await arrive(t, '/organisations', { as: 'bureau' })
  const answer = await context.request.get('/api/v1/ledger/organisations')
  const { rows } = (await answer.json()) as { rows: { organisationId: number; name: string; kind: string }[] }
  const idOf = (name: string) => rows.find((row) => row.name === name)!.organisationId
  await page.goto(`/organisations?id=${idOf('新城区')}`)
  await button(page, en['organisation.create']).click()
  await dialog(page).getByLabel(en['field.name']).fill('新城区示例办公室')
  await confirm(page, en['organisation.create'])
  await drawer(page).getByRole('heading', { name: '新城区示例办公室' }).waitFor()

  await button(page, en['organisation.move']).click()
  await chooseUnit(page, '回民区')
  await dialog(page)
    .getByText(/^Concerns 0 vehicles/)
    .waitFor()
  await confirm(page, en['organisation.move'])
  // In the file, not in its history, which names it too once it has come.
  await drawer(page)
    .getByRole('definition')
    .filter({ hasText: /^回民区$/ })
    .waitFor()

  await button(page, en['organisation.merge']).click()
  await chooseUnit(page, '新城区财政局')
  await confirm(page, en['organisation.merge'])
  await drawer(page).getByRole('heading', { name: '新城区财政局' }).waitFor()
  await page.goto(`/organisations?closed=1&q=${encodeURIComponent('示例办公室')}`)
  await page.getByRole('button', { name: '新城区示例办公室' }).click()
  await drawer(page).getByText(en['organisation.mergedInto'].replace('{{name}}', '新城区财政局')).waitFor()
  t.same(problems, [])
})

t.test(
  'search finds vehicles, people, units and places, and each opens on its page; arrows walk the list, Esc gives the row back',
  async (t) => {
    const { page, problems } = await arrive(t, '/ledger', { as: 'bureau' })
    await page.locator('.list-row').first().waitFor()
    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: en['search.open'] })
    await field.fill('新城区')
    for (const group of ['vehicles', 'units', 'places'] as const) await page.getByRole('group', { name: en[`search.${group}`] }).waitFor()
    await page.getByRole('group', { name: en['search.places'] }).getByRole('option').first().click()
    await page.waitForURL('**/places?id=*')
    await page.goto('/ledger')
    await page.locator('.list-row').nth(1).getByRole('button').focus()
    await page.keyboard.press('Enter')
    await drawer(page).getByRole('heading').first().waitFor()
    const first = new URL(page.url()).searchParams.get('id')
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction((id) => new URL(location.href).searchParams.get('id') !== id, first)
    await page.keyboard.press('Escape')
    await drawer(page).waitFor({ state: 'detached' })
    t.ok(
      await page
        .locator('.list-row')
        .nth(2)
        .getByRole('button')
        .evaluate((element) => element === document.activeElement),
    )
    t.same(problems, [])
  },
)

t.test('on a phone the ledger is cards with their headings, and a file is changed with one hand', async (t) => {
  const { page, problems } = await arrive(t, '/ledger?state=SEALED', { as: 'bureau', viewport: PHONE })
  await page.locator('.list-row').first().waitFor()
  t.equal(
    await page.evaluate(() => document.querySelector('.list-scroll')!.scrollWidth - document.querySelector('.list-scroll')!.clientWidth),
    0,
  )
  await page.locator('.list-row').nth(3).click()
  await button(page, en['file.edit']).click()
  await dialog(page).getByLabel(en['field.stickerNo']).fill('15099999001')
  await confirm(page, en['file.edit'])
  await drawer(page).getByText('15099999001').first().waitFor()
  t.same(problems, [])
})
