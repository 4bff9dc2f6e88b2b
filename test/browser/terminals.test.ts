// Terminals in a browser, as those keep them who admit and fit them: registered, their secrets shown once, fitted and moved from the moment
// at which that was done, given new secrets, taken out of service; and one that knocks is let in. What the cards say lets a device in.
import { readFileSync } from 'node:fs'
import axe from 'axe-core'
import mqtt, { type MqttClient } from 'mqtt'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { plateAsPrinted } from '../../services/domain/vehicle.ts'
import { toWallClock } from '../../web/kit/format/time.ts'
import { en } from '../harness/texts.ts'
import { arrive, product } from './stage.ts'
import { PHONE, type Visit } from './visit.ts'

const REASON = 'Fitted as planned'
const HOUR_MS = 3_600_000
const minutesAgo = (n: number) => toWallClock(Math.floor((Date.now() - n * 60_000) / 60_000) * 60_000)

const drawer = (page: Page) => page.getByRole('complementary')
const dialog = (page: Page) => page.getByRole('dialog')
const cards = (page: Page) => page.locator('.sheet-card')
const button = (within: Page | ReturnType<typeof dialog>, name: string) => within.getByRole('button', { name, exact: true })
/** An icon is a part of its button's name. */
const withIcon = (page: Page, name: keyof typeof en) => page.getByRole('button', { name: en[name] })
const part = (page: Page, name: keyof typeof en) => drawer(page).getByRole('region', { name: en[name] })
const filled = (key: keyof typeof en, n: number | string) => en[key].replace(/\{\{\w+\}\}/, String(n))

/** Says why and confirms; the dialog is gone when the server said yes. */
async function confirm(page: Page, verb: string): Promise<void> {
  await dialog(page).getByLabel(en['reason.title']).fill(REASON)
  await button(dialog(page), verb).click()
  await dialog(page).waitFor({ state: 'detached' })
}

/** From the menu of what is done more rarely. */
async function ask(page: Page, act: keyof typeof en): Promise<void> {
  await button(page, en['terminalAct.more']).click()
  await page.getByRole('menuitem', { name: en[act] }).click()
}

async function chooseVehicle(page: Page, plate: string): Promise<void> {
  await dialog(page).getByLabel(en['terminal.vehicle']).fill(plate)
  await page.locator('.ant-select-item-option', { hasText: plateAsPrinted(plate) }).click()
}

async function leaveSheet(page: Page): Promise<void> {
  await button(page, en['sheet.done']).click()
  await button(page, en['sheet.leave']).click()
  await page.locator('.sheet').waitFor({ state: 'detached' })
}

type Card = { terminalId: string; secret: string; topic: string }
async function readCards(page: Page): Promise<Card[]> {
  await cards(page).first().waitFor()
  const rows = await cards(page).evaluateAll((all) =>
    all.map((card) => [...card.querySelectorAll('dd')].map((value) => value.textContent!)),
  )
  return rows.map((values) => ({ terminalId: values[0]!, secret: values[1]!, topic: values[4]! }))
}

/** A device that was set up by its card. */
function connect(t: Test, { terminalId, secret }: Card): Promise<MqttClient> {
  const options = { username: terminalId, password: secret, clientId: terminalId, reconnectPeriod: 0 }
  const client = mqtt.connect(product.mqttUrl, options)
  t.teardown(() => client.endAsync(true))
  // Heard for as long as the client lives: a refusal may be told when nobody waits for it any more.
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve(client))
    client.on('error', reject)
  })
}

const closed = (device: MqttClient) => new Promise<void>((done) => device.once('close', () => done()))

/** Vehicles that nothing is simulated in. */
async function silentVehicles({ context }: Visit): Promise<{ vehicleId: number; plate: string }[]> {
  const answer = await context.request.get('/api/v1/vehicles?status=offline&class=official&limit=200')
  const { rows } = (await answer.json()) as { rows: { vehicleId: number; plate: string; last: object | null }[] }
  return rows.filter(({ last }) => last === null)
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations: found } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly: ['wcag2a', 'wcag2aa'] }),
  )
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]!.html}`)
}

/** What the first test registers, the others use. */
let made: Card[] = []

t.test(
  'three are registered after every line is right; their secrets are shown once, can be printed and saved, and leaving asks',
  async (t) => {
    const { page, problems } = await arrive(t, '/terminals', { as: 'bureau', bypassCSP: true })
    await withIcon(page, 'terminals.register').click()
    const lines = dialog(page).getByLabel(en['register.lines'])
    await lines.fill('Terminal ID\nXC770001\nXC770002\nXC770002\n8.61E+14\nXC770003\t蒙A·ZZ999')
    await dialog(page).getByText(filled('register.bad', 3)).waitFor()
    t.same(await dialog(page).locator('.register-lines > li > :first-child').allTextContents(), ['Line 4', 'Line 5', 'Line 6'])
    await dialog(page).getByText(en['register.heading']).waitFor()
    await dialog(page).getByLabel(en['reason.title']).fill(REASON)
    t.ok(await button(dialog(page), filled('register.submit', 5)).isDisabled(), 'not while a line is wrong')
    await lines.fill('XC770001\nXC770002\nXC770003')
    await dialog(page).getByText(filled('register.good', 3)).waitFor()
    await dialog(page).getByLabel(en['terminal.model'], { exact: true }).fill('BD-808')
    await confirm(page, filled('register.submit', 3))

    made = await readCards(page)
    t.same(
      made.map(({ terminalId }) => terminalId),
      ['XC770001', 'XC770002', 'XC770003'],
    )
    for (const { terminalId, topic } of made) t.match(topic, new RegExp(`^vmp/v1/15\\d{4}/${terminalId}/up/location$`))
    t.equal(new Set(made.map(({ secret }) => secret)).size, 3)
    t.same(await violations(page), [])

    const saved = page.waitForEvent('download')
    await withIcon(page, 'sheet.csv').click()
    const file = readFileSync(await (await saved).path(), 'utf8')
    for (const { terminalId, secret } of made) t.match(file, `"${terminalId}","${secret}"`)

    await page.emulateMedia({ media: 'print' })
    t.notOk(await page.locator('.rail, .top-bar, .sheet-head').filter({ visible: true }).count(), 'paper has the cards alone')
    t.equal(await cards(page).filter({ visible: true }).count(), 3)
    await page.emulateMedia({ media: 'screen' })

    let question = ''
    page.once('dialog', (box) => {
      question = box.message()
      void box.dismiss()
    })
    await page.locator('.rail-group', { hasText: en['group.live'] }).click()
    await page.locator('.rail-page', { hasText: en['page.fleet'] }).click()
    t.equal(question, en['sheet.leaveQuestion'])
    t.equal(await cards(page).count(), 3, 'who stays still sees them')
    await button(page, en['sheet.done']).click()
    await button(page, en['sheet.stay']).click()
    await leaveSheet(page)
    await page.getByLabel(en['terminals.search']).fill('XC7700')
    await page.getByRole('button', { name: 'XC770001' }).waitFor()
    t.notMatch(await page.content(), made[0]!.secret, 'and nowhere after that')
    t.same(problems, [])
  },
)

t.test('who registers a number again is told at its line, and nothing is registered', async (t) => {
  const { page, context, problems } = await arrive(t, '/terminals', { as: 'bureau', refusals: [409] })
  await withIcon(page, 'terminals.register').click()
  await dialog(page).getByLabel(en['register.lines']).fill('XC770009\nXC770002')
  await dialog(page).getByLabel(en['reason.title']).fill(REASON)
  await button(dialog(page), filled('register.submit', 2)).click()
  await dialog(page).getByText(filled('register.refused', 1)).waitFor()
  t.match(await dialog(page).locator('.register-lines').textContent(), /^Line 2XC770002/)
  const answer = await context.request.get('/api/v1/terminals?q=XC770009')
  t.equal(((await answer.json()) as { total: number }).total, 0)
  t.same(problems, [])
})

t.test('fitted and moved from the moment at which it was done, it reports for the vehicle that it is in', async (t) => {
  const visitor = await arrive(t, '/terminals?q=XC770001', { as: 'bureau', bypassCSP: true })
  const { page, problems } = visitor
  const [first, second] = await silentVehicles(visitor)
  await page.getByRole('button', { name: 'XC770001' }).click()
  await button(page, en['terminalAct.fit']).click()
  await chooseVehicle(page, first!.plate)
  await dialog(page).getByLabel(en['terminalAct.since']).fill(minutesAgo(120))
  await confirm(page, en['terminalAct.fit'])
  await part(page, 'terminal.file')
    .getByRole('link', { name: plateAsPrinted(first!.plate) })
    .waitFor()

  const movedAt = minutesAgo(60)
  await button(page, en['terminalAct.move']).click()
  await chooseVehicle(page, second!.plate)
  await dialog(page).getByLabel(en['terminalAct.since']).fill(movedAt)
  await confirm(page, en['terminalAct.move'])
  await part(page, 'terminal.past')
    .getByRole('link', { name: plateAsPrinted(first!.plate) })
    .waitFor()
  t.match(await part(page, 'terminal.past').textContent(), `to ${movedAt.replace('T', ' ')}`)
  t.match(await part(page, 'terminal.file').textContent(), movedAt.replace('T', ' '))

  const rightAt = minutesAgo(50)
  await ask(page, 'terminalAct.correct')
  await dialog(page).getByLabel(en['terminalAct.since']).fill(rightAt)
  await confirm(page, en['terminalAct.correct'])
  await part(page, 'terminal.file').getByText(rightAt.replace('T', ' ')).waitFor()

  const device = await connect(t, made[0]!)
  await device.publishAsync(made[0]!.topic, JSON.stringify({ time: Date.now(), lon: 111.75, lat: 40.84, speedKph: 42 }), { qos: 1 })
  await device.publishAsync(made[0]!.topic, JSON.stringify({ time: Date.now() + HOUR_MS, lon: 111.75, lat: 40.84 }), { qos: 1 })
  await page.reload()
  await part(page, 'terminal.lastPosition').getByText('40.84000, 111.75000').waitFor()
  await part(page, 'terminal.refused').getByText(en['refusedAdvice.time-in-future']).waitFor()
  await page.locator('.list-row').getByText(en['terminal.lastRefused']).waitFor()
  t.same(await violations(page), [])

  await part(page, 'terminal.file')
    .getByRole('link', { name: plateAsPrinted(second!.plate) })
    .click()
  await page.waitForURL('**/ledger?id=*')
  await drawer(page).getByRole('link', { name: 'XC770001' }).waitFor()
  await drawer(page)
    .getByText(filled('terminal.ofVehicleSince', rightAt.replace('T', ' ')))
    .waitFor()
  t.same(problems, [])
})

t.test('from a vehicle’s file its terminal is changed for another, and taken off', async (t) => {
  const visitor = await arrive(t, null, { as: 'bureau' })
  const { page, problems } = visitor
  const vehicle = (await silentVehicles(visitor))[5]!
  await visitor.open(`/ledger?id=${vehicle.vehicleId}`)
  const openMenu = async () => {
    await drawer(page).locator('button[aria-haspopup="menu"]').click()
    await page.getByRole('menuitem', { name: en['terminalAct.swap'] }).click()
  }
  await openMenu()
  await dialog(page).getByLabel(en['terminalAct.new']).fill('XC770002')
  await page.locator('.ant-select-item-option', { hasText: 'XC770002' }).click()
  await confirm(page, en['terminalAct.swap'])
  await drawer(page).getByRole('link', { name: 'XC770002' }).waitFor()
  await openMenu()
  await confirm(page, en['terminalAct.off'])
  await drawer(page).getByRole('link', { name: 'XC770002' }).waitFor({ state: 'detached' })
  t.same(problems, [])
})

t.test('a new secret ends the old one, and out of service nothing connects', async (t) => {
  const { page, problems } = await arrive(t, '/terminals?id=XC770001', { as: 'bureau' })
  const before = await connect(t, made[0]!)
  const cut = closed(before)
  await button(page, en['terminalAct.secret']).click()
  await confirm(page, en['terminalAct.secret'])
  const [renewed] = await readCards(page)
  t.not(renewed!.secret, made[0]!.secret)
  await leaveSheet(page)
  await cut
  await t.rejects(connect(t, made[0]!), 'the old secret')

  const after = await connect(t, renewed!)
  const gone = closed(after)
  await ask(page, 'terminalAct.revoke')
  await confirm(page, en['terminalAct.revoke'])
  await drawer(page).getByText(en['terminalNote.revoked']).waitFor()
  await gone
  await t.rejects(connect(t, renewed!), 'the new secret')
  t.same(problems, [])
})

t.test('chosen ones are given secrets together', async (t) => {
  const { page, problems } = await arrive(t, '/terminals?q=XC7700', { as: 'bureau' })
  for (const number of ['XC770002', 'XC770003']) await page.getByLabel(filled('terminals.select', number)).check()
  await button(page, filled('terminals.issueChosen', 2)).click()
  await confirm(page, en['terminalAct.secret'])
  const issued = await readCards(page)
  t.same(issued.map(({ terminalId }) => terminalId).sort(), ['XC770002', 'XC770003'])
  await leaveSheet(page)
  await connect(t, issued[0]!)
  t.same(problems, [])
})

t.test('one that nobody registered knocks, is listed with where it came from, and is let in once it is registered', async (t) => {
  const { page, problems } = await arrive(t, null, { as: 'bureau' })
  const stranger = { terminalId: 'XC770090', secret: 'a-guess', topic: '' }
  await t.rejects(connect(t, stranger))
  await page.goto('/terminals?list=knocks&q=XC770090')
  const row = page.locator('.list-row', { hasText: 'XC770090' })
  await row.waitFor()
  t.match(await row.textContent(), en['knockWhy.unknown'])
  await button(page, en['knock.register']).click()
  t.equal(await dialog(page).getByLabel(en['register.lines']).inputValue(), 'XC770090')
  await confirm(page, filled('register.submit', 1))
  const [card] = await readCards(page)
  await leaveSheet(page)
  await connect(t, card!)
  t.same(problems, [])
})

t.test('who only reads finds terminals, and nothing to press that is not theirs', async (t) => {
  const { page, problems } = await arrive(t, '/terminals?id=XC770003', { as: 'finance' })
  await part(page, 'terminal.file').waitFor()
  for (const name of ['terminals.register', 'terminals.import', 'terminalAct.fit', 'terminalAct.secret', 'terminalAct.more'] as const)
    t.equal(await withIcon(page, name).count(), 0, name)
  t.equal(await page.getByRole('tab', { name: en['knocks.tab'] }).count(), 0)
  t.equal(await page.locator('tbody').getByRole('checkbox').count(), 0)
  t.same(problems, [])
})

t.test('on a phone terminals are cards, and the sheet fits', async (t) => {
  const { page, problems } = await arrive(t, '/terminals?q=XC7700', { as: 'bureau', viewport: PHONE })
  await page.locator('.list-row').first().waitFor()
  const overflow = (selector: string) =>
    page.evaluate((at) => document.querySelector(at)!.scrollWidth - document.querySelector(at)!.clientWidth, selector)
  t.equal(await overflow('.list-scroll'), 0)
  await page.locator('.list-row', { hasText: 'XC770003' }).click()
  await button(page, en['terminalAct.secret']).click()
  await confirm(page, en['terminalAct.secret'])
  await cards(page).first().waitFor()
  t.equal(await overflow('#page'), 0)
  t.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width)
  await leaveSheet(page)
  await drawer(page).waitFor()
  t.same(problems, [])
})
