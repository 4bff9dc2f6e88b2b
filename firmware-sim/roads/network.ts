// The road network: streets and highways as one connected graph of numbered nodes. Same seed, same network.
import { distanceM } from '../geo.ts'
import { Components } from './components.ts'
import { listHighwayPairs, meander } from './highways.ts'
import { NodeIndex } from './nodeIndex.ts'
import { type Block, buildStreets, type RoadClass, type Streets } from './streets.ts'
import { listTowns, type Town } from './towns.ts'

export type Road = {
  from: number
  to: number
  class: RoadClass
  lengthM: number
  /** The lattice line of a street, for merging blocks into long lines. */
  line: string
  /** [lon, lat] from `from` to `to`, both included. */
  shape: readonly (readonly [number, number])[]
}
export type RoadNetwork = {
  towns: readonly Town[]
  nodes: readonly (readonly [number, number])[]
  roads: readonly Road[]
  /** Street nodes of each town. */
  townNodes: readonly (readonly number[])[]
  /** Hamlets on the highways within reach of each town. */
  hamlets: readonly (readonly number[])[]
}

/** The network everyone drives on and the map shows; apart from the seed of the driving. */
export const ROAD_SEED = 1
/** Highways pass a hamlet, a node where one may stop, every so many points. */
const HAMLET_EVERY_POINTS = 4
const HAMLET_REACH_M = 45_000
/** A highway begins where the last street node is this far away. */
const TOWN_EDGE_M = 600

export function buildNetwork(seed: number): RoadNetwork {
  const towns = listTowns(seed)
  const { nodes, roads } = numberStreets(buildStreets(seed, towns), towns)
  const index = new NodeIndex(nodes.slice())
  const streetNodes = nodes.length
  const parts = new Components(nodes.length)
  for (const road of roads) parts.join(road.from, road.to)
  const seatNode = towns.map((town) => index.nearest(town.lon, town.lat, 5000) as number)
  for (const [a, b] of listHighwayPairs(towns)) {
    const [from, to] = [seatNode[a] as number, seatNode[b] as number]
    const way = cutAtTowns(meander(seed, towns[a] as Town, towns[b] as Town), index, nodes)
    if (!way && parts.of(from) === parts.of(to)) continue
    const shape = way?.shape ?? [nodes[from] as [number, number], nodes[to] as [number, number]]
    const ends: [number, number] = way?.ends ?? [from, to]
    roads.push(...splitAtHamlets(`h:${a}:${b}`, ends, shape, nodes))
    parts.join(...ends)
  }
  const streets = nodes.slice(0, streetNodes)
  const townNodes = towns.map((town, t) => {
    const near = nodesWithin(streets, town, town.radiusM)
    return near.length > 0 ? near : [seatNode[t] as number]
  })
  const outside = nodes.slice(streetNodes)
  const hamlets = towns.map((town) => nodesWithin(outside, town, HAMLET_REACH_M).map((n) => n + streetNodes))
  return { towns, nodes, roads, townNodes, hamlets }
}

function nodesWithin(nodes: readonly (readonly [number, number])[], town: Town, withinM: number): number[] {
  return nodes.flatMap(([lon, lat], n) => (Math.abs(lat - town.lat) < 0.5 && distanceM(lon, lat, town.lon, town.lat) < withinM ? [n] : []))
}

/** Cuts a highway into roads between hamlets, which become nodes. */
function splitAtHamlets(line: string, ends: [number, number], shape: [number, number][], nodes: [number, number][]): Road[] {
  const pieces: Road[] = []
  let from = ends[0]
  let start = 0
  for (let k = 1; k < shape.length; k++) {
    const last = k === shape.length - 1
    if (!last && (k % HAMLET_EVERY_POINTS !== 0 || k > shape.length - 3)) continue
    const to = last ? ends[1] : nodes.push(shape[k] as [number, number]) - 1
    const piece = shape.slice(start, k + 1)
    pieces.push({ from, to, class: 'highway', line, lengthM: lengthOf(piece), shape: piece })
    from = to
    start = k
  }
  return pieces
}

/** Numbers the street nodes, leaving out scraps of street that no seat can reach. */
function numberStreets({ nodes: places, blocks }: Streets, towns: readonly Town[]): { nodes: [number, number][]; roads: Road[] } {
  const keys = [...places.keys()]
  const number = new Map(keys.map((key, n) => [key, n]))
  const all = keys.map((key) => places.get(key) as [number, number])
  const parts = new Components(all.length)
  for (const { a, b } of blocks) parts.join(number.get(a) as number, number.get(b) as number)
  const sizes = new Map<number, number>()
  for (let n = 0; n < all.length; n++) sizes.set(parts.of(n), (sizes.get(parts.of(n)) ?? 0) + 1)
  const index = new NodeIndex(all.map((at, n) => ((sizes.get(parts.of(n)) as number) >= 40 ? at : undefined)))
  const kept = new Set(towns.map((town) => parts.of(index.nearest(town.lon, town.lat, 5000) as number)))
  const renumbered = new Map<string, number>()
  const nodes: [number, number][] = []
  for (const key of keys) {
    if (!kept.has(parts.of(number.get(key) as number))) continue
    renumbered.set(key, nodes.length)
    nodes.push(places.get(key) as [number, number])
  }
  const roads = blocks.filter(({ a }) => renumbered.has(a)).map((block) => roadOf(block, renumbered, nodes))
  return { nodes, roads }
}

function roadOf({ a, b, class: roadClass, line }: Block, numbers: Map<string, number>, nodes: [number, number][]): Road {
  const [from, to] = [numbers.get(a) as number, numbers.get(b) as number]
  const shape = [nodes[from] as [number, number], nodes[to] as [number, number]]
  return { from, to, class: roadClass, line, lengthM: lengthOf(shape), shape }
}

type Way = { ends: [number, number]; shape: [number, number][] }

/** The part of a way between two towns' edges, tied to the streets there; undefined when it never leaves the streets. */
function cutAtTowns(way: [number, number][], index: NodeIndex, nodes: readonly [number, number][]): Way | undefined {
  const fine = way.flatMap((p, k) => {
    const q = way[k + 1]
    if (!q) return [{ at: p, corner: true }]
    return Array.from({ length: 12 }, (_, s) => ({
      at: [p[0] + ((q[0] - p[0]) * s) / 12, p[1] + ((q[1] - p[1]) * s) / 12] as [number, number],
      corner: s === 0,
    }))
  })
  const inTown = ({ at }: { at: [number, number] }) => index.nearest(at[0], at[1], TOWN_EDGE_M) !== undefined
  const first = fine.findIndex((p) => !inTown(p))
  const last = fine.findLastIndex((p) => !inTown(p))
  if (first <= 0 || last < 0 || last >= fine.length - 1) return undefined
  const [enter, leave] = [fine[first - 1]?.at as [number, number], fine[last + 1]?.at as [number, number]]
  const ends: [number, number] = [index.nearest(...enter, TOWN_EDGE_M) as number, index.nearest(...leave, TOWN_EDGE_M) as number]
  if (ends[0] === ends[1]) return undefined
  const middle = fine.slice(first, last + 1).filter(({ corner }, k, all) => corner || k === 0 || k === all.length - 1)
  return { ends, shape: [nodes[ends[0]] as [number, number], ...middle.map(({ at }) => at), nodes[ends[1]] as [number, number]] }
}

function lengthOf(shape: readonly (readonly [number, number])[]): number {
  let sum = 0
  for (let k = 1; k < shape.length; k++) {
    const [p, q] = [shape[k - 1] as readonly [number, number], shape[k] as readonly [number, number]]
    sum += distanceM(p[0], p[1], q[0], q[1])
  }
  return sum
}
