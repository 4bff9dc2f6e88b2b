// GeoJSON (RFC 7946): lines, each a segment, with the times of their places where a feature has `coordTimes` (or `times`), as ours and toGeoJSON's have.
import { Gathered, refuseTrack } from './track.ts'
import { timeOf } from './xmlTrack.ts'

type Json = Record<string, unknown>

/** @throws Refusal */
export function readGeojsonTrack(text: string): Gathered {
  const gathered = new Gathered()
  const seen = { points: 0, places: 0 }
  const root = parse(text)
  const features = root.type === 'FeatureCollection' ? listOf(root.features) : [root]
  for (const feature of features as Json[]) {
    if (typeof feature !== 'object' || feature === null) continue
    const geometry = (feature.type === 'Feature' ? feature.geometry : feature) as Json | null
    const properties = (feature.type === 'Feature' && typeof feature.properties === 'object' ? (feature.properties ?? {}) : {}) as Json
    const times = listOf(properties.coordTimes ?? properties.times ?? (properties.coordinateProperties as Json | undefined)?.times)
    if (geometry?.type === 'LineString') addLine(gathered, seen, listOf(geometry.coordinates), times)
    else if (geometry?.type === 'MultiLineString')
      for (const [n, line] of listOf(geometry.coordinates).entries()) addLine(gathered, seen, listOf(line), listOf(times[n]))
    // A lone report between two gaps.
    else if (geometry?.type === 'Point' && times.length === 1) addLine(gathered, seen, [geometry.coordinates], times)
    else if (geometry?.type === 'Point' || geometry?.type === 'MultiPoint') seen.points++
  }
  if (seen.places === 0 && seen.points > 0) refuseTrack('exhibit.waypoints', { n: seen.points })
  return gathered
}

function addLine(gathered: Gathered, seen: { places: number }, line: unknown[], times: unknown[]): void {
  gathered.begin()
  for (const [n, place] of line.entries()) {
    const [lon, lat] = Array.isArray(place) ? place : []
    const where = ++seen.places
    gathered.add(asNumber(lon), asNumber(lat), typeof times[n] === 'string' ? timeOf(times[n], where) : Number.NaN, where)
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const asNumber = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)

function parse(text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const at = /position (\d+)/.exec((error as Error).message)?.[1]
    return refuseTrack('exhibit.broken', { line: at === undefined ? 1 : text.slice(0, Number(at)).split('\n').length })
  }
  const type = typeof value === 'object' && value !== null ? String((value as Json).type) : '?'
  if (!['FeatureCollection', 'Feature', 'LineString', 'MultiLineString', 'Point', 'MultiPoint'].includes(type))
    return refuseTrack('exhibit.kind', { root: type.slice(0, 40) })
  return value as Json
}
