// Shifts, single days and leave of drivers as the pure duty laws take them.
import type { DutyDay, Leave, LeaveKind, Shift } from '../../domain/duty.ts'
import type { Queryable } from '../../platform/db.ts'

type StoredLeave = Leave & { leaveId: number; kind: LeaveKind; note: string | null }
export type StoredDuty = { shifts: Shift[]; dutyDays: DutyDay[]; leaves: StoredLeave[] }

/** Duty of these drivers that touches the days from `from` to `until`; every driver has an entry. */
export async function readDuties(
  db: Queryable,
  driverIds: readonly number[],
  from: string,
  until: string,
): Promise<Map<number, StoredDuty>> {
  const duties = new Map<number, StoredDuty>(driverIds.map((id) => [id, { shifts: [], dutyDays: [], leaves: [] }]))
  if (driverIds.length === 0) return duties
  const values = [driverIds, from, until]
  const shifts = await db.query<Shift & { driver_id: number }>(
    `SELECT driver_id, weekdays, start_minute AS "startMinute", end_minute AS "endMinute", follows_calendar AS "followsCalendar",
            from_day::text AS "fromDay", until_day::text AS "untilDay"
     FROM driver_shifts WHERE driver_id = ANY($1::int[]) AND from_day <= $3 AND (until_day IS NULL OR until_day >= $2) ORDER BY shift_id`,
    values,
  )
  const dutyDays = await db.query<DutyDay & { driver_id: number }>(
    `SELECT driver_id, day::text AS day, start_minute AS "startMinute", end_minute AS "endMinute"
     FROM driver_duty_days WHERE driver_id = ANY($1::int[]) AND day BETWEEN $2 AND $3`,
    values,
  )
  const leaves = await db.query<StoredLeave & { driver_id: number }>(
    `SELECT driver_id, leave_id AS "leaveId", kind, from_day::text AS "fromDay", until_day::text AS "untilDay", note
     FROM driver_leaves WHERE driver_id = ANY($1::int[]) AND from_day <= $3 AND until_day >= $2 ORDER BY from_day DESC`,
    values,
  )
  for (const { driver_id, ...shift } of shifts.rows) duties.get(driver_id)!.shifts.push(shift)
  for (const { driver_id, ...dutyDay } of dutyDays.rows) duties.get(driver_id)!.dutyDays.push(dutyDay)
  for (const { driver_id, ...leave } of leaves.rows) duties.get(driver_id)!.leaves.push(leave)
  return duties
}
