// Where vehicles were, asked of every route that tells it: without a case, in one of others, beyond one, of what is not released, by guessed numbers: refused
// and on record. The routes are those of the API table that say so (`past`), and whatever reads a past without saying so is found.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Endpoint } from '../../services/contracts/api/endpoint.ts'
import { api, type EndpointName } from '../../services/contracts/api.ts'
import { furnishOrders } from './matrix/orderSite.ts'
import type { Parts, Row } from './matrix/row.ts'
import { matrix, otherRoutes } from './matrix/rows.ts'
import type { Site, Sites } from './matrix/sites.ts'
import { NOW_MS, putState } from './region.ts'
import { ask, openRegion, startWorld } from './world.ts'

const db = await openRegion(t)
await putState(db, { vehicleId: 202 })
await db.query(
  `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, demo)
   SELECT 'inspector.two', 'inspector.two', password_hash, 'inspector', 2, true FROM accounts WHERE username = 'inspector'`,
)
const { rows: askers } = await db.query<{ id: number }>(`SELECT account_id AS id FROM accounts WHERE username = 'applicant'`)
const orders = await furnishOrders(db.owner, { unit: 20, asker: askers[0]!.id, vehicle: 202, driver: 1 })
const LON = '111.7654321'
await db.query(
  `INSERT INTO positions (vehicle_id, ts, received_at, lon_e7, lat_e7, flags, alarms)
   SELECT v, to_timestamp($1::float8 / 1000) - make_interval(mins => m), now(), 1117654321, 408000000, 1, 0
   FROM unnest('{201,202,211}'::int[]) v, generate_series(1, 50) m`,
  [NOW_MS],
)
const world = await startWorld(t, db)
const [inspector, two] = await Promise.all(['inspector', 'inspector.two'].map((name) => world.signIn(name)))
const at = (hours: number) => new Date(NOW_MS + hours * 3_600_000).toISOString()
const purpose = '核查举报线索'

const open = async (by: typeof inspector, more: object) => {
  const answer = await ask(world, 'openCase', by, { body: { purpose, basis: '来信举报', from: at(-48), until: at(6), ...more } })
  t.equal(answer.status, 200, answer.body)
  return answer.json()
}
const release = async ({ vehicleRows }: Awaited<ReturnType<typeof open>>) => {
  for (const { caseVehicleId, state } of vehicleRows)
    if (state === 'WAITING')
      await ask(world, 'actOnCaseVehicle', two, { params: { caseVehicleId }, body: { action: 'release', version: 1, reason: purpose } })
}
const released = await open(inspector, { vehicleIds: [202] })
await release(released)
const others = await open(two, { vehicleIds: [202] })
const waiting = await open(inspector, { vehicleIds: [202] })
const without = await open(inspector, { vehicleIds: [201] })
const elsewhen = await open(inspector, { from: at(-96), until: at(-72), vehicleIds: [202] })
await release(elsewhen)
const closed = await open(inspector, { vehicleIds: [202] })
await release(closed)
await ask(world, 'actOnCase', inspector, { params: { caseId: closed.caseId }, body: { action: 'close', version: 1, reason: purpose } })
await db.owner.query('UPDATE vehicles SET secrecy = true WHERE vehicle_id = 211')

const past = (Object.entries(api) as [EndpointName, Endpoint][]).filter(([, endpoint]) => endpoint.past)
/** A request of a route as its row of the matrix makes it: of a vehicle, or of an order of one. */
const requestOf = (name: EndpointName, vehicle: number, order: number): Parts => {
  const row: Row = matrix[name]
  const [aim] = Object.values(row.aims ?? {})
  const site = { ...orders, vehicle, runningOrder: order, case: released.caseId, unit: 20, where: 'own' } as unknown as Site
  if (aim) return aim.at(site, { own: site } as unknown as Sites)
  const plain = row.plain?.request ?? Object.values(row.lists ?? {})[0]?.request
  return (typeof plain === 'function' ? plain({ own: site } as unknown as Sites) : plain) ?? {}
}
/** Within a case: wherever the route has a place for it. */
const within = (name: EndpointName, parts: Parts, caseId: number | undefined, more: object = {}): Parts => {
  const endpoint: Endpoint = api[name]
  const put = (part: 'params' | 'query' | 'body') => {
    if (!endpoint[part]) return {}
    const has = 'caseId' in endpoint[part].shape
    const takes = Object.fromEntries(Object.entries(more).filter(([key]) => key in endpoint[part]!.shape))
    return { [part]: { ...(parts[part] as object), ...takes, ...(has && caseId !== undefined ? { caseId } : {}) } }
  }
  return { ...parts, ...put('params'), ...put('query'), ...put('body') }
}
const isOfVehicle = (name: EndpointName) =>
  JSON.stringify(requestOf(name, 777_001, 777_002)) !== JSON.stringify(requestOf(name, 777_003, 777_004))
const refused = async () =>
  (await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM audit_log WHERE action = 'case.refused'`)).rows[0]!.n

t.test('every route that tells of a past is known, and is one that asks for a case', (t) => {
  t.ok(past.length >= 6, `${past.length} routes`)
  for (const [name, endpoint] of Object.entries(api) as [EndpointName, Endpoint][]) {
    const shape = { ...endpoint.params?.shape, ...endpoint.query?.shape, ...endpoint.body?.shape }
    const looks = ['track.view', 'track.export', 'whereabouts.ask'].includes(endpoint.access)
    if (looks) t.ok(endpoint.past, `${name} asks for the right to tracks and does not say that it tells of a past`)
    if (endpoint.past) t.ok('caseId' in shape, `${name} tells of a past and has no place for a case`)
    if (endpoint.past && endpoint.method === 'GET' && endpoint.query) t.notOk('vehicleIds' in endpoint.query.shape && !looks, name)
  }
  t.end()
})

t.test('asked in every wrong way each of them refuses, tells nothing, and is on record', async (t) => {
  for (const [name] of past) {
    const own = requestOf(name, 202, orders.runningOrder)
    const ofCase = 'caseId' in ((api[name] as Endpoint).params?.shape ?? {})
    const tries: [says: string, parts: Parts][] = [
      ...(ofCase ? [] : [['no case', within(name, own, undefined)] as [string, Parts]]),
      ...(ofCase ? [] : [['a purpose alone', within(name, own, undefined, { purpose })] as [string, Parts]]),
      ['a case of others', within(name, own, others.caseId)],
      ['a case that is not', within(name, own, 2_000_000)],
      ['a closed case', within(name, own, closed.caseId)],
      ['another period', within(name, own, elsewhen.caseId)],
    ]
    if (isOfVehicle(name))
      tries.push(
        ['not released', within(name, own, waiting.caseId)],
        ['a vehicle that is not in it', within(name, own, without.caseId)],
        ['a sensitive vehicle', within(name, requestOf(name, 211, 2_000_000), released.caseId)],
        ['guessed numbers', within(name, requestOf(name, 999_999, 999_999), released.caseId)],
      )
    for (const [says, parts] of tries) {
      const before = await refused()
      const answer = await ask(world, name, inspector, parts as never)
      t.ok(answer.status === 403 || answer.status === 404, `${name}: ${says}: ${answer.status} ${answer.body.slice(0, 200)}`)
      t.notOk(answer.body.includes(LON) || answer.body.includes('1117654321'), `${name}: ${says}: nothing of it is told`)
      t.ok((await refused()) > before, `${name}: ${says}: on record`)
    }
  }
})

t.test('within its case each of them answers', async (t) => {
  for (const [name] of past) {
    const answer = await ask(world, name, inspector, within(name, requestOf(name, 202, orders.runningOrder), released.caseId) as never)
    t.equal(answer.status, 200, `${name}: ${answer.body.slice(0, 300)}`)
  }
})

t.test('nobody reads positions or trips but through these doors; no socket and no tile tells of a past', (t) => {
  const known = new Set([
    'kernel/countingPositions.ts',
    // Behind recordPast.
    'tracks/track.ts',
    'tracks/trackBytes.ts',
    'tracks/trips.ts',
    'orders/againstTrack.ts',
    // What orders keep of a trip; who needs a case is told of it within one alone.
    'orders/track.ts',
    // Counted, and never told.
    'registry/fittingSince.ts',
    'operations/rowCheck.ts',
    'operations/conservation.ts',
    // What the system judges by. A finding tells the points that made it, and no more; each opening is on record (getSupervisionFinding).
    'supervision/factRows.ts',
    // A seal tells whether, when and how far a sealed vehicle was seen elsewhere, and no place.
    'sealing/prove.ts',
    // Whether a line of a statement was filled near its station: a verdict, and no place.
    'costs/matchLines.ts',
    // Whether there was any trip in a month or a year, as a sum.
    'statistics/facts.ts',
    // Behind doors of their own, each with `past`.
    ...(existing('whereabouts') ?? []),
    ...(existing('cases/evidence') ?? []),
  ])
  const root = join(import.meta.dirname, '../../services/dispatch')
  const readers = filesOf(root).filter((file) =>
    /(FROM|JOIN) (public\.)?(positions|phone_positions|trips|displacements|cell_hours)\b|countingPositions\(/.test(
      readFileSync(join(root, file), 'utf8'),
    ),
  )
  t.same(
    readers.filter((file) => !known.has(file)),
    [],
    'a new reader of the past stands behind recordPast and is named here',
  )
  const sockets = readFileSync(join(root, '../contracts/liveSocket.ts'), 'utf8')
  const said = [...sockets.matchAll(/^ {2}(\w+): \(/gm)].map(([, event]) => event)
  t.same(said.sort(), ['cells', 'counts', 'delta', 'notified', 'refused', 'sight', 'snapshot', 'trips'], 'all of them are of now')
  t.same(
    Object.keys(otherRoutes).filter((route) => /tile|track|trip|past/i.test(route)),
    // What two people made public, by day and without a vehicle's track.
    ['GET /public/trips', 'GET /public/trips/:file'],
  )
  t.end()
})

/** Files of a folder of dispatch, where it is. */
function existing(folder: string): string[] | undefined {
  const root = join(import.meta.dirname, '../../services/dispatch')
  return existsSync(join(root, folder)) ? filesOf(join(root, folder)).map((file) => join(folder, file)) : undefined
}
function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
}
