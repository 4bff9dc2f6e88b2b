// Every browser suite in one process, in the order in which they leave one another the region that they expect:
// first those that count the fleet, then those that change it, last the one that starts the product anew with other rules.
import { readdirSync } from 'node:fs'
import t from 'tap'

const suites = ['door', 'accessibility', 'live', 'unmasking', 'ledger', 'exchange', 'identity']

for (const suite of suites) await import(`./${suite}.test.ts`)

t.test('every browser suite is played', async (t) => {
  const present = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'))
  t.same(present.sort(), suites.map((suite) => `${suite}.test.ts`).sort())
})
