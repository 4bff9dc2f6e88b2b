// 机构沿革: what an organisation was called and where it stood until an instant.
import { adcode } from '../codes.ts'
import { reference, text } from '../kinds.ts'
import type { Sheet } from '../sheet.ts'
import { instant } from '../timeKinds.ts'
import { words } from '../words.ts'
import { kept, unitColumn } from './common.ts'

export const organisationPast: Sheet = {
  subject: 'organisationPast',
  name: words('机构沿革', 'Past of organisations'),
  view: 'ledger.view',
  table: 'organisation_past',
  id: 'past_id',
  subjectType: 'organisation-past',
  key: ['unit', 'until'],
  owner: 't.organisation_id',
  isOver: () => true,
  order: 'own.lft, t.until',
  columns: [
    unitColumn(words('机构', 'Organisation')),
    { key: 'until', heading: words('直至', 'Until'), kind: instant, sql: 'until', required: true, example: '2025-12-31 18:00:00' },
    {
      key: 'name',
      heading: words('当时名称', 'Name then'),
      kind: text(80),
      sql: 'name',
      required: true,
      fixed: kept,
      example: '示例区原示例局',
    },
    {
      key: 'parent',
      heading: words('当时上级', 'Parent then'),
      kind: reference(words('机构全路径或编码', 'Full path or code of an organisation')),
      sql: 'parent_id',
      refers: 'unit',
      recordAs: 'parentId',
      fixed: kept,
      example: '示例市/示例区',
    },
    {
      key: 'adcode',
      heading: words('当时行政区划代码', 'Adcode then'),
      kind: adcode,
      sql: 'adcode',
      required: true,
      fixed: kept,
      example: '150102',
    },
  ],
}
