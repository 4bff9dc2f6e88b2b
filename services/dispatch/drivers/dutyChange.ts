// Changes of what hangs on a driver: loans, shifts, single days, leave. All of them move the driver's version.

import { Refusal } from '../../contracts/errors.ts'
import { refusal } from '../../contracts/refusals.ts'
import { addDays, dayStartMs } from '../../domain/days.ts'
import { isLeaveTooLong, type LeaveKind, MAX_LEAVE_DAYS, type Shift } from '../../domain/duty.ts'
import type { Act } from '../kernel/act.ts'
import { requireUnpromised } from '../kernel/availability.ts'
import { requireOrganisation } from '../kernel/within.ts'
import { changeDriver } from './driverChange.ts'

type Span = { fromDay: string; untilDay: string | null }
const requireOrder = ({ fromDay, untilDay }: Span, path: string) => {
  if (untilDay !== null && untilDay < fromDay) throw refusal('VALIDATION_FAILED', path, 'dates.until')
}

/** Days of the region, both included, as a time. */
const timeOf = ({ fromDay, untilDay }: Span) => ({
  fromMs: dayStartMs(fromDay),
  ...(untilDay === null ? {} : { untilMs: dayStartMs(addDays(untilDay, 1)) }),
})

type LoanBody = Span & { organisationId?: number; poolId?: number; note: string | null; version: number }

export const lendDriver = (act: Act, driverId: number, body: LoanBody): Promise<{ loanId: number; version: number }> =>
  changeDriver<{ loanId: number }>(act, driverId, body.version, async (driver) => {
    requireOrder(body, 'body.untilDay')
    if (driver.state === 'retired') throw refusal('CONFLICT', 'body.fromDay', 'driver.state')
    if ((body.organisationId === undefined) === (body.poolId === undefined))
      throw refusal('VALIDATION_FAILED', 'body.organisationId', 'driver.loanTarget')
    const organisationId = body.organisationId ?? (await organisationOfPool(act, body.poolId!))
    await requireOrganisation(act.client, act.scope, organisationId, 'body.organisationId')
    if (body.poolId === undefined && organisationId === driver.organisation_id)
      throw refusal('VALIDATION_FAILED', 'body.organisationId', 'driver.sameUnit')
    await requireUnpromised(act, { driverId }, 'body.fromDay', timeOf(body))
    const { rows } = await act.client.query<{ loan_id: number }>(
      `INSERT INTO driver_loans (driver_id, organisation_id, pool_id, from_day, until_day, note) VALUES ($1, $2, $3, $4, $5, $6) RETURNING loan_id`,
      [driverId, organisationId, body.poolId ?? null, body.fromDay, body.untilDay, body.note],
    )
    const loanId = rows[0]!.loan_id
    const { fromDay, untilDay, note, poolId } = body
    return { action: 'driver.lend', after: { loanId, organisationId, poolId, fromDay, untilDay, note }, answer: { loanId } }
  })

async function organisationOfPool({ client, scope }: Act, poolId: number): Promise<number> {
  const { rows } = await client.query<{ organisation_id: number }>(
    `SELECT p.organisation_id FROM motor_pools p JOIN organisations o USING (organisation_id) WHERE p.pool_id = $1 AND o.lft BETWEEN $2 AND $3`,
    [poolId, scope.lft, scope.rgt],
  )
  if (!rows[0]) throw refusal('VALIDATION_FAILED', 'body.poolId', 'driver.unitUnknown')
  return rows[0].organisation_id
}

export const endLoan = (
  act: Act,
  driverId: number,
  loanId: number,
  { untilDay, version }: { untilDay: string; version: number },
): Promise<{ version: number }> =>
  changeDriver(act, driverId, version, async () => {
    const { rows } = await act.client.query<{ from_day: string; until_day: string | null }>(
      'SELECT from_day::text AS from_day, until_day::text AS until_day FROM driver_loans WHERE loan_id = $1 AND driver_id = $2',
      [loanId, driverId],
    )
    const loan = rows[0]
    if (!loan) throw new Refusal('NOT_FOUND')
    const before = { loanId, fromDay: loan.from_day, untilDay: loan.until_day }
    if (untilDay < loan.from_day) {
      await act.client.query('DELETE FROM driver_loans WHERE loan_id = $1', [loanId])
      return { action: 'driver.loan-end', before, after: null }
    }
    await act.client.query('UPDATE driver_loans SET until_day = $2 WHERE loan_id = $1', [loanId, untilDay])
    return { action: 'driver.loan-end', before, after: { loanId, untilDay } }
  })

export const setShifts = (
  act: Act,
  driverId: number,
  { shifts, version }: { shifts: Shift[]; version: number },
): Promise<{ version: number }> =>
  changeDriver(act, driverId, version, async () => {
    const before = await act.client.query(
      `DELETE FROM driver_shifts WHERE driver_id = $1 RETURNING weekdays, start_minute AS "startMinute", end_minute AS "endMinute",
         follows_calendar AS "followsCalendar", from_day::text AS "fromDay", until_day::text AS "untilDay"`,
      [driverId],
    )
    for (const shift of shifts)
      await act.client.query(
        `INSERT INTO driver_shifts (driver_id, weekdays, start_minute, end_minute, follows_calendar, from_day, until_day)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [driverId, shift.weekdays, shift.startMinute, shift.endMinute, shift.followsCalendar, shift.fromDay, shift.untilDay],
      )
    return { action: 'driver.shifts', before: { shifts: before.rows }, after: { shifts } }
  })

export type DayDuty = null | { off: true } | { startMinute: number; endMinute: number }

export const setDutyDay = (
  act: Act,
  driverId: number,
  day: string,
  { duty, version }: { duty: DayDuty; version: number },
): Promise<{ version: number }> =>
  changeDriver(act, driverId, version, async () => {
    const { rows } = await act.client.query(
      `DELETE FROM driver_duty_days WHERE driver_id = $1 AND day = $2 RETURNING start_minute AS "startMinute", end_minute AS "endMinute"`,
      [driverId, day],
    )
    if (duty !== null) {
      const hours = 'off' in duty ? [null, null] : [duty.startMinute, duty.endMinute]
      await act.client.query('INSERT INTO driver_duty_days (driver_id, day, start_minute, end_minute) VALUES ($1, $2, $3, $4)', [
        driverId,
        day,
        ...hours,
      ])
    }
    return { action: 'driver.duty-day', before: rows[0] ? { day, ...rows[0] } : null, after: { day, ...(duty ?? { asTheWeek: true }) } }
  })

type LeaveBody = { kind: LeaveKind; fromDay: string; untilDay: string; note: string | null; version: number }

export const addLeave = (act: Act, driverId: number, body: LeaveBody): Promise<{ leaveId: number; version: number }> =>
  changeDriver<{ leaveId: number }>(act, driverId, body.version, async () => {
    requireOrder(body, 'body.untilDay')
    if (isLeaveTooLong(body)) throw refusal('VALIDATION_FAILED', 'body.untilDay', 'driver.leaveLong', { max: MAX_LEAVE_DAYS })
    await requireUnpromised(act, { driverId }, 'body.fromDay', timeOf(body))
    const { kind, fromDay, untilDay, note } = body
    const { rows } = await act.client.query<{ leave_id: number }>(
      'INSERT INTO driver_leaves (driver_id, kind, from_day, until_day, note) VALUES ($1, $2, $3, $4, $5) RETURNING leave_id',
      [driverId, kind, fromDay, untilDay, note],
    )
    const leaveId = rows[0]!.leave_id
    return { action: 'driver.leave', after: { leaveId, kind, fromDay, untilDay, note }, answer: { leaveId } }
  })

export const cancelLeave = (act: Act, driverId: number, leaveId: number, version: number): Promise<{ version: number }> =>
  changeDriver(act, driverId, version, async () => {
    const { rows } = await act.client.query<{ kind: string; fromDay: string; untilDay: string }>(
      `DELETE FROM driver_leaves WHERE leave_id = $1 AND driver_id = $2
       RETURNING kind, from_day::text AS "fromDay", until_day::text AS "untilDay"`,
      [leaveId, driverId],
    )
    if (!rows[0]) throw new Refusal('NOT_FOUND')
    return { action: 'driver.leave-cancel', before: { leaveId, ...rows[0] }, after: null }
  })
