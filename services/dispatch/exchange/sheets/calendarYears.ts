// 已录入年度: years whose notice is in the calendar. What is not known is said to be unknown.
import { integer, text } from '../kinds.ts'
import { judgeRegionOnly } from '../regionOnly.ts'
import type { Sheet } from '../sheet.ts'
import { called, words } from '../words.ts'

export const calendarYears: Sheet = {
  subject: 'calendarYears',
  name: words('日历年度', 'Calendar years'),
  view: 'ledger.view',
  table: 'calendar_years',
  id: 'year',
  subjectType: 'calendar-year',
  key: ['year'],
  owner: 'NULL::int',
  order: 't.year',
  columns: [
    { key: 'year', heading: called('year'), kind: integer(2000, 2100), sql: 'year', required: true, example: '2026' },
    {
      key: 'source',
      heading: called('source'),
      kind: text(200),
      sql: 'source',
      required: true,
      example: '国务院办公厅节假日安排通知',
    },
  ],
  judgeAll: judgeRegionOnly,
}
