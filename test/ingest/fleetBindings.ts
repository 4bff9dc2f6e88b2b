// Terminals and vehicles to bind, and the truth: whose each position is by the bindings as they are written down.

import { sha256 } from '../../services/platform/crypto.ts'
import type { Queryable } from '../../services/platform/db.ts'
import { secretOf } from './world.ts'

/** More vehicles like vehicle 1. */
export async function addVehicles(owner: Queryable, from: number, until: number): Promise<void> {
  await owner.query(
    `INSERT INTO vehicles SELECT n, 'MORE' || n, plate_colour, class, category, energy, make, model, seats, displacement_ml, registered_on, owner_unit_id, user_unit_id
       FROM every_vehicle, generate_series($1::int, $2::int) n WHERE vehicle_id = 1`,
    [from, until],
  )
}

/** A terminal of gateway GATE1, in a vehicle or in none. */
export async function addTerminal(owner: Queryable, terminalId: string, vehicleId: number | null): Promise<void> {
  await owner.query(`INSERT INTO terminals (terminal_id, vehicle_id, credential_hash, gateway_id) VALUES ($1, $2, $3, 'GATE1')`, [
    terminalId,
    vehicleId,
    sha256(secretOf(terminalId)),
  ])
}

/** The terminal is in another vehicle, or in none, from now on or since a time that is named. */
export async function move(owner: Queryable, terminalId: string, vehicleId: number | null, sinceMs?: number): Promise<void> {
  await owner.query(
    'UPDATE terminals SET vehicle_id = $2, bound_since = coalesce(to_timestamp($3::float8 / 1000), bound_since) WHERE terminal_id = $1',
    [terminalId, vehicleId, sinceMs ?? null],
  )
}

/** Times of the stored positions of a vehicle, ms since 1970. */
export async function timesOf(db: Queryable, vehicleId: number): Promise<number[]> {
  const { rows } = await db.query<{ ms: number }>(
    'SELECT (extract(epoch FROM ts) * 1000)::float8 AS ms FROM positions WHERE vehicle_id = $1 ORDER BY ts',
    [vehicleId],
  )
  return rows.map(({ ms }) => ms)
}

/** Positions that lie with a vehicle in which, by the bindings, no terminal was at their time. */
export async function misplaced(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `SELECT count(*) AS n FROM positions p
      WHERE NOT EXISTS (SELECT FROM terminals t WHERE t.vehicle_id = p.vehicle_id AND (t.bound_since IS NULL OR p.ts >= t.bound_since))
        AND NOT EXISTS (SELECT FROM terminal_past_bindings b WHERE b.vehicle_id = p.vehicle_id AND b.during @> p.ts)`,
  )
  return rows[0]!.n
}
