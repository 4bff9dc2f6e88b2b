// 工作日历: days that are not what their weekday says, of the whole region or of an organisation.
import { wordLists } from '../../../domain/words.ts'
import { choice, date, text } from '../kinds.ts'
import { judgeDomain } from '../regionOnly.ts'
import type { Complaint, Sheet } from '../sheet.ts'
import { called, refused, words } from '../words.ts'
import { domainColumn } from './common.ts'

export const calendarDays: Sheet = {
  subject: 'calendarDays',
  name: words('工作日历', 'Calendar'),
  view: 'ledger.view',
  table: 'calendar_days',
  id: 'calendar_day_id',
  subjectType: 'calendar-day',
  key: ['unit', 'day'],
  owner: 't.organisation_id',
  isOver: ({ day }, today) => day! < today,
  order: 'own.lft NULLS FIRST, t.day',
  columns: [
    domainColumn,
    { key: 'day', heading: called('day'), kind: date, sql: 'day', required: true, example: '2026-10-01' },
    { key: 'kind', heading: words('类型', 'Kind'), kind: choice(wordLists.calendar), sql: 'kind', required: true, example: '休息日' },
    { key: 'name', heading: called('name'), kind: text(80), sql: 'name', required: true, example: '国庆节' },
  ],
  judge: ({ row, values }): Complaint[] =>
    values.kind === 'makeup' && new Date(`${values.day}T00:00:00Z`).getUTCDay() % 6 !== 0
      ? [{ row, column: 'kind', message: refused('calendar.makeupWeekday') }]
      : [],
  judgeAll: judgeDomain,
}
