// A real Chromium on the live page, signed in as the region's dispatcher.
import { chromium, type Page } from 'playwright-core'
import { summary } from './statistics.ts'

export const FLAGS = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
]

type Painted = { committedAtMs: number; paintedAtMs: number }
type Shown = { marks: number; moving: number }
type BenchWindow = { painted: Painted[]; shown: Shown }

export type FrameFigures = {
  seconds: number
  framesPerSecond: number
  frameMs: { p50: number; p95: number; max: number }
  mainThreadShare: number
  scriptShare: number
}

/** Opens /live and listens to its `morin:painted` events (detail: committedAtMs, marks, moving). */
export async function openLivePage(url: string) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  const answer = await context.request.post(`${url}/api/v1/session`, {
    headers: { origin: url },
    data: { username: 'dispatcher', password: 'Morin-demo-2026' },
  })
  if (!answer.ok()) throw new Error(`sign-in failed: ${answer.status()} ${await answer.text()}`)
  // The loader of TypeScript names functions by a helper of its own, which a function sent to the page must find there.
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(() => {
    const bench = window as unknown as BenchWindow
    bench.painted = []
    bench.shown = { marks: 0, moving: 0 }
    window.addEventListener('morin:painted', (event) => {
      const { committedAtMs, marks, moving } = (event as CustomEvent<{ committedAtMs: number } & Shown>).detail
      bench.painted.push({ committedAtMs, paintedAtMs: Date.now() })
      bench.shown = { marks, moving }
    })
  })
  await page.goto(`${url}/live`)
  const frames = await watchFrames(page)

  /** @throws Error that says what is shown instead */
  async function waitForShown(what: keyof Shown, least: number): Promise<void> {
    try {
      await page.waitForFunction(([key, n]) => (window as unknown as BenchWindow).shown[key] >= n, [what, least] as const, {
        timeout: 180_000,
      })
    } catch {
      const shown = await page.evaluate(() => (window as unknown as BenchWindow).shown)
      throw new Error(`${least} ${what} were waited for; the page shows ${JSON.stringify(shown)}`)
    }
  }

  return {
    waitForMarks: (least: number) => waitForShown('marks', least),
    waitForMoving: (least: number) => waitForShown('moving', least),

    /** All painted live frames, once one of `committedAtMs` or later has been painted. */
    async paintedFrames(committedAtMs: number): Promise<Painted[]> {
      await page.waitForFunction((at) => (window as unknown as BenchWindow).painted.some((p) => p.committedAtMs >= at), committedAtMs, {
        timeout: 30_000,
      })
      return page.evaluate(() => (window as unknown as BenchWindow).painted)
    },

    measureFrames: frames,
    close: () => browser.close(),
  }
}

/** Measures frame times by requestAnimationFrame, and the share of the main thread that the page takes meanwhile. */
export async function watchFrames(page: Page): Promise<(seconds: number) => Promise<FrameFigures>> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Performance.enable')
  const metrics = async () => new Map((await devtools.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]))
  return async (seconds) => {
    const before = await metrics()
    const stamps = await page.evaluate(
      (durationMs) =>
        new Promise<number[]>((resolve) => {
          const seen: number[] = []
          const tick = (now: number) => {
            seen.push(now)
            if (now - seen[0]! < durationMs) requestAnimationFrame(tick)
            else resolve(seen)
          }
          requestAnimationFrame(tick)
        }),
      seconds * 1000,
    )
    const after = await metrics()
    const took = after.get('Timestamp')! - before.get('Timestamp')!
    const share = (name: string) => Math.round(((after.get(name)! - before.get(name)!) / took) * 1000) / 1000
    return {
      seconds,
      framesPerSecond: Math.round(((stamps.length - 1) / (stamps.at(-1)! - stamps[0]!)) * 10_000) / 10,
      frameMs: summary(stamps.slice(1).map((at, i) => at - stamps[i]!)),
      mainThreadShare: share('TaskDuration'),
      scriptShare: share('ScriptDuration'),
    }
  }
}
