// A long period is read in slices: every row once and in order, whatever gaps and crowds there are, in statements that name a day.
import fc from 'fast-check'
import t from 'tap'
import { inSlices } from '../../services/dispatch/tracks/slices.ts'
import { DAY_MS } from '../../services/domain/days.ts'

/** What is read of `times`, and how many statements it took. */
async function readAll(times: readonly number[], from: number, to: number, most: number) {
  let statements = 0
  const seen: number[] = []
  const read = async (at: Date, until: Date, limit: number) => {
    statements++
    const found = times.filter((ms) => ms >= at.getTime() && ms < until.getTime()).slice(0, limit)
    return { found, count: found.length, lastMs: found.at(-1) ?? 0 }
  }
  for await (const { found } of inSlices({ from: new Date(from), to: new Date(to) }, () => most, read)) seen.push(...found)
  return { seen, statements }
}

t.test('every row of the period comes once, in order', (t) =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 9 * DAY_MS }), { maxLength: 60 }),
      fc.integer({ min: 0, max: 3 * DAY_MS }),
      fc.integer({ min: 0, max: 9 * DAY_MS }),
      fc.integer({ min: 1, max: 7 }),
      async (made, from, to, most) => {
        const times = made.toSorted((a, b) => a - b)
        const { seen } = await readAll(times, from, to, most)
        t.same(
          seen,
          times.filter((ms) => ms >= from && ms < to),
        )
      },
    ),
    { numRuns: 60 },
  ),
)

t.test('years of nothing are a dozen statements', async (t) => {
  const { seen, statements } = await readAll([3_650 * DAY_MS], 0, 3_651 * DAY_MS, 10)
  t.same(seen, [3_650 * DAY_MS])
  t.ok(statements <= 13, String(statements))
})
