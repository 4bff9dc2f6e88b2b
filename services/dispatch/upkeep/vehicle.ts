// The vehicle that something of its upkeep is about, in reach of whoever acts.
import { refusal } from '../../contracts/refusals.ts'
import type { VehicleState } from '../../domain/lifecycle.ts'
import type { Act } from '../kernel/act.ts'
import { isOpen } from '../kernel/sight.ts'

export type Kept = {
  vehicleId: number
  plate: string
  state: VehicleState
  unitId: number
  unitName: string
  lft: number
  rgt: number
  /** The day on which it came into use. */
  sinceDay: string
  insuranceUntil: string | null
  inspectionUntil: string | null
}

/**
 * Its row is held until the act's end, so that its file does not change meanwhile. `lock`: to be changed by this act.
 * @throws Refusal VALIDATION_FAILED for one out of reach; CONFLICT for one that is no longer there
 */
export async function requireVehicle({ client, scope }: Act, vehicleId: number, { lock = 'SHARE', disposed = false } = {}): Promise<Kept> {
  const { rows } = await client.query<Kept>(
    `SELECT v.vehicle_id AS "vehicleId", v.plate, v.state, o.organisation_id AS "unitId", o.name AS "unitName", o.lft, o.rgt,
       coalesce(v.in_service_on, v.registered_on)::text AS "sinceDay", v.insurance_until::text AS "insuranceUntil", v.inspection_until::text AS "inspectionUntil"
     FROM every_vehicle v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3 AND ${isOpen('$4')} FOR ${lock} OF v`,
    [vehicleId, scope.lft, scope.rgt, scope.cleared],
  )
  const found = rows[0]
  if (!found) throw refusal('VALIDATION_FAILED', 'body.vehicleId', 'driver.vehicleUnknown')
  if (!disposed && found.state === 'DISPOSED') throw refusal('CONFLICT', 'body.vehicleId', 'state.not', { state: found.state })
  return found
}
