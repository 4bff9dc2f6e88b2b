// Shifts, single days and leave of drivers as the pure duty laws take them.
import type { DutyDay, Leave, LeaveKind, Shift } from '../../domain/duty.ts'
import type { Queryable } from '../../platform/db.ts'
import { among, listOf } from '../kernel/among.ts'

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
  // One statement: a ranking asks it of thousands.
  const { rows } = await db.query<
    { id: number; of: 'shift'; row: Shift } | { id: number; of: 'day'; row: DutyDay } | { id: number; of: 'leave'; row: StoredLeave }
  >(
    `SELECT driver_id AS id, 'shift' AS of, shift_id AS n, json_build_object('weekdays', weekdays, 'startMinute', start_minute, 'endMinute', end_minute,
       'followsCalendar', follows_calendar, 'fromDay', from_day, 'untilDay', until_day) AS row
     FROM driver_shifts WHERE ${among('driver_id', '$1')} AND from_day <= $3::date AND (until_day IS NULL OR until_day >= $2::date)
     UNION ALL SELECT driver_id, 'day', 0, json_build_object('day', day, 'startMinute', start_minute, 'endMinute', end_minute)
     FROM driver_duty_days WHERE ${among('driver_id', '$1')} AND day BETWEEN $2::date AND $3::date
     UNION ALL SELECT driver_id, 'leave', -(from_day - '1970-01-01'::date), json_build_object('leaveId', leave_id, 'kind', kind, 'fromDay', from_day, 'untilDay', until_day, 'note', note)
     FROM driver_leaves WHERE ${among('driver_id', '$1')} AND from_day <= $3::date AND until_day >= $2::date ORDER BY n`,
    [listOf(driverIds), from, until],
  )
  for (const { id, of, row } of rows) {
    const duty = duties.get(id)!
    if (of === 'shift') duty.shifts.push(row)
    else if (of === 'day') duty.dutyDays.push(row)
    else duty.leaves.push(row)
  }
  return duties
}
