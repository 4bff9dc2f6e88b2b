// Which seats a highway joins, and the way it takes. A relative-neighbourhood graph is connected and has no needless parallels.
import { cosLat, distanceM, METERS_PER_DEGREE } from '../geo.ts'
import { chanceOf } from '../random.ts'
import type { Town } from './towns.ts'

/** Highway points are this far apart when nothing bends. */
const POINT_EVERY_M = 2500
/** Short extra links beyond the relative-neighbourhood graph, so that there is more than one way round. */
const EXTRA_LINK_M = 110_000

/** Pairs of towns that see no third town between them. */
export function listHighwayPairs(towns: readonly Town[]): [number, number][] {
  const pairs: [number, number][] = []
  for (let a = 0; a < towns.length; a++) {
    for (let b = a + 1; b < towns.length; b++) {
      const d = between(towns, a, b)
      const blocked = (test: (ac: number, bc: number) => boolean) =>
        towns.some((_, c) => c !== a && c !== b && test(between(towns, a, c), between(towns, b, c)))
      const neighbours = !blocked((ac, bc) => Math.max(ac, bc) < d)
      const gabriel = d < EXTRA_LINK_M && !blocked((ac, bc) => ac * ac + bc * bc < d * d)
      if (neighbours || gabriel) pairs.push([a, b])
    }
  }
  return pairs
}

/** The way from seat to seat as a gently meandering polyline of [lon, lat], both seats included. */
export function meander(seed: number, from: Town, to: Town): [number, number][] {
  const d = distanceM(from.lon, from.lat, to.lon, to.lat)
  const key = Number(from.adcode) * 7 + Number(to.adcode)
  const waves = [1, 2, 3, 5].map((turns, k) => ({
    turns: turns + Math.round((turns * d) / 200_000),
    phase: chanceOf(seed, key, k, 1) * 6.2832,
    swingM: ((chanceOf(seed, key, k, 2) - 0.5) * Math.min(0.07 * d, 9000)) / (k + 1),
  }))
  const steps = Math.max(2, Math.round(d / POINT_EVERY_M))
  const east = (to.lon - from.lon) * cosLat((from.lat + to.lat) / 2) * METERS_PER_DEGREE
  const north = (to.lat - from.lat) * METERS_PER_DEGREE
  return Array.from({ length: steps + 1 }, (_, step) => {
    const t = step / steps
    const swing = Math.sin(Math.PI * t) * waves.reduce((sum, w) => sum + w.swingM * Math.sin(w.turns * Math.PI * t + w.phase), 0)
    const lat = from.lat + (to.lat - from.lat) * t + (swing * east) / d / METERS_PER_DEGREE
    const lon = from.lon + (to.lon - from.lon) * t - (swing * north) / d / (METERS_PER_DEGREE * cosLat(lat))
    return [lon, lat]
  })
}

const between = (towns: readonly Town[], a: number, b: number): number => {
  const [p, q] = [towns[a] as Town, towns[b] as Town]
  return distanceM(p.lon, p.lat, q.lon, q.lat)
}
