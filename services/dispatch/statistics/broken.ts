// Which vehicles keep the changes of a period (T6) from balancing: those of which opening, closing and what happened do not agree in some unit.
import type { Statistics } from '../../contracts/api/statistics.ts'
import type { Period } from '../../domain/statistics/period.ts'
import { balance } from '../../domain/statistics/tables.ts'
import type { Database } from '../../platform/db.ts'
import type { Scope, Sight } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { unitTestsOf } from '../kernel/within.ts'
import { factsOf } from './facts.ts'

const MOST = 50
/** SQL: the sum of what does not balance. */
const UNEXPLAINED = `sum(${Object.entries(balance)
  .map(([movement, weight]) => `${weight} * f."${movement}"`)
  .join(' + ')})`

export async function listBroken(
  db: Database,
  { cleared }: Sight,
  { scope, organisationId }: { scope: Scope; organisationId?: number | undefined },
  period: Period,
): Promise<Statistics['broken']> {
  const values: unknown[] = []
  const $ = (value: unknown) => `$${values.push(value)}`
  const { rows } = await db.query<Statistics['broken'][number]>(
    `SELECT b.vehicle_id AS "vehicleId", v.plate, v.plate_colour AS "plateColour", o.name AS unit, b.unexplained FROM (
       SELECT f.unit_id, f.vehicle_id, ${UNEXPLAINED}::int AS unexplained
       FROM ${factsOf('T6', $, period)} f GROUP BY f.unit_id, f.vehicle_id
       HAVING ${UNEXPLAINED} <> 0) b
     JOIN ${openVehicles($(cleared))} v ON v.vehicle_id = b.vehicle_id
     JOIN organisations o ON o.organisation_id = b.unit_id AND ${unitTestsOf($, scope, organisationId, 'o').join(' AND ')}
     ORDER BY o.lft, v.plate LIMIT ${MOST}`,
    values,
  )
  return rows
}
