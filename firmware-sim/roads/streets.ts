// Streets: one bent lattice per league, of which each town keeps the part around its seat. Neighbouring towns share lines, so they merge.
// Every fourth line is an arterial and never has gaps; other lines lose blocks, the more the further out, so that a town looks grown.
import { leagues } from '../../services/domain/region/region.ts'
import { cosLat, distanceM, METERS_PER_DEGREE } from '../geo.ts'
import { chanceOf } from '../random.ts'
import type { Town } from './towns.ts'

export type RoadClass = 'street' | 'arterial' | 'highway'
/** A block's side: from node to node of the lattice; `line` names the lattice line that it lies on. */
export type Block = { a: string; b: string; class: RoadClass; line: string }
export type Streets = { nodes: Map<string, [number, number]>; blocks: Block[] }

type Lattice = { lon: number; lat: number; cos: number; spacingM: number; sin: number; cosine: number; bendM: number; waveM: number }

export function buildStreets(seed: number, towns: readonly Town[]): Streets {
  const nodes = new Map<string, [number, number]>()
  const blocks: Block[] = []
  leagues.forEach((league, index) => {
    const lattice = latticeOf(seed, index, league.seat)
    const centrality = new Map<string, number>()
    for (const town of towns) if (town.league === index) growTown(seed, index, lattice, town, centrality, nodes)
    for (const [key, central] of centrality) addBlocks(seed, index, key, central, centrality, blocks)
  })
  return { nodes, blocks }
}

function latticeOf(seed: number, league: number, [lon, lat]: readonly [number, number]): Lattice {
  const angle = (chanceOf(seed, league, 1) - 0.5) * 0.3
  return {
    lon,
    lat,
    cos: cosLat(lat),
    spacingM: 260 + 70 * chanceOf(seed, league, 2),
    sin: Math.sin(angle),
    cosine: Math.cos(angle),
    bendM: 70 + 60 * chanceOf(seed, league, 3),
    waveM: 6000 + 4000 * chanceOf(seed, league, 4),
  }
}

/** Marks the lattice nodes of a town with how central they are: 1 at the seat, 0 at the ragged edge. */
function growTown(
  seed: number,
  league: number,
  lattice: Lattice,
  town: Town,
  centrality: Map<string, number>,
  nodes: Map<string, [number, number]>,
): void {
  const [seatX, seatY] = toPlane(lattice, town.lon, town.lat)
  const reach = Math.ceil((town.radiusM * 1.5) / lattice.spacingM)
  const middleI = Math.round(seatX / lattice.spacingM)
  const middleJ = Math.round(seatY / lattice.spacingM)
  const [p, q] = [chanceOf(seed, Number(town.adcode), 5) * 6.28, chanceOf(seed, Number(town.adcode), 6) * 6.28]
  for (let i = middleI - reach; i <= middleI + reach; i++) {
    for (let j = middleJ - reach; j <= middleJ + reach; j++) {
      const at = nodeAt(seed, league, lattice, i, j)
      const bearing = Math.atan2(at[1] - town.lat, at[0] - town.lon)
      const edgeM = town.radiusM * (0.88 + 0.18 * Math.sin(2 * bearing + p) + 0.14 * Math.sin(5 * bearing + q))
      const central = 1 - distanceM(at[0], at[1], town.lon, town.lat) / edgeM
      if (central <= 0) continue
      const key = `${league}:${i}:${j}`
      centrality.set(key, Math.max(central, centrality.get(key) ?? 0))
      nodes.set(key, at)
    }
  }
}

function addBlocks(seed: number, league: number, key: string, central: number, centrality: Map<string, number>, blocks: Block[]): void {
  const [, i, j] = key.split(':').map(Number) as [number, number, number]
  for (const [di, dj] of [
    [1, 0],
    [0, 1],
  ] as const) {
    const other = `${league}:${i + di}:${j + dj}`
    const otherCentral = centrality.get(other)
    if (otherCentral === undefined) continue
    const [across, along, axis] = di ? [j, i, 0] : [i, j, 1]
    const arterial = across % 4 === 0
    const missing = missingShare(across, Math.min(central, otherCentral))
    if (!arterial && chanceOf(seed, league, axis, across, Math.floor(along / 2)) < missing) continue
    blocks.push({ a: key, b: other, class: arterial ? 'arterial' : 'street', line: `${league}:${axis}:${across}` })
  }
}

/** Share of a street line's blocks that were never built: lanes between main streets fade out first. */
function missingShare(across: number, central: number): number {
  if (central > 0.5) return 0.12
  return across % 2 === 0 ? 0.22 : 0.45 + 0.4 * (0.5 - central)
}

function nodeAt(seed: number, league: number, lattice: Lattice, i: number, j: number): [number, number] {
  const x = (i + (chanceOf(seed, league, 7, i) - 0.5) * 0.55) * lattice.spacingM
  const y = (j + (chanceOf(seed, league, 8, j) - 0.5) * 0.55) * lattice.spacingM
  const bentX = x + lattice.bendM * Math.sin((y / lattice.waveM) * 6.2832)
  const bentY = y + lattice.bendM * Math.sin((x / lattice.waveM) * 6.2832 + 1)
  const east = bentX * lattice.cosine - bentY * lattice.sin
  const north = bentX * lattice.sin + bentY * lattice.cosine
  return [lattice.lon + east / (METERS_PER_DEGREE * lattice.cos), lattice.lat + north / METERS_PER_DEGREE]
}

function toPlane(lattice: Lattice, lon: number, lat: number): [number, number] {
  const east = (lon - lattice.lon) * METERS_PER_DEGREE * lattice.cos
  const north = (lat - lattice.lat) * METERS_PER_DEGREE
  return [east * lattice.cosine + north * lattice.sin, north * lattice.cosine - east * lattice.sin]
}
