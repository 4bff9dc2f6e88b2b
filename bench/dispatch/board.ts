// The board in a real browser: frame times while it is scrolled, and while a trip is dragged over it; a week, 300 rows of vehicles and of drivers, 2,000 orders.
import { chromium, type Page } from 'playwright-core'
import { dayAt } from '../../services/domain/days.ts'
import { summary } from '../live/statistics.ts'
import { BOARD, seedTrips, type World } from './world.ts'

const FLAGS = ['--no-sandbox', '--disable-background-networking']
const STEPS = 120

export async function measureBoard({ db, origin, pool, enter }: World) {
  await seedTrips(db, pool, BOARD)
  const day = dayAt(BOARD.firstMs)
  const dispatcher = await enter('dispatcher', pool.organisationId)
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: origin })
    const [name, value] = dispatcher.cookie.split('=') as [string, string]
    await context.addCookies([{ name, value, url: origin }])
    const page = await context.newPage()
    // The loader of TypeScript names functions by a helper of its own, which a function sent to the page must find there.
    await page.addInitScript('globalThis.__name = (named) => named')
    await page.goto(`/dispatch?span=week&day=${day}&map=off`)
    await page.locator('.board-movable').first().waitFor({ timeout: 60_000 })
    const box = (await page.locator('.board-rows').boundingBox())!
    const bars = await page.evaluate(async (from) => {
      const until = new Date(Date.parse(from) + 7 * 86_400_000).toISOString()
      const board = await (await fetch(`/api/v1/board?from=${from}&until=${until}`)).json()
      const count = (rows: { bars: unknown[] }[]) => rows.reduce((sum, row) => sum + row.bars.length, 0)
      return { vehicles: board.vehicles.length, drivers: board.drivers.length, bars: count(board.vehicles) + count(board.drivers) }
    }, new Date(BOARD.firstMs).toISOString())
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    const scrolled = await framesDuring(page, async () => {
      for (let n = 0; n < STEPS; n++) await page.mouse.wheel(n % 3 === 0 ? 40 : 0, n < STEPS / 2 ? 240 : -240)
    })
    const bar = (await page.locator('.board-movable').first().boundingBox())!
    await page.mouse.move(bar.x + bar.width / 2, bar.y + bar.height / 2)
    await page.mouse.down()
    const dragged = await framesDuring(page, async () => {
      for (let n = 0; n < STEPS; n++) await page.mouse.move(box.x + 300 + ((n * 7) % 400), box.y + 120 + ((n * 11) % (box.height - 200)))
    })
    await page.keyboard.press('Escape')
    await page.mouse.up()
    return { ...bars, scrolled, dragged }
  } finally {
    await browser.close()
  }
}

async function framesDuring(page: Page, work: () => Promise<void>) {
  await page.evaluate(() => {
    const bench = window as unknown as { frames: number[]; counting: boolean }
    bench.frames = []
    bench.counting = true
    const tick = (now: number) => {
      bench.frames.push(now)
      if (bench.counting) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  })
  await work()
  const stamps = await page.evaluate(() => {
    const bench = window as unknown as { frames: number[]; counting: boolean }
    bench.counting = false
    return bench.frames
  })
  return {
    frames: stamps.length,
    framesPerSecond: Math.round(((stamps.length - 1) / (stamps.at(-1)! - stamps[0]!)) * 10_000) / 10,
    frameMs: summary(stamps.slice(1).map((at, n) => at - stamps[n]!)),
  }
}
