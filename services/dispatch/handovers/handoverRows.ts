// The book of shifts as it is stored, and which of it a caller reaches: of the units of his scope and of vehicles that he sees; a driver what he gave or was given.
import type { Handover } from '../../contracts/api/handovers.ts'
import { Refusal } from '../../contracts/errors.ts'
import type { HandoverState } from '../../domain/handover.ts'
import type { Queryable, Row } from '../../platform/db.ts'
import { grantFor, type Reachable, type Who } from '../kernel/caller.ts'
import { type Stepped, takersSql } from '../kernel/procedure.ts'
import { openVehicles } from '../kernel/sight.ts'
import { HANDOVERS } from './table.ts'

/** `gives`, `receives`: the caller is the driver on that side. */
export type StoredHandover = Stepped & {
  state: HandoverState
  vehicleId: number
  inScope: boolean
  gives: boolean
  receives: boolean
  told: Omit<Handover, 'mayAct'>
}

/** `$1`–`$2` the scope, `$3` what is cleared, `$4` the account; a test names its own from `$5` on. */
export const valuesOf = ({ caller, reach }: Who<Reachable>): unknown[] => [reach.lft, reach.rgt, reach.cleared, caller.accountId]
export const OWN_DRIVER = '(SELECT a.driver_id FROM accounts a WHERE a.account_id = $4)'

export const isReached = ({ caller }: Who<Reachable>): string =>
  grantFor(caller, 'order.view').reach === 'self'
    ? `(${OWN_DRIVER} IN (h.from_driver_id, h.to_driver_id) AND $1::int <= $2::int)`
    : '(u.lft BETWEEN $1 AND $2 AND $4::int IS NOT NULL)'

export const FROM = `FROM vehicle_handovers h JOIN ${openVehicles('$3')} v ON v.vehicle_id = h.vehicle_id JOIN organisations u ON u.organisation_id = h.unit_id`

const columns = `h.*, v.plate, v.plate_colour, u.name AS unit, (SELECT d.name FROM drivers d WHERE d.driver_id = h.from_driver_id) AS from_name,
  (SELECT d.name FROM drivers d WHERE d.driver_id = h.to_driver_id) AS to_name, (SELECT a.display_name FROM accounts a WHERE a.account_id = h.offered_by) AS offered_name,
  (h.state = 'TAKEN' AND NOT EXISTS (SELECT FROM vehicle_handovers n WHERE n.vehicle_id = h.vehicle_id AND n.state = 'TAKEN'
    AND (n.taken_at, n.handover_id) > (h.taken_at, h.handover_id))) AS stands,
  (u.lft BETWEEN $1 AND $2) AS in_scope, coalesce(h.from_driver_id = ${OWN_DRIVER}, false) AS gives, coalesce(h.to_driver_id = ${OWN_DRIVER}, false) AS receives,
  ${takersSql(HANDOVERS, 'h')} AS takers,
  (SELECT coalesce(json_agg(json_build_object('action', t.action, 'state', t.state, 'at', t.at, 'by', t.username, 'reason', t.reason) ORDER BY t.step), '[]')
    FROM vehicle_handover_steps t WHERE t.handover_id = h.handover_id) AS steps`

const iso = (at: unknown): string => new Date(at as string | Date).toISOString()

function handoverOf(row: Row): StoredHandover {
  const driver = (id: unknown, name: unknown) => (id === null ? null : { driverId: id as number, name: name as string })
  return {
    id: row.handover_id as number,
    state: row.state as HandoverState,
    version: row.version as number,
    takers: row.takers as Stepped['takers'],
    vehicleId: row.vehicle_id as number,
    inScope: row.in_scope as boolean,
    gives: row.gives as boolean,
    receives: row.receives as boolean,
    told: {
      handoverId: row.handover_id as number,
      vehicle: { vehicleId: row.vehicle_id as number, plate: row.plate as string, plateColour: row.plate_colour as 'blue' },
      organisation: { organisationId: row.unit_id as number, name: row.unit as string },
      from: driver(row.from_driver_id, row.from_name),
      to: driver(row.to_driver_id, row.to_name),
      state: row.state as HandoverState,
      odometerKm: row.odometer_km as number,
      fuelPct: row.fuel_pct as number,
      equipment: row.equipment as Handover['equipment'],
      inspection: row.inspection as Handover['inspection'],
      remarks: row.remarks as string,
      offeredAt: iso(row.offered_at),
      offeredBy: row.offered_name as string,
      takenAt: row.taken_at === null ? null : iso(row.taken_at),
      stands: row.stands as boolean,
      holds: (row.stands as boolean) && (row.receives as boolean),
      steps: (row.steps as Handover['steps']).map((step) => ({ ...step, at: iso(step.at) })),
      version: row.version as number,
    },
  }
}

/** `where`: SQL over `h`, `v` and `u`, whose own placeholders begin at $5. */
export async function loadHandovers(
  db: Queryable,
  who: Who<Reachable>,
  where: string,
  values: readonly unknown[],
): Promise<StoredHandover[]> {
  const { rows } = await db.query(`SELECT ${columns} ${FROM} WHERE ${isReached(who)} AND ${where}`, [...valuesOf(who), ...values])
  return rows.map(handoverOf)
}

/** @throws Refusal NOT_FOUND */
export async function loadHandover(db: Queryable, who: Who<Reachable>, handoverId: number, lock = ''): Promise<StoredHandover> {
  const [found] = await loadHandovers(db, who, `h.handover_id = $5 ${lock}`, [handoverId])
  if (!found) throw new Refusal('NOT_FOUND')
  return found
}
