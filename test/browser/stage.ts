// The one product and the one Chromium on which the browser suites of this process play: to start them takes longer than most suites.
// Law: a suite leaves the counts of the fleet as it found them, or is played after those that count (BROWSER_ORDER of test.mjs).
import t, { type Test } from 'tap'
import { startProduct } from './product.ts'
import { launchChromium, type Visit, type VisitOptions, visit } from './visit.ts'

/** Vehicles that report; the others of the fleet are silent. */
export const SIMULATED = 300

// Software rendering on a busy machine is slow.
t.setTimeout(900_000)
const browser = await launchChromium()
t.teardown(() => browser.close())
export const product = await startProduct(SIMULATED)
t.teardown(() => product.stop())

/** A visitor for the time of one test, before `path` where one is given. */
export async function arrive(t: Test, path: string | null, options: VisitOptions = {}): Promise<Visit> {
  const visitor = await visit(browser, product, options)
  t.teardown(() => visitor.close())
  if (path !== null) await visitor.open(path)
  return visitor
}
