// 超编超标处理: refuse or flag, for an organisation and everything below it, from a day on.
import { wordLists } from '../../../domain/words.ts'
import { choice } from '../kinds.ts'
import type { Sheet } from '../sheet.ts'
import { words } from '../words.ts'
import { effectiveFrom, unitColumn } from './common.ts'

export const policies: Sheet = {
  subject: 'policies',
  name: words('超编超标处理', 'Policies'),
  view: 'ledger.view',
  table: 'ledger_policies',
  id: 'policy_id',
  subjectType: 'ledger-policy',
  key: ['unit', 'effectiveFrom'],
  owner: 't.organisation_id',
  isOver: ({ effectiveFrom }, today) => effectiveFrom! < today,
  order: 'own.lft, t.effective_from',
  columns: [
    unitColumn(words('适用机构', 'Holds for')),
    effectiveFrom,
    {
      key: 'overQuota',
      heading: words('超编', 'Over quota'),
      kind: choice(wordLists.overPolicy),
      sql: 'over_quota',
      required: true,
      example: '拒绝',
    },
    {
      key: 'overStandard',
      heading: words('超标', 'Over standard'),
      kind: choice(wordLists.overPolicy),
      sql: 'over_standard',
      required: true,
      example: '允许并标记',
    },
  ],
}
