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

/** Where frames are watched: [lon, lat, zoom] of the address; the towns are where vehicles are. */
export const VIEWS = { region: null, zoom8: '111.75,40.84,8', zoom11: '111.75,40.84,11', zoom14: '111.67,40.82,14' } as const

type Painted = { committedAtMs: number; paintedAtMs: number }
type Shown = { marks: number; moving: number; drawn?: number }
type BenchWindow = { painted: Painted[]; shown: Shown }

export type FrameFigures = {
  seconds: number
  framesPerSecond: number
  frameMs: { p50: number; p95: number; max: number }
  mainThreadShare: number
  scriptShare: number
}
/** `marksDrawnPerSecond`: pictures of the marks, where the build counts them; bytes are what the live line brings this one viewer. */
export type ViewFigures = FrameFigures & { marks: number; marksDrawnPerSecond?: number; bytesPerSecond: number }
export type LivePage = Awaited<ReturnType<typeof openLivePage>>

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
      const { committedAtMs, ...shown } = (event as CustomEvent<{ committedAtMs: number } & Shown>).detail
      bench.painted.push({ committedAtMs, paintedAtMs: Date.now() })
      bench.shown = shown
    })
  })
  let bytes = 0
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  network.on('Network.webSocketFrameReceived', ({ response }) => {
    bytes += response.opcode === 2 ? Math.floor((response.payloadData.length * 3) / 4) : response.payloadData.length
  })
  await page.goto(`${url}/live`)
  const frames = await watchFrames(page)
  const shown = () => page.evaluate(() => (window as unknown as BenchWindow).shown)

  /** @throws Error that says what is shown instead */
  async function waitForShown(what: 'marks' | 'moving', least: number): Promise<void> {
    try {
      await page.waitForFunction(([key, n]) => (window as unknown as BenchWindow).shown[key]! >= n, [what, least] as const, {
        timeout: 180_000,
      })
    } catch {
      throw new Error(`${least} ${what} were waited for; the page shows ${JSON.stringify(await shown())}`)
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

    /** Opens the page anew at a view and waits until its marks are there and it has come to rest. */
    async look(at: string | null) {
      await page.goto(`${url}/live${at ? `?at=${at}` : ''}`)
      await waitForShown('marks', 1)
      await page.waitForTimeout(5_000)
    },

    async measure(seconds: number): Promise<ViewFigures> {
      const [before, bytesBefore] = [await shown(), bytes]
      const figures = await frames(seconds)
      const after = await shown()
      const drawn =
        before.drawn === undefined || after.drawn === undefined
          ? {}
          : { marksDrawnPerSecond: Math.round(((after.drawn - before.drawn) / seconds) * 10) / 10 }
      return { ...figures, marks: after.marks, ...drawn, bytesPerSecond: Math.round((bytes - bytesBefore) / seconds) }
    },

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
