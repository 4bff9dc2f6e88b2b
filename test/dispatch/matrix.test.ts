// Every route × every role × own, below, sibling, parent, other organisation and absent: what comes back follows from the permission table
// and the tree, nothing outside differs from what does not exist, and a refusal leaves nothing behind. This is its first part, and whether
// the parts are all of it; the others are beside it.
import { readdirSync } from 'node:fs'
import t from 'tap'
import { long } from '../harness/long.ts'
import { endpointOf, rows } from './matrix/begin.ts'
import { PARTS, playPart } from './matrix/judge.ts'
import { otherRoutes } from './matrix/rows.ts'

const { world } = await playPart(t, 1, long)

t.test('every part of the matrix is a file that is played', async (t) => {
  const played = readdirSync(import.meta.dirname).filter((name) => /^matrix\d?\.test\.ts$/.test(name))
  t.same(played.sort(), ['matrix.test.ts', ...Array.from({ length: PARTS - 1 }, (_, k) => `matrix${k + 2}.test.ts`)])
})

t.test('every route that the server has is a row of the matrix', async (t) => {
  const known = new Set([
    ...rows.map(([name]) => `${endpointOf(name).method} /api/v1${endpointOf(name).path}`),
    ...Object.keys(otherRoutes),
  ])
  const registered = routesOf(world.app.printRoutes({ commonPrefix: false }))
  t.ok(registered.length >= rows.length, `${registered.length} routes`)
  t.same(
    registered.filter((route) => !known.has(route)),
    [],
  )
})

/** Fastify prints its routes as a tree of path parts; HEAD stands beside each GET and is answered by the same door. */
function routesOf(printed: string): string[] {
  const path: string[] = []
  const routes: string[] = []
  for (const line of printed.split('\n')) {
    const parsed = /^([│ ├└─]*)(\S+)(?: \(([A-Z, ]+)\))?$/u.exec(line)
    if (!parsed) continue
    const depth = Math.round(parsed[1]!.length / 4)
    path.splice(depth - 1, Number.POSITIVE_INFINITY, parsed[2]!)
    for (const method of parsed[3]?.split(', ') ?? []) if (method !== 'HEAD') routes.push(`${method} ${path.join('')}`)
  }
  return routes
}
