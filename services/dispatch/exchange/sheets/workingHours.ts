// 办公时间: from a day on.
import { judgeDomain } from '../regionOnly.ts'
import type { Sheet } from '../sheet.ts'
import { minuteOfDay } from '../timeKinds.ts'
import { words } from '../words.ts'
import { domainColumn, effectiveFrom } from './common.ts'
import { judgeHours } from './driverShifts.ts'

export const workingHours: Sheet = {
  subject: 'workingHours',
  name: words('办公时间', 'Working hours'),
  view: 'ledger.view',
  table: 'working_hours',
  id: 'hours_id',
  subjectType: 'working-hours',
  key: ['unit', 'effectiveFrom'],
  owner: 't.organisation_id',
  isOver: ({ effectiveFrom }, today) => effectiveFrom! < today,
  order: 'own.lft NULLS FIRST, t.effective_from',
  columns: [
    domainColumn,
    effectiveFrom,
    { key: 'start', heading: words('上班', 'Start'), kind: minuteOfDay, sql: 'start_minute', required: true, example: '08:30' },
    { key: 'end', heading: words('下班', 'End'), kind: minuteOfDay, sql: 'end_minute', required: true, example: '17:30' },
  ],
  judge: ({ row, values }) =>
    judgeHours(row, values.start as number, Math.max(values.end as number, 0) > 1_440 ? -1 : (values.end as number)),
  judgeAll: (candidates, context) => judgeDomain(candidates, context, 'rules.regionOnly'),
}
