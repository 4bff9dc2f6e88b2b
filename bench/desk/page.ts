// A real Chromium on the replay page, signed in as the region's dispatcher, who need not look within a case.
import { chromium } from 'playwright-core'
import { FLAGS, watchFrames } from '../live/browser.ts'

type Told = { vehicleIds: number[]; drafted: number[] }
type BenchWindow = { replayed: (Told & { atMs: number })[] }
/**
 * `fromRequestMs`: from when the first track was asked for until something of the last trail was painted (of a long time its sketch, of others what had come);
 * `wholeMs`: until all of all of them was; `fromClickMs`: the first of both from when the page was told to; `answeredMs`: until the last byte was there.
 */
export type Painted = { fromRequestMs: number; wholeMs: number; fromClickMs: number; answeredMs: number; wireBytes: number }

export async function openReplay(origin: string) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const answer = await context.request.post(`${origin}/api/v1/session`, {
    headers: { origin },
    data: { username: 'dispatcher', password: 'Morin-demo-2026' },
  })
  if (!answer.ok()) throw new Error(`sign-in failed: ${answer.status()} ${await answer.text()}`)
  // The loader of TypeScript names functions by a helper of its own, which a function sent to the page must find there.
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(() => {
    const bench = window as unknown as BenchWindow
    bench.replayed = []
    window.addEventListener('morin:replayed', (event) => {
      bench.replayed.push({ ...(event as CustomEvent<Told>).detail, atMs: performance.now() })
    })
  })
  await page.goto(`${origin}/replay`)
  const frames = await watchFrames(page)
  return {
    page,
    frames,
    /** Shows the vehicles of that time inside the page that is open, as a link does, and waits until all of their trails are painted. */
    async show(vehicleIds: readonly number[], fromMs: number, untilMs: number): Promise<Painted> {
      const wall = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)
      const path = `/replay?v=${vehicleIds.join(',')}&from=${wall(fromMs)}&to=${wall(untilMs)}`
      const clickedMs = await page.evaluate((to) => {
        ;(window as unknown as BenchWindow).replayed = []
        performance.clearResourceTimings()
        const at = performance.now()
        history.pushState({}, '', to)
        window.dispatchEvent(new PopStateEvent('popstate'))
        return at
      }, path)
      await page.waitForFunction(
        (ids) => (window as unknown as BenchWindow).replayed.some(({ vehicleIds }) => ids.every((id) => vehicleIds.includes(id))),
        [...vehicleIds],
        { timeout: 120_000, polling: 50 },
      )
      return page.evaluate(
        ([at, ids]) => {
          const told = (window as unknown as BenchWindow).replayed
          const painted = told.find(({ vehicleIds, drafted }) => ids.every((id) => vehicleIds.includes(id) || drafted.includes(id)))!
          const whole = told.find(({ vehicleIds }) => ids.every((id) => vehicleIds.includes(id)))!
          const asked = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) =>
            name.includes('/track/bytes'),
          )
          const beganMs = Math.min(...asked.map(({ startTime }) => startTime))
          return {
            fromRequestMs: painted.atMs - beganMs,
            wholeMs: whole.atMs - beganMs,
            fromClickMs: painted.atMs - at,
            answeredMs: Math.max(...asked.map(({ responseEnd }) => responseEnd)) - beganMs,
            wireBytes: asked.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
          }
        },
        [clickedMs, [...vehicleIds]] as const,
      )
    },
    close: () => browser.close(),
  }
}
