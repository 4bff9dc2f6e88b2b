// Shapes on the ground: circles against the geodesic, polygons against another way of counting, rings that are none.
import fc from 'fast-check'
import t from 'tap'
import {
  boxOf,
  circleRing,
  distanceM,
  findRingProblem,
  isInRing,
  isInside,
  type LonLat,
  pointInside,
  ringAreaM2,
  type Shape,
  withoutDoubledCorners,
} from '../../services/domain/geofence.ts'
import { findShapeProblem, flatRing, ringOf } from '../../services/domain/places.ts'

const lon = fc.double({ min: 97, max: 126, noNaN: true })
const lat = fc.double({ min: 37, max: 53.5, noNaN: true })
const place = fc.tuple(lon, lat)
const angle = fc.double({ min: 0, max: 2 * Math.PI, noNaN: true })

/** Vincenty's direct problem: where one arrives from `from` after `metres` at `bearing`, on WGS-84. */
function travel([lon0, lat0]: LonLat, bearing: number, metres: number): LonLat {
  const [a, f] = [6_378_137, 1 / 298.257_223_563]
  const b = a * (1 - f)
  const u1 = Math.atan((1 - f) * Math.tan((lat0 * Math.PI) / 180))
  const s1 = Math.atan2(Math.tan(u1), Math.cos(bearing))
  const sinAlpha = Math.cos(u1) * Math.sin(bearing)
  const cos2Alpha = 1 - sinAlpha ** 2
  const u2 = (cos2Alpha * (a * a - b * b)) / (b * b)
  const A = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
  const B = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
  let sigma = metres / (b * A)
  let cos2m = 0
  for (let n = 0; n < 50; n++) {
    cos2m = Math.cos(2 * s1 + sigma)
    const step =
      B *
      Math.sin(sigma) *
      (cos2m +
        (B / 4) * (Math.cos(sigma) * (-1 + 2 * cos2m ** 2) - (B / 6) * cos2m * (-3 + 4 * Math.sin(sigma) ** 2) * (-3 + 4 * cos2m ** 2)))
    const next = metres / (b * A) + step
    if (Math.abs(next - sigma) < 1e-13) break
    sigma = next
  }
  const x = Math.sin(u1) * Math.sin(sigma) - Math.cos(u1) * Math.cos(sigma) * Math.cos(bearing)
  const lat2 = Math.atan2(
    Math.sin(u1) * Math.cos(sigma) + Math.cos(u1) * Math.sin(sigma) * Math.cos(bearing),
    (1 - f) * Math.hypot(sinAlpha, x),
  )
  const lambda = Math.atan2(
    Math.sin(sigma) * Math.sin(bearing),
    Math.cos(u1) * Math.cos(sigma) - Math.sin(u1) * Math.sin(sigma) * Math.cos(bearing),
  )
  const C = (f / 16) * cos2Alpha * (4 + f * (4 - 3 * cos2Alpha))
  const L = lambda - (1 - C) * f * sinAlpha * (sigma + C * Math.sin(sigma) * (cos2m + C * Math.cos(sigma) * (-1 + 2 * cos2m ** 2)))
  return [lon0 + (L * 180) / Math.PI, (lat2 * 180) / Math.PI]
}

t.test('a circle of up to 50 km holds what the geodesic says is a metre inside, and nothing a metre outside', async () => {
  fc.assert(
    fc.property(place, angle, fc.double({ min: 5, max: 50_000, noNaN: true }), (centre, bearing, radiusM) => {
      const shape: Shape = { type: 'circle', centre, radiusM }
      return isInside(shape, travel(centre, bearing, radiusM - 1)) && !isInside(shape, travel(centre, bearing, radiusM + 1))
    }),
    { numRuns: 2000 },
  )
})

const isInBox = ([west, south, east, north]: ReturnType<typeof boxOf>, [lon, lat]: LonLat): boolean =>
  lon >= west && lon <= east && lat >= south && lat <= north

t.test('what is inside a shape is inside its box', async () => {
  fc.assert(
    fc.property(
      place,
      angle,
      fc.double({ min: 5, max: 50_000, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (centre, bearing, radiusM, part) => isInBox(boxOf({ type: 'circle', centre, radiusM }), travel(centre, bearing, radiusM * part)),
    ),
    { numRuns: 2000 },
  )
})

/** A star-shaped ring around a centre: never crosses itself, often far from convex. */
const star = fc
  .tuple(
    place,
    fc.array(fc.double({ min: 0.2, max: 1, noNaN: true }), { minLength: 3, maxLength: 60 }),
    fc.double({ min: 0.001, max: 0.3, noNaN: true }),
  )
  .map(([[x, y], radii, size]): { centre: LonLat; ring: LonLat[] } => {
    const ring = radii.map((r, k): LonLat => {
      const at = (2 * Math.PI * k) / radii.length
      return [x + size * r * Math.cos(at), y + size * r * Math.sin(at)]
    })
    return { centre: [x, y], ring: [...ring, ring[0]!] }
  })

/** The winding number by summed angles: another way to the same answer. */
function windsAround(ring: readonly LonLat[], [px, py]: LonLat): boolean {
  let sum = 0
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = [ring[i - 1]![0] - px, ring[i - 1]![1] - py]
    const [bx, by] = [ring[i]![0] - px, ring[i]![1] - py]
    sum += Math.atan2(ax * by - ay * bx, ax * bx + ay * by)
  }
  return Math.abs(sum) > Math.PI
}

t.test('inside a polygon by crossings is inside by winding, and its corners are inside', async () => {
  const unit = fc.double({ min: -0.4, max: 0.4, noNaN: true })
  fc.assert(
    fc.property(star, unit, unit, ({ centre, ring }, dx, dy) => {
      const point: LonLat = [centre[0] + dx, centre[1] + dy]
      // Within a rounding of the edge the two may differ by what doubles can tell.
      const near = ring.slice(1).some((b, i) => {
        const a = ring[i]!
        const length = Math.hypot(b[0] - a[0], b[1] - a[1])
        return Math.abs((b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])) < 1e-9 * length
      })
      return near || isInRing(ring, point) === windsAround(ring, point)
    }),
    { numRuns: 3000 },
  )
  fc.assert(fc.property(star, ({ ring }) => ring.every((corner) => isInRing(ring, corner))))
})

t.test('a ring that crosses itself nowhere is found sound, whichever way round and wherever it begins', async () => {
  fc.assert(
    fc.property(star, fc.nat(), ({ ring }, turn) => {
      const open = ring.slice(0, -1)
      const first = turn % open.length
      const rotated = [...open.slice(first), ...open.slice(0, first)]
      const closed = [...rotated, rotated[0]!]
      return findRingProblem(closed, 3e6) === null && findRingProblem(closed.toReversed(), 3e6) === null
    }),
    { numRuns: 500 },
  )
})

t.test('a corner that was clicked twice is one corner, wherever it stands and however often', async () => {
  const wobble = fc.double({ min: -7e-7, max: 7e-7, noNaN: true })
  fc.assert(
    fc.property(star, fc.array(fc.tuple(fc.nat(), wobble, wobble), { minLength: 1, maxLength: 8 }), ({ ring }, clicks) => {
      // Corners so near to each other that a hand would not tell them apart are another matter.
      if (withoutDoubledCorners(ring).length !== ring.length) return true
      const doubled = [...ring]
      for (const [at, dx, dy] of clicks) {
        const k = at % ring.length
        const [x, y] = ring[k]!
        doubled.splice(doubled.indexOf(ring[k]!) + 1, 0, [x + dx, y + dy])
      }
      return JSON.stringify(withoutDoubledCorners(doubled)) === JSON.stringify(ring)
    }),
    { numRuns: 1000 },
  )
})

t.test('a ring that is none without its doubled corners is still refused', async (t) => {
  const problem = (...ring: LonLat[]) => findRingProblem(withoutDoubledCorners(ring), 50_000)
  t.equal(problem([111, 40], [111, 40], [111, 40], [111, 40]), 'too_few', 'one point')
  t.equal(problem([111, 40], [111.1, 40], [111.1, 40], [111, 40]), 'too_few', 'a line')
  t.equal(problem([111, 40], [111.1, 40], [111.1, 40.1], [111, 40.1]), 'not_closed', 'an end elsewhere')
  t.equal(problem([111, 40], [111.1, 40], [111.1, 40.1], [111, 40.0000001]), null, 'closed but for a rounding')
  t.equal(problem([111, 40], [111.1, 40], [111.1, 40.1], [111, 40.1], [111.1, 40], [111, 40]), 'repeated', 'a corner come back to')
  t.equal(problem([111, 40], [111.1, 40], [111.1, 40], [111.1, 40.1], [111, 40.1], [111, 40], [111, 40]), null, 'corner and end doubled')
})

t.test('two corners of a ring that change places make it cross itself', async () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 4, max: 40 }), fc.nat(), ([x, y], corners, at) => {
      const ring = circleRing({ centre: [x, y], radiusM: 500 }, corners)
      const i = at % (corners - 3)
      const open = ring.slice(0, -1)
      ;[open[i + 1], open[i + 2]] = [open[i + 2]!, open[i + 1]!]
      return findRingProblem([...open, open[0]!], 50_000) === 'crosses_itself'
    }),
  )
})

t.test('a ring that touches or folds upon itself is no ring', async (t) => {
  const ring = (...points: LonLat[]) => findRingProblem([...points, points[0]!], 50_000)
  t.equal(ring([111, 40], [111.1, 40], [111.1, 40.1], [111, 40.1]), null)
  t.equal(ring([111, 40], [111.1, 40], [111.1, 40.1], [111.05, 40], [111, 40.1]), 'crosses_itself', 'a corner on another edge')
  t.equal(ring([111, 40], [111.1, 40], [111.05, 40]), 'crosses_itself', 'a fold')
  t.equal(ring([111, 40], [111.1, 40], [111.1, 40.1], [111.1, 40.05], [111, 40.1]), 'crosses_itself', 'a spike')
})

t.test('500 corners are judged in a moment, 501 are too many', async (t) => {
  const began = performance.now()
  t.equal(findRingProblem(circleRing({ centre: [111.7, 40.8], radiusM: 15_000 }, 500), 50_000), null)
  t.ok(performance.now() - began < 1000)
  t.equal(findRingProblem(circleRing({ centre: [111.7, 40.8], radiusM: 15_000 }, 501), 50_000), 'too_many')
})

t.test('sizes are judged by the kind of place, and a border may be long', async (t) => {
  const long: Shape = {
    type: 'polygon',
    ring: [
      [105, 40],
      [115, 40],
      [115, 42],
      [105, 42],
      [105, 40],
    ],
  }
  t.equal(findShapeProblem(long, 'border'), null)
  t.equal(findShapeProblem(long, 'compound'), 'too_large')
  t.equal(findShapeProblem({ type: 'circle', centre: [2.35, 48.85], radiusM: 100 }, 'compound'), 'outside_region')
})

t.test('a ring has the area of its figure, and the point for its name lies inside', async () => {
  fc.assert(
    fc.property(place, fc.double({ min: 50, max: 20_000, noNaN: true }), ([x, y], radiusM) => {
      const area = ringAreaM2(circleRing({ centre: [x, y], radiusM }, 256))
      return Math.abs(area / (Math.PI * radiusM ** 2) - 1) < 0.01
    }),
  )
  fc.assert(fc.property(star, ({ ring }) => isInRing(ring, pointInside({ type: 'polygon', ring }))))
  fc.assert(fc.property(star, ({ ring }) => JSON.stringify(ringOf(flatRing(ring))) === JSON.stringify(ring)))
})

t.test('distances are the same both ways and zero only at home', async () => {
  fc.assert(fc.property(place, place, (a, b) => Math.abs(distanceM(a, b) - distanceM(b, a)) < 1e-6))
  fc.assert(fc.property(place, (a) => distanceM(a, a) === 0))
})
