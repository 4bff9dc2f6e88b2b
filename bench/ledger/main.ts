// What lists and searches cost at 23,188 vehicles and 60,000 accounts, asked over HTTP as a browser asks, beside the smallest statement and
// the smallest endpoint in the same run; and what deciding a permission costs. npm run bench:ledger [-- --rounds 40]
// On the embedded database, or on the server of TEST_DATABASE_URL (an empty database).
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { pino } from 'pino'
import { z } from 'zod'
import type { Endpoint } from '../../services/contracts/api/endpoint.ts'
import { api, type EndpointName } from '../../services/contracts/api.ts'
import { admit } from '../../services/dispatch/access.ts'
import type { Arrival } from '../../services/dispatch/kernel/caller.ts'
import { loadLedger } from '../../services/dispatch/live/ledger.ts'
import { readStates } from '../../services/dispatch/live/snapshot.ts'
import { defaultLimits } from '../../services/dispatch/security.ts'
import { build } from '../../services/dispatch/server.ts'
import { settingsSchema } from '../../services/dispatch/settings.ts'
import type { Role } from '../../services/domain/permissions.ts'
import { DEMO_PASSWORD } from '../../services/embedded/demo/people.ts'
import { seedRegion } from '../../services/embedded/demo/seed.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { readConfigOrEnd } from '../../services/platform/config.ts'
import { type Database, openDatabase } from '../../services/platform/db.ts'
import { migrate } from '../../services/platform/migrate.ts'
import { startEmbedded } from '../../test/harness/embeddedProcess.ts'
import { summary } from '../live/statistics.ts'
import { questions } from './questions.ts'

const ACCOUNTS = 60_000
const { rounds: ROUNDS } = readConfigOrEnd(
  z.object({ rounds: z.coerce.number().int().positive().default(40).describe('How often each question is asked') }),
  {
    command: 'npm run bench:ledger --',
    does: 'How long lists, searches and files of the whole region take over HTTP, on the embedded database or on the server of TEST_DATABASE_URL.',
    example: 'npm run bench:ledger -- --rounds 20',
  },
)
const ADMISSIONS = 200_000
const wide = { ...defaultLimits, perAddress: 1e9, signInPerAddress: 1e9, perSession: 1e9, viewsPer10S: 1e9 }

const given = process.env.TEST_DATABASE_URL
const dataDir = mkdtempSync(join(tmpdir(), 'morin-ledger-'))
const embedded = given ? undefined : await startEmbedded(dataDir)
const url = given ?? embedded!.url
await migrate(url)
const db = openDatabase({ url, applicationName: 'bench' })
await seedRegion(db, { dataDir, seed: 1 })
await seedAccounts(db)
await seedStates(db)
await db.query('ANALYZE')

const silent = pino({ level: 'silent' })
const broker = {
  connected: true,
  held: () => null,
  listen: () => undefined,
  publish: async () => undefined,
  bringIn: () => Promise.reject(new Error('no broker')),
}
const settings = settingsSchema.parse({ 'web-dir': 'no-web-here' })
const { app, feed } = await build({ db, clock: systemClock, log: silent, settings, version: '0', broker, limits: wide })
await app.listen({ port: 0, host: '127.0.0.1' })
await feed.start()
const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/api/v1`
const cookies = { bureau_admin: await signIn('bureau_admin'), system_admin: await signIn('system_admin') } as Record<Role, string>

const say = (name: string, figures: object): void => void process.stdout.write(`${name.padEnd(38)} ${JSON.stringify(figures)}\n`)
async function measure(work: () => Promise<unknown>, rounds = ROUNDS) {
  // Once unmeasured: the first of a kind pays for plans and caches that the others use.
  await work()
  const sample: number[] = []
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now()
    await work()
    sample.push(performance.now() - begun)
  }
  return summary(sample)
}
async function get(endpoint: EndpointName, by: Role, query: Record<string, string | number> = {}): Promise<void> {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))
  const answer = await fetch(`${origin}${api[endpoint].path}?${search}`, { headers: { cookie: cookies[by] } })
  const body = await answer.text()
  if (!answer.ok) throw new Error(`${endpoint}: ${body}`)
}

const count = async (table: string) => (await db.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n
say('scale', { vehicles: await count('vehicles'), drivers: await count('drivers'), accounts: await count('accounts') })
say('machine', {
  database: given ? 'server' : 'embedded',
  node: process.versions.node,
  load: loadavg().map((x) => Math.round(x * 10) / 10),
})
const statement = await measure(() => db.query('SELECT 1'), 200)
const smallest = await measure(() => get('getSession', 'bureau_admin'), 200)
say('baseline: SELECT 1', statement)
say('baseline: getSession over HTTP', smallest)
for (const { name, endpoint, query, by = 'bureau_admin', rounds } of questions) {
  const figures = await measure(() => get(endpoint, by, query), rounds)
  say(name, { ...figures, timesGetSession: Math.round((figures.p50 / smallest.p50) * 10) / 10 })
}
say('picture: load the ledger', await measure(() => loadLedger(db, new Date().toISOString().slice(0, 10)), 5))
say('picture: load last states', await measure(() => readStates(db, () => undefined), 5))
sayAdmissions()
say('machine, at the end', { load: loadavg().map((x) => Math.round(x * 10) / 10) })

await app.close()
await db.close()
await embedded?.stop()
rmSync(dataDir, { recursive: true, force: true })

/** The decision alone, over every endpoint in turn; a request that is refused costs an Error, so only those that pass are timed. */
function sayAdmissions(): void {
  const organisation = { organisationId: 1, name: '', adcode: '150000', kind: 'region' }
  const session = { sessionId: 1, step: 'open', tokenHash: Buffer.alloc(32), csrfToken: 'x'.repeat(32), livePurpose: null }
  const scope = { lft: 1, rgt: 2, cleared: [], unmasked: [] }
  const caller = {
    accountId: 1,
    displayName: 'bench',
    ownVehicleId: null,
    username: 'bench',
    role: 'bureau_admin',
    organisation,
    home: scope,
    session,
  } as Arrival
  const request = { headers: { 'x-csrf-token': session.csrfToken, host: 'here' }, host: 'here' } as unknown as FastifyRequest
  const passes = (endpoint: Endpoint): boolean => {
    try {
      return admit(endpoint, caller, request, { areOurs: () => true }) !== undefined
    } catch {
      return false // refused: not of those that are timed
    }
  }
  const endpoints = (Object.values(api) as Endpoint[]).filter(passes)
  const begun = performance.now()
  for (let n = 0; n < ADMISSIONS; n++) admit(endpoints[n % endpoints.length]!, caller, request, { areOurs: () => true })
  const ns = Math.round(((performance.now() - begun) / ADMISSIONS) * 1e6)
  say('permission check', { ns, shareOfGetSession: `${((ns / 1e6 / smallest.p50) * 100).toFixed(3)} %` })
}

async function signIn(role: Role): Promise<string> {
  const { rows } = await db.query<{ username: string }>(
    'SELECT username FROM accounts JOIN organisations USING (organisation_id) WHERE role = $1 AND demo ORDER BY lft, account_id LIMIT 1',
    [role],
  )
  const body = JSON.stringify({ username: rows[0]!.username, password: DEMO_PASSWORD })
  const answer = await fetch(`${origin}/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.headers.getSetCookie()[0]!.split(';')[0]!
}

/** Accounts of every role over all units, each with its grant; names like the drivers'. */
async function seedAccounts(client: Database): Promise<void> {
  await client.query(
    `WITH made AS (
       INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, status, person_no, phone, password_set_at)
       SELECT 'clerk.' || n, d.name, NULL, CASE WHEN n % 50 = 0 THEN NULL ELSE (ARRAY['applicant','applicant','applicant','unit_approver','fleet_manager','dispatcher','driver','finance'])[1 + n % 8] END,
              d.organisation_id, CASE WHEN n % 50 = 0 THEN 'pending' ELSE 'active' END, 'B' || n, '100' || lpad(n::text, 8, '0'), now()
       FROM generate_series(1, $1::int) n JOIN drivers d ON d.driver_id = 1 + n % (SELECT count(*) FROM drivers)
       RETURNING account_id, role, organisation_id
     )
     INSERT INTO role_grants (account_id, role, organisation_id, requested_at, granted_at)
     SELECT account_id, coalesce(role, 'applicant'), organisation_id, now(), CASE WHEN role IS NULL THEN NULL ELSE now() END FROM made`,
    [ACCOUNTS],
  )
}

async function seedStates(client: Database): Promise<void> {
  await client.query(
    `INSERT INTO last_states (vehicle_id, ts, received_at, lon_e7, lat_e7, speed_dkph, flags, alarms)
     SELECT vehicle_id, now() - make_interval(secs => vehicle_id % 1200), now(), 1117000000, 408000000, vehicle_id % 600, vehicle_id % 2, 0 FROM vehicles
     ON CONFLICT DO NOTHING`,
  )
  await client.query(
    `INSERT INTO terminal_contacts SELECT terminal_id, now() - make_interval(hours => vehicle_id % 48) FROM terminals WHERE vehicle_id IS NOT NULL`,
  )
}
