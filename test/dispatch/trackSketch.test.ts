// The sketch of a long time: made of minutes that are prepared, it keeps gaps, leaves out what is not believed, and is never far from the minutes.
import t from 'tap'
import { sketchOf } from '../../services/dispatch/tracks/sketch.ts'

const MINUTE = 60_000
const FIRST = Date.UTC(2026, 2, 2)
const minutesOf = (count: number, at: (n: number) => [minute: number, lonE7: number, latE7: number]) => {
  const rows = Array.from({ length: count }, (_, n) => at(n))
  const column = (which: 0 | 1 | 2) => Float64Array.from(rows, (row) => row[which])
  return { timeMs: column(0).map((minute) => FIRST + minute * MINUTE), lonE7: column(1), latE7: column(2) }
}

t.test('a straight month is a few places, and says of how many it was made', (t) => {
  const sketch = sketchOf(
    minutesOf(43_200, (n) => [n, 1_110_000_000 + n * 400, 408_000_000]),
    [],
  )!
  t.same(sketch.runs, [2])
  t.equal(sketch.madeOf, 43_200)
  t.end()
})

t.test('a silence of more than ten minutes joins nothing', (t) => {
  const sketch = sketchOf(
    minutesOf(40, (n) => [n < 20 ? n : n + 11, 1_110_000_000 + n * 1_000, 408_000_000]),
    [],
  )!
  t.same(sketch.runs, [2, 2])
  t.end()
})

t.test('what is not believed is no part of it', (t) => {
  const minutes = minutesOf(30, (n) => [n, n === 15 ? 1_190_000_000 : 1_110_000_000 + n * 1_000, 408_000_000])
  const sketch = sketchOf(minutes, [{ index: 15, reason: 'lone' }])!
  t.ok(sketch.lonE7.every((lonE7) => lonE7 < 1_111_000_000))
  t.equal(sketch.madeOf, 29)
  t.equal(
    sketchOf(
      minutesOf(0, () => [0, 0, 0]),
      [],
    ),
    undefined,
  )
  t.end()
})
