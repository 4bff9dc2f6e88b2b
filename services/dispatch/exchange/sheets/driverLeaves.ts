// 驾驶员请假: days both included.

import { isLeaveTooLong, MAX_LEAVE_DAYS } from '../../../domain/duty.ts'
import { wordLists } from '../../../domain/words.ts'
import { choice } from '../kinds.ts'
import { judgeOverlaps } from '../overlaps.ts'
import type { Complaint, Sheet } from '../sheet.ts'
import { refused, words } from '../words.ts'
import { driverColumn, driverOwner, fromDay, note, untilDay } from './common.ts'

export const driverLeaves: Sheet = {
  subject: 'driverLeaves',
  name: words('驾驶员请假', 'Leave of drivers'),
  view: 'driver.view',
  table: 'driver_leaves',
  id: 'leave_id',
  subjectType: 'driver-leave',
  key: ['driver', 'fromDay'],
  owner: driverOwner,
  order: 't.driver_id, t.from_day',
  columns: [
    driverColumn,
    fromDay,
    { ...untilDay, required: true },
    { key: 'kind', heading: words('类别', 'Kind'), kind: choice(wordLists.leave), sql: 'kind', required: true, example: '年休假' },
    note,
  ],
  judge: ({ row, values }): Complaint[] =>
    isLeaveTooLong({ fromDay: values.fromDay as string, untilDay: values.untilDay as string })
      ? [{ row, column: 'untilDay', message: refused('driver.leaveLong', { max: MAX_LEAVE_DAYS }) }]
      : [],
  judgeAll: (candidates, context) =>
    judgeOverlaps(candidates, context, { table: 'driver_leaves', id: 'leave_id', reason: 'driver.leaveOverlap' }),
}
