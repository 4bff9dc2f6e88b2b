// The matrix standing: a furnished region that takes back what is done to it, everybody who asks, and a sound request to every endpoint.
import tap from 'tap'
import type { Endpoint } from '../../../services/contracts/api/endpoint.ts'
import { api, type EndpointName } from '../../../services/contracts/api.ts'
import { endStanding, standing } from '../../harness/standing.ts'
import { ask, openRegion, startWorld, type World } from '../world.ts'
import { type Actor, makeActors } from './actors.ts'
import { atTheDoor, inside, type Outcome, reaches, Tree } from './expected.ts'
import { RewindingDatabase } from './rewind.ts'
import type { Aim, Asked, List, Parts, Plain, Row } from './row.ts'
import { matrix } from './rows.ts'
import { addUnits, furnishSites, type Sites } from './sites.ts'

export type Answer = Awaited<ReturnType<typeof ask>>
export type Sound = { name: EndpointName; endpoint: Endpoint; actor: Actor; parts: Parts; told: Outcome; of: Aim | Plain | List }
export type Matrix = { db: RewindingDatabase; world: World; sites: Sites; actors: Actor[]; tree: Tree }

export const rows = Object.entries(matrix) as [EndpointName, Row][]
export const endpointOf = (name: EndpointName): Endpoint => api[name]

let begun: Promise<Matrix> | undefined
// Helpers are given the root of their process, not the file's test.
tap.teardown(endStanding)

/** One for the files that a process plays after each other: what they do to it is taken back, and to furnish it takes as long as a thousand cells. */
export function beginMatrix(): Promise<Matrix> {
  begun ??= furnishMatrix(standing)
  return begun
}

async function furnishMatrix(t: Parameters<typeof openRegion>[0]): Promise<Matrix> {
  const db = new RewindingDatabase(await openRegion(t))
  t.teardown(() => db.letGo())
  t.teardown(() => {
    begun = undefined
  })
  await addUnits(db)
  const before = await startWorld(t, db)
  const sites = await furnishSites(before)
  const actors = await makeActors(before, sites)
  // Its clockwork would go on asking beside the other's.
  await before.app.close()
  // Begun after everything stands, so that its live picture knows it; and it stands still, for what a cell changes is taken back
  // before anybody could look at it.
  const world = await startWorld(t, db)
  world.feed.checkLedger = () => undefined
  const { rows: units } = await db.query<{ id: number; parent: number | null }>(
    'SELECT organisation_id AS id, parent_id AS parent FROM organisations',
  )
  return { db, world, sites, actors, tree: new Tree(units) }
}

/** Asks, with the actor's purpose where the query takes one. */
export async function send({ world }: Matrix, name: EndpointName, actor: Actor, parts: Parts): Promise<Answer> {
  const takesPurpose = actor.purpose !== undefined && 'purpose' in (endpointOf(name).query?.shape ?? {})
  const query = takesPurpose ? { ...parts.query, purpose: actor.purpose } : parts.query
  const answer = (await ask(world, name, actor.signed, { ...parts, ...(query ? { query } : {}) })) as Answer
  if (name === 'verifyAudit' && answer.status === 200) await verificationEnds(world, actor)
  return answer
}

/** It goes on after the answer: what it reads must not be taken back under it. */
async function verificationEnds(world: World, actor: Actor): Promise<void> {
  for (;;) if ((await ask(world, 'getAuditVerification', actor.signed)).json().state !== 'running') return
}

/** For every endpoint a request by someone who may, of what is their own: done where the matrix can have it done. */
export function soundRequests({ actors, sites, tree }: Matrix): Sound[] {
  const people = actors.filter(({ kind }) => kind === 'person')
  return rows.map(([name, row]) => {
    const endpoint = endpointOf(name)
    const found: Sound[] = []
    for (const actor of people) {
      const asked: Asked = { actor, site: sites.own, sites, tree }
      for (const of of Object.values(row.aims ?? {}))
        if (!atTheDoor(endpoint, actor, of) && reaches(tree, endpoint, actor, of, sites.own, sites))
          found.push({ name, endpoint, actor, parts: of.at(sites.own, sites), told: inside(asked, of), of })
      for (const of of [...(row.plain ? [row.plain] : []), ...Object.values(row.lists ?? {})]) {
        const request = typeof of.request === 'function' ? of.request(sites) : (of.request ?? {})
        if (!atTheDoor(endpoint, actor, of)) found.push({ name, endpoint, actor, parts: request, told: inside(asked, of), of })
      }
    }
    const sound = found.find(({ told }) => told === 'OK') ?? found[0]
    if (sound) return sound
    // Nothing of a caller's own is furnished: to whoever may ask, any number will do.
    const path = row.aims!.path!
    const actor = people.findLast((person) => atTheDoor(endpoint, person, path) === undefined)!
    return { name, endpoint, actor, parts: path.at(sites.own, sites), told: 'NOT_FOUND', of: path }
  })
}
