// Seats of a quota. Laws, held under the ledger's lock:
//  – a (unit, category) seats at most as many vehicles as the smallest quota in force today or approved for later;
//  – no two vehicles share a seat (and a unique constraint stands behind that);
//  – seats are numbered from 1, and no vehicle sits beyond the last: a quota that shrinks moves those up who sat there;
//  – while a seat is free, no vehicle of that unit and category in service is without one.
// Each law is one statement for any number of units: an import of the whole ledger asks it once, a single change asks it of one unit.
import { isSubjectToQuota, type VehicleCategory } from '../../domain/vehicle.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Act } from './act.ts'
import { quotasInForce } from './quota.ts'

export type Pair = { unitId: number; category: VehicleCategory }
export type Capacity = { seats: number; inService: number }

/** Seats that may be filled and vehicles in service (everything that is not disposed of), for pairs $1, $2 of unit and category on the day $3. */
const capacitySql = `
  SELECT p.unit_id, p.category, coalesce(least(now_in.seats, later.seats), 0) AS seats,
         (SELECT count(*) FROM vehicles v WHERE v.user_unit_id = p.unit_id AND v.category = p.category AND v.state <> 'DISPOSED')::int AS in_service
  FROM (SELECT DISTINCT * FROM unnest($1::int[], $2::text[]) AS u (unit_id, category)) p
  LEFT JOIN LATERAL ${quotasInForce('$3', 'AND q.unit_id = p.unit_id AND q.category = p.category')} now_in ON true
  LEFT JOIN LATERAL (SELECT min(seats) AS seats FROM quotas q WHERE q.unit_id = p.unit_id AND q.category = p.category AND q.state = 'APPROVED'
    AND q.effective_from > $3::date AND now_in.seats IS NOT NULL) later ON true`

const valuesOf = (pairs: readonly Pair[], today: string): unknown[] => [
  pairs.map(({ unitId }) => unitId),
  pairs.map(({ category }) => category),
  today,
]

/** Of each pair that is subject to quota, once. */
export async function capacitiesOf(client: Queryable, pairs: readonly Pair[], today: string): Promise<(Pair & Capacity)[]> {
  const asked = pairs.filter(({ category }) => isSubjectToQuota(category))
  if (asked.length === 0) return []
  const { rows } = await client.query<Pair & Capacity>(
    `SELECT unit_id AS "unitId", category, seats, in_service AS "inService" FROM (${capacitySql}) c`,
    valuesOf(asked, today),
  )
  return rows
}

export async function capacityOf(client: Queryable, unitId: number, category: VehicleCategory, today: string): Promise<Capacity> {
  const [capacity] = await capacitiesOf(client, [{ unitId, category }], today)
  return capacity ?? { seats: 0, inService: 0 }
}

export type Seated = { vehicleId: number; before: number | null; after: number | null }

/**
 * Gives free seats, lowest first, to vehicles that wait for one, longest in service first. Whoever sits beyond the last seat of a quota
 * that shrank waits for one like everybody else.
 */
export async function seatWaiting(client: Queryable, pairs: readonly Pair[], today: string): Promise<Seated[]> {
  const touched = pairs.filter(({ category }) => isSubjectToQuota(category))
  if (touched.length === 0) return []
  const values = valuesOf(touched, today)
  const { rows: vacated } = await client.query<{ id: number; seat: number }>(
    `WITH capacity AS MATERIALIZED (${capacitySql}),
     beyond AS (SELECT v.vehicle_id, v.quota_seat FROM vehicles v JOIN capacity c ON c.unit_id = v.user_unit_id AND c.category = v.category
       WHERE v.quota_seat > c.seats)
     UPDATE vehicles v SET quota_seat = NULL FROM beyond WHERE v.vehicle_id = beyond.vehicle_id RETURNING v.vehicle_id AS id, beyond.quota_seat AS seat`,
    values,
  )
  const { rows } = await client.query<{ id: number; seat: number }>(
    `WITH capacity AS MATERIALIZED (${capacitySql}),
     here AS MATERIALIZED (
       SELECT v.vehicle_id, c.unit_id, c.category, v.quota_seat, coalesce(v.in_service_on, v.registered_on) AS since
       FROM vehicles v JOIN capacity c ON c.unit_id = v.user_unit_id AND c.category = v.category WHERE v.state <> 'DISPOSED'),
     waiting AS (SELECT vehicle_id, unit_id, category, row_number() OVER (PARTITION BY unit_id, category ORDER BY since, vehicle_id) AS n
       FROM here WHERE quota_seat IS NULL),
     free AS (SELECT c.unit_id, c.category, seat, row_number() OVER (PARTITION BY c.unit_id, c.category ORDER BY seat) AS n
       FROM capacity c CROSS JOIN LATERAL generate_series(1, c.seats) AS seat
       LEFT JOIN here h ON h.unit_id = c.unit_id AND h.category = c.category AND h.quota_seat = seat
       WHERE h.vehicle_id IS NULL)
     UPDATE vehicles v SET quota_seat = free.seat FROM waiting JOIN free USING (unit_id, category, n) WHERE v.vehicle_id = waiting.vehicle_id
     RETURNING v.vehicle_id AS id, free.seat`,
    values,
  )
  const before = new Map(vacated.map(({ id, seat }) => [id, seat]))
  const after = new Map(rows.map(({ id, seat }) => [id, seat]))
  return [...new Set([...before.keys(), ...after.keys()])].map((vehicleId) => ({
    vehicleId,
    before: before.get(vehicleId) ?? null,
    after: after.get(vehicleId) ?? null,
  }))
}

/** `seatWaiting` for one pair; each vehicle that got a seat or another one is noted. */
export async function fillSeats(
  { client, today, notes }: Pick<Act, 'client' | 'today' | 'notes'>,
  unitId: number,
  category: VehicleCategory,
): Promise<void> {
  for (const { vehicleId, before, after } of await seatWaiting(client, [{ unitId, category }], today))
    notes.add({ type: 'vehicle', id: vehicleId }, { quotaSeat: before }, { quotaSeat: after })
}
