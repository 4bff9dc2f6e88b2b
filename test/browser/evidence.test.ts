// In a browser: a case is opened, a second person releases a vehicle, two are replayed in step, it is asked who was in an area, a finding noted, a package made and taken away, and verified in the page that needs no network, from the
// platform and from a disk; one byte less and it is not what it was.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import t from 'tap'
import { addDays, dayAt, dayStartMs } from '../../services/domain/days.ts'
import { plateAsPrinted } from '../../services/domain/vehicle.ts'
import { buildRegion } from '../../services/embedded/demo/region.ts'
import { ed25519Signer, tampered } from '../evidence/packages.ts'
import { zhCN } from '../harness/texts.ts'
import { arrive, product } from './stage.ts'

/** As addresses say it. */
const wallClock = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)
const shots = process.env.SCREENSHOTS
const shoot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}
const region = buildRegion(1)
/** The first of its class that is not sensitive: each of those that report. */
const firstOf = (kind: string) => region.fleet.findIndex((each, n) => each.class === kind && !region.secrets.includes(n + 1)) + 1
const vehicleId = firstOf('official')
const patrolId = firstOf('law_enforcement')
const plate = (id: number) => plateAsPrinted(region.fleet[id - 1]!.plate)

t.test('from a case to a verified package', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'morin-browser-evidence-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  const { page, context, problems } = await arrive(t, '/cases', { as: 'inspector', locale: 'zh-CN', zone: 'America/New_York' })
  await page.getByRole('button', { name: zhCN['cases.open'] }).click()
  await page.getByRole('dialog').getByLabel(zhCN['cases.purpose']).fill('核查群众来信反映的节假日用车')
  await page.getByRole('dialog').getByLabel(zhCN['cases.basis']).fill('来信〔示例〕1 号')
  await page.locator('.ant-modal .ant-btn-primary').click()
  await page.waitForURL(/[?&]id=\d+/)
  const caseId = Number(new URL(page.url()).searchParams.get('id'))

  const { csrfToken } = (await (await context.request.get('/api/v1/session')).json()) as { csrfToken: string }
  const added = await context.request.post(`/api/v1/cases/${caseId}/vehicles`, {
    headers: { origin: product.url, 'x-csrf-token': csrfToken },
    data: { vehicleIds: [vehicleId, patrolId], reason: '列入所反映的车辆' },
  })
  t.equal(added.status(), 200, await added.text())

  // One of law enforcement waits for a second person.
  const second = await arrive(t, '/cases?list=releases', { as: 'inspector.two', locale: 'zh-CN' })
  await second.page.getByText(plate(patrolId)).first().click()
  await second.page.getByRole('button', { name: zhCN['caseVehicleAction.release'], exact: true }).click()
  await second.page.getByRole('dialog').getByRole('textbox').fill('经审核，同意放行')
  await shoot(second.page, 'release-dialog')
  await second.page.locator('.ant-modal .ant-btn-primary').click()
  await second.page.getByText(zhCN['releases.emptyTitle']).waitFor()
  t.same(second.problems, [])

  // Both in step: by the keyboard it plays, slower, stands, and goes a step on and back. What was heard is some minutes old; the time goes on for an hour, or as long as
  // the case's period, which ends with today.
  const endsMs = dayStartMs(addDays(dayAt(Date.now()), 1))
  const [from, to] = [-6, 1].map((hours) => wallClock(new Date(Math.min(Date.now() + hours * 3_600_000, endsMs))))
  await page.goto(`/replay?case=${caseId}&v=${vehicleId},${patrolId}&from=${from}&to=${to}`)
  const timeline = page.getByRole('slider', { name: zhCN['replay.timeline'] })
  await page.getByRole('button', { name: plate(patrolId), exact: true }).waitFor()
  await page.getByRole('button', { name: plate(vehicleId), exact: true }).waitFor()
  await page.locator('.replay-canvas .fleet-map-controls').waitFor()
  t.ok((await page.locator('.replay-canvas').boundingBox())!.height >= 240, 'the map has its height, though its own rules come last')
  const at0 = Number(await timeline.inputValue())
  // Of the region, and named, wherever the browser is.
  const now = (await page.locator('.replay-now').textContent())!
  t.ok(now.endsWith(zhCN['replay.zoneShort']), now)
  // The slider has whole seconds.
  t.ok(Math.abs(Date.parse(`${now.slice(0, 19).replace(' ', 'T')}+08:00`) - at0) <= 1000, now)
  t.match(await timeline.getAttribute('aria-valuetext'), now.slice(0, 19))
  await page.keyboard.press('[')
  await page.getByText(zhCN['replay.times'].replace('{{n}}', '30')).waitFor()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: zhCN['replay.pause'] }).waitFor()
  await page.waitForFunction((ms) => Number(document.querySelector<HTMLInputElement>('.replay-slider')!.value) > ms, at0)
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: zhCN['replay.play'] }).waitFor()
  const at1 = Number(await timeline.inputValue())
  await page.keyboard.press('ArrowLeft')
  // A step back.
  await page.waitForFunction((ms) => Number(document.querySelector<HTMLInputElement>('.replay-slider')!.value) < ms, at1)
  const at2 = Number(await timeline.inputValue())
  await page.keyboard.press('ArrowRight')
  t.ok(Number(await timeline.inputValue()) >= at2, 'and on, where there is more')
  await page.getByRole('button', { name: zhCN['replay.raw'] }).click()
  await page.getByRole('columnheader', { name: zhCN['replay.raw.received'] }).waitFor()
  await shoot(page, 'replay-two')

  // Who was where the first stood: an area by its corners, and the vehicle is among those that are told.
  const window = `from=${new Date(Date.now() - 6 * 3_600_000).toISOString()}&to=${new Date().toISOString()}&caseId=${caseId}`
  const track = (await (await context.request.get(`/api/v1/vehicles/${vehicleId}/track?${window}`)).json()) as {
    lon: number[]
    lat: number[]
  }
  const [lon, lat] = [track.lon[0]!, track.lat[0]!]
  await page.goto(`/whereabouts?case=${caseId}&tab=here&from=${from}&to=${to}`)
  for (const [dx, dy] of [
    [-1, -1],
    [1, -1],
    [0, 1],
  ] as const) {
    await page.getByLabel(zhCN['where.typed']).fill(`${(lat + dy * 0.002).toFixed(6)}, ${(lon + dx * 0.002).toFixed(6)}`)
    await page.getByRole('button', { name: zhCN['where.add'], exact: true }).click()
  }
  await page.getByRole('button', { name: zhCN['where.ask'], exact: true }).click()
  await page.locator('.where-list').getByText(plate(vehicleId)).first().waitFor()
  await shoot(page, 'who-was-here')
  const at = new Date(Date.now() - 7_200_000).toISOString()
  await page.goto(`/cases?id=${caseId}&finding=new&vehicleId=${vehicleId}&from=${at}&until=${at}`)
  await page.getByLabel(zhCN['findings.text']).fill('该时刻停于景区停车场，未见派车单')
  await shoot(page, 'finding-dialog')
  await page.locator('.ant-modal .ant-btn-primary').click()
  await page.getByText('该时刻停于景区停车场，未见派车单').waitFor()
  await page.waitForURL(({ search }) => !search.includes('finding=new'))

  await page.getByRole('button', { name: zhCN['evidence.make'] }).click()
  await page.locator('.evidence-choice .ant-checkbox-wrapper').first().waitFor()
  await shoot(page, 'evidence-dialog')
  await page.locator('.ant-modal .ant-btn-primary').click()
  await page.getByText(zhCN['evidenceState.READY']).waitFor()
  await shoot(page, 'evidence-ready')
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: zhCN['evidence.save'] }).click()
  const saved = await saving
  t.match(saved.suggestedFilename(), /^案〔\d{4}〕\d{4}-1\.zip$/)
  const good = join(directory, 'good.zip')
  await saved.saveAs(good)
  await page.getByText(zhCN['evidence.takenBy']).waitFor()
  const bytes = await readFile(good)
  const flipped = join(directory, 'flipped.zip')
  await writeFile(flipped, Buffer.from(bytes.map((byte, n) => (n === 200 ? byte ^ 1 : byte))))

  const verdictOf = async (where: Page, file: string) => {
    await where.locator('#result').evaluate((result) => result.replaceChildren())
    await where.locator('#file').setInputFiles(file)
    return where.locator('[data-verdict]').getAttribute('data-verdict')
  }
  await page.goto('/evidence-verify.html')
  t.equal(await verdictOf(page, good), 'intact')
  await shoot(page, 'verify-intact')
  t.equal(await verdictOf(page, flipped), 'changed')
  await shoot(page, 'verify-changed')
  t.same(problems, [])

  // As it was saved, from a disk and without network; who has it from elsewhere gives a key.
  const html = join(directory, 'evidence-verify.html')
  await writeFile(html, await (await context.request.get('/evidence-verify.html?save')).body())
  const { page: alone, context: offline, problems: ofAlone } = await arrive(t, null)
  await offline.setOffline(true)
  await alone.goto(pathToFileURL(html).href)
  t.equal(await verdictOf(alone, good), 'intact')
  t.equal(await verdictOf(alone, flipped), 'changed')
  await alone.locator('#key').fill('')
  await alone.locator('#key').blur()
  await alone.locator('[data-code="part.changed"], [data-code="key.none"]').first().waitFor()
  t.equal(await verdictOf(alone, good), 'unchecked', 'without a key nobody can say')

  // Whatever else is done to a package: the page says what the program says, by the same codes.
  const signer = ed25519Signer()
  await alone.locator('#key').fill(signer.said.fingerprint)
  for (const [says, bytes, ...codes] of await tampered(t, signer)) {
    const path = join(directory, `${says}.zip`)
    await writeFile(path, bytes)
    t.equal(await verdictOf(alone, path), 'changed', says)
    const found = await alone.locator('[data-code]').evaluateAll((lines) => lines.map((line) => (line as HTMLElement).dataset.code!))
    t.same(found, codes, says)
  }
  t.same(ofAlone, [])
})
