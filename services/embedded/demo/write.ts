// Writes the demo region into an empty database, in one transaction, and issues the terminals' credentials.
// Secrets are random per installation and leave only as the manifest; the database keeps their hashes.
import { hash } from '@node-rs/argon2'
import type { Manifest } from '../../contracts/manifest.ts'
import { newSecret, sha256 } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { insert } from './insert.ts'
import { DEMO_PASSWORD } from './people.ts'
import type { DemoRegion } from './region.ts'
import { writeDriverFiles, writePlaces } from './writePlaces.ts'

const GATEWAY_ID = 'gateway-demo'

/** Has this database a region already? */
export async function isSeeded(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ seeded: boolean }>('SELECT EXISTS (SELECT FROM organisations) AS seeded')
  return rows[0]!.seeded
}

/** Writes everything; the tables must be empty. */
export async function writeRegion(db: Database, region: DemoRegion): Promise<void> {
  // Hashing is slow by design and must not happen while a transaction holds the database.
  const accounts = await Promise.all(region.accounts.map(async (account) => ({ ...account, passwordHash: await hash(DEMO_PASSWORD) })))
  await db.transaction(async (client) => {
    await insert(client, 'organisations', region.organisations, {
      organisation_id: ['int', (o) => o.organisationId],
      parent_id: ['int', (o) => o.parentId],
      kind: ['text', (o) => o.kind],
      adcode: ['text', (o) => o.adcode],
      name: ['text', (o) => o.name],
      lft: ['int', (o) => o.lft],
      rgt: ['int', (o) => o.rgt],
    })
    await insert(client, 'vehicles', region.fleet, {
      vehicle_id: ['int', (v) => v.vehicleId],
      plate: ['text', (v) => v.plate],
      plate_colour: ['text', (v) => v.plateColour],
      class: ['text', (v) => v.class],
      category: ['text', (v) => v.category],
      energy: ['text', (v) => v.energy],
      make: ['text', (v) => v.make],
      model: ['text', (v) => v.model],
      seats: ['smallint', (v) => v.seats],
      displacement_ml: ['int', (v) => v.displacementMl],
      registered_on: ['date', (v) => v.registeredOn],
      owner_unit_id: ['int', (v) => v.ownerUnitId],
      user_unit_id: ['int', (v) => v.userUnitId],
    })
    await insert(client, 'drivers', region.drivers, {
      driver_id: ['int', (d) => d.driverId],
      name: ['text', (d) => d.name],
      phone: ['text', (d) => d.phone],
      organisation_id: ['int', (d) => d.organisationId],
      vehicle_id: ['int', (d) => d.vehicleId],
    })
    await writeDriverFiles(client, region)
    await writePlaces(client, region)
    await insert(client, 'accounts', accounts, {
      username: ['text', (a) => a.username],
      display_name: ['text', (a) => a.displayName],
      password_hash: ['text', (a) => a.passwordHash],
      role: ['text', (a) => a.role],
      organisation_id: ['int', (a) => a.organisationId],
      driver_id: ['int', (a) => a.driverId],
      demo: ['boolean', () => true],
    })
  })
}

/** Gives every terminal and the demo gateway a new secret, and returns the manifest that holds them. Older secrets end. */
export async function issueCredentials(db: Database, region: DemoRegion): Promise<Manifest> {
  const gateway = { id: GATEWAY_ID, secret: newSecret() }
  const terminals = region.fleet.map((vehicle) => ({
    terminalId: vehicle.terminalId,
    secret: newSecret(),
    adcode: region.organisations[vehicle.userUnitId - 1]!.adcode,
    plate: vehicle.plate,
    class: vehicle.class,
    energy: vehicle.energy,
    home: [Number(vehicle.home[0].toFixed(6)), Number(vehicle.home[1].toFixed(6))] as [number, number],
    odometerM: vehicle.odometerM,
    vehicleId: vehicle.vehicleId,
  }))
  await db.transaction(async (client) => {
    const upsertGateway =
      'INSERT INTO gateways VALUES ($1, $2) ON CONFLICT (gateway_id) DO UPDATE SET credential_hash = excluded.credential_hash'
    await client.query(upsertGateway, [gateway.id, sha256(gateway.secret)])
    await insert(
      client,
      'terminals',
      terminals,
      {
        terminal_id: ['text', (t) => t.terminalId],
        vehicle_id: ['int', (t) => t.vehicleId],
        credential_hash: ['bytea', (t) => sha256(t.secret)],
        gateway_id: ['text', () => gateway.id],
      },
      'ON CONFLICT (terminal_id) DO UPDATE SET credential_hash = excluded.credential_hash, gateway_id = excluded.gateway_id',
    )
  })
  return { seed: region.seed, gateway, terminals: terminals.map(({ vehicleId: _vehicleId, ...terminal }) => terminal) }
}
