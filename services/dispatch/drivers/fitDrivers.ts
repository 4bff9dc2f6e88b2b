// Drivers within reach and whether each may drive at a time: for who gives vehicles to trips. The law is domain/driverFitness.ts.
import { addDays, dayAt } from '../../domain/days.ts'
import { decideDriverFitness, type FitnessReason, type Loan, type Span } from '../../domain/driverFitness.ts'
import type { DriverState } from '../../domain/duty.ts'
import { findLicenceClasses, isAutomatic, sizeOf } from '../../domain/licence.ts'
import type { Queryable } from '../../platform/db.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import type { Sight } from '../kernel/caller.ts'
import { inReach, limitsOfUnits } from './driverDetail.ts'
import { readDuties } from './dutyRows.ts'

const MOST = 1_500

type FitDriver = {
  driverId: number
  name: string
  unitId: number
  usual: number | null
  judge(vehicle: { bodyType: string | null; seats: number; energy: string }): FitnessReason[]
}

/** @returns drivers of the scope and those lent to it, retired ones left out; of them `driverId` alone where it is given */
export async function listFitDrivers(db: Queryable, scope: Sight, window: Span, nowMs: number, driverId?: number): Promise<FitDriver[]> {
  const { rows } = await db.query<{
    driverId: number
    name: string
    unitId: number
    lft: number
    usual: number | null
    state: DriverState
    licenceClass: string | null
    licenceExpiresOn: string | null
    loans: (Loan & { inScope: boolean })[]
    busy: Span[]
  }>(
    `SELECT d.driver_id AS "driverId", d.name, d.organisation_id AS "unitId", o.lft, d.vehicle_id AS usual, d.state, d.licence_class AS "licenceClass",
       d.licence_expires_on::text AS "licenceExpiresOn",
       (SELECT coalesce(json_agg(json_build_object('organisationId', l.organisation_id, 'fromDay', l.from_day, 'untilDay', l.until_day,
          'inScope', k.lft BETWEEN $1 AND $2)), '[]') FROM driver_loans l JOIN organisations k USING (organisation_id) WHERE l.driver_id = d.driver_id) AS loans,
       (SELECT coalesce(json_agg(json_build_object('fromMs', extract(epoch FROM lower(r.during)) * 1000, 'untilMs', extract(epoch FROM upper(r.during)) * 1000)
          ORDER BY r.during), '[]') FROM reservations r WHERE r.driver_id = d.driver_id AND r.reason = 'trip' AND r.during && tstzrange($4, $5)) AS busy
     FROM drivers d JOIN organisations o USING (organisation_id)
     WHERE ${inReach('$1', '$2', '$3::date')} AND d.state <> 'retired' AND ($6::int IS NULL OR d.driver_id = $6) ORDER BY d.driver_id LIMIT ${MOST}`,
    [scope.lft, scope.rgt, dayAt(nowMs), new Date(window.fromMs), new Date(window.untilMs), driverId ?? null],
  )
  const [from, until] = [addDays(dayAt(window.fromMs), -1), dayAt(window.untilMs)]
  const duties = await readDuties(
    db,
    rows.map((row) => row.driverId),
    from,
    until,
  )
  const book = await readCalendarBook(db, from, until)
  const limits = await limitsOfUnits(db, [...new Set(rows.map(({ unitId }) => unitId))], dayAt(window.fromMs))
  return rows.map((row) => ({
    driverId: row.driverId,
    name: row.name,
    unitId: row.unitId,
    usual: row.usual,
    judge: ({ bodyType, seats, energy }) =>
      decideDriverFitness({
        driver: {
          state: row.state,
          licenceClasses: row.licenceClass === null ? null : (findLicenceClasses(row.licenceClass) ?? null),
          licenceExpiresOn: row.licenceExpiresOn,
          duty: duties.get(row.driverId)!,
          loans: row.loans,
        },
        vehicle: { size: sizeOf({ bodyType, seats }), automatic: isAutomatic(energy) },
        window,
        busy: row.busy,
        driving: [],
        drivingMin: null,
        limits: limits.get(row.unitId)!,
        calendar: book.of(row.lft),
        askedBy: new Set(row.loans.filter(({ inScope }) => inScope).map(({ organisationId }) => organisationId)),
      }).reasons,
  }))
}
