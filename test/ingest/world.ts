// A small world for path A: a database with three bound terminals, one unbound, two gateways; ingest with its embedded broker.
import mqtt, { type MqttClient } from 'mqtt'
import { locationTopic } from '../../services/contracts/topics.ts'
import { configSchema } from '../../services/ingest/config.ts'
import type { Kinds } from '../../services/ingest/kinds.ts'
import { buildIngest, type Ingest } from '../../services/ingest/service.ts'
import { systemClock } from '../../services/platform/clock.ts'
import { sha256 } from '../../services/platform/crypto.ts'
import { type Database, openDatabase, type Queryable } from '../../services/platform/db.ts'
import { createLogger } from '../../services/platform/log.ts'
import { startTestDatabase, type TestDatabase } from '../harness/database.ts'

export const ADCODE = '150102'
export const SERVICE_SECRET = 'a-secret-of-the-services'
export const secretOf = (id: string): string => `secret-of-${id}`
export const topicOf = (terminalId: string): string => locationTopic(ADCODE, terminalId)

type Test = { teardown(work: () => unknown): void }
export type World = { database: TestDatabase; db: Database; owner: Database; ingest: Ingest; port: number }

/** Terminals T0001… on vehicles 1…; TUNBOUND on none; gateways GATE1 (of T0001 and T0002) and GATE2 (of nobody). */
export async function seedFleet(db: Queryable, vehicles = 3): Promise<void> {
  await db.query(`INSERT INTO organisations VALUES (1, NULL, 'region', '150000', 'Region', 1, 2)`)
  await db.query(
    `INSERT INTO vehicles SELECT i, 'PLATE' || i, 'blue', 'official', 'OTHER_APPROVED', 'petrol', 'make', 'model', 5, 1500, '2020-01-01', 1, 1
       FROM generate_series(1, $1::int) i`,
    [vehicles],
  )
  for (const id of ['GATE1', 'GATE2']) await db.query('INSERT INTO gateways VALUES ($1, $2)', [id, sha256(secretOf(id))])
  const ids = Array.from({ length: vehicles }, (_, i) => `T${String(i + 1).padStart(4, '0')}`)
  await db.query(`INSERT INTO terminals SELECT * FROM unnest($1::text[], $2::int[], $3::bytea[], $4::text[])`, [
    ids,
    ids.map((_, i) => i + 1),
    ids.map((id) => sha256(secretOf(id))),
    ids.map((_, i) => (i < 2 ? 'GATE1' : null)),
  ])
  await db.query(`INSERT INTO terminals VALUES ('TUNBOUND', NULL, $1, NULL)`, [sha256(secretOf('TUNBOUND'))])
}

/** @param kindsOf other kinds of message than the product's; may make their tables, and let the services' role in */
export async function startWorld(
  t: Test,
  flags: Record<string, string> = {},
  kindsOf?: (owner: Database, role: string) => Promise<Kinds>,
): Promise<World> {
  const database = await startTestDatabase(t)
  const db = openDatabase({ url: database.appUrl, applicationName: 'test', onIdleError: () => undefined })
  const owner = openDatabase({ url: database.url, applicationName: 'owner', maxConnections: 1, onIdleError: () => undefined })
  await seedFleet(owner)
  const config = configSchema.parse({ 'database-url': database.url, 'mqtt-port': '0', 'service-secret': SERVICE_SECRET, ...flags })
  const kinds = kindsOf && { kinds: await kindsOf(owner, database.appRole) }
  const ingest = await buildIngest({ db, clock: systemClock, log: createLogger('test', 'silent'), config, ...kinds })
  await ingest.start()
  t.teardown(async () => {
    await ingest.stop()
    await Promise.all([db.close(), owner.close()])
  })
  return { database, db, owner, ingest, port: ingest.broker?.port() ?? 0 }
}

/** A connected client; it does not reconnect. */
export function connectAs(t: Test, port: number, id: string, secret: string = secretOf(id)): Promise<MqttClient> {
  return mqtt
    .connectAsync(
      `mqtt://127.0.0.1:${port}`,
      { username: id, password: secret, reconnectPeriod: 0, clientId: `${id}-${Math.random()}` },
      false,
    )
    .then((client) => {
      t.teardown(() => client.endAsync(true))
      return client
    })
}

/** A position that is valid now. */
export const position = (more: object = {}): Record<string, unknown> => ({
  time: Date.now(),
  lon: 111.7,
  lat: 40.8,
  speedKph: 36.5,
  ignition: true,
  ...more,
})
