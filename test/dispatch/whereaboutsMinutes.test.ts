// What is kept of each minute comes back as it was, and the cells of an area are all in which something in it can lie.
import fc from 'fast-check'
import t from 'tap'
import { cellsOfShape, WayCells } from '../../services/dispatch/whereabouts/cells.ts'
import { lastMinute, type MinuteFix, packMinutes } from '../../services/dispatch/whereabouts/minutes.ts'
import { type LonLat, type Shape, wayMeets } from '../../services/domain/geofence.ts'

t.test('the last report that is not after a second is found in what was packed', (t) => {
  const fix = fc.record({
    second: fc.integer({ min: 0, max: 3_600 }),
    lonE7: fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }),
    latE7: fc.integer({ min: -900_000_000, max: 900_000_000 }),
    speedKph: fc.option(fc.integer({ min: 0, max: 3_000 })),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(fix, { selector: ({ second }) => second, maxLength: 60 }),
      fc.integer({ min: 0, max: 3_600 }),
      (fixes, second) => {
        const sorted: MinuteFix[] = [...fixes].sort((a, b) => a.second - b.second)
        const bytes = packMinutes(sorted)
        t.same(
          lastMinute(bytes, 0, bytes.length, second),
          sorted.findLast((one) => one.second <= second),
        )
      },
    ),
  )
  t.end()
})

t.test('a way that touches an area, however small or thin, has a cell among those of the area', (t) => {
  const near = (metres: number) => fc.tuple(fc.integer({ min: -metres, max: metres }), fc.integer({ min: -metres, max: metres }))
  const at = ([east, north]: readonly [number, number]): LonLat => [111.7 + east / 84_250, 40.8 + north / 111_045]
  let met = 0
  fc.assert(
    fc.property(
      near(3_000),
      fc.constantFrom(2, 10, 300, 2_000),
      fc.constantFrom(2, 400),
      near(4_000),
      near(4_000),
      (where, wide, high, off, aside) => {
        const [x, y] = where
        const [from, to] = [[x + off[0], y + off[1]] as const, [x - off[0] + aside[0], y - off[1] + aside[1]] as const]
        const ring = [at([x, y]), at([x + wide, y]), at([x + wide, y + high]), at([x, y + high])]
        const shape: Shape = { type: 'polygon', ring: [...ring, ring[0]!] }
        const way = new WayCells()
        way.add(at(from))
        way.add(at(to), at(from))
        if (!wayMeets(shape, at(from), at(to))) return
        met++
        const cells = new Set(cellsOfShape(shape))
        t.ok(way.list().some((cell) => cells.has(cell)))
      },
    ),
    { numRuns: 400 },
  )
  t.ok(met > 30, `${met} ways met`)
  t.end()
})
