// What the live page says in figures and in pixels.
import type { Page } from 'playwright-core'

const PATIENCE_MS = 40_000

type Figures = { total: number; listed: number; reported: number; marks: number; inView: number }

/**
 * Waits until the page's total, the marks on the map, the list of the view and the server's list agree, and returns the total.
 * @throws Error with the last figures when they do not agree in time
 */
export async function agreedTotal(page: Page): Promise<number> {
  const { total, listed, reported, marks, inView } = await page.evaluate(async (patienceMs): Promise<Figures> => {
    const figure = (selector: string) => Number(document.querySelector(selector)?.textContent?.replace(/\D/g, '') ?? 0)
    const until = Date.now() + patienceMs
    for (;;) {
      const address = new URLSearchParams(location.search)
      const filter = [...address].filter(([key]) => ['league', 'class', 'category', 'energy', 'status'].includes(key))
      const answer = await fetch(`/api/v1/vehicles?limit=1&${new URLSearchParams(filter)}`)
      const listed = ((await answer.json()) as { total: number }).total
      const total = figure('.live-total strong')
      const found = {
        total,
        listed,
        reported: total - figure('.counts-never'),
        marks: (window as { painted?: { marks: number } }).painted?.marks ?? 0,
        inView: figure('.in-view-head .figure'),
      }
      const agree = total > 0 && total === listed && found.reported === found.marks && found.marks === found.inView
      if (agree || Date.now() > until) return found
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }, PATIENCE_MS)
  if (total !== listed || reported !== marks || marks !== inView)
    throw new Error(`the figures disagree: ${JSON.stringify({ total, listed, reported, marks, inView })}`)
  return total
}

/** How many pixels of the map have a colour, give or take what blending takes. `colour` is #rrggbb. */
async function pixelsOf(page: Page, colour: string): Promise<number> {
  const picture = (await page.locator('.live-canvas').screenshot()).toString('base64')
  return page.evaluate(
    async ([base64, wanted]) => {
      const bytes = Uint8Array.from(atob(base64!), (letter) => letter.charCodeAt(0))
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height })
      const context = canvas.getContext('2d')!
      context.drawImage(bitmap, 0, 0)
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height)
      const parts = [1, 3, 5].map((at) => Number.parseInt(wanted!.slice(at, at + 2), 16))
      let found = 0
      for (let i = 0; i < data.length; i += 4) if (parts.every((part, k) => Math.abs(data[i + k]! - part) < 6)) found++
      return found
    },
    [picture, colour],
  )
}

/** Waits until so many pixels of the map, or fewer, have a colour. */
export async function waitForPixels(page: Page, colour: string, enough: (pixels: number) => boolean): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    const pixels = await pixelsOf(page, colour)
    if (enough(pixels)) return
    if (Date.now() > until) throw new Error(`${pixels} pixels have the colour ${colour}`)
  }
}
