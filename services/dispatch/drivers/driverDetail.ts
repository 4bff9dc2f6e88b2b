// One driver, whole; the duty calendar; and the limits that hold for a unit. Out of reach and absent are the same: undefined.
import type { DriverDay, DriverDetail } from '../../contracts/api/drivers.ts'
import type { AnswerOf } from '../../contracts/api.ts'
import { addDays, dayAt, dayStartMs, daysBetween } from '../../domain/days.ts'
import type { DrivingLimits } from '../../domain/driverFitness.ts'
import { planDay } from '../../domain/duty.ts'
import type { Role } from '../../domain/permissions.ts'
import type { Queryable } from '../../platform/db.ts'
import { readCalendarBook } from '../../platform/workCalendar.ts'
import { listOf } from '../kernel/among.ts'
import type { Scope, Sight, Who } from '../kernel/caller.ts'
import { isInForce, nearestAbove } from '../kernel/dated.ts'
import { readRatingSum } from '../kernel/driverRatings.ts'
import { driverColumns, driverJoins, driverRowOf } from './driverRow.ts'
import { readDuties } from './dutyRows.ts'

/** Whom a reader may see: drivers of the scope and those lent to it on `day` (a placeholder). */
export const inReach = (lft: string, rgt: string, day: string): string => `(o.lft BETWEEN ${lft} AND ${rgt} OR EXISTS (
  SELECT FROM driver_loans k JOIN organisations b USING (organisation_id)
  WHERE k.driver_id = d.driver_id AND b.lft BETWEEN ${lft} AND ${rgt} AND ${isInForce(day, 'k')}))`

/** SQL: the same as rows, with the `lft` of their units: unit by unit, which grows with the scope and not with the region. */
export const driversInReach = (lft: string, rgt: string, day: string): string => `
  WITH there AS MATERIALIZED (SELECT organisation_id, lft FROM organisations WHERE lft BETWEEN ${lft} AND ${rgt})
  SELECT d.*, o.lft FROM there o CROSS JOIN LATERAL (SELECT * FROM drivers d WHERE d.organisation_id = o.organisation_id OFFSET 0) d
  UNION ALL SELECT d.*, o.lft FROM drivers d JOIN organisations o USING (organisation_id)
    WHERE o.lft NOT BETWEEN ${lft} AND ${rgt} AND d.driver_id IN (SELECT k.driver_id FROM driver_loans k JOIN there b USING (organisation_id) WHERE ${isInForce(day, 'k')})`

/** SQL: the same of one driver. */
export const oneInReach = (lft: string, rgt: string, day: string, driverId: string): string =>
  `SELECT d.*, o.lft FROM drivers d JOIN organisations o USING (organisation_id) WHERE d.driver_id = ${driverId} AND ${inReach(lft, rgt, day)}`

/** How far back and ahead leave and shifts are shown with a driver. */
const SHOWN_DAYS = 366

export async function findDriver(
  db: Queryable,
  scope: Sight,
  driverId: number,
  viewer: { role: Role; nowMs: number; own?: boolean },
): Promise<DriverDetail | undefined> {
  const today = dayAt(viewer.nowMs)
  const { rows } = await db.query(
    `SELECT ${driverColumns} FROM drivers d ${driverJoins('$4::date', '$5')} WHERE d.driver_id = $1 AND ${inReach('$2', '$3', '$4::date')}`,
    [driverId, scope.lft, scope.rgt, today, scope.cleared],
  )
  const row = rows[0]
  if (!row) return undefined
  const book = await readCalendarBook(db, addDays(today, -1), today)
  const duty = (await readDuties(db, [driverId], addDays(today, -SHOWN_DAYS), addDays(today, SHOWN_DAYS))).get(driverId)!
  return {
    ...driverRowOf(row, duty, { ...viewer, book }),
    licenceIssuedOn: row.licence_issued_on as string | null,
    stateReason: row.state_reason as string | null,
    shifts: duty.shifts,
    leaves: duty.leaves,
    loans: await listLoans(db, driverId),
    rating: await readRatingSum(db, driverId, viewer.nowMs),
    limits: await limitsOf(db, row.organisation_id as number, today),
    driven: await drivenSince(db, driverId, `${today.slice(0, 8)}01`, viewer.nowMs),
  }
}

/** What a driver drove since a day, his parts of orders alone: what another drove of the same order is the other's. */
async function drivenSince(db: Queryable, driverId: number, day: string, nowMs: number): Promise<DriverDetail['driven']> {
  const { rows } = await db.query<DriverDetail['driven']>(
    `SELECT count(DISTINCT order_id)::int AS orders,
       coalesce(sum(extract(epoch FROM greatest(coalesce(until_at, $3) - from_at, interval '0')) / 60), 0)::int AS minutes,
       coalesce(sum(greatest(odometer_back_m - odometer_out_m, 0)), 0)::int AS "distanceM"
     FROM order_parts WHERE driver_id = $1 AND from_at >= $2 AND from_at <= $3`,
    [driverId, new Date(dayStartMs(day)), new Date(nowMs)],
  )
  return rows[0]!
}

/** The file of the driver whose account this is; null for everyone else's. Loans and moves do not take it from him. */
export async function ownDriver(db: Queryable, { caller, reach }: Who, nowMs: number): Promise<DriverDetail | null> {
  const { rows } = await db.query<{ driver_id: number; lft: number }>(
    'SELECT d.driver_id, o.lft FROM accounts a JOIN drivers d USING (driver_id) JOIN organisations o ON o.organisation_id = d.organisation_id WHERE a.account_id = $1',
    [caller.accountId],
  )
  const own = rows[0]
  if (!own) return null
  return (await findDriver(db, { ...reach, lft: own.lft, rgt: own.lft }, own.driver_id, { role: caller.role, nowMs, own: true })) ?? null
}

/** Where a driver within reach belongs; undefined when there is none. */
export async function findDriverUnit(
  db: Queryable,
  scope: Scope,
  driverId: number,
  nowMs: number,
): Promise<{ driverId: number; lft: number } | undefined> {
  const { rows } = await db.query<{ lft: number }>(
    `SELECT o.lft FROM drivers d JOIN organisations o USING (organisation_id) WHERE d.driver_id = $1 AND ${inReach('$2', '$3', '$4::date')}`,
    [driverId, scope.lft, scope.rgt, dayAt(nowMs)],
  )
  return rows[0] && { driverId, lft: rows[0].lft }
}

async function listLoans(db: Queryable, driverId: number): Promise<DriverDetail['loans']> {
  const { rows } = await db.query(
    `SELECT l.loan_id, l.organisation_id, o.name, l.pool_id, p.name AS pool_name, l.from_day::text AS from_day, l.until_day::text AS until_day, l.note
     FROM driver_loans l JOIN organisations o USING (organisation_id) LEFT JOIN motor_pools p ON p.pool_id = l.pool_id
     WHERE l.driver_id = $1 ORDER BY l.from_day DESC LIMIT 50`,
    [driverId],
  )
  return rows.map((row) => ({
    loanId: row.loan_id as number,
    organisation: { organisationId: row.organisation_id as number, name: row.name as string },
    pool: row.pool_id === null ? null : { poolId: row.pool_id as number, name: row.pool_name as string },
    fromDay: row.from_day as string,
    untilDay: row.until_day as string | null,
    note: row.note as string | null,
  }))
}

/** The nearest row above a unit that is in force on a day; the region's own row is always there. */
export async function limitsOf(db: Queryable, organisationId: number, day: string): Promise<DrivingLimits> {
  const limits = (await limitsOfUnits(db, [organisationId], day)).get(organisationId)
  if (!limits) throw new Error(`no driving limits hold for organisation ${organisationId} on ${day}`)
  return limits
}

/** The same of many; each has some. */
export async function limitsOfUnits(db: Queryable, organisationIds: readonly number[], day: string): Promise<Map<number, DrivingLimits>> {
  const { rows } = await db.query<DrivingLimits & { id: number }>(
    `SELECT o.organisation_id AS id, l.* FROM organisations o CROSS JOIN LATERAL (${nearestAbove(
      'driving_limits',
      'p.day_min AS "dayMin", p.continuous_min AS "continuousMin", p.rest_min AS "restMin", p.week_min AS "weekMin"',
      'o.lft',
      '$2',
    )}) l WHERE o.organisation_id IN (SELECT unnest($1::int[]))`,
    [listOf(organisationIds), day],
  )
  return new Map(rows.map(({ id, ...limits }) => [id, limits]))
}

/** The duty calendar of a driver whom the caller may see. */
export async function listDriverDays(
  db: Queryable,
  driver: { driverId: number; lft: number },
  from: string,
  until: string,
): Promise<DriverDay[]> {
  const calendar = (await readCalendarBook(db, from, until)).of(driver.lft)
  const duty = (await readDuties(db, [driver.driverId], from, until)).get(driver.driverId)!
  return daysBetween(from, until).map((day) => ({ ...planDay(day, duty, calendar), dayName: calendar.findRow(day)?.name ?? null }))
}

/** Limits that hold somewhere in the scope or for all of it. */
export async function listDrivingLimits(db: Queryable, scope: Scope): Promise<AnswerOf<'listDrivingLimits'>['rows']> {
  const { rows } = await db.query(
    `SELECT l.organisation_id, o.name, l.effective_from::text AS effective_from, l.day_min, l.continuous_min, l.rest_min, l.week_min, l.version
     FROM driving_limits l LEFT JOIN organisations o USING (organisation_id)
     WHERE l.organisation_id IS NULL OR o.lft BETWEEN $1 AND $2 OR (o.lft < $1 AND o.rgt > $2)
     ORDER BY o.lft NULLS FIRST, l.effective_from DESC LIMIT 500`,
    [scope.lft, scope.rgt],
  )
  return rows.map((row) => ({
    organisation: row.organisation_id === null ? null : { organisationId: row.organisation_id as number, name: row.name as string },
    effectiveFrom: row.effective_from as string,
    dayMin: row.day_min as number,
    continuousMin: row.continuous_min as number,
    restMin: row.rest_min as number,
    weekMin: row.week_min as number | null,
    version: row.version as number,
  }))
}
