// The fleet's last states from the database, in slices; applied slice by slice, since states commute. A vehicle of which nothing is known but a report
// without a fix (a coordinate of 0) is nowhere yet.
import type { Queryable } from '../../platform/db.ts'
import type { StateRow } from './fleetPicture.ts'

const SLICE = 5_000

export async function readStates(db: Queryable, apply: (rows: StateRow[]) => void): Promise<void> {
  let after = -1
  for (let slice = SLICE; slice === SLICE; ) {
    const { rows } = await db.query<StateRow>(
      `SELECT vehicle_id AS "vehicleId", floor(extract(epoch FROM least(ts, received_at)))::float8 AS "timeS", lon_e7 AS "lonE7", lat_e7 AS "latE7",
              speed_dkph AS "speedDkph", heading_deg AS "headingDeg", flags
       FROM last_states WHERE vehicle_id > $1 AND lon_e7 <> 0 AND lat_e7 <> 0 ORDER BY vehicle_id LIMIT ${SLICE}`,
      [after],
    )
    apply(rows)
    after = rows.at(-1)?.vehicleId ?? after
    slice = rows.length
  }
}
