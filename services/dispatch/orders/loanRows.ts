// Loans of vehicles as dispatching looks at them: whose a vehicle is for the time of a trip.
import { dayAt } from '../../domain/days.ts'
import type { Lending, Loan } from '../../domain/loans.ts'
import { heldFor, type RequestTimes } from '../../domain/requests.ts'
import type { Queryable } from '../../platform/db.ts'
import { among, listOf } from '../kernel/among.ts'
import type { Scope } from '../kernel/caller.ts'
import { isInForce } from '../kernel/dated.ts'

/** The vehicles that units of the scope have borrowed for a time that is not over: whoever borrows one gives it to his trips as whose it is does. */
export async function listBorrowed(db: Queryable, { lft, rgt }: Scope, fromMs: number): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(
    `SELECT DISTINCT l.vehicle_id AS id FROM vehicle_loans l JOIN organisations b ON b.organisation_id = l.borrower_id
     WHERE l.state = 'CONSENTED' AND b.lft BETWEEN $1 AND $2 AND upper(l.during) > $3`,
    [lft, rgt, new Date(fromMs)],
  )
  return rows.map(({ id }) => id)
}

/** Of vehicles, the loans that were consented to and are not over before the trip, and whether an agreement stands, as seen by the unit that asks. */
export async function listLending(
  db: Queryable,
  vehicleIds: readonly number[],
  unitId: number,
  trip: RequestTimes,
): Promise<(vehicleId: number, keeperId: number) => Lending> {
  const [firstDay, lastDay] = [dayAt(trip.startsAtMs), dayAt(trip.endsAtMs - 1)]
  const { rows: loans } = await db.query<Loan & { vehicleId: number }>(
    `SELECT l.vehicle_id AS "vehicleId", (extract(epoch FROM lower(l.during)) * 1000)::float8 AS "fromMs",
       (extract(epoch FROM upper(l.during)) * 1000)::float8 AS "untilMs", b.name AS borrower, u.lft BETWEEN b.lft AND b.rgt AS "forAsker"
     FROM vehicle_loans l JOIN organisations b ON b.organisation_id = l.borrower_id CROSS JOIN organisations u
     WHERE ${among('l.vehicle_id', '$1')} AND l.state = 'CONSENTED' AND upper(l.during) > $3 AND u.organisation_id = $2 ORDER BY l.during`,
    [listOf(vehicleIds), unitId, new Date(heldFor(trip).fromMs)],
  )
  const { rows: agreements } = await db.query<{ keeperId: number }>(
    `SELECT DISTINCT k.organisation_id AS "keeperId" FROM loan_agreements a JOIN organisations b ON b.organisation_id = a.borrower_id
     JOIN organisations l ON l.organisation_id = a.lender_id JOIN organisations k ON k.lft BETWEEN l.lft AND l.rgt CROSS JOIN organisations u
     WHERE u.organisation_id = $1 AND u.lft BETWEEN b.lft AND b.rgt AND ${isInForce('$2', 'a')} AND ${isInForce('$3', 'a')}`,
    [unitId, firstDay, lastDay],
  )
  const ofVehicle = new Map<number, Loan[]>()
  for (const { vehicleId, ...loan } of loans) ofVehicle.set(vehicleId, [...(ofVehicle.get(vehicleId) ?? []), loan])
  const agreed = new Set(agreements.map(({ keeperId }) => keeperId))
  return (vehicleId, keeperId) => ({ loans: ofVehicle.get(vehicleId) ?? [], agreed: agreed.has(keeperId) })
}
