// GeoJSON (RFC 7946): lines, each a segment, with the times of their places where a feature has `coordTimes` (or `times`), as ours and toGeoJSON's have.
import { Gathered, refuseTrack } from './track.ts'
import { timeOf } from './xmlTrack.ts'

type Json = Record<string, unknown>
const KINDS = ['FeatureCollection', 'Feature', 'GeometryCollection', 'LineString', 'MultiLineString', 'Point', 'MultiPoint']

/** @throws Refusal */
export function readGeojsonTrack(text: string): Gathered {
  const gathered = new Gathered()
  const seen = { points: 0, places: 0 }
  const root = parse(text)
  const features = root.type === 'FeatureCollection' ? listOf(root.features) : [root]
  for (const feature of features as Json[]) {
    if (typeof feature !== 'object' || feature === null) continue
    const whole = (feature.type === 'Feature' ? feature.geometry : feature) as Json | null
    const properties = (feature.type === 'Feature' && typeof feature.properties === 'object' ? (feature.properties ?? {}) : {}) as Json
    const times = listOf(properties.coordTimes ?? properties.times ?? (properties.coordinateProperties as Json | undefined)?.times)
    const geometries = whole?.type === 'GeometryCollection' ? (listOf(whole.geometries) as (Json | null)[]) : [whole]
    for (const geometry of geometries) addGeometry(gathered, seen, geometry, times)
  }
  if (seen.places === 0 && seen.points > 0) refuseTrack('exhibit.waypoints', { n: seen.points })
  return gathered
}

function addGeometry(gathered: Gathered, seen: { points: number; places: number }, geometry: Json | null, times: unknown[]): void {
  if (geometry?.type === 'LineString') addLine(gathered, seen, listOf(geometry.coordinates), times)
  else if (geometry?.type === 'MultiLineString')
    for (const [n, line] of listOf(geometry.coordinates).entries()) addLine(gathered, seen, listOf(line), listOf(times[n]))
  // A lone report between two gaps.
  else if (geometry?.type === 'Point' && times.length === 1) addLine(gathered, seen, [geometry.coordinates], times)
  else if (geometry?.type === 'Point' || geometry?.type === 'MultiPoint') seen.points++
}

function addLine(gathered: Gathered, seen: { places: number }, line: unknown[], times: unknown[]): void {
  gathered.begin()
  for (const [n, place] of line.entries()) {
    const [lon, lat] = Array.isArray(place) ? place : []
    const where = ++seen.places
    gathered.add(asNumber(lon), asNumber(lat), timeSaid(times[n], where), where)
  }
}

/** As text, or in milliseconds since 1970 as programs of maps write it. @throws Refusal for what is neither: as many seconds would be a day of 1970 */
function timeSaid(said: unknown, where: number): number {
  if (said === undefined || said === null) return Number.NaN
  if (typeof said === 'string') return timeOf(said, where)
  if (typeof said === 'number' && said > EARLIEST_MS && said < LATEST_MS) return said
  return refuseTrack('exhibit.time', { where, time: String(said).slice(0, 40) })
}
/** Before the first satellite of any positioning system was up, and after any clock that is right. */
const [EARLIEST_MS, LATEST_MS] = [Date.UTC(1978, 0, 1), Date.UTC(2200, 0, 1)]

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const asNumber = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN)

function parse(text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // Where it is broken is told of some mistakes alone.
    const at = /position (\d+)/.exec((error as Error).message)?.[1]
    return at === undefined
      ? refuseTrack('exhibit.json')
      : refuseTrack('exhibit.broken', { line: text.slice(0, Number(at)).split('\n').length })
  }
  const said = (value as Json).type
  const type = typeof said === 'string' ? said : 'JSON'
  if (!KINDS.includes(type)) return refuseTrack('exhibit.kind', { root: type.slice(0, 40) })
  return value as Json
}
