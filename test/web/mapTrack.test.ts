// Gaps of a recorded track, bubbles that may not cover one another, the pace of glides, and unpacking of outlines.
import t from 'tap'
import { splitTrack } from '../../services/domain/trackGaps.ts'
import { decodeRing, outlinesOf } from '../../web/basemap/outlines.ts'
import { GlidePace } from '../../web/map/glidePace.ts'
import { spreadBubbles } from '../../web/map/spreadBubbles.ts'
import { believedTrack, trackBounds } from '../../web/map/trackSegments.ts'

const MINUTE = 60_000
const trackOf = (points: [minute: number, lon: number, lat: number][]) => ({
  timeMs: points.map(([minute]) => minute * MINUTE),
  lon: points.map(([, lon]) => lon),
  lat: points.map(([, , lat]) => lat),
  speedKph: points.map(() => null),
})

t.test('a track without gaps is one run', (t) => {
  const track = trackOf([
    [0, 110, 40],
    [1, 110.01, 40],
    [2, 110.02, 40],
  ])
  t.same(splitTrack(track), { runs: [[0, 2]], gaps: [] })
  t.end()
})

t.test('ten silent minutes are still a run, more is a gap', (t) => {
  const at = (minute: number) =>
    trackOf([
      [0, 110, 40],
      [minute, 110, 40],
    ])
  t.same(splitTrack(at(10)).gaps, [])
  t.same(splitTrack(at(10.1)).gaps, [[0, 1]])
  t.end()
})

t.test('more than two kilometres in more than two minutes is a gap, the same distance at speed is not', (t) => {
  const jump = (minutes: number) =>
    trackOf([
      [0, 110, 40],
      [minutes, 110.03, 40],
      [minutes + 1, 110.031, 40],
    ])
  t.same(splitTrack(jump(3)), {
    runs: [
      [0, 0],
      [1, 2],
    ],
    gaps: [[0, 1]],
  })
  t.same(splitTrack(jump(1.5)).gaps, [])
  t.end()
})

t.test('what is flagged is drawn apart and joined to nothing, but for a speed in doubt', (t) => {
  const track = trackOf([
    [0, 110, 40],
    [1, 110.01, 40],
    [2, 110.02, 40],
  ])
  const flagged = [
    { index: 1, reason: 'lone' },
    { index: 2, reason: 'speed' },
  ] as const
  const { believed, apart } = believedTrack({ ...track, flagged: [...flagged] })
  t.same(believed.lon, [110, 110.02])
  t.same(apart, [[110.01, 40]])
  t.end()
})

t.test('what no vehicle can reach is withheld before it is flagged, at the end of a track too; where it stays it is shown', (t) => {
  const lons = (more: [number, number, number][]) => {
    const { believed, apart } = believedTrack(trackOf([[0, 110, 40], [1, 110.01, 40], ...more]))
    return [believed.lon, apart.map(([lon]) => lon)]
  }
  t.same(lons([[2, 111, 40]]), [[110, 110.01], [111]])
  t.same(
    lons([
      [2, 111, 40],
      [3, 109, 40],
      [4, 110.02, 40],
    ]),
    [
      [110, 110.01, 110.02],
      [111, 109],
    ],
  )
  const stays = [2, 3, 4, 5, 6, 7].map((minute): [number, number, number] => [minute, 118, 40])
  t.same(lons(stays), [[110, 110.01, 118, 118, 118, 118, 118, 118], []])
  t.end()
})

t.test('an empty track has no parts and no bounds', (t) => {
  t.same(splitTrack(trackOf([])), { runs: [], gaps: [] })
  t.equal(trackBounds(trackOf([])), null)
  t.same(
    trackBounds(
      trackOf([
        [0, -77.1, 38.9],
        [1, -77, 38.8],
      ]),
    ),
    [-77.1, 38.8, -77, 38.9],
  )
  t.end()
})

t.test('bubbles end up clear of one another and stay put when they already are', (t) => {
  const crowded = Array.from({ length: 12 }, (_, i) => ({ x: (i % 4) * 12, y: Math.floor(i / 4) * 9, radius: 12 + i }))
  const placed = spreadBubbles(crowded)
  for (let i = 0; i < placed.length; i++)
    for (let j = i + 1; j < placed.length; j++)
      t.ok(Math.hypot(placed[i]!.x - placed[j]!.x, placed[i]!.y - placed[j]!.y) >= crowded[i]!.radius + crowded[j]!.radius - 1)
  const apart = [
    { x: 0, y: 0, radius: 5 },
    { x: 100, y: 0, radius: 5 },
  ]
  t.same(spreadBubbles(apart), [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ])
  t.end()
})

t.test('cheap frames follow one another at once, dear ones rest as long as they took', (t) => {
  const quick = new GlidePace()
  for (let ms = 0; ms < 2_000; ms += 16) t.equal(quick.restAfter(ms), 0)
  const slow = new GlidePace()
  let ms = 0
  let rest = 0
  for (let i = 0; i < 40; i++) {
    ms += 120 + rest
    rest = slow.restAfter(ms)
  }
  t.ok(Math.abs(rest - 120) < 5)
  t.end()
})

t.test('a packed ring unpacks to degrees, and an outline is closed and carries its names', (t) => {
  // (+1, +1), (−1, 0), (0, −1) of 1/1024 degree, each as zigzag plus 64.
  const packed = String.fromCharCode(66, 66, 65, 64, 64, 65)
  t.same(decodeRing(packed, [1024, 2048]), [
    [1025 / 1024, 2049 / 1024],
    [1, 2049 / 1024],
    [1, 2],
  ])
  const start: [number, number] = [111 * 1024, 40 * 1024]
  const collection = outlinesOf({
    features: [
      {
        id: '150100',
        properties: { name: '呼和浩特市' },
        geometry: { type: 'Polygon', coordinates: [packed], encodeOffsets: [start] },
      },
    ],
  })
  const [feature] = collection.features
  t.same(feature!.properties, { adcode: '150100', name: '呼和浩特市', nameEn: 'Hohhot' })
  const ring = feature!.geometry.coordinates[0]![0]!
  t.same(ring[0], ring.at(-1))
  t.equal(ring.length, 4)
  t.ok(ring[0]![0]! < 111.0009 && ring[0]![0]! > 110.98, 'moved from GCJ-02 to WGS-84')
  t.end()
})

t.test('a jump that no vehicle could drive is a gap, however short the silence', (t) => {
  const at = (minutes: number, lon: number) => ({ timeMs: minutes * 60_000, lon })
  const points = [at(0, 110), at(1, 110.01), at(2, 113.9), at(3, 113.91), at(8, 113.92), at(9, 113.93)]
  const track = {
    timeMs: points.map(({ timeMs }) => timeMs),
    lon: points.map(({ lon }) => lon),
    lat: points.map(() => 41),
    speedKph: points.map(() => null),
  }
  t.same(splitTrack(track).gaps, [[1, 2]])
  t.end()
})
