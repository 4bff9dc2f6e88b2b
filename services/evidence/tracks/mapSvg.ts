// A track as a picture, drawn without network and without fonts: the region's outlines and roads as the offline map has them, the track on them, where it begins and
// ends. Letters stand in the report, whose font is known; here there are none.
import type { EvidenceTrack, TrackRun } from './track.ts'

type Ring = readonly (readonly [number, number])[]
/** Of the offline map, in WGS-84; each may be empty. */
export type Ground = { outlines: readonly Ring[]; roads: readonly Ring[] }

export const MAP_SIZE = { width: 1600, height: 1000 }
const MARGIN = 60
const colours = {
  ground: '#f6f7f4',
  region: '#e9ece4',
  outline: '#b9c0b0',
  road: '#cfc7a8',
  halo: '#ffffff',
  track: '#d0421b',
  begin: '#1d6b3a',
  end: '#1f4fa3',
}
/** Degrees of latitude: a vehicle that stood still is shown with some ground around it. */
const LEAST_SPAN = 0.02

/** Undefined where there is no line to draw. */
export function mapSvg(
  { arrays: { lonE7, latE7 } }: EvidenceTrack,
  runs: readonly TrackRun[],
  { outlines, roads }: Ground,
): string | undefined {
  if (runs.length === 0) return undefined
  const box = boxOf(runs, lonE7, latE7)
  const stretch = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180)
  const spanX = Math.max((box.east - box.west) * stretch, LEAST_SPAN)
  const spanY = Math.max(box.north - box.south, LEAST_SPAN)
  const scale = Math.min((MAP_SIZE.width - 2 * MARGIN) / spanX, (MAP_SIZE.height - 2 * MARGIN) / spanY)
  const [midLon, midLat] = [(box.west + box.east) / 2, (box.south + box.north) / 2]
  const x = (lon: number) => Math.round((MAP_SIZE.width / 2 + (lon - midLon) * stretch * scale) * 10) / 10
  const y = (lat: number) => Math.round((MAP_SIZE.height / 2 - (lat - midLat) * scale) * 10) / 10
  const path = (ring: Ring) => ring.map(([lon, lat], n) => `${n === 0 ? 'M' : 'L'}${x(lon)} ${y(lat)}`).join('')
  const near = (ring: Ring) =>
    ring.some(
      ([lon, lat]) => x(lon) > -MAP_SIZE.width && x(lon) < 2 * MAP_SIZE.width && y(lat) > -MAP_SIZE.height && y(lat) < 2 * MAP_SIZE.height,
    )
  const line = runs.map((run) => lineOf(run, (i) => [x(lonE7[i]! / 1e7), y(latE7[i]! / 1e7)])).join('')
  const dot = (i: number, colour: string) =>
    `<circle cx="${x(lonE7[i]! / 1e7)}" cy="${y(latE7[i]! / 1e7)}" r="11" fill="${colour}" stroke="${colours.halo}" stroke-width="4"/>`
  const { width, height } = MAP_SIZE
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${colours.ground}"/>`,
    `<path d="${outlines.map(path).join('')}" fill="${colours.region}" stroke="${colours.outline}" stroke-width="2"/>`,
    `<path d="${roads.filter(near).map(path).join('')}" fill="none" stroke="${colours.road}" stroke-width="2" stroke-linejoin="round"/>`,
    `<path d="${line}" fill="none" stroke="${colours.halo}" stroke-width="9" stroke-linejoin="round" stroke-linecap="round"/>`,
    `<path d="${line}" fill="none" stroke="${colours.track}" stroke-width="5" stroke-linejoin="round" stroke-linecap="round"/>`,
    dot(runs[0]![0]!, colours.begin),
    dot(runs.at(-1)!.at(-1)!, colours.end),
    '</svg>',
  ].join('')
}

/** Points that fall on the one before are left out: a month stands still most of the time. */
function lineOf(run: TrackRun, place: (i: number) => [number, number]): string {
  const parts: string[] = []
  let before: [number, number] | undefined
  for (const i of run) {
    const [x, y] = place(i)
    if (before && Math.abs(before[0] - x) < 0.5 && Math.abs(before[1] - y) < 0.5) continue
    parts.push(`${before ? 'L' : 'M'}${x} ${y}`)
    before = [x, y]
  }
  // A lone place has an end of a line of no length, which is drawn round.
  return parts.length === 1 ? `${parts[0]}l0.1 0` : parts.join('')
}

function boxOf(runs: readonly TrackRun[], lonE7: Float64Array, latE7: Float64Array) {
  const box = { west: 180, south: 90, east: -180, north: -90 }
  for (const run of runs)
    for (const i of run) {
      const [lon, lat] = [lonE7[i]! / 1e7, latE7[i]! / 1e7]
      box.west = Math.min(box.west, lon)
      box.east = Math.max(box.east, lon)
      box.south = Math.min(box.south, lat)
      box.north = Math.max(box.north, lat)
    }
  return box
}
