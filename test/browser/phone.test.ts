// In a browser: what a phone gets at /phone, and that it is spared the desk.
import sharp from 'sharp'
import t from 'tap'
import { refusalSentence } from '../../services/contracts/refusals.ts'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import { zhCN } from '../harness/texts.ts'
import { tooWide, violationsOf } from './axe.ts'
import { arrive, product } from './stage.ts'
import { DESKTOP, PHONE, type Visit } from './visit.ts'

t.test('a driver has his file and his account on the phone, leaves, and comes in again by the same door', async (t) => {
  const { page, problems } = await arrive(t, null, { as: 'driver', ownSession: true, locale: 'zh-CN', viewport: PHONE })
  const scripts: string[] = []
  page.on('request', (request) => void scripts.push(new URL(request.url()).pathname))
  await page.goto('/phone')
  const file = () => page.getByRole('main').getByText(zhCN['own.text'])
  await page.getByRole('heading', { name: zhCN['trips.title'] }).waitFor()
  await page.getByRole('navigation').getByRole('link', { name: zhCN['tab.me'], exact: true }).click()
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
  t.match(page.url(), /#me/, 'he comes back to the screen that he left')
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
      ['tab.trips', page.getByRole('heading', { name: zhCN['trips.title'] })],
      ['tab.me', page.getByText(zhCN['own.text'])],
      ['page.me', page.getByRole('heading', { name: zhCN['me.sessions'] })],
    ] as const) {
      await page.getByRole('navigation').getByRole('link', { name: zhCN[name], exact: true }).click()
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
  await page.getByRole('navigation').getByRole('link', { name: zhCN['tab.me'], exact: true }).click()
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

t.test('who asks for, approves and drives nothing has his account there, and the way to all pages', async (t) => {
  const { page, problems } = await arrive(t, '/phone', { as: 'inspector', locale: 'zh-CN', viewport: PHONE })
  await page.getByRole('heading', { name: zhCN['me.sessions'] }).waitFor()
  t.equal(await page.getByRole('navigation', { name: zhCN['shell.pages'] }).count(), 0)
  await page.getByRole('link', { name: zhCN['phone.allPages'] }).click()
  await page.waitForURL('**/live**')
  t.same(problems, [])
})

/** Asks the interface as the visitor, beside the page. */
async function asks({ context }: Visit) {
  const { csrfToken } = (await (await context.request.get('/api/v1/session')).json()) as { csrfToken: string }
  return async <T>(method: string, path: string, data?: object): Promise<T> => {
    const headers = { origin: product.url, 'x-csrf-token': csrfToken }
    const answer = await context.request.fetch(`/api/v1${path}`, { method, headers, ...(data ? { data } : {}) })
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
    return (await answer.json()) as T
  }
}
type Requests = { rows: { requestId: number; purpose: string; version: number; state: string }[] }
type Order = {
  orderId: number
  number: string
  steps: { action: string }[]
  costs: { fen: number }[]
  photos: { shows: string; width: number; height: number }[]
  mayAct: string[]
}
const OUT_KM = 45_210

t.test('from a request to a trip on three phones, and what the driver does without a network is sent once', async (t) => {
  const options = { locale: 'zh-CN', theme: 'system', viewport: { width: 360, height: 740 }, bypassCSP: true } as const
  const purpose = `参加会议 ${Date.now()}`
  const sound = async ({ page }: Visit, what: string) => {
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme)
      t.same(await violationsOf(page), [], `${what}, ${theme}`)
    }
    t.same(await tooWide(page), [], `${what} fits`)
  }

  const applicant = await arrive(t, '/phone', { ...options, as: 'applicant' })
  {
    const { page } = applicant
    await page.getByLabel(zhCN['phone.to']).fill('武川县政府')
    await page.getByRole('radio', { name: new RegExp(zhCN['when.tomorrowMorning']) }).check()
    await page.getByRole('button', { name: zhCN['book.morePeople'] }).click()
    await page.getByRole('radio', { name: zhCN['tripPurpose.meeting'] }).check()
    await page.getByRole('button', { name: zhCN['book.submit'] }).click()
    await page.getByText(zhCN['book.missing.purpose']).waitFor()
    await page.getByLabel(zhCN['book.purpose'], { exact: true }).fill(purpose)
    // Folded where an earlier request has told it.
    if (!(await page.getByLabel(zhCN['book.contactPhone']).isVisible())) await page.getByText(zhCN['book.more'], { exact: true }).click()
    await page.getByLabel(zhCN['book.contactPhone']).fill('10012345678')
    await sound(applicant, 'the form')
    await page.getByRole('button', { name: zhCN['book.submit'] }).click()
    await page.getByText(zhCN['book.done']).waitFor()
    await page
      .getByRole('article', { name: `武川县政府 ${zhCN['requestState.SUBMITTED']}` })
      .first()
      .waitFor()
    await sound(applicant, 'one’s requests')
    t.equal(await page.getByLabel(zhCN['phone.to']).inputValue(), '', 'the next one begins anew')
  }

  const approver = await arrive(t, '/phone#tasks', { ...options, as: 'approver' })
  {
    const { page } = approver
    const card = page.getByRole('article').filter({ hasText: purpose })
    await card.getByText('2 人').waitFor()
    await card.getByRole('button', { name: zhCN['requestAction.giveBack'] }).click()
    await card.getByRole('button', { name: zhCN['tasks.why.times'] }).waitFor()
    await sound(approver, 'what waits for the approver')
    await card.getByRole('button', { name: zhCN['kit.cancel'] }).click()
    await card.getByRole('button', { name: zhCN['requestAction.approve'], exact: true }).click()
    await card.waitFor({ state: 'detached' })
  }

  const driver = await arrive(t, null, { ...options, as: 'driver' })
  const askAsDriver = await asks(driver)
  const { driver: file } = await askAsDriver<{ driver: { driverId: number; version: number } }>('GET', '/own/driver')
  const dispatcher = await arrive(t, null, { as: 'dispatcher.hohhot' })
  const ask = await asks(dispatcher)
  // He drives on any day on which the suite is played.
  const always = { weekdays: 127, startMinute: 0, endMinute: 1440, followsCalendar: false, fromDay: '2020-01-01', untilDay: null }
  await ask('PUT', `/drivers/${file.driverId}/shifts`, { shifts: [always], version: file.version })
  const { rows } = await ask<Requests>('GET', `/requests?waiting=dispatch&q=${encodeURIComponent(purpose)}`)
  const { requestId, version } = rows[0]!
  const { pairs } = await ask<{ pairs: { vehicle: { vehicleId: number } }[] }>('GET', `/requests/${requestId}/candidates`)
  const given = { vehicleId: pairs[0]!.vehicle.vehicleId, driverId: file.driverId, version }
  const { orderId, number } = await ask<Order>('POST', `/requests/${requestId}/order`, given)
  const order = () => ask<Order>('GET', `/orders/${orderId}`)

  const { page, context } = driver
  const sent: string[] = []
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (request.method() === 'POST' && pathname.startsWith(`/api/v1/orders/${orderId}/`)) sent.push(request.postData() ?? '')
  })
  const act = (action: 'accept' | 'depart' | 'board' | 'arrive' | 'comeBack') =>
    page.getByRole('button', { name: zhCN[`orderAction.${action}`], exact: true })
  await driver.open('/phone')
  await page.getByRole('link').filter({ hasText: number }).click()
  await act('accept').click()
  await act('depart').click()
  await page.getByLabel(zhCN['trip.readingOut']).fill(String(OUT_KM))
  await act('depart').click()
  await page.getByRole('alert').filter({ hasText: zhCN['inspectionItem.tyres'] }).waitFor()
  await page.getByRole('button', { name: zhCN['check.allSound'] }).click()
  // A photo of the dashboard, turned by its camera: sent small and upright.
  const photo = sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#556677' } })
  await page.locator('input[type=file]').setInputFiles({
    name: 'dashboard.jpg',
    mimeType: 'image/jpeg',
    buffer: await photo.withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  })
  await page.getByRole('img', { name: '照片 1' }).waitFor()
  await page.locator('input[type=file]').setInputFiles({ name: 'no.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('%PDF-1.7 no photo') })
  await page.getByText(refusalSentence('photo.none', {}, 'zh-CN')!).waitFor()
  await sound(driver, 'the inspection')
  await act('depart').click()
  await act('board').waitFor()
  await sound(driver, 'the trip')
  await page.getByRole('status').filter({ hasText: '待发送' }).waitFor({ state: 'detached' })
  t.same(
    (await order()).steps.map(({ action }) => action),
    ['dispatch', 'accept', 'depart'],
  )
  t.match((await order()).photos, [{ shows: 'departure', width: 1365, height: 2048 }])
  await page.getByRole('img', { name: zhCN['photoSubject.departure'] }).waitFor()
  await page.evaluate(() => navigator.serviceWorker.ready)

  // Whoever travels follows the vehicle, which fetches the map; and asks for more time on the way.
  {
    const { page } = applicant
    await page.goto('/phone#book')
    await page.reload()
    const card = page.getByRole('article').filter({ hasText: number })
    await card.getByRole('link', { name: zhCN['follow.open'] }).click()
    await page
      .getByRole('status')
      .filter({ hasText: /前上报|暂未上报/ })
      .waitFor()
    await page.locator('.follow-map canvas').waitFor()
    await sound(applicant, 'the vehicle')
    await applicant.context.setOffline(true)
    await page.getByText(zhCN['follow.away']).waitFor()
    t.equal(await page.locator('.follow-map canvas').count(), 1, 'where it was last is still seen')
    await applicant.context.setOffline(false)
    await page.getByText(zhCN['follow.away']).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: zhCN['follow.back'] }).click()
    await card.getByRole('link', { name: zhCN['ride.open'] }).click()
    await page.getByRole('button', { name: zhCN['change.ask'] }).click()
    await page.getByRole('button', { name: zhCN['change.why.long'] }).click()
    await sound(applicant, 'a change on the road')
    await page.getByRole('button', { name: zhCN['change.send'] }).click()
    await page.getByText(zhCN['changeState.ASKED']).waitFor()
    await approver.page.reload()
    const task = approver.page.getByRole('article', { name: new RegExp(zhCN['change.title']) }).filter({ hasText: number })
    await sound(approver, 'a change that waits')
    await task.getByRole('button', { name: zhCN['changeAction.approve'], exact: true }).click()
    await task.waitFor({ state: 'detached' })
    const { rows: waiting } = await ask<{ rows: { changeId: number; orderId: number; version: number }[] }>('GET', '/order-changes')
    const { changeId, version } = waiting.find((row) => row.orderId === orderId)!
    await ask('POST', `/order-changes/${changeId}/steps`, { action: 'make', version })
  }
  await page.reload()
  await page.getByText(zhCN['changeState.MADE']).waitFor()
  await act('board').waitFor()

  await context.setOffline(true)
  await act('board').click()
  await page.getByRole('status').getByText('1 条待发送').waitFor()
  await page.getByRole('button', { name: zhCN['trip.addCost'] }).click()
  await page.getByRole('radio', { name: zhCN['costKind.toll'] }).check()
  await page.getByLabel(zhCN['trip.yuan']).fill('35.5')
  await sound(driver, 'a cost')
  await page.getByRole('button', { name: zhCN['kit.save'] }).click()
  await page.getByRole('status').getByText('2 条待发送').waitFor()
  await page.reload()
  await page.getByRole('status').getByText('2 条待发送').waitFor()
  await act('comeBack').waitFor()
  t.same((await order()).steps.length, 4, 'nothing has been sent')
  sent.length = 0
  await context.setOffline(false)
  await page.getByRole('status').getByText('待发送').waitFor({ state: 'detached' })
  const after = await order()
  t.same(
    after.steps.map(({ action }) => action),
    ['dispatch', 'accept', 'depart', 'roadChange', 'board'],
  )
  t.same(
    after.costs.map(({ fen }) => fen),
    [3_550],
  )
  t.equal(sent.length, 2, 'each once')
  await act('arrive').click()
  await page.getByRole('status').getByText('待发送').waitFor({ state: 'detached' })

  // A reading that cannot be is asked about at once; one that is unusual is confirmed.
  await act('comeBack').click()
  await page.getByLabel(zhCN['trip.readingBack']).fill(String(OUT_KM + 5_000))
  await act('comeBack').click()
  await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith('/steps') && answer.ok()),
    page.getByRole('button', { name: zhCN['trip.sure'] }).click(),
  ])
  await page.getByRole('status').getByText('待发送').waitFor({ state: 'detached' })
  await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.phone-pictures img')!.naturalWidth > 0)

  await applicant.page.goto('/phone#book')
  await applicant.page.reload()
  const asked = applicant.page.getByRole('article').filter({ hasText: number })
  await asked.getByRole('button', { name: zhCN['orderAction.confirm'] }).click()
  await asked.getByRole('button', { name: zhCN['orderAction.confirm'] }).waitFor({ state: 'detached' })
  await asked.getByText(zhCN['requestState.COMPLETED']).waitFor()
  t.equal((await order()).steps.at(-1)!.action, 'confirm')

  // Rated, kept as a favourite, and asked for again in half a minute and by few touches.
  {
    const { page } = applicant
    await asked.getByRole('link', { name: zhCN['rate.open'] }).click()
    await page.getByRole('radio', { name: '5 星' }).check({ force: true })
    await sound(applicant, 'a rating')
    await page.getByRole('button', { name: zhCN['rate.send'] }).click()
    await page.getByRole('img', { name: '5 星' }).waitFor()
    await page.getByRole('link', { name: zhCN['follow.back'] }).click()
    await asked.getByRole('button', { name: zhCN['fav.keep'] }).click()
    await asked.getByLabel(zhCN['fav.name']).fill(purpose.slice(-12))
    await asked.locator('form').getByRole('button', { name: zhCN['fav.keep'] }).click()
    let taps = 0
    const tap = async (what: ReturnType<typeof page.getByRole>) => {
      taps++
      await what.click()
    }
    const chip = page.getByRole('group', { name: zhCN['fav.trips'] }).getByRole('button', { name: purpose.slice(-12) })
    await chip.waitFor()
    await sound(applicant, 'favourites')
    const begun = Date.now()
    await tap(page.getByRole('link', { name: zhCN['tab.book'] }))
    await tap(chip)
    await tap(page.locator('label', { hasText: zhCN['when.tomorrowMorning'] }))
    await tap(page.getByRole('button', { name: zhCN['book.submit'] }))
    await page.getByText(zhCN['book.done']).waitFor()
    t.ok(taps <= 8 && Date.now() - begun < 30_000, `${taps} touches in ${Date.now() - begun} ms`)
    const { rows: again } = await (await asks(applicant))<Requests>('GET', '/requests?waiting=own&limit=100')
    const copies = again.filter((row) => row.purpose === purpose)
    t.equal(copies.length, 2)
    const copy = copies.find(({ requestId: each }) => each !== requestId)!
    await (await asks(applicant))('POST', `/requests/${copy.requestId}/steps`, { action: 'cancel', version: copy.version })
  }
  t.same(
    [...applicant.problems, ...approver.problems, ...driver.problems].filter((problem) => !/ERR_INTERNET_DISCONNECTED/.test(problem)),
    [],
  )
})

t.test(
  'what waits in the store of the version before is converted and sent once, from two pages at once; where converting fails it stays',
  async (t) => {
    const { page, context, problems } = await arrive(t, '/phone.webmanifest', {
      as: 'driver',
      locale: 'zh-CN',
      viewport: PHONE,
      refusals: [404],
    })
    const sent: string[] = []
    await context.route('**/api/v1/orders/987654**', async (route) => {
      const request = route.request()
      if (request.method() === 'POST')
        sent.push(`${new URL(request.url()).pathname.split('/').at(-1)} ${request.headers()['content-type']}`)
      await route.fulfill({ json: { orderId: 987654, version: 1 } })
    })
    // As the released version 2 made it: two costs and a photo that were never sent.
    await page.evaluate(async () => {
      const request = indexedDB.open('morin-phone', 2)
      request.onupgradeneeded = () => {
        request.result.createObjectStore('outbox', { autoIncrement: true }).createIndex('id', 'id', { unique: true })
        request.result.createObjectStore('answers')
        request.result.createObjectStore('pictures')
      }
      await new Promise((done) => (request.onsuccess = done))
      const work = request.result.transaction(['outbox', 'pictures'], 'readwrite')
      const common = { username: 'driver', orderId: 987654, atDevice: '2026-11-30T01:00:00.000Z', aside: null }
      for (const n of [1, 2])
        work.objectStore('outbox').add({
          ...common,
          id: `00000000-0000-4000-8000-00000000000${n}`,
          action: 'cost',
          data: { kind: 'toll', fen: n * 100, note: null },
        })
      const photo = '00000000-0000-4000-8000-000000000003'
      work.objectStore('outbox').add({ ...common, id: photo, action: 'photo', data: { shows: 'receipt', of: null } })
      work.objectStore('pictures').add(new Blob(['a picture of seventeen']), photo)
      await new Promise((done) => (work.oncomplete = done))
      request.result.close()
    })
    const stored = () =>
      page.evaluate(async () => {
        const request = indexedDB.open('morin-phone')
        await new Promise((done) => (request.onsuccess = done))
        const database = request.result
        const rows = database.transaction('outbox').objectStore('outbox').getAll()
        await new Promise((done) => (rows.onsuccess = done))
        const found = { version: database.version, entries: (rows.result as { bytes?: number }[]).map(({ bytes }) => bytes ?? null) }
        database.close()
        return found
      })
    await context.addInitScript(() => {
      const create = IDBDatabase.prototype.createObjectStore
      IDBDatabase.prototype.createObjectStore = function (...made) {
        if (made[0] === 'fixes' && localStorage.getItem('converts') === null) throw new Error('the disk is full')
        return create.apply(this, made)
      }
    })
    await page.goto('/phone')
    await page.getByText(zhCN['outbox.unreadable']).waitFor()
    await page.goto('/phone.webmanifest')
    t.same(await stored(), { version: 2, entries: [null, null, null] }, 'a failed conversion leaves the store as it was')
    t.same(sent, [])
    await page.evaluate(() => localStorage.setItem('converts', 'yes'))
    const other = await context.newPage()
    await Promise.all([page.goto('/phone#me/account'), other.goto('/phone#me/account')])
    for (const each of [page, other]) {
      await each.getByRole('heading', { name: zhCN['me.sessions'] }).waitFor()
      await each.getByRole('status').getByText('待发送').waitFor({ state: 'detached' })
    }
    await page.goto('/phone.webmanifest')
    t.same(await stored(), { version: 3, entries: [] })
    t.same(sent.sort(), ['costs application/json', 'costs application/json', 'photos application/octet-stream'], 'each once')
    t.same(
      problems.filter((problem) => !/the disk is full|AbortError/.test(problem)),
      [],
    )
  },
)
