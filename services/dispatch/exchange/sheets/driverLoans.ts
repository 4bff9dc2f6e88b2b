// 驾驶员借调: to an organisation, or to a motor pool of one.
import { reference } from '../kinds.ts'
import { judgeOverlaps } from '../overlaps.ts'
import type { Sheet } from '../sheet.ts'
import { words } from '../words.ts'
import { driverColumn, driverOwner, fromDay, note, unitColumn, untilDay } from './common.ts'

export const driverLoans: Sheet = {
  subject: 'driverLoans',
  name: words('驾驶员借调', 'Loans of drivers'),
  view: 'driver.view',
  table: 'driver_loans',
  id: 'loan_id',
  subjectType: 'driver-loan',
  key: ['driver', 'fromDay'],
  owner: driverOwner,
  isOver: ({ untilDay }, today) => untilDay != null && untilDay < today,
  stays: true,
  order: 't.driver_id, t.from_day',
  columns: [
    driverColumn,
    fromDay,
    untilDay,
    unitColumn(words('借入机构', 'Lent to')),
    {
      key: 'pool',
      heading: words('借入车队', 'Motor pool'),
      kind: reference(words('车队名称，重名时写 名称@机构编码', 'Name of a motor pool, or name@code')),
      sql: 'pool_id',
      refers: 'pool',
      recordAs: 'poolId',
      note: words('借给车队时填写，借入机构为车队所属机构', 'Where the loan is to a pool; it is the organisation’s then'),
      example: '',
    },
    note,
  ],
  judgeAll: (candidates, context) =>
    judgeOverlaps(candidates, context, { table: 'driver_loans', id: 'loan_id', reason: 'driver.loanOverlap' }),
}
