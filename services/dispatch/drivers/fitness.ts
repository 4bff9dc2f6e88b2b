// Gathers what the fitness of a driver for a vehicle and a time is judged by, and judges it. Read-only; the law is domain/driverFitness.ts.
import type { AnswerOf } from '../../contracts/api.ts'
import { refusal } from '../../contracts/refusals.ts'
import { addDays, DAY_MS, dayAt, daySchema } from '../../domain/days.ts'
import { decideDriverFitness, type Loan } from '../../domain/driverFitness.ts'
import type { DriverState } from '../../domain/duty.ts'
import { findLicenceClasses, isAutomatic, sizeOf } from '../../domain/licence.ts'
import type { Queryable } from '../../platform/db.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import { listBookings } from '../kernel/availability.ts'
import type { Sight } from '../kernel/caller.ts'
import { listDriving } from '../kernel/driving.ts'
import { openVehicles } from '../kernel/sight.ts'
import { inReach, limitsOf } from './driverDetail.ts'
import { readDuties } from './dutyRows.ts'

const MAX_DAYS = 31

export type Question = { driverId: number; vehicleId: number; fromMs: number; untilMs: number; drivingMin: number | null }

/** Undefined when driver or vehicle is out of reach. */
export async function findFitness(
  db: Queryable,
  scope: Sight,
  question: Question,
  nowMs: number,
): Promise<AnswerOf<'decideDriver'> | undefined> {
  const { driverId, vehicleId, fromMs, untilMs, drivingMin } = question
  const isDated = daySchema.safeParse(dayAt(fromMs)).success && daySchema.safeParse(dayAt(untilMs)).success
  if (!isDated || untilMs <= fromMs || untilMs - fromMs > MAX_DAYS * DAY_MS)
    throw refusal('VALIDATION_FAILED', 'query.until', 'window.order', { days: MAX_DAYS })
  const drivers = await db.query<{
    organisation_id: number
    lft: number
    state: DriverState
    licence_class: string | null
    licence_expires_on: string | null
  }>(
    `SELECT d.organisation_id, o.lft, d.state, d.licence_class, d.licence_expires_on::text AS licence_expires_on
     FROM drivers d JOIN organisations o USING (organisation_id) WHERE d.driver_id = $1 AND ${inReach('$2', '$3', '$4::date')}`,
    [driverId, scope.lft, scope.rgt, dayAt(nowMs)],
  )
  const vehicles = await db.query<{ seats: number; body_type: string | null; energy: string }>(
    `SELECT v.seats, v.body_type, v.energy FROM ${openVehicles('$4')} v JOIN organisations o ON o.organisation_id = v.user_unit_id
     WHERE v.vehicle_id = $1 AND o.lft BETWEEN $2 AND $3`,
    [vehicleId, scope.lft, scope.rgt, scope.cleared],
  )
  const driver = drivers.rows[0]
  const vehicle = vehicles.rows[0]
  if (!driver || !vehicle) return undefined
  const from = addDays(dayAt(fromMs), -1)
  const until = dayAt(untilMs)
  const loans = await db.query<Loan & { inScope: boolean }>(
    `SELECT l.organisation_id AS "organisationId", l.from_day::text AS "fromDay", l.until_day::text AS "untilDay", o.lft BETWEEN $2 AND $3 AS "inScope"
     FROM driver_loans l JOIN organisations o USING (organisation_id) WHERE l.driver_id = $1`,
    [driverId, scope.lft, scope.rgt],
  )
  // Leave is judged by its days.
  const trips = (await listBookings(db, { driverId }, { fromMs, untilMs })).filter(({ reason }) => reason === 'trip')
  const driving = (await listDriving(db, [driverId], { fromMs, untilMs }, null)).get(driverId)?.spans ?? []
  return decideDriverFitness({
    driver: {
      state: driver.state,
      licenceClasses: driver.licence_class === null ? null : (findLicenceClasses(driver.licence_class) ?? null),
      licenceExpiresOn: driver.licence_expires_on,
      duty: (await readDuties(db, [driverId], from, until)).get(driverId)!,
      loans: loans.rows,
    },
    vehicle: { size: sizeOf({ bodyType: vehicle.body_type, seats: vehicle.seats }), automatic: isAutomatic(vehicle.energy) },
    window: { fromMs, untilMs },
    busy: trips.map((trip) => ({ fromMs: trip.fromMs, untilMs: trip.untilMs! })),
    driving,
    drivingMin,
    limits: await limitsOf(db, driver.organisation_id, dayAt(fromMs)),
    calendar: (await readCalendarBook(db, from, until)).of(driver.lft),
    askedBy: new Set(loans.rows.filter((loan) => loan.inScope).map((loan) => loan.organisationId)),
  })
}
