// The quickest way between two nodes, as a polyline with a speed for each segment.
import createGraph from 'ngraph.graph'
import { nba } from 'ngraph.path'
import { distanceM } from '../geo.ts'
import { chanceOf, hashText } from '../random.ts'
import type { Road, RoadNetwork } from './network.ts'

const MPS_PER_KPH = 1 / 3.6
const FASTEST_KPH = 110

/** Points of the way; segment k runs from point k to k + 1 at up to speedKph[k]. */
export type Route = { lon: Float64Array; lat: Float64Array; speedKph: Float32Array; lengthM: number }
export type Router = { findRoute(from: number, to: number): Route | undefined }

export function createRouter({ nodes, roads }: RoadNetwork): Router {
  const graph = createGraph<readonly [number, number], { road: Road; seconds: number }>()
  nodes.forEach((at, n) => {
    graph.addNode(n, at)
  })
  for (const road of roads) graph.addLink(road.from, road.to, { road, seconds: road.lengthM / (speedOf(road) * MPS_PER_KPH) })
  const finder = nba(graph, {
    distance: (_from, _to, link) => link.data.seconds,
    heuristic: ({ data: a }, { data: b }) => distanceM(a[0], a[1], b[0], b[1]) / (FASTEST_KPH * MPS_PER_KPH),
  })
  return {
    findRoute(from, to) {
      const path = finder.find(from, to)
      if (path.length < 2) return undefined
      if (path[0]?.id !== from) path.reverse()
      const links = path
        .slice(1)
        .map(
          (node, k) => (graph.getLink(path[k]?.id as number, node.id) ?? graph.getLink(node.id, path[k]?.id as number))?.data.road as Road,
        )
      return assemble(
        links,
        path.map((node) => node.id as number),
      )
    },
  }
}

/** Streets differ a little from line to line, which keeps routes on one street instead of a staircase through the grid. */
export function speedOf({ class: roadClass, line }: Road): number {
  const vary = chanceOf(hashText(line))
  if (roadClass === 'highway') return 100 + 10 * vary
  return roadClass === 'arterial' ? 56 + 6 * vary : 36 + 6 * vary
}

function assemble(roads: Road[], path: number[]): Route {
  const size = roads.reduce((sum, road) => sum + road.shape.length - 1, 1)
  const route = { lon: new Float64Array(size), lat: new Float64Array(size), speedKph: new Float32Array(size), lengthM: 0 }
  let k = 0
  roads.forEach((road, r) => {
    const shape = road.from === path[r] ? road.shape : road.shape.toReversed()
    for (const [lon, lat] of k === 0 ? shape : shape.slice(1)) {
      route.lon[k] = lon
      route.lat[k] = lat
      if (k > 0) route.speedKph[k - 1] = speedOf(road)
      k++
    }
    route.lengthM += road.lengthM
  })
  return route
}
