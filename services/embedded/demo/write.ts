// Writes the demo region into an empty database, in one transaction, and issues the terminals' credentials.
// Secrets are random per installation and leave only as the manifest; the database keeps their hashes.
import { hash } from '@node-rs/argon2'
import type { Manifest } from '../../contracts/manifest.ts'
import { dayAt } from '../../domain/days.ts'
import type { Equipment } from '../../domain/equipment.ts'
import { newSecret, sha256 } from '../../platform/crypto.ts'
import type { Database, Queryable } from '../../platform/db.ts'
import { FOUNDING } from '../../platform/founding.ts'
import { pinyinOf } from '../../platform/pinyin.ts'
import { insert } from './insert.ts'
import { DEMO_PASSWORD } from './people.ts'
import type { DemoRegion } from './region.ts'
import { writeSecrets } from './secrets.ts'
import { writeCosts } from './writeCosts.ts'
import { searchText, writeLedger, writeLedgerWork } from './writeLedger.ts'
import { writeDrivers, writePlaces } from './writePlaces.ts'
import { writeReports } from './writeReports.ts'
import { writeTerms } from './writeTerms.ts'
import { writeUpkeep } from './writeUpkeep.ts'

const GATEWAY_ID = 'gateway-demo'

/** Has this database a region already? */
const aboardOf: Record<string, Equipment[]> = {
  sedan: ['child_seat'],
  off_road: ['tow_bar', 'snow_chains', 'off_road_kit', 'satellite_phone'],
  small_bus: ['lift', 'child_seat', 'snow_chains'],
  truck: ['cold_box', 'snow_chains'],
  special: ['medical_kit', 'power_supply', 'satellite_phone'],
}

export async function isSeeded(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ seeded: boolean }>('SELECT EXISTS (SELECT FROM organisations) AS seeded')
  return rows[0]!.seeded
}

/** Writes everything; the tables must be empty. */
export async function writeRegion(db: Database, region: DemoRegion): Promise<void> {
  // Hashing is slow by design and must not happen while a transaction holds the database.
  const accounts = await Promise.all(region.accounts.map(async (account) => ({ ...account, passwordHash: await hash(DEMO_PASSWORD) })))
  const fileOf = ({ vehicleId }: { vehicleId: number }) => region.ledger.files[vehicleId - 1]!
  const secrets = new Set(region.secrets)
  await db.transaction(async (client) => {
    await client.query(FOUNDING)
    await insert(client, 'organisations', region.organisations, {
      organisation_id: ['int', (o) => o.organisationId],
      parent_id: ['int', (o) => o.parentId],
      kind: ['text', (o) => o.kind],
      adcode: ['text', (o) => o.adcode],
      name: ['text', (o) => o.name],
      name_pinyin: ['text', (o) => pinyinOf(o.name)],
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
      vin: ['text', (v) => fileOf(v).vin],
      engine_no: ['text', (v) => fileOf(v).engineNo],
      body_type: ['text', (v) => fileOf(v).bodyType],
      origin: ['text', (v) => fileOf(v).origin],
      price_fen: ['bigint', (v) => fileOf(v).priceFen],
      in_service_on: ['date', (v) => fileOf(v).inServiceOn],
      insurance_until: ['date', (v) => fileOf(v).insuranceUntil],
      inspection_until: ['date', (v) => fileOf(v).inspectionUntil],
      sticker_no: ['text', (v) => fileOf(v).stickerNo],
      parking_place_id: ['int', (v) => fileOf(v).parkingPlaceId],
      fuel_supplier_id: ['int', (v) => fileOf(v).fuelSupplierId],
      repair_supplier_id: ['int', (v) => fileOf(v).repairSupplierId],
      insurance_supplier_id: ['int', (v) => fileOf(v).insuranceSupplierId],
      state: ['text', (v) => fileOf(v).state],
      secrecy: ['boolean', (v) => secrets.has(v.vehicleId)],
      quota_seat: ['int', (v) => fileOf(v).quotaSeat],
      search: ['text', (v) => searchText(v.plate, `${v.make}${v.model}`, fileOf(v))],
    })
    // Some have something aboard that not every trip needs.
    for (const [body, aboard] of Object.entries(aboardOf))
      await client.query('UPDATE vehicles SET equipment = $2 WHERE body_type = $1 AND vehicle_id % 4 = 0', [body, aboard])
    await writeDrivers(client, region)
    await writePlaces(client, region)
    await writeLedger(client, region)
    await insert(client, 'accounts', accounts, {
      username: ['text', (a) => a.username],
      display_name: ['text', (a) => a.displayName],
      password_hash: ['text', (a) => a.passwordHash],
      role: ['text', (a) => a.role],
      organisation_id: ['int', (a) => a.organisationId],
      driver_id: ['int', (a) => a.driverId],
      demo: ['boolean', () => true],
    })
    await client.query(
      `INSERT INTO role_grants (account_id, role, organisation_id, granted_at, reason)
       SELECT account_id, role, organisation_id, created_at, '演示数据' FROM accounts WHERE demo`,
    )
    await writeLedgerWork(client, region)
    await writeTerms(client, region, dayAt(Date.now()))
    await writeCosts(client, dayAt(Date.now()))
    await writeReports(client, Date.now())
    await writeUpkeep(client, dayAt(Date.now()), region.fleet)
    await writeSecrets(client)
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
    await client.query(FOUNDING)
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
