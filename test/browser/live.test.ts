// The live page against the running product: map, counts, filters, search, drawer, a replayed recording, a lost line, the keyboard.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WebSocketRoute } from 'playwright-core'
import t from 'tap'
import { plateAsPrinted } from '../../services/domain/vehicle.ts'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import { palettes } from '../../web/map/palette.ts'
import { en } from '../harness/texts.ts'
import { agreedTotal, waitForPixels } from './figures.ts'
import { replayRecording } from './product.ts'
import { arrive, product, SIMULATED } from './stage.ts'
import type { Visit } from './visit.ts'

const FLEET = 23_188

type Row = { vehicleId: number; plate: string; status: string; last: unknown }
async function vehicles({ context }: Visit, query: string): Promise<Row[]> {
  return ((await (await context.request.get(`/api/v1/vehicles?${query}`)).json()) as { rows: Row[] }).rows
}

t.test('the map shows as many marks as the counts say, and the counts are those of the vehicle list', async (t) => {
  const { page, problems } = await arrive(t, '/live', { as: 'dispatcher' })
  // Every simulated vehicle reports within its first half minute, but for the few that are cut off from the network just then.
  await page.waitForFunction(
    async (least) => {
      const { live } = (await (await fetch('/api/v1/health')).json()) as { live: { vehicles: number } }
      return live.vehicles >= least && (window as { painted?: { marks: number } }).painted?.marks === live.vehicles
    },
    SIMULATED - 6,
    { timeout: 60_000 },
  )
  t.equal(await agreedTotal(page), FLEET)
  const status = await page.locator('.count strong').allInnerTexts()
  t.equal(
    status.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0),
    FLEET,
    'the statuses add up',
  )
  const bubbles = await page.locator('.fleet-map-bubble:visible strong').allInnerTexts()
  t.equal(bubbles.length, 13, 'twelve leagues and the units of the region itself')
  t.equal(
    bubbles.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0),
    FLEET,
    'the bubbles add up',
  )
  t.same(problems, [])
})

t.test('a filter changes map, counts and address, and the address opened anew shows the same', async (t) => {
  const visitor = await arrive(t, '/live', { as: 'dispatcher' })
  const { page, problems } = visitor
  t.equal(await agreedTotal(page), FLEET)
  await page.getByRole('button', { name: new RegExp(en['class.leased']) }).click()
  await page.waitForURL('**class=leased**')
  await page.waitForFunction(() => document.querySelector('.live-total strong')?.textContent === '134')
  t.equal(await agreedTotal(page), 134)
  await page.getByRole('button', { name: en['filter.clear'] }).click()
  await page.getByRole('button', { name: new RegExp(en['class.law_enforcement']) }).click()
  await page.waitForFunction(() => document.querySelector('.live-total strong')?.textContent === '8,767')
  t.equal(await agreedTotal(page), 8_767)
  const address = page.url()

  const again = await arrive(t, address, { as: 'dispatcher' })
  t.equal(await agreedTotal(again.page), 8_767)
  t.equal(await again.page.getByRole('button', { name: new RegExp(en['class.law_enforcement']) }).getAttribute('aria-pressed'), 'true')
  t.same([...problems, ...again.problems], [])
})

t.test('a vehicle found by its plate opens with identity, last report, odometer, fuel or charge, and its trail on the map', async (t) => {
  const visitor = await arrive(t, '/live', { as: 'dispatcher' })
  const { page, problems } = visitor
  const [row] = await vehicles(visitor, 'limit=1&status=moving')
  const plate = plateAsPrinted(row!.plate)
  await page.locator('.search-opener').click()
  await page.getByRole('combobox', { name: en['search.open'] }).fill(row!.plate)
  // The terminal in it is found by the same plate, in a group of its own.
  await page.getByRole('group', { name: en['search.vehicles'] }).getByRole('option').filter({ hasText: plate }).click()
  const drawer = page.getByRole('complementary', { name: en['vehicle.title'] })
  await drawer.getByText(en['identity.userUnit']).waitFor()
  t.match(page.url(), new RegExp(`v=${row!.vehicleId}`))
  const said = (await drawer.textContent()) ?? ''
  t.match(said, plate)
  t.match(said, /Odometer km/)
  t.match(said, /(Fuel|Charge)/)
  t.match(said, /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, 'when it reported')
  t.match(said, /ago|now/)
  await drawer.getByText(/Track of \d+ positions/).waitFor()
  t.same(problems, [])
})

t.test('a replayed recording is drawn as recorded, and gone when the trail is switched off', async (t) => {
  const points = 48
  const rows = Array.from({ length: points }, (_, i) => {
    const time = new Date(Date.parse('2026-10-12T02:00:00Z') + i * 10_000).toISOString()
    return `made-up,${time},${(104.2 + i * 0.002).toFixed(6)},${(41.6 + 0.01 * Math.sin(i / 6)).toFixed(6)},60,90`
  })
  const file = join(t.testdir(), 'made-up.csv')
  writeFileSync(file, `device,time,lon,lat,speed_kph,heading\n${rows.join('\n')}\n`)
  t.match(await replayRecording(product, file), { rows: points, acknowledged: points })

  const { page, problems } = await arrive(t, `/live?v=${FLEET}&from=2026-10-12T09:30&to=2026-10-12T11:00`, { as: 'dispatcher' })
  await page.getByText(`Track of ${points} positions`).waitFor()
  const { track } = palettes.light
  await waitForPixels(page, track, (pixels) => pixels > 1_000)
  await page.getByRole('switch', { name: en['day.trail'] }).click()
  await page.waitForURL('**trail=0**')
  // The ring around the chosen vehicle has the same colour.
  await waitForPixels(page, track, (pixels) => pixels < 300)
  t.pass('drawn and gone')
  await page.goto(`/live?v=${FLEET}&from=2026-10-12T09:30&to=2026-10-12T11:00&at=111.7,40.8,9`)
  await page.getByText(`Track of ${points} positions`).waitFor()
  await page.waitForFunction(() => (window as { painted?: unknown }).painted !== undefined)
  t.match(page.url(), /at=111\.7,40\.8,9$/, 'a link that says where the map is keeps it there')
  t.same(problems, [])
})

t.test('a browser that lets no other thread draw shows the marks too, at rest and after the map has moved', async (t) => {
  const { page, problems } = await arrive(t, null, { as: 'dispatcher' })
  await page.addInitScript(() => {
    Reflect.deleteProperty(globalThis, 'OffscreenCanvas')
    Reflect.deleteProperty(HTMLCanvasElement.prototype, 'transferControlToOffscreen')
  })
  const [moving] = await vehicles({ context: page.context() } as Visit, 'limit=1&status=moving')
  await page.goto(`/live?v=${moving!.vehicleId}&trail=0&at=111.7,40.8,9`)
  await page.waitForFunction(() => (window as { painted?: { drawn: number } }).painted?.drawn)
  const { status } = palettes.light
  await waitForPixels(page, status[0], (pixels) => pixels > 20)
  await page.locator('.live-canvas canvas.maplibregl-canvas').focus()
  await page.keyboard.press('ArrowRight')
  await waitForPixels(page, status[0], (pixels) => pixels > 20)
  t.equal(await page.evaluate(() => 'OffscreenCanvas' in globalThis), false)
  t.same(problems, [])
})

t.test('a lost line is said with the age of what is seen, and heals by itself', async (t) => {
  const { page, problems } = await arrive(t, null, { as: 'dispatcher' })
  let down = false
  const lines: WebSocketRoute[] = []
  await page.routeWebSocket(/live-socket/, (line) => {
    if (down) return void line.close()
    line.connectToServer()
    lines.push(line)
  })
  await page.goto('/live')
  await agreedTotal(page)
  down = true
  for (const line of lines) await line.close()
  await page.getByText(en['link.lost']).waitFor()
  t.match(await page.locator('.lost-line').textContent(), /ago|now/)
  down = false
  await page.getByText(en['link.lost']).waitFor({ state: 'detached' })
  t.equal(await agreedTotal(page), FLEET)
  t.same(
    problems.filter((problem) => !/WebSocket/.test(problem)),
    [],
  )
})

t.test('the keyboard alone signs in, searches, opens a vehicle and closes it, and walks the list', async (t) => {
  const { page, problems, context } = await arrive(t, '/live')
  const { keyboard } = page
  const tabTo = async (selector: string) => {
    for (let presses = 0; presses < 60; presses++) {
      if (await page.locator(selector).evaluateAll((found) => found.some((element) => element === document.activeElement))) return
      await keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${selector}`)
  }
  await page.locator('#username').waitFor()
  await tabTo('#username')
  await keyboard.type('dispatcher')
  await tabTo('#password')
  await keyboard.type(DEMO_PASSWORD)
  await keyboard.press('Enter')
  await page.waitForURL('**/live**')
  await agreedTotal(page)

  const answer = await context.request.get('/api/v1/vehicles?limit=2')
  const [, second] = ((await answer.json()) as { rows: Row[] }).rows
  await keyboard.press('Control+k')
  await page.getByRole('combobox', { name: en['search.open'] }).waitFor()
  await keyboard.type(second!.plate.slice(0, 2))
  // Units are found before vehicles are, and stand after them.
  await page.getByRole('group', { name: en['search.vehicles'] }).getByRole('option').nth(1).waitFor()
  await keyboard.press('ArrowDown')
  t.equal(await page.getByRole('option').nth(1).getAttribute('aria-selected'), 'true')
  await keyboard.press('Enter')
  const drawer = page.getByRole('complementary', { name: en['vehicle.title'] })
  await drawer.getByText(en['identity.userUnit']).waitFor()
  t.ok(await drawer.evaluate((element) => element.contains(document.activeElement)), 'the focus is in the drawer')
  await keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })

  await page.goto('/live')
  await agreedTotal(page)
  await tabTo('.in-view-scroll')
  await keyboard.press('ArrowDown')
  await drawer.waitFor()
  await keyboard.press('Escape')
  await drawer.waitFor({ state: 'detached' })
  t.same(problems, [])
})
