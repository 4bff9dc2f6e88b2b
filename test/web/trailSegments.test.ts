// Trails as the graphics card takes them: what nobody could tell apart is one stretch, and a gap is a stretch of its own.
import t from 'tap'
import { STRETCH, STRETCH_BYTES, stretchesOf, type TrailLine } from '../../web/map/trailSegments.ts'

const lineOf = (x: number[], more: Partial<TrailLine> = {}): TrailLine => ({
  x: Int32Array.from(x),
  y: Int32Array.from(x, () => 7),
  runs: [[0, x.length - 1]],
  gaps: [],
  colour: '#102030',
  ...more,
})
const read = (lines: TrailLine[], tolerance: number) => {
  const { bytes, count } = stretchesOf(lines, tolerance)
  t.equal(bytes.byteLength, count * STRETCH_BYTES)
  return Array.from({ length: count }, (_, n) => {
    const view = new DataView(bytes, n * STRETCH_BYTES)
    const [from, to] = [view.getInt32(0, true), view.getInt32(8, true)]
    return { from, to, along: view.getFloat32(16, true), rgb: [20, 21, 22].map((at) => view.getUint8(at)), kind: view.getUint8(23) }
  })
}

t.test('places nearer than can be seen are left out, the last never', (t) => {
  t.same(
    read([lineOf([0, 1, 2, 30, 31])], 10).map(({ from, to, along }) => [from, to, along]),
    [
      [0, 30, 0],
      [30, 31, 30],
    ],
  )
  t.end()
})

t.test('a colour ends where it ends, however near', (t) => {
  const stretches = read([lineOf([0, 1, 2, 3], { paintOf: (i) => (i < 2 ? '#ff0000' : '#00ff00') })], 10)
  t.same(
    stretches.map(({ from, to, rgb }) => [from, to, ...rgb]),
    [
      [0, 1, 255, 0, 0],
      [1, 3, 0, 255, 0],
    ],
  )
  t.end()
})

t.test('two runs are joined by their gap alone, and a report between two gaps is a dot', (t) => {
  const stretches = read(
    [
      lineOf([0, 100, 500], {
        runs: [
          [0, 1],
          [2, 2],
        ],
        gaps: [[1, 2]],
      }),
    ],
    1,
  )
  t.same(
    stretches.map(({ from, to, kind }) => [from, to, kind]),
    [
      [100, 500, STRETCH.gap],
      [0, 100, STRETCH.seen],
      [500, 500, STRETCH.seen],
    ],
  )
  t.end()
})
