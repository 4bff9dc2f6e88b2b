// Pages cut from the nearer end are the pages of the list.
import fc from 'fast-check'
import t from 'tap'
import { cutOf } from '../../services/platform/pageEnd.ts'

t.test('a page is the same from whichever end it is cut, and never cut from the farther one', async (t) => {
  const sizes = fc.record({ total: fc.nat(60), limit: fc.integer({ min: 1, max: 70 }), offset: fc.nat(80) })
  fc.assert(
    fc.property(sizes, ({ total, limit, offset }) => {
      const list = Array.from({ length: total }, (_, n) => n)
      const cut = cutOf({ limit, offset }, total)
      const ordered = cut.direction === 'ASC' ? list : list.toReversed()
      const page = ordered.slice(cut.offset, cut.offset + cut.limit).sort((a, b) => a - b)
      t.same(page, list.slice(offset, offset + limit))
      return cut.offset * 2 <= total
    }),
  )
  t.pass()
})
