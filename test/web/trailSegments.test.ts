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

t.test('how many places are drawn is said of each line, and nearer by more of them, in the end by all', (t) => {
  // A place, the same once more, two near it, one far, a gap, one.
  const line = lineOf([0, 0, 3, 6, 90, 900], {
    runs: [
      [0, 4],
      [5, 5],
    ],
    gaps: [[4, 5]],
  })
  const drawn = [200, 50, 5, 2, 0].map((tolerance) => stretchesOf([line], tolerance).places[0])
  t.same(drawn, [4, 4, 5, 6, 6], 'what lies on one spot is one dot and is drawn; the ends of a run always are')
  t.same(stretchesOf([lineOf([0, 0, 0, 0]), lineOf([0, 1, 2, 3])], 0).places, [4, 4])
  t.end()
})

t.test('nothing that is left out is further from what is drawn than is said', (t) => {
  const walk = Array.from({ length: 400 }, (_, i) => Math.round(300 * Math.sin(i / 9) + 7 * Math.sin(i)))
  const line = { ...lineOf(walk), y: Int32Array.from(walk, (_, i) => Math.round(200 * Math.cos(i / 17))) }
  for (const tolerance of [1, 10, 40]) {
    const { bytes, count } = stretchesOf([line], tolerance)
    const ends = Array.from({ length: count }, (_, n) => new DataView(bytes, n * STRETCH_BYTES)).flatMap((view) => [
      [view.getInt32(0, true), view.getInt32(4, true)],
      [view.getInt32(8, true), view.getInt32(12, true)],
    ])
    const worst = Math.max(...walk.map((x, i) => Math.min(...ends.map(([ex, ey]) => Math.hypot(x - ex!, line.y[i]! - ey!)))))
    t.ok(worst < tolerance, `${worst} of ${tolerance}`)
  }
  t.end()
})
