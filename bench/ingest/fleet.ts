// A fleet for load: vehicles, bound terminals and gateways written straight into the database.
import { sha256 } from '../../services/platform/crypto.ts'
import type { Queryable } from '../../services/platform/db.ts'
import type { Account } from './generator.ts'

const ADCODE = '150102'
const secretOf = (id: string): string => `secret-of-${id}`

/**
 * Seeds `vehicles` vehicles and says who connects: one account a terminal when there are as many connections as vehicles,
 * else gateways that share the terminals out.
 */
export async function seedLoadFleet(db: Queryable, vehicles: number, connections: number): Promise<Account[]> {
  await db.query(`INSERT INTO organisations VALUES (1, NULL, 'region', '150000', 'Region', 1, 2)`)
  await db.query(
    `INSERT INTO vehicles SELECT i, 'PLATE' || i, 'blue', 'official', 'OTHER_APPROVED', 'petrol', 'make', 'model', 5, 1500, '2020-01-01', 1, 1
       FROM generate_series(1, $1::int) i`,
    [vehicles],
  )
  const gateways = connections < vehicles ? Array.from({ length: connections }, (_, i) => `GATEWAY${i}`) : []
  await db.query('INSERT INTO gateways SELECT * FROM unnest($1::text[], $2::bytea[])', [
    gateways,
    gateways.map((id) => sha256(secretOf(id))),
  ])
  const ids = Array.from({ length: vehicles }, (_, i) => terminalIdOf(i + 1))
  await db.query('INSERT INTO terminals SELECT * FROM unnest($1::text[], $2::int[], $3::bytea[], $4::text[])', [
    ids,
    ids.map((_, i) => i + 1),
    ids.map((id) => sha256(secretOf(id))),
    ids.map((_, i) => gateways[i % connections] ?? null),
  ])
  if (gateways.length === 0)
    return ids.map((id) => ({ username: id, password: secretOf(id), terminals: [{ terminalId: id, adcode: ADCODE }] }))
  return gateways.map((username, g) => ({
    username,
    password: secretOf(username),
    terminals: ids.filter((_, i) => i % connections === g).map((terminalId) => ({ terminalId, adcode: ADCODE })),
  }))
}

export const terminalIdOf = (vehicleId: number): string => `L${String(vehicleId).padStart(7, '0')}`
