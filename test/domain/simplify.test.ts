// A line drawn with fewer places: nothing that is left out lies further from it than was asked.
import fc from 'fast-check'
import t from 'tap'
import { simplify } from '../../services/domain/simplify.ts'

function distance(px: number, py: number, [ax, ay]: readonly number[], [bx, by]: readonly number[]): number {
  const [dx, dy] = [bx! - ax!, by! - ay!]
  const length = dx * dx + dy * dy
  const part = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax!) * dx + (py - ay!) * dy) / length))
  return Math.hypot(px - ax! - part * dx, py - ay! - part * dy)
}

t.test('every place lies within the tolerance of the line that is left, which keeps both ends', (t) => {
  const place = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }))
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 80 }), fc.constantFrom(0, 1, 7, 200), (places, tolerance) => {
      const [x, y] = [places.map(([x]) => x), places.map(([, y]) => y)]
      const kept = simplify({ x, y }, 0, places.length - 1, tolerance)
      t.equal(kept[0], 0)
      t.equal(kept.at(-1), places.length - 1)
      for (let k = 1; k < kept.length; k++)
        for (let i = kept[k - 1]!; i <= kept[k]!; i++)
          t.ok(distance(x[i]!, y[i]!, places[kept[k - 1]!]!, places[kept[k]!]!) <= tolerance + 1e-9)
    }),
    { numRuns: 60 },
  )
  t.end()
})

t.test('a vehicle that stands for a month is two places', (t) => {
  const x = Array.from({ length: 40_000 }, (_, n) => n % 3)
  t.same(simplify({ x, y: x }, 0, x.length - 1, 10), [0, x.length - 1])
  t.end()
})
