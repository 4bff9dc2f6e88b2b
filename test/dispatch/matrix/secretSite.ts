// A sensitive vehicle of a place beside its open ones, and what hangs on it: someone named, a request to be decided, an unmasking that runs.
// No caller of the matrix is named for any or looks at one, so to all of them it is as if it were not there.
import type { Database } from '../../../services/platform/db.ts'
import { NOW_MS } from '../region.ts'

const HOUR_MS = 3_600_000

export type SecretSite = {
  secretVehicle: number
  secretNo: number
  naming: number
  pendingUnmasking: number
  runningUnmasking: number
}
export const secretKeys = ['secretVehicle', 'secretNo', 'naming', 'pendingUnmasking', 'runningUnmasking'] as const

type Place = {
  unit: number
  /** Asked for the unmaskings, and approved none of them. */
  asker: number
  /** Is named, and decided. */
  named: number
}

export const secretPlate = (unit: number): string => `蒙AS00${unit}`

export async function furnishSecret(db: Database, { unit, asker, named }: Place): Promise<SecretSite> {
  const one = async (sql: string, ...values: unknown[]): Promise<number> => (await db.query<{ id: number }>(sql, values)).rows[0]!.id
  const now = new Date(NOW_MS)
  const secretVehicle = await one(
    `INSERT INTO vehicles (vehicle_id, plate, plate_colour, class, category, energy, make, model, seats, registered_on, owner_unit_id, user_unit_id, secrecy)
     VALUES ($1, $2, 'blue', 'official', 'OTHER_APPROVED', 'petrol', '红旗', 'H5', 5, '2022-05-01', $3, $3, true) RETURNING vehicle_id AS id`,
    5300 + unit,
    secretPlate(unit),
    unit,
  )
  await db.query('INSERT INTO terminals (terminal_id, vehicle_id, credential_hash) VALUES ($1, $2, $3)', [
    `TSECR${unit}`,
    secretVehicle,
    Buffer.from('x'),
  ])
  await db.query(`INSERT INTO vehicle_past_plates VALUES ($1, $2, $3, 'blue')`, [secretVehicle, now, `蒙AR00${unit}`])
  const secretNo = await one('SELECT secret_no AS id FROM secret_vehicles WHERE vehicle_id = $1', secretVehicle)
  await db.query(`INSERT INTO secrecy_policies VALUES ($1, '2026-01-01', 'hidden', 24)`, [unit])
  const asked = `INSERT INTO unmaskings (account_id, organisation_id, asked, purpose, hours, asked_at, state, secret_no, until, decided_at, decided_by, decided_reason)
    VALUES ($1, $2, $3, '核查举报线索', 2, $4, `
  return {
    secretVehicle,
    secretNo,
    naming: await one(
      `INSERT INTO secret_namings (secret_no, account_id, named_at, named_by, reason) VALUES ($1, $2, $3, $4, '分管该车') RETURNING naming_id AS id`,
      secretNo,
      named,
      now,
      asker,
    ),
    pendingUnmasking: await one(
      `${asked}'pending', NULL, NULL, NULL, NULL, NULL) RETURNING unmasking_id AS id`,
      asker,
      unit,
      secretPlate(unit),
      now,
    ),
    runningUnmasking: await one(
      `${asked}'approved', $5, $6, $4, $7, '同意') RETURNING unmasking_id AS id`,
      asker,
      unit,
      String(secretNo),
      now,
      secretNo,
      new Date(NOW_MS + HOUR_MS),
      named,
    ),
  }
}
