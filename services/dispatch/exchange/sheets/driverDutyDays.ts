// 驾驶员单日值班: one day otherwise than by the week; no hours = off.
import { date } from '../kinds.ts'
import type { Complaint, Sheet } from '../sheet.ts'
import { minuteOfDay } from '../timeKinds.ts'
import { called, words } from '../words.ts'
import { driverColumn, driverOwner, note } from './common.ts'
import { judgeHours } from './driverShifts.ts'

const off = words('上班、下班都留空表示当日不上班', 'Both blank: off on that day')

export const driverDutyDays: Sheet = {
  subject: 'driverDutyDays',
  name: words('驾驶员单日安排', 'Single days of drivers'),
  view: 'driver.view',
  table: 'driver_duty_days',
  id: 'duty_day_id',
  subjectType: 'driver-duty-day',
  key: ['driver', 'day'],
  owner: driverOwner,
  order: 't.driver_id, t.day',
  columns: [
    driverColumn,
    { key: 'day', heading: called('day'), kind: date, sql: 'day', required: true, example: '2026-03-07' },
    { key: 'start', heading: words('上班', 'Start'), kind: minuteOfDay, sql: 'start_minute', note: off, example: '08:30' },
    { key: 'end', heading: words('下班', 'End'), kind: minuteOfDay, sql: 'end_minute', note: off, example: '17:30' },
    note,
  ],
  judge({ row, values: { start, end } }): Complaint[] {
    if (start == null && end == null) return []
    if (start == null || end == null) return [{ row, column: start == null ? 'start' : 'end', message: off }]
    return judgeHours(row, start as number, end as number)
  },
}
