// One vehicle, whole. A vehicle out of reach and one that does not exist are the same: undefined.
import type { AnswerOf } from '../../contracts/api.ts'
import { shownTo } from '../../domain/masking.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Reachable } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { vehicleColumns, vehicleRowOf } from './vehicleRow.ts'

export async function findVehicle(
  db: Queryable,
  reach: Reachable,
  vehicleId: number,
  role: Role,
  nowMs: number,
): Promise<AnswerOf<'getVehicle'> | undefined> {
  const { rows } = await db.query(
    `SELECT ${vehicleColumns('$1')}, v.seats, v.displacement_ml, v.registered_on::text AS registered_on, d.phone,
            w.organisation_id AS owner_id, w.name AS owner_name, t.terminal_id, coalesce(s.from_phone, false) AS from_phone
     FROM ${openVehicles('$6')} v
     JOIN organisations o ON o.organisation_id = v.user_unit_id
     JOIN organisations w ON w.organisation_id = v.owner_unit_id
     LEFT JOIN drivers d ON d.vehicle_id = v.vehicle_id
     LEFT JOIN last_states s ON s.vehicle_id = v.vehicle_id
     LEFT JOIN terminals t ON t.vehicle_id = v.vehicle_id
     WHERE v.vehicle_id = $2 AND o.lft BETWEEN $3 AND $4 AND ($5::int IS NULL OR v.vehicle_id = $5)`,
    [new Date(nowMs), vehicleId, reach.lft, reach.rgt, reach.vehicleId, reach.cleared],
  )
  const row = rows[0]
  if (!row) return undefined
  return {
    ...vehicleRowOf(row, reach),
    seats: row.seats as number,
    displacementMl: row.displacement_ml as number | null,
    registeredOn: row.registered_on as string,
    ownerUnit: { organisationId: row.owner_id as number, name: row.owner_name as string },
    terminalId: row.terminal_id as string | null,
    lastFromPhone: row.from_phone as boolean,
    driver: row.driver_name === null ? null : { name: row.driver_name as string, phone: shownTo(role, 'phone', row.phone as string) },
  }
}
