// 驾驶员班次: duty by the week, for a while.
import { yesNo } from '../kinds.ts'
import type { Complaint, Sheet } from '../sheet.ts'
import { minuteOfDay, weekdays } from '../timeKinds.ts'
import { refused, words } from '../words.ts'
import { driverColumn, driverOwner, fromDay, untilDay } from './common.ts'

export const driverShifts: Sheet = {
  subject: 'driverShifts',
  name: words('驾驶员班次', 'Shifts of drivers'),
  view: 'driver.view',
  table: 'driver_shifts',
  id: 'shift_id',
  subjectType: 'driver-shift',
  key: ['driver', 'weekdays', 'start', 'end', 'fromDay'],
  owner: driverOwner,
  order: 't.driver_id, t.from_day, t.shift_id',
  columns: [
    driverColumn,
    {
      key: 'weekdays',
      heading: words('星期', 'Days'),
      kind: weekdays,
      sql: 'weekdays',
      required: true,
      example: '周一、周二、周三、周四、周五',
    },
    { key: 'start', heading: words('上班', 'Start'), kind: minuteOfDay, sql: 'start_minute', required: true, example: '08:30' },
    { key: 'end', heading: words('下班', 'End'), kind: minuteOfDay, sql: 'end_minute', required: true, example: '17:30' },
    fromDay,
    untilDay,
    {
      key: 'followsCalendar',
      heading: words('按工作日历', 'Follows the calendar'),
      kind: yesNo,
      sql: 'follows_calendar',
      whenNew: false,
      note: words('是：节假日不上班，调休日上班', 'Yes: off on holidays, on where the calendar makes a weekend a working day'),
      example: '是',
    },
  ],
  judge: ({ row, values }): Complaint[] => [
    ...judgeHours(row, values.start as number, values.end as number),
    ...(values.untilDay != null && values.untilDay < values.fromDay! ? [{ row, column: 'untilDay', message: refused('dates.until') }] : []),
  ],
}

/** A shift begins on its day and lasts a day at most. */
export function judgeHours(row: number, start: number, end: number): Complaint[] {
  if (start < 1_440 && end > start && end <= start + 1_440) return []
  return [
    { row, column: 'end', message: words('下班应晚于上班，且不超过 24 小时', 'The end comes after the start, at most 24 hours later') },
  ]
}
