// One visitor of the product: a browser context of its own, signed in or not, whose page errors are collected.
import { type Browser, type BrowserContext, type CDPSession, type ConsoleMessage, chromium, type Page } from 'playwright-core'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import type { Product } from './product.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  // The map's WebGL is drawn in software. The page itself is put together without it: through it, a page without a map costs ten times as much.
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-gpu-compositing',
  // Debian's wrapper turns it on.
  '--disable-gpu-rasterization',
]

export const DESKTOP = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS })

export type Visit = {
  page: Page
  context: BrowserContext
  /** Errors of the page and its console so far. */
  problems: string[]
  /** Opens a path and waits for its load. */
  open(path: string): Promise<void>
  /** Goes to a path inside the page that is open, as a link does, without loading everything again. */
  go(path: string): Promise<void>
  /** A screen that is touched, or one with a mouse. */
  touch(touched: boolean): Promise<void>
  close(): Promise<void>
}

export type VisitOptions = {
  /** Username of a demo account; absent = nobody. */
  as?: string
  /** Signs in anew, where the test ends or changes its session; otherwise all visits of a person share one. */
  ownSession?: boolean
  locale?: 'en' | 'zh-CN'
  theme?: 'light' | 'dark' | 'system'
  viewport?: { width: number; height: number }
  /** Of the browser, where it is another than the machine’s. */
  zone?: string
  /** Refusals that the visit provokes, by status: the console names each as an error. */
  refusals?: number[]
  /** Lets a script of ours, such as axe, into the page in spite of its policy. */
  bypassCSP?: boolean
}

export async function visit(browser: Browser, { url }: Product, options: VisitOptions = {}): Promise<Visit> {
  const { locale = 'en', theme = 'light', viewport = DESKTOP, refusals = [] } = options
  const context = await browser.newContext({
    viewport,
    bypassCSP: options.bypassCSP ?? false,
    ...(options.zone && { timezoneId: options.zone }),
    hasTouch: viewport.width < 768,
    reducedMotion: 'reduce',
    baseURL: url,
    acceptDownloads: true,
  })
  const page = await context.newPage()
  await page.addInitScript(
    ([language, look]) => {
      if (!localStorage.getItem('morin.locale')) localStorage.setItem('morin.locale', language!)
      if (!localStorage.getItem('morin.theme')) localStorage.setItem('morin.theme', look!)
      window.addEventListener('morin:painted', (event) => {
        Object.assign(window, { painted: (event as CustomEvent).detail })
      })
    },
    [locale, theme],
  )
  // The loader of TypeScript names functions by a helper of its own, which a function sent to the page must find there.
  await page.addInitScript('globalThis.__name = (named) => named')
  const problems: string[] = []
  let devtools: CDPSession | undefined
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    const refused = /status of (\d+)/.exec(message.text())
    if (message.type() === 'error' && !(refused && [401, ...refusals].includes(Number(refused[1])))) problems.push(inFull(message))
  })
  if (options.as) await enter(context, url, options.as, options.ownSession ?? false)
  return {
    page,
    context,
    problems,
    async open(path) {
      await page.goto(path)
    },
    go: (path) =>
      page.evaluate((to) => {
        history.pushState({}, '', to)
        window.dispatchEvent(new PopStateEvent('popstate'))
      }, path),
    async touch(touched) {
      // What a session of the developer's tools emulates lasts as long as the session.
      devtools ??= await context.newCDPSession(page)
      await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: touched })
    },
    close: () => context.close(),
  }
}

const inFull = (message: ConsoleMessage): string => `${message.text()} ${message.location().url}`

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>
/** The session of each person who visited already, by origin and username. */
const kept = new Map<string, Cookies>()

async function enter(context: BrowserContext, origin: string, username: string, anew: boolean): Promise<void> {
  const person = `${origin} ${username}`
  const cookies = anew ? undefined : kept.get(person)
  if (cookies) return context.addCookies(cookies)
  await signIn(context, origin, username)
  if (!anew) kept.set(person, await context.cookies())
}

/** Signs in without the door's page, and acknowledges the notice where the role has one to read. */
async function signIn({ request }: BrowserContext, origin: string, username: string): Promise<void> {
  const answer = await request.post('/api/v1/session', { headers: { origin }, data: { username, password: DEMO_PASSWORD } })
  if (answer.ok()) return
  const said = await answer.text()
  if (!said.includes('NOTICE_REQUIRED')) throw new Error(`${username} could not sign in: ${answer.status()} ${said}`)
  const step = (await (await request.get('/api/v1/session/step')).json()) as { csrfToken: string; notice: { noticeId: number } }
  const read = await request.post('/api/v1/session/notice', {
    headers: { origin, 'x-csrf-token': step.csrfToken },
    data: { noticeId: step.notice.noticeId },
  })
  if (!read.ok()) throw new Error(`${username} could not acknowledge the notice: ${read.status()} ${await read.text()}`)
}
