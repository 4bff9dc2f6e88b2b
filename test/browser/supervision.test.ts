// In a browser: two fills of one day are suspected, the vehicle has its halo, the unit answers on the phone with a photo, inspection verifies, the unit puts it right, and the
// bureau closes it.
import type { Page } from 'playwright-core'
import t from 'tap'
import { dayAt, dayStartMs, ZONE_OFFSET_MS } from '../../services/domain/days.ts'
import { buildRegion } from '../../services/embedded/demo/region.ts'
import { ONE_PIXEL } from '../dispatch/matrix/tripRows.ts'
import { zhCN } from '../harness/texts.ts'
import { arrive, product } from './stage.ts'
import { PHONE } from './visit.ts'

const shots = process.env.SCREENSHOTS
const shoot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}
/** A step by its key, with its reason. */
async function take(page: Page, key: string, reason: string): Promise<void> {
  await page.keyboard.press(key)
  await page.locator('.ant-modal textarea').fill(reason)
  await page.locator('.ant-modal .ant-btn-primary').click()
  await page.locator('.ant-modal').waitFor({ state: 'detached' })
}

const MINUTE_MS = 60_000
/** 2026-03-02 12:00, in the region. */
const clockOf = (ms: number): string => new Date(ms + ZONE_OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')

const region = buildRegion(1)
const unit = region.accounts.find(({ username }) => username === 'fleet')!.organisationId
const card = region.fuelCards.find(({ organisationId, vehicleId }) => organisationId === unit && vehicleId !== null)!

t.test('from a halo to closure by four roles', async (t) => {
  const { page: desk, context, problems: ofDesk } = await arrive(t, '/findings', { as: 'fleet', locale: 'zh-CN' })
  const { csrfToken } = (await (await context.request.get('/api/v1/session')).json()) as { csrfToken: string }
  // Some minutes ago, and both on one day.
  const lastMs = Date.now() - MINUTE_MS
  const endMs = dayAt(lastMs) === dayAt(lastMs - 3 * MINUTE_MS) ? lastMs : dayStartMs(dayAt(lastMs)) - MINUTE_MS
  const line = (ago: number, litres: number) => `${card.cardNo},${clockOf(endMs - ago * MINUTE_MS)},92号汽油,${litres},300.00,城东站`
  const statement = ['卡号,交易时间,油品名称,数量(升),金额(元),网点名称', line(3, 41.5), line(1, 38.2)].join('\n')
  const imported = await context.request.post(
    `/api/v1/fuel-statements?organisationId=${unit}&supplierId=${card.supplierId}&fileName=statement.csv`,
    {
      headers: { origin: product.url, 'x-csrf-token': csrfToken, 'content-type': 'application/octet-stream' },
      data: Buffer.from(statement),
    },
  )
  t.equal(imported.status(), 200)

  const { page: inspector, problems: ofInspector } = await arrive(t, '/findings?rule=R14', { as: 'inspector', locale: 'zh-CN' })
  // The list is read again by itself.
  await inspector.locator('.list-row').first().click({ timeout: 300_000 })
  await inspector.locator('.panel .facts').first().waitFor()
  t.match(await inspector.locator('.panel').textContent(), /疑似/)
  const findingId = Number(new URL(inspector.url()).searchParams.get('id'))
  const halos = (await (await inspector.context().request.get('/api/v1/supervision-findings/vehicles')).json()) as { vehicleIds: number[] }
  t.same(halos.vehicleIds.includes(card.vehicleId!), true, 'it has its halo')
  t.equal(await desk.locator('.list-row').count(), 0, 'and the unit knows nothing of it yet')
  await take(inspector, 'n', '请说明两次加油')
  await inspector.getByText(zhCN['supervisionState.NOTIFIED']).first().waitFor()

  const { page: phone, problems: ofPhone } = await arrive(t, `/phone#me/findings/${findingId}`, {
    as: 'fleet',
    locale: 'zh-CN',
    viewport: PHONE,
  })
  const explain = phone.getByRole('button', { name: zhCN['supervisionAction.explain'], exact: true })
  await explain.click()
  await phone.locator('textarea').fill('上午送检往返两次，第一次未加满，附小票')
  await phone.locator('input[type=file]').first().setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: ONE_PIXEL })
  await phone.locator('.phone-pictures img').waitFor()
  await shoot(phone, 'finding-phone')
  await explain.click()
  await phone.getByText(/照片 1/).waitFor()

  await inspector.goto(`/findings?id=${findingId}`)
  await inspector.getByText('照片 1').waitFor()
  await shoot(inspector, 'finding-answered')
  await take(inspector, 'v', '小票时间与说明不符，核实为违规')
  await desk.goto(`/findings?id=${findingId}`)
  await desk.locator('.panel .facts').first().waitFor()
  await take(desk, 'r', '已按规定退赔并教育')

  const { page: bureau, problems: ofBureau } = await arrive(t, `/findings?id=${findingId}`, { as: 'bureau', locale: 'zh-CN' })
  await bureau.locator('.panel .facts').first().waitFor()
  await take(bureau, 'c', '整改到位，予以办结')
  const { page: approver, problems: ofApprover } = await arrive(t, `/findings?id=${findingId}`, { as: 'approver', locale: 'zh-CN' })
  await approver.locator('.panel').getByText(zhCN['supervisionState.CLOSED']).first().waitFor()
  await shoot(approver, 'finding-closed')
  t.same([...ofDesk, ...ofInspector, ...ofPhone, ...ofBureau, ...ofApprover], [])
})
