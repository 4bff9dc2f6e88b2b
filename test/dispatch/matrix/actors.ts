// Who asks: every role at home in its unit, those who hold the whole region, somebody signed out, somebody half-way through a sign-in,
// an inspector who has said why, and integrations with and without the capability and with less than their account's scope.

import { type Capability, grantOf, type Role, roles, tokenCapabilities } from '../../../services/domain/permissions.ts'
import { makeToken } from '../people.ts'
import { NOW_MS } from '../region.ts'
import { ask, type Signed, type World } from '../world.ts'
import { reason } from './row.ts'
import type { Sites } from './sites.ts'

export type Actor = {
  name: string
  kind: 'stranger' | 'half-way' | 'person' | 'token'
  role: Role
  /** Where the scope begins. */
  home: number
  accountId: number
  capabilities: readonly Capability[]
  purpose: string | undefined
  signed: Partial<Signed> | undefined
}

/** Beside the eleven at home. */
const ofRegion: readonly Role[] = ['bureau_admin', 'system_admin', 'security_admin', 'audit_admin', 'inspector']
const REGION = 1
const purpose = '核查举报线索'

async function addAccount({ db }: World, username: string, role: Role, home: number, driverId: number | null): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `INSERT INTO accounts (username, display_name, password_hash, role, organisation_id, driver_id, demo)
     SELECT $1, $2, password_hash, $3, $4, $5, true FROM accounts WHERE username = 'bureau_admin' RETURNING account_id AS id`,
    [username, `示例 ${username}`, role, home, driverId],
  )
  if (driverId) await db.query('INSERT INTO notice_acknowledgements VALUES ($1, 1, $2)', [rows[0]!.id, new Date(NOW_MS)])
  return rows[0]!.id
}

export async function makeActors(world: World, sites: Sites): Promise<Actor[]> {
  const home = sites.own.unit
  const actors: Actor[] = []
  const stranger: Actor = {
    name: 'signed out',
    kind: 'stranger',
    role: 'applicant',
    home,
    accountId: 0,
    capabilities: [],
    purpose: undefined,
    signed: undefined,
  }
  actors.push(stranger)
  for (const [role, at] of [...roles.map((role) => [role, home] as const), ...ofRegion.map((role) => [role, REGION] as const)]) {
    const name = at === home ? `own.${role}` : `region.${role}`
    const accountId = await addAccount(world, name, role, at, role === 'driver' ? sites.own.driver : null)
    actors.push({ ...stranger, name, kind: 'person', role, home: at, accountId, signed: await world.signIn(name) })
  }
  // So that somebody has something of his own among what was asked for.
  const dispatcher = actors.find(({ name }) => name === 'own.dispatcher')!
  await ask(world, 'requestUnmasking', dispatcher.signed, { body: { vehicle: String(sites.own.secretNo), purpose, hours: 1 } })
  const inspector = actors.find(({ name }) => name === 'own.inspector')!
  const signed = await world.signIn('own.inspector')
  await ask(world, 'statePurpose', signed, { body: { purpose } })
  actors.push({ ...inspector, name: 'own.inspector with a purpose', purpose, signed })
  actors.push(await halfWay(world, home), ...(await tokens(world, sites)))
  return actors
}

async function halfWay(world: World, home: number): Promise<Actor> {
  const accountId = await addAccount(world, 'halfway', 'bureau_admin', home, null)
  const signed = await world.signIn('halfway')
  await world.db.query(`UPDATE sessions SET step = 'totp' WHERE account_id = $1`, [accountId])
  const role = 'bureau_admin'
  return { name: 'half-way', kind: 'half-way', role, home, accountId, capabilities: [], purpose: undefined, signed }
}

/** Of a bureau's account at home; with one capability alone; and of an account one step higher, cut to home. */
async function tokens(world: World, sites: Sites): Promise<Actor[]> {
  const security = await world.signIn('region.security_admin')
  const may = tokenCapabilities.filter((capability) => grantOf('bureau_admin', capability).reach !== 'none')
  const home = sites.own.unit
  const made: Actor[] = []
  for (const [name, accountHome, capabilities] of [
    ['token', home, may],
    ['token for places alone', home, ['place.view']],
    ['token narrower than its account', sites.parent.unit, may],
  ] as const) {
    const accountId = await addAccount(world, name, 'bureau_admin', accountHome, null)
    const body = { accountId, name, capabilities, organisationId: home, expiresAt: '2026-12-01T00:00:00Z', reason }
    const { token } = await makeToken(world, security, await world.signIn(name), body)
    const headers = { authorization: `Bearer ${token}` } as unknown as Signed['headers']
    const actor: Actor = {
      name,
      kind: 'token',
      role: 'bureau_admin',
      home,
      accountId,
      capabilities,
      purpose: undefined,
      signed: { headers },
    }
    // Its first use is written down; in the matrix it has been used before.
    await ask(world, 'listPlaces', actor.signed)
    made.push(actor)
  }
  return made
}
