// A vehicle for a trip on the pages of the desk: asked for, approved, given by one key and taken back, given again, moved on the board,
// driven with the dispatcher taking the driver's steps by telephone, paid for, settled and closed.
import type { Page } from 'playwright-core'
import t from 'tap'
import type { Candidates } from '../../services/contracts/api/dispatching.ts'
import type { OrderDetail } from '../../services/contracts/api/orders.ts'
import type { RequestDetail } from '../../services/contracts/api/requests.ts'
import { toWallClock } from '../../web/kit/format/time.ts'
import { HOUR_MS } from '../../web/pages/dispatch/boardGeometry.ts'
import { en } from '../harness/texts.ts'
import { violationsOf } from './axe.ts'
import { arrive } from './stage.ts'
import type { Visit } from './visit.ts'

/** Nobody else's. */
const TO = `Wuchuan county government, room ${process.pid}`
const drawer = (page: Page) => page.getByRole('complementary')
const dialog = (page: Page) => page.getByRole('dialog')
const button = (within: Page | ReturnType<typeof drawer>, name: string) => within.getByRole('button', { name, exact: true })
const inState = (page: Page, state: keyof typeof en) => drawer(page).locator('.panel-kind').getByText(en[state]).waitFor()
const field = (page: Page, name: keyof typeof en) => dialog(page).getByLabel(en[name])

/** The demo's drivers are fit by day: tomorrow at ten, or on Monday where that is a weekend. */
function morning(): number {
  const tomorrow = new Date(Date.now() + 8 * HOUR_MS)
  tomorrow.setUTCHours(10, 0, 0, 0)
  do tomorrow.setUTCDate(tomorrow.getUTCDate() + 1)
  while ([0, 6].includes(tomorrow.getUTCDay()))
  return tomorrow.getTime() - 8 * HOUR_MS
}

t.test('a request becomes an order by one key, is driven, settled and closed', async (t) => {
  const startsAtMs = morning()
  const applicant = await arrive(t, '/requests', { as: 'applicant' })
  await applicant.page.getByRole('button', { name: en['requests.add'] }).click()
  await field(applicant.page, 'trip.purpose').fill('Inspection of the harvest')
  await dialog(applicant.page).getByLabel(en['trip.to'], { exact: true }).fill(TO)
  await field(applicant.page, 'trip.startsAt').fill(toWallClock(startsAtMs))
  await field(applicant.page, 'trip.endsAt').fill(toWallClock(startsAtMs - HOUR_MS))
  await field(applicant.page, 'requests.contactPhone').fill('13800001111')
  await applicant.page.getByText(en['requests.send']).click()
  await dialog(applicant.page).locator('.form-field-wrong').getByText('later than the departure').waitFor()
  await field(applicant.page, 'trip.endsAt').fill(toWallClock(startsAtMs + 3 * HOUR_MS))
  await button(applicant.page, en['requests.send']).click()
  await inState(applicant.page, 'requestState.SUBMITTED')
  const requestId = new URL(applicant.page.url()).searchParams.get('id')

  const approver = await arrive(t, '/requests?waiting=approval', { as: 'approver' })
  await approver.page.getByRole('button', { name: TO }).first().click()
  await button(drawer(approver.page), en['requestAction.approve']).click()
  await inState(approver.page, 'requestState.APPROVED')

  const { page, problems } = await arrive(t, '/dispatch?map=off', { as: 'fleet', bypassCSP: true })
  await page.locator('.queue-row', { hasText: TO }).first().waitFor()
  // J goes to the first; further ones follow until it is ours.
  for (let n = 0; n < 20; n++) {
    await page.keyboard.press('j')
    if ((await page.locator('.queue-row:focus', { hasText: TO }).count()) > 0) break
  }
  await page.keyboard.press('Enter')
  await drawer(page).getByRole('heading', { name: TO }).waitFor()
  t.equal(new URL(page.url()).searchParams.get('request'), requestId)
  await drawer(page).locator('.pair').first().waitFor()
  t.match(await drawer(page).locator('.pair').first().textContent(), new RegExp(en['tier.own']))
  t.same(await violationsOf(page), [], 'what is offered can be read by all')
  await page.keyboard.press('1')
  const news = page.locator('.news-done')
  await news.getByRole('button', { name: en['assign.undo'] }).waitFor()
  await page.keyboard.press('u')
  await news.getByText('waits again').waitFor()
  await page.locator('.queue-row', { hasText: TO }).first().click()
  await drawer(page).locator('.pair').first().waitFor()
  await page.keyboard.press('2')
  await news.getByRole('button', { name: en['assign.undo'] }).waitFor()

  // Its bar on the board: carried an hour on by keys, and put there.
  const bar = page.locator('.board-trip', { hasText: TO }).first()
  await bar.focus()
  for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowRight')
  await page.locator('.board-ghost').waitFor()
  await page.locator('.board-said').getByText(en['board.free']).waitFor()
  await page.keyboard.press('Enter')
  await news.getByText('reassigned').waitFor()
  await bar.click()
  await drawer(page)
    .getByText(toWallClock(startsAtMs + HOUR_MS).replace('T', ' '))
    .waitFor()
  await drawer(page).getByRole('link', { name: en['chosen.openOrder'] }).click()

  await inState(page, 'orderState.DISPATCHED')
  await button(drawer(page), en['orderAction.accept']).click()
  await inState(page, 'orderState.ACCEPTED')
  const reading = async (action: 'depart' | 'comeBack', km: string) => {
    await button(drawer(page), en[`orderAction.${action}`]).click()
    await field(page, 'orders.odometerKm').fill(km)
    await button(dialog(page), en[`orderAction.${action}`]).click()
  }
  await reading('depart', '45210')
  await inState(page, 'orderState.DEPARTED')
  await button(drawer(page), en['orderAction.board']).click()
  await inState(page, 'orderState.ON_BOARD')
  await button(drawer(page), en['orders.addCost']).click()
  await field(page, 'orders.yuan').fill('35.5')
  await button(dialog(page), en['kit.save']).click()
  await drawer(page).getByRole('region', { name: en['orders.costs'] }).getByText('¥35.50').first().waitFor()
  // Nobody drives so far in that time: it is asked about, and taken when it is right.
  await reading('comeBack', '45810')
  await dialog(page).getByText(en['orders.sure']).click()
  await button(dialog(page), en['orderAction.comeBack']).click()
  await inState(page, 'orderState.RETURNED')
  await button(drawer(page), en['orderAction.confirm']).click()
  await inState(page, 'orderState.CONFIRMED')
  await button(drawer(page), en['orderAction.settle']).click()
  await button(dialog(page), en['orderAction.settle']).click()
  await inState(page, 'orderState.SETTLED')

  t.same(await violationsOf(page), [], 'and so can the order')

  const finance = await arrive(t, new URL(page.url()).pathname + new URL(page.url()).search, { as: 'finance' })
  await button(drawer(finance.page), en['orderAction.close']).click()
  await inState(finance.page, 'orderState.CLOSED')
  t.equal(await button(drawer(finance.page), en['orders.addCost']).count(), 0)
  const [sheet] = await Promise.all([
    finance.page.waitForEvent('download'),
    finance.page.getByRole('button', { name: en['orders.print'] }).click(),
  ])
  t.match(sheet.suggestedFilename(), /\.pdf$/)
  t.same(
    [...applicant.problems, ...approver.problems, ...problems, ...finance.problems].filter((line) => !/status of 4(00|09|22)/.test(line)),
    [],
  )
})

/** What a person asks of the API beside the pages. */
async function ask<A>({ context, page }: Visit, method: 'GET' | 'POST', path: string, data?: object): Promise<A> {
  const { csrfToken } = (await (await context.request.get('/api/v1/session')).json()) as { csrfToken: string }
  const headers = { origin: new URL(page.url()).origin, 'x-csrf-token': csrfToken }
  const answer = await context.request.fetch(`/api/v1${path}`, { method, headers, ...(data ? { data } : {}) })
  if (!answer.ok()) throw new Error(`${method} ${path}: ${await answer.text()}`)
  return (await answer.json()) as A
}

/** Asked for and approved, with who could take it. */
async function approved(applicant: Visit, approver: Visit, fleet: Visit, to: string, startsAtMs: number) {
  const { requestId, version } = await ask<RequestDetail>(applicant, 'POST', '/requests', {
    key: crypto.randomUUID(),
    purposeKind: 'meeting',
    purpose: 'Meeting of the region',
    from: { name: 'Office compound' },
    to: { name: to },
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(startsAtMs + 2 * HOUR_MS).toISOString(),
    passengers: 1,
    contactName: 'Contact',
    contactPhone: '13800001111',
  })
  const request = await ask<RequestDetail>(approver, 'POST', `/requests/${requestId}/steps`, { action: 'approve', version })
  const { pairs } = await ask<Candidates>(fleet, 'GET', `/requests/${requestId}/candidates`)
  return { request, pairs }
}

const give = (fleet: Visit, { requestId, version }: RequestDetail, { vehicle, driver }: Candidates['pairs'][number]) =>
  ask<OrderDetail>(fleet, 'POST', `/requests/${requestId}/order`, {
    vehicleId: vehicle.vehicleId,
    driverId: driver?.driverId ?? null,
    version,
  })

t.test('what one dispatcher gives another sees, and a trip that is dragged into another is put back', async (t) => {
  const startsAtMs = morning() + 4.5 * HOUR_MS
  const [applicant, approver, fleet] = [
    await arrive(t, '/me', { as: 'applicant' }),
    await arrive(t, '/me', { as: 'approver' }),
    await arrive(t, '/me', { as: 'fleet' }),
  ]
  const name = (n: number) => `Hall ${n} of ${process.pid}`
  const first = await approved(applicant, approver, fleet, name(1), startsAtMs)
  const { page } = fleet
  const lines = new Set<object>()
  page.on('websocket', (line) => {
    lines.add(line)
    line.on('close', () => lines.delete(line))
  })
  await fleet.open(`/dispatch?map=off&request=${first.request.requestId}`)
  await drawer(page).locator('.pair').first().waitFor()
  // The other hand, elsewhere.
  await give(fleet, first.request, first.pairs[0]!)
  await drawer(page).getByText(en['chosen.gone'].replace('{{state}}', en['requestState.DISPATCHED'])).waitFor()
  t.equal(await drawer(page).locator('.pair').count(), 0)
  await page.locator('.queue-row', { hasText: name(1) }).waitFor({ state: 'detached' })

  const second = await approved(applicant, approver, fleet, name(2), startsAtMs)
  await give(fleet, second.request, second.pairs[0]!)
  lines.clear()
  await fleet.open(`/dispatch?map=off&day=${toWallClock(startsAtMs).slice(0, 10)}`)
  // From the queue onto a row: who drives is found.
  const third = await approved(applicant, approver, fleet, name(3), startsAtMs)
  const waits = page.locator('.queue-row', { hasText: name(3) })
  // A press is no drag, however far the board is scrolled.
  await page.locator('.board-rows').evaluate((board) => board.scrollTo({ left: 200 }))
  await waits.click()
  await drawer(page)
    .getByRole('heading', { name: name(3) })
    .waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.dispatch-none').waitFor()
  await page.locator('.board-rows').evaluate((board) => board.scrollTo({ left: 0 }))
  const free = page.locator('.board-row', { has: page.locator('.board-track:empty') }).first()
  const [queued, onto] = [(await (await waits.elementHandle())!.boundingBox())!, (await (await free.elementHandle())!.boundingBox())!]
  await page.mouse.move(queued.x + 30, queued.y + 8)
  await page.mouse.down()
  await page.mouse.move(onto.x + 300, onto.y + 12, { steps: 4 })
  await page.locator('.board-said').getByText(name(3)).waitFor()
  await page.mouse.up()
  await page.locator('.news').waitFor()
  const bar = (n: number) => page.locator('.board-trip', { hasText: name(n) }).first()
  const row = (n: number) => page.locator('.board-row', { has: page.locator('.board-trip', { hasText: name(n) }) }).first()
  await bar(1).scrollIntoViewIfNeeded()
  await bar(2).waitFor()
  const [from, to, before] = [
    (await bar(1).boundingBox())!,
    (await bar(2).boundingBox())!,
    await row(1).locator('.board-name').textContent(),
  ]
  await page.mouse.move(from.x + from.width / 2, from.y + 8)
  await page.mouse.down()
  await page.mouse.move(from.x + from.width / 2, (from.y + to.y) / 2, { steps: 3 })
  await page.mouse.move(from.x + from.width / 2, to.y + 8, { steps: 3 })
  await page.locator('.board-ghost-wrong').waitFor()
  await page.mouse.up()
  await page.locator('.news-wrong').getByText('put back').waitFor()
  t.equal(await row(1).locator('.board-name').textContent(), before)
  // By its end it lasts longer, and as it was again by one key.
  await bar(1).focus()
  await page.keyboard.press('Shift+ArrowRight')
  await page.locator('.board-ghost').waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.news-done').getByRole('button', { name: en['assign.undo'] }).click()
  await page.locator('.news-done').getByText('is back as it was').waitFor()
  // The map beside the board, by a key; all of the page hears over one line.
  await bar(1).click()
  await page.keyboard.press('m')
  await page.locator('.desk-map canvas.maplibregl-canvas').waitFor({ timeout: 90_000 })
  await page.locator('.desk-map-said').getByText(en['deskMap.unplaced']).waitFor()
  t.equal(lines.size, 1)
  await page.keyboard.press('m')
  await page.locator('.desk-map').waitFor({ state: 'detached' })
  t.same(fleet.problems, [])
  // As it was found: nobody is promised to anything.
  for (const { request } of [first, second, third]) {
    const { order } = await ask<RequestDetail>(fleet, 'GET', `/requests/${request.requestId}`)
    if (order) {
      const { version } = await ask<OrderDetail>(fleet, 'GET', `/orders/${order.orderId}`)
      await ask(fleet, 'POST', `/orders/${order.orderId}/steps`, { action: 'void', version, reason: 'The test is over' })
    }
    const again = await ask<RequestDetail>(fleet, 'GET', `/requests/${request.requestId}`)
    await ask(applicant, 'POST', `/requests/${request.requestId}/steps`, { action: 'cancel', version: again.version })
  }
})
