// What axe finds on a page, and what is wider than its screen.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violation = { id: string; impact: string; nodes: string[] }

/** The rules that look at colours: of one page on one screen all others say the same in light and dark. */
export const ofColours = ['color-contrast', 'link-in-text-block']

/** The serious and critical violations of the page that is open; `only` these rules. */
export async function violationsOf(page: Page, only?: string[]): Promise<Violation[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ content: axeSource })
  const found = await page.evaluate(async (values) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, {
      resultTypes: ['violations'],
      ...(values ? { runOnly: { type: 'rule', values } } : { rules: { 'label-content-name-mismatch': { enabled: true } } }),
    })
    return violations.map(({ id, impact, nodes }) => ({ id, impact: String(impact), nodes: nodes.map(({ html }) => html.slice(0, 160)) }))
  }, only)
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
}

/** Parts of the page whose content is wider than they are. */
export const tooWide = (page: Page) =>
  page.evaluate(() =>
    ['html', '.page', '.panel-body', '.sheet-body', '.wall', '.door', '.phone-screen']
      .flatMap((selector) => [...document.querySelectorAll(selector)])
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => `${element.className || element.tagName}: ${element.scrollWidth} > ${element.clientWidth}`),
  )
