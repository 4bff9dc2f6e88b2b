// 定点供应商: designated for an organisation and everything below it.

import { wordLists } from '../../../domain/words.ts'
import { choices, date, reference, text } from '../kinds.ts'
import type { Complaint, Sheet } from '../sheet.ts'
import { called, refused, words } from '../words.ts'

export const suppliers: Sheet = {
  subject: 'suppliers',
  name: words('定点供应商', 'Suppliers'),
  view: 'ledger.view',
  table: 'suppliers',
  id: 'supplier_id',
  subjectType: 'supplier',
  key: ['name', 'unit'],
  owner: 't.organisation_id',
  isOver: ({ validUntil }, today) => validUntil != null && validUntil < today,
  stays: true,
  order: 'own.lft, t.name COLLATE "C", t.supplier_id',
  columns: [
    { key: 'name', heading: called('name'), kind: text(80), sql: 'name', required: true, example: '示例汽车维修厂' },
    {
      key: 'unit',
      heading: words('定点机构', 'Organisation'),
      kind: reference(words('机构全路径或编码', 'Full path or code of an organisation')),
      sql: 'organisation_id',
      refers: 'unit',
      required: true,
      note: words('对该机构及其下级有效', 'Holds for it and everything below it'),
      example: '示例市/示例区',
    },
    {
      key: 'kinds',
      heading: called('kinds'),
      kind: choices(wordLists.supplierKind),
      sql: 'kinds',
      required: true,
      example: '维修、保险',
    },
    { key: 'contact', heading: called('contact'), kind: text(40), sql: 'contact', example: '' },
    { key: 'phone', heading: words('联系电话', 'Phone'), kind: text(20), sql: 'phone', example: '' },
    { key: 'address', heading: called('address'), kind: text(200), sql: 'address', example: '' },
    {
      key: 'place',
      heading: words('场所', 'Place'),
      kind: reference(words('场所名称，重名时写 名称@机构编码', 'Name of a place, or name@code')),
      sql: 'place_id',
      refers: 'place',
      recordAs: 'placeId',
      example: '',
    },
    { key: 'validFrom', heading: words('定点起始日', 'Valid from'), kind: date, sql: 'valid_from', required: true, example: '2024-01-01' },
    { key: 'validUntil', heading: words('定点截止日', 'Valid until'), kind: date, sql: 'valid_until', example: '2026-12-31' },
    { key: 'note', heading: called('note'), kind: text(500), sql: 'note', example: '' },
  ],
  derived: [{ sql: 'name_pinyin', type: 'text', of: ({ name }, { rules }) => rules.pinyinOf(String(name)) }],
  judge: ({ row, values }): Complaint[] =>
    values.validUntil != null && values.validUntil < values.validFrom!
      ? [{ row, column: 'validUntil', message: refused('dates.until') }]
      : [],
}
