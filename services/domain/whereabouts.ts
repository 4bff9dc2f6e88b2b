// Where a place of a request is, as far as its name or its point says: in which league, outside the region, and how far the way is. Pure and
// approximate: a name says more than a point, of points the nearest seat counts, and what neither says is not known.
import { distanceM, type LonLat } from './geofence.ts'
import { leagues, REGION_NAME } from './region/region.ts'
import { estimateLeg } from './roads.ts'

export type NamedPoint = { name: string; lon: number | null; lat: number | null }
/** `league`: its code; null = outside the region. */
export type Whereabouts = { league: string | null; at: LonLat }

/** Where a journey out of the region most often goes: cities beyond the border, approximately. */
const beyond: readonly (readonly [name: string, at: LonLat])[] = [
  ['北京', [116.4, 39.9]],
  ['天津', [117.2, 39.13]],
  ['张家口', [114.89, 40.77]],
  ['承德', [117.93, 40.97]],
  ['石家庄', [114.51, 38.04]],
  ['大同', [113.3, 40.08]],
  ['朔州', [112.43, 39.33]],
  ['忻州', [112.73, 38.42]],
  ['太原', [112.55, 37.87]],
  ['榆林', [109.73, 38.29]],
  ['西安', [108.94, 34.34]],
  ['银川', [106.23, 38.49]],
  ['石嘴山', [106.38, 38.98]],
  ['中卫', [105.19, 37.5]],
  ['武威', [102.64, 37.93]],
  ['张掖', [100.45, 38.93]],
  ['酒泉', [98.49, 39.73]],
  ['兰州', [103.83, 36.06]],
  ['朝阳市', [120.45, 41.57]],
  ['阜新', [121.67, 42.02]],
  ['沈阳', [123.43, 41.81]],
  ['四平', [124.35, 43.17]],
  ['长春', [125.32, 43.82]],
  ['白城', [122.84, 45.62]],
  ['松原', [124.83, 45.14]],
  ['齐齐哈尔', [123.92, 47.35]],
  ['哈尔滨', [126.64, 45.76]],
  ['黑河', [127.53, 50.25]],
  ['加格达奇', [124.12, 50.42]],
]
/** Names of which a part names no place by itself: 新城区 is the district, 新城 is a word. */
const shortOf = (name: string): string => (name.length > 3 ? name.replace(/(自治旗|市|盟|区|县|旗)$/, '') : name)

type Known = { names: string[]; where: Whereabouts }
const known: readonly Known[] = [
  ...leagues.flatMap(({ adcode, counties }) =>
    counties.map(({ name, seat }): Known => ({ names: [name, shortOf(name)], where: { league: adcode, at: seat } })),
  ),
  ...leagues.map(({ adcode, name, seat }): Known => ({ names: [name, shortOf(name)], where: { league: adcode, at: seat } })),
  ...beyond.map(([name, at]): Known => ({ names: [name], where: { league: null, at } })),
]

/** The place that the name names: of several the longest, so that 呼和浩特市新城区 is the district. Undefined where it names none. */
function findNamed(name: string): Whereabouts | undefined {
  const text = name.replace(REGION_NAME, '')
  let best: { length: number; where: Whereabouts } | undefined
  for (const { names, where } of known)
    for (const each of names) if (text.includes(each) && (!best || each.length > best.length)) best = { length: each.length, where }
  return best?.where
}

/** @returns undefined where neither its name nor a point says it */
export function locate({ name, lon, lat }: NamedPoint): Whereabouts | undefined {
  const point: LonLat | undefined = lon === null || lat === null ? undefined : [lon, lat]
  const named = findNamed(name)
  if (named) return { ...named, at: point ?? named.at }
  if (!point) return undefined
  const nearest = known.reduce((a, b) => (distanceM(b.where.at, point) < distanceM(a.where.at, point) ? b : a))
  return { league: nearest.where.league, at: point }
}

export type Journey = {
  /** By road, one way, from the first to the last place through those between; null where one of them is not known. */
  km: number | null
  /** null: not known of one of the places, and of none of them is it known that it is so. */
  leavesLeague: boolean | null
  leavesRegion: boolean | null
}

/** @param home the code of the league that the unit is of; null for a unit of the region itself, which leaves no league */
export function journeyOf(stops: readonly NamedPoint[], home: string | null, atMs: number): Journey {
  const places = stops.map(locate)
  const some = (test: (where: Whereabouts) => boolean): boolean | null =>
    places.some((where) => where && test(where)) ? true : places.includes(undefined) ? null : false
  const points = places.flatMap((where) => (where ? [where.at] : []))
  const km = points.slice(1).reduce((sum, at, n) => sum + estimateLeg(points[n]!, at, atMs).km, 0)
  return {
    km: points.length < stops.length ? null : Math.round(km * 10) / 10,
    leavesLeague: home === null ? some(({ league }) => league === null) : some(({ league }) => league !== home),
    leavesRegion: some(({ league }) => league === null),
  }
}
