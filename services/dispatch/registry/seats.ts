// Seats of a quota. Laws, held under the ledger's lock:
//  – a (unit, category) seats at most as many vehicles as the smallest quota in force today or approved for later;
//  – no two vehicles share a seat (and a unique constraint stands behind that);
//  – seats are numbered from 1, and no vehicle sits beyond the last: a quota that shrinks moves those up who sat there;
//  – while a seat is free, no vehicle of that unit and category in service is without one.
import type { VehicleCategory } from '../../contracts/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { LedgerChange } from './ledgerChange.ts'

/** Leased vehicles are not 编制. */
export const isSubjectToQuota = (category: VehicleCategory): boolean => category !== 'LEASED_SERVICE'

export type Capacity = { seats: number; inService: number }

/** Seats that may be filled on `today`, and vehicles in service: everything that is not disposed of. */
export async function capacityOf(client: Queryable, unitId: number, category: VehicleCategory, today: string): Promise<Capacity> {
  const { rows } = await client.query<Capacity>(
    `SELECT least((SELECT seats FROM quotas WHERE unit_id = $1 AND category = $2 AND state = 'APPROVED' AND effective_from <= $3::date
                   ORDER BY effective_from DESC LIMIT 1),
                  (SELECT min(seats) FROM quotas WHERE unit_id = $1 AND category = $2 AND state = 'APPROVED' AND effective_from > $3::date
                     AND EXISTS (SELECT FROM quotas WHERE unit_id = $1 AND category = $2 AND state = 'APPROVED' AND effective_from <= $3::date))) AS seats,
            (SELECT count(*) FROM vehicles WHERE user_unit_id = $1 AND category = $2 AND state <> 'DISPOSED') AS "inService"`,
    [unitId, category, today],
  )
  return { seats: rows[0]!.seats ?? 0, inService: rows[0]!.inService }
}

/** Gives free seats, lowest first, to vehicles that wait for one, longest in service first. */
export async function fillSeats(
  { client, today, notes }: Pick<LedgerChange, 'client' | 'today' | 'notes'>,
  unitId: number,
  category: VehicleCategory,
): Promise<void> {
  if (!isSubjectToQuota(category)) return
  const { seats } = await capacityOf(client, unitId, category, today)
  const { rows: vacated } = await client.query<{ id: number; seat: number }>(
    `WITH beyond AS (SELECT vehicle_id, quota_seat FROM vehicles WHERE user_unit_id = $1 AND category = $2 AND quota_seat > $3)
     UPDATE vehicles v SET quota_seat = NULL FROM beyond WHERE v.vehicle_id = beyond.vehicle_id
     RETURNING v.vehicle_id AS id, beyond.quota_seat AS seat`,
    [unitId, category, seats],
  )
  for (const { id, seat } of vacated) notes.add({ type: 'vehicle', id }, { quotaSeat: seat }, { quotaSeat: null })
  if (seats === 0) return
  const { rows } = await client.query<{ id: number; seat: number }>(
    `WITH here AS (SELECT vehicle_id, quota_seat, coalesce(in_service_on, registered_on) AS since FROM vehicles
                   WHERE user_unit_id = $1 AND category = $2 AND state <> 'DISPOSED'),
     free AS (SELECT seat, row_number() OVER (ORDER BY seat) AS n FROM generate_series(1, $3::int) AS seat
              WHERE seat NOT IN (SELECT quota_seat FROM here WHERE quota_seat IS NOT NULL)),
     waiting AS (SELECT vehicle_id, row_number() OVER (ORDER BY since, vehicle_id) AS n FROM here WHERE quota_seat IS NULL)
     UPDATE vehicles v SET quota_seat = free.seat FROM waiting JOIN free USING (n) WHERE v.vehicle_id = waiting.vehicle_id
     RETURNING v.vehicle_id AS id, free.seat`,
    [unitId, category, seats],
  )
  for (const { id, seat } of rows) notes.add({ type: 'vehicle', id }, { quotaSeat: null }, { quotaSeat: seat })
}
