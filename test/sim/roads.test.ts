import t from 'tap'
import { Components } from '../../firmware-sim/roads/components.ts'
import { roadsAsGeoJson } from '../../firmware-sim/roads/export.ts'
import { buildNetwork } from '../../firmware-sim/roads/network.ts'
import { createRouter } from '../../firmware-sim/roads/router.ts'

const network = buildNetwork(1)

t.test('every node of the network can be reached from every other', async (t) => {
  const parts = new Components(network.nodes.length)
  for (const { from, to } of network.roads) parts.join(from, to)
  t.equal(new Set(network.nodes.map((_, n) => parts.of(n))).size, 1)
})

t.test('all 115 seats have a town with streets', async (t) => {
  t.equal(network.towns.length, 115)
  t.ok(network.townNodes.every((nodes) => nodes.length >= 40))
})

t.test('the same seed builds the same network and another seed another', async (t) => {
  t.same(buildNetwork(1).nodes, network.nodes)
  t.notSame(buildNetwork(2).nodes.slice(0, 50), network.nodes.slice(0, 50))
})

t.test('a route joins its ends, goes at the speed of its roads and is no shorter than the straight line', async (t) => {
  const [from, to] = [network.townNodes[0]?.[0] as number, network.townNodes[60]?.[0] as number]
  const route = createRouter(network).findRoute(from, to)
  t.same([route?.lon[0], route?.lat[0]], network.nodes[from])
  t.same([route?.lon.at(-1), route?.lat.at(-1)], network.nodes[to])
  t.ok(route && route.lengthM > 300_000 && Math.max(...route.speedKph) <= 110)
  t.ok(route && Math.min(...route.speedKph.slice(0, -1)) >= 36)
})

t.test('the exported map is small, classed and rounded to five decimals', async (t) => {
  const { highways, streets } = roadsAsGeoJson(network)
  t.ok(JSON.stringify(highways).length < 300_000)
  t.ok(JSON.stringify(streets).length < 2_500_000)
  t.same([...new Set(highways.features.map(({ properties }) => properties.class))], ['highway'])
  t.same(new Set(streets.features.map(({ properties }) => properties.class)), new Set(['street', 'arterial']))
  t.notMatch(JSON.stringify(streets), /\.\d{6}/)
})
