// Writes the network as GeoJSON for the offline base map: what the vehicles drive on is what the map shows.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { cosLat, METERS_PER_DEGREE } from '../geo.ts'
import { buildNetwork, ROAD_SEED, type Road, type RoadNetwork } from './network.ts'

type Point = readonly [number, number]
type Feature = { type: 'Feature'; properties: { class: string }; geometry: { type: 'LineString'; coordinates: Point[] } }
type Collection = { type: 'FeatureCollection'; features: Feature[] }

/** A point nearer than this to the line of its neighbours is left out of the map. */
const STRAIGHT_WITHIN_M = 3

/** Roads of the same line that continue each other merged into the longest lines. */
export function roadsAsGeoJson({ roads }: RoadNetwork): { highways: Collection; streets: Collection } {
  const merged = (isHighway: boolean): Collection => ({
    type: 'FeatureCollection',
    features: mergeRoads(roads.filter((road) => (road.class === 'highway') === isHighway)),
  })
  return { highways: merged(true), streets: merged(false) }
}

function mergeRoads(roads: Road[]): Feature[] {
  const lines = new Map<string, Map<number, Road>>()
  for (const road of roads) {
    const line = lines.get(road.line) ?? new Map<number, Road>()
    lines.set(road.line, line.set(road.from, road))
  }
  const features: Feature[] = []
  for (const line of lines.values()) {
    const continued = new Set([...line.values()].map((road) => road.to))
    for (const first of line.values()) {
      if (continued.has(first.from)) continue
      const points: Point[] = [first.shape[0] as Point]
      for (let road: Road | undefined = first; road; road = line.get(road.to)) points.push(...road.shape.slice(1))
      features.push(feature(first.class, straighten(points)))
    }
  }
  return features
}

/** Drops points that the straight line between the kept ones passes closely (Douglas and Peucker's rule). */
function straighten(points: Point[]): Point[] {
  if (points.length < 3) return points
  const [first, last] = [points[0] as Point, points.at(-1) as Point]
  const cos = cosLat(first[1])
  const [dx, dy] = [(last[0] - first[0]) * cos, last[1] - first[1]]
  const length = Math.hypot(dx, dy)
  let worst = 0
  let worstM = 0
  for (let k = 1; k < points.length - 1; k++) {
    const p = points[k] as Point
    const offM = (Math.abs((p[0] - first[0]) * cos * dy - (p[1] - first[1]) * dx) / length) * METERS_PER_DEGREE
    if (offM <= worstM) continue
    worst = k
    worstM = offM
  }
  if (worstM <= STRAIGHT_WITHIN_M) return [first, last]
  return [...straighten(points.slice(0, worst + 1)).slice(0, -1), ...straighten(points.slice(worst))]
}

const round = (degrees: number): number => Math.round(degrees * 1e5) / 1e5
const feature = (roadClass: string, points: Point[]): Feature => ({
  type: 'Feature',
  properties: { class: roadClass },
  geometry: { type: 'LineString', coordinates: points.map(([lon, lat]) => [round(lon), round(lat)]) },
})

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [directory, seed = String(ROAD_SEED)] = process.argv.slice(2)
  const usage = `Writes the made-up road network as GeoJSON for the offline base map; \`npm run build\` does it.

  node --import=tsx firmware-sim/roads/export.ts DIRECTORY [SEED]

  DIRECTORY  Where highways.geojson and streets.geojson go
  SEED       A whole number (default ${ROAD_SEED})
Example: node --import=tsx firmware-sim/roads/export.ts web/public/basemap
`
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    process.stdout.write(usage)
    process.exit(0)
  }
  if (!directory || !/^\d+$/.test(seed)) {
    process.stderr.write(usage)
    process.exit(2)
  }
  mkdirSync(directory, { recursive: true })
  for (const [name, collection] of Object.entries(roadsAsGeoJson(buildNetwork(Number(seed))))) {
    writeFileSync(join(directory, `${name}.geojson`), JSON.stringify(collection))
  }
}
