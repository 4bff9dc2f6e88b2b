// How many clocks are wrong: what the fleet list shows by its filter, counted for those who run the installation and may see no vehicle.
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { clockAheadSql } from './statusSql.ts'

export async function countClocksAhead(db: Queryable, scope: Sight): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `SELECT count(*) AS n FROM last_states s JOIN ${openVehicles('$3')} v USING (vehicle_id) JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE ${clockAheadSql} AND o.lft BETWEEN $1 AND $2`,
    [scope.lft, scope.rgt, scope.cleared],
  )
  return rows[0]!.n
}
